"""One's own account, errors in the language of the page, and a sign-in that ends while a page is open."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Page

from buffycoat.domain.account import Scope
from buffycoat.domain.label import Role
from buffycoat.service import create_app
from buffycoat.workflows import people
from buffycoat.workflows.people import sessions
from buffycoat.workflows.people.provider import ProviderSettings
from buffycoat.workflows.workspace import Workspace, open_workspace

SCREENS = Path(__file__).parents[1] / "screens"
PHONE, TABLET, DESK = (390, 844), (820, 1180), (1440, 900)
LOOKS = {
    "desk-light-en": (DESK, False, "en"),
    "desk-dark-fa": (DESK, True, "fa"),
    "tablet-dark-en": (TABLET, True, "en"),
    "phone-light-en": (PHONE, False, "en"),
    "phone-dark-fa": (PHONE, True, "fa"),
}
WORDS = "four words nobody joins"
PERSIAN = re.compile(r"[\u0600-\u06ff]")


@contextmanager
def serving(workspace: Workspace) -> Iterator[str]:
    """Serve with an institution's sign-in, which nobody uses here."""
    provider = ProviderSettings(issuer="http://127.0.0.1:9", client="studio", name="Razi Laboratory", roles={})
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(create_app(workspace, provider=provider), log_level="critical")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(timeout=10)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workspace, str]]:
    """A workspace without smears, and its people with passwords."""
    with open_workspace(tmp_path_factory.mktemp("people") / "w", create=True) as workspace:
        people.add_person(workspace, handle="ada", role=Role.ADMIN, password=WORDS)
        nora = people.add_person(workspace, handle="nora", role=Role.CURATOR, password=WORDS).person
        sessions.make_token(workspace, nora.id, name="notebook at the bench", scope=Scope.LABEL, days=90)
        with serving(workspace) as url:
            yield workspace, url


def sign_in(page: Page, words: str = WORDS) -> None:
    fields = page.locator("form.entry input")
    fields.nth(0).fill("nora")
    fields.nth(1).fill(words)
    page.locator("form.entry button[type=submit]").click()


def overflowing(page: Page) -> list[str]:
    """Boxes whose text does not fit into them, beside the page itself."""
    return page.evaluate(
        """() => [document.documentElement, ...document.querySelectorAll('main *, [role=dialog] *')]
              .filter((each) => each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 1)
              .filter((each) => getComputedStyle(each).display !== 'inline' && !each.closest('input, svg, .scroll-sideways'))
              .map((each) => each.outerHTML.slice(0, 120))"""
    )


def small(page: Page) -> list[str]:
    return page.evaluate(
        """() => [...document.querySelectorAll('main button, main .button, summary, [role=dialog] button')]
              .filter((each) => each.checkVisibility({visibilityProperty: true}) && each.tabIndex >= 0)
              .map((each) => [each.outerHTML.slice(0, 120), each.getBoundingClientRect()])
              .filter(([, {width, height}]) => Math.min(width, height) < 43.5)
              .map(([html]) => html)"""
    )


def looked_at(page: Page, name: str, size: tuple[int, int], look: str, serious, *, full: bool = True) -> None:
    page.wait_for_timeout(700)  # a sheet waits for a keyboard on the screen to go
    page.screenshot(path=SCREENS / f"{name}-{size[0]}x{size[1]}-{look}.png", full_page=full)
    assert serious(page) == []
    assert overflowing(page) == []
    if size == PHONE:
        assert small(page) == []


@pytest.mark.parametrize("look", LOOKS)
def test_tokens_are_made_shown_once_and_ended(window, place, serious, look: str):
    _, url = place
    size, dark, locale = LOOKS[look]
    SCREENS.mkdir(exist_ok=True)
    page = window(url, "/sign-in?to=%2Faccount", None, size, dark=dark, locale=locale)
    sign_in(page)
    page.locator(".own-line", has_text="notebook at the bench").wait_for()
    looked_at(page, "account", size, look, serious)
    page.locator(".make-token input:visible").first.fill("nightly")
    page.locator(".make-token button[type=submit]").click()
    shown = page.locator(".made-token input").input_value()
    assert re.fullmatch(r"t[0-9a-f]{24}\.[\w-]{43}", shown)
    looked_at(page, "token-made", size, look, serious)
    asked = page.request.get("/api/overview", headers={"Authorization": f"Bearer {shown}"})
    assert asked.status == 200
    page.reload()
    line = page.locator(".own-line", has_text="nightly")
    line.wait_for()
    assert shown not in page.content()
    unused = {"en": "not yet", "fa": "هنوز نه"}[locale]
    assert unused not in line.inner_text(), "it was used just now"
    assert unused in page.locator(".own-line", has_text="notebook").inner_text()
    line.get_by_role("button").click()
    looked_at(page, "token-end", size, look, serious, full=False)
    page.get_by_role("dialog").locator(".button.strong").click()
    line.wait_for(state="detached")
    assert page.request.get("/api/overview", headers={"Authorization": f"Bearer {shown}"}).status == 401


