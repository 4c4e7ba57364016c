"""One table a value: columns are read off the value's fields, so nothing is declared twice.

Plain types become columns of their own; boxes, tuples, mappings and nested values become JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from enum import StrEnum
from itertools import chain
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import orjson
from pydantic import TypeAdapter
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    and_,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from buffycoat.domain.account import Appointment, Identity, Invitation, Password, Revocation, SignIn, Token, TokenUse
from buffycoat.domain.audit import Showing
from buffycoat.domain.capturing import Arrival, Preset
from buffycoat.domain.cell import Cell, CoveredField, CrossRepeat, Repeat
from buffycoat.domain.edition import TaxonomyEdition
from buffycoat.domain.erratum import Erratum, ErratumAnswer
from buffycoat.domain.job import JobEvent, JobOrder
from buffycoat.domain.label import Closing, Expert, HandIn, Label, Round
from buffycoat.domain.locating import BoxEvent
from buffycoat.domain.mask import Mask, MaskSelection
from buffycoat.domain.query import Query
from buffycoat.domain.release import Release, Scorecard
from buffycoat.domain.ruling import RepeatRuling
from buffycoat.domain.run import Document, Outcome, Run
from buffycoat.domain.smear import Capture, Correction, FieldOfView, SetupCorrection, Smear
from buffycoat.domain.sorting import GalleryLabel
from buffycoat.domain.withdrawal import Withdrawal

T = TypeVar("T")

__all__ = ["METADATA", "PULSE", "TABLES", "UtcDateTime", "bound_values", "from_row", "moment_of", "to_row"]

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. No database is asked to keep the zone, so none can turn a moment into its own."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (signature of SQLAlchemy)
        """Store UTC without a zone."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (signature of SQLAlchemy)
        """Return an aware moment."""
        return None if value is None else value.replace(tzinfo=UTC)


def moment_of(held: str | datetime) -> datetime:
    """Return the moment that a row holds, read bare: text where SQLite holds it.

    Examples
    --------
    >>> moment_of("2026-01-02 03:04:05.000000") == moment_of(datetime(2026, 1, 2, 3, 4, 5))
    True
    """
    return (datetime.fromisoformat(held) if isinstance(held, str) else held).replace(tzinfo=UTC)


_ENUM = "enum"
_PLAIN: dict[type, type[TypeEngine[Any]] | TypeEngine[Any]] = {
    str: String,
    bool: Boolean,
    # An INTEGER of SQLite has 64 bits, one of PostgreSQL 32: a seed may be large.
    int: Integer().with_variant(BigInteger(), "postgresql"),
    float: Float,
    datetime: UtcDateTime,
}
_REFERENCES = {
    "smear_id": "smear.id",
    "capture_id": "capture.id",
    "field_id": "field_of_view.id",
    "covered_by": "field_of_view.id",
    "cell_id": "cell.id",
    "kept_id": "cell.id",
    "other_id": "cell.id",
    "expert_id": "expert.id",
    "round_id": "round.id",
    "release_id": "release.id",
    "erratum_id": "erratum.id",
    "run_id": "run.id",
    "job_id": "job_order.id",
    "preset_id": "preset.id",
}
# These have a large share of all rows each: an index would cost every row and serve no question. An expert's answers in
# a round are found by an index of their own, see below.
_NOT_INDEXED = frozenset({"run_id", "expert_id", "capture_id", "round_id", "job_id", "preset_id"})


def _column(name: str, hint: Any, owner: str) -> Column[Any]:
    nullable = get_origin(hint) is UnionType and NoneType in get_args(hint)
    kinds = [kind for kind in get_args(hint) if kind is not NoneType] if nullable else [hint]
    plain = kinds[0] if len(kinds) == 1 and isinstance(kinds[0], type) else None
    info = {}
    if plain is not None and issubclass(plain, StrEnum):
        plain, info = str, {_ENUM: True}
    kind = _PLAIN.get(plain, JSON) if plain is not None else JSON
    if name == "id":
        return Column(name, kind, primary_key=True)
    if name == "supersedes":
        return Column(name, kind, ForeignKey(f"{owner}.id"), nullable=True)
    target = _REFERENCES.get(name)
    keys = [ForeignKey(target)] if target else []
    return Column(
        name, kind, *keys, nullable=nullable, index=target is not None and name not in _NOT_INDEXED, info=info
    )


