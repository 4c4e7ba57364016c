"""The database: opened, migrated, read and added to. SQLite in WAL mode."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Select, create_engine, event, func, inspect, select, text
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DatabaseError

from buffycoat.domain.value import Scalar
from buffycoat.errors import NotFound, SchemaTooNew, StoreUnreachable
from buffycoat.store.tables import TABLES, bound_values, from_row

__all__ = ["Database", "Transaction"]

T = TypeVar("T")
_MIGRATIONS = Path(__file__).parent / "migrations"
_PARAMETERS = 32_000
"""Values bound in one statement; SQLite allows 32,766."""


class Transaction:
    """Values in and out of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(self, values: Iterable[Any]) -> None:
        """Add values. One whose id is there already is the same work done before, and is left as it is."""
        given: dict[type, list[Any]] = {}
        for value in values:
            given.setdefault(type(value), []).append(value)
        for cls in (cls for cls in TABLES if cls in given):
            self._insert(cls, bound_values(cls, given[cls], self.connection.dialect))

    def _insert(self, cls: type, bound: list[Any]) -> None:
        """Insert rows, many in one statement."""
        statement = insert(TABLES[cls]).on_conflict_do_nothing(index_elements=["id"])
        text = str(statement.compile(dialect=self.connection.dialect))
        width = len(TABLES[cls].c)
        one = f"({', '.join('?' * width)})"
        at_once = max(1, _PARAMETERS // width) * width
        for start in range(0, len(bound), at_once):
            part = tuple(bound[start : start + at_once])
            self.connection.exec_driver_sql(text.replace(one, ", ".join([one] * (len(part) // width))), part)

    def find(self, cls: type[T], **equal: Scalar) -> list[T]:
        """Return the values of a class whose columns equal what is given, by id."""
        return self.select(cls, select(TABLES[cls]).filter_by(**equal).order_by(TABLES[cls].c.id))

    def select(self, cls: type[T], statement: Select[Any]) -> list[T]:
        """Return the values that a statement on their table finds."""
        return [from_row(cls, dict(row)) for row in self.connection.execute(statement).mappings()]

    def get(self, cls: type[T], key: str) -> T:
        """Return the value with that id.

        Raises
        ------
        NotFound
            There is none.
        """
        found = self.find(cls, id=key)
        if not found:
            raise NotFound(f"no {TABLES[cls].name.replace('_', ' ')} has this id", found=key)
        return found[0]

    def ids(self, cls: type) -> set[str]:
        """Return the ids of all values of a class."""
        return set(self.connection.execute(select(TABLES[cls].c.id)).scalars())

    def count(self, cls: type, **equal: Scalar) -> int:
        """Return how many values of a class there are."""
        return int(
            self.connection.execute(select(func.count()).select_from(TABLES[cls]).filter_by(**equal)).scalar_one()
        )


class Database:
    """A database that stands at the newest schema.

    Parameters
    ----------
    url : str
        ``sqlite:///…``

    Raises
    ------
    SchemaTooNew
        A newer buffycoat made it.
    StoreUnreachable
        The file cannot be opened, or is no database of ours.
    """

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        try:
            migrate(self.engine)
        except DatabaseError as error:
            self.close()
            name = Path(url.partition("://")[2]).name
            raise StoreUnreachable(f"the database {name} cannot be used", found=str(error.orig)) from error

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Open a transaction that only reads: a still picture of the database."""
        with self.engine.connect() as connection, connection.begin():
            yield Transaction(connection)

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """Open a transaction that writes; it waits for its turn and is kept whole or not at all."""
        with self.engine.connect().execution_options(begin="BEGIN IMMEDIATE") as connection, connection.begin():
            yield Transaction(connection)

    def close(self) -> None:
        """Give the file back."""
        self.engine.dispose()


def _engine(url: str) -> Engine:
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


def revisions() -> Sequence[str]:
    """Return the names of all revisions of the schema, oldest first."""
    return sorted(path.stem.split("_")[0] for path in (_MIGRATIONS / "versions").glob("[0-9]*.py"))


def migrate(engine: Engine) -> None:
    """Bring the schema to the newest revision."""
    known = revisions()
    with engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        found = (
            connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            if "alembic_version" in tables
            else None
        )
    if found == known[-1]:
        return
    if found is not None and found not in known:
        raise SchemaTooNew(
            "the workspace's database is newer than this program", expected=f"at most {known[-1]}", found=found
        )
    # Alembic takes a while to load, and is needed once in a workspace's life.
    from alembic import command  # noqa: PLC0415 (see above)
    from alembic.config import Config  # noqa: PLC0415 (see above)

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with engine.connect().execution_options(begin="BEGIN IMMEDIATE") as connection:
        # A table is changed by making it anew, which SQLite allows only while it does not watch references; this has to
        # be said before the transaction begins. They are checked before it ends.
        _watch_references(connection, watch=False)
        with connection.begin():
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise StoreUnreachable("the database refers to rows that are not there", found=str(broken[0]))
        _watch_references(connection, watch=True)


def _watch_references(connection: Connection, *, watch: bool) -> None:
    raw = connection.connection.dbapi_connection
    if raw is not None:
        raw.cursor().execute(f"PRAGMA foreign_keys={'ON' if watch else 'OFF'}")
