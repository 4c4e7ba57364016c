"""What goes to and fro while masks are drawn: cells to draw, where to start, what is kept, and how alike two are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from buffycoat.domain.mask import Part
from buffycoat.domain.value import Digest, value

__all__ = [
    "MOST_STROKES",
    "Drawing",
    "MaskClass",
    "MaskDraft",
    "MaskGiven",
    "MaskLevels",
    "MaskPreset",
    "MaskSet",
    "MaskSheet",
    "MaskStart",
    "MaskTask",
    "MaskWish",
    "PairDice",
    "TaskState",
    "WhyFailed",
]

MOST_STROKES = 200_000
"""Characters: a hundred outlines of a thousand points."""


class TaskState(StrEnum):
    """How far one person is with one cell."""

    WAITING = "waiting"
    DRAWN = "drawn"
    FAILED = "failed"


class WhyFailed(StrEnum):
    """Why a person draws no mask.

    ``TOUCHING``: cells that touch cannot be told apart. ``BLUR``: no edge is sharp. ``GRANULES``: they hide the border
    of the nucleus. ``CUT``: the cell goes on outside the picture.
    """

    TOUCHING = "touching"
    BLUR = "blur"
    GRANULES = "granules"
    CUT = "cut"


@value
class MaskClass:
    """How far the drawing of one class is, of the cells that may be told of.

    ``asked`` is the quota; ``None`` while an open round holds cells of the selection, as what is missing would tell
    their class. ``mine`` counts what the asking person has drawn or failed in; the others count as in
    ``workflows.masks.selecting.ClassProgress``.
    """

    term: str
    asked: int | None
    chosen: int
    drawn: int
    drafted: int
    failed: int
    waiting: int
    mine: int


@value
class MaskSet:
    """A selection of cells as it is told to one person. ``held``: so many are left out while a round reads them."""

    id: str
    name: str
    classes: tuple[MaskClass, ...]
    held: int


@value
class MaskPreset:
    """Quotas that have a name: how many cells of each class, and of which the whole cell alone is drawn."""

    name: str
    counts: Mapping[str, int]
    whole_only: tuple[str, ...]


@value
class MaskWish:
    """Cells to be chosen for masks.

    Parameters
    ----------
    name : str
        Used once.
    counts : mapping of str to int
        How many cells of each class, 0 or more.
    whole_only : tuple of str
        Classes of which the whole cell is drawn, and no nucleus.
    seed : int
        Another seed draws other cells.
    fewer : bool
        Take what there is of a class that has too few, in place of choosing nothing.
    """

    name: str
    counts: Mapping[str, int]
    whole_only: tuple[str, ...] = ()
    seed: int = 0
    fewer: bool = False


@value
class MaskTask:
    """One cell to draw. ``comparable``: the asking person and somebody else have both drawn it."""

    cell_id: str
    term: str
    parts: tuple[Part, ...]
    mine: TaskState
    comparable: bool


@value
class MaskSheet:
    """A selection with its cells, in the order in which they were chosen: the classes in turns."""

    selection: MaskSet
    tasks: tuple[MaskTask, ...]


@value
class MaskLevels:
    """Levels of magenta that split a crop: in two classes, the lower and the upper one in three."""

    t2: int
    t_low: int
    t_up: int


@value
class Drawing:
    """What a person has kept of one cell. Run lengths are as in :class:`~buffycoat.domain.mask.Mask`."""

    nucleus: tuple[int, ...] | None
    cell: tuple[int, ...] | None
    failure: str | None
    method: str
    threshold: int | None
    strokes: str
    seconds: float
    kept_at: datetime


@value
class MaskStart:
    """What a person needs to draw one cell.

    Parameters
    ----------
    cell_id, width_px, height_px
        The cell, and the size of its crop.
    term : str or None
        Its class, where that is sure.
    parts : tuple of Part
        What is drawn of it.
    channel : Digest
        SHA-256 of the magenta channel, a byte a pixel in row order.
    levels : MaskLevels or None
        Where that channel splits; ``None`` where the crop is of one color.
    threshold, weight : float or None
        The level that Easy-GT uses, and its convex weight.
    own : Drawing or None
        What the asking person kept of it before.
    sealed : bool
        Whether the person has seen how alike the two drawings are: then it is changed no more.
    """

    cell_id: str
    width_px: int
    height_px: int
    term: str | None
    parts: tuple[Part, ...]
    channel: Digest
    levels: MaskLevels | None
    threshold: float | None
    weight: float | None
    own: Drawing | None
    sealed: bool


@value
class MaskDraft:
    """What a program would draw, to start from; ``failure`` is why it draws nothing, or what is doubtful about it.

    ``beside`` are the pixels of other cells, as run lengths, for a hand that is not to slip into them; ``None`` where
    no cell is drawn.
    """

    cell_id: str
    method: str
    nucleus: tuple[int, ...] | None
    cell: tuple[int, ...] | None
    failure: str | None
    beside: tuple[int, ...] | None = None


@value
class MaskGiven:
    """A mask as a device sends it.

    Parameters
    ----------
    event : str
        A UUID that the device made; an event that comes again is known.
    cell : str
        Id of the cell.
    given_at : str
        By the clock of the device, ISO 8601 with a zone.
    method : str
        What was used, joined by ``+``: ``best``, ``easy-gt``, ``pen``.
    threshold : int or None
        Level of magenta above which a pixel is nucleus, where a threshold made it.
    strokes : str
        What was drawn by hand, as the screen wrote it down, to go on from.
    seconds : float
        Spent on the cell.
    nucleus, cell_mask : tuple of int or None
        Run lengths in row order, background first.
    failure : WhyFailed or None
        Why there is no mask, of the parts that have none.
    """

    event: str
    cell: str
    given_at: str
    method: str
    threshold: int | None
    strokes: str
    seconds: float
    nucleus: tuple[int, ...] | None
    cell_mask: tuple[int, ...] | None
    failure: WhyFailed | None


@value
class PairDice:
    """How alike two people drew one cell: Dice, 0 to 1; 0 where one says that there is nothing to draw.

    ``None`` where neither drew the part, or it was not asked for.
    """

    cell_id: str
    nucleus: float | None
    cell: float | None
    cytoplasm: float | None
