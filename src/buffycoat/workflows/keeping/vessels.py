"""Where a backup lies: a folder, which is added to each time, or a zip, which is written anew."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from pydantic import TypeAdapter, ValidationError

from buffycoat.domain.keeping import Manifest
from buffycoat.domain.value import Digest
from buffycoat.errors import (
    BuffycoatError,
    DigestMismatch,
    NotFound,
    UnreadableFile,
    UnreadableFormat,
    UnwritableFile,
)
from buffycoat.store.outlasting import to_disk

__all__ = ["FORMAT", "FolderWriter", "Vessel", "ZipWriter", "copied", "opened_vessel", "packs", "written"]

FORMAT: Final = "buffycoat-backup-1"
MANIFEST: Final = "manifest.json"
_PIECE: Final = 1 << 20
_MOST_MANIFEST: Final = 1 << 20
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_MANIFEST: Final = TypeAdapter(Manifest)


def packs(path: Path) -> bool:
    """Say whether a backup of that name is a zip."""
    return path.suffix.casefold() == ".zip"


def place_of(digest: Digest) -> str:
    """Return where bytes lie in a backup: under their digest, so that what is there is never copied twice."""
    return f"objects/{digest[:2]}/{digest[2:]}"


@contextmanager
def written(
    what: str, *, hint: str = "free some space or name another place; the same command goes on"
) -> Iterator[None]:
    """Tell what the operating system refuses as an error of ours.

    Raises
    ------
    UnwritableFile
        The disk is full, the folder is read only, or anything else of the kind.
    """
    try:
        yield
    except OSError as error:
        if isinstance(error, BuffycoatError):
            raise
        raise UnwritableFile(f"{what} cannot be written", found=error.strerror or str(error), hint=hint) from error


def copied(source: BinaryIO, write: Callable[[bytes], object]) -> tuple[Digest, int]:
    """Copy bytes piece by piece; return their digest and how many there were."""
    digest, size = hashlib.sha256(), 0
    while piece := source.read(_PIECE):
        digest.update(piece)
        size += len(piece)
        write(piece)
    return digest.hexdigest(), size


class Vessel(ABC):
    """A backup that is read. Its own names decide nothing: bytes are asked for by their digest."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @abstractmethod
    def open(self, name: str) -> BinaryIO:
        """Open one file of it; raises ``KeyError`` or ``FileNotFoundError`` where there is none."""

    @abstractmethod
    def close(self) -> None:
        """Give the file back."""

    def manifest(self) -> tuple[Manifest, Digest]:
        """Return what the backup says of itself, and the digest of that.

        Raises
        ------
        NotFound
            There is none: no backup, or one that was never finished.
        UnreadableFormat
            It is none that this program reads.
        """
        try:
            with self.open(MANIFEST) as file:
                content = file.read(_MOST_MANIFEST)
        except (KeyError, FileNotFoundError, NotADirectoryError) as error:
            raise NotFound(
                f"{self.path.name} is no finished backup",
                expected=MANIFEST,
                found="none",
                hint="a backup that was interrupted is finished by the same `buffycoat backup` again",
            ) from error
        except (OSError, zipfile.BadZipFile) as error:
            raise UnreadableFile(f"{MANIFEST} of {self.path.name} cannot be read", found=str(error)) from error
        try:
            manifest = _MANIFEST.validate_json(content)
        except ValidationError as error:
            first = error.errors()[0]
            raise UnreadableFormat(
                f"{MANIFEST} of {self.path.name} is damaged",
                expected=first["msg"],
                found=".".join(map(str, first["loc"])) or "no JSON",
                hint="take another backup",
            ) from error
        if manifest.format != FORMAT:
            raise UnreadableFormat(
                f"{self.path.name} is a backup of another form", expected=FORMAT, found=manifest.format[:80]
            )
        return manifest, hashlib.sha256(content).hexdigest()

    @contextmanager
    def bytes_of(self, digest: Digest, path: str) -> Iterator[BinaryIO]:
        """Open what lies under a digest, and tell what is wrong with it as errors of ours.

        Raises
        ------
        DigestMismatch
            Nothing lies there, or it cannot be read to its end.
        """
        if not _DIGEST.fullmatch(digest):
            raise DigestMismatch(f"the list of {self.path.name} names no digest for {path}", found=digest[:80])
        try:
            file = self.open(place_of(digest))
        except (KeyError, FileNotFoundError, NotADirectoryError) as error:
            raise DigestMismatch(
                f"{path} is missing from the backup", expected=digest, found="nothing", hint="take another backup"
            ) from error
        with file:
            try:
                yield file
            except (zipfile.BadZipFile, EOFError) as error:
                raise DigestMismatch(
                    f"{path} in the backup is damaged", expected=digest, found=str(error), hint="take another backup"
                ) from error


