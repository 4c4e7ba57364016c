"""Decided cells to look at beside those of a round: never one of its own, nor any that is being read."""

from __future__ import annotations

from collections import defaultdict

from buffycoat.domain.account import Person
from buffycoat.domain.audit import Suggested, Suggestion
from buffycoat.domain.label import Mode, Round, Standing
from buffycoat.domain.teaching import References, TermCells
from buffycoat.domain.value import digest_of
from buffycoat.store import Transaction
from buffycoat.store.queries import CellFilter, current_ids
from buffycoat.workflows.audit import note_showings
from buffycoat.workflows.consensus import closed_answers, deciding
from buffycoat.workflows.editions import reads_alike, taxonomy_of
from buffycoat.workflows.reading.panel import PANEL
from buffycoat.workflows.reading.rounds import find_round, require_reader
from buffycoat.workflows.same_cells import with_repeats
from buffycoat.workflows.workspace import Workspace

__all__ = ["OF_A_TERM", "list_references"]

OF_A_TERM = 6
"""Cells that are shown of each term."""


def list_references(workspace: Workspace, round_id: str, person: Person) -> References:
    """Return cells that are surely of each term, to look at beside the cells of a round.

    Cells that an adjudicator decided come first, then cells on which experts agree; chance chooses among them, always
    alike in one round. None is of the round itself, among its cells with a known answer, another picture of one of
    these, or held by any open round: what is shown can be no answer to what is asked. A round shows none where its
    curator did not allow it, and a proficiency round never does.

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
        if not campaign.examples or campaign.mode is Mode.PROFICIENCY:
            return References(shown=False, terms=())
        terms = _chosen(workspace, transaction, campaign)
    shown = [
        Suggested(kind=Suggestion.EXAMPLES, about=each.term, shown=each.cells, round_id=round_id) for each in terms
    ]
    note_showings(workspace, person.id, shown)
    return References(shown=True, terms=terms)


def _chosen(workspace: Workspace, transaction: Transaction, campaign: Round) -> tuple[TermCells, ...]:
    closed, waiting = closed_answers(transaction)
    own = with_repeats(transaction, {*campaign.cells, *campaign.gold})
    shown = set(current_ids(transaction, CellFilter(kept=True, with_pixels=True)))
    by_term: dict[str, list[tuple[bool, str, str]]] = defaultdict(list)
    for cell, answers in deciding(closed).items():
        standing, term = answers.standings[cell]
        if standing not in PANEL or term is None or answers.filed or cell in waiting or cell in own:
            continue
        if cell in shown and reads_alike(answers.round.taxonomy, campaign.taxonomy):
            chance = digest_of(f"reference {campaign.id} {campaign.secret} {cell}".encode())
            by_term[term].append((standing is not Standing.ADJUDICATED, chance, cell))
    return tuple(
        TermCells(term=term.key, cells=tuple(cell for *_, cell in sorted(by_term[term.key])[:OF_A_TERM]))
        for term in taxonomy_of(workspace, campaign.taxonomy).terms
        if term.key in by_term
    )
