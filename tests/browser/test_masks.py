"""Masks by threshold, pen, finger and mouse: what is drawn is what is kept, and a palm draws nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import CDPSession, Page, expect

from buffycoat.domain.mask import MaskSelection, Part
from buffycoat.segment import WHOLE_ONLY
from buffycoat.segment.cleaning import clean_nucleus
from buffycoat.store.mask_queries import Statement, statements
from buffycoat.store.queries import CellFilter, current_cells
from buffycoat.workflows.crops import cell_pixels
from buffycoat.workflows.mask_room.starting import magenta_of
from buffycoat.workflows.masks.keeping import mask_pixels_of
from buffycoat.workflows.masks.selecting import select_for_masks
from buffycoat.workflows.workspace import Workspace

Window = Callable[..., Page]
Bits = NDArray[np.bool_]
Path_ = list[tuple[float, float]]
TRACE: Path_ = [(-0.2, -0.1), (-0.05, 0.12), (0.1, 0.15), (0.22, -0.05), (0.05, -0.2)]
"""Across the cell, in shares of the frame's shorter side from its middle."""


@pytest.fixture(scope="module")
def selection(studio: Workspace) -> MaskSelection:
    return select_for_masks(studio, "first", {"neutrophil": 12, "monocyte": 6, "basophil": 4}, whole_only=("basophil",))


def of_class(selection: MaskSelection, term: str) -> list[str]:
    return [cell for cell, its in zip(selection.cells, selection.terms, strict=True) if its == term]


@pytest.fixture(scope="module")
def neutrophils(selection: MaskSelection) -> Iterator[str]:
    """Each is used once."""
    return iter(of_class(selection, "neutrophil"))


@pytest.fixture
def cell(neutrophils: Iterator[str]) -> str:
    return next(neutrophils)


def opened(window: Window, site: str, selection: MaskSelection, cell: str, size: str = "desk", **more: Any) -> Page:
    page = window(site, f"/masks/{selection.id}?cell={cell}", more.pop("who", "edna"), size, **more)
    page.locator(".mask-areas").wait_for()
    return page


def areas(page: Page) -> tuple[int, int]:
    found = page.locator(".mask-areas")
    return int(found.get_attribute("data-nucleus") or 0), int(found.get_attribute("data-cell") or 0)


def shown(page: Page) -> str:
    """What the overlay looks like, to the pixel."""
    return str(page.evaluate("document.querySelector('.mask-overlay').toDataURL()"))


def all_sent(page: Page) -> None:
    expect(page.locator(".mask-sent")).to_have_attribute("data-waiting", "0")


def said_of(studio: Workspace, cell: str, hand: str = "edna") -> Statement:
    with studio.database.reading() as transaction:
        return [it for it in statements(transaction, [cell]) if it.hand == hand][-1]


def kept(studio: Workspace, cell: str, part: Part) -> Bits:
    return mask_pixels_of(said_of(studio, cell).parts[part])


def channel_of(studio: Workspace, cell: str) -> NDArray[np.uint8]:
    with studio.database.reading() as transaction:
        [found] = current_cells(transaction, CellFilter(among=[cell]))[1]
    return magenta_of(cell_pixels(studio, found)).pixels


def on_screen(page: Page, path: Path_ = TRACE) -> Path_:
    frame = page.locator(".mask-frame[data-tool]").bounding_box()
    assert frame
    side = min(frame["width"], frame["height"])
    x, y = frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2
    return [(round(x + side * right), round(y + side * down)) for right, down in path]


def touch(hand: CDPSession, kind: str, *points: tuple[float, float]) -> None:
    hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y, "id": at} for at, (x, y) in enumerate(points)]})  # fmt: skip


