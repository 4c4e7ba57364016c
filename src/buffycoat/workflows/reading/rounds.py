"""Rounds as they are told to one person: which, how far, and nothing of what anybody else said."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from buffycoat.domain.account import Person
from buffycoat.domain.label import Expert, HandIn, Mode, Role, Round
from buffycoat.domain.reading import Mine, Progress, RoundView
from buffycoat.domain.taxonomy import Taxonomy
from buffycoat.errors import NotAllowed, NotFound
from buffycoat.label import ReadingItem, count_items, items_of
from buffycoat.store import Transaction
from buffycoat.store.answers import count_answered, is_round_open, open_rounds, rounds_of
from buffycoat.workflows.editions import taxonomy_of
from buffycoat.workflows.people.accounts import facts_of
from buffycoat.workflows.workspace import Workspace

__all__ = [
    "Plan",
    "find_round",
    "get_round",
    "list_rounds",
    "make_ready",
    "plan_for",
    "require_curator",
    "require_reader",
    "round_taxonomy",
    "view_of",
]

_LEADING = (Role.CURATOR, Role.ADMIN)
_DECIDING = (Mode.BLIND, Mode.COUNT)
"""Rounds that say what cells are."""
_KEPT = 64


@dataclass(frozen=True, slots=True)
class Plan:
    """What one expert is asked in one round, in order, and the place of each item."""

    items: tuple[ReadingItem, ...]
    places: dict[str, int]

    def at(self, item: str) -> ReadingItem:
        """Return an item.

        Raises
        ------
        NotFound
            It is none of this person's.
        """
        if item not in self.places:
            raise NotFound("no item of yours in this round has this id", found=repr(item[:80]))
        return self.items[self.places[item]]


_PLANS: WeakKeyDictionary[Workspace, dict[tuple[str, str], Plan]] = WeakKeyDictionary()


def plan_for(workspace: Workspace, campaign: Round, expert_id: str) -> Plan:
    """Return what an expert is asked in a round; a round is sealed, so this is worked out once in a while."""
    known = _PLANS.setdefault(workspace, {})
    key = (campaign.id, expert_id)
    if key not in known:
        if len(known) >= _KEPT:
            known.clear()
        items = items_of(campaign, expert_id)
        known[key] = Plan(items, {each.item: each.place for each in items})
    return known[key]


def make_ready(workspace: Workspace, *, most: int = 50_000) -> None:
    """Work out what the experts of open rounds are asked, for so many items: some tenths of a second of work."""
    with workspace.database.reading() as transaction:
        rounds = open_rounds(transaction)
    left = most
    for campaign in rounds:
        for expert in campaign.experts:
            left -= len(campaign.cells)
            if left < 0:
                return
            plan_for(workspace, campaign, expert)


def list_rounds(workspace: Workspace, person: Person | None) -> tuple[RoundView, ...]:
    """Return the rounds that a person is told of, the latest first: closed ones, and those in which the person reads.

    Curators and admins are told of all, and of how far others are where they do not read themselves.
    """
    with workspace.database.reading() as transaction:
        waiting = {campaign.id for campaign in open_rounds(transaction)}
        return tuple(
            view_of(transaction, campaign, person, closed=campaign.id not in waiting)
            for campaign in reversed(rounds_of(transaction))
            if campaign.id not in waiting or _is_told(campaign, person)
        )


def get_round(workspace: Workspace, round_id: str, person: Person | None) -> RoundView:
    """Return one round as it is told to a person.

    Raises
    ------
    NotFound
        There is none, or the person is told nothing of it.
    """
    with workspace.database.reading() as transaction:
        campaign, is_open = find_round(transaction, round_id, person)
        return view_of(transaction, campaign, person, closed=not is_open)


def round_taxonomy(workspace: Workspace, round_id: str, person: Person | None) -> Taxonomy:
    """Return the taxonomy whose terms a round offers: the edition that it was opened with.

    Raises
    ------
    NotFound
        There is no such round, or the person is told nothing of it.
    """
    with workspace.database.reading() as transaction:
        campaign, _ = find_round(transaction, round_id, person)
    return taxonomy_of(workspace, campaign.taxonomy)


def _is_told(campaign: Round, person: Person | None) -> bool:
    return person is not None and (person.id in campaign.experts or person.role in _LEADING)


def find_round(transaction: Transaction, round_id: str, person: Person | None) -> tuple[Round, bool]:
    """Return a round, and whether it is open.

    Raises
    ------
    NotFound
        There is none, or the person is told nothing of it, which is the same for who asks.
    """
    found = rounds_of(transaction, {round_id})
    is_open = is_round_open(transaction, round_id)
    if not found or (is_open and not _is_told(found[0], person)):
        raise NotFound("no round has this id", found=round_id)
    return found[0], is_open


def require_reader(campaign: Round, person: Person) -> None:
    """Refuse who does not read in a round.

    Raises
    ------
    NotAllowed
        The person is none of its experts.
    """
    if person.id not in campaign.experts:
        raise NotAllowed("only who reads in a round has items in it", hint="a curator names the experts of a round")


def require_curator(campaign: Round, person: Person) -> None:
    """Refuse who does not lead a round: a curator or admin who reads in it is an expert like any other.

    Raises
    ------
    NotAllowed
        The person is no curator or admin, or reads in the round.
    """
    if person.role not in _LEADING or person.id in campaign.experts:
        raise NotAllowed(
            "only a curator or admin who does not read in a round may do this",
            hint="ask another curator: who reads in a round must not lead it",
        )


def view_of(transaction: Transaction, campaign: Round, person: Person | None, *, closed: bool) -> RoundView:
    """Return a round as it is told to a person."""
    reads = person is not None and person.id in campaign.experts
    leads = person is not None and person.role in _LEADING and not reads
    items = count_items(campaign)
    handed = {each.expert_id for each in transaction.find(HandIn, round_id=campaign.id)} if reads or leads else set()
    mine = progress = None
    if reads and person is not None:
        answered = count_answered(transaction, campaign.id, person.id)
        mine = Mine(items=items, answered=answered, handed_in=person.id in handed)
    if leads and campaign.closed_at is None:
        progress = tuple(
            Progress(
                person=facts_of(transaction, expert).person,
                items=items,
                answered=count_answered(transaction, campaign.id, expert),
                handed_in=expert in handed,
            )
            for expert in campaign.experts
        )
    return RoundView(
        id=campaign.id,
        name=campaign.name,
        taxonomy=campaign.taxonomy,
        level=campaign.level,
        mode=campaign.mode,
        cells=len(campaign.cells),
        opened_at=campaign.opened_at,
        closed=closed,
        experts=len(campaign.experts),
        mine=mine,
        progress=progress,
        as_panel=closed and campaign.mode in _DECIDING and _is_of_people(transaction, campaign),
    )


def _is_of_people(transaction: Transaction, campaign: Round) -> bool:
    """Say whether anybody read in a round, not a folder alone."""
    return any(transaction.get(Expert, expert).role is not Role.SOURCE for expert in campaign.experts)
