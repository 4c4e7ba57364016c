"""A filter on trial: fitted to a few boxes, and looking at one photograph, fast enough to follow the hand."""

from __future__ import annotations

import math
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from threading import Lock
from typing import Generic, TypeVar

from buffycoat.detect import DEFAULT_FILTER, ColorFilter
from buffycoat.detect.fit_filter import WorkingField, fit_working, working_field
from buffycoat.detect.photograph import Prepared, look_at, prepare
from buffycoat.domain.account import Person
from buffycoat.domain.filtering import (
    BoxedField,
    FilterSaving,
    FilterSetup,
    FilterSight,
    FilterTrial,
    FilterWish,
    FoundBox,
    SavedFilter,
)
from buffycoat.domain.geometry import Box
from buffycoat.domain.smear import Capture, FieldOfView, Smear
from buffycoat.errors import Conflict, InputError, NotFound, TooFew
from buffycoat.imaging.regions import encode_run_lengths
from buffycoat.imaging.scale import RED_CELL_MICROMETRES
from buffycoat.store.queries import boxed_by_source
from buffycoat.store.setups import captures_now
from buffycoat.workflows.crops import field_pixels
from buffycoat.workflows.detect import alike, scale_of
from buffycoat.workflows.filters import spread_out
from buffycoat.workflows.runs import now
from buffycoat.workflows.saved_filters import Place, chosen_filters, fitted, keep_filter
from buffycoat.workflows.workspace import Workspace

__all__ = ["MOST_FIELDS", "Table", "list_setups", "save_filter", "set_table", "try_filter"]

MOST_FIELDS = 10
MOST_OFFERED = 40
MOST_BOXES = 200
"""In one photograph: more white cells than any has."""
SMALLEST_PX = 8
STRICTEST = 8.0
_KEPT = 24
"""Photographs kept at working scale: some megabytes each."""

Thing = TypeVar("Thing")


class _Lately(Generic[Thing]):
    """What was made of photographs lately; two threads never make the same at once."""

    def __init__(self, most: int) -> None:
        self._most, self._known, self._guard = most, OrderedDict[Hashable, Thing](), Lock()

    def get(self, key: Hashable, make: Callable[[], Thing]) -> Thing:
        """Return what was made, or make it."""
        with self._guard:
            if key not in self._known:
                self._known[key] = make()
                while len(self._known) > self._most:
                    self._known.popitem(last=False)
            self._known.move_to_end(key)
            return self._known[key]


