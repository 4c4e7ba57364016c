"""Who may invite whom, and what an invitation is good for."""

from __future__ import annotations

import pytest

from buffycoat.domain.label import Expert, Role
from buffycoat.errors import AlreadyExists, Conflict, InputError, NotAllowed, NotFound
from buffycoat.workflows import people
from buffycoat.workflows.people import invitations, sessions
from buffycoat.workflows.workspace import Workspace

WORDS = "four words nobody joins"
OTHER = "another four words here"


def test_an_invitation_makes_one_account_once(workspace: Workspace):
    made = invitations.invite(workspace, role=Role.TRAINEE)
    assert made.path == f"/join/{made.code}"
    taken = invitations.accept_invitation(workspace, made.code, handle="Theo", password=WORDS)
    assert (taken.handle, taken.role) == ("theo", Role.TRAINEE)
    with pytest.raises(NotFound, match="holds no more"):
        invitations.accept_invitation(workspace, made.code, handle="thea", password=WORDS)
    with pytest.raises(NotFound, match="holds no more"):
        invitations.find_invitation(workspace, made.code)


def test_an_invitation_lasts_seven_days(workspace: Workspace, clock):
    made = invitations.invite(workspace, role=Role.VIEWER)
    clock.pass_by(days=7, microseconds=-1)
    assert invitations.find_invitation(workspace, made.code).role is Role.VIEWER
    clock.pass_by(microseconds=1)
    with pytest.raises(NotFound, match="holds no more"):
        invitations.accept_invitation(workspace, made.code, handle="vera", password=WORDS)


def test_a_refused_password_does_not_use_the_invitation_up(workspace: Workspace):
    made = invitations.invite(workspace, role=Role.VIEWER)
    with pytest.raises(InputError):
        invitations.accept_invitation(workspace, made.code, handle="vera", password=WORDS[:5])
    assert invitations.accept_invitation(workspace, made.code, handle="vera", password=WORDS).handle == "vera"


def test_an_open_invitation_takes_nobodys_place(workspace: Workspace, person):
    """Neither that of an account nor that of somebody who reads in a round without one."""
    person(workspace, "edna")
    with workspace.database.writing() as transaction:
        transaction.add([Expert(id="e9", handle="emil")])
    made = invitations.invite(workspace, role=Role.EXPERT)
    for handle in ("Edna", "Emil"):
        with pytest.raises(AlreadyExists):
            invitations.accept_invitation(workspace, made.code, handle=handle, password=OTHER)
    named = invitations.invite(workspace, role=Role.EXPERT, handle="Emil")
    with pytest.raises(InputError, match="another handle"):
        invitations.accept_invitation(workspace, named.code, handle="emilia", password=OTHER)
    assert invitations.accept_invitation(workspace, named.code, handle="emil", password=OTHER).id == "e9"


def test_an_invitation_by_handle_is_a_way_back_in(workspace: Workspace, person, who):
    edna = person(workspace, "edna")
    secret = sessions.sign_in(workspace, handle="edna", password=WORDS).secret
    made = invitations.invite(workspace, role=Role.EXPERT, handle="edna")
    assert invitations.accept_invitation(workspace, made.code, handle="edna", password=OTHER) == edna
    assert who(workspace, secret) is None
    assert sessions.sign_in(workspace, handle="edna", password=OTHER).person == edna
    with pytest.raises(Conflict, match="another role"):
        invitations.invite(workspace, role=Role.ADMIN, handle="edna")
    made = invitations.invite(workspace, role=Role.EXPERT, handle="edna")
    people.appoint(workspace, edna.id, active=False)
    with pytest.raises(NotFound):
        invitations.accept_invitation(workspace, made.code, handle="edna", password=OTHER)
    with pytest.raises(Conflict, match="switched off"):
        invitations.invite(workspace, role=Role.EXPERT, handle="edna")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SOURCE])
def test_whom_a_curator_invites(workspace: Workspace, role: Role, person):
    carla = person(workspace, "carla", Role.CURATOR)
    if role in (Role.EXPERT, Role.TRAINEE, Role.VIEWER):
        assert invitations.invite(workspace, role=role, by=carla).code
    else:
        with pytest.raises(NotAllowed):
            invitations.invite(workspace, role=role, by=carla)


def test_a_curator_cannot_become_an_expert_who_is_there(workspace: Workspace, person):
    carla, ada = person(workspace, "carla", Role.CURATOR), person(workspace, "ada", Role.ADMIN)
    person(workspace, "edna")
    with pytest.raises(NotAllowed, match="account"):
        invitations.invite(workspace, role=Role.EXPERT, handle="edna", by=carla)
    assert invitations.invite(workspace, role=Role.EXPERT, handle="edna", by=ada)


def test_invitations_of_somebody_who_lost_the_right_are_withdrawn(workspace: Workspace, person):
    carla = person(workspace, "carla", Role.CURATOR)
    codes = []
    for change in ({"role": Role.VIEWER}, {"role": Role.CURATOR}, {"active": False}):
        codes.append(invitations.invite(workspace, role=Role.EXPERT, by=carla).code)
        people.appoint(workspace, carla.id, **change)
    for code in codes:
        with pytest.raises(NotFound, match="holds no more"):
            invitations.accept_invitation(workspace, code, handle="someone", password=WORDS)
