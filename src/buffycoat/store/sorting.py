"""Labels of the gallery as they hold."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Select, func, literal_column, select

from buffycoat.domain.cell import Cell
from buffycoat.domain.run import Outcome
from buffycoat.domain.smear import FieldOfView
from buffycoat.domain.sorting import GalleryLabel
from buffycoat.store.current import newest
from buffycoat.store.database import Transaction
from buffycoat.store.listed import listed
from buffycoat.store.tables import TABLES

__all__ = [
    "GalleryRow",
    "cells_without_crop",
    "gallery_events",
    "gallery_mark",
    "gallery_rows",
    "holding_gallery_labels",
    "named_since",
    "program_words",
]

_cell, _field, _label = TABLES[Cell].c, TABLES[FieldOfView].c, TABLES[GalleryLabel].c
_outcome = TABLES[Outcome].c
_ROW = literal_column("gallery_label.rowid", BigInteger)
GalleryRow = tuple[str, str, str, str, str, datetime]
"""Cell id, expert id, role, key of the term, taxonomy, moment."""


def _newest(among: Select[Any]) -> Select[Any]:
    """Return the newest event of each person on each cell, of those that a statement finds."""
    rank = func.row_number().over(
        partition_by=(_label.expert_id, _label.cell_id), order_by=(_label.given_at.desc(), _label.event.desc())
    )
    ranked = among.add_columns(rank.label("rank")).subquery()
    return select(ranked).where(ranked.c.rank == 1, ranked.c.withdrawn.is_(False))


def gallery_rows(
    transaction: Transaction, *, cells: Collection[str] | None = None, expert_id: str | None = None
) -> list[GalleryRow]:
    """Return the labels of the gallery that hold: bare rows, as there may be many.

    Of all cells or a few, of all people or one. Of cells that an open round holds too, so this is for what is never
    shown; see ``buffycoat.workflows.sorting``.
    """
    among = select(
        _label.cell_id, _label.expert_id, _label.role, _label.term, _label.taxonomy, _label.given_at, _label.withdrawn
    )
    if cells is not None:
        among = among.where(_label.cell_id.in_(listed(cells)))
    if expert_id is not None:
        among = among.where(_label.expert_id == expert_id)
    return [(row[0], row[1], row[2], row[3], row[4], row[5]) for row in transaction.connection.execute(_newest(among))]


def gallery_mark(transaction: Transaction) -> int:
    """Return the greatest row of the gallery's labels: any that come have a greater one."""
    greatest = select(func.coalesce(func.max(_ROW), 0)).select_from(TABLES[GalleryLabel])
    return int(transaction.connection.execute(greatest).scalar_one())


def named_since(transaction: Transaction, mark: int) -> set[str]:
    """Return the ids of the cells that somebody named in the gallery, or took a name back of, after that row."""
    return set(transaction.connection.execute(select(_label.cell_id).where(mark < _ROW).distinct()).scalars())


def holding_gallery_labels(transaction: Transaction) -> set[str]:
    """Return the ids of all labels of the gallery that hold."""
    found = _newest(select(_label.id, _label.withdrawn))
    return set(transaction.connection.execute(found).scalars())


def gallery_events(transaction: Transaction, labels: Collection[str]) -> Mapping[str, tuple[str, str, bool, str]]:
    """Return, of the ids of labels that are there already: cell, term, whether it takes back, and taxonomy."""
    statement = select(_label.id, _label.cell_id, _label.term, _label.withdrawn, _label.taxonomy)
    found = transaction.connection.execute(statement.where(_label.id.in_(listed(labels))))
    return {row[0]: (row[1], row[2], row[3], row[4]) for row in found}


def cells_without_crop(transaction: Transaction, cells: Collection[str]) -> Mapping[str, bool]:
    """Return, of ids, those that are cells, and whether each came without its photograph."""
    statement = select(_cell.id, _cell.crop.is_(None)).where(_cell.id.in_(listed(cells)))
    return {row[0]: bool(row[1]) for row in transaction.connection.execute(statement)}


def program_words(transaction: Transaction, room: str) -> list[tuple[str, str, str]]:
    """Return what the newest finished outcome of each subject of a room says: subject, id of the run, message."""
    latest = newest(room)
    statement = (
        select(_outcome.subject, _outcome.run_id, _outcome.message)
        .join(latest, latest.c.id == _outcome.id)
        .order_by(_outcome.subject)
    )
    return [(row[0], row[1], row[2]) for row in transaction.connection.execute(statement)]
