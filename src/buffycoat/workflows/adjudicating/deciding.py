"""Decisions over disputed cells: each an event beside the experts' answers, of which none is ever changed."""

from __future__ import annotations

import math
from collections.abc import Sequence

from buffycoat.domain.account import Person
from buffycoat.domain.adjudication import DecisionGiven
from buffycoat.domain.label import Label, Purpose, Round
from buffycoat.domain.reading import Receipt, Received
from buffycoat.domain.run import Run
from buffycoat.errors import AlreadyExists, BuffycoatError, InputError
from buffycoat.store.answers import events_known
from buffycoat.workflows.adjudicating.queue import cell_of, no_such_item
from buffycoat.workflows.adjudicating.rounds import Disputed, open_disputes
from buffycoat.workflows.consensus import held_cells
from buffycoat.workflows.device_events import Moments, event_id, whole
from buffycoat.workflows.reading.answering import label_id
from buffycoat.workflows.runs import now, run_of
from buffycoat.workflows.workspace import Workspace

__all__ = ["LONGEST_REASON", "adjudication_run", "take_decisions"]

LONGEST_REASON = 2000


def adjudication_run(campaign: Round, person: Person) -> Run:
    """Return the run under which all decisions of a person in a round are kept; made with the first of them."""
    parameters = {"round": campaign.name, "adjudicator": person.id}
    return run_of(room="label", function="label.adjudicate", parameters=parameters)


def take_decisions(
    workspace: Workspace, round_id: str, person: Person, given: Sequence[DecisionGiven]
) -> tuple[Receipt, ...]:
    """Keep decisions of a person, in their order, and say of each what became of it.

    What is said to be kept is kept. An event that comes again is known and changes nothing; one that cannot be kept is
    refused by itself. Of one person's decisions over a cell the newest by (``given_at``, id) holds, and of several
    persons' the newest of these; a decision without a term takes back what this person decided, nobody else's. The
    moment is the device's, but not more than a minute after now (:data:`~buffycoat.workflows.device_events.AHEAD`), and
    now where it lies before the round was opened.

    Parameters
    ----------
    workspace
        Where.
    round_id : str
        In which round.
    person : Person
        Whose decisions they are.
    given : sequence of DecisionGiven
        What a device sends.

    Raises
    ------
    NotFound
        No closed round of several experts has this id.
    NotAllowed
        The person reads in it.
    """
    with workspace.database.reading() as transaction:
        disputed = open_disputes(workspace, transaction, round_id, person)
    checked = _Checked(workspace, disputed)
    made = [checked.label(each) for each in given]
    receipts: list[Receipt] = []
    kept: list[Label] = []
    with workspace.database.writing() as transaction:
        ids = [_key(round_id, person, each) for each in given]
        known = dict(events_known(transaction, [key for key in ids if key is not None]))
        # A round may have been opened since: looked up where nothing can come in between.
        held = held_cells(transaction)
        for key, each, label in zip(ids, given, made, strict=True):
            event, before = whole(each.event), known.get(key or "")
            if before is not None:
                # What was kept stays so, also where the cell is read again and could not be decided now.
                same = before[2:] == (each.term or "", each.term is None, whole(each.reason).strip())
                if same and (not isinstance(label, Label) or label.cell_id == before[0]):
                    receipts.append(Receipt(event=event, state=Received.KNOWN))
                else:
                    receipts.append(_refusal(event, AlreadyExists("this event was another decision", found=event)))
            elif isinstance(label, BuffycoatError):
                receipts.append(_refusal(event, label))
            elif label.cell_id in held:
                receipts.append(_refusal(event, no_such_item(each.item)))
            else:
                known[label.id] = (label.cell_id, str(label.purpose), label.term, label.withdrawn, label.comment)
                kept.append(label)
                receipts.append(Receipt(event=event, state=Received.KEPT))
        if kept:
            transaction.add([checked.run, *kept])
    return tuple(receipts)


def _key(round_id: str, person: Person, given: DecisionGiven) -> str | None:
    """Return the id of the label that an event becomes; ``None`` where it has none that a device makes."""
    try:
        return label_id(round_id, person.id, event_id(given.event))
    except InputError:  # what is wrong is said in its receipt
        return None


def _refusal(event: str, error: BuffycoatError) -> Receipt:
    return Receipt(event=event, state=Received.REFUSED, code=error.code, detail=str(error))


class _Checked:
    """Turns what a device sends into labels, or into the errors that say why not."""

    def __init__(self, workspace: Workspace, disputed: Disputed) -> None:
        self.workspace, self.disputed = workspace, disputed
        self.run = adjudication_run(disputed.round, disputed.person)
        self._terms = frozenset(term.key for term in disputed.taxonomy.terms)
        self._moments = Moments(now(), earliest=disputed.round.opened_at)

    def label(self, given: DecisionGiven) -> Label | BuffycoatError:
        """Return the label that a decision becomes, or why it becomes none."""
        try:
            return self._label(given)
        except BuffycoatError as error:
            return error

    def _label(self, given: DecisionGiven) -> Label:
        campaign, person = self.disputed.round, self.disputed.person
        event = event_id(given.event)
        cell_id = cell_of(self.workspace, self.disputed, given.item)
        if given.term is not None and given.term not in self._terms:
            raise InputError(
                "no such term in the taxonomy of this round", expected=campaign.taxonomy, found=repr(given.term[:80])
            )
        reason = whole(given.reason).strip()
        if len(reason) > LONGEST_REASON:
            raise InputError(
                "a reason is too long", expected=f"at most {LONGEST_REASON} characters", found=str(len(reason))
            )
        if given.term is not None and given.term not in self.disputed.said[cell_id] and not reason:
            raise InputError(
                "no expert said this, and no reason is given",
                expected="a reason, or one of the opinions",
                found=given.term,
            )
        if given.seconds is not None and not (math.isfinite(given.seconds) and given.seconds >= 0):
            raise InputError("not a time", expected="seconds from 0 on", found=str(given.seconds))
        return Label(
            id=label_id(campaign.id, person.id, event),
            cell_id=cell_id,
            expert_id=person.id,
            round_id=campaign.id,
            purpose=Purpose.ADJUDICATION,
            term=given.term or "",
            given_at=self._moments.of(given.item, given.given_at),
            seconds=given.seconds,
            comment=reason,
            supersedes=None,
            run_id=self.run.id,
            event=event,
            withdrawn=given.term is None,
        )
