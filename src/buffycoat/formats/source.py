"""A folder or a zip archive as a list of named files, read one at a time."""

from __future__ import annotations

import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from mmap import ACCESS_READ, mmap
from pathlib import Path, PurePosixPath
from typing import Final

from buffycoat.domain.value import value
from buffycoat.errors import UnreadableFile
from buffycoat.formats.members import BROKEN, read_member

__all__ = ["MAX_TEXT_BYTES", "Source", "SourceFile", "open_source"]

MAX_TEXT_BYTES: Final = 256 * 2**20
"""Largest file of labels or tables that is read: a whole set in one COCO file is far smaller."""
MAX_MEMBERS: Final = 2_000_000
"""Most files of an archive: more than that is no set of photographs, and their list alone fills the memory."""
_HEADER: Final = struct.Struct("<26xHH")
_ENCRYPTED: Final = 1
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
        yield Source(path.name, _walk(str(path)))
    elif path.is_file() and path.suffix.casefold() == ".zip":
        try:
            archive = zipfile.ZipFile(path)
        except BROKEN as error:
            raise UnreadableFile(f"{path.name} cannot be opened", expected="a zip archive", found=str(error)) from error
        with archive, path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
            yield Source(path.name, _members(archive, content))
    elif path.is_file():
        yield Source(path.name, iter([_file(str(path), path.name, path.stat().st_size)]))
    else:
        raise UnreadableFile(f"{path.name} cannot be read", expected="a folder, a zip or a file", found="nothing there")


def _wanted(name: str) -> bool:
    return not name.startswith(".") and name.casefold() not in _HIDDEN


def _too_large(name: str, size: int, most: int) -> UnreadableFile:
    return UnreadableFile(f"{name} is too large", expected=f"at most {most:,} bytes", found=f"{size:,} bytes")


def _file(path: str, name: str, size: int) -> SourceFile:
    def read(most: int) -> bytes:
        try:
            # Not Path.open: over thousands of small files its extra calls to the system cost as much again.
            file = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
            try:
                asked = min(size, most) + 1
                content = os.read(file, asked)
                while asked <= len(content) <= most and (more := os.read(file, most + 1 - len(content))):
                    content += more  # it has grown since it was listed
            finally:
                os.close(file)
        except OSError as error:
            reason = (error.strerror or type(error).__name__).lower()
            raise UnreadableFile(f"{name} cannot be read", expected="a file", found=reason) from error
        if len(content) > most:
            raise _too_large(name, max(size, len(content)), most)
        return content

    return SourceFile(name=name, size=size, read=read)


def _walk(folder: str, start: str = "") -> Iterator[SourceFile]:
    """Yield the regular files below a folder; links to folders are not followed."""
    try:
        entries = list(os.scandir(folder))
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise UnreadableFile(f"{start or folder} cannot be listed", expected="a folder", found=reason) from error
    for entry in entries:
        if not _wanted(entry.name):
            continue
        try:
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(entry.path, f"{start}{entry.name}/")
                continue
            facts = entry.stat()
        except OSError:  # what cannot be looked at says so when it is read
            yield _file(entry.path, start + entry.name, 0)
            continue
        if stat.S_ISREG(facts.st_mode):
            yield _file(entry.path, start + entry.name, facts.st_size)


def _members(archive: zipfile.ZipFile, content: mmap) -> Iterator[SourceFile]:
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise UnreadableFile(
            "the archive holds too many files", expected=f"at most {MAX_MEMBERS:,}", found=f"{len(members):,}"
        )
    for member in members:
        name = member.filename.replace("\\", "/")
        if not name:
            raise UnreadableFile(
                "the archive is damaged", expected="a name for each file", found="one without", hint="pack it again"
            )
        if name.startswith("/") or ".." in name.split("/") or ":" in name.partition("/")[0]:
            raise UnreadableFile(
                "the archive holds a name that leads out of it", expected="names inside it", found=repr(name[:80])
            )
        if not member.is_dir() and all(map(_wanted, name.split("/"))):
            yield _member(archive, content, member, name)


def _member(archive: zipfile.ZipFile, content: mmap, member: zipfile.ZipInfo, name: str) -> SourceFile:
    def read(most: int) -> bytes:
        if member.file_size > most:
            raise _too_large(name, member.file_size, most)
        plain = _unpack(content, member)
        if plain is not None:
            return plain
        return read_member(archive, member, name=name, most=most)

    return SourceFile(name=name, size=member.file_size, read=read)


def _unpack(content: mmap, member: zipfile.ZipInfo) -> bytes | None:
    """Return a plain member of an archive, checked; ``None`` for whatever is unusual, which ``zipfile`` then judges.

    ``zipfile`` asks the system three times where it stands for each member, which over many small files takes longer
    than to read them.
    """
    start = member.header_offset
    header = content[start : start + _HEADER.size]
    if member.flag_bits & _ENCRYPTED or len(header) < _HEADER.size or header[:4] != b"PK\x03\x04":
        return None
    name_length, extra_length = _HEADER.unpack(header)
    start += _HEADER.size + name_length + extra_length
    packed = content[start : start + member.compress_size]
    if member.compress_type == zipfile.ZIP_STORED:
        plain = packed
    elif member.compress_type == zipfile.ZIP_DEFLATED:
        try:
            plain = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, member.file_size + 1)
        except zlib.error:
            return None
    else:
        return None
    return plain if len(plain) == member.file_size and zlib.crc32(plain) == member.CRC else None
