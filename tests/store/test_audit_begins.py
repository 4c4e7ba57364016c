"""The audit log of older workspaces: begun once, whoever opens them, and filled up with what became an act later."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from buffycoat.store import Database, migrating
from buffycoat.store.chain_check import check_values, entries_in_order

SCHEMAS = Path(__file__).parent / "schemas"


def test_reference_intervals_from_before_they_were_acts_are_entered(tmp_path):
    connection = sqlite3.connect(tmp_path / "buffycoat.db")
    connection.executescript((SCHEMAS / "0012.sql").read_text())
    statement = "INSERT INTO document SELECT 'd9', 'reference-intervals', title, digest, media_type, made_at, run_id"
    connection.execute(f"{statement} FROM document WHERE id = 'd1'")
    connection.commit()
    connection.close()
    opened = Database(f"sqlite:///{tmp_path / 'buffycoat.db'}")
    with opened.reading() as transaction:
        documents = [entry for entry in entries_in_order(transaction) if entry.subject_class == "document"]
        assert check_values(transaction)[1] is None
    assert [(entry.subject, entry.action) for entry in documents] == [("d9", "kept")]
    opened.close()


@pytest.mark.parametrize("revision", [None, "0006"])
def test_of_two_who_open_an_older_workspace_at_once_one_begins_the_log(tmp_path, monkeypatch, revision):
    with sqlite3.connect(tmp_path / "buffycoat.db") as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        if revision:
            connection.executescript((SCHEMAS / f"{revision}.sql").read_text())
    connection.close()
    both, asked, plain = threading.Barrier(2), set(), migrating._revision

    def at_once(connection):
        found = plain(connection)
        if threading.get_ident() not in asked:  # both have looked before either begins
            asked.add(threading.get_ident())
            both.wait(30)
        return found

    monkeypatch.setattr(migrating, "_revision", at_once)
    opened: list[Database] = []
    url = f"sqlite:///{tmp_path / 'buffycoat.db'}"
    threads = [threading.Thread(target=lambda: opened.append(Database(url))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with opened[0].reading() as transaction:
        entries = list(entries_in_order(transaction))
        assert [entry.seq for entry in entries if entry.action == "began"] == [0]
        assert len({(entry.subject_class, entry.subject) for entry in entries}) == len(entries)
        assert check_values(transaction)[1] is None
    for each in opened:
        each.close()
