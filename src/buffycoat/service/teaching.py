"""Routes of learning: one's own answers beside the panel's, one's way over rounds, and all learners for who teaches."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Response

from buffycoat.domain.account import Person
from buffycoat.domain.label import Role
from buffycoat.domain.taxonomy import Taxonomy
from buffycoat.domain.teaching import Learned, LearnerScore, OwnReading, References
from buffycoat.service.guards import Looking, Reading, needs
from buffycoat.service.opened import Opened
from buffycoat.service.paging import Id
from buffycoat.workflows import reading

__all__ = ["router"]

router = APIRouter(tags=["teaching"])
Teaching = Annotated[Person, needs(Role.CURATOR, Role.ADMIN)]


@router.get("/rounds/{round_id}/taxonomy", operation_id="round_taxonomy")
def round_taxonomy(workspace: Opened, person: Looking, round_id: Id) -> Taxonomy:
    """Return the taxonomy of a round, in the edition that its experts choose from."""
    return reading.round_taxonomy(workspace, round_id, person)


@router.get("/rounds/{round_id}/mine", operation_id="own_reading")
def own_reading(workspace: Opened, person: Reading, round_id: Id) -> OwnReading:
    """Return one's own answers beside the panel's, item by item: once the round is closed, or in training."""
    return reading.own_reading(workspace, round_id, person)


@router.get("/rounds/{round_id}/references", operation_id="round_references")
def round_references(workspace: Opened, person: Reading, round_id: Id) -> References:
    """Return decided cells of other rounds to look at beside one's own, where the round allows it."""
    return reading.list_references(workspace, round_id, person)


@router.get("/learned", operation_id="learned")
def learned(workspace: Opened, person: Reading) -> tuple[Learned, ...]:
    """Return how one did over one's own training and proficiency rounds, the earliest first; nobody else's."""
    return reading.list_learned(workspace, person)


@router.get("/learners", operation_id="learners")
def learners(workspace: Opened, person: Teaching) -> tuple[LearnerScore, ...]:
    """Return how everybody did in closed training and proficiency rounds; nothing of open ones, and no answers."""
    return reading.list_learners(workspace, person)


@router.get(
    "/learners/export",
    operation_id="export_learners",
    response_class=Response,
    responses={200: {"description": "A line a person and round.", "content": {"text/csv": {}}}},
)
def export_learners(workspace: Opened, person: Teaching) -> Response:
    """Return the same as a CSV table."""
    name = f"learners-{datetime.now(UTC):%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(reading.learners_table(workspace, person), media_type="text/csv; charset=utf-8", headers=headers)
