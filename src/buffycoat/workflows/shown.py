"""What people may be shown of labels: those of closed rounds, and nothing of a cell that an open round holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from buffycoat.domain.label import Consensus, Expert, Role, Round, Standing
from buffycoat.domain.query import Query
from buffycoat.domain.smear import Capture, FieldOfView
from buffycoat.domain.view import Answered, QueryView
from buffycoat.errors import NotFound
from buffycoat.label import standings
from buffycoat.store import Transaction
from buffycoat.store.answers import answers_on
from buffycoat.store.queries import CellFilter, current_ids, masks_now
from buffycoat.store.setups import with_setups
from buffycoat.workflows.agreement import answers_of_two, cells_answered
from buffycoat.workflows.consensus import Answers, closed_answers, counting_rounds, deciding, held_cells, is_read
from buffycoat.workflows.editions import known_taxonomies, taxonomy_of
from buffycoat.workflows.selection import find_query, list_queries
from buffycoat.workflows.sorted_terms import SortedTerm, sorted_terms
from buffycoat.workflows.workspace import Workspace

__all__ = ["cells_of", "consensus_on", "count_queries", "shown_cells"]

_Answer = tuple[Standing, str | None, str]
"""Standing, key of the term, taxonomy."""

_OPEN: _Answer = (Standing.OPEN, None, "")


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
        held = set(campaign.cells)
        for cell, answer in standings([cell for cell in shown if cell in held], given.get(campaign.id, [])).items():
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
) -> list[str] | None:
    """Return the ids of the cells that a saved query, a class, a standing and answers mean together; ``None`` for all.

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
    if query is None and term is None and standing is None and answered is None:
        return None
    if term is not None:
        trees = known_taxonomies(workspace)
        if not any(term == known.key for tree in trees for known in tree.terms):
            trees[0].term(term)  # raises, with the nearest keys
    asked = None if query is None else find_query(workspace, query)
    read = _Read(workspace, transaction, *closed_answers(transaction))
    chosen = None if asked is None else read.meant(asked)
    if term is not None or standing is not None:
        wanted = Query(id="", standing=() if standing is None else (standing,), terms=() if term is None else (term,))
        known = read.meant(wanted, among=read.answered)
        chosen = known if chosen is None else chosen & known
    if answered is not None:
        two = answers_of_two(read.closed, answered.round)
        said = cells_answered(two, taxonomy_of(workspace, two.round.taxonomy), answered) - read.waiting
        chosen = said if chosen is None else chosen & said
    return sorted(chosen or ())


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
        closed, waiting = closed_answers(transaction)
        return sorted(_Read(workspace, transaction, closed, set() if held else waiting).meant(query))


def count_queries(workspace: Workspace) -> tuple[QueryView, ...]:
    """Return the saved queries, and how many cells each means now; labels are read once for all of them."""
    queries = list_queries(workspace)
    with workspace.database.reading() as transaction:
        read = _Read(workspace, transaction, *closed_answers(transaction))
        return tuple(QueryView(query=query, cells=_counted(read, query)) for query in queries)


def _counted(read: _Read, query: Query) -> int | None:
    try:
        return len(read.meant(query))
    except NotFound:  # its round is open: it is asked in vain for now
        return None


@dataclass(frozen=True)
class _Read:
    """The labels of a workspace, read once for several questions."""

    workspace: Workspace
    transaction: Transaction
    closed: list[Answers]
    waiting: set[str]

    @cached_property
    def answered(self) -> dict[str, _Answer]:
        """Where each cell of a closed round stands: the latest round counts; or, where nobody read it, the gallery."""
        merged, decided = self._merged(self.closed), deciding(self.closed)
        for cell, (term, taxonomy) in self._in_gallery.items():
            if not is_read(decided.get(cell), cell):
                merged[cell] = Standing.SORTED, term, taxonomy
        return merged

    @cached_property
    def _in_gallery(self) -> dict[str, SortedTerm]:
        return sorted_terms(self.transaction, waiting=self.waiting)

    def _merged(self, closed: list[Answers]) -> dict[str, _Answer]:
        return {
            cell: (*answers.standings[cell], answers.round.taxonomy)
            for cell, answers in deciding(closed).items()
            if cell not in self.waiting
        }

    @cached_property
    def _bases(self) -> dict[tuple[bool | None, bool | None], set[str]]:
        return {}

    def _base(self, query: Query) -> set[str]:
        if query.smears or query.setups:
            fields = _fields_of(self.transaction, query)
            wanted = CellFilter(kept=query.kept, with_pixels=query.with_pixels, fields=fields)
            return set(current_ids(self.transaction, wanted))
        key = (query.kept, query.with_pixels)
        if key not in self._bases:
            wanted = CellFilter(kept=query.kept, with_pixels=query.with_pixels)
            self._bases[key] = set(current_ids(self.transaction, wanted))
        return self._bases[key]

    def meant(self, query: Query, *, among: dict[str, _Answer] | None = None) -> set[str]:
        """Return the current cells that a question means; only those of ``among`` where it is given.

        Nothing is told of the labels of cells that an open round holds.
        """
        chosen = self._base(query) if among is None else set(among)
        if query.with_masks is not None:
            drawn = set(masks_now(self.transaction))
            chosen = chosen & drawn if query.with_masks else chosen - drawn
        if not (query.standing or query.terms or query.round is not None):
            return chosen
        answered = self.answered
        if query.round is not None:
            rounds = [answers for answers in self.closed if answers.round.name == query.round]
            if not rounds:
                raise NotFound("no closed round has this name", found=query.round)
            answered = self._merged(rounds)
            chosen = chosen & set(answered)
        terms = self._terms(query)
        standing = frozenset(query.standing or Standing)
        meant = set()
        for cell in chosen - self.waiting:
            found, term, taxonomy = answered.get(cell, _OPEN)
            if found in standing and (not query.terms or term in terms.get(taxonomy, ())):
                meant.add(cell)
        return meant

    def _terms(self, query: Query) -> dict[str, frozenset[str]]:
        """Return the keys that a question's terms mean, by taxonomy: those below them included."""
        if not query.terms:
            return {}
        terms: dict[str, frozenset[str]] = {}
        used = dict.fromkeys(answers.round.taxonomy for answers in self.closed)
        for taxonomy in used | dict.fromkeys(taxonomy for _, taxonomy in self._in_gallery.values()):
            tree = taxonomy_of(self.workspace, taxonomy)
            known = {term.key for term in tree.terms}
            terms[taxonomy] = frozenset().union(*(tree.below(term) for term in query.terms if term in known))
        return terms


def _fields_of(transaction: Transaction, query: Query) -> list[str]:
    setups = {capture.id: f"{capture.microscope} / {capture.camera}" for capture in transaction.find(Capture)}
    return [
        field.id
        for field in with_setups(transaction, transaction.find(FieldOfView))
        if (not query.smears or field.smear_id in query.smears)
        and (not query.setups or setups[field.capture_id] in query.setups)
    ]
