"""Backups made while people answer, restored, and compared; and every way in which one may be broken."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import threading
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from buffycoat.domain.account import Person
from buffycoat.domain.value import digest_of
from buffycoat.errors import (
    AlreadyExists,
    BuffycoatError,
    Conflict,
    DigestMismatch,
    InputError,
    NotFound,
    SchemaTooNew,
    StoreUnreachable,
    UnreadableFormat,
    WorkspaceMissing,
)
from buffycoat.workflows import reading
from buffycoat.workflows.keeping.backup import back_up
from buffycoat.workflows.keeping.restore import restore
from buffycoat.workflows.keeping.turns import alone
from buffycoat.workflows.workspace import Workspace, open_workspace


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file but the database's and what is drawn again."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(("buffycoat", "database-name", "thumbnails.db"))
    }


def listed(backup: Path) -> list[list]:
    manifest = json.loads((backup / "manifest.json").read_bytes())
    return [json.loads(line) for line in place(backup, manifest["listed"]).read_bytes().splitlines()]


def place(backup: Path, digest: str) -> Path:
    return backup / "objects" / digest[:2] / digest[2:]


def digest_at(backup: Path, path: str) -> str:
    return next(line[0] for line in listed(backup) if line[2] == path)


# ------------------------------------------------------- while people label


def test_a_backup_made_while_people_answer_is_one_moment_of_the_workspace(
    demo: Workspace, rounds, people, tmp_path: Path, rows_of
):
    campaign = rounds.open(name="backed-up")
    planned = rounds.items(campaign, people["edna"])
    sent, stop, failed = [], threading.Event(), []

    def label(person: Person) -> None:
        try:
            while not stop.is_set():
                given = rounds.given(planned[len(sent) % len(planned)].item, after=len(sent) / 1000)
                receipts = reading.take_answers(demo, campaign.id, person, [given])
                sent.append((given.event, receipts[0].state))
        except BaseException as error:  # noqa: BLE001 (told by the test itself)
            failed.append(error)

    thread = threading.Thread(target=label, args=(people["edna"],))
    thread.start()
    summaries = []
    try:
        for name in ("one", "one", "two.zip"):
            before = len(sent)
            summaries.append(back_up(demo.folder, tmp_path / name))
            while len(sent) < before + 3:
                stop.wait(0.001)
    finally:
        stop.set()
        thread.join()
    assert failed == []
    assert {state for _, state in sent} == {"kept"}
    live = rows_of(demo.folder)
    for name in ("one", "two.zip"):
        restored = tmp_path / f"restored-{name}"
        summary = restore(tmp_path / name, restored)
        assert summary.audited
        rows = rows_of(restored)
        assert rows.keys() == live.keys()
        for table, there in rows.items():
            assert set(there) <= set(live[table]), table  # append-only: what it has is what was, and nothing is half
        answered = [row for row in live["label"] if row not in set(rows["label"])]
        assert len(rows["label"]) + len(answered) == len(live["label"])
        assert answered, "nobody answered after it"
        # An answer and its entry in the audit log come together or not at all.
        assert len(rows["audit_entry"]) == summary.entries == len(live["audit_entry"]) - len(answered)
        assert files_of(restored) == files_of(demo.folder)


def test_a_restored_workspace_equals_the_source_row_by_row_and_byte_by_byte(
    few: Path, whole: Path, tmp_path: Path, rows_of
):
    summary = restore(whole, tmp_path / "again")
    assert rows_of(tmp_path / "again") == rows_of(few)
    assert files_of(tmp_path / "again") == files_of(few)
    assert summary.files == len(files_of(few)) + 1
    assert (tmp_path / "again").stat().st_mode & 0o777 == 0o700
    with open_workspace(tmp_path / "again") as opened, opened.database.reading() as transaction:
        assert transaction.connection is not None


def test_what_is_there_is_not_copied_again_and_what_is_gone_is_removed(own: Path, tmp_path: Path, on_postgresql):
    first = back_up(own, tmp_path / "b")
    (own / "note.txt").write_text("one")
    second = back_up(own, tmp_path / "b")
    assert (first.kept, second.copied) == (first.files - first.copied, 2)  # the note, and the database
    (own / "note.txt").unlink()
    third = back_up(own, tmp_path / "b")
    # The note, and the list that named it; what is gathered from a server may be another file of the same rows.
    assert third.copied == 1
    assert third.removed in ((2, 3) if on_postgresql else (2,))
    assert not place(tmp_path / "b", digest_of(b"one")).exists()


def test_an_interrupted_backup_is_gone_on_with(own: Path, tmp_path: Path):
    class Killed(BaseException):
        pass

    def progress(step) -> None:
        if step.done == 10:
            raise Killed

    with pytest.raises(Killed):
        back_up(own, tmp_path / "b", progress=progress)
    assert not (tmp_path / "b" / "manifest.json").exists()
    with pytest.raises(NotFound, match="no finished backup"):
        restore(tmp_path / "b", tmp_path / "r")
    summary = back_up(own, tmp_path / "b")
    assert summary.kept >= 10
    restore(tmp_path / "b", tmp_path / "r")


def test_an_object_that_rotted_in_the_backup_is_copied_anew(few: Path, backup: Path, tmp_path: Path):
    digest = listed(backup)[5][0]
    place(backup, digest).write_bytes(b"rotten")
    back_up(few, backup)
    assert digest_of(place(backup, digest).read_bytes()) == digest


def test_a_zip_is_only_there_when_it_is_whole(own: Path, tmp_path: Path):
    back_up(own, tmp_path / "b.zip")
    before = (tmp_path / "b.zip").read_bytes()

    def progress(step) -> None:
        if step.done == 10:
            raise RuntimeError

    with pytest.raises(RuntimeError):
        back_up(own, tmp_path / "b.zip", progress=progress)
    assert (tmp_path / "b.zip").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if "incoming" in path.name] == []


def test_links_are_named_and_passed_over(own: Path, tmp_path: Path):
    (own / "elsewhere").symlink_to(tmp_path)
    (own / "note.txt").write_text("one")
    summary = back_up(own, tmp_path / "b")
    assert summary.passed_over == (("elsewhere", "a link"),)


# ------------------------------------------------------------------ refusals


def test_places_where_no_backup_may_lie_are_refused(own: Path, few: Path, whole: Path, tmp_path: Path):
    with pytest.raises(InputError, match="inside its workspace"):
        back_up(own, own / "backups")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("mine")
    with pytest.raises(AlreadyExists, match="no backup"):
        back_up(own, tmp_path / "full")
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["thesis.txt"]
    with open_workspace(tmp_path / "other", create=True), pytest.raises(AlreadyExists, match="another workspace"):
        back_up(tmp_path / "other", whole)
    with pytest.raises(WorkspaceMissing):
        back_up(tmp_path / "nothing", tmp_path / "b")
    with alone(own), pytest.raises(Conflict, match="withdrawn"):
        back_up(own, tmp_path / "b")


def test_nothing_is_restored_over_something(whole: Path, tmp_path: Path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("mine")
    with pytest.raises(AlreadyExists, match="not empty"):
        restore(whole, tmp_path / "full")
    (tmp_path / "empty").mkdir()
    restore(whole, tmp_path / "empty")
    (tmp_path / "link").symlink_to(tmp_path / "empty2")
    with pytest.raises(AlreadyExists):
        restore(whole, tmp_path / "link")


def no_trace(folder: Path) -> bool:
    """Nothing of a restore that was refused is left."""
    return not folder.exists() and not [path for path in folder.parent.iterdir() if path.name.startswith(".")]


def flipped(path: Path, at: int = -1) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


Break = Callable[[Path], object]
BROKEN: dict[str, tuple[Break, type[BuffycoatError], str]] = {
    "a byte of a photograph": (lambda b: flipped(place(b, listed(b)[3][0])), DigestMismatch, "objects/"),
    "a byte of the database": (
        lambda b: flipped(place(b, digest_at(b, "buffycoat.db")), 5000),
        DigestMismatch,
        "buffycoat.db",
    ),
    "a missing object": (lambda b: place(b, listed(b)[3][0]).unlink(), DigestMismatch, "missing"),
    "a cut object": (lambda b: os.truncate(place(b, listed(b)[3][0]), 10), DigestMismatch, "damaged"),
    "a missing list": (
        lambda b: place(b, json.loads((b / "manifest.json").read_bytes())["listed"]).unlink(),
        DigestMismatch,
        "list of files",
    ),
    "no manifest": (lambda b: (b / "manifest.json").unlink(), NotFound, "no finished backup"),
    "half a manifest": (lambda b: os.truncate(b / "manifest.json", 40), UnreadableFormat, "damaged"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_backup_restores_nothing_and_is_named(backup: Path, tmp_path: Path, name: str):
    do, error, words = BROKEN[name]
    do(backup)
    with pytest.raises(error, match=words):
        restore(backup, tmp_path / "r")
    assert no_trace(tmp_path / "r")


def test_a_backup_that_was_noted_is_told_from_another(whole: Path, tmp_path: Path):
    noted = digest_of((whole / "manifest.json").read_bytes())
    with pytest.raises(DigestMismatch, match="noted"):
        restore(whole, tmp_path / "r", expect="0" * 64)
    restore(whole, tmp_path / "r", expect=noted)


def test_a_zip_that_was_cut_short_is_named(few: Path, tmp_path: Path):
    back_up(few, tmp_path / "b.zip")
    size = (tmp_path / "b.zip").stat().st_size
    flipped(tmp_path / "b.zip", size // 2)
    with pytest.raises(DigestMismatch, match="damaged"):
        restore(tmp_path / "b.zip", tmp_path / "r")
    os.truncate(tmp_path / "b.zip", size // 2)
    with pytest.raises(UnreadableFormat, match="no whole zip"):
        restore(tmp_path / "b.zip", tmp_path / "r")
    assert no_trace(tmp_path / "r")


@pytest.mark.parametrize("path", ["../out.txt", "/out.txt", "a/../../out.txt", "..\\out.txt", ""])
def test_no_path_leads_out_of_the_workspace(backup: Path, tmp_path: Path, path: str):
    manifest = json.loads((backup / "manifest.json").read_bytes())
    first, *rest = listed(backup)
    lines = [[first[0], first[1], path], *rest]
    content = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    place(backup, digest_of(content)).parent.mkdir(exist_ok=True)
    place(backup, digest_of(content)).write_bytes(content)
    (backup / "manifest.json").write_text(json.dumps(manifest | {"listed": digest_of(content)}))
    with pytest.raises(UnreadableFormat, match="leads out"):
        restore(backup, tmp_path / "r")
    assert no_trace(tmp_path / "r")
    assert not (tmp_path / "out.txt").exists()


def test_names_in_a_zip_decide_nothing(few: Path, tmp_path: Path):
    back_up(few, tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip", "a") as file:
        file.writestr("../../out.txt", "out")
    restore(tmp_path / "b.zip", tmp_path / "in" / "r")
    assert list(tmp_path.rglob("out.txt")) == []


def test_a_backup_by_a_newer_program_is_refused(backup: Path, tmp_path: Path):
    manifest = json.loads((backup / "manifest.json").read_bytes())
    (backup / "manifest.json").write_text(json.dumps(manifest | {"revision": "9999"}))
    with pytest.raises(SchemaTooNew):
        restore(backup, tmp_path / "r")


def test_a_damaged_workspace_leaves_the_backup_from_before_alone(own: Path, tmp_path: Path):
    back_up(own, tmp_path / "b")
    before = files_of(tmp_path / "b")
    victim = next(path for path in sorted((own / "objects").rglob("*")) if path.is_file())
    content = victim.read_bytes()
    shutil.rmtree(tmp_path / "b" / "objects" / victim.parent.name)  # so that it would have to be copied
    saved = files_of(tmp_path / "b")
    victim.unlink()
    with pytest.raises(NotFound, match="missing from the workspace"):
        back_up(own, tmp_path / "b")
    victim.write_bytes(content[:-1] + b"!")
    with pytest.raises(DigestMismatch):
        back_up(own, tmp_path / "b")
    assert files_of(tmp_path / "b")["manifest.json"] == before["manifest.json"]
    assert saved.items() <= files_of(tmp_path / "b").items()


def test_a_database_with_a_broken_page_is_not_taken_for_a_backup(few: Path, tmp_path: Path, in_a_file):
    folder = shutil.copytree(in_a_file(few), tmp_path / "w")
    with closing(sqlite3.connect(folder / "buffycoat.db")) as opened:
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        root = opened.execute("SELECT rootpage FROM sqlite_master WHERE name = 'cell'").fetchone()[0]
    flipped(folder / "buffycoat.db", (root - 1) * 4096)  # the kind of the page that the cells begin on
    with pytest.raises(StoreUnreachable, match=r"damaged|cannot be read"):
        back_up(folder, tmp_path / "b")
    assert not (tmp_path / "b" / "manifest.json").exists()
