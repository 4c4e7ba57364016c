"""What goes to and fro while a color filter is trained on a screen: boxes, what it sees, how it does, what is kept."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from buffycoat.domain.geometry import Box
from buffycoat.domain.smear import Capture
from buffycoat.domain.value import Digest, value

__all__ = [
    "BoxedField",
    "FieldScore",
    "FilterCount",
    "FilterJudgement",
    "FilterPreview",
    "FilterSaving",
    "FilterSetup",
    "FilterSight",
    "FilterTrial",
    "FilterUse",
    "FilterVerdict",
    "FilterWish",
    "FinderScore",
    "FittedFilter",
    "FoundBox",
    "SavedFilter",
]


@value
class FilterSetup:
    """A smear on one set-up, as a filter is trained on and used for.

    ``fields`` counts its photographs, ``searchable`` those that a search looks at: where the source gave boxes, none
    does. ``among`` are up to forty of the photographs, spread over all, to choose from. ``red_cell_px`` is the diameter
    of a red cell in pixels of the photographs, ``None`` where nothing tells it. ``in_use`` is the name of the filter
    that was chosen for it; ``None`` where the one that comes along is used.
    """

    smear_id: str
    smear: str
    capture: Capture
    fields: int
    searchable: int
    among: tuple[str, ...]
    red_cell_px: float | None
    in_use: str | None


@value
class BoxedField:
    """A photograph to learn from, with the boxes of all its white cells: left, top, right and bottom in its pixels."""

    field_id: str
    boxes: tuple[tuple[int, int, int, int], ...]


@value
class FilterWish:
    """What a filter is to be trained on.

    Parameters
    ----------
    smear_id, capture_id : str
        The smear and the set-up.
    fields : tuple of BoxedField
        Up to ten of its photographs; without any box, the filter that comes along is meant.
    strictness : float
        Taken off the log odds that a pixel is nucleus, -8 to 8: the more, the fewer pixels count.
    shown : str, optional
        The photograph to look at.
    """

    smear_id: str
    capture_id: str
    fields: tuple[BoxedField, ...] = ()
    strictness: float = 0.0
    shown: str | None = None


@value
class FittedFilter:
    """The numbers of a filter; see ``detect.ColorFilter``. ``default``: it is the one that comes along."""

    weights: tuple[float, float, float]
    bias: float
    prior: float
    images: int
    boxes: int
    default: bool


@value
class FoundBox:
    """A cell that a filter finds: its tight box, and the mean probability of its nucleus pixels."""

    place: Box
    score: float


@value
class FilterSight:
    """What a filter sees in one photograph, at the scale at which it looks.

    Parameters
    ----------
    field_id : str
        The photograph.
    times : int
        Pixels of the photograph to one of the mask, in each direction.
    left, top : int
        So many pixels of the photograph before its own corner the mask begins.
    width_px, height_px : int
        Size of the mask.
    mask : tuple of int
        Run lengths in row order, background first: pixels that look like nucleus.
    found : tuple of FoundBox
        The cells that a search would find, in pixels of the photograph.
    """

    field_id: str
    times: int
    left: int
    top: int
    width_px: int
    height_px: int
    mask: tuple[int, ...]
    found: tuple[FoundBox, ...]


@value
class FilterTrial:
    """A filter that was just trained, and what it sees; ``seconds`` is what that took."""

    filter: FittedFilter
    sight: FilterSight | None
    seconds: float


@value
class FinderScore:
    """Found, missed and extra cells. ``low`` and ``high`` bound the share that is found, at 95 % confidence."""

    found: int
    missed: int
    extra: int
    low: float
    high: float


@value
class FieldScore:
    """One photograph that was held back: its boxes, and what either filter does there."""

    field_id: str
    boxes: int
    own_missed: int
    own_extra: int
    default_missed: int
    default_extra: int


class FilterVerdict(StrEnum):
    """How a filter does beside the one that comes along, as far as its boxes can tell.

    ``TOO_FEW``: fewer than two photographs or ten boxes. ``ALIKE``: no more difference than chance makes.
    """

    TOO_FEW = "too-few"
    ALIKE = "alike"
    BETTER = "better"
    WORSE = "worse"


@value
class FilterJudgement:
    """How a filter does in photographs that it was not fitted on: each is held back in turn."""

    verdict: FilterVerdict
    own: FinderScore
    default: FinderScore
    fields: tuple[FieldScore, ...]


@value
class FilterSaving:
    """A filter to be kept: under which name, and what it is trained on."""

    name: str
    wish: FilterWish


@value
class SavedFilter:
    """A filter that the workspace keeps.

    Parameters
    ----------
    id : str
        Of the document that it is.
    name : str
        Means this filter and no other, for good.
    digest : Digest
        SHA-256 of its file.
    by : str or None
        Handle of whoever saved it.
    saved_at : datetime
        When, in UTC.
    smear_id, capture_id, fields
        What it was trained on.
    filter : FittedFilter
        Its numbers.
    used_for : tuple of str
        Codes of the smears that are searched with it.
    """

    id: str
    name: str
    digest: Digest
    by: str | None
    saved_at: datetime
    smear_id: str
    capture_id: str
    fields: tuple[str, ...]
    filter: FittedFilter
    used_for: tuple[str, ...]


@value
class FilterUse:
    """With which filter a smear on one set-up is searched; ``filter_id`` is ``None`` for the one that comes along."""

    smear_id: str
    capture_id: str
    filter_id: str | None


@value
class FilterCount:
    """How many cells one photograph has, and how many it would have."""

    field_id: str
    now: int
    then: int


@value
class FilterPreview:
    """What a search would change, in a few photographs spread over ``total``. Nothing is written for it."""

    total: int
    fields: tuple[FilterCount, ...]
    now: int
    then: int
