"""Routes of long work: ordered here, done by workers, followed and ended from any page."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query

from buffycoat.domain.account import Person
from buffycoat.domain.job import Job, JobEvent, JobKind, JobPage
from buffycoat.domain.label import Role
from buffycoat.errors import NotAllowed
from buffycoat.service.guards import Signed, needs
from buffycoat.service.opened import Opened
from buffycoat.service.paging import Id, Limit
from buffycoat.workflows import jobs

__all__ = ["router"]

router = APIRouter(tags=["jobs"])
Leading = Annotated[Person, needs(Role.CURATOR, Role.ADMIN)]
Before = Annotated[str | None, Query(max_length=64, description="Only jobs older than this one: the last of a part.")]
After = Annotated[int, Query(ge=0, le=1_000_000_000, description="Only lines behind this number.")]


@router.get("/jobs", operation_id="jobs")
def list_jobs(workspace: Opened, person: Signed, *, before: Before = None, limit: Limit = 50) -> JobPage:
    """Return jobs, the newest first: all for curators and admins, for others their own."""
    return jobs.list_jobs(workspace, person, before=before, limit=limit)


@router.post("/jobs", operation_id="start_job")
def start_job(
    workspace: Opened,
    person: Leading,
    kind: Annotated[str, Body(min_length=1, max_length=40, description="What is to be done, such as `detect`.")],
    parameters: Annotated[
        dict[str, Any] | None, Body(description="As its schema has them; what is left out is usual.")
    ] = None,
) -> Job:
    """Order work. The same that still waits is not ordered twice."""
    if kind in jobs.KINDS and not jobs.KINDS[kind].plain:
        # Such as a folder of this machine: what it is told comes from the room that it belongs to.
        raise NotAllowed(
            "this kind of job is not ordered here",
            found=kind,
            hint="use the page it belongs to, or `buffycoat jobs start`",
        )
    return jobs.start_job(workspace, kind, parameters or {}, person)


# Before the next one, which would take the word for an id.
@router.get("/jobs/kinds", operation_id="job_kinds")
def job_kinds(_: Leading) -> tuple[JobKind, ...]:
    """Return what can be ordered here, with the schema of its parameters."""
    return jobs.list_kinds(plain=True)


@router.get("/jobs/{job_id}", operation_id="job")
def get_job(workspace: Opened, person: Signed, job_id: Id) -> Job:
    """Return a job as it stands now."""
    return jobs.get_job(workspace, job_id, person)


@router.get("/jobs/{job_id}/log", operation_id="job_log")
def job_log(workspace: Opened, person: Signed, job_id: Id, *, after: After = 0) -> tuple[JobEvent, ...]:
    """Return what happened to a job, in order."""
    return jobs.job_log(workspace, job_id, person, after=after)


@router.post("/jobs/{job_id}/cancel", operation_id="cancel_job")
def cancel_job(workspace: Opened, person: Signed, job_id: Id) -> Job:
    """End a job; what it has done stays. 409 where it has ended."""
    return jobs.cancel_job(workspace, job_id, person)
