"""Whether two crops show the same cell, though one is shifted, turned, lit otherwise, or sharper than the other."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.errors import WrongArray
from buffycoat.imaging.arrays import RgbImage, check_rgb

__all__ = [
    "MIN_OVERLAP",
    "THUMBNAIL_SIDE",
    "Picture",
    "Registration",
    "Thumbnail",
    "Warp",
    "band_pass",
    "from_sides",
    "in_sides",
    "inverse",
    "laid_upon",
    "register",
    "registered_correlation",
    "seen_part",
    "thumbnail",
]

THUMBNAIL_SIDE = 64

Thumbnail = NDArray[np.uint8]
"""A small grey picture of a crop: uint8, shape (64, 64)."""

Warp = NDArray[np.float64]
"""Shape (2, 3): takes a place (x, y) in thumbnail b to its place in thumbnail a, in thumbnail pixels."""

# What a second photograph through the same ocular can do to a cell, when the slide was seated anew and the phone is
# held by hand. A fit beyond these limits found another cell.
MAX_SHIFT = 16
MAX_TURN_DEGREES = 13.0
MAX_SCALE = 1.13
MAX_STRETCH = 1.1
MIN_OVERLAP = 0.6
MIN_SHARED = 0.3

PADDING = 255

_TURNS = (0.0, -5.0, 5.0, -10.0, 10.0)
_STOP = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 15, 1e-3)
_SIZE = (THUMBNAIL_SIDE, THUMBNAIL_SIDE)
_INVERSE = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
_FINE, _COARSE = 1.0, 6.0

_Grey = NDArray[np.float32]


class Registration(NamedTuple):
    """Two thumbnails laid upon one another.

    ``correlation`` is that of what both show, ``share`` the part of the smaller one that both show, 0 to 1; ``warp``
    takes places in b to places in a.
    """

    correlation: float
    share: float
    warp: Warp


_NOTHING = Registration(0.0, 0.0, np.eye(2, 3))

# Where that little is left to explain, a refinement finds no more than noise, and can lose the way.
_ENOUGH = 0.99


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
    return np.asarray(cv2.resize(grey, _SIZE, interpolation=cv2.INTER_AREA), np.uint8)


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


def band_pass(pictures: _Grey, inside: _Grey, *, fine: float, coarse: float) -> _Grey:
    """Return what pictures show between two sizes, in pixels: neither noise nor shading; 0 outside.

    What is not inside takes no part in the blur either.

    Parameters
    ----------
    pictures, inside : ndarray of float32
        Shape (..., side, side); ``inside`` is 1 where the picture counts, else 0.
    fine, coarse : float
        Standard deviations of the two Gaussians, in pixels.
    """
    shown = pictures * inside
    bands = [
        (blur @ shown @ blur) / np.maximum(blur @ inside @ blur, 1e-6)
        for blur in (_gaussian(pictures.shape[-1], fine), _gaussian(pictures.shape[-1], coarse))
    ]
    return np.asarray((bands[0] - bands[1]) * inside, np.float32)


class Picture:
    """A thumbnail with what a registration needs of it, each made once.

    Parameters
    ----------
    thumbnail : ndarray
        uint8, shape (64, 64).

    Raises
    ------
    WrongArray
        If it is no thumbnail.
    """

    def __init__(self, thumbnail: Thumbnail) -> None:
        if thumbnail.dtype != np.uint8 or thumbnail.shape != _SIZE:
            found = f"{thumbnail.dtype} {thumbnail.shape}"
            raise WrongArray("not a thumbnail", expected="uint8 (64, 64)", found=found)
        self.thumbnail = thumbnail

    @cached_property
    def content(self) -> bytes:
        """All pixels, to tell equal pictures and to order others."""
        return self.thumbnail.tobytes()

    @cached_property
    def seen(self) -> tuple[slice, slice]:
        """See `seen_part`."""
        return seen_part(self.thumbnail)

    @cached_property
    def inside(self) -> _Grey:
        """1 where the picture lies in the field, else 0."""
        mask = np.zeros(_SIZE, np.float32)
        mask[self.seen] = 1
        return mask

    @cached_property
    def is_flat(self) -> bool:
        """Whether there is nothing to lay upon one another."""
        part = self.thumbnail[self.seen]
        return part.size == 0 or bool(part.min() == part.max())

    @cached_property
    def filled(self) -> _Grey:
        """The picture with the mean of its seen part in place of its padding."""
        filled = np.full(_SIZE, self.thumbnail[self.seen].mean(), np.float32)
        filled[self.seen] = self.thumbnail[self.seen]
        return filled

    @cached_property
    def detail(self) -> _Grey:
        """What it shows between 1 and 6 pixels."""
        return band_pass(self.filled, self.inside, fine=_FINE, coarse=_COARSE)


def register(a: Picture, b: Picture, start: Warp | None = None, *, min_share: float = MIN_OVERLAP) -> Registration:
    """Return two thumbnails laid upon one another.

    An affine fit is refined from the start (enhanced correlation coefficient, Evangelidis and Psarakis 2008). The
    correlation is that of details between 1 and 6 thumbnail pixels only: two round cells on empty background are
    alike in the large, but not in their detail. White padding takes no part.

    Parameters
    ----------
    a, b : Picture
        The thumbnails; exchanging them changes the correlation by no more than rounding.
    start : ndarray, optional
        Shape (2, 3), the first guess of the warp, a few pixels off at most. It is searched if there is none.
    min_share : float
        Least part of the smaller picture that both must show.

    Returns
    -------
    Registration
        Correlation 1 for equal pictures. 0 where the fit is no second photograph of one cell: turned by more than 13
        degrees, scaled by more than 13 %, or with too little in common; 0 also where a picture is flat.
    """
    if a.content == b.content:
        return Registration(1.0, 1.0, np.eye(2, 3))
    if a.is_flat or b.is_flat:
        return _NOTHING
    # The fit moves one picture onto the other, so the order is fixed by content: the answer must not depend on it.
    if a.content > b.content:
        other = register(b, a, None if start is None else inverse(start), min_share=min_share)
        return other._replace(warp=inverse(other.warp))
    begun = _start(a, b) if start is None else start
    at_start = laid_upon(a, b, begun, min_share=min_share) if _is_retake(begun) else _NOTHING
    if at_start.correlation >= _ENOUGH:
        return at_start
    fitted = _fit(a, b, begun)
    if not _is_retake(fitted):
        return _NOTHING
    return max(laid_upon(a, b, fitted, min_share=min_share), at_start, key=lambda each: each.correlation)


def laid_upon(a: Picture, b: Picture, warp: Warp, *, min_share: float = MIN_OVERLAP) -> Registration:
    """Return how alike two thumbnails are where a warp lays them upon one another, without any search.

    Parameters
    ----------
    a, b : Picture
        The thumbnails.
    warp : ndarray
        Shape (2, 3), see `Warp`.
    min_share : float
        Least part of the smaller picture that both must show, else the correlation is 0.
    """
    shared = np.asarray((cv2.warpAffine(a.inside, warp, _SIZE, flags=_INVERSE) > 0.99) & (b.inside > 0))
    smaller = max(min(float(a.inside.sum()), float(b.inside.sum())), 1)
    share = float(shared.sum()) / smaller
    if a.is_flat or b.is_flat or share < min_share or shared.sum() < MIN_SHARED * shared.size:
        return Registration(0.0, share, warp)
    moved = cv2.warpAffine(a.filled, warp, _SIZE, flags=_INVERSE, borderMode=cv2.BORDER_REPLICATE)
    both = np.stack([np.asarray(moved, np.float32), b.filled])
    x, y = band_pass(both, np.broadcast_to(shared.astype(np.float32), both.shape), fine=_FINE, coarse=_COARSE)
    return Registration(_correlation(x[shared], y[shared]), share, warp)


def registered_correlation(a: Thumbnail, b: Thumbnail) -> float:
    """Return how alike two thumbnails are once one is laid upon the other, -1 to 1; see `register`.

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
    return register(Picture(a), Picture(b)).correlation


