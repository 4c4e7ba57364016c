"""Twin worlds: in one of them another expert has answered. Whoever reads in the round cannot tell in which one he is."""

from __future__ import annotations

import itertools
import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from buffycoat.domain.account import Person
from buffycoat.domain.label import Label, Purpose, Round
from buffycoat.domain.query import DOUBLE_LABELED
from buffycoat.domain.reading import Given, RoundWish
from buffycoat.label import items_of
from buffycoat.service import create_app
from buffycoat.service.guards import COOKIE
from buffycoat.store.answers import rounds_of
from buffycoat.workflows import browse, reading
from buffycoat.workflows.digest import digest_workspace
from buffycoat.workflows.masks.selecting import list_selections, select_for_masks
from buffycoat.workflows.people import demo_people
from buffycoat.workflows.publish import find_leaks
from buffycoat.workflows.repeating import list_cleanings
from buffycoat.workflows.statistics import count_database
from buffycoat.workflows.workspace import Workspace, open_workspace

Serve = Callable[[FastAPI], AbstractContextManager[str]]
READERS = ("edna", "carla", "ada", "emil")
WALKS = [(0.5, "edna"), *((1.0, caller) for caller in ("edna", "carla", "ada", "judith", None))]
"""How much the other expert has answered, and who walks; ``None`` for a guest."""
MOMENT = datetime.now(UTC) + timedelta(seconds=5)
LEFT_OUT = {"date", "set-cookie", "x-request-id"}
"""Headers that differ between any two answers."""
SECRETS = re.compile(rb'"(token|code|path)":"[^"]*"|\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)')
"""What is made up or is a date, in answers to what changes something."""


everything = pytest.mark.parametrize("worlds", [1.0], indirect=True)


@dataclass(frozen=True)
class Worlds:
    """Two workspaces that were one until another expert answered in the second; and who was signed in by then."""

    both: tuple[Workspace, Workspace]
    campaign: Round
    people: dict[str, Person]
    cookies: dict[str, str]


def answers(campaign: Round, person: Person, share: float) -> list[Given]:
    planned = items_of(campaign, person.id)
    return [
        Given(event=str(UUID(int=number)), item=item.item, term="basophil", given_at=MOMENT.isoformat())
        for number, item in enumerate(planned[: round(share * len(planned))])
    ]


@pytest.fixture(scope="module")
def worlds(
    request: pytest.FixtureRequest, demo_workspace: Path, tmp_path_factory: pytest.TempPathFactory, serve: Serve
) -> Iterator[Worlds]:
    folder = tmp_path_factory.mktemp("worlds")
    shutil.copytree(demo_workspace, folder / "0" / "demo")
    cookies = {}
    with open_workspace(folder / "0" / "demo") as first:
        people = {person.handle: person for person in demo_people(first)}
        [known] = [view for view in reading.list_rounds(first, people["ada"]) if not view.closed]
        reading.close_reading(first, known.id, people["ada"])
        experts = tuple(people[handle].id for handle in READERS)
        chosen = {"neutrophil": 50, "lymphocyte": 50, "monocyte": 50, "eosinophil": 50, "basophil": 50}
        select_for_masks(first, "masks", chosen, whole_only=("basophil",), fewer=True)
        wish = RoundWish(name="blind", query="disputed", experts=experts, repeat_share=0.2, gold=4)
        opener = Person(id="nobody", handle="nobody", role=people["carla"].role)
        view = reading.open_reading(first, wish, opener)
        with first.database.reading() as transaction:
            [campaign] = rounds_of(transaction, {view.id})
        # Each of the others has answered a little: it must stand in both worlds alike.
        for handle in READERS[:3]:
            reading.take_answers(first, campaign.id, people[handle], answers(campaign, people[handle], 0.1))
        with serve(create_app(first, guests=True)) as url:
            for handle in {caller for _, caller in WALKS if caller is not None}:
                with httpx.Client(base_url=url, headers={"Origin": url}) as client:
                    client.post("/api/session/demo", json={"handle": handle}).raise_for_status()
                    cookies[handle] = client.cookies[COOKIE]
    shutil.copytree(folder / "0", folder / "1")
    with open_workspace(folder / "0" / "demo") as first, open_workspace(folder / "1" / "demo") as second:
        sent = answers(campaign, people["emil"], request.param)
        receipts = reading.take_answers(second, campaign.id, people["emil"], sent)
        assert {receipt.state.value for receipt in receipts} == {"kept"}
        yield Worlds((first, second), campaign, people, cookies)
        counts = []
        for world in (first, second):
            with world.database.reading() as transaction:
                counts.append(transaction.count(Label, expert_id=people["emil"].id, round_id=campaign.id))
        assert counts == [0, len(sent)], "the worlds must differ to the end, or the test says nothing"


