"""Cells with one round or folded nucleus: lymphocytes and monocytes. Lengths in micrometres."""

from __future__ import annotations

import math

import numpy as np

from buffycoat.samples.granules import discs
from buffycoat.samples.ink import Ink
from buffycoat.samples.nucleus import (
    Chromatin,
    arc_nucleus,
    lobed_nucleus,
    off_center,
    round_nucleus,
    stain_nucleus,
)
from buffycoat.samples.patch import Patch, Plane, coverage, new_patch, noise, roundish, smooth_union
from buffycoat.samples.sprite import Sprite

__all__ = ["large_lymphocyte", "monocyte", "small_lymphocyte"]


def small_lymphocyte(rng: np.random.Generator, scale: float) -> Sprite:
    """Draw a small lymphocyte: a round dark nucleus that nearly fills the cell, a thin blue rim."""
    radius = rng.uniform(4.3, 5.0)
    patch = new_patch(radius * 1.4, scale)
    dent = 0.14 if rng.random() < 0.4 else 0.0
    nucleus = round_nucleus(rng, patch, radius=radius * rng.uniform(0.83, 0.91), dent=dent, squash=0.22)
    nucleus = off_center(rng, patch, nucleus, radius * 0.1)
    outline = smooth_union(roundish(rng, patch, radius, wobble=0.05, squash=0.16), nucleus - np.float32(0.25), 0.3)
    chromatin = Chromatin(strength=rng.uniform(1.02, 1.2), dense=rng.uniform(0.2, 0.6), clumps=0.16, grain=1.0)
    covered, inks = stain_nucleus(rng, patch, nucleus, chromatin)
    cell = coverage(outline, scale, 2.0)
    inks[Ink.BLUE] = _cytoplasm(rng, patch, outline, nucleus) * (1 - covered) * np.float32(rng.uniform(0.9, 1.6))
    return Sprite(inks=inks, cell=cell, nucleus=covered)


def large_lymphocyte(rng: np.random.Generator, scale: float) -> Sprite:
    """Draw a large lymphocyte: more pale blue cytoplasm, molded to its neighbors, a few reddish granules."""
    radius = rng.uniform(6.2, 7.6)
    patch = new_patch(radius * 1.6, scale)
    dent = 0.12 if rng.random() < 0.35 else 0.0
    nucleus = round_nucleus(rng, patch, radius=rng.uniform(4.2, 4.9), dent=dent, squash=0.3)
    nucleus = off_center(rng, patch, nucleus, radius * 0.26)
    outline = smooth_union(roundish(rng, patch, radius, wobble=0.1, squash=0.3), nucleus - np.float32(0.3), 0.4)
    chromatin = Chromatin(strength=rng.uniform(0.92, 1.08), dense=rng.uniform(0.0, 0.3), clumps=0.17, grain=0.8)
    covered, inks = stain_nucleus(rng, patch, nucleus, chromatin)
    cell = coverage(outline, scale, 2.0)
    inks[Ink.BLUE] = _cytoplasm(rng, patch, outline, nucleus) * (1 - covered) * np.float32(rng.uniform(0.45, 0.95))
    if rng.random() < 0.6:
        count = int(rng.integers(3, 9))
        angle, away = rng.uniform(0, 2 * math.pi, count), rng.uniform(0.5, 0.85, count) * radius
        centers = np.stack([away * np.cos(angle), away * np.sin(angle)], axis=1)
        grains = discs(patch, centers, rng.uniform(0.18, 0.32, count).tolist(), [0.8] * count)
        inks[Ink.VIOLET] = grains * cell * (1 - covered) * np.float32(0.5)
    return Sprite(inks=inks, cell=cell, nucleus=covered)


def monocyte(rng: np.random.Generator, scale: float) -> Sprite:
    """Draw a monocyte: the largest cell, a folded lacy nucleus, gray-blue cytoplasm with vacuoles."""
    radius = rng.uniform(7.4, 8.8)
    patch = new_patch(radius * 1.6, scale)
    nucleus = off_center(rng, patch, _folded(rng, patch), radius * 0.15)
    outline = roundish(rng, patch, radius, wobble=0.09, squash=0.3)
    outline = outline + np.float32(rng.uniform(0.05, 0.16)) * noise(rng, outline.shape, rng.uniform(1.0, 2.0) * scale)
    outline = smooth_union(outline, nucleus - np.float32(0.35), 0.5)
    chromatin = Chromatin(strength=rng.uniform(0.85, 1.02), dense=rng.uniform(0.0, 0.12), clumps=0.15, grain=0.55)
    covered, inks = stain_nucleus(rng, patch, nucleus, chromatin)
    cell = coverage(outline, scale, 2.0)
    outside = _cytoplasm(rng, patch, outline, nucleus) * (1 - covered)
    dust = np.clip(1 + np.float32(0.4) * noise(rng, cell.shape, 0.3 * scale), 0, 2)
    inks[Ink.BLUE] = outside * np.float32(rng.uniform(0.85, 1.35))
    inks[Ink.PINK] = outside * dust * np.float32(0.35)
    count = int(rng.integers(2, 12))
    centers = rng.uniform(-0.9, 0.9, (count, 2)) * radius
    vacuoles = discs(patch, centers, rng.uniform(0.28, 0.7, count).tolist(), [0.85] * count)
    spared = 1 - vacuoles * (1 - np.float32(0.88) * covered)
    inks = {ink: np.asarray(amount * spared, dtype=np.float32) for ink, amount in inks.items()}
    return Sprite(inks=inks, cell=cell, nucleus=covered)


def _folded(rng: np.random.Generator, patch: Patch) -> Plane:
    """Return the distance to a monocyte's nucleus: a kidney, a horseshoe or three heaped lobes."""
    kind = rng.random()
    if kind < 0.5:
        ring, turn, girth = rng.uniform(2.3, 2.8), rng.uniform(2.1, 2.9), rng.uniform(2.7, 3.1)
        return arc_nucleus(rng, patch, ring=ring, turn=turn, girth=girth, ragged=0.3)
    if kind < 0.75:
        ring, turn, girth = rng.uniform(3.0, 3.5), rng.uniform(3.4, 4.1), rng.uniform(2.1, 2.4)
        return arc_nucleus(rng, patch, ring=ring, turn=turn, girth=girth, ragged=0.3)
    lobes = lobed_nucleus(rng, patch, lobes=3, size=2.7, ring=2.5)
    return np.asarray(lobes + np.float32(0.15) * noise(rng, lobes.shape, 1.2 * patch.scale), dtype=np.float32)


def _cytoplasm(rng: np.random.Generator, patch: Patch, outline: Plane, nucleus: Plane) -> Plane:
    """Return the depth of the cytoplasm: clearer beside the nucleus, deeper toward the edge of the cell, cloudy."""
    deepening = np.clip(np.float32(0.82) + np.float32(0.16) * np.clip(nucleus, 0, 3), 0, 1.3)
    cloud = np.clip(1 + np.float32(0.16) * noise(rng, outline.shape, 1.1 * patch.scale), 0, 2)
    rim = 1 + np.float32(0.35) * np.exp(-(((outline + np.float32(0.35)) / np.float32(0.35)) ** 2))
    return np.asarray(coverage(outline, patch.scale, 2.0) * deepening * cloud * rim, dtype=np.float32)
