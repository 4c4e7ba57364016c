"""The matrix of two experts and the cells behind its numbers, over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from buffycoat.domain.label import Round
from buffycoat.domain.taxonomy import RAABIN
from buffycoat.service import create_app
from buffycoat.workflows import browse, reading
from buffycoat.workflows.consensus import held_cells
from buffycoat.workflows.label import open_round
from buffycoat.workflows.people import demo_people
from buffycoat.workflows.workspace import Workspace

Serve = Callable[[FastAPI], AbstractContextManager[str]]
LEVELS = ("full", "five-class", "lineage", "differential")


@pytest.fixture(scope="module")
def raabin(raabin_labels: Workspace, serve: Serve) -> Iterator[httpx.Client]:
    with serve(create_app(raabin_labels, guests=True)) as url, httpx.Client(base_url=url, timeout=60) as opened:
        yield opened


def cells(client: httpx.Client, **question: Any) -> tuple[int, list[str]]:
    """How many cells fit, and the ids of the first page of them."""
    answer = client.get("/api/cells", params=question | {"limit": 500})
    assert answer.status_code == 200, answer.text
    page = answer.json()
    return page["total"], [view["cell"]["id"] for view in page["items"]]


def test_the_matrix_of_raabin_and_the_cells_behind_it(raabin: httpx.Client, data: Path):
    stats = json.loads((data / "raabin_json" / "stats.json").read_text())
    expected = stats["agreement_rows_label1_cols_label2"]
    report = raabin.get("/api/agreement", params={"round": "raabin"}).json()
    rows = {row["key"]: at for at, row in enumerate(report["rows"])}
    order = [None if word is None else RAABIN.read(word).key for word in stats["labels"]]
    assert [[report["matrix"][rows[one]][rows[two]] for two in order] for one in order] == expected
    for one, two in ((0, 1), (4, 3), (10, 14), (14, 14), (13, 0), (7, 7)):
        keys = {"first": order[one] or "-", "second": order[two] or "-"}
        assert cells(raabin, round="raabin", **keys)[0] == expected[one][two]
    assert cells(raabin, round="raabin", first="neutrophil.band")[0] == sum(expected[1])
    assert cells(raabin, round="raabin", second="-")[0] == sum(row[14] for row in expected)
    assert cells(raabin, round="raabin")[0] == 36624
    # The level merges: all that either called a lymphocyte, small or large.
    both = {"first": "lymphocyte", "second": "lymphocyte"}
    assert cells(raabin, level="five-class", **both)[0] == 1795 + 17 + 167 + 2062
    total, ids = cells(raabin, round="raabin", first="neutrophil.band", second="neutrophil.metamyelocyte")
    assert (total, len(ids)) == (2, 2)
    for cell in ids:
        told = raabin.get(f"/api/cells/{cell}").json()["consensus"]
        assert (told["standing"], told["term"]) == ("disputed", None)


def test_the_rounds_whose_matrix_can_be_seen(raabin: httpx.Client, client: httpx.Client):
    [known] = raabin.get("/api/agreement/rounds").json()
    known.pop("opened_at")
    assert known == {
        "name": "raabin",
        "taxonomy": RAABIN.reference,
        "level": "full",
        "levels": list(LEVELS),
        "cells": 36624,
        "experts": ["raabin expert 1", "raabin expert 2"],
        "simulated": False,
    }
    [demo] = client.get("/api/agreement/rounds").json()
    assert (demo["name"], demo["simulated"], demo["experts"]) == ("demo", True, ["simulated-1", "simulated-2"])


@pytest.mark.parametrize("level", LEVELS)
def test_the_numbers_part_the_cells_but_those_that_an_open_round_holds(
    workspace: Workspace, client: httpx.Client, level: str
):
    report = browse.agreement(workspace, round_name="demo", level=level)
    keys = [row.key or "-" for row in report.rows]
    found: list[str] = []
    for first, counts in zip(keys, report.matrix, strict=True):
        for second, count in zip(keys, counts, strict=True):
            if count:
                total, ids = cells(client, round="demo", level=level, first=first, second=second)
                assert len(ids) == total == count
                found += ids
    with workspace.database.reading() as transaction:
        [campaign] = transaction.find(Round, name="demo")
        held = held_cells(transaction)
    assert len(found) == len(set(found))
    assert set(found) == set(campaign.cells) - held
    assert held
    assert len(found) == report.cells


def test_filters_hold_together(client: httpx.Client):
    total, ids = cells(client, round="demo", standing="agreed")
    assert 0 < total < cells(client, round="demo")[0]
    _, monocytes = cells(client, round="demo", first="monocyte", second="monocyte")
    assert set(monocytes) <= set(ids)
    assert cells(client, round="demo", first="monocyte", standing="open") == (0, [])


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ({"round": "demo-reading"}, "there is no closed round of two experts named 'demo-reading'"),
        ({"round": "spring", "first": "monocyte"}, "there is no closed round of two experts named 'spring'"),
        ({"round": "demo", "first": "neutrophyl"}, "the matrix has no such row"),
        ({"round": "demo", "second": "lymphocyte.small", "level": "five-class"}, "the matrix has no such row"),
        ({"round": "demo", "level": "six-class"}, "has no level 'six-class'"),
    ],
)
def test_what_is_not_there_is_a_problem(client: httpx.Client, question: dict[str, str], told: str):
    answer = client.get("/api/cells", params=question)
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert told in answer.json()["detail"]


def test_an_open_round_is_told_to_nobody_until_it_is_closed(own_demo: Workspace, serve: Serve, sign_in):
    people = {person.handle: person for person in demo_people(own_demo)}
    campaign = open_round(own_demo, name="spring", experts=("edna", "carla"))
    with serve(create_app(own_demo, guests=True)) as url:
        for handle in ("edna", "carla", "judith", "ada"):
            page = sign_in(url, handle)
            assert [each["name"] for each in page.get("/api/agreement/rounds").json()] == ["demo"]
            spring, autumn = (
                page.get("/api/cells", params={"round": name, "first": "-"}) for name in ("spring", "autumn")
            )
            assert spring.status_code == autumn.status_code == 404
            assert spring.json()["detail"] == autumn.json()["detail"].replace("autumn", "spring")
            assert cells(page, round="demo") == (0, []), "its cells are those of the earlier round"
        reading.close_reading(own_demo, campaign.id, people["ada"])
        page = sign_in(url, "edna")
        assert [each["name"] for each in page.get("/api/agreement/rounds").json()] == ["spring", "demo"]
        assert cells(page, round="spring", first="-", second="-")[0] == len(campaign.cells) - 24