_PREPARED = _Lately[Prepared](_KEPT)
_WORKING = _Lately[WorkingField](_KEPT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The photographs that lie before somebody who trains a filter.

    ``fields`` are those of the smear on the set-up, by id; ``red_cell_px`` is by photograph what a search would take
    red cells for, where anything tells it; ``boxed`` are the photographs with boxes, in the order in which a command
    would read them.
    """

    workspace: Workspace
    place: Place
    fields: Mapping[str, FieldOfView]
    red_cell_px: Mapping[str, float]
    boxed: Sequence[tuple[str, tuple[Box, ...]]]

    def prepared(self, field_id: str) -> Prepared:
        """Return a photograph as the filter looks at it."""
        field, width = self.field(field_id), self.width(field_id)
        digest = field.digest or ""

        def make() -> Prepared:
            return prepare(
                self.workspace.objects.get(digest),
                name="the photograph",
                quarter_turns=field.quarter_turns,
                red_cell_px=width,
                max_megapixels=math.inf,
            )

        return _PREPARED.get((digest, field.quarter_turns, width), make)

    def working(self, field_id: str) -> WorkingField:
        """Return a photograph as the fit looks at it."""
        field, width = self.field(field_id), self.width(field_id)
        key = (field.digest, field.quarter_turns, width)
        return _WORKING.get(key, lambda: working_field(field_pixels(self.workspace, field), width))

    def width(self, field_id: str) -> float:
        """Return how wide red cells are taken for in a photograph, in its pixels."""
        if field_id not in self.red_cell_px:
            raise _unmeasured()
        return self.red_cell_px[field_id]

    def field(self, field_id: str) -> FieldOfView:
        """Return a photograph of the set-up."""
        if field_id not in self.fields:
            raise NotFound("this smear has no such photograph on this set-up", found=field_id[:80])
        return self.fields[field_id]

    def fit(self, *, without: str | None = None, strictness: float, name: str = "") -> ColorFilter:
        """Return the filter of all boxes, or of those of all photographs but one.

        Raises
        ------
        TooFew
            No box is left, or too little is nucleus in them.
        """
        chosen = [(field, boxes) for field, boxes in self.boxed if field != without]
        found = fit_working(
            [self.working(field) for field, _ in chosen],
            [boxes for _, boxes in chosen],
            origin=name,
            fitted_at=f"{now():%Y-%m-%d}",
        )
        return replace(found, prior=prior_of(strictness))


def prior_of(strictness: float) -> float:
    """Return the share of nucleus pixels to assume.

    Examples
    --------
    >>> prior_of(0), round(prior_of(2.0), 3)
    (0.5, 0.119)
    """
    return round(1 / (1 + math.exp(strictness)), 6)


def list_setups(workspace: Workspace) -> tuple[FilterSetup, ...]:
    """Return the smears with photographs to train on, each on each of its set-ups."""
    chosen = chosen_filters(workspace)
    with workspace.database.reading() as transaction:
        smears = {smear.id: smear for smear in transaction.find(Smear)}
        boxed = boxed_by_source(transaction)
        fields = [each for each in transaction.find(FieldOfView, crop_only=False) if each.digest is not None]
        captures = captures_now(transaction, fields)
    fields.sort(key=lambda field: (*_place_of(field), field.origin or "", field.id))
    found = []
    for place, grouped in groupby(fields, key=_place_of):
        members = list(grouped)
        capture, widths = _mostly([captures[each.id] for each in members]), _red_cells_px(members, captures)
        found.append(
            FilterSetup(
                smear_id=place[0],
                smear=smears[place[0]].code,
                capture=replace(capture, id=place[1]),  # the place keeps the set-up that was recorded
                fields=len(members),
                searchable=sum(each.id not in boxed for each in members),
                among=tuple(each.id for each in spread_out(members, MOST_OFFERED)),
                red_cell_px=_mostly([widths.get(each.id) for each in members]),
                in_use=chosen[place][0] if place in chosen else None,
            )
        )
    return tuple(sorted(found, key=lambda each: (each.smear, each.capture.id)))


def set_table(workspace: Workspace, wish: FilterWish) -> Table:
    """Return the photographs of a wish, with its boxes checked.

    Raises
    ------
    NotFound
        There is no such smear, set-up or photograph.
    InputError
        Too many photographs or boxes, one twice, a box that leaves its photograph or is too small, or a strictness
        that is none.
    Conflict
        A photograph is only the crop of a cell, or has not come.
    TooFew
        Nothing tells how wide red cells are.
    """
    if not -STRICTEST <= wish.strictness <= STRICTEST:
        raise InputError(
            "this strictness is none", expected=f"-{STRICTEST:g} to {STRICTEST:g}", found=str(wish.strictness)
        )
    if len(wish.fields) > MOST_FIELDS:
        raise InputError("too many photographs", expected=f"at most {MOST_FIELDS}", found=str(len(wish.fields)))
    if len({each.field_id for each in wish.fields}) < len(wish.fields):
        raise InputError("a photograph is there twice", expected="each once", found="one twice")
    with workspace.database.reading() as transaction:
        transaction.get(Smear, wish.smear_id)
        transaction.get(Capture, wish.capture_id)
        of = {"smear_id": wish.smear_id, "capture_id": wish.capture_id}
        members = transaction.find(FieldOfView, **of)
        captures = captures_now(transaction, members)
    readable = [each for each in members if each.digest is not None and not each.crop_only]
    known = {each.id for each in members}
    red_cell_px = _red_cells_px(readable, captures)
    if not red_cell_px:
        raise _unmeasured()
    table = Table(
        workspace=workspace,
        place=(wish.smear_id, wish.capture_id),
        fields={each.id: each for each in readable},
        red_cell_px=red_cell_px,
        boxed=(),
    )
    for each in wish.fields:
        if each.field_id in known and each.field_id not in table.fields:
            raise Conflict("this photograph has no pixels to learn from", expected="a whole one that has come")
    boxed = [(each.field_id, _boxes_of(each, table.field(each.field_id))) for each in wish.fields if each.boxes]
    boxed.sort(key=lambda pair: (table.fields[pair[0]].origin or "", pair[0]))
    return replace(table, boxed=boxed)


def try_filter(workspace: Workspace, wish: FilterWish) -> FilterTrial:
    """Train a filter and look at a photograph with it; without a box, the filter that comes along looks.

    What it finds there is what a search with it would find, but for what people drew.

    Raises
    ------
    NotFound, InputError, Conflict, TooFew
        As ``set_table``; or the boxes hold too little that is nucleus.
    """
    started = time.perf_counter()
    table = set_table(workspace, wish)
    chosen = filter_of(table, wish)
    sight = None if wish.shown is None else _sight(table, wish.shown, chosen)
    return FilterTrial(filter=fitted(chosen), sight=sight, seconds=round(time.perf_counter() - started, 3))


def save_filter(workspace: Workspace, saving: FilterSaving, by: Person) -> SavedFilter:
    """Train a filter and keep it under a name.

    Raises
    ------
    AlreadyExists
        The name means another filter.
    NotFound, InputError, Conflict, TooFew
        As ``try_filter``; also where there is no box, or the name does not fit.
    """
    table = set_table(workspace, saving.wish)
    if not table.boxed:
        raise TooFew("there is no box to learn from", expected="at least 1 box around a white cell", found="0")
    trained = table.fit(strictness=saving.wish.strictness, name=saving.name.strip())
    boxes = {field: [(box.left, box.top, box.right, box.bottom) for box in its] for field, its in table.boxed}
    return keep_filter(workspace, saving.name, trained, place=table.place, boxes=boxes, by=by)


def filter_of(table: Table, wish: FilterWish) -> ColorFilter:
    """Return the filter that a wish means."""
    if table.boxed:
        return table.fit(strictness=wish.strictness)
    return replace(DEFAULT_FILTER, prior=prior_of(wish.strictness))


def _sight(table: Table, field_id: str, color_filter: ColorFilter) -> FilterSight:
    prepared = table.prepared(field_id)
    found, mask = look_at(prepared, color_filter)
    return FilterSight(
        field_id=field_id,
        times=prepared.times,
        left=prepared.left,
        top=prepared.top,
        width_px=mask.shape[1],
        height_px=mask.shape[0],
        mask=encode_run_lengths(mask),
        found=tuple(FoundBox(place=place, score=round(score, 4)) for place, score in found),
    )


def _place_of(field: FieldOfView) -> Place:
    return field.smear_id, field.capture_id


def _red_cells_px(fields: Sequence[FieldOfView], captures: Mapping[str, Capture]) -> dict[str, float]:
    """Return how wide a search takes red cells for, in pixels by photograph, where anything tells it."""
    widths: dict[str, float] = {}
    for members in alike(fields, captures):
        scale = scale_of(members, captures[members[0].id])["scale"]
        if scale is not None:
            widths |= {each.id: RED_CELL_MICROMETRES / float(scale) for each in members}
    return widths


def _mostly(said: Sequence[Thing]) -> Thing:
    """Return what is said most often, the first of those alike."""
    return Counter(said).most_common(1)[0][0]


def _unmeasured() -> TooFew:
    return TooFew(
        "red cells can be measured in none of the photographs",
        expected="at least 1",
        found="0",
        hint="record the scale of the set-up",
    )


def _boxes_of(given: BoxedField, field: FieldOfView) -> tuple[Box, ...]:
    if len(given.boxes) > MOST_BOXES:
        raise InputError(
            "too many boxes in a photograph", expected=f"at most {MOST_BOXES}", found=str(len(given.boxes))
        )
    boxes = []
    for left, top, right, bottom in given.boxes:
        box = Box(left=left, top=top, right=right, bottom=bottom)
        if not box.inside(field.width_px or 0, field.height_px or 0):
            size = f"inside {field.width_px} x {field.height_px} px"
            raise InputError("a box leaves its photograph", expected=size, found=str((left, top, right, bottom)))
        if min(box.width, box.height) < SMALLEST_PX:
            raise InputError("a box is too small", expected=f"at least {SMALLEST_PX} px", found=f"{box.width} px")
        boxes.append(box)
    return tuple(boxes)
