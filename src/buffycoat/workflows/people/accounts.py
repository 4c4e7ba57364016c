"""Accounts inside a transaction: what people, invitations and sessions do alike."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from buffycoat.domain.account import (
    Appointment,
    Ended,
    Password,
    Person,
    PersonFacts,
    Revocation,
    SignIn,
    Token,
    fold_handle,
    handle_of,
    look_of,
)
from buffycoat.domain.label import Expert, Role
from buffycoat.domain.value import derive_id
from buffycoat.errors import AlreadyExists, Conflict, InputError, NotFound
from buffycoat.store import Transaction
from buffycoat.store.accounts import appointments_now, passwords_now
from buffycoat.workflows.runs import now

__all__ = [
    "account_of",
    "check_role",
    "end",
    "facts_from",
    "facts_of",
    "find_expert",
    "new_expert",
    "new_handle",
    "random_id",
    "replace_password",
    "revocation_id",
    "shown_by",
]


def random_id(letter: str) -> str:
    """Return a new id that nobody can guess, behind a letter."""
    return f"{letter}{secrets.token_hex(12)}"


def facts_from(expert: Expert, held: tuple[Appointment, datetime] | None, *, has_password: bool) -> PersonFacts:
    """Return the facts of a person from the appointment that holds, and when the first was made."""
    role = held[0].role if held else expert.role
    return PersonFacts(
        person=Person(id=expert.id, handle=expert.handle, role=role, simulated=expert.simulated),
        active=held is not None and held[0].active,
        has_password=has_password,
        since=held[1] if held else None,
    )


def facts_of(transaction: Transaction, person_id: str) -> PersonFacts:
    """Return the facts of one person.

    Raises
    ------
    NotFound
        Nobody has this id.
    """
    expert = transaction.get(Expert, person_id)
    if expert.role is Role.SOURCE:
        raise NotFound("no person has this id", found=person_id)
    held = appointments_now(transaction).get(person_id)
    return facts_from(expert, held, has_password=bool(transaction.find(Password, expert_id=person_id)))


def find_expert(transaction: Transaction, handle: str) -> Expert | None:
    """Return who has a handle, as it is written or but for case; ``None`` where nobody has."""
    experts = [expert for expert in transaction.find(Expert) if expert.role is not Role.SOURCE]
    folded = fold_handle(handle)
    alike = [expert for expert in experts if fold_handle(expert.handle) == folded]
    return next((expert for expert in alike if expert.handle == handle), alike[0] if alike else None)


def check_role(role: Role) -> None:
    """Refuse the role of a folder.

    Raises
    ------
    InputError
        No person has it.
    """
    if role is Role.SOURCE:
        raise InputError(
            "no person has this role", expected=", ".join(each for each in Role if each is not role), found=role
        )


def new_handle(transaction: Transaction, handle: str) -> str:
    """Return the handle of somebody new as it is kept.

    Raises
    ------
    AlreadyExists
        It is the name of a folder, or looks like the handle of somebody else.
    InputError
        It does not fit.
    """
    name = handle_of(handle)
    look = look_of(name)
    for expert in transaction.find(Expert):
        # Handles of sources share the table, and with it the names.
        if expert.handle == name:
            raise AlreadyExists("the handle is taken", found=name)
        if expert.role is not Role.SOURCE and look_of(expert.handle) == look:
            raise AlreadyExists(
                "the handle looks like another one",
                found=f"{name!a}, beside {expert.handle!r}",
                hint="take one that nobody mistakes for somebody else's",
            )
    return name


def new_expert(transaction: Transaction, handle: str, role: Role) -> Expert:
    """Return the expert who is to have an account, added where new; one who reads in a round may have none yet.

    Raises
    ------
    AlreadyExists
        The handle has an account, is the name of a folder, or looks like that of somebody else.
    Conflict
        The handle is of a simulated expert.
    InputError
        The handle does not fit.
    """
    known = find_expert(transaction, handle)
    if known is None:
        name = new_handle(transaction, handle)
        known = Expert(id=derive_id("expert", {"handle": name}), handle=name, role=role)
        transaction.add([known])
    if known.simulated:
        raise Conflict("a simulated expert is nobody who signs in", found=known.handle)
    if transaction.find(Appointment, expert_id=known.id):
        raise AlreadyExists("the handle has an account already", found=known.handle)
    return known


def account_of(
    expert: Expert, role: Role, hashed: str | None, *, by: str | None = None
) -> list[Appointment | Password]:
    """Return what makes an account of an expert: the first appointment, and the password if there is one."""
    moment = now()
    made: list[Appointment | Password] = [
        Appointment(id=random_id("a"), expert_id=expert.id, role=role, active=True, by=by, made_at=moment)
    ]
    if hashed is not None:
        made.append(Password(id=random_id("p"), expert_id=expert.id, hash=hashed, made_at=moment))
    return made


def shown_by(transaction: Transaction, person_id: str) -> list[str]:
    """Return the ids of all sign-ins and tokens of a person."""
    signed = [each.id for each in transaction.find(SignIn, expert_id=person_id)]
    return signed + [each.id for each in transaction.find(Token, expert_id=person_id)]


def revocation_id(subject: str) -> str:
    """Return the id of the end of something: it ends once."""
    return derive_id("revocation", {"subject": subject})


def end(subjects: list[str], reason: Ended, *, by: str | None) -> list[Revocation]:
    """Return what ends sign-ins, tokens or invitations; added where they have ended, it changes nothing."""
    moment = now()
    return [
        Revocation(id=revocation_id(subject), subject=subject, reason=reason, by=by, made_at=moment)
        for subject in subjects
    ]


def replace_password(transaction: Transaction, person_id: str, hashed: str, *, by: str | None) -> None:
    """Add a password that holds from now on, and end every sign-in and token that stood on the one before."""
    before = passwords_now(transaction).get(person_id)
    moment = now() if before is None else max(now(), before.made_at + timedelta(microseconds=1))
    kept = Password(id=random_id("p"), expert_id=person_id, hash=hashed, made_at=moment)
    transaction.add([kept, *end(shown_by(transaction, person_id), Ended.PASSWORD, by=by)])
