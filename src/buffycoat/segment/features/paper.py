"""51 numbers of a cell's nucleus: color against its convex hull, and shape (Tavakoli et al. 2021)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from buffycoat.errors import InvalidMask, NothingFound
from buffycoat.imaging.arrays import RgbImage, check_rgb
from buffycoat.imaging.color import apply_tables, balance_tables
from buffycoat.imaging.regions import check_mask
from buffycoat.segment.hull import fill_hull, find_outlines, hull_corners
from buffycoat.segment.nucleus import segment_nucleus

__all__ = ["FEATURE_NAMES", "extract_features", "features_of"]

CHANNELS = (
    "rgb.r",
    "rgb.g",
    "rgb.b",
    "hsv.h",
    "hsv.s",
    "hsv.v",
    "lab.l",
    "lab.a",
    "lab.b",
    "ycrcb.y",
    "ycrcb.cr",
    "ycrcb.cb",
)
SPACES = (cv2.COLOR_RGB2HSV, cv2.COLOR_RGB2LAB, cv2.COLOR_RGB2YCrCb)
SHAPES = ("circularity", "convexity", "solidity")
LARGEST_RATIO = 10.0
"""What a ratio is where only its denominator is 0."""

FEATURE_NAMES: tuple[str, ...] = (
    *(
        f"{channel}.{part}.{number}"
        for part in ("nucleus", "rest")
        for channel in CHANNELS
        for number in ("mean", "std")
    ),
    *SHAPES,
)
"""The 51 features in order: 24 of the nucleus and 24 of the rest of its hull, relative to the hull; 3 of shape."""


def extract_features(crop: RgbImage) -> NDArray[np.float64]:
    """Segment the nucleus of a crop and measure it.

    Parameters
    ----------
    crop : ndarray
        uint8 RGB of shape (height, width, 3), with the cell in its middle.

    Returns
    -------
    ndarray
        float64 of shape (51,), all finite, in the order of ``FEATURE_NAMES``.

    Raises
    ------
    WrongArray
        If ``crop`` is no RGB image.
    NothingFound
        If there is no nucleus.

    Examples
    --------
    >>> crop = np.full((60, 60, 3), 230, np.uint8)
    >>> crop[20:40, 20:40] = (120, 40, 160)
    >>> extract_features(crop).shape
    (51,)
    """
    return features_of(crop, segment_nucleus(crop))


def features_of(crop: RgbImage, nucleus: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Measure a nucleus whose mask is known.

    For each of 12 channels of the color-balanced crop (RGB, HSV, L*a*b*, YCrCb, 8 bits each): mean and standard
    deviation in the nucleus divided by those in its filled convex hull, then the same for the rest of the hull, which
    is cytoplasm between lobes. Ratios bear a change of light better than colors. Then, with perimeter ``P`` and area
    ``A`` of the nucleus, and those of the hull through pixel centers: circularity ``P^2 / (4 pi A)``, convexity
    ``P_hull / P``, solidity ``A / A_hull``.

    A pixel is in the hull if its center is, or lies on its edge (:func:`~buffycoat.segment.hull.fill_hull`).
    A ratio of 0 to 0 is 1, of anything else to 0 it is 10. Where the nucleus fills its hull, all 48 ratios are 1.

    Parameters
    ----------
    crop : ndarray
        uint8 RGB of shape (height, width, 3).
    nucleus : ndarray
        bool of shape (height, width).

    Returns
    -------
    ndarray
        float64 of shape (51,), all finite, in the order of ``FEATURE_NAMES``.

    Raises
    ------
    WrongArray
        If ``crop`` is no RGB image.
    InvalidMask
        If ``nucleus`` is no mask of the crop.
    NothingFound
        If the mask is empty.

    Examples
    --------
    >>> crop = np.full((60, 60, 3), 230, np.uint8)
    >>> nucleus = np.zeros((60, 60), bool)
    >>> nucleus[20:40, 20:40] = True
    >>> features_of(crop, nucleus)[-3:].round(3).tolist()
    [1.149, 1.0, 1.108]
    """
    check_rgb(crop)
    check_mask(nucleus)
    if nucleus.shape != crop.shape[:2]:
        raise InvalidMask("the nucleus is no mask of the crop", expected=str(crop.shape[:2]), found=str(nucleus.shape))
    if not nucleus.any():
        raise NothingFound("the mask of the nucleus is empty")
    left, top, width, height = cv2.boundingRect(nucleus.view(np.uint8))
    window = slice(top, top + height), slice(left, left + width)
    image, inside = np.ascontiguousarray(crop[window]), np.ascontiguousarray(nucleus[window])
    outlines = find_outlines(inside)
    corners = hull_corners(outlines)
    rest = fill_hull(inside, corners) & ~inside
    # What lies outside the hull is not looked at; only the balance is that of the whole crop.
    colors = _color(apply_tables(image, balance_tables(crop)), inside, rest) if rest.any() else [1.0] * 48
    return np.array([*colors, *_shape(outlines, corners, int(np.count_nonzero(inside)))])


def _color(image: RgbImage, nucleus: NDArray[np.bool_], rest: NDArray[np.bool_]) -> list[float]:
    pictures = (image, *(cv2.cvtColor(image, space) for space in SPACES))
    of_nucleus, of_rest = (_sums(pictures, part) for part in (nucleus, rest))
    counts = int(np.count_nonzero(nucleus)), int(np.count_nonzero(rest))
    whole = [
        _mean_and_std(sum(counts), one[0] + other[0], one[1] + other[1])
        for one, other in zip(of_nucleus, of_rest, strict=True)
    ]
    return [
        _divide(above, below)
        for count, part in zip(counts, (of_nucleus, of_rest), strict=True)
        for sums, hull in zip(part, whole, strict=True)
        for above, below in zip(_mean_and_std(count, *sums), hull, strict=True)
    ]


def _sums(pictures: Sequence[MatLike], mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the sum of the levels, and of their squares, in a mask for each channel of each picture.

    OpenCV tells mean and standard deviation of whole-number sums, from which these are found again by rounding; so a
    flat channel has a deviation of 0, and not nearly 0.
    """
    count = int(np.count_nonzero(mask))
    sums = []
    for picture in pictures:
        means, deviations = cv2.meanStdDev(picture, mask=mask.view(np.uint8))
        for mean, deviation in zip(means.ravel().tolist(), deviations.ravel().tolist(), strict=True):
            sums.append((round(mean * count), round((deviation**2 + mean**2) * count)))
    return sums


def _mean_and_std(count: int, total: int, squares: int) -> tuple[float, float]:
    return total / count, math.sqrt(count * squares - total**2) / count


def _shape(outlines: Sequence[MatLike], corners: MatLike, area: int) -> tuple[float, float, float]:
    perimeter = sum(cv2.arcLength(outline, closed=True) for outline in outlines)
    return (
        perimeter**2 / (4 * math.pi * area),
        _divide(cv2.arcLength(corners, closed=True), perimeter),
        _divide(area, cv2.contourArea(corners)),
    )


def _divide(above: float, below: float) -> float:
    if below > 0:
        return above / below
    return LARGEST_RATIO if above else 1.0
