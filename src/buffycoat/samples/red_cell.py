"""Red cells: thin discs with a pale center, translucent where they lie on each other."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from buffycoat.samples.patch import Patch, Plane, new_patch, noise

__all__ = ["RedCells", "draw_red_cell"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RedCells:
    """How the red cells of one smear look: lengths in micrometres, shares 0 to 1.

    ``pallor``: mean depth of the pale center. ``crenated``: share of cells with a spiny outline.
    ``oval``: largest flattening of a common cell.
    """

    diameter: float = 7.5
    spread: float = 0.055
    pallor: float = 0.6
    crenated: float = 0.01
    oval: float = 0.18


def draw_red_cell(rng: np.random.Generator, look: RedCells, scale: float) -> Plane:
    """Return the thickness of hemoglobin of one red cell; about 1 in its thick ring.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws size, shape and pallor.
    look : RedCells
        The smear's red cells.
    scale : float
        Pixels a micrometre.

    Returns
    -------
    ndarray of float32
        A square, wide enough for the cell.
    """
    radius = look.diameter / 2 * math.exp(rng.normal(0, look.spread))
    patch = new_patch(radius * 1.3, scale)
    turn, flat = rng.uniform(0, math.pi), math.sqrt(1 - look.oval * rng.beta(1.2, 2.5))
    cos, sin = np.float32(math.cos(turn)), np.float32(math.sin(turn))
    u = (patch.x * cos + patch.y * sin) * np.float32(1 / (flat * radius))
    v = (patch.y * cos - patch.x * sin) * np.float32(flat / radius)
    kind = rng.random()
    if kind < 0.014:  # a teardrop
        tip = np.clip(u, 0, 1.3)
        u, v = u - np.float32(0.3) * tip, v * (1 + np.float32(0.75) * tip * tip)
    wobble = np.float32(0.035 if kind > 0.08 else 0.07)
    rho = np.hypot(u, v) + wobble * noise(rng, patch.x.shape, patch.side / 3)
    if rng.random() < look.crenated:
        uneven = np.float32(1.2) * noise(rng, patch.x.shape, patch.side / 4)
        rho += np.float32(0.035) * np.sin(np.arctan2(v, u) * np.float32(rng.integers(13, 19)) + uneven)
    return _thickness(rng, look, patch, rho, radius)


def _thickness(rng: np.random.Generator, look: RedCells, patch: Patch, rho: Plane, radius: float) -> Plane:
    """Return the profile of a biconcave disc over the normalized distance ``rho`` from its center."""
    body = np.clip((1 - rho) * np.float32(radius * patch.scale / 2.6) + 0.5, 0, 1)
    rim = np.float32(rng.uniform(0.08, 0.26)) * np.exp(-(((rho - np.float32(0.93)) / np.float32(0.07)) ** 2))
    depth = float(np.clip(rng.normal(look.pallor, 0.27), 0.04, 0.98))
    width = rng.uniform(0.28, 0.54)
    steep = rng.choice([2.0, 3.0, 5.0])
    shift = rng.normal(0, 0.05, size=2) * radius
    stretch = rng.uniform(0.75, 1.3)
    center = np.hypot(
        (patch.x - np.float32(shift[0])) * np.float32(stretch / radius),
        (patch.y - np.float32(shift[1])) * np.float32(1 / (stretch * radius)),
    )
    hollow = np.float32(depth) * np.exp(-((center / np.float32(width)) ** np.float32(steep)))
    strength = np.float32(math.exp(rng.normal(0, 0.07)))
    tilt = np.float32(rng.normal(0, 0.05)) * patch.x / np.float32(radius)
    thickness = body * (1 + tilt + rim - np.float32(0.1) * rho) * (1 - hollow) * strength
    if rng.random() < 0.06:  # a refractile spot, as dried films have
        thickness = thickness + _spot(rng, patch, radius)
    return np.asarray(np.clip(thickness, 0, 2), dtype=np.float32)


def _spot(rng: np.random.Generator, patch: Patch, radius: float) -> Plane:
    """Return a dark ring around a bright dot."""
    at = rng.uniform(-0.5, 0.5, size=2) * radius
    away = np.hypot(patch.x - np.float32(at[0]), patch.y - np.float32(at[1]))
    size = np.float32(rng.uniform(0.25, 0.45))
    ring = np.float32(0.8) * np.exp(-(((away - size) / np.float32(0.16)) ** 2))
    return np.asarray(ring - np.float32(0.5) * np.exp(-((away / (size * np.float32(0.6))) ** 2)), dtype=np.float32)
