"""Small pictures of cells, drawn once: a file beside the database that may be deleted at any time."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from threading import Lock

__all__ = ["Thumbnails"]

_MAKE = "CREATE TABLE IF NOT EXISTS picture (name TEXT PRIMARY KEY, content BLOB NOT NULL)"
_LOOK_EVERY = 256
_NEAR_BYTES = 48 << 20


class Thumbnails:
    """Pictures by name, the newest up to a number of bytes; nothing here is more than a copy.

    Read on the thread that serves, so a picture must come out within microseconds: those that were asked for lately are
    held in memory, the others are one look into one table away. Under one name there is one picture for good. Where
    the file cannot be written or read, nothing is kept, and pictures are drawn each time.

    Parameters
    ----------
    path : Path
        Of the file; made when the first picture is kept.
    most_bytes : int
        How large the file may become; then the oldest tenth of the pictures goes.
    near_bytes : int
        How much of it is held in memory, besides; then whatever was read first goes.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     thumbnails = Thumbnails(Path(folder) / "thumbnails.db")
    ...     thumbnails.put("c1-96", b"a picture")
    ...     thumbnails.get("c1-96"), thumbnails.get("c2-96")
    ...     thumbnails.close()
    (b'a picture', None)
    """

    def __init__(self, path: Path, *, most_bytes: int = 1 << 30, near_bytes: int = _NEAR_BYTES) -> None:
        self.path, self.most_bytes, self.near_bytes = path, most_bytes, near_bytes
        self._near: dict[str, bytes] = {}
        self._held = 0
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None
        self._useless = False
        self._file = 0
        self._put = 0

    def get(self, name: str) -> bytes | None:
        """Return a picture; ``None`` where it was not kept."""
        if self._near or self._connection is not None:
            self._look_for_file()
        near = self._near.get(name)
        if near is not None:
            return near
        with self._lock:
            try:
                connection = self._opened(make=False)
                if connection is None:
                    return None
                row = connection.execute("SELECT content FROM picture WHERE name = ?", (name,)).fetchone()
            except sqlite3.Error:
                self._give_up()
                return None
            return None if row is None else self._hold(name, bytes(row[0]))

    def put(self, name: str, content: bytes) -> None:
        """Keep a picture, or not, where the file cannot be written."""
        with self._lock:
            try:
                connection = self._opened(make=True)
                if connection is None:
                    return
                connection.execute("INSERT OR IGNORE INTO picture VALUES (?, ?)", (name, content))
                self._put += 1
                if self._put % _LOOK_EVERY == 0:
                    self._make_room(connection)
            except sqlite3.OperationalError:  # another process writes, or the disk is full: drawn again another time
                return
            except sqlite3.Error:
                self._give_up()

    def remove(self) -> None:
        """Remove the file, with all that is in it: whoever else has it open forgets what came from it."""
        self.close()
        for end in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + end).unlink(missing_ok=True)

    def close(self) -> None:
        """Give the file back."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection, self._held = None, 0
            self._near.clear()

    def _look_for_file(self) -> None:
        """Forget all where the file was taken away: pictures of what was withdrawn must not come from memory."""
        try:
            found = os.stat(self.path).st_ino  # noqa: PTH116 (on the way of every picture: a microsecond, not five)
        except OSError:
            found = 0
        if found != self._file:
            self.close()

    def _hold(self, name: str, content: bytes) -> bytes:
        """Hold a picture in memory, in the place of those that were read first."""
        if name not in self._near and len(content) <= self.near_bytes:
            self._near[name] = content
            self._held += len(content)
            while self._held > self.near_bytes:
                self._held -= len(self._near.pop(next(iter(self._near))))
        return content

    def _opened(self, *, make: bool) -> sqlite3.Connection | None:
        if self._useless or (self._connection is None and not make and not self.path.exists()):
            return None
        if self._connection is None:
            connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, timeout=0.5)
            try:
                # A picture fits into few pages; what is lost with the machine's power is drawn again.
                for pragma in ("page_size=8192", "journal_mode=WAL", "synchronous=NORMAL", "mmap_size=268435456"):
                    connection.execute(f"PRAGMA {pragma}")
                connection.execute(_MAKE)
            except sqlite3.Error:
                connection.close()
                raise
            self._connection, self._file = connection, self.path.stat().st_ino
        return self._connection

    def _make_room(self, connection: sqlite3.Connection) -> None:
        pages, free, size = (
            connection.execute(f"PRAGMA {each}").fetchone()[0] for each in ("page_count", "freelist_count", "page_size")
        )
        if (pages - free) * size > self.most_bytes:
            oldest = "SELECT rowid FROM picture ORDER BY rowid LIMIT (SELECT count(*) / 10 + 1 FROM picture)"
            connection.execute(f"DELETE FROM picture WHERE rowid IN ({oldest})")  # noqa: S608 (words of our own alone)

    def _give_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection, self._useless = None, True
