"""Cells sorted in the gallery: labels of the weaker kind, and the cells by the class that each is shown under."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from buffycoat.domain.label import Look, Role
from buffycoat.domain.value import value

__all__ = [
    "Arrangement",
    "GalleryGiven",
    "GalleryLabel",
    "SortOrder",
    "SortedClass",
    "SuggestedGroup",
    "TypeSuggestion",
]


class SortOrder(StrEnum):
    """In which order cells without a class stand: that of the gallery, or as a program suggests it."""

    GALLERY = "gallery"
    SUGGESTED = "suggested"


@value
class GalleryLabel:
    """What a person said of a cell in the gallery, beside many others: weaker than an answer in a round.

    An event like an answer: of all events of one person on one cell the newest by (``given_at``, ``event``) holds.

    Parameters
    ----------
    id : str
        Of the event.
    cell_id, expert_id : str
        Which cell was named by whom.
    taxonomy : str
        Name and version of the one that the person saw.
    term : str
        Key; empty where the label was taken back.
    given_at : datetime
        When, in UTC.
    event : str
        Id that the person's device gave it.
    withdrawn : bool
        Whether it takes the label back.
    look : Look
        Named by itself in the gallery, or confirmed with its page.
    role : Role
        What the person was then: what a trainee says counts for the trainee alone.
    """

    id: str
    cell_id: str
    expert_id: str
    taxonomy: str
    term: str
    given_at: datetime
    event: str
    withdrawn: bool = False
    look: Look = Look.GALLERY
    role: Role = Role.EXPERT


@value
class GalleryGiven:
    """A label of the gallery as a device sends it.

    Parameters
    ----------
    event : str
        A UUID that the device makes; sent again, nothing happens again.
    cell : str
        Id of the cell.
    term : str, optional
        Key; ``None`` takes the person's label back.
    taxonomy : str
        Name and version of the one that the person saw.
    given_at : str
        When, by the clock of the device: ISO 8601 with its zone.
    look : Look
        ``gallery`` for a cell that was named, ``page`` for one that was confirmed with its page.
    """

    event: str
    cell: str
    term: str | None
    taxonomy: str
    given_at: str
    look: Look = Look.GALLERY


@value
class SortedClass:
    """The cells that are shown under one class, in the order of the gallery.

    ``term`` is ``None`` for cells without one. ``marks`` has a hexadecimal digit for each cell, the sum of: 1 a repeat,
    2 it came without its photograph, 4 the asking person labeled it here, 8 an open round holds it.
    """

    term: str | None
    cells: tuple[str, ...]
    marks: str


@value
class TypeSuggestion:
    """What a program takes a cell for. No label, and no part of one.

    Parameters
    ----------
    cell_id : str
        Which cell.
    term : str or None
        Key of the term; ``None`` where the program says that it does not know.
    likeliest : str
        The term that it would say if it had to.
    certainty : float
        The probability that it gives this one, 0 to 1.
    source : str
        Name of the program.
    """

    cell_id: str
    term: str | None
    likeliest: str
    certainty: float
    source: str


@value
class SuggestedGroup:
    """How many cells a program takes for a term; ``None`` for those of which it does not know."""

    term: str | None
    cells: int


@value
class Arrangement:
    """All cells that a question means, sorted into classes for one person.

    A cell is shown under what the person said of it here, else under what is known of it; see :class:`Consensus`.
    ``total`` counts the cells that are meant; those beyond the first ``cells`` of the classes are left out. Where cells
    without a class stand as a program suggests, ``suggested`` counts them in their order; ``suggested_by`` names it.
    """

    taxonomy: str
    total: int
    classes: tuple[SortedClass, ...]
    suggested: tuple[SuggestedGroup, ...] = ()
    suggested_by: tuple[str, ...] = ()
