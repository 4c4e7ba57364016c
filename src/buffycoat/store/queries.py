"""Questions to the database that more than one workflow asks.

Derived rows are added, never replaced: "current" means of the newest run that finished on a subject.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Row, and_, func, or_, select, true

from buffycoat.domain.cell import Cell, CoveredField, FoundBy, Repeat
from buffycoat.domain.geometry import Box
from buffycoat.domain.label import Round
from buffycoat.domain.mask import Mask
from buffycoat.domain.run import Outcome, Run
from buffycoat.domain.smear import Correction, FieldOfView, Smear
from buffycoat.store.current import (
    IN_ORDER,
    cells_now,
    covered_now,
    detected,
    fields_in,
    gone,
    newest,
    repeats_now,
)
from buffycoat.store.database import Transaction
from buffycoat.store.listed import listed
from buffycoat.store.tables import TABLES

__all__ = [
    "CellFilter",
    "boxed_by_source",
    "boxes_of",
    "cells_with_smears",
    "count_by_field",
    "count_in_fields",
    "covered_fields",
    "current_cells",
    "current_ids",
    "current_repeats",
    "detected_at",
    "drawn_cells",
    "field_names",
    "fields_of_page",
    "kept_by_repeat",
    "latest_taxonomy",
    "masks_now",
    "newest_run",
    "repeats_among",
    "smear_by_cell",
    "smears_now",
]

_cell, _field, _outcome = TABLES[Cell].c, TABLES[FieldOfView].c, TABLES[Outcome].c
_repeat, _covered = TABLES[Repeat].c, TABLES[CoveredField].c
_mask, _round = TABLES[Mask].c, TABLES[Round].c


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
        within = None
        if field_id is not None:
            within = listed([field_id])
            conditions.append(true() if smear_id is None else _field.smear_id == smear_id)
        elif smear_id is not None:
            within = fields_in(listed([smear_id]))
        if kept is not None:
            removed = _cell.id.in_(select(repeats_now().subquery().c.cell_id))
            conditions.append(~removed if kept else removed)
        if with_pixels is not None:
            conditions.append(_cell.crop.is_not(None) if with_pixels else _cell.crop.is_(None))
        if among is not None:
            conditions.append(_cell.id.in_(listed(among)))
        if fields is not None:
            within = listed(fields) if within is None else within
            conditions.append(_cell.field_id.in_(listed(fields)))
        self.statement = cells_now(within).where(*conditions)


def current_ids(transaction: Transaction, wanted: CellFilter) -> list[str]:
    """Return the ids of the cells that are meant: nothing else is read, as there may be many."""
    return list(transaction.connection.execute(wanted.statement.with_only_columns(_cell.id)).scalars())


def current_cells(
    transaction: Transaction, wanted: CellFilter, *, offset: int = 0, limit: int | None = None
) -> tuple[int, list[Cell]]:
    """Return how many cells are meant, and a page of them by field and position."""
    total = transaction.connection.execute(select(func.count()).select_from(wanted.statement.subquery())).scalar_one()
    page = wanted.statement.order_by(*IN_ORDER).offset(offset).limit(limit)
    return int(total), transaction.select(Cell, page)


def count_by_field(transaction: Transaction) -> Mapping[str, int]:
    """Return how many current cells each field has."""
    cells = cells_now().subquery()
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
    of = (_field.smear_id == smear_id, _field.smear_id.not_in(gone()))
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
    statement = repeats_now().order_by(_repeat.id)
    return transaction.select(Repeat, statement if smear_id is None else statement.where(_repeat.smear_id == smear_id))


def kept_by_repeat(transaction: Transaction) -> Mapping[str, str]:
    """Return the kept cell of each repeat: bare ids, as there are many."""
    repeats = repeats_now().subquery()
    return {row[0]: row[1] for row in transaction.connection.execute(select(repeats.c.cell_id, repeats.c.kept_id))}


def covered_fields(transaction: Transaction) -> Mapping[str, str]:
    """Return the field that covers each covered field."""
    statement = covered_now().with_only_columns(_covered.field_id, _covered.covered_by)
    return {row.field_id: row.covered_by for row in transaction.connection.execute(statement)}


def detected_at(transaction: Transaction) -> Mapping[str, datetime]:
    """Return when the newest of each smear's current cells were found."""
    return {row.smear_id: row.at for row in transaction.connection.execute(select(detected()))}


def cells_with_smears(transaction: Transaction, ids: Sequence[str]) -> Mapping[str, tuple[Cell, str]]:
    """Return cells by id with the smear of each, also those that a newer run has replaced."""
    found = transaction.select(Cell, select(TABLES[Cell]).where(_cell.id.in_(listed(ids))))
    statement = select(_cell.id, _field.smear_id).join(TABLES[FieldOfView], _field.id == _cell.field_id)
    smears = {row[0]: row[1] for row in transaction.connection.execute(statement.where(_cell.id.in_(listed(ids))))}
    return {cell.id: (cell, smears[cell.id]) for cell in found}


def repeats_among(transaction: Transaction, cells: Sequence[str]) -> list[Repeat]:
    """Return the verdicts that stand on the groups that these cells are in, all members of each."""
    smears = select(_field.smear_id).join(TABLES[Cell], _cell.field_id == _field.id).where(_cell.id.in_(listed(cells)))
    near = (
        repeats_now(smears)
        .where(or_(_repeat.cell_id.in_(listed(cells)), _repeat.kept_id.in_(listed(cells))))
        .subquery()
    )
    return transaction.select(
        Repeat, repeats_now(smears).where(_repeat.kept_id.in_(select(near.c.kept_id))).order_by(_repeat.id)
    )


def newest_run(transaction: Transaction, room: str, subject: str) -> Run | None:
    """Return the run that finished last on a subject of a room; ``None`` where none did."""
    latest = newest(room, listed([subject]))
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


def drawn_cells(transaction: Transaction) -> list[str]:
    """Return the cells that ``masks_now`` has masks of: bare ids, as there are many."""
    segment = newest("segment")
    statement = (
        select(_mask.cell_id)
        .join(segment, and_(segment.c.subject == _mask.cell_id, segment.c.run_id == _mask.run_id))
        .where(_mask.failure.is_(None))
    )
    return list(transaction.connection.execute(statement.distinct()).scalars())


def smear_by_cell(transaction: Transaction) -> Mapping[str, str]:
    """Return the smear of each current cell: bare ids, as there are many."""
    cells = cells_now().subquery()
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
    cells = cells_now().subquery()
    statement = select(cells.c.id, cells.c.field_id, cells.c.box)
    return {row[0]: (row[1], Box(**row[2])) for row in transaction.connection.execute(statement)}
