"""Repeats under review in a browser: pairs by key, a picture kept, the wipe, and back from a cleaning."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from buffycoat.domain.account import Person
from buffycoat.domain.repeating import Way
from buffycoat.domain.ruling import RepeatRuling
from buffycoat.store.queries import covered_fields, current_repeats, newest_run
from buffycoat.workflows import reading
from buffycoat.workflows.clean import clean_cells, clean_parameters
from buffycoat.workflows.jobs import work_off
from buffycoat.workflows.repeating import list_cleanings, threshold_sheet
from buffycoat.workflows.repeats import list_repeats
from buffycoat.workflows.workspace import Workspace

Window = Callable[..., Page]


@pytest.fixture(scope="module", autouse=True)
def no_round_open(studio: Workspace, people: dict[str, Person]) -> None:
    for view in reading.list_rounds(studio, people["ada"]):
        if not view.closed:
            reading.close_reading(studio, view.id, people["ada"])


def state(studio: Workspace) -> tuple[object, ...]:
    with studio.database.reading() as transaction:
        return tuple(current_repeats(transaction)), dict(covered_fields(transaction))


def test_ten_pairs_are_answered_by_key_and_the_suggested_lines_applied(
    window: Window, site, studio: Workspace, eventually
):
    before = state(studio)
    page = window(site, "/repeats/threshold", "carla")
    desk = page.locator(".pair-desk")
    expect(desk.get_by_role("heading", name="The same cell?")).to_be_visible()
    asked = threshold_sheet(studio, Way.HASHES).asked
    keys = ["s", "1", "s", "s", "d", "2", "d", "u", "0", "s"]
    for number, key in enumerate(keys):
        expect(desk).to_have_attribute("data-at", str(number))
        page.keyboard.press(key)
    expect(desk).to_have_attribute("data-at", "10")
    page.keyboard.press("z")  # the last one once more, answered otherwise
    expect(desk).to_have_attribute("data-at", "9")
    page.keyboard.press("d")
    expect(desk).to_have_attribute("data-at", "10")
    eventually(lambda: len(threshold_sheet(studio, Way.HASHES).answered), 10)
    said = [each.answer for each in threshold_sheet(studio, Way.HASHES).answered]
    meant = {"s": "same", "1": "same", "d": "different", "2": "different", "u": "unsure", "0": "unsure"}
    assert sorted(map(str, said)) == sorted(meant[key] for key in [*keys[:9], "d"])
    assert {frozenset((each.a, each.b)) for each in threshold_sheet(studio, Way.HASHES).answered} == {
        frozenset((each.a, each.b)) for each in asked[:10]
    }
    assert state(studio) == before, "nothing is cleaned for an answer"
    suggestion = threshold_sheet(studio, Way.HASHES).suggestion
    assert suggestion is not None
    lines = {
        "method": "paper",
        "average_bits": suggestion.lines.average_bits,
        "perceptual_bits": suggestion.lines.perceptual_bits,
    }
    expect(page.locator(".threshold")).to_have_attribute(
        "data-suggestion", re.compile(re.escape(json.dumps(lines, separators=(",", ":"))))
    )
    page.get_by_role("button", name="Look at these lines").click()
    changes = page.get_by_role("region", name="What these lines would change")
    expect(changes).to_contain_text(f"fewer than {lines['average_bits']} and {lines['perceptual_bits']} bits")
    changes.get_by_role("button", name="Show what would change").click()
    told = page.locator(".repeat-change")
    kept = told.get_attribute("data-kept")
    assert state(studio) == before
    changes.get_by_role("button", name="Clean all smears so").click()
    expect(changes.get_by_text("Waits for a worker")).to_be_visible()
    work_off(studio, until_idle=True)
    expect(page.get_by_text("In force:").locator("strong").first).to_contain_text(f"fewer than {lines['average_bits']}")
    with studio.database.reading() as transaction:
        smear = next(iter(current_repeats(transaction))).smear_id
        run = newest_run(transaction, "clean", smear)
    assert run is not None
    assert {name: run.parameters[name] for name in lines} == lines
    newest = list_cleanings(studio)[0]
    assert (newest.by, len(newest.smears)) == ("carla", 5)
    page.goto("/repeats/groups")
    expect(page.locator(".repeat-figures")).to_have_attribute("data-kept", kept or "")


def test_another_picture_is_kept_and_the_pictures_are_wiped(window: Window, site, studio: Workspace):
    clean_cells(studio, parameters=clean_parameters("registered"))
    page = window(site, "/repeats", "carla")
    wipe = page.locator(".group-links .wipe")
    expect(wipe).to_have_attribute("data-share", "50")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(wipe).to_have_attribute("data-share", "60")
    page.keyboard.press("b")
    expect(wipe).to_have_attribute("data-share", "0")
    wipe.get_by_role("button", name="Blink").click()
    expect(wipe).to_have_attribute("data-share", "100")
    picture = wipe.locator(".wipe-picture")
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + 30, steps=4)
    page.mouse.up()
    expect(wipe).to_have_attribute("data-share", re.compile("^2[456]$"))

    members = page.locator(".group-pictures li")
    stays, other = (members.nth(place).get_attribute("data-cell") for place in (0, 1))
    page.get_by_label("Why (optional)").fill("rounder")
    members.nth(1).get_by_role("button", name="Keep this one").click()
    expect(page.locator(f".group-pictures li[data-cell='{other}']")).to_have_attribute("data-kept", "true")
    assert any(view.cells[0] == other and stays in view.cells for view in list_repeats(studio))
    with studio.database.reading() as transaction:
        last = max(transaction.find(RepeatRuling), key=lambda ruling: ruling.given_at)
    assert (str(last.ruled), last.cell_id, last.by, last.reason) == ("keep", other, "carla", "rounder")

    figures = page.locator(".repeat-figures")
    before = int(figures.get_attribute("data-kept") or 0)
    page.locator(".ruled").get_by_role("button", name="As measured").first.click()
    expect(page.locator(f".group-pictures li[data-cell='{stays}']")).to_have_attribute("data-kept", "true")
    page.locator("h1").click()
    page.keyboard.press("a")
    expect(figures).to_have_attribute("data-kept", str(before + 1))
    apart = page.get_by_role("region", name="Ruled apart")
    pairs = apart.locator(".ruled li").count()
    apart.get_by_role("button", name="As measured").last.click()
    expect(apart.locator(".ruled li")).to_have_count(pairs - 1)
    expect(figures).to_have_attribute("data-kept", str(before))


def test_undo_of_a_cleaning_brings_back_the_very_same_repeats(window: Window, site, studio: Workspace):
    clean_cells(studio, parameters=clean_parameters("registered"))
    stood = state(studio)
    clean_cells(studio, parameters=clean_parameters("paper", average_bits=5, perceptual_bits=9))
    assert state(studio) != stood
    page = window(site, "/repeats/runs", "carla")
    newest = page.locator(".cleaning").first
    expect(newest).to_contain_text("fewer than 5 and 9 bits")
    count = int(page.locator(".cleanings").get_attribute("data-count") or 0)
    newest.get_by_role("button", name="What it changed").click()
    expect(newest.locator(".repeat-change")).not_to_have_attribute("data-parted", "0")
    newest.get_by_role("button", name="Go back to before this").click()
    newest.get_by_role("button", name="Go back", exact=True).click()
    expect(newest.get_by_text("Waits for a worker")).to_be_visible()
    work_off(studio, until_idle=True)
    expect(page.locator(".cleanings")).to_have_attribute("data-count", str(count + 1))
    expect(page.locator(".cleaning").first).to_contain_text("went back")
    expect(page.locator(".cleaning").first).to_contain_text("carla")
    assert state(studio) == stood


def test_repeats_are_for_curators(window: Window, site):
    page = window(site, "/repeats", "edna")
    expect(page.get_by_text("For curators and administrators")).to_be_visible()
    page = window(site, "/curate", "carla")
    page.get_by_role("link", name="Repeats").click()
    expect(page.locator(".group-pictures")).to_be_visible()
