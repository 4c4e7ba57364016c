"""The gallery by class over HTTP, and the short way to its pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from buffycoat.service import create_app
from buffycoat.workflows import browse, cell_pictures, reading
from buffycoat.workflows.people import demo_people
from buffycoat.workflows.workspace import Workspace

Serve = Callable[[FastAPI], AbstractContextManager[str]]
SignIn = Callable[[str, str], httpx.Client]


@pytest.fixture(scope="module")
def url(own_demo: Workspace, serve: Serve) -> Iterator[str]:
    people = {person.handle: person for person in demo_people(own_demo)}
    for campaign in reading.list_rounds(own_demo, people["ada"]):
        if not campaign.closed:
            reading.close_reading(own_demo, campaign.id, people["ada"])
    with serve(create_app(own_demo, guests=True)) as address:
        yield address


def named(cell: str, term: str | None = "monocyte", **more: Any) -> dict[str, Any]:
    moment = datetime.now(UTC).isoformat()
    return {
        "event": str(uuid4()),
        "cell": cell,
        "term": term,
        "taxonomy": "raabin@1",
        "given_at": moment,
        "look": "gallery",
    } | more


def test_labels_from_the_gallery_and_where_each_cell_is_shown(url: str, sign_in: SignIn):
    page = sign_in(url, "edna")
    before = page.get("/api/sorting", params={"kept": True}).json()
    cells = next(each for each in before["classes"] if each["term"] == "basophil")["cells"][:2]
    sent = [named(cells[0]), named(cells[1], "basophil", look="page"), named("nothing")]
    receipts = page.post("/api/labels", json=sent).json()
    assert [(each["state"], each["code"]) for each in receipts] == [
        ("kept", ""),
        ("kept", ""),
        ("refused", "not-found"),
    ]
    assert [each["event"] for each in receipts] == [each["event"] for each in sent]
    assert {each["state"] for each in page.post("/api/labels", json=sent[:2]).json()} == {"known"}
    after = {each["term"]: each for each in page.get("/api/sorting", params={"kept": True}).json()["classes"]}
    for cell, term in zip(cells, ("monocyte", "basophil"), strict=True):
        place = after[term]["cells"].index(cell)
        assert int(after[term]["marks"][place], 16) & 4
    # Nobody else sees it move: the round that read it counts for more.
    others = {each["term"]: each["cells"] for each in sign_in(url, "emil").get("/api/sorting").json()["classes"]}
    assert cells[0] in others["basophil"]
    page.post("/api/labels", json=[named(cell, None) for cell in cells])


def test_too_many_and_malformed_labels_are_refused_whole(url: str, sign_in: SignIn):
    page = sign_in(url, "edna")
    assert page.post("/api/labels", json=[named("nothing")] * 501).status_code == 422
    assert page.post("/api/labels", json=[named("nothing")] * 500).status_code == 200
    assert page.post("/api/labels", json=[{"event": "1"}]).status_code == 422
    assert sign_in(url, "vera").post("/api/labels", json=[]).status_code == 403
    assert httpx.post(f"{url}/api/labels", json=[]).status_code == 401


def test_filters_are_those_of_the_list(url: str):
    for question in (
        {"kept": True},
        {"term": "neutrophil"},
        {"query": "disputed"},
        {"standing": "agreed", "kept": True},
    ):
        listed = httpx.get(f"{url}/api/cells", params={"limit": 500, **question}).json()
        found = httpx.get(f"{url}/api/sorting", params=question).json()
        assert found["total"] == listed["total"] > 0
        assert {c for each in found["classes"] for c in each["cells"]} >= {v["cell"]["id"] for v in listed["items"]}
    assert httpx.get(f"{url}/api/sorting", params={"term": "unicorn"}).status_code == 404


def test_the_short_way_to_a_picture_answers_as_the_long_one(own_demo: Workspace, url: str):
    view = browse.list_cells(own_demo, limit=1).items[0]
    path = f"{url}/api/cells/{view.cell.id}/picture"
    long = httpx.get(path, params=[("side", "96"), ("again", "1")])  # a question that the short way does not know
    drawn, kept = (httpx.get(path, params={"side": 96}) for _ in range(2))
    assert long.content == drawn.content == kept.content == cell_pictures.kept_picture(own_demo, view.cell.id, 96)
    left_out = {"date", "x-request-id"}
    said = [{name: text for name, text in each.headers.items() if name not in left_out} for each in (long, drawn, kept)]
    assert said[0] == said[1] == said[2]
    assert said[0]["cache-control"] == "private, max-age=31536000, immutable"
    assert httpx.get(path, params={"side": 96}, headers={"If-None-Match": said[0]["etag"]}).status_code == 304
    assert httpx.get(path, params={"side": 97}).status_code == 200
    assert cell_pictures.kept_picture(own_demo, view.cell.id, 97) is None
    for wrong in ("0", "2049", "x", "-96"):
        assert httpx.get(path, params={"side": wrong}).status_code == 422
    missing = httpx.get(f"{url}/api/cells/nothing/picture", params={"side": 96})
    assert (missing.status_code, missing.json()["code"]) == (404, "not-found")
    assert httpx.post(path, params={"side": 96}).status_code == 405


def test_the_short_way_is_guarded_like_the_long_one(own_demo: Workspace, serve: Serve, sign_in: SignIn):
    view = browse.list_cells(own_demo, limit=1).items[0]
    with serve(create_app(own_demo, guests=False)) as address:
        path = f"/api/cells/{view.cell.id}/picture"
        for question in ({"side": 96}, {"side": 97}, {}):
            assert httpx.get(f"{address}{path}", params=question).status_code == 401
            assert sign_in(address, "vera").get(path, params=question).status_code == 200
            false = httpx.get(f"{address}{path}", params=question, headers={"Authorization": "Bearer nothing"})
            assert false.status_code == 401


def test_without_a_workspace_the_short_way_says_so(bare: httpx.Client):
    answer = bare.get("/api/cells/c1/picture", params={"side": 96})
    assert (answer.status_code, answer.json()["code"]) == (503, "workspace-missing")
