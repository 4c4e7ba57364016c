"""A database as a file: copied while it is written to, looked through, and read without being changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from buffycoat.domain.value import Digest, value
from buffycoat.errors import SchemaTooNew, StoreUnreachable, UnwritableFile
from buffycoat.store.chain import FIRST
from buffycoat.store.migrating import revisions
from buffycoat.store.tables import METADATA

__all__ = [
    "NO_OBJECTS",
    "OBJECTS",
    "DatabaseFacts",
    "broken_references",
    "copy_database",
    "facts_of_database",
    "integrity_of",
    "objects_of",
    "objects_statement",
    "opened_to_read",
    "schema_of",
    "wanted_schema",
]

OBJECTS: Final[Mapping[str, str]] = {
    "field_of_view": "digest",
    "cell": "crop",
    "document": "digest",
    "release": "contents",
}
"""The column of each table that names an object."""
NO_OBJECTS: Final = frozenset(
    {
        ("field_of_view", "received"),
        ("field_of_view", "pixels"),
        ("release", "manifest"),
        ("run", "inputs"),
        ("showing", "shown"),
        ("sign_in", "digest"),
        ("token", "digest"),
        ("invitation", "digest"),
    }
)
"""Columns with a digest of what is no object of its own."""
_MOST_FAULTS: Final = 20
_TRIGGERS: Final[Mapping[str, frozenset[str]]] = {
    "sqlite": frozenset({"audit_entry_is_not_changed", "audit_entry_is_not_removed", "audit_entry_comes_last"}),
    "postgresql": frozenset({"audit_entry_is_not_changed", "audit_entry_is_not_emptied", "audit_entry_comes_last"}),
}


@value
class DatabaseFacts:
    """What a database says of itself: revision, name of the workspace in its log, entries, digest of the last."""

    revision: str
    identity: str
    entries: int
    head: Digest


@contextmanager
def opened_to_read(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a database so that nothing of it is changed, not even its schema; also where its folder cannot be written.

    Raises
    ------
    StoreUnreachable
        It is not there, is none, or is damaged.
    """
    try:
        with closing(_opened(path)) as connection:
            yield connection
    except sqlite3.DatabaseError as error:
        raise StoreUnreachable(
            f"the database {path.name} cannot be read",
            found=str(error),
            hint="`buffycoat doctor` says what is damaged; `buffycoat restore` brings back the newest backup",
        ) from error


def _opened(path: Path) -> sqlite3.Connection:
    if not path.is_file():
        raise StoreUnreachable(f"there is no database {path.name}", expected="a file", found="nothing")
    address, probe = path.absolute().as_uri(), "SELECT count(*) FROM sqlite_master"
    connection = sqlite3.connect(f"{address}?mode=ro", uri=True, timeout=60.0, isolation_level=None)
    try:
        connection.execute(probe).fetchone()
    except sqlite3.OperationalError:
        connection.close()
        # The files beside it cannot be made in a folder that is read only; without a journal there is none to miss.
        journal = path.with_name(f"{path.name}-wal")
        if journal.exists() and journal.stat().st_size:
            raise
        connection = sqlite3.connect(f"{address}?immutable=1", uri=True, isolation_level=None)
    return connection


def copy_database(source: Path, target: Path) -> None:
    """Copy a database as it is at one moment, while others read and write it, and look the copy through.

    SQLite's own online backup in one step: it waits for nobody and nobody waits for it, as readers and writers do not
    in WAL mode. What is committed when it begins is in the copy, what is committed later is not.

    Raises
    ------
    StoreUnreachable
        The database cannot be read, or is damaged: a backup of it would be none.
    UnwritableFile
        The copy cannot be written.
    """
    target.unlink(missing_ok=True)
    with opened_to_read(source) as read:
        try:
            with closing(sqlite3.connect(target, isolation_level=None)) as written:
                written.execute("PRAGMA journal_mode=OFF")
                read.backup(written)
        except sqlite3.OperationalError as error:
            if "malformed" in str(error):
                raise
            raise UnwritableFile(
                "the copy of the database cannot be written",
                found=str(error),
                hint="free some space, or name another place",
            ) from error
    if faults := integrity_of(target):
        raise StoreUnreachable(
            f"the database {source.name} is damaged, and is not copied",
            found=faults[0],
            hint="`buffycoat doctor` says more; `buffycoat restore` brings back the newest backup",
        )


