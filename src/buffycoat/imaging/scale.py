"""How large things are: pixels in micrometers, from a ruler, or from red cells."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.errors import InvalidMetadata, NothingFound
from buffycoat.imaging.arrays import RgbImage, check_rgb
from buffycoat.imaging.illumination import BACKGROUND_LEVEL, flatten, lit_area, shrink
from buffycoat.imaging.micrometer import micrometer_period
from buffycoat.imaging.outlines import Arc, find_arcs
from buffycoat.imaging.votes import voted_diameter

__all__ = [
    "RAABIN_BOX_PX",
    "RAABIN_MICROMETRES_PER_PIXEL",
    "RAABIN_RED_CELL_PX",
    "RED_CELL_MICROMETRES",
    "cell_side",
    "micrometer_period",
    "red_cell_diameter",
]

RAABIN_BOX_PX: Final = 575
"""The side of every box in Raabin's label files."""
RAABIN_RED_CELL_PX: Final = 125.0
"""What ``red_cell_diameter`` finds in a photograph of Raabin's first microscope (5312 x 2988 pixels): 124.7."""
RED_CELL_MICROMETRES: Final = 7.5
"""Diameter of a normal human red cell on a dried film; 6.2 to 8.2 is normal, so a scale from it is good to 10 %."""
RAABIN_MICROMETRES_PER_PIXEL: Final = RED_CELL_MICROMETRES / RAABIN_RED_CELL_PX
"""0.06: a box of 575 pixels is 34.5 micrometers, or 4.6 red cells, wide."""

_FEWEST: Final = 5
_FINEST: Final = 1400
_COARSEST: Final = 80
_CROWDED: Final = 320


def red_cell_diameter(image: RgbImage) -> float:
    """Measure how large red cells are, by the median diameter of their round outlines.

    Works on cells that touch or overlap: the outline of a clump is cut at its dents and a circle is fitted to each
    piece. The size that explains the longest outline wins, so platelets and leukocytes do not count. Where cells are so
    crowded that fewer than five outlines are left, the short edges between them vote for a size instead.

    Parameters
    ----------
    image : ndarray
        uint8, (height, width, 3), RGB; a whole field.

    Returns
    -------
    float
        Diameter in pixels of ``image``.

    Raises
    ------
    NothingFound
        Fewer than five round outlines, and edges that do not agree.

    Examples
    --------
    >>> red_cell_diameter(np.full((300, 300, 3), 220, np.uint8))
    Traceback (most recent call last):
    ...
    buffycoat.errors.NothingFound: no red cells to measure: expected at least 5 round ones, found 0
    """
    check_rgb(image)
    small, factor = shrink(image, longest=_FINEST)
    lit = lit_area(small[:, :, 1])
    green, red = (np.ascontiguousarray(each) for each in np.moveaxis(flatten(small[:, :, 1::-1], lit), 2, 0))
    level = _half_level(green, lit)
    best: tuple[float, float, int] = (0.0, 0.0, 0)
    for times, channel, light, ruddy in _halvings(green, lit, red):
        arcs = find_arcs((channel < level) | ~light) if level else []
        best = max(best, _typical(_red_only(arcs, ruddy), times))
    _, diameter, count = best
    if count >= _FEWEST:
        return diameter * factor
    voted = _voted(green, lit)
    if voted is None:
        raise NothingFound("no red cells to measure", expected=f"at least {_FEWEST} round ones", found=str(count))
    return voted * factor


