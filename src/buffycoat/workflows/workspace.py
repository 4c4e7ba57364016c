"""A workspace: one folder with a database and the objects it speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from buffycoat.errors import StoreUnreachable, WorkspaceMissing
from buffycoat.store import Database, Objects

__all__ = ["Workspace", "open_workspace"]


class Workspace:
    """An open workspace.

    Attributes
    ----------
    folder : Path
        Holds ``buffycoat.db``, ``objects/`` and, where a person made it, ``buffycoat.toml``.
    database : Database
        Rows.
    objects : Objects
        Bytes by digest.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = Database(f"sqlite:///{folder / 'buffycoat.db'}")
        self.objects = Objects(str(folder / "objects"))

    @property
    def name(self) -> str:
        """Name of the folder."""
        return self.folder.resolve().name

    def close(self) -> None:
        """Give the files back."""
        self.database.close()


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
    SchemaTooNew
        A newer buffycoat made it.
    StoreUnreachable
        The folder cannot be made or opened, or its database is none of ours.
    """
    try:
        if not (folder / "buffycoat.db").is_file():
            if not create:
                raise WorkspaceMissing(
                    "there is no workspace in this folder", expected="a folder with buffycoat.db", found=folder.name
                )
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnreachable(
            f"{folder.name} cannot be a workspace", expected="a folder that may be written", found=error.strerror or ""
        ) from error
    workspace = Workspace(folder)
    try:
        yield workspace
    finally:
        workspace.close()
