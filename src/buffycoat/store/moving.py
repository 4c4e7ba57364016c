"""Rows of one database taken into another as they are, in batches, and both compared at the end."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from itertools import zip_longest
from typing import Any

import orjson
from sqlalchemy import Boolean, Connection, Table, inspect

from buffycoat.domain.value import Digest
from buffycoat.errors import AlreadyExists, Conflict, DigestMismatch, InputError
from buffycoat.store.addresses import shown, url_of
from buffycoat.store.chain import ENTRIES
from buffycoat.store.chain_check import check_values, entries_in_order, link_of, walk
from buffycoat.store.database import Transaction
from buffycoat.store.migrating import migrate
from buffycoat.store.on_postgresql import OnPostgresql
from buffycoat.store.rows import STREAMED, bare_rows, casts
from buffycoat.store.tables import METADATA, PULSE, TABLES

__all__ = ["AT_ONCE", "Target", "tables_in_order"]

AT_ONCE = 10_000
"""Rows that are taken over in one transaction."""
_MARK = "moving"
_MOVER = 0x6D6F7665
Told = Callable[[str, int], None]
"""Told of a table, and how many rows more of it are done."""


def tables_in_order() -> Sequence[Table]:
    """Return all tables so that a row comes after the ones it speaks of; the audit log is the last.

    Signs of life of workers stay behind: a job that runs while its workspace moves is taken up anew where that is now.
    """
    others = (table for table in METADATA.tables.values() if table is not PULSE and table not in TABLES.values())
    return (*TABLES.values(), *others)


class Target:
    """A database of a server that a workspace is moved to.

    Parameters
    ----------
    address : str
        ``postgresql://…``
    identity : str
        Of the workspace, as its audit log began.

    Raises
    ------
    AlreadyExists
        It holds something else.
    Conflict
        Another move into it is running.
    StoreUnreachable
        The server does not answer, or does not fit.
    """

    def __init__(self, address: str, identity: str) -> None:
        self.shown = shown(url_of(address))
        self._ground = OnPostgresql(url_of(address))
        self._identity = identity
        self._alone = self._ground.engine.connect()

    def begin(self) -> None:
        """Make the tables, and say that they are being filled; or find how far a move came that was broken off."""
        free = self._alone.exec_driver_sql(f"SELECT pg_try_advisory_lock({_MOVER})").scalar()
        self._alone.commit()
        if not free:
            raise Conflict("another move into this database is running", found=self.shown, hint="wait for its end")
        with self._ground.writing() as connection:
            if inspect(connection).has_table(_MARK):
                begun = connection.exec_driver_sql(f"SELECT workspace FROM {_MARK}").scalar()  # noqa: S608 (a name of our own)
            elif inspect(connection).has_table(ENTRIES.name):
                begun = connection.exec_driver_sql("SELECT subject FROM audit_entry WHERE seq = 0").scalar() or ""
            else:
                begun = self._identity
                connection.exec_driver_sql(f"CREATE TABLE {_MARK} (workspace VARCHAR NOT NULL)")
                connection.exec_driver_sql(f"INSERT INTO {_MARK} VALUES (%s)", (begun,))  # noqa: S608 (a name of our own)
        if begun != self._identity:
            raise AlreadyExists(
                "there is another workspace in this database",
                expected="an empty database",
                found=self.shown,
                hint="name another one: `createdb NAME` makes it",
            )
        migrate(self._ground, log=False)

    def take(self, source: Transaction, told: Told) -> int:
        """Take over all rows that are not there yet, as one picture of the source shows them; return how many."""
        return sum(self._take_table(source.connection, table, told) for table in tables_in_order())

    def _take_table(self, source: Connection, table: Table, told: Told) -> int:
        key, order = next(iter(table.primary_key)).name, _order(table)
        with self._ground.reading() as connection:
            there = connection.exec_driver_sql(f'SELECT count(*) FROM "{table.name}"').scalar_one()  # noqa: S608 (a name of our own)
            newest = connection.exec_driver_sql(
                f'SELECT "{key}" FROM "{table.name}" ORDER BY {order} DESC LIMIT 1'  # noqa: S608 (a name of our own)
            ).scalar()
        after = -1
        told(table.name, there)
        if there:
            found = source.exec_driver_sql(
                f'SELECT rowid, "{key}" FROM "{table.name}" ORDER BY rowid LIMIT 1 OFFSET ?',  # noqa: S608 (a name of our own)
                (there - 1,),
            ).first()
            if found is None or found[1] != newest:
                raise _differs(table, newest, "rows are there that the source does not have in this order")
            after = found[0]
        names = ", ".join(f'"{column.name}"' for column in table.c)
        rows = source.exec_driver_sql(
            f'SELECT {names} FROM "{table.name}" WHERE rowid > ? ORDER BY rowid',  # noqa: S608 (names of our own)
            (after,),
            execution_options=STREAMED,
        )
        taken = 0
        while batch := rows.fetchmany(AT_ONCE):
            with self._ground.writing() as connection:
                _put(connection, table, names, batch)
            taken += len(batch)
            told(table.name, len(batch))
        return taken

    def compare(self, source: Transaction, told: Told) -> Digest:
        """Compare every row of both, and follow the audit log of the new one; return the digest of all rows.

        Raises
        ------
        DigestMismatch
            A row is not what it was, is missing, or is too many; or the audit log does not hold.
        """
        everything = hashlib.sha256()
        with self._ground.reading() as connection:
            for table in tables_in_order():
                everything.update(_compared(source.connection, connection, table, told))
            there = Transaction(connection)
            walked = walk(map(link_of, entries_in_order(there)))
            fault = walked.fault or check_values(there)[1]
        if fault is not None:
            raise DigestMismatch(
                "the audit log does not say what the tables say",
                found=f"{fault.kind} at entry {fault.seq} {fault.subject_class} {fault.subject}".rstrip(),
                hint="`buffycoat audit check` says whether the workspace was so before it was moved",
            )
        return everything.hexdigest()

    def finish(self) -> None:
        """Let the database be opened as a workspace's, its numbers of rows known to whoever plans questions."""
        with self._ground.writing() as connection:
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {_MARK}")
            connection.exec_driver_sql("ANALYZE")

    def close(self) -> None:
        """Give the connections back."""
        self._alone.close()
        self._ground.close()


