"""Routes of photographs' facts: what is recorded, what curators say otherwise, and the table out and in."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Body, Query, Response

from buffycoat.domain.account import Person
from buffycoat.domain.curating import (
    ChangeUndone,
    CuratingCounts,
    FactChange,
    FactsChanged,
    FactWish,
    MetadataFact,
    MetadataTable,
    MetadataUpload,
    TableRead,
)
from buffycoat.domain.label import Role
from buffycoat.service.guards import needs
from buffycoat.service.opened import Opened
from buffycoat.workflows import curating

__all__ = ["router"]

router = APIRouter(tags=["curating"])
Leading = Annotated[Person, needs(Role.CURATOR, Role.ADMIN)]
Costly = Annotated[Person, needs(Role.CURATOR, Role.ADMIN, costly=True)]
_MOST = 100_000
"""Corrections that may be taken back at once."""
_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@router.get("/curating", operation_id="curating_counts")
def counts(workspace: Opened, _: Leading) -> CuratingCounts:
    """Return the numbers beside the pages of curators."""
    return curating.curating_counts(workspace)


@router.get("/metadata", operation_id="metadata")
def metadata(workspace: Opened, _: Leading) -> MetadataTable:
    """Return what is recorded of all photographs; the names of received files stay in the workspace."""
    return curating.metadata_of(workspace)


@router.post("/metadata", operation_id="change_metadata")
def change(workspace: Opened, _: Leading, given: FactWish) -> FactsChanged:
    """Say what one fact of many smears or photographs would become; with ``keep``, keep it as corrections."""
    return curating.change_facts(workspace, given)


@router.get("/metadata/history", operation_id="metadata_history")
def history(
    workspace: Opened,
    _: Leading,
    *,
    smear: Annotated[str | None, Query(max_length=64, description="Id of a smear.")] = None,
    photograph: Annotated[str | None, Query(max_length=64, description="Id of a photograph; with its smear.")] = None,
) -> tuple[FactChange, ...]:
    """Return what was corrected of a smear or photograph, the latest first."""
    return curating.fact_history(workspace, smear_id=smear, field_id=photograph)


@router.post("/metadata/undo", operation_id="undo_metadata")
def undo(
    workspace: Opened,
    _: Leading,
    corrections: Annotated[list[str], Body(embed=True, min_length=1, max_length=_MOST, description="Their ids.")],
    fact: Annotated[MetadataFact | None, Body(embed=True, description="Only this fact of them.")] = None,
    photographs: Annotated[
        list[str] | None, Body(embed=True, max_length=_MOST, description="Facts of a set-up of these only.")
    ] = None,
) -> ChangeUndone:
    """Take corrections back by further ones; what was said otherwise again since stays."""
    return curating.undo_corrections(workspace, corrections, fact=fact, photographs=photographs)


@router.get(
    "/metadata/table",
    operation_id="metadata_table",
    response_class=Response,
    responses={200: {"description": "A row a photograph.", "content": {"*/*": {}}}},
)
def table(
    workspace: Opened, _: Leading, kind: Annotated[Literal["csv", "xlsx"], Query(description="Of file.")] = "xlsx"
) -> Response:
    """Return the table of all photographs as a file; photographs stand in it by id."""
    return Response(
        curating.export_metadata(workspace, kind=kind),
        media_type=_TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="photographs.{kind}"', "Cache-Control": "no-store"},
    )


@router.post("/metadata/table", operation_id="take_metadata_table")
def take_table(workspace: Opened, _: Costly, given: MetadataUpload) -> TableRead:
    """Say what a table that comes back changes, or what is wrong with it by line; with ``keep``, keep it."""
    return curating.take_metadata(workspace, given)
