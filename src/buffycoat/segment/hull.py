"""The convex hull of a nucleus, pixel by pixel exact."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

__all__ = ["fill_hull", "find_outlines", "hull_corners"]

_Ends = tuple[NDArray[np.int64], NDArray[np.int64]]


def find_outlines(mask: NDArray[np.bool_]) -> Sequence[MatLike]:
    """Return the outer outlines of a mask's regions, but of none that lies in a hole of another."""
    return cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]


def hull_corners(outlines: Sequence[MatLike]) -> MatLike:
    """Return the corners of the convex hull through the centers of a mask's outermost pixels, around it, as (x, y).

    Parameters
    ----------
    outlines : sequence of ndarray
        At least one, as :func:`find_outlines` returns them.

    Returns
    -------
    ndarray
        int32 of shape (corners, 1, 2).

    Examples
    --------
    >>> corners = hull_corners(find_outlines(np.ones((2, 3), bool)))
    >>> sorted(map(tuple, corners[:, 0].tolist()))
    [(0, 0), (0, 1), (2, 0), (2, 1)]
    """
    return cv2.convexHull(np.concatenate(outlines))


def fill_hull(mask: NDArray[np.bool_], corners: MatLike | None = None) -> NDArray[np.bool_]:
    """Return the pixels whose centers lie in the convex hull of the centers of a mask's pixels, or on its edge.

    Whole-number arithmetic. A polygon drawn by OpenCV also takes pixels outside that its edge merely touches.

    Parameters
    ----------
    mask : ndarray
        bool of shape (height, width), not empty.
    corners : ndarray, optional
        What :func:`hull_corners` returns for this mask, if it is known.

    Returns
    -------
    ndarray
        bool of the same shape; it holds every pixel of the mask.

    Examples
    --------
    >>> fill_hull(np.array([[1, 0, 0, 0], [0, 0, 0, 1]], bool)).astype(int).tolist()
    [[1, 0, 0, 0], [0, 0, 0, 1]]
    """
    around = hull_corners(find_outlines(mask)) if corners is None else corners
    start = around[:, 0].astype(np.int64)
    top, bottom = int(start[:, 1].min()), int(start[:, 1].max())
    hull = np.zeros(mask.shape, np.bool_)
    columns = np.arange(mask.shape[1])
    if top == bottom:
        hull[top] = (columns >= start[:, 0].min()) & (columns <= start[:, 0].max())
        return hull
    stop = np.roll(start, -1, axis=0)
    down, up = start[:, 1] < stop[:, 1], start[:, 1] > stop[:, 1]
    one, other = _side(start[down], stop[down]), _side(stop[up], start[up])
    left, right = (one, other) if one[0].sum() + one[1].sum() <= other[0].sum() + other[1].sum() else (other, one)
    hull[top : bottom + 1] = (columns >= left[1][:, None]) & (columns <= right[0][:, None])
    return hull


def _side(start: NDArray[np.int64], stop: NDArray[np.int64]) -> _Ends:
    """Return where a side of the hull passes each row, rounded down and rounded up; its edges go downward."""
    order = np.argsort(start[:, 1])
    start, stop = start[order], stop[order]
    rows = stop[:, 1] - start[:, 1]
    edge = np.repeat(np.arange(len(rows)), rows)
    over = (np.arange(len(edge)) + start[0, 1] - start[edge, 1]) * (stop[edge, 0] - start[edge, 0])
    below, above = start[edge, 0] + over // rows[edge], start[edge, 0] - -over // rows[edge]
    return np.r_[below, stop[-1, 0]], np.r_[above, stop[-1, 0]]
