"""A workspace: one folder with the objects that a database speaks of, and the database, or where it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from buffycoat.errors import StoreUnreachable, WorkspaceMissing
from buffycoat.store import Objects
from buffycoat.store.place import Place, open_there, place_of
from buffycoat.store.thumbnails import Thumbnails

__all__ = ["Workspace", "open_workspace"]


class Workspace:
    """An open workspace.

    Attributes
    ----------
    folder : Path
        Holds ``objects/``, ``buffycoat.db`` or, where the rows are elsewhere, ``buffycoat-database.json``, and, where a
        person made it, ``buffycoat.toml``.
    database : Database
        Rows.
    objects : Objects
        Bytes by digest.
    thumbnails : Thumbnails
        Small pictures, drawn once; `thumbnails.db` may be deleted at any time.
    """

    def __init__(self, folder: Path, place: Place | None = None) -> None:
        self.folder = folder
        self.database = open_there(folder, place or place_of(folder))
        self.objects = Objects(str(folder / "objects"))
        self.thumbnails = Thumbnails(folder / "thumbnails.db")

    @property
    def name(self) -> str:
        """Name of the folder."""
        return self.folder.resolve().name

    def close(self) -> None:
        """Give the files back."""
        self.database.close()
        self.thumbnails.close()


@contextmanager
def open_workspace(folder: Path, *, create: bool = False) -> Iterator[Workspace]:
    """Open a workspace, bring its schema up to date, and close it at the end.

    Parameters
    ----------
    folder : Path
        Where it is.
    create : bool
        Make an empty one where there is none.

    Raises
    ------
    WorkspaceMissing
        There is none, and none was to be made.
    InvalidSetting
        Its rows are in the folder, and the surroundings name another database.
    SchemaTooNew
        A newer buffycoat made it.
    StoreUnreachable
        The folder cannot be made or opened, or its database is none of ours.
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
    try:
        yield workspace
    finally:
        workspace.close()