def in_sides(warp: Warp) -> tuple[float, float, float, float, float, float]:
    """Return a warp in sides of the crops, 0 at the left or top and 1 at the other end, row by row.

    Examples
    --------
    >>> in_sides(np.array([[1.0, 0.0, 16.0], [0.0, 1.0, 0.0]]))
    (1.0, 0.0, 0.25, 0.0, 1.0, 0.0)
    """
    # The middle of pixel 0 is half a pixel from the edge.
    moved = warp[:, 2] + 0.5 - warp[:, :2] @ np.array([0.5, 0.5])
    (p, q), (r, s) = np.round(warp[:, :2], 6).tolist()
    x, y = (np.round(moved / THUMBNAIL_SIDE, 6) + 0.0).tolist()
    return (p, q, x, r, s, y)


def from_sides(warp: tuple[float, float, float, float, float, float], *, turned: bool = False) -> Warp:
    """Return a warp in thumbnail pixels from one in sides of the crops; ``turned``, the other way round.

    Examples
    --------
    >>> from_sides((1.0, 0.0, 0.25, 0.0, 1.0, 0.0)).tolist()
    [[1.0, 0.0, 16.0], [0.0, 1.0, 0.0]]
    """
    onto = np.reshape(np.array(warp, float), (2, 3)).copy()
    onto[:, 2] = onto[:, 2] * THUMBNAIL_SIDE - 0.5 + onto[:, :2] @ np.array([0.5, 0.5])
    return inverse(onto) if turned else onto


