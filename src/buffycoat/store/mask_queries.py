"""Questions about masks: who drew which, and which of them count.

A cell's masks are kept as statements: what one hand says of nucleus and cell together, in one run. Statements are
added, never replaced; of each hand the newest that finished holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, and_, func, select

from buffycoat.domain.cell import Cell
from buffycoat.domain.label import Expert
from buffycoat.domain.mask import Mask, Part
from buffycoat.domain.run import Outcome, Run
from buffycoat.domain.smear import Capture, FieldOfView
from buffycoat.domain.value import value
from buffycoat.store.database import Transaction
from buffycoat.store.listed import listed
from buffycoat.store.tables import TABLES, from_row

__all__ = ["FIRST", "SECOND", "Statement", "outlined", "scales_of", "statements", "superseded"]

FIRST: Final = "segment"
SECOND: Final = "second"
"""The room in which a second expert's masks are kept: no list, gallery or release takes them for the first's."""

_mask, _outcome, _run, _expert = TABLES[Mask].c, TABLES[Outcome].c, TABLES[Run].c, TABLES[Expert].c


@value
class Statement:
    """What one hand says of one cell, in its newest run: a mask for each part, or the failure to find one.

    ``hand`` is the handle of a person, or the method of a program or a foreign set. ``current``: no first statement on
    this cell is newer, so this is the one that counts.
    """

    cell_id: str
    hand: str
    expert_id: str | None
    second: bool
    current: bool
    finished_at: datetime
    parts: Mapping[Part, Mask]

    @property
    def by_program(self) -> bool:
        """Whether no person stands for it: neither one that is known, nor a set that came with its masks."""
        return self.expert_id is None and not self.hand.startswith(("import:", "source"))


def statements(transaction: Transaction, cells: Sequence[str] | None = None) -> list[Statement]:
    """Return the newest statement of each hand on each cell, by cell and moment.

    Parameters
    ----------
    transaction
        That reads.
    cells : sequence of str, optional
        Only on these cells.
    """
    ended = (
        select(_outcome.subject, _outcome.run_id, _outcome.room, func.max(_outcome.finished_at).label("at"))
        .where(_outcome.room.in_((FIRST, SECOND)), _outcome.code.is_(None))
        .group_by(_outcome.subject, _outcome.run_id, _outcome.room)
        .subquery()
    )
    statement: Select[Any] = (
        select(TABLES[Mask], ended.c.room, ended.c.at, _run.parameters, _expert.handle)
        .join(ended, and_(ended.c.subject == _mask.cell_id, ended.c.run_id == _mask.run_id))
        .join(TABLES[Run], _run.id == _mask.run_id)
        .outerjoin(TABLES[Expert], _expert.id == _mask.expert_id)
        .order_by(_mask.cell_id, ended.c.at, _mask.run_id, _mask.part, _mask.id)
    )
    if cells is not None:
        statement = statement.where(_mask.cell_id.in_(listed(cells)))
    names = tuple(column.name for column in _mask)
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in transaction.connection.execute(statement).mappings():
        mask = from_row(Mask, {name: row[name] for name in names})
        hand = row["handle"] or str((row["parameters"] or {}).get("method") or mask.method)
        key = mask.cell_id, hand, row["room"]
        if key not in found or found[key]["run"] != mask.run_id:  # a newer run: rows come by moment
            found[key] = {"run": mask.run_id, "at": row["at"], "expert": mask.expert_id, "parts": {}}
        found[key]["parts"][mask.part] = mask
    newest: dict[str, str] = {}
    for (cell, hand, room), _ in sorted(found.items(), key=lambda item: (item[1]["at"], item[1]["run"])):
        if room == FIRST:
            newest[cell] = hand
    made = [
        Statement(
            cell_id=cell,
            hand=hand,
            expert_id=held["expert"],
            second=room == SECOND,
            current=room == FIRST and newest[cell] == hand,
            finished_at=held["at"],
            parts=held["parts"],
        )
        for (cell, hand, room), held in found.items()
    ]
    return sorted(made, key=lambda it: (it.cell_id, it.finished_at, it.hand))


def outlined(transaction: Transaction) -> list[tuple[str, str]]:
    """Return which cells people have drawn, and who: cell and handle, nothing of the masks, as there are many."""
    statement = (
        select(_mask.cell_id, _expert.handle)
        .join(TABLES[Expert], _expert.id == _mask.expert_id)
        .where(_mask.failure.is_(None))
        .distinct()
    )
    return [(row[0], row[1]) for row in transaction.connection.execute(statement)]


def superseded(transaction: Transaction, cells: Sequence[str] | None = None) -> frozenset[str]:
    """Return the ids of masks that a later one supersedes: none may be superseded twice."""
    statement = select(_mask.supersedes).where(_mask.supersedes.is_not(None))
    if cells is not None:
        statement = statement.where(_mask.cell_id.in_(listed(cells)))
    return frozenset(transaction.connection.execute(statement).scalars())


def scales_of(transaction: Transaction, cells: Sequence[str]) -> Mapping[str, float]:
    """Return micrometers per pixel of the cells whose set-up has a scale."""
    cell, field, capture = TABLES[Cell].c, TABLES[FieldOfView].c, TABLES[Capture].c
    statement = (
        select(cell.id, capture.micrometres_per_pixel)
        .join(TABLES[FieldOfView], field.id == cell.field_id)
        .join(TABLES[Capture], capture.id == field.capture_id)
        .where(cell.id.in_(listed(cells)), capture.micrometres_per_pixel.is_not(None))
    )
    return {row[0]: row[1] for row in transaction.connection.execute(statement)}
