"""The audit log: an entry for each act of a person, in the same transaction, bound to all entries before it.

The digest of an entry covers its number, the digest of the entry before, and the digest of what it says, in three steps
so that an entry can be passed on sealed: without what it says, and still part of the chain.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import MISSING, fields
from datetime import UTC, datetime
from functools import lru_cache
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

import orjson
from sqlalchemy import BigInteger, Column, Connection, Index, Integer, String, Table, select, text
from sqlalchemy.dialects.sqlite import dialect as sqlite

from buffycoat.domain.audit import Action, Entry
from buffycoat.domain.label import Label
from buffycoat.domain.value import Digest, digest_of
from buffycoat.store.acts import ACTS
from buffycoat.store.rows import bare_rows, casts, mark_of
from buffycoat.store.tables import METADATA, TABLES, bound_values, from_row

__all__ = [
    "ACTOR",
    "ENTRIES",
    "FILED",
    "FIRST",
    "Made",
    "append",
    "begin",
    "content_digest",
    "enter",
    "entry_digest",
    "made_of",
    "raw_rows",
    "value_digest",
]

ACTOR: ContextVar[str | None] = ContextVar("ACTOR", default=None)
"""Id of the person whose request is being answered; nobody on the command line."""
FIRST: Digest = "0" * 64
"""What stands for the entry before the first."""
FILED = "labels"
"""Class of the entries for labels that came with a set: their subject is a round, their value runs over all of them."""

ENTRIES = Table(
    "audit_entry",
    METADATA,
    Column("seq", Integer().with_variant(BigInteger(), "postgresql"), primary_key=True, autoincrement=False),
    *(
        Column(name, String, nullable=name in ("person", "round_id"))
        for name in (
            "moment",
            "person",
            "action",
            "subject_class",
            "subject",
            "round_id",
            "value",
            "salt",
            "previous",
            "digest",
        )
    ),
)
# Answers are by far the most, and are never looked for by their id.
_few = ENTRIES.c.subject_class != "label"
Index("ix_audit_entry_subject", ENTRIES.c.subject, ENTRIES.c.seq, sqlite_where=_few, postgresql_where=_few)

Made = tuple[Action, str | None, str, str, str | None, Digest]
"""What an entry is made of: action, person, class and id of the subject, round, digest of the value."""
_COLUMNS = tuple(field.name for field in fields(Entry))
_said = attrgetter(*_COLUMNS)
_SORTED = orjson.OPT_SORT_KEYS


# ------------------------------------------------------------------ digests


def entry_digest(seq: int, previous: Digest, content: Digest) -> Digest:
    """Return the digest of an entry from its number, the digest before, and the digest of what it says."""
    return digest_of(orjson.dumps({"content": content, "previous": previous, "seq": seq}, option=_SORTED))


def content_digest(entry: Entry) -> Digest:
    """Return the digest of what an entry says."""
    said = {
        "action": entry.action,
        "class": entry.subject_class,
        "moment": entry.moment,
        "person": entry.person,
        "round": entry.round_id,
        "salt": entry.salt,
        "subject": entry.subject,
        "value": entry.value,
    }
    return digest_of(orjson.dumps(said, option=_SORTED))


@lru_cache(maxsize=128)
def _shape(cls: type) -> tuple[tuple[str, ...], tuple[Any, ...], tuple[tuple[int, Any], ...]]:
    """Return the columns of a class, what each holds by default, and which are read back as another type than bound."""
    columns = TABLES[cls].c
    defaults = {}
    for field in fields(cls):
        if field.default is not MISSING:
            defaults[field.name] = field.default
        elif field.default_factory is not MISSING:
            defaults[field.name] = field.default_factory()
    plain = SimpleNamespace(**{column.name: defaults.get(column.name) for column in columns})
    bound = bound_values(cls, [plain], sqlite())
    cast = casts(TABLES[cls])
    for place, kind in cast:
        bound[place] = None if bound[place] is None else kind(bound[place])
    names = tuple(str(column.name) for column in columns)
    return names, tuple(b if n in defaults else MISSING for n, b in zip(names, bound, strict=True)), cast


def value_digest(cls: type, row: Sequence[Any]) -> Digest:
    """Return the digest of a row as the database holds it.

    What is at its default is left out, so that a column that is added later changes no digest.

    Parameters
    ----------
    cls : type
        Class of the value.
    row : sequence
        Its columns as bound or as read, in the order of its table.
    """
    names, defaults, cast = _shape(cls)
    held = list(row)
    for place, kind in cast:
        if held[place] is not None:
            held[place] = kind(held[place])
    said = {
        name: given
        for name, given, plain in zip(names, held, defaults, strict=True)
        if plain is MISSING or given != plain
    }
    return digest_of(orjson.dumps(said, option=_SORTED))


# ------------------------------------------------------------------ entries


def made_of(cls: type, values: Iterable[Any], rows: Iterable[Sequence[Any]]) -> Iterator[Made]:
    """Give what the entries of values are made of, in their order; none for those that are acts of nobody."""
    act, name = ACTS[cls], TABLES[cls].name
    actor = ACTOR.get()
    for value, row in zip(values, rows, strict=True):
        if act.chosen(value):
            yield (
                act.action(value),
                act.person(value) or actor,
                name,
                value.id,
                act.round_id(value),
                value_digest(cls, row),
            )


def append(connection: Connection, cls: type, values: Sequence[Any], rows: Sequence[Sequence[Any]]) -> None:
    """Enter values that were just added, in a transaction that writes."""
    made = list(made_of(cls, values, rows))
    if cls is Label:
        made += _filed(connection, values, rows)
    _write(connection, made)


def _filed(connection: Connection, values: Sequence[Label], rows: Sequence[Sequence[Any]]) -> Iterator[Made]:
    """Give one entry for the imported labels of each round; its value runs on from the one before."""
    by_round: dict[str, list[Digest]] = {}
    for label, row in zip(values, rows, strict=True):
        if label.event is None:
            by_round.setdefault(label.round_id, []).append(value_digest(Label, row))
    entries = ENTRIES.c
    for round_id, digests in by_round.items():
        running = connection.execute(
            select(entries.value)
            .where(entries.subject == round_id, entries.subject_class == FILED, entries.subject_class != "label")
            .order_by(entries.seq.desc())
            .limit(1)
        ).scalar()
        running = FIRST if running is None else running
        for each in digests:
            running = hashlib.sha256(f"{running}{each}".encode()).hexdigest()
        yield Action.IMPORTED, ACTOR.get(), FILED, round_id, round_id, running


def _write(connection: Connection, made: Iterable[Made]) -> None:
    last = connection.exec_driver_sql("SELECT seq, moment, digest FROM audit_entry ORDER BY seq DESC LIMIT 1").first()
    seq, moment, previous = (-1, "", FIRST) if last is None else last
    # A clock that was set back makes no entry older than the one before it.
    moment = max(moment, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
    written: list[tuple[Any, ...]] = []
    for action, person, subject_class, subject, round_id, value in made:
        entry = Entry(
            seq=seq + 1 + len(written),
            moment=moment,
            person=person,
            action=action,
            subject_class=subject_class,
            subject=subject,
            round_id=round_id,
            value=value,
            salt=secrets.token_hex(16),
            previous=previous,
            digest="",
        )
        previous = entry_digest(entry.seq, previous, content_digest(entry))
        written.append((*_said(entry)[:-1], previous))
    if written:
        marks = ", ".join([mark_of(connection.dialect)] * len(_COLUMNS))
        names = ", ".join(_COLUMNS)
        connection.exec_driver_sql(f"INSERT INTO audit_entry ({names}) VALUES ({marks})", written)  # noqa: S608 (names of our own columns)


# ------------------------------------------------------------ the beginning


def raw_rows(
    connection: Connection, cls: type, where: str = "", parameters: tuple[Any, ...] = (), *, order: str = "id"
) -> Iterator[Sequence[Any]]:
    """Give the rows of a class as the database holds them."""
    return bare_rows(connection, TABLES[cls], where, parameters, order=order)


def begin(connection: Connection) -> None:
    """Begin the log of a workspace, and enter what people did in it before there was a log, class by class.

    Such entries bear the moment at which they were entered, as that is when they were bound; what they speak of says
    when it was done.
    """
    _write(connection, [(Action.BEGAN, None, "workspace", secrets.token_hex(16), None, FIRST)])
    for cls in (cls for cls in TABLES if cls in ACTS):
        enter(connection, cls)


def enter(connection: Connection, cls: type) -> None:
    """Enter all values of a class, of which none was entered before."""
    # Imported labels run in the order in which they were added.
    values: list[Any] = [
        from_row(cls, dict(row)) for row in connection.execute(select(TABLES[cls]).order_by(text("rowid"))).mappings()
    ]
    if values:
        append(connection, cls, values, list(raw_rows(connection, cls, order="rowid")))
