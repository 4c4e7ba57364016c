"""How sharp a crop is: the number that decides which of several pictures of a cell is kept."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.errors import NothingFound, WrongArray
from buffycoat.imaging.arrays import RgbImage, check_rgb

__all__ = ["sharpness"]


def sharpness(crop: RgbImage, *, inside: NDArray[np.bool_] | None = None) -> float:
    """Return the mean length of the grey gradient, in grey levels as the 3 x 3 Sobel kernel counts them.

    The mean over all pixels of ``sqrt(Gx**2 + Gy**2)`` on the grey picture (Kouzehkanan et al. 2022, Data cleaning,
    which calls it resolution). It ranks pictures of one cell at one size; between cells, sizes or microscopes it says
    little.

    Parameters
    ----------
    crop : ndarray
        uint8, shape (height, width, 3), RGB.
    inside : ndarray of bool, optional
        Shape (height, width): only these pixels count. Leave padded pixels out with it: the edge between padding and
        field is no detail of the cell.

    Raises
    ------
    WrongArray
        If ``crop`` is no RGB image, or ``inside`` is no boolean array of its height and width.
    NothingFound
        If ``inside`` holds no pixel whose neighbors are all inside.

    Examples
    --------
    >>> step = np.zeros((4, 4, 3), np.uint8)
    >>> step[:, 2:] = 1
    >>> sharpness(step)
    2.0
    """
    check_rgb(crop)
    grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)
    length = cv2.magnitude(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1))
    if inside is None:
        return float(cv2.mean(length)[0])
    if inside.dtype != np.bool_ or inside.shape != grey.shape:
        raise WrongArray(
            "the mask does not fit the crop", expected=f"bool {grey.shape}", found=f"{inside.dtype} {inside.shape}"
        )
    # A pixel beside the padding has a gradient made of padding, so the mask loses one pixel on that side.
    counted = cv2.erode(inside.astype(np.uint8), np.ones((3, 3), np.uint8))
    if not counted.any():
        raise NothingFound("no pixel of the crop lies inside the field", found=f"mask of {int(inside.sum())} pixels")
    return float(cv2.mean(length, mask=counted)[0])
