"""Granulocytes: neutrophils and their younger forms, eosinophils, basophils. Lengths in micrometres."""

from __future__ import annotations

import cv2
import numpy as np

from buffycoat.samples.granules import packed
from buffycoat.samples.ink import Ink
from buffycoat.samples.nucleus import Chromatin, arc_nucleus, lobed_nucleus, off_center, stain_nucleus
from buffycoat.samples.patch import Patch, Plane, coverage, new_patch, noise, roundish, smooth_union
from buffycoat.samples.sprite import Sprite

__all__ = ["band", "basophil", "eosinophil", "metamyelocyte", "segmented"]


def segmented(rng: np.random.Generator, scale: float) -> Sprite:
    """Draw a segmented neutrophil: three to five dark lobes on thin strands, pale pink cytoplasm with fine dust."""
    radius = rng.uniform(6.2, 7.1)
    patch = new_patch(radius * 1.4, scale)
    lobes = int(rng.choice([3, 4, 5], p=[0.48, 0.38, 0.14]))
    size = {3: 1.78, 4: 1.58, 5: 1.4}[lobes] * radius / 6.6
    ring = {3: 2.8, 4: 3.1, 5: 3.3}[lobes] * radius / 6.6
    nucleus = lobed_nucleus(rng, patch, lobes=lobes, size=size, ring=ring)
    chromatin = Chromatin(strength=rng.uniform(0.98, 1.15), dense=rng.uniform(0.75, 1.2), clumps=0.1, grain=0.7)
    return _neutrophil(rng, patch, radius, nucleus, chromatin)


def band(rng: np.random.Generator, scale: float) -> Sprite:
    """Draw a band neutrophil: the nucleus one even horseshoe."""
    radius = rng.uniform(6.2, 7.0)
    patch = new_patch(radius * 1.4, scale)
    nucleus = arc_nucleus(
        rng, patch, ring=rng.uniform(2.7, 3.1), turn=rng.uniform(3.4, 4.6), girth=rng.uniform(1.3, 1.55), ragged=0.1
    )
    chromatin = Chromatin(strength=rng.uniform(0.95, 1.1), dense=rng.uniform(0.45, 0.8), clumps=0.13, grain=0.8)
    return _neutrophil(rng, patch, radius, nucleus, chromatin)


def metamyelocyte(rng: np.random.Generator, scale: float) -> Sprite:
    """Draw a metamyelocyte: the nucleus a kidney, with open chromatin."""
    radius = rng.uniform(6.6, 7.4)
    patch = new_patch(radius * 1.4, scale)
    nucleus = arc_nucleus(
        rng, patch, ring=rng.uniform(2.0, 2.3), turn=rng.uniform(2.2, 2.8), girth=rng.uniform(2.2, 2.5), ragged=0.1
    )
    chromatin = Chromatin(strength=rng.uniform(0.9, 1.02), dense=rng.uniform(0.25, 0.5), clumps=0.17, grain=0.9)
    return _neutrophil(rng, patch, radius, nucleus, chromatin)


def eosinophil(rng: np.random.Generator, scale: float) -> Sprite:
    """Draw an eosinophil: two plump lobes, the rest full of orange granules."""
    radius = rng.uniform(6.5, 7.4)
    patch = new_patch(radius * 1.4, scale)
    lobes = 2 if rng.random() < 0.85 else 3
    nucleus = lobed_nucleus(rng, patch, lobes=lobes, size=2.3 if lobes == 2 else 1.85, ring=2.7, plump=1.15)
    nucleus = off_center(rng, patch, nucleus, radius * 0.22)
    outline = roundish(rng, patch, radius, wobble=0.035, squash=0.22)
    granules = packed(rng, patch, reach=radius * 1.08, spacing=0.72, radius=0.34)
    outline = outline + np.float32(0.12) * noise(rng, outline.shape, 0.7 * scale)
    cell = coverage(smooth_union(outline, nucleus - np.float32(0.3), 0.4), scale, 2.0)
    covered, inks = stain_nucleus(
        rng,
        patch,
        nucleus,
        Chromatin(strength=rng.uniform(0.8, 0.95), dense=rng.uniform(0.1, 0.35), clumps=0.14, grain=0.9),
    )
    outside = cell * (1 - np.float32(0.8) * covered)
    depth = np.float32(rng.uniform(0.58, 0.82))
    cloud = 1 + np.float32(0.12) * noise(rng, cell.shape, 1.6 * scale)
    inks[Ink.ORANGE] = outside * depth * cloud * (np.float32(0.72) + np.float32(0.42) * granules)
    inks[Ink.PINK] = outside * np.float32(rng.uniform(0.1, 0.5))
    return Sprite(inks=inks, cell=cell, nucleus=covered)


