"""A picture that shows why two crops are called the same cell."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.errors import InputError
from buffycoat.imaging.arrays import RgbImage, check_rgb

__all__ = ["registered_pair"]

_TILES = 6
_GAP = 4
_WHITE = 255
_LEAST_SIDE = 16

Warp = tuple[float, float, float, float, float, float]


def registered_pair(a: RgbImage, b: RgbImage, warp: Warp | None, *, side: int = 240) -> RgbImage:
    """Return two crops side by side, and laid upon one another.

    Above: crop a; crop b, moved onto a. Below: both as tiles of a chessboard, where outlines run on from tile to tile
    if it is one cell; and the difference: a in red, b in cyan, so that what agrees is grey. Light is evened out for the
    two below.

    Parameters
    ----------
    a, b : ndarray
        uint8, shape (height, width, 3), RGB; sizes may differ.
    warp : tuple of float or None
        See `buffycoat.domain.cell.DuplicateEdge`: takes places in b to places in a, in sides of the crops. None shows b
        as it is, and then there is nothing to lay upon one another: the two below are left out.
    side : int
        Of each picture, in pixels, at least 16.

    Returns
    -------
    ndarray
        uint8, shape (2 * side + 4, 2 * side + 4, 3), RGB, or (side, 2 * side + 4, 3) without a warp.

    Raises
    ------
    WrongArray
        If a crop is no RGB image.
    InputError
        If the warp flattens, or the side is too small.

    Examples
    --------
    >>> crop = np.full((100, 100, 3), 200, np.uint8)
    >>> registered_pair(crop, crop, (1, 0, 0, 0, 1, 0), side=50).shape
    (104, 104, 3)
    """
    if side < _LEAST_SIDE:
        raise InputError("picture is too small", expected=f"a side of {_LEAST_SIDE} pixels or more", found=str(side))
    for crop in (a, b):
        check_rgb(crop)
    left = _sized(a, side)
    if warp is None:
        return _in_a_row([left, _sized(b, side)])
    matrix = np.reshape(np.array(warp, float), (2, 3))
    if not np.isfinite(matrix).all() or not np.linalg.det(matrix[:, :2]):
        raise InputError("no map of one crop to another", expected="determinant other than 0", found=str(warp))
    # Places count edges, pixels their middles. Both crops are as wide as the picture here.
    onto = np.column_stack([matrix[:, :2], matrix[:, 2] * side + (matrix[:, :2] - np.eye(2)) @ np.array([0.5, 0.5])])
    size = (side, side)
    right = np.asarray(cv2.warpAffine(_sized(b, side), onto, size, borderValue=(_WHITE,) * 3), np.uint8)
    # A pixel counts where b was: its border runs through half covered pixels.
    both = np.asarray(cv2.warpAffine(np.full(size, _WHITE, np.uint8), onto, size), np.uint8) == _WHITE
    alike = _lit_as(right, left, both)
    above = _in_a_row([left, right])
    below = _in_a_row([_chessboard(left, alike, both), _red_and_cyan(left, alike, both)])
    between = np.full((_GAP, above.shape[1], 3), _WHITE, np.uint8)
    return np.concatenate([above, between, below])


def _sized(crop: RgbImage, side: int) -> RgbImage:
    return np.asarray(cv2.resize(crop, (side, side), interpolation=cv2.INTER_AREA), np.uint8)


def _lit_as(picture: RgbImage, other: RgbImage, where: NDArray[np.bool_]) -> RgbImage:
    """Return a picture in the light of another: equal mean and spread of each channel, where both are seen."""
    if not where.any():
        return picture
    ours, theirs = picture[where].astype(float), other[where].astype(float)
    spread = ours.std(axis=0)
    gain = np.where(spread > 1, theirs.std(axis=0) / np.maximum(spread, 1), 1)
    lit = (picture - ours.mean(axis=0)) * gain + theirs.mean(axis=0)
    return np.asarray(np.clip(np.rint(lit), 0, _WHITE), np.uint8)


def _chessboard(one: RgbImage, other: RgbImage, both: NDArray[np.bool_]) -> RgbImage:
    tile = np.arange(len(one)) * _TILES // len(one) % 2
    takes_other = np.not_equal.outer(tile, tile) & both
    return np.asarray(np.where(takes_other[..., None], other, one), np.uint8)


def _red_and_cyan(one: RgbImage, other: RgbImage, both: NDArray[np.bool_]) -> RgbImage:
    grey_one, grey_other = (np.asarray(cv2.cvtColor(each, cv2.COLOR_RGB2GRAY), np.uint8) for each in (one, other))
    mixed = np.stack([grey_one, grey_other, grey_other], axis=-1)
    return np.asarray(np.where(both[..., None], mixed, _WHITE), np.uint8)


def _in_a_row(pictures: list[RgbImage]) -> RgbImage:
    side = len(pictures[0])
    gap = np.full((side, _GAP, 3), _WHITE, np.uint8)
    parts = [each for picture in pictures for each in (picture, gap)][:-1]
    return np.concatenate(parts, axis=1)
