"""Where a site is written: aside, and in its place only once it is whole."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from buffycoat.errors import AlreadyExists, BuffycoatError, InputError, UnwritableFile

__all__ = ["site_folder"]

_ASIDE: Final = ".site.incoming"
_PAGE: Final = "index.html"


@contextmanager
def site_folder(out: Path, /, *, releases: Sequence[Path]) -> Iterator[Path]:
    """Give a fresh folder to write a site into; its entries are moved to ``out`` at the end, unless an error is raised.

    An empty folder that is there already stays the folder it is, be it the current one, a mounted disk or behind a
    link: the site is written within it, so that nothing is moved from one file system to another.

    Parameters
    ----------
    out : Path
        A folder that is not there yet, or empty. What an interrupted attempt left behind is cleared away.
    releases : sequence of Path
        Folders that nothing may be written into.

    Yields
    ------
    Path
        Where to write.

    Raises
    ------
    InputError
        ``out`` is one of the releases, or lies within one.
    AlreadyExists
        Something lies in ``out``.
    UnwritableFile
        The system refuses to make, clear or move a file.
    """
    try:
        folder = out.resolve()
        for sealed in (each.resolve() for each in releases):
            if folder.is_relative_to(sealed):
                raise InputError(
                    "the site would lie in a sealed release, and break its seal",
                    found=out.name,
                    hint="choose a folder outside of the release",
                )
        there = folder.exists()
        if there and (not folder.is_dir() or any(entry.name != _ASIDE for entry in folder.iterdir())):
            raise AlreadyExists("something lies where the site belongs", found=out.name, hint="choose another folder")
        aside = folder / _ASIDE if there else folder.with_name(f".{folder.name}{_ASIDE}")
        if any(each.resolve().is_relative_to(aside) for each in releases):
            raise AlreadyExists("a release lies where the site is written first", found=aside.name)
        if aside.exists():
            shutil.rmtree(aside)
        aside.mkdir(parents=True)
        try:
            yield aside
            _move(aside, folder, there=there)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    except BuffycoatError:
        raise  # one of them is an error of the system too
    except OSError as error:
        raise UnwritableFile(f"{out.name or 'the folder'} cannot take the site", found=error.strerror or "") from error


def _move(aside: Path, folder: Path, *, there: bool) -> None:
    if not there:
        aside.rename(folder)
        return
    # The page itself comes last: whoever looks meanwhile finds none rather than half of one.
    for entry in sorted(aside.iterdir(), key=lambda entry: (entry.name == _PAGE, entry.name)):
        entry.rename(folder / entry.name)
