"""A workspace that moves from its folder to a server: every row as it was, whoever writes meanwhile, however it is broken off."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from buffycoat.domain.label import Expert, Label, Purpose
from buffycoat.domain.run import Run
from buffycoat.errors import AlreadyExists, Conflict, DigestMismatch, InputError, StoreUnreachable, WorkspaceMissing
from buffycoat.store import Database, moving
from buffycoat.store.answers import answers_by_round
from buffycoat.store.chain_check import check_values, entries_in_order
from buffycoat.store.place import place_of
from buffycoat.store.tables import TABLES
from buffycoat.workflows.audit import verify_log
from buffycoat.workflows.moving import cancel_move, move_workspace
from buffycoat.workflows.workspace import open_workspace

MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def answer(number: int, **changes) -> Label:
    plain = Label(
        id=f"l{number:05}",
        cell_id="c1",
        expert_id="e1",
        round_id="o1",
        purpose=Purpose.READING,
        term="monocyte",
        given_at=MOMENT,
        seconds=number / 7,
        comment="pale, بزرگ 🩸",
        supersedes=None,
        run_id="r1",
        event=f"event {number}",
    )
    return replace(plain, **changes)


@pytest.fixture(scope="module")
def original(tmp_path_factory, chain: list) -> Path:
    """A workspace with its rows in its folder: a value of each class, imported labels, and two hundred answers."""
    folder = tmp_path_factory.mktemp("original")
    rest = [value for value in chain if not isinstance(value, Label)]
    # Imported labels run through the log in the order in which they came, which is not that of their ids.
    imported = [answer(9 - number, event=None, purpose=[*Purpose][number]) for number in range(4)]
    with closing(in_file(folder)) as opened:
        for values in (rest, imported, [answer(number + 100) for number in range(200)]):
            with opened.writing() as transaction:
                transaction.add(values)
    return folder


@pytest.fixture
def folder(tmp_path: Path, original: Path) -> Path:
    return shutil.copytree(original, tmp_path / "w")


@pytest.fixture
def address(postgresql) -> str:
    return postgresql.empty()


@pytest.fixture(autouse=True)
def few_at_once(monkeypatch) -> None:
    monkeypatch.setattr(moving, "AT_ONCE", 30)


def in_file(folder: Path) -> Database:
    return Database(f"sqlite:///{folder / 'buffycoat.db'}")


def everything(opened: Database) -> dict[type, list]:
    with opened.reading() as transaction:
        assert check_values(transaction)[1] is None
        return {cls: transaction.find(cls) for cls in TABLES} | {object: [*entries_in_order(transaction)]}


def broken_off(at: str) -> Callable[[Any], None]:
    def told(progress) -> None:
        if progress.room == at and progress.done > 60:
            raise KeyboardInterrupt

    return told


def test_every_row_is_there_as_it_was_and_the_folder_says_where(folder, address):
    with closing(in_file(folder)) as opened:
        before = everything(opened)
    summary = move_workspace(folder, address)
    assert summary.rows == {table.name: len(before[cls]) for cls, table in TABLES.items()} | {
        "audit_entry": len(before[object])
    }
    with open_workspace(folder) as workspace:
        assert workspace.database.engine.dialect.name == "postgresql"
        assert everything(workspace.database) == before
        verdict = verify_log(workspace)
        assert (verdict.fault, verdict.head) == (None, before[object][-1].digest)
        with workspace.database.writing() as transaction:
            transaction.add([answer(5000)])
        assert verify_log(workspace).fault is None
        with closing(in_file(folder)) as old, old.reading() as one, workspace.database.reading() as other:
            assert answers_by_round(one) == answers_by_round(other)
    assert place_of(folder).there
    assert len(json.loads((folder / "buffycoat-database.json").read_text())["workspace"]) == 32


def test_the_old_database_is_read_as_before_and_written_to_no_more(folder, address):
    with closing(in_file(folder)) as before:  # as a service that was not stopped
        rows = everything(before)
        move_workspace(folder, address)
        for act in (
            answer(1),
            Run(id="r", room="", function="", version="", parameters={}, inputs="", seed=1, started_at=MOMENT),
        ):
            with pytest.raises(StoreUnreachable, match="was moved") as refused, before.writing() as transaction:
                transaction.add([act])
        assert refused.value.http_status == 503
        assert everything(before) == rows
    digest = hashlib.sha256((folder / "buffycoat.db").read_bytes()).hexdigest()
    with pytest.raises(Conflict, match="on a server already"):
        move_workspace(folder, address)
    assert hashlib.sha256((folder / "buffycoat.db").read_bytes()).hexdigest() == digest


def test_no_answer_that_was_acknowledged_is_lost_while_people_go_on(folder, address):
    acknowledged, refused, end = list[str](), list[Exception](), threading.Event()

    def label() -> None:
        with closing(in_file(folder)) as opened:
            for number in range(10_000, 90_000):
                try:
                    with opened.writing() as transaction:
                        transaction.add([answer(number)])
                except StoreUnreachable as error:
                    refused.append(error)
                    return
                acknowledged.append(f"l{number:05}")
                if end.is_set():
                    return

    thread = threading.Thread(target=label)
    thread.start()
    while len(acknowledged) < 20:
        pass
    try:
        summary = move_workspace(folder, address)
    finally:
        end.set()
        thread.join()
    assert refused, "it was told that its answer was not kept"
    assert summary.late > 0
    with open_workspace(folder) as workspace:
        with workspace.database.reading() as transaction:
            assert {key for key in transaction.ids(Label) if key >= "l10000"} == set(acknowledged)
        assert verify_log(workspace).fault is None


@pytest.mark.parametrize("at", ["move", "compare"])
def test_a_move_that_was_broken_off_goes_on(folder, address, at):
    with closing(in_file(folder)) as opened:
        before = everything(opened)
    with pytest.raises(KeyboardInterrupt):
        move_workspace(folder, address, progress=broken_off(at))
    assert place_of(folder).address.startswith("sqlite"), "the workspace is where it was"
    with pytest.raises(Conflict if at == "compare" else AlreadyExists):
        other = address if at == "move" else f"{address}2"
        changed(folder, at, other)
        move_workspace(folder, other)
    restored(folder)
    summary = move_workspace(folder, address)
    with open_workspace(folder) as workspace:
        assert everything(workspace.database) == before
    assert summary.late == 0


def changed(folder: Path, at: str, other: str) -> None:
    """Another workspace in this folder, where the move was broken off before the folder's own was shut."""
    if at == "move":
        (folder / "buffycoat.db").rename(folder / "kept.db")
        for journal in folder.glob("buffycoat.db-*"):
            journal.rename(folder / journal.name.replace("buffycoat", "kept"))
        in_file(folder).close()


