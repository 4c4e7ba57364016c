"""A backup: the database as it is at one moment, then every object that it speaks of, then all other files."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import datetime
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, Final

import orjson
from pydantic import TypeAdapter

from buffycoat.domain.keeping import BackupSummary, Manifest, Stored
from buffycoat.domain.value import Digest, digest_of
from buffycoat.errors import AlreadyExists, InputError, UnreadableFile, UnwritableFile, WorkspaceMissing
from buffycoat.store.copying import DatabaseFacts, copy_database, facts_of_database, objects_of, opened_to_read
from buffycoat.store.database import Database
from buffycoat.store.gathering import gather_rows
from buffycoat.store.object_place import CACHE, OBJECTS_POINTER, KeptObjects
from buffycoat.store.objects import name_of
from buffycoat.store.place import POINTER, identity_of, place_of
from buffycoat.version import VERSION
from buffycoat.workflows.capturing.half import FOLDER as UPLOADS
from buffycoat.workflows.keeping.turns import together
from buffycoat.workflows.keeping.vessels import FORMAT, FolderWriter, ZipWriter, copied, opened_vessel, packs, written
from buffycoat.workflows.runs import Progress, ShowProgress, no_progress, now
from buffycoat.workflows.serving.certificates import FOLDER as TLS
from buffycoat.workflows.workspace import Workspace

__all__ = ["DATABASE", "NOT_COPIED", "back_up", "line_of"]

DATABASE: Final = "buffycoat.db"
NOT_COPIED: Final = frozenset(
    {"objects", "previews", CACHE, OBJECTS_POINTER, UPLOADS, TLS, POINTER, DATABASE}
    | {f"{DATABASE}-{end}" for end in ("wal", "shm", "journal")}
)
"""What is copied in a way of its own, at the top of a workspace, or not at all: where rows and objects are, which
the copy then holds; photographs half sent, which devices send again; previews of releases, which may name people; and
keys of this machine."""
_DRAWN: Final = "thumbnails.db"
_HALF: Final = ".incoming"
_MANIFEST: Final = TypeAdapter(Manifest)
_SPARE: Final = 16 << 20


def line_of(stored: Stored) -> bytes:
    """Return the line of the list that names a file."""
    return orjson.dumps([stored.digest, stored.size_bytes, stored.path]) + b"\n"


def back_up(folder: Path, target: Path, *, progress: ShowProgress = no_progress) -> BackupSummary:
    """Make a backup of a workspace, or bring one up to date, while people go on with their work.

    Objects are put before the rows that name them and never changed, so all that the copied database speaks of is
    there to be copied after it. Every byte is compared with its digest on the way. The manifest is written last: until
    then a backup that was in the folder before holds as it was.

    Parameters
    ----------
    folder : Path
        The workspace.
    target : Path
        A folder, to which only what it lacks is copied, or a name that ends in ``.zip``, which is written anew.
    progress : callable
        Called after each file.

    Raises
    ------
    WorkspaceMissing
        There is no workspace, or its database is not in its folder.
    AlreadyExists
        Something else is there, or the backup of another workspace.
    InputError
        The backup would lie inside the workspace.
    StoreUnreachable
        The database is damaged.
    NotFound, DigestMismatch
        An object is missing or damaged: the backup from before is left as it was.
    UnwritableFile
        The disk is full or may not be written; the same command goes on where it stopped.
    Conflict
        A smear is being withdrawn.
    """
    place = place_of(folder)
    if not place.there:
        raise WorkspaceMissing(
            "there is no workspace in this folder", expected=f"a folder with {DATABASE}", found=folder.name
        )
    if target.resolve().is_relative_to(folder.resolve()):
        raise InputError(
            "a backup cannot lie inside its workspace", found=target.name, hint="name another disk, at best"
        )
    with ExitStack() as opened:
        rows = None
        if not place.address.startswith("sqlite"):
            rows = opened.enter_context(closing(Workspace(folder, place))).database
        _refuse_others(target, facts_of_database(folder / DATABASE).identity if rows is None else identity_of(rows)[0])
        opened.enter_context(together(folder))
        writer = opened.enter_context(closing((ZipWriter if packs(target) else FolderWriter)(target)))
        return _Backup(folder, target, writer, progress, rows).make()


def _refuse_others(target: Path, identity: str) -> None:
    """Refuse a place where something lies that is no backup of this workspace.

    Raises
    ------
    AlreadyExists
        It does.
    """
    if not target.exists() and not target.is_symlink():
        return
    begun = target.is_dir() and {path.name for path in target.iterdir()} <= {"objects", _HALF}
    if begun:  # empty, or interrupted before its first manifest
        return
    with opened_vessel(target) as vessel:
        try:
            manifest, _ = vessel.manifest()
        except Exception as error:
            raise AlreadyExists(
                f"{target.name} holds something that is no backup", hint="name an empty folder, or a new one"
            ) from error
    if manifest.identity != identity:
        raise AlreadyExists(
            f"{target.name} is the backup of another workspace",
            expected=identity[:12],
            found=f"{manifest.identity[:12]} ({manifest.workspace})",
            hint="name another place: two workspaces do not share a backup",
        )


class _Backup:
    """One backup being made."""

    def __init__(
        self,
        folder: Path,
        target: Path,
        writer: FolderWriter | ZipWriter,
        progress: ShowProgress,
        rows: Database | None,
    ) -> None:
        self.folder, self.target, self.writer, self.progress = folder, target, writer, progress
        self.rows = rows
        self.objects = KeptObjects(folder)
        self.listed: BinaryIO = TemporaryFile()  # noqa: SIM115 (closed in `make`; a million lines have no place in memory)
        self.keep: set[Digest] = set()
        self.files = self.size = self.copied = self.copied_bytes = self.done = self.total = 0
        self.passed_over: list[tuple[str, str]] = []

    def make(self) -> BackupSummary:
        with self.listed:
            snapshot = self.writer.aside / DATABASE
            made_at = now()
            if self.rows is None:
                copy_database(self.folder / DATABASE, snapshot)
            else:
                gather_rows(self.rows, snapshot)
            facts = facts_of_database(snapshot)
            others = list(self._others(self.folder))
            with opened_to_read(snapshot) as connection:
                wanted = [digest for digest, _, _ in objects_of(connection)]
            self.total = len(wanted) + len(others) + 1
            self._refuse_full(wanted, others, snapshot)
            self._objects(wanted)
            for path in others:
                self._file(path)
            with snapshot.open("rb") as file:
                self._add(DATABASE, *self._put(file, DATABASE))
            snapshot.unlink()
            manifest = self._manifest(facts, made_at=made_at)
            content = _MANIFEST.dump_json(manifest, indent=1)
            removed = self.writer.finish(content, self.keep)
        return BackupSummary(
            backup=self.target.name,
            made_at=made_at,
            files=self.files,
            size_bytes=self.size,
            copied=self.copied,
            copied_bytes=self.copied_bytes,
            kept=self.files - self.copied,
            removed=removed,
            manifest=digest_of(content),
            passed_over=tuple(self.passed_over),
        )

    def _objects(self, wanted: list[Digest]) -> None:
        """Copy what the backup lacks, several on their way at once where they come from far away."""
        lacking: list[Digest] = []
        for digest in wanted:
            path = f"objects/{name_of(digest)}"
            if self.writer.has(digest):
                self._add(path, digest, (self.target / path).stat().st_size)
            else:
                lacking.append(digest)
        for digest, content in zip(lacking, self.objects.each(lacking), strict=True):
            path = f"objects/{name_of(digest)}"
            self._add(path, *self._put(io.BytesIO(content), path))

    def _file(self, path: Path) -> None:
        name = path.relative_to(self.folder).as_posix()
        try:
            file = path.open("rb")
        except FileNotFoundError:
            self.passed_over.append((name, "gone while the backup was made"))
            return
        except OSError as error:
            raise UnreadableFile(f"{name} cannot be read", found=error.strerror or "") from error
        with file:
            digest, size = copied(file, len)
            if self.writer.has(digest):
                self._add(name, digest, size)
                return
            file.seek(0)
            self._add(name, *self._put(file, name))  # with the digest of what was copied: it may have grown

    def _put(self, file: BinaryIO, name: str) -> tuple[Digest, int]:
        digest, size = self.writer.put(file, name)
        self.copied += 1
        self.copied_bytes += size
        return digest, size

    def _add(self, path: str, digest: Digest, size: int) -> None:
        self.listed.write(line_of(Stored(path=path, digest=digest, size_bytes=size)))
        self.keep.add(digest)
        self.files += 1
        self.size += size
        self.done += 1
        self.progress(Progress(room="backup", done=self.done, total=self.total))

    def _manifest(self, facts: DatabaseFacts, *, made_at: datetime) -> Manifest:
        self.listed.seek(0)
        listed, _ = self.writer.put(self.listed, "the list of files")
        self.keep.add(listed)
        return Manifest(
            format=FORMAT,
            workspace=self.folder.resolve().name,
            identity=facts.identity,
            revision=facts.revision,
            version=VERSION,
            made_at=made_at,
            entries=facts.entries,
            head=facts.head,
            files=self.files,
            size_bytes=self.size,
            listed=listed,
        )

    def _others(self, folder: Path) -> Iterator[Path]:
        """Give all files of a workspace but the database, its objects, and what is half written or drawn again."""
        top = folder == self.folder
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
            if (top and (entry.name in NOT_COPIED or entry.name.startswith(_DRAWN))) or entry.name.endswith(_HALF):
                continue
            path = Path(entry.path)
            name = path.relative_to(self.folder).as_posix()
            try:
                name.encode()
            except UnicodeEncodeError:
                self.passed_over.append((os.fsencode(name).decode(errors="replace"), "its name is not in UTF-8"))
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from self._others(path)
            elif entry.is_file(follow_symlinks=False):
                yield path
            else:
                self.passed_over.append((name, "a link" if entry.is_symlink() else "no file"))

    def _refuse_full(self, wanted: list[Digest], others: list[Path], snapshot: Path) -> None:
        """Refuse before hours of copying what cannot end well.

        Raises
        ------
        UnwritableFile
            There is less space than is needed.
        """
        need = snapshot.stat().st_size + _SPARE
        for prefix, digests in groupby(wanted, key=lambda digest: digest[:2]):
            lacking = [each for each in digests if not (self.target / "objects" / name_of(each)).exists()]
            there = self.objects.here.sizes(prefix) if lacking else {}
            need += sum(there.get(each[2:], 0) for each in lacking)
        for path in others:
            need += path.stat().st_size if path.exists() else 0
        with written(self.target.name):
            free = shutil.disk_usage(self.writer.aside).free
        if free < need:
            raise UnwritableFile(
                f"there is no room for the backup {self.target.name}",
                expected=f"{need:,} bytes",
                found=f"{free:,} free",
                hint="free some space, or name another disk",
            )
