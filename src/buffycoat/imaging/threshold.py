"""Thresholds that split a histogram into two or three classes as well as can be (Otsu)."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any, Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.errors import TooFew, WrongArray
from buffycoat.imaging.machine_code import worth_it
from buffycoat.imaging.pixel_loops import count_levels, split_counts

__all__ = ["Splits", "histogram_of", "otsu", "otsu_three", "split_levels"]

_EXACT_IN_FLOAT32 = 1 << 24
_EXACT_IN_INT64 = 1 << 27
"""So many pixels: with more, count times sum of levels leaves 64 bits."""
_SAME = 1 - 1e-11
"""Scores this near are compared again, as fractions. Rounding is below 10^-12 of a score in an image of 10^8 pixels."""
_NOT_ABOVE: Final = np.tril(np.full((256, 256), -np.inf))
"""Of pairs of splits, rows the lower and columns the upper one: those that are no pair."""


class Splits(NamedTuple):
    """The level ``t2`` that splits in two, and the levels ``t_low`` and ``t_up`` that split in three."""

    t2: int
    t_low: int
    t_up: int


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
    if worth_it(channel.size):
        by_fours = np.zeros((4, 256), np.int64)
        count_levels(channel, by_fours)
        return np.asarray(by_fours.sum(axis=0))
    if channel.size > _EXACT_IN_FLOAT32:  # calcHist counts in float32
        return np.bincount(channel.ravel(), minlength=256).astype(np.int64)
    counts = cv2.calcHist([channel], [0], None, [256], [0, 256])
    return np.asarray(counts, dtype=np.int64).ravel()


def otsu(histogram: NDArray[np.int64]) -> int:
    """Return the level that splits a histogram into the two classes farthest apart.

    The classes are ``level <= t`` and ``level > t``; ``t`` maximizes ``w0 w1 (mu0 - mu1)^2`` (Otsu 1979). The optimum
    is exact: what rounding could confuse is compared as fractions. Of levels that are equally good the lowest that is
    occupied is returned.

    Parameters
    ----------
    histogram : ndarray
        Counts by level, int64 of shape (levels,), at most 256 of them, none below 0.

    Returns
    -------
    int
        The highest level of the lower class.

    Raises
    ------
    WrongArray
        If the histogram is not such an array.
    TooFew
        If fewer than two levels are occupied.

    Examples
    --------
    >>> otsu(np.array([5, 4, 0, 0, 3, 6]))
    1
    """
    return split_levels(histogram).t2


def otsu_three(histogram: NDArray[np.int64]) -> tuple[int, int]:
    """Return the two levels that split a histogram into the three classes farthest apart.

    The classes are ``level <= low``, ``low < level <= up`` and ``level > up``; the pair maximizes
    ``sum w_c (mu_c - mu)^2`` over all pairs of occupied levels. The optimum is exact, as in :func:`otsu`. Of pairs that
    are equally good the one with the lowest ``low``, then the lowest ``up`` is returned. Where only two levels are
    occupied, both are the lower level.

    Parameters
    ----------
    histogram : ndarray
        Counts by level, int64 of shape (levels,), at most 256 of them, none below 0.

    Returns
    -------
    tuple of int
        ``(low, up)``.

    Raises
    ------
    WrongArray
        If the histogram is not such an array.
    TooFew
        If fewer than two levels are occupied.

    Examples
    --------
    >>> otsu_three(np.array([5, 4, 0, 9, 0, 3, 6]))
    (1, 3)
    """
    _, low, up = split_levels(histogram)
    return low, up


def split_levels(histogram: NDArray[np.int64]) -> Splits:
    """Return what :func:`otsu` and :func:`otsu_three` do, at once.

    Parameters
    ----------
    histogram : ndarray
        Counts by level, int64 of shape (levels,), at most 256 of them, none below 0.

    Returns
    -------
    Splits
        All three levels; each is the highest of its class.

    Raises
    ------
    WrongArray
        If the histogram is not such an array.
    TooFew
        If fewer than two levels are occupied.

    Examples
    --------
    >>> split_levels(np.array([5, 4, 0, 9, 0, 3, 6]))
    Splits(t2=3, t_low=1, t_up=3)
    """
    if histogram.dtype.kind not in "iu" or histogram.ndim != 1 or len(histogram) > 256:
        found = f"{histogram.dtype} {histogram.shape}"
        raise WrongArray("not a histogram", expected="whole numbers of shape (256,) or shorter", found=found)
    levels = np.flatnonzero(histogram)
    if len(levels) < 2:
        raise TooFew("no threshold splits these pixels", expected="at least 2 levels", found=str(len(levels)))
    counts = histogram[levels]
    count = np.cumsum(counts)
    # About the mean, and as whole numbers: differences of large sums would lose what decides.
    exact: type[Any] = np.int64 if count[-1] < _EXACT_IN_INT64 else object
    total = np.cumsum((counts * levels).astype(exact))
    moment = count.astype(exact) * total[-1] - total * int(count[-1])
    places = _best(count.astype(np.float64), moment.astype(np.float64))
    two, low, up = (places[0], *places[1]) if places else _best_of_near(count, moment)
    return Splits(int(levels[two]), int(levels[low]), int(levels[up]))


def _best(count: NDArray[np.float64], moment: NDArray[np.float64]) -> tuple[int, tuple[int, int]] | None:
    """Return the places of the best splits; nothing where another one may be as good."""
    if worth_it(0):
        two, low, up, tied, tied_three = split_counts(count, moment, _SAME)
        return None if tied or tied_three else (two, (low, up))
    scores, scores_three = _scores(count, moment)
    near, near_three = (np.flatnonzero(some >= some.max() * _SAME) for some in (scores, scores_three.ravel()))
    if len(near) > 1 or len(near_three) > 1:
        return None
    low, up = divmod(int(near_three[0]), len(scores))
    return int(near[0]), (low, up)


def _scores(count: NDArray[np.float64], moment: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the between-class variance of each split, and of each pair of splits, up to a factor."""
    whole, count, moment = count[-1], count[:-1], moment[:-1]
    first, last = moment**2 / count, moment**2 / (whole - count)
    scores = first + last
    if len(count) == 1:
        return scores, scores[:, None]
    apart = moment - moment[:, None]
    np.square(apart, out=apart)
    width = count - count[:, None]
    np.maximum(width, 1, out=width)
    apart /= width
    apart += last
    apart += first[:, None]
    apart += _NOT_ABOVE[: len(count), : len(count)]
    return scores, apart


def _best_of_near(count: NDArray[np.int64], moment: NDArray[Any]) -> tuple[int, int, int]:
    """Return the places of the best splits, where rounding does not tell them from others."""
    scores, scores_three = _scores(count.astype(np.float64), moment.astype(np.float64))
    sizes, moments = [0, *count.tolist()], [0, *moment.tolist()]

    def between(*cuts: int) -> Fraction:
        edges = (0, *(cut + 1 for cut in cuts), len(count))
        return sum(
            (
                Fraction((moments[stop] - moments[start]) ** 2, sizes[stop] - sizes[start])
                for start, stop in pairwise(edges)
            ),
            Fraction(0),
        )

    # max() returns the first of equals, and the places come in increasing order
    two = max(np.flatnonzero(scores >= scores.max() * _SAME).tolist(), key=between)
    pairs = np.argwhere(scores_three >= scores_three.max() * _SAME).tolist()
    low, up = (0, 0) if len(count) == 2 else max(pairs, key=lambda pair: between(*pair))
    return two, low, up
