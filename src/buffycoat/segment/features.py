"""51 numbers of a cell's nucleus: color against its convex hull, and shape (Tavakoli et al. 2021)."""

from __future__ import annotations

import math

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from buffycoat.errors import InvalidMask, NothingFound
from buffycoat.imaging.arrays import RgbImage, check_rgb
from buffycoat.imaging.color import gray_world
from buffycoat.imaging.regions import check_mask, convex_hull
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
    left, top, width, height = cv2.boundingRect(nucleus.astype(np.uint8))
    window = slice(top, top + height), slice(left, left + width)
    inside = nucleus[window]
    return np.concatenate([_color(gray_world(crop)[window], inside), _shape(inside)])


def _color(image: RgbImage, nucleus: NDArray[np.bool_]) -> NDArray[np.float64]:
    hull = convex_hull(nucleus)
    if np.array_equal(hull, nucleus):
        return np.ones(4 * len(CHANNELS))
    stacked = np.concatenate([image, *(cv2.cvtColor(image, space) for space in SPACES)], axis=2)
    in_hull = stacked[hull].astype(np.int64)
    of_nucleus = nucleus[hull]
    whole = _mean_and_std(in_hull)
    parts = (_mean_and_std(in_hull[of_nucleus]), _mean_and_std(in_hull[~of_nucleus]))
    return np.concatenate([_divide(part, whole).ravel() for part in parts])


def _mean_and_std(pixels: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return mean and standard deviation of each channel as columns; whole numbers, so that a flat channel has 0."""
    count, total = len(pixels), pixels.sum(axis=0)
    squares = np.einsum("ij,ij->j", pixels, pixels)
    return np.stack([total / count, np.sqrt(count * squares - total**2) / count], axis=1)


def _shape(nucleus: NDArray[np.bool_]) -> NDArray[np.float64]:
    outlines, _ = cv2.findContours(nucleus.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    hull: MatLike = cv2.convexHull(np.concatenate(outlines))
    perimeter, area = sum(cv2.arcLength(outline, closed=True) for outline in outlines), np.count_nonzero(nucleus)
    above = np.array([perimeter**2, cv2.arcLength(hull, closed=True), area])
    return _divide(above, np.array([4 * math.pi * area, perimeter, cv2.contourArea(hull)]))


def _divide(above: NDArray[np.float64], below: NDArray[np.float64]) -> NDArray[np.float64]:
    ratio = np.where(above == 0, 1.0, LARGEST_RATIO)
    return np.divide(above, below, out=ratio, where=below > 0)
