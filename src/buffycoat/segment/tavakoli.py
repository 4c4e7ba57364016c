"""Nuclei as Tavakoli et al. 2021 segment them: what is magenta and saturated, and not merely dark."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.errors import NothingFound, TooFew
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.color import gray_world, magenta, saturation
from buffycoat.imaging.threshold import histogram_of, otsu

__all__ = ["tavakoli"]

SMALL = 0.1
SMALLEST_AREA_PX = 100


def tavakoli(crop: RgbImage) -> NDArray[np.bool_]:
    """Segment the nucleus of a crop by the method of Tavakoli et al. 2021.

    On the color-balanced crop, ``X = min(M, S) - (K - M)`` with magenta ``M``, the saturation ``S`` of HLS, ``K = 255 -
    max(R, G, B)``, and both differences cut at 0. ``X`` is blurred (5 x 5) and split by Otsu's method, the level of the
    threshold included. Outlines with less than a tenth of the largest one's area are dropped; no hole is filled.

    Parameters
    ----------
    crop : ndarray
        uint8 RGB of shape (height, width, 3).

    Returns
    -------
    ndarray
        bool of shape (height, width).

    Raises
    ------
    WrongArray
        If ``crop`` is no RGB image.
    NothingFound
        If the crop is of one color, or the largest outline encloses at most 100 pixels.

    Examples
    --------
    >>> crop = np.full((60, 60, 3), 230, np.uint8)
    >>> crop[20:40, 20:40] = (120, 40, 160)
    >>> int(tavakoli(crop)[20:40, 20:40].sum())
    400
    """
    balanced = gray_world(crop)
    channel = magenta(balanced)
    red, green, blue = cv2.split(balanced)
    dark = cv2.subtract(cv2.bitwise_not(cv2.max(cv2.max(red, green), blue)), channel)
    stained = cv2.subtract(cv2.min(channel, saturation(balanced)), dark)
    mask = _above_otsu(stained) if np.ptp(np.asarray(stained)) else _above_otsu(channel)
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    areas = [cv2.contourArea(outline) for outline in outlines]
    largest = max(areas, default=0.0)
    if largest <= SMALLEST_AREA_PX:
        raise NothingFound(
            "no nucleus in this crop",
            expected=f"an outline of more than {SMALLEST_AREA_PX} px",
            found=f"{largest:g} px",
        )
    small = [outline for outline, area in zip(outlines, areas, strict=True) if area < SMALL * largest]
    cv2.drawContours(mask, small, -1, 0, cv2.FILLED)
    return mask.astype(np.bool_)


def _above_otsu(channel: cv2.typing.MatLike) -> NDArray[np.uint8]:
    blurred = np.asarray(cv2.GaussianBlur(channel, (5, 5), 0), dtype=np.uint8)
    try:
        level = otsu(histogram_of(blurred))
    except TooFew as error:
        raise NothingFound("the crop is of one color", expected="a stained nucleus", found="one level") from error
    return (blurred >= level).astype(np.uint8)
