"""Questions about people and what they show, in one statement each: every request asks them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select

from buffycoat.domain.account import Appointment, Password, Person, Scope, SignIn, Token
from buffycoat.domain.label import Role
from buffycoat.domain.smear import Smear
from buffycoat.domain.value import Digest, value
from buffycoat.store.database import Database, Transaction
from buffycoat.store.tables import TABLES, moment_of

__all__ = ["Shown", "any_account", "appointments_now", "only_simulated", "passwords_now", "shown_secret"]

_appointment, _password, _smear = TABLES[Appointment].c, TABLES[Password].c, TABLES[Smear].c


@value
class Shown:
    """What is known of a secret that somebody shows: whose it is, its digest, and until when it is good.

    ``real``: of a person of the demo, whether a smear is real or none is there; ``False`` of everybody else.
    """

    person: Person
    active: bool
    scope: Scope
    digest: Digest
    expires_at: datetime
    real: bool


# The newest appointment of whoever the secret is of; as text, because nothing may stand between it and the database.
_QUESTION = """
SELECT shown.digest, shown.expires_at, {scope}, expert.id, expert.handle, expert.simulated, held.role, held.active,
    expert.simulated AND (
        NOT EXISTS (SELECT 1 FROM smear) OR EXISTS (SELECT 1 FROM smear WHERE NOT smear.simulated)
    )
FROM {table} AS shown
JOIN expert ON expert.id = shown.expert_id
JOIN appointment AS held ON held.expert_id = shown.expert_id
WHERE shown.id = :key AND NOT EXISTS (SELECT 1 FROM revocation WHERE revocation.id = :ended)
ORDER BY held.made_at DESC, held.id DESC
LIMIT 1
"""
_QUESTIONS = {
    SignIn: _QUESTION.format(table="sign_in", scope=f"'{Scope.ALL.value}'"),
    Token: _QUESTION.format(table="token", scope="shown.scope"),
}


def shown_secret(database: Database, kind: type[SignIn | Token], key: str, *, ended: str) -> Shown | None:
    """Return what is known of a sign-in or token that was not revoked; ``None`` where there is none.

    One statement, so all that it says is of one moment.

    Parameters
    ----------
    database
        Where.
    kind : type
        ``SignIn`` or ``Token``.
    key : str
        Its id.
    ended : str
        The id that its revocation would have.
    """
    found = database.glances.first(_QUESTIONS[kind], {"key": key, "ended": ended})
    if found is None:
        return None
    digest, expires_at, scope, person, handle, simulated, role, active, real = found
    return Shown(
        person=Person(id=person, handle=handle, role=Role(role), simulated=bool(simulated)),
        active=bool(active),
        scope=Scope(scope),
        digest=digest,
        expires_at=moment_of(expires_at),
        real=bool(real),
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
    counts = transaction.connection.execute(select(func.count(), func.count().filter(~_smear.simulated))).one()
    return bool(counts[0]) and not counts[1]
