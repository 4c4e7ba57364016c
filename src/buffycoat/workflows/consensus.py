"""What the labels of all cells amount to; computed from the labels each time, and never stored."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from buffycoat.domain.label import Consensus, Expert, Mode, Role, Round, Standing
from buffycoat.label import standings
from buffycoat.store import Transaction
from buffycoat.store.answers import AnswerRow, answers_by_round, open_rounds, rounds_of
from buffycoat.store.boxes import same_places
from buffycoat.store.census import Census, take_census
from buffycoat.workflows.same_cells import with_repeats
from buffycoat.workflows.sorted_terms import sorted_terms
from buffycoat.workflows.workspace import Workspace

__all__ = [
    "Answers",
    "being_read",
    "closed_answers",
    "consensus_by_cell",
    "counting_rounds",
    "deciding",
    "held_cells",
    "is_read",
    "said_by",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """A closed round with the live answers to it, and where its cells stand."""

    round: Round
    experts: tuple[Expert, ...]
    rows: list[AnswerRow]
    standings: dict[str, tuple[Standing, str | None]] = field(repr=False)

    @property
    def filed(self) -> bool:
        """Whether no person answered, but a folder."""
        return all(expert.role is Role.SOURCE for expert in self.experts)


_HELD: WeakKeyDictionary[Census, dict[tuple[Any, ...], frozenset[str]]] = WeakKeyDictionary()
"""Cells that rounds hold, by the rounds and by the boxes that people moved, while a census holds."""


def held_cells(transaction: Transaction, *, but: str | None = None) -> frozenset[str]:
    """Return the cells that an open round holds, those with a known answer too: nothing is told of their labels.

    Other pictures of the same cells are held with them: what a folder says of one is said of all. ``but`` leaves one
    round out, by its id.
    """
    rounds = [campaign for campaign in open_rounds(transaction) if campaign.id != but]
    if not rounds:
        return frozenset()
    known = _HELD.setdefault(take_census(transaction), {})
    key = tuple(campaign.id for campaign in rounds), same_places(transaction)
    if key not in known:
        held = {cell for campaign in rounds for cell in (*campaign.cells, *campaign.gold)}
        known[key] = frozenset(with_repeats(transaction, held))
    return known[key]


def being_read(transaction: Transaction) -> set[str]:
    """Return the very pictures that open rounds hold, without other pictures of the same cells."""
    return {cell for campaign in open_rounds(transaction) for cell in (*campaign.cells, *campaign.gold)}


def counting_rounds(transaction: Transaction) -> list[Round]:
    """Return the closed rounds whose answers say what cells are, in the order in which they count, the last one most.

    What a folder says counts less than a count does, and that less than what people say who read cell by cell; an
    earlier round counts less than a later one. Rounds that try people, not cells, are left out.
    """
    people = {person.id: person for person in transaction.find(Expert)}
    waiting = {campaign.id for campaign in open_rounds(transaction)}

    def weight(campaign: Round) -> int:
        if all(people[expert].role is Role.SOURCE for expert in campaign.experts):
            return 0
        return 1 if campaign.mode is Mode.COUNT else 2

    closed = [
        campaign
        for campaign in rounds_of(transaction)
        if campaign.id not in waiting and campaign.mode in (Mode.BLIND, Mode.COUNT)
    ]
    return sorted(closed, key=weight)


def closed_answers(transaction: Transaction) -> tuple[list[Answers], frozenset[str]]:
    """Return the rounds of ``counting_rounds`` with their answers, and the cells that an open round holds."""
    people = {person.id: person for person in transaction.find(Expert)}
    rows = answers_by_round(transaction)
    closed: list[Answers] = []
    for campaign in counting_rounds(transaction):
        given = rows.get(campaign.id, [])
        experts = tuple(people[expert] for expert in campaign.experts)
        found = standings(campaign.cells, given)
        closed.append(Answers(round=campaign, experts=experts, rows=given, standings=found))
    return closed, held_cells(transaction)


def deciding(closed: list[Answers]) -> dict[str, Answers]:
    """Return the round that counts for each cell: the last in which anybody answered, or the first of all."""
    found: dict[str, Answers] = {}
    for answers in closed:
        for cell_id, (standing, _) in answers.standings.items():
            if standing is not Standing.OPEN or cell_id not in found:
                found[cell_id] = answers
    return found


def is_read(answers: Answers | None, cell_id: str) -> bool:
    """Say whether people answered for a cell in a round; a folder is nobody, and what the gallery says counts more."""
    return answers is not None and not answers.filed and answers.standings[cell_id][0] is not Standing.OPEN


def consensus_by_cell(workspace: Workspace, *, shown: bool = False) -> dict[str, Consensus]:
    """Return the consensus of every cell of a closed round, of the latest where there are several.

    Parameters
    ----------
    workspace
        Where.
    shown : bool
        Whether people will look at it: then cells that an open round holds are left out, whatever an earlier round said
        of them, so that nobody reads under its influence; and cells that nobody read are there with what the gallery
        says of them.
    """
    with workspace.database.reading() as transaction:
        closed, waiting = closed_answers(transaction)
        in_gallery = sorted_terms(transaction, waiting=waiting) if shown else {}
    decided = deciding(closed)
    consensus: dict[str, Consensus] = {}
    for cell_id, answers in decided.items():
        if not (shown and cell_id in waiting):
            standing, term = answers.standings[cell_id]
            consensus[cell_id] = Consensus(cell_id=cell_id, standing=standing, term=term)
    for cell_id, (said, _) in in_gallery.items():
        if not is_read(decided.get(cell_id), cell_id):
            consensus[cell_id] = Consensus(cell_id=cell_id, standing=Standing.SORTED, term=said)
    return consensus


def said_by(answers: Answers) -> dict[str, dict[str, str]]:
    """Return what each expert of a round said of each cell: cell id to expert id to key of a term."""
    words: dict[str, dict[str, str]] = defaultdict(dict)
    for cell_id, expert_id, purpose, term, _ in answers.rows:
        if purpose == "reading":
            words[cell_id][expert_id] = term
    return words
