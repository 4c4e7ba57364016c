"""The route that says how far labels and masks are."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter

from buffycoat.domain.account import Person
from buffycoat.domain.curating import ReadingProgress
from buffycoat.domain.label import Role
from buffycoat.service.guards import needs
from buffycoat.service.opened import Opened
from buffycoat.workflows import curating

__all__ = ["router"]

router = APIRouter(tags=["curating"])
Leading = Annotated[Person, needs(Role.CURATOR, Role.ADMIN)]


@router.get("/progress", operation_id="reading_progress")
def progress(workspace: Opened, person: Leading) -> ReadingProgress:
    """Return how far labels and masks are: nothing of open rounds that the asking person reads in."""
    return curating.reading_progress(workspace, person)
