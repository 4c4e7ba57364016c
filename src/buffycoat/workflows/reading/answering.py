"""Answers taken from devices: each an event, kept once, in one transaction, whatever came before it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Lock
from weakref import WeakKeyDictionary

from buffycoat.domain.account import Person
from buffycoat.domain.audit import Suggested, Suggestion
from buffycoat.domain.label import Label, Mode, Round
from buffycoat.domain.reading import Given, Receipt, Received
from buffycoat.domain.run import Run
from buffycoat.domain.value import derive_id
from buffycoat.errors import AlreadyExists, BuffycoatError, Conflict, InputError
from buffycoat.store import Transaction
from buffycoat.store.answers import events_known, is_round_open
from buffycoat.workflows.audit import note_showings
from buffycoat.workflows.device_events import Moments, event_id, whole
from buffycoat.workflows.editions import taxonomy_of
from buffycoat.workflows.reading.closing import has_handed_in
from buffycoat.workflows.reading.rounds import Plan, find_round, plan_for, require_reader
from buffycoat.workflows.runs import now, run_of
from buffycoat.workflows.shown import consensus_on
from buffycoat.workflows.workspace import Workspace

__all__ = ["label_id", "reading_run", "take_answers"]

_LONGEST_COMMENT = 2000
# SQLite lets a writer that waits sleep in ever longer steps; within this process the next one is woken at once.
_TURNS: WeakKeyDictionary[Workspace, Lock] = WeakKeyDictionary()
_ONE = timedelta(microseconds=1)


def reading_run(campaign: Round, expert_id: str) -> Run:
    """Return the run under which all answers of an expert in a round are kept: made when the round is opened."""
    parameters = {"round": campaign.name, "expert": expert_id}
    return replace(run_of(room="label", function="label.enter", parameters=parameters), started_at=campaign.opened_at)


def label_id(round_id: str, expert_id: str, event: str) -> str:
    """Return the id of the label that an event of an expert becomes: sent again, it is the same one."""
    return derive_id("label", {"round": round_id, "expert": expert_id, "event": event})


def take_answers(workspace: Workspace, round_id: str, person: Person, given: Sequence[Given]) -> tuple[Receipt, ...]:
    """Keep answers of a person, in their order, and say of each what became of it.

    Once this returns, what is said to be kept is kept. An event that comes again is known and changes nothing. One that
    cannot be kept is refused by itself, with the code of the error, and the others are kept.

    The newest event of an item by (``given_at``, id) holds, whichever device sent it and whenever it arrives. The
    moment is the device's, but not more than a minute after now (:data:`~buffycoat.workflows.device_events.AHEAD`), and
    now where it lies before the round was opened. Of events of one call with equal moments on one item, the later in
    the list is the newer.

    Parameters
    ----------
    workspace
        Where.
    round_id : str
        In which round.
    person : Person
        Whose answers they are.
    given : sequence of Given
        What a device sends.

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
    plan = plan_for(workspace, campaign, person.id)
    terms = frozenset(term.key for term in taxonomy_of(workspace, campaign.taxonomy).terms)
    checked = _Checked(campaign=campaign, person=person, plan=plan, terms=terms, moment=now())
    made = [checked.label(each) for each in given]
    with _TURNS.setdefault(workspace, Lock()), workspace.database.writing() as transaction:
        receipts, kept = _sorted_out(transaction, campaign, person, given, made)
        if kept:
            transaction.add([reading_run(campaign, person.id), *kept])
        if campaign.mode is Mode.TRAINING:
            receipts = _with_panel(transaction, campaign, receipts, made)
    note_showings(workspace, person.id, _shown(campaign, receipts, made))
    return tuple(receipts)


