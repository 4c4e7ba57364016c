"""Whether the schema is the one that is meant, and every row can be read as the value that it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from sqlalchemy import Connection, exists, select, text
from sqlalchemy.exc import DatabaseError

from buffycoat.domain.value import Digest, value
from buffycoat.errors import BuffycoatError, SchemaTooNew, StoreUnreachable
from buffycoat.store.addresses import url_of
from buffycoat.store.copying import objects_statement
from buffycoat.store.database import Database, Transaction
from buffycoat.store.migrating import revisions
from buffycoat.store.on_postgresql import OnPostgresql
from buffycoat.store.tables import METADATA, TABLES, from_row

__all__ = [
    "Standing",
    "objects_on_server",
    "revision_now",
    "size_on_server",
    "standing_of_server",
    "unreadable_rows",
]

_MOST = 20
# An index that was not finished, or a trigger that was switched off, is none.
_NAMES = """
SELECT c.relname FROM pg_class AS c LEFT JOIN pg_index AS i ON i.indexrelid = c.oid
 WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'i') AND coalesce(i.indisvalid, true)
UNION SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = current_schema()
UNION SELECT t.tgname FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
 WHERE c.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal AND t.tgenabled <> 'D'
"""


@value
class Standing:
    """How a database of a server stands: its revision, the names in its schema, and rows that speak of none.

    ``schema`` has names of tables, columns (``table.column``), indexes and triggers; ``broken`` table, id, and the
    table spoken of.
    """

    revision: str
    schema: frozenset[str]
    broken: tuple[tuple[str, str, str], ...]


def standing_of_server(address: str) -> Standing:
    """Return how a database of a server stands, without changing it, not even its schema.

    Raises
    ------
    SchemaTooNew
        A newer buffycoat made it.
    StoreUnreachable
        The server does not answer, or the database is none of ours.
    """
    with _looked_into(address) as connection:
        schema = _names(connection)
        if "alembic_version" not in schema:
            raise StoreUnreachable(
                "the database is none of a workspace", expected="a table alembic_version", found="none"
            )
        revision, known = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one(), revisions()
        if revision not in known:
            raise SchemaTooNew(
                "the database is newer than this program", expected=f"at most {known[-1]}", found=str(revision)
            )
        return Standing(revision=str(revision), schema=schema, broken=tuple(_broken(connection, schema)))


def objects_on_server(address: str) -> tuple[tuple[Digest, str, str], ...]:
    """Return each object that a database of a server speaks of, whatever its revision: digest, table and id.

    Raises
    ------
    StoreUnreachable
        The server does not answer.
    """
    with _looked_into(address) as connection:
        statement = objects_statement(_names(connection))
        found = () if statement is None else connection.exec_driver_sql(statement).all()
    # The server may order text as people do; folders are walked as bytes.
    return tuple(sorted((row[0], row[1], row[2]) for row in found))


def size_on_server(database: Database) -> int | None:
    """Return how many bytes a database takes on its server; ``None`` where it is a file.

    Raises
    ------
    StoreUnreachable
        The server does not answer.
    """
    if database.engine.dialect.name != "postgresql":
        return None
    with database.reading() as transaction:
        return int(transaction.connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


@contextmanager
def _looked_into(address: str) -> Iterator[Connection]:
    try:
        with closing(OnPostgresql(url_of(address))) as ground, ground.reading() as connection:
            yield connection
    except DatabaseError as error:
        raise StoreUnreachable(
            "the database cannot be read",
            found=next(iter(str(error.orig).strip().splitlines()), ""),
            hint="see whether the server runs and lets this account in, then look again",
        ) from error


def _names(connection: Connection) -> frozenset[str]:
    return frozenset(connection.exec_driver_sql(_NAMES).scalars())


def _broken(connection: Connection, schema: frozenset[str]) -> Iterator[tuple[str, str, str]]:
    """Give rows that speak of rows that are not there: the server watches, but whoever owns it may tell it not to."""
    left = _MOST
    for table in METADATA.sorted_tables:
        named = next(iter(table.primary_key.columns))
        for key in sorted(table.foreign_keys, key=lambda each: each.parent.name):
            column, target = key.parent, key.column
            if not {f"{table.name}.{column.name}", f"{target.table.name}.{target.name}"} <= schema:
                continue  # of a newer revision
            other = target.table.alias()
            lost = ~exists().where(other.c[target.name] == column)
            found = connection.execute(select(named).where(column.is_not(None), lost).order_by(named).limit(left))
            for row in found.scalars():
                left -= 1
                yield table.name, str(row), target.table.name
            if not left:
                return


def revision_now(transaction: Transaction) -> str | None:
    """Return the revision at which the schema stands."""
    return transaction.connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def unreadable_rows(transaction: Transaction) -> tuple[int, tuple[tuple[str, str, str], ...]]:
    """Read every row of every table; return how many there are, and of those that are no values table, id and why.

    At most twenty are named: a table that was changed by hand has them all.
    """
    count, faults = 0, list[tuple[str, str, str]]()
    for cls, table in TABLES.items():
        try:
            keys = select(table.c.id).order_by(table.c.id)
            count += len(transaction.select(cls, select(table)))
        except (ValueError, TypeError, BuffycoatError):
            for key in transaction.connection.execute(keys).scalars().all():
                row = transaction.connection.execute(select(table).where(table.c.id == key))
                try:
                    from_row(cls, dict(row.mappings().one()))
                except (ValueError, TypeError, BuffycoatError) as error:
                    faults.append((table.name, str(key), " ".join(str(error).split())[:200]))
                if len(faults) >= _MOST:
                    return count, tuple(faults)
    return count, tuple(faults)
