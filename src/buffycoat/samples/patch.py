"""A small square of the drawing, measured in micrometres, and the smooth shapes that are drawn on it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["Patch", "Plane", "coverage", "new_patch", "noise", "roundish", "smooth_union", "tube"]

Plane = NDArray[np.float32]
"""A picture of one quantity: float32, shape (height, width)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Patch:
    """Coordinates of a square of pixels, in micrometres from its center: ``x`` to the right, ``y`` downward."""

    x: Plane
    y: Plane
    scale: float

    @property
    def side(self) -> int:
        """Side in pixels."""
        return int(self.x.shape[0])


def new_patch(reach: float, scale: float) -> Patch:
    """Return a patch that reaches ``reach`` micrometres to every side, at ``scale`` pixels a micrometre.

    Examples
    --------
    >>> new_patch(2.0, 8.0).side
    34
    """
    half = math.ceil(reach * scale) + 1
    steps = (np.arange(2 * half, dtype=np.float32) - np.float32(half - 0.5)) / np.float32(scale)
    x, y = np.meshgrid(steps, steps)
    return Patch(x=x, y=y, scale=scale)


def noise(rng: np.random.Generator, shape: tuple[int, int], grain: float) -> Plane:
    """Return smooth noise of mean 0 and standard deviation near 1, with bumps about ``grain`` pixels wide."""
    height, width = shape
    rows, columns = math.ceil(height / grain) + 3, math.ceil(width / grain) + 3
    coarse = rng.standard_normal((rows, columns), dtype=np.float32)
    size = (round(columns * grain), round(rows * grain))
    fine = cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC)
    top, left = (int(v) for v in rng.integers(0, max(int(grain), 1), size=2))
    return np.asarray(fine[top : top + height, left : left + width] * np.float32(1.25), dtype=np.float32)


def coverage(distance: Plane, scale: float, softness: float = 1.4) -> Plane:
    """Return how much of each pixel lies inside a shape, 0 to 1.

    ``distance``: signed distance to the outline in micrometres, negative inside. ``softness``: width of the edge in
    pixels.
    """
    return np.asarray(np.clip(0.5 - distance * np.float32(scale / softness), 0, 1), dtype=np.float32)


def roundish(rng: np.random.Generator, patch: Patch, radius: float, *, wobble: float, squash: float) -> Plane:
    """Return the signed distance, in micrometres, to a roundish outline.

    ``wobble`` is the size of its bumps, ``squash`` the largest flattening, both as shares of the radius.
    """
    turn = rng.uniform(0, math.pi)
    flat = 1 - rng.uniform(0, squash)
    cos, sin = np.float32(math.cos(turn)), np.float32(math.sin(turn))
    u = (patch.x * cos + patch.y * sin) * np.float32(math.sqrt(flat))
    v = (patch.y * cos - patch.x * sin) / np.float32(math.sqrt(flat))
    rough = noise(rng, patch.x.shape, max(radius * 0.9 * patch.scale, 2))
    bumps = np.float32(1.7 * wobble * radius) * np.tanh(rough / np.float32(1.7))
    return np.asarray(np.sqrt(u * u + v * v) - np.float32(radius) + bumps, dtype=np.float32)


def tube(patch: Patch, path: NDArray[np.float64], radii: NDArray[np.float64]) -> Plane:
    """Return the signed distance, in micrometres, to a string of discs: (n, 2) centers and (n,) radii.

    It is computed at half the resolution, which a distance bears well.
    """
    half = (patch.side + 1) // 2
    x = cv2.resize(patch.x, (half, half), interpolation=cv2.INTER_AREA)
    y = cv2.resize(patch.y, (half, half), interpolation=cv2.INTER_AREA)
    nearest = np.full((half, half), np.inf, dtype=np.float32)
    for (cx, cy), radius in zip(path.astype(np.float32), radii.astype(np.float32), strict=True):
        np.minimum(nearest, np.hypot(x - cx, y - cy) - radius, out=nearest)
    return np.asarray(cv2.resize(nearest, (patch.side, patch.side), interpolation=cv2.INTER_LINEAR), dtype=np.float32)


def smooth_union(a: Plane, b: Plane, width: float) -> Plane:
    """Return the distance to two shapes that flow into each other over ``width`` micrometres."""
    blend = np.clip(0.5 + (b - a) / np.float32(2 * width), 0, 1)
    return np.asarray(b + (a - b) * blend - np.float32(width) * blend * (1 - blend), dtype=np.float32)
