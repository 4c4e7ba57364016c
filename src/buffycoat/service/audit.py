"""Routes of the audit log: for admins, and blind like all others while a round is open."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from buffycoat.domain.account import Person
from buffycoat.domain.audit import Action, AuditPage, Verdict
from buffycoat.domain.label import Role
from buffycoat.service.guards import needs
from buffycoat.service.opened import Opened
from buffycoat.service.paging import Limit
from buffycoat.workflows import audit

__all__ = ["router"]

router = APIRouter(tags=["audit"])
Admin = Annotated[Person, needs(Role.ADMIN)]
Handle = Annotated[str | None, Query(min_length=1, max_length=64, description="Only what this person did or saw.")]
Since = Annotated[str | None, Query(max_length=40, description="Only from this moment on: ISO 8601, UTC.")]
Before = Annotated[int | None, Query(ge=0, description="Only entries with smaller numbers: `following` of the last.")]
Expect = Annotated[str | None, Query(pattern="^[0-9a-f]{64}$", description="The head as it was noted before.")]
Actions = Annotated[list[Action] | None, Query(alias="action", description="Only these.")]


@router.get("/audit", operation_id="audit")
def entries(
    workspace: Opened,
    person: Admin,
    *,
    handle: Handle = None,
    action: Actions = None,
    since: Since = None,
    before: Before = None,
    limit: Limit = 100,
) -> AuditPage:
    """Return who did what when, the latest first. Entries of open rounds are sealed; who reads in one gets none."""
    return audit.list_entries(
        workspace, person, handle=handle, actions=action or (), since=since, before=before, limit=limit
    )


@router.get("/audit/verify", operation_id="verify_audit")
def verify(workspace: Opened, person: Admin, *, expect: Expect = None) -> Verdict:
    """Follow the log from its beginning, and compare each entry with what it speaks of."""
    return audit.verify_log(workspace, person, expect=expect)


@router.get(
    "/audit/export",
    operation_id="export_audit",
    response_class=Response,
    responses={200: {"description": "The log, a line of JSON each.", "content": {"application/x-ndjson": {}}}},
)
def export(workspace: Opened, person: Admin) -> StreamingResponse:
    """Return the log as lines of JSON that can be checked without the workspace."""
    name = f"audit-{datetime.now(UTC):%Y-%m-%d}.jsonl"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(audit.export_log(workspace, person), media_type="application/x-ndjson", headers=headers)
