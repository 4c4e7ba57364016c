"""The audit log at the level of rows: whatever is done to the file behind its back, checking names it."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DatabaseError

from buffycoat.domain.audit import FaultKind
from buffycoat.domain.label import Label, Purpose
from buffycoat.domain.value import digest_of
from buffycoat.store import Database
from buffycoat.store.acts import ACTS, NOT_ACTS
from buffycoat.store.chain import FIRST, entry_digest, value_digest
from buffycoat.store.chain_check import Link, check_values, entries_in_order, link_of, walk
from buffycoat.store.migrating import revisions
from buffycoat.store.tables import TABLES

MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
TRIGGERS = ("audit_entry_is_not_changed", "audit_entry_is_not_removed", "audit_entry_comes_last")


def event(number: int, **changes) -> Label:
    plain = Label(
        id=f"l{number:04}",
        cell_id="c1",
        expert_id="e1",
        round_id="o1",
        purpose=Purpose.READING,
        term="monocyte",
        given_at=MOMENT,
        seconds=1,
        comment="pale",
        supersedes=None,
        run_id="r1",
        event=f"event {number}",
    )
    return replace(plain, **changes)


def imported(number: int) -> Label:
    return event(number, id=f"i{number:04}", event=None, purpose=[*Purpose][number % 4], seconds=None)


@pytest.fixture(scope="module")
def empty(tmp_path_factory, database) -> Path:
    """A database without values: migrations take a while."""
    folder = tmp_path_factory.mktemp("empty")
    database(folder).close()
    return folder


@pytest.fixture
def logged(tmp_path, chain, empty, database_copy):
    """A database with one value of each class, imported labels of two batches, and ten answers."""
    opened = Database(database_copy(empty, tmp_path))
    rest = [value for value in chain if not isinstance(value, Label)]
    for values in (rest, [imported(0), imported(1)], [imported(2)], [event(number) for number in range(10)]):
        with opened.writing() as transaction:
            transaction.add(values)
    yield opened
    opened.close()


def checked(opened: Database) -> tuple[int, tuple | None]:
    with opened.reading() as transaction:
        walked = walk(map(link_of, entries_in_order(transaction)))
        fault = walked.fault or check_values(transaction)[1]
    return walked.entries, None if fault is None else (fault.kind, fault.seq, fault.subject_class, fault.subject)


def behind(opened: Database, *statements: str) -> None:
    """Change the file as somebody would who knows how to."""
    if opened.engine.dialect.name == "postgresql":
        with opened.engine.connect() as connection, connection.begin():
            connection.exec_driver_sql("ALTER TABLE audit_entry DISABLE TRIGGER USER")
            for statement in statements:
                connection.exec_driver_sql(statement)
        return
    connection = sqlite3.connect(opened.engine.url.database)
    for trigger in TRIGGERS:
        connection.execute(f"DROP TRIGGER {trigger}")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def seq_of(opened: Database, subject: str) -> int:
    with opened.reading() as transaction:
        return next(entry.seq for entry in entries_in_order(transaction) if entry.subject == subject)


def test_every_table_is_of_acts_or_of_what_programs_make():
    assert set(TABLES) == set(ACTS) | NOT_ACTS
    assert not set(ACTS) & NOT_ACTS


def test_each_act_has_one_entry_and_work_that_was_done_before_none(logged, chain):
    entries, fault = checked(logged)
    assert fault is None
    acts = [value for value in chain if type(value) in ACTS and ACTS[type(value)].chosen(value)]
    alone = [value for value in acts if not isinstance(value, Label)]
    assert entries == 1 + len(alone) + 2 + 10
    with logged.writing() as transaction:
        transaction.add([event(3), event(10), event(10)])
    assert checked(logged) == (entries + 1, None)


def test_a_failed_transaction_leaves_no_entry(logged):
    before, _ = checked(logged)
    with pytest.raises(RuntimeError), logged.writing() as transaction:
        transaction.add([event(99)])
        raise RuntimeError
    assert checked(logged) == (before, None)


# What only one of the two databases knows.
SQLITE = {"REPLACE": "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry WHERE seq = 3"}
POSTGRESQL = {"REPLACE": "TRUNCATE audit_entry"}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET person = 'x' WHERE seq = 3",
        "DELETE FROM audit_entry WHERE seq = 3",
        "REPLACE",
        "INSERT INTO audit_entry SELECT seq + 1000, moment, person, action, subject_class, subject, round_id, value, salt, previous, digest FROM audit_entry WHERE seq = 3",
    ],
)
def test_the_database_itself_refuses_to_change_the_log(logged, statement, on_postgresql):
    statement = (POSTGRESQL if on_postgresql else SQLITE).get(statement, statement)
    with pytest.raises(DatabaseError, match="only added to"), logged.writing() as transaction:
        transaction.connection.exec_driver_sql(statement)


COLUMNS = ("moment", "person", "action", "subject_class", "subject", "round_id", "value", "salt", "previous", "digest")


@pytest.mark.parametrize("column", COLUMNS)
def test_an_entry_that_was_changed_is_named(logged, column):
    behind(logged, f"UPDATE audit_entry SET {column} = 'a' || coalesce({column}, '') WHERE seq = 7")  # noqa: S608 (a test changes what it will)
    assert checked(logged)[1][:2] == (FaultKind.CHANGED, 7)


def test_an_entry_that_was_changed_and_digested_anew_is_named(logged):
    with logged.reading() as transaction:
        entry = [*entries_in_order(transaction)][7]
    forged = replace(entry, person="somebody else")
    digest = entry_digest(7, forged.previous, link_of(forged).content)
    behind(logged, f"UPDATE audit_entry SET person = 'somebody else', digest = '{digest}' WHERE seq = 7")  # noqa: S608 (a test changes what it will)
    assert checked(logged)[1][:2] == (FaultKind.CHANGED, 7)


def test_an_entry_that_is_gone_is_named_also_where_the_others_were_numbered_anew(logged):
    behind(logged, "DELETE FROM audit_entry WHERE seq = 9")
    assert checked(logged)[1][:2] == (FaultKind.MISSING, 9)


def test_an_entry_that_is_gone_is_named_where_the_gap_was_closed(logged):
    up = "UPDATE audit_entry SET seq = -seq WHERE seq > 9"
    behind(logged, "DELETE FROM audit_entry WHERE seq = 9", up, "UPDATE audit_entry SET seq = -seq - 1 WHERE seq < 0")
    assert checked(logged)[1][:2] == (FaultKind.MISSING, 9)


def test_entries_that_changed_places_are_named(logged):
    behind(logged, *(f"UPDATE audit_entry SET seq = {a} WHERE seq = {b}" for b, a in ((8, -1), (12, 8), (-1, 12))))  # noqa: S608 (a test changes what it will)
    assert checked(logged)[1][:2] == (FaultKind.REORDERED, 8)


@pytest.mark.parametrize("digested", [False, True])
def test_an_entry_that_was_put_in_between_is_named(logged, digested):
    with logged.reading() as transaction:
        forged = replace([*entries_in_order(transaction)][3], seq=5)
    with logged.reading() as transaction:
        forged = replace(forged, previous=[*entries_in_order(transaction)][4].digest)
    if digested:
        forged = replace(forged, digest=entry_digest(5, forged.previous, link_of(forged).content))
    up = "UPDATE audit_entry SET seq = -seq WHERE seq > 4"
    row = ", ".join("NULL" if (held := getattr(forged, each.name)) is None else repr(held) for each in fields(forged))
    behind(logged, up, "UPDATE audit_entry SET seq = 1 - seq WHERE seq < 0", f"INSERT INTO audit_entry VALUES ({row})")  # noqa: S608 (a test changes what it will)
    assert checked(logged)[1][:2] == (FaultKind.INSERTED, 5)


def test_a_value_that_was_changed_is_named(logged):
    seq = seq_of(logged, "l0004")
    behind(logged, "UPDATE label SET term = 'basophil' WHERE id = 'l0004'")
    assert checked(logged)[1] == (FaultKind.VALUE_CHANGED, seq, "label", "l0004")


@pytest.mark.parametrize(
    ("table", "column", "word"),
    [
        ("label", "seconds", "2.5"),
        ("label", "withdrawn", "true"),
        ("label", "comment", "''"),
        ("expert", "handle", "'somebody'"),
        ("appointment", "role", "'admin'"),
        ("round", "cells", "'[]'"),
        ("closing", "closed_at", "'2027-01-01 00:00:00.000000'"),
        ("showing", "count", "7"),
    ],
)
def test_whatever_column_of_a_value_was_changed_it_is_named(logged, table, column, word):
    only = "event IS NOT NULL" if table == "label" else "1 = 1"
    behind(logged, f'UPDATE "{table}" SET "{column}" = {word} WHERE {only}')  # noqa: S608 (a test changes what it will)
    kind, _, named, _ = checked(logged)[1]
    assert (kind, named) == (FaultKind.VALUE_CHANGED, table)


def test_a_value_that_is_gone_or_that_nobody_entered_is_named(logged):
    seq = seq_of(logged, "l0006")
    behind(logged, "DELETE FROM label WHERE id = 'l0006'")
    assert checked(logged)[1] == (FaultKind.VALUE_MISSING, seq, "label", "l0006")


def test_a_value_that_nobody_entered_is_named(logged):
    names = [each.name for each in fields(Label) if each.name not in ("id", "event")]
    row = ", ".join(names)
    behind(logged, f"INSERT INTO label (id, event, {row}) SELECT 'forged', 'x', {row} FROM label WHERE id = 'l0006'")  # noqa: S608 (a test changes what it will)
    assert checked(logged)[1] == (FaultKind.VALUE_UNKNOWN, None, "label", "forged")


@pytest.mark.parametrize(
    ("statement", "batch"),
    [
        ("UPDATE label SET term = 'basophil' WHERE id = 'i0001'", 0),
        ("UPDATE label SET term = 'basophil' WHERE id = 'i0002'", 1),
        ("DELETE FROM label WHERE id = 'i0002'", 1),
    ],
)
def test_imported_labels_are_entered_by_batch_and_a_changed_one_is_noticed(logged, statement, batch):
    with logged.reading() as transaction:
        batches = [entry.seq for entry in entries_in_order(transaction) if entry.subject_class == "labels"]
    behind(logged, statement)
    assert (len(batches), checked(logged)[1]) == (2, (FaultKind.VALUE_CHANGED, batches[batch], "labels", "o1"))


def test_the_log_of_an_older_workspace_begins_with_what_is_there(tmp_path):
    connection = sqlite3.connect(tmp_path / "buffycoat.db")
    connection.executescript((Path(__file__).parent / "schemas" / "0006.sql").read_text())
    connection.close()
    opened = Database(f"sqlite:///{tmp_path / 'buffycoat.db'}")
    with opened.reading() as transaction:
        entries = [*entries_in_order(transaction)]
    assert entries[0].action == "began"
    assert {"expert", "round", "closing", "mask", "release"} <= {entry.subject_class for entry in entries}
    assert checked(opened) == (len(entries), None)
    behind(opened, "UPDATE expert SET handle = 'other'")
    assert checked(opened)[1][0] is FaultKind.VALUE_CHANGED
    opened.close()


@pytest.mark.parametrize("revision", [each for each in revisions() if each >= "0007"])
def test_a_log_holds_through_every_later_schema(tmp_path, revision):
    """Columns that came later are at their default, and change no digest."""
    connection = sqlite3.connect(tmp_path / "buffycoat.db")
    connection.executescript((Path(__file__).parent / "schemas" / f"{revision}.sql").read_text())
    connection.close()
    opened = Database(f"sqlite:///{tmp_path / 'buffycoat.db'}")
    entries, fault = checked(opened)
    assert fault is None
    assert entries > 10
    opened.close()


def test_a_log_that_was_removed_does_not_begin_anew(logged):
    behind(logged, "DELETE FROM audit_entry")
    again = Database(logged.engine.url.render_as_string(hide_password=False))
    assert checked(again)[1][0] is FaultKind.VALUE_UNKNOWN
    again.close()


# ------------------------------------------------------------------ the walk


def chained(contents: list[str]) -> list[Link]:
    links, previous = list[Link](), FIRST
    for seq, content in enumerate(contents):
        digest = entry_digest(seq, previous, content)
        links.append(Link(seq, content, previous, digest))
        previous = digest
    return links


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 12).flatmap(lambda size: st.permutations(range(size))))
def test_no_order_but_the_right_one_holds(order):
    links = chained([f"{number:064}" for number in range(len(order))])
    shuffled = [links[place]._replace(seq=seq) for seq, place in enumerate(order)]
    fault = walk(shuffled).fault
    wrong = [seq for seq, place in enumerate(order) if seq != place]
    assert (fault is None) == (not wrong)
    if fault is not None:
        assert (fault.kind, fault.seq) == (FaultKind.REORDERED, wrong[0])


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 12), st.data())
def test_what_was_taken_out_is_missing_and_a_noted_head_tells_a_cut(size, data):
    links = chained([f"{number:064}" for number in range(size)])
    gone = data.draw(st.integers(0, size - 1))
    rest = [link._replace(seq=seq) for seq, link in enumerate(links[:gone] + links[gone + 1 :])]
    walked = walk(rest, links[-1].digest)
    if gone == size - 1:  # cut at the end, the chain is whole: only what was noted tells
        assert (walked.fault, walked.met) == (None, None)
    else:
        assert (walked.fault.kind, walked.fault.seq) == (FaultKind.MISSING, gone)
    assert walk(links, links[gone].digest).met == gone


# ---------------------------------------------------- many writers, and kills

WRITER = """
import sys
sys.path[:0] = sys.argv[4:]
from dataclasses import replace
from buffycoat.domain.label import Label
from buffycoat.store import Database
opened = Database(sys.argv[1])
with opened.reading() as transaction:
    like = transaction.find(Label, event="event 0")[0]