class _Checked:
    """Turns what a device sends into labels, or into the errors that say why not."""

    def __init__(self, *, campaign: Round, person: Person, plan: Plan, terms: frozenset[str], moment: datetime) -> None:
        self.campaign, self.person, self.plan, self.terms = campaign, person, plan, terms
        self._run = reading_run(campaign, person.id).id
        self._moments = Moments(moment, earliest=campaign.opened_at)
        self._received = moment

    def label(self, given: Given) -> Label | BuffycoatError:
        """Return the label that an event becomes, or why it becomes none."""
        try:
            return self._label(given)
        except BuffycoatError as error:
            return error

    def _label(self, given: Given) -> Label:
        event = event_id(given.event)
        item = self.plan.at(given.item)
        if given.term is not None and given.term not in self.terms:
            raise InputError(
                "no such term in the taxonomy of this round", expected=self.campaign.taxonomy, found=repr(given.term)
            )
        if len(given.comment) > _LONGEST_COMMENT:
            raise InputError(
                "a comment is too long",
                expected=f"at most {_LONGEST_COMMENT} characters",
                found=str(len(given.comment)),
            )
        if given.seconds is not None and not (math.isfinite(given.seconds) and given.seconds >= 0):
            raise InputError("not a time", expected="seconds from 0 on", found=str(given.seconds))
        return Label(
            id=label_id(self.campaign.id, self.person.id, event),
            cell_id=item.cell_id,
            expert_id=self.person.id,
            round_id=self.campaign.id,
            purpose=item.purpose,
            term=given.term or "",
            given_at=self._moments.of(given.item, given.given_at),
            seconds=given.seconds,
            comment=whole(given.comment),
            supersedes=None,
            run_id=self._run,
            event=event,
            withdrawn=given.term is None,
            look=given.look,
            turned=item.turned,
            received_at=self._received_at(),
        )

    def _received_at(self) -> datetime:
        """Return now; what comes later in the same call is later."""
        self._received += _ONE
        return self._received


def _sorted_out(
    transaction: Transaction,
    campaign: Round,
    person: Person,
    given: Sequence[Given],
    made: Sequence[Label | BuffycoatError],
) -> tuple[list[Receipt], list[Label]]:
    """Return a receipt for each event, and the labels that are new."""
    over = _over(transaction, campaign, person)
    known = dict(events_known(transaction, [label.id for label in made if isinstance(label, Label)]))
    receipts: list[Receipt] = []
    kept: list[Label] = []
    for each, label in zip(given, made, strict=True):
        if isinstance(label, BuffycoatError):
            receipts.append(_refusal(each, label))
            continue
        content = (label.cell_id, str(label.purpose), label.term, label.withdrawn, label.comment)
        before = known.get(label.id)
        if before is not None and before != content:
            receipts.append(_refusal(each, AlreadyExists("this event was another answer", found=each.event)))
        elif before is not None:
            receipts.append(Receipt(event=each.event, state=Received.KNOWN))
        elif over is not None:
            receipts.append(_refusal(each, over))
        else:
            known[label.id] = content
            kept.append(label)
            receipts.append(Receipt(event=each.event, state=Received.KEPT))
    return receipts, kept


def _over(transaction: Transaction, campaign: Round, person: Person) -> Conflict | None:
    """Return why nothing more is taken from a person in a round, if so."""
    if not is_round_open(transaction, campaign.id):
        return Conflict("this round is closed", found=campaign.name)
    if has_handed_in(transaction, campaign.id, person.id):
        return Conflict("you have handed in this round", found=campaign.name)
    return None


def _refusal(given: Given, error: BuffycoatError) -> Receipt:
    return Receipt(event=whole(given.event), state=Received.REFUSED, code=error.code, detail=str(error))


def _with_panel(
    transaction: Transaction,
    campaign: Round,
    receipts: Sequence[Receipt],
    made: Sequence[Label | BuffycoatError],
) -> list[Receipt]:
    """Add what the panel says of each answered cell: in training it is told at once."""
    cells = [label.cell_id for label in made if isinstance(label, Label) and not label.withdrawn]
    panel: Mapping[str, str | None] = {
        cell: found.term for cell, found in consensus_on(transaction, cells, within=campaign.id).items()
    }
    return [
        replace(receipt, panel=panel.get(label.cell_id))
        if isinstance(label, Label) and not label.withdrawn and receipt.state is not Received.REFUSED
        else receipt
        for receipt, label in zip(receipts, made, strict=True)
    ]


def _shown(
    campaign: Round, receipts: Sequence[Receipt], made: Sequence[Label | BuffycoatError]
) -> tuple[Suggested, ...]:
    """Return what the receipts tell of the panel, for the log of who was shown what."""
    return tuple(
        Suggested(kind=Suggestion.PANEL, about=label.cell_id, shown=(receipt.panel,), round_id=campaign.id)
        for receipt, label in zip(receipts, made, strict=True)
        if receipt.panel is not None and isinstance(label, Label)
    )
