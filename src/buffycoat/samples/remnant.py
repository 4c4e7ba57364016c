"""What is no whole cell: smudge cells, clumps of stain and platelets, single platelets, specks of dried stain."""

from __future__ import annotations

import math

import cv2
import numpy as np

from buffycoat.samples.granules import discs, packed
from buffycoat.samples.ink import Ink
from buffycoat.samples.patch import Plane, coverage, new_patch, noise, roundish
from buffycoat.samples.sprite import Sprite

__all__ = ["artifact", "platelet", "smudge", "speck"]


def smudge(rng: np.random.Generator, scale: float) -> Sprite:
    """Draw a smudge cell: a burst nucleus, wiped out in one direction, without cytoplasm."""
    radius = rng.uniform(5.2, 7.2)
    patch = new_patch(radius * 2.2, scale)
    outline = roundish(rng, patch, radius, wobble=0.16, squash=0.4)
    outline = outline + np.float32(0.7) * noise(rng, outline.shape, 2.2 * scale)
    outline = outline + np.float32(0.5) * noise(rng, outline.shape, 0.9 * scale)
    fiber = np.tanh(noise(rng, outline.shape, 0.7 * scale)) + noise(rng, outline.shape, 1.8 * scale)
    core = 1 - np.exp(np.clip(outline, -9, 0) / np.float32(1.6))
    amount = coverage(outline, scale, 1.2 * scale) * np.clip(np.float32(0.75) + np.float32(0.26) * fiber, 0.1, 1.5)
    amount = _wiped(rng, amount * (np.float32(0.75) + np.float32(0.4) * core), rng.uniform(0.9, 1.9) * scale)
    spread = np.clip(amount * np.float32(1.7), 0, 1)
    inks = {Ink.CHROMATIN: amount * np.float32(rng.uniform(0.6, 0.85))}
    return Sprite(inks=inks, cell=spread, nucleus=spread)


def artifact(rng: np.random.Generator, scale: float) -> Sprite:
    """Draw what a hurried eye takes for a cell: a clump of dried stain, or of platelets."""
    if rng.random() < 0.5:
        return _stain_clump(rng, scale)
    return _platelet_clump(rng, scale)


def platelet(rng: np.random.Generator, scale: float) -> Sprite:
    """Draw a platelet: a small violet disc with a granular middle."""
    radius = rng.uniform(0.8, 1.6)
    patch = new_patch(radius * 1.8, scale)
    outline = roundish(rng, patch, radius, wobble=0.14, squash=0.3)
    cell = coverage(outline, scale, 3.0)
    grains = np.clip(np.float32(0.7) + np.float32(0.45) * noise(rng, cell.shape, 0.45 * scale), 0, 1.6)
    middle = 1 - np.exp(np.clip(outline, -3, 0) / np.float32(0.5))
    strength = np.float32(rng.uniform(0.18, 0.55))
    inks = {Ink.VIOLET: cell * middle * grains * strength, Ink.BLUE: cell * np.float32(0.7)}
    return Sprite(inks=inks, cell=cell * np.float32(0.3), nucleus=None)


def speck(rng: np.random.Generator, scale: float) -> Sprite:
    """Draw a speck of dried stain: a dot, or a short crooked line, nearly black."""
    patch = new_patch(1.8, scale)
    count = int(rng.choice([1, 1, 1, 3, 5]))
    steps = rng.normal(0, 0.3, size=(count, 2))
    centers = np.cumsum(steps, axis=0) - steps[0]
    centers = np.clip(centers, -1.3, 1.3)
    grains = discs(patch, centers, [float(rng.uniform(0.14, 0.32)) for _ in range(count)], [1.0] * count)
    strength = np.float32(rng.uniform(0.5, 1.0))
    return Sprite(
        inks={Ink.DENSE: grains * strength * 2, Ink.CHROMATIN: grains * strength * 0.7}, cell=grains * 0, nucleus=None
    )


def _stain_clump(rng: np.random.Generator, scale: float) -> Sprite:
    """Draw grains of stain that lie in a heap."""
    radius = rng.uniform(2.6, 4.6)
    patch = new_patch(radius * 2.0, scale)
    count = int(rng.integers(25, 60))
    centers = rng.normal(0, radius * 0.45, size=(count, 2)) * [1.0, rng.uniform(0.5, 1.0)]
    centers = np.clip(centers, -radius * 1.4, radius * 1.4)
    radii = rng.uniform(0.25, 0.8, size=count).tolist()
    grains = discs(patch, centers, radii, rng.uniform(0.6, 1, size=count).tolist())
    inks = {Ink.DENSE: grains * np.float32(1.5), Ink.CHROMATIN: grains * np.float32(0.75)}
    return Sprite(inks=inks, cell=grains, nucleus=None)


def _platelet_clump(rng: np.random.Generator, scale: float) -> Sprite:
    """Draw platelets that stick together."""
    radius = rng.uniform(3.5, 5.5)
    patch = new_patch(radius * 1.9, scale)
    outline = roundish(rng, patch, radius, wobble=0.15, squash=0.4)
    outline = outline + np.float32(0.5) * noise(rng, outline.shape, 1.4 * scale)
    cell = coverage(outline, scale, 4.0)
    grains = packed(rng, patch, reach=radius * 1.1, spacing=1.1, radius=0.5, fill=0.75)
    grains = np.asarray(cv2.GaussianBlur(grains, (0, 0), 0.25 * scale), dtype=np.float32)
    inks = {
        Ink.VIOLET: cell * (np.float32(0.1) + np.float32(0.45) * grains),
        Ink.BLUE: cell * np.float32(0.7),
    }
    return Sprite(inks=inks, cell=cell, nucleus=None)


def _wiped(rng: np.random.Generator, amount: Plane, length: float) -> Plane:
    """Return an amount drawn out along one direction by ``length`` pixels."""
    half = max(round(length), 1)
    angle = rng.uniform(0, math.pi)
    end = (round(half + half * math.cos(angle)), round(half + half * math.sin(angle)))
    start = (2 * half - end[0], 2 * half - end[1])
    kernel = np.zeros((2 * half + 1, 2 * half + 1), dtype=np.uint8)
    cv2.line(kernel, start, end, 255, 1, cv2.LINE_AA)
    weights = kernel.astype(np.float32) / np.float32(kernel.sum())
    return np.asarray(np.maximum(cv2.filter2D(amount, cv2.CV_32F, weights), 0), dtype=np.float32)
