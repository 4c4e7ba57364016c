"""Signing in over HTTP: what a person goes through, what stands in the way of others, and what is never told."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI

from buffycoat.domain.label import Role
from buffycoat.domain.smear import Smear
from buffycoat.service import create_app
from buffycoat.service.bodies import MOST_BYTES
from buffycoat.service.guards import COOKIE
from buffycoat.service.tries import Tries
from buffycoat.workflows import browse, people
from buffycoat.workflows.people import passwords, sessions
from buffycoat.workflows.workspace import Workspace, open_workspace

WORDS = "four words nobody joins"
OTHER = "another four words here"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """An empty workspace, and passwords that cost nothing."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._of_nobody.cache_clear()
    with open_workspace(tmp_path / "w", create=True) as opened:
        yield opened
    passwords._of_nobody.cache_clear()


@pytest.fixture
def app(workspace: Workspace) -> FastAPI:
    return create_app(workspace)


@pytest.fixture
def address(app: FastAPI, serve: Callable[[FastAPI], AbstractContextManager[str]]) -> Iterator[str]:
    with serve(app) as url:
        yield url


@pytest.fixture
def browser(address: str) -> Iterator[Callable[[], httpx.Client]]:
    """A browser of its own, on a page of the service."""
    opened: list[httpx.Client] = []

    def new() -> httpx.Client:
        opened.append(httpx.Client(base_url=address, headers={"Origin": address}))
        return opened[-1]

    yield new
    for client in opened:
        client.close()


def given(handle: str, password: str = WORDS) -> dict[str, str]:
    return {"handle": handle, "password": password}


def who(client: httpx.Client) -> str | None:
    person = client.get("/api/session").json()["person"]
    return person and person["handle"]


def over(app: FastAPI, method: str, path: str, *, client: str = "127.0.0.1", url: str = "http://localhost", **more) -> httpx.Response:  # fmt: skip
    """Ask the application as if from an address, by a name."""

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, client=(client, 4711), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=url) as asked:
            return await asked.request(method, path, **more)

    return asyncio.run(ask())


def test_from_the_first_admin_to_an_expert_who_is_switched_off(browser: Callable[[], httpx.Client]):
    ada, edna = browser(), browser()
    nobody = {"person": None, "guests": False, "needs_setup": True, "demo": [], "provider": None}
    assert ada.get("/api/session").json() == nobody
    first = ada.post("/api/setup", json=given("Ada")).json()
    assert (first["person"]["handle"], first["person"]["role"], first["needs_setup"]) == ("ada", "admin", False)
    assert browser().post("/api/setup", json=given("eve")).status_code == 409

    made = ada.post("/api/people/invitations", json={"role": "expert"}).json()
    assert made["path"] == f"/join/{made['code']}"
    offered = edna.get(f"/api/invitations/{made['code']}").json()
    assert (offered["role"], offered["handle"], offered["expires_at"]) == ("expert", None, made["expires_at"])
    joined = edna.post(f"/api/invitations/{made['code']}", json=given("edna", OTHER)).json()
    assert (joined["person"]["role"], who(edna)) == ("expert", "edna")
    assert browser().get(f"/api/invitations/{made['code']}").status_code == 404

    listed = ada.get("/api/people").json()
    assert [(each["person"]["handle"], each["active"], each["has_password"]) for each in listed] == [("ada", True, True), ("edna", True, True)]  # fmt: skip
    key = joined["person"]["id"]
    assert edna.get("/api/overview").status_code == 200
    assert ada.post(f"/api/people/{key}/role", json={"role": "viewer"}).json()["person"]["role"] == "viewer"
    assert edna.get("/api/session").json()["person"]["role"] == "viewer"
    assert ada.post(f"/api/people/{key}/active", json={"active": False}).json()["active"] is False
    assert (who(edna), edna.get("/api/overview").status_code) == (None, 401)
    assert edna.post("/api/session", json=given("edna", OTHER)).status_code == 401
    assert ada.post(f"/api/people/{first['person']['id']}/active", json={"active": False}).status_code == 409

    assert ada.delete("/api/session").json()["person"] is None
    assert COOKIE not in ada.cookies
    assert who(ada) is None
    assert ada.post("/api/session", json=given("ADA")).status_code == 200
    assert who(ada) == "ada"


