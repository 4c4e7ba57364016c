"""Easy-GT, Tavakoli's nucleus and Otsu's thresholds once more: floats and scikit-image, from the description alone.

Nothing here is shared with the package: it is what the package is compared with.
"""

from __future__ import annotations

from importlib import import_module
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["best_pair", "float_easy_gt", "float_tavakoli"]

Mask = NDArray[np.bool_]
Pixels = NDArray[np.uint8]

FILTERS, MEASURE, MORPHOLOGY = (import_module(f"skimage.{name}") for name in ("filters", "measure", "morphology"))


def float_channel(crop: Pixels) -> Pixels:
    """Return the magenta of the balanced crop, computed with floats."""
    image = crop.astype(np.float64)
    luma = (image @ np.array([0.299, 0.587, 0.114])).mean()
    means = image.mean(axis=(0, 1))
    balanced = np.floor(np.minimum(image * (luma / np.where(means > 0, means, 1)) + 1e-9, 255)) / 255
    black = 1 - balanced.max(axis=2)
    amount = (1 - balanced[..., 1] - black) / np.where(black < 1, 1 - black, 1)
    return (255 * np.where(black < 1, amount, 0) + 1e-9).astype(np.uint8)


def float_easy_gt(crop: Pixels, *, weight: float, clean: bool) -> Mask:
    """Return the nucleus as the paper describes it, with the thresholds of scikit-image."""
    channel = float_channel(crop)
    low, up = FILTERS.threshold_multiotsu(channel, classes=3)
    del low
    mask = channel > weight * FILTERS.threshold_otsu(channel) + (1 - weight) * up
    return float_clean(mask) if clean else mask


def float_clean(mask: Mask) -> Mask:
    """Keep central regions and those of a tenth of the largest; fill holes of a hundredth of the nucleus."""
    labels = MEASURE.label(mask, connectivity=2)
    middle = (np.array(mask.shape) - 1) / 2
    regions = [
        region
        for region in MEASURE.regionprops(labels)
        if np.linalg.norm(np.array(region.centroid) - middle) <= 0.35 * min(mask.shape)
    ]
    largest = max((region.area for region in regions), default=0)
    kept = np.isin(labels, [region.label for region in regions if region.area >= largest / 10])
    filled = MORPHOLOGY.remove_small_holes(kept, max_size=int(kept.sum() // 100), connectivity=1)
    return np.asarray(filled, np.bool_)


def float_tavakoli(crop: Pixels) -> Mask:
    """Return Tavakoli's nucleus, computed with floats and scikit-image; small regions by area, not by outline."""
    image = crop.astype(np.float64)
    luma = (image @ np.array([0.299, 0.587, 0.114])).mean()
    means = image.mean(axis=(0, 1))
    balanced = np.floor(np.minimum(image * (luma / np.where(means > 0, means, 1)) + 1e-9, 255))
    high, low = balanced.max(axis=2), balanced.min(axis=2)
    room = np.where(high + low < 255, high + low, 510 - high - low)
    channel = float_channel(crop).astype(np.float64)
    stained = np.minimum(channel, np.rint(255 * (high - low) / np.maximum(room, 1)))
    stain = np.maximum(stained - np.maximum(255 - high - channel, 0), 0)
    blurred = FILTERS.gaussian(stain, sigma=1.1, truncate=2 / 1.1, mode="mirror", preserve_range=True)
    mask = blurred >= FILTERS.threshold_otsu(np.rint(blurred).astype(np.uint8))
    labels = MEASURE.label(mask, connectivity=2)
    areas = np.bincount(labels.ravel())
    areas[0] = 0
    return np.asarray((areas >= areas.max() / 10)[labels], np.bool_)


def best_pair(counts: NDArray[np.int64]) -> tuple[int, int]:
    """Return the exact optimum of three classes by trying all pairs with whole numbers and fractions of them."""
    levels = np.flatnonzero(counts)
    size = [0, *np.cumsum(counts[levels]).tolist()]
    total = [0, *np.cumsum(counts[levels] * levels).tolist()]
    count = len(levels)
    # score = p / q with Python's whole numbers; floats only choose which pairs are worth that
    best, place = (-1, 1), (0, 0)
    sizes, totals = np.array(size, float), np.array(total, float)

    def part(start: int | NDArray[Any], stop: int | NDArray[Any]) -> NDArray[np.float64]:
        return np.asarray((totals[stop] - totals[start]) ** 2 / (sizes[stop] - sizes[start]))

    lows, ups = np.triu_indices(count - 1, 1)
    rough = part(0, lows + 1) + part(lows + 1, ups + 1) + part(ups + 1, count)
    for index in np.flatnonzero(rough >= rough.max() * (1 - 1e-9)):
        cuts = (0, int(lows[index]) + 1, int(ups[index]) + 1, count)
        above, below = 0, 1
        for start, stop in pairwise(cuts):
            square, pixels = (total[stop] - total[start]) ** 2, size[stop] - size[start]
            above, below = above * pixels + square * below, below * pixels
        if above * best[1] > best[0] * below:
            best, place = (above, below), (int(lows[index]), int(ups[index]))
    return int(levels[place[0]]), int(levels[place[1]])
