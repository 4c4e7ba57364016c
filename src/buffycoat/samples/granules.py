"""Granules, vacuoles and specks: many small discs at once."""

from __future__ import annotations

import math

import cv2
import numpy as np

from buffycoat.samples.patch import Patch, Plane

__all__ = ["discs", "packed"]

_OVERSAMPLING = 2
_FRACTION_BITS = 4


def discs(
    patch: Patch, centers: np.ndarray[tuple[int, ...], np.dtype[np.float64]], radii: list[float], values: list[float]
) -> Plane:
    """Return discs laid over each other, of values 0 to 1; centers and radii in micrometres from the middle."""
    factor = _OVERSAMPLING * patch.scale * (1 << _FRACTION_BITS)
    side = patch.side * _OVERSAMPLING
    canvas = np.zeros((side, side), dtype=np.uint8)
    middle = (side / 2 - 0.5) * (1 << _FRACTION_BITS)
    for (x, y), radius, value in zip(centers, radii, values, strict=True):
        at = (round(x * factor + middle), round(y * factor + middle))
        cv2.circle(canvas, at, round(radius * factor), round(255 * value), -1, cv2.LINE_AA, _FRACTION_BITS)
    small = cv2.resize(canvas, (patch.side, patch.side), interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.float32) / np.float32(255)


def packed(
    rng: np.random.Generator, patch: Patch, *, reach: float, spacing: float, radius: float, fill: float = 1.0
) -> Plane:
    """Return discs on a jittered lattice out to ``reach``: granules that fill a cell.

    ``fill`` is the share of lattice places that hold one; their strengths vary.
    """
    count = math.ceil(reach / spacing)
    places = np.arange(-count, count + 1) * spacing
    x, y = np.meshgrid(places, places * math.sqrt(0.75))
    x[1::2] += spacing / 2
    centers = np.stack([x.ravel(), y.ravel()], axis=1)
    centers = centers[np.hypot(*centers.T) <= reach]
    centers = centers[rng.random(len(centers)) < fill]
    centers = rng.permutation(centers + rng.normal(0, spacing * 0.24, size=centers.shape))
    radii = (radius * np.exp(rng.normal(0, 0.18, size=len(centers)))).tolist()
    values = rng.uniform(0.55, 1.0, size=len(centers)).tolist()
    return discs(patch, centers, radii, values)
