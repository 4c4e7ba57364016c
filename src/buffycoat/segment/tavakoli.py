"""Nuclei as Tavakoli et al. 2021 segment them: what is magenta and saturated, and not merely dark."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.errors import NothingFound, TooFew
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.color import balanced_stain
from buffycoat.imaging.threshold import histogram_of, otsu
from buffycoat.segment.hull import fill_hull

__all__ = ["Tavakoli", "tavakoli", "tavakoli_parts"]

SMALL = 0.1
SMALLEST_AREA_PX = 100


class Tavakoli(NamedTuple):
    """Every step of one run: images uint8, masks bool, all of the crop's height and width.

    ``channel`` is what was split, blurred, at ``threshold``. ``hull`` is the convex hull of the nucleus, ``rest`` what
    of it is not nucleus: the region of cytoplasm from which features are taken, with the holes of the nucleus and the
    gaps between its lobes.
    """

    balanced: RgbImage
    channel: NDArray[np.uint8]
    threshold: int
    nucleus: NDArray[np.bool_]
    hull: NDArray[np.bool_]
    rest: NDArray[np.bool_]


def tavakoli(crop: RgbImage) -> NDArray[np.bool_]:
    """Segment the nucleus of a crop by the method of Tavakoli et al. 2021; see :func:`tavakoli_parts`.

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
    return _segment(crop)[-1]


def tavakoli_parts(crop: RgbImage) -> Tavakoli:
    """Segment nucleus, hull and region of cytoplasm of a crop by the method of Tavakoli et al. 2021.

    On the color-balanced crop, ``X = min(M, S) - (K - M)`` with magenta ``M``, the saturation ``S`` of HLS, ``K = 255 -
    max(R, G, B)``, and both differences cut at 0. ``X`` is blurred (5 x 5) and split by Otsu's method, the level of the
    threshold included; where ``X`` is flat, ``M`` takes its place. Outlines with less than a tenth of the largest one's
    area are dropped; no hole is filled.

    Parameters
    ----------
    crop : ndarray
        uint8 RGB of shape (height, width, 3).

    Returns
    -------
    Tavakoli
        The three masks, and what led to them.

    Raises
    ------
    WrongArray
        If ``crop`` is no RGB image.
    NothingFound
        If the crop is of one color, or the largest outline encloses at most 100 pixels.

    Examples
    --------
    >>> crop = np.full((60, 60, 3), 230, np.uint8)
    >>> crop[20:40, 20:40] = crop[20:30, 40:45] = (120, 40, 160)
    >>> found = tavakoli_parts(crop)
    >>> bool((found.nucleus ^ found.rest == found.hull).all()), bool(found.rest[33, 41])
    (True, True)
    """
    balanced, channel, threshold, nucleus = _segment(crop)
    hull = fill_hull(nucleus)
    return Tavakoli(balanced, channel, threshold, nucleus, hull, hull & ~nucleus)


def _segment(crop: RgbImage) -> tuple[RgbImage, NDArray[np.uint8], int, NDArray[np.bool_]]:
    balanced, magenta, stain = balanced_stain(crop)
    lowest, highest, _, _ = cv2.minMaxLoc(stain)
    source = stain if lowest < highest else magenta
    channel = np.asarray(cv2.GaussianBlur(source, (5, 5), 0), dtype=np.uint8)
    try:
        threshold = otsu(histogram_of(channel))
    except TooFew as error:
        raise NothingFound("the crop is of one color", expected="a stained nucleus", found="one level") from error
    mask = (channel >= threshold).astype(np.uint8)
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    areas = [cv2.contourArea(outline) for outline in outlines]
    largest = max(areas, default=0.0)
    if largest <= SMALLEST_AREA_PX:
        raise NothingFound(
            "no nucleus in this crop",
            expected=f"an outline of more than {SMALLEST_AREA_PX} px",
            found=f"{largest:g} px",
        )
    small = [outline for outline, area in zip(outlines, areas, strict=True) if area < SMALL * largest]
    if small:
        cv2.drawContours(mask, small, -1, 0, cv2.FILLED)
    return balanced, channel, threshold, mask.view(np.bool_)
