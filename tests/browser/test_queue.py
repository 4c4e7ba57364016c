"""One queue for all that is done: counted together, never lost or doubled, and what an earlier version left is taken over."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from buffycoat.domain.account import Person
from buffycoat.domain.cell import Cell
from buffycoat.domain.label import Label
from buffycoat.domain.locating import BoxEvent
from buffycoat.domain.sorting import GalleryLabel
from buffycoat.domain.value import derive_id
from buffycoat.label import items_of
from buffycoat.store.answers import rounds_of
from buffycoat.workflows import adjudicating, browse, reading
from buffycoat.workflows.workspace import Workspace

EVENTS = "**/api/{labels,rounds/*/answers,fields/*/boxes}"
Window = Callable[..., Page]
# As the version before kept them: answers in a database of version 1, labels in a second one, boxes in the storage.
LEAVE = """async ([answers, labels, boxes]) => {
    const done = (request) => new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
    const put = async (name, store, events, indexes) => {
        const opening = indexedDB.open(name, 1);
        opening.onupgradeneeded = () => {
            const made = opening.result.createObjectStore(store, {keyPath: 'event'});
            for (const [index, path] of indexes) made.createIndex(index, path);
        };
        const database = await done(opening);
        const transaction = database.transaction(store, 'readwrite');
        for (const each of events) transaction.objectStore(store).put(each);
        await new Promise((resolve) => (transaction.oncomplete = resolve));
        database.close();
    };
    await put('buffycoat', 'label-events', answers, [['of-round', ['person', 'round']], ['state', 'state']]);
    await put('buffycoat-gallery', 'labels', labels, []);
    for (const each of boxes) localStorage.setItem(`buffycoat.box.${each.person}.${each.given.event}`, JSON.stringify(each));
}"""
LEFT = """async () => [
    (await indexedDB.databases()).map(({name, version}) => `${name} ${version}`).sort(),
    Object.keys(localStorage).filter((key) => key.startsWith('buffycoat.box.')),
]"""
TAKEN = (True, False, [])


@pytest.fixture
def free(studio: Workspace, people: dict[str, Person]) -> list[str]:
    """Cells that no open round holds: those of the demo once more, under ids of their own."""
    for campaign in reading.list_rounds(studio, people["ada"]):
        if not campaign.closed:
            reading.close_reading(studio, campaign.id, people["ada"])
    views = browse.list_cells(studio, kept=True, limit=4).items
    copies = [replace(view.cell, id=derive_id("cell", {"copy": str(uuid4())})) for view in views]
    with studio.database.writing() as transaction:
        transaction.add(copies)
    return [copy.id for copy in copies]


def with_boxes(studio: Workspace) -> str:
    """Return a photograph with boxes."""
    smear = browse.list_funnels(studio)[0].smear.id
    return next(
        view.field.id for view in browse.list_fields(studio, smear_id=smear, limit=500).items if view.cells >= 3
    )


def held(studio: Workspace, person: Person, round_id: str, before: int = 0) -> tuple[list[str], list[str], int]:
    """What the service has of a person: answers of a round, labels of the gallery, and how many box events."""
    with studio.database.reading() as transaction:
        answers = transaction.find(Label, round_id=round_id, expert_id=person.id)
        labels = transaction.find(GalleryLabel, expert_id=person.id)
        terms = sorted(each.term for each in answers), sorted(each.term for each in labels)
        return *terms, transaction.count(BoxEvent) - before


def boxes_held(studio: Workspace) -> int:
    with studio.database.reading() as transaction:
        return transaction.count(BoxEvent)


def pointed_at(page: Page, cell: str) -> None:
    """Put the mouse on a cell whose picture is there, without which nobody may name it; the page stays as it is below."""
    tile = page.locator(f"[data-cell='{cell}']")
    tile.scroll_into_view_if_needed()
    there = """(tile) => tile.matches(':hover') && [...tile.querySelectorAll('img')].some((each) => each.complete && each.naturalWidth > 0)"""
    for _ in range(200):
        tile.hover()
        # What is told above the cells may come now, and move them.
        page.wait_for_timeout(100)
        if tile.evaluate(there):
            return
    raise AssertionError(f"{cell} is not to be seen under the mouse")


@contextmanager
def lasting(browser, folder: Path, url: str) -> Iterator[BrowserContext]:
    """A browser with a memory in a folder. Without a worker: what it would fetch is to be cut off here."""
    path = os.environ.get("BUFFYCOAT_CHROMIUM") or shutil.which("chromium")
    opened = browser.browser_type.launch_persistent_context(
        folder,
        executable_path=path,
        args=["--disable-gpu", "--no-first-run"],
        base_url=url,
        viewport={"width": 1440, "height": 900},
        service_workers="block",
        reduced_motion="reduce",
    )
    opened.set_default_timeout(20_000)
    yield opened
    opened.close()


def test_what_is_done_in_all_rooms_is_counted_together_and_sent_once_by_whatever_page_is_opened_next(
    browser, site: str, studio: Workspace, people: dict[str, Person], a_round, free, tmp_path: Path
):
    round_id, boxes, field = a_round(most=5), boxes_held(studio), with_boxes(studio)
    with lasting(browser, tmp_path / "browser", site) as context:
        assert context.request.post("/api/session/demo", data={"handle": "edna"}, headers={"Origin": site}).ok
        context.route(EVENTS, lambda route: route.abort("internetdisconnected"))
        page = context.pages[0]
        page.goto(f"/rounds/{round_id}")
        page.locator("canvas[data-painted]").wait_for()
        page.keyboard.press("Numpad9")
        expect(page.locator(".waiting-mark")).to_contain_text("1 waiting")
        page.goto("/cells")
        expect(page.locator(".waiting-mark")).to_contain_text("1 waiting: no connection")
        pointed_at(page, free[0])
        page.keyboard.press("Digit7")
        expect(page.locator(".waiting-mark")).to_have_text("2 waiting: no connection; they are kept on this device")
        page.goto(f"/fields/{field}/locate")
        page.locator(".edit-boxes > g[role=button]").first.wait_for()
        page.keyboard.press("KeyN")
        expect(page.locator(".waiting-mark")).to_contain_text("3 waiting")
        page.locator(".waiting-mark").click()
        expect(page.get_by_role("dialog")).to_contain_text("1 answer · 1 label of the gallery · 1 change to boxes")
        assert held(studio, people["edna"], round_id, boxes) == ([], [], 0)
    with lasting(browser, tmp_path / "browser", site) as context:
        page = context.pages[0]
        page.goto("/agreement")
        for _ in range(300):
            if held(studio, people["edna"], round_id, boxes) == (["monocyte"], ["eosinophil"], 1):
                break
            page.wait_for_timeout(100)
        assert held(studio, people["edna"], round_id, boxes) == (["monocyte"], ["eosinophil"], 1)
        page.goto(f"/rounds/{round_id}")
        page.locator("canvas[data-painted]").wait_for()
        expect(page.locator(".sent-mark")).to_have_count(1)
        page.wait_for_timeout(500)
        assert held(studio, people["edna"], round_id, boxes) == (["monocyte"], ["eosinophil"], 1), "nothing twice"


def test_what_an_earlier_version_left_unsent_on_the_device_is_taken_over(
    window: Window, site: str, studio: Workspace, people: dict[str, Person], a_round, free
):
    round_id, edna, field = a_round(most=5), people["edna"], with_boxes(studio)
    with studio.database.reading() as transaction:
        campaign = rounds_of(transaction, {round_id})[0]
        suggested = next(cell.id for cell in transaction.find(Cell, field_id=field))
    now = datetime.now(UTC)
    who: dict[str, Any] = {
        "person": edna.id,
        "handle": "edna",
        "given_at": now.isoformat(),
        "state": "waiting",
        "refusal": "",
    }
    answers = [
        # One after the other: of equal moments the id would decide which is the last to be undone.
        {**who, "event": str(uuid4()), "round": round_id, "item": item.item, "place": place, "seconds": 1.0}
        | {"given_at": (now - timedelta(seconds=9 - place)).isoformat()}
        | {"after": {"term": "monocyte", "comment": ""}, "before": {"term": None, "comment": ""}, "kind": "answer"}
        for place, item in enumerate(items_of(campaign, edna.id)[:3])
    ]
    answers[2]["person"], answers[2]["handle"] = people["emil"].id, "emil"
    labels = [
        {**who, "event": str(uuid4()), "batch": "b", "cell": cell, "taxonomy": "raabin@1", "look": "gallery"}
        | {"from": {"at": "", "mine": False}, "to": {"at": "basophil", "mine": True}, "kind": "label"}
        for cell in free[:2]
    ]
    given = {
        "event": str(uuid4()),
        "box": suggested,
        "act": "accept",
        "given_at": now.isoformat(),
        "place": None,
        "term": None,
    }
    before, labeled = boxes_held(studio), held(studio, edna, round_id)[1]

    page = window(site, "/mark.svg")
    page.evaluate(LEAVE, [answers, labels, [{"person": edna.id, "field": field, "given": given}]])
    page.route(EVENTS, lambda route: route.abort("internetdisconnected"))
    page.goto("/agreement")
    expect(page.locator(".top .waiting-mark")).to_have_text("5 waiting")
    for _ in range(100):  # the studio does not wait until the older database is gone
        databases, boxes = page.evaluate(LEFT)
        if (taken := ("buffycoat 2" in databases, any("gallery" in name for name in databases), boxes)) == TAKEN:
            break
        page.wait_for_timeout(100)
    assert taken == TAKEN
    page.unroute(EVENTS)
    page.reload()
    wanted = ["monocyte"] * 2, sorted([*labeled, "basophil", "basophil"]), 1
    for _ in range(300):
        if held(studio, edna, round_id, before) == wanted:
            break
        page.wait_for_timeout(100)
    assert held(studio, edna, round_id, before) == wanted
    # What is another person's stays, and says whose it is.
    page.goto(f"/rounds/{round_id}")
    expect(page.locator(".leak")).to_have_text("Work of emil waits on this device")
    page.locator("canvas[data-painted]").wait_for()
    expect(page.locator(".label-place")).to_contain_text("Cell 3 of 5")
    page.keyboard.press("Control+z")
    # Undoing goes on over the update.
    expect(page.locator(".label-place")).to_contain_text("Cell 2 of 5")


def test_what_is_refused_is_told_with_its_reason_wherever_one_is(
    window: Window, site: str, studio: Workspace, people: dict[str, Person], a_round, free
):
    page = window(site, "/cells")
    page.route(EVENTS, lambda route: route.abort("internetdisconnected"))
    pointed_at(page, free[0])
    page.keyboard.press("Digit7")
    expect(page.locator(".waiting-mark")).to_contain_text("1 waiting")
    a_round()  # holds all cells
    page.unroute(EVENTS)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator(".sort-sent .leak")).to_contain_text("1 not taken: an open round holds this cell")
    page.goto("/agreement")
    line = page.locator(".offline-line")
    expect(line).to_contain_text("1 not taken: an open round holds this cell")
    line.get_by_role("button", name="Details").click()
    expect(page.get_by_role("dialog")).to_contain_text("In the gallery, eosinophil")
    page.get_by_role("button", name="Remove them from this device").click()
    page.keyboard.press("Escape")
    expect(line).to_have_count(0)
    page.reload()
    page.wait_for_timeout(500)
    expect(line).to_have_count(0)


def go_on(page: Page) -> None:
    """Sign in again over the page whose session has ended, and wait until all is sent."""
    page.get_by_role("dialog", name="You are signed out").get_by_role("button", name="Sign in and go on").click()
    page.locator("[data-waiting='0']").first.wait_for(state="attached")


def test_a_session_that_ended_keeps_nothing_from_being_sent_in_any_room(
    window: Window, site: str, studio: Workspace, people: dict[str, Person], a_round, free
):
    round_id, boxes, field = a_round(most=5), boxes_held(studio), with_boxes(studio)
    labels = held(studio, people["edna"], round_id)[1]
    page = window(site, "/cells")
    pointed_at(page, free[0])
    page.context.clear_cookies()
    page.keyboard.press("Digit7")
    go_on(page)
    page.goto(f"/fields/{field}/locate")
    page.locator(".edit-boxes > g[role=button]").first.wait_for()
    page.context.clear_cookies()
    page.keyboard.press("KeyN")
    go_on(page)
    assert held(studio, people["edna"], round_id, boxes) == ([], sorted([*labels, "eosinophil"]), 1)


def test_an_adjudicator_whose_session_ended_goes_on(
    window: Window, site: str, studio: Workspace, people: dict[str, Person]
):
    [view, *_] = [
        each for each in adjudicating.list_adjudications(studio, people["judith"]) if each.disputed > each.decided
    ]
    page = window(site, f"/adjudicate/{view.id}", "judith")
    page.locator("canvas[data-painted]").wait_for()
    page.context.clear_cookies()
    page.keyboard.press("j")
    go_on(page)
    [again] = [each for each in adjudicating.list_adjudications(studio, people["judith"]) if each.id == view.id]
    assert again.decided == view.decided + 1
