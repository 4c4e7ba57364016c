"""The page in a browser: on a desk, on a phone, in the dark and on paper; its tables sort."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from buffycoat.domain.experiment import TEST_B
from buffycoat.report.experiment import render_experiment

ROOT = Path(__file__).parents[3]
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
SCREENS = ROOT / "tests" / "screens"
WIDER = """(all, width) => all.flatMap((one) => [...one.querySelectorAll('table, svg, pre, p')])
    .filter((each) => each.checkVisibility() && each.getBoundingClientRect().right > width + 1)
    .map((each) => each.outerHTML.slice(0, 120))"""
LOOKS = {"desk": ((1440, 900), "light"), "phone": ((390, 844), "light"), "tablet-dark": ((820, 1180), "dark")}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = os.environ.get("BUFFYCOAT_CHROMIUM") or shutil.which("chromium")
    assert path, "install Debian's chromium, or set BUFFYCOAT_CHROMIUM"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=["--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def file(drawn, hand, tmp_path_factory) -> Path:
    experiment = drawn(reduced=("64 pixels instead of 224",), leaks={"same-smear": 3})
    pictures = {(TEST_B, cell): hand.jpeg(90) for cell in experiment.set_named(TEST_B).cells}
    path = tmp_path_factory.mktemp("look") / "report.html"
    path.write_bytes(render_experiment(experiment, pictures=pictures))
    return path


@pytest.fixture
def opened(browser: Browser, file: Path) -> Iterator:
    contexts, complaints = [], []

    def open_page(look: str) -> Page:
        (width, height), scheme = LOOKS[look]
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request",
            lambda asked: complaints.append(asked.url) if not asked.url.startswith(("file:", "data:")) else None,
        )
        page.goto(file.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_overflows_and_nothing_keeps_a_person_out(opened, look: str):
    page = opened(look)
    SCREENS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENS / f"report-{look}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [
        (each["id"], each["nodes"][0]["html"][:120])
        for each in found["violations"]
        if each["impact"] in {"serious", "critical"}
    ] == []


def test_tables_sort_by_a_click_and_turn_by_another(opened):
    page = opened("desk")
    table = page.locator("table.sortable").first
    head = table.locator("thead th").nth(3)
    head.get_by_role("button").click()
    losses = [
        float(each)
        for each in table.locator("tbody td:nth-child(4)").evaluate_all("all => all.map(e => e.dataset.sort)")
    ]
    assert losses == sorted(losses, reverse=True)
    assert head.get_attribute("aria-sort") == "descending"
    head.get_by_role("button").press("Enter")
    again = [
        float(each)
        for each in table.locator("tbody td:nth-child(4)").evaluate_all("all => all.map(e => e.dataset.sort)")
    ]
    assert again == losses[::-1]
    assert head.get_attribute("aria-sort") == "ascending"


def test_it_prints_on_a4_with_nothing_cut_at_the_side(opened):
    page = opened("desk")
    page.emulate_media(media="print", color_scheme="light")
    # The widths of what can be printed on A4, upright and lying, at 96 dots an inch.
    for width, kind in ((695, "main > :not(.wide)"), (1046, ".wide")):
        page.set_viewport_size({"width": width, "height": 1000})
        cut = page.locator(kind).evaluate_all(WIDER, width)
        assert cut == [], kind
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") > 3


def test_without_a_script_all_is_there(browser: Browser, file: Path):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(file.as_uri())
    assert page.locator("thead button").count() == 0
    assert page.get_by_text("The paper’s claims on test-A and test-B").count() == 1
    context.close()
