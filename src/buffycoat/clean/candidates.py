"""Which pairs of crops may show the same cell, out of all pairs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.imaging.hashes import Hashes, hamming
from buffycoat.imaging.registration import Thumbnail, detail, seen_part

__all__ = ["Pairs", "pairs_by_hashes", "pairs_by_sight"]

Pairs = NDArray[np.int64]
"""Shape (m, 2): indices ``i < j``, in increasing order."""

_ROWS = 1024
_SIDE = 32
_MIDDLE = 16
_ENOUGH = 0.6


def pairs_by_hashes(average: Hashes, perceptual: Hashes, *, average_bits: int = 6, perceptual_bits: int = 12) -> Pairs:
    """Return the pairs that the paper's rule calls the same cell: both hashes differ in fewer bits than that.

    Kouzehkanan et al. 2022, Data cleaning, who do not tell their thresholds. All pairs are compared.

    Parameters
    ----------
    average, perceptual : ndarray of uint64
        Shape (n,), see `buffycoat.imaging.hashes`.
    average_bits, perceptual_bits : int
        Bits of 64; strict.

    Examples
    --------
    >>> hashes = np.array([0, 1, 2**40 - 1], np.uint64)
    >>> pairs_by_hashes(hashes, hashes).tolist()
    [[0, 1]]
    """
    found = []
    for start in range(0, len(average), _ROWS):
        rows = slice(start, start + _ROWS)
        near = hamming(average[rows, None], average[None, start:]) < average_bits
        near &= hamming(perceptual[rows, None], perceptual[None, start:]) < perceptual_bits
        found.append(_above_diagonal(near, start))
    return np.concatenate(found) if found else np.empty((0, 2), np.int64)


def pairs_by_sight(thumbnails: Sequence[Thumbnail], *, alike: float = 0.93) -> Pairs:
    """Return the pairs that look alike from afar, worth the cost of a registration.

    Two pictures do when the middle of one, half as wide as the crop, correlates with some part of the other; both are
    blurred to 16 x 16 pixels and freed of shading. All pairs are compared; one matrix product does one shift of all
    pairs. Hashes are no such sieve: on BCCD, where cells lie on empty background, half of all pairs differ by
    18 bits or fewer in one of the two.

    Parameters
    ----------
    thumbnails : sequence of ndarray
        n thumbnails, see `buffycoat.imaging.registration.thumbnail`.
    alike : float
        Lowest correlation that counts.

    Examples
    --------
    >>> picture = np.random.default_rng(0).integers(0, 256, (64, 64), np.uint8)
    >>> pairs_by_sight([picture, picture.T.copy(), picture]).tolist()
    [[0, 2]]
    """
    if not len(thumbnails):
        return np.empty((0, 2), np.int64)
    small, inside = (np.stack(each) for each in zip(*(_small(each) for each in thumbnails), strict=True))
    places = range(_SIDE - _MIDDLE + 1)
    middle = _window(small, inside, _MIDDLE // 2, _MIDDLE // 2)
    found = []
    for start in range(0, len(small), _ROWS):
        rows = slice(start, start + _ROWS)
        best = np.full((len(small[rows]), len(small) - start), -1, np.float32)
        for y, x in product(places, places):
            window = _window(small[start:], inside[start:], y, x)
            np.maximum(best, _alike(middle.rows(rows), window), out=best)
            np.maximum(best, _alike(window.rows(slice(_ROWS)), middle.rows(slice(start, None))), out=best)
        found.append(_above_diagonal(best >= alike, start))
    return np.concatenate(found)


def _above_diagonal(hits: NDArray[np.bool_], start: int) -> Pairs:
    """Return the pairs of a block whose first row and column are both number ``start``."""
    return np.argwhere(np.triu(hits, 1)) + start


def _small(picture: Thumbnail) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the blurred picture, 32 x 32, and what of it lies in the field: padding would look alike everywhere."""
    inside = np.zeros(picture.shape, np.float32)
    inside[seen_part(picture)] = 1
    size = (_SIDE, _SIDE)
    shown = cv2.resize(picture * inside, size, interpolation=cv2.INTER_AREA)
    weight = np.asarray(cv2.resize(inside, size, interpolation=cv2.INTER_AREA), np.float32)
    mean = np.asarray(shown / np.maximum(weight, 1e-6), np.float32)
    mask = (weight > 0.5).astype(np.float32)
    return detail(mean, mask, fine=1, coarse=6), mask


class _Window(NamedTuple):
    """One part of each picture as a row, of mean 0 and length 1 where it is inside, and 0 elsewhere."""

    values: NDArray[np.float32]
    inside: NDArray[np.float32]

    def rows(self, chosen: slice) -> _Window:
        return _Window(self.values[chosen], self.inside[chosen])


def _window(small: NDArray[np.float32], inside: NDArray[np.float32], y: int, x: int) -> _Window:
    # Every second pixel is enough, as the pictures are blurred.
    part = (slice(None), slice(y, y + _MIDDLE, 2), slice(x, x + _MIDDLE, 2))
    values, mask = (each[part].reshape(len(small), -1) for each in (small, inside))
    values = (values - values.sum(axis=1, keepdims=True) / np.maximum(mask.sum(axis=1, keepdims=True), 1)) * mask
    length = np.linalg.norm(values, axis=1, keepdims=True)
    return _Window(np.asarray(values / np.where(length > 1e-3, length, np.inf), np.float32), mask)


def _alike(a: _Window, b: _Window) -> NDArray[np.float32]:
    """Return the correlation of each row with each other, over what both have inside; 0 where that is too little."""
    product_of = a.values @ b.values.T
    if a.inside.all() and b.inside.all():
        return product_of
    lengths = ((a.values**2) @ b.inside.T) * (a.inside @ (b.values**2).T)
    enough = (a.inside @ b.inside.T) >= _ENOUGH * a.inside.shape[1]
    return np.asarray(np.where(enough, product_of / np.sqrt(np.maximum(lengths, 1e-3)), 0), np.float32)
