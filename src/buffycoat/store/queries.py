"""Questions to the database that more than one workflow asks.

Derived rows are added, never replaced: "current" means of the newest run that finished on a subject.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Row, Select, Subquery, and_, func, or_, select, tuple_

from buffycoat.domain.cell import Cell, CoveredField, FoundBy, Repeat
from buffycoat.domain.geometry import Box
from buffycoat.domain.label import Round
from buffycoat.domain.mask import Mask
from buffycoat.domain.run import Outcome, Run
from buffycoat.domain.smear import Correction, FieldOfView, Smear
from buffycoat.domain.withdrawal import Withdrawal
from buffycoat.store.boxes import held_by_people, is_replaced, placed_by_people
from buffycoat.store.database import Transaction
from buffycoat.store.listed import listed
from buffycoat.store.tables import TABLES

__all__ = [
    "CellFilter",
    "boxed_by_source",
    "boxes_of",
    "cells_of_page",
    "cells_with_smears",
    "count_by_field",
    "count_in_fields",
    "covered_fields",
    "current_cells",
    "current_ids",
    "current_repeats",
    "detected_at",
    "field_names",
    "fields_of_page",
    "funnel_counts",
    "kept_by_repeat",
    "latest_taxonomy",
    "masks_now",
    "newest",
    "newest_run",
    "repeats_among",
    "smear_by_cell",
    "smears_now",
]

_cell, _field, _outcome = TABLES[Cell].c, TABLES[FieldOfView].c, TABLES[Outcome].c
_repeat, _covered = TABLES[Repeat].c, TABLES[CoveredField].c
_mask, _round = TABLES[Mask].c, TABLES[Round].c


def newest(room: str) -> Subquery:
    """Return (id, subject, run_id, finished_at) of the newest finished outcome of each subject in a room."""
    rank = func.row_number().over(
        partition_by=_outcome.subject, order_by=(_outcome.finished_at.desc(), _outcome.id.desc())
    )
    ranked = (
        select(_outcome.id, _outcome.subject, _outcome.run_id, _outcome.finished_at, rank.label("rank"))
        .where(_outcome.room == room, _outcome.code.is_(None))
        .subquery()
    )
    chosen = select(ranked.c.id, ranked.c.subject, ranked.c.run_id, ranked.c.finished_at).where(ranked.c.rank == 1)
    return chosen.subquery(f"newest_{room}")


def _gone() -> Select[tuple[str]]:
    """Return the smears that were withdrawn: nobody is shown their cells, and none goes into a release."""
    return select(TABLES[Withdrawal].c.smear_id)


def _cells() -> Select[Any]:
    detect = newest("detect")
    # Looked up, not joined: SQLite would go through all outcomes again for every cell.
    found_now = tuple_(_cell.field_id, _cell.run_id).in_(select(detect.c.subject, detect.c.run_id))
    return (
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
            _field.smear_id.not_in(_gone()),
        )
    )


def _detected() -> Subquery:
    """Return (smear_id, at): when the newest of a smear's current cells were found."""
    detect = newest("detect")
    return (
        select(_field.smear_id, func.max(detect.c.finished_at).label("at"))
        .join(detect, detect.c.subject == _field.id)
        .group_by(_field.smear_id)
        .subquery()
    )


def _cleaned() -> Subquery:
    """Return (subject, run_id) of the smears whose newest cleaning saw the cells as they are now.

    A smear in which cells were found since is not cleaned: its verdicts speak of other cells.
    """
    clean, since = newest("clean"), _detected()
    statement = (
        select(clean.c.subject, clean.c.run_id)
        .outerjoin(since, since.c.smear_id == clean.c.subject)
        .where(or_(since.c.at.is_(None), since.c.at <= clean.c.finished_at), clean.c.subject.not_in(_gone()))
    )
    return statement.subquery("cleaned")


def _repeats() -> Select[Any]:
    clean = _cleaned()
    return select(TABLES[Repeat]).join(
        clean, and_(clean.c.subject == _repeat.smear_id, clean.c.run_id == _repeat.run_id)
    )


class CellFilter:
    """Which of the current cells are meant; every condition that is given must hold."""

    def __init__(
        self,
        *,
        smear_id: str | None = None,
        field_id: str | None = None,
        kept: bool | None = None,
        with_pixels: bool | None = None,
        among: Sequence[str] | None = None,
        fields: Sequence[str] | None = None,
    ) -> None:
        conditions: list[ColumnElement[bool]] = []
        if smear_id is not None:
            conditions.append(_field.smear_id == smear_id)
        if field_id is not None:
            conditions.append(_cell.field_id == field_id)
        if kept is not None:
            removed = _cell.id.in_(select(_repeats().subquery().c.cell_id))
            conditions.append(~removed if kept else removed)
        if with_pixels is not None:
            conditions.append(_cell.crop.is_not(None) if with_pixels else _cell.crop.is_(None))
        if among is not None:
            conditions.append(_cell.id.in_(listed(among)))
        if fields is not None:
            conditions.append(_cell.field_id.in_(listed(fields)))
        self.statement = _cells().where(*conditions)