def _voted(green: NDArray[np.uint8], lit: NDArray[np.bool_]) -> float | None:
    """Return the diameter that the edges of cells agree on, where hardly an outline is seen whole."""
    times = math.ceil(max(green.shape) / _CROWDED)
    if min(green.shape) < times:
        return None
    size = (green.shape[1] // times, green.shape[0] // times)
    green = np.asarray(cv2.resize(green, size, interpolation=cv2.INTER_AREA), np.uint8)
    light = cv2.resize(lit.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
    level = _half_level(green, light)
    diameter = voted_diameter(green, (green < level) & light, light) if level else None
    return None if diameter is None else diameter * times


def _half_level(green: NDArray[np.uint8], lit: NDArray[np.bool_]) -> float:
    """Return the level half way from the background to a typical cell; 0 where there are no cells.

    Half way, because blur moves an edge least there.
    """
    counts = cv2.calcHist([green], [0], lit.view(np.uint8), [256], [0, 256]).ravel().astype(np.int64)
    levels = np.arange(256)
    above = np.where((levels > BACKGROUND_LEVEL) & (levels < 1.2 * BACKGROUND_LEVEL), counts, 0)
    noise = math.sqrt(float(above @ (levels - BACKGROUND_LEVEL) ** 2) / max(1, int(above.sum())))
    cells = np.where(levels < BACKGROUND_LEVEL - max(3 * noise, 0.04 * BACKGROUND_LEVEL), counts, 0)
    below = np.cumsum(cells)
    if below[-1] <= 200:
        return 0.0
    low, high = np.searchsorted(below, [(below[-1] - 1) // 2, below[-1] // 2], "right").tolist()
    return float(BACKGROUND_LEVEL + (low + high) / 2) / 2


def _halvings(
    green: NDArray[np.uint8], lit: NDArray[np.bool_], red: NDArray[np.uint8]
) -> Iterator[tuple[int, NDArray[np.uint8], NDArray[np.bool_], NDArray[np.uint8]]]:
    """Yield the channels at every size by halves, so that cells of any size are of a good size in one of them."""
    times = 1
    light = lit.astype(np.uint8)
    while max(green.shape) >= _COARSEST:
        yield times, green, light > 0, red
        times *= 2
        size = (green.shape[1] // 2, green.shape[0] // 2)
        if min(size) < 2:
            return
        green, light, red = (
            np.asarray(cv2.resize(each, size, interpolation=cv2.INTER_AREA), np.uint8) for each in (green, light, red)
        )


def _red_only(arcs: list[Arc], red: NDArray[np.uint8]) -> list[Arc]:
    """Leave out what absorbs much more red light than most: nuclei, and platelets."""
    if not arcs:
        return arcs
    rows = np.clip([round(arc.y) for arc in arcs], 0, red.shape[0] - 1)
    columns = np.clip([round(arc.x) for arc in arcs], 0, red.shape[1] - 1)
    blurred = cv2.blur(red, (9, 9))[rows, columns].astype(np.float64)
    absorbed = -np.log(np.clip(blurred, 1, None) / BACKGROUND_LEVEL)
    limit = 2 * max(float(np.median(absorbed)), 0.0) + 0.15
    return [arc for arc, much in zip(arcs, absorbed, strict=True) if much < limit]


def _typical(arcs: list[Arc], times: int) -> tuple[float, float, int]:
    """Return the outline length, the median diameter and the number of arcs of the most frequent size."""
    if not arcs:
        return 0.0, 0.0, 0
    diameters = np.array([arc.diameter for arc in arcs])
    turns = np.array([arc.turn for arc in arcs])
    logs, lengths = np.log(diameters), diameters * turns
    support = np.exp(-(((logs[:, None] - logs[None, :]) / 0.12) ** 2) / 2) @ lengths
    near = np.abs(logs - logs[np.argmax(support)]) < 0.3
    order = np.argsort(diameters[near])
    share = np.cumsum(turns[near][order])
    median = diameters[near][order][np.searchsorted(share, share[-1] / 2)]
    return float(lengths[near].sum() * times), float(median * times), int(near.sum())


def cell_side(*, red_cell_px: float | None = None, micrometres_per_pixel: float | None = None) -> int:
    """Return the side of a square crop that shows as much of the smear as Raabin's boxes do.

    Parameters
    ----------
    red_cell_px : float, optional
        Diameter of red cells in this set-up, from ``red_cell_diameter``.
    micrometres_per_pixel : float, optional
        Scale of this set-up; it is preferred, because it was measured.

    Returns
    -------
    int
        In pixels: 575 at the scale of Raabin's first microscope.

    Raises
    ------
    InvalidMetadata
        Where neither is known, or is no positive number.

    Examples
    --------
    >>> cell_side(red_cell_px=RAABIN_RED_CELL_PX), cell_side(micrometres_per_pixel=2 * RAABIN_MICROMETRES_PER_PIXEL)
    (575, 288)
    """
    if micrometres_per_pixel is not None and 0 < micrometres_per_pixel < np.inf:
        return max(1, round(RAABIN_BOX_PX * RAABIN_MICROMETRES_PER_PIXEL / micrometres_per_pixel))
    if micrometres_per_pixel is None and red_cell_px is not None and 0 < red_cell_px < np.inf:
        return max(1, round(RAABIN_BOX_PX * red_cell_px / RAABIN_RED_CELL_PX))
    raise InvalidMetadata(
        "the size of a cell is not known",
        expected="red_cell_px or micrometres_per_pixel, a positive number",
        found=f"{red_cell_px} and {micrometres_per_pixel}",
    )
