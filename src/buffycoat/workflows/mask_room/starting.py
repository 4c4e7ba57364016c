"""Where a person starts on one cell: the magenta channel, the thresholds in it, the own drawing, a program's draft."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from buffycoat.domain.account import Person
from buffycoat.domain.audit import Showing, Suggested, Suggestion
from buffycoat.domain.cell import Cell
from buffycoat.domain.mask import Part
from buffycoat.domain.masking import Drawing, MaskDraft, MaskLevels, MaskStart
from buffycoat.domain.run import Run
from buffycoat.domain.value import digest_of
from buffycoat.errors import Conflict, NothingFound, SeveralCells
from buffycoat.imaging.regions import decode_run_lengths, encode_run_lengths
from buffycoat.segment import WHOLE_ONLY, border_failures, easy_gt, find_parts
from buffycoat.segment.beside import cells_beside
from buffycoat.segment.frame import frame_of
from buffycoat.store.mask_queries import Statement, statements
from buffycoat.workflows.audit import note_showings
from buffycoat.workflows.consensus import held_cells
from buffycoat.workflows.crops import cell_pixels
from buffycoat.workflows.mask_room.tasks import class_of
from buffycoat.workflows.masks.keeping import crop_size
from buffycoat.workflows.workspace import Workspace

__all__ = ["SOURCE", "Channel", "channel_of", "draft_of", "has_compared", "magenta_of", "start_of"]

WEIGHT = 0.25
"""The weight of Easy-GT that did best on the first half of BCCD; the slider stands there at first."""
METHOD = "best"
SOURCE = "masks"
"""Where opinions come from that two masks are."""
_KEPT = 512


class Channel(NamedTuple):
    """The magenta channel of a crop, uint8 of its shape, and where it splits; no levels where it has one level."""

    pixels: NDArray[np.uint8]
    levels: MaskLevels | None
    threshold: float | None


def magenta_of(crop: NDArray[np.uint8]) -> Channel:
    """Return the channel in which Easy-GT sets its threshold, for a person to set another.

    White padding would shift the balance of colors, so it is left out, and is 0 in the channel.

    Parameters
    ----------
    crop : ndarray
        uint8 RGB of shape (height, width, 3).

    Examples
    --------
    >>> crop = np.full((60, 60, 3), 230, np.uint8)
    >>> crop[20:40, 20:40] = (120, 40, 160)
    >>> found = magenta_of(crop)
    >>> bool(((found.pixels > found.threshold) == easy_gt(crop).mask).all())
    True
    """
    pixels = np.zeros(crop.shape[:2], np.uint8)
    inside = frame_of(crop).slices
    try:
        found = easy_gt(np.ascontiguousarray(crop[inside]), weight=WEIGHT)
    except NothingFound:
        return Channel(pixels, None, None)
    pixels[inside] = found.magenta
    return Channel(pixels, MaskLevels(t2=found.t2, t_low=found.t_low, t_up=found.t_up), found.threshold)


def channel_of(workspace: Workspace, cell_id: str) -> bytes:
    """Return the magenta channel of a crop, a byte a pixel in row order.

    Raises
    ------
    NotFound
        There is no such cell, or its photograph has not come.
    Conflict
        An open round holds it.
    """
    return magenta_of(cell_pixels(workspace, _free(workspace, cell_id))).pixels.tobytes()


def start_of(workspace: Workspace, cell_id: str, person: Person) -> MaskStart:
    """Return what a person needs to draw a cell: never anything of another person's drawing.

    Raises
    ------
    NotFound
        There is no such cell, or its photograph has not come.
    Conflict
        An open round holds it: which parts are drawn would tell its class.
    """
    cell = _free(workspace, cell_id)
    height, width = crop_size(cell)
    channel = magenta_of(cell_pixels(workspace, cell))
    term, parts = class_of(workspace, cell_id)
    with workspace.database.reading() as transaction:
        own = [it for it in statements(transaction, [cell_id]) if it.expert_id == person.id]
        runs = transaction.find(Run, id=next(iter(own[-1].parts.values())).run_id) if own else []
    return MaskStart(
        cell_id=cell_id,
        width_px=width,
        height_px=height,
        term=term,
        parts=parts,
        channel=digest_of(channel.pixels.tobytes()),
        levels=channel.levels,
        threshold=channel.threshold,
        weight=None if channel.levels is None else WEIGHT,
        own=_drawing(own[-1], runs[0]) if own and runs else None,
        sealed=has_compared(workspace, cell_id, person),
    )


def has_compared(workspace: Workspace, cell_id: str, person: Person) -> bool:
    """Say whether a person has been told how alike two drawings of a cell are."""
    with workspace.database.reading() as transaction:
        return bool(transaction.count(Showing, expert_id=person.id, about=cell_id, source=SOURCE))


def _free(workspace: Workspace, cell_id: str) -> Cell:
    with workspace.database.reading() as transaction:
        cell = transaction.get(Cell, cell_id)
        if cell_id in held_cells(transaction):
            raise Conflict(
                "an open round reads this cell", expected="a cell of no open round", hint="draw it when the round ends"
            )
    return cell


def _drawing(said: Statement, run: Run) -> Drawing:
    masks = {part: mask for part, mask in said.parts.items() if not mask.failure}
    failures = [mask.failure for mask in said.parts.values() if mask.failure and mask.failure != WHOLE_ONLY]
    told = run.parameters
    threshold, seconds = told.get("threshold"), told.get("seconds")
    return Drawing(
        nucleus=masks[Part.NUCLEUS].run_lengths if Part.NUCLEUS in masks else None,
        cell=masks[Part.CELL].run_lengths if Part.CELL in masks else None,
        failure=failures[0] if failures else None,
        method=str(told.get("method") or ""),
        threshold=threshold if isinstance(threshold, int) else None,
        strokes=str(told.get("strokes") or ""),
        seconds=float(seconds) if isinstance(seconds, int | float) else 0.0,
        kept_at=said.finished_at,
    )


# -------------------------------------------------------------------- draft


class _Drafts:
    """What was drawn for crops lately, by their digests. Two crops at once would only take each other's time."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, MaskDraft] = OrderedDict()
        self._guard, self._drawing = Lock(), Lock()

    def known(self, crop: str) -> MaskDraft | None:
        """Return what was drawn before."""
        with self._guard:
            return self._known.get(crop)

    def of(self, workspace: Workspace, cell: Cell) -> MaskDraft:
        """Draw a crop, or return what was drawn."""
        crop = cell.crop or ""
        with self._drawing:
            found = self.known(crop)
            if found is None:
                found = _draw(workspace, cell)
                with self._guard:
                    self._known[crop] = found
                    while len(self._known) > _KEPT:
                        self._known.popitem(last=False)
        return found


