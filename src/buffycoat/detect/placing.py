"""How large cells are in a field, and the square boxes around what was found there."""

from __future__ import annotations

import math
from collections.abc import Iterable

from buffycoat.detect.parameters import DetectParameters
from buffycoat.domain.cell import Detection, FoundBy
from buffycoat.domain.geometry import Box
from buffycoat.errors import InputError, NothingFound
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.scale import (
    RAABIN_BOX_PX,
    RAABIN_RED_CELL_PX,
    RED_CELL_MICROMETRES,
    cell_side,
    red_cell_diameter,
)

__all__ = ["known_red_cell_px", "squared"]


def known_red_cell_px(image: RgbImage, *, side: int | None, micrometres_per_pixel: float | None) -> float | None:
    """Return how wide red cells are in a field, in pixels; ``None`` where nothing tells.

    From the scale if it is given, else from the red cells of the field, else from the side of the boxes.

    Raises
    ------
    InputError
        If the scale is no length.
    WrongArray
        If ``image`` is no RGB image.
    """
    if micrometres_per_pixel is not None:
        if not 0 < micrometres_per_pixel < math.inf:
            raise InputError("the scale is no length", expected="a positive number", found=str(micrometres_per_pixel))
        return RED_CELL_MICROMETRES / micrometres_per_pixel
    try:
        return red_cell_diameter(image)
    except NothingFound:
        return None if side is None else side * RAABIN_RED_CELL_PX / RAABIN_BOX_PX


def squared(
    found: Iterable[tuple[Box, float]],
    *,
    size: tuple[int, int],
    red_cell_px: float,
    parameters: DetectParameters,
    found_by: FoundBy,
) -> tuple[Detection, ...]:
    """Return tight boxes with the square around each, from top to bottom, then from left to right.

    Parameters
    ----------
    found : iterable of (Box, float)
        Tight boxes and their scores.
    size : (int, int)
        Width and height of the field in pixels.
    red_cell_px : float
        Tells the side where the parameters do not.
    parameters : DetectParameters
        Side of the squares, and what becomes of them at the border.
    found_by : FoundBy
        Who found them.

    Examples
    --------
    >>> squared(
    ...     [(Box.around(50, 40, 20), 0.9)], size=(100, 80), red_cell_px=10, parameters=DetectParameters(),
    ...     found_by=FoundBy.NETWORK
    ... )[0].box
    Box(left=27, top=17, right=73, bottom=63)
    """
    side = parameters.side or cell_side(red_cell_px=red_cell_px)
    cells = []
    for extent, score in sorted(found, key=lambda each: (each[0].top, each[0].left, each[0].right, each[0].bottom)):
        box = Box.around(*extent.center, side)
        if parameters.border == "shift":
            box = box.shifted_inside(*size)
        cells.append(Detection(extent=extent, box=box, score=score, found_by=found_by))
    return tuple(cells)
