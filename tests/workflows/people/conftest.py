"""A workspace of its own, a clock that stands, and cheap passwords."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from buffycoat.domain.account import (
    Person,
)
from buffycoat.domain.label import Role
from buffycoat.domain.smear import Smear
from buffycoat.workflows import people
from buffycoat.workflows.people import accounts, invitations, passwords, roster, sessions, tokens
from buffycoat.workflows.workspace import Workspace, open_workspace

WORDS = "four words nobody joins"


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash with the lowest parameters there are: what is tested is not how long it takes."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._of_nobody.cache_clear()


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty workspace, made once: making the tables takes longer than most tests."""
    folder = tmp_path_factory.mktemp("blank")
    with open_workspace(folder, create=True):
        pass
    return folder


@pytest.fixture
def workspace(tmp_path: Path, blank: Path, cheap: None) -> Iterator[Workspace]:
    shutil.copytree(blank, tmp_path / "w")
    with open_workspace(tmp_path / "w") as opened:
        yield opened
    passwords._of_nobody.cache_clear()


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def pass_by(self, **parts: float) -> None:
        self.moment += timedelta(**parts)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    stopped = Clock()
    for module in (accounts, invitations, roster, sessions, tokens):
        monkeypatch.setattr(module, "now", stopped)
    return stopped


@pytest.fixture(scope="session")
def person() -> Callable[..., Person]:
    """Make an account with the password ``WORDS`` of the tests."""

    def made(workspace: Workspace, handle: str, role: Role = Role.EXPERT) -> Person:
        return people.add_person(workspace, handle=handle, role=role, password=WORDS).person

    return made


@pytest.fixture(scope="session")
def who() -> Callable[..., sessions.Caller | None]:
    """Say whose a secret is; of a cookie and from elsewhere, where nothing else is said."""

    def asked(workspace: Workspace, secret: str, *, token: bool = False, demo: bool = False) -> sessions.Caller | None:
        return sessions.who(workspace, secret, token=token, demo=demo)

    return asked


@pytest.fixture(scope="session")
def simulated() -> Callable[[Workspace], None]:
    """Add a simulated smear: only beside such may the people of the demo act."""

    def added(workspace: Workspace) -> None:
        with workspace.database.writing() as transaction:
            transaction.add([Smear(id="s1", code="S-1", simulated=True)])

    return added
