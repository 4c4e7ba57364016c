"""Routes of the next release: what may be chosen, what it would be, the sealing; and what changed since the last."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from buffycoat.domain.account import Person
from buffycoat.domain.curating import ReleaseChoice, ReleaseChoices, ReleaseDiff, ReleasePreview, ReleaseTable
from buffycoat.domain.job import Job
from buffycoat.domain.label import Role
from buffycoat.domain.query import Query as SavedQuery
from buffycoat.service.guards import needs
from buffycoat.service.opened import Opened
from buffycoat.workflows import curating
from buffycoat.workflows.jobs import start_job

__all__ = ["router"]

router = APIRouter(tags=["curating"])
Leading = Annotated[Person, needs(Role.CURATOR, Role.ADMIN)]
Costly = Annotated[Person, needs(Role.CURATOR, Role.ADMIN, costly=True)]
Version = Annotated[str, Path(min_length=1, max_length=64, description="Version of a release.")]


@router.get("/releasing", operation_id="release_choices")
def choices(workspace: Opened, _: Leading) -> ReleaseChoices:
    """Return what may be chosen, with the answers of the last release."""
    return curating.release_choices(workspace)


@router.post("/releasing/queries", operation_id="save_release_query")
def save_query(workspace: Opened, _: Leading, given: SavedQuery) -> SavedQuery:
    """Keep which cells are meant under a name of its own, as `buffycoat query` does."""
    return curating.keep_query(workspace, given)


@router.post("/releasing/counts", operation_id="count_release")
def counts(workspace: Opened, _: Costly, given: ReleaseChoice) -> ReleasePreview:
    """Return counts by class and part, and the leaks that can be seen without comparing pictures."""
    return curating.count_choice(workspace, given)


@router.post("/releasing/previews", operation_id="preview_release")
def preview(workspace: Opened, person: Leading, given: ReleaseChoice) -> Job:
    """Order the whole preview: all pictures are compared and looked through. Its result names the preview."""
    return start_job(workspace, "preview-release", curating.check_choice(workspace, given), person)


@router.get("/releasing/previews/{preview_id}", operation_id="release_preview")
def read_preview(
    workspace: Opened, _: Leading, preview_id: Annotated[str, Path(min_length=1, max_length=64)]
) -> ReleasePreview:
    """Return a preview that was worked out; older ones go."""
    return curating.read_preview(workspace, preview_id)


@router.post("/releasing/seal", operation_id="seal_release")
def seal(workspace: Opened, person: Leading, given: ReleaseChoice) -> Job:
    """Order the sealing: the same as `buffycoat publish` with the same choices."""
    return start_job(workspace, "publish", curating.check_choice(workspace, given, seal=True), person)


@router.get("/releases/{version}/tables", operation_id="release_tables")
def tables(workspace: Opened, _: Leading, version: Version) -> tuple[ReleaseTable, ...]:
    """Return Tables 3 to 7 of a release as they were sealed."""
    return curating.tables_of_release(workspace, version)


@router.get(
    "/releases/{version}/manifest",
    operation_id="release_manifest",
    response_class=Response,
    responses={200: {"description": "As it was sealed.", "content": {"application/json": {}}}},
)
def manifest(workspace: Opened, _: Leading, version: Version) -> Response:
    """Return the manifest of a release as a file."""
    content = curating.manifest_of_release(workspace, version)
    headers = {"Content-Disposition": 'attachment; filename="manifest.json"', "Cache-Control": "no-store"}
    return Response(content, media_type="application/json", headers=headers)


@router.get("/releases/{version}/difference", operation_id="release_difference")
def difference(
    workspace: Opened,
    _: Costly,
    version: Version,
    older: Annotated[str, Query(min_length=1, max_length=64, description="Version that it is compared with.")],
) -> ReleaseDiff:
    """Return what changed from an older release to this one."""
    return curating.release_difference(workspace, older, version)
