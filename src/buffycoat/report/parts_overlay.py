"""The outlines of nucleus and cell over their picture."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.errors import InvalidMask
from buffycoat.imaging.arrays import RgbImage, check_rgb
from buffycoat.imaging.regions import check_mask
from buffycoat.report.drawing import BLUE, PAPER, Color

__all__ = ["parts_overlay"]

FILL = 0.3
_AMBER: Color = (240, 150, 40)


def parts_overlay(picture: RgbImage, nucleus: NDArray[np.bool_] | None, cell: NDArray[np.bool_]) -> RgbImage:
    """Return a picture with its nucleus in blue and its cytoplasm in orange, to be told apart by the color-blind too.

    Parameters
    ----------
    picture : ndarray
        uint8 RGB of shape (height, width, 3).
    nucleus, cell : ndarray
        bool of shape (height, width); without a nucleus, the whole cell is orange.

    Returns
    -------
    ndarray
        A copy: areas are tinted by 30 %, outlines are solid with a white line around the cell.

    Raises
    ------
    WrongArray, InvalidMask
        If they are no picture and no masks of it.

    Examples
    --------
    >>> cell = np.zeros((20, 20), bool)
    >>> cell[5:15, 5:15] = True
    >>> shown = parts_overlay(np.zeros((20, 20, 3), np.uint8), None, cell)
    >>> shown[[0, 4, 5, 10], 10].tolist()
    [[0, 0, 0], [255, 255, 255], [240, 150, 40], [72, 45, 12]]
    """
    check_rgb(picture)
    for mask in (cell,) if nucleus is None else (nucleus, cell):
        check_mask(mask)
        if mask.shape != picture.shape[:2]:
            raise InvalidMask("a mask is not of this picture", expected=str(picture.shape[:2]), found=str(mask.shape))
    shown = picture.astype(np.float32)
    inner = np.zeros_like(cell) if nucleus is None else nucleus
    for area, color in ((cell & ~inner, _AMBER), (inner, BLUE)):
        shown[area] += FILL * (np.array(color, np.float32) - shown[area])
    shown = shown.round()
    thick = max(1, round(max(cell.shape) / 400))
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * thick + 1, 2 * thick + 1))
    shown[cv2.dilate(cell.astype(np.uint8), brush).astype(np.bool_) & ~cell] = PAPER
    for area, color in ((cell, _AMBER), (inner, BLUE)):
        shrunk = cv2.erode(area.astype(np.uint8), brush, borderType=cv2.BORDER_CONSTANT, borderValue=0)
        shown[area & ~shrunk.astype(np.bool_)] = color
    return np.asarray(shown, dtype=np.uint8)
