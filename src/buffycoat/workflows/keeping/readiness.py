"""Whether a workspace can take an answer now: asked every few seconds, so it costs little and tells little."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from buffycoat.domain.value import value
from buffycoat.errors import BuffycoatError, StoreUnreachable
from buffycoat.store.migrating import revisions
from buffycoat.store.soundness import revision_now, size_on_server
from buffycoat.workflows.workspace import Workspace

__all__ = ["Room", "unready", "what_room"]


@value
class Room:
    """Bytes that the database has, and that the disk still has."""

    database: int
    free: int


def unready(workspace: Workspace) -> tuple[str, ...]:
    """Return why a workspace cannot take an answer; nothing where it can. For the log, not for those who ask."""
    reasons = []
    try:
        with workspace.database.reading() as transaction:
            found = revision_now(transaction)
        if found != revisions()[-1]:
            reasons.append(f"schema at {found}, wanted {revisions()[-1]}")
    except BuffycoatError as error:
        reasons.append(f"database: {error.code}")
    try:
        # Without a name, so nothing is left behind, however this ends.
        with tempfile.TemporaryFile(dir=workspace.folder) as file:
            file.write(b"ready?")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        reasons.append(f"disk: {error.strerror}")
    return tuple(reasons)


def what_room(workspace: Workspace) -> Room:
    """Return how large the database is, journal of a file included, and what the disk of the folder has left.

    A server that does not answer says nothing: 0.
    """
    free = shutil.disk_usage(workspace.folder).free
    try:
        on_server = size_on_server(workspace.database)
    except StoreUnreachable:
        return Room(database=0, free=free)
    if on_server is not None:
        return Room(database=on_server, free=free)
    files = (workspace.folder / f"buffycoat.db{end}" for end in ("", "-wal"))
    return Room(database=sum(map(_size, files)), free=free)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
