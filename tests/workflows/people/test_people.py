"""Roles, the last admin, the first one, and the people of the demo."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from buffycoat.domain.account import (
    Appointment,
    Ended,
    Revocation,
    Scope,
)
from buffycoat.domain.label import Role
from buffycoat.domain.smear import Smear
from buffycoat.errors import Conflict, NotSignedIn
from buffycoat.workflows import people
from buffycoat.workflows.people import invitations, sessions
from buffycoat.workflows.workspace import Workspace

WORDS = "four words nobody joins"
OTHER = "another four words here"


def test_the_last_admin_stays(workspace: Workspace, person):
    ada = person(workspace, "ada", Role.ADMIN)
    for change in ({"active": False}, {"role": Role.CURATOR}):
        with pytest.raises(Conflict, match="last admin"):
            people.appoint(workspace, ada.id, **change)
    other = person(workspace, "adam", Role.ADMIN)
    people.appoint(workspace, ada.id, active=False)
    with pytest.raises(Conflict, match="last admin"):
        people.appoint(workspace, other.id, role=Role.VIEWER)


def test_the_first_admin_is_made_once(workspace: Workspace):
    assert people.needs_setup(workspace)
    people.add_person(workspace, handle="ada", role=Role.ADMIN, password=WORDS, first=True)
    assert not people.needs_setup(workspace)
    with pytest.raises(Conflict, match="people already"):
        people.add_person(workspace, handle="eve", role=Role.ADMIN, password=WORDS, first=True)


def test_every_change_is_kept_with_who_made_it(workspace: Workspace, clock, person):
    ada, edna = person(workspace, "ada", Role.ADMIN), person(workspace, "edna")
    sessions.sign_in(workspace, handle="edna", password=WORDS)
    clock.pass_by(hours=1)
    people.appoint(workspace, edna.id, role=Role.ADJUDICATOR, by=ada.id)
    clock.pass_by(hours=1)
    people.appoint(workspace, edna.id, active=False, by=ada.id)
    people.appoint(workspace, edna.id, active=False, by=ada.id)
    with workspace.database.reading() as transaction:
        made = sorted(transaction.find(Appointment, expert_id=edna.id), key=lambda each: each.made_at)
        ended = transaction.find(Revocation)
    assert [(each.role, each.active, each.by) for each in made] == [
        (Role.EXPERT, True, None),
        (Role.ADJUDICATOR, True, ada.id),
        (Role.ADJUDICATOR, False, ada.id),
    ]
    assert [(each.reason, each.by) for each in ended] == [(Ended.OFF, ada.id)]


def test_people_of_the_demo_are_made_once_and_sign_in_without_a_password(workspace: Workspace, who, simulated):
    simulated(workspace)
    made = people.demo_people(workspace)
    assert people.demo_people(workspace) == made == sessions.list_demo(workspace)
    assert {each.role for each in made} == set(Role) - {Role.SOURCE}
    assert {each.simulated for each in made} == {True}
    secret = sessions.sign_in_demo(workspace, "Carla").secret
    assert who(workspace, secret, demo=True).person.handle == "carla"
    assert who(workspace, secret) is None, "asked from elsewhere"


def test_people_of_the_demo_may_nothing_where_a_smear_is_real(workspace: Workspace, who, simulated):
    simulated(workspace)
    ada = people.demo_people(workspace)[0]
    secret = sessions.sign_in_demo(workspace, "ada").secret
    token = sessions.make_token(workspace, ada.id, name="t", scope=Scope.ALL, days=1).token
    assert who(workspace, token, token=True, demo=True)
    with workspace.database.writing() as transaction:
        transaction.add([Smear(id="s2", code="S-2")])
    assert sessions.list_demo(workspace) == ()
    assert who(workspace, secret, demo=True) is None
    assert who(workspace, token, token=True, demo=True) is None
    with pytest.raises(NotSignedIn):
        sessions.sign_in_demo(workspace, "ada")


def test_nobody_becomes_a_simulated_person_and_none_gets_a_password(workspace: Workspace, person, simulated):
    simulated(workspace)
    ada = people.demo_people(workspace)[0]
    with pytest.raises(Conflict):
        people.set_password(workspace, ada.id, WORDS)
    with pytest.raises(Conflict):
        invitations.invite(workspace, role=Role.ADMIN, handle="ada")
    with pytest.raises(Conflict):
        person(workspace, "ada", Role.ADMIN)
    with pytest.raises(NotSignedIn):
        sessions.sign_in(workspace, handle="ada", password="")


def test_a_real_person_is_not_signed_in_by_name(workspace: Workspace, person, simulated):
    simulated(workspace)
    person(workspace, "edna")
    with pytest.raises(NotSignedIn):
        sessions.sign_in_demo(workspace, "edna")
    with pytest.raises(Conflict, match="handle of one of the demo"):
        people.demo_people(workspace)


def test_asking_who_it_is_reads_little(workspace: Workspace, person, who, on_postgresql):
    """A thousand sign-ins of others cost nothing: one statement by primary key."""
    edna = person(workspace, "edna")
    secret = sessions.sign_in(workspace, handle="edna", password=WORDS).secret
    first, asked = workspace.database.glances.first, []
    workspace.database.glances.first = lambda question, bound: asked.append(question) or first(question, bound)
    assert who(workspace, secret).person == who(workspace, secret).person == edna
    [question] = asked
    with workspace.database.reading() as transaction:
        explain = "EXPLAIN" if on_postgresql else "EXPLAIN QUERY PLAN"
        if on_postgresql:  # which reads whole tables where they are as small as these
            transaction.connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = transaction.connection.execute(text(f"{explain} {question}"), {"key": "s", "ended": "r"}).fetchall()
    word = "Seq Scan on " if on_postgresql else "SCAN "
    scans = [row[-1] for row in plan if word in row[-1] and "SUBQUERY" not in row[-1]]
    assert {re.search(rf"{word}(\w+)", row)[1] for row in scans} <= {"smear"}, "and smears of people of the demo alone"
