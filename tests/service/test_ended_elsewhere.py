"""What another process ends, takes or hides holds for the next request here, also for whoever was let in just before."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from argon2 import PasswordHasher

from buffycoat.domain.account import Scope
from buffycoat.domain.label import Role
from buffycoat.domain.smear import Smear
from buffycoat.service import create_app
from buffycoat.service.guards import COOKIE
from buffycoat.workflows import people
from buffycoat.workflows.people import passwords, sessions
from buffycoat.workflows.workspace import Workspace, open_workspace

WORDS = "four words nobody joins"
CROP = "/api/cells/c1/picture?side=96"
ELSEWHERE = """
import sys
from pathlib import Path
from buffycoat.domain.account import Scope
from buffycoat.domain.label import Role
from buffycoat.domain.reading import RoundWish
from buffycoat.domain.smear import Smear
from buffycoat.workflows import people, reading
from buffycoat.workflows.people import demo_people, sessions
from buffycoat.workflows.workspace import open_workspace
def add(workspace, value):
    with workspace.database.writing() as transaction:
        transaction.add([value])
for line in sys.stdin:
    folder, _, code = line.strip().partition(" ")
    with open_workspace(Path(folder)) as workspace:
        exec(code)
    print("done", flush=True)
"""


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Callable[[Workspace, str], None]]:
    """Another process that does something in a workspace, and has done it when this returns."""
    with subprocess.Popen(
        [sys.executable, "-c", ELSEWHERE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout

        def do(workspace: Workspace, code: str) -> None:
            print(workspace.folder, code, file=process.stdin, flush=True)
            assert process.stdout.readline() == "done\n", code

        yield do
        process.stdin.close()


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("blank")
    with open_workspace(folder, create=True):
        pass
    return folder


@pytest.fixture
def workspace(tmp_path: Path, blank: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._of_nobody.cache_clear()
    shutil.copytree(blank, tmp_path / "w")
    with open_workspace(tmp_path / "w") as opened:
        yield opened
    passwords._of_nobody.cache_clear()


Ask = Callable[..., int]


@pytest.fixture
def ask(workspace: Workspace) -> Ask:
    """Ask the one application, as a browser or as a program; gives the status."""
    app = create_app(workspace)

    def asked(path: str, *, cookie: str = "", token: str = "") -> int:
        async def once() -> int:
            headers = {"Authorization": f"Bearer {token}"} if token else {"Cookie": f"{COOKIE}={cookie}"}
            transport = httpx.ASGITransport(app, client=("127.0.0.1", 4711))
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=headers) as client:
                return (await client.get(path)).status_code

        return asyncio.run(once())

    return asked


@pytest.mark.parametrize(
    "ending",
    [
        "sessions.sign_out(workspace, sessions.who(workspace, '{cookie}', token=False, demo=False))",
        "people.appoint(workspace, '{person}', active=False)",
        "people.set_password(workspace, '{person}', 'another four words here')",
    ],
)
def test_who_is_signed_out_elsewhere_is_shown_nothing_more(workspace: Workspace, ask: Ask, elsewhere, ending: str):
    edna = people.add_person(workspace, handle="edna", role=Role.EXPERT, password=WORDS).person
    cookie = sessions.open_session(workspace, edna.id).secret
    assert [ask(CROP, cookie=cookie) for _ in range(3)] == [404] * 3, "let in, though there is no such cell"
    elsewhere(workspace, ending.format(cookie=cookie, person=edna.id))
    assert ask(CROP, cookie=cookie) == 401
    assert ask("/api/overview", cookie=cookie) == 401


def test_a_role_that_was_taken_elsewhere_reaches_no_further(workspace: Workspace, ask: Ask, elsewhere):
    ada = people.add_person(workspace, handle="ada", role=Role.ADMIN, password=WORDS).person
    people.add_person(workspace, handle="anna", role=Role.ADMIN, password=WORDS)
    cookie = sessions.open_session(workspace, ada.id).secret
    assert [ask("/api/people", cookie=cookie) for _ in range(2)] == [200] * 2
    elsewhere(workspace, f"people.appoint(workspace, '{ada.id}', role=Role.VIEWER)")
    assert (ask("/api/people", cookie=cookie), ask(CROP, cookie=cookie)) == (403, 404)
    elsewhere(workspace, f"people.appoint(workspace, '{ada.id}', role=Role.ADMIN)")
    assert ask("/api/people", cookie=cookie) == 200


def test_a_token_that_was_ended_elsewhere_opens_nothing(workspace: Workspace, ask: Ask, elsewhere):
    edna = people.add_person(workspace, handle="edna", role=Role.EXPERT, password=WORDS).person
    made = sessions.make_token(workspace, edna.id, name="t", scope=Scope.READ, days=1)
    other = sessions.make_token(workspace, edna.id, name="o", scope=Scope.READ, days=1)
    assert [ask(CROP, token=made.token) for _ in range(2)] == [404] * 2
    elsewhere(workspace, f"sessions.end_token(workspace, '{edna.id}', '{made.id}')")
    assert (ask(CROP, token=made.token), ask(CROP, token=other.token)) == (401, 404)


def test_the_demo_is_over_with_a_real_smear_that_came_elsewhere(workspace: Workspace, ask: Ask, elsewhere):
    with workspace.database.writing() as transaction:
        transaction.add([Smear(id="s1", code="S-1", simulated=True)])
    [ada] = [person for person in people.demo_people(workspace) if person.handle == "ada"]
    cookie = sessions.sign_in_demo(workspace, ada.handle).secret
    assert [ask(CROP, cookie=cookie) for _ in range(2)] == [404] * 2
    elsewhere(workspace, "add(workspace, Smear(id='s2', code='S-2', simulated=False))")
    assert ask(CROP, cookie=cookie) == 401


def test_what_is_remembered_is_over_when_its_time_is(workspace: Workspace, ask: Ask, monkeypatch: pytest.MonkeyPatch):
    edna = people.add_person(workspace, handle="edna", role=Role.EXPERT, password=WORDS).person
    cookie = sessions.open_session(workspace, edna.id).secret
    end = sessions.now() + sessions.SIGNED_IN_FOR
    assert ask(CROP, cookie=cookie) == 404
    monkeypatch.setattr(sessions, "now", lambda: end - timedelta(minutes=1))
    assert ask(CROP, cookie=cookie) == 404
    monkeypatch.setattr(sessions, "now", lambda: end)
    assert ask(CROP, cookie=cookie) == 401


def test_labels_are_told_no_more_once_a_round_was_opened_elsewhere(own_demo: Workspace, serve, sign_in, elsewhere):
    with serve(create_app(own_demo, guests=True)) as url:
        edna = sign_in(url, "edna")

        def held() -> set[str]:
            classes = edna.get("/api/sorting").json()["classes"]
            return {
                cell
                for each in classes
                for cell, mark in zip(each["cells"], each["marks"], strict=True)
                if int(mark, 16) & 8
            }

        def named() -> dict[str, str]:
            items = edna.get("/api/cells", params={"limit": 500}).json()["items"]
            return {view["cell"]["id"]: view["consensus"]["term"] for view in items if view["consensus"]}

        before, told = held(), named()
        elsewhere(
            own_demo,
            "who = {each.handle: each for each in demo_people(workspace)}; "
            "reading.open_reading(workspace, RoundWish(name='elsewhere', level='five-class', "
            "experts=(who['edna'].id, who['emil'].id)), who['carla'])",
        )
        now_held = held() - before
        assert now_held & told.keys(), "the round holds cells of which something was told"
        assert now_held.isdisjoint(named())