def _put(connection: Connection, table: Table, names: str, rows: Sequence[Sequence[Any]]) -> None:
    """Add rows as SQLite holds them: moments and JSON as text, which the server reads."""
    import psycopg  # noqa: PLC0415 (an extra: not everybody has it)

    asked = [place for place, column in enumerate(table.c) if isinstance(column.type, Boolean)]
    raw: Any = connection.connection.dbapi_connection
    try:
        with raw.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN'.encode()) as copy:
            for row in rows:
                held = list(row)
                for place in asked:
                    held[place] = None if held[place] is None else bool(held[place])
                copy.write_row(held)
    except psycopg.DataError as error:
        key = next(iter(table.primary_key)).name
        place = [column.name for column in table.c].index(key)
        wrong = next((row[place] for row in rows if any(isinstance(each, str) and "\0" in each for each in row)), "")
        raise InputError(
            f"a row of {table.name} cannot be kept by PostgreSQL",
            expected="text without the letter 0",
            found=str(wrong) or str(error).splitlines()[0],
            hint="nothing was changed in the workspace, which stays where it is",
        ) from error


def _compared(source: Connection, target: Connection, table: Table, told: Told) -> bytes:
    digest = hashlib.sha256()
    order = _order(table)
    key = [column.name for column in table.c].index(next(iter(table.primary_key)).name)
    number = 0
    with closing(_same(source, table, order)) as one, closing(_same(target, table, order)) as other:
        for was, now in zip_longest(one, other):
            if was != now:
                row = was or now or [None] * (key + 1)
                what = "it is missing" if now is None else "it is too many" if was is None else "it is not what it was"
                raise _differs(table, row[key], what)
            digest.update(orjson.dumps(was))
            number += 1
            if number % AT_ONCE == 0:
                told(table.name, AT_ONCE)
    told(table.name, number % AT_ONCE)
    return digest.digest()


def _same(connection: Connection, table: Table, order: str) -> Generator[list[Any]]:
    cast = casts(table)
    with closing(bare_rows(connection, table, order=order)) as rows:
        for row in rows:
            held = list(row)
            for place, kind in cast:
                if held[place] is not None:
                    held[place] = kind(held[place])
            yield held


def _order(table: Table) -> str:
    return "rowid" if "id" in table.c else "seq"


def _differs(table: Table, key: object, what: str) -> DigestMismatch:
    return DigestMismatch(
        f"the new database differs from the workspace in {table.name}",
        found=f"{key}: {what}",
        hint="empty the new database and begin again: the workspace stays where it is",
    )
