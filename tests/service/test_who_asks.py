"""Who asks is looked up once and then remembered, until anybody writes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from starlette.testclient import TestClient

from buffycoat.domain.label import Role
from buffycoat.service import create_app
from buffycoat.service.guards import COOKIE
from buffycoat.workflows import people
from buffycoat.workflows.people import passwords, sessions
from buffycoat.workflows.workspace import Workspace, open_workspace

WORDS = "four words nobody joins"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """A workspace with an administrator, and passwords that cost nothing."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    with open_workspace(tmp_path / "w", create=True) as opened:
        people.add_person(opened, handle="ada", role=Role.ADMIN, password=WORDS)
        yield opened


def status(workspace: Workspace, secret: str) -> int:
    client = TestClient(create_app(workspace), headers={"Cookie": f"{COOKIE}={secret}"})
    return client.get("/api/tokens").status_code


def test_who_asks_is_one_look_until_somebody_writes(workspace: Workspace):
    secret = sessions.sign_in(workspace, handle="ada", password=WORDS).secret
    glances, said = workspace.database.glances, []
    first = glances.first
    glances.first = lambda question, bound: said.append(question) or first(question, bound)  # type: ignore[method-assign]  # counted
    assert [status(workspace, secret) for _ in range(3)] == [200, 200, 200]
    assert len(said) == 1
    caller = sessions.who(workspace, secret, token=False, demo=False)
    assert caller is not None
    sessions.sign_out(workspace, caller)
    assert [status(workspace, secret) for _ in range(2)] == [401, 401]
    assert len(said) == 3, "an end is remembered by nobody"


def test_a_secret_that_is_not_the_one_is_not_taken_for_it(workspace: Workspace):
    secret = sessions.sign_in(workspace, handle="ada", password=WORDS).secret
    other = secret[:-1] + ("A" if secret[-1] != "A" else "B")
    assert [status(workspace, shown) for shown in (other, secret, other, secret)] == [401, 200, 401, 200]
