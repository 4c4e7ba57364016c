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
from buffycoat.segment.outline import cell_around

__all__ = ["best_masks"]

Mask = NDArray[np.bool_]
FloatImage = NDArray[np.float32]

THRESHOLD_WEIGHT: Final = 0.25
"""The weight of Easy-GT that did best on the first half of BCCD."""
SOFTNESS: Final = 16.0
"""Levels of magenta from the threshold at which it is 73 % sure."""
THRESHOLD_SAY: Final = 0.4
"""Of the threshold, beside the network. In a crop that shows nothing but the cell it has none: there is too little to
compare with."""
LITTLE_SEEN: Final = 0.3
ENOUGH_SEEN: Final = 0.8
"""Of the frame: what is in the photograph when the threshold has no say, and when it has all of it."""
NETWORK_SAY: Final = 0.4
"""Of the network's outline of the cell, beside that of the closed line."""
LEAST_SURE: Final = 0.45
"""Of both together, that a pixel is of the nucleus: people draw around a nucleus rather than through its edge."""
FRAME: Final = 2.0 * CELL_SHARE
"""Side of what surrounds the cell, in sides of the window: the cell is half as wide as it."""
SMALLEST_LOBE: Final = 0.03
"""Of the nucleus: smaller regions are granules or specks."""
LARGEST_HOLE: Final = 0.01
TAIL: Final = 0.2
"""Of the radius of a disc as large as the cell: what is narrower than twice that is no part of the cell."""


def best_masks(
    crop: RgbImage, *, at: tuple[float, float] | None = None, network: SegmenterNetwork | None = None
) -> tuple[Mask, Mask]:
    """Return the masks of nucleus and whole cell, of the cell in the middle or under a point.

    A small network draws both, and for each there is a second opinion that knows no shapes but adapts to any stain. A
    pixel is of the nucleus where the mean of network and Easy-GT's threshold, made soft, says so. The outline of the
    cell lies between the network's, without thin tails, and the closed line around that nucleus
    (:func:`~buffycoat.segment.outline.cell_around`).

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
    around = _part(drawn, crop.shape, FRAME)
    view = np.ascontiguousarray(crop[around])
    place = tuple(
        slice(mine.start - wide.start, mine.stop - wide.start)
        for mine, wide in zip((rows, columns), around, strict=True)
    )
    opinion, say = _by_threshold(view, (FRAME * drawn.side) ** 2)
    inner = np.asarray((1 - say) * inner + say * opinion[place], np.float32)
    stained = np.zeros(view.shape[:2], np.bool_)
    stained[place] = _cleaned((inner > LEAST_SURE) & one_cell)
    if stained.any():
        chances = np.zeros(view.shape[:2], np.float32)
        chances[place] = whole.clip(0, 1)
        line = cell_around(view, nucleus=stained, chances=chances)
        one_cell = fill_holes(middle_region(_between(one_cell, line[place]), *middle))
    nucleus[rows, columns], cell[rows, columns] = _cleaned((inner > LEAST_SURE) & one_cell), one_cell
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


def _by_threshold(view: RgbImage, frame: float) -> tuple[FloatImage, float]:
    """Return how sure Easy-GT's threshold is of the nucleus, 0 to 1, and how much say it has.

    ``frame`` is the number of pixels that the view would have if the photograph went on.
    """
    inside = frame_of(view).slices  # padding would shift the balance of colors
    sure = np.zeros(view.shape[:2], np.float32)
    try:
        found = easy_gt(np.ascontiguousarray(view[inside]), weight=THRESHOLD_WEIGHT)
    except NothingFound:
        return sure, 0.0
    levels = np.arange(256, dtype=np.float32)
    table = (1 / (1 + np.exp((found.threshold - levels) / SOFTNESS))).astype(np.float32)
    sure[inside] = table[found.magenta]
    seen = (found.magenta.size / frame - LITTLE_SEEN) / (ENOUGH_SEEN - LITTLE_SEEN)
    return sure, THRESHOLD_SAY * min(max(seen, 0.0), 1.0)


def _between(one: Mask, other: Mask) -> Mask:
    """Return the mask whose outline lies between the network's and the line's."""
    depths = [
        cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 5)
        - cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, 5)
        for mask in (one, other)
    ]
    return np.asarray(NETWORK_SAY * depths[0] + (1 - NETWORK_SAY) * depths[1] > 0, np.bool_)


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
