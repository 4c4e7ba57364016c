"""Masks: keys of one's own, other cells locked, a smooth line, the smallest region, kept strokes undone, cells chosen."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Page, expect

from buffycoat.domain.mask import MaskSelection, Part
from buffycoat.imaging.regions import decode_run_lengths, find_regions
from buffycoat.store.mask_queries import Statement, statements
from buffycoat.workflows.masks.keeping import mask_pixels_of
from buffycoat.workflows.masks.selecting import find_selection, select_for_masks
from buffycoat.workflows.workspace import Workspace

Window = Callable[..., Page]
Path_ = list[tuple[float, float]]


@pytest.fixture(scope="module")
def selection(studio: Workspace) -> MaskSelection:
    return select_for_masks(studio, "first", {"neutrophil": 12})


@pytest.fixture(scope="module")
def cells(selection: MaskSelection) -> Iterator[str]:
    return iter(selection.cells)


@pytest.fixture
def cell(cells: Iterator[str]) -> str:
    """Each is used once."""
    return next(cells)


def opened(window: Window, site: str, selection: MaskSelection, cell: str, **more: object) -> Page:
    page = window(site, f"/masks/{selection.id}?cell={cell}", **more)
    page.locator(".mask-areas").wait_for()
    return page


def areas(page: Page) -> tuple[int, int]:
    found = page.locator(".mask-areas")
    return int(found.get_attribute("data-nucleus") or 0), int(found.get_attribute("data-cell") or 0)


def strokes(page: Page, count: int) -> None:
    expect(page.locator(".mask-areas")).to_have_attribute("data-strokes", str(count))


def draw(page: Page, path: Path_) -> None:
    """Along places in shares of the frame's shorter side from its middle."""
    frame = page.locator(".mask-frame[data-tool]").bounding_box()
    assert frame
    side = min(frame["width"], frame["height"])
    points = [(frame["x"] + frame["width"] / 2 + side * x, frame["y"] + frame["height"] / 2 + side * y) for x, y in path]  # fmt: skip
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=4)
    page.mouse.up()


def kept(studio: Workspace, page: Page, cell: str) -> Statement:
    """Keep it by Enter, and return what the service has of it."""
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile(cell))
    expect(page.locator(".mask-sent")).to_have_attribute("data-waiting", "0")
    with studio.database.reading() as transaction:
        return [it for it in statements(transaction, [cell]) if it.hand == "edna"][-1]


def bits(said: Statement, part: Part) -> NDArray[np.bool_]:
    return mask_pixels_of(said.parts[part])


def test_kept_strokes_are_there_when_the_cell_is_opened_again_and_are_undone_one_by_one(
    window: Window, site, studio, selection, cell
):
    page = opened(window, site, selection, cell)
    page.keyboard.press("Period")
    page.keyboard.press("c")
    seen = [areas(page)]
    for number, path in enumerate(([(-0.4, -0.4), (-0.3, -0.4)], [(0.3, 0.4), (0.4, 0.4)]), 1):
        draw(page, path)
        strokes(page, number)
        seen.append(areas(page))
    assert len(set(seen)) == 3
    assert kept(studio, page, cell).parts[Part.CELL].method == "best+easy-gt+pen"
    page.goto(f"/masks/{selection.id}?cell={cell}")
    strokes(page, 2)
    assert areas(page) == seen[2]
    for number in (1, 0):
        page.keyboard.press("Control+z")
        strokes(page, number)
        assert areas(page) == seen[number]
    page.keyboard.press("Control+y")
    strokes(page, 1)
    again = kept(studio, page, cell)
    assert int(bits(again, Part.CELL).sum()) == seen[1][1]
    assert again.parts[Part.CELL].method == "best+easy-gt+pen"


