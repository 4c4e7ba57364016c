"""Without a network: a batch taken along, a browser that is killed, two devices of one person, files, and a new version."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import shutil
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from browser_pages import kept
from playwright.sync_api import BrowserContext, Page, expect

from buffycoat.domain.account import Person
from buffycoat.domain.reading import Given, Received
from buffycoat.label import items_of
from buffycoat.store.answers import rounds_of
from buffycoat.workflows import reading
from buffycoat.workflows.workspace import Workspace

NUMPAD = {
    "7": "eosinophil",
    "8": "basophil",
    "9": "monocyte",
    "4": "lymphocyte.small",
    "5": "neutrophil.segmented",
    "6": "lymphocyte.large",
    "1": "neutrophil.band",
    "2": "neutrophil.metamyelocyte",
    "3": "smudge",
    "0": "artifact",
}
DIGITS = "5469713820"
Window = Callable[..., Page]
Audit = Callable[[Page], list[str]]


def painted(page: Page) -> str:
    """Wait until the cell is to be seen; gives its item."""
    page.locator("canvas[data-painted]").wait_for()
    return str(page.locator("canvas").get_attribute("data-painted"))


def press(page: Page, key: str) -> None:
    """Press a key that names a cell, and wait for the next one."""
    before = painted(page)
    page.keyboard.press(key)
    expect(page.locator(f"canvas[data-painted]:not([data-painted='{before}'])")).to_have_count(1)


def all_sent(page: Page) -> None:
    page.locator("[data-waiting='0']").first.wait_for(state="attached", timeout=20_000)


def answers(page: Page, round_id: str) -> list[str | None]:
    """What the service holds, in this person's order."""
    told = page.request.get(f"/api/rounds/{round_id}/items?limit=500").json()
    return [item["answer"]["term"] if item["answer"] else None for item in told["items"]]


def take_along(page: Page, count: int) -> None:
    page.get_by_role("button", name="Take cells along").click()
    page.get_by_role("button", name=str(count), exact=True).click()
    page.get_by_role("button", name=f"Take {count} cells").click()
    page.locator(".batch-here").wait_for(timeout=30_000)


def caches_of(page: Page) -> list[str]:
    return sorted(page.evaluate("caches.keys()"))


def overflowing(page: Page) -> list[str]:
    """Boxes whose text does not fit them, other than those that scroll by intent."""
    return page.evaluate(
        """() => [...document.querySelectorAll('main *, header *, [role=dialog], [role=dialog] *, .offline-lines *')]
            .filter((each) => each.checkVisibility() && each.clientWidth > 1 && getComputedStyle(each).position !== 'absolute')
            .filter((each) => !each.closest('.unseen, svg, .label-frame'))
            .filter((each) => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflowX !== 'auto')
            .map((each) => each.outerHTML.slice(0, 120))"""
    )


def no_wider(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert overflowing(page) == []


@contextmanager
def lasting(browser, folder: Path, url: str, *, offline: bool = False) -> Iterator[BrowserContext]:
    """A browser with a memory in a folder; it may be dead at the end."""
    path = os.environ.get("BUFFYCOAT_CHROMIUM") or shutil.which("chromium")
    opened = browser.browser_type.launch_persistent_context(
        folder,
        executable_path=path,
        args=["--disable-gpu", "--no-first-run"],
        base_url=url,
        viewport={"width": 1440, "height": 900},
        offline=offline,
        reduced_motion="reduce",
    )
    opened.set_default_timeout(20_000)
    yield opened
    with contextlib.suppress(Exception):
        opened.close()


def kill(folder: Path) -> None:
    """Kill the browser of a folder, as a power cut would: the processes that were started with it, and no others."""
    for each in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError):
            if f"--user-data-dir={folder}" in (each / "cmdline").read_text().split("\0"):
                os.kill(int(each.name), signal.SIGKILL)


def read_by_another(studio: Workspace, people: dict[str, Person], round_id: str) -> tuple[list[str], dict[str, str]]:
    """Let emil answer all of a round, and end all others; gives edna's cells in her order, and what emil said of each."""
    for campaign in reading.list_rounds(studio, people["ada"]):
        if not campaign.closed and campaign.id != round_id:
            reading.close_reading(studio, campaign.id, people["ada"])
    with studio.database.reading() as transaction:
        campaign = rounds_of(transaction, {round_id})[0]
    said = dict(zip(campaign.cells, itertools.cycle(sorted(NUMPAD.values())), strict=False))
    now = datetime.now(UTC).isoformat()
    given = [
        Given(event=str(uuid4()), item=item.item, term=said[item.cell_id], given_at=now)
        for item in items_of(campaign, people["emil"].id)
    ]
    receipts = reading.take_answers(studio, round_id, people["emil"], given)
    assert {receipt.state for receipt in receipts} == {Received.KEPT}
    return [item.cell_id for item in items_of(campaign, people["edna"].id)], said


