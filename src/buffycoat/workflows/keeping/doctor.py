"""Whether a workspace is what was kept: database, objects, releases, audit log, and the machine that it is on."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from buffycoat.domain.keeping import Examination, Finding, Weight
from buffycoat.domain.release import Release
from buffycoat.domain.value import digest_of
from buffycoat.errors import BuffycoatError, DigestMismatch, StoreUnreachable, WorkspaceMissing
from buffycoat.publish.manifest import verify_folder
from buffycoat.store import Transaction
from buffycoat.store.copying import (
    broken_references,
    facts_of_database,
    integrity_of,
    objects_of,
    objects_statement,
    opened_to_read,
    schema_of,
    wanted_schema,
)
from buffycoat.store.migrating import revisions
from buffycoat.store.object_place import KeptObjects
from buffycoat.store.place import POINTER, Place, place_of
from buffycoat.store.soundness import objects_on_server, standing_of_server, unreadable_rows
from buffycoat.store.withdrawing import withdrawals
from buffycoat.workflows.audit import verify_log
from buffycoat.workflows.capturing.half import FOLDER as UPLOADS
from buffycoat.workflows.capturing.half import Uploads
from buffycoat.workflows.keeping.backup import DATABASE
from buffycoat.workflows.keeping.objects_seen import look_at_objects
from buffycoat.workflows.runs import ShowProgress, no_progress
from buffycoat.workflows.workspace import Workspace

__all__ = ["examine"]

_LITTLE: Final = 1 << 30
_TOO_LITTLE: Final = 64 << 20
_RESTORE: Final = "`buffycoat restore` the newest backup into a new folder, and go on there"


def examine(folder: Path, *, fast: bool = False, progress: ShowProgress = no_progress) -> Examination:
    """Look through a workspace; nothing of it is changed, and people may go on with their work.

    Parameters
    ----------
    folder : Path
        The workspace.
    fast : bool
        Do not read what is large: objects and releases are counted, and rows are not read one by one.
    progress : callable
        Called after each object.

    Raises
    ------
    WorkspaceMissing
        There is none.
    """
    place = place_of(folder)
    if not place.there:
        raise WorkspaceMissing(
            "there is no workspace in this folder", expected=f"a folder with {DATABASE}", found=folder.name
        )
    return Examination(
        workspace=folder.resolve().name, fast=fast, findings=tuple(_looked(folder, place, fast=fast, progress=progress))
    )


def _looked(folder: Path, place: Place, *, fast: bool, progress: ShowProgress) -> Iterator[Finding]:
    yield from _machine(folder)
    in_folder = place.address.startswith("sqlite")
    found = list(_database(folder / DATABASE) if in_folder else _server(place.address))
    yield from found
    if any(finding.weight is Weight.FAULT for finding in found):
        yield Finding(
            what="objects, releases, audit log",
            weight=Weight.UNKNOWN,
            expected="a database that is whole",
            to_do="mend the database first, then look again",
        )
        return
    if any(finding.weight is not Weight.OK for finding in found):
        if in_folder:
            with opened_to_read(folder / DATABASE) as connection:
                named = list(objects_of(connection))
        else:
            named = list(objects_on_server(place.address))
        try:
            objects = KeptObjects(folder)
            yield from look_at_objects(objects, named, withdrawn=(), fast=fast, total=len(named), progress=progress)
        except StoreUnreachable as error:
            yield _of(error, "objects", Weight.UNKNOWN)
        return
    try:
        with closing(Workspace(folder, place)) as workspace:
            yield from _contents(workspace, fast=fast, progress=progress)
    except BuffycoatError as error:
        yield _of(error, "objects, releases, audit log", Weight.UNKNOWN)


def _of(error: BuffycoatError, where: str, weight: Weight = Weight.FAULT) -> Finding:
    return Finding(
        what=error.what, weight=weight, where=where, expected=error.expected, found=error.found, to_do=error.hint
    )


# ------------------------------------------------------------- the machine


def _machine(folder: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(folder).free
    if free < _LITTLE:
        yield Finding(
            what="little room on the disk",
            weight=Weight.SETUP if free < _TOO_LITTLE else Weight.ADVICE,
            where=folder.name,
            expected=f"{_LITTLE:,} bytes",
            found=f"{free:,} free",
            to_do="free some space before more photographs come in; where none is left, answers are refused",
        )
    else:
        yield Finding(what="room on the disk", weight=Weight.OK, found=f"{free:,} bytes free")
    closed = [name for name in (".", DATABASE, "objects") if (folder / name).exists() and not _writable(folder / name)]
    if closed:
        yield Finding(
            what="may not be written",
            weight=Weight.SETUP,
            where=", ".join(folder.name if name == "." else name for name in closed),
            expected="that this account may",
            found="read only",
            to_do="run as the account that owns it, or mount it to be written",
        )
    open_to = [name for name in (".", DATABASE, "objects") if (folder / name).exists() and _open_to_all(folder / name)]
    if open_to and _open_to_all(folder):
        yield Finding(
            what="everybody on this machine may read it",
            weight=Weight.ADVICE,
            where=folder.name,
            expected="this account, and a group at most",
            found=oct(folder.stat().st_mode & 0o777),
            to_do=f"chmod o-rwx {folder.name}",
        )
    elif not closed:
        yield Finding(what="permissions", weight=Weight.OK, found="it may be written, and not by everybody read")


def _writable(path: Path) -> bool:
    return os.access(path, os.W_OK | os.X_OK if path.is_dir() else os.W_OK)


def _open_to_all(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o007)


# ------------------------------------------------------------ the database


def _database(path: Path) -> Iterator[Finding]:
    faults = integrity_of(path)
    for fault in faults:
        yield Finding(
            what="the database is damaged",
            weight=Weight.FAULT,
            where=DATABASE,
            expected="ok",
            found=fault,
            to_do=_RESTORE,
        )
    if faults:
        return
    yield Finding(what="pages, indexes and constraints", weight=Weight.OK, where=DATABASE, found="whole")
    try:
        facts = facts_of_database(path)
        with opened_to_read(path) as connection:
            broken, schema = broken_references(connection), schema_of(connection)
    except BuffycoatError as error:
        yield _of(error, DATABASE)
        return
    yield from _schema(DATABASE, facts.revision, broken, wanted_schema() - schema)


def _server(address: str) -> Iterator[Finding]:
    """Look at the schema of a database of a server; its pages are the server's own to watch."""
    try:
        standing = standing_of_server(address)
    except BuffycoatError as error:
        yield _of(error, POINTER)
        return
    yield from _schema(POINTER, standing.revision, standing.broken, wanted_schema("postgresql") - standing.schema)


