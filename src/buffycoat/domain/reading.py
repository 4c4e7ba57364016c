"""What goes to and fro while people read: rounds as they are told, items, answers, receipts, feedback."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from buffycoat.domain.account import Person
from buffycoat.domain.label import Look, Mode
from buffycoat.domain.value import value

__all__ = [
    "Around",
    "Confused",
    "Feedback",
    "Given",
    "History",
    "Item",
    "ItemAnswer",
    "ItemPage",
    "Mine",
    "PastAnswer",
    "Progress",
    "Receipt",
    "Received",
    "RoundView",
    "RoundWish",
    "Tried",
]


@value
class Mine:
    """How far the asking person is, and whether the person has handed the reading in."""

    items: int
    answered: int
    handed_in: bool = False


@value
class Progress:
    """How far somebody is: counts alone, and only for those who do not read in the round."""

    person: Person
    items: int
    answered: int
    handed_in: bool = False


@value
class RoundView:
    """A round as it is told to one person.

    ``mine`` is there for those who read in it, ``progress`` for curators and admins who do not. ``cells`` counts what
    is asked about, without hidden repeats and cells with a known answer. ``as_panel``: whether what people decided in
    it can be the panel of a round for learners; what came with an imported set is nobody's decision.
    """

    id: str
    name: str
    taxonomy: str
    level: str
    mode: Mode
    cells: int
    opened_at: datetime
    closed: bool
    experts: int
    mine: Mine | None
    progress: tuple[Progress, ...] | None
    as_panel: bool = False


@value
class RoundWish:
    """A round to be opened.

    Parameters
    ----------
    name : str
        Used once.
    experts : tuple of str
        Ids of people.
    query : str, optional
        Name of a saved query; without it all kept cells with a photograph.
    taxonomy : str, optional
        Name, or name and version; without it that of the latest round.
    level : str
        At which answers are compared first; ``full`` for the terms themselves.
    mode : Mode
        What the round is for.
    repeat_share : float
        How many of the cells each expert sees twice, 0 to 0.5.
    gold : int
        How many cells with a known answer to mix in.
    panel : str, optional
        Name of the closed round that is the panel of a training or proficiency round; without it, all that people
        decided in closed rounds.
    most : int, optional
        How many cells at most. In training and proficiency as many of each class as there are, elsewhere by chance.
    examples : bool
        Whether decided cells of other rounds may be looked at beside; never in a proficiency round.
    cells : tuple of str
        Ids of cells: only these of what the query means, such as those that somebody reported. Empty for all of them.
    """

    name: str
    experts: tuple[str, ...]
    query: str | None = None
    taxonomy: str | None = None
    level: str = "full"
    mode: Mode = Mode.BLIND
    repeat_share: float = 0.0
    gold: int = 0
    panel: str | None = None
    most: int | None = None
    examples: bool = False
    cells: tuple[str, ...] = ()


@value
class ItemAnswer:
    """The answer that holds for an item: the person's own."""

    event: str
    term: str
    comment: str
    given_at: datetime


@value
class Item:
    """One question. ``place`` counts from 0; ``panel`` is the panel's answer, told in training once there is one."""

    item: str
    place: int
    answer: ItemAnswer | None
    panel: str | None = None


@value
class ItemPage:
    """A part of a person's items, in order."""

    total: int
    answered: int
    items: tuple[Item, ...]


@value
class PastAnswer:
    """One event of a person in a round, the own: what was answered when, on whichever device.

    ``term`` is ``None`` where the event took the answer back. ``place`` is the item's in the person's order.
    """

    event: str
    item: str
    place: int
    term: str | None
    comment: str
    given_at: datetime


@value
class History:
    """The newest events of a person in a round, the newest last; ``answered`` counts all items with an answer."""

    answered: int
    handed_in: bool
    events: tuple[PastAnswer, ...]


@value
class Around:
    """The box of an item in its photograph, in pixels from the top left, and how large that is; both turned alike."""

    width_px: int
    height_px: int
    x: int
    y: int
    width: int
    height: int


@value
class Given:
    """An answer as a device sends it.

    Parameters
    ----------
    event : str
        A UUID that the device makes; sent again, nothing happens again.
    item : str
        What was answered.
    term : str, optional
        Key; ``None`` takes the answer back.
    given_at : str
        When, by the clock of the device: ISO 8601 with its zone.
    seconds : float, optional
        How long the person looked.
    comment : str
        What the person says of it.
    look : Look
        How the person looked.
    """

    event: str
    item: str
    term: str | None
    given_at: str
    seconds: float | None = None
    comment: str = ""
    look: Look = Look.SINGLE


class Received(StrEnum):
    """What became of an event: kept now, known from before, or refused for good."""

    KEPT = "kept"
    KNOWN = "known"
    REFUSED = "refused"


@value
class Receipt:
    """What became of an event; ``code`` and ``detail`` say why it was refused. ``panel``: as in :class:`Item`."""

    event: str
    state: Received
    code: str = ""
    detail: str = ""
    panel: str | None = None


@value
class Confused:
    """How often a person said one term where the panel said another."""

    said: str
    panel: str
    cells: int


@value
class Tried:
    """Of some items how many were answered, and how many of these rightly or alike."""

    asked: int
    equal: int


@value
class Feedback:
    """What a person did, beside the panel: what adjudicators decided or experts agree on.

    ``cells``: those with a panel's answer. ``repeats``: cells seen twice, and answered alike. ``gold``: cells whose
    answer was known before. ``confused``: the commonest first.
    """

    answered: int
    cells: Tried
    repeats: Tried
    gold: Tried
    confused: tuple[Confused, ...]
