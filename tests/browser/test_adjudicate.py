"""Disputed cells decided in a browser: keys, reasons, taking back, a lost network, and how it looks at three sizes."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from buffycoat.domain.account import Person
from buffycoat.domain.adjudication import AdjudicationView, Dispute
from buffycoat.domain.label import Round
from buffycoat.domain.reading import Given
from buffycoat.label import items_of
from buffycoat.store.answers import open_rounds
from buffycoat.workflows import adjudicating, reading
from buffycoat.workflows.people import demo_people
from buffycoat.workflows.workspace import Workspace, open_workspace

PHONE, TABLET, DESK = (390, 844), (820, 1180), (1440, 900)
SCREENS = Path(__file__).parents[2] / "tests" / "screens"
LOOKS = {
    "desk-light-en": (DESK, False, "en"),
    "desk-dark-fa": (DESK, True, "fa"),
    "tablet-light-en": (TABLET, False, "en"),
    "tablet-light-fa": (TABLET, False, "fa"),
    "phone-light-en": (PHONE, False, "en"),
    "phone-dark-fa": (PHONE, True, "fa"),
}
SMALLEST_TARGET = 44
CLIPPED = """() => [...document.querySelectorAll('main *')]
    .filter((each) => each.checkVisibility({visibilityProperty: true}) && !each.matches('.unseen, .canvas-frame, .canvas-frame *, [aria-hidden] *, .references li'))
    .filter((each) => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflowX !== 'visible' && each.clientWidth > 1)
    .filter((each) => !each.matches('.matrix-box, .scroll-sideways'))
    .map((each) => each.outerHTML.slice(0, 120))"""
OUTSIDE = """(width) => [...document.querySelectorAll('main *')]
    .filter((each) => each.checkVisibility({visibilityProperty: true}) && !each.matches('.unseen, .canvas-frame *, [aria-hidden], [aria-hidden] *, .references li'))
    .filter((each) => { const {left, right} = each.getBoundingClientRect(); return right - left > 1 && (left < -0.5 || right > width + 0.5); })
    .map((each) => each.outerHTML.slice(0, 120))"""
SMALL = """(smallest) => [...document.querySelectorAll('main button, main a.button')]
    .filter((each) => each.checkVisibility({visibilityProperty: true}))
    .filter((each) => { const {width, height} = each.getBoundingClientRect(); return Math.min(width, height) < smallest - 0.5; })
    .map((each) => each.outerHTML.slice(0, 120))"""
Window = Callable[..., Page]


@pytest.fixture
def own(demo_workspace: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A demo of the test's own: what is decided stays decided."""
    shutil.copytree(demo_workspace, tmp_path / "workspace")
    with open_workspace(tmp_path / "workspace") as opened:
        yield opened


@pytest.fixture
def judith(own: Workspace) -> Person:
    return next(person for person in demo_people(own) if person.handle == "judith")


@pytest.fixture
def url(own: Workspace, serve: Callable[[Workspace], AbstractContextManager[str]]) -> Iterator[str]:
    with serve(own) as address:
        yield address


def the_round(world: Workspace, person: Person, name: str = "demo") -> AdjudicationView:
    return next(view for view in adjudicating.list_adjudications(world, person) if view.name == name)


def disputes(world: Workspace, person: Person, level: str = "full", name: str = "demo") -> tuple[Dispute, ...]:
    view = the_round(world, person, name)
    return adjudicating.list_disputes(world, view.id, person, level=level, limit=500).items


def painted(page: Page) -> str:
    """Wait until the cell is to be seen; gives its item."""
    page.locator("canvas[data-painted]").wait_for()
    return str(page.locator("canvas").get_attribute("data-painted"))


def sent(page: Page) -> None:
    page.locator("[data-waiting='0']").wait_for(state="attached")


def read_with_comments(world: Workspace) -> str:
    """Close the reading round of the demo with disputes and comments in it; gives its name."""
    people = {person.handle: person for person in demo_people(world)}
    with world.database.reading() as transaction:
        [campaign] = open_rounds(transaction)
    said = {"edna": ["neutrophil.segmented", "monocyte"], "emil": ["neutrophil.band", "monocyte"]}
    for handle, terms in said.items():
        reading.take_answers(world, campaign.id, people[handle], list(_given(campaign, people[handle], terms)))
    reading.close_reading(world, campaign.id, people["carla"])
    return campaign.name


