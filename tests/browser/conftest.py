"""A real browser before the service over a finished demo."""

from __future__ import annotations

import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, Request, sync_playwright

from buffycoat.service import create_app
from buffycoat.service.static_site import FOLDER
from buffycoat.workflows.workspace import Workspace, open_workspace

PHONE, DESK = (390, 844), (1440, 900)
# The first one is needed; the others keep the browser from looking things up elsewhere.
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def workspace(demo_workspace: Path) -> Iterator[Workspace]:
    with open_workspace(demo_workspace) as opened:
        yield opened


@contextmanager
def serving(workspace: Workspace) -> Iterator[str]:
    """Serve a workspace in a thread; gives the address."""
    assert (FOLDER / "index.html").is_file(), "build the front end first: make frontend"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as `buffycoat serve` does
        server = uvicorn.Server(uvicorn.Config(create_app(workspace, guests=True), log_level="critical"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(timeout=10)


@pytest.fixture(scope="session")
def address(workspace: Workspace) -> Iterator[str]:
    with serving(workspace) as url:
        yield url


@pytest.fixture(scope="session")
def serve() -> Callable[[Workspace], AbstractContextManager[str]]:
    """Serve a workspace of the test's own."""
    return serving


# Of a module, not of the session: while it is open, no other test can run an event loop.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = os.environ.get("BUFFYCOAT_CHROMIUM") or shutil.which("chromium")
    assert path, "install Debian's chromium, or set BUFFYCOAT_CHROMIUM"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


Open = Callable[..., Page]
IN_SIGHT = """!document.querySelector('.loading, .tile.waiting') && [...document.images].every((image) => {
    const {top, bottom} = image.getBoundingClientRect();
    return image.complete || bottom < 0 || top > innerHeight;
})"""


def settle(page: Page, waiting: set[Request]) -> None:
    """Wait until nothing in sight is still loading. Asked for again and again: the page forbids waiting inside it."""
    quiet = 0
    for _ in range(200):
        page.wait_for_timeout(25)
        quiet = quiet + 1 if not waiting and page.evaluate(IN_SIGHT) else 0
        if quiet == 4:
            return
    raise AssertionError(f"{page.url} is still loading")


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Open]:
    """Open a path in a window of its own; at the end no page may have complained."""
    complaints: list[str] = []
    contexts = []

    def opened(path: str, size: tuple[int, int] = DESK, *, dark: bool = False, locale: str = "en") -> Page:
        context = browser.new_context(
            base_url=address,
            viewport={"width": size[0], "height": size[1]},
            has_touch=size == PHONE,
            is_mobile=size == PHONE,
            color_scheme="dark" if dark else "light",
            locale=locale,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        waiting: set[Request] = set()
        page.on("request", lambda request: waiting.add(request))  # noqa: PLW0108 (a bound method of a set is refused)
        page.on("requestfinished", lambda request: waiting.discard(request))  # noqa: PLW0108 (a bound method of a set is refused)
        page.on("requestfailed", lambda request: waiting.discard(request))  # noqa: PLW0108 (a bound method of a set is refused)
        page.goto(path)
        settle(page, waiting)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