def trace(page: Page, kind: str, path: Path_) -> None:
    """Draw along a path: every corner is one measured point."""
    hand = page.context.new_cdp_session(page)
    if kind == "touch":
        touch(hand, "touchStart", path[0])
        for point in path[1:]:
            touch(hand, "touchMove", point)
        touch(hand, "touchEnd")
        return
    steps = ["mousePressed", *["mouseMoved"] * (len(path) - 1), "mouseReleased"]
    for step, (x, y) in zip(steps, [*path, path[-1]], strict=True):
        more = {"button": "left", "buttons": 1, "pointerType": kind, "clickCount": 1}
        hand.send("Input.dispatchMouseEvent", {"type": step, "x": x, "y": y, **more})


def test_one_key_keeps_the_suggested_mask_and_the_next_cell_is_there(window, site, studio, selection):
    page = window(site, f"/masks/{selection.id}", "edna")
    page.locator(".mask-areas").wait_for()
    first = page.url.split("cell=")[1]
    before = areas(page)
    assert page.locator(".mask-areas").get_attribute("data-method") == "best"
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile(first))
    all_sent(page)
    said = said_of(studio, first)
    assert [mask.method for mask in said.parts.values()] == ["best", "best"]
    assert (int(kept(studio, first, Part.NUCLEUS).sum()), int(kept(studio, first, Part.CELL).sum())) == before
    with studio.database.reading() as transaction:
        drafts = [it for it in statements(transaction, [first]) if it.by_program]
    if drafts:
        assert drafts[-1].parts[Part.CELL].run_lengths == said.parts[Part.CELL].run_lengths


def test_keys_move_the_threshold_and_the_mask_is_pythons_to_the_bit(window, site, studio, selection, cell):
    page = opened(window, site, selection, cell)
    start = int(page.locator(".mask-slider input").input_value())
    for key, by in [("Period", 1), ("Shift+Period", 5), ("PageUp", 10), ("Shift+PageUp", 20), ("Comma", -1), ("Shift+Comma", -5), ("PageDown", -10)]:  # fmt: skip
        page.keyboard.press(key)
        start += by
        expect(page.locator(".mask-slider input")).to_have_value(str(start))
    page.get_by_role("button", name="Threshold −20").or_(page.get_by_role("button", name="Threshold -20")).click()
    level = start - 20
    expect(page.locator(".mask-slider input")).to_have_value(str(level))
    expected = clean_nucleus(channel_of(studio, cell) > level)
    assert areas(page)[0] == int(expected.sum())
    page.keyboard.press("g")
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile(cell))
    all_sent(page)
    assert np.array_equal(kept(studio, cell, Part.NUCLEUS), expected)
    assert said_of(studio, cell).parts[Part.NUCLEUS].method == "best+easy-gt+pen"


def test_pen_finger_and_mouse_draw_the_same_mask(window, site, studio, selection, cell):
    drawn = {}
    for kind in ("mouse", "pen", "touch"):
        page = opened(window, site, selection, cell, "tablet")
        before = shown(page)
        page.keyboard.press("b")
        trace(page, kind, on_screen(page))
        expect(page.locator(".mask-areas")).to_have_attribute("data-strokes", "1")
        drawn[kind] = shown(page)
        assert drawn[kind] != before
        page.keyboard.press("o")
        page.keyboard.press("c")
        trace(page, kind, on_screen(page))
        expect(page.locator(".mask-areas")).to_have_attribute("data-strokes", "2")
        drawn[kind] += shown(page)
        page.evaluate("localStorage.clear()")
        page.close()
    assert len(set(drawn.values())) == 1


