"""A workspace: one folder with the objects that a database speaks of and the database, or where they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from buffycoat.errors import StoreUnreachable, WorkspaceMissing
from buffycoat.store.object_place import KeptObjects, begin_elsewhere, given_objects
from buffycoat.store.place import Place, identity_of, open_there, place_of
from buffycoat.store.thumbnails import Thumbnails
from buffycoat.workflows.engine import SERIAL, Engine

__all__ = ["Workspace", "open_workspace"]


class Workspace:
    """An open workspace.

    Attributes
    ----------
    folder : Path
        Holds ``objects/`` or, where they are elsewhere, ``buffycoat-objects.json``; ``buffycoat.db`` or, where the rows
        are elsewhere, ``buffycoat-database.json``; and, where a person made it, ``buffycoat.toml``.
    database : Database
        Rows.
    objects : KeptObjects
        Bytes by digest.
    thumbnails : Thumbnails
        Small pictures, drawn once; `thumbnails.db` may be deleted at any time.
    engine : Engine
        Where long work is computed.
    """

    def __init__(self, folder: Path, place: Place | None = None, *, objects_inside: bool = False) -> None:
        self.folder = folder
        self.engine: Engine = SERIAL
        place = place or place_of(folder)
        elsewhere = None if place.there or objects_inside else given_objects()
        self.database = open_there(folder, place)
        try:
            if elsewhere is not None:
                begin_elsewhere(folder, elsewhere, lambda: identity_of(self.database)[0])
            self.objects = KeptObjects(folder, inside=objects_inside)
        except BaseException:
            self.database.close()
            raise
        self.thumbnails = Thumbnails(folder / "thumbnails.db")

    @property
    def name(self) -> str:
        """Name of the folder."""
        return self.folder.resolve().name

    def close(self) -> None:
        """Give the files back, and leave the engine."""
        self.engine.close()
        self.database.close()
        self.thumbnails.close()


@contextmanager
def open_workspace(folder: Path, *, create: bool = False, engine: Engine = SERIAL) -> Iterator[Workspace]:
    """Open a workspace, bring its schema up to date, and close it at the end.

    Parameters
    ----------
    folder : Path
        Where it is.
    create : bool
        Make an empty one where there is none.
    engine : Engine
        Where long work is computed; this process without any. It is left when the workspace is closed.

    Raises
    ------
    WorkspaceMissing
        There is none, and none was to be made.
    InvalidSetting
        Its rows or objects are in the folder, and the surroundings name another place.
    SchemaTooNew
        A newer buffycoat made it.
    StoreUnreachable
        The folder cannot be made or opened, its database is none of ours, or the place of its objects is another's.
    """
    try:
        place = place_of(folder)
        if not place.there:
            if not create:
                raise WorkspaceMissing(
                    "there is no workspace in this folder", expected="a folder with buffycoat.db", found=folder.name
                )
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnreachable(
            f"{folder.name} cannot be a workspace", expected="a folder that may be written", found=error.strerror or ""
        ) from error
    workspace = Workspace(folder, place)
    workspace.engine = engine
    try:
        yield workspace
    finally:
        workspace.close()
