"""Routes of fields of view. The name of the received file is restricted and never leaves."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from buffycoat.domain.view import FieldPage, FieldView
from buffycoat.service.guards import looking
from buffycoat.service.opened import Opened
from buffycoat.service.paging import Id, Limit, Offset
from buffycoat.service.pictures import PICTURE, send_picture
from buffycoat.workflows import browse

__all__ = ["router"]

router = APIRouter(tags=["fields"], dependencies=[looking])


def _without_origin(view: FieldView) -> FieldView:
    return replace(view, field=replace(view.field, origin=None))


@router.get("/smears/{smear_id}/fields", operation_id="fields")
def fields(workspace: Opened, smear_id: Id, offset: Offset = 0, limit: Limit = 100) -> FieldPage:
    """Return one page of the fields of a smear."""
    page = browse.list_fields(workspace, smear_id=smear_id, offset=offset, limit=limit)
    return replace(page, items=tuple(_without_origin(view) for view in page.items))


@router.get("/fields/{field_id}", operation_id="field")
def field(workspace: Opened, field_id: Id) -> FieldView:
    """Return one field with its set-up."""
    return _without_origin(browse.get_field(workspace, field_id))


@router.get(
    "/fields/{field_id}/picture",
    operation_id="field_picture",
    response_class=Response,
    responses=PICTURE,
)
def picture(
    request: Request,
    workspace: Opened,
    field_id: Id,
    width: Annotated[int, Query(ge=1, le=16_384, description="Width in pixels; never more than it has.")] = 1024,
) -> Response:
    """Return the photograph as JPEG, in the pixel frame that boxes use."""
    return send_picture(
        request,
        name=f"{field_id}-{width}",
        draw=lambda: browse.field_picture(workspace, field_id, width=width),
    )
