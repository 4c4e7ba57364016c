"""An encoded photograph in, boxes of its white cells out, without decoding more of it than the filter looks at."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from buffycoat.detect.cells import MARGIN, SMALLEST_RED_CELL_PX, cells_and_scores, find_cells, large_enough
from buffycoat.detect.color_filter import DEFAULT_FILTER, ColorFilter
from buffycoat.detect.parameters import DetectParameters
from buffycoat.detect.placing import known_red_cell_px, squared
from buffycoat.domain.cell import Detection, FoundBy
from buffycoat.domain.geometry import Box
from buffycoat.domain.value import value
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.codecs import MAX_MEGAPIXELS, decode_rgb, probe, turn
from buffycoat.imaging.reduced import REDUCTIONS, Reduced, decode_reduced, reduce
from buffycoat.imaging.scale import RED_CELL_MICROMETRES

__all__ = ["Prepared", "find_cells_in", "look_at", "prepare"]

_MEASURED_AT: Final = 900
"""Red cells are measured where the longer side is at least that many pixels."""


@value
class Prepared:
    """A photograph at the scale at which the filter looks at it, in the turned frame.

    ``image`` is uint8 (height, width, 3), each of its pixels ``times`` x ``times`` of the photograph, which is
    ``width`` x ``height`` pixels; its first pixel begins ``left`` and ``top`` pixels of the photograph before that
    does. ``red_cell_px`` is the diameter of a red cell in pixels of the photograph.
    """

    image: RgbImage
    times: int
    left: int
    top: int
    width: int
    height: int
    red_cell_px: float


def find_cells_in(  # noqa: PLR0913 (as find_cells, and what decoding needs)
    content: bytes,
    side: int | None = None,
    *,
    name: str = "the photograph",
    quarter_turns: int = 0,
    micrometres_per_pixel: float | None = None,
    border: str = "pad",
    color_filter: ColorFilter = DEFAULT_FILTER,
    max_megapixels: float = MAX_MEGAPIXELS,
) -> tuple[Detection, ...]:
    """Return the white blood cells of an encoded photograph, as ``find_cells`` of its pixels does, but sooner.

    The filter needs red cells of 12 to 24 pixels. A photograph of 12 megapixels has them five to ten times as wide, so
    a JPEG is decoded at an eighth, a quarter or a half of its size and the filter works there; boxes are in pixels of
    the whole photograph. Where the scale is neither given nor to be measured, the photograph is decoded whole.

    Parameters
    ----------
    content : bytes
        The file.
    side : int, optional
        Side of the square boxes in pixels of the photograph.
    name : str
        What to call the file in an error.
    quarter_turns : int
        How the stored grid is turned clockwise into the pixel frame, before anything is looked for.
    micrometres_per_pixel : float, optional
        Scale of the photograph at its full size.
    border : {"pad", "shift"}
        What becomes of a box at the border of the field.
    color_filter : ColorFilter
        What nuclei look like.
    max_megapixels : float
        Larger photographs are refused from their header.

    Returns
    -------
    tuple of Detection
        As of ``find_cells``, in the pixel frame of the whole photograph after the turns.

    Raises
    ------
    UnreadableImage, UnsupportedImage, ImageTooLarge
        As ``imaging.codecs.read_rgb``.
    InputError
        As ``find_cells``.

    Examples
    --------
    >>> import numpy as np
    >>> from buffycoat.imaging.codecs import encode_jpeg
    >>> find_cells_in(encode_jpeg(np.full((480, 640, 3), 220, np.uint8)), micrometres_per_pixel=0.1)
    ()
    """
    asked = DetectParameters(side=side, border=border)
    if micrometres_per_pixel is not None and 0 < micrometres_per_pixel < math.inf:
        red_cell_px: float | None = RED_CELL_MICROMETRES / micrometres_per_pixel
        picture = None
    else:
        seen = probe(content, name=name)
        longer = max(seen.width, seen.height)
        times = max((each for each in REDUCTIONS if longer / each >= _MEASURED_AT), default=1)
        picture = decode_reduced(content, name=name, times=times, max_megapixels=max_megapixels)
        # A scale that is none is refused in there.
        measured = known_red_cell_px(picture.image, side=None, micrometres_per_pixel=micrometres_per_pixel)
        red_cell_px = None if measured is None else measured * times
    if red_cell_px is None or red_cell_px < SMALLEST_RED_CELL_PX:
        image = turn(decode_rgb(content, name=name, max_megapixels=max_megapixels), quarter_turns)
        return find_cells(
            image,
            asked.side,
            micrometres_per_pixel=micrometres_per_pixel,
            border=asked.border,
            color_filter=color_filter,
        )
    times = _times(red_cell_px)
    if picture is None or picture.times > times:
        picture = decode_reduced(content, name=name, times=times, max_megapixels=max_megapixels)
    prepared = _laid(picture, red_cell_px, quarter_turns % 4)
    found = look_at(prepared, color_filter)[0]
    size = (prepared.width, prepared.height)
    return squared(found, size=size, red_cell_px=red_cell_px, parameters=asked, found_by=FoundBy.COLOR_FILTER)


def prepare(
    content: bytes,
    *,
    name: str = "the photograph",
    quarter_turns: int = 0,
    red_cell_px: float,
    max_megapixels: float = MAX_MEGAPIXELS,
) -> Prepared:
    """Return a photograph as the filter looks at it: what ``look_at`` finds there is what ``find_cells_in`` returns.

    Parameters
    ----------
    content, name, quarter_turns, max_megapixels
        As of ``find_cells_in``.
    red_cell_px : float
        Diameter of a red cell in pixels of the whole photograph.

    Raises
    ------
    UnreadableImage, UnsupportedImage, ImageTooLarge
        As ``imaging.codecs.read_rgb``.
    InputError
        If red cells are less than 12 pixels wide.
    """
    times = _times(large_enough(red_cell_px))
    picture = decode_reduced(content, name=name, times=times, max_megapixels=max_megapixels)
    return _laid(picture, red_cell_px, quarter_turns % 4)


def look_at(prepared: Prepared, color_filter: ColorFilter) -> tuple[list[tuple[Box, float]], NDArray[np.bool_]]:
    """Return the tight box and the score of each cell, and which pixels look like nucleus.

    Parameters
    ----------
    prepared : Prepared
        From ``prepare``.
    color_filter : ColorFilter
        What nuclei look like.

    Returns
    -------
    cells : list of (Box, float)
        In pixels of the whole photograph.
    mask : ndarray
        bool, of the shape of ``prepared.image``: before lobes are joined and specks are dropped.
    """
    cells, scores = cells_and_scores(prepared.image, prepared.red_cell_px / prepared.times, color_filter)
    left, top, times = prepared.left, prepared.top, prepared.times
    margin = MARGIN * prepared.red_cell_px
    found = []
    for rows, columns, score in cells:
        extent = Box(
            left=max(0, math.floor(columns.start * times - left - margin)),
            top=max(0, math.floor(rows.start * times - top - margin)),
            right=min(prepared.width, math.ceil(columns.stop * times - left + margin)),
            bottom=min(prepared.height, math.ceil(rows.stop * times - top + margin)),
        )
        found.append((extent, score))
    return found, scores > 0


def _times(red_cell_px: float) -> int:
    return max(each for each in REDUCTIONS if red_cell_px / each >= SMALLEST_RED_CELL_PX)


def _laid(picture: Reduced, red_cell_px: float, turns: int) -> Prepared:
    """Return a picture at the scale of the filter in the turned frame, and where it lies in the whole photograph."""
    further = max(1, int(red_cell_px / picture.times / SMALLEST_RED_CELL_PX))
    times = picture.times * further
    small = reduce(picture.image, further)
    # The last row and column may reach beyond the photograph; by a turn they come to the front.
    beyond = small.shape[1] * times - picture.width, small.shape[0] * times - picture.height
    width, height = picture.width, picture.height
    left, top = {0: (0, 0), 1: (beyond[1], 0), 2: beyond, 3: (0, beyond[0])}[turns]
    if turns:
        small = turn(small, turns)
    if turns % 2:
        width, height = height, width
    return Prepared(image=small, times=times, left=left, top=top, width=width, height=height, red_cell_px=red_cell_px)
