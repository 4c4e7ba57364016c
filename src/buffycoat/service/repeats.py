"""Routes of the review of repeats: thresholds and answers, groups and rulings, covered photographs, cleanings."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from buffycoat.domain.account import Person
from buffycoat.domain.job import Job
from buffycoat.domain.label import Role
from buffycoat.domain.repeating import (
    Cleaning,
    CoveredPair,
    GroupOrder,
    PairSaid,
    RepeatChange,
    RepeatPage,
    RepeatWord,
    RulingGiven,
    ThresholdSheet,
    ThresholdWish,
    Way,
)
from buffycoat.service.guards import needs
from buffycoat.service.opened import Opened
from buffycoat.service.paging import Id, Limit, Offset
from buffycoat.workflows import jobs, repeating
from buffycoat.workflows.repeats import rule_on

__all__ = ["router"]

router = APIRouter(tags=["repeats"])
Leading = Annotated[Person, needs(Role.CURATOR, Role.ADMIN)]
Costly = Annotated[Person, needs(Role.CURATOR, Role.ADMIN, costly=True)]
OfSmear = Annotated[str | None, Query(min_length=1, max_length=64, description="Id of a smear; without it, all.")]
Bits = Annotated[int | None, Query(ge=1, le=65, description="Hashes differ in fewer bits of 64.")]
Correlation = Annotated[float | None, Query(ge=0.0, le=1.0, description="Crops correlate by as much or more.")]


@router.get("/repeats/threshold", operation_id="repeat_threshold")
def threshold(
    workspace: Opened,
    _: Costly,
    way: Way = Way.HASHES,
    smear_id: OfSmear = None,
    average_bits: Bits = None,
    perceptual_bits: Bits = None,
    correlation: Correlation = None,
) -> ThresholdSheet:
    """Return how far apart crops are, the lines in force, pairs to be asked about, and what answers suggest."""
    return repeating.threshold_sheet(
        workspace,
        way,
        smear_id=smear_id,
        average_bits=average_bits,
        perceptual_bits=perceptual_bits,
        correlation=correlation,
    )


@router.post("/repeats/answers", operation_id="answer_pair")
def answer(workspace: Opened, person: Leading, given: PairSaid) -> PairSaid:
    """Keep what a person says of a pair. It counts from the next cleaning of its smear on."""
    repeating.answer_pair(workspace, person, given)
    return given


@router.get("/repeats/preview", operation_id="repeat_preview")
def preview(
    workspace: Opened,
    _: Costly,
    method: Annotated[str, Query(min_length=1, max_length=64, description="`registered` or `paper`.")],
    smear_id: OfSmear = None,
    average_bits: Bits = None,
    perceptual_bits: Bits = None,
    correlation: Correlation = None,
) -> RepeatChange:
    """Return what cleaning so would change; nothing is written."""
    wish = ThresholdWish(
        method=method, average_bits=average_bits, perceptual_bits=perceptual_bits, correlation=correlation
    )
    return repeating.preview(workspace, wish, smear_id=smear_id)


@router.post("/repeats/apply", operation_id="apply_thresholds")
def apply(workspace: Opened, person: Leading, given: ThresholdWish) -> Job:
    """Order that all smears are cleaned so; 409 where a picture would go that an open round reads."""
    repeating.check_wish(workspace, given)
    told = {
        "method": given.method,
        "average_bits": given.average_bits,
        "perceptual_bits": given.perceptual_bits,
        "correlation": given.correlation,
    }
    return jobs.start_job(workspace, "clean", told, person)


@router.get("/repeats/groups", operation_id="repeat_groups")
def groups(
    workspace: Opened,
    _: Leading,
    smear_id: OfSmear = None,
    order: GroupOrder = GroupOrder.SIZE,
    offset: Offset = 0,
    limit: Limit = 20,
) -> RepeatPage:
    """Return groups of pictures of one cell, why they are one, and figures of all."""
    return repeating.group_page(workspace, smear_id=smear_id, order=order, offset=offset, limit=limit)


@router.post("/repeats/rulings", operation_id="rule_on_repeats")
def rule(workspace: Opened, person: Leading, given: RulingGiven) -> RepeatWord:
    """Write what a person says of two pictures, and clean their smear anew with it."""
    said = rule_on(workspace, given.cell_id, given.other_id, ruled=given.ruled, by=person.handle, reason=given.reason)
    return RepeatWord(cell_id=said.cell_id, other_id=said.other_id, ruled=said.ruled, by=said.by, reason=said.reason)


@router.get("/repeats/covered", operation_id="covered_photographs")
def covered(workspace: Opened, _: Leading, smear_id: OfSmear = None) -> tuple[CoveredPair, ...]:
    """Return the photographs that go, each with the one in which its cells live on, and how the two lie."""
    return repeating.covered_pairs(workspace, smear_id=smear_id)


@router.get("/repeats/cleanings", operation_id="cleanings")
def cleanings(workspace: Opened, _: Leading) -> tuple[Cleaning, ...]:
    """Return what was cleaned when, how, why and by whom, the newest first."""
    return repeating.list_cleanings(workspace)


@router.get("/repeats/cleanings/{cleaning_id}/difference", operation_id="cleaning_difference")
def cleaning_difference(
    workspace: Opened,
    _: Costly,
    cleaning_id: Id,
    against: Annotated[
        str | None, Query(min_length=1, max_length=64, description="Another cleaning; without it, what stood before.")
    ] = None,
) -> RepeatChange:
    """Return what a cleaning changed, or what stands otherwise after it than after another one."""
    return repeating.compare_cleanings(workspace, cleaning_id, with_id=against)


@router.post("/repeats/cleanings/{cleaning_id}/undo", operation_id="undo_cleaning")
def undo_cleaning(workspace: Opened, person: Leading, cleaning_id: Id) -> Job:
    """Order that what stood before a cleaning stands again; rulings stay, and nothing is deleted."""
    repeating.compare_cleanings(workspace, cleaning_id)  # 404 here, and no job that fails for it
    return jobs.start_job(workspace, "clean-back", {"cleaning": cleaning_id}, person)
