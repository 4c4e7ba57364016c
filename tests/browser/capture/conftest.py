"""A bench for those who bring smears of their own: people of the demo may do nothing where there is a real one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from buffycoat.domain.label import Role
from buffycoat.workflows.people import add_person
from buffycoat.workflows.workspace import Workspace, open_workspace

Open = Callable[..., Page]
BENCH_WORDS = "four words at the bench"


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace without smears, whose people have passwords."""
    with open_workspace(tmp_path_factory.mktemp("bench") / "workspace", create=True) as opened:
        for handle, role in (("carla", Role.CURATOR), ("edna", Role.EXPERT), ("emil", Role.EXPERT)):
            add_person(opened, handle=handle, role=role, password=BENCH_WORDS)
        yield opened


@pytest.fixture(scope="module")
def bench_site(bench: Workspace, serve) -> Iterator[str]:
    with serve(bench) as url:
        yield url


@pytest.fixture
def at_bench(window: Open, bench_site: str) -> Open:
    """A window of its own, signed in as somebody of the bench."""

    def opened(path: str, who: str = "edna", **how: Any) -> Page:
        page = window(bench_site, "/sign-in", None, **how)
        told = {"handle": who, "password": BENCH_WORDS}
        signed = page.context.request.post("/api/session", data=told, headers={"Origin": bench_site})
        assert signed.ok, signed.text()
        page.goto(path)
        return page

    return opened