@pytest.fixture
def addresses(worlds: Worlds, serve: Serve) -> Iterator[list[str]]:
    with ExitStack() as stack:
        yield [stack.enter_context(serve(create_app(world, guests=True))) for world in worlds.both]


def parts(worlds: Worlds, person: Person | None) -> dict[str, list[str]]:
    """What may stand in an address: things that are held, things that are not, things of others, and nothing."""
    world, campaign = worlds.both[0], worlds.campaign
    mine = items_of(campaign, person.id if person else "nobody")
    looks = [next(item.item for item in mine if item.purpose is purpose) for purpose in (Purpose.READING, Purpose.GOLD)]
    again = next(item for item in mine if item.purpose is Purpose.REPEAT)
    others = items_of(campaign, worlds.people["emil"].id)[0].item
    views = browse.list_cells(world, limit=500).items
    free = next(view for view in views if view.cell.id not in {*campaign.cells, *campaign.gold})
    grouped = next(view for view in views if view.group and len(view.group.cells) > 1)
    held = [again.cell_id, campaign.cells[0], campaign.gold[0]]
    fields = [browse.get_cell(world, cell).cell.field_id for cell in [*held, free.cell.id]]
    rounds = {view.name: view.id for view in reading.list_rounds(world, worlds.people["ada"])}
    return {
        "cell_id": [*held, free.cell.id, grouped.group.cells[0], "nothing"],
        "identity_id": ["nothing"],
        "other_id": [grouped.group.cells[1], free.cell.id, "nothing"],
        "smear_id": [free.smear_id, "nothing"],
        "field_id": [*dict.fromkeys(fields), "nothing"],
        "document_id": [browse.list_documents(world)[0].id, "nothing"],
        "erratum_id": ["nothing"],
        "upload": ["nothing", "device-00000000.nothing"],
        "cleaning_id": [*(each.id for each in list_cleanings(world)[:1]), "nothing"],
        "round_id": [campaign.id, rounds["demo"], rounds["demo-reading"], "nothing"],
        "item": [*looks, again.item, others, "nothing"],
        "person_id": [worlds.people["emil"].id, worlds.people["edna"].id, "nothing"],
        "code": ["not-found", "nothing"],
        "token_id": ["nothing"],
        "job_id": ["nothing"],
        "version": ["demo-1", "nothing"],
        "preview_id": ["nothing"],
        "selection_id": [*(view.selection.id for view in list_selections(world)), "nothing"],
    }


