"""A field's own colors: how much light each stain takes away, measured against the empty glass and the red cells."""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.detect.light import even_light
from buffycoat.domain.value import value
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.illumination import BACKGROUND_LEVEL

__all__ = ["FieldColors", "channel_sum", "field_colors", "log_density"]

SOFTENING: Final = 0.1
"""Added to optical densities before the logarithm, so that noise of the empty glass does not count."""

FAINTEST, FAINT_MOST = 0.08, 0.15
RED_CELL_RANGE = (0.25, 0.6)
_SAMPLES = 20_000
_FEWEST_STAINED = 50
_USUAL_RED_CELL = (0.15, 0.35, 0.2)


def _log_densities() -> NDArray[np.float32]:
    levels = np.maximum(np.arange(256), 4) / BACKGROUND_LEVEL
    return np.asarray(np.log(np.maximum(-np.log(levels), 0) + SOFTENING), np.float32)


_LOG_DENSITY = _log_densities()
_DENSITY: Final = -np.log(np.maximum(np.arange(256), 4).astype(np.float32) / np.float32(BACKGROUND_LEVEL))


@value
class FieldColors:
    """A field under even light, and the color of its red cells.

    ``even`` is uint8 (height, width, 3), ``lit`` bool (height, width). ``red_cell`` holds the logarithm of the
    densities of a typical red cell in red, green and blue light.
    """

    even: RgbImage
    lit: NDArray[np.bool_]
    red_cell: tuple[float, float, float]


def log_density(even: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the logarithm of the optical density of evenly lit pixels, 0.1 added to the density.

    Examples
    --------
    >>> bool(np.isclose(log_density(np.array([200], np.uint8))[0], np.log(0.1)))
    True
    """
    return np.asarray(_LOG_DENSITY[even], np.float32)


def field_colors(image: RgbImage, *, red_cell_px: float) -> FieldColors:
    """Measure the light of a field and its red cells.

    Optical density is what an amount of stain adds to, whatever the lamp and the camera; the logarithm of its ratio to
    that of the field's own red cells is free of exposure, of white balance, of the gamma of the camera and of how long
    the smear lay in the stain. Red cells are most of what is stained in a field; by density in green light the pale
    quarter of it is edges and pale centers, and the dense end is nuclei.

    Parameters
    ----------
    image : ndarray
        A field at working scale: uint8, shape (height, width, 3), RGB.
    red_cell_px : float
        Diameter of a red cell in it, in pixels.

    Returns
    -------
    FieldColors
        Where too little is stained, the red cells of an ordinary smear are taken.
    """
    even, lit = even_light(image, red_cell_px=red_cell_px)
    step = max(1, math.isqrt(lit.size // _SAMPLES))
    inside = np.flatnonzero(lit[::step, ::step])
    seen = [each[::step, ::step].ravel()[inside] for each in cv2.split(even)]
    # Levels are few: all is told from how many pixels have each.
    green = np.bincount(seen[1], minlength=256)
    brighter = np.where(_DENSITY < 0, green, 0)
    noise = float(np.sqrt(brighter @ _DENSITY.astype(np.float64) ** 2 / max(1, brighter.sum())))
    if brighter.sum() <= _FEWEST_STAINED:
        noise = FAINTEST / 3
    stained = np.where(np.clip(3 * noise, FAINTEST, FAINT_MOST) < _DENSITY, green, 0)
    red_cell = np.array(_USUAL_RED_CELL)
    if stained.sum() >= _FEWEST_STAINED:
        pale, dense = (_quantile(stained, share) for share in RED_CELL_RANGE)
        typical = np.flatnonzero(((pale <= _DENSITY) & (dense >= _DENSITY))[seen[1]])
        red_cell = np.array([_quantile(np.bincount(each[typical], minlength=256), 0.5) for each in seen], np.float32)
    red, green_light, blue = (float(each) for each in np.log(np.maximum(red_cell, 0) + SOFTENING))
    return FieldColors(even=even, lit=lit, red_cell=(red, green_light, blue))


def _quantile(counts: NDArray[np.intp], share: float) -> float:
    """Return the density that a share of pixels is below, linear between neighbors; ``counts`` are by level."""
    below = np.cumsum(counts[::-1])
    place = share * (int(below[-1]) - 1)
    first = math.floor(place)
    low, high = (
        float(_DENSITY[255 - int(np.searchsorted(below, rank, "right"))]) for rank in (first, math.ceil(place))
    )
    return low + (high - low) * (place - first)


def channel_sum(colors: FieldColors, weights: NDArray[np.float64], bias: float) -> NDArray[np.float32]:
    """Return ``weights`` times the log densities relative to red cells, plus ``bias``: one look-up a channel.

    Parameters
    ----------
    colors : FieldColors
        From ``field_colors``.
    weights : ndarray
        float64, shape (3,): red, green, blue.
    bias : float
        What a typical red cell comes to.

    Returns
    -------
    ndarray
        float32, shape (height, width).
    """
    shares = weights.astype(np.float32) * (_LOG_DENSITY[:, None] - np.array(colors.red_cell, np.float32))
    shares[:, 0] += np.float32(bias)
    # Of one channel at a time, OpenCV looks up many pixels at once.
    red, green, blue = (
        cv2.LUT(channel, np.ascontiguousarray(table))
        for channel, table in zip(cv2.split(colors.even), shares.T, strict=True)
    )
    return np.asarray(cv2.add(cv2.add(red, green), blue), np.float32)
