"""A real browser before the service over a finished demo."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import socket
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Error, Page, Request, expect, sync_playwright

from buffycoat.domain.account import Person
from buffycoat.domain.reading import RoundWish
from buffycoat.service import create_app
from buffycoat.service.static_site import FOLDER
from buffycoat.workflows import reading
from buffycoat.workflows.people import demo_people
from buffycoat.workflows.workspace import Workspace, open_workspace

SIZES = {"phone": (390, 844), "tablet": (820, 1180), "desk": (1440, 900)}
Size = str | tuple[int, int]
SCREENS = Path(__file__).parents[1] / "screens"
# Wide, as a machine may have much to do beside.
expect.set_options(timeout=20_000)
# Documents are shown in a sandbox that runs no script, on purpose: the tables of a report are then not sorted by a click.
KEPT_OUT = re.compile(
    r"Blocked script execution in 'http\S+/api/documents/\w+' because the document's frame is sandboxed"
)
# The first one is needed; the others keep the browser from looking things up elsewhere.
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pixels_of(size: Size) -> tuple[int, int]:
    """Return the width and height of a window, of one of the usual ones by name."""
    return SIZES[size] if isinstance(size, str) else size


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say with a failure what each page showed: on another machine nobody can look."""
    report = yield
    browser = getattr(item, "funcargs", {}).get("browser")
    if report.when == "call" and report.failed and browser is not None:
        for page in [page for context in browser.contexts for page in context.pages]:
            try:
                said = page.locator("body").inner_text(timeout=2_000)
            except Error as error:
                said = f"(cannot be read: {error.message})"
            report.sections.append((f"page {page.url}", said))
    return report


@dataclass(frozen=True)
class Look:
    """A window as somebody has it before them, told by a name such as `phone-dark-fa`: its size, ground and language."""

    name: str

    @property
    def size(self) -> str:
        return self.name.split("-")[0]

    @property
    def dark(self) -> bool:
        return self.name.split("-")[1] == "dark"

    @property
    def locale(self) -> str:
        return self.name.split("-")[2]

    @property
    def reads(self) -> str:
        """In which direction."""
        return "rtl" if self.locale == "fa" else "ltr"

    @property
    def pixels(self) -> tuple[int, int]:
        return SIZES[self.size]

    @property
    def window(self) -> dict[str, Any]:
        """What `open_page` and `window` open it by."""
        return {"size": self.size, "dark": self.dark, "locale": self.locale}

    def file(self, name: str) -> str:
        """Return the name of a picture of a page that looks like this."""
        return f"{name}-{self.pixels[0]}x{self.pixels[1]}-{self.name}.png"


# A test of other looks names them: parametrize("look", [...], indirect=True).
LOOKS = ("desk-light-en", "desk-dark-fa", "tablet-light-en", "tablet-light-fa", "phone-light-en", "phone-dark-fa")


@pytest.fixture(params=LOOKS)
def look(request: pytest.FixtureRequest) -> Look:
    """Each look in turn: three sizes, both grounds, both directions."""
    return Look(request.param)


@pytest.fixture(scope="session")
def screens() -> Path:
    """Where pictures of pages are kept, to be looked at."""
    SCREENS.mkdir(exist_ok=True)
    return SCREENS


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


in_flight: WeakKeyDictionary[Page, set[Request]] = WeakKeyDictionary()


def watch(page: Page) -> None:
    """Know from now on what a page has asked for and not got yet."""
    waiting = in_flight[page] = set()
    page.on("request", lambda request: waiting.add(request))  # noqa: PLW0108 (a bound method of a set is refused)
    page.on("requestfinished", lambda request: waiting.discard(request))  # noqa: PLW0108 (a bound method of a set is refused)
    page.on("requestfailed", lambda request: waiting.discard(request))  # noqa: PLW0108 (a bound method of a set is refused)


def settle(page: Page) -> None:
    """Wait until nothing in sight is still loading. Asked for again and again: the page forbids waiting inside it."""
    quiet = 0
    for _ in range(800):
        page.wait_for_timeout(25)
        quiet = quiet + 1 if not in_flight[page] and page.evaluate(IN_SIGHT) else 0
        if quiet == 8:
            return
    raise AssertionError(f"{page.url} is still loading {[request.url for request in in_flight[page]]}")


@pytest.fixture(scope="session")
def settled() -> Callable[[Page], None]:
    """Wait until a page of `window` asks for nothing more: what is loaded ahead is then here."""
    return settle


@pytest.fixture(scope="session")
def eventually() -> Callable[[Callable[[], object], object], None]:
    """Ask again and again until what is read is what is wanted."""

    def becomes(read: Callable[[], object], wanted: object) -> None:
        until = time.monotonic() + 20
        while read() != wanted and time.monotonic() < until:
            time.sleep(0.05)
        assert read() == wanted

    return becomes


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Open]:
    """Open a path in a window of its own; at the end no page may have complained."""
    complaints: list[str] = []
    contexts = []

    def opened(path: str, size: Size = "desk", *, dark: bool = False, locale: str = "en") -> Page:
        width, height = pixels_of(size)
        is_phone = (width, height) == SIZES["phone"]
        context = browser.new_context(
            base_url=address,
            viewport={"width": width, "height": height},
            has_touch=is_phone,
            is_mobile=is_phone,
            color_scheme="dark" if dark else "light",
            locale=locale,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on(
            "console",
            lambda said: (
                complaints.append(said.text)
                if said.type in {"error", "warning"} and not KEPT_OUT.match(said.text)
                else None
            ),
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        watch(page)
        page.goto(path)
        settle(page)
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
        size: Size = "desk",
        *,
        dark: bool = False,
        locale: str = "en",
    ) -> Page:
        width, height = pixels_of(size)
        context = browser.new_context(
            base_url=url,
            viewport={"width": width, "height": height},
            has_touch=(width, height) != SIZES["desk"],
            is_mobile=(width, height) == SIZES["phone"],
            color_scheme="dark" if dark else "light",
            locale=locale,
            reduced_motion="reduce",
        )
        contexts.append(context)
        if who is not None:
            signed = context.request.post("/api/session/demo", data={"handle": who}, headers={"Origin": url})
            assert signed.ok, signed.text()
        page = context.new_page()
        page.set_default_timeout(20_000)
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
        watch(page)
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


@pytest.fixture(scope="session")
def checked(serious: Callable[[Page], list[str]]) -> Callable[[Page, Look], None]:
    """A page as somebody has it before them: in its direction, nothing cut off, nothing too small, no barrier."""
    overflowing, small = ((Path(__file__).parent / f"{name}.js").read_text() for name in ("overflowing", "small"))

    def check(page: Page, look: Look) -> None:
        assert page.evaluate("document.documentElement.dir") == look.reads
        assert page.evaluate(overflowing) == []
        if look.size != "desk":
            assert page.evaluate(small) == []
        assert serious(page) == []

    return check