def at_home_offline(page: Page, serious: Audit, screens: Path) -> None:
    page.goto("/")
    expect(page.locator("h1")).to_have_text("Offline as edna")
    expect(page.locator(".round-card")).to_contain_text("50 cells are here")
    page.screenshot(path=screens / "offline-home-1440x900-desk-light-en.png")
    assert serious(page) == []
    no_wider(page)


READ_MATRIX = """() => { const heads = [...document.querySelectorAll('table.matrix thead th')].slice(1).map((each) => each.dataset.key);
    return [...document.querySelectorAll('table.matrix tbody tr[data-key]')].flatMap((row) => [...row.querySelectorAll('td')]
        .map((cell, at) => [row.dataset.key, heads[at], Number(cell.innerText.replace(/\\D/g, ''))])
        .filter(([, head, count]) => head !== undefined && count > 0)); }"""


def matrix(page: Page) -> Counter[tuple[str, str]]:
    """What stands on the screen: how often which two terms met; "-" is no answer."""
    page.locator("table.matrix").wait_for()
    return Counter({(row, column): count for row, column, count in page.evaluate(READ_MATRIX)})


def test_fifty_labels_without_a_network_outlive_a_killed_browser_and_the_matrix_is_exactly_right(  # noqa: PLR0917 (fixtures come by name)
    browser,
    serious: Audit,
    site: str,
    a_round,
    studio: Workspace,
    people: dict[str, Person],
    tmp_path: Path,
    screens: Path,
):
    round_id, folder = a_round(most=60), tmp_path / "browser"
    cells, other = read_by_another(studio, people, round_id)
    with lasting(browser, folder, site) as context:
        signed = context.request.post("/api/session/demo", data={"handle": "edna"}, headers={"Origin": site})
        assert signed.ok
        page = context.pages[0]
        page.goto(f"/rounds/{round_id}")
        press(page, "Numpad8")
        all_sent(page)
        kept(page)
        take_along(page, 50)
        expect(page.locator(".batch-here")).to_contain_text("50 cells are here, 50 without an answer")
        page.screenshot(path=screens / "taken-1440x900-desk-light-en.png")
    given = "".join(itertools.islice(itertools.cycle(DIGITS), 50))
    with lasting(browser, folder, site, offline=True) as context:
        page = context.pages[0]
        at_home_offline(page, serious, screens)
        page.locator(".round-card a").click()
        for digit in given[:30]:
            press(page, f"Numpad{digit}")
        expect(page.locator(".waiting-mark")).to_contain_text("30 waiting")
        page.wait_for_timeout(400)
        kill(folder)
    with lasting(browser, folder, site, offline=True) as context:
        page = context.pages[0]
        page.goto(f"/rounds/{round_id}")
        painted(page)
        expect(page.locator(".waiting-mark")).to_contain_text("30 waiting")
        expect(page.locator(".label-progress")).to_contain_text("31 of")
        for digit in given[30:49]:
            press(page, f"Numpad{digit}")
        # The last one that was taken: there is no next.
        painted(page)
        page.keyboard.press(f"Numpad{given[49]}")
        expect(page.locator(".label-done")).to_contain_text("All that you took along is labeled")
        expect(page.locator(".waiting-mark")).to_contain_text("50 waiting")
        page.screenshot(path=screens / "taken-done-1440x900-desk-light-en.png")
        page.wait_for_timeout(400)
        kill(folder)
    with lasting(browser, folder, site) as context:
        page = context.pages[0]
        page.goto(f"/rounds/{round_id}")
        painted(page)
        all_sent(page)
        expect(page.locator(".label-progress")).to_contain_text("51 of")
        said = ["basophil", *(NUMPAD[digit] for digit in given), *[None] * 9]
        assert answers(page, round_id) == said
        page.goto(f"/agreement/{reading.close_reading(studio, round_id, people['carla']).name}")
        assert matrix(page) == Counter((mine or "-", other[cell]) for cell, mine in zip(cells, said, strict=True))


