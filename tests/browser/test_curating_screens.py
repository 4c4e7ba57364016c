"""Pages of curators as people see them: three sizes, both directions, light and dark."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from buffycoat.domain.curating import FactWish, MetadataFact
from buffycoat.workflows.curating import change_facts, metadata_of
from buffycoat.workflows.jobs import work_off
from buffycoat.workflows.workspace import Workspace

Window = Callable[..., Page]


@pytest.fixture(scope="module")
def lacking(studio: Workspace) -> None:
    """Take the camera of some photographs away, so that there is a gap to see."""
    table = metadata_of(studio)
    change_facts(
        studio,
        FactWish(fact=MetadataFact.CAMERA, value=None, photographs=table.groups[0].photographs[:3], keep=True),
    )


@pytest.mark.usefixtures("lacking")
def test_the_ways_of_curators_and_the_table(window: Window, site, look, screens: Path, checked, settled):
    page = window(site, "/curate", "ada", **look.window)
    page.locator(".curate-place .mark").first.wait_for()
    settled(page)
    checked(page, look)
    page.screenshot(path=screens / look.file("curate"), full_page=True)
    page.goto("/metadata")
    boxes = page.locator(".facts-table tbody input[type=checkbox]")
    boxes.nth(1).click()
    page.locator(".fact-form button[type=submit]").click()
    page.locator(".fact-change").wait_for()
    checked(page, look)
    page.screenshot(path=screens / look.file("metadata"), full_page=True)
    page.locator(".facts-table tbody tr").filter(has=page.locator(".mark.gap")).first.get_by_role("button").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("tbody tr").first.wait_for()
    checked(page, look)
    page.screenshot(path=screens / look.file("metadata-history"))


def test_progress_and_releases(window: Window, site, look, screens: Path, checked, settled):
    page = window(site, "/progress", "carla", **look.window)
    page.locator(".progress-table").first.wait_for()
    settled(page)
    checked(page, look)
    page.screenshot(path=screens / look.file("progress"), full_page=True)
    page.goto("/releases")
    page.locator(".release-card").first.wait_for()
    page.get_by_role("button", name=re.compile("Public site|وبگاه عمومی")).first.click()
    checked(page, look)
    page.screenshot(path=screens / look.file("releases"), full_page=True)


def test_the_steps_of_a_release(window: Window, site, look, screens: Path, checked, settled, studio: Workspace):
    page = window(site, "/releases/new", "carla", **look.window)
    page.locator(".release-counts[data-rests]").wait_for()
    settled(page)
    checked(page, look)
    page.screenshot(path=screens / look.file("release-cells"), full_page=True)
    page.goto("/releases/new?step=about")
    page.locator(".about-form textarea").last.fill("Collected by Dr. Karimi, the youngest born on 12.03.1961.")
    page.locator(".about-form input").nth(1).fill("")
    expect(page.locator("[data-lacks]").first).to_be_visible()
    checked(page, look)
    page.screenshot(path=screens / look.file("release-about"), full_page=True)
    page.goto("/releases/new?step=privacy")
    page.locator(".release-part > .row-buttons .button").first.click()
    page.locator(".job").wait_for()
    work_off(studio, until_idle=True)
    page.locator(".finding").first.wait_for()
    checked(page, look)
    page.screenshot(path=screens / look.file("release-privacy"), full_page=True)
    page.goto("/releases/new?step=tables")
    page.locator(".printed-table").last.wait_for()
    settled(page)
    checked(page, look)
    page.screenshot(path=screens / look.file("release-tables"), full_page=True)
    page.goto("/releases/new?step=seal")
    page.locator(".left-list li").first.wait_for()
    checked(page, look)
    page.screenshot(path=screens / look.file("release-seal"), full_page=True)
