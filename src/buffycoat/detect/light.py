"""What the microscope did to the light: the black surround of an ocular, and shading across the field."""

from __future__ import annotations

import math

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
    red, green, blue = cv2.split(image)
    light = np.asarray(cv2.max(cv2.max(red, green), blue), np.uint8)
    highest = math.ceil(DARK * _percentile(light, 95)) - 1
    dark = cv2.threshold(light, highest, 1, cv2.THRESH_BINARY_INV)[1]
    height, width = dark.shape
    largest = SMALLEST_SURROUND * red_cell_px**2
    everywhere = np.ones((height, width), np.bool_)
    edges = (dark[0], dark[-1], dark[:, 0], dark[:, -1])
    if cv2.countNonZero(dark) <= largest or not any(edge.any() for edge in edges):
        return everywhere
    # Eight times as fast as OpenCV's own choice of algorithm, with statistics of each piece.
    _, labels = cv2.connectedComponentsWithAlgorithm(dark, 8, cv2.CV_32S, cv2.CCL_BBDT)
    names = np.asarray(labels, np.int32)
    outer = np.concatenate([names[0], names[-1], names[:, 0], names[:, -1]])
    black = np.zeros((height, width), np.uint8)
    for name in set(outer.tolist()) - {0}:  # 0 is all that is not dark
        piece = np.asarray(cv2.inRange(names, name, name), np.uint8)
        if cv2.countNonZero(piece) > largest:
            black |= piece
    if not black.any():
        return everywhere
    return np.asarray(_widened(black, round(RIM * red_cell_px)) == 0)


def _widened(mask: NDArray[np.uint8], radius: int) -> NDArray[np.uint8]:
    """Return the mask dilated by a disk: by the rectangles that the disk is the union of, which are done by sides."""
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    widths = disk.sum(axis=1).tolist()
    widened = np.zeros_like(mask)
    for row, width in enumerate(widths[: radius + 1]):
        if row == 0 or width > widths[row - 1]:
            rectangle = cv2.getStructuringElement(cv2.MORPH_RECT, (width, 2 * (radius - row) + 1))
            widened |= np.asarray(cv2.dilate(mask, rectangle), np.uint8)
    return widened


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
    even = flatten(image, lit)
    if lit.all():
        return even, lit
    empty = np.full_like(even, BACKGROUND_LEVEL)
    return np.asarray(cv2.copyTo(even, lit.view(np.uint8), empty), np.uint8), lit


def _percentile(channel: NDArray[np.uint8], percent: int) -> float:
    """Return what ``numpy.percentile`` returns, from the histogram: it need not sort all pixels."""
    below = np.cumsum(cv2.calcHist([channel], [0], None, [256], [0, 256]).ravel())
    place = (channel.size - 1) * percent / 100
    low, high = (int(np.searchsorted(below, rank, side="right")) for rank in (math.floor(place), math.ceil(place)))
    return low + (high - low) * (place - math.floor(place))
