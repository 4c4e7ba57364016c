"""Loops over pixels and levels that are compiled; numpy does the same, slower, where few images come by."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from buffycoat.imaging.machine_code import compiled

__all__ = ["balance_and_magenta", "balance_and_stain", "count_levels", "split_counts"]


@compiled
def balance_and_magenta(
    image: NDArray[np.uint8],
    tables: NDArray[np.uint8],
    magentas: NDArray[np.uint8],
    balanced: NDArray[np.uint8],
    magenta: NDArray[np.uint8],
    counts: NDArray[np.int64],
) -> None:
    """Balance an image by tables, look up the magenta of each pixel, and count its levels.

    Parameters
    ----------
    image : ndarray
        uint8 of shape (height, width, 3), RGB.
    tables : ndarray
        uint8 of shape (3, 256): what each level of each channel becomes.
    magentas : ndarray
        uint8 of shape (65536,): magenta by ``256 * max(R, G, B) + G``.
    balanced, magenta, counts : ndarray
        Written: uint8 (height, width, 3) and (height, width); int64 (4, 256), zeros at first. The sum over its rows are
        the counts: four rows, so that equal neighbors need not wait for one another.
    """
    height, width, _ = image.shape
    for y in range(height):
        for x in range(width):
            red, green, blue = tables[0, image[y, x, 0]], tables[1, image[y, x, 1]], tables[2, image[y, x, 2]]
            balanced[y, x, 0], balanced[y, x, 1], balanced[y, x, 2] = red, green, blue
            level = magentas[(np.int64(max(red, green, blue)) << 8) | green]
            magenta[y, x] = level
            counts[x & 3, level] += 1


@compiled
def balance_and_stain(
    image: NDArray[np.uint8],
    tables: NDArray[np.uint8],
    magentas: NDArray[np.uint8],
    saturations: NDArray[np.uint8],
    balanced: NDArray[np.uint8],
    magenta: NDArray[np.uint8],
    stained: NDArray[np.uint8],
) -> None:
    """Balance an image by tables, and write its magenta, and ``min(M, S) - (K - M)`` with differences cut at 0.

    Parameters
    ----------
    image, tables, magentas, balanced, magenta : ndarray
        As in :func:`balance_and_magenta`.
    saturations : ndarray
        uint8 of shape (65536,): saturation by ``256 * max(R, G, B) + min(R, G, B)``.
    stained : ndarray
        Written: uint8 (height, width).
    """
    height, width, _ = image.shape
    for y in range(height):
        for x in range(width):
            red, green, blue = tables[0, image[y, x, 0]], tables[1, image[y, x, 1]], tables[2, image[y, x, 2]]
            balanced[y, x, 0], balanced[y, x, 1], balanced[y, x, 2] = red, green, blue
            high, low = np.int64(max(red, green, blue)), np.int64(min(red, green, blue))
            level = np.int64(magentas[(high << 8) | green])
            both = min(level, np.int64(saturations[(high << 8) | low]))
            dark = max(np.int64(255) - high - level, np.int64(0))
            magenta[y, x] = level
            stained[y, x] = max(both - dark, np.int64(0))


@compiled
def count_levels(channel: NDArray[np.uint8], counts: NDArray[np.int64]) -> None:
    """Count the levels of a channel.

    Parameters
    ----------
    channel : ndarray
        uint8 of shape (height, width).
    counts : ndarray
        Written, as in :func:`balance_and_magenta`.
    """
    height, width = channel.shape
    even = width - width % 4
    for y in range(height):
        for x in range(0, even, 4):
            counts[0, channel[y, x]] += 1
            counts[1, channel[y, x + 1]] += 1
            counts[2, channel[y, x + 2]] += 1
            counts[3, channel[y, x + 3]] += 1
        for x in range(even, width):
            counts[0, channel[y, x]] += 1


@compiled
def split_counts(
    count: NDArray[np.float64], moment: NDArray[np.float64], same: float
) -> tuple[int, int, int, bool, bool]:
    """Return the best split in two, the best two splits in three, and whether others are as good up to rounding.

    Parameters
    ----------
    count, moment : ndarray
        float64 of shape (splits + 1,): how many pixels are below each split, and by how much they are below the mean,
        up to a factor; the last are those of all pixels.
    same : float
        What counts as equal: a score of at least that share of the best.

    Returns
    -------
    tuple
        Places in ``count`` of the split in two, of the lower and the upper split in three, and for both whether another
        one scores the same.
    """
    splits = len(count) - 1
    whole = count[splits]
    first, last = moment[:splits] ** 2 / count[:splits], moment[:splits] ** 2 / (whole - count[:splits])
    two, best, tied = 0, -1.0, False
    for i in range(splits):
        score = first[i] + last[i]
        if score * same > best:
            two, best, tied = i, score, False
        elif score >= best * same:
            tied = True
            if score > best:
                two, best = i, score
    low, up, most, tied_three = 0, 0, -1.0, False
    row = np.empty(splits)
    for i in range(splits - 1):
        height = -1.0
        for j in range(i + 1, splits):
            apart = moment[j] - moment[i]
            row[j] = apart * apart / (count[j] - count[i]) + last[j]
            height = max(height, row[j])
        if height + first[i] < most * same:
            continue
        for j in range(i + 1, splits):
            score = row[j] + first[i]
            if score * same > most:
                low, up, most, tied_three = i, j, score, False
            elif score >= most * same:
                tied_three = True
                if score > most:
                    low, up, most = i, j, score
    return two, low, up, tied, tied_three
