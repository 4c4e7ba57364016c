"""Color balance, and the channels in which nuclei stand out."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from buffycoat.imaging.arrays import RgbImage, check_rgb
from buffycoat.imaging.machine_code import worth_it
from buffycoat.imaging.pixel_loops import balance_and_magenta, balance_and_stain
from buffycoat.imaging.threshold import histogram_of

__all__ = [
    "apply_tables",
    "balance_tables",
    "balanced_magenta",
    "balanced_stain",
    "gray_world",
    "magenta",
    "saturation",
]


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
    return apply_tables(image, balance_tables(image))


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


def balanced_magenta(image: RgbImage) -> tuple[RgbImage, NDArray[np.uint8], NDArray[np.int64]]:
    """Return the balanced image, its magenta, and how many pixels have each level of magenta.

    Parameters
    ----------
    image : ndarray
        uint8 RGB of shape (height, width, 3).

    Returns
    -------
    balanced : ndarray
        As :func:`gray_world` returns it.
    magenta : ndarray
        As :func:`magenta` returns it of the balanced image.
    counts : ndarray
        int64 of shape (256,).

    Raises
    ------
    WrongArray
        If the image is not such an array.

    Examples
    --------
    >>> _, levels, counts = balanced_magenta(np.array([[[90, 30, 90], [90, 90, 90]]], dtype=np.uint8))
    >>> levels.tolist(), np.flatnonzero(counts).tolist()
    ([[127, 0]], [0, 127])
    """
    check_rgb(image)
    if not worth_it(image.size // 3):
        balanced = gray_world(image)
        channel = magenta(balanced)
        return balanced, channel, histogram_of(channel)
    balanced, channel = np.empty(image.shape, np.uint8), np.empty(image.shape[:2], np.uint8)
    counts = np.zeros((4, 256), np.int64)
    whole = np.ascontiguousarray(image)
    balance_and_magenta(whole, balance_tables(image), _magenta_table(), balanced, channel, counts)
    return balanced, channel, np.asarray(counts.sum(axis=0))


def balanced_stain(image: RgbImage) -> tuple[RgbImage, NDArray[np.uint8], NDArray[np.uint8]]:
    """Return the balanced image, its magenta ``M``, and how magenta and saturated, and not merely dark, it is.

    The last is ``min(M, S) - (K - M)`` with the saturation ``S`` of HLS and ``K = 255 - max(R, G, B)``; both
    differences are cut at 0 (Tavakoli et al. 2021).

    Parameters
    ----------
    image : ndarray
        uint8 RGB of shape (height, width, 3).

    Returns
    -------
    balanced : ndarray
        As :func:`gray_world` returns it.
    magenta : ndarray
        As :func:`magenta` returns it of the balanced image.
    stain : ndarray
        uint8 of shape (height, width).

    Raises
    ------
    WrongArray
        If the image is not such an array.

    Examples
    --------
    >>> balanced_stain(np.array([[[180, 60, 180], [180, 180, 180]]], dtype=np.uint8))[2].tolist()
    [[85, 0]]
    """
    check_rgb(image)
    if not worth_it(image.size // 3):
        balanced = gray_world(image)
        channel = magenta(balanced)
        red, green, blue = cv2.split(balanced)
        dark = cv2.subtract(cv2.bitwise_not(cv2.max(cv2.max(red, green), blue)), channel)
        return balanced, channel, np.asarray(cv2.subtract(cv2.min(channel, saturation(balanced)), dark), np.uint8)
    balanced = np.empty(image.shape, np.uint8)
    channel, stain = np.empty(image.shape[:2], np.uint8), np.empty(image.shape[:2], np.uint8)
    whole = np.ascontiguousarray(image)
    balance_and_stain(whole, balance_tables(image), _magenta_table(), _saturation_table(), balanced, channel, stain)
    return balanced, channel, stain


def balance_tables(image: RgbImage) -> NDArray[np.uint8]:
    """Return what :func:`gray_world` makes of each level of each channel, so that a part of the image is enough.

    Parameters
    ----------
    image : ndarray
        uint8 RGB of shape (height, width, 3).

    Returns
    -------
    ndarray
        uint8 of shape (3, 256).

    Raises
    ------
    WrongArray
        If the image is not such an array.

    Examples
    --------
    >>> balance_tables(np.array([[[200, 100, 100], [100, 50, 50]]], dtype=np.uint8))[:, 100].tolist()
    [64, 129, 129]
    """
    check_rgb(image)
    red, green, blue = (int(total) for total in cv2.sumElems(image)[:3])
    luma = 299 * red + 587 * green + 114 * blue
    levels = np.arange(256, dtype=np.int64)
    tables = [np.minimum(levels * luma // (1000 * max(total, 1)), 255) for total in (red, green, blue)]
    return np.stack(tables).astype(np.uint8)


def apply_tables(image: RgbImage, tables: NDArray[np.uint8]) -> RgbImage:
    """Return the image with each level of each channel replaced as tables of shape (3, 256) say."""
    return np.asarray(cv2.LUT(image, tables.T[None].copy()), dtype=np.uint8)


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
