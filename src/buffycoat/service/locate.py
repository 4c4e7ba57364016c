"""Routes of Locate: a photograph's boxes, what people do to them, and the cells whose box is not on them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body

from buffycoat.domain.locating import BoxGiven, FieldBoxes, Misplaced
from buffycoat.domain.reading import Receipt
from buffycoat.service.guards import Looking, Reading
from buffycoat.service.opened import Opened
from buffycoat.service.paging import Id
from buffycoat.workflows import locating

__all__ = ["router"]

router = APIRouter(tags=["locate"])


@router.get("/locate", operation_id="to_locate")
def to_locate(workspace: Opened, _: Reading) -> tuple[Misplaced, ...]:
    """Return the cells of closed rounds whose box a reader found not to be on them, and nobody has put right since."""
    return locating.list_misplaced(workspace)


@router.get("/fields/{field_id}/locate", operation_id="field_boxes")
def field_boxes(workspace: Opened, person: Looking, field_id: Id) -> FieldBoxes:
    """Return the boxes of a photograph, as suggested and as people put them; of types one's own alone."""
    return locating.boxes_of_field(workspace, field_id, person)


@router.post("/fields/{field_id}/boxes", operation_id="put_boxes")
def put_boxes(
    workspace: Opened,
    person: Reading,
    field_id: Id,
    given: Annotated[list[BoxGiven], Body(max_length=500, description="In the order in which they were done.")],
) -> tuple[Receipt, ...]:
    """Keep what was done to boxes, and say of each event what became of it; one refused holds up no other."""
    return locating.take_boxes(workspace, field_id, person, given)
