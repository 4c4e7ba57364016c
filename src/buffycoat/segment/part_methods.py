"""How nucleus and cell of a crop are found, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import numpy as np

from buffycoat.domain.value import digest_of
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.regions import BinaryMask
from buffycoat.segment.best import best_masks
from buffycoat.segment.cleaning import clean_nucleus
from buffycoat.segment.easy_gt import easy_gt
from buffycoat.segment.frame import frame_of
from buffycoat.segment.tavakoli import tavakoli
from buffycoat.segment.vote import vote

__all__ = ["PART_METHODS", "Method", "Point", "network_of"]

Point = tuple[float, float]
"""x and y in pixels."""
NETWORK = "segmenter.onnx"
Method = Callable[[RgbImage, Point | None], tuple[BinaryMask, BinaryMask | None]]


def _thresholded(nuclei: Callable[[RgbImage], BinaryMask]) -> Method:
    """Return the method that finds nuclei by a threshold; the cell is drawn around the one that is meant."""

    def method(crop: RgbImage, at: Point | None) -> tuple[BinaryMask, BinaryMask | None]:
        inside = frame_of(crop).slices  # padding would shift the balance of colors
        found = np.zeros(crop.shape[:2], dtype=np.bool_)
        found[inside] = nuclei(np.ascontiguousarray(crop[inside]))
        central = clean_nucleus(found) if at is None else found
        return central if central.any() else found, None

    return method


def _best(crop: RgbImage, at: Point | None) -> tuple[BinaryMask, BinaryMask | None]:
    return best_masks(crop, at=at)


PART_METHODS: Mapping[str, Method] = MappingProxyType(
    {
        "best": _best,
        # the weight that did best on the first half of the BCCD masks
        "easy-gt-clean": _thresholded(lambda crop: easy_gt(crop, weight=0.25).mask),
        "easy-gt": _thresholded(lambda crop: easy_gt(crop).mask),
        "tavakoli": _thresholded(tavakoli),
        "vote": _thresholded(vote),
    }
)
"""How a crop is segmented, by name: (crop, point or none) to nuclei and cell, bool of the crop's height and width.

Where the cell is none, it is drawn around the nucleus that is meant, see :func:`~buffycoat.segment.cell.segment_cell`.
"""


@cache
def network_of(method: str) -> str | None:
    """Return the SHA-256 of the network that a method runs, ``None`` where it runs none: part of what makes its masks.

    Examples
    --------
    >>> network_of("easy-gt") is None
    True
    """
    if PART_METHODS[method] is not _best:
        return None
    return digest_of(files("buffycoat.segment").joinpath("weights", NETWORK).read_bytes())
