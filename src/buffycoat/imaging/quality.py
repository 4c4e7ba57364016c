"""How good a photograph is: in focus, well lit, not clipped, of a neutral background."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.domain.smear import Quality
from buffycoat.imaging.arrays import RgbImage, check_rgb
from buffycoat.imaging.illumination import lit_area, shrink

__all__ = ["measure_quality"]

_LONGEST: Final = 1400
_BACKGROUND_BAND: Final = 6


def measure_quality(image: RgbImage) -> Quality:
    """Measure a whole field.

    Parameters
    ----------
    image : ndarray
        uint8, (height, width, 3), RGB.

    Returns
    -------
    Quality
        ``focus``: variance of the Laplacian over variance of the brightness, inside the lit area, on a copy of at most
        1,400 pixels; compare it within one set-up only. ``brightness``: mean of the lit area, 0 to 1. ``clipped_dark``
        and ``clipped_bright``: share of its pixels with a channel at 0 or at 255. ``cast_red`` and ``cast_blue``: red
        over green and blue over green in the background, which is the most frequent brightness of the brighter half;
        1 for a neutral one.

    Raises
    ------
    WrongArray
        Where the array is no image.

    Examples
    --------
    >>> measure_quality(np.full((64, 64, 3), (102, 204, 153), np.uint8))
    Quality(focus=0.0, brightness=0.6588, clipped_dark=0.0, clipped_bright=0.0, cast_red=0.5, cast_blue=0.75)
    """
    check_rgb(image)
    small, factor = shrink(image, longest=_LONGEST)
    gray = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.uint8)
    lit = lit_area(gray).astype(np.uint8)
    if not lit.any():
        lit[:] = 1
    # The rim of the lit area is the sharpest edge of all, and no part of the smear.
    inner = np.asarray(cv2.erode(lit, np.ones((9, 9), np.uint8), borderValue=1), np.uint8)
    inner = inner if inner.any() else lit
    spread = _deviation(gray, inner)
    focus = (_deviation(cv2.Laplacian(gray, cv2.CV_32F), inner) / spread) ** 2 if spread else 0.0
    # Averaging hides clipping, so single pixels are looked at.
    rows, columns = gray.shape
    picked = np.ascontiguousarray(image[::factor, ::factor][:rows, :columns])
    area = int(lit.sum())
    above = cv2.countNonZero(_within(picked, (1, 1, 1), (255, 255, 255)) & lit)
    below = cv2.countNonZero(_within(picked, (0, 0, 0), (254, 254, 254)) & lit)
    red, green, blue = _background(small, gray, lit)
    return Quality(
        focus=round(focus, 6),
        brightness=round(cv2.mean(gray, lit)[0] / 255, 4),
        clipped_dark=round(1 - above / area, 6),
        clipped_bright=round(1 - below / area, 6),
        cast_red=round(red / green, 4),
        cast_blue=round(blue / green, 4),
    )


def _deviation(channel: NDArray[Any], inside: NDArray[np.uint8]) -> float:
    return float(cv2.meanStdDev(channel, mask=inside)[1][0, 0])


def _within(image: NDArray[np.uint8], least: Sequence[int], most: Sequence[int]) -> NDArray[np.uint8]:
    """Return 255 where every channel is within the limits, both included."""
    return np.asarray(cv2.inRange(image, least, most), np.uint8)


def _background(image: RgbImage, gray: NDArray[np.uint8], lit: NDArray[np.uint8]) -> tuple[float, float, float]:
    """Return the mean color of the background."""
    histogram = cv2.calcHist([gray], [0], lit, [256], [0, 256]).ravel().astype(np.float64)
    smooth = np.convolve(histogram, np.ones(5) / 5, "same")
    median = int(np.searchsorted(np.cumsum(histogram), histogram.sum() / 2))
    mode = median + int(np.argmax(smooth[median:]))
    near = _within(gray, (mode - _BACKGROUND_BAND,), (mode + _BACKGROUND_BAND,)) & lit
    red, green, blue = (max(mean, 1.0) for mean in cv2.mean(image, near)[:3])
    return red, green, blue
