"""People: who may do what. Accounts, roles, passwords, and the people of the demo."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from buffycoat.domain.account import Ended, Invitation, Person, PersonFacts
from buffycoat.domain.label import Expert, Role
from buffycoat.domain.value import derive_id
from buffycoat.errors import Conflict, NotAllowed, NotFound
from buffycoat.store import Transaction
from buffycoat.store.accounts import any_account, appointments_now, only_simulated, passwords_now
from buffycoat.workflows.people.accounts import (
    account_of,
    check_role,
    end,
    facts_from,
    facts_of,
    new_expert,
    random_id,
    replace_password,
    shown_by,
)
from buffycoat.workflows.people.passwords import check_password, hash_password
from buffycoat.workflows.runs import now
from buffycoat.workflows.workspace import Workspace

__all__ = [
    "DEMO",
    "add_person",
    "appoint",
    "curator_of",
    "demo_people",
    "is_demo",
    "list_people",
    "needs_setup",
    "set_password",
]

DEMO = {
    "ada": Role.ADMIN,
    "carla": Role.CURATOR,
    "edna": Role.EXPERT,
    "emil": Role.EXPERT,
    "judith": Role.ADJUDICATOR,
    "theo": Role.TRAINEE,
    "vera": Role.VIEWER,
}
"""The people of the demo: handles that nobody is likely to have."""


def list_people(workspace: Workspace) -> tuple[PersonFacts, ...]:
    """Return everybody who has an account or reads in a round, by handle; folders of imported sets are nobody."""
    with workspace.database.reading() as transaction:
        held, kept = appointments_now(transaction), passwords_now(transaction)
        experts = [expert for expert in transaction.find(Expert) if expert.role is not Role.SOURCE]
    facts = [facts_from(expert, held.get(expert.id), has_password=expert.id in kept) for expert in experts]
    return tuple(sorted(facts, key=lambda each: (each.person.handle, each.person.id)))


def curator_of(workspace: Workspace, handle: str) -> Person:
    """Return the curator or admin with a handle: who answers reports, and takes smears back.

    Raises
    ------
    NotFound
        Nobody has it.
    NotAllowed
        The account is off, or has another role.
    """
    for facts in list_people(workspace):
        if facts.person.handle == handle:
            if facts.since is None or not facts.active or facts.person.role not in (Role.CURATOR, Role.ADMIN):
                raise NotAllowed(
                    "this person may not do that",
                    expected="a curator or admin whose account is on",
                    found=f"{handle}, {facts.person.role}{'' if facts.active else ', off'}",
                )
            return facts.person
    raise NotFound("nobody has this handle", found=handle, hint="`buffycoat people list` names everybody")


def needs_setup(workspace: Workspace) -> bool:
    """Say whether the first admin is still to come: there is no account at all."""
    with workspace.database.reading() as transaction:
        return not any_account(transaction)


def add_person(
    workspace: Workspace,
    *,
    handle: str,
    role: Role,
    password: str | None = None,
    by: str | None = None,
    first: bool = False,
) -> PersonFacts:
    """Make an account, for a new person or for one who reads in a round but has none.

    Parameters
    ----------
    workspace
        Where.
    handle : str
        What stands for the person everywhere.
    role : Role
        What the person may do.
    password : str, optional
        Without it nobody can sign in until an invitation under that handle is taken.
    by : str, optional
        Id of the person who says so.
    first : bool
        Only where there is no account yet.

    Raises
    ------
    InputError
        The handle or the password does not fit, or the role is none of a person.
    AlreadyExists
        The handle has an account.
    Conflict
        There is an account already, and this was to be the first, or the handle is of a simulated expert.
    """
    check_role(role)
    if first and not needs_setup(workspace):
        raise _has_people()
    hashed = None
    if password is not None:
        check_password(password, handle=handle)
        hashed = hash_password(password)
    with workspace.database.writing() as transaction:
        if first and any_account(transaction):
            raise _has_people()
        expert = new_expert(transaction, handle, role)
        transaction.add(account_of(expert, role, hashed, by=by))
        return facts_of(transaction, expert.id)


def _has_people() -> Conflict:
    return Conflict("this workspace has its people already", hint="sign in, or ask an admin for an invitation")


def appoint(
    workspace: Workspace,
    person_id: str,
    *,
    role: Role | None = None,
    active: bool | None = None,
    by: str | None = None,
) -> PersonFacts:
    """Give a person another role, or switch the account off or on.

    Whoever is switched off is signed out everywhere, and loses tokens; open invitations by somebody who is switched off
    or gets another role are withdrawn.

    Raises
    ------
    NotFound
        Nobody has this id.
    Conflict
        There is no account, or the last admin would be lost.
    InputError
        No person has this role.
    """
    if role is not None:
        check_role(role)
    with workspace.database.writing() as transaction:
        facts = facts_of(transaction, person_id)
        people = appointments_now(transaction)
        if person_id not in people:
            raise Conflict("this person has no account", found=facts.person.handle, hint="invite this handle first")
        held = people[person_id][0]
        wanted = replace(
            held,
            id=random_id("a"),
            role=held.role if role is None else role,
            active=held.active if active is None else active,
            by=by,
            # The newest holds, also where the clock was set back.
            made_at=max(now(), held.made_at + timedelta(microseconds=1)),
        )
        if (wanted.role, wanted.active) == (held.role, held.active):
            return facts
        if held.active and held.role is Role.ADMIN and not (wanted.active and wanted.role is Role.ADMIN):
            _keep_an_admin(transaction, person_id)
        ended = [] if wanted.active else shown_by(transaction, person_id)
        ended += [made.id for made in transaction.find(Invitation, by=person_id)]
        transaction.add([wanted, *end(ended, Ended.OFF if not wanted.active else Ended.WITHDRAWN, by=by)])
        return facts_of(transaction, person_id)


def _keep_an_admin(transaction: Transaction, person_id: str) -> None:
    simulated = {expert.id: expert.simulated for expert in transaction.find(Expert)}
    others = [
        held
        for expert, (held, _) in appointments_now(transaction).items()
        if expert != person_id and held.active and held.role is Role.ADMIN and simulated[expert] <= simulated[person_id]
    ]
    if not others:
        raise Conflict("this is the last admin", hint="make somebody else an admin first")


def set_password(workspace: Workspace, person_id: str, password: str, *, by: str | None = None) -> PersonFacts:
    """Give a person another password; every sign-in and token of that person ends.

    Raises
    ------
    InputError
        The password does not fit.
    NotFound
        Nobody has this id.
    Conflict
        There is no account, or the person is simulated.
    """
    with workspace.database.reading() as transaction:
        facts = facts_of(transaction, person_id)
    if facts.since is None or facts.person.simulated:
        raise Conflict("this person has no account that takes a password", found=facts.person.handle)
    check_password(password, handle=facts.person.handle)
    hashed = hash_password(password)
    with workspace.database.writing() as transaction:
        replace_password(transaction, person_id, hashed, by=by)
        return facts_of(transaction, person_id)


def demo_people(workspace: Workspace) -> tuple[Person, ...]:
    """Make the people of the demo, one for each role and a second expert; they sign in without a password.

    Returns
    -------
    tuple of Person
        ada, carla, edna, emil, judith, theo, vera; where they exist, as they are.

    Raises
    ------
    Conflict
        A handle of theirs is of a person.
    """
    people = [
        Expert(id=derive_id("expert", {"handle": handle}), handle=handle, role=role, simulated=True)
        for handle, role in DEMO.items()
    ]
    with workspace.database.writing() as transaction:
        held = appointments_now(transaction)
        known = {expert.id: expert for expert in transaction.find(Expert)}
        for person in people:
            if not known.get(person.id, person).simulated:
                raise Conflict("a person has the handle of one of the demo", found=person.handle)
        transaction.add(people)
        transaction.add(
            [made for person in people if person.id not in held for made in account_of(person, person.role, None)]
        )
        return tuple(facts_of(transaction, person.id).person for person in people)


def is_demo(workspace: Workspace) -> bool:
    """Say whether there are smears and all of them are simulated: only there the people of the demo may act."""
    with workspace.database.reading() as transaction:
        return only_simulated(transaction)
