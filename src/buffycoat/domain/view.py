"""What is computed for people to look at; never stored."""

from __future__ import annotations

from collections.abc import Mapping

from buffycoat.domain.cell import Cell, DuplicateGroup
from buffycoat.domain.label import Consensus
from buffycoat.domain.query import Query
from buffycoat.domain.smear import Capture, FieldOfView, Smear
from buffycoat.domain.value import value

__all__ = ["CellPage", "CellView", "FieldPage", "FieldView", "Funnel", "Overview", "QueryView"]


@value
class Funnel:
    """What became of one smear: photographs in, cells out."""

    smear: Smear
    photographs: int
    crop_only: int
    elements: int
    repeats: int
    covered: int
    kept: int


@value
class FieldView:
    """A field with its set-up, how many cells it shows, and the field that covers it, if one does."""

    field: FieldOfView
    capture: Capture
    cells: int
    covered_by: str | None


@value
class CellView:
    """A cell with its smear, whether it is kept, its repeats, and where its labels stand.

    ``consensus`` is ``None`` where no round with this cell is closed: an open round shows nobody anything.
    """

    cell: Cell
    smear_id: str
    kept: bool
    group: DuplicateGroup | None
    consensus: Consensus | None


@value
class FieldPage:
    """One page of a list of fields."""

    total: int
    items: tuple[FieldView, ...]


@value
class CellPage:
    """One page of a list of cells."""

    total: int
    items: tuple[CellView, ...]


@value
class QueryView:
    """A saved query and how many cells it means now; ``None`` while the round it names is open."""

    query: Query
    cells: int | None


@value
class Overview:
    """The workspace at a glance: rows by kind, and whether anything in it is simulated."""

    name: str
    version: str
    simulated: bool
    counts: Mapping[str, int]
