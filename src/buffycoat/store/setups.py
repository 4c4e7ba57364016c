"""Which set-up is said to have taken a photograph: the one recorded first, or the newest correction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import func, select

from buffycoat.domain.smear import Capture, FieldOfView, SetupCorrection
from buffycoat.domain.withdrawal import Withdrawal
from buffycoat.store.database import Transaction
from buffycoat.store.listed import listed
from buffycoat.store.tables import TABLES

__all__ = ["captures_now", "fields_by_setups", "photograph_groups", "setup_corrections", "setups_now", "with_setups"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotographGroup:
    """How many photographs of one smear one set-up took; ``crops`` of them came alone, without photograph."""

    smear_id: str
    capture_id: str
    photographs: int
    crops: int


def setup_corrections(transaction: Transaction) -> list[SetupCorrection]:
    """Return what was said otherwise of set-ups, the newest last."""
    return sorted(transaction.find(SetupCorrection), key=lambda made: (made.made_at, made.id))


def setups_now(transaction: Transaction) -> Mapping[str, str]:
    """Return the set-up by photograph, of those that were corrected."""
    return {field: made.capture_id for made in setup_corrections(transaction) for field in made.fields}


def with_setups(transaction: Transaction, fields: Iterable[FieldOfView]) -> list[FieldOfView]:
    """Return photographs with the set-up that holds now; turns, size and pixels stay those that were recorded."""
    now = setups_now(transaction)
    return [replace(field, capture_id=now[field.id]) if field.id in now else field for field in fields]


def fields_by_setups(transaction: Transaction, captures: Collection[str]) -> list[str]:
    """Return the ids of the photographs that some set-ups took, as is said now: nothing else is read of them."""
    now, table = setups_now(transaction), TABLES[FieldOfView].c
    rows = transaction.connection.execute(select(table.id, table.capture_id))
    return [field for field, capture in rows if now.get(field, capture) in captures]


def photograph_groups(transaction: Transaction) -> list[PhotographGroup]:
    """Return how many photographs of each smear each set-up took, as is said now; of withdrawn smears none."""
    now, table = setups_now(transaction), TABLES[FieldOfView].c
    counts: Counter[tuple[str, str]] = Counter()
    crops: Counter[tuple[str, str]] = Counter()

    grouped = (table.smear_id, table.capture_id, table.crop_only)
    there = table.smear_id.not_in(select(TABLES[Withdrawal].c.smear_id))
    for smear, capture, crop_only, times in transaction.connection.execute(
        select(*grouped, func.count()).where(there).group_by(*grouped)
    ):
        counts[smear, capture] += times
        crops[smear, capture] += times * crop_only
    moved = select(*grouped, table.id).where(there, table.id.in_(listed(now)))
    for smear, capture, crop_only, field in transaction.connection.execute(moved):
        for setup, times in ((capture, -1), (now[field], 1)):
            counts[smear, setup] += times
            crops[smear, setup] += times * crop_only
    return [
        PhotographGroup(smear_id=smear, capture_id=capture, photographs=times, crops=crops[smear, capture])
        for (smear, capture), times in sorted(counts.items())
        if times
    ]


def captures_now(transaction: Transaction, fields: Iterable[FieldOfView]) -> dict[str, Capture]:
    """Return the set-up that holds now of photographs, by their ids."""
    captures = {capture.id: capture for capture in transaction.find(Capture)}
    return {field.id: captures[field.capture_id] for field in with_setups(transaction, fields)}
