"""What people may be shown of labels: those of closed rounds, and nothing of a cell that an open round holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from buffycoat.domain.label import Consensus, Expert, Role, Round, Standing
from buffycoat.domain.query import Query
from buffycoat.domain.smear import Capture
from buffycoat.domain.view import Answered, QueryView
from buffycoat.errors import NotFound
from buffycoat.label import standings
from buffycoat.store import Transaction
from buffycoat.store.answers import answers_on, asked_in, rounds_of
from buffycoat.store.census import BoolArray, take_census
from buffycoat.store.queries import CellFilter, current_ids, drawn_cells
from buffycoat.store.setups import fields_by_setups
from buffycoat.workflows.agreement import answers_of_two, cells_answered
from buffycoat.workflows.consensus import closed_answers, counting_rounds, held_cells
from buffycoat.workflows.editions import known_taxonomies, taxonomy_of
from buffycoat.workflows.selection import find_query, list_queries
from buffycoat.workflows.shown_labels import STANDINGS, ShownLabels, shown_labels
from buffycoat.workflows.sorted_terms import sorted_terms
from buffycoat.workflows.workspace import Workspace

__all__ = ["cells_of", "consensus_on", "count_queries", "shown_cells"]


def consensus_on(transaction: Transaction, cells: Sequence[str], *, within: str | None = None) -> dict[str, Consensus]:
    """Return the consensus of a few cells, as ``consensus_by_cell`` has it; labels of other cells are not read.

    Nothing is told of cells that an open round holds, but for the one of the id ``within``: of its cells only what was
    said in rounds, as what the gallery says is no panel.
    """
    waiting = held_cells(transaction, but=within)
    shown = [cell for cell in cells if cell not in waiting]
    given = answers_on(transaction, shown)
    found: dict[str, tuple[Standing, str | None]] = {}
    deciders: dict[str, Round] = {}
    for campaign in counting_rounds(transaction):
        asked = asked_in(transaction, campaign)
        for cell, answer in standings([cell for cell in shown if cell in asked], given.get(campaign.id, [])).items():
            if answer[0] is not Standing.OPEN or cell not in found:  # the round that decides: see ``deciding``
                found[cell], deciders[cell] = answer, campaign
    if within is None and (in_gallery := sorted_terms(transaction, waiting=waiting, cells=shown)):
        sources = {person.id for person in transaction.find(Expert) if person.role is Role.SOURCE}
        for cell, (term, _) in in_gallery.items():
            filed = cell in deciders and sources.issuperset(deciders[cell].experts)
            if filed or found.get(cell, (Standing.OPEN, None))[0] is Standing.OPEN:
                found[cell] = Standing.SORTED, term
    return {cell: Consensus(cell_id=cell, standing=standing, term=term) for cell, (standing, term) in found.items()}


def shown_cells(
    workspace: Workspace,
    transaction: Transaction,
    *,
    query: str | None = None,
    term: str | None = None,
    standing: Standing | None = None,
    answered: Answered | None = None,
) -> BoolArray:
    """Return which cells of the census a saved query, a class, a standing and answers mean together: shape (n,).

    A class means the leaves below it too. Of cells that an open round holds no question about labels is answered.

    Raises
    ------
    NotFound
        No saved query has this name, or it asks about a round that is not closed; or no closed round of two experts has
        the name that ``answered`` gives, or no such row.
    UnknownTerm
        No taxonomy has such a term: none that comes along, and none that the workspace keeps; or not that of the round
        such a level.
    """
    census = take_census(transaction)
    if query is None and term is None and standing is None and answered is None:
        return census.all()
    if term is not None:
        trees = known_taxonomies(workspace)
        if not any(term == known.key for tree in trees for known in tree.terms):
            trees[0].term(term)  # raises, with the nearest keys
    asked = None if query is None else find_query(workspace, query)
    read = _Read(workspace, transaction)
    chosen = census.all() if asked is None else read.meant(asked)
    if term is not None or standing is not None:
        wanted = Query(id="", standing=() if standing is None else (standing,), terms=() if term is None else (term,))
        chosen &= read.meant(wanted) & (read.labels.standing >= 0)
    if answered is not None:
        two = answers_of_two(closed_answers(transaction)[0], answered.round)
        said = cells_answered(two, taxonomy_of(workspace, two.round.taxonomy), answered)
        chosen &= census.among(said) & ~read.labels.waiting
    return chosen


def cells_of(workspace: Workspace, query: Query, *, held: bool = False) -> list[str]:
    """Return the ids of the current cells that a question means, sorted; a cell that nobody was asked about is open.

    Parameters
    ----------
    workspace
        Where.
    query : Query
        The question.
    held : bool
        Whether to answer for cells that an open round holds, too: never for anybody who reads in it.

    Raises
    ------
    NotFound
        It names a round that is not closed.
    """
    with workspace.database.reading() as transaction:
        read = _Read(workspace, transaction, held=held)
        return sorted(read.labels.census.names(read.meant(query)))


def count_queries(workspace: Workspace) -> tuple[QueryView, ...]:
    """Return the saved queries, and how many cells each means now."""
    queries = list_queries(workspace)
    with workspace.database.reading() as transaction:
        read = _Read(workspace, transaction)
        return tuple(QueryView(query=query, cells=_counted(read, query)) for query in queries)


def _counted(read: _Read, query: Query) -> int | None:
    try:
        return int(np.count_nonzero(read.meant(query)))
    except NotFound:  # its round is open: it is asked in vain for now
        return None


@dataclass(frozen=True)
class _Read:
    """The labels of a workspace, for several questions."""

    workspace: Workspace
    transaction: Transaction
    held: bool = False

    @cached_property
    def labels(self) -> ShownLabels:
        return shown_labels(self.transaction)

    @cached_property
    def _drawn(self) -> BoolArray:
        return self.labels.census.among(drawn_cells(self.transaction))

    def meant(self, query: Query) -> BoolArray:
        """Return which current cells a question means.

        Nothing is told of the labels of cells that an open round holds.
        """
        labels, census = self.labels, self.labels.census
        chosen = self._lying(query)
        if query.kept is not None:
            chosen &= census.kept if query.kept else ~census.kept
        if query.with_pixels is not None:
            chosen &= census.pictured if query.with_pixels else ~census.pictured
        if query.with_masks is not None:
            chosen &= self._drawn if query.with_masks else ~self._drawn
        if not (query.standing or query.terms or query.round is not None):
            return chosen
        standing, word = labels.standing, labels.word
        if query.round is not None:
            named = [each.id for each in rounds_of(self.transaction, labels.rounds) if each.name == query.round]
            if not named:
                raise NotFound("no closed round has this name", found=query.round)
            standing, word = labels.of_round(named[0])
            chosen &= standing >= 0
        if not self.held:
            chosen &= ~labels.waiting
        if query.standing:
            open_too = [-1] if Standing.OPEN in query.standing else []
            chosen &= np.isin(standing, [*(STANDINGS.index(each) for each in query.standing), *open_too])
        if query.terms:
            chosen &= np.isin(word, self._words(query))
        return chosen

    def _lying(self, query: Query) -> BoolArray:
        """Return which cells lie in the smears and on the set-ups that a question names."""
        census = self.labels.census
        chosen = census.within(query.smears) if query.smears else census.all()
        if query.setups:
            setups = {
                it.id for it in self.transaction.find(Capture) if f"{it.microscope} / {it.camera}" in query.setups
            }
            wanted = CellFilter(fields=fields_by_setups(self.transaction, setups))
            chosen &= census.among(current_ids(self.transaction, wanted))
        return chosen

    def _words(self, query: Query) -> list[int]:
        """Return the codes of what a question's terms mean: those below them included."""
        trees = {taxonomy: taxonomy_of(self.workspace, taxonomy) for _, taxonomy in self.labels.words}
        below = {
            name: frozenset().union(*(tree.below(term) for term in query.terms if term in {t.key for t in tree.terms}))
            for name, tree in trees.items()
        }
        return [code for code, (term, taxonomy) in enumerate(self.labels.words) if term in below[taxonomy]]
