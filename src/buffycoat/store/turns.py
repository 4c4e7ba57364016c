"""Whose turn it is to write: those who wait are served in turn, whichever process they are in."""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["Turns"]

LONGEST_S = 60.0


class Turns:
    """A queue before the database, of all processes that write to the files of one folder.

    SQLite lets a writer that waits sleep in ever longer steps, and whoever asks while it sleeps is served first: an
    import that writes one photograph after the other would keep a person's answer waiting for half a second. So
    everybody asks for the turn first. Who has it waits for the writer before, and gives it on once that one is done;
    an import that comes back for its next photograph finds the person ahead of it.

    The lock is one of the folder itself, so nothing is left behind, and it ends with its process, however that ends.
    Where the folder takes none, as over some networks, SQLite alone keeps writers apart.

    Parameters
    ----------
    folder : Path or None
        Where the database is; ``None`` where it is in no folder.
    """

    def __init__(self, folder: Path | None) -> None:
        self._mine = threading.Lock()
        self._folder: int | None = None
        if folder is not None:
            with suppress(OSError):
                self._folder = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)

    @contextmanager
    def of_this_process(self) -> Iterator[None]:
        """Wait until no other thread of this process writes."""
        # One that waits for itself is told so by the database, which is locked.
        mine = self._mine.acquire(timeout=LONGEST_S)
        try:
            yield
        finally:
            if mine:
                self._mine.release()

    @contextmanager
    def of_all(self) -> Iterator[None]:
        """Wait for the turn among all processes; it is over as soon as the transaction has begun."""
        if self._folder is not None:
            with suppress(OSError):
                fcntl.flock(self._folder, fcntl.LOCK_EX)
        try:
            yield
        finally:
            if self._folder is not None:
                with suppress(OSError):
                    fcntl.flock(self._folder, fcntl.LOCK_UN)

    def close(self) -> None:
        """Give the folder back."""
        if self._folder is not None:
            os.close(self._folder)
            self._folder = None
