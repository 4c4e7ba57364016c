"""A photograph by keyboard, mouse and fingers."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from buffycoat.workflows import browse
from buffycoat.workflows.workspace import Workspace


@pytest.fixture(scope="module")
def field(workspace: Workspace) -> str:
    """The second photograph of the smear with the most, so that it has neighbors on both sides."""
    funnel = max(browse.list_funnels(workspace), key=lambda funnel: funnel.photographs)
    views = browse.list_fields(workspace, smear_id=funnel.smear.id, limit=500).items[1:-1]
    return max(views, key=lambda view: view.cells).field.id


def scale(page: Page) -> float:
    return float(page.evaluate("new DOMMatrix(getComputedStyle(document.querySelector('.stage')).transform).a"))


def corner(page: Page) -> tuple[float, float]:
    x, y = page.evaluate(
        "(({e, f}) => [e, f])(new DOMMatrix(getComputedStyle(document.querySelector('.stage')).transform))"
    )
    return x, y


def test_a_walk_by_keyboard(open_page, field: str):
    page = open_page(f"/fields/{field}")
    boxes = page.locator(".boxes g")
    boxes.first.wait_for()
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.boxes g')"):
            break
    first = page.evaluate("document.activeElement.dataset.cell")
    assert first == boxes.first.get_attribute("data-cell")
    expect(page.locator(".cell-panel")).to_contain_text(first)
    page.keyboard.press("ArrowRight")
    second = page.evaluate("document.activeElement.dataset.cell")
    assert second == boxes.nth(1).get_attribute("data-cell")
    expect(page.locator(".cell-panel")).to_contain_text(second)
    assert page.url.endswith(f"?cell={second}")

    whole = scale(page)
    page.keyboard.press("+")
    assert scale(page) > whole
    page.keyboard.press("0")
    assert scale(page) == pytest.approx(whole)
    page.keyboard.press("Enter")
    assert scale(page) > whole
    page.keyboard.press("0")

    extent = boxes.first.locator(".line").bounding_box()
    page.keyboard.press("b")
    crop = boxes.first.locator(".line").bounding_box()
    assert extent
    assert crop
    assert crop["width"] > extent["width"]
    page.keyboard.down("h")
    expect(page.locator(".boxes")).to_have_css("opacity", "0")
    page.keyboard.up("h")
    expect(page.locator(".boxes")).to_have_css("opacity", "1")

    title = page.get_by_role("heading", level=1)
    expect(title).to_have_text(re.compile(r"Photograph \d+ of \d+"))
    here = title.inner_text()
    page.keyboard.press("n")
    page.wait_for_url(lambda url: field not in url)
    expect(title).to_have_text(re.compile(r"Photograph \d+ of \d+"))
    assert title.inner_text() != here
    page.keyboard.press("p")
    page.wait_for_url(f"**/fields/{field}")
    expect(title).to_have_text(here)


def test_mouse(open_page, field: str):
    page = open_page(f"/fields/{field}")
    frame = page.locator(".canvas-frame").bounding_box()
    assert frame
    middle = (frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2)
    whole = scale(page)
    page.mouse.move(*middle)
    for _ in range(4):
        page.mouse.wheel(0, -200)
    page.wait_for_timeout(100)
    assert scale(page) > 2 * whole
    before = corner(page)
    page.mouse.down()
    page.mouse.move(middle[0] + 40, middle[1] + 25, steps=4)
    page.mouse.up()
    after = corner(page)
    assert after == pytest.approx((before[0] + 40, before[1] + 25), abs=2)

    page.keyboard.press("0")
    box = page.locator(".boxes g").first
    box.hover()
    expect(page.locator(".cell-panel")).to_contain_text(box.get_attribute("data-cell") or "?")
    assert "?cell=" not in page.url
    box.click()
    assert page.url.endswith(f"?cell={box.get_attribute('data-cell')}")
    page.mouse.move(middle[0], frame["y"] - 30)
    expect(page.locator(".cell-panel")).to_contain_text(box.get_attribute("data-cell") or "?")


def test_two_fingers(open_page, field: str):
    page = open_page(f"/fields/{field}", "phone")
    frame = page.locator(".canvas-frame").bounding_box()
    assert frame
    x, y = frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2
    whole = scale(page)
    touch = page.context.new_cdp_session(page)

    def fingers(kind: str, apart: float) -> None:
        points = [{"x": x - apart, "y": y, "id": 0}, {"x": x + apart, "y": y, "id": 1}] if apart else []
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    fingers("touchStart", 30)
    for apart in (40, 60, 80, 90):
        fingers("touchMove", apart)
    fingers("touchEnd", 0)
    page.wait_for_timeout(100)
    assert scale(page) == pytest.approx(3 * whole, rel=0.15)


def test_nothing_of_the_name_of_the_file(open_page, field: str, workspace: Workspace):
    origin = browse.get_field(workspace, field).field.origin
    assert origin
    page = open_page(f"/fields/{field}")
    assert origin not in page.content()
