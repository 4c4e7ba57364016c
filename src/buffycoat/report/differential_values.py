"""What a differential count says: rows, figures with their intervals, what was not counted and why."""

from __future__ import annotations

from enum import StrEnum

from buffycoat.domain.value import value

__all__ = [
    "MOST_WBC",
    "NOTICE",
    "PLANNED",
    "Compared",
    "ComparedRow",
    "ComparedShare",
    "Differential",
    "DifferentialRow",
    "Figure",
    "Flag",
    "ForHundred",
    "LeukocyteCount",
    "Limits",
    "NotCounted",
    "PlannedInterval",
    "Reason",
    "ReferenceFacts",
    "Source",
    "UsedLabels",
]

NOTICE = "Research use, not a diagnosis."
"""Stands on every output."""
PLANNED = (100, 200, 500)
"""For so many leukocytes it is told what a share would be worth."""
MOST_WBC = 1000.0
"""The highest count of leukocytes that is taken, in 10⁹/L: more is mostly a count for each µl."""


class Flag(StrEnum):
    """Where a figure lies beside the laboratory's reference interval; both its ends are within."""

    LOW = "low"
    WITHIN = "within"
    HIGH = "high"


class Reason(StrEnum):
    """Why a cell is not among the leukocytes counted.

    ``REPEAT``: another picture of a cell that is kept. ``UNTOLD``: no label that may be told: nobody read it yet, or an
    open round holds it. ``DISPUTED``: experts contradict each other on more than the form. ``TYPE_UNTOLD``: an answer
    that does not even say whether it is a leukocyte. ``OTHER_TAXONOMY``: read by words of another taxonomy.
    """

    REPEAT = "repeat"
    UNTOLD = "untold"
    DISPUTED = "disputed"
    NUCLEATED_RED_CELL = "nucleated-red-cell"
    SMUDGE = "smudge"
    OTHER_CELL = "other-cell"
    ARTIFACT = "artifact"
    NOT_RECOGNIZED = "not-recognized"
    DEFECT = "defect"
    TYPE_UNTOLD = "type-untold"
    OTHER_TAXONOMY = "other-taxonomy"


class Source(StrEnum):
    """Which labels say what the counted cells are.

    ``AGREED``: experts gave the same answer. ``PARENT``: their answers differ, but within one row, in whose parent the
    cell is counted. ``FOLDER``: the folder of an imported set. What a model says counts only once a person said it too.
    """

    AGREED = "agreed"
    ADJUDICATED = "adjudicated"
    SINGLE = "single"
    PARENT = "parent"
    FOLDER = "folder"


@value
class Limits:
    """A reference interval; an end that is not given is open."""

    low: float | None = None
    high: float | None = None


@value
class Figure:
    """A number with its exact 95 % interval and the laboratory's reference interval, where there is one.

    ``sure``: the whole interval lies on the side that ``flag`` names, so that chance alone does not explain it.
    """

    value: float
    low: float
    high: float
    reference: Limits | None = None
    flag: Flag | None = None
    sure: bool = False


@value
class PlannedInterval:
    """What the share seen would be worth had ``cells`` leukocytes been counted: its exact 95 % interval, in percent."""

    cells: int
    low: float
    high: float


@value
class DifferentialRow:
    """One kind of leukocyte, with all kinds below it.

    Parameters
    ----------
    key, name : str
        Of the term.
    depth : int
        0 for rows that add up to all leukocytes; those below a row are a part of it.
    count : int
        Cells.
    unsure : int
        How many of these stop at this very term, where there are kinds below it: a lymphocyte, its size untold.
    usual : bool
        Whether the row is shown when it is empty.
    percent : Figure, optional
        Of all leukocytes counted; ``None`` where there are none.
    planned : tuple of PlannedInterval
        For 100, 200 and 500 leukocytes.
    absolute : Figure, optional
        10⁹/L, where a count of leukocytes was entered. Its interval is that of the share alone.
    """

    key: str
    name: str
    depth: int
    count: int
    unsure: int
    usual: bool
    percent: Figure | None
    planned: tuple[PlannedInterval, ...]
    absolute: Figure | None


