"""How well two masks of the same crop overlap."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from buffycoat.errors import InvalidMask

__all__ = ["dice", "mask_iou"]


def dice(truth: NDArray[np.bool_], prediction: NDArray[np.bool_]) -> float:
    """Return ``2 |A and B| / (|A| + |B|)``, 0 to 1; two empty masks agree fully.

    Parameters
    ----------
    truth, prediction : ndarray
        bool of one and the same shape (height, width).

    Returns
    -------
    float
        1 where the masks are equal, 0 where they share no pixel.

    Raises
    ------
    InvalidMask
        If they are not two such arrays.

    Examples
    --------
    >>> dice(np.array([[True, True, False]]), np.array([[True, False, True]]))
    0.5
    """
    shared, total = _counts(truth, prediction)
    return 2 * shared / total if total else 1.0


def mask_iou(truth: NDArray[np.bool_], prediction: NDArray[np.bool_]) -> float:
    """Return ``|A and B| / |A or B|``, 0 to 1; two empty masks agree fully.

    Parameters
    ----------
    truth, prediction : ndarray
        bool of one and the same shape (height, width).

    Returns
    -------
    float
        1 where the masks are equal, 0 where they share no pixel.

    Raises
    ------
    InvalidMask
        If they are not two such arrays.

    Examples
    --------
    >>> mask_iou(np.array([[True, True, True, False]]), np.array([[True, False, False, True]]))
    0.25
    """
    shared, total = _counts(truth, prediction)
    return shared / (total - shared) if total else 1.0


def _counts(truth: NDArray[np.bool_], prediction: NDArray[np.bool_]) -> tuple[int, int]:
    """Return how many pixels two masks share, and how many they have together, shared ones twice."""
    for mask in (truth, prediction):
        if mask.dtype != np.bool_ or mask.ndim != 2 or mask.shape != truth.shape:
            raise InvalidMask(
                "the masks do not fit", expected=f"bool {truth.shape} twice", found=f"{mask.dtype} {mask.shape}"
            )
    return int(np.count_nonzero(truth & prediction)), int(np.count_nonzero(truth) + np.count_nonzero(prediction))
