"""A small workspace, and a backup of it that may be broken."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from buffycoat.store.place import POINTER
from buffycoat.workflows.detect import detect_cells
from buffycoat.workflows.ingest import IngestOptions, Record, ingest_photographs
from buffycoat.workflows.keeping.backup import back_up
from buffycoat.workflows.keeping.restore import restore
from buffycoat.workflows.workspace import open_workspace

Rows = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for what other programs have on their way to the disk."""
    monkeypatch.setattr(os, "sync", lambda: None)


@pytest.fixture(scope="module")
def few(demo_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of two photographs, with their cells; copy it before it is written to."""
    folder = tmp_path_factory.mktemp("few")
    for path in sorted((demo_workspace / "photographs").rglob("*.jpg"))[:2]:
        (folder / "in").mkdir(exist_ok=True)
        shutil.copy2(path, folder / "in")
    with open_workspace(folder / "w", create=True) as workspace:
        ingest_photographs(workspace, folder / "in", record=Record(smear="S-1"), options=IngestOptions(simulated=True))
        detect_cells(workspace)
    return folder / "w"


@pytest.fixture
def own(few: Path, tmp_path: Path) -> Path:
    """The same, to write to."""
    return shutil.copytree(few, tmp_path / "own")


@pytest.fixture(scope="module")
def whole(few: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished backup of it; copy it before it is broken."""
    target = tmp_path_factory.mktemp("backup") / "whole"
    back_up(few, target)
    return target


@pytest.fixture
def backup(whole: Path, tmp_path: Path) -> Path:
    """A backup that may be broken."""
    return shutil.copytree(whole, tmp_path / "backup")


# ------------------------------------------------------- where the rows are


def in_file(folder: Path) -> Rows:
    """Every row of every table of a workspace with its rows in its folder; columns by their names."""
    with closing(sqlite3.connect(folder / "buffycoat.db")) as opened:
        tables = [row[0] for row in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found: Rows = {}
        for table in tables:
            rows = opened.execute(f"SELECT * FROM {table}")  # noqa: S608 (its own names)
            order = sorted(range(len(rows.description)), key=lambda place: rows.description[place][0])
            found[table] = [tuple(row[place] for place in order) for row in rows]
        return found


def database_of(folder: Path) -> str:
    """The name that the server has for the database of a workspace."""
    address = json.loads((folder / POINTER).read_text())["address"]
    return address.partition("?")[0].rpartition("/")[2]


@pytest.fixture(scope="session")
def rows_of(request: pytest.FixtureRequest) -> Callable[[Path], Rows]:
    """Read every row of every table of a workspace, without a word of ours, wherever its rows are."""

    def read(folder: Path) -> Rows:
        server = request.getfixturevalue("postgresql") if (folder / POINTER).is_file() else None
        found = in_file(folder) if server is None else server.rows(database_of(folder))
        return {table: sorted(rows, key=repr) for table, rows in found.items()}

    return read


@pytest.fixture(scope="session")
def by_hand(request: pytest.FixtureRequest) -> Callable[[Path, str], list[tuple[Any, ...]]]:
    """Do in the database of a workspace what no program does, and nothing watches."""

    def do(folder: Path, statement: str) -> list[tuple[Any, ...]]:
        if (folder / POINTER).is_file():
            unwatched = "-c session_replication_role=replica"
            return request.getfixturevalue("postgresql").ask(statement, database_of(folder), unwatched)
        with closing(sqlite3.connect(folder / "buffycoat.db")) as opened, opened:
            return opened.execute(statement).fetchall()

    return do


@pytest.fixture
def in_a_file(tmp_path: Path) -> Callable[[Path], Path]:
    """Give a workspace with its rows in its folder: the same, or where they are on a server, what its backup holds."""

    def make(folder: Path) -> Path:
        if not (folder / POINTER).is_file():
            return folder
        back_up(folder, tmp_path / "for-a-file")
        restore(tmp_path / "for-a-file", tmp_path / "in-a-file")
        shutil.rmtree(tmp_path / "for-a-file")
        return tmp_path / "in-a-file"

    return make