def current_ids(transaction: Transaction, wanted: CellFilter) -> list[str]:
    """Return the ids of the cells that are meant: nothing else is read, as there may be many."""
    return list(transaction.connection.execute(wanted.statement.with_only_columns(_cell.id)).scalars())


def current_cells(
    transaction: Transaction, wanted: CellFilter, *, offset: int = 0, limit: int | None = None
) -> tuple[int, list[Cell]]:
    """Return how many cells are meant, and a page of them by field and position."""
    total = transaction.connection.execute(select(func.count()).select_from(wanted.statement.subquery())).scalar_one()
    page = (
        wanted.statement.order_by(_field.smear_id, _field.origin.nulls_first(), _field.id, _cell.id)
        .offset(offset)
        .limit(limit)
    )
    return int(total), transaction.select(Cell, page)


def count_by_field(transaction: Transaction) -> Mapping[str, int]:
    """Return how many current cells each field has."""
    cells = _cells().subquery()
    statement = select(cells.c.field_id, func.count()).group_by(cells.c.field_id)
    return {row[0]: row[1] for row in transaction.connection.execute(statement)}


def count_in_fields(transaction: Transaction, fields: Sequence[str]) -> Mapping[str, int]:
    """Return how many current cells each of a few fields has; fields without one are left out."""
    cells = CellFilter(fields=fields).statement.with_only_columns(_cell.field_id).subquery()
    statement = select(cells.c.field_id, func.count()).group_by(cells.c.field_id)
    return {row[0]: row[1] for row in transaction.connection.execute(statement)}


def fields_of_page(
    transaction: Transaction, smear_id: str, *, offset: int, limit: int
) -> tuple[int, list[FieldOfView]]:
    """Return how many fields a smear has, and a page of them by the name of the file they came from."""
    of = (_field.smear_id == smear_id, _field.smear_id.not_in(_gone()))
    statement = select(TABLES[FieldOfView]).where(*of)
    total = transaction.connection.execute(
        select(func.count()).select_from(TABLES[FieldOfView]).where(*of)
    ).scalar_one()
    page = statement.order_by(func.coalesce(_field.origin, ""), _field.id).offset(offset).limit(limit)
    return int(total), transaction.select(FieldOfView, page)


def latest_taxonomy(transaction: Transaction) -> str | None:
    """Return name and version of the taxonomy that the latest round uses; ``None`` where there is no round."""
    statement = select(_round.taxonomy).order_by(_round.opened_at.desc(), _round.id.desc()).limit(1)
    return transaction.connection.execute(statement).scalar_one_or_none()


def current_repeats(transaction: Transaction, smear_id: str | None = None) -> list[Repeat]:
    """Return the verdicts that stand, of one smear or of all."""
    statement = _repeats().order_by(_repeat.id)
    return transaction.select(Repeat, statement if smear_id is None else statement.where(_repeat.smear_id == smear_id))


def kept_by_repeat(transaction: Transaction) -> Mapping[str, str]:
    """Return the kept cell of each repeat: bare ids, as there are many."""
    repeats = _repeats().subquery()
    return {row[0]: row[1] for row in transaction.connection.execute(select(repeats.c.cell_id, repeats.c.kept_id))}


def covered_fields(transaction: Transaction) -> Mapping[str, str]:
    """Return the field that covers each covered field."""
    clean = _cleaned()
    statement = select(_covered.field_id, _covered.covered_by).join(
        clean, and_(clean.c.subject == _covered.smear_id, clean.c.run_id == _covered.run_id)
    )
    return {row.field_id: row.covered_by for row in transaction.connection.execute(statement)}


def detected_at(transaction: Transaction) -> Mapping[str, datetime]:
    """Return when the newest of each smear's current cells were found."""
    return {row.smear_id: row.at for row in transaction.connection.execute(select(_detected()))}


def funnel_counts(transaction: Transaction) -> Mapping[str, Mapping[str, int]]:
    """Return, by smear: photographs, crop_only, elements, repeats, covered."""
    counts: dict[str, dict[str, int]] = {}

    def put(name: str, statement: Select[Any]) -> None:
        for smear_id, count in transaction.connection.execute(statement):
            counts.setdefault(smear_id, {})[name] = count

    fields = select(_field.smear_id, func.count()).where(_field.smear_id.not_in(_gone())).group_by(_field.smear_id)
    put("photographs", fields.where(~_field.crop_only))
    put("crop_only", fields.where(_field.crop_only))
    cells = _cells().add_columns(_field.smear_id.label("of_smear")).subquery()
    put("elements", select(cells.c.of_smear, func.count()).group_by(cells.c.of_smear))
    repeats = _repeats().subquery()
    put("repeats", select(repeats.c.smear_id, func.count()).group_by(repeats.c.smear_id))
    clean = _cleaned()
    covered = select(_covered.smear_id, func.count()).join(
        clean, and_(clean.c.subject == _covered.smear_id, clean.c.run_id == _covered.run_id)
    )
    put("covered", covered.group_by(_covered.smear_id))
    return counts


