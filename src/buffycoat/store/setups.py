"""Which set-up is said to have taken a photograph: the one recorded first, or the newest correction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from buffycoat.domain.smear import Capture, FieldOfView, SetupCorrection
from buffycoat.store.database import Transaction

__all__ = ["captures_now", "setup_corrections", "setups_now", "with_setups"]


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


def captures_now(transaction: Transaction, fields: Iterable[FieldOfView]) -> dict[str, Capture]:
    """Return the set-up that holds now of photographs, by their ids."""
    captures = {capture.id: capture for capture in transaction.find(Capture)}
    return {field.id: captures[field.capture_id] for field in with_setups(transaction, fields)}
