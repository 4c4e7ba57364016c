"""What a photograph would show without cells: the light of the lamp, and where it falls."""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.imaging.arrays import RgbImage, check_rgb

__all__ = ["BACKGROUND_LEVEL", "flatten", "lit_area", "shrink"]

BACKGROUND_LEVEL: Final = 200
"""Where ``flatten`` puts the empty background, so that what is brighter has room."""

_SAMPLES: Final = 100


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


def flatten(channel: NDArray[np.uint8], lit: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Divide a channel by its background, a curved surface of second degree through the brighter pixels.

    Parameters
    ----------
    channel : ndarray
        uint8, (height, width).
    lit : ndarray
        bool, from ``lit_area``.

    Returns
    -------
    ndarray
        uint8; the empty background is at ``BACKGROUND_LEVEL``, what absorbs light is darker.

    Examples
    --------
    >>> ramp = np.tile(np.linspace(100, 200, 64).astype(np.uint8), (64, 1))
    >>> bool((abs(flatten(ramp, ramp > 0).astype(int) - BACKGROUND_LEVEL) <= 3).all())
    True
    """
    height, width = channel.shape
    step = max(1, max(height, width) // _SAMPLES)
    values, inside = channel[::step, ::step].astype(np.float64), lit[::step, ::step]
    y, x = np.mgrid[0:height:step, 0:width:step]
    u, v = 2 * x / width - 1, 2 * y / height - 1
    terms = np.stack([np.ones_like(u), u, v, u * u, u * v, v * v], axis=-1)
    surface = np.full(values.shape, values.max())
    if inside.sum() > 60:
        use = inside & (values >= np.percentile(values[inside], 60))
        for _ in range(4):
            known = terms[use]
            weights = np.linalg.solve(known.T @ known + 1e-6 * np.eye(6), known.T @ values[use])
            surface = terms @ weights
            off = values - surface
            spread = max(1.0, 1.4826 * float(np.median(np.abs(off[use]))))
            use = inside & (off > -2 * spread) & (off < 3 * spread)
            if use.sum() < 60:
                break
    surface = np.clip(surface, 1, 255).astype(np.float32)
    background = cv2.resize(surface, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(channel, background, scale=BACKGROUND_LEVEL, dtype=cv2.CV_8U), np.uint8)