@value
class ForHundred:
    """Cells that are told for a hundred leukocytes, not among them. ``known``: the taxonomy has a word for them."""

    count: int
    known: bool
    figure: Figure | None


@value
class LeukocyteCount:
    """The count of leukocytes that was entered, in 10⁹/L, and what the absolute counts were made of.

    Parameters
    ----------
    entered : float
        As it was entered.
    red_cells_left_out : bool
        Whether the counter had left nucleated red cells out already, as the person says.
    corrected : float, optional
        ``entered * 100 / (100 + nucleated red cells for 100 leukocytes)``; ``None`` where nothing was corrected.
    above : float
        From more nucleated red cells than this for 100 leukocytes on, it is corrected.
    used : float
        That of the two by which shares were multiplied.
    reference : Limits, optional
        The laboratory's.
    flag : Flag, optional
        Where ``used`` lies.
    """

    entered: float
    red_cells_left_out: bool
    corrected: float | None
    above: float
    used: float
    reference: Limits | None = None
    flag: Flag | None = None


@value
class NotCounted:
    """So many cells are not among the leukocytes counted, for one reason."""

    reason: Reason
    cells: int


@value
class UsedLabels:
    """So many of the leukocytes counted are what one kind of labels says."""

    source: Source
    cells: int


@value
class ReferenceFacts:
    """Whose reference intervals were used. ``unused``: what they name that is no row of this count.

    ``example``: they are numbers that show the format, of no laboratory, and every flag is empty words.
    """

    laboratory: str
    population: str
    source: str
    example: bool
    unused: tuple[str, ...] = ()


@value
class ComparedShare:
    """What one expert counted in a row: cells, percent, and the exact 95 % interval of the percent."""

    count: int
    percent: float
    low: float
    high: float


@value
class ComparedRow:
    """One row as several experts counted it; ``within``: each one's percent lies within the limits of all others."""

    key: str
    name: str
    depth: int
    shares: tuple[ComparedShare, ...]
    within: bool


@value
class Compared:
    """The counts of several experts on one smear in a closed round: handles, leukocytes of each, rows."""

    round: str
    taxonomy: str
    experts: tuple[str, ...]
    leukocytes: tuple[int, ...]
    simulated: bool
    rows: tuple[ComparedRow, ...]


@value
class Differential:
    """The differential count of one smear.

    Parameters
    ----------
    notice : str
        What everybody must be told.
    smear_id, smear : str
        Id and code.
    simulated : bool
        Whether the smear, or an expert whose labels were used, is simulated.
    taxonomy : str
        Whose words the rows are.
    rounds : tuple of str
        Names of the closed rounds whose labels were used.
    found : int
        Boxed elements of the smear; ``leukocytes`` and ``not_counted`` add up to it.
    leukocytes : int
        The denominator.
    rows : tuple of DifferentialRow
        In the order of the taxonomy.
    nucleated_red_cells, smudge_cells : ForHundred
        For a hundred leukocytes.
    wbc : LeukocyteCount, optional
        Where a count was entered.
    not_counted, used
        How many cells were left out and why, and which labels were used.
    page_confirmed : int
        Of the leukocytes counted, those whose labels were all given by confirming a page: the weaker kind.
    reference : ReferenceFacts, optional
        Whose intervals.
    compared : Compared, optional
        Experts side by side, where a count was read by several.
    """

    smear_id: str
    smear: str
    simulated: bool
    taxonomy: str
    rounds: tuple[str, ...]
    found: int
    leukocytes: int
    rows: tuple[DifferentialRow, ...]
    nucleated_red_cells: ForHundred
    smudge_cells: ForHundred
    wbc: LeukocyteCount | None
    not_counted: tuple[NotCounted, ...]
    used: tuple[UsedLabels, ...]
    page_confirmed: int
    reference: ReferenceFacts | None
    compared: Compared | None
    notice: str = NOTICE
