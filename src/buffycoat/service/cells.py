"""Routes of cells. The name that a cell had where it came from may be that of a file, and never leaves."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from buffycoat.domain.label import Standing
from buffycoat.domain.taxonomy import FULL
from buffycoat.domain.value import digest_of
from buffycoat.domain.view import Answered, CellPage, CellView
from buffycoat.service.addressed import addressed
from buffycoat.service.guards import looking
from buffycoat.service.opened import Opened, opened
from buffycoat.service.paging import Id, Limit, Offset
from buffycoat.service.pictures import PICTURE, held, picture_of, send_picture
from buffycoat.workflows import browse, cell_pictures
from buffycoat.workflows.repeats import pair_evidence, pair_picture

__all__ = ["router"]

router = APIRouter(tags=["cells"], dependencies=[looking])
Filter = Annotated[str | None, Query(min_length=1, max_length=64)]


def _without_origin(view: CellView) -> CellView:
    return replace(view, cell=replace(view.cell, origin=None))


@router.get("/cells", operation_id="cells")
def cells(  # noqa: PLR0913, PLR0917 - one parameter for each of the query; FastAPI passes them by name
    workspace: Opened,
    smear_id: Filter = None,
    field_id: Filter = None,
    kept: Annotated[bool | None, Query(description="Only kept cells, or only repeats that are not.")] = None,
    term: Annotated[
        str | None, Query(min_length=1, max_length=64, description="Key of a class; those below it are meant too.")
    ] = None,
    standing: Standing | None = None,
    query: Annotated[
        str | None, Query(min_length=1, max_length=64, description="Name of a saved query; see /api/queries.")
    ] = None,
    campaign: Annotated[
        str | None,
        Query(
            alias="round", min_length=1, max_length=64, description="Only cells of this closed round of two experts."
        ),
    ] = None,
    level: Annotated[
        str, Query(min_length=1, max_length=64, description="Level of that round's taxonomy, for `first` and `second`.")
    ] = FULL,
    first: Annotated[
        str | None,
        Query(
            min_length=1,
            max_length=64,
            description="What the first of the two experts said: key of a row of /api/agreement, `-` for no label. "
            "Without `round`, in the latest.",
        ),
    ] = None,
    second: Annotated[str | None, Query(min_length=1, max_length=64, description="And the second.")] = None,
    offset: Offset = 0,
    limit: Limit = 100,
) -> CellPage:
    """Return one page of the cells that fit every given filter; of an open round's cells no label is told."""
    asked = campaign is not None or first is not None or second is not None
    answered = Answered(round=campaign, level=level, first=first, second=second) if asked else None
    with addressed():
        page = browse.list_cells(
            workspace,
            smear_id=smear_id,
            field_id=field_id,
            kept=kept,
            term=term,
            standing=standing,
            query=query,
            answered=answered,
            offset=offset,
            limit=limit,
        )
    return replace(page, items=tuple(_without_origin(view) for view in page.items))


@router.get("/cells/{cell_id}", operation_id="cell")
def cell(workspace: Opened, cell_id: Id) -> CellView:
    """Return one cell."""
    return _without_origin(browse.get_cell(workspace, cell_id))


@router.get(
    "/cells/{cell_id}/picture",
    operation_id="cell_picture",
    response_class=Response,
    responses=PICTURE,
)
async def picture(
    request: Request,
    cell_id: Id,
    side: Annotated[
        int | None, Query(ge=1, le=2048, description="Side in pixels, as JPEG; without it, the crop as kept.")
    ] = None,
) -> Response:
    """Return the crop: as it is kept, without loss, or scaled to a side."""
    # A wall of cells asks for hundreds: what was drawn before is sent from here, without a thread.
    workspace = opened(request)
    name = cell_pictures.picture_name(cell_id, side)
    if (answer := held(request, name)) is not None:
        return answer
    content = cell_pictures.kept_picture(workspace, cell_id, side)
    if content is None:
        content = await run_in_threadpool(cell_pictures.draw_picture, workspace, cell_id, side)
    return picture_of(name, content)


@router.get(
    "/cells/{cell_id}/repeats/{other_id}/picture",
    operation_id="repeat_picture",
    response_class=Response,
    responses=PICTURE,
)
def repeat_picture(request: Request, workspace: Opened, cell_id: Id, other_id: Id) -> Response:
    """Return two pictures of one cell beside each other and laid upon one another, as their evidence says."""
    edge = pair_evidence(workspace, cell_id, other_id)
    return send_picture(
        request,
        name=digest_of(repr(edge).encode())[:32],
        draw=lambda: pair_picture(workspace, cell_id, other_id),
        forever=False,
    )
