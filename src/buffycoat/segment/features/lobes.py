"""How many lobes a nucleus has."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["count_lobes"]

WORKING_SIDE = 64
NECK = 0.15


def count_lobes(nucleus: NDArray[np.bool_]) -> int:
    """Count the parts of a nucleus that necks or gaps keep apart.

    Of each pixel the distance to the edge is taken, at a size at which the nucleus is 64 pixels long. A lobe is a
    summit of these distances from which one must go down by at least 0.15 of the greatest one before a higher summit
    can be reached: so a shallow bay makes no lobes, and a speck is none.

    Parameters
    ----------
    nucleus : ndarray
        bool of shape (height, width).

    Returns
    -------
    int
        0 only where the mask is empty.

    Examples
    --------
    >>> ys, xs = np.mgrid[:60, :100]
    >>> count_lobes(((xs - 30) ** 2 + (ys - 30) ** 2 < 400) | ((xs - 66) ** 2 + (ys - 30) ** 2 < 400))
    2
    """
    left, top, width, height = cv2.boundingRect(nucleus.astype(np.uint8))
    if not width:
        return 0
    window = nucleus[top : top + height, left : left + width].astype(np.float32)
    scale = WORKING_SIDE / max(width, height)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(window, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR) > 0.5
    distance = cv2.distanceTransform(np.pad(small, 1).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    drop = np.float32(NECK * distance.max())
    if not drop:
        return 1
    # What is left of the summits after flooding from ``drop`` below them; only true summits stand out by all of it.
    flood, before = distance - drop, None
    around = np.ones((3, 3), np.uint8)
    while before is None or not np.array_equal(flood, before):
        before = flood
        flood = np.minimum(cv2.dilate(flood, around), distance)
    standing = np.asarray(distance - flood)
    count, labels = cv2.connectedComponents((standing > 0).astype(np.uint8), connectivity=8)
    heights = np.zeros(count, np.float32)
    np.maximum.at(heights, np.asarray(labels, np.int32).ravel(), standing.ravel())
    return int((heights[1:] >= drop * np.float32(0.999)).sum())
