"""A smear that was taken back: what stands in its place, and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from buffycoat.domain.value import Digest, value

__all__ = ["Reason", "Withdrawal", "WithdrawalPlan"]


class Reason(StrEnum):
    """Why a smear was withdrawn. A fixed list, so that nobody writes a name into the audit log."""

    CONSENT = "consent-withdrawn"
    AUTHORITY = "ordered-by-an-authority"
    PERSON_SHOWN = "shows-who-it-is"
    MIXED_UP = "of-another-person"
    NOT_ALLOWED = "taken-in-without-approval"
    TIME_OVER = "kept-long-enough"


@value
class Withdrawal:
    """The tombstone of a smear. Nothing in it leads to a person.

    It is the one thing in a workspace that removes what was kept, so it says of each row that it wrote anew which
    digest stood there and which stands there now: whoever changes a row otherwise is still found out.

    Parameters
    ----------
    id : str
        Derived from the smear: it is withdrawn once.
    smear_id, expert_id
        Which smear, and who says so.
    reason : Reason
        Why.
    fields, cells, masks : int
        How many rows lost their pixels.
    removed : tuple of str
        Digests of the objects that go; they are removed after this row is kept, and again where that was interrupted.
    shared : int
        Objects that stay, because rows of other smears name the same bytes.
    rewritten : mapping
        ``"table id"`` of each act of a person that held what leads to one: the digests before and after.
    releases : tuple of str
        Versions that hold the smear and are to be issued anew.
    withdrawn_at : datetime
        When.
    """

    id: str
    smear_id: str
    expert_id: str
    reason: Reason
    fields: int
    cells: int
    masks: int
    removed: tuple[Digest, ...]
    shared: int
    rewritten: Mapping[str, tuple[Digest, Digest]]
    releases: tuple[str, ...]
    withdrawn_at: datetime


@value
class WithdrawalPlan:
    """What a withdrawal takes out, or took out where ``done``.

    Parameters
    ----------
    smear_id, code, site : str
        Which smear; once it is done, ``code`` is what stands in the place of its code.
    fields, cells, masks, documents : int
        How much loses its pixels; documents are renderings that show it, and go.
    objects, shared : int
        Files that are removed, and those that stay because other smears hold the same bytes.
    rounds : tuple of str
        Names of open rounds in which its cells are read; they cannot be seen any more.
    releases : tuple of str
        Versions that hold the smear, to be issued anew without it.
    pages : tuple of str
        Reports in the folder of the workspace that show it, and go.
    done : bool
        Whether it was done, now or before.
    left : int
        Files that an interrupted withdrawal had left, and that were removed now.
    """

    smear_id: str
    code: str
    site: str
    fields: int
    cells: int
    masks: int
    documents: int
    objects: int
    shared: int
    rounds: tuple[str, ...]
    releases: tuple[str, ...]
    pages: tuple[str, ...]
    done: bool = False
    left: int = 0
