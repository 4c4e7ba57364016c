"""What is computed for people to look at; never stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from buffycoat.domain.capturing import CountingArea
from buffycoat.domain.cell import Cell, DuplicateGroup
from buffycoat.domain.label import Consensus
from buffycoat.domain.query import Query
from buffycoat.domain.smear import Capture, FieldOfView, Smear
from buffycoat.domain.value import value

__all__ = [
    "AgreementRound",
    "Answered",
    "CellPage",
    "CellView",
    "FieldPage",
    "FieldView",
    "Funnel",
    "Overview",
    "QueryView",
]


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
    """A field with its set-up, how many cells it shows, and the field that covers it, if one does.

    ``in_counting_area``: whether it shows the area in which cells are counted, as somebody said.
    """

    field: FieldOfView
    capture: Capture
    cells: int
    covered_by: str | None
    in_counting_area: CountingArea = CountingArea.UNSAID


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
class AgreementRound:
    """A closed round of two experts, whose matrix can be looked at.

    Parameters
    ----------
    name, taxonomy
        Of the round.
    level : str
        At which its answers are compared first.
    levels : tuple of str
        All of its taxonomy, ``full`` first.
    cells : int
        How many it asked about.
    experts : tuple of str
        Their handles: rows of the matrix, then columns.
    simulated : bool
        Whether one of them is.
    opened_at : datetime
        In UTC.
    """

    name: str
    taxonomy: str
    level: str
    levels: tuple[str, ...]
    cells: int
    experts: tuple[str, str]
    simulated: bool
    opened_at: datetime


@value
class Answered:
    """Cells by what the two experts of a closed round said: those in a row and a column of its matrix at a level.

    Without ``round`` the latest is meant, without ``first`` or ``second`` whatever that expert said.
    """

    round: str | None = None
    level: str = "full"
    first: str | None = None
    second: str | None = None


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
