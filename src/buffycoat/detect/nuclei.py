"""From pixels that look like nucleus to nuclei: lobes are joined, touching nuclei parted, specks dropped."""

from __future__ import annotations

from itertools import combinations

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from buffycoat.detect.pieces import Pieces, in_place, pieces_of

__all__ = ["find_nuclei", "sure_nuclei"]

# Lengths in diameters of a red cell, areas in those of a red cell. A nucleus has at least a third of its area,
# platelets have less; the lobes of one nucleus lie within the width of the largest white cells. Scattered platelets
# and specks of stain have no large piece among them, and fill little of the hull around them.
MIN_LOBE = 0.03
MIN_NUCLEUS = 0.35
MIN_LARGEST = 0.2
MIN_FILL = 0.4
LOBE_GAP = 0.5
NUCLEUS_SPAN = 2.7
SPLIT_SPAN = 3.0
SPLIT_PART = 0.08

LEAST_SURE = 0.15
"""The log odds of a nucleus, as a share of those of the surest one of its field."""

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
    pieces, contours = _parted(np.asarray(opened, np.uint8), red_cell_px)
    red_cell = np.pi * red_cell_px**2 / 4
    areas = pieces.areas
    outlines = {
        lobe: contours[lobe].astype(np.float64) for lobe in np.flatnonzero(areas > MIN_LOBE * red_cell).tolist()
    }
    rows, columns = np.divmod(pieces.places, mask.shape[1])
    sums = (np.bincount(pieces.held, along, len(areas)) for along in (columns, rows))
    centers = np.stack([each / np.maximum(areas, 1) for each in sums], axis=1)
    numbers = np.zeros(len(areas), np.int32)
    nuclei = [
        group
        for group in _joined(outlines, centers, red_cell_px)
        if areas[group].sum() >= MIN_NUCLEUS * red_cell
        and areas[group].max() >= MIN_LARGEST * red_cell
        and areas[group].sum() >= MIN_FILL * _hull_area([outlines[lobe] for lobe in group])
    ]
    for number, group in enumerate(nuclei, start=1):
        numbers[group] = number
    return in_place(numbers[pieces.held], pieces.places, mask.shape)


def sure_nuclei(nuclei: NDArray[np.int32], scores: NDArray[np.float32]) -> NDArray[np.int32]:
    """Return the nuclei that are told about as surely as the surest of the field, numbered anew.

    Nuclei of one field lay in one stain. What scores half as high as the best of them is a thick red cell, or a clump
    of platelets.

    Parameters
    ----------
    nuclei : ndarray
        int32, shape (height, width), from ``find_nuclei``.
    scores : ndarray
        float32, same shape: log odds of nucleus.

    Returns
    -------
    ndarray
        int32, same shape.

    Examples
    --------
    >>> sure_nuclei(np.array([[1, 0, 2, 3]], np.int32), np.array([[9, -5, 1, 8]], np.float32)).tolist()
    [[1, 0, 0, 2]]
    """
    places = np.flatnonzero(nuclei != 0)
    if not places.size:
        return nuclei
    held = nuclei.ravel()[places]
    means = np.bincount(held, weights=scores.ravel()[places])[1:] / np.bincount(held)[1:]
    sure = np.r_[False, means >= LEAST_SURE * means.max()]
    numbers = np.where(sure, np.cumsum(sure), 0).astype(np.int32)
    return in_place(numbers[held], places, nuclei.shape)


def _outlines(mask: NDArray[np.uint8], names: NDArray[np.int32]) -> dict[int, NDArray[np.int32]]:
    """Return the outer pixels of each piece, shape (n, 2), as (x, y)."""
    contours, kin = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    outlines = {}
    for contour, (_, _, _, parent) in zip(contours, [] if kin is None else kin[0].tolist(), strict=True):
        if parent < 0:  # others run around holes
            x, y = contour[0, 0]
            outlines[int(names[y, x])] = np.asarray(contour[:, 0], np.int32)
    return outlines


def _hull_area(outlines: list[NDArray[np.float64]]) -> float:
    hull = cv2.convexHull(np.concatenate(outlines).astype(np.float32))
    return float(cv2.contourArea(hull))


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


def _parted(mask: NDArray[np.uint8], red_cell_px: float) -> tuple[Pieces, dict[int, NDArray[np.int32]]]:
    """Return the pieces of a mask and their outlines; those too wide for one nucleus are cut at their waists."""
    pieces = pieces_of(mask)
    outlines = _outlines(mask, pieces.names)
    parted = mask.copy()
    for piece, outline in outlines.items():
        if len(outline) < SPLIT_SPAN * red_cell_px:  # an outline has more pixels than the piece is wide
            continue
        left, top, width, height = cv2.boundingRect(outline)
        if max(width, height) < SPLIT_SPAN * red_cell_px:
            continue
        window = (slice(top, top + height), slice(left, left + width))
        alone = np.pad((pieces.names[window] == piece).astype(np.uint8), 1)
        cut = _cut(alone, SPLIT_PART * red_cell_px**2)[1:-1, 1:-1]
        parted[window][cut > 0] = 0
    if cv2.countNonZero(parted) < len(pieces.places):
        pieces = pieces_of(parted)
        outlines = _outlines(parted, pieces.names)
    return pieces, outlines


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
