"""Which cells there are now, smear by smear: counted once, and then again only where something came.

A page of the studio shows a hundred cells of a million. Which hundred they are is asked of the census, which is kept in
memory between questions; what they are, of the database. Rows are only added, so the greatest row of each table says
whether anything came since, and the rows after it in which smears.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from threading import Lock
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Engine, func, literal_column, select, true, union

from buffycoat.domain.cell import Cell, CoveredField, Repeat
from buffycoat.domain.label import Round
from buffycoat.domain.locating import BoxEvent
from buffycoat.domain.mask import Mask
from buffycoat.domain.run import Outcome
from buffycoat.domain.smear import FieldOfView
from buffycoat.domain.sorting import GalleryLabel
from buffycoat.domain.withdrawal import Withdrawal
from buffycoat.store.current import IN_ORDER, cells_now, covered_now, fields_in, gone, repeats_now
from buffycoat.store.database import Transaction
from buffycoat.store.listed import listed, listed_in
from buffycoat.store.tables import TABLES

__all__ = ["BoolArray", "Census", "IdArray", "SmearCells", "found_in", "take_census"]

BoolArray = NDArray[np.bool_]
IdArray = NDArray[np.bytes_]

_cell, _field, _outcome = TABLES[Cell].c, TABLES[FieldOfView].c, TABLES[Outcome].c
_repeat, _covered, _event = TABLES[Repeat].c, TABLES[CoveredField].c, TABLES[BoxEvent].c
_round, _named, _mask = TABLES[Round].c, TABLES[GalleryLabel].c, TABLES[Mask].c
_WATCHED = (Cell, FieldOfView, Outcome, BoxEvent, Round, GalleryLabel, Mask, Repeat, CoveredField, Withdrawal)
_OLDER = 4
"""Censuses kept: a transaction that began a moment ago does not see what another sees already."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class SmearCells:
    """The current cells of one smear by field and position, and what became of its photographs.

    Attributes
    ----------
    ids : array of bytes, shape (n,)
        Of the cells, ASCII.
    kept, pictured : array of bool, shape (n,)
        Whether a cell is no repeat of another; whether it has a crop of its photograph.
    repeats : array of bytes, shape (m, 2)
        The verdicts that stand: a cell and the one that is kept in its place.
    photographs, crop_only, covered : int
        Fields with all around their cells, fields that are a single crop, and fields that show what others show.
    """

    ids: IdArray
    kept: BoolArray
    pictured: BoolArray
    repeats: IdArray
    photographs: int
    crop_only: int
    covered: int


_NONE = SmearCells(
    ids=np.empty(0, "S1"),
    kept=np.empty(0, bool),
    pictured=np.empty(0, bool),
    repeats=np.empty((0, 2), "S1"),
    photographs=0,
    crop_only=0,
    covered=0,
)


