"""Color balance, and the channels in which nuclei stand out."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from buffycoat.imaging.arrays import RgbImage, check_rgb

__all__ = ["gray_world", "magenta", "saturation"]


def gray_world(image: RgbImage) -> RgbImage:
    """Return the image with its color cast removed: each channel is scaled to the mean luma.

    With ``g`` the mean of ``0.299 R + 0.587 G + 0.114 B``, channel ``c`` becomes ``min(255, c * g / mean(c))``, cut to
    whole numbers. A channel that is 0 everywhere stays 0. Whole-number arithmetic: a gray image comes back unchanged.

    Parameters
    ----------
    image : ndarray
        uint8 RGB of shape (height, width, 3).

    Returns
    -------
    ndarray
        uint8 RGB of the same shape.

    Raises
    ------
    WrongArray
        If the image is not such an array.

    Notes
    -----
    Kouzehkanan et al. 2022 balance colors before they segment nuclei, after Tavakoli et al. 2021.

    Examples
    --------
    >>> gray_world(np.array([[[200, 100, 100], [100, 50, 50]]], dtype=np.uint8)).tolist()
    [[[129, 129, 129], [64, 64, 64]]]
    """
    check_rgb(image)
    red, green, blue = (int(total) for total in cv2.sumElems(image)[:3])
    luma = 299 * red + 587 * green + 114 * blue
    levels = np.arange(256, dtype=np.int64)
    tables = [np.minimum(levels * luma // (1000 * max(total, 1)), 255) for total in (red, green, blue)]
    return np.asarray(cv2.LUT(image, np.stack(tables, axis=-1)[None].astype(np.uint8)), dtype=np.uint8)


def magenta(image: RgbImage) -> NDArray[np.uint8]:
    """Return how magenta each pixel is, from 0 to 255: nuclei are bright, red cells and background dark.

    ``floor(255 * (mx - G) / mx)`` with ``mx = max(R, G, B)``, and 0 where the pixel is black: the magenta of CMYK.
    It is meant for an image that :func:`gray_world` has balanced.

    Parameters
    ----------
    image : ndarray
        uint8 RGB of shape (height, width, 3).

    Returns
    -------
    ndarray
        uint8 of shape (height, width).

    Raises
    ------
    WrongArray
        If the image is not such an array.

    Examples
    --------
    >>> magenta(np.array([[[200, 50, 100], [90, 90, 90], [0, 0, 0]]], dtype=np.uint8)).tolist()
    [[191, 0, 0]]
    """
    check_rgb(image)
    red, green, blue = cv2.split(image)
    return _look_up(_magenta_table(), cv2.max(cv2.max(red, green), blue), green)


def saturation(image: RgbImage) -> NDArray[np.uint8]:
    """Return the saturation of HLS, from 0 to 255, rounded to the nearest whole number (halves to even).

    With ``sum = max + min`` and ``d = max - min`` of a pixel: ``255 d / sum`` where ``sum < 255``, else
    ``255 d / (510 - sum)``, and 0 where ``d`` is 0.

    Parameters
    ----------
    image : ndarray
        uint8 RGB of shape (height, width, 3).

    Returns
    -------
    ndarray
        uint8 of shape (height, width).

    Raises
    ------
    WrongArray
        If the image is not such an array.

    Examples
    --------
    >>> saturation(np.array([[[200, 50, 100], [90, 90, 90], [255, 0, 0]]], dtype=np.uint8)).tolist()
    [[153, 0, 255]]
    """
    check_rgb(image)
    red, green, blue = cv2.split(image)
    high = cv2.max(cv2.max(red, green), blue)
    return _look_up(_saturation_table(), high, cv2.min(cv2.min(red, green), blue))


def _look_up(table: NDArray[np.uint8], high: MatLike, low: MatLike) -> NDArray[np.uint8]:
    """Return ``table[256 * high + low]`` pixel by pixel."""
    pairs = cv2.merge((low, high)).view("<u2")[..., 0]
    return np.asarray(table[pairs], dtype=np.uint8)


@cache
def _magenta_table() -> NDArray[np.uint8]:
    high, green = np.divmod(np.arange(65536), 256)
    table = np.where(green < high, 255 * (high - green) // np.maximum(high, 1), 0).astype(np.uint8)
    table.flags.writeable = False
    return table


@cache
def _saturation_table() -> NDArray[np.uint8]:
    high, low = np.divmod(np.arange(65536), 256)
    total, spread = high + low, np.maximum(high - low, 0)
    room = np.where(total < 255, total, 510 - total)
    table: NDArray[np.uint8] = np.rint(255 * spread / np.maximum(room, 1)).clip(0, 255).astype(np.uint8)
    table.flags.writeable = False
    return table
