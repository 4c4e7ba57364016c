"""Routes of what the workspace as a whole holds: overview, smears, taxonomy, queries, agreement, releases, runs."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query

from buffycoat import errors
from buffycoat.domain.release import Release, Scorecard
from buffycoat.domain.run import Run
from buffycoat.domain.taxonomy import FULL, Taxonomy
from buffycoat.domain.value import value
from buffycoat.domain.view import AgreementRound, Funnel, Overview, QueryView
from buffycoat.service.addressed import addressed
from buffycoat.service.guards import everybody, looking
from buffycoat.service.opened import Opened
from buffycoat.service.paging import Limit, Offset
from buffycoat.service.problems import title_of
from buffycoat.version import VERSION
from buffycoat.workflows import browse

__all__ = ["ErrorCode", "Health", "router"]

router = APIRouter()


@value
class Health:
    """The service answers; ``version`` is that of buffycoat."""

    status: str
    version: str


@router.get("/health", tags=["service"], operation_id="health", dependencies=[everybody])
def health() -> Health:
    """Say that the service answers; needs no workspace."""
    return Health(status="ok", version=VERSION)


@value
class ErrorCode:
    """What a code of an error means: the ``type`` of every problem leads here."""

    code: str
    title: str
    hint: str
    http_status: int
    exit_status: int


@router.get("/errors/{code}", tags=["service"], operation_id="error_code", dependencies=[everybody])
def error_code(code: str) -> ErrorCode:
    """Return what a code means and what to do; needs no workspace."""
    for name in errors.__all__:
        known: type[errors.BuffycoatError] = getattr(errors, name)
        if known.code == code:
            return ErrorCode(
                code=code,
                title=title_of(known),
                hint=known.default_hint,
                http_status=known.http_status,
                exit_status=known.exit_status,
            )
    raise errors.NotFound("no error has this code", found=code)


@router.get("/overview", tags=["workspace"], operation_id="overview", dependencies=[looking])
def overview(workspace: Opened) -> Overview:
    """Return the workspace at a glance."""
    return browse.overview(workspace)


@router.get("/smears", tags=["smears"], operation_id="smears", dependencies=[looking])
def smears(workspace: Opened) -> tuple[Funnel, ...]:
    """Return what became of each smear: photographs in, cells out."""
    return tuple(_public(funnel) for funnel in browse.list_funnels(workspace))


def _public(funnel: Funnel) -> Funnel:
    """Return a funnel without what leads to a person: pseudonym and ethics reference stay in the workspace."""
    return replace(funnel, smear=replace(funnel.smear, subject=None, ethics_reference=None))


@router.get("/taxonomy", tags=["workspace"], operation_id="taxonomy", dependencies=[looking])
def taxonomy(workspace: Opened) -> Taxonomy:
    """Return the cell types that this workspace uses."""
    return browse.taxonomy(workspace)


@router.get("/queries", tags=["workspace"], operation_id="queries", dependencies=[looking])
def queries(workspace: Opened) -> tuple[QueryView, ...]:
    """Return the saved queries, and how many cells each means now."""
    return browse.list_queries(workspace)


@router.get("/agreement", tags=["results"], operation_id="agreement", dependencies=[looking])
def agreement(
    workspace: Opened,
    campaign: Annotated[
        str | None,
        Query(alias="round", min_length=1, max_length=64, description="A closed round; without it, the latest."),
    ] = None,
    level: Annotated[str, Query(min_length=1, max_length=64, description="Level of the round's taxonomy.")] = FULL,
) -> browse.AgreementReport:
    """Return how far the two experts of a closed round agree; nothing is told of open rounds."""
    with addressed():
        return browse.agreement(workspace, round_name=campaign, level=level)


@router.get("/agreement/rounds", tags=["results"], operation_id="agreement_rounds", dependencies=[looking])
def agreement_rounds(workspace: Opened) -> tuple[AgreementRound, ...]:
    """Return the closed rounds of two experts, the latest first; nothing is told of open rounds."""
    return browse.list_agreement_rounds(workspace)


@router.get("/releases", tags=["results"], operation_id="releases", dependencies=[looking])
def releases(workspace: Opened) -> tuple[Release, ...]:
    """Return the sealed releases."""
    return browse.list_releases(workspace)


@router.get("/scorecards", tags=["results"], operation_id="scorecards", dependencies=[looking])
def scorecards(workspace: Opened) -> tuple[Scorecard, ...]:
    """Return how classifiers did on the splits of releases."""
    return browse.list_scorecards(workspace)


@router.get("/runs", tags=["workspace"], operation_id="runs", dependencies=[looking])
def runs(workspace: Opened, offset: Offset = 0, limit: Limit = 100) -> tuple[Run, ...]:
    """Return what was run, with its parameters."""
    return browse.list_runs(workspace, offset=offset, limit=limit)
