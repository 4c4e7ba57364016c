"""The database: opened, migrated, read and added to. SQLite in a file, or PostgreSQL on a server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Select, func, select
from sqlalchemy.exc import DatabaseError, DataError, DBAPIError, IntegrityError, InternalError, OperationalError

from buffycoat.domain.value import Scalar
from buffycoat.errors import InputError, NotFound, StoreUnreachable
from buffycoat.store import chain
from buffycoat.store.acts import ACTS
from buffycoat.store.addresses import url_of
from buffycoat.store.distant_glances import DistantGlances
from buffycoat.store.glances import Glances
from buffycoat.store.migrating import migrate
from buffycoat.store.on_postgresql import OnPostgresql
from buffycoat.store.on_sqlite import OnSqlite
from buffycoat.store.rows import insert_into, mark_of
from buffycoat.store.tables import TABLES, bound_values, from_row

__all__ = ["MOVED", "Database", "Transaction"]

T = TypeVar("T")
_PARAMETERS = 32_000
"""Values bound in one statement; SQLite allows 32,766, PostgreSQL 65,535."""
MOVED = "this workspace was moved"
"""What a database says that was left behind, or is being left; see ``store.moved``."""
_AGAIN = "nothing of this was kept; try again once the disk has room and the server runs"


class Transaction:
    """Values in and out of one transaction.

    ``still``: it only reads, and sees one moment; what it sees was kept.
    """

    def __init__(self, connection: Connection, *, still: bool = False) -> None:
        self.connection = connection
        self.still = still

    def add(self, values: Iterable[Any]) -> None:
        """Add values. One whose id is there already is the same work done before, and is left as it is.

        What is the act of a person is entered into the audit log, so neither can be there without the other.
        """
        given: dict[type, list[Any]] = {}
        for value in values:
            given.setdefault(type(value), []).append(value)
        for cls in (cls for cls in TABLES if cls in given):
            bound = bound_values(cls, given[cls], self.connection.dialect)
            if cls in ACTS:
                self._enter(cls, given[cls], bound)
            else:
                self._insert(cls, bound)

    def _enter(self, cls: type, values: Sequence[Any], bound: list[Any]) -> None:
        """Insert rows that people made, and enter those that are new into the audit log."""
        new = self._insert(cls, bound, " RETURNING id")
        width = len(TABLES[cls].c)
        kept, rows = [], []
        for place, value in enumerate(values):
            if value.id in new:
                new.discard(value.id)
                kept.append(value)
                rows.append(bound[place * width : (place + 1) * width])
        chain.append(self.connection, cls, kept, rows)

    def _insert(self, cls: type, bound: list[Any], returning: str = "") -> set[str]:
        """Insert rows, many in one statement; return the ids of those that are new, where it is asked."""
        width = len(TABLES[cls].c)
        statement, one = insert_into(TABLES[cls], mark_of(self.connection.dialect))
        at_once = max(1, _PARAMETERS // width) * width
        new: set[str] = set()
        for start in range(0, len(bound), at_once):
            part = tuple(bound[start : start + at_once])
            done = self.connection.exec_driver_sql(
                statement.replace(one, ", ".join([one] * (len(part) // width))) + returning, part
            )
            if returning:
                new.update(done.scalars())
        return new

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
        ``sqlite:///…`` or ``postgresql://…``

    Attributes
    ----------
    engine : Engine
        Connections to it.
    glances : Glances or DistantGlances
        For the questions that every request asks.

    Raises
    ------
    SchemaTooNew
        A newer buffycoat made it.
    StoreUnreachable
        The file or the server cannot be opened, or holds no database of ours.
    """

    def __init__(self, url: str) -> None:
        address = url_of(url)
        self._ground = OnSqlite(address) if address.drivername == "sqlite" else OnPostgresql(address)
        self.engine: Engine = self._ground.engine
        self.glances: Glances | DistantGlances = self._ground.glances
        try:
            migrate(self._ground)
        except DatabaseError as error:
            self.close()
            raise StoreUnreachable(
                f"the database {self._ground.name} cannot be used", found=_first_line(error)
            ) from error
        except BaseException:
            self.close()
            raise

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Open a transaction that only reads: a still picture of the database.

        Raises
        ------
        StoreUnreachable
            The server is gone, or the disk is full or broken.
        """
        with self._named(), self._ground.reading() as connection:
            yield Transaction(connection, still=True)

    @contextmanager
    def writing(self, *, outlasting: bool = False) -> Iterator[Transaction]:
        """Open a transaction that writes; it waits for its turn and is kept whole or not at all.

        Parameters
        ----------
        outlasting : bool
            Wait until it would outlast a power cut, where that is not done anyway: for what is kept nowhere else once
            we said that we have it.

        Raises
        ------
        InputError
            A text holds what the database cannot: the letter 0.
        StoreUnreachable
            The server is gone, the disk is full or broken, or the workspace was moved to another database.
        """
        with self._named(), self._ground.writing(outlasting=outlasting) as connection:
            yield Transaction(connection)

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Give errors of the database the names that our users know; those of our own statements stay what they are."""
        try:
            yield
        except OperationalError as error:
            raise StoreUnreachable(
                f"the database {self._ground.name} does not answer", found=_first_line(error), hint=_AGAIN
            ) from error
        except DataError as error:
            raise InputError(
                "the database cannot hold what was given",
                expected="text without the letter 0",
                found=_first_line(error),
            ) from error
        except (IntegrityError, InternalError) as error:
            if MOVED not in str(error.orig):
                raise
            raise StoreUnreachable(
                f"the database {self._ground.name} is written to no more",
                found=_first_line(error),
                hint="start the program anew: it goes on where the workspace is now; nothing was lost",
            ) from error
        except DatabaseError as error:
            # SQLite's word for a page that is not what it was, which has no class of its own.
            if type(error) is not DatabaseError:
                raise
            raise StoreUnreachable(
                f"the database {self._ground.name} is damaged",
                found=_first_line(error),
                hint="`buffycoat doctor` says what is wrong; `buffycoat restore` brings a backup back",
            ) from error

    def close(self) -> None:
        """Give the file or the connections back."""
        self._ground.close()


def _first_line(error: DBAPIError) -> str:
    """Return what the database says; its further lines repeat the statement."""
    return next(iter(str(error.orig).strip().splitlines()), "")
