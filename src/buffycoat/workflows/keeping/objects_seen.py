"""What lies in the object store against what the rows name: missing, changed, and named by nothing."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

from buffycoat.domain.keeping import Finding, Weight
from buffycoat.domain.value import Digest
from buffycoat.errors import DigestMismatch, NotFound
from buffycoat.store.in_parallel import in_order
from buffycoat.store.object_place import FOLDER, KeptObjects
from buffycoat.store.objects import Objects
from buffycoat.workflows.keeping.vessels import copied
from buffycoat.workflows.runs import Progress, ShowProgress

__all__ = ["look_at_objects"]

_PREFIX: Final = 2
_FRESH_S: Final = 3600.0
_MOST: Final = 20
_RESTORE: Final = (
    "restore the newest backup into a new folder, and copy this file from its objects/; "
    "or take the same photographs in again, into a new workspace"
)


class _Tally:
    """Findings of one kind: the first few by name, the others as a number."""

    def __init__(self) -> None:
        self.named: list[Finding] = []
        self.count = 0

    def add(self, finding: Finding) -> None:
        self.count += 1
        if self.count <= _MOST:
            self.named.append(finding)

    def findings(self) -> list[Finding]:
        if self.count <= _MOST:
            return self.named
        last = self.named[-1]
        more = Finding(
            what=last.what, weight=last.weight, found=f"{self.count - _MOST:,} more like this", to_do=last.to_do
        )
        return [*self.named, more]


def look_at_objects(
    objects: KeptObjects,
    named: Iterable[tuple[Digest, str, str]],
    *,
    withdrawn: Collection[Digest],
    fast: bool,
    total: int,
    progress: ShowProgress,
) -> Iterator[Finding]:
    """Give what is wrong with the objects of a workspace, and one line of what was looked at.

    Rows and files are walked side by side, a folder of objects at a time, so a million of them need no memory.

    Parameters
    ----------
    objects : KeptObjects
        Wherever they are.
    named : iterable of (digest, table, id)
        What rows name, by digest.
    withdrawn : collection of str
        Digests of what was to be removed for good.
    fast : bool
        Look whether they are there, and do not read them.
    total : int
        How many rows name, for the progress.

    Raises
    ------
    StoreUnreachable
        They are far away, and nobody answers there.
    """
    here, folder = objects.here, objects.folder / FOLDER
    missing, changed, orphans, leftover = _Tally(), _Tally(), _Tally(), _Tally()
    looked, size, seen = 0, 0, set[str]()
    for prefix, group in groupby(named, key=lambda row: row[0][:_PREFIX]):
        seen.add(prefix)
        rows, there = list(group), here.sizes(prefix)
        # Read with several requests at once, where a network makes each of them slow.
        present = [digest for digest, _, _ in rows if digest[_PREFIX:] in there]
        found_of = dict(zip(present, present if fast else _digests(here, folder, present), strict=True))
        for digest, table, key in rows:
            name = digest[_PREFIX:]
            if name not in there:
                missing.add(_fault("object is missing", digest, f"{table} {key}", "nothing"))
            else:
                size += there.pop(name)
                found = found_of[digest]
                if found != digest:
                    changed.add(_fault("object was changed", digest, f"{table} {key}", found))
            looked += 1
            progress(Progress(room="doctor", done=looked, total=total))
        _unnamed(prefix, there, withdrawn, orphans, leftover)
    for prefix in here.prefixes():
        if prefix not in seen:
            _unnamed(prefix, here.sizes(prefix), withdrawn, orphans, leftover)
    _unnamed_near(objects, withdrawn, leftover)
    for tally in (missing, changed, leftover, orphans):
        yield from tally.findings()
    if not here.far:
        yield from _half(folder / "incoming")
    yield from _place(objects)
    if not missing.count and not changed.count:
        how = "is there" if fast else "has its digest"
        yield Finding(what="objects", weight=Weight.OK, found=f"{looked:,}, {size:,} bytes: each {how}")


def _digests(here: Objects, folder: Path, present: list[Digest]) -> Iterator[str]:
    """Give the digest that each object really has."""
    if here.address == str(folder.absolute()):
        return (_digest(folder / digest[:_PREFIX] / digest[_PREFIX:]) for digest in present)
    return in_order(lambda digest: _fetched(here, digest), present, threads=here.threads)


def _fetched(here: Objects, digest: Digest) -> str:
    try:
        here.get(digest)
    except DigestMismatch as error:
        return error.found
    except NotFound:
        return "gone while it was looked for"
    return digest


def _place(objects: KeptObjects) -> Iterator[Finding]:
    """Tell where objects are, where that is not the folder, and what is to be known of that place."""
    standing = objects.standing
    if standing.address is not None:
        owner = objects.here.owner()
        if owner != standing.identity:
            yield Finding(
                what="objects of another workspace",
                weight=Weight.FAULT,
                where=standing.address,
                expected=standing.identity or "",
                found=owner or "nothing that says whose they are",
                to_do="check the address in buffycoat-objects.json",
            )
        kept = objects.here.versioning()
        if kept is not None:
            yield Finding(
                what="the bucket keeps older versions" if kept == "on" else "it is not known what the bucket keeps",
                weight=Weight.ADVICE,
                where=standing.address,
                expected="none",
                found="versioning is on" if kept == "on" else "this account may not ask for its versioning",
                to_do="`buffycoat withdraw` removes versions too where the account may (s3:ListBucketVersions, "
                "s3:DeleteObjectVersion), and says where not; what a provider copies is for whoever keeps it",
            )
    if standing.before is not None:
        yield Finding(
            what="objects lie at the place from before, too",
            weight=Weight.ADVICE,
            where=standing.before,
            expected="one place",
            found="two",
            to_do="`buffycoat objects drop-old` removes them there, when nothing needs them any more",
        )


def _unnamed_near(objects: KeptObjects, withdrawn: Collection[Digest], leftover: _Tally) -> None:
    for digest in sorted(objects.near.held().intersection(withdrawn)):
        leftover.add(
            Finding(
                what="withdrawn pixels are still near",
                weight=Weight.FAULT,
                where=f"objects-near/{digest[:_PREFIX]}/{digest[_PREFIX:]}",
                expected="nothing",
                found="a copy",
                to_do="withdrawn on another machine: `buffycoat withdraw` of the same smear here removes them",
            )
        )


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return copied(file, len)[0]
    except OSError as error:
        return error.strerror or type(error).__name__


def _fault(what: str, digest: Digest, owner: str, found: str) -> Finding:
    where = f"objects/{digest[:_PREFIX]}/{digest[_PREFIX:]} of {owner}"
    return Finding(what=what, weight=Weight.FAULT, where=where, expected=digest, found=found, to_do=_RESTORE)


def _unnamed(
    prefix: str, there: dict[str, int], withdrawn: Collection[Digest], orphans: _Tally, leftover: _Tally
) -> None:
    for name, size in sorted(there.items()):
        where = f"objects/{prefix}/{name}"
        if prefix + name in withdrawn:
            leftover.add(
                Finding(
                    what="withdrawn pixels are still here",
                    weight=Weight.FAULT,
                    where=where,
                    expected="nothing",
                    found=f"{size:,} bytes",
                    to_do="`buffycoat withdraw` of the same smear again removes them",
                )
            )
        else:
            orphans.add(
                Finding(
                    what="object that no row names",
                    weight=Weight.ADVICE,
                    where=where,
                    expected="a row",
                    found=f"{size:,} bytes",
                    to_do="left by work that was interrupted: nothing is lost, and it may stay; the same command again "
                    "may still need it",
                )
            )


def _half(folder: Path) -> Iterator[Finding]:
    there = sorted(folder.iterdir()) if folder.is_dir() else []
    old = [path.name for path in there if time.time() - path.stat().st_mtime > _FRESH_S]
    if old:
        yield Finding(
            what="half an object",
            weight=Weight.ADVICE,
            where=f"objects/incoming/{min(old)}",
            expected="nothing older than an hour",
            found=f"{len(old)}",
            to_do="left by a process that was killed: remove what is in objects/incoming while nothing runs",
        )
