"""What a brush does to a mask: grow, shrink, fill, keep, smooth."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["brushed", "central_regions", "filled", "hull_of", "nearest_regions", "one_region", "smoothed"]

Mask = NDArray[np.bool_]

CENTRAL = 0.35
SMALL = 0.08
SMALL_HOLE = 0.02


def smoothed(mask: Mask) -> Mask:
    """Round corners of a pixel or two."""
    return np.asarray(cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 1.5) > 0.5)


def brushed(mask: Mask, word: str, radius: float) -> Mask:
    """Open, close, grow or shrink by a disk; by distances, so that a radius may be a fraction."""
    for grow in {"open": (False, True), "close": (True, False), "grow": (True,), "shrink": (False,)}[word]:
        around = mask if not grow else ~mask
        away = cv2.distanceTransform(around.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
        mask = away <= radius if grow else away > radius
    return mask


def central_regions(mask: Mask) -> Mask:
    """Keep regions whose center is near the middle, if not small beside the largest; fill small holes."""
    count, labels, stats, centers = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    middle = (np.array(mask.shape[::-1]) - 1) / 2
    areas = np.where(np.linalg.norm(centers - middle, axis=1) <= CENTRAL * min(mask.shape), stats[:, 4], 0)
    areas[0] = 0
    chosen = [label for label in range(1, count) if areas[label] and areas[label] >= SMALL * areas.max()]
    return filled(np.isin(labels, chosen), SMALL_HOLE)


def filled(mask: Mask, share: float) -> Mask:
    """Fill holes of up to a share of the mask."""
    around = np.pad(~mask, 1, constant_values=True).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(around, connectivity=4)
    small = stats[:, 4] <= share * np.count_nonzero(mask)
    small[[0, labels[0, 0]]] = False
    return np.asarray(mask | small[labels][1:-1, 1:-1])


def one_region(mask: Mask) -> Mask:
    """Keep the region in the middle that is the largest, without holes."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    tall, wide = mask.shape
    inner = labels[tall // 4 : tall - tall // 4, wide // 4 : wide - wide // 4]
    counts = np.bincount(inner.ravel(), minlength=len(stats))
    counts[0] = 0
    return filled(labels == counts.argmax(), 1.0) if counts.any() else mask


def nearest_regions(mask: Mask, points: NDArray[np.float64]) -> Mask:
    """Keep the regions nearest to each of some points."""
    labels = np.asarray(cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)[1])
    ys, xs = np.nonzero(mask)
    if not len(ys):
        return mask
    places = [np.hypot(xs - x, ys - y).argmin() for x, y in points]
    return np.isin(labels, [labels[ys[place], xs[place]] for place in places])


def hull_of(mask: Mask) -> Mask:
    """Return the convex hull."""
    drawn = np.zeros(mask.shape, np.uint8)
    points = np.argwhere(mask)[:, ::-1].astype(np.int32)
    if len(points):
        cv2.fillConvexPoly(drawn, cv2.convexHull(points), 1)
    return drawn.astype(np.bool_)
