from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import IntegrityError

from buffycoat.domain.label import Label, Purpose
from buffycoat.domain.release import Scorecard
from buffycoat.domain.run import Run
from buffycoat.domain.smear import Capture
from buffycoat.errors import DigestMismatch, NotFound, SchemaTooNew
from buffycoat.store import Database, Objects
from buffycoat.store.migrating import revisions
from buffycoat.store.tables import METADATA, TABLES, from_row, to_row

DUMPS = Path(__file__).parent / "schemas"
MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
RUN = Run(
    id="r1", room="label", function="f", version="0", parameters={"side": None}, inputs="", seed=None, started_at=MOMENT
)


PEOPLE = {"Appointment", "Password", "SignIn", "Token", "Invitation", "Revocation"}
WAVE = {"Showing", "GalleryLabel", "BoxEvent", "HandIn", "Identity", "TokenUse", "Withdrawal"}
LATER = {
    "0001": {
        "TaxonomyEdition",
        "Query",
        "Correction",
        "CrossRepeat",
        "RepeatRuling",
        *PEOPLE,
        "Closing",
        "MaskSelection",
        *WAVE,
    },
    "0002": {"CrossRepeat", "RepeatRuling", *PEOPLE, "Closing", "MaskSelection", *WAVE},
    "0003": {*PEOPLE, "Closing", "MaskSelection", *WAVE},
    "0004": {"Closing", "MaskSelection", *WAVE},
    "0005": {"MaskSelection", *WAVE},
    "0006": WAVE,
    "0007": WAVE - {"Showing"},
    "0008": {"BoxEvent", "HandIn", "Identity", "TokenUse", "Withdrawal"},
    "0009": {"HandIn", "Identity", "TokenUse", "Withdrawal"},
    "0010": {"Identity", "TokenUse", "Withdrawal"},
    "0011": {"Identity", "TokenUse", "Withdrawal"},
    "0012": {"TokenUse", "Withdrawal"},
    "0013": {"TokenUse", "Withdrawal"},
    "0014": {"Withdrawal"},
}
"""What a revision had no table for yet; every other table of its dump holds something."""
MADE = {
    "0016": {"Erratum", "ErratumAnswer"},
    "0017": {"JobOrder", "JobEvent"},
    "0018": {"SetupCorrection"},
    "0019": {"Arrival", "Preset"},
}
"""The same of later revisions: which tables each of them made."""


def not_yet(revision: str) -> set[str]:
    return set(LATER.get(revision, ())).union(*(made for since, made in MADE.items() if since > revision))


def in_file(folder: Path) -> Database:
    return Database(f"sqlite:///{folder / 'buffycoat.db'}")


def is_ours(_object, name, kind, reflected, compared) -> bool:
    """PostgreSQL's tables have a number for each row besides, as SQLite's have by themselves."""
    return not (reflected and compared is None and str(name).startswith("rowid"))


def differences(opened: Database) -> list:
    with opened.engine.connect() as connection:
        return compare_metadata(MigrationContext.configure(connection, opts={"include_object": is_ours}), METADATA)


def test_migrations_make_exactly_the_tables_of_the_values(tmp_path, database):
    with closing(database(tmp_path)) as opened:
        assert differences(opened) == []


@pytest.mark.parametrize("revision", revisions())
def test_workspace_of_every_earlier_schema_opens(tmp_path, revision):
    """A dump lies beside this test for each revision: made by that revision, opened by this one."""
    connection = sqlite3.connect(tmp_path / "buffycoat.db")
    connection.executescript((DUMPS / f"{revision}.sql").read_text())
    connection.close()
    opened = in_file(tmp_path)
    with opened.reading() as transaction:
        assert {cls.__name__ for cls in TABLES if not transaction.find(cls)} == not_yet(revision)
        assert transaction.find(Capture)[0].microscope == "Olympus CX18"
        assert transaction.find(Scorecard)[0].interval == (0.5, 1.0)
    assert differences(opened) == []
    opened.close()


