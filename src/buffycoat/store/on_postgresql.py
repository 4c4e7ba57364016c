"""A database of a server: PostgreSQL 13 or newer, for teams."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from sqlalchemy import URL, Connection, Engine, ExceptionContext, Integer, String, create_engine, event, inspect
from sqlalchemy.exc import OperationalError

from buffycoat.errors import StoreUnreachable
from buffycoat.store.distant_glances import DistantGlances
from buffycoat.store.reaching import reach
from buffycoat.store.tables import METADATA
from buffycoat.store.turns import Turns

__all__ = ["OnPostgresql"]

_WRITER = 0x62756666
"""Number of the lock that whoever writes holds; it is one of this database, not of the server."""
_TURN = f"SELECT pg_advisory_xact_lock({_WRITER}), set_config('synchronous_commit', 'off', true)"
"""Waits for the turn; it is over once others see what was written, and not only once that is on the disk."""
_OLDEST = 130_000


class OnPostgresql:
    """How a server is reached, and whose turn it is to write.

    There is one writer at a time, as on SQLite: what a transaction has read before it writes still holds when it
    writes, and the entries of the audit log are bound to each other in one order. Who waits is served in turn, whatever
    machine it is on. Readers wait for nobody.

    Parameters
    ----------
    url : URL
        Of the database.
    """

    def __init__(self, url: URL) -> None:
        self.engine = _engine(url)
        self.name = url.database or ""
        self.glances = DistantGlances(self.engine)
        # Threads that wait need no connection: a server has a hundred, for all of us.
        self._turns = Turns(None)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Begin a transaction that only reads, and sees one moment."""
        with self.engine.connect() as connection:
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection

    @contextmanager
    def writing(self, *, outlasting: bool = False) -> Iterator[Connection]:  # noqa: ARG002 (each of them does here)
        """Begin a transaction that writes, when its turn has come: each statement sees what is there by then."""
        with ExitStack() as held:
            turn = held.enter_context(ExitStack())
            turn.enter_context(self._turns.of_this_process())
            connection = held.enter_context(self.engine.connect())
            with connection.begin():
                connection.exec_driver_sql(_TURN)
                yield connection
            turn.close()
            _wait_for_disk(connection)

    @contextmanager
    def changing(self) -> Iterator[Connection]:
        """Begin a transaction that changes the schema.

        Raises
        ------
        StoreUnreachable
            The server is too old, or the database cannot hold every letter.
        """
        with self.writing() as connection:
            version, encoding = connection.exec_driver_sql(
                "SELECT current_setting('server_version_num')::int, current_setting('server_encoding')"
            ).one()
            if version < _OLDEST:
                raise StoreUnreachable(
                    "the database server is too old", expected="PostgreSQL 13 or newer", found=str(version // 10_000)
                )
            if encoding != "UTF8":
                raise StoreUnreachable(
                    "the database cannot hold every letter",
                    expected="encoding UTF8",
                    found=encoding,
                    hint="create database NAME template template0 encoding 'UTF8'",
                )
            yield connection

    def settle(self, connection: Connection) -> None:
        """Make the tables what they are on SQLite, after whatever revision made them.

        Text is compared by its bytes, whatever language the server speaks, so that lists have the same order; numbers
        have 64 bits; and each row has a number by the order in which it was added.
        """
        there = inspect(connection)
        collated = {
            (table, column)
            for table, column in connection.exec_driver_sql(
                "SELECT table_name, column_name FROM information_schema.columns"
                " WHERE table_schema = current_schema() AND collation_name = 'C'"
            )
        }
        for table in METADATA.sorted_tables:
            changes = []
            columns = {column["name"]: column["type"] for column in there.get_columns(table.name)}
            for name, kind in columns.items():
                if isinstance(kind, String) and (table.name, name) not in collated:
                    changes.append(f'ALTER COLUMN "{name}" TYPE VARCHAR COLLATE "C"')
                elif type(kind) is not Integer and isinstance(kind, Integer) and kind.__visit_name__ == "INTEGER":
                    changes.append(f'ALTER COLUMN "{name}" TYPE BIGINT')
            if "rowid" not in columns and "id" in columns:
                changes.append("ADD COLUMN rowid BIGINT GENERATED ALWAYS AS IDENTITY")
                changes.append(f'ADD CONSTRAINT "rowid_{table.name}" UNIQUE (rowid)')
            if changes:
                connection.exec_driver_sql(f'ALTER TABLE "{table.name}" {", ".join(changes)}')

    def close(self) -> None:
        """Give the connections back."""
        self.glances.close()
        self.engine.dispose()
        self._turns.close()


def _wait_for_disk(connection: Connection) -> None:
    """Wait until what was committed is on the disk, together with others who wait: nothing is acknowledged before.

    The server writes its log in order, and before it acknowledges this message, all that came before it. Who comes next
    need not wait for that: it could only be lost together with what it stands on.
    """
    raw: Any = connection.connection.dbapi_connection
    try:
        # A connection that broke off since it committed refuses this already.
        raw.autocommit = True
        raw.execute("SELECT pg_logical_emit_message(true, 'buffycoat', '')")
        raw.autocommit = False
    except Exception as error:
        connection.invalidate()
        raise OperationalError(None, None, error) from error


def _engine(url: URL) -> Engine:
    engine = create_engine(
        url,
        # Errors of the database come into logs: what was to be written does not, see also below.
        hide_parameters=True,
        connect_args=reach(url),
        # A connection may have been ended while it slept, as when the server was started anew.
        pool_pre_ping=True,
        pool_size=4,
        max_overflow=16,
        pool_timeout=60,
    )
    event.listen(engine, "handle_error", _say_no_values)
    return engine


def _say_no_values(context: ExceptionContext) -> None:
    """Leave of an error its first line: the second names the values of a row that is there already."""
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None and error.args:
            said = next(iter(str(error.args[0]).splitlines()), "")
            error.args = (said, *error.args[1:])
