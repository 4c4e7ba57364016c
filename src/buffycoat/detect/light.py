"""What the microscope did to the light: the black surround of an ocular, and shading across the field."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.illumination import BACKGROUND_LEVEL, flatten

__all__ = ["even_light", "lit_area"]

# In diameters of a red cell, and in their squares.
RIM = 0.6
SMALLEST_SURROUND = 8.0

DARK = 0.35


def lit_area(image: RgbImage, *, red_cell_px: float) -> NDArray[np.bool_]:
    """Return where light came through: all but the black surround of an ocular, and a rim of half a red cell.

    Dark is what is below 0.35 of the bright pixels of the field. A surround is dark, touches the border, and is far
    larger than any cell, so that a dark nucleus at the border stays in.

    Parameters
    ----------
    image : ndarray
        uint8, shape (height, width, 3), RGB.
    red_cell_px : float
        Diameter of a red cell in pixels.

    Returns
    -------
    ndarray
        bool, shape (height, width).
    """
    light = image.max(axis=2)
    dark = (light < DARK * np.percentile(light, 95)).astype(np.uint8)
    height, width = dark.shape
    _, names, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    left, top, wide, high, area = stats.T
    outer = (left == 0) | (top == 0) | (left + wide == width) | (top + high == height)
    surround = outer & (area > SMALLEST_SURROUND * red_cell_px**2)
    surround[0] = False  # number 0 is all that is not dark
    if not surround.any():
        return np.ones((height, width), np.bool_)
    size = 2 * round(RIM * red_cell_px) + 1
    rim = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    return np.asarray(cv2.dilate(surround[names].astype(np.uint8), rim) == 0)


def even_light(image: RgbImage, *, red_cell_px: float) -> tuple[RgbImage, NDArray[np.bool_]]:
    """Return the field as under even white light, and where it is lit; what is not lit becomes empty background.

    Parameters
    ----------
    image : ndarray
        uint8, shape (height, width, 3), RGB.
    red_cell_px : float
        Diameter of a red cell in pixels.

    Returns
    -------
    image : ndarray
        uint8, same shape.
    lit : ndarray
        bool, shape (height, width).
    """
    lit = lit_area(image, red_cell_px=red_cell_px)
    channels = [flatten(np.ascontiguousarray(image[:, :, channel]), lit) for channel in range(3)]
    even = np.stack(channels, axis=2)
    even[~lit] = BACKGROUND_LEVEL
    return even, lit
