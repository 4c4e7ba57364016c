"""From nuclei to cells: the cytoplasm belongs to the box."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import find_objects

__all__ = ["grow_to_cells", "windows_of"]

# Lengths in diameters of a red cell.
REACH = 0.7
FAR = 0.9
OPENING = 0.05

_SAMPLES = 20_000
LAX_QUANTILE = 0.93
LAX_DEFAULT = -6.0
LAX_LIMITS = (-11.0, -3.0)


def grow_to_cells(scores: NDArray[np.float32], nuclei: NDArray[np.int32], *, red_cell_px: float) -> NDArray[np.int32]:
    """Return whole cells: each nucleus with the pixels around it that resemble it more than red cells do.

    Cytoplasm scores between nucleus and red cells. How much is enough is measured in the field itself: more than
    19 of 20 pixels far from any nucleus. Cytoplasm reaches at most half a red cell beyond the nucleus, and each pixel
    goes to the nearest nucleus.

    Parameters
    ----------
    scores : ndarray
        float32, shape (height, width): log odds of nucleus.
    nuclei : ndarray
        int32, same shape: 1, 2, … in the pixels of each nucleus.
    red_cell_px : float
        Diameter of a red cell in pixels.

    Returns
    -------
    ndarray
        int32, same shape: 1, 2, … in the pixels of each cell.
    """
    window = _around(nuclei, math.ceil(max(REACH, FAR) * red_cell_px) + 2)
    whole, (scores, nuclei) = (scores, nuclei), (scores[window], nuclei[window])
    background = (nuclei == 0).astype(np.uint8)
    distance, nearest = cv2.distanceTransformWithLabels(background, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    # OpenCV numbers the pixels of the nuclei from 1, in an order of its own.
    owner = np.zeros(int(nearest.max()) + 1, np.int32)
    owner[nearest[nuclei > 0]] = nuclei[nuclei > 0]
    far = np.ones(whole[0].shape, np.bool_)
    far[window] = distance > FAR * red_cell_px
    step = max(1, math.isqrt(far.size // _SAMPLES))
    elsewhere = whole[0][::step, ::step][far[::step, ::step]]
    lax = _lax_score(elsewhere[np.isfinite(elsewhere)], red_cell_px / step)
    near = ((scores > lax) & (distance <= REACH * red_cell_px)).astype(np.uint8)
    size = 2 * round(OPENING * red_cell_px) + 1
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    cells = np.where((cv2.morphologyEx(near, cv2.MORPH_OPEN, disk) > 0) | (nuclei > 0), owner[nearest], 0)
    grown = np.zeros(far.shape, np.int32)
    grown[window] = _attached(np.asarray(cells, np.int32), nuclei)
    return grown


def windows_of(cells: NDArray[np.int32]) -> list[tuple[slice, slice]]:
    """Return the rows and columns of cell 1, 2, …, as ``scipy.ndimage.find_objects``, sooner where they are few.

    Examples
    --------
    >>> windows_of(np.array([[0, 0, 0], [0, 2, 1]], np.int32))
    [(slice(1, 2, None), slice(2, 3, None)), (slice(1, 2, None), slice(1, 2, None))]
    """
    rows, columns = _around(cells, 0)
    if rows.start == rows.stop:
        return []
    return [
        (slice(rows.start + down.start, rows.start + down.stop), slice(columns.start + x.start, columns.start + x.stop))
        for down, x in find_objects(cells[rows, columns])
    ]


def _around(nuclei: NDArray[np.int32], margin: int) -> tuple[slice, slice]:
    """Return the rows and columns that hold all nuclei and a margin, so that nothing is computed elsewhere."""
    left, top, width, height = cv2.boundingRect((nuclei > 0).view(np.uint8))
    return (
        slice(max(0, top - margin), top + height + margin),
        slice(max(0, left - margin), left + width + margin),
    )


def _lax_score(elsewhere: NDArray[np.float32], red_cell_px: float) -> float:
    """Return the score from which a pixel beside a nucleus is cytoplasm."""
    if elsewhere.size < red_cell_px**2:
        return LAX_DEFAULT
    return float(np.clip(np.quantile(elsewhere, LAX_QUANTILE), *LAX_LIMITS))


def _attached(cells: NDArray[np.int32], nuclei: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return cells without the pieces that do not hang together with their nucleus."""
    kept = np.zeros_like(cells)
    for number, window in enumerate(find_objects(cells), start=1):
        _, pieces = cv2.connectedComponents((cells[window] == number).astype(np.uint8), connectivity=4)
        held = np.unique(pieces[nuclei[window] == number])
        kept[window][np.isin(pieces, held)] = number
    return kept
