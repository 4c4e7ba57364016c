"""A real browser before the service over a finished demo."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from buffycoat.domain.account import Person
from buffycoat.domain.reading import RoundWish
from buffycoat.service import create_app
from buffycoat.service.static_site import FOLDER
from buffycoat.workflows import reading
from buffycoat.workflows.people import demo_people
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


# For people who sign in and label: a demo of their own, which may be written to.
AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
MEANT = re.compile(r"ERR_INTERNET_DISCONNECTED|status of (400|401|422)")
numbers = itertools.count(1)


@pytest.fixture(scope="module")
def studio(demo_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A demo of its own, which may be written to."""
    folder = tmp_path_factory.mktemp("label") / "workspace"
    shutil.copytree(demo_workspace, folder)
    with open_workspace(folder) as opened:
        yield opened


@pytest.fixture(scope="module")
def people(studio: Workspace) -> dict[str, Person]:
    return {person.handle: person for person in demo_people(studio)}


@pytest.fixture(scope="module")
def site(studio: Workspace, serve) -> Iterator[str]:
    with serve(studio) as url:
        yield url


@pytest.fixture
def a_round(studio: Workspace, people: dict[str, Person]) -> Callable[..., str]:
    """Open a blind round of edna and emil; gives its id."""

    def opened(**wishes: object) -> str:
        wish = RoundWish(name=f"reading {next(numbers)}", experts=(people["edna"].id, people["emil"].id), **wishes)
        return reading.open_reading(studio, wish, people["carla"]).id

    return opened


@pytest.fixture
def window(browser: Browser) -> Iterator[Open]:
    """A window of its own, signed in as somebody of the demo; at the end no page may have complained."""
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def opened(
        url: str,
        path: str = "/",
        who: str | None = "edna",
        size: tuple[int, int] = DESK,
        *,
        dark: bool = False,
        locale: str = "en",
    ) -> Page:
        context = browser.new_context(
            base_url=url,
            viewport={"width": size[0], "height": size[1]},
            has_touch=size != DESK,
            is_mobile=size == PHONE,
            color_scheme="dark" if dark else "light",
            locale=locale,
            reduced_motion="reduce",
        )
        contexts.append(context)
        if who is not None:
            signed = context.request.post("/api/session/demo", data={"handle": who}, headers={"Origin": url})
            assert signed.ok, signed.text()
        page = context.new_page()
        page.set_default_timeout(8000)
        # A lost network, a wrong password and a lost cookie are the test's own doing.
        page.on(
            "console",
            lambda said: (
                complaints.append(said.text)
                if said.type in {"error", "warning"} and not MEANT.search(said.text)
                else None
            ),
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def serious() -> Callable[[Page], list[str]]:
    """What axe finds that keeps people out. Evaluated, not added to the page: its policy refuses added scripts."""

    def found(page: Page) -> list[str]:
        page.evaluate(AXE.read_text())
        violations = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        grave = [each for each in violations if each["impact"] in {"serious", "critical"}]
        return [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in grave]

    return found
