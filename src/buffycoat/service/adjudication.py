"""Routes of adjudication: disputed cells of closed rounds, for those who did not read them, without who said what."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Query

from buffycoat.domain.account import Person, Scope
from buffycoat.domain.adjudication import AdjudicationView, DecisionGiven, DisputePage, ReferenceCells
from buffycoat.domain.label import Role
from buffycoat.domain.reading import Receipt
from buffycoat.domain.taxonomy import FULL, Taxonomy
from buffycoat.service.addressed import addressed
from buffycoat.service.guards import needs
from buffycoat.service.item_pictures import add_item_pictures
from buffycoat.service.opened import Opened
from buffycoat.service.paging import Id, Limit, Offset
from buffycoat.workflows import adjudicating
from buffycoat.workflows.reading import ShownItem

__all__ = ["router"]

router = APIRouter(tags=["adjudication"])
Deciding = Annotated[Person, needs(Role.ADJUDICATOR, Role.CURATOR, Role.ADMIN, scope=Scope.LABEL)]


@router.get("/adjudication", operation_id="adjudications")
def adjudications(workspace: Opened, person: Deciding) -> tuple[AdjudicationView, ...]:
    """Return the closed rounds with disputed cells over which one may decide, the latest first."""
    return adjudicating.list_adjudications(workspace, person)


@router.get("/adjudication/{round_id}", operation_id="disputes")
def disputes(  # noqa: PLR0913, PLR0917 (one parameter for each of the query; FastAPI passes them by name)
    workspace: Opened,
    person: Deciding,
    round_id: Id,
    level: Annotated[
        str, Query(min_length=1, max_length=64, description="Two terms of one class of this level are no dispute.")
    ] = FULL,
    one: Annotated[
        str | None, Query(min_length=1, max_length=64, description="A class of the level that somebody must have said.")
    ] = None,
    other: Annotated[
        str | None, Query(min_length=1, max_length=64, description="And another; who said which is not asked.")
    ] = None,
    offset: Offset = 0,
    limit: Limit = 100,
) -> DisputePage:
    """Return one page of the disputed cells of a round, those with the rarest classes first."""
    with addressed():
        return adjudicating.list_disputes(
            workspace, round_id, person, level=level, one=one, other=other, offset=offset, limit=limit
        )


@router.get("/adjudication/{round_id}/taxonomy", operation_id="adjudication_taxonomy")
def taxonomy(workspace: Opened, person: Deciding, round_id: Id) -> Taxonomy:
    """Return the cell types that the experts of the round chose from."""
    return adjudicating.adjudication_taxonomy(workspace, round_id, person)


def _dispute(workspace: Opened, person: Deciding, round_id: Id, item: Id) -> ShownItem:
    return adjudicating.find_dispute(workspace, round_id, person, item)


add_item_pictures(router, "/adjudication/{round_id}/items/{item}", of="dispute", find=_dispute)


@router.get("/adjudication/{round_id}/items/{item}/references", operation_id="references")
def references(
    workspace: Opened,
    person: Deciding,
    round_id: Id,
    item: Id,
    term: Annotated[
        str | None,
        Query(min_length=1, max_length=64, description="Of which term; without it, of each that was said of the cell."),
    ] = None,
) -> tuple[ReferenceCells, ...]:
    """Return ids of cells that are surely of the terms in question; /api/cells/{cell_id}/picture shows them."""
    return adjudicating.list_references(workspace, round_id, person, item, term=term)


@router.post("/adjudication/{round_id}/decisions", operation_id="decide")
def decide(
    workspace: Opened,
    person: Deciding,
    round_id: Id,
    given: Annotated[list[DecisionGiven], Body(max_length=500, description="In the order in which they were given.")],
) -> tuple[Receipt, ...]:
    """Keep decisions, and say of each event what became of it; no expert's answer is changed."""
    return adjudicating.take_decisions(workspace, round_id, person, given)
