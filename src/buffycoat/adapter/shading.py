"""Shaded pictures of triangles: parallel light, depth kept per pixel, edges drawn where depth or direction jumps."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.imaging.machine_code import compiled

__all__ = ["shade", "view_of"]

_PAPER = (250, 250, 248)
_INK = (40, 46, 51)
_TWICE = 2


def view_of(direction: tuple[float, float, float], up: tuple[float, float, float]) -> NDArray[np.float64]:
    """Return the matrix whose rows are right, up and towards the eye.

    Parameters
    ----------
    direction : tuple of float
        From the thing to the eye.
    up : tuple of float
        What stands upright in the picture.
    """
    towards = np.asarray(direction, dtype=np.float64)
    towards /= np.linalg.norm(towards)
    right = np.cross(up, towards)
    right /= np.linalg.norm(right)
    return np.stack([right, np.cross(towards, right), towards])


def shade(
    bodies: Sequence[tuple[NDArray[np.float64], tuple[int, int, int]]],
    view: NDArray[np.float64],
    *,
    width: int = 900,
    margin: float = 0.04,
) -> NDArray[np.uint8]:
    """Draw bodies, each in its color.

    Parameters
    ----------
    bodies : sequence of (numpy.ndarray, tuple)
        Triangles of shape (m, 3, 3) in mm, and their color, RGB.
    view : numpy.ndarray
        From :func:`view_of`.
    width : int
        Of the picture in pixels; the height follows.
    margin : float
        Share of the width that stays free at each side.

    Returns
    -------
    numpy.ndarray
        RGB, uint8.
    """
    seen = [corners @ view.T for corners, _ in bodies]
    flat = np.concatenate([corners.reshape(-1, 3) for corners in seen])
    low, high = flat.min(axis=0), flat.max(axis=0)
    scale = width * _TWICE * (1 - 2 * margin) / (high[0] - low[0])
    border = width * _TWICE * margin
    size = (int(np.ceil((high[1] - low[1]) * scale + 2 * border)), width * _TWICE)
    depth = np.full(size, -np.inf)
    color = np.empty((*size, 3))
    color[:] = _PAPER
    facing = np.zeros((*size, 3))
    light = np.array([-0.45, 0.65, 0.62])
    for corners, (_, tint) in zip(seen, bodies, strict=True):
        normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        normals /= np.maximum(np.linalg.norm(normals, axis=1), 1e-12)[:, None]
        pixels = np.empty((len(corners), 3, 2))
        pixels[..., 0] = (corners[..., 0] - low[0]) * scale + border
        pixels[..., 1] = size[0] - ((corners[..., 1] - low[1]) * scale + border)
        bright = np.clip(0.5 + 0.5 * normals @ light, 0.25, 1.0)
        tints = np.asarray(tint) * bright[:, None]
        _fill(pixels, np.ascontiguousarray(corners[..., 2]), normals, tints, depth, color, facing)
    return _finish(color, depth, facing, scale)


@compiled
def _fill(
    at: NDArray[np.float64],
    z: NDArray[np.float64],
    normals: NDArray[np.float64],
    tints: NDArray[np.float64],
    depth: NDArray[np.float64],
    color: NDArray[np.float64],
    facing: NDArray[np.float64],
) -> None:  # pragma: no cover (compiled)
    """Fill triangles where they are nearer to the eye than what was drawn."""
    for index in range(len(at)):
        if normals[index, 2] <= 1e-6:
            continue
        x0, y0 = at[index, 0]
        x1, y1 = at[index, 1]
        x2, y2 = at[index, 2]
        area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        if abs(area) < 1e-9:
            continue
        for row in range(int(min(y0, y1, y2)), int(max(y0, y1, y2)) + 1):
            for column in range(int(min(x0, x1, x2)), int(max(x0, x1, x2)) + 1):
                x, y = column + 0.5, row + 0.5
                b = ((x - x0) * (y2 - y0) - (x2 - x0) * (y - y0)) / area
                c = ((x1 - x0) * (y - y0) - (x - x0) * (y1 - y0)) / area
                if b < -1e-9 or c < -1e-9 or b + c > 1 + 1e-9:
                    continue
                near = z[index, 0] + b * (z[index, 1] - z[index, 0]) + c * (z[index, 2] - z[index, 0])
                if near > depth[row, column]:
                    depth[row, column] = near
                    for channel in range(3):
                        color[row, column, channel] = tints[index, channel]
                        facing[row, column, channel] = normals[index, channel]


def _finish(
    color: NDArray[np.float64], depth: NDArray[np.float64], facing: NDArray[np.float64], scale: float
) -> NDArray[np.uint8]:
    """Draw the edges, and make two pixels one."""
    ground = np.where(np.isfinite(depth), depth, np.nanmin(np.where(np.isfinite(depth), depth, np.nan)) - 50)
    edge = np.zeros(depth.shape, dtype=bool)
    for axis in (0, 1):
        jump = np.abs(np.diff(ground, axis=axis)) > np.maximum(1.2, 6 / scale)
        one, other = _pairs(facing, axis)
        bend = np.einsum("ijk,ijk->ij", one, other) < 0.8
        drawn = one.any(axis=2) | other.any(axis=2)
        line = (jump | bend) & drawn
        part = [slice(None), slice(None)]
        part[axis] = slice(0, -1)
        edge[tuple(part)] |= line
    color[edge] = _INK
    picture = np.clip(color, 0, 255).astype(np.uint8)
    half = (picture.shape[1] // _TWICE, picture.shape[0] // _TWICE)
    return np.asarray(cv2.resize(picture, half, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _pairs(facing: NDArray[np.float64], axis: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    count = facing.shape[axis]
    return np.take(facing, range(count - 1), axis=axis), np.take(facing, range(1, count), axis=axis)
