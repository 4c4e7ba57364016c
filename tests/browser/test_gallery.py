"""The gallery by keyboard, and with more cells than fit into a page."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, Route, expect

from buffycoat.workflows import browse
from buffycoat.workflows.workspace import Workspace

TOTAL = 12_000


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def focused(page: Page) -> int:
    return int(page.evaluate("document.activeElement.dataset.index ?? -1"))


def expect_focus(page: Page, index: int) -> None:
    """Focus moves a frame after the key, and comes back after a dialog has closed: wait for it."""
    expect(page.locator("[data-index]:focus")).to_have_attribute("data-index", str(index))


def test_a_walk_by_keyboard(open_page):
    page = open_page("/cells")
    page.get_by_role("button", name=re.compile("^Cell 1,")).wait_for()
    page.keyboard.press("Tab")
    for _ in range(20):
        if focused(page) >= 0:
            break
        page.keyboard.press("Tab")
    assert focused(page) == 0
    columns = int(page.get_by_role("grid").get_attribute("aria-colcount") or 0)
    for key, expected in (("ArrowRight", 1), ("ArrowDown", 1 + columns), ("ArrowLeft", columns), ("Home", 0)):
        page.keyboard.press(key)
        expect_focus(page, expected)
    page.keyboard.press("End")
    expect(page.locator("[data-index]:focus")).not_to_have_attribute("data-index", "0")
    last = focused(page)
    assert last > 2 * columns
    page.keyboard.press("ArrowRight")
    assert focused(page) == last
    page.keyboard.press("Home")
    expect_focus(page, 0)

    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.wait_for()
    [first] = query(page)["cell"]
    page.keyboard.press("n")
    page.wait_for_url(lambda url: first not in url)
    [second] = query(page)["cell"]
    page.keyboard.press("p")
    page.wait_for_url(lambda url: first in url)
    assert second != first
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert "cell" not in query(page)
    expect_focus(page, 0)


def test_from_the_gallery_to_the_cell_in_its_photograph_and_back(open_page):
    page = open_page("/cells")
    page.get_by_role("button", name=re.compile("^Cell 2,")).click()
    [cell] = query(page)["cell"]
    page.get_by_role("link", name="Show in its photograph").click()
    page.wait_for_url("**/fields/**")
    box = page.locator(f"[data-cell='{cell}'] .line")
    box.wait_for()
    page.wait_for_timeout(100)
    frame, seen = page.locator(".canvas-frame").bounding_box(), box.bounding_box()
    assert frame
    assert seen
    assert seen["width"] > 0.1 * frame["height"], "it is zoomed in"
    assert frame["x"] <= seen["x"] <= seen["x"] + seen["width"] <= frame["x"] + frame["width"]
    assert frame["y"] <= seen["y"] <= seen["y"] + seen["height"] <= frame["y"] + frame["height"]
    expect(page.locator(".cell-panel")).to_contain_text(cell)
    page.go_back()
    page.get_by_role("dialog").wait_for()


def test_filters_live_in_the_address_bar(open_page):
    page = open_page("/cells")
    everything = page.locator(".count").inner_text()
    page.get_by_role("radio", name="Repeats").click()
    expect(page.locator(".count")).not_to_have_text(everything)
    assert query(page) == {"pictures": ["repeats"]}
    page.get_by_role("button", name=re.compile("Class")).click()
    page.get_by_role("option", name="segmented neutrophil").click()
    page.wait_for_url("**class=neutrophil.segmented")
    expect(page.locator(".count")).to_have_text(re.compile("cell"))
    narrow = page.locator(".count").inner_text()
    page.reload()
    expect(page.locator(".count")).to_have_text(narrow)
    page.get_by_role("button", name="Clear filters").click()
    expect(page.locator(".count")).to_have_text(everything)


def test_a_saved_query_is_chosen_and_kept_in_the_address(open_page, workspace: Workspace):
    counted = {view.query.id: view.cells for view in browse.list_queries(workspace)}
    everything = browse.list_cells(workspace, limit=1).total
    assert 1 < (counted["double-labeled"] or 0) < everything
    page = open_page("/cells")
    page.get_by_role("button", name=re.compile("Saved query")).click()
    option = page.get_by_role("option", name="Both experts agree")
    expect(option).to_contain_text(str(counted["double-labeled"]))
    option.click()
    page.wait_for_url("**query=double-labeled")
    expect(page.locator(".count")).to_have_text(f"{counted['double-labeled']:,} cells")
    # With a class besides, fewer; and those below the class are meant.
    page.get_by_role("button", name=re.compile("Class")).click()
    page.get_by_role("option", name="neutrophil", exact=True).click()
    page.wait_for_url("**class=neutrophil")
    neutrophils = browse.list_cells(workspace, query="double-labeled", term="neutrophil", limit=1).total
    assert 0 < neutrophils < (counted["double-labeled"] or 0)
    expect(page.locator(".count")).to_have_text(f"{neutrophils:,} cells")
    page.reload()
    expect(page.locator(".count")).to_have_text(f"{neutrophils:,} cells")
    page.get_by_role("button", name="Clear filters").click()
    expect(page.locator(".count")).to_have_text(f"{everything:,} cells")


def test_twelve_thousand_cells(open_page):
    """The demo's cells, repeated by the test to a long list: few tiles exist, and those in sight get their pictures."""
    page = open_page("/")
    some = page.evaluate("fetch('/api/cells?limit=100').then((answer) => answer.json())")["items"]
    asked: list[int] = []

    def many(route: Route) -> None:
        asked_for = parse_qs(urlsplit(route.request.url).query)
        if "offset" not in asked_for:
            route.fallback()  # the photograph's own cells
            return
        offset, limit = int(asked_for["offset"][0]), int(asked_for["limit"][0])
        asked.append(offset)
        items = [some[i % len(some)] for i in range(offset, min(offset + limit, TOTAL))]
        route.fulfill(body=json.dumps({"total": TOTAL, "items": items}), content_type="application/json")

    page.route("**/api/cells?*", many)
    page.goto("/cells?size=96")
    page.get_by_text("12,000 cells").wait_for()
    frames = page.evaluate(
        """async () => {
            const scroller = document.querySelector('.grid-scroller');
            const times = [];
            for (let frame = 0; frame < 60; frame += 1) {
              scroller.scrollTop += 400;
              times.push(await new Promise(requestAnimationFrame));
            }
            return times.slice(1).map((time, index) => time - times[index]);
        }"""
    )
    assert sorted(frames)[len(frames) // 2] < 50, (
        "the median frame, with the browser, the service and pytest on two cores"
    )
    page.locator(".grid-scroller").evaluate("(scroller) => { scroller.scrollTop = scroller.scrollHeight; }")
    page.get_by_role("button", name=re.compile("^Cell 12,000,")).wait_for()
    assert page.locator("[role=gridcell]").count() < 400
    assert len(set(asked)) < TOTAL / 100 / 2, "pages that were scrolled past are not loaded"
    # A place in the list is found again.
    page.get_by_role("button", name=re.compile("^Cell 11,9")).first.click()
    page.get_by_role("link", name="Show in its photograph").click()
    page.wait_for_url("**/fields/**")
    page.go_back()
    page.keyboard.press("Escape")
    page.get_by_role("button", name=re.compile("^Cell 11,9")).first.wait_for()
