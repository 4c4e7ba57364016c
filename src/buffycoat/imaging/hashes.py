"""Perceptual hashes: 64 bits that hardly change when a picture is taken again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.fftpack
from numpy.typing import NDArray
from PIL import Image

from buffycoat.imaging.arrays import RgbImage, check_rgb

__all__ = ["Hashes", "average_hash", "hamming", "perceptual_hash"]

Hashes = NDArray[np.uint64]
"""One 64-bit hash a picture, shape (n,); the first bit, top left, is the highest."""


def average_hash(images: Sequence[RgbImage] | RgbImage) -> Hashes:
    """Return the average hash of each image: which of 8 x 8 grey pixels are brighter than their mean.

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
    bits = [grey > grey.mean() for grey in (_shrunk(image, 8) for image in images)]
    return _packed(bits)


def perceptual_hash(images: Sequence[RgbImage] | RgbImage) -> Hashes:
    """Return the perceptual hash of each image: which of its 8 x 8 lowest frequencies lie above their median.

    Equal, bit for bit, to ``phash`` of ImageHash 4.3 with its hash size of 8 (Kouzehkanan et al. 2022, Data
    cleaning): a 32 x 32 grey picture, cosine transform along columns, then rows.

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
    >>> grey = np.repeat(np.arange(0, 64, 2, dtype=np.uint8), 96).reshape(32, 32, 3)
    >>> perceptual_hash([grey]).dtype, perceptual_hash([grey, grey]).shape
    (dtype('uint64'), (2,))
    """
    bits = []
    for image in images:
        # The same two calls as ImageHash: on a flat picture all frequencies but one are rounding errors around 0,
        # and any other transform rounds them to other signs.
        waves = scipy.fftpack.dct(scipy.fftpack.dct(_shrunk(image, 32), axis=0), axis=1)[:8, :8]
        bits.append(waves > np.median(waves))
    return _packed(bits)


def hamming(a: Hashes, b: Hashes) -> NDArray[np.int64]:
    """Return in how many bits hashes differ, 0 to 64; shapes broadcast.

    Examples
    --------
    >>> hamming(np.array([0, 7], np.uint64), np.array([1, 0], np.uint64))
    array([1, 3])
    """
    return np.bitwise_count(np.bitwise_xor(a, b)).astype(np.int64)


def _shrunk(image: RgbImage, side: int) -> NDArray[np.uint8]:
    """Return the grey picture at side x side pixels, by Pillow's own grey formula and Lanczos filter."""
    check_rgb(image)
    return np.asarray(Image.fromarray(image).convert("L").resize((side, side), Image.Resampling.LANCZOS))


def _packed(bits: list[NDArray[np.bool_]]) -> Hashes:
    """Return each 8 x 8 pattern as one number, row by row, highest bit first."""
    if not bits:
        return np.empty(0, np.uint64)
    octets = np.packbits(np.stack(bits).reshape(len(bits), 64), axis=1)
    return octets.view(">u8").reshape(len(bits)).astype(np.uint64)
