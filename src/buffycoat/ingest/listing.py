"""What is in a folder, a zip archive, or a single file: photographs, and what is passed over and why.

Nothing is dropped in silence: a file is an entry, or it is passed over with a reason. An entry that cannot be read
says so when it is read, so that one bad file does not stop the others.
"""

from __future__ import annotations

import contextlib
import os
import stat
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from buffycoat.domain.value import value
from buffycoat.errors import ImageTooLarge, UnreadableFile
from buffycoat.formats.members import BROKEN, read_member
from buffycoat.imaging.codecs import MAX_BYTES, read_bytes
from buffycoat.imaging.formats import PHOTOGRAPHS, PICTURES_REFUSED, sniff

__all__ = ["Entry", "Listing", "PassedOver", "list_photographs"]

_HEAD: Final = 64
_WORKSPACE: Final = frozenset({"buffycoat.db", "buffycoat-database.json"})
_PICTURE_ENDINGS: Final = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".tif", ".tiff", ".bmp", ".dib", ".heic", ".heif", ".hif"}
    | {".gif", ".webp", ".avif", ".jxl", ".jp2", ".psd", ".dng", ".cr2", ".cr3", ".nef", ".arw", ".orf", ".rw2", ".raf"}
)
_SYSTEM: Final = frozenset({"thumbs.db", "desktop.ini", "__macosx", "@eadir", "$recycle.bin"})
_PATH_FIELD: Final = 0x7075


@value
class Entry:
    """A photograph, or what may be one: its name from the source down, its size in bytes, and how to read it.

    ``read`` raises ``UnreadableFile`` or ``ImageTooLarge`` where the bytes cannot be had.
    """

    name: str
    size: int
    read: Callable[[], bytes]


@value
class PassedOver:
    """A file or folder that is no photograph, and why."""

    name: str
    reason: str


@value
class Listing:
    """What a source holds, in the order of names."""

    entries: tuple[Entry, ...]
    passed_over: tuple[PassedOver, ...]


def list_photographs(source: Path) -> Listing:
    """List the photographs of a folder and the folders in it, of a zip archive, or of one file.

    Links are followed, each folder once. Names are kept as they are, in any script.

    Parameters
    ----------
    source : Path
        A folder, an archive, or a file.

    Returns
    -------
    Listing
        Entries and passed over files, sorted by name.

    Raises
    ------
    UnreadableFile
        Where the source does not exist, or is an archive that cannot be opened.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "a.jpg").write_bytes(b"...")
    ...     _ = (Path(folder) / "notes.txt").write_text("dear diary")
    ...     listing = list_photographs(Path(folder))
    >>> [entry.name for entry in listing.entries], [file.reason for file in listing.passed_over]
    (['a.jpg'], ['text, no photograph'])
    """
    if _is_folder(source):
        found = list(_walk(source))
    elif _is_archive(source):
        found = list(_unpack(source))
    elif source.is_symlink() or source.exists():
        found = [_judge(source, source.name)]
    else:
        raise UnreadableFile(f"{source.name} cannot be read", expected="a folder or file", found="nothing there")
    found.sort(key=lambda item: item.name)
    entries = tuple(item for item in found if isinstance(item, Entry))
    passed = tuple(item for item in found if isinstance(item, PassedOver))
    return Listing(entries=entries, passed_over=passed)


def _refuse(name: str, expected: str, found: str) -> Entry:
    """Return an entry that cannot be read."""

    def read() -> bytes:
        raise UnreadableFile(f"{name} cannot be read", expected=expected, found=found)

    return Entry(name=name, size=0, read=read)


def _unwanted(name: str) -> str:
    """Say why a name is passed over whatever it holds; ``""`` where it is not."""
    parts = PurePosixPath(name).parts
    if any(part.casefold() in _SYSTEM for part in parts):
        return "kept by the operating system, not by a person"
    return "hidden" if any(part.startswith(".") for part in parts) else ""


def _no_photograph(name: str, head: bytes) -> str:
    """Say why a file is plainly no photograph, by its ending and first bytes; ``""`` where it may be one."""
    kind = sniff(head)
    if _has_picture_ending(name) or kind in PHOTOGRAPHS or kind in PICTURES_REFUSED:
        return ""
    if kind == "ZIP":
        return "an archive: add it by itself"
    return f"{kind}, no photograph" if kind else "no photograph by name or content"


def _has_picture_ending(name: str) -> bool:
    return PurePosixPath(name).suffix.casefold() in _PICTURE_ENDINGS


# ------------------------------------------------------------------- folders


