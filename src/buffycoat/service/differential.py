"""Routes of the differential count of a smear, and of the laboratory's reference intervals."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Response
from pydantic import Field

from buffycoat.domain.account import Person
from buffycoat.domain.label import Role
from buffycoat.domain.value import value
from buffycoat.service.documents import POLICY
from buffycoat.service.guards import looking, needs
from buffycoat.service.opened import Opened
from buffycoat.service.paging import Id
from buffycoat.workflows import differential as counts
from buffycoat.workflows import differential_reference as references

__all__ = ["ReferenceFile", "router"]

router = APIRouter(tags=["results"])
Curator = Annotated[Person, needs(Role.CURATOR, Role.ADMIN)]


@value
class ReferenceFile:
    """A laboratory's file of reference intervals: its name, for messages, and its text."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    content: Annotated[str, Field(max_length=200_000)]


Wbc = Annotated[
    float | None,
    Query(
        description="Leukocytes of the same blood, 10⁹/L: above 0, at most 1000.",
        # Said in the description of the service only: the workflow refuses others in better words.
        json_schema_extra={"exclusiveMinimum": 0, "maximum": 1000},
    ),
]
LeftOut = Annotated[bool, Query(description="Whether the counter had left nucleated red cells out of it.")]


@router.get("/smears/{smear_id}/differential", operation_id="differential", dependencies=[looking])
def differential(
    workspace: Opened,
    smear_id: Id,
    wbc: Wbc = None,
    red_cells_left_out: LeftOut = False,  # noqa: FBT002 (a part of the address, always named)
) -> counts.Differential:
    """Return the differential count of a smear from closed rounds; nothing is told of cells that an open one holds.

    Research use, not a diagnosis.
    """
    return counts.differential(workspace, smear_id, wbc=wbc, red_cells_left_out=red_cells_left_out)


@router.get(
    "/smears/{smear_id}/differential/page",
    operation_id="differential_page",
    dependencies=[looking],
    response_class=Response,
    responses={200: {"description": "One HTML page that carries all it needs.", "content": {"text/html": {}}}},
)
def differential_page(
    workspace: Opened,
    smear_id: Id,
    wbc: Wbc = None,
    red_cells_left_out: LeftOut = False,  # noqa: FBT002 (a part of the address, always named)
) -> Response:
    """Return the same count as a page to keep, which prints on A4. Research use, not a diagnosis."""
    found = counts.differential(workspace, smear_id, wbc=wbc, red_cells_left_out=red_cells_left_out)
    counts.require_leukocytes(found)
    headers = {
        # It is kept, not opened here: a page of this service could do what the studio can.
        "Content-Security-Policy": POLICY,
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(f'differential-{found.smear}.html', safe='')}",
        "Cache-Control": "no-store",
    }
    return Response(counts.differential_page(found), media_type="text/html; charset=utf-8", headers=headers)


@router.get("/reference-intervals", operation_id="reference_intervals", dependencies=[looking])
def reference_intervals(workspace: Opened) -> references.ReferenceView:
    """Return the laboratory's reference intervals that hold, and a file that shows the format."""
    return references.reference_view(workspace)


@router.post("/reference-intervals", operation_id="keep_reference_intervals")
def keep_reference_intervals(workspace: Opened, person: Curator, given: ReferenceFile) -> references.ReferenceView:
    """Enter the laboratory's reference intervals, a TOML file; they hold from now on, and those before stay kept."""
    return references.keep_reference(workspace, given.content.encode(), name=given.name, by=person)
