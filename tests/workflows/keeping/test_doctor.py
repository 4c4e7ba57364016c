"""What is wrong with a workspace is named: what, where, and what to do."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import get_type_hints

import pytest

from buffycoat.domain.keeping import Finding, Weight
from buffycoat.errors import WorkspaceMissing
from buffycoat.store.copying import NO_OBJECTS, OBJECTS
from buffycoat.store.tables import TABLES
from buffycoat.workflows.keeping.doctor import examine
from buffycoat.workflows.workspace import Workspace


def faults(folder: Path, *, fast: bool = False) -> tuple[Finding, ...]:
    return examine(folder, fast=fast).weighs(Weight.FAULT, Weight.UNKNOWN, Weight.SETUP)


@pytest.fixture
def an_object(demo: Workspace, by_hand) -> Callable[..., Path]:
    """Find the file of an object that a column names."""

    def find(column: str = "cell.crop") -> Path:
        table, _, name = column.partition(".")
        ((digest,),) = by_hand(demo.folder, f"SELECT {name} FROM {table} WHERE {name} IS NOT NULL LIMIT 1")  # noqa: S608 (names of this test)
        return demo.folder / "objects" / digest[:2] / digest[2:]

    return find


def test_a_sound_workspace_is_said_to_be_sound_and_nothing_is_written(demo: Workspace, on_postgresql):
    demo.folder.chmod(0o700)
    before = {
        path: path.stat().st_mtime_ns
        for path in demo.folder.rglob("*")
        if path.is_file() and "buffycoat.db" not in path.name
    }
    pages = set() if on_postgresql else {"pages, indexes and constraints"}
    found = examine(demo.folder)
    assert [each for each in found.findings if each.weight is not Weight.OK] == []
    assert {each.what for each in found.findings} == pages | {
        "room on the disk", "permissions", "schema", "rows", "objects", "releases", "audit log",
        "photographs half sent",
    }  # fmt: skip
    assert before.items() <= {path: path.stat().st_mtime_ns for path in demo.folder.rglob("*")}.items()


def test_a_changed_object_is_found_by_its_digest_and_passed_by_in_a_hurry(demo: Workspace, an_object):
    path = an_object()
    content = path.read_bytes()
    path.unlink()  # the file is linked to that of other tests
    path.write_bytes(content[:-1] + b"!")
    (fault,) = faults(demo.folder)
    assert (fault.what, fault.weight) == ("object was changed", Weight.FAULT)
    assert path.relative_to(demo.folder).as_posix() in fault.where
    assert "cell" in fault.where
    assert fault.expected == path.parent.name + path.name != fault.found
    assert "restore" in fault.to_do
    assert faults(demo.folder, fast=True) == ()


@pytest.mark.parametrize("fast", [False, True])
def test_a_missing_object_is_named_with_the_row_that_misses_it(demo: Workspace, an_object, fast: bool):
    path = an_object("field_of_view.digest")
    path.unlink()
    (fault,) = faults(demo.folder, fast=fast)
    assert (fault.what, fault.found) == ("object is missing", "nothing")
    assert "field_of_view f" in fault.where


def test_an_object_that_no_row_names_is_advice(demo: Workspace):
    digest = demo.objects.put(b"an orphan")
    found = examine(demo.folder)
    (orphan,) = [each for each in found.findings if each.what == "object that no row names"]
    assert (orphan.weight, orphan.where) == (Weight.ADVICE, f"objects/{digest[:2]}/{digest[2:]}")
    assert found.weighs(Weight.FAULT) == ()


def test_many_of_a_kind_are_a_few_names_and_a_number(demo: Workspace):
    for path in sorted((demo.folder / "objects").glob("[0-9a-f][0-9a-f]/*"))[:50]:
        path.unlink()
    found = [each for each in faults(demo.folder, fast=True) if each.what == "object is missing"]
    assert len(found) == 21
    assert found[-1].found == "30 more like this"


@pytest.mark.parametrize("page", ["cell", "ix_cell_field_id", "audit_entry"])
def test_a_flipped_byte_in_a_page_of_the_database_is_a_fault(demo: Workspace, in_a_file, page: str):
    demo.close()
    folder = in_a_file(demo.folder)
    path = folder / "buffycoat.db"
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        root = opened.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (page,)).fetchone()[0]
    content = bytearray(path.read_bytes())
    content[(root - 1) * 4096] ^= 1
    path.write_bytes(content)
    found = faults(folder)
    assert found[0].what == "the database is damaged"
    assert "restore" in found[0].to_do
    assert found[-1].weight is Weight.UNKNOWN
    assert path.read_bytes() == bytes(content), "looking changes nothing"


def test_a_file_that_is_no_database_is_a_fault(demo: Workspace, in_a_file):
    demo.close()
    folder = in_a_file(demo.folder)
    (folder / "buffycoat.db").write_bytes(b"not a database" * 1000)
    assert faults(folder)[0].what == "the database is damaged"


# What is said otherwise there.
POSTGRESQL = {
    "PRAGMA user_version = 1": "COMMENT ON TABLE cell IS 'seen'",
    "DROP TRIGGER audit_entry_is_not_removed": "ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_is_not_emptied",
}


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("PRAGMA user_version = 1", None),
        (
            "UPDATE cell SET field_id = 'f0' WHERE id = (SELECT min(id) FROM cell)",
            "row speaks of one that is not there",
        ),
        ("DROP INDEX ix_cell_field_id", "schema is not whole"),
        ("DROP TRIGGER audit_entry_is_not_removed", "schema is not whole"),
        ("UPDATE smear SET stain = 'tea' WHERE id = (SELECT min(id) FROM smear)", "row is no value"),
        (
            "UPDATE label SET term = 'band' WHERE id = (SELECT min(id) FROM label)",
            "audit log does not hold: value-changed",
        ),
    ],
)
def test_what_was_changed_by_hand_is_found(demo: Workspace, by_hand, on_postgresql, statement: str, what: str | None):
    by_hand(demo.folder, POSTGRESQL.get(statement, statement) if on_postgresql else statement)
    assert [each.what for each in faults(demo.folder)][:1] == ([] if what is None else [what])


def test_a_release_that_is_gone_or_changed_is_a_fault(demo: Workspace):
    folder = demo.folder / "releases" / "demo-1"
    with (folder / "manifest.json").open("ab") as file:
        file.write(b" ")
    assert [each.where for each in faults(demo.folder, fast=True)] == ["releases/demo-1"]
    shutil.rmtree(folder)
    assert [each.what for each in faults(demo.folder)] == ["release is not in its folder"]


def test_an_older_schema_is_left_as_it_is(demo: Workspace, by_hand):
    demo.close()
    by_hand(demo.folder, "UPDATE alembic_version SET version_num = '0014'")
    found = examine(demo.folder)
    assert "schema is older than this program" in {each.what for each in found.weighs(Weight.ADVICE)}
    assert found.weighs(Weight.FAULT, Weight.UNKNOWN) == ()
    assert by_hand(demo.folder, "SELECT version_num FROM alembic_version") == [("0014",)]


def test_the_machine_is_told_from_the_data(demo: Workspace, monkeypatch):
    demo.folder.chmod(0o700)
    usage = shutil.disk_usage(demo.folder)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    monkeypatch.setattr(os, "access", lambda *_: False)
    found = faults(demo.folder, fast=True)
    assert [(each.what, each.weight) for each in found] == [
        ("little room on the disk", Weight.SETUP),
        ("may not be written", Weight.SETUP),
    ]


def test_a_folder_without_a_workspace_is_named(tmp_path: Path):
    with pytest.raises(WorkspaceMissing):
        examine(tmp_path)


def test_every_column_with_a_digest_is_known_as_an_object_or_as_none():
    """A new column that names objects is backed up, looked through and withdrawn; or somebody says that it is none."""
    digests = set()
    for cls, table in TABLES.items():
        get_type_hints(cls)
        for parent in cls.__mro__:
            hints = getattr(parent, "__annotations__", {})
            digests |= {(table.name, name) for name, hint in hints.items() if str(hint).startswith("Digest")}
    assert digests == set(OBJECTS.items()) | NO_OBJECTS
