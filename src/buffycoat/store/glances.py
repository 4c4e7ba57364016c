"""Questions that are answered within microseconds, on a connection of their own: what stands before every request."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any

__all__ = ["Glances"]


class Glances:
    """Looks into a database from the thread that serves, and a memory of what was seen that any change empties.

    SQLite tells a connection whether another one has written since, in whatever process (``PRAGMA data_version``). This
    connection writes nothing, so that is said of everybody: what was remembered before a change is never given after.

    Parameters
    ----------
    path : Path
        The file of the database; opened with the first look, not made.
    most : int
        How many things are remembered at once; where there are more, all are forgotten.

    Examples
    --------
    >>> from contextlib import closing
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder, closing(sqlite3.connect(Path(folder) / "a.db")) as writer:
    ...     writer.execute("PRAGMA journal_mode=WAL").fetchone(), writer.execute("CREATE TABLE t (x)").fetchone()
    ...     glances = Glances(Path(folder) / "a.db")
    ...     glances.memory()["rows"] = glances.first("SELECT count(*) FROM t", {})
    ...     before = dict(glances.memory())
    ...     with writer:
    ...         _ = writer.execute("INSERT INTO t VALUES (1)")
    ...     before, glances.memory(), glances.first("SELECT count(*) FROM t", {})
    ...     glances.close()
    (('wal',), None)
    ({'rows': (0,)}, {}, (1,))
    """

    def __init__(self, path: Path, *, most: int = 4096) -> None:
        self.path, self.most = path, most
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None
        self._seen: tuple[int, dict[Any, Any]] = (-1, {})

    def memory(self) -> dict[Any, Any]:
        """Return what was remembered since the last change of the database, to look into and to add to.

        Take it before the question whose answer is put in: a change after that makes this memory one of before.
        """
        with self._lock:
            version = self._opened().execute("PRAGMA data_version").fetchone()[0]
            known, held = self._seen
            if version != known or len(held) >= self.most:
                held = {}
                self._seen = version, held
        return held

    def first(self, question: str, bound: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Return the first row that a statement finds in the database as it is now; ``None`` where it finds none."""
        with self._lock:
            row: tuple[Any, ...] | None = self._opened().execute(question, bound).fetchone()
        return row

    def close(self) -> None:
        """Give the file back."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            # Another connection counts changes from a number of its own.
            self._connection, self._seen = None, (-1, {})

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            # Readers wait for nobody but whoever mends the file after its process was killed.
            connection = sqlite3.connect(
                f"{self.path.absolute().as_uri()}?mode=rw",
                uri=True,
                isolation_level=None,
                check_same_thread=False,
                timeout=10.0,
            )
            connection.execute("PRAGMA query_only=ON")
            self._connection = connection
        return self._connection
