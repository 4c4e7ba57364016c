"""A workspace out of a backup: every byte compared with its digest, and moved into place when it is whole."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path, PurePosixPath
from typing import Final

import orjson

from buffycoat.domain.keeping import Manifest, RestoreSummary, Stored
from buffycoat.domain.value import Digest
from buffycoat.errors import AlreadyExists, DigestMismatch, SchemaTooNew, UnreadableFormat, UnwritableFile
from buffycoat.store.copying import facts_of_database, integrity_of, objects_of, opened_to_read
from buffycoat.store.migrating import revisions
from buffycoat.store.outlasting import to_disk
from buffycoat.store.place import Place
from buffycoat.workflows.audit import verify_log
from buffycoat.workflows.keeping.backup import DATABASE
from buffycoat.workflows.keeping.vessels import Vessel, copied, opened_vessel, written
from buffycoat.workflows.runs import Progress, ShowProgress, no_progress
from buffycoat.workflows.workspace import Workspace

__all__ = ["restore"]

_HINT: Final = "free some space or name another place, then give the command again"
_TAKE_ANOTHER: Final = "nothing was restored: take another backup"


def restore(
    backup: Path, folder: Path, *, expect: Digest | None = None, progress: ShowProgress = no_progress
) -> RestoreSummary:
    """Bring a workspace back from a backup, into a folder that is empty or not there.

    Everything is copied aside, compared with its digest, and looked through: the database by SQLite, each object that
    it speaks of, the audit log to the head that the manifest names. Only then does the folder get its name.

    Parameters
    ----------
    backup : Path
        The folder or zip of a backup.
    folder : Path
        Of the workspace that is made.
    expect : Digest, optional
        The digest of the manifest, as it was noted when the backup was made.
    progress : callable
        Called after each file.

    Raises
    ------
    NotFound, UnreadableFile, UnreadableFormat
        It is no backup that can be read.
    AlreadyExists
        There is something in the folder.
    SchemaTooNew
        A newer buffycoat made it.
    DigestMismatch
        A byte of it is not what it was, something is missing, or it is not the backup that was noted.
    UnwritableFile
        The disk is full or may not be written.
    """
    if folder.is_symlink() or (folder.exists() and not (folder.is_dir() and not any(folder.iterdir()))):
        raise AlreadyExists(f"{folder.name} is not empty", hint="name a new folder; nothing is overwritten")
    with opened_vessel(backup) as vessel:
        manifest, digest = vessel.manifest()
        if expect is not None and digest != expect:
            raise DigestMismatch("this is not the backup that was noted", expected=expect, found=digest)
        if manifest.revision not in revisions():
            raise SchemaTooNew(
                "the backup is newer than this program", expected=f"at most {revisions()[-1]}", found=manifest.revision
            )
        parent = folder.absolute().parent
        aside = parent / f".{folder.name}.incoming"
        with written(folder.name, hint=_HINT):
            parent.mkdir(parents=True, exist_ok=True)
            shutil.rmtree(aside, ignore_errors=True)  # what an interrupted restore left
            aside.mkdir(mode=0o700)
        try:
            _refuse_full(manifest, parent)
            _copy(vessel, manifest, aside, progress)
            audited = _check(aside, manifest)
            with written(folder.name, hint=_HINT):
                os.sync()
                aside.rename(folder)
                to_disk(parent)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return RestoreSummary(
        workspace=folder.name,
        made_at=manifest.made_at,
        files=manifest.files,
        size_bytes=manifest.size_bytes,
        entries=manifest.entries,
        audited=audited,
    )


def _refuse_full(manifest: Manifest, parent: Path) -> None:
    free = shutil.disk_usage(parent).free
    if free < manifest.size_bytes:
        raise UnwritableFile(
            "there is no room for the workspace",
            expected=f"{manifest.size_bytes:,} bytes",
            found=f"{free:,} free",
            hint=_HINT,
        )


def _copy(vessel: Vessel, manifest: Manifest, aside: Path, progress: ShowProgress) -> None:
    count = size = 0
    listed = aside / ".list.incoming"
    what = "the list of files"
    with written(what, hint=_HINT), vessel.bytes_of(manifest.listed, what) as source, listed.open("wb") as file:
        found = copied(source, file.write)[0]
    if found != manifest.listed:
        raise DigestMismatch("the list of files is damaged", expected=manifest.listed, found=found, hint=_TAKE_ANOTHER)
    for stored in _lines(listed):
        target = aside / _inside(stored.path)
        with written(stored.path, hint=_HINT), vessel.bytes_of(stored.digest, stored.path) as source:
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            opened = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(opened, "wb") as file:
                digest, length = copied(source, file.write)
        if (digest, length) != (stored.digest, stored.size_bytes):
            raise DigestMismatch(
                f"{stored.path} in the backup is damaged",
                expected=f"{stored.digest} of {stored.size_bytes} bytes",
                found=f"{digest} of {length}",
                hint=_TAKE_ANOTHER,
            )
        count, size = count + 1, size + length
        progress(Progress(room="restore", done=count, total=manifest.files))
    listed.unlink()
    if (count, size) != (manifest.files, manifest.size_bytes):
        raise DigestMismatch(
            "the backup does not hold what its manifest says",
            expected=f"{manifest.files} files of {manifest.size_bytes} bytes",
            found=f"{count} of {size}",
            hint=_TAKE_ANOTHER,
        )


def _lines(listed: Path) -> Iterator[Stored]:
    with listed.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                digest, size, path = orjson.loads(line)
                yield Stored(path=str(path), digest=str(digest), size_bytes=int(size))
            except (orjson.JSONDecodeError, TypeError, ValueError) as error:
                raise UnreadableFormat(f"line {number} of the list of files says nothing", found=str(error)) from error


def _inside(name: str) -> PurePosixPath:
    """Return a path that stays in its folder.

    Raises
    ------
    UnreadableFormat
        It would not: nobody's backup says so, so somebody changed it.
    """
    path = PurePosixPath(name)
    if not name or path.is_absolute() or ".." in path.parts or "\0" in name or "\\" in name:
        raise UnreadableFormat("a path in the backup leads out of the workspace", found=name[:200], hint=_TAKE_ANOTHER)
    return path


def _check(aside: Path, manifest: Manifest) -> bool:
    """Look the restored workspace through; say whether its audit log was followed.

    Raises
    ------
    DigestMismatch
        It is not what was backed up.
    """
    database = aside / DATABASE
    if faults := integrity_of(database):
        raise DigestMismatch("the database in the backup is damaged", found=faults[0], hint=_TAKE_ANOTHER)
    facts = facts_of_database(database)
    if (facts.identity, facts.entries, facts.head) != (manifest.identity, manifest.entries, manifest.head):
        raise DigestMismatch(
            "the database is not the one that was backed up",
            expected=f"{manifest.entries} entries, head {manifest.head}",
            found=f"{facts.entries}, {facts.head}",
            hint=_TAKE_ANOTHER,
        )
    with opened_to_read(database) as connection:
        for digest, table, key in objects_of(connection):
            if not (aside / "objects" / digest[:2] / digest[2:]).is_file():
                raise DigestMismatch(
                    f"an object of {table} {key} is not in the backup",
                    expected=digest,
                    found="nothing",
                    hint=_TAKE_ANOTHER,
                )
    if facts.revision != revisions()[-1]:
        return False
    # Said outright: the surroundings may name database and objects of another workspace.
    place = Place(address=f"sqlite:///{database}", identity=None, there=True)
    with closing(Workspace(aside, place, objects_inside=True)) as workspace:
        fault = verify_log(workspace, expect=manifest.head if manifest.entries else None).fault
    if fault is not None:
        raise DigestMismatch(
            "the audit log of the backup does not hold",
            found=f"{fault.kind}, entry {fault.seq}",
            hint="the workspace was like this when it was backed up: `buffycoat audit verify` says more",
        )
    return True
