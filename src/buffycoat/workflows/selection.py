"""The saved questions of a workspace."""

from __future__ import annotations

from buffycoat.domain.label import Standing
from buffycoat.domain.query import QUERIES, Query
from buffycoat.errors import AlreadyExists, NotFound
from buffycoat.workflows.editions import known_taxonomies
from buffycoat.workflows.workspace import Workspace

__all__ = ["find_query", "list_queries", "save_query"]

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
