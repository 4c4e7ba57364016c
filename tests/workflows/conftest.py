"""A server that breaks off, lies and changes its mind; a demo to write to; and rounds in it that people read."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import threading
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from buffycoat.domain.account import Person
from buffycoat.domain.label import Round
from buffycoat.domain.reading import Given, Item, Received, RoundWish
from buffycoat.ingest.public_sets import PublicFile, PublicSet
from buffycoat.label import items_of
from buffycoat.store.answers import rounds_of
from buffycoat.workflows import reading
from buffycoat.workflows.fetching.part_file import PartFile, Version
from buffycoat.workflows.fetching.sets import FetchSummary, fetch_set
from buffycoat.workflows.people import demo_people
from buffycoat.workflows.workspace import Workspace, open_workspace

MOMENT = datetime(2022, 1, 21, 12, tzinfo=UTC)


def archive(size: int, seed: int = 0) -> bytes:
    """A whole zip of about this many bytes."""
    rows = b"".join(hashlib.sha256(f"{seed} {i}".encode()).digest() for i in range(size // 32))
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as zipped:
        zipped.writestr(zipfile.ZipInfo("cells.bin"), rows)
    return content.getvalue()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        server: Any = self.server
        server.asked.append((self.path, dict(self.headers.items())))
        script = server.scripts.get(self.path, [])
        server.scripts[self.path] = script[1:] or script
        (script[0] if script else status(404))(self)

    def head(self, code: int, headers: dict[str, str]) -> None:
        self.send_response(code)
        for name, text in headers.items():
            self.send_header(name, text)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


Act = Callable[[Handler], None]


def status(code: int, **headers: str) -> Act:
    def act(handler: Handler) -> None:
        handler.head(code, {"Content-Length": "0", **{name.replace("_", "-"): text for name, text in headers.items()}})

    return act


def serving(content: bytes, *, etag: str | None = '"one"', breaks_after: int | None = None, ranges: bool = True) -> Act:
    """As RFC 9110 wants it: a part where a range is asked for and the version is the one that is meant."""

    def act(handler: Handler) -> None:
        wanted = handler.headers.get("Range")
        meant = handler.headers.get("If-Range") in (None, etag)
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and ranges and meant else 0
        facts = {"Content-Length": str(len(content) - start)} | ({"ETag": etag} if etag else {})
        if start >= len(content) > 0:
            handler.head(416, {"Content-Length": "0", "Content-Range": f"bytes */{len(content)}"})
            return
        if start:
            facts["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        handler.head(206 if start else 200, facts)
        end = len(content) if breaks_after is None else start + breaks_after
        handler.wfile.write(content[start:end])
        if end < len(content):
            handler.close_connection = True

    return act


def chunked(content: bytes, *, ends: bool = True, endless: bool = False) -> Act:
    """Without a length."""

    def act(handler: Handler) -> None:
        handler.head(200, {"Transfer-Encoding": "chunked"})
        try:
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(content), content))
            while endless:
                handler.wfile.write(b"%x\r\n%s\r\n" % (len(content), content))
            handler.wfile.write(b"0\r\n\r\n" if ends else b"")
        except OSError:
            pass  # the other side had enough
        handler.close_connection = True

    return act


def promising(length: int, content: bytes) -> Act:
    def act(handler: Handler) -> None:
        handler.head(200, {"Content-Length": str(length), "ETag": '"one"'})
        handler.wfile.write(content)
        handler.close_connection = True

    return act


def a_set(files: tuple[PublicFile, ...], **facts: Any) -> PublicSet:
    return PublicSet(
        **{
            "name": "a-set",
            "title": "A set",
            "page": "https://example.org/a-set",
            "license": "CC BY 4.0",
            "citation": "Nobody, Nothing (2022)",
            "counts": {},
            "files": files,
            "by_hand": ("Ask.",),
            "checked": "not at all",
            "format": "folders",
        }
        | facts
    )


class Site:
    """The server with a script for each path, what it was asked, and the folder that is fetched into."""

    content = archive(200_000)
    archive = staticmethod(archive)
    serving = staticmethod(serving)
    chunked = staticmethod(chunked)
    status = staticmethod(status)
    promising = staticmethod(promising)
    a_set = staticmethod(a_set)

    def __init__(self, server: Any, folder: Path, client: httpx.Client) -> None:
        self.server, self.folder, self.client = server, folder, client
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.scripts: dict[str, list[Act]] = {}
        self.slept: list[float] = []
        server.asked, server.scripts = self.asked, self.scripts
        self.address = f"http://127.0.0.1:{server.server_port}"

    def file(self, *acts: Act, name: str = "cells.zip", **facts: Any) -> PublicFile:
        """A file that the server answers for in this way; the last answer stays."""
        self.scripts[f"/{name}"] = list(acts)
        return PublicFile(name=name, address=f"{self.address}/{name}", format="folders", **facts)

    def fetch(self, *files: PublicFile, **more: Any) -> FetchSummary:
        """Fetch a set of these files."""
        given = {"client": self.client, "sleep": self.slept.append, "clock": lambda: MOMENT, "sets": (a_set(files),)}
        return fetch_set("a-set", self.folder, **(given | more))

    def record(self) -> Any:
        """What lies in fetched.json."""
        return json.loads((self.folder / "fetched.json").read_bytes())

    def names(self) -> list[str]:
        """What lies in the folder."""
        return sorted(path.name for path in self.folder.iterdir())

    def ranges(self) -> list[str | None]:
        """The range of each question."""
        return [headers.get("Range") for _, headers in self.asked]

    def digest(self, content: bytes) -> str:
        """SHA-256."""
        return hashlib.sha256(content).hexdigest()

    def refusal(self, summary: FetchSummary, code: str) -> str:
        """The message of the one file, which must have been refused with this code and left nothing of its name."""
        assert not summary.complete
        assert [(file.status, file.code) for file in summary.files] == [("refused", code)]
        assert not (self.folder / summary.files[0].name).exists()
        assert not (self.folder / "fetched.json").exists()
        return summary.files[0].message

    def with_part(self, content: bytes, total: int | None) -> None:
        """Leave what a killed fetch leaves."""
        self.folder.mkdir(exist_ok=True)
        part = PartFile(self.folder / "cells.zip.part")
        part.restart(Version(address=f"{self.address}/cells.zip", etag='"one"', last_modified=None, total=total))
        part.add(content)
        part.close()


@pytest.fixture(scope="session")
def running() -> Iterator[Any]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def site(running: Any, tmp_path: Path) -> Iterator[Site]:
    """A server with nothing to say yet, and an empty place for a folder."""
    with httpx.Client(trust_env=False) as client:
        yield Site(running, tmp_path / "set", client)


@pytest.fixture
def demo(demo_workspace: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A copy of the finished demo that may be written to; objects, which never change, are linked."""

    def copy(source: str, target: str) -> None:
        if "objects" in Path(source).parts:
            os.link(source, target)
        else:
            shutil.copy2(source, target)

    folder = shutil.copytree(demo_workspace, tmp_path / "demo-copy", copy_function=copy)
    with open_workspace(folder) as workspace:
        yield workspace


