"""What lies beside one cell in its crop: other cells, red or white, that its mask must not run into."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.errors import InvalidMask, TooFew
from buffycoat.imaging.arrays import RgbImage, check_rgb
from buffycoat.imaging.regions import BinaryMask, check_mask, fill_holes
from buffycoat.imaging.threshold import histogram_of, otsu_three
from buffycoat.segment.frame import frame_of

__all__ = ["cells_beside"]

THIN: Final = 0.2
"""Of the radius of a disc as large as the cell: what is narrower than twice that is the cell's own rim, or a speck."""


def cells_beside(crop: RgbImage, cell: NDArray[np.bool_]) -> BinaryMask:
    """Return the pixels of a crop that are of other cells than the one that is drawn.

    What is not glass, by the upper of Otsu's two levels of green, and is no thin rim around the cell, is another cell.
    Between the two, a pixel is of the nearer one. The method is ours: it keeps a hand that draws from slipping into a
    neighbor, and measures nothing.

    Parameters
    ----------
    crop : ndarray
        uint8 RGB of shape (height, width, 3). Plain white rows and columns at its border are padding.
    cell : ndarray
        bool of shape (height, width): about where the cell lies.

    Returns
    -------
    ndarray
        bool of shape (height, width), empty inside ``cell``; empty where the crop is of one color.

    Raises
    ------
    WrongArray
        If ``crop`` is no RGB image.
    InvalidMask
        If ``cell`` is no mask of the crop, or empty.

    Examples
    --------
    >>> crop = np.full((80, 160, 3), 230, np.uint8)
    >>> _ = cv2.circle(crop, (40, 40), 24, (190, 150, 200), -1)
    >>> _ = cv2.circle(crop, (40, 40), 14, (120, 40, 160), -1)
    >>> _ = cv2.circle(crop, (94, 40), 24, (210, 160, 160), -1)
    >>> cell = (crop[..., 1] < 156) & (np.arange(160) < 68)
    >>> found = cells_beside(crop, cell)
    >>> bool(found[40, 94]), bool(found[40, 40]), bool(found[10, 140])
    (True, False, False)
    """
    check_rgb(crop)
    check_mask(cell)
    if cell.shape != crop.shape[:2] or not cell.any():
        raise InvalidMask(
            "no mask of the cell in this crop",
            expected=f"{crop.shape[:2]}, not empty",
            found=f"{cell.shape}, {np.count_nonzero(cell)} px",
        )
    beside = np.zeros(cell.shape, np.bool_)
    rows, columns = frame_of(crop).slices
    green, own = np.ascontiguousarray(crop[rows, columns, 1]), cell[rows, columns]
    try:
        glass = green > otsu_three(histogram_of(green))[1]
    except TooFew:
        return beside
    others = fill_holes(~glass) & ~own
    thin = THIN * float(np.sqrt(np.count_nonzero(cell) / np.pi))
    within = cv2.distanceTransform(np.pad(others, 1, mode="edge").astype(np.uint8), cv2.DIST_L2, 5)[1:-1, 1:-1]
    cores = within > thin
    if not cores.any() or not own.any():
        return beside
    to_core, to_cell = (cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, 5) for mask in (cores, own))
    beside[rows, columns] = others & (to_core - thin <= to_cell)
    return beside
