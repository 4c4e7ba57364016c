"""The gallery by class, as a technician uses it: keys, mouse, finger, a page at a time, and nothing lost on the way."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from buffycoat.domain.cell import Cell
from buffycoat.domain.label import Look
from buffycoat.domain.reading import RoundWish
from buffycoat.domain.sorting import GalleryLabel
from buffycoat.domain.value import derive_id
from buffycoat.workflows import reading
from buffycoat.workflows.people import demo_people
from buffycoat.workflows.sorting import arrange_cells
from buffycoat.workflows.workspace import Workspace, open_workspace

UNREAD = 20


@pytest.fixture
def sorting(demo_workspace: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A demo whose rounds are closed, with some cells that nobody has read."""
    folder = tmp_path / "workspace"
    shutil.copytree(demo_workspace, folder)
    with open_workspace(folder) as opened:
        people = {person.handle: person for person in demo_people(opened)}
        for campaign in reading.list_rounds(opened, people["ada"]):
            if not campaign.closed:
                reading.close_reading(opened, campaign.id, people["ada"])
        with opened.database.writing() as transaction:
            some = [cell for cell in transaction.find(Cell) if cell.crop is not None][:UNREAD]
            transaction.add([replace(cell, id=derive_id("cell", {"copy": n})) for n, cell in enumerate(some)])
        yield opened


# Asked for before `window`: then the windows are closed before the service ends that their pages still ask.
@pytest.fixture
def url(sorting: Workspace, serve: Callable) -> Iterator[str]:
    with serve(sorting) as address:
        yield address


def ready(page: Page) -> Page:
    """Wait until the cells in sight are there to be seen."""
    page.locator("[data-cell] img").first.wait_for()
    for _ in range(200):  # asked again and again: the page forbids waiting inside it
        page.wait_for_timeout(50)
        if page.evaluate(
            "[...document.querySelectorAll('[data-cell] img')].every((image) => image.complete && image.naturalWidth > 0)"
        ):
            break
    page.wait_for_timeout(150)
    return page


def tiles(page: Page, section: str = "") -> Locator:
    return page.locator(f"[data-cell][data-section='{section}']")


def count(page: Page, section: str) -> int:
    text = page.locator(f".rail-class[data-class='{section}'] .rail-count").inner_text()
    return int(re.split(r"\s", text)[0].replace(",", ""))


def all_sent(page: Page) -> None:
    page.locator("[data-waiting='0']").first.wait_for(state="attached", timeout=20_000)


def labels(workspace: Workspace) -> list[GalleryLabel]:
    with workspace.database.reading() as transaction:
        return sorted(transaction.find(GalleryLabel), key=lambda label: (label.given_at, label.event))


def test_keys_name_the_cell_under_the_mouse_then_the_one_with_the_focus(url: str, window, sorting: Workspace):
    page = ready(window(url, "/cells"))
    before, monocytes = count(page, ""), count(page, "monocyte")
    first = tiles(page).nth(0).get_attribute("data-cell")
    tiles(page).nth(1).hover()
    second = tiles(page).nth(1).get_attribute("data-cell")
    page.keyboard.press("Numpad9")
    expect(page.locator(f"[data-cell='{second}'][data-section='']")).to_have_count(0)
    assert (count(page, ""), count(page, "monocyte")) == (before - 1, monocytes + 1)
    # By keyboard alone: the focus stays in the class, so that the next key means the next cell.
    tiles(page).nth(0).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Digit8")
    expect(page.locator("[data-cell]:focus")).to_have_attribute("data-section", "")
    page.keyboard.press("Shift+Digit4")
    all_sent(page)
    given = labels(sorting)
    assert [label.term for label in given] == ["monocyte", "basophil", "lymphocyte"]
    assert [label.cell_id for label in given[:2]] == [second, first]
    assert {label.look for label in given} == {Look.GALLERY}
    expect(page.get_by_role("status").filter(has_text="1 cell: lymphocyte")).to_have_count(1)
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+Shift+z")
    all_sent(page)
    assert (count(page, ""), count(page, "monocyte")) == (before - 2, monocytes + 1)
    assert count(page, "basophil") == len(tiles_of(sorting, "basophil"))


def tiles_of(workspace: Workspace, term: str | None) -> set[str]:
    person = next(person for person in demo_people(workspace) if person.handle == "edna")
    found = arrange_cells(workspace, person, kept=True)
    return {cell for each in found.classes if each.term == term for cell in each.cells}


