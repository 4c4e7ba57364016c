"""Handing in, answers in a file, and a newer version of the studio: driven as a person would."""

from __future__ import annotations

import re
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from browser_pages import kept, wait_until
from fastapi import FastAPI
from playwright.sync_api import Page, expect

from buffycoat.service.headers import SecurityHeaders
from buffycoat.service.static_site import FOLDER, StaticSite

SAID = {"5": "neutrophil.segmented", "9": "monocyte", "4": "lymphocyte.small", "3": "smudge"}
Window = Callable[..., Page]
Audit = Callable[[Page], list[str]]


def painted(page: Page) -> str:
    """Wait until the cell is to be seen; gives its item."""
    page.locator("canvas[data-painted]").wait_for()
    return str(page.locator("canvas").get_attribute("data-painted"))


def press(page: Page, key: str) -> None:
    """Press a key that names a cell, and wait for the next one."""
    before = painted(page)
    page.keyboard.press(key)
    expect(page.locator(f"canvas[data-painted]:not([data-painted='{before}'])")).to_have_count(1)


def all_sent(page: Page) -> None:
    page.locator("[data-waiting='0']").first.wait_for(state="attached", timeout=20_000)


def answers(page: Page, round_id: str) -> list[str | None]:
    """What the service holds, in this person's order."""
    told = page.request.get(f"/api/rounds/{round_id}/items?limit=500").json()
    return [item["answer"]["term"] if item["answer"] else None for item in told["items"]]


def caches_of(page: Page) -> list[str]:
    return sorted(page.evaluate("caches.keys()"))


def overflowing(page: Page) -> list[str]:
    """Boxes whose text does not fit them, other than those that scroll by intent."""
    return page.evaluate(
        """() => [...document.querySelectorAll('main *, header *, [role=dialog], [role=dialog] *, .offline-lines *')]
            .filter((each) => each.checkVisibility() && each.clientWidth > 1 && getComputedStyle(each).position !== 'absolute')
            .filter((each) => !each.closest('.unseen, svg, .label-frame'))
            .filter((each) => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflowX !== 'auto')
            .map((each) => each.outerHTML.slice(0, 120))"""
    )


def no_wider(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert overflowing(page) == []


@pytest.mark.parametrize("look", ["phone-dark-fa", "tablet-light-en"], indirect=True)
def test_answers_go_to_a_file_and_come_in_from_it(
    window: Window, serious: Audit, site: str, a_round, look, screens: Path, settled
):
    round_id = a_round()
    page = window(site, f"/rounds/{round_id}", **look.window)
    painted(page)
    settled(page)
    page.context.set_offline(True)
    for digit in "5943":
        press(page, f"Numpad{digit}")
    page.locator(".waiting-mark").click()
    page.screenshot(path=screens / look.file("waiting"))
    assert serious(page) == []
    no_wider(page)
    with page.expect_download() as download:
        page.locator("[role=dialog] .page-actions .button").nth(1).click()
    saved = Path(str(download.value.path())).read_bytes()
    # Another device, which never saw them.
    other = window(site, f"/rounds/{round_id}")
    painted(other)
    other.locator(".sent-mark").click()
    upload = {"name": "answers.json", "mimeType": "application/json"}
    other.locator("input[type=file]").set_input_files({**upload, "buffer": b"{}"})
    expect(other.locator(".key-said")).to_contain_text("nothing of ours")
    other.locator("input[type=file]").set_input_files({**upload, "buffer": saved})
    expect(other.locator(".key-said")).to_contain_text("4 entries taken in")
    other.keyboard.press("Escape")
    all_sent(other)
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.keyboard.press("Escape")
    all_sent(page)
    assert answers(page, round_id)[:5] == [SAID[digit] for digit in "5943"] + [None]
    assert len(page.request.get(f"/api/rounds/{round_id}/history").json()["events"]) == 4, "sent twice, counted once"


@pytest.mark.parametrize("look", ["phone-light-fa", "desk-dark-en"], indirect=True)
def test_the_last_key_can_be_taken_back_until_the_reading_is_handed_in(
    window: Window, serious: Audit, site: str, a_round, look, screens: Path
):
    round_id = a_round(most=12)
    page = window(site, f"/rounds/{round_id}", **look.window)
    total = len(answers(page, round_id))
    painted(page)
    if look.size != "phone":
        page.locator(".hand-in").click()
        expect(page.get_by_role("dialog")).to_contain_text(f"{total} cells still without an answer")
        page.get_by_role("button", name="Go to the first one").click()
    for _ in range(total - 1):
        press(page, "Numpad9")
    page.keyboard.press("Numpad7")
    page.locator(".label-done").wait_for()
    page.keyboard.press("Control+z")
    expect(page.locator(".label-done")).to_have_count(0)
    all_sent(page)
    assert answers(page, round_id)[-1] is None
    page.keyboard.press("Numpad8")
    all_sent(page)
    page.screenshot(path=screens / look.file("all-done"))
    no_wider(page)
    page.locator(".label-done .button.strong").click()
    page.get_by_role("dialog").wait_for()
    page.screenshot(path=screens / look.file("hand-in"))
    assert serious(page) == []
    no_wider(page)
    page.locator("[role=dialog] .button.strong").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".label-done .button.strong")).to_have_count(0)
    page.keyboard.press("Control+z")
    page.wait_for_timeout(200)
    assert answers(page, round_id) == ["monocyte"] * (total - 1) + ["basophil"]
    view = page.request.get(f"/api/rounds/{round_id}").json()
    assert (view["closed"], view["mine"]["handed_in"]) == (False, True)
    page.reload()
    painted(page)
    expect(page.locator(".label-done")).to_have_count(1)
    expect(page.locator(".pad-key").nth(4)).to_be_disabled()


@contextmanager
def alone(folder: Path) -> Iterator[str]:
    """The files of a build, and no service behind them."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.add_middleware(SecurityHeaders)
    app.router.routes.append(StaticSite(folder))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(timeout=10)


def test_a_newer_version_is_told_and_opens_when_the_person_says_so(browser, tmp_path: Path, screens: Path):
    folder = tmp_path / "static"
    shutil.copytree(FOLDER, folder)
    with alone(folder) as url:
        context = browser.new_context(base_url=url)
        page = context.new_page()
        page.goto("/")
        kept(page)
        [first] = caches_of(page)
        manifest = page.request.get("/manifest.webmanifest").json()
        assert {each["sizes"] for each in manifest["icons"]} == {"192x192", "512x512", "any"}
        for icon in manifest["icons"]:
            assert page.request.get(icon["src"]).ok
        page.wait_for_timeout(300)
        expect(page.locator(".offline-line")).to_have_count(0)
        worker = folder / "sw.js"
        worker.write_text(re.sub(r'"version":"\w+"', '"version":"newer"', worker.read_text(), count=1))
        page.evaluate("navigator.serviceWorker.getRegistration().then((each) => each.update()).then(() => true)")
        page.get_by_text("A new version of the studio is ready").wait_for()
        assert set(caches_of(page)) == {first, "buffycoat-app-newer"}
        page.screenshot(path=screens / "newer-1280x720-desk-light-en.png")
        with page.expect_navigation():
            page.get_by_role("button", name="Reload").click()
        wait_until(page, "caches.keys().then((names) => names.length === 1 && names[0] === 'buffycoat-app-newer')")
        page.wait_for_timeout(300)
        expect(page.locator(".offline-line")).to_have_count(0)
        context.close()
