"""Which cells a saved question means, now."""

from __future__ import annotations

from collections.abc import Mapping

from buffycoat.domain.label import Standing
from buffycoat.domain.query import QUERIES, Query
from buffycoat.domain.smear import Capture, FieldOfView
from buffycoat.errors import AlreadyExists, NotFound
from buffycoat.store import Transaction
from buffycoat.store.queries import CellFilter, current_ids, masks_now
from buffycoat.workflows.consensus import closed_answers, deciding
from buffycoat.workflows.editions import known_taxonomies, taxonomy_of
from buffycoat.workflows.workspace import Workspace

__all__ = ["cells_of", "find_query", "list_queries", "save_query"]

_OPEN: tuple[Standing, str | None, str] = (Standing.OPEN, None, "")


def list_queries(workspace: Workspace) -> tuple[Query, ...]:
    """Return the saved questions: those that every workspace has, and a person's own."""
    with workspace.database.reading() as transaction:
        return (*QUERIES, *transaction.find(Query))


def find_query(workspace: Workspace, name: str) -> Query:
    """Return a saved question.

    Raises
    ------
    NotFound
        There is none of this name.
    """
    known = {query.id: query for query in list_queries(workspace)}
    if name not in known:
        raise NotFound("no saved query has this name", expected=" or ".join(known), found=name)
    return known[name]


def save_query(workspace: Workspace, query: Query) -> Query:
    """Keep a question of one's own under its name.

    Raises
    ------
    AlreadyExists
        The name means another question.
    UnknownTerm
        It names a term that no taxonomy has: none that comes along, and none that this workspace keeps.
    """
    trees = known_taxonomies(workspace)
    for term in query.terms:
        if not any(term == known.key for tree in trees for known in tree.terms):
            trees[0].term(term)
    known = {found.id: found for found in list_queries(workspace)}
    if known.get(query.id, query) != query:
        raise AlreadyExists(f"the query {query.id!r} asks something else already")
    if query.id not in known:
        with workspace.database.writing() as transaction:
            transaction.add([query])
    return query


def cells_of(workspace: Workspace, query: Query) -> list[str]:
    """Return the ids of the current cells that a question means, sorted; a cell that nobody was asked about is open.

    Raises
    ------
    NotFound
        It names a round that is not closed.
    """
    with workspace.database.reading() as transaction:
        fields = _fields_of(transaction, query) if query.smears or query.setups else None
        wanted = CellFilter(kept=query.kept, with_pixels=query.with_pixels, fields=fields)
        chosen = set(current_ids(transaction, wanted))
        if query.with_masks is not None:
            drawn = set(masks_now(transaction))
            chosen = chosen & drawn if query.with_masks else chosen - drawn
    if query.standing or query.terms or query.round is not None:
        answered = _answers(workspace, query)
        terms = {taxonomy: _terms(workspace, query, taxonomy) for _, _, taxonomy in answered.values()}
        asked = chosen & set(answered) if query.round is not None else chosen
        chosen = {cell for cell in asked if _meant(query, answered.get(cell, _OPEN), terms)}
    return sorted(chosen)


def _answers(workspace: Workspace, query: Query) -> Mapping[str, tuple[Standing, str | None, str]]:
    """Return standing, term and taxonomy of each cell of the closed rounds that count."""
    with workspace.database.reading() as transaction:
        closed, _ = closed_answers(transaction)
    rounds = [answers for answers in closed if query.round in (None, answers.round.name)]
    if query.round is not None and not rounds:
        raise NotFound("no closed round has this name", found=query.round)
    return {cell: (*answers.standings[cell], answers.round.taxonomy) for cell, answers in deciding(rounds).items()}


def _terms(workspace: Workspace, query: Query, taxonomy: str) -> frozenset[str]:
    """Return the keys that a question's terms mean in a taxonomy, those below them included."""
    if not query.terms:
        return frozenset()
    tree = taxonomy_of(workspace, taxonomy)
    known = {term.key for term in tree.terms}
    return frozenset(key for term in query.terms if term in known for key in (term, *tree.leaves(term)))


def _meant(query: Query, answer: tuple[Standing, str | None, str], terms: Mapping[str, frozenset[str]]) -> bool:
    standing, term, taxonomy = answer
    if query.standing and standing not in query.standing:
        return False
    return not query.terms or (term is not None and term in terms[taxonomy])


def _fields_of(transaction: Transaction, query: Query) -> list[str]:
    setups = {capture.id: f"{capture.microscope} / {capture.camera}" for capture in transaction.find(Capture)}
    return [
        field.id
        for field in transaction.find(FieldOfView)
        if (not query.smears or field.smear_id in query.smears)
        and (not query.setups or setups[field.capture_id] in query.setups)
    ]
