"""The default masks of a crop: what a network draws and what a threshold says, put together and in order."""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.errors import NothingFound
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.regions import fill_holes, find_regions, keep_regions
from buffycoat.segment.easy_gt import easy_gt
from buffycoat.segment.frame import frame_of
from buffycoat.segment.network import CELL_SHARE, LOOK_PX, Drawn, SegmenterNetwork, middle_region, nucleus_and_cell

__all__ = ["best_masks"]

Mask = NDArray[np.bool_]
FloatImage = NDArray[np.float32]

THRESHOLD_WEIGHT: Final = 0.25
"""The weight of Easy-GT that did best on the first half of BCCD."""
SOFTNESS: Final = 16.0
"""Levels of magenta from the threshold at which it is 73 % sure."""
FRAME: Final = 2.0 * CELL_SHARE
"""Side of what the threshold is measured on, in sides of the window: the cell is half as wide as it."""
SMALLEST_LOBE: Final = 0.03
"""Of the nucleus: smaller regions are granules or specks."""
LARGEST_HOLE: Final = 0.01
TAIL: Final = 0.2
"""Of the radius of a disc as large as the cell: what is narrower than twice that is no part of the cell."""


def best_masks(
    crop: RgbImage, *, at: tuple[float, float] | None = None, network: SegmenterNetwork | None = None
) -> tuple[Mask, Mask]:
    """Return the masks of nucleus and whole cell, of the cell in the middle or under a point.

    A small network draws both. Within its cell, a pixel is of the nucleus where the mean of two opinions says so: the
    network's, and that of Easy-GT's threshold, made soft. The threshold knows no shapes but adapts to any stain; the
    network knows shapes, and most of the stains that it has seen. Thin tails of the cell are cut off.

    Parameters
    ----------
    crop : ndarray
        uint8 RGB of shape (height, width, 3).
    at : tuple of float, optional
        x and y in pixels of a point on the cell; without it, the middle.
    network : SegmenterNetwork, optional
        Another network than that of this package.

    Returns
    -------
    nucleus, cell : ndarray
        bool of shape (height, width). Every pixel of the nucleus is one of the cell; the cell is one region without
        holes. Both are empty where no cell is seen, the nucleus alone where none is seen in it.

    Raises
    ------
    WrongArray
        If ``crop`` is no RGB image.

    Examples
    --------
    >>> nucleus, cell = best_masks(np.full((60, 60, 3), 230, np.uint8))
    >>> bool(nucleus.any()), bool(cell.any())
    (False, False)
    """
    drawn = nucleus_and_cell(crop, at=at, network=network)
    nucleus, cell = (np.zeros(crop.shape[:2], np.bool_) for _ in range(2))
    if drawn is None:
        return nucleus, cell
    rows, columns = _part(drawn, crop.shape, 1.0)
    inner, whole = (_at_full_size(chances, drawn, rows, columns) for chances in (drawn.nucleus, drawn.cell))
    middle = drawn.left + drawn.side / 2 - columns.start, drawn.top + drawn.side / 2 - rows.start
    one_cell = _without_tails(middle_region(whole > 0.5, *middle), middle)
    opinion = _by_threshold(crop, drawn, rows, columns)
    if opinion is not None:
        inner = np.asarray((inner + opinion) / 2, np.float32)
    nucleus[rows, columns], cell[rows, columns] = _cleaned((inner > 0.5) & one_cell), one_cell
    return nucleus, cell


def _part(drawn: Drawn, shape: tuple[int, ...], factor: float) -> tuple[slice, slice]:
    """Return the rows and columns of the crop that the window shows, or a window so many times as wide."""
    more = (factor - 1) * drawn.side / 2
    rows, columns = (
        slice(
            min(max(0, math.floor(start - more)), size - 1),
            max(1, min(size, math.ceil(start + drawn.side + more))),
        )
        for start, size in zip((drawn.top, drawn.left), shape[:2], strict=True)
    )
    return rows, columns


def _at_full_size(chances: FloatImage, drawn: Drawn, rows: slice, columns: slice) -> FloatImage:
    """Return what the network gives, at the pixels of the crop."""
    factor = LOOK_PX / drawn.side
    matrix = np.array(
        [
            [factor, 0, factor * (columns.start + 0.5 - drawn.left) - 0.5],
            [0, factor, factor * (rows.start + 0.5 - drawn.top) - 0.5],
        ]
    )
    size = (columns.stop - columns.start, rows.stop - rows.start)
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(chances, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.float32)


def _by_threshold(crop: RgbImage, drawn: Drawn, rows: slice, columns: slice) -> FloatImage | None:
    """Return how sure Easy-GT's threshold is of the nucleus, 0 to 1; None where there is no threshold."""
    around_rows, around_columns = _part(drawn, crop.shape, FRAME)
    around = np.ascontiguousarray(crop[around_rows, around_columns])
    inside = frame_of(around).slices  # padding would shift the balance of colors
    try:
        found = easy_gt(np.ascontiguousarray(around[inside]), weight=THRESHOLD_WEIGHT)
    except NothingFound:
        return None
    levels = np.arange(256, dtype=np.float32)
    table = (1 / (1 + np.exp((found.threshold - levels) / SOFTNESS))).astype(np.float32)
    sure = np.zeros(around.shape[:2], np.float32)
    sure[inside] = table[found.magenta]
    top, left = rows.start - around_rows.start, columns.start - around_columns.start
    return sure[top : top + rows.stop - rows.start, left : left + columns.stop - columns.start]


def _without_tails(cell: Mask, middle: tuple[float, float]) -> Mask:
    """Return the cell without thin tails and holes."""
    filled = fill_holes(cell)
    reach = round(TAIL * math.sqrt(np.count_nonzero(filled) / math.pi))
    if reach < 1:
        return filled
    factor = max(1, reach // 6)  # at a smaller size, where a disc of some pixels is enough
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * (reach // factor) + 1,) * 2)
    small = cv2.resize(filled.astype(np.uint8), None, fx=1 / factor, fy=1 / factor, interpolation=cv2.INTER_NEAREST)
    opened = cv2.dilate(cv2.morphologyEx(small, cv2.MORPH_OPEN, disc), np.ones((3, 3), np.uint8))
    body = cv2.resize(opened, filled.shape[::-1], interpolation=cv2.INTER_NEAREST).astype(np.bool_)
    return fill_holes(middle_region(filled & body, *middle))


def _cleaned(nucleus: Mask) -> Mask:
    """Return the nucleus without specks and small holes."""
    regions = find_regions(nucleus)
    if not len(regions.areas):
        return nucleus
    large = keep_regions(regions, regions.areas >= SMALLEST_LOBE * regions.areas.sum())
    return fill_holes(large, largest=int(LARGEST_HOLE * np.count_nonzero(large)))
