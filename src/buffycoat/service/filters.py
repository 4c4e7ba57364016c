"""Routes of color filters: trained from a few boxes, looked through, judged, kept with a name, put to use."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter

from buffycoat.domain.account import Person
from buffycoat.domain.filtering import (
    FilterJudgement,
    FilterPreview,
    FilterSaving,
    FilterSetup,
    FilterTrial,
    FilterUse,
    FilterWish,
    SavedFilter,
)
from buffycoat.domain.job import Job
from buffycoat.domain.label import Role
from buffycoat.service.guards import needs
from buffycoat.service.opened import Opened
from buffycoat.workflows.filtering.judging import judge_filter
from buffycoat.workflows.filtering.looking import list_setups, save_filter, try_filter
from buffycoat.workflows.filtering.using import preview_use, use_filter
from buffycoat.workflows.saved_filters import list_filters

__all__ = ["router"]

router = APIRouter(tags=["filters"])
Leading = Annotated[Person, needs(Role.CURATOR, Role.ADMIN)]
Costly = Annotated[Person, needs(Role.CURATOR, Role.ADMIN, costly=True)]


@router.get("/filters", operation_id="color_filters")
def color_filters(workspace: Opened, _: Leading) -> tuple[SavedFilter, ...]:
    """Return the color filters that have a name, the newest first."""
    return list_filters(workspace)


@router.get("/filters/setups", operation_id="filter_setups")
def filter_setups(workspace: Opened, _: Leading) -> tuple[FilterSetup, ...]:
    """Return the smears with photographs to train on, each on each of its set-ups, and the filter that is in use."""
    return list_setups(workspace)


@router.post("/filters/trial", operation_id="try_filter")
def trial(workspace: Opened, _: Costly, wish: FilterWish) -> FilterTrial:
    """Train a filter and look at one photograph with it; nothing is kept."""
    return try_filter(workspace, wish)


@router.post("/filters/judgement", operation_id="judge_filter")
def judgement(workspace: Opened, _: Costly, wish: FilterWish) -> FilterJudgement:
    """Hold back each photograph in turn, and count what a filter of the others finds there; nothing is kept."""
    return judge_filter(workspace, wish)


@router.post("/filters", operation_id="save_filter")
def save(workspace: Opened, person: Costly, saving: FilterSaving) -> SavedFilter:
    """Train a filter and keep it under a name."""
    return save_filter(workspace, saving, person)


@router.post("/filters/preview", operation_id="preview_filter")
def preview(workspace: Opened, _: Costly, use: FilterUse) -> FilterPreview:
    """Return how many cells a search would leave in a few photographs; nothing is kept."""
    return preview_use(workspace, use)


@router.post("/filters/use", operation_id="use_filter")
def use(workspace: Opened, person: Leading, use: FilterUse) -> Job:
    """Choose the filter that a smear on one set-up is searched with from now on, and order a search of it."""
    return use_filter(workspace, use, person)
