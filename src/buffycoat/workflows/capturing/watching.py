"""A folder into which a camera's program writes: each new photograph is taken in once it stops growing, and told."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from buffycoat.domain.capturing import CountingArea, Preset
from buffycoat.domain.smear import FieldOfView
from buffycoat.domain.value import digest_of, value
from buffycoat.errors import Conflict, InputError, UnreadableFile, Unsound
from buffycoat.ingest.listing import Entry, list_photographs
from buffycoat.store.arrivals import arrivals_of
from buffycoat.workflows.capturing.half import room_for
from buffycoat.workflows.capturing.smears import find_smear
from buffycoat.workflows.capturing.taking import Shot, take_shot
from buffycoat.workflows.workspace import Workspace

__all__ = ["Seen", "SeenState", "Watch", "watch_folder"]


class SeenState(StrEnum):
    """What became of a file in a watched folder."""

    TAKEN = "taken in"
    BEFORE = "here before"
    REFUSED = "refused"


@value
class Seen:
    """One file of a watched folder, as it is told. A refused one stays where it is, and is tried when it changes."""

    name: str
    state: SeenState
    white_cells: int | None = None
    code: str = ""
    why: str = ""


@dataclass(slots=True)
class Watch:
    """What is known of the files of a folder between two looks.

    Parameters
    ----------
    folder : Path
        Where.
    settle : float
        For so many seconds a file must not have changed before it is read.
    """

    folder: Path
    settle: float
    _changed: dict[str, tuple[tuple[int, int], float]] = field(default_factory=dict)
    _done: dict[str, tuple[int, int]] = field(default_factory=dict)

    def ready(self, moment: float) -> Iterator[tuple[Entry, tuple[int, int]]]:
        """Give the files that are new or changed, and grow no more.

        Raises
        ------
        UnreadableFile
            The folder is not there.
        """
        if not self.folder.is_dir():
            raise UnreadableFile(
                f"{self.folder.name} cannot be watched",
                expected="a folder",
                found="none",
                hint="plug the disk in again",
            )
        there = list_photographs(self.folder).entries
        names = {entry.name for entry in there}
        self._changed = {name: told for name, told in self._changed.items() if name in names}
        for entry in there:
            mark = self._mark(entry)
            if self._done.get(entry.name) == mark:
                continue
            before, since = self._changed.get(entry.name, ((-1, -1), moment))
            if before != mark:
                self._changed[entry.name] = mark, moment
                since = moment
            if moment - since >= self.settle:
                yield entry, mark

    def settled(self, entry: Entry, mark: tuple[int, int]) -> None:
        """Say that a file was dealt with as it was then."""
        self._done[entry.name] = mark
        self._changed.pop(entry.name, None)

    @property
    def waiting(self) -> int:
        """How many files still grow, or did a moment ago."""
        return len(self._changed)

    def _mark(self, entry: Entry) -> tuple[int, int]:
        try:
            found = (self.folder / entry.name).stat()
        except OSError:
            return entry.size, 0
        return found.st_size, found.st_mtime_ns


def watch_folder(  # noqa: PLR0913 (what is said of all of them)
    workspace: Workspace,
    folder: Path,
    *,
    smear_id: str,
    preset: Preset | None,
    counting: CountingArea = CountingArea.UNSAID,
    settle: float = 2.0,
    every: float = 1.0,
    once: bool = False,
    max_megapixels: float | None = None,
    tell: Callable[[Seen], None],
) -> None:
    """Take the photographs of a folder in, those that come later too, until somebody stops it.

    A photograph is known by its bytes: after a restart nothing is taken in twice, and nothing is left out that came
    meanwhile. Files are only read.

    Parameters
    ----------
    workspace, folder
        Where to, and where from.
    smear_id : str
        The smear that all of them show.
    preset : Preset, optional
        The set-up.
    counting : CountingArea
        Whether they show the counting area.
    settle, every : float
        Seconds without a change before a file is read, and between two looks.
    once : bool
        Whether to stop when what is there is done.
    tell : callable
        Called with what became of each file.

    Raises
    ------
    UnreadableFile
        The folder is not there.
    NotFound, Conflict
        The smear is not there, or was withdrawn.
    DiskFull
        There is no room; the same command goes on later.
    """
    watch = Watch(folder=folder, settle=settle)
    while True:
        for entry, mark in watch.ready(time.monotonic()):
            shot = Shot(by=None, client="", counting=counting, max_megapixels=max_megapixels)
            tell(_take(workspace, entry, smear_id, preset, shot))
            watch.settled(entry, mark)
        if once and not watch.waiting:
            return
        time.sleep(min(every, settle) if watch.waiting else every)


def _take(workspace: Workspace, entry: Entry, smear_id: str, preset: Preset | None, shot: Shot) -> Seen:
    with workspace.database.reading() as transaction:
        smear = find_smear(transaction, smear_id)
    try:
        content = entry.read()
        digest = digest_of(content)
        with room_for(len(content), "objects"):
            # What it is called in the folder may name a person: its own bytes name it here.
            named = Shot(by=None, client=digest, counting=shot.counting, max_megapixels=shot.max_megapixels)
            found, new = take_shot(workspace, content, smear=smear, preset=preset, shot=named)
    except (InputError, Conflict, Unsound) as error:
        return Seen(name=entry.name, state=SeenState.REFUSED, code=error.code, why=error.told)
    return Seen(
        name=entry.name,
        state=SeenState.TAKEN if new else SeenState.BEFORE,
        white_cells=_cells(workspace, found) if new else None,
    )


def _cells(workspace: Workspace, found: FieldOfView) -> int | None:
    with workspace.database.reading() as transaction:
        told = arrivals_of(transaction, [found.id]).get(found.id, ())
    return told[0].white_cells if told else None