def _schema(
    where: str, revision: str, broken: tuple[tuple[str, str, str], ...], missing: frozenset[str]
) -> Iterator[Finding]:
    for table, key, target in broken:
        yield Finding(
            what="row speaks of one that is not there",
            weight=Weight.FAULT,
            where=f"{table} {key}",
            expected=f"a row of {target}",
            found="none",
            to_do=_RESTORE,
        )
    newest = revisions()[-1]
    if revision != newest:
        yield Finding(
            what="schema is older than this program",
            weight=Weight.ADVICE,
            where=where,
            expected=newest,
            found=revision,
            to_do="`buffycoat backup` first; then any other command brings it up to date, and more can be looked at",
        )
    elif missing:
        yield Finding(
            what="schema is not whole",
            weight=Weight.FAULT,
            where=where,
            expected=", ".join(sorted(missing)[:5]),
            found=f"{len(missing)} of its tables, columns, indexes or triggers are missing",
            to_do=_RESTORE,
        )
    elif not broken:
        yield Finding(what="schema", weight=Weight.OK, where=where, found=f"revision {revision}, the newest")


# ------------------------------------------------------------- the contents


def _contents(workspace: Workspace, *, fast: bool, progress: ShowProgress) -> Iterator[Finding]:
    with workspace.database.reading() as transaction:
        if not fast:
            yield from _rows(transaction)
        named = _named(transaction)
        gone = withdrawals(transaction).values()
        withdrawn = {digest for made in gone for digest in made.removed}
        try:
            yield from look_at_objects(
                workspace.objects, named, withdrawn=withdrawn, fast=fast, total=len(named), progress=progress
            )
        except StoreUnreachable as error:
            yield _of(error, "objects", Weight.UNKNOWN)
        releases = transaction.find(Release)
    reissued = frozenset(version for made in gone for version in made.releases)
    yield from _releases(workspace.folder / "releases", releases, reissued, fast=fast)
    yield from _audit(workspace)
    yield from _uploads(workspace.folder)


