"""Questions that stand before every request, asked of a PostgreSQL server on a connection of their own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Engine

from buffycoat.errors import StoreUnreachable
from buffycoat.store.reaching import reach

if TYPE_CHECKING:
    import psycopg

__all__ = ["DistantGlances"]

T = TypeVar("T")
_NAMED = re.compile(r":(\w+)")


class DistantGlances:
    """Looks into a database of a server, and a memory of what was seen that any change empties.

    PostgreSQL says which transactions a question would see (``pg_current_snapshot``: the first that is not over, the
    next to come, and those between them that are not over). Who sees the same transactions sees the same rows, and as
    numbers are given once, no snapshot comes again. So what was remembered before a change is never given after,
    whoever made it and however: a sign-in that another process ended has ended here. A change of another database of
    the same server empties the memory, too; that costs one more question.

    Parameters
    ----------
    engine : Engine
        Its address; the connection is opened with the first look, and anew where the server broke it off.
    most : int
        How many things are remembered at once; where there are more, all are forgotten.
    """

    def __init__(self, engine: Engine, *, most: int = 4096) -> None:
        self.engine, self.most = engine, most
        self._lock = Lock()
        self._connection: psycopg.Connection[tuple[Any, ...]] | None = None
        self._seen: tuple[str, dict[Any, Any]] = ("", {})

    def memory(self) -> dict[Any, Any]:
        """Return what was remembered since the last change of the database, to look into and to add to.

        Take it before the question whose answer is put in: a change after that makes this memory one of before.

        Raises
        ------
        StoreUnreachable
            The server does not answer.
        """
        with self._lock:
            row = self._asked(lambda connection: connection.execute("SELECT pg_current_snapshot()::text").fetchone())
            snapshot = "" if row is None else str(row[0])
            known, held = self._seen
            if snapshot != known or len(held) >= self.most:
                held = {}
                self._seen = snapshot, held
        return held

    def first(self, question: str, bound: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Return the first row that a statement finds in the database as it is now; ``None`` where it finds none.

        Raises
        ------
        StoreUnreachable
            The server does not answer.
        """
        asked = _NAMED.sub(r"%(\1)s", question).encode()
        with self._lock:
            return self._asked(lambda connection: connection.execute(asked, bound, prepare=True).fetchone())

    def close(self) -> None:
        """Give the connection back."""
        with self._lock:
            self._forget()

    def _asked(self, ask: Callable[[psycopg.Connection[tuple[Any, ...]]], T]) -> T:
        import psycopg  # noqa: PLC0415 (an extra: not everybody has it)

        try:
            return ask(self._opened())
        except psycopg.OperationalError:
            # The server was started anew, or ended connections that slept: ask once more, of a new one.
            self._forget()
        try:
            return ask(self._opened())
        except psycopg.OperationalError as error:
            self._forget()
            raise StoreUnreachable(
                f"the database {self.engine.url.database} does not answer",
                found=next(iter(str(error).splitlines()), ""),
                hint="try again once the server runs",
            ) from error

    def _opened(self) -> psycopg.Connection[tuple[Any, ...]]:
        import psycopg  # noqa: PLC0415 (see above)

        if self._connection is None:
            given, named = self.engine.dialect.create_connect_args(self.engine.url)
            self._connection = psycopg.connect(*given, **{**named, **reach(self.engine.url)}, autocommit=True)
            self._connection.execute("SET default_transaction_read_only = on")
        return self._connection

    def _forget(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection, self._seen = None, ("", {})