def inverse(warp: Warp) -> Warp:
    """Return a warp, or each of many of shape (..., 2, 3), the other way round."""
    turned = np.linalg.inv(warp[..., :2])
    return np.concatenate([turned, -turned @ warp[..., 2:]], axis=-1)


def _stretch(seen: NDArray[np.bool_]) -> slice:
    """Return the stretch of places that are seen; next to padding the first pixel is half padding, and left out."""
    places = np.flatnonzero(seen)
    if not places.size:
        return slice(0, 0)
    first, last, end = int(places[0]), int(places[-1]) + 1, len(seen)
    return slice(first + (first > 0), last - (last < end))


_BLURS: dict[tuple[int, float], _Grey] = {}


def _gaussian(side: int, sigma: float) -> _Grey:
    """Return the symmetric matrix that blurs a row of ``side`` pixels; what lies beyond the row counts as 0."""
    if (side, sigma) not in _BLURS:
        apart = np.subtract.outer(np.arange(side), np.arange(side))
        _BLURS[side, sigma] = np.exp(-(apart**2) / (2 * sigma**2)).astype(np.float32)
    return _BLURS[side, sigma]


def _start(a: Picture, b: Picture) -> Warp:
    """Return the best shift of the middle of one over the other, at the best of a few turns."""
    best, found = -2.0, np.eye(2, 3)
    middle = slice(MAX_SHIFT, THUMBNAIL_SIDE - MAX_SHIFT)
    center = (THUMBNAIL_SIDE - 1) / 2
    for degrees in _TURNS:
        turn = np.asarray(cv2.getRotationMatrix2D((center, center), degrees, 1), float)
        for forth, whole, part in ((True, a, b), (False, b, a)):
            turned = cv2.warpAffine(part.detail, turn, _SIZE, flags=_INVERSE, borderMode=cv2.BORDER_REPLICATE)
            scores = cv2.matchTemplate(whole.detail, turned[middle, middle], cv2.TM_CCOEFF_NORMED)
            _, score, _, (x, y) = cv2.minMaxLoc(scores)
            if score > best:
                # turn takes places in the turned part to the part; the shift takes them to the whole.
                onto = inverse(turn)
                onto[:, 2] += (x - MAX_SHIFT, y - MAX_SHIFT)
                best, found = score, onto if forth else inverse(onto)
    return found


def _fit(a: Picture, b: Picture, start: Warp) -> Warp:
    """Return the refined warp."""
    corner = np.array([b.seen[1].start, b.seen[0].start], float)
    warp = start.astype(np.float32)
    warp[:, 2] += warp[:, :2] @ corner
    mask = None if a.inside.all() else a.inside.astype(np.uint8)
    try:
        _, refined = cv2.findTransformECC(b.filled[b.seen], a.filled, warp, cv2.MOTION_AFFINE, _STOP, mask)
    except cv2.error:  # it did not converge: the start is what we know
        return start
    # From the seen part of b, where it was fitted, to the whole of b.
    fitted = np.asarray(refined, float)
    fitted[:, 2] -= fitted[:, :2] @ corner
    return fitted


def _is_retake(warp: Warp) -> bool:
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
