"""A database in a file: SQLite, in WAL mode."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError

from buffycoat.errors import StoreUnreachable
from buffycoat.store.glances import Glances
from buffycoat.store.turns import Turns

__all__ = ["OnSqlite"]

_AT_ONCE = "BEGIN IMMEDIATE"


class OnSqlite:
    """How a file is opened, and whose turn it is to write to it.

    Parameters
    ----------
    url : URL
        Of the file.
    """

    def __init__(self, url: URL) -> None:
        self.engine = _engine(url)
        path = Path(url.database or "")
        self.name = path.name
        self.glances = Glances(path)
        self._turns = Turns(path.parent)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Begin a transaction that only reads."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self, *, outlasting: bool = False) -> Iterator[Connection]:
        """Begin a transaction that writes, when its turn has come.

        What was committed outlasts the program; a power cut may take the last of it back, whole transactions each.
        ``outlasting``: it does not, neither this one nor those before it, as all of the journal is waited for.
        """
        with self._turns.of_this_process(), self.engine.connect() as connection:
            connection.execution_options(begin=_AT_ONCE)
            if outlasting:  # to be said before the transaction begins
                _wait_for_disk(connection, "FULL")
            try:
                with self._turns.of_all():
                    begun = connection.begin()
                with begun:
                    yield connection
            finally:
                if outlasting:
                    _wait_for_disk(connection, "NORMAL")

    @contextmanager
    def changing(self) -> Iterator[Connection]:
        """Begin a transaction that changes the schema.

        A table is changed by making it anew, which SQLite allows only while it does not watch references; this has to
        be said before the transaction begins. They are checked before it ends.

        Raises
        ------
        StoreUnreachable
            A row refers to one that is not there.
        """
        with self.engine.connect().execution_options(begin=_AT_ONCE) as connection:
            _watch_references(connection, watch=False)
            with connection.begin():
                yield connection
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if broken:
                    raise StoreUnreachable("the database refers to rows that are not there", found=str(broken[0]))
            _watch_references(connection, watch=True)

    def settle(self, connection: Connection) -> None:
        """Do nothing: text is compared by its bytes, numbers have 64 bits, and every row has its number."""

    def close(self) -> None:
        """Give the file back."""
        self.glances.close()
        self.engine.dispose()
        self._turns.close()


def _engine(url: URL) -> Engine:
    # Errors of the database come into logs: what was to be written does not.
    engine = create_engine(url, connect_args={"timeout": 60.0}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _on_connect(connection: DBAPIConnection, _record: object) -> None:
        connection.isolation_level = None  # BEGIN is ours, see below
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "busy_timeout=60000",
            "cache_size=-65536",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

    return engine


def _wait_for_disk(connection: Connection, how: str) -> None:
    raw = connection.connection.dbapi_connection
    try:
        if raw is not None:
            raw.cursor().execute(f"PRAGMA synchronous={how}")
    except Exception as error:
        connection.invalidate()
        raise OperationalError(None, None, error) from error


def _watch_references(connection: Connection, *, watch: bool) -> None:
    raw = connection.connection.dbapi_connection
    if raw is not None:
        raw.cursor().execute(f"PRAGMA foreign_keys={'ON' if watch else 'OFF'}")