def _table(cls: type, name: str, *constraints: Index) -> Table:
    hints = get_type_hints(cls)
    columns = [_column(field.name, hints[field.name], name) for field in fields(cls)]
    columns.sort(key=lambda column: column.name != "id")
    return Table(name, METADATA, *columns, *constraints)


# In this order a value comes after the ones that it speaks of.
TABLES: dict[type, Table] = {
    Smear: _table(Smear, "smear", Index("uq_smear_site_code", "site", "code", unique=True)),
    Capture: _table(Capture, "capture"),
    Run: _table(Run, "run"),
    Document: _table(Document, "document"),
    TaxonomyEdition: _table(TaxonomyEdition, "taxonomy"),
    Query: _table(Query, "query"),
    Correction: _table(Correction, "correction"),
    FieldOfView: _table(FieldOfView, "field_of_view", Index("uq_field_of_view_received", "received", unique=True)),
    SetupCorrection: _table(SetupCorrection, "setup_correction"),
    Cell: _table(Cell, "cell"),
    Repeat: _table(Repeat, "repeat", Index("uq_repeat_cell_run", "cell_id", "run_id", unique=True)),
    CoveredField: _table(CoveredField, "covered_field"),
    CrossRepeat: _table(CrossRepeat, "cross_repeat"),
    RepeatRuling: _table(RepeatRuling, "repeat_ruling"),
    Expert: _table(Expert, "expert", Index("uq_expert_handle", "handle", unique=True)),
    Appointment: _table(Appointment, "appointment", Index("ix_appointment_expert_id", "expert_id")),
    Password: _table(Password, "password", Index("ix_password_expert_id", "expert_id")),
    SignIn: _table(SignIn, "sign_in", Index("ix_sign_in_expert_id", "expert_id")),
    Token: _table(Token, "token", Index("ix_token_expert_id", "expert_id")),
    TokenUse: _table(TokenUse, "token_use", Index("ix_token_use_token_id", "token_id")),
    Identity: _table(Identity, "identity"),
    Invitation: _table(Invitation, "invitation"),
    Revocation: _table(Revocation, "revocation"),
    Round: _table(Round, "round", Index("uq_round_name", "name", unique=True)),
    Closing: _table(Closing, "closing", Index("uq_closing_round", "round_id", unique=True)),
    HandIn: _table(HandIn, "hand_in", Index("uq_hand_in_round_expert", "round_id", "expert_id", unique=True)),
    Label: _table(Label, "label"),
    Showing: _table(Showing, "showing"),
    GalleryLabel: _table(
        GalleryLabel,
        "gallery_label",
        Index("ix_gallery_label_newest", "expert_id", "cell_id", "given_at", "event"),
    ),
    BoxEvent: _table(BoxEvent, "box_event", Index("ix_box_event_subject", "subject", "given_at", "event")),
    Mask: _table(Mask, "mask"),
    MaskSelection: _table(MaskSelection, "mask_selection", Index("uq_mask_selection_name", "name", unique=True)),
    Release: _table(Release, "release", Index("uq_release_version", "version", unique=True)),
    Scorecard: _table(Scorecard, "scorecard"),
    Withdrawal: _table(Withdrawal, "withdrawal"),
    Erratum: _table(Erratum, "erratum"),
    ErratumAnswer: _table(ErratumAnswer, "erratum_answer"),
    Preset: _table(Preset, "preset", Index("uq_preset_name", "name", unique=True)),
    Arrival: _table(Arrival, "arrival"),
    Outcome: _table(Outcome, "outcome", Index("ix_outcome_subject", "room", "subject")),
    JobOrder: _table(JobOrder, "job_order"),
    JobEvent: _table(JobEvent, "job_event", Index("uq_job_event_number", "job_id", "number", unique=True)),
}

