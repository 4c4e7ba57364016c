"""What colors a Giemsa-stained smear, and how each set-up sees it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

__all__ = ["Ink", "Palette", "vary"]


class Ink(StrEnum):
    """A substance that takes light away."""

    HEMOGLOBIN = "hemoglobin"
    CHROMATIN = "chromatin"
    DENSE = "dense"
    PINK = "pink"
    BLUE = "blue"
    ORANGE = "orange"
    VIOLET = "violet"


Palette = Mapping[Ink, tuple[float, float, float]]
"""Absorbance of each ink at full strength, natural logarithm, in the red, green and blue of one camera."""


def vary(palette: Palette, rng: np.random.Generator, spread: float) -> dict[Ink, NDArray[np.float32]]:
    """Return the palette of one smear: no two stainings are alike.

    ``spread`` is the standard deviation of each factor: one for an ink, smaller ones for its three channels.
    """
    varied = {}
    for ink, absorbance in palette.items():
        strength = np.exp(rng.normal(0, spread))
        tint = np.exp(rng.normal(0, spread / 2, size=3))
        varied[ink] = np.asarray(np.array(absorbance) * strength * tint, dtype=np.float32)
    return varied