def test_ones_own_password(browser: Callable[[], httpx.Client]):
    here, there = browser(), browser()
    here.post("/api/setup", json=given("ada"))
    there.post("/api/session", json=given("ada"))
    token = here.post("/api/tokens", json={"name": "t", "scope": "all"}).json()["token"]
    wrong = here.post("/api/session/password", json={"password": OTHER, "new_password": OTHER})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "input")
    assert here.post("/api/session/password", json={"password": WORDS, "new_password": "short"}).status_code == 422
    assert (who(here), who(there)) == ("ada", "ada")
    assert here.post("/api/session/password", json={"password": WORDS, "new_password": OTHER}).status_code == 200
    assert (who(here), who(there)) == ("ada", None)
    assert httpx.get(f"{here.base_url}/api/tokens", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    assert there.post("/api/session", json=given("ada")).status_code == 401
    assert there.post("/api/session", json=given("ada", OTHER)).status_code == 200


def test_tokens_are_told_once(browser: Callable[[], httpx.Client], address: str):
    ada = browser()
    ada.post("/api/setup", json=given("ada"))
    made = ada.post("/api/tokens", json={"name": "notebook", "scope": "all", "days": 7}).json()
    (listed,) = ada.get("/api/tokens").json()
    assert listed == made | {"token": None}
    shown = {"Authorization": f"Bearer {made['token']}"}
    assert httpx.get(f"{address}/api/session", headers=shown).json()["person"]["handle"] == "ada"
    assert httpx.get(f"{address}/api/people", headers=shown).status_code == 200
    assert ada.delete(f"/api/tokens/{made['id']}").json() == []
    assert httpx.get(f"{address}/api/people", headers=shown).status_code == 401


def test_the_cookie_is_for_this_origin_alone(app: FastAPI, browser: Callable[[], httpx.Client]):
    ada = browser()
    said = ada.post("/api/setup", json=given("ada"))
    parts = [part.strip().lower() for part in said.headers["set-cookie"].split(";")[1:]]
    assert sorted(parts) == ["httponly", "max-age=2592000", "path=/api", "samesite=strict"]
    assert said.headers["cache-control"] == "no-store"
    secret = said.headers["set-cookie"].split(";")[0].split("=", 1)[1]
    assert secret not in said.text
    under_tls = over(app, "POST", "/api/session", url="https://lab.example", json=given("ada"))
    assert "; secure" in under_tls.headers["set-cookie"].lower()
    behind = {"Origin": "https://lab.example"}
    assert over(app, "POST", "/api/session", url="http://lab.example", json=given("ada"), headers=behind).is_success


def test_what_holds_a_secret_is_not_stored(browser: Callable[[], httpx.Client]):
    ada = browser()
    answers = [
        ada.post("/api/setup", json=given("ada")),
        ada.get("/api/session"),
        ada.post("/api/tokens", json={"name": "t"}),
        ada.post("/api/people/invitations", json={"role": "expert"}),
    ]
    answers.append(ada.get(f"/api/invitations/{answers[-1].json()['code']}"))
    assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}


# ---------------------------------------------------------------- this machine


