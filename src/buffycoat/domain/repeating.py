"""What goes to and fro while repeats are reviewed: thresholds, groups, covered photographs, and cleanings gone back."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from buffycoat.domain.cell import Evidence
from buffycoat.domain.geometry import Box
from buffycoat.domain.ruling import Ruled
from buffycoat.domain.value import value

__all__ = [
    "Cleaning",
    "CoveredCell",
    "CoveredPair",
    "CoveredSide",
    "GroupOrder",
    "Lines",
    "NearPair",
    "PairAnswer",
    "PairSaid",
    "RepeatChange",
    "RepeatGroup",
    "RepeatLink",
    "RepeatMember",
    "RepeatPage",
    "RepeatTotals",
    "RepeatWord",
    "RulingGiven",
    "SuggestedLines",
    "ThresholdSheet",
    "ThresholdWish",
    "Way",
    "WhyCleaned",
]

Affine = tuple[float, float, float, float, float, float]
"""Row by row, the 2 x 3 matrix of a map between two pictures."""


class Way(StrEnum):
    """By what two crops are compared: bits of two hashes, or correlation of one laid upon the other."""

    HASHES = "hashes"
    CORRELATION = "correlation"


class PairAnswer(StrEnum):
    """What a person says of a pair near the thresholds; ``BACK`` takes the answer back."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"
    BACK = "back"


class GroupOrder(StrEnum):
    """Which groups come first: the largest, those with the weakest link, those whose labels differ."""

    SIZE = "size"
    WEAKEST = "weakest"
    DIFFER = "differ"


class WhyCleaned(StrEnum):
    """Why smears were cleaned: somebody cleaned, somebody ruled on two pictures, or somebody went back."""

    CLEANED = "cleaned"
    RULED = "ruled"
    WENT_BACK = "went-back"


@value
class Lines:
    """The thresholds in force or asked about; see ``buffycoat.clean.CleanParameters``."""

    method: str
    average_bits: int
    perceptual_bits: int
    correlation: float


@value
class ThresholdWish:
    """How all smears are to be cleaned; thresholds belong to one method each."""

    method: str
    average_bits: int | None = None
    perceptual_bits: int | None = None
    correlation: float | None = None


@value
class NearPair:
    """A pair of crops whose decision would turn with the thresholds.

    ``margin`` is by how much they would have to move: above 0 the pair is apart now, else together; in bits, or in
    correlation. ``answer`` is what was said of it last, by ``by``.
    """

    a: str
    b: str
    smear: str
    average_bits: int
    perceptual_bits: int
    correlation: float | None
    margin: float
    warp: Affine | None = None
    answer: PairAnswer | None = None
    by: str | None = None


@value
class SuggestedLines:
    """Thresholds that agree best with the answers, and how well, among the pairs that were asked about."""

    lines: Lines
    precision: float
    precision_interval: tuple[float, float]
    recall: float
    recall_interval: tuple[float, float]
    asked: int


@value
class ThresholdSheet:
    """How far apart the crops of each smear are, where the lines run, and which pairs a person is asked about.

    Parameters
    ----------
    way : Way
        By what crops are compared.
    in_force : Lines
        How the smears, or most of them, were cleaned last.
    lines : Lines
        What is looked at.
    cells : int
        Crops that were compared.
    by_bits : tuple of (int, int, int)
        Bits of the average hash, of the perceptual one, and how many pairs are so far apart; near pairs only.
    by_correlation : tuple of int
        Pairs by correlation, in steps of 0.01 from ``lowest`` on.
    lowest : float
        Where those begin.
    asked : tuple of NearPair
        Pairs without an answer, those nearest to the lines first.
    answered : tuple of NearPair
        Those with one, the latest first.
    suggestion : SuggestedLines or None
        ``None`` until somebody called a pair the same cell.
    waiting : int
        Smears with answers that count from their next cleaning on.
    """

    way: Way
    in_force: Lines
    lines: Lines
    cells: int
    by_bits: tuple[tuple[int, int, int], ...]
    by_correlation: tuple[int, ...]
    lowest: float
    asked: tuple[NearPair, ...]
    answered: tuple[NearPair, ...]
    suggestion: SuggestedLines | None
    waiting: int


@value
class PairSaid:
    """An answer as the screen sends it."""

    cell_id: str
    other_id: str
    answer: PairAnswer


