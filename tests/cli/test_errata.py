"""`buffycoat errata`: what it says, and its exit status."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from buffycoat.domain.cell import Cell
from buffycoat.domain.value import digest_of
from buffycoat.workflows.consensus import held_cells
from buffycoat.workflows.releasing.hidden_ids import inward_ids
from buffycoat.workflows.workspace import open_workspace


@pytest.fixture(scope="module")
def folder(demo_workspace, tmp_path_factory) -> Path:
    return Path(shutil.copytree(demo_workspace, tmp_path_factory.mktemp("errata") / "w"))


@pytest.fixture(scope="module")
def report(folder, tmp_path_factory) -> Path:
    release = folder / "releases" / "demo-1"
    rows = list(csv.DictReader((release / "labels.csv").read_text(encoding="utf-8").splitlines()))
    with open_workspace(folder) as opened, opened.database.reading() as transaction:
        inward = inward_ids(opened, transaction.ids(Cell))
        held = held_cells(transaction)
    row = next(row for row in rows if inward[row["cell_id"]] not in held and row["label"] != "monocyte")
    facts = {"manifest": digest_of((release / "manifest.json").read_bytes()), "proposed": "monocyte", "why": "folded"}
    told = {key: row[key] for key in ("cell_id", "label", "term")} | {"release": "demo-1", "name": ""} | facts
    path = tmp_path_factory.mktemp("report") / "erratum.json"
    path.write_text(json.dumps(told | {"kind": "buffycoat erratum", "format": 1}))
    return path


def test_from_a_file_to_a_round(command, folder, report, tmp_path):
    (tmp_path / "mail.txt").write_text("nothing")
    by = ("--by", "carla", "--workspace", folder)
    taken = command("errata", "import", report, tmp_path / "mail.txt", *by)
    assert taken.status == 1
    assert "erratum.json, report 1: taken in e" in taken.out
    assert "mail.txt: refused" in taken.out
    assert "1 of 2 are here now" in taken.out
    assert command("errata", "import", report, *by, "--json").result[0]["state"] == "known"
    (listed,) = command("errata", "list", "--workspace", folder, "--json").result
    key = listed["erratum"]["id"]
    assert "should be monocyte" in command("errata", "list", "--workspace", folder).out
    assert "declined by carla: it is not" in command("errata", "decline", key, "--reason", "it is not", *by).out
    assert command("errata", "accept", key, *by, "--json").result["state"] == "accepted"
    refused = command("errata", "accept", key, "--by", "emil", "--workspace", folder)
    assert (refused.status, "a curator or admin" in " ".join(refused.err.split())) == (5, True)
    opened = command("errata", "reread", "again", "--open-for", "emil", "--open-for", "edna", *by)
    assert opened.out.strip() == "round again: 1 cell to read again"
    assert "its cell is being read" in command("errata", "list", "--workspace", folder).out


def test_unknown_reader_is_told(command, folder):
    done = command("errata", "reread", "x", "--open-for", "nobody", "--by", "carla", "--workspace", folder)
    assert done.status == 3
    assert "nobody has this handle" in " ".join(done.err.split())
