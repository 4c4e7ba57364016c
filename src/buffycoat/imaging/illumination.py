"""What a photograph would show without cells: the light of the lamp, and where it falls."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.imaging.arrays import RgbImage, check_rgb

__all__ = ["BACKGROUND_LEVEL", "flatten", "lit_area", "shrink"]

BACKGROUND_LEVEL: Final = 200
"""Where ``flatten`` puts the empty background, so that what is brighter has room."""

_SAMPLES: Final = 100
_FEWEST: Final = 60


def shrink(image: RgbImage, *, longest: int) -> tuple[RgbImage, int]:
    """Reduce an image by a whole number, averaging areas, until no side is longer than ``longest``.

    Parameters
    ----------
    image : ndarray
        uint8, (height, width, 3), RGB.
    longest : int
        In pixels.

    Returns
    -------
    small : ndarray
        uint8; a last row or column that does not fill a pixel is left out.
    factor : int
        Pixels of the image to one of ``small``.

    Examples
    --------
    >>> small, factor = shrink(np.zeros((300, 1000, 3), np.uint8), longest=400)
    >>> small.shape, factor
    ((100, 333, 3), 3)
    """
    check_rgb(image)
    height, width, _ = image.shape
    factor = min(math.ceil(max(height, width) / longest), height, width)
    if factor == 1:
        return image.copy(), 1
    height, width = height // factor, width // factor
    whole = image[: height * factor, : width * factor]
    return np.asarray(cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA), np.uint8), factor


def lit_area(channel: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return where light falls: not the black surround of an ocular.

    Parameters
    ----------
    channel : ndarray
        uint8, (height, width): green, or gray.

    Returns
    -------
    ndarray
        bool: above a fifth of the brightest level, small dark things such as nuclei included.
    """
    level = 0.2 * float(np.percentile(channel[::4, ::4], 98))
    bright = (channel > level).astype(np.uint8)
    return cv2.morphologyEx(bright, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)) > 0


def flatten(image: NDArray[np.uint8], lit: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Divide each channel by its background, a curved surface of second degree through the brighter pixels.

    Parameters
    ----------
    image : ndarray
        uint8, (height, width) or (height, width, channels).
    lit : ndarray
        bool, (height, width), from ``lit_area``.

    Returns
    -------
    ndarray
        uint8, of the same shape; the empty background is at ``BACKGROUND_LEVEL``, what absorbs light is darker.

    Examples
    --------
    >>> ramp = np.tile(np.linspace(100, 200, 64).astype(np.uint8), (64, 1))
    >>> bool((abs(flatten(ramp, ramp > 0).astype(int) - BACKGROUND_LEVEL) <= 3).all())
    True
    """
    height, width = lit.shape
    # Light changes slowly: a hundred samples along the longer side tell all of it.
    step = max(1, max(height, width) // _SAMPLES)
    terms = _terms(height, width, step)
    samples = image[::step, ::step].reshape(*terms.shape[:2], -1)
    inside = lit[::step, ::step]
    known, values = terms[inside], samples[inside]
    if len(known) > _FEWEST:
        surface = terms @ np.stack([_curve(np.ascontiguousarray(each), known) for each in values.T], axis=1)
    else:
        surface = np.broadcast_to(samples.max(axis=(0, 1)), samples.shape)
    light = np.clip(surface, 1, 255).astype(np.float32)
    background = cv2.resize(light, (width, height), interpolation=cv2.INTER_LINEAR).reshape(image.shape)
    return np.asarray(cv2.divide(image, background, scale=BACKGROUND_LEVEL, dtype=cv2.CV_8U), np.uint8)


@lru_cache(maxsize=8)
def _terms(height: int, width: int, step: int) -> NDArray[np.float64]:
    """Return the six terms of the surface at each sample, shape (rows, columns, 6)."""
    y, x = np.mgrid[0:height:step, 0:width:step]
    u, v = 2 * x / width - 1, 2 * y / height - 1
    terms = np.stack([np.ones_like(u), u, v, u * u, u * v, v * v], axis=-1)
    terms.setflags(write=False)
    return terms


def _curve(samples: NDArray[np.uint8], terms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Fit the surface to the samples of one channel four times, each without what stood off the time before."""
    weights: NDArray[np.float64] = np.zeros(terms.shape[1])
    values = samples.astype(np.float64)
    below = np.cumsum(np.bincount(samples, minlength=256))
    place = 0.6 * (len(samples) - 1)
    low, high = (int(np.searchsorted(below, rank, "right")) for rank in (math.floor(place), math.ceil(place)))
    use = np.flatnonzero(samples >= low + (high - low) * (place - math.floor(place)))
    for _ in range(4):
        known = terms.take(use, axis=0)
        weights = np.asarray(np.linalg.solve(known.T @ known + 1e-6 * np.eye(known.shape[1]), known.T @ values[use]))
        off = values - terms @ weights
        spread = max(1.0, 1.4826 * _median(np.abs(off[use])))
        use = np.flatnonzero((off > -2 * spread) & (off < 3 * spread))
        if len(use) < _FEWEST:
            break
    return weights


def _median(values: NDArray[np.float64]) -> float:
    """Return what ``numpy.median`` returns of finite numbers, which it spends half of its time on looking for."""
    half, odd = divmod(len(values), 2)
    middle = np.partition(values, half if odd else (half - 1, half))
    return float(middle[half] if odd else (middle[half - 1] + middle[half]) / 2)
