"""The color filter: how much each pixel looks like a stained nucleus, in the field's own colors."""

from __future__ import annotations

import math
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.detect.field_colors import FieldColors, channel_sum, field_colors, log_density
from buffycoat.detect.filter_file import ColorFilter
from buffycoat.detect.pieces import in_place, pieces_of
from buffycoat.imaging.arrays import RgbImage

__all__ = [
    "DEFAULT_FILTER",
    "WORKING_RED_CELL_PX",
    "ColorFilter",
    "at_working_scale",
    "nucleus_scores",
]

WORKING_RED_CELL_PX = 20.0
"""Fields are brought to the scale at which a red cell is that wide. A fixed factor would fit one microscope only."""

UNSTAINED = -50.0
"""The score of what is not lit."""

GRAY = 1.0
SHADOW = -6.0
"""Stain takes more green light than blue. What leaves no more blue than that share of green is a shadow, such as that
of dust, and scores no more than this."""

_GRAY_BLUE = np.minimum(GRAY * np.arange(256), 255).astype(np.uint8)

BLUISH_RED_CELLS = (-2.0, 6.0, -3.0)
"""Tried where the filter finds nothing: in some stains red cells take more red light than magenta nuclei do."""

# A nucleus has somewhere a patch of that side, in diameters of a red cell, that scores so much above a red cell.
PATCH = 0.35
LEAST_CONTRAST = 2.5
# And by the field's own colors its nuclei are told from the rest by log odds of that much.
LEAST_ODDS = 4.0
# The level between red cells and nuclei, as a share of the way from the ones to the others.
LOWEST, USUAL, HIGHEST = 0.4, 0.6, 0.8
_BINS = 40
_WINDOW = 7
# Learning a field's own colors: a piece of nucleus in areas of a red cell, how far others are in its diameters.
CORE = 0.1
AWAY = 0.6
STAINED = -0.7
OWN_SHARE = 0.7
OWN_LEVEL = 0.5
RIDGE = 0.02
_FEWEST_OTHERS = 200
_MOST_LEARNED = 4000


def at_working_scale(image: RgbImage, red_cell_px: float) -> RgbImage:
    """Return the field with red cells of 20 pixels, each pixel the mean of those that it covers."""
    factor = WORKING_RED_CELL_PX / red_cell_px
    size = (max(1, round(image.shape[1] * factor)), max(1, round(image.shape[0] * factor)))
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, size, interpolation=method), np.uint8)


def nucleus_scores(image: RgbImage, *, red_cell_px: float, color_filter: ColorFilter) -> NDArray[np.float32]:
    """Return the log odds that a pixel is nucleus, as far as they can be told in this field.

    The filter's scores are the same for every field only where stain and camera are. So the level between red cells
    and nuclei is looked for in the field: where fewest pixels are, between its typical red cell and its most
    nucleus-like patch. What lies above it in large pieces then teaches the field's own colors: linear discriminant
    analysis against all stained pixels that are far from these pieces, mixed with the filter.

    Parameters
    ----------
    image : ndarray
        A field at working scale: uint8, shape (height, width, 3), RGB.
    red_cell_px : float
        Diameter of a red cell in it, in pixels.
    color_filter : ColorFilter
        The classifier.

    Returns
    -------
    ndarray
        float32, shape (height, width): above 0 is nucleus; -50 where no light came through, and everywhere where
        no patch of the field stands out from its red cells.
    """
    whole = field_colors(image, red_cell_px=red_cell_px)
    window = _lit_window(whole.lit, round(red_cell_px))
    # Nothing is to be found where it is not lit.
    colors = replace(whole, even=np.ascontiguousarray(whole.even[window]), lit=np.ascontiguousarray(whole.lit[window]))
    knob = math.log(color_filter.prior / (1 - color_filter.prior))
    _, green, blue = cv2.split(colors.even)
    gray = np.asarray(cv2.compare(blue, cv2.LUT(green, _GRAY_BLUE), cv2.CMP_LE), np.uint8)
    unlit = None if colors.lit.all() else ~colors.lit
    everywhere = np.full(whole.lit.shape, UNSTAINED, np.float32)
    for weights in (color_filter.weights, BLUISH_RED_CELLS):
        scores = _own_scores(colors, gray, np.array(weights), color_filter.bias, red_cell_px)
        if scores is not None:
            scores = _held_down(scores, gray, SHADOW, unlit)
            everywhere[window] = scores
            everywhere += np.float32(knob)
            break
    return everywhere


def _lit_window(lit: NDArray[np.bool_], margin: int) -> tuple[slice, slice]:
    """Return the rows and columns that hold all that is lit, and a margin for what is averaged there."""
    left, top, width, height = cv2.boundingRect(lit.view(np.uint8))
    return (
        slice(max(0, top - margin), top + height + margin),
        slice(max(0, left - margin), left + width + margin),
    )


