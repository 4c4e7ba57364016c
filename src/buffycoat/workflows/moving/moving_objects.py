"""Bringing the objects of a workspace to another place while people go on, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from buffycoat.domain.value import Digest, value
from buffycoat.errors import Conflict, InvalidSetting, NotFound, WorkspaceMissing
from buffycoat.store.copying import objects_statement, wanted_schema
from buffycoat.store.in_parallel import in_order
from buffycoat.store.object_place import (
    FOLDER,
    KeptObjects,
    Standing,
    given_objects,
    objects_at,
    point_objects_to,
    refuse_others,
)
from buffycoat.store.objects import Objects
from buffycoat.store.place import identity_of, place_of
from buffycoat.workflows.keeping.turns import alone, together
from buffycoat.workflows.runs import Progress, ShowProgress, no_progress
from buffycoat.workflows.workspace import Workspace, open_workspace

__all__ = ["CopySummary", "DropSummary", "PlaceOfObjects", "copy_objects", "drop_old_objects", "where_objects_are"]


@value
class PlaceOfObjects:
    """Where objects are; ``before`` where they lie as well; ``versioning`` as the bucket says it."""

    address: str
    before: str | None
    versioning: str | None


@value
class CopySummary:
    """What a copy did: objects that are at the new place, how many of them were there before it, and bytes."""

    address: str
    before: str
    objects: int
    there: int
    size_bytes: int


@value
class DropSummary:
    """What was removed at the place from before, after each was compared at the new one."""

    address: str
    removed: int
    versions_left: int


def where_objects_are(folder: Path) -> PlaceOfObjects:
    """Return where the objects of a workspace are.

    Raises
    ------
    WorkspaceMissing
        There is no workspace in this folder.
    StoreUnreachable
        The place does not answer.
    """
    _refuse_missing(folder)
    kept = KeptObjects(folder)
    return PlaceOfObjects(
        address=kept.standing.address or FOLDER, before=kept.standing.before, versioning=kept.here.versioning()
    )


def copy_objects(folder: Path, address: str | None, *, progress: ShowProgress = no_progress) -> CopySummary:
    """Bring all objects of a workspace to another place, then let the workspace have them there.

    First everything is copied while people go on, each object compared with its digest here and there. Then the folder
    says where they are; whoever has the workspace open follows with the next object. What was put here meanwhile is
    brought over last; until then it is found here. Nothing is removed: ``drop_old_objects`` does that.

    The same call again goes on where one was broken off, and sends nothing twice that has arrived.

    Parameters
    ----------
    folder : Path
        Of the workspace.
    address : str, optional
        A whole path, ``s3://BUCKET/PREFIX`` or another address of fsspec; ``None`` brings them back into the folder.
    progress : callable
        Called after each object.

    Raises
    ------
    Conflict
        They are there already; objects from before lie elsewhere still; a smear is being withdrawn; or another copy was
        quicker.
    NotFound, DigestMismatch
        An object is missing or damaged here: the workspace stays where it is.
    StoreUnreachable
        A place does not answer, or holds objects of another workspace.
    DiskFull
        There is no room.
    InvalidSetting, MissingExtra
        The address cannot be used, or the surroundings name another one.
    WorkspaceMissing
        There is no workspace in this folder.
    """
    _refuse_missing(folder)
    target = objects_at(folder, address)
    given = given_objects()
    if given is not None and objects_at(folder, given).address != target.address:
        raise InvalidSetting(
            "BUFFYCOAT_OBJECTS names another place than objects are to be brought to",
            expected=target.address,
            found=objects_at(folder, given).address,
            hint="take the setting away: the folder of a workspace says where its objects are",
        )
    with together(folder), open_workspace(folder) as workspace:
        begun = workspace.objects.standing
        source = workspace.objects.here
        if source.address == target.address:
            if begun.before is None:
                raise Conflict("the objects of this workspace are at this place already", found=target.address)
            # Broken off after the folder had changed: what came late is left to bring over.
            source = objects_at(folder, begun.before)
        elif begun.before is not None and objects_at(folder, begun.before).address != target.address:
            raise Conflict(
                "objects of this workspace lie at a third place still",
                found=begun.before,
                hint="`buffycoat objects drop-old` first",
            )
        identity = identity_of(workspace.database)[0]
        if address is not None:
            refuse_others(target, identity)
            target.say_owner(identity)
        copied = _Copied(source, target, progress, named=len(_named(workspace)))
        copied.take()
        _refuse_lacking(workspace, target)
        if workspace.objects.standing != begun:
            raise Conflict("another copy of these objects was quicker", hint="look: `buffycoat objects show`")
        before = FOLDER if source.address == objects_at(folder, None).address else source.address
        to = None if address is None else target.address
        point_objects_to(folder, Standing(address=to, before=before, identity=identity))
        copied.take()
    return CopySummary(
        address=to or FOLDER,
        before=before,
        objects=copied.objects,
        there=copied.objects - copied.sent,
        size_bytes=copied.size,
    )


def drop_old_objects(folder: Path, *, progress: ShowProgress = no_progress) -> DropSummary:
    """Remove objects at the place where they were before, each after it was compared at the new one.

    Raises
    ------
    Conflict
        There is no such place; or a backup is being made, or objects are copied.
    NotFound, DigestMismatch, StoreUnreachable
        As for ``copy_objects``.
    WorkspaceMissing
        There is no workspace in this folder.
    """
    _refuse_missing(folder)
    with alone(folder), open_workspace(folder) as workspace:
        kept = workspace.objects
        old, standing = kept.before, kept.standing
        if old is None or standing.before is None:
            raise Conflict("the objects of this workspace lie at one place alone", found=kept.here.address)
        copied = _Copied(old, kept.here, no_progress)
        copied.take()
        _refuse_lacking(workspace, kept.here)
        names = list(old.listed())
        removed = 0
        for done, gone in enumerate(in_order(old.remove, (name for name, _ in names), threads=old.threads), start=1):
            removed += gone
            progress(Progress(room="drop", done=done, total=len(names)))
        if standing.before != FOLDER:
            old.forget_owner()
        point_objects_to(folder, replace(standing, before=None))
    return DropSummary(address=standing.before, removed=removed, versions_left=old.versions_left)


class _Copied:
    """Objects of one place, taken to another; what a second round finds there counts once."""

    def __init__(self, source: Objects, target: Objects, progress: ShowProgress, *, named: int = 0) -> None:
        self.source, self.target, self.progress, self.named = source, target, progress, named
        self.sent = self.size = 0
        self._arrived: set[Digest] = set()

    @property
    def objects(self) -> int:
        return len(self._arrived)

    def take(self) -> None:
        """Bring over what has not arrived; a beginning of names is listed at a time, so listings stay small."""
        found = ((digest, size) for digest, size in self.source.listed() if digest not in self._arrived)
        for digest, size, sent in in_order(self._one, self._with_there(found), threads=self._threads):
            self._arrived.add(digest)
            self.size += size
            self.sent += sent
            self.progress(Progress(room="objects", done=self.objects, total=max(self.named, self.objects)))

    @property
    def _threads(self) -> int:
        return max(self.source.threads, self.target.threads)

    def _with_there(self, found: Iterable[tuple[Digest, int]]) -> Iterator[tuple[Digest, int, int | None]]:
        prefix, there = "", dict[str, int]()
        for digest, size in found:
            if digest[:2] != prefix:
                prefix = digest[:2]
                there = self.target.sizes(prefix)
            yield digest, size, there.get(digest[2:])

    def _one(self, wanted: tuple[Digest, int, int | None]) -> tuple[Digest, int, bool]:
        digest, size, there = wanted
        if there == size and self.target.whole(digest, size):
            return digest, size, False
        self.target.put(self.source.get(digest), anew=True)
        return digest, size, True


def _refuse_lacking(workspace: Workspace, target: Objects) -> None:
    """Refuse a place where an object is missing that a row names.

    Raises
    ------
    NotFound
        One is.
    """
    missing = _missing(target)
    for digest, table, key in _named(workspace):
        if missing(digest):
            raise NotFound(
                f"an object of {table} {key} is missing",
                expected=digest,
                found="nothing",
                hint="the workspace stays where it is: `buffycoat doctor` names all that is wrong with it",
            )


def _named(workspace: Workspace) -> list[tuple[Digest, str, str]]:
    """Return each object that rows name, by digest, with a table and an id that name it."""
    with workspace.database.reading() as transaction:
        rows = transaction.connection.exec_driver_sql(objects_statement(wanted_schema()) or "")
        return sorted((row[0], row[1], row[2]) for row in rows)


def _missing(place: Objects) -> Callable[[Digest], bool]:
    prefix, there = "", dict[str, int]()

    def missing(digest: Digest) -> bool:
        nonlocal prefix, there
        if digest[:2] != prefix:
            prefix = digest[:2]
            there = place.sizes(prefix)
        return digest[2:] not in there

    return missing


def _refuse_missing(folder: Path) -> None:
    if not place_of(folder).there:
        raise WorkspaceMissing(
            "there is no workspace in this folder", expected="a folder with buffycoat.db", found=folder.name
        )
