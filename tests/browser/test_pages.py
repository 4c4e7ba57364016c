"""Each page on a phone and on a desk: nothing complains, nothing overflows, nothing keeps a person out."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from buffycoat.workflows import browse
from buffycoat.workflows.workspace import Workspace

PAGES = {
    "desk-light-en": ("home", "smear", "field", "field-at-cell", "gallery", "cell", "keys", "nothing"),
    "phone-light-en": ("home", "smear", "field", "field-at-cell", "gallery", "cell", "nothing"),
    "phone-dark-fa": ("home", "smear", "field-at-cell", "gallery", "cell"),
}
SMALLEST_TARGET = 44


@pytest.fixture(scope="module")
def paths(workspace: Workspace) -> dict[str, str]:
    """Where each page is; the cells shown have repeats."""
    repeated = next(view for view in browse.list_cells(workspace, kept=False, limit=500).items if view.group)
    cell = repeated.cell
    return {
        "home": "/",
        "smear": f"/smears/{repeated.smear_id}",
        "field": f"/fields/{cell.field_id}",
        "field-at-cell": f"/fields/{cell.field_id}?cell={cell.id}",
        "gallery": "/cells",
        "cell": f"/cells?cell={cell.id}",
        "keys": "/",
        "nothing": "/cells?class=megakaryocyte&standing=open",
    }


@pytest.mark.parametrize(
    ("look", "name"), [(look, name) for look, names in PAGES.items() for name in names], indirect=["look"]
)
def test_page(open_page, paths: dict[str, str], serious, look, name: str, screens: Path):
    page = open_page(paths[name], **look.window)
    if name == "keys":
        page.keyboard.press("?")
        page.get_by_role("dialog").wait_for()
    page.screenshot(
        path=screens / look.file(name),
        full_page=name in {"home", "field-at-cell"} and look.size == "phone",
    )
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert page.evaluate("document.documentElement.dir") == look.reads
    assert serious(page) == []
    if look.size == "phone":
        assert small_targets(page) == []


def small_targets(page: Page) -> list[str]:
    """Buttons and sections too small for a thumb; links within a line of text are as high as the line."""
    measured = page.evaluate(
        """() => [...document.querySelectorAll('button, .button, nav.sections a, [role=radio], .documents a, .smear-name a')]
              .filter((each) => each.checkVisibility({visibilityProperty: true}) && each.tabIndex >= 0)
              .map((each) => [each.outerHTML.slice(0, 120), each.getBoundingClientRect()])
              .map(([html, {width, height}]) => [html, Math.min(width, height)])"""
    )
    assert measured
    return [html for html, size in measured if 0 < size < SMALLEST_TARGET - 0.5]


def test_simulation_is_said_on_every_page(open_page, paths: dict[str, str]):
    page = open_page(paths["home"])
    page.get_by_role("note").get_by_text("Simulated: drawn smears, simulated experts").wait_for()
    for name in ("smear", "field", "gallery"):
        page.goto(paths[name])
        page.locator("header").get_by_text("Simulated").wait_for()


def test_language_is_switched_and_kept(open_page, paths: dict[str, str]):
    page = open_page(paths["home"])
    page.get_by_role("button", name="فارسی").click()
    page.get_by_role("heading", name="گسترش‌ها", level=1).wait_for()
    page.reload()
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["fa", "rtl"]


def test_a_failure_tells_what_to_do_and_tries_again(browser, address: str):
    page = browser.new_page(base_url=address)
    broken = {"now": True}
    page.route("**/api/smears", lambda route: route.abort() if broken["now"] else route.fallback())
    page.goto("/")
    alert = page.get_by_role("alert")
    alert.get_by_text("The service does not answer").wait_for()
    broken["now"] = False
    alert.get_by_role("button", name="Try again").click()
    page.get_by_role("table").first.wait_for()
    expect(alert).to_have_count(0)
    page.goto("/fields/f0")
    page.get_by_role("alert").get_by_text("not-found").wait_for()
    page.close()


def test_a_document_opens_without_complaint(open_page, workspace: Workspace, screens: Path):
    for document in browse.list_documents(workspace):
        if document.media_type.startswith("text/html"):
            page = open_page(f"/api/documents/{document.id}")
            page.screenshot(path=screens / f"document-{document.kind}.png")
            assert page.title()