@pytest.fixture
def people(demo: Workspace) -> dict[str, Person]:
    """The people of the demo, by handle."""
    return {person.handle: person for person in demo_people(demo)}


class Rounds:
    """Rounds of the demo: opened by the curator, answered as a device does."""

    def __init__(self, demo: Workspace, people: dict[str, Person]) -> None:
        self.demo, self.people = demo, people

    def wish(
        self,
        name: str = "spring",
        query: str | None = "disputed",
        experts: Sequence[str] = ("edna", "emil"),
        **more: Any,
    ) -> RoundWish:
        """What is wished for; experts by handle."""
        ids = tuple(self.people[handle].id for handle in experts)
        return RoundWish(name=name, query=query, experts=ids, **more)

    def open(self, **more: Any) -> Round:
        """Open it."""
        view = reading.open_reading(self.demo, self.wish(**more), self.people["carla"])
        with self.demo.database.reading() as transaction:
            return rounds_of(transaction, {view.id})[0]

    @staticmethod
    def given(item: str, term: str | None = "monocyte", *, after: float = 0, **more: Any) -> Given:
        """An answer as a device sends it, some seconds from now."""
        moment = datetime.now(UTC) + timedelta(seconds=after)
        return replace(Given(event=str(uuid4()), item=item, term=term, given_at=moment.isoformat()), **more)

    def items(self, campaign: Round, person: Person) -> tuple[Item, ...]:
        """All items of a person."""
        return reading.list_items(self.demo, campaign.id, person, offset=0, limit=10_000).items

    def answer(
        self, campaign: Round, person: Person, term: Callable[[str], str] = lambda _cell: "monocyte", *, but: int = 0
    ) -> list[Given]:
        """Answer all items of a person, or all but the last few."""
        planned = items_of(campaign, person.id)
        sent = [self.given(item.item, term(item.cell_id)) for item in planned[: len(planned) - but]]
        receipts = reading.take_answers(self.demo, campaign.id, person, sent)
        assert {receipt.state for receipt in receipts} == {Received.KEPT}
        return sent

    def live(self, campaign: Round, person: Person) -> dict[str, str]:
        """The term that holds for each item of a person."""
        return {each.item: each.answer.term for each in self.items(campaign, person) if each.answer}

    def count(self, cls: type, **equal: Any) -> int:
        """How many values there are."""
        with self.demo.database.reading() as transaction:
            return transaction.count(cls, **equal)


@pytest.fixture
def rounds(demo: Workspace, people: dict[str, Person]) -> Rounds:
    """A way to open rounds in the demo, and to answer them."""
    return Rounds(demo, people)
