"""What the places of two cells say: in one photograph, and in two that show the same region, they decide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from buffycoat.clean.candidate import Candidate
from buffycoat.clean.overlaps import FieldOverlap, places_agree, places_exclude, same_places, turned
from buffycoat.domain.geometry import Box
from buffycoat.imaging.registration import THUMBNAIL_SIDE, Warp

__all__ = ["Places"]

# Two finders draw the extent of one cell differently, one around the nucleus, the other around all of it: the smaller
# lies in the larger. What the edge leaves of a cell may lie half in the box of its neighbor.
_SAME_EXTENT = 0.8
_SAME_NUCLEUS = 0.08


class Places:
    """Whether two of some cells can be the same one, by where they lie.

    Parameters
    ----------
    cells : sequence of Candidate
        Numbered from 0.
    overlaps : sequence of FieldOverlap
        Photographs that show the same region.
    iou : float
        Two crops of one photograph that overlap by more than that show the same cell.
    nucleus : callable, optional
        Returns where in its thumbnail the nucleus of a cell lies, as (x, y), or None. It is asked for two crops of one
        photograph, where not both extents are known.
    """

    def __init__(
        self,
        cells: Sequence[Candidate],
        overlaps: Sequence[FieldOverlap] = (),
        *,
        iou: float,
        nucleus: Callable[[int], NDArray[np.float64] | None] = lambda _number: None,
    ) -> None:
        self._cells, self._iou, self._nucleus = cells, iou, nucleus
        self._overlaps = {(overlap.a, overlap.b): overlap for overlap in overlaps}
        self._by_field: dict[str, list[int]] = defaultdict(list)
        for number, cell in enumerate(cells):
            self._by_field[cell.field_id].append(number)

    def same(self, i: int, j: int) -> bool | None:
        """Say whether two cells are one by their places; None where these do not tell."""
        one, other = self._cells[i], self._cells[j]
        if one.field_id == other.field_id:
            return self._same_in_one_field(i, j)
        if one.field_id > other.field_id:
            one, other = other, one
        overlap = self._overlaps.get((one.field_id, other.field_id))
        if overlap is None:
            return None
        boxes = _boxes(one, other)
        if places_agree(overlap, *boxes):
            return True
        return False if places_exclude(overlap, *boxes) else None

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Return the pairs ``i < j`` that are one cell by their places."""
        for numbers in self._by_field.values():
            for i, j in _touching([self._cells[number].box for number in numbers]):
                if self._same_in_one_field(numbers[i], numbers[j]):
                    yield numbers[i], numbers[j]
        for (a, b), overlap in sorted(self._overlaps.items()):
            yield from self._pairs_between(overlap, self._by_field.get(a, []), self._by_field.get(b, []))

    def warp(self, i: int, j: int) -> Warp | None:
        """Return what takes places in thumbnail j to places in thumbnail i, where the photographs tell it."""
        one, other = self._cells[i], self._cells[j]
        if one.field_id == other.field_id:
            between = np.eye(2, 3)
        elif (one.field_id, other.field_id) in self._overlaps:
            between = np.reshape(self._overlaps[one.field_id, other.field_id].warp, (2, 3))
        elif (other.field_id, one.field_id) in self._overlaps:
            between = np.reshape(turned(self._overlaps[other.field_id, one.field_id].warp), (2, 3))
        else:
            return None
        return (_to_thumbnail(one.box) @ _square(between) @ np.linalg.inv(_to_thumbnail(other.box)))[:2]

    def _same_in_one_field(self, i: int, j: int) -> bool:
        """One photograph is its own proof: equal content lies at equal places only."""
        one, other = self._cells[i], self._cells[j]
        extents = _tight(one), _tight(other)
        if extents[0] is not None and extents[1] is not None:
            return extents[0].intersection(extents[1]) >= _SAME_EXTENT * min(extents[0].area, extents[1].area)
        if one.box.iou(other.box) > self._iou:
            return True
        if not one.box.intersection(other.box):
            return False
        # Crops far off the middle of one cell: both are of the cell whose nucleus is nearest to their middle.
        places = [self._nucleus(number) for number in (i, j)]
        if places[0] is None or places[1] is None:
            return False
        here, there = (
            (np.linalg.inv(_to_thumbnail(cell.box)) @ np.array([*place, 1]))[:2]
            for cell, place in zip((one, other), places, strict=True)
            if place is not None
        )
        side = (one.box.width + other.box.width) / 2
        return float(np.hypot(*(here - there))) <= _SAME_NUCLEUS * side

    def _pairs_between(self, overlap: FieldOverlap, ours: list[int], theirs: list[int]) -> Iterator[tuple[int, int]]:
        """Return the pairs of two photographs, each cell in one pair at most."""
        with_extents = all(self._cells[number].extent is not None for number in (*ours, *theirs))
        boxes = [
            [_extent(self._cells[number]) if with_extents else self._cells[number].box for number in numbers]
            for numbers in (ours, theirs)
        ]
        for i, j in same_places(overlap, *boxes):
            yield min(ours[i], theirs[j]), max(ours[i], theirs[j])


def _tight(cell: Candidate) -> Box | None:
    """Return the tight box of a cell; None where a set came with square crops only, such as Raabin-WBC."""
    return None if cell.extent == cell.box else cell.extent


def _extent(cell: Candidate) -> Box:
    return cell.extent or cell.box


def _boxes(one: Candidate, other: Candidate) -> tuple[Box, Box]:
    """Return both extents, or, where not both are known, both crops."""
    if one.extent is not None and other.extent is not None:
        return one.extent, other.extent
    return one.box, other.box


def _touching(boxes: Sequence[Box]) -> Iterator[tuple[int, int]]:
    """Return the pairs ``i < j`` of boxes that share some area."""
    sides = np.array([(box.left, box.top, box.right, box.bottom) for box in boxes], np.int64).reshape(-1, 4)
    for i, (left, top, right, bottom) in enumerate(sides.tolist()):
        later = sides[i + 1 :]
        near = (later[:, 0] < right) & (later[:, 2] > left) & (later[:, 1] < bottom) & (later[:, 3] > top)
        for step in np.flatnonzero(near).tolist():
            yield i, i + 1 + step


def _to_thumbnail(box: Box) -> NDArray[np.float64]:
    """Return the 3 x 3 matrix from pixels of the photograph to those of the crop's thumbnail.

    A box counts edges, a warp middles of pixels, half a pixel further.
    """
    x, y = THUMBNAIL_SIDE / box.width, THUMBNAIL_SIDE / box.height
    return np.array(
        [[x, 0, x * (0.5 - box.left) - 0.5], [0, y, y * (0.5 - box.top) - 0.5], [0, 0, 1]],
    )


def _square(warp: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.vstack([warp, [0, 0, 1]])
