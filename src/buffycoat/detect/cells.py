"""The room's work: a photograph in, boxes of its white blood cells out."""

from __future__ import annotations

import math
from statistics import median

import numpy as np
from numpy.typing import NDArray

from buffycoat.detect.color_filter import (
    DEFAULT_FILTER,
    WORKING_RED_CELL_PX,
    ColorFilter,
    at_working_scale,
    nucleus_scores,
)
from buffycoat.detect.extents import grow_to_cells, windows_of
from buffycoat.detect.nuclei import find_nuclei, sure_nuclei
from buffycoat.detect.parameters import DetectParameters
from buffycoat.detect.placing import known_red_cell_px, squared
from buffycoat.domain.cell import Detection, FoundBy
from buffycoat.domain.geometry import Box
from buffycoat.errors import InputError
from buffycoat.imaging.arrays import RgbImage, check_rgb

__all__ = ["cells_and_scores", "cells_of", "find_cells", "large_enough"]

# Width of the median white cell in diameters of a red cell, on BCCD.
WHITE_TO_RED = 2.2

SMALLEST_RED_CELL_PX = 12.0

ALLOWANCE = 1.15
"""Red cells are taken for that much larger than they are said to be: a scale a third too small then splits no cell."""

MARGIN = 0.1
"""The drawn box stands that far off the cell on each side, in diameters of a red cell: as annotators draw it."""


def find_cells(
    image: RgbImage,
    side: int | None = None,
    *,
    micrometres_per_pixel: float | None = None,
    border: str = "pad",
    color_filter: ColorFilter = DEFAULT_FILTER,
) -> tuple[Detection, ...]:
    """Return the white blood cells of a field, from top to bottom, then from left to right.

    Nuclei have a color of their own (Kouzehkanan et al. 2022, Locating and cropping): the color filter marks their
    pixels at a scale where red cells are 20 pixels wide, lobes are joined, platelets and specks of stain are dropped,
    and each nucleus grows to its cell.

    The scale comes from ``micrometres_per_pixel`` if it is given, else from the red cells of the field; where these
    cannot be measured, from ``side``, else from the nuclei themselves. So does the side of the boxes, if it is not
    given.

    Parameters
    ----------
    image : ndarray
        The field: uint8, shape (height, width, 3), RGB.
    side : int, optional
        Side of the square boxes in pixels.
    micrometres_per_pixel : float, optional
        Scale of the picture.
    border : {"pad", "shift"}
        Whether a box may leave the field, so that the cell stays in its middle, or is moved inside.
    color_filter : ColorFilter
        What nuclei look like.

    Returns
    -------
    tuple of Detection
        ``extent`` is the tight box of the cell, ``box`` the square around its center, ``score`` the mean probability
        of its nucleus pixels.

    Raises
    ------
    WrongArray
        If ``image`` is no RGB image.
    InputError
        If the side, the scale or the border is none, or red cells would be less than 12 pixels wide.

    Examples
    --------
    >>> find_cells(np.full((480, 640, 3), 220, np.uint8))
    ()
    """
    check_rgb(image)
    asked = DetectParameters(side=side, border=border)
    known = known_red_cell_px(image, side=asked.side, micrometres_per_pixel=micrometres_per_pixel)
    if known is None:
        red_cell_px, found = _without_scale(image, color_filter)
    else:
        red_cell_px = large_enough(known)
        found = _extents(image, red_cell_px, color_filter)
    size = (image.shape[1], image.shape[0])
    return squared(found, size=size, red_cell_px=red_cell_px, parameters=asked, found_by=FoundBy.COLOR_FILTER)


def large_enough(red_cell_px: float) -> float:
    """Return the diameter of red cells in pixels, as it was given.

    Raises
    ------
    InputError
        If it is less than 12 pixels.
    """
    if red_cell_px < SMALLEST_RED_CELL_PX:
        raise InputError(
            "red cells are too small to tell nuclei from platelets",
            expected=f"at least {SMALLEST_RED_CELL_PX:.0f} pixels across",
            found=f"{red_cell_px:.1f}",
            hint="check the scale of the set-up, or take the picture with a stronger objective",
        )
    return red_cell_px


def _without_scale(image: RgbImage, color_filter: ColorFilter) -> tuple[float, list[tuple[Box, float]]]:
    """Return a diameter that red cells could have, and the cells: white cells are 2.2 red ones wide.

    Scales are tried from large to small until there is a cell; then its size tells the scale to look again.
    """
    guess = min(image.shape[:2]) / 4
    while guess >= SMALLEST_RED_CELL_PX:
        if found := _extents(image, guess, color_filter):
            guess = median(max(extent.width, extent.height) for extent, _ in found) / WHITE_TO_RED
            return guess, _extents(image, guess, color_filter) or found
        guess /= 2
    return guess, []


def _extents(image: RgbImage, red_cell_px: float, color_filter: ColorFilter) -> list[tuple[Box, float]]:
    """Return the tight box and the score of each cell, in the pixels of the image."""
    small = at_working_scale(image, ALLOWANCE * red_cell_px)
    height, width = image.shape[:2]
    down, across = height / small.shape[0], width / small.shape[1]
    margin = MARGIN * red_cell_px
    found = []
    for rows, columns, score in cells_of(small, WORKING_RED_CELL_PX, color_filter):
        extent = Box(
            left=max(0, math.floor(columns.start * across - margin)),
            top=max(0, math.floor(rows.start * down - margin)),
            right=min(width, math.ceil(columns.stop * across + margin)),
            bottom=min(height, math.ceil(rows.stop * down + margin)),
        )
        found.append((extent, score))
    return found


def cells_of(
    image: RgbImage, red_cell_px: float, color_filter: ColorFilter = DEFAULT_FILTER
) -> list[tuple[slice, slice, float]]:
    """Return the rows and columns of each cell, and the mean probability of its nucleus pixels.

    Parameters
    ----------
    image : ndarray
        A field, at whatever scale it comes: uint8, (height, width, 3), RGB.
    red_cell_px : float
        Diameter of a red cell in it, in pixels.
    color_filter : ColorFilter
        What nuclei look like.
    """
    return cells_and_scores(image, red_cell_px, color_filter)[0]


def cells_and_scores(
    image: RgbImage, red_cell_px: float, color_filter: ColorFilter
) -> tuple[list[tuple[slice, slice, float]], NDArray[np.float32]]:
    """Return what ``cells_of`` returns, and of each pixel the log odds that it is nucleus: float32, (height, width)."""
    scores = nucleus_scores(image, red_cell_px=red_cell_px, color_filter=color_filter)
    nuclei = sure_nuclei(find_nuclei(scores > 0, red_cell_px=red_cell_px), scores)
    if not nuclei.any():
        return [], scores
    cells = []
    for number, (rows, columns) in enumerate(windows_of(grow_to_cells(scores, nuclei, red_cell_px=red_cell_px)), 1):
        odds = scores[rows, columns][nuclei[rows, columns] == number].astype(np.float64)
        cells.append((rows, columns, float((1 / (1 + np.exp(-odds))).mean())))
    return cells, scores