def test_a_palm_beside_the_pen_draws_nothing(window, site, selection, cell):
    page = opened(window, site, selection, cell, "tablet")
    page.keyboard.press("b")
    path = on_screen(page)
    trace(page, "pen", path[:3])
    expect(page.locator(".mask-areas")).to_have_attribute("data-strokes", "1")
    after, place = shown(page), page.locator(".mask-overlay").get_attribute("style")
    trace(page, "touch", path[2:])
    page.wait_for_timeout(100)
    assert (shown(page), page.locator(".mask-areas").get_attribute("data-strokes")) == (after, "1")
    assert page.locator(".mask-overlay").get_attribute("style") == place
    # And while the pen is down.
    hand = page.context.new_cdp_session(page)
    x, y = path[0]
    pen = {"button": "left", "buttons": 1, "pointerType": "pen", "clickCount": 1}
    hand.send("Input.dispatchMouseEvent", {"type": "mousePressed", "x": x, "y": y, **pen})
    under = shown(page)
    trace(page, "touch", path[1:])
    page.wait_for_timeout(100)
    assert shown(page) == under
    hand.send("Input.dispatchMouseEvent", {"type": "mouseReleased", "x": x, "y": y, **pen})
    expect(page.locator(".mask-areas")).to_have_attribute("data-strokes", "2")


def test_strokes_come_back_after_a_reload_and_undo_goes_stroke_by_stroke(window, site, selection, cell):
    page = opened(window, site, selection, cell)
    looks = [shown(page)]
    page.keyboard.press("b")
    for at in range(3):
        trace(page, "mouse", on_screen(page, TRACE[at : at + 2]))
        expect(page.locator(".mask-areas")).to_have_attribute("data-strokes", str(at + 1))
        looks.append(shown(page))
    assert len(set(looks)) == 4
    for look in reversed(looks[:-1]):
        page.keyboard.press("Control+z")
        page.wait_for_timeout(50)
        assert shown(page) == look
    for look in looks[1:]:
        page.keyboard.press("Control+Shift+z")
        page.wait_for_timeout(50)
        assert shown(page) == look
    page.reload()
    page.locator(".mask-areas").wait_for()
    expect(page.locator(".mask-areas")).to_have_attribute("data-strokes", "3")
    page.wait_for_timeout(100)
    assert shown(page) == looks[-1]


def test_of_a_basophil_the_cell_alone_is_drawn_and_the_page_says_why(window, site, studio, selection):
    cell = of_class(selection, "basophil")[0]
    page = opened(window, site, selection, cell)
    expect(page.get_by_text("only the whole cell is drawn")).to_be_visible()
    expect(page.locator(".mask-slider")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile(cell))
    all_sent(page)
    assert said_of(studio, cell).parts[Part.NUCLEUS].failure == WHOLE_ONLY


def test_failed_is_kept_with_its_reason(window, site, studio, selection, cell):
    page = opened(window, site, selection, cell)
    page.keyboard.press("x")
    page.get_by_role("button", name="Blurred").click()
    expect(page).not_to_have_url(re.compile(cell))
    all_sent(page)
    assert {mask.failure for mask in said_of(studio, cell).parts.values()} == {"blur"}


def test_a_nucleus_that_leaves_its_cell_is_not_kept_until_it_is_trimmed(window, site, studio, selection, cell):
    page = opened(window, site, selection, cell)
    page.keyboard.press("c")
    page.keyboard.press("o")
    trace(page, "mouse", on_screen(page, [(-0.1, -0.1), (0.1, -0.1), (0.1, 0.1), (-0.1, 0.1)]))
    expect(page.get_by_text("lie outside of the cell")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The nucleus leaves its cell")).to_be_visible()
    page.keyboard.press("t")
    expect(page.get_by_text("lie outside of the cell")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile(cell))
    all_sent(page)
    nucleus, whole = (kept(studio, cell, part) for part in (Part.NUCLEUS, Part.CELL))
    assert nucleus.any()
    assert not (nucleus & ~whole).any()


def test_two_who_drew_are_told_how_alike_they_drew(window, site, selection, cell):
    for who in ("edna", "emil"):
        page = opened(window, site, selection, cell, who=who)
        expect(page.get_by_role("button", name="Compare")).to_have_count(0)
        page.keyboard.press("Enter")
        expect(page).not_to_have_url(re.compile(cell))
        all_sent(page)
    page.goto(f"/masks/{selection.id}?cell={cell}")
    page.get_by_role("button", name="Compare with").click()
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_text("Dice 1.000")).to_have_count(3)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Keep, next")).to_be_disabled()
