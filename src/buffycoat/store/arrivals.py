"""Questions on photographs that devices sent: what was said of a field, and how many white cells were seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import func, select

from buffycoat.domain.capturing import Arrival, CountingArea
from buffycoat.domain.smear import FieldOfView
from buffycoat.store.database import Transaction
from buffycoat.store.listed import listed
from buffycoat.store.tables import TABLES

__all__ = ["arrivals_of", "counting_areas", "newest_arrivals", "seen_cells"]

_arrival, _field = TABLES[Arrival].c, TABLES[FieldOfView].c
_JOINED: Final = TABLES[Arrival].join(TABLES[FieldOfView], _field.id == _arrival.field_id)


def arrivals_of(transaction: Transaction, fields: Collection[str]) -> Mapping[str, Sequence[Arrival]]:
    """Return what came or was said of fields, by field, in the order of time."""
    statement = select(TABLES[Arrival]).where(_arrival.field_id.in_(listed(fields)))
    found: defaultdict[str, list[Arrival]] = defaultdict(list)
    for each in transaction.select(Arrival, statement.order_by(_arrival.arrived_at, _arrival.id)):
        found[each.field_id].append(each)
    return found


def counting_areas(transaction: Transaction, fields: Collection[str]) -> Mapping[str, CountingArea]:
    """Return of fields of which anybody said so, whether each shows the counting area."""
    return {key: told[-1].in_counting_area for key, told in arrivals_of(transaction, fields).items()}


def newest_arrivals(transaction: Transaction) -> Mapping[str, datetime]:
    """Return when the newest photograph of each smear came from a device."""
    statement = (
        select(_field.smear_id, func.max(_arrival.arrived_at))
        .select_from(_JOINED)
        .where(_arrival.sent.is_(True))
        .group_by(_field.smear_id)
    )
    return {row[0]: row[1].replace(tzinfo=UTC) for row in transaction.connection.execute(statement)}


def seen_cells(transaction: Transaction) -> Mapping[str, int]:
    """Return how many white cells were seen on the photographs of each smear, each photograph once."""
    once = (
        select(_arrival.field_id, func.max(_arrival.white_cells).label("cells"))
        .where(_arrival.sent.is_(True))
        .group_by(_arrival.field_id)
        .subquery()
    )
    statement = (
        select(_field.smear_id, func.sum(once.c.cells))
        .select_from(once.join(TABLES[FieldOfView], _field.id == once.c.field_id))
        .group_by(_field.smear_id)
    )
    return {row[0]: int(row[1] or 0) for row in transaction.connection.execute(statement)}
