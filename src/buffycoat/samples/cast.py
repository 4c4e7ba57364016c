"""Who draws which term of the taxonomy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from buffycoat.samples.granulocyte import band, basophil, eosinophil, metamyelocyte, segmented
from buffycoat.samples.marrow import erythroblast, megakaryocyte
from buffycoat.samples.mononuclear import large_lymphocyte, monocyte, small_lymphocyte
from buffycoat.samples.remnant import artifact, smudge
from buffycoat.samples.sprite import Sprite

__all__ = ["CAST", "reach_of"]

CAST: Mapping[str, Callable[[np.random.Generator, float], Sprite]] = MappingProxyType(
    {
        "neutrophil.segmented": segmented,
        "neutrophil.band": band,
        "neutrophil.metamyelocyte": metamyelocyte,
        "lymphocyte.small": small_lymphocyte,
        "lymphocyte.large": large_lymphocyte,
        "monocyte": monocyte,
        "eosinophil": eosinophil,
        "basophil": basophil,
        "smudge": smudge,
        "erythroblast": erythroblast,
        "megakaryocyte": megakaryocyte,
        "artifact": artifact,
    }
)
"""Each takes a generator and the scale in pixels a micrometre."""

_REACH: Mapping[str, float] = MappingProxyType(
    {
        "lymphocyte.small": 6.1,
        "lymphocyte.large": 10.4,
        "monocyte": 12.0,
        "megakaryocyte": 19.0,
        "erythroblast": 6.2,
        "artifact": 8.5,
        "smudge": 12.5,
    }
)


def reach_of(term: str) -> float:
    """Return how far an element of a term reaches from its center, in micrometres: nearly always less."""
    return _REACH.get(term, 8.8)