def facts_of_database(path: Path) -> DatabaseFacts:
    """Return what a database says of itself.

    Raises
    ------
    SchemaTooNew
        A newer buffycoat made it, and may keep what this one does not know of.
    StoreUnreachable
        It is no database of ours.
    """
    with opened_to_read(path) as connection:
        tables = _tables(connection)
        found = (
            connection.execute("SELECT version_num FROM alembic_version").fetchone()
            if "alembic_version" in tables
            else None
        )
        if found is None:
            raise StoreUnreachable(
                f"{path.name} is no database of a workspace", expected="alembic_version", found="none"
            )
        known = revisions()
        if found[0] not in known:
            raise SchemaTooNew(
                "the database is newer than this program", expected=f"at most {known[-1]}", found=found[0]
            )
        if "audit_entry" not in tables:
            return DatabaseFacts(revision=found[0], identity="", entries=0, head=FIRST)
        first = connection.execute("SELECT subject FROM audit_entry WHERE seq = 0").fetchone()
        last = connection.execute("SELECT seq, digest FROM audit_entry ORDER BY seq DESC LIMIT 1").fetchone()
    return DatabaseFacts(
        revision=found[0],
        identity="" if first is None else first[0],
        entries=0 if last is None else last[0] + 1,
        head=FIRST if last is None else last[1],
    )


def objects_statement(there: Collection[str]) -> str | None:
    """Return what asks a database for each object that it speaks of once, by digest: digest, table and id that name it.

    Parameters
    ----------
    there : collection of str
        ``table.column`` of the schema: what an older one does not have is passed over.
    """
    parts = [
        f"SELECT {column} AS digest, '{table}' AS owner, id FROM {table} WHERE {column} IS NOT NULL"  # noqa: S608 (names of our own tables)
        for table, column in OBJECTS.items()
        if f"{table}.{column}" in there
    ]
    if not parts:
        return None
    named = " UNION ALL ".join(parts)
    return f"SELECT digest, min(owner), min(id) FROM ({named}) AS named GROUP BY digest ORDER BY digest"  # noqa: S608 (names of our own tables)


def objects_of(connection: sqlite3.Connection) -> Iterator[tuple[Digest, str, str]]:
    """Give each object that a database speaks of once, by digest, with a table and an id that name it."""
    statement = objects_statement(schema_of(connection))
    if statement is not None:
        yield from connection.execute(statement)


def integrity_of(path: Path) -> tuple[str, ...]:
    """Return what SQLite finds wrong with pages, indexes and constraints of a database; nothing where it is sound."""
    try:
        with opened_to_read(path) as connection:
            found = [str(row[0]) for row in connection.execute(f"PRAGMA integrity_check({_MOST_FAULTS})")]
    except StoreUnreachable as error:
        return (error.found or str(error),)
    return () if found == ["ok"] else tuple(found)


def broken_references(connection: sqlite3.Connection) -> tuple[tuple[str, str, str], ...]:
    """Return rows that speak of rows that are not there: table, id, and the table spoken of."""
    broken = connection.execute("PRAGMA foreign_key_check").fetchmany(_MOST_FAULTS)
    named = []
    for table, row, target, _ in broken:
        key = connection.execute(f'SELECT id FROM "{table}" WHERE rowid = ?', (row,)).fetchone()  # noqa: S608 (a name that the schema holds)
        named.append((str(table), str(key[0] if key else row), str(target)))
    return tuple(named)


def wanted_schema(dialect: str = "sqlite") -> frozenset[str]:
    """Return the names that the newest schema must have, as ``schema_of`` gives them; triggers differ by database."""
    names = {table.name for table in METADATA.tables.values()}
    names |= {f"{table.name}.{column.name}" for table in METADATA.tables.values() for column in table.c}
    names |= {str(index.name) for table in METADATA.tables.values() for index in table.indexes}
    return frozenset(names | _TRIGGERS[dialect])


def schema_of(connection: sqlite3.Connection) -> frozenset[str]:
    """Return the names of all tables, their columns (``table.column``), indexes and triggers."""
    rows = connection.execute("SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'").fetchall()
    names = {name for kind, name in rows if kind in ("table", "index", "trigger")}
    return frozenset(
        names | {f"{name}.{each}" for kind, name in rows if kind == "table" for each in _columns(connection, name)}
    )


def _tables(connection: sqlite3.Connection) -> frozenset[str]:
    return frozenset(row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'"))


def _columns(connection: sqlite3.Connection, table: str) -> frozenset[str]:
    return frozenset(row[0] for row in connection.execute("SELECT name FROM pragma_table_info(?)", (table,)))
