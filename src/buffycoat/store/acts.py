"""Which values are acts of people: each of them is entered into the audit log by the transaction that keeps it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from buffycoat.domain.account import Appointment, Identity, Invitation, Password, Revocation, SignIn, Token, TokenUse
from buffycoat.domain.audit import Action, Showing
from buffycoat.domain.capturing import Arrival, Preset
from buffycoat.domain.cell import Cell, CoveredField, CrossRepeat, Repeat
from buffycoat.domain.edition import TaxonomyEdition
from buffycoat.domain.erratum import Erratum, ErratumAnswer
from buffycoat.domain.job import JobAct, JobEvent, JobOrder
from buffycoat.domain.label import Closing, Expert, HandIn, Label, Purpose, Round
from buffycoat.domain.locating import BoxEvent
from buffycoat.domain.mask import Mask, MaskSelection
from buffycoat.domain.query import Query
from buffycoat.domain.release import Release, Scorecard
from buffycoat.domain.ruling import RepeatRuling
from buffycoat.domain.run import ENTERED, Document, Outcome, Run
from buffycoat.domain.smear import Capture, Correction, FieldOfView, SetupCorrection, Smear
from buffycoat.domain.sorting import GalleryLabel
from buffycoat.domain.withdrawal import Withdrawal

__all__ = ["ACTS", "NOT_ACTS", "Act"]


def _nobody(_value: Any) -> str | None:
    """Say that the value names nobody: whoever is signed in did it."""
    return None


def _always(_value: Any) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Act:
    """How a value of one class becomes an entry.

    Parameters
    ----------
    action : callable
        Says of a value what was done.
    person : callable
        Who did it, where the value says so.
    round_id : callable
        The round that it belongs to, where it belongs to one.
    chosen : callable
        Whether a value is the act of a person; of some classes programs make others.
    where : str
        The same in SQL.
    """

    action: Callable[[Any], Action]
    person: Callable[[Any], str | None] = _nobody
    round_id: Callable[[Any], str | None] = _nobody
    chosen: Callable[[Any], bool] = _always
    where: str = ""


def _act(
    action: Action, person: Callable[[Any], str | None] = _nobody, round_id: Callable[[Any], str | None] = _nobody
) -> Act:
    return Act(lambda _value: action, person, round_id)


def _answer(label: Label) -> Action:
    if label.withdrawn:
        return Action.TOOK_BACK
    return Action.DECIDED if label.purpose is Purpose.ADJUDICATION else Action.ANSWERED


_expert, _by, _round = attrgetter("expert_id"), attrgetter("by"), attrgetter("round_id")

ACTS: Mapping[type, Act] = {
    Expert: _act(Action.ADDED),
    Appointment: _act(Action.APPOINTED, _by),
    Password: _act(Action.SET_PASSWORD, _expert),
    SignIn: _act(Action.SIGNED_IN, _expert),
    Token: _act(Action.MADE_TOKEN, _expert),
    Identity: _act(Action.LINKED, _expert),
    Invitation: _act(Action.INVITED, _by),
    Revocation: _act(Action.ENDED, _by),
    Round: _act(Action.OPENED, _nobody, attrgetter("id")),
    Showing: _act(Action.SHOWN, _expert, _round),
    Label: Act(_answer, _expert, _round, lambda label: label.event is not None, "event IS NOT NULL"),
    HandIn: _act(Action.HANDED_IN, _expert, _round),
    Closing: _act(Action.CLOSED, _by, _round),
    GalleryLabel: Act(lambda label: Action.TOOK_BACK if label.withdrawn else Action.SORTED, _expert),
    BoxEvent: _act(Action.BOXED, _expert),
    Mask: Act(
        lambda _mask: Action.OUTLINED,
        _expert,
        _nobody,
        lambda mask: mask.expert_id is not None,
        "expert_id IS NOT NULL",
    ),
    MaskSelection: _act(Action.SELECTED),
    RepeatRuling: _act(Action.RULED, _by),
    Correction: _act(Action.CORRECTED),
    SetupCorrection: _act(Action.CORRECTED),
    Query: _act(Action.SAVED),
    TaxonomyEdition: _act(Action.KEPT),
    Document: Act(
        lambda _document: Action.KEPT,
        _nobody,
        _nobody,
        lambda document: document.kind in ENTERED,
        f"kind IN {ENTERED}",
    ),
    Release: _act(Action.RELEASED),
    Withdrawal: _act(Action.WITHDREW, _expert),
    Erratum: _act(Action.RECEIVED, _by),
    ErratumAnswer: _act(Action.REPLIED, _by),
    Preset: _act(Action.KEPT, _expert),
    Arrival: _act(Action.CAPTURED, _expert),
    JobOrder: _act(Action.STARTED, _by),
    JobEvent: Act(
        lambda _event: Action.STOPPED,
        _by,
        _nobody,
        lambda event: event.act is JobAct.STOP_ASKED,
        f"act = '{JobAct.STOP_ASKED}'",
    ),
}
"""Acts by class. Labels that came with a set are entered too, all of one round at once: see ``store.chain``."""

NOT_ACTS: frozenset[type] = frozenset(
    {
        Smear,
        Capture,
        FieldOfView,
        Cell,
        Repeat,
        CoveredField,
        CrossRepeat,
        Run,
        Outcome,
        Scorecard,
        TokenUse,
    }
)
"""What programs make, and can make again from the same bytes; and on which days they came."""
