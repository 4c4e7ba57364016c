"""How large the discs of a crowded picture are: every edge votes for centers of circles of each size."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["voted_diameter"]

_SMALLEST, _LARGEST, _STEP = 4.0, 40.0, 1.06
_RADII: Final = _SMALLEST * _STEP ** np.arange(int(np.log(_LARGEST / _SMALLEST) / np.log(_STEP)) + 1)
_BLUR: Final = 0.12
"""How far, in radii, the votes for one center lie apart: red cells are no perfect circles."""
_INWARD: Final = 1.06
"""Votes of oval and touching cells meet a little inside: by that the answer is below that of fitted circles."""

# Votes that meet no better than in noise or in ruled lines are no answer.
_LEAST, _PROMINENT, _FEWEST = 0.13, 1.2, 18


def voted_diameter(channel: NDArray[np.uint8], cells: NDArray[np.bool_], lit: NDArray[np.bool_]) -> float | None:
    """Return the diameter at which most edges agree about where the centers are.

    The Hough transform for circles with known direction of the edge (Kimme, Ballard and Sklansky 1975): an outline that
    is dark inside points to its center, however little of it is seen. For each radius the votes are spread a little;
    the sum of their squares, over that of votes which do not meet, is the share of a circle that meets in one place.

    Parameters
    ----------
    channel : ndarray
        uint8, (height, width), evenly lit: discs are dark on it.
    cells : ndarray
        bool, (height, width): the discs.
    lit : ndarray
        bool, (height, width): edges within three pixels of what is not lit do not vote.

    Returns
    -------
    float or None
        In pixels, from 8 to 80; ``None`` where the votes do not meet, or too few vote for eighteen whole outlines.

    Examples
    --------
    >>> y, x = np.mgrid[:200, :300]
    >>> discs = np.hypot(x % 50 - 25, y % 50 - 25) < 18
    >>> diameter = voted_diameter(np.where(discs, 100, 200).astype(np.uint8), discs, np.ones(discs.shape, bool))
    >>> bool(abs(diameter / 36 - 1) < 0.12)
    True
    """
    x, y, dx, dy = _edges(channel, cells, lit)
    if len(x) < _FEWEST * 2 * np.pi * _SMALLEST:
        return None
    height, width = channel.shape
    shares = np.empty(len(_RADII))
    for place, radius in enumerate(_RADII):
        columns = np.rint(x - radius * dx).astype(np.int32)
        rows = np.rint(y - radius * dy).astype(np.int32)
        inside = (columns >= 0) & (rows >= 0) & (columns < width) & (rows < height)
        votes = np.bincount(rows[inside] * width + columns[inside], minlength=height * width)
        spread = max(0.6, _BLUR * radius)
        met = cv2.GaussianBlur(votes.reshape(height, width).astype(np.float32), (0, 0), spread)
        shares[place] = float(cv2.norm(met, cv2.NORM_L2SQR)) * 4 * np.pi * spread**2 / (len(x) * 2 * np.pi * radius)
    top = int(shares.argmax())
    if not 0 < top < len(shares) - 1 or shares[top] < max(_LEAST, _PROMINENT * float(np.median(shares))):
        return None
    if len(x) < _FEWEST * 2 * np.pi * _RADII[top]:
        return None
    before, best, after = shares[top - 1 : top + 2]
    between = (before - after) / (before - 2 * best + after) / 2
    return float(2 * _RADII[top] * _STEP**between * _INWARD)


def _edges(
    channel: NDArray[np.uint8], cells: NDArray[np.bool_], lit: NDArray[np.bool_]
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Return where the edges of the cells are, and the direction in which they become bright."""
    smooth = cv2.GaussianBlur(channel, (0, 0), 1.0)
    across, down = (cv2.Sobel(smooth, cv2.CV_32F, each, 1 - each, ksize=3) for each in (1, 0))
    bright = cv2.erode(lit.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    mask = cells.astype(np.uint8)
    edge = (mask > 0) & (cv2.erode(mask, np.ones((3, 3), np.uint8)) == 0) & bright
    edge[:2] = edge[-2:] = False
    edge[:, :2] = edge[:, -2:] = False
    rows, columns = np.nonzero(edge)
    dx, dy = across[rows, columns], down[rows, columns]
    length = np.hypot(dx, dy) + np.float32(1e-6)
    x, y, dx, dy = (np.asarray(each, np.float32) for each in (columns, rows, dx / length, dy / length))
    return x, y, dx, dy
