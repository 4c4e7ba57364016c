"""The searches: what is on two sides of a split, kind by kind."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import numpy as np

from buffycoat.domain.release import SplitPlan
from buffycoat.domain.value import value
from buffycoat.publish.connected import connected
from buffycoat.publish.leak_values import KINDS, Leak, LeakCell
from buffycoat.publish.neighbors import find_near_in_time
from buffycoat.publish.overlaps import find_overlaps
from buffycoat.publish.splits import SPLITS, splits_of

__all__ = ["Placed", "near_in_time", "overlapping", "place_cells", "repeated", "shared"]

_IOU = (0.0, 0.25, 0.5)
_SECONDS = 60
_EXAMPLES = 3
_TRAIN = SPLITS[0]


@value
class Placed:
    """The cells that are in a split, and the number of that split in ``names``."""

    cells: tuple[LeakCell, ...]
    sides: tuple[int, ...]
    names: tuple[str, ...]

    def place(self, index: int) -> str:
        """Return where a cell is, in words."""
        return f"{self.cells[index].cell_id} in {self.names[self.sides[index]]}"

    def test_cells(self, indices: Iterable[int]) -> int:
        """Return how many of these cells lie outside train."""
        return sum(self.names[self.sides[index]] != _TRAIN for index in set(indices))


def place_cells(plan: SplitPlan, cells: Iterable[LeakCell]) -> Placed:
    """Return the cells that are in a split, by id."""
    split = splits_of(plan)
    found = sorted(
        ((cell, side) for cell in cells if (side := split(cell.cell_id, cell.smear_id)) is not None),
        key=lambda each: each[0].cell_id,
    )
    used = {side for _, side in found}
    names = (*(name for name in SPLITS if name in used), *sorted(used - set(SPLITS)))
    return Placed(
        cells=tuple(cell for cell, _ in found), sides=tuple(names.index(side) for _, side in found), names=names
    )


def shared(placed: Placed, kind: str, noun: str, keys: Sequence[str | None]) -> Leak:
    """Count what has cells on two sides; that with most cells outside train is named first."""
    sides: dict[str, Counter[str]] = defaultdict(Counter)
    for key, side in zip(keys, placed.sides, strict=True):
        if key is not None:
            sides[key][placed.names[side]] += 1
    test_cells = {key: found.total() - found[_TRAIN] for key, found in sides.items() if len(found) > 1}
    order = sorted(test_cells, key=lambda key: (-test_cells[key], key))
    examples = (
        f"{noun} {key}: " + ", ".join(f"{sides[key][name]:,} in {name}" for name in placed.names if sides[key][name])
        for key in order[:_EXAMPLES]
    )
    return Leak(kind=kind, count=len(order), test_cells=sum(test_cells.values()), examples=tuple(examples))


def overlapping(placed: Placed) -> list[Leak]:
    """Count pairs of boxes of one photograph that are on two sides, for each IoU; the closest pairs are named first."""
    boxed = [index for index, cell in enumerate(placed.cells) if cell.box is not None and cell.photograph is not None]
    numbers = _numbered([placed.cells[index].photograph for index in boxed])
    pairs = find_overlaps(numbers, [box for index in boxed if (box := placed.cells[index].box) is not None])
    index_of, sides = np.array(boxed, np.int64), np.array(placed.sides, np.int64)
    one, other = index_of[pairs.one], index_of[pairs.other]
    across = sides[one] != sides[other]
    one, other, iou = one[across], other[across], pairs.iou[across]
    leaks = []
    for kind, above in zip(KINDS[3:6], _IOU, strict=True):
        hits = np.flatnonzero(iou > above)
        best = hits[np.lexsort((other[hits], one[hits], -iou[hits]))][:_EXAMPLES].tolist()
        examples = (f"{placed.place(one[at])} and {placed.place(other[at])}: IoU {iou[at]:.2f}" for at in best)
        touched = placed.test_cells(np.concatenate([one[hits], other[hits]]).tolist())
        leaks.append(Leak(kind=kind, count=len(hits), test_cells=touched, examples=tuple(examples)))
    return leaks


def near_in_time(placed: Placed) -> Leak:
    """Count pairs of photographs of one film, taken within a minute, that have cells on two sides."""
    # A cell of an unknown photograph counts as a photograph of its own.
    timed = [(index, cell, cell.taken_at) for index, cell in enumerate(placed.cells) if cell.taken_at is not None]
    keys = [(cell.smear_id, cell.photograph is None, cell.photograph or cell.cell_id) for _, cell, _ in timed]
    fields = sorted(set(keys))
    number_of = {key: number for number, key in enumerate(fields)}
    numbers = np.array([number_of[key] for key in keys], np.int64)
    sides = np.array([placed.sides[index] for index, _, _ in timed], np.int64)
    times = np.full(len(fields), np.iinfo(np.int64).max, np.int64)
    np.minimum.at(times, numbers, np.array([_milliseconds(taken) for _, _, taken in timed], np.int64))
    has = np.zeros((len(fields), max(len(placed.names), 1)), np.bool_)
    has[numbers, sides] = True
    films = np.array(_numbered([smear for smear, _, _ in fields]), np.int64)
    near = find_near_in_time(films, times, has, within=1000 * _SECONDS, examples=_EXAMPLES)
    outside = sides != (placed.names.index(_TRAIN) if _TRAIN in placed.names else -1)
    examples = (
        f"{fields[a][2]} and {fields[b][2]} of film {fields[a][0]}: {abs(times[a] - times[b]) / 1000:.0f} s apart"
        for a, b in near.examples
    )
    touched = int(np.count_nonzero(near.touched[numbers, sides] & outside))
    return Leak(kind=KINDS[6], count=near.pairs, test_cells=touched, examples=tuple(examples))


def repeated(placed: Placed, repeats: Iterable[tuple[str, str]]) -> Leak:
    """Count pairs of cells on two sides that show the same physical cell, be it by way of a third."""
    index_of = {cell.cell_id: index for index, cell in enumerate(placed.cells)}
    pairs, touched, examples = 0, 0, []
    for group in connected(repeats):
        members = [index_of[cell_id] for cell_id in group if cell_id in index_of]
        sides = Counter(placed.sides[index] for index in members)
        if len(sides) > 1:
            pairs += (sides.total() ** 2 - sum(count**2 for count in sides.values())) // 2
            touched += placed.test_cells(members)
            examples.append(" and ".join(placed.place(index) for index in members))
    return Leak(kind=KINDS[7], count=pairs, test_cells=touched, examples=tuple(examples[:_EXAMPLES]))


def _numbered(keys: Sequence[str | None]) -> list[int]:
    number_of: dict[str | None, int] = {}
    return [number_of.setdefault(key, len(number_of)) for key in keys]


def _milliseconds(taken_at: datetime) -> int:
    aware = taken_at if taken_at.tzinfo is not None else taken_at.replace(tzinfo=UTC)
    return round(aware.timestamp() * 1000)
