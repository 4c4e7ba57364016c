"""Photographing and the labels of slides as people see them: three sizes, both directions, light and dark."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from gps_photographs import photograph
from playwright.sync_api import Page, expect

from buffycoat.domain.capturing import SmearWish
from buffycoat.workflows.capturing.smears import make_smear
from buffycoat.workflows.workspace import Workspace

Window = Callable[..., Page]
Checked = Callable[[Page, object], None]
SCAN = re.compile("Scan its label|خواندن برچسب آن")
CODE = re.compile("Code on the slide|کد روی لام")
NEW = re.compile("New set-up|دستگاه تازه")
LIVE = re.compile("Live camera|دوربین زنده")
HERE = re.compile("Slides that are here|لام‌هایی که این‌جا هستند")
ALL = re.compile("^(All|همه)$")

REFUSED = {
    "type": "/api/errors/unreadable-image",
    "title": "The photograph cannot be read",
    "status": 422,
    "code": "unreadable-image",
    "detail": "the photograph is cut short: expected an end marker, found 12 bytes without one",
    "hint": "copy it from the camera again: a part is missing",
}


def taken(page: Page, *contents: bytes) -> None:
    told = [
        {"name": f"IMG_{index}.jpg", "mimeType": "image/jpeg", "buffer": each} for index, each in enumerate(contents)
    ]
    page.locator(".gallery-input").set_input_files(told)


@pytest.fixture(scope="module")
def slides(bench: Workspace) -> tuple[str, ...]:
    """Slides that are here already, two of another laboratory."""
    codes = ("S-26-0101", "S-26-0102", "S-26-0103")
    for code in codes:
        make_smear(bench, SmearWish(code=code, site="lab a" if code.endswith("3") else "unknown"))
    return codes


def test_capture_as_it_is_seen(at_bench: Window, look, screens: Path, checked: Checked, slides):
    page = at_bench("/capture", "edna", **look.window)
    page.locator(".known-smear").first.wait_for()
    checked(page, look)
    page.screenshot(path=screens / look.file("capture-slide"))
    page.get_by_role("button", name=SCAN).click()
    page.get_by_role("dialog").wait_for()
    checked(page, look)
    page.screenshot(path=screens / look.file("capture-scan"))
    page.keyboard.press("Escape")
    page.get_by_label(CODE).fill("Jane Doe")
    page.keyboard.press("Enter")
    page.locator(".field-wrong").first.wait_for()
    page.screenshot(path=screens / look.file("capture-no-name"))
    page.get_by_label(CODE).fill(slides[0])
    page.keyboard.press("Enter")
    page.locator(".shoot").wait_for()
    page.screenshot(path=screens / look.file("capture-ready"))
    # One arrives; the second is refused; the third and the fourth wait as the link is gone.
    number = 1 + len(look.name) + 100 * sum(map(ord, look.name))
    taken(page, photograph(number))
    expect(page.locator(".photo-tile[data-state='arrived']").first).to_be_visible()
    page.route("**/api/captures/uploads", lambda route: route.fulfill(status=422, json=REFUSED))
    taken(page, photograph(number + 1))
    expect(page.locator(".photo-tile[data-state='refused']")).to_have_count(1)
    page.unroute("**/api/captures/uploads")
    page.route("**/api/captures/**", lambda route: route.abort("internetdisconnected"))
    taken(page, photograph(number + 2), photograph(number + 3), b"GIF89a")
    expect(page.locator(".photo-tile[data-state='waiting']")).to_have_count(2)
    page.locator(".shoot [role=alert]").wait_for()
    page.locator(".capture-sent .waiting-mark").wait_for()
    checked(page, look)
    page.screenshot(path=screens / look.file("capture-strip"), full_page=True)
    page.locator(".photo-tile[data-state='refused']").click()
    page.locator(".photo-sheet [data-shown=true]").wait_for()
    checked(page, look)
    page.screenshot(path=screens / look.file("capture-one"))
    page.keyboard.press("Escape")
    page.locator(".capture-sent .waiting-mark").click()
    page.locator(".waiting-photographs").wait_for()
    checked(page, look)
    page.screenshot(path=screens / look.file("capture-waiting"))


@pytest.mark.parametrize("look", ["phone-light-en", "desk-dark-fa"], indirect=True)
def test_a_set_up_as_it_is_made(at_bench: Window, look, screens: Path, checked: Checked, slides):
    page = at_bench("/capture", "carla", **look.window)
    page.locator(".known-smear").first.click()
    page.get_by_role("button", name=NEW).click()
    form = page.locator(".set-up-form")
    form.wait_for()
    checked(page, look)
    form.locator("input").first.fill(f"CX18 {look.name}")
    page.screenshot(path=screens / look.file("capture-set-up"))
    # A line at every 80 pixels, a hundredth of a millimeter from one to the next.
    lines = np.full((600, 800, 3), 230, np.uint8)
    for left in range(20, 800, 80):
        lines[:, left : left + 5] = 30
    form.locator(".file-input").set_input_files(
        {"name": "lines.jpg", "mimeType": "image/jpeg", "buffer": photograph(7, image=lines)}
    )
    expect(form.locator("input[inputmode=decimal]").nth(1)).to_have_value(re.compile(r"0\.12[45]"))
    checked(page, look)
    page.screenshot(path=screens / look.file("capture-micrometer"))
    form.locator("button[type=submit]").click()
    expect(page.locator(".set-up .choose")).to_contain_text(f"CX18 {look.name}")


@pytest.mark.parametrize("look", ["desk-light-en", "tablet-light-fa", "phone-dark-fa"], indirect=True)
def test_labels_as_they_are_seen(at_bench: Window, look, screens: Path, checked: Checked, slides):
    page = at_bench("/slides", "carla", **look.window)
    page.locator(".a4").first.wait_for()
    checked(page, look)
    page.screenshot(path=screens / look.file("slides-range"), full_page=True)
    page.get_by_role("radio", name=HERE).check(force=True)
    page.get_by_role("button", name=ALL).click()
    expect(page.locator(".a4 g[data-code]")).not_to_have_count(0)
    checked(page, look)
    page.screenshot(path=screens / look.file("slides-here"), full_page=True)


def test_labels_as_they_are_printed(at_bench: Window, screens: Path, slides):
    page = at_bench("/slides", "carla")
    page.locator(".a4").first.wait_for()
    page.get_by_role("textbox", name="How many").fill("50")
    page.keyboard.press("Tab")
    expect(page.locator(".a4")).to_have_count(3)
    page.emulate_media(media="print")
    for left_out in (".top", ".page-head", ".slides-form", ".page > .quiet"):
        expect(page.locator(left_out).first).to_be_hidden()
    expect(page.locator(".a4").last).to_be_visible()
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.count(b"/Type /Page\n") == 3
    (screens / "slides-printed.pdf").write_bytes(printed)


@pytest.mark.parametrize("look", ["phone-dark-fa", "desk-light-en"], indirect=True)
def test_the_camera_that_does_not_open(at_bench: Window, look, screens: Path, checked: Checked, slides):
    page = at_bench("/capture", "edna", **look.window)
    page.locator(".known-smear").first.click()
    page.get_by_role("button", name=LIVE).click()
    page.locator(".live-error").wait_for()
    checked(page, look)
    page.screenshot(path=screens / look.file("capture-no-camera"))