def cells_of_page(
    transaction: Transaction, wanted: CellFilter, *, offset: int, limit: int
) -> tuple[int, list[tuple[Cell, str]]]:
    """Return how many cells are meant, and a page of them by field and position, each with its smear.

    The order is found with ids alone, so that what lies before the page is not read, and by way of the fields, which
    lie in order but for their cells.
    """
    chosen = wanted.statement.with_only_columns(_cell.id)
    total = transaction.connection.execute(select(func.count()).select_from(chosen.subquery())).scalar_one()
    page = (
        chosen.with_hint(TABLES[Cell], "INDEXED BY ix_cell_field_id", "sqlite")
        .order_by(_field.smear_id, _field.origin.nulls_first(), _field.id, _cell.id)
        .offset(offset)
        .limit(limit)
    )
    ids = list(transaction.connection.execute(page).scalars())
    cells = cells_with_smears(transaction, ids)
    return int(total), [cells[key] for key in ids]


def cells_with_smears(transaction: Transaction, ids: Sequence[str]) -> Mapping[str, tuple[Cell, str]]:
    """Return cells by id with the smear of each, also those that a newer run has replaced."""
    found = transaction.select(Cell, select(TABLES[Cell]).where(_cell.id.in_(listed(ids))))
    statement = select(_cell.id, _field.smear_id).join(TABLES[FieldOfView], _field.id == _cell.field_id)
    smears = {row[0]: row[1] for row in transaction.connection.execute(statement.where(_cell.id.in_(listed(ids))))}
    return {cell.id: (cell, smears[cell.id]) for cell in found}


def repeats_among(transaction: Transaction, cells: Sequence[str]) -> list[Repeat]:
    """Return the verdicts that stand on the groups that these cells are in, all members of each."""
    near = _repeats().where(or_(_repeat.cell_id.in_(listed(cells)), _repeat.kept_id.in_(listed(cells)))).subquery()
    return transaction.select(
        Repeat, _repeats().where(_repeat.kept_id.in_(select(near.c.kept_id))).order_by(_repeat.id)
    )


def newest_run(transaction: Transaction, room: str, subject: str) -> Run | None:
    """Return the run that finished last on a subject of a room; ``None`` where none did."""
    latest = newest(room)
    found = transaction.select(
        Run, select(TABLES[Run]).join(latest, latest.c.run_id == TABLES[Run].c.id).where(latest.c.subject == subject)
    )
    return found[0] if found else None


def smears_now(transaction: Transaction) -> Mapping[str, Smear]:
    """Return the smears by id, with what was corrected since."""
    smears = {smear.id: smear for smear in transaction.find(Smear)}
    for correction in sorted(transaction.find(Correction), key=lambda made: (made.made_at, made.id)):
        before = TypeAdapter(Smear).dump_python(smears[correction.smear_id])
        smears[correction.smear_id] = TypeAdapter(Smear).validate_python({**before, **correction.facts})
    return smears


def masks_now(transaction: Transaction) -> Mapping[str, list[Mask]]:
    """Return the masks of each cell from the newest run that finished on it, failures left out."""
    segment = newest("segment")
    statement = (
        select(TABLES[Mask])
        .join(segment, and_(segment.c.subject == _mask.cell_id, segment.c.run_id == _mask.run_id))
        .where(_mask.failure.is_(None))
        .order_by(_mask.cell_id, _mask.part)
    )
    masks: dict[str, list[Mask]] = {}
    for mask in transaction.select(Mask, statement):
        masks.setdefault(mask.cell_id, []).append(mask)
    return masks


def smear_by_cell(transaction: Transaction) -> Mapping[str, str]:
    """Return the smear of each current cell: bare ids, as there are many."""
    cells = _cells().subquery()
    statement = select(cells.c.id, _field.smear_id).join(TABLES[FieldOfView], _field.id == cells.c.field_id)
    return {row[0]: row[1] for row in transaction.connection.execute(statement)}


def field_names(transaction: Transaction) -> list[Row[tuple[str, str, str | None, str | None]]]:
    """Return id, smear_id, origin and received of every field: nothing else is read, as there are many."""
    return list(transaction.connection.execute(select(_field.id, _field.smear_id, _field.origin, _field.received)))


def boxed_by_source(transaction: Transaction) -> frozenset[str]:
    """Return the fields whose boxes came with the set they are from."""
    statement = select(_cell.field_id).where(_cell.found_by == FoundBy.SOURCE).distinct()
    return frozenset(transaction.connection.execute(statement).scalars())


def boxes_of(transaction: Transaction) -> Mapping[str, tuple[str, Box]]:
    """Return field and box of each current cell: nothing else is read, as there are many."""
    cells = _cells().subquery()
    statement = select(cells.c.id, cells.c.field_id, cells.c.box)
    return {row[0]: (row[1], Box(**row[2])) for row in transaction.connection.execute(statement)}