def questions(worlds: Worlds) -> dict[str, list[dict[str, Any]]]:
    """What may stand behind an address, by operation."""
    fields = {browse.get_cell(worlds.both[0], cell).cell.field_id for cell in worlds.campaign.cells[:3]}
    rest: list[dict[str, Any]] = [{"limit": 500, "standing": each} for each in ("open", "single", "agreed", "disputed")]
    rest += [{"limit": 500, "query": query.query.id} for query in browse.list_queries(worlds.both[0])]
    rest += [{"limit": 500, "term": term} for term in ("basophil", "leukocyte", "nothing")]
    rest += [{"limit": 500, "field_id": field} for field in sorted(fields)] + [{"kept": True, "limit": 500}]
    rest += [{"limit": 500, "round": name, "second": "monocyte"} for name in ("blind", "demo", "nothing")]
    rest += [{"limit": 500, "first": first, "level": "five-class"} for first in ("lymphocyte", "-", "nothing")]
    return {
        "cells": rest,
        "sorting": [question for question in rest if "limit" in question and "field_id" not in question]
        + [{"kept": True, "order": "suggested"}],
        "agreement": [{"round": name} for name in ("blind", "demo", "nothing")] + [{"level": "five-class"}],
        "disputes": [{"limit": 500}, {"level": "five-class"}, {"one": "monocyte", "other": "basophil"}],
        "references": [{"term": "monocyte"}],
        "repeat_threshold": [{"way": "hashes"}, {"average_bits": 13, "perceptual_bits": 19}, {"smear_id": "nothing"}],
        "repeat_preview": [{"method": "paper", "average_bits": 13, "perceptual_bits": 19}, {"method": "nothing"}],
        "repeat_groups": [{"limit": 500, "order": order} for order in ("size", "weakest", "differ")],
        "items": [{"limit": 500}, {"limit": 500, "offset": 7}, {"limit": 501}],
        "runs": [{"limit": 500}],
        "release_difference": [{"older": "demo-1"}],
        "item_picture": [{"side": 96}],
        "cell_picture": [{"side": 96}],
    }


def bodies(worlds: Worlds, person: Person | None) -> dict[str, list[Any]]:
    """What may be sent, by operation; ``{}`` for all others."""
    item = items_of(worlds.campaign, person.id if person else "nobody")[3].item
    mine = Given(event=str(UUID(int=77)), item=item, term="monocyte", given_at=MOMENT.isoformat())
    wrong = {"event": "1", "item": "nothing", "term": None, "given_at": "never"}
    sent = [{name: getattr(mine, name) for name in ("event", "item", "term", "given_at")}, wrong]
    some = [worlds.campaign.cells[0], worlds.campaign.gold[0], "nothing"]
    named = [
        {
            "event": str(UUID(int=90 + number)),
            "cell": cell,
            "term": "basophil",
            "taxonomy": "raabin@1",
            "given_at": MOMENT.isoformat(),
        }
        for number, cell in enumerate(some)
    ]
    wish = {"name": "another", "experts": [worlds.people["emil"].id], "query": "double-labeled"}
    return {
        "answer": [sent, sent, [{**sent[0], "event": str(UUID(int=78)), "term": None}], [{}]],
        "label_cells": [named],
        # A word for which a picture would go that the round reads is refused in both; others would clean anew.
        "rule_on_repeats": [
            {"cell_id": worlds.campaign.cells[0], "other_id": worlds.campaign.cells[1], "ruled": "together"}
        ],
        "answer_pair": [{"cell_id": worlds.campaign.cells[0], "other_id": "nothing", "answer": "same"}],
        "apply_thresholds": [{"method": "nothing"}, {"method": "paper", "average_bits": 64, "perceptual_bits": 64}],
        "decide": [[{name: sent[0][name] for name in ("event", "item", "term", "given_at")}], [{}]],
        "open_round": [wish | {"gold": 10_000}, wish | {"name": "blind"}, wish | {"query": "disputed"}],
        "choose_masks": [
            {"name": "more", "counts": {"monocyte": 50, "basophil": 50}, "fewer": True},
            {"name": "masks", "counts": {"monocyte": 1}},
            {},
        ],
        "close_round": [None],
        "hand_in": [None],
        "count_release": [{"version": "0"}, {"version": "0", "query": "disputed"}, {"version": "0", "query": "single"}],
        "make_token": [{"name": "program"}],
    }


Asked = tuple[str, str, dict[str, Any], Any]


def walk(worlds: Worlds, person: Person | None) -> Iterator[Asked]:
    """Every route with every method and everything that may stand in it: method, path, question, body."""
    page = create_app(None).openapi()
    known, asked, sent = parts(worlds, person), questions(worlds), bodies(worlds, person)
    for path, methods in page["paths"].items():
        names = re.findall(r"\{(\w+)\}", path)
        assert set(names) <= set(known), f"say what may stand in {path}"
        for method, about in methods.items():
            name = about["operationId"]
            if name == "sign_out":
                continue  # tried at the end of everything
            for values in itertools.product(*(known[part] for part in names)):
                address = path.format(**dict(zip(names, values, strict=True)))
                if method == "get":
                    for question in [{}, *asked.get(name, [])]:
                        yield method, address, question, None
                else:
                    for body in sent.get(name, [{}]):
                        yield method, address, {}, body


