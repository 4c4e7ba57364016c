"""Learning and one's own answers at three sizes, in both directions: driven, looked at, and gone over by axe."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from browser_pages import wait_until
from playwright.sync_api import Page, expect

from buffycoat.domain.account import Person
from buffycoat.domain.label import Label, Mode, Purpose, Standing
from buffycoat.domain.query import Query
from buffycoat.domain.reading import Given, RoundWish
from buffycoat.label import ReadingItem, items_of
from buffycoat.store.answers import rounds_of
from buffycoat.workflows import reading
from buffycoat.workflows.consensus import consensus_by_cell
from buffycoat.workflows.selection import save_query
from buffycoat.workflows.workspace import Workspace

PHONE, TABLET, DESK = (390, 844), (820, 1180), (1440, 900)
SCREENS = Path(__file__).parents[2] / "tests" / "screens"
LOOKS = {
    "desk-light-en": (DESK, False, "en"),
    "desk-dark-fa": (DESK, True, "fa"),
    "tablet-light-en": (TABLET, False, "en"),
    "tablet-light-fa": (TABLET, False, "fa"),
    "phone-light-en": (PHONE, False, "en"),
    "phone-dark-fa": (PHONE, True, "fa"),
}
Window = Callable[..., Page]
Rounds = dict[str, str]


def teach(studio: Workspace, people: dict[str, Person], name: str, experts: tuple[str, ...], **more: object) -> str:
    wish = RoundWish(name=name, experts=tuple(people[handle].id for handle in experts), **more)
    return reading.open_reading(studio, wish, people["carla"]).id


def answer(studio: Workspace, round_id: str, person: Person, term: Callable[[ReadingItem], str | None]) -> None:
    with studio.database.reading() as transaction:
        [campaign] = rounds_of(transaction, {round_id})
    now = datetime.now(UTC).isoformat()
    planned = [(item.item, term(item)) for item in items_of(campaign, person.id)]
    given = [Given(event=str(uuid4()), item=item, term=said, given_at=now) for item, said in planned if said]
    assert {str(each.state) for each in reading.take_answers(studio, round_id, person, given)} == {"kept"}


@pytest.fixture(scope="module")
def rounds(studio: Workspace, people: dict[str, Person]) -> Rounds:
    """Rounds of all kinds, one after the other, so that none holds the cells of another."""
    found: Rounds = {}
    known = {cell: each.term for cell, each in consensus_by_cell(studio).items()}
    theo, edna, emil = people["theo"], people["edna"], people["emil"]

    def nearly(item: ReadingItem) -> str:
        return "monocyte" if item.place % 5 == 0 else known[item.cell_id] or "monocyte"

    for number, mode in enumerate((Mode.TRAINING, Mode.PROFICIENCY), 1):
        key = str(mode)
        more = {"query": "double-labeled", "mode": mode, "most": 24 * number, "level": "five-class"}
        found[key] = teach(studio, people, f"Learning {number}", ("theo",), **more)
        answer(studio, found[key], theo, nearly)
        reading.close_reading(studio, found[key], people["ada"])
    for name, query in (("blind", "disputed"), ("waiting", "own")):
        if query == "own":
            save_query(studio, Query(id="own", title="A part", terms=("eosinophil",)))
        more = {"query": query, "repeat_share": 0.3, "gold": 3}
        found[name] = teach(studio, people, f"Reading, {name}", ("edna", "emil"), **more)
        answer(studio, found[name], edna, lambda item: "smudge" if item.purpose is Purpose.REPEAT else nearly(item))
        answer(studio, found[name], emil, lambda item: "basophil" if item.place % 3 == 0 else nearly(item))
        reading.close_reading(studio, found[name], people["ada"])
    _decide(studio, found["blind"], people["judith"])
    # Adjudicated cells are left to the round of above, which tells of none while another round holds one.
    save_query(studio, Query(id="agreed", title="Agreed on", standing=(Standing.AGREED,), kept=True))
    more = {"query": "agreed", "mode": Mode.TRAINING, "most": 30, "examples": True, "level": "five-class"}
    found["open"] = teach(studio, people, "Learning now", ("theo",), **more)
    return found


def _decide(studio: Workspace, round_id: str, judge: Person) -> None:
    with studio.database.writing() as transaction:
        [campaign] = rounds_of(transaction, {round_id})
        run = transaction.find(Label, round_id=round_id, expert_id=campaign.experts[0])[0].run_id
        transaction.add(
            [
                Label(
                    id=f"decision {cell}",
                    cell_id=cell,
                    expert_id=judge.id,
                    round_id=round_id,
                    purpose=Purpose.ADJUDICATION,
                    term="lymphocyte.large",
                    given_at=datetime.now(UTC),
                    seconds=None,
                    comment="",
                    supersedes=None,
                    run_id=run,
                    event=str(uuid4()),
                )
                for cell in campaign.cells
            ]
        )


SHOWN = {
    "teach-training": "theo",
    "teach-proficiency": "theo",
    "teach-blind": "edna",
    "teach-waiting": "edna",
    "teach-learned": "theo",
    "teach-lesson": "theo",
    "teach-reference": "theo",
    "teach-rounds": "carla",
    "teach-open": "carla",
}


def overflowing(page: Page) -> list[str]:
    """Boxes that hold more than they show, but for those that scroll or are for screen readers alone."""
    return page.evaluate(
        """() => [...document.querySelectorAll('main *')].filter((each) => {
            const style = getComputedStyle(each);
            return style.display !== 'inline' && each.clientWidth > 1 && each.scrollWidth > each.clientWidth + 1
                && !['auto', 'scroll'].includes(style.overflowX) && !each.closest('.unseen, svg');
        }).map((each) => each.outerHTML.slice(0, 140))"""
    )


@pytest.mark.parametrize(("look", "name"), [(look, name) for look in LOOKS for name in SHOWN])
def test_screen(window: Window, serious: Callable[[Page], list[str]], site: str, rounds: Rounds, look: str, name: str):
    size, dark, locale = LOOKS[look]
    kind = name.removeprefix("teach-")
    path = {"learned": "/learned", "rounds": "/rounds", "open": "/rounds"}.get(kind)
    if path is None:
        path = f"/rounds/{rounds[kind]}/mine" if kind in rounds else f"/rounds/{rounds['open']}"
    page = window(site, path, SHOWN[name], size, dark=dark, locale=locale)
    if kind in ("lesson", "reference"):
        page.locator("canvas[data-painted]").wait_for()
        if kind == "lesson":
            page.keyboard.press("Numpad9")
            page.locator(".lesson .lesson-verdict").wait_for()
            if size != DESK:
                page.wait_for_timeout(200)
                page.screenshot(path=SCREENS / f"{name}-folded-{size[0]}x{size[1]}-{look}.png")
                page.locator(".lesson summary").click()
            page.locator(".lesson .lesson-term").first.scroll_into_view_if_needed()
        else:
            page.keyboard.press("KeyR")
            page.locator(".reference .decided-cells img").first.wait_for()
    elif kind == "rounds":
        page.locator(".round-links a").first.wait_for()
    elif kind == "open":
        page.locator(".page-actions .button.strong").click()
        page.locator(".mode-card").nth(2).click()
    elif kind == "learned":
        page.locator(".way circle").first.wait_for()
    else:
        page.locator(".own-reading .card").nth(1).wait_for()
    page.wait_for_timeout(400)
    wait_until(page, "[...document.images].every((one) => one.complete || one.loading === 'lazy')")
    SCREENS.mkdir(exist_ok=True)
    whole = kind not in ("lesson", "reference")
    page.screenshot(path=SCREENS / f"{name}-{size[0]}x{size[1]}-{look}.png", full_page=whole)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert page.evaluate("document.documentElement.dir") == ("rtl" if locale == "fa" else "ltr")
    assert overflowing(page) == []
    assert serious(page) == []
    if kind == "lesson" and size == TABLET:  # a long lesson stretches nothing beside it
        assert page.locator(".tool-row button").first.bounding_box()["height"] < 70
    if size != DESK:
        small = page.evaluate(
            """() => [...document.querySelectorAll('main button, main .button, main .link, .check, .mode-card, summary')]
                  .filter((each) => each.checkVisibility({visibilityProperty: true}) && !each.closest('.trail'))
                  .map((each) => [each.outerHTML.slice(0, 120), each.getBoundingClientRect()])
                  .filter(([, {width, height}]) => Math.min(width, height) > 1 && height < 43.5).map(([html]) => html)"""
        )
        assert small == []


def test_a_learner_is_told_at_once_and_finds_the_round_again(window: Window, site: str, rounds: Rounds):
    page = window(site, f"/rounds/{rounds['open']}", "theo")
    page.locator("canvas[data-painted]").wait_for()
    page.keyboard.press("NumpadDecimal")
    verdict = page.locator(".lesson .lesson-verdict")
    expect(verdict).to_contain_text("The panel says otherwise")
    expect(page.locator(".lesson .morphology").first).not_to_be_empty()
    expect(page.locator(".lesson .lesson-term").first).to_be_visible()
    page.goto("/rounds")
    card = page.locator(".round-card", has_text="Learning now")
    card.get_by_role("link", name="My answers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My answers: Learning now")
    expect(page.locator("[data-figure=balanced]")).to_be_visible()
    page.goto("/learned")
    expect(page.locator("tbody tr")).to_have_count(3)


def test_a_reader_whose_round_waits_sees_no_decision(window: Window, site: str, rounds: Rounds):
    page = window(site, f"/rounds/{rounds['waiting']}/mine", "edna")
    expect(page.locator(".notice")).to_contain_text("for an adjudicator")
    expect(page.get_by_text("adjudicated")).to_have_count(0)
    other = window(site, f"/rounds/{rounds['blind']}/mine", "edna")
    expect(other.get_by_text("· adjudicated").first).to_be_visible()


def test_a_curator_opens_a_training_round_over_a_panel(window: Window, site: str, rounds: Rounds):
    page = window(site, "/rounds", "carla")
    page.get_by_role("button", name="Open a round").click()
    page.get_by_role("radio", name="training").check(force=True)
    expect(page.get_by_role("checkbox", name="Show decided cells")).to_be_checked()
    page.get_by_label("Name").fill("A small one")
    page.get_by_label("Cells at most").fill("4")
    page.get_by_role("button", name="Panel").click()
    page.get_by_role("option", name="Reading, blind").click()
    page.locator(".check", has_text="theo").click()
    page.get_by_role("button", name="Open the round").click()
    expect(page.locator(".round-card", has_text="A small one")).to_contain_text("training")
    page.get_by_role("button", name="Open a round").click()
    page.get_by_role("radio", name="proficiency").check(force=True)
    expect(page.get_by_role("checkbox", name="Show decided cells")).to_be_disabled()
    assert rounds
