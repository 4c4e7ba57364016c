"""From pixels that look like nucleus to nuclei: lobes are joined, touching nuclei parted, specks dropped."""

from __future__ import annotations

from itertools import combinations

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

__all__ = ["find_nuclei"]

# Lengths in diameters of a red cell, areas in those of a red cell. A nucleus has at least a quarter of its area,
# platelets have less; the lobes of one nucleus lie within the width of the largest white cells.
MIN_LOBE = 0.03
MIN_NUCLEUS = 0.35
LOBE_GAP = 0.5
NUCLEUS_SPAN = 2.7
SPLIT_SPAN = 2.6
SPLIT_PART = 0.08

_WAISTS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)


def find_nuclei(mask: NDArray[np.bool_], *, red_cell_px: float) -> NDArray[np.int32]:
    """Return nuclei: 1, 2, … in the pixels of each, 0 elsewhere.

    Parameters
    ----------
    mask : ndarray of bool
        Shape (height, width): pixels that look like nucleus.
    red_cell_px : float
        Diameter of a red cell in pixels.

    Returns
    -------
    ndarray
        int32, shape (height, width). One nucleus may be of several pieces.

    Examples
    --------
    >>> mask = np.zeros((40, 40), bool)
    >>> mask[5:15, 5:15] = mask[5:15, 20:30] = mask[35:37, 35:37] = True
    >>> find_nuclei(mask, red_cell_px=20)[10, [0, 10, 25]].tolist()
    [0, 1, 1]
    """
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3))
    opened = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, disk)
    parted = _parted(np.asarray(opened, np.uint8), red_cell_px)
    _, labels, stats, centers = cv2.connectedComponentsWithStats(parted, connectivity=8)
    names = np.asarray(labels, np.int32)
    red_cell = np.pi * red_cell_px**2 / 4
    areas = stats[:, cv2.CC_STAT_AREA]
    lobes = [lobe for lobe in range(1, len(areas)) if areas[lobe] > MIN_LOBE * red_cell]
    outlines = {lobe: _outline(names, np.asarray(stats[lobe], np.int32), lobe) for lobe in lobes}
    numbers = np.zeros(len(areas), np.int32)
    nuclei = [
        group
        for group in _joined(outlines, np.asarray(centers, np.float64), red_cell_px)
        if areas[group].sum() >= MIN_NUCLEUS * red_cell
    ]
    for number, group in enumerate(nuclei, start=1):
        numbers[group] = number
    return np.asarray(numbers[names], np.int32)


def _outline(names: NDArray[np.int32], stats: NDArray[np.int32], lobe: int) -> NDArray[np.float64]:
    """Return the outer pixels of one piece, shape (n, 2), as (x, y)."""
    left, top, width, height, _ = stats.tolist()
    piece = (names[top : top + height, left : left + width] == lobe).astype(np.uint8)
    contours, _ = cv2.findContours(piece, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    points = np.concatenate([contour[:, 0] for contour in contours])
    return np.asarray(points + np.array([left, top]), np.float64)


def _joined(
    outlines: dict[int, NDArray[np.float64]], centers: NDArray[np.float64], red_cell_px: float
) -> list[list[int]]:
    """Return pieces in groups: the nearest are joined first, as long as the whole is no wider than a nucleus may be."""
    near = []
    for one, other in combinations(outlines, 2):
        if np.hypot(*(centers[one] - centers[other])) <= NUCLEUS_SPAN * red_cell_px:
            gap = float(cdist(outlines[one], outlines[other]).min())
            if gap <= LOBE_GAP * red_cell_px:
                near.append((gap, one, other))
    group = {lobe: [lobe] for lobe in outlines}
    for _, one, other in sorted(near):
        if group[one] is group[other]:
            continue
        whole = group[one] + group[other]
        points = np.concatenate([outlines[lobe] for lobe in whole])
        hull = cv2.convexHull(points.astype(np.float32))[:, 0]
        if cdist(hull, hull).max() <= NUCLEUS_SPAN * red_cell_px:
            group.update(dict.fromkeys(whole, whole))
    return list({id(lobes): lobes for lobes in group.values()}.values())


def _parted(mask: NDArray[np.uint8], red_cell_px: float) -> NDArray[np.uint8]:
    """Return the mask with pieces that are too wide for one nucleus cut at their waists."""
    count, names, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    parted = mask.copy()
    for piece in range(1, count):
        left, top, width, height, _ = stats[piece].tolist()
        if max(width, height) < SPLIT_SPAN * red_cell_px:
            continue
        window = (slice(top, top + height), slice(left, left + width))
        alone = np.pad((names[window] == piece).astype(np.uint8), 1)
        cut = _cut(alone, SPLIT_PART * red_cell_px**2)[1:-1, 1:-1]
        parted[window][cut > 0] = 0
    return parted


def _cut(piece: NDArray[np.uint8], smallest: float) -> NDArray[np.uint8]:
    """Return the pixels to take out of one piece so that it falls apart at its waist; none where it has no waist."""
    depth = cv2.distanceTransform(piece, cv2.DIST_L2, 5)
    for waist in _WAISTS:
        _, cores, stats, _ = cv2.connectedComponentsWithStats((depth > waist * depth.max()).astype(np.uint8))
        large = [core for core in range(1, len(stats)) if stats[core, cv2.CC_STAT_AREA] > smallest]
        if len(large) < 2:
            continue
        seeds = np.where(np.isin(cores, large), cores, 0)
        _, nearest = cv2.distanceTransformWithLabels(
            (seeds == 0).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_CCOMP
        )
        borders = cv2.dilate(nearest.astype(np.float32), np.ones((3, 3), np.uint8)) != nearest
        return np.asarray(borders & (piece > 0), np.uint8)
    return np.zeros_like(piece)
