"""The page of the differential count: figures, an entered count, reference intervals, and how it looks and prints."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from buffycoat.workflows.differential import differential, find_smear
from buffycoat.workflows.differential_reference import example_reference

PHONE, TABLET, DESK = (390, 844), (820, 1180), (1440, 900)
SCREENS = Path(__file__).parents[2] / "tests" / "screens"
LOOKS = {
    "desk-light-en": (DESK, False, "en"),
    "desk-dark-fa": (DESK, True, "fa"),
    "tablet-dark-en": (TABLET, True, "en"),
    "tablet-light-fa": (TABLET, False, "fa"),
    "phone-light-en": (PHONE, False, "en"),
    "phone-dark-fa": (PHONE, True, "fa"),
}
CUT = """() => [...document.querySelectorAll('main th, main td, main dt, main dd, main p, main h2, main .card, main .button')]
    .filter((each) => each.checkVisibility() && !each.closest('.unseen, .scroll-sideways'))
    .filter((each) => each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0)
    .map((each) => each.outerHTML.slice(0, 120))"""
SMALL = """(smallest) => [...document.querySelectorAll('main a, main button, main summary, main label.check, main input:not([type=checkbox]):not([type=file])')]
    .filter((each) => each.checkVisibility({visibilityProperty: true}))
    .filter((each) => Math.min(each.getBoundingClientRect().width, each.getBoundingClientRect().height) < smallest - 0.5)
    .map((each) => each.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def smear(studio) -> str:
    return find_smear(studio, "DRAWN-A1")


def figures(page: Page, column: int) -> dict[str, str]:
    rows = page.locator(".by-type tbody tr[data-row]")
    rows.first.wait_for()
    return {
        row.get_attribute("data-row"): row.locator("td").nth(column).inner_text().split("\n")[0].split(" ")[0]
        for row in rows.all()
    }


def test_a_smear_leads_to_its_count_and_a_count_of_leukocytes_to_absolute_ones(window, site, studio, smear):
    found = differential(studio, smear, wbc=7.5)
    page = window(site, f"/smears/{smear}")
    page.get_by_role("link", name="Differential count").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Differential count: DRAWN-A1")
    expect(page.get_by_role("note").first).to_have_text("Research use, not a diagnosis.")
    shown = [row for row in found.rows if row.count or row.usual]
    assert figures(page, 0) == {row.key: str(row.count) for row in shown}
    assert figures(page, 1) == {row.key: f"{row.percent.value:.1f}" for row in shown}
    typed = page.get_by_label("Leukocytes, 10⁹/L")
    typed.fill("six")
    typed.press("Enter")
    expect(page.get_by_text("This is no number.")).to_be_visible()
    typed.fill("7,5")
    typed.press("Enter")
    expect(page.locator("[data-part=wbc] dd")).to_have_text("7.5")
    assert page.url.endswith("?wbc=7.5")
    assert figures(page, 2) == {row.key: f"{row.absolute.value:.2f}" for row in shown}
    page.get_by_label("Leukocytes, 10⁹/L").fill("6200")
    page.get_by_label("Leukocytes, 10⁹/L").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("6.2, not 6200")
    page.get_by_role("button", name="Without").click()
    expect(page.locator("[data-part=wbc]")).to_have_count(0)


def test_kinds_without_a_cell_are_shown_on_demand(window, site, studio, smear):
    rows = differential(studio, smear).rows
    hidden = [row.key for row in rows if not row.count and not row.usual]
    assert hidden
    page = window(site, f"/smears/{smear}/differential")
    assert not set(hidden) & set(figures(page, 0))
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator(".by-type tbody tr[data-row]")).to_have_count(len(rows))


def test_a_curator_enters_reference_intervals_and_others_cannot(window, site, studio, smear):
    page = window(site, f"/smears/{smear}/differential", who="edna")
    part = page.locator("[data-part=references]")
    expect(part).to_contain_text("None come with buffycoat")
    expect(part.get_by_role("button")).to_have_count(0)
    page = window(site, f"/smears/{smear}/differential", who="carla")
    part = page.locator("[data-part=references]")
    broken = {"name": "ours.toml", "mimeType": "application/toml", "buffer": b'laboratory = "Ours"\nmonocyte = 3'}
    part.locator("input[type=file]").set_input_files(broken)
    expect(part.get_by_role("alert")).to_contain_text("ours.toml has an unknown key")
    part.get_by_text("The format, by an example").click()
    expect(part.locator("pre")).to_contain_text("example = true")
    text = b'laboratory = "Ours"\npopulation = "adults"\n[percent]\nmonocyte = [0, 0.5]\neosinophil = [99, 100]\n'
    part.locator("input[type=file]").set_input_files({**broken, "buffer": text})
    expect(part.get_by_role("status")).to_have_text("Entered: these intervals hold now.")
    expect(part).to_contain_text("adults")
    expect(page.locator("tr[data-row=eosinophil] .flag")).to_have_text("▼ low")
    assert differential(studio, smear).reference.laboratory == "Ours"


@pytest.mark.parametrize("look", LOOKS)
def test_the_page_keeps_nobody_out(window, site, serious, studio, smear, look):
    from buffycoat.workflows.differential_reference import keep_reference

    keep_reference(studio, example_reference().encode())
    size, dark, locale = LOOKS[look]
    page = window(site, f"/smears/{smear}/differential?wbc=6.2&all=1", who="carla", size=size, dark=dark, locale=locale)
    page.locator(".by-type tbody tr[data-row]").first.wait_for()
    page.wait_for_timeout(300)
    SCREENS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENS / f"differential-{size[0]}x{size[1]}-{look}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert page.evaluate(CUT) == []
    assert page.evaluate("document.documentElement.dir") == ("rtl" if locale == "fa" else "ltr")
    assert serious(page) == []
    assert size != PHONE or page.evaluate(SMALL, 44) == []


def test_it_prints_black_on_white_without_what_is_only_to_press(window, site, smear):
    page = window(site, f"/smears/{smear}/differential?wbc=6.2", dark=True, size=(703, 1032))
    page.locator(".by-type tbody tr[data-row]").first.wait_for()
    page.emulate_media(media="print")
    for gone in (".top", ".wbc-form", ".page-actions", ".trail"):
        expect(page.locator(gone).first).to_be_hidden()
    expect(page.get_by_text("Research use, not a diagnosis.")).to_be_visible()
    page.screenshot(path=SCREENS / "differential-print.png", full_page=True)
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.evaluate("document.documentElement.scrollWidth") <= 703