def test_two_devices_of_one_person_lose_nothing_and_show_the_same(window: Window, site: str, a_round, settled):
    round_id = a_round()
    phone = window(site, f"/rounds/{round_id}", size="phone")
    painted(phone)
    settled(phone)
    phone.context.set_offline(True)
    for name in ("segmented neutrophil", "monocyte", "eosinophil"):
        before = painted(phone)
        phone.locator(".pad-key", has_text=name).tap()
        expect(phone.locator(f"canvas[data-painted]:not([data-painted='{before}'])")).to_have_count(1)
    desk = window(site, f"/rounds/{round_id}")
    # The same first two cells, later: both are kept, and the later key holds.
    press(desk, "Numpad8")
    press(desk, "Numpad3")
    all_sent(desk)
    assert answers(desk, round_id)[:4] == ["basophil", "smudge", None, None]
    phone.context.set_offline(False)
    phone.evaluate("window.dispatchEvent(new Event('online'))")
    all_sent(phone)
    assert answers(phone, round_id)[:4] == ["basophil", "smudge", "eosinophil", None]
    history = phone.request.get(f"/api/rounds/{round_id}/history").json()
    assert [(each["place"], each["term"]) for each in history["events"]] == [
        (0, "neutrophil.segmented"),
        (1, "monocyte"),
        (2, "eosinophil"),
        (0, "basophil"),
        (1, "smudge"),
    ]
    for page in (phone, desk):
        page.evaluate("window.dispatchEvent(new Event('focus'))")
        expect(page.locator(".label-progress")).to_contain_text("3 of")
    # Ctrl+Z on the desk takes back what was last, then what the phone gave before it.
    phone.locator(".pad-key", has_text="monocyte").tap()
    all_sent(phone)
    desk.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(desk.locator(".label-progress")).to_contain_text("4 of")
    desk.keyboard.press("Control+z")
    expect(desk.locator(".label-place")).to_contain_text("Cell 4 of")
    expect(desk.locator(".label-progress")).to_contain_text("3 of")
    desk.keyboard.press("Control+z")
    expect(desk.locator(".label-place")).to_contain_text("Cell 2 of")
    expect(desk.locator(".label-place")).to_contain_text("monocyte")
    all_sent(desk)
    assert answers(desk, round_id)[:5] == ["basophil", "monocyte", "eosinophil", None, None]
    phone.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(phone.locator(".label-progress")).to_contain_text("3 of")
    desk.keyboard.press("Control+Shift+Z")
    all_sent(desk)
    assert answers(desk, round_id)[:4] == ["basophil", "smudge", "eosinophil", None]
    with phone.expect_response("**/history*"):
        phone.evaluate("window.dispatchEvent(new Event('focus'))")
    settled(phone)
    phone.locator(".tool").first.tap()
    expect(phone.locator(".label-place")).to_contain_text("unlabeled")
    phone.locator(".tool").first.tap()
    phone.locator(".tool").first.tap()
    expect(phone.locator(".label-place")).to_contain_text("smudge")


def test_signing_out_clears_what_was_taken_and_answers_wait_for_their_person(
    window: Window, serious: Audit, site: str, a_round
):
    round_id = a_round()
    page = window(site, f"/rounds/{round_id}")
    painted(page)
    kept(page)
    take_along(page, 50)
    assert serious(page) == []
    page.keyboard.press("Escape")
    assert any(name.startswith("buffycoat-batch ") for name in caches_of(page))
    page.context.set_offline(True)
    press(page, "Numpad5")
    press(page, "Numpad9")
    page.locator(".waiting-mark").wait_for()
    page.get_by_role("button", name="edna expert").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.locator(".offline-line")).to_contain_text("Work of edna waits on this device")
    assert [name for name in caches_of(page) if "batch" in name] == []
    page.context.set_offline(False)
    page.goto("/sign-in")
    page.locator(".demo-person", has_text="emil").click()
    # The one in the frame: that of the page before it is called by the name too.
    page.locator("header").get_by_role("button", name=re.compile("emil")).wait_for()
    page.goto(f"/rounds/{round_id}")
    painted(page)
    page.wait_for_timeout(800)
    assert answers(page, round_id)[:3] == [None, None, None], "nothing of edna's is sent as emil's"
    page.locator("header").get_by_role("button", name=re.compile("emil")).click()
    page.get_by_role("menuitem", name="Sign out").click()
    page.goto(f"/sign-in?to=/rounds/{round_id}")
    page.locator(".demo-person", has_text="edna").click()
    painted(page)
    all_sent(page)
    assert answers(page, round_id)[:3] == ["neutrophil.segmented", "monocyte", None]


def test_another_tab_that_signs_somebody_else_in_settles_nothing(browser, site: str, a_round):
    round_id = a_round()
    # A window without the watch over complaints: pictures ahead are asked for as emil, who has none of these.
    page = browser.new_context(base_url=site).new_page()
    page.set_default_timeout(20_000)
    for handle in ("edna", "emil"):
        signed = page.context.request.post("/api/session/demo", data={"handle": handle}, headers={"Origin": site})
        assert signed.ok
        if handle == "edna":
            page.goto(f"/rounds/{round_id}")
            painted(page)
    page.keyboard.press("Numpad5")
    expect(page.locator(".waiting-mark")).to_contain_text("1 waiting")
    page.wait_for_timeout(500)
    expect(page.locator(".leak")).to_have_count(0)
    page.locator(".waiting-mark").click()
    expect(page.get_by_role("dialog")).to_contain_text("Somebody else is signed in")
    page.keyboard.press("Escape")
    again = page.context.request.post("/api/session/demo", data={"handle": "edna"}, headers={"Origin": site})
    assert again.ok
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    all_sent(page)
    assert answers(page, round_id)[:2] == ["neutrophil.segmented", None]
    page.context.close()
