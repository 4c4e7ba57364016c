"""Links between accounts here and those of an institution: which hold, and how they end."""

from __future__ import annotations

from buffycoat.domain.account import Ended, Identity, OwnAccount, Revocation
from buffycoat.domain.value import derive_id
from buffycoat.errors import Conflict, NotFound
from buffycoat.store import Transaction
from buffycoat.workflows.people.accounts import end, facts_of, revocation_id, shown_by
from buffycoat.workflows.workspace import Workspace

__all__ = ["held_link", "own_account", "unlink"]


def held_link(transaction: Transaction, *, issuer: str, subject: str) -> tuple[Identity | None, str]:
    """Return the link that holds of somebody whom a provider knows, and the id that the next one is to have.

    A link that was removed stays where it is, as all that was; the next one counts on from it.
    """
    nth = 0
    while True:
        about = {"issuer": issuer, "subject": subject} | ({"nth": nth} if nth else {})
        key = derive_id("identity", about)
        found = transaction.find(Identity, id=key)
        if not found:
            return None, key
        if not _is_over(transaction, key):
            return found[0], key
        nth += 1


def _is_over(transaction: Transaction, key: str) -> bool:
    return bool(transaction.find(Revocation, id=revocation_id(key)))


def _links_of(transaction: Transaction, person_id: str) -> list[Identity]:
    mine = [link for link in transaction.find(Identity, expert_id=person_id) if not _is_over(transaction, link.id)]
    return sorted(mine, key=lambda link: (link.made_at, link.id))


def own_account(workspace: Workspace, person_id: str) -> OwnAccount:
    """Return by what a person may sign in; links oldest first."""
    with workspace.database.reading() as transaction:
        return OwnAccount(
            has_password=facts_of(transaction, person_id).has_password,
            identities=tuple(_links_of(transaction, person_id)),
        )


def unlink(workspace: Workspace, person_id: str, link_id: str) -> None:
    """Remove a link of a person; every sign-in and token ends, as any of them may stand on it.

    Raises
    ------
    NotFound
        The person has no such link.
    Conflict
        Without it the person could not sign in.
    """
    with workspace.database.writing() as transaction:
        mine = [link.id for link in _links_of(transaction, person_id)]
        if link_id not in mine:
            raise NotFound("no linked sign-in of yours has this id", found=link_id)
        if len(mine) == 1 and not facts_of(transaction, person_id).has_password:
            raise Conflict(
                "this is the last way to sign in",
                hint="ask an admin for an invitation with your handle, set a password through it, then remove the link",
            )
        transaction.add(end([link_id, *shown_by(transaction, person_id)], Ended.WITHDRAWN, by=person_id))
