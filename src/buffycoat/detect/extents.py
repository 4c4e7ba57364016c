"""From nuclei to cells: the cytoplasm belongs to the box."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import find_objects

__all__ = ["grow_to_cells"]

# Lengths in diameters of a red cell.
REACH = 0.7
FAR = 0.9
OPENING = 0.05

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
    background = (nuclei == 0).astype(np.uint8)
    distance, nearest = cv2.distanceTransformWithLabels(background, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    # OpenCV numbers the pixels of the nuclei from 1, in an order of its own.
    owner = np.zeros(int(nearest.max()) + 1, np.int32)
    owner[nearest[nuclei > 0]] = nuclei[nuclei > 0]
    lax = _lax_score(scores[(distance > FAR * red_cell_px) & np.isfinite(scores)], red_cell_px)
    near = ((scores > lax) & (distance <= REACH * red_cell_px)).astype(np.uint8)
    size = 2 * round(OPENING * red_cell_px) + 1
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    cells = np.where((cv2.morphologyEx(near, cv2.MORPH_OPEN, disk) > 0) | (nuclei > 0), owner[nearest], 0)
    return _attached(np.asarray(cells, np.int32), nuclei)


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