REMOTE = [
    {"client": "192.0.2.7"},
    {"url": "http://rebound.example"},
    {"client": "192.0.2.7", "url": "http://127.0.0.1"},
    *({"headers": {name: "x"}} for name in ("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "Via", "X-Client-IP")),
    *({"headers": {"Host": name}} for name in ("[::1", "localhost@a.example", "localhost.a.example", "a@localhost")),
    *({"headers": {"Host": name}} for name in ("localhost/.a.example", "localhost?.a.example", "localhost#a.example")),
]


@pytest.mark.parametrize("place", REMOTE, ids=str)
def test_the_first_admin_and_the_demo_are_of_this_machine(app: FastAPI, workspace: Workspace, place: dict):
    refused = over(app, "POST", "/api/setup", json=given("eve"), **place)
    assert (refused.status_code, people.needs_setup(workspace)) == (403, True)
    with workspace.database.writing() as transaction:
        transaction.add([Smear(id="s1", code="S-1", simulated=True)])
    people.demo_people(workspace)
    assert over(app, "GET", "/api/session", **place).json()["demo"] == []
    assert over(app, "POST", "/api/session/demo", json={"handle": "ada"}, **place).status_code == 403
    here = over(app, "POST", "/api/session/demo", json={"handle": "ada"})
    assert [each["handle"] for each in here.json()["demo"]] == list(people.DEMO)
    cookie = {"Cookie": here.headers["set-cookie"].split(";")[0]}
    assert over(app, "GET", "/api/overview", headers=cookie).status_code == 200
    elsewhere = place | {"headers": place.get("headers", {}) | cookie}
    assert over(app, "GET", "/api/overview", **elsewhere).status_code == 401


def test_the_demo_is_over_with_the_first_real_smear(app: FastAPI, workspace: Workspace):
    with workspace.database.writing() as transaction:
        transaction.add([Smear(id="s1", code="S-1", simulated=True)])
    people.demo_people(workspace)
    here = over(app, "POST", "/api/session/demo", json={"handle": "ada"})
    cookie = {"Cookie": here.headers["set-cookie"].split(";")[0]}
    assert over(app, "GET", "/api/people", headers=cookie).status_code == 200
    with workspace.database.writing() as transaction:
        transaction.add([Smear(id="s2", code="S-2", simulated=False)])
    assert over(app, "GET", "/api/people", headers=cookie).status_code == 401
    assert over(app, "POST", "/api/session/demo", json={"handle": "ada"}).status_code == 401
    assert over(app, "GET", "/api/session").json()["demo"] == []


# ------------------------------------------------------------------- guessing


class Seconds:
    """A clock that stands until it is moved."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds(app: FastAPI) -> Seconds:
    clock = Seconds()
    app.state.tries = Tries(clock=clock)
    return clock


@pytest.fixture
def try_to(app: FastAPI, workspace: Workspace, seconds: Seconds) -> Callable[[str, str, str], int]:
    """Sign in as ada or emil, with a password, from an address."""
    for handle in ("ada", "emil"):
        people.add_person(workspace, handle=handle, role=Role.ADMIN, password=WORDS)

    def code(handle: str, password: str, client: str) -> int:
        answer = over(app, "POST", "/api/session", json=given(handle, password), client=client)
        assert ("retry-after" in answer.headers) == (answer.status_code == 429)
        return answer.status_code

    return code


def test_five_wrong_passwords_and_the_next_must_wait_each_time_twice_as_long(app: FastAPI, seconds, try_to):
    here = "192.0.2.9"
    assert [try_to("ada", OTHER, here) for _ in range(5)] == [401] * 5
    for wait in (60, 120, 240, 480, 900, 900):
        refused = over(app, "POST", "/api/session", json=given(" ADA ", WORDS), client=here)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, str(wait)), "also with the right password"
        assert ("minutes" in refused.json()["hint"]) == (wait > 60)
        seconds.now += wait - 1
        assert try_to("ada", WORDS, here) == 429
        seconds.now += 1
        assert try_to("ada", OTHER, here) == 401
    assert try_to("emil", WORDS, here) == 200, "others are let in"
    assert try_to("ada", WORDS, "192.0.2.8") == 200, "and the person herself, from elsewhere"
    seconds.now += 900
    assert try_to("ada", WORDS, here) == 200
    assert [try_to("ada", OTHER, here) for _ in range(4)] == [401] * 4
    assert try_to("ada", WORDS, here) == 200
    assert [try_to("ada", OTHER, here) for _ in range(4)] == [401] * 4, "who got in begins anew"


def test_one_handle_is_guessed_at_from_many_addresses_only_so_often(seconds, try_to):
    assert [try_to("ada", OTHER, f"192.0.2.{n}") for n in range(20)] == [401] * 20
    assert try_to("ada", WORDS, "192.0.2.99") == 429
    seconds.now = 60.0
    assert try_to("ada", WORDS, "192.0.2.99") == 200


def test_a_laboratory_behind_one_address_signs_in_and_one_who_tries_all_handles_waits(seconds, try_to):
    assert [try_to(f"guess{n}", OTHER, f"2001:db8::{n}") for n in range(19)] == [401] * 19
    assert [try_to("ada", WORDS, "2001:db8::7") for _ in range(20)] == [200] * 20, "right ones are none"
    assert try_to("guess", OTHER, "2001:db8::8") == 401
    assert try_to("ada", WORDS, "2001:db8::8") == 429
    assert try_to("ada", WORDS, "2001:db8:1::8") == 200


# ---------------------------------------------------------------- what is told


def test_a_wrong_handle_and_a_wrong_password_are_one_answer(browser: Callable[[], httpx.Client], workspace: Workspace):
    ada = browser()
    ada.post("/api/setup", json=given("ada"))
    people.add_person(workspace, handle="new", role=Role.EXPERT)
    off = people.add_person(workspace, handle="off", role=Role.EXPERT, password=WORDS)
    people.appoint(workspace, off.person.id, active=False)
    tried = [given("ada", OTHER), given("nobody"), given("new"), given("off")]
    answers = [browser().post("/api/session", json=each) for each in tried]
    assert {(answer.status_code, answer.text) for answer in answers} == {(401, answers[0].text)}
    assert {tuple(sorted(answer.headers)) for answer in answers} == {tuple(sorted(answers[0].headers))}


def test_no_log_and_no_problem_holds_a_secret(
    app: FastAPI,
    workspace: Workspace,
    browser: Callable[[], httpx.Client],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
):
    """Whatever goes wrong: the words given, the code of the invitation, cookie and token stand in no line of any log."""
    for name in ("httpx", "httpcore", "asyncio"):  # the one that asks knows what it asks
        logging.getLogger(name).setLevel(logging.WARNING)
    caplog.set_level(logging.DEBUG)
    ada = browser()
    cookie = ada.post("/api/setup", json=given("ada")).headers["set-cookie"].split(";")[0].split("=", 1)[1]
    token = ada.post("/api/tokens", json={"name": "t", "scope": "all"}).json()["token"]
    code = ada.post("/api/people/invitations", json={"role": "expert"}).json()["code"]
    bad = "bad-" + "x" * 1000
    answers = [
        ada.post("/api/session", json=given("ada", OTHER)),
        ada.post("/api/session", json={"handle": ["ada"], "password": OTHER}),
        ada.post("/api/session", json={"handle": "ada", "password": [OTHER]}),
        ada.post("/api/session", json={"handle": "ada", "password": {OTHER: OTHER}}),
        ada.post("/api/session", json=[OTHER]),
        ada.post("/api/session", json=given("ada", bad)),
        ada.post("/api/session", content=OTHER),
        ada.post("/api/session", content=b"\xff" + OTHER.encode()),
        ada.post(f"/api/invitations/{code}", json=given("ada", OTHER)),
        ada.post(f"/api/invitations/{code}", json=given("x", OTHER)),
        ada.post("/api/session/password", json={"password": OTHER, "new_password": OTHER}),
        ada.get("/api/overview", headers={"Authorization": f"Bearer {token[:-1]}"}),
        ada.get("/api/overview", headers={"Cookie": f"{COOKIE}={cookie[:-1]}"}),
    ]

    def broken(*_: object, **more: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(sessions, "sign_in", broken)
    monkeypatch.setattr(people, "list_people", broken)
    monkeypatch.setattr(browse, "overview", broken)
    from buffycoat.workflows.people import invitations

    monkeypatch.setattr(invitations, "accept_invitation", broken)
    monkeypatch.setattr(invitations, "find_invitation", broken)
    app.state.tries = Tries()
    broke = [
        over(app, "POST", "/api/session", json=given("ada", OTHER)),
        over(app, "GET", "/api/people", headers={"Authorization": f"Bearer {token}"}),
        over(app, "GET", "/api/overview", headers={"Cookie": f"{COOKIE}={cookie}"}),
        over(app, "POST", f"/api/invitations/{code}", json=given("emil", OTHER)),
        over(app, "GET", f"/api/invitations/{code}"),
    ]
    assert {answer.status_code for answer in broke} == {500}
    assert {answer.is_success for answer in answers} == {False}
    told = caplog.text + "".join(answer.text for answer in answers + broke)
    assert "broken" in caplog.text
    secrets = {"password": WORDS, "wrong password": OTHER, "long": bad, "code": code, "cookie": cookie, "token": token}
    secrets |= {
        f"{name}, the secret part": kept.partition(".")[2][:-1] for name, kept in secrets.items() if "." in kept
    }
    assert [name for name, secret in secrets.items() if secret in told] == []


def test_a_broken_database_tells_no_values(workspace: Workspace, on_postgresql):
    mark, handle = "%s" if on_postgresql else "?", "edna-the-first"
    with pytest.raises(Exception, match=r"UNIQUE|unique") as error, workspace.database.writing() as transaction:
        for _ in range(2):
            transaction.connection.exec_driver_sql(
                f"INSERT INTO expert VALUES ({mark}, {mark}, 'expert', false)",  # noqa: S608 (a mark of the driver)
                (handle, handle),
            )
    assert handle not in "".join(traceback.format_exception(error.value))


def test_the_body_is_no_larger_than_any_route_takes(app: FastAPI):
    answer = over(app, "POST", "/api/session", content=b" " * (MOST_BYTES + 1))
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")

    async def endless():
        for _ in range(10_000):
            yield b" " * 65_536

    assert over(app, "POST", "/api/session", content=endless()).status_code == 413


def test_all_methods_of_a_path_are_named(address: str):
    answer = httpx.request("OPTIONS", f"{address}/api/session")
    assert (answer.status_code, answer.headers["allow"]) == (405, "DELETE, GET, POST")
