"""Cells whose box a reader found not to be on them: what is to be located, once their round is closed."""

from __future__ import annotations

from datetime import datetime

from buffycoat.domain.locating import Misplaced
from buffycoat.domain.terms import TermKind
from buffycoat.store import Transaction
from buffycoat.store.answers import answers_by_round
from buffycoat.store.boxes import placed_at
from buffycoat.store.queries import CellFilter, cells_with_smears, current_cells
from buffycoat.workflows.consensus import held_cells
from buffycoat.workflows.editions import known_taxonomies
from buffycoat.workflows.workspace import Workspace

__all__ = ["list_misplaced"]

_KEY = "not-centered"
"""The term of taxonomy ``raabin`` for it; terms of others that count as it mean the same."""


def list_misplaced(workspace: Workspace) -> tuple[Misplaced, ...]:
    """Return the cells of which somebody answered "not centered", and whose box nobody has put right since.

    Only answers of closed rounds are told, and none on cells that an open round holds: until then the answer is kept
    with its item like any other, and nobody is told which cell that is.
    """
    keys = {
        term.key
        for tree in known_taxonomies(workspace)
        for term in tree.terms
        if term.kind is TermKind.DEFECT and _KEY in (term.key, term.maps_to)
    }
    with workspace.database.reading() as transaction:
        said = _said(transaction, keys)
        if not said:
            return ()
        waiting = held_cells(transaction)
        judged = placed_at(transaction, said)
        meant = [key for key, moment in said.items() if key not in waiting and judged.get(key, moment) <= moment]
        _, cells = current_cells(transaction, CellFilter(among=meant, with_pixels=True))
        smears = cells_with_smears(transaction, [cell.id for cell in cells])
        return tuple(
            Misplaced(cell_id=cell.id, field_id=cell.field_id, smear_id=smears[cell.id][1], said_at=said[cell.id])
            for cell in cells
        )


def _said(transaction: Transaction, keys: set[str]) -> dict[str, datetime]:
    """Return the newest moment at which each cell was called so."""
    said: dict[str, datetime] = {}
    for rows in answers_by_round(transaction).values():
        for cell_id, _, _, term, moment in rows:
            if term in keys and (cell_id not in said or said[cell_id] < moment):
                said[cell_id] = moment
    return said
