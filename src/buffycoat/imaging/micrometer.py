"""The spacing of the lines in a photograph of a stage micrometer."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.errors import NothingFound
from buffycoat.imaging.arrays import RgbImage, check_rgb
from buffycoat.imaging.illumination import shrink

__all__ = ["micrometer_period"]

Profile = NDArray[np.float64]

_LONGEST: Final = 1600
_FEWEST: Final = 6
_SHORTEST: Final = 4


def micrometer_period(image: RgbImage) -> float:
    """Measure the distance between neighboring lines of a ruler, at whatever angle it lies.

    The directions across which edges run most often are tried; across the right one the mean brightness rises and
    falls with the lines, and how it does so is the same again after one spacing. Longer lines at every fifth or tenth,
    a base line and numbers do no harm.

    Parameters
    ----------
    image : ndarray
        uint8, (height, width, 3), RGB; the lines fill a good part of it.

    Returns
    -------
    float
        Pixels of ``image`` from the middle of one line to the middle of the next.

    Raises
    ------
    NothingFound
        Fewer than six lines, or no clear spacing.

    Examples
    --------
    >>> ruler = np.full((200, 400, 3), 230, np.uint8)
    >>> ruler[:, 10::25] = 20
    >>> round(micrometer_period(ruler), 2)
    25.0
    """
    check_rgb(image)
    small, factor = shrink(image, longest=_LONGEST)
    gray = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32)
    found: list[tuple[float, float]] = []
    for direction in _directions(gray):
        profile = _profile(gray, _straighten(gray, direction))
        period = _period(profile)
        if period and _is_clear(profile, period):
            found.append((_contrast(profile), period))
    if not found:
        raise NothingFound(
            "no ruler to measure", expected="six lines or more at one distance", found="no clear spacing"
        )
    # Seen at a slant lines are nearer to each other, but blurred: the sharpest view is the straight one.
    return max(found)[1] * factor


def _directions(gray: NDArray[np.float32]) -> list[float]:
    """Return the angles, in degrees from the row axis, across which most edges run: up to three, strongest first."""
    soft = cv2.GaussianBlur(gray, (0, 0), 1.0)
    across, down = cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    strength, angle = cv2.cartToPolar(across, down, angleInDegrees=True)
    counts = np.bincount((angle.ravel() % 180).astype(np.int64), weights=strength.ravel() ** 2, minlength=180)[:180]
    votes = np.convolve(np.r_[counts[-2:], counts, counts[:2]], np.ones(5), "valid")
    found = []
    for _ in range(3):
        top = int(np.argmax(votes))
        if votes[top] <= 0:
            break
        found.append(top + 0.5)
        votes[np.arange(top - 12, top + 13) % 180] = 0
    return found


def _straighten(gray: NDArray[np.float32], angle: float) -> float:
    """Refine an angle: at the right one the profile is sharpest."""
    small = cv2.resize(gray, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA).astype(np.float32)
    for picture, reach, step in ((small, 3.0, 0.5), (small, 0.5, 0.1), (gray, 0.1, 0.02)):
        tries = angle + np.arange(-reach, reach + step / 2, step)
        angle = float(tries[np.argmax([_contrast(_profile(picture, each)) for each in tries])])
    return angle


def _profile(gray: NDArray[np.float32], angle: float) -> Profile:
    """Return the mean brightness along a direction, without slow changes; only where enough of the picture is seen."""
    height, width = gray.shape
    turn = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), angle, 1.0)
    # Wide enough for the diagonal.
    length = int(np.hypot(height, width)) + 1
    turn[:, 2] += (length - width) / 2, (length - height) / 2
    seen = cv2.warpAffine(np.ones_like(gray), turn, (length, length)).sum(axis=0)
    sums = cv2.warpAffine(gray, turn, (length, length)).sum(axis=0)
    enough = seen > 0.3 * seen.max()
    profile: Profile = (sums[enough] / seen[enough]).astype(np.float64)
    slow = cv2.blur(profile[None], (2 * (len(profile) // 8) + 1, 1), borderType=cv2.BORDER_REFLECT)[0]
    return np.asarray(profile - slow, np.float64)


def _contrast(profile: Profile) -> float:
    return float(np.square(np.diff(profile)).mean())


def _alike(profile: Profile) -> Profile:
    """Return how much a profile resembles itself, shifted by 0, 1, 2, … pixels: 1 for equal, 0 for unrelated."""
    count = len(profile)
    spectrum = np.abs(np.fft.rfft(profile, 2 * count)) ** 2
    alike = np.fft.irfft(spectrum)[:count] / max(float(profile @ profile), 1e-12)
    return np.asarray(alike * count / (count - np.arange(count)), np.float64)


def _period(profile: Profile) -> float:
    """Return the smallest shift after which a profile resembles itself, in pixels; 0 where there is none."""
    most = len(profile) // _FEWEST
    if most <= 2 * _SHORTEST or _contrast(profile) < 1e-9:
        return 0.0
    alike = _alike(profile)[: most + 1]
    peaks = 1 + np.flatnonzero((alike[1:-1] >= alike[:-2]) & (alike[1:-1] > alike[2:]))
    peaks = peaks[peaks >= _SHORTEST]
    if not len(peaks):
        return 0.0
    # The first that is not much lower than the highest: later ones are two, five or ten spacings.
    lag = int(peaks[np.argmax(alike[peaks] > 0.4 * alike[peaks].max())])
    return _sharpen(profile, lag)


def _is_clear(profile: Profile, period: float) -> bool:
    """Say whether a spacing holds: after one to four of it, not after half ones, and alike in both halves."""
    count = len(profile)
    times = np.arange(1, 5)
    alike = _alike(profile)
    whole = np.interp(times * period, np.arange(count), alike)
    half = np.interp((times - 0.5) * period, np.arange(count), alike)
    bins = int(np.clip(period, 4, 32))
    phase = (np.arange(count) / period % 1 * bins).astype(np.int64)
    first = np.arange(count) < count / 2
    one, other = (
        np.bincount(phase[part], profile[part], bins) / np.maximum(np.bincount(phase[part], minlength=bins), 1)
        for part in (first, ~first)
    )
    agreement = float(np.asarray(np.corrcoef(one, other))[0, 1])
    return bool(whole.min() > 0.1 and (whole - half).mean() > 0.3 and agreement > 0.9)


def _sharpen(profile: Profile, lag: int) -> float:
    """Refine a spacing to a fraction of a pixel, by the first harmonics of the profile over its whole length."""
    count = len(profile)
    place = np.arange(count)
    weights = np.hanning(count) * profile
    best = float(lag)
    for reach in (1.0, 0.1, 0.01):
        tries = best + np.linspace(-reach, reach, 41)
        waves = np.exp(-2j * np.pi * place[None, :] / tries[:, None])
        energy = np.abs(waves @ weights) ** 2 + np.abs(waves**2 @ weights) ** 2
        best = float(tries[np.argmax(energy)])
    return best
