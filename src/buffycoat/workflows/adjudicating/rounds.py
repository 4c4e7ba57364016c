"""Rounds whose cells a person may decide over, and what their experts said, without who said it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from buffycoat.domain.account import Person
from buffycoat.domain.adjudication import AdjudicationView
from buffycoat.domain.label import Expert, Label, Role, Round, Standing
from buffycoat.domain.taxonomy import Taxonomy
from buffycoat.domain.value import derive_id
from buffycoat.errors import NotAllowed, NotFound
from buffycoat.label import standings
from buffycoat.label.disputes import disputed_cells
from buffycoat.store import Transaction
from buffycoat.store.answers import answers_on
from buffycoat.workflows.consensus import counting_rounds, held_cells
from buffycoat.workflows.editions import taxonomy_of
from buffycoat.workflows.reading import may_adjudicate
from buffycoat.workflows.workspace import Workspace

__all__ = [
    "Disputed",
    "adjudication_taxonomy",
    "decided_terms",
    "items_of",
    "list_adjudications",
    "open_disputes",
    "salt_of",
]


@dataclass(frozen=True, slots=True)
class _Known:
    """What was read off a closed round: it is sealed, unless answers that came with a set are corrected."""

    imported: int
    said: Mapping[str, tuple[str, ...]]
    cells: tuple[str, ...]


_KNOWN: WeakKeyDictionary[Workspace, dict[str, _Known]] = WeakKeyDictionary()
_ITEMS: WeakKeyDictionary[Workspace, dict[tuple[str, str], dict[str, str]]] = WeakKeyDictionary()
_KEPT = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Disputed:
    """A closed round as one who may decide over it sees it; nothing of cells that an open round holds is in it.

    ``said``: of each cell the terms of all experts, sorted, so that their order tells nothing. ``cells``: those of
    which different terms were said.
    """

    round: Round
    taxonomy: Taxonomy
    person: Person
    said: Mapping[str, tuple[str, ...]]
    cells: tuple[str, ...]
    held: int
    simulated: bool

    def item_of(self, cell_id: str) -> str:
        """Return the id under which a cell is shown to this person."""
        parts = {"round": self.round.id, "secret": self.round.secret, "adjudicator": self.person.id, "cell": cell_id}
        return derive_id("dispute", {**parts})

    def told(self, decided: int) -> AdjudicationView:
        """Return the round as it is told."""
        return AdjudicationView(
            id=self.round.id,
            name=self.round.name,
            taxonomy=self.round.taxonomy,
            level=self.round.level,
            levels=tuple(self.taxonomy.levels),
            cells=len(self.round.cells),
            experts=len(self.round.experts),
            disputed=len(self.cells),
            decided=decided,
            held=self.held,
            simulated=self.simulated,
            opened_at=self.round.opened_at,
            final=decided == len(self.cells) and not self.held,
        )


def salt_of(campaign: Round, person: Person) -> str:
    """Return what fixes orders by chance for one person in one round."""
    return f"{campaign.id} {campaign.secret} {person.id}"


def list_adjudications(workspace: Workspace, person: Person) -> tuple[AdjudicationView, ...]:
    """Return the closed rounds with disputed cells over which a person may decide, the latest first."""
    with workspace.database.reading() as transaction:
        found = [
            _disputed(workspace, transaction, campaign, person)
            for campaign in reversed(_offered(transaction))
            if may_adjudicate(campaign, person)
        ]
        return tuple(each.told(len(decided_terms(transaction, each))) for each in found if each.cells)


def open_disputes(workspace: Workspace, transaction: Transaction, round_id: str, person: Person) -> Disputed:
    """Return what a person may decide over in a round.

    Raises
    ------
    NotFound
        No closed round of several experts has this id, or its answers say nothing of cells.
    NotAllowed
        The person reads in it, or has another role.
    """
    found = [campaign for campaign in _offered(transaction) if campaign.id == round_id]
    if not found:
        raise NotFound(
            "no closed round of several experts has this id",
            found=round_id,
            hint="a round is adjudicated once it is closed; GET /api/adjudication lists those that you may decide over",
        )
    if not may_adjudicate(found[0], person):
        raise NotAllowed(
            "whoever reads in a round does not decide over its cells",
            expected="an adjudicator, curator or admin who is none of its experts",
            hint="ask somebody who did not read in it",
        )
    return _disputed(workspace, transaction, found[0], person)


def adjudication_taxonomy(workspace: Workspace, round_id: str, person: Person) -> Taxonomy:
    """Return the cell types that a round's experts chose from.

    Raises
    ------
    NotFound, NotAllowed
        As :func:`open_disputes`.
    """
    with workspace.database.reading() as transaction:
        return open_disputes(workspace, transaction, round_id, person).taxonomy


def decided_terms(transaction: Transaction, disputed: Disputed, cells: Sequence[str] | None = None) -> dict[str, str]:
    """Return the decision that holds for each decided cell, as the consensus has it."""
    among = disputed.cells if cells is None else cells
    rows = answers_on(transaction, among).get(disputed.round.id, [])
    found = standings(among, rows).items()
    return {cell: term for cell, (standing, term) in found if standing is Standing.ADJUDICATED and term is not None}


def items_of(workspace: Workspace, disputed: Disputed) -> Mapping[str, str]:
    """Return the cell of each item of a person; worked out once in a while."""
    known = _ITEMS.setdefault(workspace, {})
    key = (disputed.round.id, disputed.person.id)
    found = known.get(key)
    if found is None or len(found) != len(disputed.cells) or not set(disputed.cells) <= set(found.values()):
        if len(known) >= _KEPT:
            known.clear()
        found = known[key] = {disputed.item_of(cell): cell for cell in disputed.cells}
    return found


def _offered(transaction: Transaction) -> list[Round]:
    """Return the rounds that may be decided over: those that say what cells are, read by several people."""
    sources = {expert.id for expert in transaction.find(Expert) if expert.role is Role.SOURCE}
    return [
        campaign
        for campaign in counting_rounds(transaction)
        if len(campaign.experts) > 1 and not sources.issuperset(campaign.experts)
    ]


def _disputed(workspace: Workspace, transaction: Transaction, campaign: Round, person: Person) -> Disputed:
    known = _read_off(workspace, transaction, campaign)
    held = held_cells(transaction).intersection(campaign.cells)
    said = {cell: terms for cell, terms in known.said.items() if cell not in held} if held else known.said
    return Disputed(
        round=campaign,
        taxonomy=taxonomy_of(workspace, campaign.taxonomy),
        person=person,
        said=said,
        cells=tuple(cell for cell in known.cells if cell not in held),
        held=len(held),
        simulated=any(transaction.get(Expert, expert).simulated for expert in campaign.experts),
    )


def _read_off(workspace: Workspace, transaction: Transaction, campaign: Round) -> _Known:
    """Return what was said of each cell of a closed round, and which are disputed."""
    known = _KNOWN.setdefault(workspace, {})
    imported = transaction.count(Label, round_id=campaign.id, event=None)
    before = known.get(campaign.id)
    if before is not None and before.imported == imported:
        return before
    if len(known) >= _KEPT:
        known.clear()
    terms: dict[str, list[str]] = defaultdict(list)
    for cell, _, purpose, term, _ in answers_on(transaction, campaign.cells).get(campaign.id, []):
        if purpose == "reading":
            terms[cell].append(term)
    said = {cell: tuple(sorted(given)) for cell, given in terms.items()}
    known[campaign.id] = found = _Known(imported, said, disputed_cells(said))
    return found
