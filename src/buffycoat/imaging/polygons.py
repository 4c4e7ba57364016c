"""Outlines drawn as polygons into masks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from buffycoat.errors import InvalidMask
from buffycoat.imaging.regions import BinaryMask

__all__ = ["fill_polygon"]


def fill_polygon(points: Sequence[float], height: int, width: int) -> BinaryMask:
    """Return the pixels whose centers lie inside a polygon; where it crosses itself, inside is what is odd.

    Parameters
    ----------
    points : sequence of float
        x, y in turn, in pixels: 0 is the left edge of the first pixel, and 0.5 its center. What lies outside the
        picture is cut off.
    height, width : int
        Size of the mask in pixels.

    Returns
    -------
    ndarray
        bool of shape (height, width).

    Raises
    ------
    InvalidMask
        Fewer than three points, a half one, or a number that is none.

    Examples
    --------
    >>> fill_polygon([0, 0, 2, 0, 2, 1, 0, 1], 2, 3).tolist()
    [[True, True, False], [False, False, False]]
    """
    corners = np.asarray(points, dtype=np.float64)
    if corners.ndim != 1 or corners.size < 6 or corners.size % 2 or not np.isfinite(corners).all():
        raise InvalidMask(
            "no polygon", expected="three points or more, x and y in turn", found=f"{corners.size} numbers"
        )
    x0, y0 = corners[0::2], corners[1::2]
    x1, y1 = np.roll(x0, -1), np.roll(y0, -1)
    rows = np.arange(height) + 0.5
    crosses = (y0[:, None] <= rows) != (y1[:, None] <= rows)
    edge, row = np.nonzero(crosses)
    along = (rows[row] - y0[edge]) / (y1[edge] - y0[edge])
    at = x0[edge] + along * (x1[edge] - x0[edge])
    # A crossing turns every pixel whose center lies right of it.
    column = np.clip(np.ceil(at - 0.5), 0, width).astype(np.intp)
    turned = np.zeros((height, width + 1), dtype=np.uint8)
    np.add.at(turned, (row, column), 1)
    return np.asarray(np.cumsum(turned[:, :width], axis=1) % 2 == 1, dtype=np.bool_)
