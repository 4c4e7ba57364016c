"""Locate as it looks at three sizes in both directions, gone over by axe; the way there, and who only looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from buffycoat.domain.account import Person
from buffycoat.domain.locating import BoxState, LocatedBox
from buffycoat.workflows import browse, locating
from buffycoat.workflows.workspace import Workspace

SMALLEST_TARGET = 44
Window = Callable[..., Page]


@pytest.fixture(scope="module")
def fields(studio: Workspace) -> Iterator[str]:
    """Photographs of one smear with neighbors on both sides and three cells or more; each is used once."""
    found = []
    for funnel in browse.list_funnels(studio):
        views = browse.list_fields(studio, smear_id=funnel.smear.id, limit=500).items[1:-1]
        found += [view.field.id for view in views if view.cells >= 3]
    return iter(found)


@pytest.fixture
def field(fields: Iterator[str]) -> str:
    return next(fields)


@pytest.fixture
def told(studio: Workspace, people: dict[str, Person], field: str) -> Callable[[], dict[str, LocatedBox]]:
    """What the service holds of the photograph."""
    return lambda: {each.box: each for each in locating.boxes_of_field(studio, field, people["edna"]).boxes}


def boxes(page: Page) -> list[str]:
    found: list[str] = page.evaluate("[...document.querySelectorAll('.edit-boxes > [data-box]')].map((each) => each.dataset.box)")  # fmt: skip
    return found


def test_a_viewer_looks_and_changes_nothing(window: Window, site: str, field: str, told):
    page = window(site, f"/fields/{field}/locate", "vera")
    page.locator("[data-box]").first.wait_for()
    expect(page.get_by_text("You can look at the boxes")).to_be_visible()
    held = told()
    page.locator("[data-box]").first.focus()
    for key in ("n", "ArrowRight", "Delete", "Control+Enter"):
        page.keyboard.press(key)
    page.mouse.click(400, 400)
    assert page.locator(".handle").count() == 0
    assert told() == held


def test_a_class_without_a_key_is_found_by_its_name(window: Window, site: str, field: str, told):
    page = window(site, f"/fields/{field}/locate")
    page.locator("[data-box]").first.wait_for()
    box = boxes(page)[0]
    page.keyboard.press("o")
    expect(page.locator(".locate-counts")).to_contain_text("Choose a box first")
    page.locator(f"[data-box='{box}']").focus()
    page.locator(".type-pad").get_by_role("button", name="Other class…").click()
    expect(page.get_by_role("option", name="other, named")).to_have_count(0)
    page.keyboard.type("mega")
    page.get_by_role("option", name="megakaryocyte").click()
    expect(page.locator(".type-pad .pad-key.pressed")).to_have_text("Omegakaryocyte")
    page.wait_for_timeout(150)
    expect(page.locator(".sent-mark")).to_be_visible()
    assert (told()[box].state, told()[box].term) == (BoxState.ACCEPTED, "megakaryocyte")


def test_the_way_there_and_the_cell_that_the_address_names(window: Window, site: str, studio: Workspace, field: str):
    cell = browse.list_cells(studio, field_id=field).items[0].cell.id
    page = window(site, f"/fields/{field}?cell={cell}")
    page.get_by_role("link", name="Locate").click()
    page.wait_for_url(f"**/fields/{field}/locate?cell={cell}")
    expect(page.locator(f"[data-box='{cell}']")).to_have_attribute("aria-pressed", "true")
    whole = page.locator(".stage").bounding_box()
    frame = page.locator(".locate-frame").bounding_box()
    assert whole
    assert frame
    assert whole["width"] > frame["width"], "it is zoomed to"


# ------------------------------------------------------------------ as it looks

CUT = """() => [...document.querySelectorAll('main *')]
    .filter((each) => each.clientWidth > 0 && getComputedStyle(each).display !== 'inline')
    .filter((each) => !each.closest('svg, .canvas-frame, .glass, .type-pad, .tool-name, .unseen'))
    .filter((each) => each.scrollWidth > each.clientWidth + 1)
    .map((each) => each.className + ' ' + each.scrollWidth + ' > ' + each.clientWidth)"""
SMALL = """() => [...document.querySelectorAll('main button, main .button')]
    .filter((each) => each.checkVisibility({visibilityProperty: true}) && each.tabIndex >= 0)
    .map((each) => [each.outerHTML.slice(0, 120), each.getBoundingClientRect()])
    .map(([html, {width, height}]) => [html, Math.min(width, height)])"""


@pytest.mark.parametrize("name", ["locate", "locate-keys", "to-locate"])
def test_screen(window: Window, serious, site: str, field: str, look, name: str, screens: Path):
    if name != "locate" and not look.name.startswith(("desk-light", "phone")):
        return
    if name == "to-locate":
        page = window(site, "/locate", "edna", **look.window)
        page.get_by_role("heading", level=1).wait_for()
    else:
        page = window(site, f"/fields/{field}/locate", "edna", **look.window)
        page.locator("[data-box]").first.wait_for()
        if name == "locate":
            before = set(boxes(page))
            page.keyboard.press("n")
            (box,) = set(boxes(page)) - before
            page.keyboard.press("Digit6")
            page.locator(f"[data-box='{box}']").focus()
            page.keyboard.press("Shift+ArrowUp")
        if name == "locate-keys":
            page.keyboard.press("?")
            page.get_by_role("dialog").wait_for()
    page.wait_for_timeout(800)
    page.screenshot(path=screens / look.file(name))
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert page.evaluate("document.documentElement.dir") == look.reads
    assert page.evaluate(CUT) == []
    assert serious(page) == []
    if look.size != "desk" and name == "locate":
        assert [html for html, side in page.evaluate(SMALL) if 1 < side < SMALLEST_TARGET - 0.5] == []
