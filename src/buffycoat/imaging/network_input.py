"""Fields as a detector network takes them: at its scale, and padded to whole strides."""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.errors import InputError
from buffycoat.imaging.arrays import RgbImage, check_rgb

__all__ = ["STRIDE_PX", "at_factor", "network_input"]

STRIDE_PX: Final = 32
"""The sides of what a network takes are multiples of that, because it halves them five times."""


def at_factor(image: RgbImage, factor: float) -> RgbImage:
    """Return the field at another size: each pixel the mean of those that it covers, or in between them.

    Parameters
    ----------
    image : ndarray
        uint8, shape (height, width, 3), RGB.
    factor : float
        New pixels per old one, along each axis.

    Returns
    -------
    ndarray
        uint8, shape (at least 1, at least 1, 3).

    Raises
    ------
    WrongArray
        If ``image`` is no RGB image.
    InputError
        If the factor is no positive number.

    Examples
    --------
    >>> at_factor(np.zeros((30, 40, 3), np.uint8), 0.5).shape
    (15, 20, 3)
    """
    check_rgb(image)
    if not 0 < factor < math.inf:
        raise InputError("the scale is none", expected="a positive number", found=str(factor))
    size = (max(1, round(image.shape[1] * factor)), max(1, round(image.shape[0] * factor)))
    if size == (image.shape[1], image.shape[0]):
        return image
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, size, interpolation=method), np.uint8)


def network_input(image: RgbImage) -> NDArray[np.float32]:
    """Return pixels in the layout of a network; what is missing to whole strides repeats the last row and column.

    Parameters
    ----------
    image : ndarray
        uint8, shape (height, width, 3), RGB.

    Returns
    -------
    ndarray
        float32, shape (1, 3, rows, columns), 0 to 255.

    Raises
    ------
    WrongArray
        If ``image`` is no RGB image.

    Examples
    --------
    >>> network_input(np.zeros((30, 40, 3), np.uint8)).shape
    (1, 3, 32, 64)
    """
    check_rgb(image)
    height, width = (math.ceil(side / STRIDE_PX) * STRIDE_PX for side in image.shape[:2])
    down, across = height - image.shape[0], width - image.shape[1]
    padded = cv2.copyMakeBorder(image, 0, down, 0, across, cv2.BORDER_REPLICATE) if down or across else image
    return np.ascontiguousarray(padded.transpose(2, 0, 1)[None], np.float32)
