"""Masks as shapes: connected regions, holes, convex hull, run lengths."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.errors import InvalidMask

__all__ = [
    "Regions",
    "check_mask",
    "convex_hull",
    "decode_run_lengths",
    "encode_run_lengths",
    "fill_holes",
    "find_regions",
    "keep_regions",
]

BinaryMask = NDArray[np.bool_]


class Regions(NamedTuple):
    """The connected regions of a mask, in row order of their first pixels.

    ``labels`` is int32 of the mask's shape: 0 outside, ``i + 1`` in region ``i``. ``areas`` are in pixels,
    ``centroids`` are (x, y) in pixels, ``boxes`` are (left, top, right, bottom), half open.
    """

    labels: NDArray[np.int32]
    areas: NDArray[np.int64]
    centroids: NDArray[np.float64]
    boxes: NDArray[np.int64]


def check_mask(mask: NDArray[Any]) -> None:
    """Refuse what is not a boolean (height, width) array with at least one pixel.

    Raises
    ------
    InvalidMask
        With the shape and dtype that were found.

    Examples
    --------
    >>> check_mask(np.zeros((2, 3), bool))
    """
    if not isinstance(mask, np.ndarray) or mask.dtype != np.bool_ or mask.ndim != 2 or mask.size == 0:
        found = f"{mask.dtype} {mask.shape}" if isinstance(mask, np.ndarray) else type(mask).__name__
        raise InvalidMask("not a mask", expected="a boolean array of shape (height, width)", found=found)


def find_regions(mask: BinaryMask) -> Regions:
    """Return the connected regions of a mask; pixels that touch at a corner are connected.

    Parameters
    ----------
    mask : ndarray
        bool of shape (height, width).

    Returns
    -------
    Regions
        Without any region where the mask is empty.

    Raises
    ------
    InvalidMask
        If the mask is not such an array.

    Examples
    --------
    >>> find_regions(np.array([[True, False, True], [False, False, True]])).areas.tolist()
    [1, 2]
    """
    check_mask(mask)
    _, labels, table, centroids = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    boxes = table[1:, :4].astype(np.int64)
    boxes[:, 2:] += boxes[:, :2]
    return Regions(
        labels=np.asarray(labels, dtype=np.int32),
        areas=table[1:, cv2.CC_STAT_AREA].astype(np.int64),
        centroids=np.asarray(centroids[1:], dtype=np.float64),
        boxes=boxes,
    )


def keep_regions(regions: Regions, chosen: NDArray[np.bool_]) -> BinaryMask:
    """Return the mask of the chosen regions.

    Parameters
    ----------
    regions : Regions
        As :func:`find_regions` returns them.
    chosen : ndarray
        bool of shape (regions,).

    Returns
    -------
    ndarray
        bool of shape (height, width).

    Examples
    --------
    >>> regions = find_regions(np.array([[True, False, True], [False, False, True]]))
    >>> keep_regions(regions, regions.areas > 1).tolist()
    [[False, False, True], [False, False, True]]
    """
    table = np.r_[False, chosen]
    return np.asarray(table[regions.labels], dtype=np.bool_)


def fill_holes(mask: BinaryMask, *, largest: int | None = None) -> BinaryMask:
    """Return the mask with its holes filled: background that does not reach the border, not even across corners.

    Parameters
    ----------
    mask : ndarray
        bool of shape (height, width).
    largest : int, optional
        Holes of more pixels than this stay open; without it, all are filled.

    Returns
    -------
    ndarray
        bool of the same shape.

    Raises
    ------
    InvalidMask
        If the mask is not such an array.

    Examples
    --------
    >>> ring = np.ones((3, 3), bool)
    >>> ring[1, 1] = False
    >>> bool(fill_holes(ring).all())
    True
    """
    check_mask(mask)
    left, top, width, height = cv2.boundingRect(mask.astype(np.uint8))
    window = slice(top, top + height), slice(left, left + width)  # holes lie within it
    outside = np.pad(~mask[window], 1, constant_values=True).astype(np.uint8)
    _, labels, table, _ = cv2.connectedComponentsWithStats(outside, connectivity=4)
    areas = table[:, cv2.CC_STAT_AREA]
    hole = np.ones(len(areas), dtype=np.bool_) if largest is None else areas <= largest
    hole[[0, labels[0, 0]]] = False
    filled = mask.copy()
    filled[window] |= hole[labels[1:-1, 1:-1]]
    return filled


def convex_hull(mask: BinaryMask) -> BinaryMask:
    """Return the filled convex hull of all mask pixels together, drawn through pixel centers.

    Parameters
    ----------
    mask : ndarray
        bool of shape (height, width).

    Returns
    -------
    ndarray
        bool of the same shape; it holds every pixel of the mask, and is empty where the mask is.

    Raises
    ------
    InvalidMask
        If the mask is not such an array.

    Examples
    --------
    >>> convex_hull(np.array([[True, False, True]])).tolist()
    [[True, True, True]]
    """
    check_mask(mask)
    hull = np.zeros(mask.shape, dtype=np.uint8)
    if not mask.any():
        return hull.astype(np.bool_)
    cv2.fillConvexPoly(hull, cv2.convexHull(cv2.findNonZero(mask.astype(np.uint8))), 1)
    return np.asarray(hull.astype(np.bool_) | mask, dtype=np.bool_)


def encode_run_lengths(mask: BinaryMask) -> tuple[int, ...]:
    """Return the lengths of the runs of a mask in row order, background first.

    Parameters
    ----------
    mask : ndarray
        bool of shape (height, width).

    Returns
    -------
    tuple of int
        Background, mask, background, …; the first is 0 where the first pixel is in the mask.

    Raises
    ------
    InvalidMask
        If the mask is not such an array.

    Examples
    --------
    >>> encode_run_lengths(np.array([[False, True], [True, False]]))
    (1, 2, 1)
    >>> encode_run_lengths(np.array([[True, False]]))
    (0, 1, 1)
    """
    check_mask(mask)
    flat = mask.ravel()
    edges = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    lengths: list[int] = np.diff(np.r_[0, edges, flat.size]).tolist()
    return (0, *lengths) if flat[0] else tuple(lengths)


def decode_run_lengths(lengths: Sequence[int], height: int, width: int) -> BinaryMask:
    """Return the mask that run lengths describe: the inverse of :func:`encode_run_lengths`.

    Parameters
    ----------
    lengths : sequence of int
        Pixels in row order: background, mask, background, ….
    height, width : int
        Size of the mask in pixels.

    Returns
    -------
    ndarray
        bool of shape (height, width).

    Raises
    ------
    InvalidMask
        If a length is negative, or they do not add up to the size.

    Examples
    --------
    >>> decode_run_lengths((1, 2, 1), 2, 2).tolist()
    [[False, True], [True, False]]
    """
    if any(length < 0 for length in lengths) or sum(lengths) != height * width or height < 1 or width < 1:
        raise InvalidMask(
            "run lengths do not fill the crop",
            expected=f"{height} x {width} pixels, none negative",
            found=f"{len(lengths)} runs of {sum(lengths)} pixels",
        )
    runs = np.arange(len(lengths)) % 2 == 1
    return np.repeat(runs, np.asarray(lengths, dtype=np.int64)).reshape(height, width)