def _own_scores(
    colors: FieldColors, gray: NDArray[np.uint8], weights: NDArray[np.float64], bias: float, red_cell_px: float
) -> NDArray[np.float32] | None:
    """Return log odds in the field's own colors, ``None`` where nothing stands out from its red cells."""
    scores = _held_down(channel_sum(colors, weights, bias), gray, bias, None if colors.lit.all() else ~colors.lit)
    side = max(1, round(PATCH * red_cell_px))
    best = float(cv2.minMaxLoc(cv2.blur(cv2.max(scores, np.array(bias - 10)), (side, side)))[1])
    if best - bias < LEAST_CONTRAST:
        return None
    level = _level(scores, bias, best)
    core = _large_pieces(scores > level, CORE * np.pi * red_cell_px**2 / 4)
    if not core.any():
        return None
    own = _own_colors(colors, core, red_cell_px)
    if own is None:
        return scores - np.float32(level)
    if own[2] < LEAST_ODDS:
        return None
    mixed = OWN_SHARE * own[0] + (1 - OWN_SHARE) * weights
    return channel_sum(colors, mixed, OWN_SHARE * own[1] + (1 - OWN_SHARE) * (bias - level) - OWN_LEVEL)


def _held_down(
    scores: NDArray[np.float32], gray: NDArray[np.uint8], most: float, unlit: NDArray[np.bool_] | None
) -> NDArray[np.float32]:
    """Return scores that are at most so much where it is gray, and those of nothing where it is not lit."""
    scores = np.asarray(cv2.copyTo(cv2.min(scores, np.array(most)), gray, scores), np.float32)
    if unlit is not None:
        np.copyto(scores, np.float32(UNSTAINED), where=unlit)
    return scores


def _level(scores: NDArray[np.float32], red: float, nucleus: float) -> float:
    """Return the score with fewest pixels around it; of equally good ones that nearest to the usual one."""
    counts = cv2.calcHist([scores[scores >= np.float32(red)]], [0], None, [_BINS], [red, nucleus]).ravel()
    around = np.convolve(np.pad(counts, _WINDOW // 2, mode="edge"), np.full(_WINDOW, 1 / _WINDOW), "valid")
    first, last = int(LOWEST * _BINS), int(HIGHEST * _BINS)
    few = first + np.flatnonzero(around[first:last] <= 1.1 * around[first:last].min() + 1)
    chosen = few[np.argmin(np.abs(few - USUAL * _BINS))]
    return float(red + (chosen + 0.5) / _BINS * (nucleus - red))


def _own_colors(
    colors: FieldColors, core: NDArray[np.bool_], red_cell_px: float
) -> tuple[NDArray[np.float64], float, float] | None:
    """Return weights and bias of the field's own colors, and the mean log odds of its nuclei by them.

    ``None`` where nearly the whole picture is nucleus, so that there is nothing to tell it from.
    """
    size = 2 * round(AWAY * red_cell_px) + 1
    near = cv2.dilate(core.view(np.uint8), cv2.getStructuringElement(cv2.MORPH_RECT, (size, size)))
    inside, outside = (
        (log_density(_spread_out(colors.even, place)) - np.array(colors.red_cell, np.float32)).astype(np.float64)
        for place in (core, cv2.compare(near, colors.lit.view(np.uint8), cv2.CMP_LT) > 0)
    )
    stained = outside[outside[:, 1] > STAINED]
    outside = stained if len(stained) > _FEWEST_OTHERS else outside
    if len(inside) < 2 or len(outside) < _FEWEST_OTHERS:
        return None
    means = inside.mean(axis=0), outside.mean(axis=0)
    spread = (np.cov(inside.T) + np.cov(outside.T)) / 2 + RIDGE * np.eye(3)
    weights = np.linalg.solve(spread, means[0] - means[1])
    apart = float(weights @ (means[0] - means[1]))
    return weights, -float(weights @ (means[0] + means[1])) / 2, apart / 2


def _large_pieces(mask: NDArray[np.bool_], smallest: float) -> NDArray[np.bool_]:
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3))
    pieces = pieces_of(np.asarray(cv2.morphologyEx(mask.view(np.uint8), cv2.MORPH_OPEN, disk), np.uint8))
    return in_place((pieces.areas >= smallest)[pieces.held], pieces.places, mask.shape)


def _spread_out(image: RgbImage, mask: NDArray[np.bool_]) -> NDArray[np.uint8]:
    places = np.flatnonzero(mask)
    return image.reshape(-1, 3)[places[:: max(1, len(places) // _MOST_LEARNED)]]


DEFAULT_FILTER = ColorFilter(
    weights=(3.843552, 3.977736, -2.483932),
    bias=-2.246647,
    origin="crops of Raabin-WBC and of Barcelona, every second field of BCCD; bench/fit_color_filter.py",
    images=558,
    boxes=574,
    sources=3,
)
"""Fitted on three microscopes and three stains."""
