"""Where nuclei differ from those that people drew: at the edge, in the cytoplasm, outside the cell, or by an offset."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product
from statistics import mean
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.mask_methods import Scored
from buffycoat.metrics.overlap import dice

__all__ = ["offset_rows", "place_rows"]

Mask = NDArray[np.bool_]

EDGE_PX = 3
OFFSETS = range(-6, 7, 2)


def place_rows(where: str, method: str, results: Sequence[Scored]) -> list[dict[str, Any]]:
    """Return, in shares of the drawn nucleus's area, what is too much and what is missed, by place, as means.

    The edge is 3 pixels on either side of the drawn outline. Cells of which nothing was found are left out.
    """
    shares = [_shares(each) for each in results]
    told = [each for each in shares if each]
    diameters = [2 * math.sqrt(np.count_nonzero(each.drawn.cell) / math.pi) for each in results]
    return [
        {
            "figure": f"{where}: diameter of the drawn cell",
            "value": round(mean(diameters), 1),
            "unit": "px",
            "note": f"mean of {len(diameters)} cells",
        },
        *(
            {
                "figure": f"{where}: {method}, nucleus, {place}",
                "value": round(mean(each[place] for each in told), 4),
                "note": f"share of the drawn nucleus, mean of {len(told)} cells",
            }
            for place in told[0]
        ),
    ]


def _shares(each: Scored) -> dict[str, float]:
    true, found = each.drawn.nucleus, each.masks[0]
    if true is None or found is None:
        return {}
    area = np.count_nonzero(true)
    more, missed = found & ~true, true & ~found
    beside, within = (_distance(mask) <= EDGE_PX for mask in (~true, true))
    counted = {
        "too much at the edge": more & beside,
        "too much in the cytoplasm": more & ~beside & each.drawn.cell,
        "too much outside the cell": more & ~beside & ~each.drawn.cell,
        "missed at the edge": missed & within,
        "missed inside": missed & ~within,
    }
    return {place: np.count_nonzero(mask) / area for place, mask in counted.items()}


def _distance(mask: Mask) -> NDArray[np.float32]:
    """Return how far each pixel of a mask is from the outside; 0 outside."""
    return np.asarray(cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 5), np.float32)


def offset_rows(where: str, method: str, results: Sequence[Scored]) -> list[dict[str, Any]]:
    """Return what the mean Dice would be if each drawn nucleus were moved by up to 6 pixels to where it fits best."""
    moved, still = [], []
    for each in results:
        true, found = each.drawn.nucleus, each.masks[0]
        if true is not None and found is not None:
            still.append(dice(true, found))
            moved.append(max(dice(_moved(true, x, y), found) for x, y in product(OFFSETS, OFFSETS)))
    return [
        {
            "figure": f"{where}: {method}, nucleus, drawn mask moved to fit, mean Dice",
            "value": round(mean(moved), 4),
            "note": f"{len(moved)} cells; as drawn {mean(still):.4f}: what an offset of the drawn masks explains",
        }
    ]


def _moved(mask: Mask, x: int, y: int) -> Mask:
    return np.roll(mask, (y, x), axis=(0, 1))
