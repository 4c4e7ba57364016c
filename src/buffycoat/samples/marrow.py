"""Strays from the marrow: nucleated red cells and megakaryocytes. Lengths in micrometres."""

from __future__ import annotations

import numpy as np

from buffycoat.samples.granules import packed
from buffycoat.samples.ink import Ink
from buffycoat.samples.nucleus import Chromatin, lobed_nucleus, off_center, round_nucleus, stain_nucleus
from buffycoat.samples.patch import coverage, new_patch, noise, roundish
from buffycoat.samples.sprite import Sprite

__all__ = ["erythroblast", "megakaryocyte"]


def erythroblast(rng: np.random.Generator, scale: float) -> Sprite:
    """Draw a nucleated red cell: a small round ink-dark nucleus in grayish hemoglobin."""
    radius = rng.uniform(4.5, 5.3)
    patch = new_patch(radius * 1.5, scale)
    nucleus = round_nucleus(rng, patch, radius=rng.uniform(2.4, 2.9), squash=0.1)
    nucleus = off_center(rng, patch, nucleus, radius * 0.18)
    cell = coverage(roundish(rng, patch, radius, wobble=0.04, squash=0.12), scale, 2.0)
    chromatin = Chromatin(strength=rng.uniform(1.05, 1.2), dense=rng.uniform(0.8, 1.2), clumps=0.16, grain=0.9)
    covered, inks = stain_nucleus(rng, patch, nucleus, chromatin)
    outside = cell * (1 - covered)
    inks[Ink.HEMOGLOBIN] = outside * np.float32(rng.uniform(0.6, 0.8))
    inks[Ink.BLUE] = outside * np.float32(rng.uniform(0.3, 0.7))
    return Sprite(inks=inks, cell=cell, nucleus=covered)


def megakaryocyte(rng: np.random.Generator, scale: float) -> Sprite:
    """Draw a megakaryocyte: a giant with a heaped nucleus and granular cytoplasm that frays at the edge."""
    radius = rng.uniform(13, 15)
    patch = new_patch(radius * 1.5, scale)
    nucleus = lobed_nucleus(rng, patch, lobes=5, size=4.0, ring=4.2, plump=1.1)
    outline = roundish(rng, patch, radius, wobble=0.07, squash=0.2)
    outline = outline + np.float32(0.35) * noise(rng, outline.shape, 1.9 * scale)
    cell = coverage(outline, scale, 3.0)
    chromatin = Chromatin(strength=rng.uniform(0.9, 1.0), dense=0.25, clumps=0.2, grain=1.0)
    covered, inks = stain_nucleus(rng, patch, nucleus, chromatin)
    outside = cell * (1 - covered)
    granules = packed(rng, patch, reach=radius, spacing=0.9, radius=0.33, fill=0.7)
    inks[Ink.BLUE] = outside * np.float32(0.8)
    inks[Ink.PINK] = outside * np.float32(0.7)
    inks[Ink.VIOLET] = outside * granules * np.float32(0.06)
    return Sprite(inks=inks, cell=cell, nucleus=covered * cell)