_DRAFTS = _Drafts()


def draft_of(workspace: Workspace, cell_id: str, person: Person) -> MaskDraft:
    """Return what ``best`` draws of a cell, and note that the person is shown it; what was drawn before is known.

    What ``buffycoat segment`` kept is taken, otherwise the crop is drawn now, which takes a tenth of a second. Masks of
    a cell that the border cuts come with that reason: a person may judge otherwise.

    Raises
    ------
    NotFound
        There is no such cell, or its photograph has not come.
    Conflict
        An open round holds it.
    """
    cell = _free(workspace, cell_id)
    crop_size(cell)
    draft = _DRAFTS.known(cell.crop or "") or _kept(workspace, cell) or _DRAFTS.of(workspace, cell)
    found = replace(draft, cell_id=cell_id)
    if found.cell is not None:
        shown = tuple(digest_of(repr(runs).encode()) for runs in (found.nucleus, found.cell))
        note = Suggested(kind=Suggestion.OUTLINE, about=cell_id, shown=shown, source=METHOD)
        note_showings(workspace, person.id, [note])
    return found


def _kept(workspace: Workspace, cell: Cell) -> MaskDraft | None:
    """Return a draft that lies in the workspace: both parts, or one that was not asked for is drawn anew."""
    with workspace.database.reading() as transaction:
        drafts = [it for it in statements(transaction, [cell.id]) if it.by_program and it.hand == METHOD]
    if not drafts or any(part not in drafts[-1].parts or drafts[-1].parts[part].failure for part in Part):
        return None
    nucleus, whole = (drafts[-1].parts[part].run_lengths for part in Part)
    crop = cell_pixels(workspace, cell)
    beside = encode_run_lengths(cells_beside(crop, decode_run_lengths(whole, *crop.shape[:2])))
    return MaskDraft(cell_id=cell.id, method=METHOD, nucleus=nucleus, cell=whole, failure=None, beside=beside)


def _draw(workspace: Workspace, cell: Cell) -> MaskDraft:
    crop = cell_pixels(workspace, cell)
    try:
        found = find_parts(crop, method=METHOD, strict=False)
    except (NothingFound, SeveralCells) as error:
        return MaskDraft(cell_id=cell.id, method=METHOD, nucleus=None, cell=None, failure=error.code)
    doubts = [failure.code for failure in border_failures(found).values()]
    nucleus = None if found.nucleus is None else encode_run_lengths(found.nucleus)
    return MaskDraft(
        cell_id=cell.id,
        method=METHOD,
        nucleus=nucleus,
        cell=encode_run_lengths(found.cell),
        failure=doubts[0] if doubts else None,
        beside=encode_run_lengths(cells_beside(crop, found.cell)),
    )
