"""Entries of the audit log, as they are asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import and_, func, or_, select

from buffycoat.domain.audit import Action, Entry, Showing
from buffycoat.domain.value import Digest
from buffycoat.store.chain import ENTRIES, FIRST
from buffycoat.store.database import Transaction
from buffycoat.store.listed import listed
from buffycoat.store.tables import TABLES

__all__ = ["authors_of", "entries_before", "head_of", "opening_of", "showings_among"]

_entry = ENTRIES.c


def opening_of(transaction: Transaction, rounds: Collection[str]) -> int | None:
    """Return the number of the entry by which the first of some rounds was opened; ``None`` where none was."""
    # Said as the index says it, so that how long this takes tells nothing of how many answers there are.
    opened = and_(_entry.subject.in_(list(rounds)), _entry.subject_class == "round", _entry.subject_class != "label")
    return transaction.connection.execute(select(func.min(_entry.seq)).where(opened)).scalar()


def head_of(transaction: Transaction, until: int | None = None) -> tuple[int, Digest]:
    """Return how many entries there are, to the number ``until``, and the digest of the last of them."""
    statement = select(_entry.seq, _entry.digest).order_by(_entry.seq.desc()).limit(1)
    if until is not None:
        statement = statement.where(_entry.seq <= until)
    found = transaction.connection.execute(statement).first()
    return (0, FIRST) if found is None else (found.seq + 1, found.digest)


def entries_before(
    transaction: Transaction,
    before: int,
    *,
    limit: int,
    sealed: Collection[str],
    person: str | None = None,
    actions: Collection[Action] = (),
    since: str | None = None,
) -> list[Entry]:
    """Return entries with smaller numbers, the latest first; sealed ones where nothing is asked of what they say."""
    statement = select(ENTRIES).where(_entry.seq < before).order_by(_entry.seq.desc()).limit(limit)
    if person is not None:
        statement = statement.where(_entry.person == person)
    if actions:
        statement = statement.where(_entry.action.in_([action.value for action in actions]))
    if since is not None:
        statement = statement.where(_entry.moment >= since)
    if person is not None or actions or since is not None:
        statement = statement.where(or_(_entry.round_id.is_(None), _entry.round_id.not_in(list(sealed))))
    return [
        Entry(**{**row, "action": Action(row["action"])})
        for row in transaction.connection.execute(statement).mappings()
    ]


def showings_among(transaction: Transaction, entries: Sequence[Entry]) -> Mapping[str, Showing]:
    """Return the showings that some entries speak of, by id."""
    showing = TABLES[Showing]
    wanted = [entry.subject for entry in entries if entry.subject_class == showing.name]
    found = transaction.select(Showing, select(showing).where(showing.c.id.in_(wanted))) if wanted else []
    return {each.id: each for each in found}


def authors_of(transaction: Transaction, subjects: Collection[str]) -> Mapping[str, str | None]:
    """Return who kept some values, by their ids; ``None`` where nobody was signed in."""
    statement = select(_entry.subject, _entry.person).where(_entry.subject.in_(listed(subjects)))
    return {row.subject: row.person for row in transaction.connection.execute(statement)}
