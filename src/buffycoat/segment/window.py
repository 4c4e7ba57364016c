"""Where to look around a click: a window about twice as wide as the cell, in a picture of any size."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from buffycoat.domain.geometry import Box
from buffycoat.errors import NothingFound
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.color import balanced_magenta
from buffycoat.imaging.regions import BinaryMask, find_regions
from buffycoat.segment.easy_gt import easy_gt
from buffycoat.segment.nucleus import LEAST_CONTRAST

__all__ = ["fitting_window", "windows_at"]

LARGEST_WINDOW, SMALLEST_WINDOW = 1536, 64
PROBE_SIDE = 384
LEAST_SEED = 0.04
"""Smallest diameter of a nucleus, in sides of the window: in a smaller one it is seen better."""
WIDTH = 3.4
"""Side of the window in diameters of the nucleus with its near lobes."""
TWICE = 2.0
"""Side of the window in diameters of the cell: as wide as crops are cut."""


def windows_at(picture: RgbImage, point: tuple[float, float]) -> Iterator[Box]:
    """Yield windows in which the cell at a point may be seen, the most likely first.

    Squares around the point, each half as wide as the one before, are reduced and split by the threshold of Easy-GT.
    Where a nucleus is at the point, or next to it, the window is 3.4 times as wide as that nucleus with its lobes.

    Parameters
    ----------
    picture : ndarray
        uint8 RGB of shape (height, width, 3).
    point : tuple of float
        x and y in pixels.

    Yields
    ------
    Box
        Within the picture; one of each size.

    Examples
    --------
    >>> picture = np.full((400, 600, 3), 230, np.uint8)
    >>> _ = cv2.circle(picture, (450, 120), 20, (120, 40, 160), -1)
    >>> [box.width for box in windows_at(picture, (445.0, 110.0))][:1]
    [133]
    """
    height, width = picture.shape[:2]
    side = min(max(height, width), LARGEST_WINDOW)
    yielded: list[int] = []
    while side >= SMALLEST_WINDOW or not yielded:
        square = _clipped(Box.around(round(point[0]), round(point[1]), side), height, width)
        seen = _nucleus_near(picture, square, point)
        if seen is not None:
            x, y, diameter = seen
            wanted = round(min(max(WIDTH * diameter, SMALLEST_WINDOW), max(height, width)))
            if all(abs(wanted - earlier) > 0.2 * earlier for earlier in yielded):
                yielded.append(wanted)
                yield _clipped(Box.around(round(x), round(y), wanted), height, width)
        side //= 2
        if side < SMALLEST_WINDOW:
            return


def fitting_window(cell: BinaryMask, window: Box, picture: tuple[int, int]) -> Box | None:
    """Return a window that fits a cell better than the one it was found in; none where that one does.

    Parameters
    ----------
    cell : ndarray
        bool of the window's shape, not empty.
    window : Box
        In the picture.
    picture : tuple of int
        Height and width of the picture in pixels.

    Returns
    -------
    Box or None
        Twice as wide as the cell with the cell in the middle, as far as the picture goes.
    """
    left, top, width, height = cv2.boundingRect(cell.astype(np.uint8))
    open_sides = (
        (left == 0 and window.left > 0, top == 0 and window.top > 0),
        (left + width == window.width and window.right < picture[1],),
        (top + height == window.height and window.bottom < picture[0],),
    )
    cut = any(any(sides) for sides in open_sides)
    side = round((1.5 if cut else 1.0) * TWICE * max(width, height))
    center = window.left + left + width / 2, window.top + top + height / 2
    moved = max(abs(center[0] - window.center[0]), abs(center[1] - window.center[1]))
    larger = max(window.width, window.height)
    if not cut and 0.8 < side / larger < 1.25 and moved < 0.1 * larger:
        return None
    fitting = _clipped(Box.around(*center, max(side, SMALLEST_WINDOW)), *picture)
    return None if fitting == window else fitting


def _clipped(box: Box, height: int, width: int) -> Box:
    """Return the part of a window that lies in the picture."""
    left, top = max(box.left, 0), max(box.top, 0)
    return Box(left=left, top=top, right=min(box.right, width), bottom=min(box.bottom, height))


def _nucleus_near(picture: RgbImage, square: Box, point: tuple[float, float]) -> tuple[float, float, float] | None:
    """Return center and diameter of the nucleus at a point, in pixels of the picture; none where there is none."""
    view = picture[square.top : square.bottom, square.left : square.right]
    scale = min(1.0, PROBE_SIDE / max(view.shape[:2]))
    size = max(1, round(view.shape[1] * scale)), max(1, round(view.shape[0] * scale))
    small = cv2.resize(np.ascontiguousarray(view), size, interpolation=cv2.INTER_AREA)
    try:
        mask = easy_gt(np.asarray(small, dtype=np.uint8), weight=0.25).mask
    except NothingFound:
        return None
    regions = find_regions(mask)
    levels = np.asarray(balanced_magenta(np.asarray(small, dtype=np.uint8))[1])
    x, y = (point[0] - square.left) * scale, (point[1] - square.top) * scale
    ground = float(np.median(levels))
    roots = np.sqrt(regions.areas)
    best: tuple[float, int] | None = None
    for region in np.flatnonzero(roots >= LEAST_SEED * max(size)):
        left, top, right, bottom = regions.boxes[region]
        outside = float(np.hypot(max(left - x, x - right + 1, 0), max(top - y, y - bottom + 1, 0)))
        inside = levels[top:bottom, left:right][regions.labels[top:bottom, left:right] == region + 1]
        if (
            outside <= roots[region]
            and inside.mean() - ground >= LEAST_CONTRAST
            and (best is None or outside < best[0])
        ):
            best = outside, int(region)
    if best is None:
        return None
    left, top, right, bottom = _with_lobes(regions.boxes, best[1], roots)
    reach = max(right - left, bottom - top)
    return square.left + (left + right) / 2 / scale, square.top + (top + bottom) / 2 / scale, reach / scale


def _with_lobes(boxes: np.ndarray, seed: int, roots: np.ndarray) -> tuple[int, int, int, int]:
    """Return the box around a nucleus and the lobes of comparable size right beside it."""
    left, top, right, bottom = (int(side) for side in boxes[seed])
    near = 0.5 * float(roots[seed])
    for lobe in np.flatnonzero(roots >= 0.3 * roots[seed]):
        a, b, c, d = (int(side) for side in boxes[lobe])
        if (
            max(a - int(boxes[seed][2]), int(boxes[seed][0]) - c, b - int(boxes[seed][3]), int(boxes[seed][1]) - d)
            < near
        ):
            left, top, right, bottom = min(left, a), min(top, b), max(right, c), max(bottom, d)
    return left, top, right, bottom
