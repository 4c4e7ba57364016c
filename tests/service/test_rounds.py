"""Rounds over HTTP: as the contract has it, for each kind of person."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from PIL import Image

from buffycoat.service import create_app
from buffycoat.workflows.people import demo_people
from buffycoat.workflows.workspace import Workspace

Serve = Callable[[FastAPI], AbstractContextManager[str]]
SignIn = Callable[[str, str], httpx.Client]


@pytest.fixture(scope="module")
def url(own_demo: Workspace, serve: Serve) -> Iterator[str]:
    with serve(create_app(own_demo, guests=True)) as address:
        yield address


@pytest.fixture(scope="module")
def people(own_demo: Workspace) -> dict[str, str]:
    return {person.handle: person.id for person in demo_people(own_demo)}


def given(item: str, term: str | None = "monocyte", **more: Any) -> dict[str, Any]:
    return {
        "event": str(uuid4()),
        "item": item,
        "term": term,
        "given_at": datetime.now(UTC).isoformat(),
        "seconds": 1.25,
        "comment": "",
    } | more


def opened(url: str, sign_in: SignIn, people: dict[str, str], name: str, **more: Any) -> dict[str, Any]:
    wish = {"name": name, "query": "disputed", "experts": [people["edna"], people["emil"]], "level": "five-class"}
    answer = sign_in(url, "carla").post("/api/rounds", json=wish | more)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_round_from_opening_to_its_matrix(url: str, sign_in: SignIn, people: dict[str, str]):
    view = opened(url, sign_in, people, "spring", repeat_share=0.2)
    path, total = f"/api/rounds/{view['id']}", view["cells"] + round(0.2 * view["cells"])
    assert (view["name"], view["taxonomy"], view["level"], view["mode"]) == (
        "spring",
        "raabin@2",
        "five-class",
        "blind",
    )
    assert (view["closed"], view["experts"], view["mine"]) == (False, 2, None)
    assert [(each["person"]["handle"], each["items"], each["answered"]) for each in view["progress"]] == [
        ("edna", total, 0),
        ("emil", total, 0),
    ]
    for handle in ("edna", "emil"):
        page = sign_in(url, handle)
        assert page.get(path).json()["mine"] == {"items": total, "answered": 0, "handed_in": False}
        found = page.get(f"{path}/items", params={"limit": 500}).json()
        assert (found["total"], found["answered"], len(found["items"])) == (total, 0, total)
        assert page.get("/api/agreement", params={"round": "spring"}).status_code == 404
        for start in range(0, total, 8):
            sent = [given(item["item"]) for item in found["items"][start : start + 8]]
            receipts = page.post(f"{path}/answers", json=sent).json()
            assert [receipt["event"] for receipt in receipts] == [each["event"] for each in sent]
            assert {receipt["state"] for receipt in receipts} == {"kept"}
        shown = page.get(f"{path}/items", params={"offset": total - 1}).json()["items"]
        assert [(each["place"], each["answer"]["term"]) for each in shown] == [(total - 1, "monocyte")]
        told = page.get(f"{path}/history", params={"limit": 2}).json()
        assert (told["answered"], [each["place"] for each in told["events"]]) == (total, [total - 2, total - 1])
        assert not page.get(path).json()["closed"]
        assert page.post(f"{path}/hand-in").json()["mine"]["handed_in"]
        assert [each["handed_in"] for each in sign_in(url, "carla").get(path).json()["progress"] or []] in (
            [True, False],
            [True, True],
        )
    assert sign_in(url, "carla").get(path).json()["closed"]
    matrix = httpx.get(f"{url}/api/agreement", params={"round": "spring"}).json()
    assert (matrix["cells"], matrix["equal"]) == (view["cells"], view["cells"])
    feedback = page.get(f"{path}/feedback").json()
    assert feedback["repeats"] == {"asked": total - view["cells"], "equal": total - view["cells"]}
    late = page.post(f"{path}/answers", json=[given(shown[0]["item"], "smudge")]).json()
    assert [(receipt["state"], receipt["code"]) for receipt in late] == [("refused", "conflict")]


def test_pictures_of_items_and_of_what_lies_around_them(url: str, sign_in: SignIn, people: dict[str, str]):
    view = opened(url, sign_in, people, "pictures", query=None, gold=0)
    page = sign_in(url, "edna")
    [item] = page.get(f"/api/rounds/{view['id']}/items", params={"limit": 1}).json()["items"]
    path = f"/api/rounds/{view['id']}/items/{item['item']}"
    small = page.get(f"{path}/picture", params={"side": 80})
    assert Image.open(io.BytesIO(small.content)).size == (80, 80)
    assert small.headers["cache-control"] == "private, max-age=31536000, immutable"
    again = page.get(f"{path}/picture", params={"side": 80}, headers={"If-None-Match": small.headers["etag"]})
    assert again.status_code == 304
    whole = page.get(f"{path}/picture")
    box = page.get(f"{path}/around").json()
    assert Image.open(io.BytesIO(whole.content)).size == (box["width"], box["height"])
    around = Image.open(io.BytesIO(page.get(f"{path}/around/picture", params={"width": 256}).content))
    assert around.size == (256, 256 * box["height_px"] // box["width_px"])
    for handle, status in (("emil", 404), ("carla", 403), ("judith", 404), ("vera", 403)):
        for end in ("picture", "around", "around/picture"):
            assert sign_in(url, handle).get(f"{path}/{end}").status_code == status
    assert httpx.get(f"{url}{path}/picture").status_code == 401


def test_one_bad_event_does_not_hold_up_the_others(url: str, sign_in: SignIn, people: dict[str, str]):
    view = opened(url, sign_in, people, "bad events", query=None)
    page, path = sign_in(url, "edna"), f"/api/rounds/{view['id']}"
    items = page.get(f"{path}/items", params={"limit": 3}).json()["items"]
    good = [given(item["item"], term) for item, term in zip(items, ("monocyte", "smudge", "basophil"), strict=True)]
    bad = [given(items[0]["item"], "nothing"), given("i0"), given(items[0]["item"], given_at="now")]
    receipts = page.post(f"{path}/answers", json=[good[0], bad[0], good[1], bad[1], good[2], bad[2], good[0]]).json()
    assert [each["state"] for each in receipts] == ["kept", "refused", "kept", "refused", "kept", "refused", "known"]
    assert [each["code"] for each in receipts if each["code"]] == ["input", "not-found", "input"]
    shown = page.get(f"{path}/items", params={"limit": 3}).json()
    assert [each["answer"]["term"] for each in shown["items"]] == ["monocyte", "smudge", "basophil"]
    back = page.post(f"{path}/answers", json=[given(items[1]["item"], None)]).json()
    assert back[0]["state"] == "kept"
    shown = page.get(f"{path}/items", params={"limit": 3}).json()
    assert (shown["answered"], shown["items"][1]["answer"]) == (2, None)
    assert page.post(f"{path}/answers", json=[good[0]] * 501).status_code == 422
    assert page.post(f"{path}/answers", json=[{"event": "1"}]).status_code == 422
    assert page.post(f"{path}/answers", json=[]).json() == []


def test_who_may_open_close_and_answer(url: str, sign_in: SignIn, people: dict[str, str]):
    wish = {"name": "no", "experts": [people["edna"]]}
    for handle in ("edna", "judith", "theo", "vera"):
        assert sign_in(url, handle).post("/api/rounds", json=wish).status_code == 403
    assert httpx.post(f"{url}/api/rounds", json=wish).status_code == 401
    view = opened(url, sign_in, people, "who may", query=None, experts=[people["edna"], people["carla"]])
    path = f"/api/rounds/{view['id']}"
    assert view["progress"] is None, "who opens a round to read in it is an expert like any other"
    item = sign_in(url, "edna").get(f"{path}/items").json()["items"][0]["item"]
    statuses = {"ada": 403, "judith": 404, "vera": 403, "emil": 404}
    for handle, status in statuses.items():
        assert sign_in(url, handle).post(f"{path}/answers", json=[given(item)]).status_code == status
    assert [sign_in(url, handle).post(f"{path}/close").status_code for handle in ("edna", "carla")] == [403, 403]
    assert sign_in(url, "ada").post(f"{path}/close").json()["closed"]
    assert sign_in(url, "ada").post(f"{path}/close").status_code == 409
    names = {each["name"]: each for each in httpx.get(f"{url}/api/rounds").json()}
    assert names["who may"]["closed"]
    assert all(each["closed"] for each in names.values()), "guests are told of closed rounds alone"


def test_a_token_of_scope_label_answers_and_one_of_scope_read_does_not(
    url: str, sign_in: SignIn, people: dict[str, str]
):
    view = opened(url, sign_in, people, "by program", query=None)
    page, path = sign_in(url, "edna"), f"/api/rounds/{view['id']}"
    item = page.get(f"{path}/items").json()["items"][0]["item"]
    for scope, status in (("label", 200), ("read", 403)):
        token = page.post("/api/tokens", json={"name": scope, "scope": scope}).json()["token"]
        program = {"Authorization": f"Bearer {token}"}
        assert httpx.get(f"{url}{path}/items", headers=program).status_code == 200
        assert httpx.post(f"{url}{path}/answers", headers=program, json=[given(item)]).status_code == status


def test_the_demo_has_a_round_to_read(url: str, sign_in: SignIn):
    [view] = [each for each in sign_in(url, "edna").get("/api/rounds").json() if each["name"] == "demo-reading"]
    assert (view["cells"], view["closed"], view["mine"]) == (
        24,
        False,
        {"items": 26, "answered": 0, "handed_in": False},
    )
