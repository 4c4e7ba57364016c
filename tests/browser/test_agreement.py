"""The matrix of two experts: what it counts, where its numbers lead, and how it looks on three sizes of window."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from browser_pages import wait_until
from playwright.sync_api import Page, expect

from buffycoat.domain.taxonomy import RAABIN
from buffycoat.workflows import browse
from buffycoat.workflows.workspace import Workspace

PHONE, TABLET, DESK = (390, 844), (820, 1180), (1440, 900)
ROOT = Path(__file__).parents[2]
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
SCREENS = ROOT / "tests" / "screens"
LOOKS = {
    "desk-light-en": (DESK, False, "en"),
    "desk-dark-fa": (DESK, True, "fa"),
    "tablet-light-en": (TABLET, False, "en"),
    "tablet-light-fa": (TABLET, False, "fa"),
    "phone-light-en": (PHONE, False, "en"),
    "phone-dark-fa": (PHONE, True, "fa"),
}
SMALLEST_TARGET = 44
CLICKED = ("neutrophil.segmented", "neutrophil.band")
BAR_OUT = """(width) => [...document.querySelectorAll('.top > *, .top-end > *')]
    .filter((each) => each.getBoundingClientRect().left < 0 || each.getBoundingClientRect().right > width)
    .map((each) => each.className)"""
READ_TABLE = """() => [...document.querySelectorAll('table.matrix tbody tr')].map((row) => [
    row.dataset.key, Object.fromEntries([...row.querySelectorAll('td')].map((cell, at) => [
        document.querySelectorAll('table.matrix thead th')[at + 1].dataset.key ?? 'total', cell.innerText.trim()]))])"""


def table(page: Page) -> dict[str, dict[str, str]]:
    """What stands in the matrix as it is read on the screen: row to column to number; "-" is no label."""
    page.locator("table.matrix").wait_for()
    return dict(page.evaluate(READ_TABLE))


def number(page: Page, row: str, column: str):
    heads = page.evaluate("[...document.querySelectorAll('table.matrix thead th')].map((each) => each.dataset.key)")
    return page.locator(f"tbody tr[data-key='{row}'] td").nth(heads.index(column) - 1).get_by_role("link")


@pytest.fixture(scope="module")
def raabin(raabin_labels: Workspace, serve: Callable[[Workspace], AbstractContextManager[str]]) -> Iterator[str]:
    with serve(raabin_labels) as url:
        yield url


def serious(page: Page) -> list[str]:
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:160]}"
        for each in found["violations"]
        if each["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("which", ["demo", "raabin"])
def test_the_page_keeps_nobody_out(open_page, raabin: str, look: str, which: str):
    size, dark, locale = LOOKS[look]
    path = "/agreement" if which == "demo" else f"{raabin}/agreement/raabin"
    page = open_page(path, size, dark=dark, locale=locale)
    page.locator("table.matrix").wait_for()
    SCREENS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENS / f"agreement-{which}-{size[0]}x{size[1]}-{look}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    # A phone's window grows with what does not fit: the size that was asked for counts.
    assert page.evaluate(BAR_OUT, size[0]) == []
    assert page.evaluate("document.documentElement.dir") == ("rtl" if locale == "fa" else "ltr")
    assert serious(page) == []
    assert page.get_by_role("note").count() == (which == "demo"), "what is simulated is marked, and nothing else"
    heads = page.evaluate(
        "[...document.querySelectorAll('table.matrix thead th')].map((each) => each.getBoundingClientRect().x)"
    )
    assert heads == sorted(heads), "the axes are mirrored in no language"
    small = page.evaluate(
        """(smallest) => [...document.querySelectorAll('main a, main button')]
            .filter((each) => each.checkVisibility({visibilityProperty: true}))
            .filter((each) => Math.min(each.getBoundingClientRect().width, each.getBoundingClientRect().height) < smallest - 0.5)
            .map((each) => each.outerHTML.slice(0, 120))""",
        SMALLEST_TARGET,
    )
    assert size != PHONE or small == []


def test_the_matrix_of_raabin_is_that_of_the_stored_figures(open_page, raabin: str, data: Path):
    stats = json.loads((data / "raabin_json" / "stats.json").read_text())
    keys = ["-" if word is None else RAABIN.read(word).key for word in stats["labels"]]
    page = open_page(f"{raabin}/agreement/raabin")
    shown = table(page)
    assert set(shown) == set(keys)
    found = [[int(shown[row][column].replace(",", "")) for column in keys] for row in keys]
    assert found == stats["agreement_rows_label1_cols_label2"]
    figure = {name: page.locator(f"[data-figure={name}] .big").first.inner_text() for name in ("raw", "kappa")}
    assert figure == {"raw": "95.46%", "kappa": "0.942"}
    assert page.locator(".pairs ol > li").first.locator(".pair-count").all_inner_texts() == ["17", "167"]


def test_a_number_opens_the_gallery_of_exactly_those_cells(open_page, raabin: str):
    page = open_page(f"{raabin}/agreement/raabin")
    row, column = CLICKED
    link = number(page, row, column)
    assert link.inner_text() == "134"
    expect(link).to_have_accessible_name(
        "134 cells: raabin expert 1 segmented neutrophil, raabin expert 2 band neutrophil"
    )
    link.click()
    page.wait_for_url("**/cells?**")
    assert parse_qs(urlsplit(page.url).query) == {
        "round": ["raabin"],
        "level": ["full"],
        "first": [row],
        "second": [column],
    }
    page.get_by_text("134 cells", exact=True).wait_for()
    page.reload()
    page.get_by_text("134 cells", exact=True).wait_for()
    chip = page.get_by_role("group", name="Round raabin")
    expect(chip).to_contain_text("raabin expert 2")
    chip.get_by_role("button", name="Show all answers").click()
    page.get_by_text("36,624 cells", exact=True).wait_for()
    assert parse_qs(urlsplit(page.url).query) == {}
    page.go_back()
    page.locator("table.matrix").wait_for()


@pytest.mark.parametrize("level", ["full", "five-class", "lineage", "differential"])
def test_the_matrix_at_every_level_is_that_of_the_report(open_page, workspace: Workspace, level: str):
    shown = table(open_page(f"/agreement/demo?level={level}&all=1"))
    report = browse.agreement(workspace, round_name="demo", level=level)
    keys = [row.key or "-" for row in report.rows]
    assert [[shown[row][column] for column in keys] for row in keys] == [[str(n) for n in row] for row in report.matrix]


@pytest.mark.parametrize("look", ["desk-light-en", "phone-dark-fa"])
def test_the_gallery_says_which_number_it_shows(open_page, raabin: str, look: str):
    size, dark, locale = LOOKS[look]
    where = "/cells?round=raabin&level=five-class&first=lymphocyte&second=-"
    page = open_page(f"{raabin}{where}", size, dark=dark, locale=locale)
    page.screenshot(path=SCREENS / f"agreement-cells-{size[0]}x{size[1]}-{look}.png")
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert serious(page) == []
    chip = page.locator(".chip")
    assert chip.get_by_role("button").bounding_box()["height"] >= (SMALLEST_TARGET if size == PHONE else 36) - 0.5
    chip.get_by_role("link").click()
    page.wait_for_url("**/agreement/raabin?level=five-class")


def test_heads_stay_in_sight_on_a_phone(open_page, raabin: str):
    page = open_page(f"{raabin}/agreement/raabin?view=shares", PHONE)
    box = page.locator(".matrix-box")
    before = box.bounding_box()
    number(page, "artifact", "not-recognized").evaluate("(each) => each.focus()")
    box.evaluate("(each) => each.scrollTo(400, 300)")
    page.wait_for_timeout(100)
    page.screenshot(path=SCREENS / "agreement-scrolled-390x844-phone-light-en.png")
    row = page.locator("tr[data-key=artifact] th").bounding_box()
    head = page.locator("thead th[data-key=not-recognized]").bounding_box()
    corner = page.locator("thead th.corner").bounding_box()
    assert abs(row["x"] - corner["x"]) < 2
    assert abs(head["y"] - corner["y"]) < 2
    assert before["width"] <= PHONE[0]
    assert page.evaluate("window.scrollX") == 0


def test_shares_levels_and_unused_rows_stand_in_the_address(open_page, raabin: str):
    page = open_page(f"{raabin}/agreement")
    page.get_by_role("radio", name="Row %").click()
    page.wait_for_url("**view=shares")
    assert table(page)["neutrophil.segmented"]["neutrophil.band"] == "1.2"
    assert table(page)["neutrophil.segmented"]["lymphocyte.small"] == "<0.1"
    page.get_by_role("button", name=re.compile("Classes$")).click()
    page.get_by_role("option", name="Five classes").click()
    page.wait_for_url("**/agreement/raabin?level=five-class**")
    page.get_by_role("radio", name="Counts").click()
    expect(page.locator("tr[data-key=lymphocyte] td").nth(1)).to_have_text("4,041")
    assert table(page)["neutrophil"]["neutrophil"] == "9,754"
    page.get_by_role("button", name="Show them").click()
    assert len(table(page)) > 13
    page.get_by_role("button", name="Hide what nobody used").click()


def test_by_keyboard(open_page, raabin: str):
    page = open_page(f"{raabin}/agreement/raabin")
    table(page)
    for _ in range(40):
        page.keyboard.press("Tab")
        at = page.evaluate("document.activeElement.dataset.at")
        if at:
            break
    place = lambda: page.evaluate("document.activeElement.closest('td')?.dataset.count")  # noqa: E731 (asked often)
    first = page.evaluate("document.activeElement.closest('tr').dataset.key")
    assert (first, place()) == ("neutrophil.segmented", "9754")
    page.keyboard.press("ArrowRight")
    assert place() == "134"
    page.keyboard.press("ArrowDown")
    assert place() == "310"
    page.keyboard.press("End")
    page.keyboard.press("Home")
    assert place() == "26"
    page.keyboard.press("Enter")
    page.wait_for_url("**/cells?**")
    page.get_by_text("26 cells", exact=True).wait_for()


def test_copied_as_a_table(open_page, raabin: str, data: Path):
    page = open_page(f"{raabin}/agreement/raabin")
    table(page)
    page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    page.get_by_role("button", name="Copy as CSV").click()
    page.get_by_role("status").get_by_text("Copied").wait_for()
    rows = list(csv.reader(io.StringIO(page.evaluate("window.copied"))))
    assert rows[0][0] == "raabin expert 1 (rows), raabin expert 2 (columns)"
    assert rows[-1] == ["total", *rows[-1][1:]]
    assert int(rows[-1][-1]) == 36624
    assert all(sum(map(int, row[1:-1])) == int(row[-1]) for row in rows[1:])
    page.get_by_role("button", name="Copy as LaTeX").click()
    wait_until(page, "window.copied.startsWith('%')")
    text = page.evaluate("window.copied")
    assert text.count("\\\\\n") == len(rows)
    assert "9754 & 134" in text
    page.evaluate("navigator.clipboard.writeText = () => Promise.reject(new Error('none')); void 0")
    page.get_by_role("button", name="Copy as CSV").click()
    assert page.get_by_role("textbox").input_value().startswith('"raabin expert 1 (rows)')


def test_nothing_is_told_of_a_round_that_is_open_or_not_there(browser, address: str):
    page = browser.new_page(base_url=address)
    said = []
    for name in ("demo-reading", "demo-leading"):
        page.goto(f"/agreement/{name}")
        said.append(page.get_by_role("alert").inner_text().replace(name, "NAME"))
        page.goto(f"/cells?round={name}&first=monocyte")
        said.append(page.get_by_role("alert").inner_text().replace(name, "NAME"))
    assert said[:2] == said[2:]
    page.close()
