"""Reported labels in a browser: a file taken in, answered, its cell read again; and the page as people see it."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from buffycoat.domain.cell import Cell
from buffycoat.domain.erratum import ErratumGiven, ErratumState
from buffycoat.domain.value import digest_of
from buffycoat.workflows import errata
from buffycoat.workflows.consensus import held_cells
from buffycoat.workflows.releasing.hidden_ids import inward_ids
from buffycoat.workflows.workspace import Workspace

Window = Callable[..., Page]


@pytest.fixture(scope="module")
def reports(studio: Workspace, tmp_path_factory) -> list[Path]:
    """Files as the public site saves them, of cells that nobody reads now."""
    folder = studio.folder / "releases" / "demo-1"
    manifest = digest_of((folder / "manifest.json").read_bytes())
    rows = list(csv.DictReader((folder / "labels.csv").read_text(encoding="utf-8").splitlines()))
    with studio.database.reading() as transaction:
        held, keys = held_cells(transaction), transaction.ids(Cell)
    inward = inward_ids(studio, keys)
    free = [row for row in rows if inward[row["cell_id"]] not in held]
    files = []
    why = ["The nucleus is folded.\n<b>Look</b> at its granules.", "هسته لوبیایی است", "x" * 300, ""]
    for place, (row, said) in enumerate(zip(free, why, strict=False)):
        proposed = "monocyte" if row["label"] != "monocyte" else "look-again"
        held_in = {"kind": "buffycoat erratum", "format": 1, "release": "demo-1", "manifest": manifest}
        told = {key: row[key] for key in ("cell_id", "label", "term")} | {
            "proposed": proposed,
            "why": said,
            "name": "R. Reader",
        }
        path = tmp_path_factory.mktemp("reports") / f"erratum-{place}.json"
        path.write_text(json.dumps(held_in | told), encoding="utf-8")
        files.append(path)
    return files


def test_reports_are_taken_in_answered_and_read_again(window: Window, site, studio, reports, tmp_path):
    broken = tmp_path / "mail.txt"
    broken.write_text("no report")
    page = window(site, "/curate", "carla")
    page.get_by_role("link", name="Reported labels").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Take reports in…").click()
    chooser.value.set_files([*reports[:2], broken])
    expect(page.locator(".errata-receipts")).to_contain_text("2 reports taken in, 1 refused")
    expect(page.locator(".errata-receipts")).to_contain_text("mail.txt holds no report")
    expect(page.locator(".errata-report")).to_have_count(2)
    # What strangers write is text, and stays text.
    expect(page.locator(".errata-why").filter(has_text="folded")).to_contain_text("<b>Look</b>")
    first = page.locator(".errata-report").filter(has_text="folded")
    first.get_by_role("button", name="Accept").click()
    expect(first.locator(".errata-state")).to_have_text("Accepted")
    other = page.locator(".errata-report").filter(has_text="هسته")
    other.get_by_role("button", name="Decline…").click()
    other.get_by_role("textbox").fill("It has no lobes.")
    other.get_by_role("button", name="Decline", exact=True).click()
    expect(other.locator(".errata-state")).to_have_text("Declined")
    expect(other).to_contain_text("Answered by carla: It has no lobes.")
    again = page.locator(".errata-again")
    expect(again).to_contain_text("1 cell waits to be read again")
    expect(again.get_by_text("carla")).to_have_count(0)
    again.get_by_role("textbox").fill("again")
    again.get_by_text("edna").click()
    again.get_by_text("emil").click()
    again.get_by_role("button", name="Open the round").click()
    held = page.locator(".errata-report").filter(has_text="being read")
    expect(held).to_have_count(1)
    expect(page.locator(".errata-list")).not_to_contain_text("folded")
    expect(again).to_have_count(0)
    assert sum(view.held for view in errata.list_errata(studio)) == 1


def test_reports_are_for_curators(window: Window, site):
    page = window(site, "/errata", "emil")
    expect(page.get_by_text("For curators and administrators")).to_be_visible()


@pytest.fixture(scope="module")
def answered(studio: Workspace, people, reports) -> None:
    """One report accepted, one that waits."""
    receipts = errata.import_errata(studio, [(path.name, path.read_bytes()) for path in reports[2:]], people["carla"])
    accepted = ErratumGiven(state=ErratumState.ACCEPTED)
    errata.answer_erratum(studio, str(receipts[0].erratum), accepted, people["carla"])


@pytest.mark.usefixtures("answered")
def test_reported_labels_as_they_are_seen(window: Window, site, look, screens: Path, checked):
    page = window(site, "/errata", "ada", **look.window)
    page.locator(".errata-again .check").first.wait_for()
    checked(page, look)
    page.screenshot(path=screens / look.file("errata"), full_page=True)
