"""A folder or a zip archive as a list of named files, read one at a time."""

from __future__ import annotations

import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Final

from buffycoat.domain.value import value
from buffycoat.errors import UnreadableFile

__all__ = ["MAX_TEXT_BYTES", "Source", "SourceFile", "open_source"]

MAX_TEXT_BYTES: Final = 256 * 2**20
"""Largest file of labels or tables that is read: a whole set in one COCO file is far smaller."""
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError)
_HIDDEN: Final = frozenset({"__macosx", "thumbs.db", "desktop.ini"})


@value
class SourceFile:
    """A file of a source: its name from the source down, with slashes, its size in bytes, and how to read it.

    ``read(most)`` raises ``UnreadableFile`` where the bytes cannot be had or are more than ``most``.
    """

    name: str
    size: int
    read: Callable[[int], bytes]

    @property
    def stem(self) -> str:
        """The name without its ending."""
        return self.name.removesuffix(self.ending)

    @property
    def ending(self) -> str:
        """The ending as it is spelled, with its dot; ``""`` without one."""
        return PurePosixPath(self.name).suffix


class Source:
    """Files by name.

    Attributes
    ----------
    name : str
        Name of the folder or archive, for people.
    files : dict of str to SourceFile
        Sorted by name; hidden files and what an operating system leaves behind are not in it.
    """

    def __init__(self, name: str, files: Iterator[SourceFile]) -> None:
        self.name = name
        self.files = {file.name: file for file in sorted(files, key=lambda file: file.name)}

    def by_ending(self, *endings: str) -> list[SourceFile]:
        """Return the files with one of these endings, in any case, by name."""
        return [file for file in self.files.values() if file.name.casefold().endswith(endings)]

    def read(self, name: str, *, most: int = MAX_TEXT_BYTES) -> bytes:
        """Return the bytes of a file.

        Raises
        ------
        UnreadableFile
            There is no such file, or its bytes cannot be had, or are more than ``most``.
        """
        if name not in self.files:
            raise UnreadableFile(f"{name} is not in {self.name}", expected="a file of this name", found="nothing there")
        return self.files[name].read(most)


@contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """Open a folder, a zip archive or a single file as a source; nothing is unpacked onto the disk.

    Raises
    ------
    UnreadableFile
        Nothing is there, or the archive cannot be opened.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "a.json").write_text("{}")
    ...     with open_source(Path(folder)) as source:
    ...         list(source.files), source.read("a.json")
    (['a.json'], b'{}')
    """
    if path.is_dir():
        yield Source(path.name, _walk(path))
    elif path.is_file() and path.suffix.casefold() == ".zip":
        try:
            archive = zipfile.ZipFile(path)
        except _BROKEN as error:
            raise UnreadableFile(f"{path.name} cannot be opened", expected="a zip archive", found=str(error)) from error
        with archive:
            yield Source(path.name, _members(archive))
    elif path.is_file():
        yield Source(path.name, iter([_file(path, path.name, path.stat().st_size)]))
    else:
        raise UnreadableFile(f"{path.name} cannot be read", expected="a folder, a zip or a file", found="nothing there")


def _wanted(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return not any(part.startswith(".") or part.casefold() in _HIDDEN for part in parts)


def _too_large(name: str, size: int, most: int) -> UnreadableFile:
    return UnreadableFile(f"{name} is too large", expected=f"at most {most:,} bytes", found=f"{size:,} bytes")


def _file(path: Path, name: str, size: int) -> SourceFile:
    def read(most: int) -> bytes:
        try:
            with open(path, "rb", buffering=0) as file:  # noqa: PTH123 (twice as fast as Path.open, over thousands)
                content = file.read(most + 1) if size > most else file.readall()
        except OSError as error:
            reason = (error.strerror or type(error).__name__).lower()
            raise UnreadableFile(f"{name} cannot be read", expected="a file", found=reason) from error
        if len(content) > most:
            raise _too_large(name, size, most)
        return content

    return SourceFile(name=name, size=size, read=read)


def _walk(folder: Path) -> Iterator[SourceFile]:
    for where, below, names in os.walk(folder):
        below[:] = [name for name in below if _wanted(name)]
        start = Path(where).relative_to(folder).as_posix()
        for name in names:
            if not _wanted(name):
                continue
            path = Path(where, name)
            try:
                facts = path.stat()
            except OSError:
                facts = None
            if facts is None or stat.S_ISREG(facts.st_mode):
                yield _file(path, name if start == "." else f"{start}/{name}", facts.st_size if facts else 0)


def _members(archive: zipfile.ZipFile) -> Iterator[SourceFile]:
    for member in archive.infolist():
        name = member.filename.replace("\\", "/")
        if not member.is_dir() and _wanted(name) and not name.startswith("/"):
            yield _member(archive, member, name)


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> SourceFile:
    def read(most: int) -> bytes:
        if member.file_size > most:
            raise _too_large(name, member.file_size, most)
        try:
            content = archive.read(member)
        except _BROKEN as error:
            raise UnreadableFile(f"{name} cannot be read", expected="a sound archive", found=str(error)) from error
        return content

    return SourceFile(name=name, size=member.file_size, read=read)
