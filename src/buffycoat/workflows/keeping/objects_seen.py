"""What lies in the object store against what the rows name: missing, changed, and named by nothing."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

from buffycoat.domain.keeping import Finding, Weight
from buffycoat.domain.value import Digest
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
    folder: Path,
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
    folder : Path
        Where objects are.
    named : iterable of (digest, table, id)
        What rows name, by digest.
    withdrawn : collection of str
        Digests of what was to be removed for good.
    fast : bool
        Look whether they are there, and do not read them.
    total : int
        How many rows name, for the progress.
    """
    missing, changed, orphans, leftover = _Tally(), _Tally(), _Tally(), _Tally()
    looked, size, seen = 0, 0, set[str]()
    for prefix, group in groupby(named, key=lambda row: row[0][:_PREFIX]):
        seen.add(prefix)
        there = _names(folder / prefix)
        for digest, table, key in group:
            name = digest[_PREFIX:]
            if name not in there:
                missing.add(_fault("object is missing", digest, f"{table} {key}", "nothing"))
            else:
                size += there.pop(name)
                found = digest if fast else _digest(folder / prefix / name)
                if found != digest:
                    changed.add(_fault("object was changed", digest, f"{table} {key}", found))
            looked += 1
            progress(Progress(room="doctor", done=looked, total=total))
        _unnamed(prefix, there, withdrawn, orphans, leftover)
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name) if folder.is_dir() else ():
        if entry.is_dir() and len(entry.name) == _PREFIX and entry.name not in seen:
            _unnamed(entry.name, _names(folder / entry.name), withdrawn, orphans, leftover)
    for tally in (missing, changed, leftover, orphans):
        yield from tally.findings()
    yield from _half(folder / "incoming")
    if not missing.count and not changed.count:
        how = "is there" if fast else "has its digest"
        yield Finding(what="objects", weight=Weight.OK, found=f"{looked:,}, {size:,} bytes: each {how}")


def _names(folder: Path) -> dict[str, int]:
    try:
        return {entry.name: entry.stat().st_size for entry in os.scandir(folder)}
    except FileNotFoundError:
        return {}


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
    old = [name for name in _names(folder) if time.time() - (folder / name).stat().st_mtime > _FRESH_S]
    if old:
        yield Finding(
            what="half an object",
            weight=Weight.ADVICE,
            where=f"objects/incoming/{min(old)}",
            expected="nothing older than an hour",
            found=f"{len(old)}",
            to_do="left by a process that was killed: remove what is in objects/incoming while nothing runs",
        )