def _walk(source: Path) -> Iterator[Entry | PassedOver]:
    """Yield what is below a folder, each real folder once, however links lead to it."""
    seen: set[tuple[int, int]] = set()
    folders, links = [(source, "")], list[tuple[Path, str]]()
    while folders or links:
        folder, name = folders.pop() if folders else links.pop(0)
        try:
            facts = folder.stat()
            members = sorted(folder.iterdir())
        except OSError as error:
            yield _refuse(name or source.name, "a folder", _system_reason(error))
            continue
        if (facts.st_dev, facts.st_ino) in seen:
            yield PassedOver(name=name, reason="a link to a folder that is listed already")
            continue
        seen.add((facts.st_dev, facts.st_ino))
        if any(member.name in _WORKSPACE for member in members):
            yield PassedOver(name=name or source.name, reason="a workspace, not photographs")
            continue
        for member in members:
            below = f"{name}/" * bool(name) + os.fsencode(member.name).decode("utf-8", "backslashreplace")
            if reason := _unwanted(below):
                yield PassedOver(name=below, reason=reason)
            elif _is_folder(member):
                (links if member.is_symlink() else folders).append((member, below))
            else:
                yield _judge(member, below)


def _is_folder(path: Path) -> bool:
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except (OSError, ValueError):
        return False


def _judge(path: Path, name: str) -> Entry | PassedOver:
    """Tell a photograph from another file; what cannot be looked at is an entry, and says why when it is read."""
    try:
        facts = path.stat()
        if stat.S_ISREG(facts.st_mode) and not _has_picture_ending(name):
            with path.open("rb") as file:
                head = file.read(_HEAD)
            if reason := _no_photograph(name, head):
                return PassedOver(name=name, reason=reason)
    except OSError as error:
        return _refuse(name, "a file", _system_reason(error))
    return Entry(name=name, size=facts.st_size, read=lambda: read_bytes(path, name=name))


def _system_reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()


# ------------------------------------------------------------------ archives


def _is_archive(source: Path) -> bool:
    """Tell by the first bytes: a photograph may have an archive appended."""
    try:
        if not stat.S_ISREG(source.stat().st_mode):
            return False
        with source.open("rb") as file:
            return sniff(file.read(_HEAD)) == "ZIP"
    except (OSError, ValueError):
        return False


def _unpack(source: Path) -> Iterator[Entry | PassedOver]:
    """Yield the members of an archive; nothing is unpacked before it is read, and never onto the disk."""
    try:
        archive = zipfile.ZipFile(source)
    except BROKEN as error:
        raise UnreadableFile(f"{source.name} cannot be opened", expected="a zip archive", found=str(error)) from error
    seen: set[str] = set()
    for member in archive.infolist():
        name = _member_name(member)
        if member.is_dir():
            continue
        if name in seen:
            yield PassedOver(name=name, reason="a second member of this name")
            continue
        seen.add(name)
        yield _judge_member(archive, member, name)


def _judge_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> Entry | PassedOver:
    parts = PurePosixPath(name).parts
    if ".." in parts or name.startswith("/") or ":" in name.partition("/")[0]:
        return _refuse(name, "a name inside the archive", "a name that leads out of it")
    if stat.S_ISLNK(member.external_attr >> 16):
        return _refuse(name, "a file", "a link inside the archive")
    if reason := _unwanted(name):
        return PassedOver(name=name, reason=reason)
    if member.flag_bits & 1:
        return _refuse(name, "a member without password", "an encrypted one")

    def read(most: int = MAX_BYTES) -> bytes:
        if most == MAX_BYTES and member.file_size > most:
            size = f"{member.file_size:,} bytes"
            raise ImageTooLarge(f"{name} is too large", expected=f"at most {most:,} bytes", found=size)
        return read_member(archive, member, name=name, most=most)

    if not _has_picture_ending(name):
        try:
            if reason := _no_photograph(name, read(_HEAD)):
                return PassedOver(name=name, reason=reason)
        except UnreadableFile as error:
            return _refuse(name, error.expected, error.found)
    return Entry(name=name, size=member.file_size, read=read)


def _member_name(member: zipfile.ZipInfo) -> str:
    """Return a member's name as it was meant.

    Archives that do not say that their names are UTF-8 are read as code page 437, though most are UTF-8 all the same.
    """
    name = member.filename
    if not member.flag_bits & 0x800:
        name = _unicode_path(member.extra) or name
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


def _unicode_path(extra: bytes) -> str:
    """Return the name from Info-ZIP's extra field, ``""`` without one."""
    while len(extra) >= 4:
        kind, size = int.from_bytes(extra[:2], "little"), int.from_bytes(extra[2:4], "little")
        if kind == _PATH_FIELD:
            return extra[9 : 4 + size].decode("utf-8", "ignore")
        extra = extra[4 + size :]
    return ""