@pytest.mark.parametrize("look", ["phone-dark-fa", "desk-light-en"])
def test_what_went_wrong_is_told_in_the_language_of_the_page(window, place, serious, look: str):
    _, url = place
    size, dark, locale = LOOKS[look]
    page = window(url, "/sign-in", None, size, dark=dark, locale=locale)
    sign_in(page, "not these words")
    alert = page.get_by_role("alert")
    alert.wait_for()
    if locale == "fa":
        assert "نام کاربری و گذرواژه با هم نمی‌خوانند" in alert.inner_text()
        technical = alert.locator("details p")
        assert not technical.is_visible()
        alert.locator("summary").click()
        assert technical.is_visible()
        assert (technical.get_attribute("lang"), technical.get_attribute("dir")) == ("en", "ltr")
        said = [line for line in alert.locator("p:not(details p):not(.quiet)").all_inner_texts() if line]
        assert said
        assert all(PERSIAN.search(line) and not re.search("[A-Za-z]", line) for line in said)
    else:
        assert "Handle and password do not fit." in alert.inner_text()
        assert alert.locator("details").count() == 0
    looked_at(page, "sign-in-wrong", size, look, serious)


@pytest.mark.parametrize("look", ["phone-dark-fa", "desk-light-en"])
def test_a_sign_in_that_ends_leaves_the_page_as_it_is(window, place, serious, look: str):
    _, url = place
    size, dark, locale = LOOKS[look]
    page = window(url, "/sign-in?to=%2Fpeople", None, size, dark=dark, locale=locale)
    sign_in(page)
    handle = page.locator(".invite input:visible").first
    handle.fill("new-reader")
    page.context.clear_cookies()
    page.locator(".invite button[type=submit]").click()
    again = page.get_by_role("dialog")
    again.wait_for()
    looked_at(page, "signed-out-over-page", size, look, serious, full=False)
    again.locator("input").nth(1).fill("1234567890 no")
    again.locator("button[type=submit]").click()
    again.get_by_role("alert").wait_for()
    again.locator("input").nth(1).fill(WORDS)
    again.locator("button[type=submit]").click()
    again.wait_for(state="detached")
    assert handle.input_value() == "new-reader"
    page.locator(".invite button[type=submit]").click()
    page.locator(".made-link input").wait_for()
    page.context.clear_cookies()
    handle.fill("another")
    page.locator(".invite button[type=submit]").click()
    again.wait_for()
    again.locator("button").last.click()
    again.locator(".made-link .button").last.click()
    page.wait_for_url("**/sign-in?to=*")


def test_answers_given_after_the_sign_in_ended_arrive_once_it_is_begun_anew(window, site: str, a_round):
    round_id = a_round()
    page = window(site, f"/rounds/{round_id}")
    page.locator("canvas[data-painted]").wait_for()
    page.context.clear_cookies()
    page.keyboard.press("Numpad5")
    again = page.get_by_role("dialog")
    again.wait_for()
    page.keyboard.press("Numpad9")  # of the dialog, and of no cell
    again.get_by_role("button", name="Sign in and go on").click()
    again.wait_for(state="detached")
    page.get_by_role("button", name="All sent").wait_for()
    kept = page.request.get(f"/api/rounds/{round_id}/items?limit=3").json()["items"]
    assert [each["answer"] and each["answer"]["term"] for each in kept] == ["neutrophil.segmented", None, None]
    page.keyboard.press("Numpad9")
    page.get_by_role("status").filter(has_text=re.compile("Cell 2: monocyte")).first.wait_for()
