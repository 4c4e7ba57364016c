"""Routes of reading rounds. A person is told the own items and answers; of others nothing until the round is closed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Query

from buffycoat.domain.account import Person
from buffycoat.domain.label import Role
from buffycoat.domain.reading import Feedback, Given, History, ItemPage, Receipt, RoundView, RoundWish
from buffycoat.service.guards import Looking, Reading, needs
from buffycoat.service.item_pictures import add_item_pictures
from buffycoat.service.opened import Opened
from buffycoat.service.paging import Id, Limit, Offset
from buffycoat.workflows import reading
from buffycoat.workflows.reading import ShownItem

__all__ = ["router"]

router = APIRouter(tags=["rounds"])
Leading = Annotated[Person, needs(Role.CURATOR, Role.ADMIN)]


@router.get("/rounds", operation_id="rounds")
def rounds(workspace: Opened, person: Looking) -> tuple[RoundView, ...]:
    """Return the rounds that one is told of, the latest first: closed ones, and those that one reads in."""
    return reading.list_rounds(workspace, person)


@router.post("/rounds", operation_id="open_round")
def open_round(workspace: Opened, person: Leading, given: RoundWish) -> RoundView:
    """Open a round; it is sealed as it is opened."""
    return reading.open_reading(workspace, given, person)


@router.get("/rounds/{round_id}", operation_id="round")
def one_round(workspace: Opened, person: Looking, round_id: Id) -> RoundView:
    """Return one round as one is told of it."""
    return reading.get_round(workspace, round_id, person)


@router.get("/rounds/{round_id}/items", operation_id="items")
def items(workspace: Opened, person: Reading, round_id: Id, offset: Offset = 0, limit: Limit = 100) -> ItemPage:
    """Return one page of one's own items, in one's own order, with one's own answers."""
    return reading.list_items(workspace, round_id, person, offset=offset, limit=limit)


def _item(workspace: Opened, person: Reading, round_id: Id, item: Id) -> ShownItem:
    return reading.find_item(workspace, round_id, person, item)


add_item_pictures(router, "/rounds/{round_id}/items/{item}", of="item", find=_item)


@router.post("/rounds/{round_id}/answers", operation_id="answer")
def answer(
    workspace: Opened,
    person: Reading,
    round_id: Id,
    given: Annotated[list[Given], Body(max_length=500, description="In the order in which they were given.")],
) -> tuple[Receipt, ...]:
    """Keep answers, and say of each event what became of it; one that is refused does not hold up the others."""
    return reading.take_answers(workspace, round_id, person, given)


@router.get("/rounds/{round_id}/history", operation_id="history")
def history(
    workspace: Opened,
    person: Reading,
    round_id: Id,
    limit: Annotated[int, Query(ge=1, le=500, description="How many of the newest.")] = 500,
) -> History:
    """Return one's own newest events, from whichever device: what undoing goes back through."""
    return reading.list_history(workspace, round_id, person, limit=limit)


@router.post("/rounds/{round_id}/hand-in", operation_id="hand_in")
def hand_in(workspace: Opened, person: Reading, round_id: Id) -> RoundView:
    """Hand one's own complete reading in; with the last expert's the round is closed."""
    return reading.hand_in(workspace, round_id, person)


@router.get("/rounds/{round_id}/feedback", operation_id="feedback")
def feedback(workspace: Opened, person: Reading, round_id: Id) -> Feedback:
    """Return one's own answers beside the panel's: once the round is closed, or at any time in training."""
    return reading.get_feedback(workspace, round_id, person)


@router.post("/rounds/{round_id}/close", operation_id="close_round")
def close_round(workspace: Opened, person: Leading, round_id: Id) -> RoundView:
    """End reading in a round that one does not read in."""
    return reading.close_reading(workspace, round_id, person)
