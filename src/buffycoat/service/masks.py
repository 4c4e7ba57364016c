"""Routes of masks: which cells are drawn, where to start on one, what is kept, and how alike two drawings are."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Request, Response

from buffycoat.domain.account import Person
from buffycoat.domain.label import Role
from buffycoat.domain.masking import (
    MaskDraft,
    MaskGiven,
    MaskPreset,
    MaskSet,
    MaskSheet,
    MaskStart,
    MaskWish,
    PairDice,
)
from buffycoat.domain.reading import Receipt
from buffycoat.domain.value import digest_of
from buffycoat.service.guards import Reading, needs
from buffycoat.service.opened import Opened
from buffycoat.service.paging import Id
from buffycoat.workflows import mask_room

__all__ = ["router"]

router = APIRouter(tags=["masks"])
Leading = Annotated[Person, needs(Role.CURATOR, Role.ADMIN)]
_MOST = 50
"""Masks in one call: more would not fit into what a body may hold."""


@router.get("/masks", operation_id="mask_sets")
def mask_sets(workspace: Opened, person: Reading) -> tuple[MaskSet, ...]:
    """Return the selections of cells to draw, the newest first, with quotas and progress by class."""
    return mask_room.list_sets(workspace, person)


# Before the next one, which would take the word for an id.
@router.get("/masks/presets", operation_id="mask_presets")
def mask_presets(_: Leading) -> tuple[MaskPreset, ...]:
    """Return quotas that have a name, such as those of the paper."""
    return mask_room.list_presets()


@router.post("/masks/selections", operation_id="choose_masks")
def choose_masks(workspace: Opened, person: Leading, given: MaskWish) -> MaskSet:
    """Choose cells whose masks are drawn: only those on whose class experts agree. The list is sealed."""
    return mask_room.choose_set(workspace, given, person)


@router.get("/masks/{selection_id}", operation_id="mask_sheet")
def mask_sheet(workspace: Opened, person: Reading, selection_id: Id) -> MaskSheet:
    """Return the cells of a selection, classes in turns, with how far the asking person is."""
    return mask_room.sheet_of(workspace, selection_id, person)


@router.get("/masks/cells/{cell_id}", operation_id="mask_start")
def mask_start(workspace: Opened, person: Reading, cell_id: Id) -> MaskStart:
    """Return what one needs to draw a cell; /api/cells/{cell_id}/picture is its crop."""
    return mask_room.start_of(workspace, cell_id, person)


@router.get(
    "/masks/cells/{cell_id}/channel",
    operation_id="mask_channel",
    response_class=Response,
    responses={
        200: {
            "description": "A byte a pixel, in row order; `ETag` is its SHA-256.",
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
def mask_channel(request: Request, workspace: Opened, _: Reading, cell_id: Id) -> Response:
    """Return the magenta channel of the crop, in which the threshold is set."""
    content = mask_room.channel_of(workspace, cell_id)
    tag = f'"{digest_of(content)}"'
    # Asked each time: a round that opens meanwhile may hold the cell.
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="application/octet-stream", headers=headers)


@router.get("/masks/cells/{cell_id}/draft", operation_id="mask_draft")
def mask_draft(workspace: Opened, person: Reading, cell_id: Id) -> MaskDraft:
    """Return what a program draws of a cell, to start from; that one was shown it is noted."""
    return mask_room.draft_of(workspace, cell_id, person)


@router.post("/masks", operation_id="keep_masks")
def keep_masks(
    workspace: Opened,
    person: Reading,
    given: Annotated[list[MaskGiven], Body(max_length=_MOST, description="In the order in which they were drawn.")],
) -> tuple[Receipt, ...]:
    """Keep masks without loss, and say of each event what became of it."""
    return mask_room.take_masks(workspace, person, given)


@router.get("/masks/cells/{cell_id}/comparison", operation_id="mask_comparison")
def mask_comparison(workspace: Opened, person: Reading, cell_id: Id) -> PairDice:
    """Return how alike one's own drawing is to another person's; 409 until both have drawn.

    Whoever has been told draws this cell no more.
    """
    return mask_room.compare_drawings(workspace, cell_id, person)
