"""Experts, rounds, their answers, and what the answers amount to."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from enum import StrEnum

from buffycoat.domain.value import value

__all__ = ["Closing", "Consensus", "Expert", "HandIn", "Label", "Look", "Mode", "Purpose", "Role", "Round", "Standing"]


class Role(StrEnum):
    """What a person may do. ``SOURCE`` is no person, but the folder in which an imported set files a cell."""

    SOURCE = "source"
    VIEWER = "viewer"
    TRAINEE = "trainee"
    EXPERT = "expert"
    ADJUDICATOR = "adjudicator"
    CURATOR = "curator"
    ADMIN = "admin"


class Purpose(StrEnum):
    """Why an answer was asked for. Only readings and adjudications say what a cell is.

    ``REPEAT``: the same expert once more, hidden among the others. ``GOLD``: a cell whose answer is known.
    """

    READING = "reading"
    REPEAT = "repeat"
    GOLD = "gold"
    ADJUDICATION = "adjudication"


class Mode(StrEnum):
    """What a round is for.

    ``BLIND`` makes ground truth. ``COUNT`` counts a smear, and weighs less. ``TRAINING`` and ``PROFICIENCY`` try
    people, not cells: the answer of the panel is told after each answer, or at the end, and none counts for a cell.
    """

    BLIND = "blind"
    COUNT = "count"
    TRAINING = "training"
    PROFICIENCY = "proficiency"


class Look(StrEnum):
    """How a cell was looked at: alone; or beside many others, which is the weaker kind.

    ``GALLERY``: named by itself among the cells of a page. ``PAGE``: confirmed with its whole page.
    """

    SINGLE = "single"
    GALLERY = "gallery"
    PAGE = "page"


class Standing(StrEnum):
    """Where a cell stands between its experts; computed, never stored.

    ``SORTED``: nobody read it, but somebody named it in the gallery, which counts less than any answer.
    """

    OPEN = "open"
    SORTED = "sorted"
    SINGLE = "single"
    AGREED = "agreed"
    DISPUTED = "disputed"
    ADJUDICATED = "adjudicated"


@value
class Expert:
    """A person who reads cells, or a simulated one, which is marked as such everywhere."""

    id: str
    handle: str
    role: Role = Role.EXPERT
    simulated: bool = False


@value
class Round:
    """A reading campaign: these cells, these experts, this taxonomy. Sealed when it is opened.

    ``closed_at`` is set where nobody will read on from the start, such as in an imported set: then cells without an
    answer stay so. Any other round is open until there is a :class:`Closing` of it.

    Parameters
    ----------
    id, name : str
        The name is used once.
    taxonomy : str
        Name and version.
    cells : tuple of str
        Ids of the cells that are asked about.
    experts : tuple of str
        Ids of those who read.
    opened_at : datetime
        In UTC.
    run_id : str
        The opening.
    closed_at : datetime, optional
        See above.
    mode : Mode
        What the round is for.
    level : str
        Of the taxonomy, at which its answers are compared first.
    repeat_share : float
        How many of the cells each expert sees twice, unknowingly; 0 to 0.5.
    gold : tuple of str
        Ids of cells whose answer is known, mixed in.
    secret : str
        Orders and ids of items come from it, so that nobody can work out which cell an item shows. Never told.
    examples : bool
        Whether decided cells of other rounds are shown beside, to compare with.
    """

    id: str
    name: str
    taxonomy: str
    cells: tuple[str, ...]
    experts: tuple[str, ...]
    opened_at: datetime
    run_id: str
    closed_at: datetime | None = None
    mode: Mode = Mode.BLIND
    level: str = "full"
    repeat_share: float = 0.0
    gold: tuple[str, ...] = ()
    secret: str = field(default="", repr=False)
    examples: bool = False


@value
class Closing:
    """The end of reading in a round: nobody answers any more, and what was answered may be told.

    ``by`` is the id of the person who closed it; empty where every expert had handed in.
    """

    id: str
    round_id: str
    by: str | None
    closed_at: datetime


@value
class HandIn:
    """The word of an expert that the own reading of a round is done: it is complete, and stays as it is."""

    id: str
    round_id: str
    expert_id: str
    handed_at: datetime


@value
class Label:
    """One expert's answer for one cell in one round. Nothing is overwritten.

    An answer given by a person is an event: of all events of one expert on one cell of a round with one purpose the
    newest by (``given_at``, ``event``) holds, whichever device it came from. An imported answer has no event, and is
    corrected by one that supersedes it.

    Parameters
    ----------
    id : str
        Of the event, or of what defines an imported answer.
    cell_id, expert_id, round_id, purpose
        Which cell was answered by whom, and why it was asked.
    term : str
        Key; empty where an answer was taken back.
    given_at : datetime
        When, in UTC.
    seconds : float, optional
        How long the expert looked.
    comment : str
        What the expert says of it.
    supersedes : str, optional
        The imported answer that this one corrects.
    run_id : str
        The import, or the reading of this expert in this round.
    event : str, optional
        Id that the expert's device gave it.
    withdrawn : bool
        Whether it takes the answer back, so that there is none.
    look : Look
        How the cell was looked at.
    turned : int
        Clockwise quarter turns of the picture that was shown.
    received_at : datetime, optional
        When the service took it, by its own clock: a device may say what it likes.
    """

    id: str
    cell_id: str
    expert_id: str
    round_id: str
    purpose: Purpose
    term: str
    given_at: datetime
    seconds: float | None
    comment: str
    supersedes: str | None
    run_id: str
    event: str | None = None
    withdrawn: bool = False
    look: Look = Look.SINGLE
    turned: int = 0
    received_at: datetime | None = None


@value
class Consensus:
    """What the labels of one cell amount to. Computed, never stored.

    ``term``: what the experts agree on, an adjudicator decided, or a single expert said; ``None`` otherwise.
    """

    cell_id: str
    standing: Standing
    term: str | None
