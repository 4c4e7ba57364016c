"""Who was shown which suggestion when, and the entries of the audit log. Only added to, never changed."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from enum import StrEnum

from buffycoat.domain.value import Digest, value

__all__ = [
    "Action",
    "AuditLine",
    "AuditPage",
    "Entry",
    "Fault",
    "FaultKind",
    "Showing",
    "ShowingFacts",
    "Suggested",
    "Suggestion",
    "Verdict",
]


class Action(StrEnum):
    """What people do that the audit log holds.

    ``BEGAN``: the log itself. ``ADDED``: somebody who reads cells, with or without an account. ``ENDED``: a sign-in,
    token or invitation. ``IMPORTED``: labels that came with a set, all of a round at once. ``KEPT``: a taxonomy, or
    reference intervals. ``CAPTURED``: a photograph from a device, or what was said of it. ``LINKED``: an account with
    the sign-in of an institution. ``WITHDREW``: a smear, of which a tombstone stays. ``RECEIVED``: a report of a
    wrong label; ``REPLIED``: to one. ``STARTED``, ``STOPPED``: a job, by who ordered it and who asked for its end.
    """

    BEGAN = "began"
    ADDED = "added"
    APPOINTED = "appointed"
    SET_PASSWORD = "set-password"  # noqa: S105 (an action: somebody set a password)
    SIGNED_IN = "signed-in"
    MADE_TOKEN = "made-token"  # noqa: S105 (an action: somebody made a token)
    INVITED = "invited"
    LINKED = "linked"
    ENDED = "ended"
    OPENED = "opened"
    SHOWN = "shown"
    ANSWERED = "answered"
    TOOK_BACK = "took-back"
    HANDED_IN = "handed-in"
    CLOSED = "closed"
    DECIDED = "decided"
    SORTED = "sorted"
    BOXED = "boxed"
    OUTLINED = "outlined"
    RULED = "ruled"
    CORRECTED = "corrected"
    IMPORTED = "imported"
    SAVED = "saved"
    SELECTED = "selected"
    KEPT = "kept"
    RELEASED = "released"
    WITHDREW = "withdrew"
    CAPTURED = "captured"
    RECEIVED = "received"
    REPLIED = "replied"
    STARTED = "started"
    STOPPED = "stopped"


class Suggestion(StrEnum):
    """What somebody was shown that may sway an answer.

    ``BOXES``: where a filter or detector sees cells. ``TYPE``: what a program takes a cell for. ``ORDER``: cells in an
    order or in groups that a program made. ``OUTLINE``: where a program draws a border. ``PANEL``: what a panel said of
    a cell. ``EXAMPLES``: cells of a term that were decided before. ``OPINIONS``: what the experts of a disputed cell
    said, without their names.
    """

    BOXES = "boxes"
    TYPE = "type"
    ORDER = "order"
    OUTLINE = "outline"
    PANEL = "panel"
    EXAMPLES = "examples"
    OPINIONS = "opinions"


@value
class Suggested:
    """A suggestion that is about to be shown to one person.

    Parameters
    ----------
    kind : Suggestion
        What it is.
    about : str
        What it speaks of: the id of a field of view, cell or round, or the key of a term.
    shown : tuple of str
        What is seen, in its order: ids of cells, keys of terms, boxes. Only the digest of it is kept, and how many.
    source : str, optional
        Id of the run, or the name of the model, that it comes from; ``None`` where people said it.
    round_id : str, optional
        The round in which it is shown. While that is open, nobody is told.
    """

    kind: Suggestion
    about: str
    shown: tuple[str, ...]
    source: str | None = None
    round_id: str | None = None


@value
class Showing:
    """One suggestion as one person saw it: ``shown`` is the SHA-256 of what was seen, ``count`` how many things.

    ``salt`` goes into that digest and is told to nobody, so that a class of twenty cannot be found out by trying.
    """

    id: str
    expert_id: str
    kind: Suggestion
    about: str
    shown: Digest
    salt: str = field(repr=False)
    count: int
    source: str | None
    round_id: str | None
    shown_at: datetime


@value
class Entry:
    """One entry of the audit log: who did what to what, bound to all that was entered before.

    Parameters
    ----------
    seq : int
        Counts from 0 without a gap.
    moment : str
        When it was kept, in UTC: ``2026-01-02T03:04:05.678901Z``.
    person : str or None
        Id of who did it; ``None`` where nobody was signed in, as on the command line.
    action : Action
        What was done.
    subject_class, subject : str
        Table and id of the value that holds what was done.
    round_id : str or None
        The round that it belongs to.
    value : Digest
        Of what was kept.
    salt : str
        Random, so that nobody finds out by guessing what a sealed entry says.
    previous : Digest
        Of the entry before; zeros for the first.
    digest : Digest
        Of this entry.
    """

    seq: int
    moment: str
    person: str | None
    action: Action
    subject_class: str
    subject: str
    round_id: str | None
    value: Digest
    salt: str
    previous: Digest
    digest: Digest


@value
class ShowingFacts:
    """What the log tells of a showing: nothing of what was seen but how much it was."""

    kind: Suggestion
    about: str
    count: int
    source: str | None


@value
class AuditLine:
    """An entry as it is told. Of a sealed one nothing is, but that it is there: it belongs to a round that is open.

    ``person`` is a handle, ``round`` a name.
    """

    seq: int
    digest: Digest
    sealed: bool
    moment: str | None = None
    person_id: str | None = None
    person: str | None = None
    action: Action | None = None
    subject_class: str | None = None
    subject: str | None = None
    round: str | None = None
    showing: ShowingFacts | None = None


@value
class AuditPage:
    """A part of the log, the latest entry first.

    Parameters
    ----------
    entries : int
        How many there are, as far as the asking person may know.
    head : Digest
        Of the last of them: noted elsewhere, it proves later that nothing was changed before it.
    held_by : str or None
        Name of the open round for the sake of which later entries are held back from this person.
    lines : tuple of AuditLine
        The part.
    following : int or None
        What to give as ``before`` for the next part; ``None`` at the end.
    """

    entries: int
    head: Digest
    held_by: str | None
    lines: tuple[AuditLine, ...]
    following: int | None


class FaultKind(StrEnum):
    """What is wrong with a log.

    ``CHANGED``, ``MISSING``, ``INSERTED``, ``REORDERED``: an entry. ``VALUE_CHANGED``, ``VALUE_MISSING``: what an entry
    speaks of. ``VALUE_UNKNOWN``: a value that no entry speaks of. ``HEAD_UNKNOWN``: the digest that was noted is of no
    entry, so the log was cut or written anew.
    """

    CHANGED = "changed"
    MISSING = "missing"
    INSERTED = "inserted"
    REORDERED = "reordered"
    VALUE_CHANGED = "value-changed"
    VALUE_MISSING = "value-missing"
    VALUE_UNKNOWN = "value-unknown"
    HEAD_UNKNOWN = "head-unknown"


@value
class Fault:
    """The first thing that is wrong: the number of the entry, and the value it speaks of, as far as they are known."""

    kind: FaultKind
    seq: int | None
    subject_class: str = ""
    subject: str = ""


@value
class Verdict:
    """What came of checking a log. ``noted_at``: the entry whose digest was noted; ``values``: compared with values."""

    entries: int
    head: Digest
    values: int
    fault: Fault | None
    noted_at: int | None = None
    held_by: str | None = None
