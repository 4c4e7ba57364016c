"""Curators at work: a fact of three smears changed at once and taken back, and a release made from query to seal."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from buffycoat.domain.smear import SetupCorrection
from buffycoat.store.queries import smears_now
from buffycoat.workflows.jobs import work_off
from buffycoat.workflows.publish import verify_release
from buffycoat.workflows.workspace import Workspace

Window = Callable[..., Page]


def stains(studio: Workspace) -> dict[str, str]:
    with studio.database.reading() as transaction:
        return {smear.code: str(smear.stain) for smear in smears_now(transaction).values()}


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("button", name=label).click()
    page.get_by_role("option", name=option, exact=True).click()


def test_one_fact_of_three_smears_is_looked_at_saved_and_taken_back(window: Window, site: str, studio: Workspace):
    before = stains(studio)
    page = window(site, "/curate", "carla")
    page.get_by_role("link", name="Photographs' facts").click()
    boxes = page.locator(".facts-table tbody input[type=checkbox]")
    expect(boxes).to_have_count(5)
    boxes.nth(0).click()
    boxes.nth(2).click(modifiers=["Shift"])
    expect(page.get_by_text("3 rows chosen, 30 photographs")).to_be_visible()
    choose(page, "New value", "Leishman")
    page.get_by_role("button", name="See what changes").click()
    expect(page.get_by_text("Changes 3 smears, 30 photographs")).to_be_visible()
    assert stains(studio) == before
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved: 3 smears, 30 photographs.")).to_be_visible()
    assert sorted(stains(studio).values()).count("leishman") == 3
    rows = page.locator(".facts-table tbody tr")
    expect(rows.filter(has_text="Leishman")).to_have_count(3)
    rows.nth(0).get_by_role("button", name="History").click()
    history = page.get_by_role("dialog")
    expect(history.get_by_role("row").filter(has_text="Leishman")).to_contain_text("carla")
    history.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back: 3 smears, 0 photographs.")).to_be_visible()
    assert stains(studio) == before


def test_a_scale_is_given_to_photographs_on_one_set_up_and_a_wrong_table_is_told_by_line(
    window: Window, site: str, studio: Workspace, tmp_path: Path
):
    page = window(site, "/metadata?rows=single&find=Drawn+microscope+B", "carla")
    boxes = page.locator(".facts-table tbody input[type=checkbox]")
    boxes.first.click()
    choose(page, "Fact", "µm per pixel")
    page.get_by_label("New value").fill("0.2")
    choose(page, "Where the scale comes from", "stage micrometer")
    page.get_by_role("button", name="See what changes").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved: 1 smear, 1 photograph.")).to_be_visible()
    with studio.database.reading() as transaction:
        [kept] = transaction.find(SetupCorrection)
    assert len(kept.fields) == 1
    expect(page.locator(".facts-table tbody tr").filter(has_text="stage micrometer")).to_have_count(1)
    with page.expect_download() as taken:
        page.get_by_role("link", name="Take as CSV").click()
    table = taken.value.path().read_text("utf-8-sig")
    wrong = tmp_path / "photographs.csv"
    wrong.write_text(table.replace("giemsa", "purple", 1), "utf-8")
    page.locator("input[type=file]").set_input_files(wrong)
    expect(page.get_by_text("1 line is wrong; nothing is kept")).to_be_visible()
    right = tmp_path / "right.csv"
    right.write_text(table, "utf-8")
    page.locator("input[type=file]").set_input_files(right)
    expect(page.get_by_text("46 rows read: the table says what is recorded.")).to_be_visible()


def test_a_release_from_query_to_seal(window: Window, site: str, studio: Workspace):
    page = window(site, "/releases", "carla")
    page.get_by_role("link", name="Make a release").click()
    expect(page.locator(".release-counts[data-rests]")).to_contain_text("213 cells go out")
    choose(page, "Split", "at random")
    refused = page.get_by_role("alert").filter(has_text="This split leaks, and is refused")
    expect(refused).to_be_visible()
    choose(page, "Split", "by smear")
    expect(refused).to_have_count(0)
    expect(page.locator(".release-counts[data-rests]")).to_contain_text("No leak was found")
    page.get_by_text("Formats that are written").click()
    for heavy in ("raabin", "coco", "yolo", "voc", "parquet", "webdataset", "huggingface", "croissant"):
        page.get_by_role("checkbox", name=heavy, exact=True).click(force=True)
    page.get_by_role("link", name="Next: Terms and people").click()
    expect(page.get_by_label("License (one of both is needed)")).to_have_value("CC0-1.0")
    page.get_by_label("Description").fill("Collected by Dr. Karimi in the ward.")
    page.get_by_role("link", name="Next: Privacy").click()
    page.get_by_role("button", name="Look through everything").click()
    page.locator(".job").wait_for()
    work_off(studio, until_idle=True)
    expect(page.get_by_text("1 thing could name a person")).to_be_visible()
    expect(page.locator(".finding")).to_contain_text("Karimi")
    # What a person cannot say away keeps the release from being sealed.
    page.get_by_role("checkbox", name="I looked at it").click(force=True)
    page.get_by_role("link", name="Next: Tables").click()
    expect(page.locator(".printed-table")).to_have_count(5)
    page.get_by_role("link", name="Next: Seal").click()
    seal = page.get_by_role("button", name="Seal release demo-2")
    expect(seal).to_be_disabled()
    page.get_by_role("link", name="Look at what could name a person").click()
    page.get_by_role("link", name="Terms and people").first.click()
    page.get_by_label("Description").fill("Drawn, every cell of it.")
    page.reload()
    expect(page.get_by_label("Description")).to_have_value("Drawn, every cell of it.")
    page.get_by_role("link", name="Next: Privacy").click()
    page.get_by_role("button", name="Look through everything again").click()
    page.locator(".job").wait_for()
    work_off(studio, until_idle=True)
    expect(page.get_by_text("Nothing was found")).to_be_visible()
    page.get_by_role("link", name="Seal", exact=True).click()
    expect(seal).to_be_enabled()
    seal.click()
    page.locator(".job").wait_for()
    work_off(studio, until_idle=True)
    expect(page.get_by_text("Release demo-2 is sealed")).to_be_visible()
    expect(page.get_by_role("article", name="Release demo-2")).to_contain_text("Cells removed")
    assert verify_release(studio.folder, "demo-2") > 0
    with page.expect_download() as taken:
        page.get_by_role("link", name="Take the manifest").click()
    manifest = json.loads(taken.value.path().read_text())
    assert manifest["about"]["description"] == "Drawn, every cell of it."
    page.get_by_role("link", name="All releases").click()
    expect(page.get_by_role("article")).to_have_count(2)
