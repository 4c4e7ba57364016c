"""A color filter trained on a screen: boxes drawn, the overlay that follows, and the search that it is put to."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from buffycoat.domain.filtering import BoxedField, FilterSetup, FilterSight, FilterWish
from buffycoat.imaging.regions import decode_run_lengths
from buffycoat.store.queries import CellFilter, current_cells
from buffycoat.workflows.filtering.looking import list_setups, try_filter
from buffycoat.workflows.filtering.using import PREVIEWED
from buffycoat.workflows.jobs import work_off
from buffycoat.workflows.workspace import Workspace

Window = Callable[..., Page]
STAGE = re.compile(r"translate\(([-\d.e]+)px, ([-\d.e]+)px\) scale\(([-\d.e]+)\)")
PIXELS = """(() => {
    const canvas = document.querySelector('.filter-overlay');
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', {willReadFrequently: true});
    copy.drawImage(canvas, 0, 0);
    const {data} = copy.getImageData(0, 0, canvas.width, canvas.height);
    return Array.from({length: data.length / 4}, (_, at) => data[4 * at + 3] > 0 ? '1' : '0').join('');
})()"""


@pytest.fixture
def setup(studio: Workspace) -> FilterSetup:
    return list_setups(studio)[0]


def centers(studio: Workspace, field_id: str) -> list[tuple[float, float]]:
    with studio.database.reading() as transaction:
        return [cell.extent.center for cell in current_cells(transaction, CellFilter(field_id=field_id))[1]]


def tap(page: Page, at: tuple[float, float]) -> None:
    """Click on a point of the photograph, wherever that is on the screen now."""
    frame = page.locator(".filter-frame")
    found = STAGE.search(frame.locator(".stage").get_attribute("style") or "")
    assert found
    x, y, k = map(float, found.groups())
    frame.click(position={"x": x + k * at[0], "y": y + k * at[1]})


def drawn(page: Page) -> dict[str, list[dict[str, Any]]]:
    """The boxes, as the tab keeps them."""
    (key,) = page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('buffycoat.filters.'))")
    return json.loads(page.evaluate(f"sessionStorage.getItem({json.dumps(key)})"))


def seen_by_python(studio: Workspace, setup: FilterSetup, page: Page, strictness: float = 0.0) -> FilterSight:
    """What the filter of the boxes that are drawn sees, worked out here."""
    boxed = tuple(
        BoxedField(
            field_id=field,
            boxes=tuple(tuple(each["place"][edge] for edge in ("left", "top", "right", "bottom")) for each in boxes),
        )
        for field, boxes in drawn(page).items()
    )
    wish = FilterWish(
        smear_id=setup.smear_id,
        capture_id=setup.capture.id,
        fields=boxed,
        shown=setup.among[0],
        strictness=strictness,
    )
    sight = try_filter(studio, wish).sight
    assert sight is not None
    return sight


def bits(sight: FilterSight) -> str:
    mask = decode_run_lengths(sight.mask, sight.height_px, sight.width_px)
    return "".join("1" if each else "0" for each in mask.ravel())


def test_four_boxes_become_a_filter_that_is_seen_saved_previewed_and_searched_with(
    window: Window, site, studio: Workspace, setup: FilterSetup, eventually
):
    page = window(site, "/curate", "carla")
    page.locator("main a[href='/filters']").click()
    page.locator(f".filter-setup[data-smear='{setup.smear}'] a").click()
    page.locator(".filter-overlay").wait_for()
    boxes = page.locator(".edit-boxes g[data-box]")
    expect(page.locator("[data-part=sees]")).to_contain_text("The filter that comes along finds")
    for number, at in enumerate(centers(studio, setup.among[0])[:4], start=1):
        tap(page, at)
        expect(boxes).to_have_count(number)
    expect(page.locator("[data-part=sees]")).to_contain_text("Your filter finds")
    # The overlay is, to the pixel, what the same boxes give in Python.
    eventually(lambda: page.evaluate(PIXELS), bits(seen_by_python(studio, setup, page)))
    assert "1" in page.evaluate(PIXELS)

    # The last box is chosen: a key makes it larger, another takes that back.
    before = drawn(page)
    page.keyboard.press("]")
    eventually(lambda: drawn(page) != before, True)
    page.keyboard.press("u")
    eventually(lambda: drawn(page), before)
    page.keyboard.down("h")
    expect(page.locator(".filter-overlay")).to_be_hidden()
    page.keyboard.up("h")
    expect(page.locator(".filter-overlay")).to_be_visible()

    # A stricter one sees less.
    page.locator(".filter-strictness input").fill("4")
    eventually(lambda: page.evaluate(PIXELS), bits(seen_by_python(studio, setup, page, strictness=4.0)))
    page.locator(".filter-strictness input").fill("0")
    expect(page.locator(".filter-judged")).to_contain_text("a second photograph")

    # What is drawn outlives loading the page anew; a second photograph makes a judgement possible.
    page.reload()
    expect(boxes).to_have_count(4)
    page.locator(".filter-strip button").nth(1).click()
    take = page.get_by_role("button", name=re.compile("^Take the"))
    expect(take).to_be_enabled()
    take.click()
    expect(page.locator("[data-verdict]")).to_be_visible()
    expect(page.locator(".filter-scores tbody tr")).to_have_count(2)

    page.locator(".filter-save input").fill("ward 3")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".filter-kept")).to_contain_text("ward 3")
    search = page.get_by_role("button", name=re.compile("^Use it and search"))
    expect(search).to_be_disabled()
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("[data-part=preview] tbody tr")).to_have_count(min(PREVIEWED, setup.searchable))
    search.click()
    expect(page.locator(".job[data-state=waiting]")).to_be_visible()
    assert work_off(studio, until_idle=True) == 1
    expect(page.locator(".job[data-state=done]")).to_be_visible()
    page.goto("/filters")
    expect(page.locator(".filter-card[data-filter='ward 3']")).to_contain_text(f"Used for {setup.smear}.")
    expect(page.locator(f".filter-setup[data-smear='{setup.smear}']")).to_contain_text(
        "Searched with the filter “ward 3”."
    )
