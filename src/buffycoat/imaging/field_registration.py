"""Whether two photographs show the same region of a smear, and how one is laid upon the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.imaging.field_description import DETAIL_UNIT, FieldDescription

__all__ = ["FieldMatch", "register_fields"]

_Matrix = NDArray[np.float64]

# What can lie between two photographs through one ocular: the slide is re-seated, the zoom of a phone is touched.
MAX_TURN_DEGREES = 15.0
MAX_SCALE = 1.2

# Landmarks are the same where fewer bits of 256 than that differ; a fit needs as many of them.
MAX_BITS = 80
MIN_LANDMARKS = 5
_ANGLE_ERROR = 8.0
_NEAR_PX = 4.0
_SHIFTS_PX = 60.0
_ROUNDS = 3000
_TRIES = 3

# Squares of that side are compared one by one, each moved by a few pixels to where it fits best: a lens bends.
_SQUARE = 32
_SEARCH = 6
_SHARED = 0.7
_MIN_CONTRAST = 0.35 * DETAIL_UNIT
ALIKE = 0.6
MIN_AGREEING = 0.6
MIN_SQUARES = 4
# Of all that both show. Overlapping photographs of BCCD reach 0.76 and more.
MIN_CORRELATION = 0.5
# What does not move from one photograph to the next is dust on the camera: then most of the photograph must agree.
_UNMOVED_PX = 4.0
_UNMOVED_SQUARES = 0.25


class FieldMatch(NamedTuple):
    """How photograph b is laid upon photograph a.

    ``warp`` is the 2 x 3 matrix that takes a pixel of b to its pixel in a; ``correlation`` that of the details of both
    in the shared region; ``agreeing`` the share of its squares that agree one by one.
    """

    warp: _Matrix
    correlation: float
    agreeing: float
    share_a: float
    share_b: float


def register_fields(a: FieldDescription, b: FieldDescription) -> FieldMatch | None:
    """Return how one photograph is laid upon another, or None where they do not show the same region.

    Landmarks that look alike give the map, a turn, a scale and a shift (RANSAC, Fischler and Bolles 1981). What both
    then show is compared square by square: most squares must agree. Dust on the camera, which lies at the same place in
    every photograph, makes some squares agree, but not most.

    Parameters
    ----------
    a, b : FieldDescription
        Two photographs of one smear.

    Returns
    -------
    FieldMatch or None
        The map is in pixels of the photographs.
    """
    for guess in _guesses(a, b):
        if not _is_retake(_in_field_pixels(guess, a, b)):
            continue
        fitted = _compared(a, b, guess)
        if fitted is not None:
            # Once more from where the squares went; that is as close as it gets.
            return _compared(a, b, _in_described_pixels(fitted.warp, a, b)) or fitted
    return None


def _guesses(a: FieldDescription, b: FieldDescription) -> Iterator[_Matrix]:
    """Return maps that many landmarks support, in described pixels, the best first."""
    if min(len(a.points), len(b.points)) < MIN_LANDMARKS:
        return
    distance, nearest = cv2.batchDistance(b.descriptors, a.descriptors, cv2.CV_32S, normType=cv2.NORM_HAMMING, K=1)
    ours = nearest[:, 0]
    turn = np.abs((b.angles - a.angles[ours] + 180) % 360 - 180)
    alike = (distance[:, 0] < MAX_BITS) & (turn < MAX_TURN_DEGREES + _ANGLE_ERROR)
    start, end = b.points[alike], a.points[ours[alike]]
    # As the camera stays, shifts are nearly the same across the photograph, whatever the turn.
    shift = end - start * (np.array(b.reduction) / a.reduction).astype(np.float32)
    for _ in range(_TRIES):
        if len(start) < MIN_LANDMARKS:
            return
        near = np.hypot(*(shift[:, None] - shift).transpose(2, 0, 1)) < _SHIFTS_PX
        chosen = near[near.sum(axis=1).argmax()]
        if chosen.sum() < MIN_LANDMARKS:
            return
        fitted, held = cv2.estimateAffinePartial2D(
            start[chosen], end[chosen], ransacReprojThreshold=_NEAR_PX, maxIters=_ROUNDS
        )
        if fitted is None:
            return
        if held.sum() >= MIN_LANDMARKS:
            yield np.asarray(fitted, np.float64)
        rest = np.ones(len(start), np.bool_)
        rest[np.flatnonzero(chosen)[held[:, 0] > 0]] = False
        start, end, shift = start[rest], end[rest], shift[rest]


def _compared(a: FieldDescription, b: FieldDescription, warp: _Matrix) -> FieldMatch | None:
    """Return the match with its map refined by where each square fits best, or None where too few agree."""
    height, width = a.detail.shape
    moved = cv2.warpAffine(b.detail.astype(np.float32), warp, (width, height))
    shared = a.seen * (cv2.warpAffine(b.seen.astype(np.float32), warp, (width, height)) > 0.99)
    ours = a.detail.astype(np.float32) * shared
    squares = list(_squares(ours, np.asarray(moved * shared, np.float32), np.asarray(shared, np.uint8)))
    if not squares:
        return None
    table = np.array([(*square.place, *square.offset, square.alike) for square in squares])
    telling = np.array([square.telling for square in squares])
    agrees = telling & (table[:, 4] >= ALIKE)
    agreeing = agrees.sum() / max(int(telling.sum()), 1)
    if agrees.sum() < MIN_SQUARES or agreeing < MIN_AGREEING:
        return None
    corner = np.array([[0, 0, 1], [width, 0, 1], [0, height, 1], [width, height, 1]]) @ warp.T
    still = np.abs(corner - [[0, 0], [width, 0], [0, height], [width, height]]).max() < _UNMOVED_PX
    if still and agrees.sum() < _UNMOVED_SQUARES * (width // _SQUARE) * (height // _SQUARE):
        return None
    refined = _refined(warp, table[agrees])
    whole = _in_field_pixels(refined, a, b)
    if not _is_retake(whole):
        return None
    inside = shared > 0
    correlation = _correlation(ours[inside], np.asarray(moved, np.float32)[inside])
    if correlation < MIN_CORRELATION:
        return None
    return FieldMatch(
        warp=whole,
        correlation=correlation,
        agreeing=float(agreeing),
        share_a=float(inside.mean()),
        share_b=min(1.0, float(inside.sum() / abs(np.linalg.det(warp[:, :2])) / b.seen.size)),
    )


class _Square(NamedTuple):
    """A square of photograph a: its middle, where in a the same part of b fits best, how well, and whether it tells."""

    place: tuple[float, float]
    offset: tuple[float, float]
    alike: float
    telling: bool


def _squares(ours: NDArray[np.float32], moved: NDArray[np.float32], shared: NDArray[np.uint8]) -> Iterator[_Square]:
    height, width = ours.shape
    for top in range(0, height - _SQUARE + 1, _SQUARE):
        for left in range(0, width - _SQUARE + 1, _SQUARE):
            part = slice(top, top + _SQUARE), slice(left, left + _SQUARE)
            if shared[part].mean() < _SHARED:
                continue
            contrast = max(float(ours[part].std()), float(moved[part].std()))
            y, x = max(0, top - _SEARCH), max(0, left - _SEARCH)
            around = ours[y : top + _SQUARE + _SEARCH, x : left + _SQUARE + _SEARCH]
            scores = cv2.matchTemplate(around, moved[part], cv2.TM_CCOEFF_NORMED)
            _, alike, _, (right, down) = cv2.minMaxLoc(np.nan_to_num(scores, posinf=0, neginf=0))
            offset = (x + right - left, y + down - top)
            yield _Square(
                (left + (_SQUARE - 1) / 2, top + (_SQUARE - 1) / 2), offset, float(alike), contrast >= _MIN_CONTRAST
            )


def _refined(warp: _Matrix, table: NDArray[np.float64]) -> _Matrix:
    """Return the map after the correction, again a turn, a scale and a shift, that the agreeing squares ask for."""
    places, offsets = table[:, :2], table[:, 2:4]
    x, y = places.T
    one, none = np.ones_like(x), np.zeros_like(x)
    rows = np.concatenate([np.stack([x, -y, one, none], 1), np.stack([y, x, none, one], 1)])
    p, q, dx, dy = np.linalg.lstsq(rows, (places + offsets).T.ravel(), rcond=None)[0]
    correction = np.array([[p, -q, dx], [q, p, dy], [0, 0, 1]])
    return np.asarray((correction @ np.vstack([warp, [0, 0, 1]]))[:2])


def _scaling(description: FieldDescription) -> _Matrix:
    """Return the 3 x 3 matrix that takes described pixels to pixels of the photograph, by the middles of pixels."""
    x, y = description.reduction
    return np.array([[x, 0, (x - 1) / 2], [0, y, (y - 1) / 2], [0, 0, 1]])


def _in_field_pixels(warp: _Matrix, a: FieldDescription, b: FieldDescription) -> _Matrix:
    return np.asarray((_scaling(a) @ np.vstack([warp, [0, 0, 1]]) @ np.linalg.inv(_scaling(b)))[:2])


def _in_described_pixels(warp: _Matrix, a: FieldDescription, b: FieldDescription) -> _Matrix:
    return np.asarray((np.linalg.inv(_scaling(a)) @ np.vstack([warp, [0, 0, 1]]) @ _scaling(b))[:2])


def _is_retake(warp: _Matrix) -> bool:
    scale = float(np.sqrt(max(np.linalg.det(warp[:, :2]), 0)))
    turn = float(np.degrees(np.arctan2(warp[1, 0], warp[0, 0])))
    return 1 / MAX_SCALE <= scale <= MAX_SCALE and abs(turn) <= MAX_TURN_DEGREES


def _correlation(x: NDArray[np.float32], y: NDArray[np.float32]) -> float:
    x, y = x - x.mean(), y - y.mean()
    length = float(np.linalg.norm(x) * np.linalg.norm(y))
    return float(np.clip(np.dot(x, y) / length, -1, 1)) if length > 0 else 0.0
