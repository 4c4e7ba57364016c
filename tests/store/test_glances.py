"""What every request asks: answered on one connection, and remembered until anybody writes."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from buffycoat.store.glances import Glances

COUNT = "SELECT count(*) FROM t"
WRITE = "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute('INSERT INTO t VALUES (9)'); c.commit()"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "some 100% name.db"


@pytest.fixture
def writer(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE t (x)")
    yield connection
    connection.close()


@pytest.fixture
def glances(path: Path, writer: sqlite3.Connection) -> Iterator[Glances]:
    opened = Glances(path, most=3)
    yield opened
    opened.close()


def test_what_is_remembered_is_forgotten_when_another_process_writes(glances: Glances, path: Path):
    glances.memory()["rows"] = glances.first(COUNT, {})
    assert glances.memory() == {"rows": (0,)}
    subprocess.run([sys.executable, "-c", WRITE, str(path)], check=True)
    assert glances.memory() == {}
    assert glances.first(COUNT, {}) == (1,)


def test_what_is_asked_while_somebody_writes_is_not_remembered_after(glances: Glances, writer: sqlite3.Connection):
    memory = glances.memory()
    before = glances.first(COUNT, {})
    writer.execute("INSERT INTO t VALUES (1)")
    memory["rows"] = before
    assert glances.memory() == {}
    memory = glances.memory()
    writer.execute("INSERT INTO t VALUES (2)")
    memory["rows"] = glances.first(COUNT, {})
    assert glances.memory() == {}, "asked after the change, but remembered with what was known before it"


def test_what_is_not_written_in_the_end_changes_nothing(glances: Glances, writer: sqlite3.Connection):
    glances.memory()["a"] = 1
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO t VALUES (1)")
    assert (glances.memory(), glances.first(COUNT, {})) == ({"a": 1}, (0,))
    writer.execute("ROLLBACK")
    assert glances.memory() == {"a": 1}


def test_no_more_is_remembered_than_so_many_things(glances: Glances):
    for number in range(10):
        glances.memory()[number] = number
        assert len(glances.memory()) <= 3


def test_it_holds_nobody_up_and_writes_nothing(glances: Glances, writer: sqlite3.Connection):
    writer.execute("INSERT INTO t VALUES (1)")
    glances.memory()
    assert glances.first("SELECT x FROM t", {}) == (1,)
    assert writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0, "no reader holds the log"
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        glances.first("DELETE FROM t", {})


def test_nothing_is_made_where_there_is_no_database(tmp_path: Path):
    glances = Glances(tmp_path / "nothing.db")
    with pytest.raises(sqlite3.OperationalError):
        glances.memory()
    glances.close()
    assert list(tmp_path.iterdir()) == []


def test_a_connection_opened_anew_remembers_nothing(glances: Glances):
    glances.memory()["a"] = 1
    glances.close()
    assert glances.memory() == {}