def _given(campaign: Round, person: Person, terms: list[str]) -> Iterator[Given]:
    order = sorted(campaign.cells)
    for number, item in enumerate(items_of(campaign, person.id)):
        yield Given(
            event=f"00000000-0000-4000-8000-{int(person.id[1:9], 16):06d}{number:02d}"[:36].ljust(36, "0"),
            item=item.item,
            term=terms[order.index(item.cell_id) % len(terms)],
            given_at=datetime.now(UTC).isoformat(),
            comment="the nucleus is indented, but nowhere thin as a thread" if item.place % 2 else "",
        )


@pytest.mark.parametrize("look", LOOKS)
def test_the_pages_keep_nobody_out(own: Workspace, judith: Person, url: str, window: Window, serious, look: str):
    size, dark, locale = LOOKS[look]
    read_with_comments(own)
    SCREENS.mkdir(exist_ok=True)
    for name, path in (
        ("list", "/adjudicate"),
        ("room", f"/adjudicate/{the_round(own, judith, 'demo-reading').id}"),
        ("demo", f"/adjudicate/{the_round(own, judith).id}?level=five-class"),
        ("matrix", "/agreement/demo"),
    ):
        page = window(url, path, "judith", size, dark=dark, locale=locale)
        if name in {"room", "demo"}:
            painted(page)
            page.locator(".references img, .opinion > p.quiet").first.wait_for()
        elif name == "list":
            page.locator(".round-card").first.wait_for()
        else:
            page.locator(".adjudicate-banner").wait_for()
        page.wait_for_timeout(300)
        page.screenshot(path=SCREENS / f"adjudicate-{name}-{size[0]}x{size[1]}-{look}.png")
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
        assert page.evaluate("document.documentElement.dir") == ("rtl" if locale == "fa" else "ltr")
        assert serious(page) == [], name
        if name != "matrix":
            assert page.evaluate(OUTSIDE, size[0]) == [], name
            assert page.evaluate(CLIPPED) == [], name
            if size == TABLET and name != "list":  # below the cell, over the whole width
                assert page.locator(".opinions").bounding_box()["width"] > 0.9 * size[0]
            if size != DESK:
                assert page.evaluate(SMALL, SMALLEST_TARGET) == [], name
        page.close()


def test_by_keys_alone(own: Workspace, judith: Person, url: str, window: Window):
    view = the_round(own, judith)
    before = disputes(own, judith)
    page = window(url, f"/adjudicate/{view.id}", "judith")
    assert painted(page) == before[0].item
    page.keyboard.press("j")
    expect(page.locator(".label-place")).to_contain_text(f"Dispute 2 of {len(before)}")
    assert painted(page) == before[1].item
    page.keyboard.press("k")
    expect(page.get_by_text(f"2 of {len(before)} decided")).to_be_visible()
    painted(page)
    # A class that nobody said: why is asked, and nothing is kept without it.
    page.keyboard.press("8" if "basophil" not in terms_of(before[2]) else "9")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Decide")).to_be_disabled()
    dialog.get_by_role("textbox").fill("granules hide the nucleus")
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    sent(page)
    now = disputes(own, judith)
    assert [each.item for each in now] == [each.item for each in before], "deciding moves nothing"
    assert [each.decision.term if each.decision else None for each in now[:2]] == [
        before[0].opinions[0].term,
        before[1].opinions[1].term,
    ]
    third = now[2].decision
    assert (third.reason, third.mine) == ("granules hide the nucleus", True)
    assert third.term not in terms_of(before[2])
    # Two back, one forth; what is taken back is no decision any more.
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+Shift+z")
    sent(page)
    assert [each.decision is not None for each in disputes(own, judith)[:3]] == [True, True, False]
    page.reload()
    painted(page)
    expect(page.locator(".label-place")).to_contain_text(f"Dispute 3 of {len(before)}")
    page.keyboard.press("Control+Space")
    expect(page.locator(".label-place")).to_contain_text(f"Dispute 4 of {len(before)}")
    page.keyboard.press("d")
    page.keyboard.press("d")
    expect(page.locator(".verdict strong")).to_have_count(1)
    page.keyboard.down("Space")
    page.locator(".field-look svg").wait_for()
    page.keyboard.up("Space")
    expect(page.locator(".field-look")).to_have_count(0)
    page.keyboard.press("?")
    page.screenshot(path=SCREENS / "adjudicate-keys-1440x900.png")
    expect(page.get_by_role("dialog")).to_contain_text("Decide for an opinion")


def terms_of(dispute: Dispute) -> set[str]:
    return {opinion.term for opinion in dispute.opinions}


