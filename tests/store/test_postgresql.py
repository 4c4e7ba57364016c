"""What PostgreSQL does otherwise than SQLite, and must not be noticed: order, connections that end, what it cannot hold."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import psycopg
import pytest
from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import IntegrityError

from buffycoat.domain.label import Expert
from buffycoat.domain.run import Run
from buffycoat.domain.smear import Smear
from buffycoat.errors import InputError, InvalidSetting, SchemaTooNew, StoreUnreachable
from buffycoat.store import Database, place
from buffycoat.store.addresses import shown, url_of
from buffycoat.store.copying import wanted_schema
from buffycoat.store.distant_glances import DistantGlances
from buffycoat.store.queries import CellFilter, current_cells
from buffycoat.store.soundness import objects_on_server, size_on_server, standing_of_server

MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
RUN = Run(id="r9", room="label", function="f", version="0", parameters={}, inputs="", seed=None, started_at=MOMENT)
COUNT = "SELECT count(*) FROM run WHERE room = :room"
WRITE = "import psycopg,sys; c=psycopg.connect(sys.argv[1], autocommit=True); c.execute(sys.argv[2])"


@pytest.fixture(scope="module")
def address(postgresql) -> str:
    return postgresql.empty()


@pytest.fixture
def opened(address: str) -> Iterator[Database]:
    opened = Database(address)
    yield opened
    opened.close()


@pytest.fixture
def filled(postgresql, chain: list) -> Iterator[Database]:
    opened = Database(postgresql.empty())
    with opened.writing() as transaction:
        transaction.add(chain)
    yield opened
    opened.close()


def name_of(address: str) -> str:
    return make_url(address).database or ""


def test_lists_have_the_order_of_sqlite_whatever_language_the_server_speaks(opened, postgresql):
    words = ["B", "a", "Z", "_", "é", "z", "ا", "A"]
    assert postgresql.ask("SELECT 'a' < 'B'", name_of(str(opened.engine.url))) == [(True,)], (
        "the server sorts by language"
    )
    with opened.writing() as transaction:
        transaction.add([Smear(id=word, code=word) for word in words])
    with opened.reading() as transaction:
        assert [smear.id for smear in transaction.find(Smear)] == sorted(words)


def test_a_field_without_a_name_comes_before_those_with_one(filled, chain):
    field, cell = (next(value for value in chain if value.id == key) for key in ("f1", "c1"))
    # Of a smear of their own: that of all others was withdrawn.
    named = replace(field, id="f9", received="y", smear_id="s9")
    nameless = replace(named, id="f0", received="z", origin=None)
    with filled.writing() as transaction:
        transaction.add([Smear(id="s9", code="s9"), named, nameless])
        transaction.add([replace(cell, id="c0", field_id="f0", found_by="source")])
        transaction.add([replace(cell, id="c9", field_id="f9", found_by="source")])
    with filled.reading() as transaction:
        found = [each.id for each in current_cells(transaction, CellFilter(smear_id="s9"))[1]]
    assert found == ["c0", "c9"]


def test_large_numbers_and_moments_come_back_as_they_were(opened):
    run = replace(RUN, id="large", seed=2**62, started_at=datetime(2026, 6, 1, 23, 59, 59, 999_999, tzinfo=UTC))
    with opened.writing() as transaction:
        transaction.connection.exec_driver_sql("SET LOCAL timezone = 'Asia/Tehran'")
        transaction.add([run])
    with opened.reading() as transaction:
        assert transaction.get(Run, "large") == run


def test_what_the_database_cannot_hold_is_named_as_input(opened):
    with pytest.raises(InputError, match="letter 0"), opened.writing() as transaction:
        transaction.add([Expert(id="x", handle="a\0b")])
    with pytest.raises(InputError, match="letter 0"), opened.reading() as transaction:
        transaction.find(Expert, handle="a\0b")


def test_an_error_names_no_value_of_a_row_that_is_there(opened):
    given, statement = ("edna-the-first",) * 2, "INSERT INTO expert VALUES (%s, %s, 'expert', false)"
    with pytest.raises(IntegrityError, match="unique constraint") as refused, opened.writing() as transaction:
        for _ in range(2):
            transaction.connection.exec_driver_sql(statement, given)
    assert given[0] not in f"{refused.value} {refused.value.orig}"


def test_a_reader_sees_one_moment_and_changes_nothing(opened):
    with opened.reading() as transaction:
        before = transaction.count(Run)
        with opened.writing() as other:
            other.add([replace(RUN, id="between")])
        assert transaction.count(Run) == before
        with pytest.raises(Exception, match="read-only"):
            transaction.connection.exec_driver_sql("DELETE FROM run")


def test_connections_that_ended_are_opened_anew(opened, postgresql):
    with opened.reading() as transaction:
        before = transaction.count(Run)
    assert opened.glances.first(COUNT, {"room": "nowhere"}) == (0,)
    opened.glances.memory()["remembered"] = 1
    postgresql.break_off(name_of(str(opened.engine.url)))
    assert opened.glances.memory() == {}
    assert opened.glances.first(COUNT, {"room": "nowhere"}) == (0,)
    with opened.writing() as transaction:
        transaction.add([replace(RUN, id="after")])
    with opened.reading() as transaction:
        assert transaction.count(Run) == before + 1


def test_a_connection_that_ends_in_a_transaction_keeps_nothing_and_is_named(opened, postgresql):
    with pytest.raises(StoreUnreachable, match="does not answer") as refused, opened.writing() as transaction:
        transaction.add([replace(RUN, id="half")])
        postgresql.break_off(name_of(str(opened.engine.url)))
        transaction.add([replace(RUN, id="whole")])
    assert refused.value.http_status == 503
    with opened.reading() as transaction:
        assert not {"half", "whole"} & transaction.ids(Run)


def test_what_was_acknowledged_is_there_after_the_server_was_killed(postgresql):
    address = postgresql.empty()
    Database(address).close()
    postgresql.ask(f"ALTER DATABASE {name_of(address)} SET synchronous_commit = on")  # as it is in earnest
    acknowledged, refused, stop = list[str](), list[Exception](), threading.Event()

    def write(name: str, opened: Database) -> None:
        number = 0
        while not stop.is_set():
            number += 1
            try:
                with opened.writing() as transaction:
                    transaction.add([replace(RUN, id=f"{name}-{number}")])
                acknowledged.append(f"{name}-{number}")
            except StoreUnreachable as error:
                refused.append(error)
        opened.close()

    # Opened before the first kill: who opens one while the server is away is refused, and would write nothing here.
    threads = [threading.Thread(target=write, args=(name, Database(address))) for name in "abc"]
    for thread in threads:
        thread.start()
    try:
        for kill in range(1, 4):
            while len(acknowledged) < 40 * kill and any(thread.is_alive() for thread in threads):
                time.sleep(0.01)
            postgresql.crash()
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert refused
    with closing(Database(address)) as opened, opened.reading() as transaction:
        assert set(acknowledged) <= transaction.ids(Run)


def test_every_connection_lets_go_of_a_server_that_is_silent(postgresql):
    with closing(Database(f"{postgresql.empty()}&keepalives_idle=7&options=-c%20statement_timeout%3D9s")) as opened:
        with opened.engine.connect() as connection:
            said = [connection.connection.dbapi_connection.info.get_parameters()]
        assert opened.glances.first("SELECT current_setting('statement_timeout')", {}) == ("9s",)
        assert opened.glances.first("SELECT current_setting('lock_timeout')", {}) == ("1min",)
        said.append(opened.glances._connection.info.get_parameters())
    for each in said:
        assert [each[name] for name in ("connect_timeout", "keepalives_idle", "keepalives_count")] == ["10", "7", "3"]
        assert each["tcp_user_timeout"] == "60000"


def test_a_connection_that_ends_before_the_disk_has_it_is_named(opened, monkeypatch):
    def gone(_connection: object, _wanted: bool) -> None:
        raise psycopg.ProgrammingError("can't change 'autocommit' now: connection in transaction status UNKNOWN")

    with pytest.raises(StoreUnreachable, match="does not answer"), opened.writing() as transaction:
        transaction.add([replace(RUN, id="unsure")])
        monkeypatch.setattr(psycopg.Connection, "autocommit", property(lambda _self: False, gone))
    monkeypatch.undo()
    with opened.writing() as transaction:
        transaction.add([replace(RUN, id="sure")])


def test_a_server_that_is_not_there_is_named(tmp_path):
    address = f"postgresql+psycopg://app@/cells?host={tmp_path}"
    with pytest.raises(StoreUnreachable, match="cannot be used"):
        Database(address)
    glances = DistantGlances(create_engine(address))
    with pytest.raises(StoreUnreachable, match="does not answer"):
        glances.memory()
    glances.close()


def test_a_database_that_cannot_hold_every_letter_is_refused(postgresql):
    with pytest.raises(StoreUnreachable, match="every letter"):
        Database(postgresql.empty("ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C'"))


# ------------------------------------------------------------------- glances


def behind(address: str, statement: str) -> None:
    """Change it from another process."""
    plain = address.replace("postgresql+psycopg", "postgresql")
    subprocess.run([sys.executable, "-c", WRITE, plain, statement], check=True)


def test_what_is_remembered_is_forgotten_when_another_process_writes(opened, address):
    opened.glances.memory()["rows"] = before = opened.glances.first(COUNT, {"room": "label"})
    assert opened.glances.memory() == {"rows": before}
    behind(address, "UPDATE run SET room = 'label' WHERE id = (SELECT min(id) FROM run)")
    assert opened.glances.memory() == {}


def test_what_is_asked_while_somebody_writes_is_not_remembered_after(opened):
    with opened.writing() as transaction:
        transaction.add([replace(RUN, id="slow")])
        memory = opened.glances.memory()
        memory["rows"] = opened.glances.first("SELECT count(*) FROM run WHERE id = :id", {"id": "slow"})
        assert opened.glances.memory() == {"rows": (0,)}, "nothing is there yet"
    assert opened.glances.memory() == {}
    assert opened.glances.first("SELECT count(*) FROM run WHERE id = :id", {"id": "slow"}) == (1,)


def test_no_more_is_remembered_than_so_many_things_and_nothing_is_written(opened):
    opened.glances.most = 3
    for number in range(10):
        opened.glances.memory()[number] = number
        assert len(opened.glances.memory()) <= 3
    with pytest.raises(Exception, match="read-only"):
        opened.glances.first("DELETE FROM run RETURNING id", {})


# --------------------------------------------------------------------- places


def test_no_address_is_shown_with_its_password():
    assert shown("postgresql+psycopg://app:secret@db:5433/cells") == "postgresql://app@db:5433/cells"
    for wrong in ("mysql://app:secret@db/cells", "postgresql://app:secret@db", "app:secret@db"):
        with pytest.raises(InvalidSetting) as refused:
            url_of(wrong)
        assert "secret" not in str(refused.value)


def test_a_new_workspace_says_where_its_rows_are_and_no_other_is_put_there(tmp_path, monkeypatch, postgresql):
    address = postgresql.empty()
    monkeypatch.setattr(place, "given_address", lambda _folder: address.replace("app@", "app:secret@"))
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    place.open_there(first, place.place_of(first)).close()
    assert "secret" not in (first / "buffycoat-database.json").read_text()
    opened = place.open_there(first, place.place_of(first))
    with opened.writing() as transaction:
        transaction.add([Expert(id="e1", handle="a")])
    opened.close()
    with pytest.raises(StoreUnreachable, match="holds a workspace already"):
        place.open_there(second, place.place_of(second))
    said = json.loads((first / "buffycoat-database.json").read_text())
    (second / "buffycoat-database.json").write_text(json.dumps(said | {"workspace": "another"}))
    with pytest.raises(StoreUnreachable, match="another workspace than the folder"):
        place.open_there(second, place.place_of(second))
    (second / "buffycoat-database.json").write_text("{}")
    with pytest.raises(StoreUnreachable, match="does not say where"):
        place.place_of(second)


def test_rows_in_the_folder_are_not_passed_over_for_another_database(tmp_path, monkeypatch):
    Database(f"sqlite:///{tmp_path / 'buffycoat.db'}").close()
    monkeypatch.setattr(place, "given_address", lambda _folder: "postgresql://app@db/cells")
    with pytest.raises(InvalidSetting, match="names another database") as refused:
        place.place_of(tmp_path)
    assert "migrate-to" in refused.value.hint


@pytest.mark.parametrize("by_file", [False, True])
def test_the_surroundings_give_the_address(tmp_path, monkeypatch, by_file):
    from importlib import util

    spec = util.find_spec("buffycoat.store.place")  # as it is, whatever the tests have put in its place
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "address").write_text("postgresql://app@db/cells\n")
    given = ("_FILE", str(tmp_path / "address")) if by_file else ("", "postgresql://app@db/cells")
    monkeypatch.setenv(f"BUFFYCOAT_DATABASE{given[0]}", given[1])
    found = module.place_of(tmp_path)
    assert (found.address, found.identity, found.there) == ("postgresql://app@db/cells", None, False)


def test_one_writer_waits_for_the_other_and_sees_what_it_wrote(address):
    one, other = Database(address), Database(address)  # as of two processes
    order: list[str] = []

    def second() -> None:
        with other.writing() as transaction:
            order.append("second")
            assert "first" in transaction.ids(Run)

    with one.writing() as transaction:
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(timeout=0.3)
        order.append("first")
        transaction.add([replace(RUN, id="first")])
    thread.join()
    assert order == ["first", "second"]
    one.close()
    other.close()


# ---------------------------------------------------------------- soundness


def test_a_database_that_was_changed_by_hand_is_seen_and_not_changed(filled, postgresql, chain):
    address = filled.engine.url.render_as_string(hide_password=False)
    name, wanted = name_of(address), wanted_schema("postgresql")
    before = standing_of_server(address)
    assert (wanted - before.schema, before.broken) == (frozenset(), ())
    named = {value.crop for value in chain if getattr(value, "crop", None)}
    assert named
    assert named <= {digest for digest, _, _ in objects_on_server(address)}
    assert (size_on_server(filled) or 0) > 1_000_000
    unwatched = "-c session_replication_role=replica"
    for statement in (
        "UPDATE cell SET field_id = 'f0' WHERE id = 'c1'",
        "DROP INDEX ix_cell_field_id",
        "ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_comes_last",
        "UPDATE alembic_version SET version_num = '0014'",
    ):
        postgresql.ask(statement, name, unwatched)
    after = standing_of_server(address)
    assert wanted - after.schema == {"ix_cell_field_id", "audit_entry_comes_last"}
    assert after.broken == (("cell", "c1", "field_of_view"),)
    assert after.revision == "0014" != before.revision
    postgresql.ask("UPDATE alembic_version SET version_num = '9999'", name)
    with pytest.raises(SchemaTooNew):
        standing_of_server(address)


def test_what_holds_nothing_of_ours_or_is_gone_is_named(postgresql):
    address = postgresql.empty()
    with pytest.raises(StoreUnreachable, match="none of a workspace"):
        standing_of_server(address)
    postgresql.ask(f"DROP DATABASE {name_of(address)}")
    with pytest.raises(StoreUnreachable, match="cannot be read"):
        standing_of_server(address)
