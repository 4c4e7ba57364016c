"""Backups and withdrawals keep out of each other's way: what one reads the other removes."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from buffycoat.errors import Conflict
from buffycoat.store.object_place import OBJECTS_POINTER

__all__ = ["alone", "together"]


@contextmanager
def together(folder: Path) -> Iterator[None]:
    """Hold a workspace's objects as they are: several may, and nothing is withdrawn meanwhile.

    Raises
    ------
    Conflict
        Something is being withdrawn.
    """
    with _held(folder, fcntl.LOCK_SH, "a smear is being withdrawn, or objects removed from an old place"):
        yield


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a workspace's objects alone, to remove some.

    Raises
    ------
    Conflict
        A backup is being made, or something else is withdrawn.
    """
    with _held(folder, fcntl.LOCK_EX, "a backup is being made, another smear withdrawn, or objects copied"):
        yield


@contextmanager
def _held(folder: Path, kind: int, taken: str) -> Iterator[None]:
    # The lock is one of the folder, so nothing is left behind, and it ends with its process, however that ends.
    # The workspace's own folder is what its writers lock; where objects are elsewhere, this one is empty.
    place = folder / "objects"
    if not place.is_dir() and (folder / OBJECTS_POINTER).is_file():
        with suppress(OSError):  # read only: nothing can be removed here, nor copied
            place.mkdir()
    if not place.is_dir():
        yield
        return
    opened = os.open(place, os.O_RDONLY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(opened, kind | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Conflict(taken, hint="wait until it is done, then try again") from error
        except OSError:  # a file system without locks, as over some networks
            pass
        yield
    finally:
        os.close(opened)