def test_newer_schema_is_refused(tmp_path, database):
    opened = database(tmp_path)
    with opened.writing() as transaction:
        transaction.connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    opened.close()
    with pytest.raises(SchemaTooNew, match="9999"):
        database(tmp_path)


def test_sqlite_writes_ahead_and_checks_references(tmp_path):
    opened = in_file(tmp_path)
    with opened.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    opened.close()


def label(key: str, **changes) -> Label:
    plain = Label(
        id=key,
        cell_id="c1",
        expert_id="e1",
        round_id="o1",
        purpose=Purpose.READING,
        term="monocyte",
        given_at=MOMENT,
        seconds=1.5,
        comment="",
        supersedes=None,
        run_id="r1",
    )
    return replace(plain, **changes)


@pytest.fixture
def labeled(tmp_path, chain, database):
    opened = database(tmp_path)
    with opened.writing() as transaction:
        transaction.add(chain)
    yield opened
    opened.close()


def insert(opened: Database, value) -> None:
    with opened.writing() as transaction:
        transaction.connection.execute(TABLES[type(value)].insert(), [to_row(value)])


def test_one_live_imported_label_per_cell_expert_round_and_purpose(labeled):
    insert(labeled, label("l1"))
    with pytest.raises(IntegrityError):
        insert(labeled, label("l2", term="eosinophil"))
    insert(labeled, label("l2", term="eosinophil", supersedes="l1"))
    with pytest.raises(IntegrityError):
        insert(labeled, label("l3", term="basophil", supersedes="l1"))
    with labeled.reading() as transaction:
        assert [found.term for found in transaction.find(Label, cell_id="c1")] == ["monocyte", "eosinophil"]


def test_reference_to_nothing_is_refused(labeled):
    with pytest.raises(IntegrityError), labeled.writing() as transaction:
        transaction.add([label("l1", cell_id="nowhere")])


def test_adding_the_same_work_twice_adds_nothing(tmp_path, database):
    opened = database(tmp_path)
    for _ in range(2):
        with opened.writing() as transaction:
            transaction.add([RUN, replace(RUN, started_at=datetime(2030, 1, 1, tzinfo=UTC))])
    with opened.reading() as transaction:
        assert transaction.find(Run) == [RUN]
        with pytest.raises(NotFound, match="no run"):
            transaction.get(Run, "r2")
    opened.close()


def test_failed_transaction_leaves_nothing(tmp_path, database):
    opened = database(tmp_path)
    with pytest.raises(RuntimeError), opened.writing() as transaction:
        transaction.add([RUN])
        raise RuntimeError
    with opened.reading() as transaction:
        assert transaction.count(Run) == 0
    opened.close()


def test_rows_are_read_back_as_the_same_values(chain):
    assert [from_row(type(value), to_row(value)) for value in chain] == chain


def test_changed_object_is_noticed(tmp_path):
    objects = Objects(str(tmp_path / "objects"))
    digest = objects.put(b"smear")
    assert objects.put(b"smear") == digest
    assert objects.get(digest) == b"smear"
    assert [p.name for p in (tmp_path / "objects" / "incoming").iterdir()] == []
    (tmp_path / "objects" / digest[:2] / digest[2:]).write_bytes(b"smeaR")
    with pytest.raises(DigestMismatch):
        objects.get(digest)
    with pytest.raises(NotFound):
        objects.get("0" * 64)


def test_many_values_go_in_as_each_alone_would(tmp_path, chain, database):
    """More values than one statement binds, and every column as ``to_row`` and back says it."""
    opened = database(tmp_path)
    runs = [replace(RUN, id=f"r{number}", parameters={"side": number, "none": None}) for number in range(5000)]
    with opened.writing() as transaction:
        transaction.add([*chain, *runs])
    with opened.reading() as transaction:
        found = {run.id: run for run in transaction.find(Run)}
        assert [run for run in runs if found[run.id] != run and run.id not in {value.id for value in chain}] == []
        assert [value for value in chain if transaction.get(type(value), value.id) != value] == []
    opened.close()
