"""Pillow's gray formula and its Lanczos filter, in the same integers and so with the same pixels, a few times faster.

Pillow turns weights into whole numbers of 22 binary places and rounds twice, after the rows and after the columns. Sums
of whole numbers do not depend on their order, so a compiled loop that the machine runs eight at a time gives the same
picture.
"""

from __future__ import annotations

import math
from functools import lru_cache
from threading import local
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.machine_code import compiled, worth_it

__all__ = ["GrayImage", "gray", "shrunk"]

GrayImage = NDArray[np.uint8]
"""Gray levels, uint8, shape (height, width)."""

_Table = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]
_WEIGHTS: Final = (19595, 38470, 7471)
_STRIP: Final = 1 << 17
"""Pixels that are unpacked at once: few enough to stay in the processor's cache."""


class _Buffers(local):
    """Memory of one thread that is used again: fresh memory costs more than the work done in it."""

    unpacked = np.empty(0, np.uint8)


_buffers = _Buffers()


def gray(image: RgbImage, *, blue_first: bool = False) -> GrayImage:
    """Return the gray levels of Pillow's ``convert("L")``: 0.299 red, 0.587 green, 0.114 blue, in whole numbers.

    Parameters
    ----------
    image : ndarray
        uint8, shape (height, width, 3).
    blue_first : bool
        Channels are blue, green, red, as OpenCV has them.

    Examples
    --------
    >>> gray(np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255]]], np.uint8)).tolist()
    [[76, 150, 29]]
    """
    height, width, _ = image.shape
    if not worth_it(height * width):
        return np.asarray(Image.fromarray(image[:, :, ::-1] if blue_first else image).convert("L"))
    first, second, third = (np.uint32(weight) for weight in (_WEIGHTS[::-1] if blue_first else _WEIGHTS))
    result = np.empty((height, width), np.uint8)
    rows = max(_STRIP // width, 1)
    if _buffers.unpacked.size < 4 * rows * width:
        _buffers.unpacked = np.empty(4 * rows * width, np.uint8)
    for start in range(0, height, rows):
        strip = np.ascontiguousarray(image[start : start + rows])
        # With a fourth byte a pixel is one number of 32 bits: three times as fast as picking every third byte.
        buffer = _buffers.unpacked[: 4 * len(strip) * width].reshape(len(strip), width, 4)
        whole = cv2.cvtColor(strip, cv2.COLOR_RGB2RGBA, dst=buffer).view(np.uint32)[:, :, 0]
        _weigh(whole, first, second, third, result[start : start + rows])
    return result


def shrunk(image: GrayImage, side: int, *, seen: tuple[float, float] | None = None) -> GrayImage:
    """Return the picture at side x side pixels, equal to Pillow's ``resize`` with its Lanczos filter.

    Parameters
    ----------
    image : ndarray
        uint8, shape (height, width), at least one pixel; it may also be smaller than ``side``.
    side : int
        Pixels.
    seen : (float, float), optional
        Height and width of the part to shrink, from the top left corner; all by default. A JPEG of 575 pixels that is
        decoded at an eighth has 72 pixels, of which 71.875 hold picture.

    Returns
    -------
    ndarray
        uint8, shape (side, side).

    Examples
    --------
    >>> shrunk(np.arange(0, 192, 12, dtype=np.uint8).reshape(4, 4), 2).tolist()
    [[32, 56], [124, 148]]
    """
    height, width = image.shape
    down, across = seen or (height, width)
    # Whether such a tall picture is shrunk along its rows or its columns first depends on the version of Pillow.
    tall = 2 * width < height + side
    if tall or not worth_it(image.size):
        picture = Image.fromarray(image)
        return np.asarray(picture.resize((side, side), Image.Resampling.LANCZOS, box=(0, 0, across, down)))
    return _resampled(image, *_table(width, across, side), *_table(height, down, side))


@lru_cache(maxsize=256)
def _table(size: int, seen: float, side: int) -> _Table:
    return _weights(size, float(seen), side)


@compiled
def _weigh(pixels: NDArray[np.uint32], first: np.uint32, second: np.uint32, third: np.uint32, into: GrayImage) -> None:
    height, width = pixels.shape
    byte, half = np.uint32(255), np.uint32(32768)
    for y in range(height):
        source, target = pixels[y], into[y]
        for x in range(width):
            pixel = source[x]
            total = np.uint32((pixel & byte) * first) + np.uint32(((pixel >> np.uint32(8)) & byte) * second)
            total = np.uint32(total) + np.uint32(((pixel >> np.uint32(16)) & byte) * third)
            target[x] = np.uint8((np.uint32(total) + half) >> np.uint32(16))


@compiled
def _weights(size: int, seen: float, side: int) -> _Table:
    """Return for each new pixel the first old pixel that counts, how many do, and their weights times 2 to the 22."""
    scale = seen / side
    wide = max(scale, 1.0)
    reach = 3.0 * wide
    starts, counts = np.zeros(side, np.int32), np.zeros(side, np.int32)
    weights = np.zeros((side, min(math.ceil(reach) * 2 + 1, size)), np.int32)
    exact = np.zeros(weights.shape[1])
    for new in range(side):
        center = (new + 0.5) * scale
        start = max(int(center - reach + 0.5), 0)
        count = min(int(center + reach + 0.5), size) - start
        total = 0.0
        for old in range(count):
            x = (old + start - center + 0.5) * (1.0 / wide)
            exact[old] = 0.0
            if x == 0.0:
                exact[old] = 1.0
            elif -3.0 <= x < 3.0:
                slow = x / 3.0
                exact[old] = math.sin(x * math.pi) / (x * math.pi) * (math.sin(slow * math.pi) / (slow * math.pi))
            total += exact[old]
        for old in range(count):
            whole = exact[old] / total * 4194304.0 if total != 0.0 else exact[old] * 4194304.0
            weights[new, old] = int(whole - 0.5) if whole < 0.0 else int(whole + 0.5)
        starts[new], counts[new] = start, count
    return starts, counts, weights


@compiled
def _resampled(
    image: GrayImage,
    left: NDArray[np.int32],
    widths: NDArray[np.int32],
    across: NDArray[np.int32],
    top: NDArray[np.int32],
    heights: NDArray[np.int32],
    down: NDArray[np.int32],
) -> GrayImage:
    """Return the weighted sums along rows, rounded to whole levels, then of these along columns."""
    height, width = image.shape
    side = left.shape[0]
    row = np.empty(width, np.int32)
    columns = np.empty((side, height), np.int32)
    result = np.empty((side, side), np.uint8)
    for y in range(height):
        source = image[y]
        for x in range(width):
            row[x] = source[x]
        for new in range(side):
            count = widths[new]
            levels, weights = row[left[new] : left[new] + count], across[new, :count]
            total = np.int32(1 << 21)
            for old in range(count):
                total = np.int32(total + np.int32(levels[old] * weights[old]))
            columns[new, y] = min(max(int(total) >> 22, 0), 255)
    for x in range(side):
        for new in range(side):
            count = heights[new]
            levels, weights = columns[x, top[new] : top[new] + count], down[new, :count]
            total = np.int32(1 << 21)
            for old in range(count):
                total = np.int32(total + np.int32(levels[old] * weights[old]))
            result[new, x] = min(max(int(total) >> 22, 0), 255)
    return result
