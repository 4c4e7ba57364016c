"""The service over a finished demo, on a socket of its own."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from buffycoat.service import create_app
from buffycoat.workflows.workspace import Workspace, open_workspace


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Serve an application in a thread; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as `buffycoat serve` does
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(timeout=10)


@pytest.fixture(scope="session")
def workspace(demo_workspace: Path) -> Iterator[Workspace]:
    with open_workspace(demo_workspace) as opened:
        yield opened


@pytest.fixture(scope="session")
def address(workspace: Workspace) -> Iterator[str]:
    with serving(create_app(workspace, guests=True)) as url:
        yield url


@pytest.fixture(scope="session")
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address) as opened:
        yield opened


@pytest.fixture(scope="session")
def bare() -> Iterator[httpx.Client]:
    """The service without a workspace."""
    with serving(create_app(None, guests=True)) as url, httpx.Client(base_url=url) as opened:
        yield opened


@pytest.fixture(scope="session")
def serve() -> Callable[[FastAPI], AbstractContextManager[str]]:
    """Serve an application of the test's own."""
    return serving


@pytest.fixture(scope="module")
def own_demo(demo_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A copy of the demo that the tests of one module may write to."""
    folder = tmp_path_factory.mktemp("own") / "demo-workspace"
    shutil.copytree(demo_workspace, folder)
    with open_workspace(folder) as opened:
        yield opened


SignIn = Callable[[str, str], httpx.Client]


@pytest.fixture(scope="session")
def sign_in() -> Iterator[SignIn]:
    """Sign in at an address as a person of the demo, from a page of that address."""
    with ExitStack() as opened:

        def client(address: str, handle: str) -> httpx.Client:
            page = opened.enter_context(httpx.Client(base_url=address, headers={"Origin": address}))
            page.post("/api/session/demo", json={"handle": handle}).raise_for_status()
            return page

        yield client
