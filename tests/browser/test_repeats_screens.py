"""The review of repeats as people see it: three sizes, both directions, light and dark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from buffycoat.domain.account import Person
from buffycoat.domain.repeating import PairAnswer, PairSaid, Way
from buffycoat.domain.ruling import Ruled
from buffycoat.workflows.clean import clean_cells, clean_parameters
from buffycoat.workflows.repeating import answer_pair, threshold_sheet
from buffycoat.workflows.repeats import list_repeats, rule_on
from buffycoat.workflows.workspace import Workspace

Window = Callable[..., Page]
OVERFLOWING = """(() => {
    const told = [];
    if (document.documentElement.scrollWidth > innerWidth) told.push(`page ${document.documentElement.scrollWidth}`);
    for (const each of document.querySelectorAll('main *')) {
        const {overflowX} = getComputedStyle(each);
        const hidden = each.closest('.skip, svg, select') || each.clientWidth < 2;
        if (!hidden && overflowX === 'visible' && each.clientWidth > 0 && each.scrollWidth > each.clientWidth + 1) {
            told.push(`${each.tagName} ${each.className} ${each.scrollWidth} > ${each.clientWidth}`);
        }
    }
    return told;
})()"""
SMALL = """[...document.querySelectorAll('main button, main a:not(.trail a, .link), main summary, main input')].filter((each) => {
    const {width, height} = (each.closest('label') ?? each).getBoundingClientRect();
    return width > 0 && (height < 43.5 || width < 43.5);
}).map((each) => each.outerHTML.slice(0, 90))"""


@pytest.fixture(scope="module", autouse=True)
def worked(studio: Workspace, people: dict[str, Person]) -> None:
    """Some pairs are answered, four pictures are said to be of one cell, two are ruled apart, and it was cleaned twice."""
    asked = threshold_sheet(studio, Way.HASHES).asked
    for number, pair in enumerate(asked[:6]):
        answer = PairAnswer.SAME if number % 3 else PairAnswer.DIFFERENT
        answer_pair(studio, people["carla"], PairSaid(cell_id=pair.a, other_id=pair.b, answer=answer))
    first, second, third = [view for view in list_repeats(studio) if view.smear == "DRAWN-A2"][:3]
    rule_on(studio, first.cells[0], second.cells[0], ruled=Ruled.TOGETHER, by="carla", reason="same granules")
    rule_on(studio, *third.cells, ruled=Ruled.APART, by="ada")
    clean_cells(studio, parameters=clean_parameters("paper", average_bits=5, perceptual_bits=9))
    clean_cells(studio, parameters=clean_parameters("registered"))


def checked(page: Page, look, serious) -> None:
    assert page.evaluate("document.documentElement.dir") == look.reads
    assert page.evaluate(OVERFLOWING) == []
    if look.size != "desk":
        assert page.evaluate(SMALL) == []
    assert serious(page) == []


def test_the_pages_as_they_are_seen(window: Window, site, look, screens: Path, serious, settled):
    page = window(site, "/repeats/groups", "carla", **look.window)
    page.locator(".group-links .wipe").wait_for()
    settled(page)
    checked(page, look, serious)
    page.screenshot(path=screens / look.file("repeats-groups"), full_page=True)
    page.goto("/repeats/threshold")
    page.locator(".pair-desk .wipe").wait_for()
    page.locator(".threshold-side .repeat-card").last.locator("button").first.click()
    page.locator(".repeat-change").wait_for()
    settled(page)
    checked(page, look, serious)
    page.screenshot(path=screens / look.file("repeats-threshold"), full_page=True)
    page.goto("/repeats/covered")
    page.locator(".covered-pair .wipe").first.wait_for()
    settled(page)
    checked(page, look, serious)
    page.screenshot(path=screens / look.file("repeats-covered"))
    page.goto("/repeats/runs")
    page.locator(".cleaning > button").first.click()
    page.locator(".repeat-change").wait_for()
    settled(page)
    checked(page, look, serious)
    page.screenshot(path=screens / look.file("repeats-runs"))
