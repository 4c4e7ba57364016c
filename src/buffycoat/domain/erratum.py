"""A report that a label of a release is wrong, and what a curator made of it. A report changes no label."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from buffycoat.domain.label import Standing
from buffycoat.domain.reading import Received
from buffycoat.domain.value import Digest, value

__all__ = [
    "NOT_A_CLASS",
    "AgainWish",
    "Erratum",
    "ErratumAnswer",
    "ErratumGiven",
    "ErratumReceipt",
    "ErratumState",
    "ErratumView",
    "ReportFile",
    "ReportedErratum",
]

NOT_A_CLASS = ("not-a-leukocyte", "look-again")
"""What a report may propose beside a class."""


class ErratumState(StrEnum):
    """What a curator made of a report."""

    NEW = "new"
    ACCEPTED = "accepted"
    DECLINED = "declined"


@value
class ReportedErratum:
    """A report as its file has it, before anything of it is believed.

    Parameters
    ----------
    release, manifest : str
        Version of the release, and the digest of its manifest.
    cell_id : str
        As the release calls the cell.
    label, term : str, optional
        What the release says of it: class of its level, and term.
    proposed : str
        A class of the release, or one of `NOT_A_CLASS`.
    why, name : str
        Words of whoever reports; both may be empty.
    """

    release: str
    manifest: Digest
    cell_id: str
    label: str | None
    term: str | None
    proposed: str
    why: str = ""
    name: str = ""


@value
class Erratum:
    """A report that was taken in. The same report is the same erratum, however often it comes.

    ``told_as`` is the cell in the release, ``cell_id`` the one in the workspace; ``why`` and ``reporter`` are words of
    a stranger, shown as text and never as anything else. ``by`` took it in.
    """

    id: str
    release_id: str
    cell_id: str
    told_as: str
    label: str | None
    term: str | None
    proposed: str
    why: str
    reporter: str
    by: str
    received_at: datetime


@value
class ErratumAnswer:
    """What a curator made of a report; the newest by (``given_at``, ``id``) holds. ``NEW`` takes an answer back."""

    id: str
    erratum_id: str
    state: ErratumState
    reason: str
    by: str
    given_at: datetime


@value
class ErratumGiven:
    """An answer as the studio sends it; to decline one asks for a reason."""

    state: ErratumState
    reason: str = ""


@value
class ReportFile:
    """A file with reports: a saved one, a mail, or text that holds some. ``name`` is told where something is wrong."""

    name: str
    content: str


@value
class ErratumReceipt:
    """What became of one report of a file. ``place`` counts from 1 within the file; ``erratum`` where it was kept."""

    file: str
    place: int
    state: Received
    erratum: str | None = None
    code: str = ""
    detail: str = ""


@value
class ErratumView:
    """A report as curators see it.

    Parameters
    ----------
    erratum : Erratum
        The report; of a cell that an open round holds, all that says a class is left out.
    release : str
        Version.
    state, reason, answered_by, answered_at
        The answer that holds, by handle; ``NEW`` and empty where there is none.
    held : bool
        Whether an open round holds the cell: nothing is told of its labels until that is closed.
    standing, now : optional
        Where the cell stands in the workspace now, and its term.
    read_again : str, optional
        Name of the newest round with the cell that was opened after the report was accepted.
    newest, newest_label : str, optional
        Version of the newest release where that is a later one, and what it calls the cell; ``None``: it left it out.
    """

    erratum: Erratum
    release: str
    state: ErratumState
    reason: str = ""
    answered_by: str = ""
    answered_at: datetime | None = None
    held: bool = False
    standing: Standing | None = None
    now: str | None = None
    read_again: str | None = None
    newest: str | None = None
    newest_label: str | None = None


@value
class AgainWish:
    """A round to be opened over the cells of accepted reports: its name, and ids of those who read."""

    name: str
    experts: tuple[str, ...]
