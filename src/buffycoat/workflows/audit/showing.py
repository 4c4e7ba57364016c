"""Noting what people are shown before they answer: nobody sees a suggestion that the workspace does not know of."""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime
from threading import Lock
from weakref import WeakKeyDictionary

import orjson

from buffycoat.domain.audit import Showing, Suggested
from buffycoat.workflows.runs import now
from buffycoat.workflows.workspace import Workspace

__all__ = ["note_showings", "showing_of"]

_KEPT = 10_000
_Seen = tuple[str, str, Suggested]
_NOTED: WeakKeyDictionary[Workspace, OrderedDict[_Seen, None]] = WeakKeyDictionary()
"""Who saw what in which minute: seen again within it, nothing is written."""
_GUARD = Lock()


def showing_of(person_id: str, suggested: Suggested, moment: datetime) -> Showing:
    """Return how a suggestion is seen by a person.

    Examples
    --------
    >>> from buffycoat.domain.audit import Suggestion
    >>> boxes = Suggested(kind=Suggestion.BOXES, about="f1", shown=("c1", "c2"), source="u1")
    >>> seen = showing_of("e1", boxes, datetime(2026, 1, 2, 3, 4))
    >>> seen.count, seen.shown == hashlib.sha256(f'{seen.salt}["c1","c2"]'.encode()).hexdigest()
    (2, True)
    """
    salt = secrets.token_hex(16)
    return Showing(
        id=f"s{secrets.token_hex(12)}",
        expert_id=person_id,
        kind=suggested.kind,
        about=suggested.about,
        shown=hashlib.sha256(salt.encode() + orjson.dumps(suggested.shown)).hexdigest(),
        salt=salt,
        count=len(suggested.shown),
        source=suggested.source,
        round_id=suggested.round_id,
        shown_at=moment,
    )


def note_showings(workspace: Workspace, person_id: str, suggested: Iterable[Suggested]) -> None:
    """Note what a person is about to be shown: call it before the answer goes out, once for all of a page.

    What was noted within the same minute is not noted again, so a page that is loaded twice costs one look into memory.
    All of one call go in by one transaction, and each into the audit log with it.

    Parameters
    ----------
    workspace
        Where.
    person_id : str
        Who will see it: somebody who is signed in. Guests answer nothing, so what they see is not noted.
    suggested : iterable of Suggested
        What.
    """
    moment = now()
    minute = moment.strftime("%Y-%m-%dT%H:%M")
    with _GUARD:
        noted = _NOTED.setdefault(workspace, OrderedDict())
        wanted = dict.fromkeys((person_id, minute, each) for each in suggested)
        fresh = [seen for seen in wanted if seen not in noted]
    if not fresh:
        return
    with workspace.database.writing() as transaction:
        transaction.add([showing_of(person_id, each, moment) for _, _, each in fresh])
    with _GUARD:
        noted.update(dict.fromkeys(fresh))
        while len(noted) > _KEPT:
            noted.popitem(last=False)
