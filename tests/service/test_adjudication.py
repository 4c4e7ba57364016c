"""Adjudication over HTTP: what it tells, and an attack on what it must not: who of the experts said what."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from buffycoat.domain.account import Person
from buffycoat.domain.reading import Given
from buffycoat.label import items_of
from buffycoat.service import create_app
from buffycoat.store.answers import rounds_of
from buffycoat.workflows import adjudicating, reading
from buffycoat.workflows.people import demo_people
from buffycoat.workflows.workspace import Workspace, open_workspace

Serve = Callable[[FastAPI], AbstractContextManager[str]]
TERMS = ("neutrophil.band", "neutrophil.segmented", "monocyte", "lymphocyte.large", "not-recognized")
READERS = ("edna", "emil")
DECIDERS = ("judith", "ada")


def said(cell: int, which: int) -> tuple[str, str]:
    """What the one and the other say of a cell, with a comment: they agree on some, and differ on most."""
    term = TERMS[(cell + which * (1 + cell % 2) * (cell % 3)) % len(TERMS)]
    return term, f"comment of {('the one', 'the other')[which]} on cell {cell}" if cell % 4 else ""


def read(world: Workspace, *, exchanged: bool) -> None:
    """Let both experts read the open round and close it; exchanged, each says what the other says otherwise."""
    people = {person.handle: person for person in demo_people(world)}
    [view] = [each for each in reading.list_rounds(world, people["ada"]) if each.name == "demo-reading"]
    with world.database.reading() as transaction:
        [campaign] = rounds_of(transaction, {view.id})
    cells = sorted({*campaign.cells, *campaign.gold})
    for at, handle in enumerate(READERS):
        which = 1 - at if exchanged else at
        given = []
        for number, item in enumerate(items_of(campaign, people[handle].id)):
            term, comment = said(cells.index(item.cell_id), which)
            given.append(
                Given(
                    event=str(UUID(int=1000 * (at + 1) + number)),
                    item=item.item,
                    term=term,
                    # One of them is always the quicker, and the earlier.
                    given_at=(datetime.now(UTC) + timedelta(seconds=which * 20)).isoformat(),
                    seconds=1.0 + 30 * which,
                    comment=comment,
                )
            )
        receipts = reading.take_answers(world, campaign.id, people[handle], given)
        assert {each.state.value for each in receipts} == {"kept"}
    reading.close_reading(world, campaign.id, people["ada"])


@pytest.fixture(scope="module")
def worlds(demo_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workspace, Workspace]]:
    """Two workspaces in which the same was said of every cell, but by the other expert."""
    folder = tmp_path_factory.mktemp("exchanged")
    with open_workspace(shutil.copytree(demo_workspace, folder / "0" / "demo")) as first:
        demo_people(first)
    shutil.copytree(folder / "0", folder / "1")
    with open_workspace(folder / "0" / "demo") as first, open_workspace(folder / "1" / "demo") as second:
        read(first, exchanged=False)
        read(second, exchanged=True)
        yield first, second


@pytest.fixture(scope="module")
def pages(worlds: tuple[Workspace, Workspace], serve: Serve) -> Iterator[Callable[[str], list[httpx.Client]]]:
    """Somebody of the demo, signed in at both worlds."""
    with ExitStack() as stack:
        addresses = [stack.enter_context(serve(create_app(world, guests=True))) for world in worlds]

        def signed(handle: str) -> list[httpx.Client]:
            clients = []
            for url in addresses:
                client = stack.enter_context(httpx.Client(base_url=url, headers={"Origin": url}))
                client.post("/api/session/demo", json={"handle": handle}).raise_for_status()
                clients.append(client)
            return clients

        yield signed


def the_round(page: httpx.Client, name: str = "demo-reading") -> str:
    return next(each["id"] for each in page.get("/api/adjudication").json() if each["name"] == name)


def walk(page: httpx.Client) -> Iterator[tuple[str, int, list[tuple[str, str]], bytes]]:
    """Every answer that adjudication gives to one who decides, as it comes."""
    campaign = the_round(page)
    base = f"/api/adjudication/{campaign}"
    paths = [
        "/api/adjudication",
        base,
        f"{base}/taxonomy",
        f"{base}?level=five-class&limit=500",
        f"{base}?offset=5&limit=3",
    ]
    paths += [f"{base}?one={one}&other={other}" for one in TERMS for other in TERMS]
    for item in page.get(base, params={"limit": 500}).json()["items"]:
        of_item = f"{base}/items/{item['item']}"
        paths += [f"{of_item}/picture?side=64", f"{of_item}/around", f"{of_item}/around/picture?width=64"]
        paths += [f"{of_item}/references", f"{of_item}/references?term=monocyte"]
    for path in paths:
        answer = page.get(path)
        headers = sorted(
            (key, text) for key, text in answer.headers.items() if key not in {"date", "set-cookie", "x-request-id"}
        )
        yield path, answer.status_code, headers, answer.content


@pytest.mark.parametrize("handle", DECIDERS)
def test_were_the_experts_exchanged_every_answer_would_be_the_same(pages, handle: str):
    one, other = (list(walk(page)) for page in pages(handle))
    assert len(one) > 100
    assert [each[1] for each in one] == [200] * len(one)
    assert [(a, b) for a, b in zip(one, other, strict=True) if a != b] == []


def test_the_worlds_differ_indeed(pages):
    """Or the test before says nothing: the matrix, which tells who said what, is turned over."""
    one, other = (
        page.get("/api/agreement", params={"round": "demo-reading"}).json()["matrix"] for page in pages("judith")
    )
    assert one != other
    assert one == [list(row) for row in zip(*other, strict=True)]


def test_nothing_that_names_an_expert_stands_in_any_answer(pages, worlds):
    people = {person.handle: person.id for person in demo_people(worlds[0])}
    with worlds[0].database.reading() as transaction:
        [campaign] = rounds_of(transaction, {the_round(pages("judith")[0])})
    names = {name.encode() for handle in READERS for name in (handle, people[handle])}
    names |= {str(UUID(int=1000 * at + number)).encode() for at in (1, 2) for number in range(30)}
    # The references are cells that everybody may look at; nothing else tells which cell an item shows.
    cells = {cell.encode() for cell in campaign.cells}
    for path, _, _, content in walk(pages("judith")[0]):
        assert [name for name in names if name in content] == [], path
        if "/references" not in path:
            assert [cell for cell in cells if cell in content] == [], path


def test_comments_are_told_with_what_they_were_said_of(pages):
    page = pages("judith")[0]
    items = page.get(f"/api/adjudication/{the_round(page)}", params={"limit": 500}).json()["items"]
    told = {comment for item in items for opinion in item["opinions"] for comment in opinion["comments"]}
    assert len(told) > 10
    assert set(items[0]) == {"item", "place", "opinions", "decision"}
    assert set(items[0]["opinions"][0]) == {"term", "experts", "comments"}
    # The one stands left about as often as the other.
    first = [json.dumps(item["opinions"][0]["comments"]) for item in items]
    assert 0 < sum("the one" in comments for comments in first) < sum("comment of" in comments for comments in first)


def test_decisions_are_events(pages):
    page, twin = pages("ada")
    campaign = the_round(page)
    item = page.get(f"/api/adjudication/{campaign}").json()["items"][0]
    sent: dict[str, Any] = {
        "event": str(UUID(int=5)),
        "item": item["item"],
        "term": item["opinions"][1]["term"],
        "given_at": datetime.now(UTC).isoformat(),
        "reason": "",
    }
    wrong = sent | {"event": str(UUID(int=6)), "term": "smudge"}
    url = f"/api/adjudication/{campaign}/decisions"
    assert [each["state"] for each in page.post(url, json=[sent, wrong, sent]).json()] == ["kept", "refused", "known"]
    assert [each["state"] for each in page.post(url, json=[sent]).json()] == ["known"]
    [receipt] = page.post(url, json=[wrong]).json()
    assert (receipt["code"], "reason" in receipt["detail"]) == ("input", True)
    # What is wrong with an event is said of that event: the others of the call are kept.
    second = page.get(f"/api/adjudication/{campaign}").json()["items"][1]
    good = sent | {"event": str(UUID(int=8)), "item": second["item"], "term": second["opinions"][0]["term"]}
    bad = [
        sent | {"event": "one"},
        sent | {"event": "\ud800"},
        sent | {"event": str(UUID(int=9)), "given_at": "yesterday"},
        sent | {"event": str(UUID(int=10)), "given_at": "2026-01-01T00:00:00"},
        sent | {"event": str(UUID(int=11)), "given_at": "0001-01-01T00:00:00+14:00"},
        sent | {"event": str(UUID(int=12)), "seconds": -1},
    ]
    content = json.dumps([*bad[:3], good, *bad[3:]])
    receipts = page.post(url, content=content, headers={"Content-Type": "application/json"}).json()
    assert [each["state"] for each in receipts] == [*["refused"] * 3, "kept", *["refused"] * 3]
    assert {each["code"] for each in receipts} == {"input", ""}
    assert [receipts[0]["event"], receipts[3]["event"]] == ["one", good["event"]]
    assert [each["state"] for each in page.post(url, json=[good, *bad[2:]]).json()] == ["known", *["refused"] * 4]
    back = good | {"event": str(UUID(int=13)), "term": None}
    assert [each["state"] for each in page.post(url, json=[back]).json()] == ["kept"]
    assert page.post(url, json=[{"event": "one"}]).status_code == 422, "no decision at all"
    now = page.get(f"/api/adjudication/{campaign}").json()
    assert (now["decided"], now["round"]["decided"], now["items"][0]["decision"]["mine"]) == (1, 1, True)
    judith = pages("judith")[0].get(f"/api/adjudication/{campaign}", params={"limit": 500}).json()
    [seen] = [each["decision"] for each in judith["items"] if each["decision"]]
    assert (seen["mine"], seen["term"]) == (False, sent["term"])
    assert "ada" not in json.dumps(judith)
    assert twin.get(f"/api/adjudication/{campaign}").json()["decided"] == 0
    back = sent | {"event": str(UUID(int=7)), "term": None}
    assert [each["state"] for each in page.post(url, json=[back]).json()] == ["kept"]
    assert page.get(f"/api/adjudication/{campaign}").json()["decided"] == 0


def test_an_expert_of_the_round_is_refused_by_every_route(pages, worlds):
    """Even with the role: an expert who is made a curator stays an expert of the round."""
    campaign = the_round(pages("judith")[0])
    emil = next(person for person in demo_people(worlds[0]) if person.handle == "emil")
    curator = Person(id=emil.id, handle=emil.handle, role=demo_role(worlds[0], "carla"))
    assert campaign not in {each.id for each in adjudicating.list_adjudications(worlds[0], curator)}
    page = pages("emil")[0]
    for path in ("", f"/{campaign}", f"/{campaign}/taxonomy", f"/{campaign}/items/x/picture"):
        assert page.get(f"/api/adjudication{path}").status_code == 403
    assert page.post(f"/api/adjudication/{campaign}/decisions", json=[]).status_code == 403


def demo_role(world: Workspace, handle: str):
    return next(person.role for person in demo_people(world) if person.handle == handle)


def test_words_in_an_address_that_nothing_has_are_not_found(pages):
    page = pages("judith")[0]
    base = f"/api/adjudication/{the_round(page)}"
    for path in (f"{base}?level=nine-class", f"{base}/items/nothing/picture", "/api/adjudication/nothing"):
        assert page.get(path).status_code == 404
    assert page.get(f"{base}?one=unicorn").json()["total"] == 0