@dataclass(frozen=True, eq=False)
class Census:
    """The current cells of a workspace, in the order in which people see them.

    Attributes
    ----------
    marks : tuple of int
        Up to which row of each table it knows.
    smears : mapping of str to SmearCells
        Those of each smear that was not withdrawn, by its id, in order.
    """

    marks: tuple[int, ...]
    smears: Mapping[str, SmearCells]

    @property
    def size(self) -> int:
        """How many cells there are."""
        return int(self.starts[-1])

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """Where the cells of each smear begin, and where the last ends: shape (smears + 1,)."""
        return np.cumsum([0, *(len(each.ids) for each in self.smears.values())])

    @cached_property
    def ids(self) -> IdArray:
        """All cells: shape (n,)."""
        return np.concatenate([np.empty(0, "S1"), *(each.ids for each in self.smears.values())])

    @cached_property
    def kept(self) -> BoolArray:
        """Which are no repeats: shape (n,)."""
        return np.concatenate([np.empty(0, bool), *(each.kept for each in self.smears.values())])

    @cached_property
    def pictured(self) -> BoolArray:
        """Which have a crop: shape (n,)."""
        return np.concatenate([np.empty(0, bool), *(each.pictured for each in self.smears.values())])

    @cached_property
    def links(self) -> Mapping[str, list[str]]:
        """The other pictures of each cell that the verdicts join it to directly."""
        found: dict[str, list[str]] = {}
        for each in self.smears.values():
            for one, other in each.repeats.astype(str).tolist():
                found.setdefault(one, []).append(other)
                found.setdefault(other, []).append(one)
        return found

    def of(self, smear: str) -> SmearCells:
        """Return the cells of one smear: none where it has no photograph yet, or was withdrawn."""
        return self.smears.get(smear, _NONE)

    def all(self) -> BoolArray:
        """Return that every cell is meant: shape (n,), to be narrowed."""
        return np.ones(self.size, bool)

    def within(self, smears: Collection[str]) -> BoolArray:
        """Return which cells lie in some smears: shape (n,)."""
        inside = np.array([smear in smears for smear in self.smears], bool)
        return np.repeat(inside, np.diff(self.starts))

    def among(self, ids: Collection[str]) -> BoolArray:
        """Return which cells have one of these ids: shape (n,)."""
        return found_in(np.array(sorted(ids), bytes), self.ids)

    def names(self, meant: BoolArray) -> list[str]:
        """Return the ids of cells."""
        return list(self.ids[meant].astype(str).tolist())

    def page(self, meant: BoolArray, *, offset: int = 0, limit: int | None = None) -> tuple[int, list[str]]:
        """Return how many cells are meant, and the ids of some of them in order."""
        places = np.flatnonzero(meant)
        end = None if limit is None else offset + limit
        return len(places), self.ids[places[offset:end]].astype(str).tolist()


def found_in(wanted: IdArray, ids: IdArray) -> BoolArray:
    """Return which ids are among the wanted ones, which are sorted.

    Examples
    --------
    >>> found_in(np.array([b"c1", b"c3"]), np.array([b"c3", b"c2"])).tolist()
    [True, False]
    """
    if not len(wanted):
        return np.zeros(len(ids), bool)
    places = np.minimum(np.searchsorted(wanted, ids), len(wanted) - 1)
    return np.asarray(wanted[places] == ids)


# ---------------------------------------------------------------- kept in memory


@dataclass(eq=False)
class _Kept:
    lock: Lock = field(default_factory=Lock)
    made: deque[Census] = field(default_factory=lambda: deque(maxlen=_OLDER))


_KEPT: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()
_NEW = Lock()


def take_census(transaction: Transaction) -> Census:
    """Return the census as it is for a transaction: that of before, but for the smears in which something came."""
    with _NEW:
        kept = _KEPT.setdefault(transaction.connection.engine, _Kept())
    marks = _marks(transaction)
    if (known := _known(kept, marks)) is not None:
        return known
    with kept.lock:
        if (known := _known(kept, marks)) is not None:
            return known
        older = [each for each in kept.made if all(a <= b for a, b in zip(each.marks, marks, strict=True))]
        made = _brought_forward(transaction, max(older, key=lambda each: each.marks, default=None), marks)
        if transaction.still:  # what is being written may yet be taken back
            kept.made.append(made)
        return made


def _known(kept: _Kept, marks: tuple[int, ...]) -> Census | None:
    return next((each for each in tuple(kept.made) if each.marks == marks), None)


def _row(cls: type) -> ColumnElement[int]:
    return literal_column(f"{TABLES[cls].name}.rowid")


def _marks(transaction: Transaction) -> tuple[int, ...]:
    newest = [select(func.coalesce(func.max(_row(cls)), 0)).select_from(TABLES[cls]) for cls in _WATCHED]
    return tuple(transaction.connection.execute(select(*(each.scalar_subquery() for each in newest))).one())


