"""What is current: of derived rows, which are added and never replaced, those of the newest run that finished.

All statements may be asked of a few fields or smears alone; then no others are looked at.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, Subquery, and_, func, or_, select, tuple_

from buffycoat.domain.cell import Cell, CoveredField, FoundBy, Repeat
from buffycoat.domain.run import Outcome
from buffycoat.domain.smear import FieldOfView
from buffycoat.domain.withdrawal import Withdrawal
from buffycoat.store.boxes import held_by_people, is_replaced, placed_by_people
from buffycoat.store.tables import TABLES

__all__ = ["IN_ORDER", "cells_now", "cleaned", "covered_now", "detected", "fields_in", "gone", "newest", "repeats_now"]

_cell, _field, _outcome = TABLES[Cell].c, TABLES[FieldOfView].c, TABLES[Outcome].c
_repeat, _covered = TABLES[Repeat].c, TABLES[CoveredField].c
IN_ORDER = (_field.smear_id, _field.origin.nulls_first(), _field.id, _cell.id)
"""The order in which people see cells: by field and position."""


def newest(room: str, among: Select[tuple[str]] | None = None) -> Subquery:
    """Return (id, subject, run_id, finished_at) of the newest finished outcome of each subject in a room, or a few."""
    rank = func.row_number().over(
        partition_by=_outcome.subject, order_by=(_outcome.finished_at.desc(), _outcome.id.desc())
    )
    finished = select(_outcome.id, _outcome.subject, _outcome.run_id, _outcome.finished_at, rank.label("rank"))
    finished = finished.where(_outcome.room == room, _outcome.code.is_(None))
    ranked = (finished if among is None else finished.where(_outcome.subject.in_(among))).subquery()
    chosen = select(ranked.c.id, ranked.c.subject, ranked.c.run_id, ranked.c.finished_at).where(ranked.c.rank == 1)
    return chosen.subquery(f"newest_{room}")


def gone() -> Select[tuple[str]]:
    """Return the smears that were withdrawn: nobody is shown their cells, and none goes into a release."""
    return select(TABLES[Withdrawal].c.smear_id)


def cells_now(fields: Select[tuple[str]] | None = None) -> Select[Any]:
    """Return the current cells: of all fields, or of a few, which alone are then looked at."""
    detect = newest("detect", fields)
    # Looked up, not joined: SQLite would go through all outcomes again for every cell.
    found_now = tuple_(_cell.field_id, _cell.run_id).in_(select(detect.c.subject, detect.c.run_id))
    cells = (
        select(TABLES[Cell])
        .join(TABLES[FieldOfView], _field.id == _cell.field_id)
        .where(
            # In this order: the next is asked only where the one before says no, so the last costs most cells nothing.
            or_(
                _cell.found_by.in_((FoundBy.SOURCE, FoundBy.EXPERT)),
                found_now,
                _cell.id.in_(placed_by_people()),
                _cell.id.in_(held_by_people()),
            ),
            ~is_replaced(_cell.id),
            _field.smear_id.not_in(gone()),
        )
    )
    return cells if fields is None else cells.where(_cell.field_id.in_(fields))


def detected(fields: Select[tuple[str]] | None = None) -> Subquery:
    """Return (smear_id, at): when the newest of a smear's current cells were found."""
    detect = newest("detect", fields)
    return (
        select(_field.smear_id, func.max(detect.c.finished_at).label("at"))
        .join(detect, detect.c.subject == _field.id)
        .group_by(_field.smear_id)
        .subquery()
    )


def fields_in(smears: Select[tuple[str]]) -> Select[tuple[str]]:
    """Return the ids of the fields of some smears."""
    return select(_field.id).where(_field.smear_id.in_(smears))


def cleaned(smears: Select[tuple[str]] | None = None) -> Subquery:
    """Return (subject, run_id) of the smears whose newest cleaning saw the cells as they are now.

    A smear in which cells were found since is not cleaned: its verdicts speak of other cells.
    """
    clean, since = newest("clean", smears), detected(None if smears is None else fields_in(smears))
    statement = (
        select(clean.c.subject, clean.c.run_id)
        .outerjoin(since, since.c.smear_id == clean.c.subject)
        .where(or_(since.c.at.is_(None), since.c.at <= clean.c.finished_at), clean.c.subject.not_in(gone()))
    )
    return statement.subquery("cleaned")


def repeats_now(smears: Select[tuple[str]] | None = None) -> Select[Any]:
    """Return the verdicts that stand."""
    clean = cleaned(smears)
    return select(TABLES[Repeat]).join(
        clean, and_(clean.c.subject == _repeat.smear_id, clean.c.run_id == _repeat.run_id)
    )


def covered_now(smears: Select[tuple[str]] | None = None) -> Select[Any]:
    """Return the covered fields that stand."""
    clean = cleaned(smears)
    return select(TABLES[CoveredField]).join(
        clean, and_(clean.c.subject == _covered.smear_id, clean.c.run_id == _covered.run_id)
    )
