"""Signing in, rounds, people and the Label screen at three sizes, in both directions: looked at, and gone over by axe."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from buffycoat.domain.account import Person
from buffycoat.domain.reading import RoundWish
from buffycoat.workflows import reading
from buffycoat.workflows.workspace import Workspace

SMALLEST_TARGET = 44
Window = Callable[..., Page]
Audit = Callable[[Page], list[str]]


def small_targets(page: Page) -> list[str]:
    """What a thumb must hit: buttons, keys of the pad, links that look like buttons."""
    measured = page.evaluate(
        """() => [...document.querySelectorAll('button, .button, nav.sections a, .check, .switch, input[type=text]')]
              .filter((each) => each.checkVisibility({visibilityProperty: true}) && each.tabIndex >= 0)
              .map((each) => [each.outerHTML.slice(0, 120), each.getBoundingClientRect()])
              .map(([html, {width, height}]) => [html, Math.min(width, height)])"""
    )
    assert measured
    return [html for html, size in measured if 1 < size < SMALLEST_TARGET - 0.5]


def painted(page: Page) -> str:
    """Wait until the cell is to be seen; gives its item."""
    page.locator("canvas[data-painted]").wait_for()
    return str(page.locator("canvas").get_attribute("data-painted"))


SHOWN = (
    "sign-in",
    "rounds",
    "rounds-of-curator",
    "open-round",
    "people",
    "label",
    "label-keys",
    "label-list",
    "label-reference",
)
# The widest and the narrowest window show all pages, the others those that look different there.
EVERYWHERE = {"label", "rounds", "label-list"}


@pytest.fixture(scope="module")
def shown_round(studio: Workspace, people: dict[str, Person]) -> str:
    experts = (people["edna"].id, people["emil"].id)
    wish = RoundWish(name="Reading of November", experts=experts, repeat_share=0.03)
    return reading.open_reading(studio, wish, people["carla"]).id


@pytest.mark.parametrize("name", SHOWN)
def test_screen(window: Window, serious: Audit, site: str, shown_round: str, look, name: str, screens: Path):
    if name not in EVERYWHERE and not look.name.startswith(("desk-light", "phone")):
        return
    who = None if name == "sign-in" else "carla" if name in {"rounds-of-curator", "open-round", "people"} else "edna"
    path = {"sign-in": "/sign-in", "people": "/people"}.get(
        name, f"/rounds/{shown_round}" if name.startswith("label") else "/rounds"
    )
    page = window(site, path, who, **look.window)
    ready = {"sign-in": ".demo-person", "people": ".plain-table td", "rounds": ".meter", "rounds-of-curator": ".meter"}
    if name.startswith("label"):
        painted(page)
        page.keyboard.press("Numpad5")
        page.keyboard.press("KeyD")
        painted(page)
        expect(page.locator(".has-answer")).to_have_count(1)
    if name == "open-round":
        page.locator(".page-actions .button.strong").click()
        page.locator(".check").first.wait_for()
    elif name == "label-keys":
        page.keyboard.press("?")
        page.get_by_role("dialog").wait_for()
    elif name == "label-list":
        page.keyboard.press("KeyO")
        page.get_by_role("option").first.wait_for()
    elif name == "label-reference":
        page.keyboard.press("KeyR")
        page.locator(".reference").wait_for()
    elif name in ready:
        page.locator(ready[name]).first.wait_for()
    page.wait_for_timeout(150)
    page.screenshot(path=screens / look.file(name))
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert page.evaluate("document.documentElement.dir") == look.reads
    assert serious(page) == []
    if look.size != "desk":
        assert small_targets(page) == []
    if name == "label":
        # The numpad is the same in every language: 7 is left of 9, 0 is below.
        seven, nine, zero = (
            page.locator(".pad-key", has=page.locator("kbd", has_text=re.compile(f"^{digit}$"))).bounding_box()
            for digit in "790"
        )
        assert seven
        assert nine
        assert zero
        assert seven["x"] < nine["x"]
        assert zero["y"] > seven["y"]
        assert zero["y"] + zero["height"] <= look.pixels[1], "the whole pad is in sight"
        stage = page.locator(".label-frame").bounding_box()
        assert stage
        if look.size == "phone":
            assert stage["width"] >= 0.95 * look.pixels[0]
