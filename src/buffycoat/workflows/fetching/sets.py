"""Public sets onto this disk: each file fetched, checked, recorded with its digest, and never twice."""

from __future__ import annotations

import shlex
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import httpx

from buffycoat.errors import BuffycoatError, DownloadFailed, NotFound, UnwritableFile
from buffycoat.ingest.public_sets import PublicFile, PublicSet, public_sets
from buffycoat.version import VERSION
from buffycoat.workflows.fetching.download import Arrived, ShowBytes, download, no_bytes
from buffycoat.workflows.fetching.record import RECORD, Ledger, judge
from buffycoat.workflows.runs import now

__all__ = ["RECORD", "FetchSummary", "FetchedFile", "PublicSet", "fetch_set", "find_set", "public_sets"]

_SPARE = 64 * 1024**2
_Bring = Callable[[PublicFile, str, Callable[[Path, Arrived], None]], Arrived]


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedFile:
    """What came of one file.

    ``status``: ``fetched`` now, here ``before``, ``found`` in the folder because a person put it there, ``refused``
    with a code, or still to be got ``by hand``. ``checked``: which facts of the table it was held against; without
    any, ``sha256`` says what came and nobody has vouched for it.
    """

    name: str
    status: str
    size_bytes: int | None = None
    sha256: str | None = None
    checked: tuple[str, ...] = ()
    code: str | None = None
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchSummary:
    """What came of a set. ``complete``: every file of it is here; ``steps``: what to do next, by hand or by command."""

    name: str
    folder: str
    license: str
    citation: str
    complete: bool
    files: tuple[FetchedFile, ...]
    steps: tuple[str, ...]


def find_set(name: str, sets: Sequence[PublicSet] | None = None) -> PublicSet:
    """Return a public set by its name.

    Raises
    ------
    NotFound
        There is none of this name; the nearest names are in the hint.
    """
    listed = public_sets() if sets is None else sets
    names = [each.name for each in listed]
    if name in names:
        return listed[names.index(name)]
    near = get_close_matches(name.casefold(), names)
    asked = f"did you mean {' or '.join(near)}? " if near else ""
    raise NotFound(
        "there is no public set of this name",
        expected=", ".join(names),
        found=name,
        hint=f"{asked}`buffycoat fetch` lists the sets",
    )


def fetch_set(
    name: str,
    folder: Path,
    *,
    client: httpx.Client | None = None,
    progress: ShowBytes = no_bytes,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], datetime] = now,
    sets: Sequence[PublicSet] | None = None,
) -> FetchSummary:
    """Bring the files of a public set into a folder.

    What is here and recorded is not fetched again. A file that fails is told with its reason and the rest is done; the
    same call again goes on where it stopped. Bytes that are not what the table says are kept aside as ``<name>.bad``,
    to be looked at, and never under the file's own name.

    Parameters
    ----------
    name : str
        Of the set.
    folder : Path
        Made where there is none.
    client : httpx.Client, optional
        Without it one is made, and closed at the end.
    progress : callable
        Called with a file's name, its bytes so far and its size where that is known.
    sleep, clock : callable
        What waits between attempts, and what says the moment of the record.
    sets : sequence of PublicSet, optional
        Another table than the one that comes with buffycoat.

    Raises
    ------
    NotFound
        There is no set of this name.
    DownloadFailed
        The disk has no room for what is still missing.
    Conflict
        The folder holds another set.
    UnreadableFormat
        The record in the folder is none.
    UnwritableFile
        The folder cannot be made or written to.
    """
    chosen = find_set(name, sets)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        ledger = Ledger(folder, chosen, clock)
        wanted = chosen.files or ledger.put_by_hand()
        _make_sure_of_room(folder, [file for file in wanted if not ledger.has(file)])
        with ExitStack() as stack:
            line = client or stack.enter_context(_client())

            def bring(file: PublicFile, address: str, keep: Callable[[Path, Arrived], None]) -> Arrived:
                return download(file, address, folder, client=line, keep=keep, sleep=sleep, progress=progress)

            files = tuple(_settle(file, ledger, bring) for file in wanted)
    except OSError as error:
        raise UnwritableFile(f"{folder.name} cannot be written to", found=(error.strerror or "").lower()) from error
    if not files:
        files = (FetchedFile(name="", status="by hand", message="nothing was put into the folder yet"),)
    complete = all(file.status in ("fetched", "before", "found") for file in files)
    return FetchSummary(
        name=chosen.name,
        folder=str(folder),
        license=chosen.license,
        citation=chosen.citation,
        complete=complete,
        files=files,
        steps=_steps(chosen, folder, files, complete=complete),
    )


