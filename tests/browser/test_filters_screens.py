"""Color filters as people see them: the list, training, a judgement, a preview; three sizes, both directions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from buffycoat.workflows.filtering.looking import list_setups
from buffycoat.workflows.workspace import Workspace

Window = Callable[..., Page]
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


def checked(page: Page, look, serious) -> None:
    assert page.evaluate("document.documentElement.dir") == look.reads
    assert page.evaluate(OVERFLOWING) == []
    if look.size != "desk":
        assert page.evaluate(SMALL) == []
    assert serious(page) == []


def test_filters_as_they_are_seen(window: Window, site, look, screens: Path, serious, studio: Workspace, settled):
    setup = list_setups(studio)[0]
    page = window(site, f"/filters/{setup.smear_id}/{setup.capture.id}", "carla", **look.window)
    page.locator(".filter-overlay").wait_for()
    settled(page)
    checked(page, look, serious)
    page.screenshot(path=screens / look.file("filters-begin"))
    take = page.locator(".filter-tools button").nth(3)
    for number in (0, 1):
        page.locator(".filter-strip button").nth(number).click()
        expect(page.locator(f".filter-overlay[data-field='{setup.among[number]}']")).to_be_visible()
        expect(take).to_be_enabled()
        take.click()
        expect(page.locator(".edit-boxes g[data-box]")).not_to_have_count(0)
    expect(page.locator("[data-verdict]")).to_be_visible()
    settled(page)
    checked(page, look, serious)
    page.screenshot(path=screens / look.file("filters-room"))
    page.locator(".filter-save input").fill(look.name)
    page.locator(".filter-save button[type=submit]").click()
    page.locator(".filter-use button").first.click()
    page.locator("[data-part=preview]").scroll_into_view_if_needed()
    checked(page, look, serious)
    page.screenshot(path=screens / look.file("filters-preview"))
    page.goto("/filters")
    page.locator(".filter-card button").first.click()
    page.locator(".filter-use").wait_for()
    settled(page)
    checked(page, look, serious)
    page.screenshot(path=screens / look.file("filters-list"), full_page=True)
