"""The routes of Locate: what is told to whom, and what one call takes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from buffycoat.service import create_app
from buffycoat.workflows import browse
from buffycoat.workflows.people import demo_people
from buffycoat.workflows.workspace import Workspace

SignIn = Callable[[str, str], httpx.Client]
MOMENT = "2026-02-03T04:05:06.789+01:00"


@pytest.fixture(scope="module")
def site(own_demo: Workspace, serve: Callable[[FastAPI], AbstractContextManager[str]]):
    demo_people(own_demo)
    with serve(create_app(own_demo, guests=True)) as url:
        yield url


@pytest.fixture(scope="module")
def field(own_demo: Workspace) -> str:
    cells = browse.list_cells(own_demo, limit=10_000).items
    return max((view.cell.field_id for view in cells), key=lambda key: sum(view.cell.field_id == key for view in cells))


def event(act: str, box: str, **more: object) -> dict[str, object]:
    return {"event": str(uuid4()), "box": box, "act": act, "given_at": MOMENT, **more}


def put(client: httpx.Client, field: str, *events: dict[str, object]) -> list[str]:
    answer = client.post(f"/api/fields/{field}/boxes", json=list(events))
    assert answer.status_code == 200, answer.text
    return [receipt["state"] for receipt in answer.json()]


def told(client: httpx.Client, field: str) -> dict[str, dict]:
    answer = client.get(f"/api/fields/{field}/locate").json()
    return {each["box"]: each for each in answer["boxes"]}


def test_a_box_is_put_typed_and_seen_by_others_without_its_type(site: str, sign_in: SignIn, field: str):
    edna, emil = sign_in(site, "edna"), sign_in(site, "emil")
    box = str(uuid4())
    place = [20, 30, 90, 110]
    sent = [event("add", box, place=place), event("type", box, term="monocyte")]
    assert put(edna, field, *sent) == ["kept", "kept"]
    assert put(edna, field, *sent) == ["known", "known"]
    assert told(edna, field)[box]["term"] == "monocyte"
    others = told(emil, field)[box]
    assert (others["by"], others["state"], others["term"]) == ("edna", "drawn", None)
    assert others["place"] == dict(zip(("left", "top", "right", "bottom"), place, strict=True))
    crop = emil.get(f"/api/cells/{others['cell']}/picture")
    assert crop.headers["content-type"] == "image/png"
    listed = [
        view["cell"]["id"] for view in emil.get("/api/cells", params={"field_id": field, "limit": 500}).json()["items"]
    ]
    assert others["cell"] in listed


def test_a_guest_and_a_viewer_look_only(site: str, sign_in: SignIn, field: str):
    with httpx.Client(base_url=site) as guest:
        answer = guest.get(f"/api/fields/{field}/locate").json()
        assert not answer["may_draw"]
        assert {each["term"] for each in answer["boxes"]} == {None}
        assert guest.post(f"/api/fields/{field}/boxes", json=[]).status_code == 401
    vera = sign_in(site, "vera")
    assert not vera.get(f"/api/fields/{field}/locate").json()["may_draw"]
    assert vera.post(f"/api/fields/{field}/boxes", json=[]).status_code == 403


def test_a_wrong_event_holds_up_no_other_and_a_wrong_call_is_refused_whole(site: str, sign_in: SignIn, field: str):
    edna = sign_in(site, "edna")
    good = event("add", str(uuid4()), place=[5, 5, 50, 50])
    assert put(edna, field, event("move", "nothing", place=[5, 5, 50, 50]), good) == ["refused", "kept"]
    for wrong in ({"act": "fly"}, {"place": [1, 2, 3]}, {"place": [0.5, 1, 20, 20]}, {"box": None}):
        answer = edna.post(f"/api/fields/{field}/boxes", json=[event("add", str(uuid4())) | wrong])
        assert answer.status_code == 422, wrong
    assert edna.post(f"/api/fields/{field}/boxes", json=[good] * 501).status_code == 422


def test_the_type_of_a_cell_that_an_open_round_holds_is_refused(site: str, sign_in: SignIn, own_demo: Workspace):
    edna = sign_in(site, "edna")
    [held] = [view for view in edna.get("/api/rounds").json() if not view["closed"]]
    assert held["cells"] > 0
    kept = browse.list_cells(own_demo, kept=True, limit=10_000).items
    tried = (put(edna, view.cell.field_id, event("type", view.cell.id, term="monocyte"))[0] for view in kept)
    assert "refused" in tried, "the first that is held ends the search"


def test_nothing_is_to_be_located_where_nobody_said_so(site: str, sign_in: SignIn):
    answer = sign_in(site, "carla").get("/api/locate")
    assert answer.status_code == 200
    assert all(set(each) == {"cell_id", "field_id", "smear_id", "said_at"} for each in answer.json())
