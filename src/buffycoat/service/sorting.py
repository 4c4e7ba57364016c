"""Routes of the gallery by class: cells as they are sorted for one person, and the labels that are given there."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Query

from buffycoat.domain.label import Standing
from buffycoat.domain.reading import Receipt
from buffycoat.domain.sorting import Arrangement, GalleryGiven, SortOrder
from buffycoat.domain.taxonomy import FULL
from buffycoat.domain.view import Answered
from buffycoat.service.addressed import addressed
from buffycoat.service.guards import READERS, Looking, Reading
from buffycoat.service.opened import Opened
from buffycoat.workflows import sorting

__all__ = ["router"]

router = APIRouter(tags=["sorting"])
Filter = Annotated[str | None, Query(min_length=1, max_length=64, description="As in /api/cells.")]


@router.get("/sorting", operation_id="sorting")
def arranged(  # noqa: PLR0913, PLR0917 - one parameter for each of the query; FastAPI passes them by name
    workspace: Opened,
    person: Looking,
    smear_id: Filter = None,
    kept: Annotated[bool | None, Query(description="As in /api/cells.")] = None,
    term: Filter = None,
    standing: Standing | None = None,
    query: Filter = None,
    campaign: Annotated[str | None, Query(alias="round", min_length=1, max_length=64)] = None,
    level: Annotated[str, Query(min_length=1, max_length=64)] = FULL,
    first: Filter = None,
    second: Filter = None,
    order: Annotated[
        SortOrder, Query(description="Of cells without a class; what is shown is noted.")
    ] = SortOrder.GALLERY,
) -> Arrangement:
    """Return the cells that fit every given filter, by the class that each is shown under, one's own labels first."""
    asked = campaign is not None or first is not None or second is not None
    with addressed():
        return sorting.arrange_cells(
            workspace,
            person if person is not None and person.role in READERS else None,
            smear_id=smear_id,
            kept=kept,
            term=term,
            standing=standing,
            query=query,
            answered=Answered(round=campaign, level=level, first=first, second=second) if asked else None,
            order=order,
        )


@router.post("/labels", operation_id="label_cells")
def label_cells(
    workspace: Opened,
    person: Reading,
    given: Annotated[list[GalleryGiven], Body(max_length=500, description="In the order in which they were given.")],
) -> tuple[Receipt, ...]:
    """Keep labels of the gallery, and say of each event what became of it; one refused does not hold up the others."""
    return sorting.take_labels(workspace, person, given)
