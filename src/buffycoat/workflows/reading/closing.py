"""The end of reading: each expert hands in, and with the last of them the round is closed; or a curator closes it."""

from __future__ import annotations

from datetime import datetime

from buffycoat.domain.account import Person
from buffycoat.domain.label import Closing, HandIn, Round
from buffycoat.domain.reading import RoundView
from buffycoat.domain.value import derive_id
from buffycoat.errors import Conflict
from buffycoat.label import count_items
from buffycoat.store import Transaction
from buffycoat.store.answers import count_answered
from buffycoat.workflows.reading.rounds import find_round, require_curator, require_reader, view_of
from buffycoat.workflows.runs import now
from buffycoat.workflows.workspace import Workspace

__all__ = ["close_reading", "hand_in", "hand_in_if_complete", "has_handed_in"]


def close_reading(workspace: Workspace, round_id: str, person: Person) -> RoundView:
    """End a round, whatever is left unread: nobody answers any more, and what was answered is told.

    Raises
    ------
    NotFound
        There is no such round for this person.
    NotAllowed
        The person does not lead it.
    Conflict
        It is closed.
    """
    with workspace.database.writing() as transaction:
        campaign, is_open = find_round(transaction, round_id, person)
        require_curator(campaign, person)
        if not is_open:
            raise Conflict("this round is closed", found=campaign.name)
        transaction.add([_closing(campaign, by=person.id, moment=now())])
        return view_of(transaction, campaign, person, closed=True)


def hand_in(workspace: Workspace, round_id: str, person: Person) -> RoundView:
    """Hand a reading in: from then on it stays as it is. With the last expert's the round is closed.

    The last key of a round would otherwise be the one that nobody can take back. Handed in twice, nothing happens
    again.

    Raises
    ------
    NotFound
        There is no such round for this person.
    NotAllowed
        The person does not read in it.
    Conflict
        It is closed, or the person has not answered everything.
    """
    with workspace.database.writing() as transaction:
        campaign, is_open = find_round(transaction, round_id, person)
        require_reader(campaign, person)
        if has_handed_in(transaction, campaign.id, person.id):
            return view_of(transaction, campaign, person, closed=not is_open)
        if not is_open:
            raise Conflict("this round is closed", found=campaign.name)
        items, answered = count_items(campaign), count_answered(transaction, campaign.id, person.id)
        if answered < items:
            raise Conflict(
                "a reading is handed in once it is complete",
                expected=f"{items} answers",
                found=str(answered),
                hint="what cannot be recognized has an answer of its own",
            )
        closed = _hand_in(transaction, campaign, person.id, now())
        return view_of(transaction, campaign, person, closed=closed)


def hand_in_if_complete(transaction: Transaction, campaign: Round, expert_id: str, moment: datetime) -> bool:
    """Hand in what was entered as a table, where it leaves nothing open; say whether that closed the round."""
    if has_handed_in(transaction, campaign.id, expert_id):
        return False
    if count_answered(transaction, campaign.id, expert_id) < count_items(campaign):
        return False
    return _hand_in(transaction, campaign, expert_id, moment)


def has_handed_in(transaction: Transaction, round_id: str, expert_id: str) -> bool:
    """Say whether an expert has handed in: one look into an index."""
    return transaction.count(HandIn, round_id=round_id, expert_id=expert_id) > 0


def _hand_in(transaction: Transaction, campaign: Round, expert_id: str, moment: datetime) -> bool:
    key = derive_id("hand-in", {"round": campaign.id, "expert": expert_id})
    transaction.add([HandIn(id=key, round_id=campaign.id, expert_id=expert_id, handed_at=moment)])
    if transaction.count(HandIn, round_id=campaign.id) < len(campaign.experts):
        return False
    transaction.add([_closing(campaign, by=None, moment=moment)])
    return True


def _closing(campaign: Round, *, by: str | None, moment: datetime) -> Closing:
    return Closing(id=derive_id("closing", {"round": campaign.id}), round_id=campaign.id, by=by, closed_at=moment)
