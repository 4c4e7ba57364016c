"""Waits of the browser tests that are the same in several of them."""

from __future__ import annotations

import time

from playwright.sync_api import Page

__all__ = ["kept", "wait_until"]

_PATIENCE_S = 20.0


def wait_until(page: Page, expression: str) -> None:
    """Wait until an expression, or the promise that it gives, holds in a page.

    Playwright's own ``wait_for_function`` evaluates text within the page from its second look on, which our content
    security policy forbids: it passes only where the first look does.
    """
    end = time.monotonic() + _PATIENCE_S
    while not page.evaluate(expression):
        assert time.monotonic() < end, f"{page.url}: never came true: {expression}"
        page.wait_for_timeout(50)


def kept(page: Page) -> None:
    """Wait until the studio is in the browser, and answers from there."""
    page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    wait_until(page, "navigator.serviceWorker.controller?.state === 'activated'")