class _Folder(Vessel):
    def open(self, name: str) -> BinaryIO:
        return (self.path / name).open("rb")

    def close(self) -> None:
        pass


class _Zip(Vessel):
    def __init__(self, path: Path) -> None:
        super().__init__(path)
        try:
            self._zip = zipfile.ZipFile(path)
        except FileNotFoundError as error:
            raise NotFound(f"there is no backup {path.name}", found="nothing") from error
        except OSError as error:
            raise UnreadableFile(f"{path.name} cannot be read", found=error.strerror or "") from error
        except zipfile.BadZipFile as error:
            raise UnreadableFormat(
                f"{path.name} is no whole zip",
                found=str(error),
                hint="it was cut short or damaged: take another backup",
            ) from error

    def open(self, name: str) -> BinaryIO:
        return self._zip.open(name)  # type: ignore[return-value]  # reads bytes like any file

    def close(self) -> None:
        self._zip.close()


@contextmanager
def opened_vessel(path: Path) -> Iterator[Vessel]:
    """Open a backup to read.

    Raises
    ------
    NotFound
        There is nothing of this name.
    UnreadableFormat
        It is a file, and no zip that is whole.
    UnreadableFile
        The operating system refused.
    """
    if not path.exists():
        raise NotFound(
            f"there is no backup {path.name}", found="nothing", hint="name the folder or the zip of a backup"
        )
    vessel = _Folder(path) if path.is_dir() else _Zip(path)
    try:
        yield vessel
    finally:
        vessel.close()


# ------------------------------------------------------------------ writing


class FolderWriter:
    """A folder that is added to; what it held before stays good until the new manifest is in its place."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.aside = path / ".incoming"
        with written(path.name):
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
            shutil.rmtree(self.aside, ignore_errors=True)
            self.aside.mkdir(mode=0o700)

    def has(self, digest: Digest) -> bool:
        """Say whether bytes are there, whole; what is damaged is as good as missing."""
        try:
            with (self.path / place_of(digest)).open("rb") as file:
                return copied(file, len)[0] == digest
        except OSError:
            return False

    def put(self, source: BinaryIO, name: str) -> tuple[Digest, int]:
        """Copy bytes in, under the digest that they turn out to have."""
        aside = self.aside / "copied"
        with written(name), aside.open("wb") as file:
            digest, size = copied(source, file.write)
        target = self.path / place_of(digest)
        with written(name):
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            aside.replace(target)
        return digest, size

    def finish(self, manifest: bytes, keep: Collection[Digest]) -> int:
        """Put the manifest in place, then remove what it does not name; return how many objects that were."""
        with written(MANIFEST):
            os.sync()  # all that was copied: asked of each file, it would take longer than the copying
            aside = self.aside / MANIFEST
            aside.write_bytes(manifest)
            to_disk(aside)
            aside.replace(self.path / MANIFEST)
            to_disk(self.path)
        removed = 0
        for found in (self.path / "objects").glob("[0-9a-f][0-9a-f]/*"):
            digest = found.parent.name + found.name
            if _DIGEST.fullmatch(digest) and digest not in keep:
                found.unlink()
                removed += 1
        return removed

    def close(self) -> None:
        """Leave nothing half behind."""
        shutil.rmtree(self.aside, ignore_errors=True)


class ZipWriter:
    """A zip that is written aside and moved into place when it is whole."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with written(path.name):
            path.parent.mkdir(parents=True, exist_ok=True)
            self.aside = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=".incoming", dir=path.parent))
            self._zip = zipfile.ZipFile(self.aside / "zip", "w")
        self._there: set[Digest] = set()

    def has(self, digest: Digest) -> bool:
        """Say whether bytes are in it."""
        return digest in self._there

    def put(self, source: BinaryIO, name: str) -> tuple[Digest, int]:
        """Copy bytes in: aside first, as their digest is their name."""
        aside = self.aside / "copied"
        with written(name):
            with aside.open("wb") as file:
                digest, size = copied(source, file.write)
            if digest not in self._there:
                self._zip.write(aside, place_of(digest))  # pictures do not get smaller
                self._there.add(digest)
        return digest, size

    def finish(self, manifest: bytes, keep: Collection[Digest]) -> int:  # noqa: ARG002 (a zip holds nothing from before)
        """Write the manifest last, and move the whole into place."""
        with written(self.path.name):
            self._zip.writestr(MANIFEST, manifest)
            self._zip.close()
            whole = self.aside / "zip"
            whole.chmod(0o600)
            to_disk(whole)
            whole.replace(self.path)
            to_disk(self.path.parent)
        return 0

    def close(self) -> None:
        """Leave nothing half behind."""
        with suppress(OSError, ValueError):  # it wants to write its end, on a disk that may be full
            self._zip.close()
        shutil.rmtree(self.aside, ignore_errors=True)