def test_several_are_chosen_and_dragged_to_a_class(url: str, window, sorting: Workspace):
    page = ready(window(url, "/cells"))
    before, smudges = count(page, ""), count(page, "smudge")
    tiles(page).nth(0).click(force=True)
    tiles(page).nth(2).click(modifiers=["Shift"], force=True)
    tiles(page).nth(4).click(modifiers=["Control"])
    assert page.locator("[aria-selected=true]").count() == 4
    cells = {tiles(page).nth(at).get_attribute("data-cell") for at in (0, 1, 2, 4)}
    start, end = tiles(page).nth(1).bounding_box(), page.locator(".rail-class[data-class=smudge]").bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 40, start["y"] + 40)
    page.mouse.down()
    page.mouse.move(start["x"] + 60, start["y"] + 60, steps=3)
    expect(page.locator(".carried-count")).to_have_text("4")
    page.mouse.move(end["x"] + 30, end["y"] + 10, steps=5)
    expect(page.locator(".rail-class[data-class=smudge]")).to_have_class(re.compile("target"))
    page.mouse.up()
    assert (count(page, ""), count(page, "smudge")) == (before - 4, smudges + 4)
    all_sent(page)
    assert {label.cell_id for label in labels(sorting)} == cells <= tiles_of(sorting, "smudge")
    # Let go of over nothing, or with Escape, nothing moves.
    start = tiles(page).nth(0).bounding_box()
    assert start
    page.mouse.move(start["x"] + 40, start["y"] + 40)
    page.mouse.down()
    page.mouse.move(end["x"] + 30, end["y"] + 10, steps=4)
    page.keyboard.press("Escape")
    page.mouse.up()
    assert count(page, "") == before - 4