def ask(client: httpx.Client, what: Asked) -> tuple[Any, ...]:
    method, path, question, body = what
    answer = client.request(method, path, params=question, json=body)
    content = answer.content if method == "get" else SECRETS.sub(b"", answer.content)
    if path.endswith("/history"):  # when one's own answers were given; the worlds were not made in one moment
        content = SECRETS.sub(b"", content)
    if path == "/api/tokens" or path.startswith("/api/tokens/"):
        content = re.sub(rb'"id":"[^"]*"', b"", SECRETS.sub(b"", content))
    if path.endswith("/undo") or path == "/api/jobs":  # a job has an id by chance, and was asked at its own moment
        content = re.sub(rb'"id":"[^"]*"', b"", SECRETS.sub(b"", content))
    headers = sorted((name, text) for name, text in answer.headers.items() if name not in LEFT_OUT)
    return answer.status_code, headers, content


@pytest.mark.parametrize(("worlds", "handle"), WALKS, indirect=["worlds"])
def test_every_answer_is_the_same_in_both_worlds(worlds: Worlds, addresses: list[str], handle: str | None):
    person = worlds.people[handle] if handle else None
    different, told = [], set()
    with ExitStack() as stack:
        pages = [
            stack.enter_context(
                httpx.Client(
                    base_url=url,
                    headers={"Host": "127.0.0.1", "Origin": "http://127.0.0.1"},
                    cookies={COOKIE: worlds.cookies[handle]} if handle else {},
                )
            )
            for url in addresses
        ]
        for what in walk(worlds, person):
            one, other = (ask(page, what) for page in pages)
            told.add((what[0], one[0]))
            if one != other:
                different.append((what, one, other))
    assert different == []
    assert {("get", 200), ("get", 404)} <= told
    if handle in READERS:
        assert ("post", 200) in told


@everything
def test_whoever_reads_is_told_of_no_progress_and_no_matrix(worlds: Worlds, addresses: list[str]):
    for url, handle in itertools.product(addresses, READERS[:3]):
        with httpx.Client(base_url=url, cookies={COOKIE: worlds.cookies[handle]}) as page:
            view = page.get(f"/api/rounds/{worlds.campaign.id}").json()
            assert (view["progress"], view["closed"]) == (None, False)
            assert page.get("/api/agreement", params={"round": "blind"}).status_code == 404
            shown = page.get("/api/cells", params={"limit": 500}).json()["items"]
            held = {*worlds.campaign.cells, *worlds.campaign.gold}
            assert {each["cell"]["id"] for each in shown if each["consensus"]}.isdisjoint(held)
            assert page.get(f"/api/rounds/{worlds.campaign.id}/feedback").status_code == 409


@everything
def test_what_is_exported_is_the_same_in_both_worlds(worlds: Worlds):
    def exported(world: Workspace) -> list[Any]:
        gathered, lines = find_leaks(world, query=DOUBLE_LABELED)
        return [digest_workspace(world), count_database(world, round_name="demo"), gathered.contents, lines]

    one, other = (exported(world) for world in worlds.both)
    assert one == other


@everything
def test_ids_of_items_do_not_tell_the_cell(worlds: Worlds, addresses: list[str]):
    with httpx.Client(base_url=addresses[0], cookies={COOKIE: worlds.cookies["edna"]}) as page:
        text = page.get(f"/api/rounds/{worlds.campaign.id}/items", params={"limit": 500}).text
    held = [*worlds.campaign.cells, *worlds.campaign.gold]
    assert [cell for cell in held if cell in text] == []
    assert set(json.loads(text)["items"][0]) == {"item", "place", "answer", "panel"}