PULSE = Table(
    "job_pulse",
    METADATA,
    Column("job_id", String, ForeignKey("job_order.id"), primary_key=True),
    Column("worker", String, nullable=False),
    Column("lease_until", UtcDateTime, nullable=False),
    Column("room", String, nullable=False),
    Column("done", _PLAIN[int], nullable=False),
    Column("total", _PLAIN[int], nullable=False),
)
"""Who works on what at this moment. These rows alone are written over, and go when a job ends: a row for each sign of
life would soon be most of the database. They say nothing that the next sign of life would not say again, so they are
left behind where a workspace moves."""

# One imported label per expert, cell, round and purpose: one first answer, and a correction corrects one answer only.
_label = TABLES[Label].c
_imported = and_(_label.supersedes.is_(None), _label.event.is_(None))
Index(
    "uq_label_first",
    _label.round_id,
    _label.cell_id,
    _label.expert_id,
    _label.purpose,
    unique=True,
    sqlite_where=_imported,
    postgresql_where=_imported,
)
# Rows of a closed round are found without passing over those of open ones.
Index(
    "ix_label_imported",
    _label.round_id,
    sqlite_where=_label.event.is_(None),
    postgresql_where=_label.event.is_(None),
)
# Of the answers that people give there may be several, and the newest holds: it is found here without reading a row.
Index(
    "ix_label_event",
    _label.round_id,
    _label.expert_id,
    _label.cell_id,
    _label.purpose,
    _label.given_at,
    _label.event,
    sqlite_where=_label.event.is_not(None),
    postgresql_where=_label.event.is_not(None),
)

for _owner in (Label, Mask):
    _supersedes = TABLES[_owner].c.supersedes
    Index(
        f"uq_{TABLES[_owner].name}_supersedes",
        _supersedes,
        unique=True,
        sqlite_where=_supersedes.is_not(None),
        postgresql_where=_supersedes.is_not(None),
    )

_ADAPTERS: dict[type, TypeAdapter[Any]] = {cls: TypeAdapter(cls) for cls in TABLES}


def bound_values(cls: type, values: Sequence[Any], dialect: Dialect) -> list[Any]:
    """Return what the driver binds for values of one class: the columns of the first, of the second, and so on.

    Every value passes here, a hundred thousand of them when a set is imported: conversions are looked up once a column,
    and go through all values of that column at once.
    """
    columns = TABLES[cls].c
    width = len(columns)
    read = attrgetter(*(column.name for column in columns))
    bound = list(chain.from_iterable(map(read, values)))
    for place, column in enumerate(columns):
        if (convert := _conversion(column, dialect)) is not None:
            bound[place::width] = map(convert, bound[place::width])
    return bound


def _conversion(column: Column[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    if isinstance(column.type, JSON):
        return _once(lambda value: orjson.dumps(value).decode())
    if isinstance(column.type, String):
        return _once(str) if _ENUM in column.info else None
    process = column.type.dialect_impl(dialect).bind_processor(dialect)
    return None if process is None else _once(process)


def _once(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Convert a value that comes many times in a row once: the same moment, the same EXIF, nothing."""
    last: Any = object()
    converted: Any = None

    def again(value: Any) -> Any:
        nonlocal last, converted
        if value is not last:
            last, converted = value, convert(value)
        return converted

    return again


def to_row(value: Any) -> dict[str, Any]:
    """Return the columns of a value, as SQLAlchemy takes them."""
    cls = type(value)
    row: dict[str, Any] = _ADAPTERS[cls].dump_python(value, mode="json")
    for name, kind in TABLES[cls].c.items():
        if isinstance(kind.type, UtcDateTime):
            row[name] = getattr(value, name)
    return row


def from_row(cls: type[T], row: dict[str, Any]) -> T:
    """Return the value that a row holds."""
    loaded: T = _ADAPTERS[cls].validate_python(row)
    return loaded
