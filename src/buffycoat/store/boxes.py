"""What people did to boxes, and which cells hold because of it. Decided here, and nowhere else.

Of the events of a box the newest by (``given_at``, ``event``) holds, whoever's it is; where two people's are equal in
both, as only a device that copies another's ids can make them, the one with the greater id.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Engine, Select, and_, exists, not_, or_, select, true, tuple_, union

from buffycoat.domain.cell import Cell, Detection, FoundBy
from buffycoat.domain.geometry import Box
from buffycoat.domain.label import Round
from buffycoat.domain.locating import BoxAct, BoxEvent
from buffycoat.domain.mask import Mask
from buffycoat.domain.sorting import GalleryLabel
from buffycoat.store.database import Transaction
from buffycoat.store.listed import listed, listed_in
from buffycoat.store.tables import TABLES

__all__ = [
    "boxes_known",
    "cells_of_field",
    "events_known_of_boxes",
    "events_of_field",
    "held_by_people",
    "holding",
    "is_replaced",
    "newest_events",
    "placed_at",
    "placed_by_people",
    "same_places",
    "searched_in_vain",
]

_event, _cell = TABLES[BoxEvent].c, TABLES[Cell].c
_SAME: WeakKeyDictionary[Engine, tuple[tuple[int | None, ...], frozenset[tuple[str, str]]]] = WeakKeyDictionary()


def holding() -> Select[tuple[str]]:
    """Return subject, act, cell_id, field_id and given_at of the event that says where each box is."""
    later = TABLES[BoxEvent].alias("later_box")
    newer = exists().where(
        later.c.subject == _event.subject,
        tuple_(later.c.given_at, later.c.event, later.c.id) > tuple_(_event.given_at, _event.event, _event.id),
    )
    columns = (_event.subject, _event.act, _event.cell_id, _event.field_id, _event.given_at)
    return select(*columns).where(not_(newer))


def placed_by_people() -> Select[tuple[str]]:
    """Return the ids of cells that a person put or accepted and nobody has moved or removed since."""
    held = holding().subquery("held_by_people")
    return select(held.c.cell_id).where(held.c.cell_id.is_not(None), held.c.act != BoxAct.RESET)


def held_by_people() -> Select[tuple[str]]:
    """Return the ids of cells that a round asks about, or that somebody named in the gallery or drew a mask of.

    They stay when a newer search finds others in their photograph: a round would ask about cells that are gone, and
    what people said would be of nothing.
    """
    rounds, masks, named = TABLES[Round].c, TABLES[Mask].c, TABLES[GalleryLabel].c
    asked = [listed_in(cells) for cells in (rounds.cells, rounds.gold)]
    found = union(
        *(select(each.c.value).select_from(TABLES[Round]).join(each, true()) for each in asked),
        select(named.cell_id),
        select(masks.cell_id).where(masks.expert_id.is_not(None)),
    ).subquery("of_people")
    return select(found.c[0])


def is_replaced(cell_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition that a person has moved or removed a cell's box, so that the cell is none of today's."""
    touched = union(
        select(_event.subject),
        select(_event.cell_id).where(_event.cell_id.is_not(None)),
    )
    held = holding().subquery("held_now")
    return and_(cell_id.in_(touched), cell_id.not_in(select(held.c.cell_id).where(held.c.cell_id.is_not(None))))


def events_of_field(transaction: Transaction, field_id: str) -> list[BoxEvent]:
    """Return all that people did to the boxes of a field, in the order of what holds."""
    statement = select(TABLES[BoxEvent]).where(_event.field_id == field_id)
    return transaction.select(BoxEvent, statement.order_by(_event.given_at, _event.event, _event.id))


def newest_events(events: Sequence[BoxEvent]) -> Mapping[str, BoxEvent]:
    """Return of events in their order the one that says where each box is, by the box."""
    return {each.subject: each for each in events}


def boxes_known(transaction: Transaction, subjects: Collection[str]) -> Mapping[str, str]:
    """Return, of the ids of drawn boxes that are there already, the field of each."""
    statement = select(_event.subject, _event.field_id).where(
        _event.act == BoxAct.ADD, _event.subject.in_(listed(subjects))
    )
    return {row[0]: row[1] for row in transaction.connection.execute(statement)}


