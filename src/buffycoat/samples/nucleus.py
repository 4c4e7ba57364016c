"""Nuclei: strings of lobes, bands, kidneys and rounds, and the chromatin in them. Lengths in micrometres."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from buffycoat.samples.ink import Ink
from buffycoat.samples.patch import Patch, Plane, coverage, noise, roundish, smooth_union, tube

__all__ = ["Chromatin", "arc_nucleus", "lobed_nucleus", "off_center", "round_nucleus", "stain_nucleus"]

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chromatin:
    """How a nucleus takes the stain.

    ``strength``: chromatin at the middle of its range. ``dense``: how far it goes toward navy. ``clumps``: contrast of
    the texture, and ``grain`` its size. ``edge``: how soft the border is, in pixels.
    """

    strength: float
    dense: float = 0.0
    clumps: float = 0.2
    grain: float = 0.8
    edge: float = 1.4


def lobed_nucleus(
    rng: np.random.Generator, patch: Patch, *, lobes: int, size: float, ring: float, plump: float = 1.0
) -> Plane:
    """Return the distance to ``lobes`` lobes joined by thin strands.

    ``size`` is the radius of a lobe, ``ring`` the radius of the curve on which the lobes lie, ``plump`` below 1 makes
    them longer.
    """
    step = 2.75 * size / ring
    angle = rng.uniform(0, 2 * math.pi)
    parts: list[Points] = []
    radii: list[Points] = []
    for lobe in range(lobes):
        girth = size * rng.uniform(0.82, 1.12)
        half = girth * rng.uniform(0.2, 0.75) / plump
        out = ring * rng.uniform(0.8, 1.12) * (1 - 0.35 * (lobes > 3 and lobe % 2 == 1))
        middle = out * np.array([math.cos(angle), math.sin(angle)])
        lean = angle + math.pi / 2 + rng.normal(0, 0.7)
        along, across = np.array([math.cos(lean), math.sin(lean)]), np.array([-math.sin(lean), math.cos(lean)])
        t = np.linspace(-1, 1, 6)[:, None]
        bend = rng.normal(0.12, 0.14) * girth
        body = middle + along * half * t + across * bend * (t * t - 0.4)
        taper = 1 - 0.14 * t[:, 0] * rng.uniform(-1, 1) - 0.1 * t[:, 0] ** 2
        if parts:
            strand = np.linspace(parts[-1][-1], body[0], 7)
            parts.append(strand)
            radii.append(np.full(7, rng.uniform(0.22, 0.42)))
        parts.append(body)
        radii.append(girth * taper)
        angle += step * rng.uniform(0.8, 1.2)
    path, girths = np.concatenate(parts), np.concatenate(radii)
    path -= (path.min(0) + path.max(0)) / 2
    return _ragged(rng, patch, tube(patch, path, girths), 0.16)


def arc_nucleus(
    rng: np.random.Generator, patch: Patch, *, ring: float, turn: float, girth: float, ragged: float = 0.16
) -> Plane:
    """Return the distance to a curved sausage: a kidney, a horseshoe or a band.

    ``ring`` is the radius of its curve, ``turn`` the angle it goes round, in radians, ``girth`` its half width.
    """
    start = rng.uniform(0, 2 * math.pi)
    t = np.linspace(0, 1, 22)
    angle = start + turn * t
    out = ring * (1 + 0.12 * np.sin(2 * math.pi * (t * rng.uniform(0.5, 1.2) + rng.random())))
    path = np.stack([out * np.cos(angle), out * np.sin(angle)], axis=1)
    path -= (path.min(0) + path.max(0)) / 2
    ends = rng.uniform(0.86, 1.12, size=2)
    swell = ends[0] * (1 - t) + ends[1] * t - rng.uniform(0, 0.14) * np.sin(math.pi * t)
    return _ragged(rng, patch, tube(patch, path, girth * swell), ragged)


def round_nucleus(
    rng: np.random.Generator, patch: Patch, *, radius: float, dent: float = 0.0, squash: float = 0.2
) -> Plane:
    """Return the distance to a roundish nucleus, with a dent of ``dent`` times its radius."""
    distance = roundish(rng, patch, radius, wobble=0.05, squash=squash)
    if dent > 0:
        angle = rng.uniform(0, 2 * math.pi)
        away = radius * 1.8
        notch = np.hypot(patch.x - np.float32(away * math.cos(angle)), patch.y - np.float32(away * math.sin(angle)))
        distance = -smooth_union(-distance, notch - np.float32(radius * (0.8 + dent)), 0.6)
    return distance


def off_center(rng: np.random.Generator, patch: Patch, distance: Plane, reach: float) -> Plane:
    """Return the distance to a nucleus that is moved in some direction, by 0.3 to 1 times ``reach``."""
    angle = rng.uniform(0, 2 * math.pi)
    away = reach * rng.uniform(0.3, 1) * patch.scale
    shift = (round(away * math.sin(angle)), round(away * math.cos(angle)))
    return np.asarray(np.roll(distance, shift, axis=(0, 1)), dtype=np.float32)


def stain_nucleus(
    rng: np.random.Generator, patch: Patch, distance: Plane, chromatin: Chromatin
) -> tuple[Plane, dict[Ink, Plane]]:
    """Return the coverage of a nucleus and its inks.

    The inks are laid thicker toward the middle of a lobe and are clumped; ``distance`` is signed, in micrometres.
    """
    covered = coverage(distance, patch.scale, chromatin.edge)
    grain = chromatin.grain * patch.scale
    clumps = np.float32(0.7) * np.tanh(noise(rng, covered.shape, grain)) + np.float32(0.55) * noise(
        rng, covered.shape, grain * 2.6
    )
    dome = 1 - np.exp(np.clip(distance, -6, 0) / np.float32(0.9))
    amount = (np.float32(0.78) + np.float32(0.26) * dome) * (1 + np.float32(chromatin.clumps) * clumps)
    amount = np.clip(amount, 0.3, 1.7)
    inks = {Ink.CHROMATIN: np.asarray(covered * amount * np.float32(chromatin.strength), dtype=np.float32)}
    if chromatin.dense > 0:
        deep = np.clip(amount * np.float32(1.5) - np.float32(0.5), 0, 1.6)
        inks[Ink.DENSE] = np.asarray(covered * deep * np.float32(chromatin.dense), dtype=np.float32)
    return covered, inks


def _ragged(rng: np.random.Generator, patch: Patch, distance: Plane, size: float) -> Plane:
    """Return the distance with an outline that is not drawn with a compass."""
    bumps = noise(rng, distance.shape, 1.5 * patch.scale)
    return np.asarray(distance + np.float32(size) * bumps, dtype=np.float32)
