"""What a person signs in with, and what ends it."""

from __future__ import annotations

import pytest

from buffycoat.domain.account import (
    Appointment,
    Invitation,
    Password,
    Revocation,
    Scope,
    SignIn,
    Token,
)
from buffycoat.domain.label import Expert, Role
from buffycoat.domain.run import Run
from buffycoat.errors import InputError, NotFound, NotSignedIn
from buffycoat.workflows import people
from buffycoat.workflows.people import invitations, sessions
from buffycoat.workflows.workspace import Workspace, open_workspace

WORDS = "four words nobody joins"
OTHER = "another four words here"


def every_value(workspace: Workspace) -> str:
    with workspace.database.reading() as transaction:
        kinds = (Appointment, Password, SignIn, Token, Invitation, Revocation, Expert)
        rows = [
            transaction.connection.exec_driver_sql(f"SELECT * FROM {name}").fetchall()  # noqa: S608 (names of our own tables)
            for name in ("appointment", "password", "sign_in", "token", "invitation", "revocation", "expert", "run")
        ]
        return repr([transaction.find(kind) for kind in kinds]) + repr(rows)


def test_a_sign_in_lasts_thirty_days(workspace: Workspace, clock, person, who):
    edna = person(workspace, "edna")
    secret = sessions.sign_in(workspace, handle="edna", password=WORDS).secret
    clock.pass_by(days=30, microseconds=-1)
    assert who(workspace, secret).person == edna
    clock.pass_by(microseconds=1)
    assert who(workspace, secret) is None


def test_signing_out_ends_one_sign_in_only(workspace: Workspace, person, who):
    person(workspace, "edna")
    one, other = (sessions.sign_in(workspace, handle="edna", password=WORDS).secret for _ in range(2))
    sessions.sign_out(workspace, who(workspace, one))
    assert who(workspace, one) is None
    assert who(workspace, other)


def test_another_password_ends_every_sign_in_and_token(workspace: Workspace, person, who):
    edna = person(workspace, "edna")
    secret = sessions.sign_in(workspace, handle="edna", password=WORDS).secret
    token = sessions.make_token(workspace, edna.id, name="t", scope=Scope.ALL, days=1).token
    people.set_password(workspace, edna.id, OTHER)
    assert (who(workspace, secret), who(workspace, token, token=True)) == (None, None)
    with pytest.raises(NotSignedIn):
        sessions.sign_in(workspace, handle="edna", password=WORDS)
    assert who(workspace, sessions.sign_in(workspace, handle="edna", password=OTHER).secret)


def test_switching_off_ends_everything_and_switching_on_brings_nothing_back(workspace: Workspace, clock, person, who):
    edna = person(workspace, "edna")
    secret = sessions.sign_in(workspace, handle="edna", password=WORDS).secret
    token = sessions.make_token(workspace, edna.id, name="t", scope=Scope.READ, days=1).token
    people.appoint(workspace, edna.id, active=False)
    with pytest.raises(NotSignedIn):
        sessions.sign_in(workspace, handle="edna", password=WORDS)
    with pytest.raises(NotSignedIn):
        sessions.open_session(workspace, edna.id)
    people.appoint(workspace, edna.id, active=True)
    assert (who(workspace, secret), who(workspace, token, token=True)) == (None, None)
    assert sessions.sign_in(workspace, handle="edna", password=WORDS).person == edna


def test_the_newest_appointment_holds_also_when_the_clock_was_set_back(workspace: Workspace, clock, person):
    edna = person(workspace, "edna")
    clock.pass_by(days=-9)
    assert people.appoint(workspace, edna.id, role=Role.VIEWER).person.role is Role.VIEWER
    people.set_password(workspace, edna.id, OTHER)
    assert sessions.sign_in(workspace, handle="edna", password=OTHER).person.role is Role.VIEWER


def test_what_another_process_ended_has_ended(workspace: Workspace, person, who):
    edna = person(workspace, "edna")
    secret = sessions.sign_in(workspace, handle="edna", password=WORDS).secret
    assert who(workspace, secret)
    with open_workspace(workspace.folder) as elsewhere:
        people.appoint(elsewhere, edna.id, active=False)
    assert who(workspace, secret) is None


@pytest.mark.parametrize("change", [lambda s: s[:-1], lambda s: s + "A", lambda s: s.partition(".")[0], str.upper, lambda s: "." + s, lambda s: s.replace("s", "t", 1), lambda s: s.partition(".")[0] + "."])  # fmt: skip
def test_a_secret_that_is_not_whole_is_nobodys(workspace: Workspace, change, person, who):
    person(workspace, "edna")
    secret = sessions.sign_in(workspace, handle="edna", password=WORDS).secret
    assert who(workspace, change(secret)) is None
    assert who(workspace, change(secret), token=True) is None


def test_the_secret_of_one_sign_in_does_not_open_another(workspace: Workspace, person, who):
    person(workspace, "edna")
    one, other = (sessions.sign_in(workspace, handle="edna", password=WORDS).secret for _ in range(2))
    assert who(workspace, one.partition(".")[0] + "." + other.partition(".")[2]) is None


def test_nothing_that_opens_anything_is_kept(workspace: Workspace, person):
    edna = person(workspace, "edna")
    secret = sessions.sign_in(workspace, handle="edna", password=WORDS).secret
    token = sessions.make_token(workspace, edna.id, name="t", scope=Scope.ALL, days=1)
    code = invitations.invite(workspace, role=Role.EXPERT).code
    kept = every_value(workspace)
    for shown in (secret, token.token, code):
        assert shown.partition(".")[0] in kept
        assert shown.partition(".")[2] not in kept
    assert WORDS not in kept
    assert token.token not in repr(token)
    with workspace.database.reading() as transaction:
        assert transaction.find(Password)[0].hash not in repr(transaction.find(Password))
        assert transaction.count(Run) == 0


def test_tokens_have_a_name_a_scope_and_an_end(workspace: Workspace, clock, person, who):
    edna = person(workspace, "edna")
    made = sessions.make_token(workspace, edna.id, name=" notebook ", scope=Scope.LABEL, days=2)
    found = who(workspace, made.token, token=True)
    assert (found.person, found.scope, found.by) == (edna, Scope.LABEL, made.id)
    assert who(workspace, made.token) is None, "a token is no cookie"
    (listed,) = sessions.list_tokens(workspace, edna.id)
    assert (listed.name, listed.scope, listed.token) == ("notebook", Scope.LABEL, None)
    clock.pass_by(days=2)
    assert who(workspace, made.token, token=True) is None
    assert sessions.list_tokens(workspace, edna.id) == ()


def test_only_the_owner_ends_a_token(workspace: Workspace, person, who):
    edna, emil = person(workspace, "edna"), person(workspace, "emil")
    made = sessions.make_token(workspace, edna.id, name="t", scope=Scope.ALL, days=2)
    with pytest.raises(NotFound):
        sessions.end_token(workspace, emil.id, made.id)
    assert who(workspace, made.token, token=True)
    sessions.end_token(workspace, edna.id, made.id)
    assert who(workspace, made.token, token=True) is None


@pytest.mark.parametrize(("name", "days"), [("", 1), ("a" * 65, 1), ("a\nb", 1), ("t", 0), ("t", 367)])
def test_tokens_that_cannot_be_are_refused(workspace: Workspace, name: str, days: int, person):
    with pytest.raises(InputError, match="token"):
        sessions.make_token(workspace, person(workspace, "edna").id, name=name, scope=Scope.READ, days=days)
