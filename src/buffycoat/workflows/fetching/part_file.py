"""The bytes of a download so far, and of which version of the file they are; sound after a kill at any moment."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from buffycoat.errors import Conflict

__all__ = ["PartFile", "Version", "write_aside"]

_BLOCK = 1024**2


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """Which version of the file the bytes on the disk are a part of; kept beside them."""

    address: str
    etag: str | None
    last_modified: str | None
    total: int | None

    @property
    def validator(self) -> str | None:
        """What an ``If-Range`` may say: a strong ETag, else a date; a weak ETag promises no equal bytes (RFC 9110)."""
        if self.etag is not None:
            return None if self.etag.startswith("W/") else self.etag
        return self.last_modified


class PartFile:
    """The bytes so far: ``<name>.part``, and ``<name>.part.json`` that says of which version. Held by one process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.beside = path.with_name(f"{path.name}.json")
        self._file: IO[bytes] = path.open("ab", buffering=0)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            mine = path.exists() and os.path.samestat(os.fstat(self._file.fileno()), path.stat())
        except BlockingIOError:
            mine = False
        if not mine:  # held by another process, or renamed by one between our opening and our lock
            self._file.close()
            raise Conflict(
                f"{path.name} is being written by another process", hint="wait for it, or stop it, and try again"
            )
        self._digest = hashlib.sha256()
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                self._digest.update(block)
        self.size = path.stat().st_size
        self.version = self._read_version()

    def _read_version(self) -> Version | None:
        try:
            return Version(**json.loads(self.beside.read_bytes()))
        except (OSError, ValueError, TypeError):
            return None  # killed before it was written: the part is worth nothing, and a fresh start replaces it

    def restart(self, version: Version | None) -> None:
        """Forget the bytes. Emptied before the version is written, so that a kill leaves no part of another version."""
        self._file.truncate(0)
        self._digest, self.size, self.version = hashlib.sha256(), 0, version
        if version is not None:
            write_aside(self.beside, json.dumps(asdict(version)).encode())

    def add(self, chunk: bytes) -> None:
        """Append."""
        view = memoryview(chunk)
        while view:
            view = view[self._file.write(view) :]
        self._digest.update(chunk)
        self.size += len(chunk)

    @property
    def sha256(self) -> str:
        """Digest of the bytes so far."""
        return self._digest.hexdigest()

    def settle(self) -> None:
        """Have the disk confirm the bytes."""
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Give the file back; where nothing came, leave nothing."""
        if not self.size:
            self.path.unlink(missing_ok=True)
            self.beside.unlink(missing_ok=True)
        self._file.close()


def write_aside(path: Path, content: bytes) -> None:
    """Write a small file so that a kill leaves the old one or the new one."""
    aside = path.with_name(f".{path.name}.incoming")
    with aside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
