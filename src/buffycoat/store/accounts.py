"""Questions about people and what they show, in one statement each: every request asks them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import bindparam, func, select

from buffycoat.domain.account import Appointment, Password, Person, Revocation, Scope, SignIn, Token
from buffycoat.domain.label import Expert, Role
from buffycoat.domain.smear import Smear
from buffycoat.domain.value import Digest, value
from buffycoat.store.database import Transaction
from buffycoat.store.tables import TABLES

__all__ = ["Shown", "any_account", "appointments_now", "only_simulated", "passwords_now", "shown_secret"]

_sign_in, _token, _expert = TABLES[SignIn].c, TABLES[Token].c, TABLES[Expert].c
_appointment, _password, _revocation = TABLES[Appointment].c, TABLES[Password].c, TABLES[Revocation].c


@value
class Shown:
    """What is known of a secret that somebody shows: whose it is, its digest, and until when it is good."""

    person: Person
    active: bool
    scope: Scope
    digest: Digest
    expires_at: datetime


def _question(kind: type) -> object:
    owned = TABLES[kind].c
    return (
        select(
            owned.digest,
            owned.expires_at,
            owned.scope if kind is Token else bindparam("scope", Scope.ALL.value).label("scope"),
            _expert.id,
            _expert.handle,
            _expert.simulated,
            _appointment.role,
            _appointment.active,
        )
        .join(TABLES[Expert], _expert.id == owned.expert_id)
        .join(TABLES[Appointment], _appointment.expert_id == owned.expert_id)
        .where(
            owned.id == bindparam("key"),
            ~select(_revocation.id).where(_revocation.id == bindparam("ended")).exists(),
        )
        .order_by(_appointment.made_at.desc(), _appointment.id.desc())
        .limit(1)
    )


_QUESTIONS = {SignIn: _question(SignIn), Token: _question(Token)}


def shown_secret(transaction: Transaction, kind: type[SignIn | Token], key: str, *, ended: str) -> Shown | None:
    """Return what is known of a sign-in or token that was not revoked; ``None`` where there is none.

    Parameters
    ----------
    transaction
        Where.
    kind : type
        ``SignIn`` or ``Token``.
    key : str
        Its id.
    ended : str
        The id that its revocation would have.
    """
    found = transaction.connection.execute(_QUESTIONS[kind], {"key": key, "ended": ended}).first()  # type: ignore[call-overload]  # of one table or the other
    if found is None:
        return None
    digest, expires_at, scope, person, handle, simulated, role, active = found
    return Shown(
        person=Person(id=person, handle=handle, role=Role(role), simulated=simulated),
        active=active,
        scope=Scope(scope),
        digest=digest,
        expires_at=expires_at.replace(tzinfo=UTC),
    )


def appointments_now(transaction: Transaction) -> Mapping[str, tuple[Appointment, datetime]]:
    """Return by expert the appointment that holds, and when the first one was made."""
    ordered = select(TABLES[Appointment]).order_by(_appointment.made_at, _appointment.id)
    held: dict[str, tuple[Appointment, datetime]] = {}
    for made in transaction.select(Appointment, ordered):
        since = held[made.expert_id][1] if made.expert_id in held else made.made_at
        held[made.expert_id] = (made, since)
    return held


def passwords_now(transaction: Transaction) -> Mapping[str, Password]:
    """Return by expert the password that holds."""
    ordered = select(TABLES[Password]).order_by(_password.made_at, _password.id)
    return {kept.expert_id: kept for kept in transaction.select(Password, ordered)}


def any_account(transaction: Transaction) -> bool:
    """Say whether there is an account at all."""
    return transaction.connection.execute(select(_appointment.id).limit(1)).first() is not None


def only_simulated(transaction: Transaction) -> bool:
    """Say whether there are smears, and all of them are simulated."""
    smear = TABLES[Smear].c
    counts = transaction.connection.execute(select(func.count(), func.count().filter(~smear.simulated))).one()
    return bool(counts[0]) and not counts[1]
