"""Invitations: a link that makes one account, or lets the person of one in again."""

from __future__ import annotations

from datetime import datetime, timedelta

from buffycoat.domain.account import Ended, Invitation, InvitationFacts, Person, Revocation, fold_handle
from buffycoat.domain.label import Expert, Role
from buffycoat.domain.value import value
from buffycoat.errors import AlreadyExists, Conflict, InputError, NotAllowed, NotFound
from buffycoat.store import Transaction
from buffycoat.store.accounts import appointments_now
from buffycoat.workflows.people.accounts import (
    account_of,
    check_role,
    end,
    facts_of,
    find_expert,
    new_expert,
    new_handle,
    replace_password,
    revocation_id,
)
from buffycoat.workflows.people.passwords import check_password, hash_password, key_of, make_secret, same_secret
from buffycoat.workflows.runs import now
from buffycoat.workflows.workspace import Workspace

__all__ = ["Invited", "accept_invitation", "find_invitation", "invite"]

INVITED_FOR = timedelta(days=7)
CURATOR_INVITES = (Role.EXPERT, Role.TRAINEE, Role.VIEWER)


@value
class Invited:
    """A new invitation: ``code`` is told once; ``path`` is where the studio takes it."""

    code: str
    path: str
    expires_at: datetime


def invite(workspace: Workspace, *, role: Role, handle: str | None = None, by: Person | None = None) -> Invited:
    """Make a link for one account, good for seven days and for one use.

    Under the handle of somebody who has an account it is a way back in for one who forgot the password.

    Parameters
    ----------
    workspace
        Where.
    role : Role
        What the invited may do.
    handle : str, optional
        The only handle that it may be taken under; without it, any that is free.
    by : Person, optional
        Who invites; nobody: the command line, which may do everything.

    Raises
    ------
    NotAllowed
        A curator invites experts, trainees and viewers only, and nobody who has an account.
    Conflict
        The handle is of a simulated person, of one who is switched off, or of one with another role.
    AlreadyExists
        The handle is the name of a folder, or looks like that of somebody else.
    InputError
        The handle does not fit, or no person has this role.
    """
    check_role(role)
    limited = by is not None and by.role is not Role.ADMIN
    if limited and role not in CURATOR_INVITES:
        raise NotAllowed(
            "a curator invites experts, trainees and viewers", expected=", ".join(CURATOR_INVITES), found=role
        )
    name = None if handle is None else fold_handle(handle)
    key, code, digest = make_secret("i")
    moment = now()
    with workspace.database.writing() as transaction:
        known = None if handle is None else find_expert(transaction, handle)
        if known is not None:
            name = known.handle
            _check_known(transaction, known, role, limited=limited)
        elif name is not None:
            name = new_handle(transaction, name)
        invitation = Invitation(
            id=key,
            role=role,
            handle=name,
            digest=digest,
            by=None if by is None else by.id,
            made_at=moment,
            expires_at=moment + INVITED_FOR,
        )
        transaction.add([invitation])
    return Invited(code=code, path=f"/join/{code}", expires_at=invitation.expires_at)


def _check_known(transaction: Transaction, known: Expert, role: Role, *, limited: bool) -> None:
    """Refuse to invite somebody known where that would change who they are."""
    if known.simulated:
        raise Conflict("a simulated expert is nobody who signs in", found=known.handle)
    facts = facts_of(transaction, known.id)
    if facts.since is None:
        return
    if limited:
        raise NotAllowed("this handle has an account: only an admin lets its person in again", found=known.handle)
    if not facts.active:
        raise Conflict("this account is switched off", found=known.handle, hint="switch it on first")
    if facts.person.role is not role:
        raise Conflict(
            "this person has another role", expected=facts.person.role, found=role, hint="change the role by itself"
        )


def find_invitation(workspace: Workspace, code: str) -> InvitationFacts:
    """Return what an invitation offers.

    Raises
    ------
    NotFound
        There is none of this code, it was used or withdrawn, or its time is over.
    """
    with workspace.database.reading() as transaction:
        found = _invitation(transaction, code)
    return InvitationFacts(role=found.role, handle=found.handle, expires_at=found.expires_at)


def _invitation(transaction: Transaction, code: str) -> Invitation:
    key = key_of(code, "i")
    found = transaction.find(Invitation, id=key) if key else []
    good = found and same_secret(code, found[0].digest) and now() < found[0].expires_at
    if not good or transaction.find(Revocation, id=revocation_id(found[0].id)):
        raise NotFound("this invitation holds no more", hint="each is good once, for seven days: ask for a new one")
    return found[0]


def accept_invitation(workspace: Workspace, code: str, *, handle: str, password: str) -> Person:
    """Take an invitation: make the account that it offers, or give its person another password.

    Raises
    ------
    NotFound
        There is none of this code, it was used or withdrawn, or its time is over.
    InputError
        The handle or the password does not fit, or the invitation is for another handle.
    AlreadyExists
        The handle is taken.
    """
    offered = find_invitation(workspace, code)
    if offered.handle is not None and fold_handle(handle) != fold_handle(offered.handle):
        raise InputError("the invitation is for another handle", expected=offered.handle, found=repr(handle))
    check_password(password, handle=handle)
    hashed = hash_password(password)
    with workspace.database.writing() as transaction:
        found = _invitation(transaction, code)
        # A free choice is one among handles that nobody has: a reader of a round is joined by name only.
        known = find_expert(transaction, handle)
        if known is not None and found.handle is None:
            raise AlreadyExists("the handle is taken", found=known.handle, hint="choose another handle")
        held = appointments_now(transaction).get(known.id) if known is not None else None
        if known is None or held is None:
            known = new_expert(transaction, handle, found.role)
            transaction.add(account_of(known, found.role, hashed, by=found.by))
        else:
            if not held[0].active:
                raise NotFound("this invitation holds no more", hint="the account is switched off: ask an admin")
            replace_password(transaction, known.id, hashed, by=known.id)
        transaction.add(end([found.id], Ended.USED, by=known.id))
        return facts_of(transaction, known.id).person