def test_a_frame_and_a_loop_choose_what_they_hold(url: str, window):
    page = ready(window(url, "/cells"))
    one, other = tiles(page).nth(0).bounding_box(), tiles(page).nth(10).bounding_box()
    assert one
    assert other
    page.keyboard.down("Shift")
    page.mouse.move(one["x"] + 5, one["y"] + 5)
    page.mouse.down()
    page.mouse.move(other["x"] + 20, other["y"] + 20, steps=4)
    expect(page.locator(".stroke")).to_have_count(1)
    page.mouse.up()
    page.keyboard.up("Shift")
    columns = int(page.get_by_role("grid").get_attribute("aria-colcount") or 0)
    across = round((other["x"] - one["x"]) / (tiles(page).nth(1).bounding_box()["x"] - one["x"])) + 1
    assert page.locator("[aria-selected=true]").count() == across * (10 // columns + 1)
    page.keyboard.press("Escape")
    expect(page.locator("[aria-selected=true]")).to_have_count(0)
    page.get_by_role("button", name="Draw a loop around cells").click()
    middle = one["x"] + one["width"] / 2, one["y"] + one["height"] / 2
    page.mouse.move(middle[0] - 50, middle[1] - 50)
    page.mouse.down()
    for right, down in ((50, -50), (50, 50), (-50, 50), (-50, -45)):
        page.mouse.move(middle[0] + right, middle[1] + down, steps=3)
    page.mouse.up()
    expect(page.locator("[aria-selected=true]")).to_have_count(1)
    page.keyboard.press("Control+a")
    assert page.locator("[aria-selected=true]").count() > 10


def test_a_page_is_confirmed_as_it_stands(url: str, window, sorting: Workspace):
    page = ready(window(url, "/cells"))
    page.locator(".rail-class[data-class='neutrophil.segmented']").click()
    page.wait_for_timeout(300)
    ready(page)
    button = page.get_by_role("button", name=re.compile("^Confirm page"))
    meant = int(re.sub(r"\D", "", button.inner_text()))
    assert meant > 5
    page.keyboard.press("NumpadEnter")
    expect(page.get_by_role("status").filter(has_text=f"{meant} cells confirmed")).to_have_count(1)
    all_sent(page)
    given = labels(sorting)
    assert (len(given), {label.look for label in given}) == (meant, {Look.PAGE})
    shown = {cell: each.term for each in arrange_cells(sorting, None).classes for cell in each.cells}
    assert all(shown[label.cell_id] == label.term for label in given)
    # Confirming went on by a page; what was confirmed is not confirmed again.
    page.locator(".rail-class[data-class='neutrophil.segmented']").click()
    expect(button).to_have_text("Confirm page")
    page.keyboard.press("Control+z")
    all_sent(page)
    assert sum(label.withdrawn for label in labels(sorting)) == meant


def test_a_finger_taps_to_choose_and_carries_after_a_long_press(url: str, window, sorting: Workspace):
    page = ready(window(url, "/cells", size="phone"))
    before, basophils = count(page, ""), count(page, "basophil")
    tiles(page).nth(0).tap()
    tiles(page).nth(1).tap()
    assert page.locator("[aria-selected=true]").count() == 2
    page.locator(".rail-class[data-class=basophil]").tap()
    assert (count(page, ""), count(page, "basophil")) == (before - 2, basophils + 2)
    finger = page.context.new_cdp_session(page)
    start = tiles(page).nth(0).bounding_box()
    assert start
    x, y = start["x"] + 40, start["y"] + 40

    def touch(kind: str, *at: float) -> None:
        points = [{"x": at[0], "y": at[1]}] if at else []
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", x, y)
    page.wait_for_timeout(500)
    expect(page.locator(".sorting.carrying")).to_have_count(1)
    goal = page.locator(".rail-class[data-class=basophil]").bounding_box()
    assert goal
    for part in range(1, 9):
        touch("touchMove", x + (goal["x"] + 40 - x) * part / 8, y + (goal["y"] + 20 - y) * part / 8)
        page.wait_for_timeout(20)
    touch("touchEnd")
    expect(page.locator(".sorting.carrying")).to_have_count(0)
    assert count(page, "basophil") == basophils + 3
    all_sent(page)
    assert len(labels(sorting)) == 3


def test_nothing_is_lost_without_a_network_and_over_a_reload(url: str, window, sorting: Workspace):
    page = ready(window(url, "/cells"))
    page.route("**/api/labels", lambda route: route.abort("internetdisconnected"))
    before = count(page, "")
    for done in range(3):
        ready(page)  # nobody names a cell whose picture is not there yet
        tiles(page).nth(0).hover()
        page.keyboard.press("Digit7")
        expect(page.locator(".waiting-mark")).to_contain_text(f"{done + 1} waiting: no connection")
    page.reload()
    ready(page)
    assert count(page, "") == before - 3
    assert labels(sorting) == []
    page.locator(".waiting-mark").click()
    expect(page.get_by_role("dialog")).to_contain_text("3 labels of the gallery")
    with page.expect_request("**/api/labels"):
        page.get_by_role("button", name="Try now").click()
    page.unroute("**/api/labels")
    page.evaluate("dispatchEvent(new Event('online'))")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    all_sent(page)
    assert [label.term for label in labels(sorting)] == ["eosinophil"] * 3
    page.keyboard.press("Control+z")
    assert count(page, "") == before - 2, "undone over a reload"
    all_sent(page)
    assert len(labels(sorting)) == 4


def test_what_an_open_round_holds_stays_where_it_is(url: str, window, sorting: Workspace):
    people = {person.handle: person for person in demo_people(sorting)}
    reading.open_reading(sorting, RoundWish(name="now", experts=(people["edna"].id,)), people["carla"])
    page = ready(window(url, "/cells"))
    assert page.locator(".tile-mark.locked").count() > 5
    assert count(page, "monocyte") == 0
    tiles(page).nth(0).hover()
    page.keyboard.press("Digit9")
    assert count(page, "monocyte") == 0
    expect(tiles(page).nth(0)).to_have_attribute("aria-disabled", "true")
    expect(tiles(page).nth(0)).to_have_attribute("aria-label", re.compile("held by an open round"))
    # Nor can it be chosen, whichever way: by clicks, by keys, by a frame, with the page.
    tiles(page).nth(0).click(force=True)
    tiles(page).nth(2).click(modifiers=["Shift"], force=True)
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Control+a")
    first, third = tiles(page).nth(0).bounding_box(), tiles(page).nth(2).bounding_box()
    assert first
    assert third
    page.keyboard.down("Shift")
    page.mouse.move(first["x"] + 5, first["y"] + 5)
    page.mouse.down()
    page.mouse.move(third["x"] + 40, third["y"] + 40, steps=5)
    page.mouse.up()
    page.keyboard.up("Shift")
    expect(page.locator("[data-cell][aria-selected=true]")).to_have_count(0)
    expect(page.locator(".chosen-line")).to_have_count(0)
    assert labels(sorting) == []


def test_a_viewer_looks_and_moves_nothing(url: str, window):
    page = window(url, "/cells?view=classes", "vera")
    ready(page)
    assert page.locator(".sort-tools button").count() == 0
    before = count(page, "")
    tiles(page).nth(0).hover()
    page.keyboard.press("Digit9")
    assert count(page, "") == before
    tiles(page).nth(0).dblclick()
    page.get_by_role("dialog").wait_for()


def test_looks(url: str, window, serious, look, screens: Path):
    page = ready(window(url, "/cells", **look.window))
    if look.size == "desk":
        tiles(page).nth(1).click()
        tiles(page).nth(3).click(modifiers=["Shift"])
    else:
        tiles(page).nth(1).tap()
    page.screenshot(path=screens / look.file("sorting-chosen"))
    assert serious(page) == []
    page.keyboard.press("Digit9")
    page.locator(".rail-class[data-class=monocyte]").click()
    page.wait_for_timeout(400)
    page.keyboard.press("Control+Enter")
    page.wait_for_timeout(400)
    page.locator(".rail-class[data-class=monocyte]").click()
    page.wait_for_timeout(400)
    page.screenshot(path=screens / look.file("sorting"))
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    clipped = """[...document.querySelectorAll('.rail-class, .sort-tools, .section-head, .view-choice, .page-head')]
        .filter((each) => each.scrollWidth > each.clientWidth + 1).map((each) => each.outerHTML.slice(0, 150))"""
    assert page.evaluate(clipped) == []
    small = """[...document.querySelectorAll('.sort-tools button, .rail button, .view-choice button')]
        .filter((each) => each.checkVisibility()).map((each) => each.getBoundingClientRect())
        .filter(({height, width}) => Math.min(height, width) < 43.5).length"""
    if look.size != "desk":
        assert page.evaluate(small) == 0
