"""Experts, rounds, their answers, and what the answers amount to."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from buffycoat.domain.value import value

__all__ = ["Consensus", "Expert", "Label", "Purpose", "Role", "Round", "Standing"]


class Role(StrEnum):
    """What a person may do. ``SOURCE`` is no person, but the folder in which an imported set files a cell."""

    SOURCE = "source"
    EXPERT = "expert"
    ADJUDICATOR = "adjudicator"
    CURATOR = "curator"
    ADMIN = "admin"


class Purpose(StrEnum):
    """Why an answer was asked for."""

    READING = "reading"
    REPEAT = "repeat"
    ADJUDICATION = "adjudication"


class Standing(StrEnum):
    """Where a cell stands between its experts; computed, never stored."""

    OPEN = "open"
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

    ``closed_at`` is set where nobody will read on, such as in an imported set: then cells without an answer stay so.
    Without it a round is closed once every expert has read every cell.
    """

    id: str
    name: str
    taxonomy: str
    cells: tuple[str, ...]
    experts: tuple[str, ...]
    opened_at: datetime
    run_id: str
    closed_at: datetime | None = None


@value
class Label:
    """One expert's answer for one cell in one round. A correction supersedes, nothing is overwritten."""

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


@value
class Consensus:
    """What the labels of one cell amount to. Computed, never stored.

    ``term``: what the experts agree on, an adjudicator decided, or a single expert said; ``None`` otherwise.
    """

    cell_id: str
    standing: Standing
    term: str | None