def basophil(rng: np.random.Generator, scale: float) -> Sprite:
    """Draw a basophil: coarse dark granules over a blurred nucleus, pale gaps between them."""
    radius = rng.uniform(6.0, 7.0)
    patch = new_patch(radius * 1.4, scale)
    outline = roundish(rng, patch, radius, wobble=0.05, squash=0.25)
    coarse = packed(rng, patch, reach=radius, spacing=1.02, radius=0.5, fill=0.8)
    fine = packed(rng, patch, reach=radius, spacing=0.8, radius=0.33, fill=0.5)
    cell = coverage(outline + np.float32(0.18) * (np.float32(0.4) - coarse), scale, 2.2)
    nucleus = lobed_nucleus(rng, patch, lobes=int(rng.integers(2, 4)), size=2.6, ring=1.9, plump=1.3)
    covered, inks = stain_nucleus(
        rng,
        patch,
        nucleus,
        Chromatin(strength=rng.uniform(0.6, 0.78), dense=0.25, clumps=0.1, grain=1.2, edge=0.7 * scale),
    )
    covered = covered * cell
    granules = cv2.GaussianBlur(np.maximum(coarse, np.float32(0.8) * fine), (0, 0), 0.12 * scale)
    wall = np.exp(-(((outline + np.float32(0.3)) / np.float32(0.3)) ** 2))
    body = np.float32(rng.uniform(0.12, 0.3)) + np.float32(0.16) * wall
    inks = {ink: amount * cell for ink, amount in inks.items()}
    depth = np.float32(rng.uniform(0.62, 0.82)) - np.float32(0.38) * covered
    inks[Ink.VIOLET] = np.asarray(cell * (body + granules * depth), dtype=np.float32)
    inks[Ink.PINK] = cell * np.float32(rng.uniform(0.5, 1.1))
    return Sprite(inks=inks, cell=cell, nucleus=covered)


def _neutrophil(rng: np.random.Generator, patch: Patch, radius: float, nucleus: Plane, chromatin: Chromatin) -> Sprite:
    """Put a nucleus into pale pink cytoplasm with fine dust."""
    nucleus = off_center(rng, patch, nucleus, radius * 0.1)
    outline = roundish(rng, patch, radius, wobble=0.04, squash=0.2)
    cell = coverage(smooth_union(outline, nucleus - np.float32(0.3), 0.4), patch.scale, 2.2)
    covered, inks = stain_nucleus(rng, patch, nucleus, chromatin)
    dust = noise(rng, cell.shape, 0.32 * patch.scale)
    cloud = noise(rng, cell.shape, 1.8 * patch.scale)
    outside = cell * (1 - covered)
    depth = np.float32(rng.uniform(0.75, 1.15))
    inks[Ink.PINK] = outside * depth * np.clip(1 + np.float32(0.15) * dust + np.float32(0.14) * cloud, 0, 2)
    inks[Ink.VIOLET] = outside * np.clip(dust - np.float32(1.2), 0, 1) * np.float32(rng.uniform(0.03, 0.2))
    return Sprite(inks=inks, cell=cell, nucleus=covered)
