"""Twin worlds by the clock: how long an answer takes tells nobody how far another expert is."""

from __future__ import annotations

import csv
import os
import random
import shutil
import statistics
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from buffycoat.domain.account import Person, Scope
from buffycoat.domain.label import Role
from buffycoat.domain.reading import Given
from buffycoat.label import items_of
from buffycoat.service import create_app
from buffycoat.workflows import reading
from buffycoat.workflows.people import list_people
from buffycoat.workflows.people.sessions import make_token
from buffycoat.workflows.workspace import open_workspace

ROOT = Path(__file__).parents[2]
FULL = os.environ.get("BUFFYCOAT_SOAK") == "full"
CALLS = 200 if FULL else 20
CELLS = 2000 if FULL else 600
# Of the medians. A machine that does other things besides may be off by more in a few calls.
APART = 0.05 if FULL else 0.6


@pytest.fixture
def worlds(tmp_path, round_of):
    campaign = round_of(tmp_path / "0", cells=CELLS, handles=["edna", "emil"])
    with open_workspace(tmp_path / "0") as first:
        people = {facts.person.handle: facts.person for facts in list_people(first)}
        token = make_token(first, people["edna"].id, name="device", scope=Scope.LABEL, days=1).token
    shutil.copytree(tmp_path / "0", tmp_path / "1")
    with open_workspace(tmp_path / "0") as first, open_workspace(tmp_path / "1") as second:
        emil = Person(id=people["emil"].id, handle="emil", role=Role.EXPERT)
        planned = items_of(campaign, emil.id)
        for start in range(0, len(planned), 500):
            sent = [
                Given(event=str(uuid4()), item=item.item, term="monocyte", given_at=datetime.now(UTC).isoformat())
                for item in planned[start : start + 500]
            ]
            reading.take_answers(second, campaign.id, emil, sent)
        headers = {"Authorization": f"Bearer {token}"}
        yield campaign, people["edna"], [TestClient(create_app(world), headers=headers) for world in (first, second)]


def test_medians_of_many_calls_do_not_tell_the_worlds_apart(worlds):
    campaign, edna, clients = worlds
    path = f"/api/rounds/{campaign.id}"
    items = items_of(campaign, edna.id)
    routes = [
        "/api/rounds",
        path,
        f"{path}/items?limit=100",
        f"{path}/items/{items[0].item}/picture",
        f"{path}/feedback",
        "/api/overview",
        "/api/queries",
        "/api/cells?limit=100",
        "/api/cells?standing=open",
        f"/api/cells/{campaign.cells[0]}",
        "/api/agreement",
        "/api/runs",
        "answers",
    ]
    rows, rng = [], random.Random(20261123)
    for route in routes:
        seconds: list[list[float]] = [[], []]
        for call in range(CALLS + 3):
            sent = {
                "event": str(uuid4()),
                "item": items[call].item,
                "term": "smudge",
                "given_at": datetime.now(UTC).isoformat(),
            }
            # By chance: the garbage of every so many calls is collected in one, which must not always be the same world's.
            for world in rng.sample((0, 1), 2):
                started = time.perf_counter()
                if route == "answers":
                    answer = clients[world].post(f"{path}/answers", json=[sent])
                    assert answer.json()[0]["state"] == "kept"
                else:
                    clients[world].get(route)
                if call >= 3:  # the first ones fill caches
                    seconds[world].append(time.perf_counter() - started)
        one, other = (statistics.median(each) for each in seconds)
        rows.append(
            (route.replace(campaign.id, "ROUND"), round(1000 * one, 3), round(1000 * other, 3), other / one - 1)
        )
    if FULL:
        folder = ROOT / "soak"
        folder.mkdir(exist_ok=True)
        with (folder / f"blind-times-{datetime.now(UTC):%Y-%m-%d}.csv").open("w", newline="") as file:
            csv.writer(file).writerows([("route", "median_ms", "median_ms_answered", "apart"), *rows])
    assert [row for row in rows if abs(row[3]) > APART] == []
