"""``buffycoat people``: what it prints, and that a password is never an argument."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from buffycoat.workflows.people import passwords, sessions
from buffycoat.workflows.workspace import open_workspace

WORDS = "four words nobody joins"
OTHER = "another four words here"


@pytest.fixture
def people(command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable:
    """Run a command on an empty workspace, with a line on standard input."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._of_nobody.cache_clear()
    with open_workspace(tmp_path / "w", create=True):
        pass

    def run(*arguments: str, typed: str = ""):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        return command("people", *arguments, "--workspace", tmp_path / "w")

    yield run
    passwords._of_nobody.cache_clear()


def signs_in(folder: Path, password: str) -> bool:
    with open_workspace(folder) as opened:
        try:
            sessions.sign_in(opened, handle="ada", password=password)
        except PermissionError:
            return False
    return True


def test_an_account_from_first_to_last(people, tmp_path: Path):
    assert people("add", "Ada", "--role", "admin", typed=WORDS + "\n").out == "ada may sign in as admin\n"
    assert people("add", "edna", "--role", "expert", typed=WORDS + "\r\n").status == 0
    assert signs_in(tmp_path / "w", WORDS)
    assert people("password", "ADA", typed=OTHER).out == "ada has another password\n"
    assert (signs_in(tmp_path / "w", WORDS), signs_in(tmp_path / "w", OTHER)) == (False, True)
    assert people("role", "edna", "adjudicator").out == "edna is adjudicator\n"
    assert people("off", "edna").out == "edna is off\n"
    assert people("list").out.splitlines() == [
        "2 people",
        "  ada                   admin         on",
        "  edna                  adjudicator   off",
    ]
    assert people("on", "edna").out == "edna is on\n"
    listed = people("list", "--json").result
    assert [(each["person"]["handle"], each["active"]) for each in listed] == [("ada", True), ("edna", True)]
    refused = people("off", "ada")
    assert (refused.status, "last admin" in refused.err) == (4, True)
    assert people("off", "nobody").status == 3


def test_invitations_and_tokens_are_told_once(people, tmp_path: Path):
    people("add", "ada", "--role", "admin", typed=WORDS)
    made = people("invite", "--role", "trainee", "--json").result
    assert made["path"] == f"/join/{made['code']}"
    token = people("token", "ada", "--name", "notebook", "--scope", "label", "--days", "7", "--json").result
    assert (token["scope"], token["name"]) == ("label", "notebook")
    with open_workspace(tmp_path / "w") as opened:
        assert sessions.who(opened, token["token"], token=True, demo=False)
        assert token["token"] not in repr(sessions.list_tokens(opened, "x"))
    text = people("token", "ada", "--name", "other").out
    assert text.splitlines()[0].startswith("t")


def test_a_password_is_asked_for_and_never_an_argument(people, tmp_path: Path):
    for arguments in (("add", "ada", "--role", "admin", "--password", WORDS), ("add", "ada", WORDS, "--role", "admin")):
        assert people(*arguments).status == 2
    nothing = people("add", "ada", "--role", "admin")
    assert (nothing.status, "one line on standard input" in nothing.err) == (2, True)
    short = people("add", "ada", "--role", "admin", typed="hunter2\n")
    assert (short.status, "hunter2" in short.out + short.err) == (2, False)
    assert people("list").out == "0 people\n"


def test_in_a_terminal_it_is_typed_twice_without_being_shown(people, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    asked: list[str] = []

    def typed(prompt: str = "") -> str:
        asked.append(prompt)
        return WORDS

    monkeypatch.setattr("io.StringIO", Terminal)
    monkeypatch.setattr("getpass.getpass", typed)
    done = people("add", "ada", "--role", "admin")
    assert (done.status, len(asked)) == (0, 2)
    assert WORDS not in done.out + done.err
    assert signs_in(tmp_path / "w", WORDS)
