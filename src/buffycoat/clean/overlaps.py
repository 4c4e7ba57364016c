"""Where two photographs show the same region of a smear, and which of their boxes lie at the same place there."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from buffycoat.clean.field_votes import pairs_by_votes
from buffycoat.domain.geometry import Box
from buffycoat.domain.value import value
from buffycoat.errors import InputError
from buffycoat.imaging.field_description import FieldDescription
from buffycoat.imaging.field_registration import register_fields

__all__ = [
    "FieldOverlap",
    "find_overlaps",
    "places_agree",
    "places_exclude",
    "same_places",
    "shared_iou",
    "turned",
]

Warp = tuple[float, float, float, float, float, float]
"""Row by row, the 2 x 3 matrix that takes a pixel (x, y) of photograph b to its pixel in photograph a."""

_AGREE = 0.6
_EXCLUDE = 0.05


@value
class FieldOverlap:
    """Two photographs of one smear that show, in part, the same region.

    Attributes
    ----------
    a, b : str
        Ids of the photographs, ``a < b``.
    warp : tuple of float
        Row by row, the 2 x 3 matrix that takes a pixel (x, y) of ``b`` to its pixel in ``a``; both in the pixel frame
        of the field, where boxes are.
    correlation : float
        Of the details of both in the shared region, once one is laid upon the other: up to 1.
    share_a, share_b : float
        Part of each photograph that the other one shows too, 0 to 1.
    size_a, size_b : tuple of int
        Width and height of each in pixels.
    """

    a: str
    b: str
    warp: Warp
    correlation: float
    share_a: float
    share_b: float
    size_a: tuple[int, int]
    size_b: tuple[int, int]

    def __post_init__(self) -> None:
        """Refuse a photograph laid upon itself, the wrong order, and a map that flattens."""
        if self.a >= self.b:
            raise InputError(
                "photographs of an overlap are out of order", expected="a < b", found=f"{self.a}, {self.b}"
            )
        p, q, _, r, s, _ = self.warp
        if not np.isfinite(self.warp).all() or p * s - q * r <= 0:
            raise InputError("no map of one photograph to another", expected="determinant > 0", found=str(self.warp))


def find_overlaps(
    fields: Mapping[str, FieldDescription], *, compared: Collection[str] = ()
) -> tuple[FieldOverlap, ...]:
    """Return which photographs of a smear show the same region, in part.

    All pairs are compared by their landmarks, the likely ones laid upon one another. The order of the photographs does
    not matter.

    Parameters
    ----------
    fields : mapping of str to FieldDescription
        Photographs of one smear by their ids.
    compared : collection of str
        Ids of photographs that have been compared with each other already: only pairs with a new one are searched.

    Returns
    -------
    tuple of FieldOverlap
        In increasing order of ids.

    Examples
    --------
    >>> find_overlaps({})
    ()
    """
    names = sorted(fields)
    described = [fields[name] for name in names]
    found = []
    known = {number for number, name in enumerate(names) if name in set(compared)}
    for i, j in pairs_by_votes(described, compared=known):
        match = register_fields(described[i], described[j])
        if match is not None:
            p, q, x, r, s, y = (float(number) for number in match.warp.ravel())
            found.append(
                FieldOverlap(
                    a=names[i],
                    b=names[j],
                    warp=(p, q, x, r, s, y),
                    correlation=match.correlation,
                    share_a=match.share_a,
                    share_b=match.share_b,
                    size_a=(described[i].width_px, described[i].height_px),
                    size_b=(described[j].width_px, described[j].height_px),
                )
            )
    return tuple(found)


class _Span(NamedTuple):
    """A box with places between pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def cut(self, other: _Span) -> _Span:
        left, top = max(self.left, other.left), max(self.top, other.top)
        return _Span(left, top, max(left, min(self.right, other.right)), max(top, min(self.bottom, other.bottom)))

    @property
    def area(self) -> float:
        return (self.right - self.left) * (self.bottom - self.top)


def turned(warp: Warp) -> Warp:
    """Return the map the other way round: from pixels of a to pixels of b.

    Examples
    --------
    >>> turned((1.0, 0.0, 30.0, 0.0, 1.0, -5.0))
    (1.0, 0.0, -30.0, 0.0, 1.0, 5.0)
    """
    p, q, x, r, s, y = warp
    whole = p * s - q * r
    a, b, c, d = s / whole, -q / whole, -r / whole, p / whole
    return (a, b + 0.0, -(a * x + b * y), c + 0.0, d, -(c * x + d * y))


