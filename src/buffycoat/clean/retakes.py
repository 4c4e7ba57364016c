"""The same cell photographed twice, imitated: for measuring how far hashes move when nothing but the taking changes."""

from __future__ import annotations

import cv2
import numpy as np

from buffycoat.domain.value import value
from buffycoat.errors import InputError
from buffycoat.imaging.arrays import RgbImage, check_rgb

__all__ = ["Jitter", "retake"]


@value
class Jitter:
    """What a second photograph changes, at most.

    Parameters
    ----------
    shift : float
        In sides of the crop, along each axis.
    blur : float
        Standard deviation of a Gaussian, in pixels.
    light : float
        Gain and gamma are drawn between ``1 - light`` and ``1 + light``.
    quality : (int, int)
        Lowest and highest JPEG quality.

    Raises
    ------
    InputError
        If a limit is out of range.
    """

    shift: float = 0.08
    blur: float = 2.0
    light: float = 0.1
    quality: tuple[int, int] = (60, 95)

    def __post_init__(self) -> None:
        """Refuse what no photograph can do."""
        low, high = self.quality
        if not (0 <= self.shift < 0.5 and self.blur >= 0 and 0 <= self.light < 1 and 1 <= low <= high <= 100):
            raise InputError(
                "no such jitter",
                expected="shift 0 to 0.5, blur at least 0, light 0 to 1, quality 1 to 100, lowest first",
                found=f"shift {self.shift}, blur {self.blur}, light {self.light}, quality {low} to {high}",
            )


def retake(crop: RgbImage, rng: np.random.Generator, *, jitter: Jitter | None = None) -> tuple[RgbImage, RgbImage]:
    """Return two views cut inside one crop, as if it had been photographed twice.

    Both views are windows of the crop, so that all pixels are real ones: nothing is reflected or padded. The first is
    its middle, the second is shifted, blurred, lit anew and saved as a JPEG.

    Parameters
    ----------
    crop : ndarray
        uint8, shape (height, width, 3), RGB.
    rng : numpy.random.Generator
        What is drawn from; the same state draws the same views.
    jitter : Jitter, optional
        The limits; each change is drawn evenly within them.

    Returns
    -------
    tuple of ndarray
        Two views, uint8, of one shape: the crop less ``shift`` on each side.

    Raises
    ------
    WrongArray
        If ``crop`` is no RGB image.

    Examples
    --------
    >>> crop = np.full((116, 116, 3), 200, np.uint8)
    >>> seen, again = retake(crop, np.random.default_rng(0))
    >>> seen.shape, again.shape
    ((100, 100, 3), (100, 100, 3))
    """
    check_rgb(crop)
    limits = jitter or Jitter()
    height, width = crop.shape[:2]
    top, left = (int(limits.shift / (1 + 2 * limits.shift) * side + 1e-9) for side in (height, width))
    down, right = (int(rng.integers(-margin, margin + 1)) for margin in (top, left))
    sigma = rng.uniform(0, limits.blur)
    gain, gamma = rng.uniform(1 - limits.light, 1 + limits.light, 2)
    quality = int(rng.integers(limits.quality[0], limits.quality[1] + 1))
    seen = crop[top : height - top, left : width - left]
    again = crop[top + down : height - top + down, left + right : width - left + right]
    if sigma > 0:
        again = np.asarray(cv2.GaussianBlur(again, (0, 0), sigma), np.uint8)
    levels = np.clip(255 * (gain * np.arange(256) / 255) ** gamma, 0, 255).round().astype(np.uint8)
    swapped = np.ascontiguousarray(levels[again][:, :, ::-1])
    content = cv2.imencode(".jpg", swapped, (cv2.IMWRITE_JPEG_QUALITY, quality))[1]
    decoded = np.asarray(cv2.imdecode(content, cv2.IMREAD_COLOR), np.uint8)
    return np.ascontiguousarray(seen), np.ascontiguousarray(decoded[:, :, ::-1])