for number in range(int(sys.argv[3])):
    key = f"{sys.argv[2]}-{number}"
    with opened.writing() as transaction:
        transaction.add([replace(like, id=key, event=key)])
    print(key, flush=True)
"""


def writer(opened: Database, name: str, count: int) -> subprocess.Popen:
    command = [sys.executable, "-c", WRITER, opened.engine.url.render_as_string(hide_password=False), name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_eight_writers_of_three_processes_make_one_chain(logged):
    before, _ = checked(logged)
    others = [writer(logged, name, 40) for name in ("a", "b")]

    def answer(name: str) -> None:
        for number in range(40):
            with logged.writing() as transaction:
                transaction.add([event(0, id=f"{name}-{number}", event=f"{name}-{number}")])

    threads = [threading.Thread(target=answer, args=(f"t{number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(other.communicate()[0].splitlines()) for other in others] == [40, 40]
    assert checked(logged) == (before + 8 * 40, None)


def test_a_kill_leaves_each_value_with_its_entry(logged):
    said = 0
    for kill in range(3):
        process = writer(logged, f"k{kill}", 100_000)
        process.stdout.readline()
        time.sleep(0.05 * kill)
        os.kill(process.pid, signal.SIGKILL)
        said += 1 + len(process.communicate()[0].splitlines())
    _, fault = checked(logged)
    with logged.reading() as transaction:
        kept = sum(label.id.startswith("k") for label in transaction.find(Label))
        entered = sum(
            entry.subject.startswith("k") for entry in entries_in_order(transaction) if entry.subject_class == "label"
        )
    assert fault is None
    assert kept == entered >= said - 3  # a last line may be cut in two


def test_a_digest_does_not_change_with_the_version():
    """What is kept today must be checked in ten years: the ways in which digests are made are part of the format."""
    row = dict.fromkeys((column.name for column in TABLES[Label].c), None)
    said = {"id": "l1", "cell_id": "c1", "expert_id": "e1", "round_id": "o1", "purpose": "reading", "term": "monocyte"}
    said |= {"given_at": "2026-01-02 03:04:05.000000", "seconds": 1.0, "comment": "", "supersedes": None}
    said |= {"run_id": "r1", "event": "x"}
    # Columns that are at their default say nothing.
    row |= said | {"withdrawn": 0, "look": "single", "turned": 0}
    text = json.dumps(said, sort_keys=True, separators=(",", ":"))
    assert value_digest(Label, [*row.values()]) == digest_of(text.encode())
