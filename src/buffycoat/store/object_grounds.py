"""What objects lie on: a disk, or any file system that fsspec opens. Paths and bytes; digests are for others."""

from __future__ import annotations

import errno
import os
import uuid
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path
from typing import Any

import fsspec

from buffycoat.domain.value import Digest
from buffycoat.errors import DiskFull, StoreUnreachable
from buffycoat.store.outlasting import to_disk

__all__ = ["Ground", "OnDisk", "OnFsspec"]

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_PREFIX = 2


class Ground(ABC):
    """Where bytes lie under names such as ``ab/cdef…``. What is written is there whole, or not at all."""

    far = True
    """Whether a network may be between: then what fails is tried again, and what was read is kept near."""
    versions_left = 0
    """Older versions of what was removed that could not be removed."""

    @abstractmethod
    def write(self, name: str, content: bytes, digest: Digest) -> None:
        """Put bytes, and compare with what is there then."""

    def settle(self, name: str) -> None:  # noqa: B027 (what a server has acknowledged is its own to keep)
        """Wait until what lies under a name would outlast a power cut; nothing is done where there is none."""

    @abstractmethod
    def read(self, name: str) -> bytes:
        """Return bytes; raises ``FileNotFoundError`` where there are none."""

    @abstractmethod
    def size(self, name: str) -> int | None:
        """Return how many bytes are there; ``None`` where there is nothing."""

    @abstractmethod
    def remove(self, name: str) -> None:
        """Remove bytes; raises ``FileNotFoundError`` where there are none."""

    @abstractmethod
    def listed(self, folder: str) -> dict[str, int]:
        """Return names and sizes in a folder; nothing where there is none."""

    @abstractmethod
    def folders(self) -> list[str]:
        """Return the names of the folders of objects, in order."""

    def sealed(self, name: str) -> Digest | None:  # noqa: ARG002 (few grounds can say)
        """Return the digest that the place itself has reckoned and keeps; ``None`` where it keeps none."""
        return None

    def versioning(self) -> str | None:
        """Return what is known of older versions that the place keeps: ``on``, ``unknown``, or ``None`` for none."""
        return None


class OnDisk(Ground):
    """A folder of this machine, or one that is mounted."""

    far = False

    def __init__(self, root: str) -> None:
        self.root = Path(root)

    def write(self, name: str, content: bytes, digest: Digest) -> None:  # noqa: ARG002 (a disk says when it is full)
        """Write aside and move, so that no half object is ever seen."""
        aside = self.root / "incoming" / uuid.uuid4().hex
        target = self.root / name
        try:
            aside.parent.mkdir(parents=True, exist_ok=True)
            target.parent.mkdir(exist_ok=True)
            aside.write_bytes(content)
            aside.replace(target)
        except OSError as error:
            with suppress(OSError):  # what cannot be written can often not be removed either
                aside.unlink(missing_ok=True)
            raise _named(error, "an object cannot be kept") from error

    def settle(self, name: str) -> None:
        """Wait for the file, for its name in its folder, and for the name of that folder."""
        path = self.root / name
        try:
            for each in (path, path.parent, self.root):
                to_disk(each)
        except FileNotFoundError:
            return
        except OSError as error:
            raise _named(error, "an object cannot be kept") from error

    def read(self, name: str) -> bytes:
        """Return the bytes of a file."""
        try:
            return (self.root / name).read_bytes()
        except FileNotFoundError:
            raise
        except OSError as error:
            raise _named(error, "an object cannot be read") from error

    def size(self, name: str) -> int | None:
        """Return the size of a file."""
        try:
            return os.stat(self.root / name).st_size  # noqa: PTH116 (asked for each object that is put)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _named(error, "an object cannot be looked at") from error

    def remove(self, name: str) -> None:
        """Remove a file; what the system refuses is told as it is."""
        (self.root / name).unlink()

    def listed(self, folder: str) -> dict[str, int]:
        """Return names and sizes of files."""
        try:
            with os.scandir(self.root / folder) as entries:
                return {entry.name: entry.stat().st_size for entry in entries}
        except FileNotFoundError:
            return {}

    def folders(self) -> list[str]:
        """Return folders whose names are as long as the beginning of a digest."""
        if not self.root.is_dir():
            return []
        return sorted(entry.name for entry in os.scandir(self.root) if entry.is_dir() and len(entry.name) == _PREFIX)


def _named(error: OSError, what: str) -> DiskFull | StoreUnreachable:
    found = error.strerror or type(error).__name__
    if error.errno in _FULL:
        return DiskFull(what, expected="room on the disk of objects", found=found)
    return StoreUnreachable(what, expected="a folder that may be read and written", found=found)


class OnFsspec(Ground):
    """Any file system of fsspec that can be written to."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._process = 0
        self._opened: Any = None
        self._root = ""

    @property
    def files(self) -> Any:
        """The file system; opened anew after a fork, which its connections would not outlive."""
        if self._process != os.getpid():
            self._opened, root = self.opened()
            self._root = root.rstrip("/")
            self._process = os.getpid()
        return self._opened

    def opened(self) -> tuple[Any, str]:
        """Open the file system; return it with the path of the place in it."""
        files, root = fsspec.core.url_to_fs(self._address)
        return files, str(root)

    def path(self, name: str) -> str:
        """Return where a name lies."""
        return f"{self._root}/{name}" if self.files is not None else name

    def write(self, name: str, content: bytes, digest: Digest) -> None:  # noqa: ARG002 (compared by size alone)
        """Write aside and move; then look whether all of it is there."""
        files, path, aside = self.files, self.path(name), self.path(f"incoming/{uuid.uuid4().hex}")
        files.makedirs(files._parent(aside), exist_ok=True)  # noqa: SLF001 (fsspec has no other name for it)
        files.makedirs(files._parent(path), exist_ok=True)  # noqa: SLF001 (see above)
        files.pipe_file(aside, content)
        files.mv(aside, path)
        if (found := self.size(name)) != len(content):
            raise OSError(errno.EIO, f"{len(content)} bytes were written, and {found} are there")

    def read(self, name: str) -> bytes:
        """Return the bytes of a file."""
        return bytes(self.files.cat_file(self.path(name)))

    def size(self, name: str) -> int | None:
        """Return the size that the place says."""
        try:
            return int(self.files.info(self.path(name))["size"])
        except FileNotFoundError:
            return None

    def remove(self, name: str) -> None:
        """Remove a file."""
        if self.size(name) is None:
            raise FileNotFoundError(name)
        self.files.rm_file(self.path(name))

    def listed(self, folder: str) -> dict[str, int]:
        """Return names and sizes, asked for anew."""
        return {
            str(entry["name"]).rpartition("/")[2]: int(entry["size"] or 0)
            for entry in self._entries(self.path(folder))
            if entry["type"] == "file"
        }

    def folders(self) -> list[str]:
        """Return folders whose names are as long as the beginning of a digest."""
        names = (
            str(entry["name"]).rstrip("/").rpartition("/")[2]
            for entry in self._entries(self.path("").rstrip("/"))
            if entry["type"] == "directory"
        )
        return sorted(name for name in names if len(name) == _PREFIX)

    def _entries(self, path: str) -> list[dict[str, Any]]:
        self.files.invalidate_cache(path)
        try:
            found: list[dict[str, Any]] = self.files.ls(path, detail=True)
        except FileNotFoundError:
            return []
        return found
