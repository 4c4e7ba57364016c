"""From photographs of blood smears to a white blood cell data set you can trust.

The public face: a notebook needs nothing else, and no database. Names and meanings hold from version 0.1 on; see
``docs/stability.md``.

Examples
--------
>>> import buffycoat as bc
>>> round(bc.cohen_kappa(["band", "segmented", "band"], ["band", "segmented", "segmented"]), 2)
0.4
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from buffycoat.version import VERSION as __version__  # noqa: N811 (the name that tools ask for)

if TYPE_CHECKING:
    from buffycoat import errors, samples
    from buffycoat.clean import group_duplicates
    from buffycoat.detect import find_cells
    from buffycoat.domain.cell import Detection
    from buffycoat.domain.geometry import Box
    from buffycoat.errors import BuffycoatError, NothingFound
    from buffycoat.imaging.codecs import read_rgb
    from buffycoat.imaging.crops import crop
    from buffycoat.imaging.hashes import average_hash, perceptual_hash
    from buffycoat.imaging.sharpness import sharpness
    from buffycoat.metrics.agreement import cohen_kappa
    from buffycoat.segment import CellParts, extract_features, segment_cell, segment_nucleus, segment_parts
    from buffycoat.workflows.classifying import classes, classify
    from buffycoat.workflows.releasing.opened import open_release
    from buffycoat.workflows.releasing.site import build_site

__all__ = [
    "Box",
    "BuffycoatError",
    "CellParts",
    "Detection",
    "NothingFound",
    "__version__",
    "average_hash",
    "build_site",
    "classes",
    "classify",
    "cohen_kappa",
    "crop",
    "errors",
    "extract_features",
    "find_cells",
    "group_duplicates",
    "open_release",
    "perceptual_hash",
    "read_rgb",
    "samples",
    "segment_cell",
    "segment_nucleus",
    "segment_parts",
    "sharpness",
]

# Loaded at first use, so that the import costs nothing and pulls no framework.
_WHERE = {
    "Box": "domain.geometry",
    "BuffycoatError": "errors",
    "CellParts": "segment",
    "Detection": "domain.cell",
    "NothingFound": "errors",
    "average_hash": "imaging.hashes",
    "build_site": "workflows.releasing.site",
    "classes": "workflows.classifying",
    "classify": "workflows.classifying",
    "cohen_kappa": "metrics.agreement",
    "crop": "imaging.crops",
    "extract_features": "segment",
    "find_cells": "detect",
    "group_duplicates": "clean",
    "open_release": "workflows.releasing.opened",
    "perceptual_hash": "imaging.hashes",
    "read_rgb": "imaging.codecs",
    "segment_cell": "segment",
    "segment_nucleus": "segment",
    "segment_parts": "segment",
    "sharpness": "imaging.sharpness",
}
_MODULES = ("errors", "samples")


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for."""
    if name in _MODULES:
        return import_module(f"buffycoat.{name}")
    if name in _WHERE:
        return getattr(import_module(f"buffycoat.{_WHERE[name]}"), name)
    message = f"module 'buffycoat' has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    """Return the public names."""
    return __all__
