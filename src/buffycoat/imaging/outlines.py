"""Round pieces of outlines: how large the discs of a mask are, though they touch and overlap."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from buffycoat.domain.value import value

__all__ = ["Arc", "find_arcs"]

# In pixels of the mask: discs of 18 to 60 are measured well, and are not blurred away by smoothing over two.
_SMOOTHING: Final = 2.0
_SMALLEST, _LARGEST = 18.0, 60.0
_MARGIN: Final = 10
_DENT: Final = -0.02
_TURN: Final = np.radians(120)
_ROUND: Final = 0.07


@value
class Arc:
    """A piece of outline that is part of a circle: its centre, its diameter in pixels, and the angle it spans."""

    x: float
    y: float
    diameter: float
    turn: float


def find_arcs(mask: NDArray[np.bool_]) -> list[Arc]:
    """Cut the outlines of a mask where they are dented, and fit a circle to each round piece.

    Where two discs overlap the outline has a dent; between dents it belongs to one of them. So cells that touch are
    measured too, by the part of their edge that is seen.

    Parameters
    ----------
    mask : ndarray
        bool, (height, width).

    Returns
    -------
    list of Arc
        Those that span at least 120 degrees, are round to 7 % of their radius, and 18 to 60 pixels across; outlines
        along the edge of the mask are left out.

    Examples
    --------
    >>> y, x = np.mgrid[:60, :80]
    >>> [arc] = find_arcs(np.hypot(x - 40, y - 30) < 20)
    >>> round(arc.diameter)
    40
    """
    contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outlines = [np.asarray(contour[:, 0, :], np.int32) for contour in contours if len(contour) > 2 * _SMALLEST]
    if not outlines:
        return []
    line, bend, speed = _smooth(outlines)
    points = np.concatenate(outlines)
    height, width = mask.shape
    good = (bend > _DENT) & (points > 2).all(axis=1) & (points < (width - 3, height - 3)).all(axis=1)
    turns = bend * speed
    ends = np.cumsum([len(outline) for outline in outlines])
    arcs = []
    for start, end in zip([0, *ends[:-1]], ends, strict=True):
        for run in _runs(good[start:end]):
            turn = float(turns[start + run].sum())
            if turn < _TURN or len(run) < _SMALLEST:
                continue
            x, y, radius, rms = _fit_circle(line[start + run])
            # Smoothing pulled the line in, and the line runs half a pixel inside the edge.
            shrinkage = np.exp((_SMOOTHING * float(speed[start + run].mean()) / radius) ** 2 / 2)
            diameter = float(2 * radius * shrinkage + 1)
            if _SMALLEST <= diameter <= _LARGEST and rms < _ROUND * radius:
                arcs.append(Arc(x=x, y=y, diameter=diameter, turn=turn))
    return arcs


def _smooth(outlines: list[NDArray[np.int32]]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return all points smoothed, how the line bends in each (positive outward), and the step between points."""
    # Every outline is closed: its other end is put before and after it, so that all are smoothed in one go.
    rows = [np.arange(-_MARGIN, len(outline) + _MARGIN) % len(outline) for outline in outlines]
    padded = np.concatenate([outline[row] for outline, row in zip(outlines, rows, strict=True)])
    inner = np.concatenate(
        [np.r_[np.zeros(_MARGIN, bool), np.ones(len(outline), bool), np.zeros(_MARGIN, bool)] for outline in outlines]
    )
    line = gaussian_filter1d(padded.astype(np.float64), _SMOOTHING, axis=0)
    ahead, behind = np.roll(line, -1, axis=0), np.roll(line, 1, axis=0)
    (dx, dy), (ddx, ddy) = ((ahead - behind) / 2).T, (ahead - 2 * line + behind).T
    speed = np.hypot(dx, dy) + 1e-9
    bend = (dy * ddx - dx * ddy) / speed**3  # OpenCV walks outlines against the clock, in image rows that grow downward
    return line[inner], bend[inner], speed[inner]


def _runs(good: NDArray[np.bool_]) -> Iterator[NDArray[np.int64]]:
    """Yield the indices of each run of true values around a closed line."""
    if good.all():
        yield np.arange(len(good))
        return
    start = int(np.argmin(good))
    edges = np.flatnonzero(np.diff(np.r_[good[start:], good[:start], np.False_].astype(np.int8)))
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        yield (np.arange(first + 1, last + 1) + start) % len(good)


def _fit_circle(points: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """Return centre, radius and root mean square distance of the circle nearest to points, in the algebraic sense."""
    u, v = (points - points.mean(axis=0)).T
    square = u * u + v * v
    uu, uv, vv = float(u @ u), float(u @ v), float(v @ v)
    u_square, v_square = float(u @ square), float(v @ square)
    # Two linear equations for the centre, by Cramer's rule; three points on a line have none.
    determinant = max(uu * vv - uv * uv, 1e-9)
    x = (u_square * vv - v_square * uv) / determinant / 2
    y = (v_square * uu - u_square * uv) / determinant / 2
    radius = max(float(np.sqrt(x * x + y * y + square.mean())), 1e-6)
    rms = float(np.sqrt(np.mean((np.hypot(u - x, v - y) - radius) ** 2)))
    middle = points.mean(axis=0)
    return float(middle[0] + x), float(middle[1] + y), radius, rms
