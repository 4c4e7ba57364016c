"""The audit log on three sizes of window: what it tells, what it holds back, and how it looks."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from buffycoat.domain.audit import Suggested, Suggestion
from buffycoat.domain.reading import RoundWish
from buffycoat.workflows import audit, reading

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
SMALL = """() => [...document.querySelectorAll('main .button, main input')]
    .map((each) => [each.textContent, each.getBoundingClientRect()])
    .filter(([, box]) => box.width > 0 && box.height < 44).map(([text]) => text)"""
OUT = """(width) => [...document.querySelectorAll('main *')]
    .filter((each) => !each.closest('[aria-hidden]'))
    .filter((each) => { const box = each.getBoundingClientRect(); return box.width > 1 && (box.left < -1 || box.right > width + 1); })
    .map((each) => each.className)"""


@pytest.fixture(scope="module")
def busy(studio, people, site: str) -> str:
    """A workspace in which something happened."""
    seen = [
        Suggested(kind=Suggestion.BOXES, about="f3f2a41c0b5d7e6a1b2c3d4e5", shown=("c1", "c2", "c3"), source="filter"),
        Suggested(kind=Suggestion.EXAMPLES, about="neutrophil.band", shown=("c1", "c2")),
    ]
    audit.note_showings(studio, people["edna"].id, seen)
    wish = RoundWish(name="read blind", experts=(people["edna"].id, people["emil"].id))
    reading.open_reading(studio, wish, people["carla"])
    return site


def serious(page: Page) -> list[str]:
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:160]}"
        for each in found["violations"]
        if each["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize("look", LOOKS)
def test_the_log_keeps_nobody_out(window, busy: str, look: str):
    size, dark, locale = LOOKS[look]
    page = window(busy, "/audit", "ada", size, dark=dark, locale=locale)
    page.locator(".audit-line").first.wait_for()
    page.locator(".audit-whole button").click()
    page.locator(".audit-sound").wait_for()
    SCREENS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENS / f"audit-{size[0]}x{size[1]}-{look}.png")
    if size == PHONE:
        page.locator(".audit-line").nth(4).scroll_into_view_if_needed()
        page.screenshot(path=SCREENS / f"audit-lines-{size[0]}x{size[1]}-{look}.png")
    # Tables and kinds are told in words of the page, not as the database names them.
    for told in page.locator(".audit-id").all_inner_texts():
        kind = told.rsplit(" ", 1)[0].strip("\u2066\u2068\u2069 ")
        assert kind
        assert "_" not in kind
        assert kind.isascii() == (locale == "en")
    assert locale == "fa" or "band" in page.locator(".audit-what", has_text="saw examples").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert page.evaluate(OUT, size[0]) == []
    assert page.evaluate(SMALL) == [] or size == DESK, "a mouse is finer than a finger"
    assert page.evaluate("document.documentElement.dir") == ("rtl" if locale == "fa" else "ltr")
    assert serious(page) == []


def test_a_person_finds_who_saw_what(window, busy: str):
    page = window(busy, "/people", "ada")
    page.get_by_role("link", name="Audit log").click()
    page.locator(".audit-line").first.wait_for()
    page.get_by_role("button", name="What").click()
    page.get_by_role("option", name="saw a suggestion").click()
    expect(page.locator(".audit-line")).to_have_count(2)
    expect(page.locator(".audit-line").first).to_contain_text("edna")
    expect(page.locator(".audit-line").last).to_contain_text("saw boxes (3) of")
    page.get_by_role("button", name="Who").click()
    page.get_by_role("option", name="emil").click()
    expect(page.get_by_text("Nothing of that kind")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Export").click()
    assert audit.verify_file(saved.value.path()).fault is None


def test_who_reads_in_an_open_round_is_told_why_the_rest_is_held_back(window, busy: str, studio, people):
    wish = RoundWish(name="ada reads", experts=(people["ada"].id,))
    opened = reading.open_reading(studio, wish, people["carla"])
    page = window(busy, "/audit", "ada", PHONE)
    expect(page.get_by_role("note")).to_contain_text("ada reads")
    page.screenshot(path=SCREENS / "audit-held-390x844-phone-light-en.png")
    assert serious(page) == []
    reading.close_reading(studio, opened.id, people["carla"])


def test_who_is_no_admin_is_told_so(window, busy: str):
    page = window(busy, "/audit", "carla")
    expect(page.get_by_text("The audit log is for administrators")).to_be_visible()


def test_a_sign_in_that_failed_is_told_in_words_of_our_own(window, busy: str):
    page = window(busy, "/sign-in?problem=not-allowed&detail=Call+this+number", None, PHONE)
    expect(page.get_by_role("alert")).to_contain_text("Ask an administrator for an invitation")
    assert "Call this number" not in page.content()
    page.screenshot(path=SCREENS / "sign-in-failed-390x844-phone-light-en.png")
    assert serious(page) == []
