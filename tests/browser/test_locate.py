"""Boxes put, moved, resized, accepted and removed by mouse, fingers, pen and keys; looked at in three sizes."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from buffycoat.domain.account import Person
from buffycoat.domain.locating import BoxState, LocatedBox
from buffycoat.workflows import browse, locating
from buffycoat.workflows.workspace import Workspace

Window = Callable[..., Page]
Point = tuple[float, float]


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


def opened(window: Window, site: str, field: str, size: str = "desk", **more: Any) -> Page:
    page = window(site, f"/fields/{field}/locate", "edna", size, **more)
    page.locator(".edit-boxes > g[role=button]").first.wait_for()
    return page


def all_sent(page: Page) -> None:
    page.locator("[data-waiting='0']").first.wait_for(state="attached", timeout=20_000)


def boxes(page: Page) -> list[str]:
    found: list[str] = page.evaluate("[...document.querySelectorAll('.edit-boxes > [data-box]')].map((each) => each.dataset.box)")  # fmt: skip
    return found


def line(page: Page, box: str) -> dict[str, float]:
    found = page.locator(f"[data-box='{box}'] .line").bounding_box()
    assert found
    return dict(found)


def middle(page: Page, box: str) -> Point:
    found = line(page, box)
    return found["x"] + found["width"] / 2, found["y"] + found["height"] / 2


def scale(page: Page) -> float:
    return float(page.evaluate("new DOMMatrix(getComputedStyle(document.querySelector('.stage')).transform).a"))


def an_inner_box(page: Page) -> str:
    """One that can be moved by a few pixels, and that no other box lies on."""
    frame = page.locator(".stage").bounding_box()
    assert frame
    places = {box: line(page, box) for box in boxes(page)}

    def free(box: str) -> bool:
        here = places[box]
        inside = (
            here["x"] > frame["x"] + 40
            and here["y"] > frame["y"] + 40
            and here["x"] + here["width"] < frame["x"] + frame["width"] - 40
            and here["y"] + here["height"] < frame["y"] + frame["height"] - 40
        )
        x, y = here["x"] + here["width"] / 2, here["y"] + here["height"] / 2
        return inside and not any(
            other != box
            and there["x"] < x < there["x"] + there["width"]
            and there["y"] < y < there["y"] + there["height"]
            for other, there in places.items()
        )

    return next(box for box in places if free(box))


def an_empty_place(page: Page, apart: float = 24) -> Point:
    """Away from all boxes, on the screen."""
    frame = page.locator(".stage").bounding_box()
    assert frame
    places = [line(page, box) for box in boxes(page)]
    x, y = frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2
    steps = sorted(itertools.product(range(-9, 10), repeat=2), key=lambda step: (math.hypot(*step), step))
    places_to_try = ((x + frame["width"] * right / 24, y + frame["height"] * down / 24) for right, down in steps)
    return next(
        at
        for at in places_to_try
        if not any(
            each["x"] - apart < at[0] < each["x"] + each["width"] + apart
            and each["y"] - apart < at[1] < each["y"] + each["height"] + apart
            for each in places
        )
    )


def test_a_click_puts_a_box_and_a_drag_moves_and_resizes(window: Window, site: str, field: str, told):
    page = opened(window, site, field)
    before = set(boxes(page))
    sides = sorted(math.floor((each.place.width + each.place.height) / 2 + 0.5) for each in told().values())
    x, y = an_empty_place(page)
    page.mouse.click(x, y)
    (new,) = set(boxes(page)) - before
    all_sent(page)
    side = told()[new].place.width
    assert told()[new].place.height == side == sides[(len(sides) - 1) // 2], "as large as those around it usually are"
    assert told()[new].state is BoxState.DRAWN
    assert middle(page, new) == pytest.approx((x, y), abs=2)

    page.mouse.move(*middle(page, new))
    page.mouse.down()
    page.mouse.move(x + 30, y - 20, steps=5)
    page.mouse.up()
    assert middle(page, new) == pytest.approx((x + 30, y - 20), abs=2)
    corner = line(page, new)
    page.mouse.move(corner["x"] + corner["width"], corner["y"] + corner["height"])
    page.mouse.down()
    page.mouse.move(corner["x"] + corner["width"] - 25, corner["y"] + corner["height"] - 15, steps=5)
    page.mouse.up()
    after = line(page, new)
    assert (after["x"], after["y"]) == pytest.approx((corner["x"], corner["y"]), abs=1)
    assert after["width"] == pytest.approx(corner["width"] - 25, abs=2)
    assert after["height"] == pytest.approx(corner["height"] - 15, abs=2)
    all_sent(page)
    assert told()[new].place.width == pytest.approx(side - 25 / scale(page), abs=3)
    held = told()
    page.mouse.click(*an_empty_place(page))
    all_sent(page)
    (second,) = set(told()) - set(held)
    larger = max(held[new].place.width, held[new].place.height)
    assert told()[second].place.width == told()[second].place.height == larger, "as large as the last one was made"


def test_the_menu_of_the_other_button(window: Window, site: str, field: str, told):
    page = opened(window, site, field)
    box = an_inner_box(page)
    page.mouse.click(*middle(page, box), button="right")
    page.get_by_role("menuitem", name="Accept").click()
    expect(page.locator(f"[data-box='{box}']")).to_have_class("accepted chosen")
    page.mouse.click(*middle(page, box), button="right")
    page.get_by_role("menuitem", name="As suggested").wait_for()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_have_count(0)
    page.mouse.click(*middle(page, box), button="right")
    page.get_by_role("menuitem", name="Remove").click()
    assert box not in boxes(page)
    all_sent(page)
    assert told()[box].state is BoxState.REMOVED
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Bring back 1 removed one").click()
    assert box in boxes(page)
    all_sent(page)
    assert told()[box].state is BoxState.SUGGESTED


def test_all_by_keyboard_alone(window: Window, site: str, field: str, told):
    page = opened(window, site, field)
    first, second, *_ = boxes(page)
    page.locator(f"[data-box='{first}']").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.box") == second
    expect(page.locator(f"[data-box='{second}']")).to_have_attribute("aria-pressed", "true")
    name = page.locator(f"[data-box='{second}']").get_attribute("aria-label") or ""
    assert name.startswith("Box 2 of ")
    assert name.endswith(", suggested")

    page.keyboard.press("n")
    (new,) = set(boxes(page)) - set(told())
    all_sent(page)
    start = told()[new].place
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("]")
    page.keyboard.press("Shift+[")
    page.keyboard.press("Control+ArrowRight")
    all_sent(page)
    moved = told()[new].place
    grown = 1 - 10
    assert (moved.left, moved.top) == (start.left + 1 - grown, start.top + 10 - grown)
    assert (moved.width, moved.height) == (start.width + 2 * grown + 1, start.height + 2 * grown)

    page.keyboard.press("Numpad5")
    all_sent(page)
    assert told()[new].term == "neutrophil.segmented"
    for _ in range(7):
        page.keyboard.press("Control+z")
    assert new not in boxes(page)
    page.keyboard.press("Control+Shift+z")
    assert new in boxes(page)
    all_sent(page)
    assert told()[new].place == start


def test_accepting_removing_hiding_and_going_on_by_keyboard(window: Window, site: str, field: str, told):
    page = opened(window, site, field)
    first = boxes(page)[0]
    page.locator(f"[data-box='{first}']").focus()
    page.keyboard.press("Delete")
    assert first not in boxes(page)
    page.keyboard.press("Control+Enter")
    all_sent(page)
    states = {each.state for each in told().values()}
    assert states == {BoxState.ACCEPTED, BoxState.REMOVED}
    page.keyboard.press("Control+z")
    all_sent(page)
    assert BoxState.SUGGESTED in {each.state for each in told().values()}

    page.keyboard.down("h")
    expect(page.locator(".edit-boxes")).to_have_css("opacity", "0")
    page.keyboard.up("h")
    expect(page.locator(".edit-boxes")).to_have_css("opacity", "1")
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keys of Locate").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    page.wait_for_url(lambda url: field not in url and url.endswith("/locate"))
    page.keyboard.press("d")
    page.wait_for_url(f"**/fields/{field}/locate")


def test_a_type_goes_along_and_is_shown_to_nobody_else(window: Window, site: str, field: str, told):
    page = opened(window, site, field)
    page.mouse.click(*an_empty_place(page))
    (new,) = set(boxes(page)) - set(told())
    place = boxes(page).index(new)
    after = boxes(page)[min(place + 1, len(boxes(page)) - 1)]
    page.keyboard.press("Digit9")
    expect(page.locator(f"[data-box='{after}']")).to_have_attribute("aria-pressed", "true")
    page.locator(f"[data-box='{new}']").focus()
    page.keyboard.press("ArrowRight")
    all_sent(page)
    assert (told()[new].state, told()[new].term) == (BoxState.DRAWN, "monocyte")
    assert page.locator(f"[data-box='{new}']").get_attribute("aria-label") == f"Box {place + 1} of {len(boxes(page))}, drawn, monocyte"  # fmt: skip
    other = window(site, f"/fields/{field}/locate", "emil")
    expect(other.locator(f"[data-box='{new}']")).to_have_attribute(
        "aria-label", f"Box {place + 1} of {len(boxes(page))}, drawn"
    )
    assert other.locator(".tag").count() == 0


class Fingers:
    """Touches as a screen reports them."""

    def __init__(self, page: Page) -> None:
        self.cdp: CDPSession = page.context.new_cdp_session(page)

    def send(self, kind: str, *points: Point) -> None:
        touches = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        self.cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    def drag(self, start: Point, end: Point, *, up: bool = True) -> None:
        self.send("touchStart", start)
        for part in range(1, 7):
            self.send("touchMove", tuple(a + (b - a) * part / 6 for a, b in zip(start, end, strict=True)))  # type: ignore[arg-type]  # (a pair stays a pair)
        if up:
            self.send("touchEnd")


def test_fingers_tap_drag_pinch_and_press_long(window: Window, site: str, field: str, told, screens: Path, eventually):
    page = opened(window, site, field, "phone")
    fingers = Fingers(page)
    before = set(boxes(page))
    x, y = an_empty_place(page)
    fingers.send("touchStart", (x, y))
    fingers.send("touchEnd")
    eventually(lambda: len(set(boxes(page)) - before), 1)
    (new,) = set(boxes(page)) - before
    assert middle(page, new) == pytest.approx((x, y), abs=2)

    fingers.drag(middle(page, new), (x + 24, y + 18), up=False)
    page.locator(".loupe").wait_for()
    loupe = page.locator(".loupe").bounding_box()
    assert loupe
    assert loupe["y"] + loupe["height"] < y + 18, "above the finger, which hides what is below it"
    page.screenshot(path=screens / "locate-loupe-390x844.png")
    fingers.send("touchEnd")
    expect(page.locator(".loupe")).to_have_count(0)
    assert middle(page, new) == pytest.approx((x + 24, y + 18), abs=2)

    whole, count = scale(page), len(boxes(page))
    fingers.send("touchStart", (x - 20, y), (x + 20, y))
    for apart in (30, 40, 50, 60):
        fingers.send("touchMove", (x - apart, y), (x + apart, y))
    fingers.send("touchEnd")
    eventually(lambda: scale(page), pytest.approx(3 * whole, rel=0.15))
    assert len(boxes(page)) == count, "a pinch puts and moves nothing"
    all_sent(page)
    held = told()
    page.get_by_role("button", name="Fit").click()

    box = an_inner_box(page)
    at = middle(page, box)
    fingers.send("touchStart", at)
    page.get_by_role("menu").wait_for()
    fingers.send("touchEnd")
    page.screenshot(path=screens / "locate-menu-390x844.png")
    page.get_by_role("menuitem", name="Zoom to it").tap()
    eventually(lambda: scale(page) > whole * 1.5, wanted=True)
    assert told() == held


def test_a_drag_that_the_system_takes_away_moves_nothing(window: Window, site: str, field: str, told, eventually):
    page = opened(window, site, field, "phone")
    fingers = Fingers(page)
    box = an_inner_box(page)
    before = line(page, box)
    x, y = middle(page, box)
    fingers.drag((x, y), (x + 20, y + 20), up=False)
    eventually(lambda: line(page, box) != before, wanted=True)
    fingers.send("touchCancel")
    eventually(lambda: line(page, box), before)
    assert told()[box].state is BoxState.SUGGESTED


def test_beside_a_pen_the_palm_draws_nothing(window: Window, site: str, field: str, eventually):
    page = opened(window, site, field, "tablet")
    fingers = Fingers(page)
    x, y = an_empty_place(page)
    pen = {"pointerType": "pen", "button": "left", "clickCount": 1}
    fingers.cdp.send("Input.dispatchMouseEvent", {"type": "mousePressed", "x": x, "y": y, **pen})
    fingers.cdp.send("Input.dispatchMouseEvent", {"type": "mouseReleased", "x": x, "y": y, **pen})
    eventually(page.locator(".chosen").count, 1)
    count = len(boxes(page))
    fingers.send("touchStart", (x + 60, y + 60))
    fingers.send("touchEnd")
    page.wait_for_timeout(50)
    assert len(boxes(page)) == count
    box = an_inner_box(page)
    before = page.locator(f"[data-box='{box}'] .line").get_attribute("width")
    where = told_place(page, box)
    fingers.drag(middle(page, box), (middle(page, box)[0] + 30, middle(page, box)[1]))
    page.wait_for_timeout(50)
    assert page.locator(f"[data-box='{box}'] .line").get_attribute("width") == before
    assert told_place(page, box) == pytest.approx(where, abs=0.01), "the view may move, the box stays on its cell"


def told_place(page: Page, box: str) -> tuple[float, float]:
    """Where a box lies on the photograph, whatever the view."""
    stage = page.locator(".stage").bounding_box()
    assert stage
    here = line(page, box)
    return (here["x"] - stage["x"]) / stage["width"], (here["y"] - stage["y"]) / stage["height"]


def test_what_is_done_without_a_network_waits_and_outlives_the_page(window: Window, site: str, field: str, told):
    page = opened(window, site, field)
    box = an_inner_box(page)
    page.context.set_offline(True)
    page.locator(f"[data-box='{box}']").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".waiting-mark")).to_contain_text("1 waiting: no connection")
    page.route("**/boxes", lambda route: route.abort("internetdisconnected"))
    page.context.set_offline(False)
    page.reload()
    page.locator(f"[data-box='{box}']").wait_for()
    expect(page.locator(f"[data-box='{box}']")).to_have_class("accepted")
    assert told()[box].state is BoxState.SUGGESTED
    page.unroute("**/boxes")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    all_sent(page)
    assert told()[box].state is BoxState.ACCEPTED