@value
class RulingGiven:
    """A person's word on two pictures, as the screen sends it; for ``keep`` the first is the one that stays."""

    cell_id: str
    other_id: str
    ruled: Ruled
    reason: str = ""


@value
class RepeatChange:
    """What would be, or was, otherwise: pairs of pictures joined and parted, pictures kept, photographs covered.

    Parameters
    ----------
    joined, parted : int
        Pairs of pictures that are one cell after and not before, and the other way round.
    examples_joined, examples_parted : tuple of (str, str)
        Some of them.
    left_out, kept_again : tuple of str
        Cells that are kept before and not after, and the other way round.
    kept_before, kept_after : int
        Pictures that are kept in all.
    covered, uncovered : tuple of str
        Photographs that go, and that come back.
    read : tuple of str
        Cells of ``left_out`` that open rounds read.
    """

    joined: int
    parted: int
    examples_joined: tuple[tuple[str, str], ...]
    examples_parted: tuple[tuple[str, str], ...]
    left_out: tuple[str, ...]
    kept_again: tuple[str, ...]
    kept_before: int
    kept_after: int
    covered: tuple[str, ...]
    uncovered: tuple[str, ...]
    read: tuple[str, ...]


@value
class RepeatTotals:
    """Cells of one smear or all: groups with several pictures, pictures left out and kept, photographs covered."""

    groups: int
    left_out: int
    kept: int
    covered: int


@value
class RepeatMember:
    """One picture of a cell. ``term`` is that of closed rounds, ``None`` where there is none to show."""

    cell_id: str
    field_id: str
    sharpness: float
    side_px: int
    kept: bool
    term: str | None


@value
class RepeatLink:
    """What says that two pictures are one cell; ``weakest`` marks the link that would give way first."""

    a: str
    b: str
    correlation: float | None
    average_bits: int
    perceptual_bits: int
    evidence: Evidence | None
    warp: Affine | None
    weakest: bool


@value
class RepeatWord:
    """What stands of a person's words on two pictures."""

    cell_id: str
    other_id: str
    ruled: Ruled
    by: str
    reason: str


@value
class RepeatGroup:
    """All pictures of one cell, the kept one first, and why they are one.

    ``read``: an open round reads one of them, so the kept picture stays until the round ends.
    """

    smear: str
    members: tuple[RepeatMember, ...]
    links: tuple[RepeatLink, ...]
    words: tuple[RepeatWord, ...]
    differ: bool
    read: bool


@value
class RepeatPage:
    """Some of the groups, and figures of all; ``apart`` are words on pictures that are in no group together for it."""

    total: int
    totals: RepeatTotals
    items: tuple[RepeatGroup, ...]
    apart: tuple[RepeatWord, ...]


@value
class CoveredCell:
    """A cell as it lies in one of two photographs; cells of one ``number`` are one, 0 is in the other one nowhere."""

    cell_id: str
    extent: Box
    number: int


@value
class CoveredSide:
    """A photograph with its place in the smear, from 1, its size and its cells."""

    field_id: str
    place: int
    width_px: int
    height_px: int
    cells: tuple[CoveredCell, ...]


@value
class CoveredPair:
    """A photograph that goes, and the one in which each of its cells lives on.

    ``onto`` takes places in the photograph that goes to places in the other one, in pixels; ``None`` where no two of
    their cells were laid upon one another.
    """

    smear: str
    gone: CoveredSide
    stays: CoveredSide
    onto: Affine | None


@value
class Cleaning:
    """Smears that were cleaned in one go.

    Parameters
    ----------
    id : str
        Of the first outcome of it.
    began_at, ended_at : datetime
        When its first and last smear were done.
    why : WhyCleaned
        Why.
    by : str or None
        Who, where that is known: of a ruling, or of a job.
    lines : Lines
        How cells were compared.
    smears : tuple of str
        Codes.
    repeats, covered : int
        Pictures left out and photographs that went, in these smears.
    standing : int
        In how many of these smears its verdicts hold now.
    first : int
        How many of these smears had not been cleaned before: there is nothing to go back to.
    """

    id: str
    began_at: datetime
    ended_at: datetime
    why: WhyCleaned
    by: str | None
    lines: Lines
    smears: tuple[str, ...]
    repeats: int
    covered: int
    standing: int
    first: int
