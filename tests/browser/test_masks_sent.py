"""Masks on their way to the service: kept on the device with all else that waits, sent once, and in one's own name."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from buffycoat.domain.account import Person
from buffycoat.domain.audit import Suggested, Suggestion
from buffycoat.domain.mask import MaskSelection, Part
from buffycoat.store.mask_queries import Statement, statements
from buffycoat.workflows.audit import note_showings
from buffycoat.workflows.mask_room.starting import SOURCE
from buffycoat.workflows.masks.selecting import select_for_masks
from buffycoat.workflows.workspace import Workspace

Window = Callable[..., Page]
EVENTS = "**/api/masks"
# As the version before kept them: in a database of their own.
LEAVE = """async (masks) => {
    const opening = indexedDB.open('buffycoat-masks', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('unsent', {keyPath: 'event'});
    const database = await new Promise((resolve, reject) => {
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(opening.error);
    });
    const transaction = database.transaction('unsent', 'readwrite');
    for (const each of masks) transaction.objectStore('unsent').put(each);
    await new Promise((resolve) => (transaction.oncomplete = resolve));
    database.close();
}"""
LEFT = "async () => (await indexedDB.databases()).map(({name}) => name)"


@pytest.fixture(scope="module")
def cells(studio: Workspace) -> Iterator[str]:
    """Each is used once."""
    return iter(chosen(studio).cells)


def chosen(studio: Workspace) -> MaskSelection:
    return select_for_masks(studio, "first", {"neutrophil": 12})


def said_of(studio: Workspace, cell: str, hand: str = "edna") -> list[Statement]:
    with studio.database.reading() as transaction:
        return [it for it in statements(transaction, [cell]) if it.hand == hand]


def drawing(page: Page, studio: Workspace, cell: str) -> None:
    page.goto(f"/masks/{chosen(studio).id}?cell={cell}")
    page.locator(".mask-areas").wait_for()
    expect(page.locator(".mask-sent")).to_have_attribute("data-waiting", "0")


@contextmanager
def lasting(browser, folder: Path, url: str) -> Iterator[BrowserContext]:
    """A browser with a memory in a folder. Without a worker: what it would fetch is to be cut off here."""
    opened = browser.browser_type.launch_persistent_context(
        folder,
        executable_path=os.environ.get("BUFFYCOAT_CHROMIUM") or shutil.which("chromium"),
        args=["--disable-gpu", "--no-first-run"],
        base_url=url,
        viewport={"width": 1440, "height": 900},
        service_workers="block",
        reduced_motion="reduce",
    )
    opened.set_default_timeout(20_000)
    yield opened
    opened.close()


def test_what_was_drawn_without_a_connection_is_sent_once_by_whatever_page_is_opened_next(
    browser, site: str, studio: Workspace, cells: Iterator[str], tmp_path: Path
):
    first, second = next(cells), next(cells)
    with lasting(browser, tmp_path / "browser", site) as context:
        assert context.request.post("/api/session/demo", data={"handle": "edna"}, headers={"Origin": site}).ok
        page = context.pages[0]
        for number, cell in enumerate((first, second), 1):
            page.goto(f"/masks/{chosen(studio).id}?cell={cell}")
            page.locator(".mask-areas").wait_for()
            context.route(EVENTS, lambda route: route.abort("internetdisconnected"))
            page.keyboard.press("Enter")
            expect(page.locator(".waiting-mark")).to_have_text(
                f"{number} waiting: no connection; they are kept on this device"
            )
        page.locator(".waiting-mark").click()
        expect(page.get_by_role("dialog")).to_contain_text("2 cells with masks")
        assert [said_of(studio, cell) for cell in (first, second)] == [[], []]
    with lasting(browser, tmp_path / "browser", site) as context:
        page = context.pages[0]
        page.goto("/agreement")
        for _ in range(300):
            if said_of(studio, first) and said_of(studio, second):
                break
            page.wait_for_timeout(100)
        drawing(page, studio, first)
        page.reload()
        expect(page.locator(".mask-sent")).to_have_attribute("data-waiting", "0")
    assert [len(said_of(studio, cell)) for cell in (first, second)] == [1, 1], "each once"
    assert {mask.method for mask in said_of(studio, first)[0].parts.values()} == {"best"}


def test_a_session_that_ended_keeps_no_mask_from_being_sent(window: Window, site, studio, cells):
    cell = next(cells)
    page = window(site, "/masks")
    drawing(page, studio, cell)
    page.context.clear_cookies()
    page.keyboard.press("Enter")
    page.get_by_role("dialog", name="You are signed out").get_by_role("button", name="Sign in and go on").click()
    expect(page.locator(".mask-sent")).to_have_attribute("data-waiting", "0")
    assert len(said_of(studio, cell)) == 1
    # The next cell comes by itself, and is drawn on.
    page.locator(".mask-areas").wait_for()
    assert cell not in page.url


def test_what_an_earlier_version_left_is_taken_over_and_another_persons_waits_for_that_person(
    window: Window, site, studio, people: dict[str, Person], cells
):
    mine, others = next(cells), next(cells)
    page = window(site, "/masks")
    start = page.request.get(f"/api/masks/cells/{mine}/draft").json()
    left = [
        {
            "event": (event := str(uuid4())),
            "person": people[hand].id,
            "given": {
                "event": event,
                "cell": cell,
                "given_at": datetime.now(UTC).isoformat(),
                "method": "best",
                "threshold": None,
                "strokes": "",
                "seconds": 1.5,
                "nucleus": start["nucleus"],
                "cell_mask": start["cell"],
                "failure": None,
            },
        }
        for hand, cell in (("edna", mine), ("emil", others))
    ]
    page.goto("/mark.svg")
    page.evaluate(LEAVE, left)
    drawing(page, studio, mine)
    expect(page.locator(".mask-sent .leak")).to_contain_text("waits on this device")
    assert [len(said_of(studio, mine)), len(said_of(studio, others, "emil"))] == [1, 0]
    told = said_of(studio, mine)[0].parts
    assert told[Part.NUCLEUS].run_lengths == tuple(start["nucleus"])
    assert told[Part.CELL].run_lengths == tuple(start["cell"])
    for _ in range(100):  # the studio does not wait until the older database is gone
        if "buffycoat-masks" not in (names := page.evaluate(LEFT)):
            break
        page.wait_for_timeout(100)
    assert "buffycoat-masks" not in names


def test_a_mask_that_is_refused_is_told_with_its_reason(window: Window, site, studio, people, cells):
    cell = next(cells)
    page = window(site, "/masks")
    drawing(page, studio, cell)
    page.route(EVENTS, lambda route: route.abort("internetdisconnected"))
    page.keyboard.press("Enter")
    expect(page.locator(".waiting-mark")).to_contain_text("1 waiting")
    # Meanwhile the same person is told, on another device, how alike two drawings of this cell are.
    told = Suggested(kind=Suggestion.OPINIONS, about=cell, shown=("one", "other"), source=SOURCE)
    note_showings(studio, people["edna"].id, [told])
    page.unroute(EVENTS)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator(".mask-sent .leak")).to_contain_text("1 not taken: this cell was compared with another drawing")
    page.locator(".mask-sent .leak").click()
    expect(page.get_by_role("dialog")).to_contain_text("Masks of a cell")
    page.get_by_role("button", name="Remove them from this device").click()
    page.keyboard.press("Escape")
    expect(page.locator(".mask-sent .leak")).to_have_count(0)
    assert said_of(studio, cell) == []
