"""The whole cell of a crop, or of a nucleus in it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from buffycoat.imaging.arrays import RgbImage
from buffycoat.segment.best import best_masks
from buffycoat.segment.nucleus import check_nucleus
from buffycoat.segment.outline import cell_around

__all__ = ["segment_cell"]


def segment_cell(crop: RgbImage, *, nucleus: NDArray[np.bool_] | None = None) -> NDArray[np.bool_]:
    """Return the mask of the whole cell, nucleus and cytoplasm, in a crop.

    It is the cell of :func:`~buffycoat.segment.best.best_masks` or, around a given nucleus, the closed line of
    :func:`~buffycoat.segment.outline.cell_around`.

    Parameters
    ----------
    crop : ndarray
        uint8 RGB of shape (height, width, 3), with the cell in its middle and about half as wide as the crop. Rows and
        columns of plain white at its border are padding, and never part of the cell.
    nucleus : ndarray, optional
        bool of shape (height, width).

    Returns
    -------
    ndarray
        bool of shape (height, width). It holds every pixel of the nucleus: of the given one, or of what
        :func:`~buffycoat.segment.nucleus.segment_nucleus` returns.

    Raises
    ------
    WrongArray
        If ``crop`` is no RGB image.
    InvalidMask
        If ``nucleus`` is no mask of the crop.
    NothingFound
        If there is no nucleus, see :func:`~buffycoat.segment.nucleus.segment_nucleus`.

    Examples
    --------
    >>> import cv2
    >>> crop = np.full((120, 120, 3), 230, np.uint8)
    >>> _ = cv2.circle(crop, (60, 60), 30, (190, 150, 200), -1)
    >>> _ = cv2.circle(crop, (60, 60), 18, (120, 40, 160), -1)
    >>> bool(abs(segment_cell(crop).sum() / (np.pi * 30**2) - 1) < 0.05)
    True
    """
    if nucleus is not None:
        return cell_around(crop, nucleus=nucleus)
    nucleus, cell = best_masks(crop)
    check_nucleus(crop, nucleus)
    return cell
