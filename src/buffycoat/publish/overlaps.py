"""Boxes of one photograph that show the same pixels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from buffycoat.domain.geometry import Box
from buffycoat.domain.value import value

__all__ = ["OverlappingPairs", "find_overlaps", "overlapping_boxes"]


@value
class OverlappingPairs:
    """Pairs of boxes that share a pixel.

    ``one`` and ``other`` are indices, int64 of shape (m,); ``iou`` is float64 of shape (m,), above 0.
    """

    one: NDArray[np.int64]
    other: NDArray[np.int64]
    iou: NDArray[np.float64]


def overlapping_boxes(fields: Iterable[Sequence[Box]], /, *, iou: float = 0.0) -> int:
    """Return how many pairs of boxes of one photograph overlap by more than that.

    Parameters
    ----------
    fields : iterable of sequence of Box
        The boxes of each photograph.
    iou : float
        Intersection over union, 0 to 1; strict.

    Examples
    --------
    >>> boxes = [Box(left=0, top=0, right=4, bottom=2), Box(left=2, top=0, right=6, bottom=2)]
    >>> overlapping_boxes([boxes, boxes[:1]]), overlapping_boxes([boxes], iou=0.5)
    (1, 0)
    """
    numbered = [(number, box) for number, boxes in enumerate(fields) for box in boxes]
    found = find_overlaps([number for number, _ in numbered], [box for _, box in numbered])
    return int(np.count_nonzero(found.iou > iou))


def find_overlaps(photographs: Sequence[int], boxes: Sequence[Box]) -> OverlappingPairs:
    """Return the pairs of boxes of one photograph that share a pixel.

    The boxes lie sorted by photograph, and each is compared with the first after it, then the second, and so on, all
    boxes at once: as many steps as the fullest photograph has boxes, and no memory for pairs that do not overlap.

    Parameters
    ----------
    photographs : sequence of int
        Number of the photograph of each box.
    boxes : sequence of Box
        As many, in the pixel frame of their photograph.

    Returns
    -------
    OverlappingPairs
        Indices into ``boxes``.
    """
    numbers = np.array(photographs, np.int64)
    order = np.argsort(numbers, kind="stable")
    edges = np.array([(box.left, box.top, box.right, box.bottom) for box in boxes], np.int64).reshape(-1, 4)[order]
    numbers = numbers[order]
    low, high = edges[:, :2], edges[:, 2:]
    area = (high - low).prod(axis=1)
    ones, others, ious = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0, np.float64)]
    here = np.arange(len(numbers))
    step = 0
    while here.size:
        step += 1
        here = here[here + step < len(numbers)]
        here = here[numbers[here] == numbers[here + step]]
        there = here + step
        shared = np.maximum(np.minimum(high[here], high[there]) - np.maximum(low[here], low[there]), 0).prod(axis=1)
        hit = shared > 0
        ones.append(order[here[hit]])
        others.append(order[there[hit]])
        ious.append(shared[hit] / (area[here[hit]] + area[there[hit]] - shared[hit]))
    return OverlappingPairs(one=np.concatenate(ones), other=np.concatenate(others), iou=np.concatenate(ious))
