"""A set that came without its photographs: calm pages, no broken picture, no complaint."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from buffycoat.workflows import browse
from buffycoat.workflows.importing.sets import import_set
from buffycoat.workflows.workspace import Workspace, open_workspace

PAIRS = [("Neutrophil", "Neutrophil"), ("Small Lymph", "Large Lymph"), ("Monocyte", ""), ("", ""), ("Band", "Band")]
FACTS = {"Zoom": "100x", "Stain Method": "Giemsa", "Film Label": "Normal", "Camera": "C", "Microscop": "M"}


def label_file(film: str, photograph: int) -> dict[str, object]:
    """One of Raabin's label files, made up: five boxes, of which two overlap the next row."""
    cells = {
        f"Cell_{place}": {
            "Label1": first,
            "Label2": second,
            "x1": str(400 + 900 * place),
            "x2": str(400 + 900 * place + 575),
            "y1": str(300 + 430 * ((place + photograph) % 4)),
            "y2": str(300 + 430 * ((place + photograph) % 4) + 575),
            "Cell_ID": f"{photograph}_{place}.bmp",
        }
        for place, (first, second) in enumerate(PAIRS)
    }
    return cells | FACTS | {"Film ID": film, "Cell Numbers": len(cells)}


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder = tmp_path_factory.mktemp("bare")
    (folder / "films").mkdir()
    for film in ("95-1-1-1", "95-1-1-2"):
        for photograph in range(6):
            name = f"{film}_{photograph}.json"
            (folder / "films" / name).write_text(json.dumps(label_file(film, photograph)))
    with open_workspace(folder / "films-of-a-laboratory", create=True) as opened:
        assert import_set(opened, folder / "films", name="films").without_pixels == 12
        yield opened


@pytest.fixture(scope="module")
def site(bare: Workspace, serve: Callable[[Workspace], AbstractContextManager[str]]) -> Iterator[str]:
    with serve(bare) as url:
        yield url


@pytest.fixture(scope="module")
def paths(bare: Workspace) -> dict[str, str]:
    view = browse.list_cells(bare, query="double-labeled").items[0]
    return {
        "home": "/",
        "smear": f"/smears/{view.smear_id}",
        "field": f"/fields/{view.cell.field_id}",
        "field-at-cell": f"/fields/{view.cell.field_id}?cell={view.cell.id}",
        "gallery": "/cells",
        "cell": f"/cells?cell={view.cell.id}",
    }


def pictures_asked(page: Page) -> list[str]:
    return page.evaluate(
        "performance.getEntriesByType('resource').map((each) => each.name).filter((name) => name.includes('/picture'))"
    )


@pytest.mark.parametrize("look", ["desk-light-en", "phone-dark-fa"], indirect=True)
@pytest.mark.parametrize("name", ["home", "smear", "field", "field-at-cell", "gallery", "cell"])
def test_page_asks_for_no_picture_and_says_why(
    open_page, site: str, paths: dict[str, str], look, name: str, screens: Path
):
    page = open_page(site + paths[name], **look.window)
    page.locator(".absent").first.wait_for()
    page.screenshot(
        path=screens / look.file(f"without-photographs-{name}"),
        full_page=name == "field-at-cell" and look.size == "phone",
    )
    assert pictures_asked(page) == []
    assert page.locator("img:not([src='/mark.svg'])").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    word = {"en": "Came without its photograph", "fa": "بدون عکس آمده است"}[look.locale]
    expect(page.locator(".absent").first).to_contain_text(word)


def test_boxes_lie_on_a_plain_ground_and_can_be_walked(open_page, site: str, paths: dict[str, str]):
    page = open_page(site + paths["field"])
    boxes = page.locator(".boxes g")
    expect(boxes).to_have_count(len(PAIRS))
    frame = page.locator(".stage").bounding_box()
    assert frame
    for box in boxes.locator(".line").all():
        seen = box.bounding_box()
        assert seen
        assert frame["x"] <= seen["x"] <= seen["x"] + seen["width"] <= frame["x"] + frame["width"]
        assert frame["y"] <= seen["y"] <= seen["y"] + seen["height"] <= frame["y"] + frame["height"]
    page.keyboard.press("n")
    page.wait_for_url(lambda url: paths["field"] not in url)
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"Photograph \d+ of 6"))
    expect(boxes).to_have_count(len(PAIRS))
    page.wait_for_timeout(300)
    assert pictures_asked(page) == [], "neighbors are not fetched ahead either"


def test_how_a_kind_looks_is_told_with_its_sources(open_page, site: str, paths: dict[str, str], screens: Path):
    page = open_page(site + paths["cell"])
    page.get_by_text("How to know it:").click()
    about = page.locator(".term-facts")
    expect(about).to_contain_text("This is no diagnosis.")
    expect(about).to_contain_text("Kouzehkanan")
    page.screenshot(path=screens / "without-photographs-cell-kind-1440x900-desk-light-en.png")


def test_from_a_query_to_its_boxes(open_page, site: str):
    page = open_page(f"{site}/cells")
    expect(page.locator(".count")).to_have_text("60 cells")
    page.get_by_role("button", name=re.compile("Saved query")).click()
    page.get_by_role("option", name="The experts differ").click()
    expect(page.locator(".count")).to_have_text("12 cells")
    page.get_by_role("button", name=re.compile("^Cell 1,")).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Came without its photograph")
    dialog.get_by_role("link", name="Show its box").click()
    page.wait_for_url("**/fields/**")
    expect(page.locator(".cell-panel")).to_contain_text("disputed")


def test_a_query_that_is_not_there_is_told(browser, site: str):
    page = browser.new_page(base_url=site)
    page.goto("/cells?query=of-nobody")
    page.get_by_role("alert").get_by_text("no saved query has this name").wait_for()
    page.get_by_role("button", name="Clear filters").click()
    expect(page.locator(".count")).to_have_text("60 cells")
    page.close()