def _rows(transaction: Transaction) -> Iterator[Finding]:
    count, faults = unreadable_rows(transaction)
    for table, key, why in faults:
        yield Finding(
            what="row is no value",
            weight=Weight.FAULT,
            where=f"{table} {key}",
            expected="what the program writes",
            found=why,
            to_do=_RESTORE,
        )
    if not faults:
        yield Finding(what="rows", weight=Weight.OK, found=f"{count:,}, each of them a value")


def _named(transaction: Transaction) -> list[tuple[str, str, str]]:
    statement = objects_statement(wanted_schema())
    found = transaction.connection.exec_driver_sql(statement or "")
    # PostgreSQL orders text as people do; folders are walked as bytes.
    return sorted((row[0], row[1], row[2]) for row in found)


def _releases(folder: Path, releases: list[Release], reissued: frozenset[str], *, fast: bool) -> Iterator[Finding]:
    sound = 0
    for release in releases:
        place = folder / release.version
        if release.version in reissued and not place.exists():
            sound += 1  # it held a smear that was withdrawn, and was removed
            continue
        if not (place / "manifest.json").is_file():
            yield Finding(
                what="release is not in its folder",
                weight=Weight.FAULT,
                where=f"releases/{release.version}",
                expected=release.manifest,
                found="no manifest",
                to_do="copy the folder from a backup",
            )
            continue
        try:
            if (found := digest_of((place / "manifest.json").read_bytes())) != release.manifest:
                raise DigestMismatch("release was sealed anew by hand", expected=release.manifest, found=found)
            if not fast:
                verify_folder(place)
        except BuffycoatError as error:
            yield _of(error, f"releases/{release.version}")
        else:
            sound += 1
    known = {release.version for release in releases}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name not in known:
            yield Finding(
                what="folder that no release names",
                weight=Weight.ADVICE,
                where=f"releases/{path.name}",
                expected="a release",
                found="none",
                to_do="left by a sealing that was interrupted, or put there by hand: look at it, then remove it",
            )
    if sound == len(releases):
        yield Finding(
            what="releases", weight=Weight.OK, found=f"{sound}, each {'there' if fast else 'as it was sealed'}"
        )


def _audit(workspace: Workspace) -> Iterator[Finding]:
    verdict = verify_log(workspace)
    if verdict.fault is None:
        yield Finding(what="audit log", weight=Weight.OK, found=f"{verdict.entries:,} entries follow each other")
        return
    fault = verdict.fault
    yield Finding(
        what=f"audit log does not hold: {fault.kind}",
        weight=Weight.FAULT,
        where=" ".join(
            part
            for part in ("" if fault.seq is None else f"entry {fault.seq}", fault.subject_class, fault.subject)
            if part
        ),
        expected="what was entered",
        found=fault.kind,
        to_do="`buffycoat audit verify` says more; compare with a backup from before",
    )


def _uploads(folder: Path) -> Iterator[Finding]:
    """Tell of photographs that are half sent: they are nothing to mend, but they take room."""
    count, size, over = Uploads(folder).standing()
    yield Finding(
        what="photographs half sent",
        weight=Weight.ADVICE if over else Weight.OK,
        where=UPLOADS if over else "",
        expected="none that nobody goes on with" if over else "",
        found=f"{count:,}, {size:,} bytes" + (f"; {over:,} of them over" if over else ""),
        to_do="they are removed when the next photograph is sent" if over else "",
    )
