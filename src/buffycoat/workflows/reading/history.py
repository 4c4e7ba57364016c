"""What a person has answered in a round, event by event: what undoing goes back through, on whichever device."""

from __future__ import annotations

from buffycoat.domain.account import Person
from buffycoat.domain.reading import History, PastAnswer
from buffycoat.store.answers import count_answered
from buffycoat.store.history import newest_events
from buffycoat.workflows.reading.closing import has_handed_in
from buffycoat.workflows.reading.rounds import find_round, plan_for, require_reader
from buffycoat.workflows.workspace import Workspace

__all__ = ["list_history"]


def list_history(workspace: Workspace, round_id: str, person: Person, *, limit: int) -> History:
    """Return a person's own newest events, the newest last, whichever device gave them.

    Raises
    ------
    NotFound
        There is no such round for this person.
    NotAllowed
        The person does not read in it.
    """
    with workspace.database.reading() as transaction:
        campaign, _ = find_round(transaction, round_id, person)
        require_reader(campaign, person)
        labels = newest_events(transaction, campaign.id, person.id, limit=limit)
        answered = count_answered(transaction, campaign.id, person.id)
        handed_in = has_handed_in(transaction, campaign.id, person.id)
    asked = {(item.cell_id, item.purpose): item for item in plan_for(workspace, campaign, person.id).items}
    events = []
    for label in labels:
        item = asked[label.cell_id, label.purpose]
        events.append(
            PastAnswer(
                event=label.event or label.id,
                item=item.item,
                place=item.place,
                term=None if label.withdrawn else label.term,
                comment=label.comment,
                given_at=label.given_at,
            )
        )
    return History(answered=answered, handed_in=handed_in, events=tuple(events))
