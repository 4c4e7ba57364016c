"""What an expert would strike out of a thresholded nucleus: neighbors, specks and small holes."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["clean_nucleus"]

CENTRAL = 0.35
SMALL = 0.1
HOLE = 0.01


def clean_nucleus(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Keep the large regions in the middle, and fill their small holes.

    Regions are kept whose center lies within 0.35 of the shorter side from the middle of the crop; of these, those with
    at least a tenth of the largest one's pixels. Holes of up to a hundredth of what is kept are filled.

    Parameters
    ----------
    mask : ndarray
        bool of shape (height, width).

    Returns
    -------
    ndarray
        bool of the same shape; it may be empty.

    Examples
    --------
    >>> mask = np.zeros((60, 60), bool)
    >>> mask[20:40, 20:40] = mask[:5, :5] = True
    >>> mask[30, 30] = False
    >>> int(clean_nucleus(mask).sum())
    400
    """
    left, top, width, height = cv2.boundingRect(mask.view(np.uint8))
    kept = np.zeros_like(mask)
    if not width:
        return kept
    # Only pixels of the mask are counted: they are few, and tables of all labels are slow.
    window = np.ascontiguousarray(mask[top : top + height, left : left + width])
    places = np.flatnonzero(window)
    labels = np.asarray(cv2.connectedComponents(window.view(np.uint8), connectivity=8)[1])
    region = labels.ravel()[places] - 1
    rows = places.astype(np.int32) // width
    areas = np.bincount(region)
    centers_y = np.bincount(region, rows) / areas + top
    centers_x = np.bincount(region, places - rows * width) / areas + left
    middle_y, middle_x = ((side - 1) / 2 for side in mask.shape)
    areas[np.hypot(centers_y - middle_y, centers_x - middle_x) > CENTRAL * min(mask.shape)] = 0
    chosen = (areas > 0) & (areas >= SMALL * areas.max())
    part = np.zeros(window.shape, np.bool_)
    part.ravel()[places] = chosen[region]  # a view: it is contiguous
    largest_hole = int(HOLE * areas[chosen].sum())
    kept[top : top + height, left : left + width] = _fill(part, largest_hole) if largest_hole else part
    return kept


def _fill(mask: NDArray[np.bool_], largest: int) -> NDArray[np.bool_]:
    """Fill holes of at most that many pixels: background that does not reach the border, not even across corners."""
    around = np.pad(~mask, 1, constant_values=True).view(np.uint8)
    labels = np.asarray(cv2.connectedComponents(around, connectivity=4)[1])
    holes = np.flatnonzero((labels > 0) & (labels != labels[0, 0]))
    of_hole = labels.ravel()[holes]
    small = np.zeros(labels.size, np.bool_)
    small[holes] = (np.bincount(of_hole) <= largest)[of_hole]
    return mask | small.reshape(labels.shape)[1:-1, 1:-1]
