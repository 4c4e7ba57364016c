"""Routes of people: who there is, invitations, roles, and accounts switched off and on."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from buffycoat.domain.account import Person, PersonFacts
from buffycoat.domain.label import Role
from buffycoat.domain.value import value
from buffycoat.service.guards import needs
from buffycoat.service.opened import Opened
from buffycoat.service.paging import Id
from buffycoat.workflows import people
from buffycoat.workflows.people import invitations

__all__ = ["router"]

router = APIRouter(tags=["people"])
Admin = Annotated[Person, needs(Role.ADMIN)]
Curator = Annotated[Person, needs(Role.CURATOR, Role.ADMIN)]
Inviter = Annotated[Person, needs(Role.CURATOR, Role.ADMIN, browser=True)]


@value
class InvitationWish:
    """What the invited may do, and the handle that the invitation is for; without it, any that is free."""

    role: Role
    handle: Annotated[str, Field(min_length=1, max_length=64)] | None = None


@value
class RoleWish:
    """The role that is to hold."""

    role: Role


@value
class ActiveWish:
    """Whether the account is to be on."""

    active: bool


@router.get("/people", operation_id="people")
def list_people(workspace: Opened, _: Curator) -> tuple[PersonFacts, ...]:
    """Return everybody who has an account or reads in a round."""
    return people.list_people(workspace)


@router.post("/people/invitations", operation_id="invite")
def invite(response: Response, workspace: Opened, person: Inviter, given: InvitationWish) -> invitations.Invited:
    """Make a link for one account: seven days, one use. A curator invites experts, trainees and viewers."""
    response.headers["Cache-Control"] = "no-store"
    return invitations.invite(workspace, role=given.role, handle=given.handle, by=person)


@router.post("/people/{person_id}/role", operation_id="appoint")
def appoint(workspace: Opened, person: Admin, person_id: Id, given: RoleWish) -> PersonFacts:
    """Give a person another role."""
    return people.appoint(workspace, person_id, role=given.role, by=person.id)


@router.post("/people/{person_id}/active", operation_id="switch")
def switch(workspace: Opened, person: Admin, person_id: Id, given: ActiveWish) -> PersonFacts:
    """Switch an account off, which signs the person out everywhere, or on again."""
    return people.appoint(workspace, person_id, active=given.active, by=person.id)