def test_with_other_cells_locked_a_brush_over_everything_adds_nothing_there(
    window: Window, site, studio, selection, cell
):
    page = opened(window, site, selection, cell)
    draft = page.request.get(f"/api/masks/cells/{cell}/draft").json()
    start = page.request.get(f"/api/masks/cells/{cell}").json()
    size = start["height_px"], start["width_px"]
    beside, before = (decode_run_lengths(draft[name], *size) for name in ("beside", "cell"))
    assert not (beside & before).any()
    page.keyboard.press("l")
    expect(page.get_by_role("button", name="Stay off other cells")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("Strokes add nothing where other cells lie")).to_be_visible()
    page.keyboard.press("c")
    for _ in range(6):
        page.keyboard.press("BracketRight")
    rows: Path_ = [(x, y / 20) for y in range(-9, 10) for x in ((-0.47, 0.47) if y % 2 else (0.47, -0.47))]
    draw(page, rows)
    strokes(page, 1)
    after = bits(kept(studio, page, cell), Part.CELL)
    assert np.array_equal(after & beside, np.zeros(size, bool))
    assert after.sum() > 1.5 * before.sum()
    # The lock stays for the next cell, and is let go of.
    expect(page.get_by_role("button", name="Stay off other cells")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("l")
    expect(page.get_by_role("button", name="Stay off other cells")).to_have_attribute("aria-pressed", "false")


def test_smoothing_takes_off_what_juts_out_and_is_undone(window: Window, site, selection, cell):
    page = opened(window, site, selection, cell)
    page.keyboard.press("c")
    start = areas(page)
    page.keyboard.press("BracketLeft")
    page.keyboard.press("BracketLeft")
    draw(page, [(0, 0), (0.45, 0.45)])
    strokes(page, 1)
    spiked = areas(page)
    assert spiked[1] > start[1]
    page.keyboard.press("BracketRight")
    page.keyboard.press("BracketRight")
    page.keyboard.press("m")
    strokes(page, 2)
    assert areas(page)[1] < spiked[1]
    page.keyboard.press("Control+z")
    strokes(page, 1)
    assert areas(page) == spiked


def test_regions_smaller_than_asked_for_go(window: Window, site, studio, selection, cell):
    page = opened(window, site, selection, cell)
    page.keyboard.press("Comma")
    page.get_by_text("More", exact=True).click()
    page.get_by_role("button", name="All", exact=True).click()
    whole = areas(page)[0]
    page.get_by_label("Smallest region").fill("6")
    expect(page.get_by_text("Smallest region: 200 px")).to_be_visible()
    assert areas(page)[0] <= whole
    page.keyboard.press("g")
    nucleus = bits(kept(studio, page, cell), Part.NUCLEUS)
    assert find_regions(nucleus).areas.min() >= 200


def test_a_key_is_given_to_something_else_and_stays_so(window: Window, site, selection, cell):
    page = opened(window, site, selection, cell)
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog")
    sheet.get_by_role("button", name="Add a key to Eraser").click()
    page.keyboard.press("q")
    expect(sheet.get_by_role("status")).to_contain_text("Q is now: Eraser")
    sheet.get_by_role("button", name="Add a key to Outline").click()
    page.keyboard.press("b")
    expect(sheet.get_by_role("status")).to_contain_text("B is also the key of: Brush")
    sheet.get_by_role("row", name="Brush", exact=False).get_by_role("button", name="Take away B").first.click()
    with page.expect_download() as file:
        sheet.get_by_role("button", name="Save to a file").click()
    saved = json.loads(Path(file.value.path()).read_text())
    assert (saved["keys"]["erase"], saved["keys"]["brush"]) == (["KeyE", "KeyQ"], [])
    page.keyboard.press("Escape")
    frame = page.locator(".mask-frame[data-tool]")
    for _ in range(2):
        page.keyboard.press("q")
        expect(frame).to_have_attribute("data-tool", "erase")
        page.keyboard.press("b")
        expect(frame).to_have_attribute("data-tool", "outline")
        page.reload()
        page.locator(".mask-areas").wait_for()
    page.keyboard.press("?")
    sheet.get_by_role("button", name="Back to the usual keys").click()
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    expect(frame).to_have_attribute("data-tool", "brush")


def test_a_curator_chooses_cells_and_begins(window: Window, site, studio):
    page = window(site, "/masks", "carla")
    page.get_by_role("button", name="Choose cells").click()
    page.get_by_label("Name of the list").fill("on the web")
    page.get_by_role("button", name="As in the paper (1,145 cells)").click()
    page.get_by_role("button", name="Choose 1,145 cells").click()
    expect(page.get_by_role("alert")).to_contain_text("Too few cells to choose from: expected neutrophil 242")
    group = page.get_by_role("group", name="How many of each class")
    for name in ("Neutrophil", "Lymphocyte", "Monocyte", "Eosinophil", "Basophil"):
        group.get_by_label(name).fill("2")
        group.get_by_label(name).press("Tab")
    page.get_by_role("button", name="Choose 10 cells").click()
    card = page.locator(".mask-card", has_text="on the web")
    card.get_by_role("link", name="Begin").click()
    page.locator(".mask-areas").wait_for()
    found = find_selection(studio, "on the web")
    assert (sum(found.quotas.values()), found.whole_only, len(found.cells)) == (10, ("basophil",), 10)


def test_who_only_draws_chooses_nothing(window: Window, site, selection):
    page = window(site, "/masks", "edna")
    page.locator(".mask-card").first.wait_for()
    expect(page.get_by_role("button", name="Choose cells")).to_have_count(0)
