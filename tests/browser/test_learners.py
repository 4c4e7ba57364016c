"""All learners side by side, and the lesson that a phone has room for: driven, looked at, and gone over by axe."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from buffycoat.domain.account import Person
from buffycoat.domain.label import Mode
from buffycoat.domain.reading import Given, RoundWish
from buffycoat.label import items_of
from buffycoat.store.answers import rounds_of
from buffycoat.workflows import reading
from buffycoat.workflows.workspace import Workspace

PHONE, TABLET, DESK = (390, 844), (820, 1180), (1440, 900)
SCREENS = Path(__file__).parents[2] / "tests" / "screens"
LOOKS = {
    "desk-light-en": (DESK, False, "en"),
    "desk-dark-fa": (DESK, True, "fa"),
    "tablet-light-fa": (TABLET, False, "fa"),
    "phone-light-en": (PHONE, False, "en"),
    "phone-dark-fa": (PHONE, True, "fa"),
}
Window = Callable[..., Page]
OVER = """() => [...document.querySelectorAll('main *')].filter((each) => {
    const style = getComputedStyle(each);
    return style.display !== 'inline' && each.clientWidth > 1 && each.scrollWidth > each.clientWidth + 1
        && !['auto', 'scroll'].includes(style.overflowX) && !each.closest('.unseen, svg, thead');
}).map((each) => each.outerHTML.slice(0, 140))"""


def read(studio: Workspace, people: dict[str, Person], name: str, handles: tuple[str, ...], mode: Mode) -> str:
    experts = tuple(people[handle].id for handle in handles)
    wish = RoundWish(name=name, experts=experts, query="double-labeled", mode=mode, most=24, level="five-class")
    round_id = reading.open_reading(studio, wish, people["carla"]).id
    with studio.database.reading() as transaction:
        [campaign] = rounds_of(transaction, {round_id})
    for handle in handles:
        now = datetime.now(UTC).isoformat()
        items = items_of(campaign, people[handle].id)
        given = [Given(event=str(uuid4()), item=item.item, term="monocyte", given_at=now) for item in items]
        reading.take_answers(studio, round_id, people[handle], given)
    reading.close_reading(studio, round_id, people["ada"])
    return round_id


@pytest.fixture(scope="module")
def taught(studio: Workspace, people: dict[str, Person]) -> str:
    """Two closed rounds for learners, and the id of an open one."""
    read(studio, people, "Spring course", ("theo", "edna"), Mode.TRAINING)
    read(studio, people, "Spring test", ("theo", "edna", "emil"), Mode.PROFICIENCY)
    wish = RoundWish(
        name="Now", experts=(people["theo"].id,), query="double-labeled", mode=Mode.TRAINING, most=20, examples=True
    )
    return reading.open_reading(studio, wish, people["carla"]).id


@pytest.mark.parametrize("look", LOOKS)
def test_the_page_of_all_learners(window: Window, serious: Callable[[Page], list[str]], site: str, taught: str, look: str):  # fmt: skip
    size, dark, locale = LOOKS[look]
    page = window(site, "/learners", "carla", size, dark=dark, locale=locale)
    expect(page.locator(".learners tbody tr")).to_have_count(5)
    SCREENS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENS / f"learners-{size[0]}x{size[1]}-{look}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert page.evaluate("document.documentElement.dir") == ("rtl" if locale == "fa" else "ltr")
    assert page.evaluate(OVER) == []
    assert serious(page) == []


def test_a_curator_finds_the_learners_and_takes_the_table_along(window: Window, site: str, taught: str):
    page = window(site, "/rounds", "carla")
    page.get_by_role("link", name="Learners").click()
    rows = page.locator(".learners tbody tr")
    expect(rows).to_have_count(5)
    expect(rows.first).to_contain_text("edna")
    expect(page.locator("main")).not_to_contain_text("Now")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save as CSV").click()
    table = list(csv.DictReader(io.StringIO(saved.value.path().read_text("utf-8-sig"), newline="")))
    assert [row["person"] for row in table] == ["edna", "edna", "emil", "theo", "theo"]
    shown = [re.search(r"([\d.]+)\s*%", text) for text in page.locator("td[data-name='Balanced accuracy'] b").all_inner_texts()]  # fmt: skip
    told = [f"{100 * float(row['balanced_accuracy']):.1f}" for row in table]
    assert [each and each[1] for each in shown] == told


def test_who_does_not_teach_is_told_so(window: Window, site: str, taught: str):
    page = window(site, "/rounds", "theo")
    expect(page.get_by_role("link", name="My learning")).to_be_visible()
    expect(page.get_by_role("link", name="Learners")).to_have_count(0)
    page = window(site, "/learners", "theo")
    expect(page.get_by_text("Not for this role")).to_be_visible()


def test_a_lesson_on_a_phone_has_the_whole_window(window: Window, site: str, taught: str):
    page = window(site, f"/rounds/{taught}", "theo", PHONE)
    page.locator("canvas[data-painted]").wait_for()
    page.keyboard.press("Numpad9")
    page.locator(".lesson .lesson-verdict").wait_for()
    expect(page.locator(".toast")).to_have_count(1)
    expect(page.locator(".toast")).to_be_hidden()  # the lesson says the same, and the pad takes it back
    folded = page.locator(".lesson-picture").bounding_box()
    assert folded
    assert folded["width"] >= 88
    page.get_by_text("How it looks").click()
    opened = page.locator(".lesson-picture").bounding_box()
    assert opened
    assert opened["width"] >= 0.9 * PHONE[0]
    sheet = page.locator(".lesson").bounding_box()
    assert sheet
    assert (sheet["width"], sheet["height"]) == PHONE
    page.get_by_text("Back to the cell").click()
    expect(page.locator(".pad-key").first).to_be_visible()
    expect(page.locator(".lesson-term").first).to_be_hidden()


def test_morphology_is_told_in_the_language_of_the_page(window: Window, site: str, taught: str):
    for locale, text in (("fa", "خط‌کش هر میدان دید"), ("en", "the ruler of every field")):
        page = window(site, f"/rounds/{taught}", "theo", locale=locale)
        page.locator("canvas[data-painted]").wait_for()
        page.keyboard.press("KeyR")
        said = page.locator(".reference .morphology", has_text=text)
        expect(said).to_have_attribute("lang", locale)


def test_a_folder_is_offered_as_no_panel(window: Window, site: str, taught: str):
    page = window(site, "/rounds", "carla")
    page.locator(".page-actions .button.strong").click()
    page.locator(".mode-card").nth(2).click()
    page.get_by_role("button", name="Panel").click()
    offered = page.get_by_role("option").all_inner_texts()
    assert "demo" in offered
    assert not {"Spring course", "Spring test", "Now"} & set(offered)
