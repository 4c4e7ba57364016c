"""What an image is: uint8, (height, width, 3), RGB."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from buffycoat.errors import WrongArray

__all__ = ["RgbImage", "check_rgb"]

RgbImage = NDArray[np.uint8]
"""Pixels in RGB order: uint8, shape (height, width, 3)."""


def check_rgb(image: NDArray[Any]) -> None:
    """Refuse what is not an RGB image: nothing is converted, scaled or guessed.

    Parameters
    ----------
    image : ndarray
        Must be uint8 of shape (height, width, 3), with at least one pixel.

    Raises
    ------
    WrongArray
        With the shape and dtype that were found.

    Examples
    --------
    >>> check_rgb(np.zeros((4, 6, 3), np.uint8))
    >>> check_rgb(np.zeros((4, 6), np.uint8))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    buffycoat.errors.WrongArray: not an RGB image: expected a uint8 array ..., found uint8 (4, 6)
    """
    expected = "a uint8 array of shape (height, width, 3)"
    if not isinstance(image, np.ndarray):
        raise WrongArray("not an RGB image", expected=expected, found=type(image).__name__)
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3:
        raise WrongArray("not an RGB image", expected=expected, found=f"{image.dtype} {image.shape}")
    if image.size == 0:
        raise WrongArray("not an RGB image", expected=f"{expected} with at least one pixel", found=str(image.shape))
