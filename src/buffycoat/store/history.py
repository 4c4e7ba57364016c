"""Events of one person in one round, in the order in which they were given."""

from __future__ import annotations

from sqlalchemy import select

from buffycoat.domain.label import Label
from buffycoat.store.database import Transaction
from buffycoat.store.tables import TABLES

__all__ = ["newest_events"]

_label = TABLES[Label].c


def newest_events(transaction: Transaction, round_id: str, expert_id: str, *, limit: int) -> list[Label]:
    """Return the newest events of an expert in a round, the newest last; those by which an answer was taken back, too.

    Of open rounds as well, so this is for the one whose answers they are.
    """
    of = (_label.event.is_not(None), _label.round_id == round_id, _label.expert_id == expert_id)
    newest = select(_label.id).where(*of).order_by(_label.given_at.desc(), _label.event.desc()).limit(limit)
    found = transaction.select(Label, select(TABLES[Label]).where(_label.id.in_(newest)))
    return sorted(found, key=lambda label: (label.given_at, label.event or ""))
