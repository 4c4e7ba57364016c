"""Whether two crops show the same cell, though one is shifted, turned a little, or sharper than the other."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.errors import WrongArray
from buffycoat.imaging.arrays import RgbImage, check_rgb

__all__ = ["THUMBNAIL_SIDE", "Thumbnail", "detail", "registered_correlation", "seen_part", "thumbnail"]

THUMBNAIL_SIDE = 64

Thumbnail = NDArray[np.uint8]
"""A small grey picture of a crop: uint8, shape (64, 64)."""

# What a second photograph through the same ocular can do to a cell. Repeats in Raabin-WBC are turned by up to 4.5
# degrees and scaled by up to 9 % (the phone is held by hand); a fit beyond these limits found another cell.
MAX_SHIFT = 16
MAX_TURN_DEGREES = 8.0
MAX_SCALE = 1.13
MAX_STRETCH = 1.1
MIN_OVERLAP = 0.6
MIN_SHARED = 0.3

PADDING = 255

_STOP = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 30, 1e-4)

_Grey = NDArray[np.float32]


def thumbnail(crop: RgbImage) -> Thumbnail:
    """Return a small grey picture of a crop, each pixel the mean of those that it covers.

    Parameters
    ----------
    crop : ndarray
        uint8, shape (height, width, 3), RGB.

    Returns
    -------
    ndarray
        uint8, shape (64, 64).

    Raises
    ------
    WrongArray
        If ``crop`` is no RGB image.

    Examples
    --------
    >>> thumbnail(np.full((575, 575, 3), 200, np.uint8)).shape
    (64, 64)
    """
    check_rgb(crop)
    grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.resize(grey, (THUMBNAIL_SIDE, THUMBNAIL_SIDE), interpolation=cv2.INTER_AREA), np.uint8)


def seen_part(picture: Thumbnail) -> tuple[slice, slice]:
    """Return the rows and columns of a thumbnail that lie in the field: all but the white padding at its edges.

    Examples
    --------
    >>> picture = np.full((64, 64), 90, np.uint8)
    >>> picture[:, :10] = 255
    >>> seen_part(picture)
    (slice(0, 64, None), slice(11, 64, None))
    """
    seen = picture < PADDING
    return _stretch(np.asarray(seen.any(axis=1))), _stretch(np.asarray(seen.any(axis=0)))


def detail(picture: NDArray[np.float32], inside: NDArray[np.float32], *, fine: float, coarse: float) -> _Grey:
    """Return what a picture shows between two sizes, in pixels: neither noise nor shading; 0 outside.

    What is not inside takes no part in the blur either.
    """
    fine_weight = np.maximum(cv2.GaussianBlur(inside, (0, 0), fine), 1e-6)
    coarse_weight = np.maximum(cv2.GaussianBlur(inside, (0, 0), coarse), 1e-6)
    shown = picture * inside
    band = cv2.GaussianBlur(shown, (0, 0), fine) / fine_weight - cv2.GaussianBlur(shown, (0, 0), coarse) / coarse_weight
    return np.asarray(band * inside, np.float32)


def registered_correlation(a: Thumbnail, b: Thumbnail) -> float:
    """Return how alike two thumbnails are once one is laid upon the other.

    The best shift is searched first, then an affine fit is refined from there (enhanced correlation coefficient,
    Evangelidis and Psarakis 2008). The answer is the correlation of what both show, of details between 1 and 6
    thumbnail pixels only: two round cells on empty background are alike in the large, but not in their detail.
    White padding takes no part.

    Symmetric. 1 for equal pictures. 0 where the fit is no second photograph of one cell: turned by more than
    8 degrees, scaled by more than 13 %, or with less than 60 % of the smaller picture in common; 0 also where a
    picture is flat.

    Parameters
    ----------
    a, b : ndarray
        Thumbnails: uint8, shape (64, 64).

    Returns
    -------
    float
        -1 to 1; same cells of Raabin-WBC and BCCD lie above 0.94, others below 0.89.

    Raises
    ------
    WrongArray
        If one is no thumbnail.

    Examples
    --------
    >>> picture = np.random.default_rng(0).integers(0, 256, (64, 64), np.uint8)
    >>> registered_correlation(picture, picture)
    1.0
    """
    for each in (a, b):
        if each.dtype != np.uint8 or each.shape != (THUMBNAIL_SIDE, THUMBNAIL_SIDE):
            raise WrongArray("not a thumbnail", expected="uint8 (64, 64)", found=f"{each.dtype} {each.shape}")
    if np.array_equal(a, b):
        return 1.0
    # The fit moves one picture onto the other, so the order is fixed by content: the answer must not depend on it.
    if a.tobytes() > b.tobytes():
        a, b = b, a
    seen_a, seen_b = seen_part(a), seen_part(b)
    if _is_flat(a[seen_a]) or _is_flat(b[seen_b]):
        return 0.0
    inside_a, inside_b = _mask(seen_a), _mask(seen_b)
    warp = _fit(_filled(a, seen_a), _filled(b, seen_b), inside_a, seen_b)
    if not _is_retake(warp):
        return 0.0
    size = (THUMBNAIL_SIDE, THUMBNAIL_SIDE)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    moved = cv2.warpAffine(_filled(a, seen_a), warp, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    shared = ((cv2.warpAffine(inside_a, warp, size, flags=flags) > 0.99) & (inside_b > 0)).astype(np.float32)
    if shared.sum() < max(MIN_OVERLAP * min(inside_a.sum(), inside_b.sum()), MIN_SHARED * shared.size):
        return 0.0
    x, y = (detail(np.asarray(each, np.float32), shared, fine=1, coarse=6) for each in (moved, b))
    return _correlation(x[shared > 0], y[shared > 0])


def _stretch(seen: NDArray[np.bool_]) -> slice:
    """Return the stretch of places that are seen; next to padding the first pixel is half padding, and left out."""
    places = np.flatnonzero(seen)
    if not places.size:
        return slice(0, 0)
    first, last, end = int(places[0]), int(places[-1]) + 1, len(seen)
    return slice(first + (first > 0), last - (last < end))


def _mask(seen: tuple[slice, slice]) -> _Grey:
    mask = np.zeros((THUMBNAIL_SIDE, THUMBNAIL_SIDE), np.float32)
    mask[seen] = 1
    return mask


def _is_flat(part: NDArray[np.uint8]) -> bool:
    return part.size == 0 or bool(part.min() == part.max())


def _filled(picture: Thumbnail, seen: tuple[slice, slice]) -> _Grey:
    """Return the picture with the mean of its seen part in place of its padding."""
    filled = np.full(picture.shape, picture[seen].mean(), np.float32)
    filled[seen] = picture[seen]
    return filled


def _fit(a: _Grey, b: _Grey, inside_a: _Grey, seen_b: tuple[slice, slice]) -> _Grey:
    """Return the 2 x 3 matrix that takes places in b to places in a."""
    best, dx, dy = -2.0, 0, 0
    middle = slice(MAX_SHIFT, THUMBNAIL_SIDE - MAX_SHIFT)
    for sign, whole, part in ((1, a, b), (-1, b, a)):
        scores = cv2.matchTemplate(whole, part[middle, middle], cv2.TM_CCOEFF_NORMED)
        _, score, _, (x, y) = cv2.minMaxLoc(scores)
        if score > best:
            best, dx, dy = score, sign * (x - MAX_SHIFT), sign * (y - MAX_SHIFT)
    top, left = seen_b[0].start, seen_b[1].start
    shift = np.array([[1, 0, dx + left], [0, 1, dy + top]], np.float32)
    try:
        _, warp = cv2.findTransformECC(b[seen_b], a, shift.copy(), cv2.MOTION_AFFINE, _STOP, inside_a.astype(np.uint8))
    except cv2.error:  # it did not converge: the shift alone is what we know
        warp = shift
    # From the seen part of b, where it was fitted, to the whole of b.
    fitted = np.asarray(warp, np.float32)
    fitted[:, 2] -= fitted[:, :2] @ np.array([left, top], np.float32)
    return fitted


def _is_retake(warp: _Grey) -> bool:
    """Say whether a fit is one that a second photograph through the same ocular can need."""
    if not np.isfinite(warp).all():
        return False
    long, short = np.linalg.svd(warp[:, :2], compute_uv=False)
    turn = np.degrees(np.arctan2(warp[1, 0] - warp[0, 1], warp[0, 0] + warp[1, 1]))
    upright = float(np.linalg.det(warp[:, :2])) > 0
    scaled = 1 / MAX_SCALE <= np.sqrt(long * short) <= MAX_SCALE
    return bool(upright and scaled and long / short <= MAX_STRETCH and abs(turn) <= MAX_TURN_DEGREES)


def _correlation(x: _Grey, y: _Grey) -> float:
    x, y = x - x.mean(), y - y.mean()
    length = float(np.linalg.norm(x) * np.linalg.norm(y))
    return float(np.clip(np.dot(x, y) / length, -1, 1)) if length > 0 else 0.0
