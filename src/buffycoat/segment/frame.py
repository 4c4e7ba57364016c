"""Where a picture ends: its border, inside white padding, and how much of an outline lies on it."""

from __future__ import annotations

import math
from typing import NamedTuple

import cv2
import numpy as np

from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.regions import BinaryMask

__all__ = ["Frame", "frame_of", "share_on_border"]

WHITE = 255
WORKING_SIDE = 160
"""Outlines are drawn on a raster of so many pixels: nearer to the border than one of them is on it."""


class Frame(NamedTuple):
    """The rows and columns of a picture inside its padding; half-open pixel ranges."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows and columns, to index an array with."""
        return slice(self.top, self.bottom), slice(self.left, self.right)


def frame_of(crop: RgbImage) -> Frame:
    """Return the part of a crop inside its white padding; all of a crop that is white.

    Parameters
    ----------
    crop : ndarray
        uint8 RGB of shape (height, width, 3). Rows and columns of plain white at its border are padding.

    Examples
    --------
    >>> crop = np.full((9, 9, 3), 255, np.uint8)
    >>> crop[2:, :5] = 200
    >>> frame_of(crop)
    Frame(top=2, bottom=9, left=0, right=5)
    """
    darkest = (np.asarray(cv2.reduce(np.ascontiguousarray(crop), axis, cv2.REDUCE_MIN)) for axis in (1, 0))
    rows, columns = (np.flatnonzero((each.reshape(-1, 3) != WHITE).any(axis=1)) for each in darkest)
    if not len(rows):
        return Frame(0, crop.shape[0], 0, crop.shape[1])
    return Frame(int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1)


def share_on_border(mask: BinaryMask, frame: Frame) -> float:
    """Return which share of the outline of a mask lies on the border of the picture, 0 to 1.

    Of a round cell that the border cuts, 0.15 of the outline lies on it where 3 % of the cell are missing, 0.25 where
    10 % are, 0.39 where half is.

    Parameters
    ----------
    mask : ndarray
        bool of shape (height, width).
    frame : Frame
        The picture inside its padding.

    Returns
    -------
    float
        0 for an empty mask. Pixels nearer to the border than a 160th of the longer side are on it.

    Examples
    --------
    >>> mask = np.zeros((20, 20), bool)
    >>> mask[:10, 5:15] = True
    >>> round(share_on_border(mask, Frame(0, 20, 0, 20)), 2), share_on_border(mask, Frame(-9, 29, -9, 29))
    (0.28, 0.0)
    """
    height, width = mask.shape
    near = max(1, math.ceil(max(height, width) / WORKING_SIDE)) - 1
    inner = mask.astype(np.uint8)
    outlines, _ = cv2.findContours(inner, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        return 0.0
    sides = (
        inner[frame.top + near] if 0 <= frame.top + near < height else None,
        inner[frame.bottom - 1 - near] if 0 <= frame.bottom - 1 - near < height else None,
        inner[:, frame.left + near] if 0 <= frame.left + near < width else None,
        inner[:, frame.right - 1 - near] if 0 <= frame.right - 1 - near < width else None,
    )
    on_border = sum(int(np.count_nonzero(side)) for side in sides if side is not None)
    around = sum(cv2.arcLength(outline, closed=True) for outline in outlines)
    return min(1.0, on_border / max(around, 1.0))