def _client() -> httpx.Client:
    return httpx.Client(
        timeout=httpx.Timeout(60.0, connect=20.0), headers={"User-Agent": f"buffycoat/{VERSION}", "Accept": "*/*"}
    )


def _settle(file: PublicFile, ledger: Ledger, bring: _Bring) -> FetchedFile:
    """Bring one file to its end; an error of ours is told and stops no other file."""
    path = ledger.folder / file.name

    def keep(part: Path, arrived: Arrived) -> None:
        try:
            judge(file, part, arrived.size_bytes, arrived.sha256)
        except BuffycoatError:
            part.replace(path.with_name(f"{file.name}.bad"))
            raise
        part.replace(path)

    try:
        if ledger.has(file):
            return _told(file, "before", ledger.files[file.name])
        if path.exists():
            return _told(file, "found", ledger.take(file, path))
        if file.address is None:
            return FetchedFile(name=file.name, status="by hand", message="to be got by hand")
        return _told(file, "fetched", ledger.add(file, asdict(bring(file, file.address, keep))))
    except BuffycoatError as error:
        message = error.told
        return FetchedFile(name=file.name, status="refused", code=error.code, message=message)


def _told(file: PublicFile, status: str, entry: Mapping[str, Any]) -> FetchedFile:
    return FetchedFile(
        name=file.name,
        status=status,
        size_bytes=entry["size_bytes"],
        sha256=entry["sha256"],
        checked=tuple(entry["checked"]),
    )


def _make_sure_of_room(folder: Path, missing: Sequence[PublicFile]) -> None:
    needed = 0
    for file in missing:
        part = folder / f"{file.name}.part"
        have = part.stat().st_size if part.exists() else 0
        needed += max(0, (file.size_bytes or 0) - have) if file.address and not (folder / file.name).exists() else 0
    free = shutil.disk_usage(folder).free - _SPARE
    if needed > free:
        raise DownloadFailed(
            "there is no room on this disk for the set",
            expected=f"{needed:,} bytes free",
            found=f"{max(0, free):,} bytes",
            hint="make room, or name another folder with --out",
        )


def _steps(chosen: PublicSet, folder: Path, files: Sequence[FetchedFile], *, complete: bool) -> tuple[str, ...]:
    """Say what to do next: by hand what is missing, then the command that imports what is here."""
    steps = [] if complete else [f"page: {chosen.page}"]
    steps += chosen.by_hand
    if not complete and any(file.status == "by hand" for file in files):
        steps.append(f"folder to put it into: {folder}")
    formats = {file.name: file.format for file in chosen.files}
    for file in files:
        path = folder / file.name
        reader = formats.get(file.name, chosen.format)
        if file.status not in ("fetched", "before", "found") or reader is None:
            continue
        if path.suffix.casefold() in (".zip", ".json"):
            steps.append(f"buffycoat import {shlex.quote(str(path))} --format {reader}")
        elif path.suffix.casefold() in (".rar", ".7z", ".gz", ".tar"):
            steps.append(f"unpack {path}, then: buffycoat import FOLDER --format {reader}")
    return tuple(steps)
