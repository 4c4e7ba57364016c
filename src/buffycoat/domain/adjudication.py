"""What goes to and fro while disputed cells are decided; nothing in it says which expert said what."""

from __future__ import annotations

from datetime import datetime

from buffycoat.domain.value import value

__all__ = ["AdjudicationView", "Decision", "DecisionGiven", "Dispute", "DisputePage", "Opinion", "ReferenceCells"]


@value
class AdjudicationView:
    """A closed round as it is told to one who may decide over its cells.

    Parameters
    ----------
    id, name, taxonomy, level
        Of the round.
    levels : tuple of str
        All of its taxonomy, ``full`` first.
    cells, experts : int
        How many cells it asked about, and how many people.
    disputed, decided : int
        Cells whose experts said different terms, and how many of them are decided.
    held : int
        Cells of the round, disputed or not, that an open round holds: nothing is told of them until that is closed.
    simulated : bool
        Whether one of the experts is.
    opened_at : datetime
        In UTC.
    final : bool
        Whether nothing is left to decide, so that the consensus of the round stays as it is.
    """

    id: str
    name: str
    taxonomy: str
    level: str
    levels: tuple[str, ...]
    cells: int
    experts: int
    disputed: int
    decided: int
    held: int
    simulated: bool
    opened_at: datetime
    final: bool


@value
class Opinion:
    """What some experts said of a cell: a term, how many of them, and their comments in the order of the alphabet."""

    term: str
    experts: int
    comments: tuple[str, ...]


@value
class Decision:
    """The decision that holds for a cell; ``mine``: whether the asking person made it. ``reason`` may be empty."""

    term: str
    reason: str
    mine: bool
    given_at: datetime


@value
class Dispute:
    """A disputed cell. ``place`` counts from 0; ``opinions`` are in an order that chance fixed for this person."""

    item: str
    place: int
    opinions: tuple[Opinion, ...]
    decision: Decision | None


@value
class DisputePage:
    """A part of the disputed cells, in order: those with the rarest classes first.

    ``total`` and ``decided`` count what the level and the pair mean; ``round`` counts all of the round.
    """

    round: AdjudicationView
    total: int
    decided: int
    items: tuple[Dispute, ...]


@value
class DecisionGiven:
    """A decision as a device sends it.

    Parameters
    ----------
    event : str
        A UUID that the device makes; sent again, nothing happens again.
    item : str
        What is decided.
    term : str, optional
        Key; ``None`` takes one's own decision back.
    given_at : str
        When, by the clock of the device: ISO 8601 with its zone.
    reason : str
        Why; needed where no expert said this term.
    seconds : float, optional
        How long the person looked.
    """

    event: str
    item: str
    term: str | None
    given_at: str
    reason: str = ""
    seconds: float | None = None


@value
class ReferenceCells:
    """Ids of cells that are surely of a term, to look at beside a disputed one."""

    term: str
    cells: tuple[str, ...]
