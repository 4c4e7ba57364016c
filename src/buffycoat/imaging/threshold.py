"""Thresholds that split a histogram into two or three classes as well as can be (Otsu)."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.errors import TooFew, WrongArray

__all__ = ["histogram_of", "otsu", "otsu_three"]

_EXACT_IN_FLOAT32 = 1 << 24
_SAME = 1 - 1e-12


def histogram_of(channel: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return how many pixels have each of the 256 levels.

    Parameters
    ----------
    channel : ndarray
        uint8 of shape (height, width).

    Returns
    -------
    ndarray
        int64 of shape (256,).

    Raises
    ------
    WrongArray
        If the channel is not such an array.

    Examples
    --------
    >>> histogram_of(np.array([[0, 2, 2]], dtype=np.uint8))[:4].tolist()
    [1, 0, 2, 0]
    """
    if channel.dtype != np.uint8 or channel.ndim != 2 or channel.size == 0:
        raise WrongArray("channel is no gray image", expected="uint8 (h, w)", found=f"{channel.dtype} {channel.shape}")
    if channel.size > _EXACT_IN_FLOAT32:  # calcHist counts in float32
        return np.bincount(channel.ravel(), minlength=256).astype(np.int64)
    counts = cv2.calcHist([channel], [0], None, [256], [0, 256])
    return np.asarray(counts, dtype=np.int64).ravel()


def otsu(histogram: NDArray[np.int64]) -> int:
    """Return the level that splits a histogram into the two classes farthest apart.

    The classes are ``level <= t`` and ``level > t``; ``t`` maximizes ``w0 w1 (mu0 - mu1)^2`` (Otsu 1979). Of levels
    that are equally good (to one part in 10^12), the lowest is returned.

    Parameters
    ----------
    histogram : ndarray
        Counts by level, shape (levels,), none below 0.

    Returns
    -------
    int
        The highest level of the lower class.

    Raises
    ------
    TooFew
        If fewer than two levels are occupied.

    Examples
    --------
    >>> otsu(np.array([5, 4, 0, 0, 3, 6]))
    1
    """
    levels, count, total = _cumulated(histogram)
    lower, upper = count[1:-1], count[-1] - count[1:-1]
    between = (total[1:-1] * count[-1] - total[-1] * lower) ** 2 / (lower * upper)
    return int(levels[np.argmax(between >= between.max() * _SAME)])


def otsu_three(histogram: NDArray[np.int64]) -> tuple[int, int]:
    """Return the two levels that split a histogram into the three classes farthest apart.

    The classes are ``level <= low``, ``low < level <= up`` and ``level > up``; the pair maximizes
    ``sum w_c (mu_c - mu)^2`` over all pairs. Of pairs that are equally good (to one part in 10^12), the lowest ``low``,
    then the lowest ``up`` is returned. Where only two levels are occupied, both are the lower level.

    Parameters
    ----------
    histogram : ndarray
        Counts by level, shape (levels,), none below 0.

    Returns
    -------
    tuple of int
        ``(low, up)``.

    Raises
    ------
    TooFew
        If fewer than two levels are occupied.

    Examples
    --------
    >>> otsu_three(np.array([5, 4, 0, 9, 0, 3, 6]))
    (1, 3)
    """
    levels, count, total = _cumulated(histogram)
    if len(levels) == 2:
        return int(levels[0]), int(levels[0])
    total = total - count * (total[-1] / count[-1])  # about the mean, so that the squares stay small
    first = total[1:-1] ** 2 / count[1:-1]
    last = total[1:-1] ** 2 / (count[-1] - count[1:-1])
    middle = np.subtract.outer(total[1:-1], total[1:-1])
    np.square(middle, out=middle)
    width = np.subtract.outer(count[1:-1], count[1:-1])
    # rows: up, columns: low; only low < up is a split
    width[np.triu_indices(len(width))] = np.inf
    middle /= width
    middle += first
    middle += last[:, None]
    middle[np.triu_indices(len(width))] = -1
    low, up = np.argwhere((middle >= middle.max() * _SAME).T)[0]
    return int(levels[low]), int(levels[up])


def _cumulated(histogram: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the occupied levels, and counts and sums of levels below each of them, from 0 to all."""
    levels = np.flatnonzero(histogram)
    if len(levels) < 2:
        raise TooFew("no threshold splits these pixels", expected="at least 2 levels", found=str(len(levels)))
    counts = histogram[levels].astype(np.float64)
    return levels, np.r_[0.0, np.cumsum(counts)], np.r_[0.0, np.cumsum(counts * levels)]
