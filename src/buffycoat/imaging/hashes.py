"""Perceptual hashes: 64 bits that hardly change when a picture is taken again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import scipy.fftpack
from numpy.typing import NDArray

from buffycoat.imaging.arrays import RgbImage, check_rgb
from buffycoat.imaging.lanczos import gray, shrunk

__all__ = ["AVERAGE_SIDE", "PERCEPTUAL_SIDE", "Hashes", "average_bits", "average_hash", "hamming"]
__all__ += ["perceptual_bits", "perceptual_hash"]

Hashes = NDArray[np.uint64]
"""One 64-bit hash a picture, shape (n,); the first bit, top left, is the highest."""

AVERAGE_SIDE: Final = 8
PERCEPTUAL_SIDE: Final = 32
_AT_ONCE: Final = 4096


def average_hash(images: Sequence[RgbImage] | RgbImage) -> Hashes:
    """Return the average hash of each image: which of 8 x 8 gray pixels are brighter than their mean.

    Equal, bit for bit, to ``average_hash`` of ImageHash 4.3 with its hash size of 8, the library that the paper used
    (Kouzehkanan et al. 2022, Data cleaning).

    Parameters
    ----------
    images : sequence of ndarray
        Each uint8, shape (height, width, 3), RGB, of any size; also one array of shape (n, height, width, 3).

    Returns
    -------
    ndarray
        uint64, shape (n,).

    Raises
    ------
    WrongArray
        If one of them is no RGB image.

    Examples
    --------
    >>> half = np.zeros((16, 16, 3), np.uint8)
    >>> half[:8] = 255
    >>> [f"{bits:016x}" for bits in average_hash([half])]
    ['ffffffff00000000']
    """
    return average_bits(_shrunk(images, AVERAGE_SIDE))


def perceptual_hash(images: Sequence[RgbImage] | RgbImage) -> Hashes:
    """Return the perceptual hash of each image: which of its 8 x 8 lowest frequencies lie above their median.

    Equal, bit for bit, to ``phash`` of ImageHash 4.3 with its hash size of 8 (Kouzehkanan et al. 2022, Data
    cleaning): a 32 x 32 gray picture, cosine transform along columns, then rows.

    Parameters
    ----------
    images : sequence of ndarray
        Each uint8, shape (height, width, 3), RGB, of any size; also one array of shape (n, height, width, 3).

    Returns
    -------
    ndarray
        uint64, shape (n,).

    Raises
    ------
    WrongArray
        If one of them is no RGB image.

    Examples
    --------
    >>> gray = np.repeat(np.arange(0, 64, 2, dtype=np.uint8), 96).reshape(32, 32, 3)
    >>> perceptual_hash([gray]).dtype, perceptual_hash([gray, gray]).shape
    (dtype('uint64'), (2,))
    """
    return perceptual_bits(_shrunk(images, PERCEPTUAL_SIDE))


def average_bits(small: NDArray[np.uint8]) -> Hashes:
    """Return the average hash of pictures that are gray and 8 x 8 already.

    Parameters
    ----------
    small : ndarray of uint8
        Shape (n, 8, 8).

    Examples
    --------
    >>> average_bits(np.full((1, 8, 8), 9, np.uint8))  # nothing is brighter than the mean
    array([0], dtype=uint64)
    """
    # 64 times a level against the sum of 64: the comparison with the mean, in whole numbers.
    return _packed(small.astype(np.uint16) * 64 > small.sum(axis=(1, 2), dtype=np.uint16, keepdims=True))


def perceptual_bits(small: NDArray[np.uint8]) -> Hashes:
    """Return the perceptual hash of pictures that are gray and 32 x 32 already.

    Parameters
    ----------
    small : ndarray of uint8
        Shape (n, 32, 32).

    Examples
    --------
    >>> perceptual_bits(np.full((1, 32, 32), 9, np.uint8))  # only the mean is above 0
    array([9223372036854775808], dtype=uint64)
    """
    found = [np.empty(0, np.uint64)]
    for start in range(0, len(small), _AT_ONCE):
        # The transform that ImageHash calls: on a flat picture all frequencies but one are rounding errors around 0,
        # and any other transform rounds them to other signs.
        some = scipy.fftpack.dct(scipy.fftpack.dct(small[start : start + _AT_ONCE], axis=1), axis=2)[:, :8, :8]
        found.append(_packed(some > np.median(some, axis=(1, 2), keepdims=True)))
    return np.concatenate(found)


def hamming(a: Hashes, b: Hashes) -> NDArray[np.int64]:
    """Return in how many bits hashes differ, 0 to 64; shapes broadcast.

    Examples
    --------
    >>> hamming(np.array([0, 7], np.uint64), np.array([1, 0], np.uint64))
    array([1, 3])
    """
    return np.bitwise_count(np.bitwise_xor(a, b)).astype(np.int64)


def _shrunk(images: Sequence[RgbImage] | RgbImage, side: int) -> NDArray[np.uint8]:
    """Return the gray pictures at side x side pixels, shape (n, side, side)."""
    small = np.empty((len(images), side, side), np.uint8)
    for place, image in zip(small, images, strict=True):
        check_rgb(image)
        place[:] = shrunk(gray(image), side)
    return small


def _packed(bits: NDArray[np.bool_]) -> Hashes:
    """Return each 8 x 8 pattern as one number, row by row, highest bit first."""
    octets = np.packbits(bits.reshape(len(bits), 64), axis=1)
    return octets.view(">u8").reshape(len(bits)).astype(np.uint64)
