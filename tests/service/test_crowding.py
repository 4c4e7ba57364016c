"""Those who ask for much wait in a line of their own, and those who label do not notice."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager

import httpx
import pytest
from fastapi import FastAPI

from buffycoat.domain.account import Scope
from buffycoat.errors import TooManyRequests
from buffycoat.service import create_app
from buffycoat.service import repeats as repeat_routes
from buffycoat.service.app import _counted
from buffycoat.service.crowding import Gate
from buffycoat.service.guards import route_guards
from buffycoat.workflows.people import demo_people, sessions
from buffycoat.workflows.workspace import Workspace


def test_few_at_once_and_of_one_person_fewer():
    async def crowd() -> tuple[list[str], dict[str, int], int]:
        gate = Gate(at_once=3, each=2)
        inside: list[str] = []
        most: dict[str, int] = {}
        done: list[str] = []
        together = 0

        async def one(name: str) -> None:
            nonlocal together
            async with gate.of(name):
                inside.append(name)
                most[name] = max(most.get(name, 0), inside.count(name))
                together = max(together, len(inside))
                await asyncio.sleep(0)
                await asyncio.sleep(0)
                inside.remove(name)
                done.append(name)

        await asyncio.gather(*(one(name) for name in ["ada"] * 9 + ["carla"] * 3))
        assert (gate._inside, gate._waiting) == ({}, [])
        return done, most, together

    done, most, together = asyncio.run(crowd())
    assert sorted(done) == ["ada"] * 9 + ["carla"] * 3
    assert (most, together) == ({"ada": 2, "carla": 2}, 3) or (most, together) == ({"ada": 2, "carla": 1}, 3)
    assert done.index("carla") < 4, "nobody waits for all of another's"


def test_who_waits_too_long_or_in_too_long_a_line_is_told_to_come_again():
    async def crowd() -> list[TooManyRequests]:
        gate = Gate(at_once=1, each=1, patience_s=0.01, line=1)
        refused: list[TooManyRequests] = []

        async def one() -> None:
            try:
                async with gate.of("ada"):
                    raise AssertionError
            except TooManyRequests as error:
                refused.append(error)

        async with gate.of("carla"):
            await asyncio.gather(one(), one())
        async with gate.of("ada"):  # nothing is left of those who went
            assert gate._inside == {"ada": 1}
        return refused

    refused = asyncio.run(crowd())
    assert sorted(error.what for error in refused) == ["others are served first", "too much is asked for at once"]
    assert {error.retry_after for error in refused} == {5}


def test_whoever_goes_away_leaves_room():
    async def crowd() -> None:
        gate = Gate(at_once=1, each=1)

        async def one() -> None:
            async with gate.of("ada"):
                await asyncio.sleep(3600)

        first, second = asyncio.create_task(one()), asyncio.create_task(one())
        await asyncio.sleep(0)
        second.cancel()
        first.cancel()
        await asyncio.gather(first, second, return_exceptions=True)
        assert (gate._inside, gate._waiting) == ({}, [])
        async with gate.of("carla"):
            pass

    asyncio.run(crowd())


@pytest.fixture
def app(own_demo: Workspace) -> FastAPI:
    demo_people(own_demo)
    return create_app(own_demo)


@pytest.fixture
def studio(app: FastAPI, serve: Callable[[FastAPI], AbstractContextManager[str]]) -> Iterator[str]:
    with serve(app) as url:
        yield url


def test_labels_are_kept_while_a_curator_asks_for_more_than_there_are_threads(
    app: FastAPI, studio: str, sign_in: Callable[[str, str], httpx.Client], monkeypatch: pytest.MonkeyPatch
):
    carla, edna = sign_in(studio, "carla"), sign_in(studio, "edna")
    held, inside = threading.Event(), threading.Semaphore(0)
    found = 0

    def slow(*_: object, **__: object) -> tuple[()]:
        nonlocal found
        found += 1
        inside.release()
        assert held.wait(60)
        raise TooManyRequests("enough")

    monkeypatch.setattr(repeat_routes.repeating, "threshold_sheet", slow)
    app.state.costly = Gate(at_once=4, each=2, line=1000)
    with ThreadPoolExecutor(60) as pool:
        asked = [pool.submit(carla.get, "/api/repeats/threshold", timeout=90) for _ in range(60)]
        try:
            assert inside.acquire(timeout=60)
            assert edna.get("/api/rounds", timeout=60).status_code == 200
            assert edna.get("/api/cells?limit=1", timeout=60).status_code == 200
            assert found <= 2
        finally:
            held.set()
        assert {each.result().status_code for each in asked} == {429}
    assert found == 60


def test_no_route_on_which_people_label_waits_in_the_line(app: FastAPI):
    waiting = {
        each.path
        for each, route in zip(
            route_guards(app),
            [route for router in app.state.routers for route in router.routes for _ in route.methods],
            strict=True,
        )
        if any(call.call.__name__ == "hold" for call in _calls(route.dependant))
    }
    assert "/api/repeats/threshold" in waiting
    assert "/api/releasing/counts" in waiting
    assert not [path for path in waiting if path.startswith(("/api/rounds", "/api/labels", "/api/adjud", "/api/masks"))]


def _calls(dependant):
    for each in dependant.dependencies:
        yield each
        yield from _calls(each)


def test_what_was_asked_too_often_says_when_to_come_again(app: FastAPI, studio: str, sign_in, own_demo: Workspace):
    edna = sign_in(studio, "edna")
    app.state.made_tokens = _counted("person", 2, "too many tokens were made")
    made = [edna.post("/api/tokens", json={"name": f"t{n}"}) for n in range(3)]
    assert [each.status_code for each in made] == [200, 200, 429]
    assert (made[2].json()["code"], made[2].json()["detail"]) == ("too-many-requests", "too many tokens were made")
    assert 1 <= int(made[2].headers["retry-after"]) <= 60
    assert sign_in(studio, "emil").post("/api/tokens", json={"name": "t"}).status_code == 200

    app.state.wrong_tokens = _counted("address", 2, "too many wrong tokens")
    wrong = [httpx.get(f"{studio}/api/cells", headers={"Authorization": "Bearer no"}) for _ in range(3)]
    assert [each.status_code for each in wrong] == [401, 401, 429]
    (person,) = [each for each in sessions.list_demo(own_demo) if each.handle == "vera"]
    token = sessions.make_token(own_demo, person.id, name="t", scope=Scope.READ, days=1).token
    right = httpx.get(f"{studio}/api/overview", headers={"Authorization": f"Bearer {token}"})
    assert right.status_code == 200, "a right one from the same address is served"