def test_to_the_end_on_a_phone(own: Workspace, judith: Person, url: str, window: Window, serious):
    view = the_round(own, judith)
    everything = disputes(own, judith)
    page = window(url, f"/adjudicate/{view.id}", "judith", PHONE)
    for number in range(len(everything)):
        painted(page)
        page.locator(".said").nth(number % 2).tap()
        expect(page.get_by_text(f"{number + 1} of {len(everything)} decided")).to_be_attached()
    # Cells that another round still reads are left: the consensus is not final yet.
    page.get_by_text("All disputes here are decided").wait_for()
    sent(page)
    page.wait_for_timeout(200)
    page.screenshot(path=SCREENS / "adjudicate-done-390x844.png")
    assert serious(page) == []
    assert page.evaluate(OUTSIDE, PHONE[0]) == []
    after = the_round(own, judith)
    assert (after.decided, after.disputed, after.final) == (len(everything), len(everything), False)
    reading.close_reading(
        own,
        next(each.id for each in reading.list_rounds(own, judith_as(own, "ada")) if not each.closed),
        judith_as(own, "ada"),
    )
    page.get_by_role("link", name="Rounds to decide").tap()
    page.get_by_text("demo", exact=True).wait_for()


def judith_as(world: Workspace, handle: str) -> Person:
    return next(person for person in demo_people(world) if person.handle == handle)


def test_a_lost_network_loses_no_decision(own: Workspace, judith: Person, url: str, window: Window, settled):
    view = the_round(own, judith)
    page = window(url, f"/adjudicate/{view.id}", "judith")
    first = painted(page)
    settled(page)
    page.context.set_offline(True)
    page.keyboard.press("j")
    painted(page)
    expect(page.locator(".waiting-mark")).to_have_text("1 waiting: no connection; they are kept on this device")
    page.locator(".waiting-mark").click()
    expect(page.get_by_role("dialog")).to_contain_text("1 decision")
    assert disputes(own, judith)[0].decision is None
    page.context.set_offline(False)
    page.reload()
    painted(page)
    sent(page)
    page.wait_for_timeout(200)
    [decided] = [each for each in disputes(own, judith) if each.decision]
    assert decided.item == first
    expect(page.get_by_text(f"1 of {len(disputes(own, judith))} decided")).to_be_attached()


def test_a_confused_pair_leads_to_its_disputes(own: Workspace, judith: Person, url: str, window: Window):
    page = window(url, "/agreement/demo", "judith")
    page.locator(".decide-pair").first.click()
    page.wait_for_url("**/adjudicate/**one=**")
    painted(page)
    shown = page.locator(".said-name").all_inner_texts()
    chip = page.locator(".pair-chip")
    assert all(name.split(":")[-1].strip() in chip.inner_text() for name in shown)
    page.screenshot(path=SCREENS / "adjudicate-pair-1440x900.png")
    chip.get_by_role("button", name="All disputes").click()
    expect(page.locator(".label-place")).to_contain_text(f"of {len(disputes(own, judith))}")
    assert page.locator(".pair-chip").count() == 0


def test_a_reason_can_come_first_and_be_bettered(own: Workspace, judith: Person, url: str, window: Window):
    view = the_round(own, judith)
    page = window(url, f"/adjudicate/{view.id}", "judith")
    painted(page)
    page.keyboard.press("a")
    page.get_by_role("dialog").get_by_role("textbox").fill("two lobes, a thread between")
    page.keyboard.press("Enter")
    page.keyboard.press("j")
    painted(page)
    page.keyboard.press("d")
    page.keyboard.press("a")
    box = page.get_by_role("dialog").get_by_role("textbox")
    expect(box).to_have_value("two lobes, a thread between")
    box.fill("two lobes")
    page.keyboard.press("Enter")
    sent(page)
    page.wait_for_timeout(200)
    assert disputes(own, judith)[0].decision.reason == "two lobes"


@pytest.mark.parametrize("who", ["edna", "vera", None])
def test_who_may_not_decide_is_told_so_and_led_nowhere(own: Workspace, judith: Person, url: str, window: Window, who):
    page = window(url, "/agreement/demo", who)
    page.locator("table.matrix").wait_for()
    assert page.locator(".adjudicate-banner, .decide-pair").count() == 0
    for path in ("/adjudicate", f"/adjudicate/{the_round(own, judith).id}"):
        page.goto(path)
        page.get_by_text("Adjudicators, curators and administrators decide").wait_for()