def _brought_forward(transaction: Transaction, before: Census | None, marks: tuple[int, ...]) -> Census:
    if before is None:
        return Census(marks, dict(_counted(transaction, None)))
    touched = _touched(transaction, dict(zip(_WATCHED, before.marks, strict=True)))
    smears = {smear: cells for smear, cells in before.smears.items() if smear not in touched}
    smears.update(_counted(transaction, touched))
    return Census(marks, dict(sorted(smears.items())))


def _touched(transaction: Transaction, since: Mapping[type, int]) -> set[str]:
    """Return the smears in which rows came after those marks that say which cells there are."""

    def new(cls: type) -> ColumnElement[bool]:
        return _row(cls) > since[cls]

    run = transaction.connection.execute
    subjects = list(run(select(_outcome.room, _outcome.subject).where(new(Outcome))))
    asked = [listed_in(cells) for cells in (_round.cells, _round.gold)]
    held = union(
        *(select(each.c.value).select_from(TABLES[Round]).join(each, true()).where(new(Round)) for each in asked),
        select(_named.cell_id).where(new(GalleryLabel)),
        select(_mask.cell_id).where(new(Mask), _mask.expert_id.is_not(None)),
    ).subquery()
    fields = union(
        listed([subject for room, subject in subjects if room == "detect"]),
        select(_field.id).where(new(FieldOfView)),
        select(_cell.field_id).where(new(Cell)),
        select(_event.field_id).where(new(BoxEvent)),
        select(_cell.field_id).where(_cell.id.in_(select(held.c[0]))),
    ).subquery()
    smears = union(
        select(_field.smear_id).where(_field.id.in_(select(fields.c[0]))),
        select(_repeat.smear_id).where(new(Repeat)),
        select(_covered.smear_id).where(new(CoveredField)),
        select(TABLES[Withdrawal].c.smear_id).where(new(Withdrawal)),
    )
    return {subject for room, subject in subjects if room == "clean"}.union(run(smears).scalars())


def _counted(transaction: Transaction, smears: Collection[str] | None) -> Iterator[tuple[str, SmearCells]]:
    """Count the cells of some smears, or of all."""
    if smears is not None and not smears:
        return
    within = None if smears is None else listed(sorted(smears))
    run = transaction.connection.execute
    cells = cells_now(None if within is None else fields_in(within))
    cells = cells.with_only_columns(_field.smear_id, _cell.id, _cell.crop.is_not(None)).order_by(*IN_ORDER)
    repeats = repeats_now(within).with_only_columns(_repeat.smear_id, _repeat.cell_id, _repeat.kept_id)
    covered = covered_now(within).with_only_columns(_covered.smear_id, func.count()).group_by(_covered.smear_id)
    fields = select(_field.smear_id, _field.crop_only, func.count()).where(_field.smear_id.not_in(gone()))
    if within is not None:
        fields = fields.where(_field.smear_id.in_(within))
    counts = {(row[0], bool(row[1])): row[2] for row in run(fields.group_by(_field.smear_id, _field.crop_only))}
    hidden = {row[0]: row[1] for row in run(covered)}
    pairs = {
        smear: np.array([row[1:] for row in rows], bytes)
        for smear, rows in groupby(run(repeats.order_by(_repeat.smear_id, _repeat.id)), key=itemgetter(0))
    }
    found: dict[str, tuple[IdArray, BoolArray]] = {}
    for smear, rows in groupby(run(cells), key=itemgetter(0)):
        _, names, crops = zip(*rows, strict=True)
        found[smear] = np.array(names, bytes), np.array(crops, bool)
    for smear in sorted({smear for smear, _ in counts}):
        ids, pictured = found.get(smear, (np.empty(0, "S1"), np.empty(0, bool)))
        joined = pairs.get(smear, np.empty((0, 2), "S1"))
        yield (
            smear,
            SmearCells(
                ids=ids,
                kept=~found_in(np.sort(joined[:, 0]), ids),
                pictured=pictured,
                repeats=joined,
                photographs=counts.get((smear, False), 0),
                crop_only=counts.get((smear, True), 0),
                covered=hidden.get(smear, 0),
            ),
        )