def restored(folder: Path) -> None:
    if (folder / "kept.db").exists():
        for each in folder.glob("buffycoat.db*"):
            each.unlink()
        for each in list(folder.glob("kept.db*")):
            each.rename(folder / each.name.replace("kept", "buffycoat"))


def test_a_move_that_was_given_up_leaves_a_workspace_that_is_written_to(folder, address):
    with pytest.raises(Conflict, match="no move"):
        cancel_move(folder)
    with pytest.raises(KeyboardInterrupt):
        move_workspace(folder, address, progress=broken_off("compare"))
    with closing(in_file(folder)) as opened, pytest.raises(StoreUnreachable), opened.writing() as transaction:
        transaction.add([answer(1)])
    cancel_move(folder)
    with closing(in_file(folder)) as opened, opened.writing() as transaction:
        transaction.add([answer(1)])
    move_workspace(folder, address)
    with open_workspace(folder) as workspace, workspace.database.reading() as transaction:
        assert transaction.get(Label, "l00001").term == "monocyte"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE label SET term = 'basophil' WHERE id = 'l00150'",
        "UPDATE cell SET score = score + 1e-15",
        "UPDATE round SET cells = '[\"c1\" ]' WHERE id = 'o1'",
        "UPDATE run SET started_at = started_at + interval '1 microsecond' WHERE id = 'r1'",
        "DELETE FROM label WHERE id = 'l00150'",
        "INSERT INTO expert SELECT 'x', 'x', role, simulated FROM expert WHERE id = 'e1'",
    ],
)
def test_a_row_that_is_not_as_it_was_stops_the_move(folder, address, postgresql, statement):
    with pytest.raises(KeyboardInterrupt):
        move_workspace(folder, address, progress=broken_off("compare"))
    postgresql.ask(statement, address.partition("?")[0].rpartition("/")[2])
    with pytest.raises(DigestMismatch, match="differs from the workspace"):
        move_workspace(folder, address)
    assert place_of(folder).address.startswith("sqlite")


def test_a_database_that_holds_something_else_is_left_alone(folder, address):
    with closing(Database(address)) as other:
        with other.writing() as transaction:
            transaction.add([Expert(id="theirs", handle="theirs")])
        with pytest.raises(AlreadyExists, match="another workspace"):
            move_workspace(folder, address)
        with other.reading() as transaction:
            assert [expert.id for expert in transaction.find(Expert)] == ["theirs"]
    with closing(in_file(folder)) as opened, opened.writing() as transaction:
        transaction.add([answer(1)])


def test_what_cannot_be_moved_is_named_and_nothing_is_changed(folder, address, tmp_path):
    with pytest.raises(WorkspaceMissing):
        move_workspace(tmp_path / "nowhere", address)
    with pytest.raises(Conflict, match="in a file already"):
        move_workspace(folder, f"sqlite:///{tmp_path / 'other.db'}")
    with closing(in_file(folder)) as opened, opened.writing() as transaction:
        transaction.add([answer(1, comment="a\0b")])
    with pytest.raises(InputError, match="a row of label") as refused:
        move_workspace(folder, address)
    assert refused.value.found == "l00001"
    with closing(in_file(folder)) as opened, opened.writing() as transaction:
        transaction.add([answer(2)])


def test_the_command_says_what_it_did_and_refuses_in_the_same_words(folder, address):
    def said(*words: str) -> tuple[int, str, str]:
        command = [sys.executable, "-m", "buffycoat", "migrate-to", *words, "--workspace", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    status, told, _ = said(address.replace("app@", "app:secret@"))
    assert status == 0
    assert "each as it was" in told
    assert "secret" not in told + (folder / "buffycoat-database.json").read_text()
    assert said(address)[0] == 4
    assert "error [input]: no database is named" in said()[2]
    assert "error [conflict]" in said("--cancel")[2]
