"""Pages of curators as people see them: three sizes, both directions, light and dark."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

Window = Callable[..., Page]


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
