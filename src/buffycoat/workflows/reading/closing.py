"""The end of a round: by a curator, or because every expert has answered everything."""

from __future__ import annotations

from datetime import datetime
from weakref import WeakKeyDictionary

from buffycoat.domain.account import Person
from buffycoat.domain.label import Closing, Round
from buffycoat.domain.reading import RoundView
from buffycoat.domain.value import derive_id
from buffycoat.errors import Conflict
from buffycoat.label import ReadingItem
from buffycoat.store import Transaction
from buffycoat.store.answers import answered_items, is_answered
from buffycoat.workflows.reading.rounds import find_round, plan_for, require_curator, view_of
from buffycoat.workflows.runs import now
from buffycoat.workflows.workspace import Workspace

__all__ = ["close_if_complete", "close_reading"]

_WAITING: WeakKeyDictionary[Workspace, dict[tuple[str, str], ReadingItem]] = WeakKeyDictionary()


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


def close_if_complete(workspace: Workspace, transaction: Transaction, campaign: Round, moment: datetime) -> bool:
    """End a round where the last answer that was missing has come.

    This is asked after every answer, so no answers are counted: of each expert one item is remembered that waits, and
    while a single one of these still does, the round goes on.
    """
    waiting = _WAITING.setdefault(workspace, {})
    for expert in campaign.experts:
        item = waiting.get((campaign.id, expert)) or plan_for(workspace, campaign, expert).items[-1]
        if not is_answered(transaction, campaign.id, expert, item.cell_id, item.purpose):
            return False
    for expert in campaign.experts:
        answered = answered_items(transaction, campaign.id, expert)
        items = plan_for(workspace, campaign, expert).items
        rest = [item for item in items if (item.cell_id, item.purpose) not in answered]
        if rest:  # one from the middle: the first would be answered next
            waiting[campaign.id, expert] = rest[len(rest) // 2]
            return False
    transaction.add([_closing(campaign, by=None, moment=moment)])
    return True


def _closing(campaign: Round, *, by: str | None, moment: datetime) -> Closing:
    return Closing(id=derive_id("closing", {"round": campaign.id}), round_id=campaign.id, by=by, closed_at=moment)
