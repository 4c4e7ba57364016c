"""The audit log as it is told: who did what when, and who saw which suggestion."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from buffycoat.domain.account import Person
from buffycoat.domain.audit import Action, AuditLine, AuditPage, Entry, Showing, ShowingFacts
from buffycoat.domain.label import Expert
from buffycoat.errors import InputError
from buffycoat.store.answers import rounds_of
from buffycoat.store.chain import ACTOR
from buffycoat.store.entries import entries_before, head_of, showings_among
from buffycoat.workflows.audit.sight import Sight, sight_of
from buffycoat.workflows.people.accounts import find_expert
from buffycoat.workflows.workspace import Workspace

__all__ = ["list_entries", "set_actor"]


def set_actor(person_id: str | None) -> None:
    """Say on whose behalf this thread or task works from now on: what it keeps is entered under that name."""
    ACTOR.set(person_id)


def list_entries(
    workspace: Workspace,
    person: Person | None,
    *,
    handle: str | None = None,
    actions: Collection[Action] = (),
    since: str | None = None,
    before: int | None = None,
    limit: int = 100,
) -> AuditPage:
    """Return a part of the log, the latest entry first.

    Parameters
    ----------
    workspace
        Where.
    person : Person or None
        Who asks; ``None`` on the command line.
    handle : str, optional
        Only what this person did.
    actions : collection of Action
        Only these; none for all.
    since : str, optional
        Only what was entered from this moment on: ISO 8601, in UTC where it names no zone.
    before : int, optional
        Only entries with smaller numbers: see ``AuditPage.following``.
    limit : int
        How many at most.

    Raises
    ------
    InputError
        Nobody has this handle, or the moment is none.
    """
    moment = None if since is None else _moment(since)
    with workspace.database.reading() as transaction:
        sight = sight_of(transaction, person)
        entries, head = head_of(transaction, sight.until)
        known = {expert.id: expert.handle for expert in transaction.find(Expert)}
        who = None
        if handle is not None:
            expert = find_expert(transaction, handle)
            if expert is None:
                raise InputError("nobody has this handle", found=repr(handle[:64]))
            who = expert.id
        found = entries_before(
            transaction,
            entries if before is None else min(before, entries),
            limit=limit + 1,
            sealed=sight.sealed,
            person=who,
            actions=actions,
            since=moment,
        )
        page = found[:limit]
        rounds = {entry.round_id for entry in page if entry.round_id is not None}
        names = {campaign.id: campaign.name for campaign in rounds_of(transaction, rounds)}
        showings = showings_among(transaction, [entry for entry in page if not sight.hides(entry)])
    return AuditPage(
        entries=entries,
        head=head,
        held_by=None if sight.held_by is None else sight.held_by.name,
        lines=tuple(_line(entry, sight, known, names, showings) for entry in page),
        following=page[-1].seq if len(found) > limit else None,
    )


def _line(
    entry: Entry,
    sight: Sight,
    known: Mapping[str, str],
    names: Mapping[str, str],
    showings: Mapping[str, Showing],
) -> AuditLine:
    if sight.hides(entry):
        return AuditLine(seq=entry.seq, digest=entry.digest, sealed=True)
    seen = showings.get(entry.subject) if entry.action is Action.SHOWN else None
    return AuditLine(
        seq=entry.seq,
        digest=entry.digest,
        sealed=False,
        moment=entry.moment,
        person_id=entry.person,
        # What was written before there were accounts names people as they were named.
        person=None if entry.person is None else known.get(entry.person, entry.person),
        action=entry.action,
        subject_class=entry.subject_class,
        subject=entry.subject,
        round=None if entry.round_id is None else names.get(entry.round_id),
        showing=None
        if seen is None
        else ShowingFacts(kind=seen.kind, about=seen.about, count=seen.count, source=seen.source),
    )


def _moment(text: str) -> str:
    try:
        said = datetime.fromisoformat(text)
        said = said.replace(tzinfo=UTC) if said.tzinfo is None else said.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InputError("not a moment", expected="ISO 8601, such as 2026-05-01", found=repr(text[:80])) from error
    return said.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
