"""The masks screen and its list as people see them: three sizes, both directions, light and dark."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from buffycoat.domain.mask import MaskSelection
from buffycoat.workflows.masks.selecting import select_for_masks
from buffycoat.workflows.workspace import Workspace

Window = Callable[..., Page]
LOCK = re.compile("Stay off other cells|دوری از یاخته‌های دیگر")
CHOOSE = re.compile("Choose cells|برگزیدن یاخته‌ها")
OVERFLOWING = """(() => {
    const told = [];
    if (document.documentElement.scrollWidth > innerWidth) told.push(`page ${document.documentElement.scrollWidth}`);
    for (const each of document.querySelectorAll('main *')) {
        const {overflowX} = getComputedStyle(each);
        const hidden = each.closest('.canvas-frame, .skip, svg, select') || each.clientWidth < 2;
        if (!hidden && overflowX === 'visible' && each.clientWidth > 0 && each.scrollWidth > each.clientWidth + 1) {
            told.push(`${each.tagName} ${each.className} ${each.scrollWidth} > ${each.clientWidth}`);
        }
    }
    return told;
})()"""
SMALL = """[...document.querySelectorAll('main button, main a:not(.trail a), main summary, main input')].filter((each) => {
    const {width, height} = (each.closest('label') ?? each).getBoundingClientRect();
    return width > 0 && (height < 43.5 || width < 43.5);
}).map((each) => each.outerHTML.slice(0, 90))"""


@pytest.fixture(scope="module")
def selection(studio: Workspace) -> MaskSelection:
    return select_for_masks(studio, "first", {"neutrophil": 12, "monocyte": 6, "basophil": 4}, whole_only=("basophil",))


def checked(page: Page, look, serious, *, touched: bool = True) -> None:
    assert page.evaluate("document.documentElement.dir") == look.reads
    assert page.evaluate(OVERFLOWING) == []
    if touched and look.size != "desk":
        assert page.evaluate(SMALL) == []
    assert serious(page) == []


def test_the_list_as_it_is_seen(window: Window, site, look, screens: Path, serious, selection):
    page = window(site, "/masks", "edna", **look.window)
    page.locator(".mask-card").first.wait_for()
    checked(page, look, serious)
    page.screenshot(path=screens / look.file("masks-list"))


def test_choosing_as_it_is_seen(window: Window, site, look, screens: Path, serious, selection):
    page = window(site, "/masks", "carla", **look.window)
    page.get_by_role("button", name=CHOOSE).click()
    page.locator(".mask-quotas input").first.wait_for()
    checked(page, look, serious)
    page.screenshot(path=screens / look.file("masks-choosing"), full_page=True)


def test_the_screen_as_it_is_seen(window: Window, site, look, screens: Path, serious, selection):
    page = window(site, f"/masks/{selection.id}?cell={selection.cells[0]}", "edna", **look.window)
    page.locator(".mask-overlay").wait_for()
    checked(page, look, serious)
    page.screenshot(path=screens / look.file("masks-room"))
    for _ in range(3):
        page.keyboard.press("Shift+PageDown")
    page.locator(".mask-panel details summary").click()
    expect(page.locator(".mask-leaving").or_(page.locator(".mask-level"))).not_to_have_count(0)
    checked(page, look, serious)
    page.screenshot(path=screens / look.file("masks-threshold"))
    page.keyboard.press("l")
    expect(page.get_by_role("button", name=LOCK)).to_have_attribute("aria-pressed", "true")
    checked(page, look, serious)
    page.screenshot(path=screens / look.file("masks-locked"))
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()
    checked(page, look, serious, touched=False)
    page.screenshot(path=screens / look.file("masks-keys"))
    page.keyboard.press("Escape")
    basophil = selection.cells[selection.terms.index("basophil")]
    page.goto(f"/masks/{selection.id}?cell={basophil}")
    page.locator(".mask-overlay").wait_for()
    checked(page, look, serious)
    page.screenshot(path=screens / look.file("masks-basophil"))
    page.keyboard.press("x")
    page.get_by_role("dialog").wait_for()
    checked(page, look, serious, touched=False)
    page.screenshot(path=screens / look.file("masks-failed"))
    page.keyboard.press("Escape")
    page.route("**/api/masks", lambda route: route.abort("internetdisconnected"))
    page.keyboard.press("Enter")
    page.locator(".mask-sent .waiting-mark").wait_for()
    page.locator(".mask-overlay").wait_for()
    checked(page, look, serious)
    page.screenshot(path=screens / look.file("masks-waiting"))


@pytest.mark.parametrize("look", ["desk-light-en", "phone-dark-fa"], indirect=True)
def test_the_way_there(window: Window, site, look, screens: Path, serious, selection):
    page = window(site, f"/cells?cell={selection.cells[0]}", "edna", **look.window)
    link = page.locator(f"a[href='/masks/cell/{selection.cells[0]}']")
    link.wait_for()
    page.screenshot(path=screens / look.file("masks-from-cell"))
    link.click()
    page.locator(".mask-areas").wait_for()
    page.keyboard.press("F1")
    page.get_by_role("dialog").wait_for()
    page.goto("/rounds")
    page.locator("a[href='/masks']").click()
    page.locator(".mask-card").first.wait_for()