def events_known_of_boxes(
    transaction: Transaction, events: Collection[str]
) -> Mapping[str, tuple[str, str, Box | None]]:
    """Return, of the ids of events that are there already: the box, what was done, and where it was put."""
    statement = select(_event.id, _event.subject, _event.act, _event.place).where(_event.id.in_(listed(events)))
    return {
        row[0]: (row[1], row[2], None if row[3] is None else Box(**row[3]))
        for row in transaction.connection.execute(statement)
    }


def placed_at(transaction: Transaction, subjects: Collection[str]) -> Mapping[str, datetime]:
    """Return when somebody last said where each of some boxes is; those that nobody touched are left out."""
    held = holding().subquery("held_since")
    statement = select(held.c.subject, held.c.given_at).where(
        held.c.subject.in_(listed(subjects)), held.c.act != BoxAct.RESET
    )
    return {row[0]: row[1] for row in transaction.connection.execute(statement)}


def cells_of_field(transaction: Transaction, field_id: str) -> dict[str, Cell]:
    """Return all cells that a field ever had, by id."""
    return {cell.id: cell for cell in transaction.find(Cell, field_id=field_id)}


def same_places(transaction: Transaction) -> Collection[tuple[str, str]]:
    """Return the pairs of cells that show one and the same because of what people did to boxes.

    A box that was moved is another cell; and so is one that is drawn anew where another is or was. Worked out again
    only when there are more boxes or cells: nothing is ever taken from either.
    """
    run = transaction.connection.exec_driver_sql
    key = tuple(run(f"SELECT max(rowid) FROM {name}").scalar() for name in ("box_event", "cell"))  # noqa: S608 (names of our own)
    if key[0] is None:
        return ()
    known = _SAME.get(transaction.connection.engine)
    if known is None or known[0] != key:
        known = _SAME[transaction.connection.engine] = key, _same_places(transaction)
    return known[1]


def _same_places(transaction: Transaction) -> frozenset[tuple[str, str]]:
    placed = and_(_event.cell_id.is_not(None), _event.cell_id != _event.subject)
    drawn: set[str] = set()
    first: dict[str, str] = {}
    there: set[str] = set()
    found: set[tuple[str, str]] = set()
    for subject, cell_id in transaction.connection.execute(select(_event.subject, _event.cell_id).where(placed)):
        drawn.add(cell_id)
        found.update({(subject, cell_id), (first.setdefault(subject, cell_id), cell_id)})
    near_them = _cell.field_id.in_(select(_event.field_id).where(placed))
    by_field: dict[str, list[tuple[str, Box]]] = {}
    statement = select(_cell.field_id, _cell.id, _cell.extent).where(near_them)
    for field_id, cell_id, extent in transaction.connection.execute(statement):
        by_field.setdefault(field_id, []).append((cell_id, Box(**extent)))
    for cells in by_field.values():
        for one, box in cells:
            there.add(one)
            if one in drawn:
                found.update((one, other) for other, near in cells if _lies_in(box, near) or _lies_in(near, box))
    # A box that a person drew has an id of its own, which is no cell's.
    return frozenset((one, other) for one, other in found if one != other and one in there)


def _lies_in(box: Box, other: Box) -> bool:
    """Say whether the middle of a box is within another."""
    x, y = box.center
    return other.left <= x < other.right and other.top <= y < other.bottom


def searched_in_vain(transaction: Transaction) -> Mapping[str, list[Detection]]:
    """Return, by field, the cells that a new search must not find again, each as if a person had drawn it.

    Those that people drew, moved, accepted, removed, labeled or hold in a round: each stands, or is known to be none.
    """
    held = holding().subquery("held_boxes")
    judged = union(
        select(held.c.cell_id).where(held.c.cell_id.is_not(None), held.c.act != BoxAct.RESET),
        select(held.c.subject).where(held.c.act == BoxAct.REMOVE),
        select(_cell.id).where(
            or_(_cell.found_by == FoundBy.EXPERT, _cell.id.in_(held_by_people())), ~is_replaced(_cell.id)
        ),
    )
    by_field: dict[str, list[Detection]] = {}
    statement = select(_cell.field_id, _cell.extent, _cell.box, _cell.score).where(_cell.id.in_(judged))
    for field_id, extent, box, score in transaction.connection.execute(statement.order_by(_cell.id)):
        stands = Detection(extent=Box(**extent), box=Box(**box), score=score, found_by=FoundBy.EXPERT)
        by_field.setdefault(field_id, []).append(stands)
    return by_field
