"""Boxes that people put around cells: what they do, one event each, and a photograph with what holds."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from buffycoat.domain.cell import FoundBy
from buffycoat.domain.geometry import Box
from buffycoat.domain.value import value

__all__ = ["BoxAct", "BoxEvent", "BoxGiven", "BoxState", "FieldBoxes", "LocatedBox", "Misplaced"]


class BoxAct(StrEnum):
    """What a person does to a box.

    ``ADD``, ``MOVE``, ``REMOVE``, ``ACCEPT`` and ``RESET`` say where it is; ``RESET`` makes it what was suggested
    again. ``TYPE`` says what kind of cell it holds, and becomes a label of the gallery's kind.
    """

    ADD = "add"
    MOVE = "move"
    REMOVE = "remove"
    ACCEPT = "accept"
    RESET = "reset"
    TYPE = "type"


class BoxState(StrEnum):
    """Where a box comes from: a suggestion, as it is, accepted, moved or removed by a person; or drawn by one."""

    SUGGESTED = "suggested"
    ACCEPTED = "accepted"
    MOVED = "moved"
    DRAWN = "drawn"
    REMOVED = "removed"


@value
class BoxEvent:
    """One thing that a person did to where a box is. Nothing is overwritten.

    Of all events of one box, whoever's they are, the newest by (``given_at``, ``event``) holds.

    Parameters
    ----------
    id : str
        Of the person's event.
    field_id, expert_id
        In which photograph, and who.
    subject : str
        The box: the id of the cell that was suggested, or the UUID under which a person drew it.
    act : BoxAct
        What was done; never ``TYPE``.
    place : Box, optional
        Where it was put; ``None`` for what moves nothing.
    cell_id : str, optional
        The cell that the box is, if this event holds; ``None`` where it was removed.
    event : str
        UUID that the person's device gave it.
    given_at : datetime
        When, in UTC.
    """

    id: str
    field_id: str
    expert_id: str
    subject: str
    act: BoxAct
    place: Box | None
    cell_id: str | None
    event: str
    given_at: datetime


@value
class BoxGiven:
    """A box event as a device sends it.

    Parameters
    ----------
    event : str
        A UUID that the device makes; sent again, nothing happens again.
    box : str
        Which box: as it is told, or for ``ADD`` a UUID that the device makes.
    act : BoxAct
        What was done.
    given_at : str
        When, by the clock of the device: ISO 8601 with its zone.
    place : (int, int, int, int), optional
        Left, top, right and bottom in pixels of the photograph, right and bottom beyond it; for ``ADD`` and ``MOVE``.
    term : str, optional
        Key, for ``TYPE``; ``None`` takes the type back.
    """

    event: str
    box: str
    act: BoxAct
    given_at: str
    place: tuple[int, int, int, int] | None = None
    term: str | None = None


@value
class LocatedBox:
    """A box as it is now.

    Parameters
    ----------
    box : str
        Its id, for events.
    cell : str, optional
        Id of the cell that it is; ``None`` where it was removed.
    place : Box
        In pixels of the photograph; of a removed one where it was suggested.
    suggested : Box, optional
        Where it was suggested; ``None`` for a box that a person drew.
    state : BoxState
        Where it comes from.
    found_by : FoundBy
        Who found it first.
    score : float, optional
        Of the filter or detector, 0 to 1.
    by : str, optional
        Handle of the person whose word holds; of a cell that an open round holds, told to that person alone, as are
        the next two.
    given_at : datetime, optional
        Since when, in UTC.
    event : str, optional
        Of which event.
    term : str, optional
        The type that the asking person gave; never anybody else's.
    """

    box: str
    cell: str | None
    place: Box
    suggested: Box | None
    state: BoxState
    found_by: FoundBy
    score: float | None
    by: str | None
    given_at: datetime | None
    event: str | None
    term: str | None


@value
class FieldBoxes:
    """The boxes of a photograph, from top to bottom, removed suggestions among them.

    ``side`` is that of crops in pixels, and of a box that is put with one tap. ``may_draw``: whether whoever asks can.
    """

    field_id: str
    side: int
    may_draw: bool
    boxes: tuple[LocatedBox, ...]


@value
class Misplaced:
    """A cell of which a reader said that its box is not on it, and which nobody has put right since.

    ``said_at`` is the moment of the newest such answer; whose it is, is not told.
    """

    cell_id: str
    field_id: str
    smear_id: str
    said_at: datetime
