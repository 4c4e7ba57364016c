"""Outlines that hold two cells which touch."""

from __future__ import annotations

import cv2
import numpy as np

from buffycoat.imaging.regions import BinaryMask

__all__ = ["has_waist"]

WAIST = 0.7
ROUND = 0.94
COMPARABLE = 0.4
WORKING_SIDE = 160


def has_waist(cell: BinaryMask) -> bool:
    """Say whether an outline holds two bodies: it is not convex, and narrows between two wide places.

    The radius of the largest circle that fits grows from the waist to either side; a waist is narrower than 0.7 of
    the smaller body.

    Parameters
    ----------
    cell : ndarray
        bool of shape (height, width), not empty.

    Examples
    --------
    >>> ys, xs = np.mgrid[:80, :120]
    >>> one, other = (np.hypot(xs - x, ys - 40) < 28 for x in (33, 85))
    >>> has_waist(one), has_waist(one | other)
    (False, True)
    """
    left, top, width, height = cv2.boundingRect(cell.astype(np.uint8))
    scale = min(1.0, WORKING_SIDE / max(width, height))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    part = cell[top : top + height, left : left + width].astype(np.uint8)
    small = np.pad(cv2.resize(part, size, interpolation=cv2.INTER_NEAREST), 1)
    outlines, _ = cv2.findContours(small, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outline = max(outlines, key=cv2.contourArea)
    hull = cv2.contourArea(cv2.convexHull(outline))
    if not hull or cv2.contourArea(outline) >= ROUND * hull:
        return False
    radii = np.asarray(cv2.distanceTransform(small, cv2.DIST_L2, 5))
    for level in np.linspace(0, float(radii.max()), 25)[1:-1]:
        _, labels = cv2.connectedComponents((radii > level).astype(np.uint8))
        widths = sorted((float(radii[labels == label].max()) for label in range(1, labels.max() + 1)), reverse=True)
        if len(widths) > 1 and level < WAIST * widths[1] and widths[1] >= COMPARABLE * widths[0]:
            return True
    return False