def shared_iou(overlap: FieldOverlap, box_a: Box, box_b: Box) -> float:
    """Return the intersection over union of two boxes, of what lies in both photographs.

    A cell that the edge of one photograph cuts has a smaller box there than in the other, where it is whole. So both
    boxes are cut to what both photographs show before they are compared.

    Parameters
    ----------
    overlap : FieldOverlap
        Of the two photographs.
    box_a, box_b : Box
        A box in photograph ``a`` and one in photograph ``b``: both extents of cells, or both crops.

    Returns
    -------
    float
        0 to 1; 0 where one of the boxes has nothing in the other photograph.

    Examples
    --------
    >>> moved = FieldOverlap(a="f1", b="f2", warp=(1, 0, 50, 0, 1, 0), correlation=0.9, share_a=0.5, share_b=0.5,
    ...                      size_a=(100, 100), size_b=(100, 100))
    >>> cut, whole = Box(left=80, top=10, right=100, bottom=50), Box(left=30, top=10, right=70, bottom=50)
    >>> shared_iou(moved, cut, whole)
    1.0
    """
    both = _Span(0, 0, *overlap.size_a).cut(_moved(overlap.warp, _Span(0, 0, *overlap.size_b)))
    one = _span(box_a).cut(both)
    other = _moved(overlap.warp, _span(box_b)).cut(both)
    shared = one.cut(other).area
    union = one.area + other.area - shared
    return shared / union if union > 0 else 0.0


def places_agree(overlap: FieldOverlap, box_a: Box, box_b: Box, *, least: float = _AGREE) -> bool:
    """Say whether two boxes lie at the same place of the smear, so that they hold the same cell.

    Parameters
    ----------
    overlap : FieldOverlap
        Of the two photographs.
    box_a, box_b : Box
        A box in photograph ``a`` and one in photograph ``b``: both extents of cells (better), or both crops.
    least : float
        Lowest `shared_iou`. Crops 4.7 red cells wide around two small lymphocytes that touch reach 0.58.
    """
    return shared_iou(overlap, box_a, box_b) >= least


def places_exclude(overlap: FieldOverlap, box_a: Box, box_b: Box) -> bool:
    """Say whether two boxes lie at such different places that they cannot hold the same cell.

    What is left between this and `places_agree` is unsure: a box that is too large or too small.

    Parameters
    ----------
    overlap : FieldOverlap
        Of the two photographs.
    box_a, box_b : Box
        The extents of two cells, or their crops; crops exclude less.
    """
    other = _moved(overlap.warp, _span(box_b))
    one = _span(box_a)
    smaller = min(one.area, other.area)
    return one.cut(other).area < _EXCLUDE * smaller


def same_places(
    overlap: FieldOverlap, boxes_a: Sequence[Box], boxes_b: Sequence[Box], *, least: float = _AGREE
) -> tuple[tuple[int, int], ...]:
    """Return which boxes of two photographs lie at the same place, each box in one pair at most.

    The pairs that agree best are taken first.

    Parameters
    ----------
    overlap : FieldOverlap
        Of the two photographs.
    boxes_a, boxes_b : sequence of Box
        All boxes of ``a`` and all of ``b``: extents of cells (better), or crops.
    least : float
        See `places_agree`.

    Returns
    -------
    tuple of (int, int)
        Positions in ``boxes_a`` and ``boxes_b``, by the first.
    """
    agreeing = [
        (-agreement, i, j)
        for i, one in enumerate(boxes_a)
        for j, other in enumerate(boxes_b)
        if (agreement := shared_iou(overlap, one, other)) >= least
    ]
    left, right = set(range(len(boxes_a))), set(range(len(boxes_b)))
    pairs = []
    for _, i, j in sorted(agreeing):
        if i in left and j in right:
            left.remove(i)
            right.remove(j)
            pairs.append((i, j))
    return tuple(sorted(pairs))


def _span(box: Box) -> _Span:
    return _Span(box.left, box.top, box.right, box.bottom)


def _moved(warp: Warp, span: _Span) -> _Span:
    """Return the box of the same center and size as the mapped one: upright, so a small turn does not make it grow."""
    p, q, x, r, s, y = warp
    middle_x, middle_y = (span.left + span.right) / 2, (span.top + span.bottom) / 2
    new_x, new_y = p * middle_x + q * middle_y + x, r * middle_x + s * middle_y + y
    # A quarter turn exchanges width and height.
    wide, high = span.right - span.left, span.bottom - span.top
    if abs(q) > abs(p):
        half_x, half_y = high * float(np.hypot(q, s)) / 2, wide * float(np.hypot(p, r)) / 2
    else:
        half_x, half_y = wide * float(np.hypot(p, r)) / 2, high * float(np.hypot(q, s)) / 2
    return _Span(new_x - half_x, new_y - half_y, new_x + half_x, new_y + half_y)
