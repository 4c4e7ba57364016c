"""How a cell is cut out of its field."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from buffycoat.domain.geometry import Box
from buffycoat.errors import InvalidBox
from buffycoat.imaging.arrays import RgbImage, check_rgb
from buffycoat.imaging.regions import BinaryMask

__all__ = ["crop", "crop_mask", "padded_share"]

GLASS = 255


def crop(image: RgbImage, box: Box) -> RgbImage:
    """Return the pixels of a box, in the box's own size.

    What lies outside the field is white: plain glass, the one thing on a smear that is no cell and no stain, so that
    nothing downstream can take the padding for a nucleus. The picture is padded rather than the box moved, so that
    the cell stays in the middle of its crop.

    Parameters
    ----------
    image : ndarray
        The field: uint8, shape (height, width, 3), RGB.
    box : Box
        Half-open pixel box; it may leave the field, but must touch it.

    Returns
    -------
    ndarray
        A copy: uint8, shape (box.height, box.width, 3).

    Raises
    ------
    WrongArray
        If ``image`` is no RGB image.
    InvalidBox
        If the box does not touch the field.

    Examples
    --------
    >>> field = np.zeros((4, 4, 3), np.uint8)
    >>> crop(field, Box(left=3, top=0, right=5, bottom=2))[:, :, 0].tolist()
    [[0, 255], [0, 255]]
    """
    check_rgb(image)
    pixels = np.full((box.height, box.width, 3), GLASS, np.uint8)
    _fill(pixels, image, box)
    return pixels


def crop_mask(mask: BinaryMask, box: Box) -> BinaryMask:
    """Return the part of a field's mask that a box shows; outside the field there is nothing.

    Parameters
    ----------
    mask : ndarray
        bool, shape (height, width).
    box : Box
        Half-open pixel box that touches the field.

    Returns
    -------
    ndarray
        A copy: bool, shape (box.height, box.width).

    Raises
    ------
    InvalidBox
        If the box does not touch the field.

    Examples
    --------
    >>> crop_mask(np.ones((4, 4), bool), Box(left=3, top=0, right=5, bottom=2)).tolist()
    [[True, False], [True, False]]
    """
    part = np.zeros((box.height, box.width), np.bool_)
    _fill(part, mask, box)
    return part


def _fill(target: NDArray[Any], source: NDArray[Any], box: Box) -> None:
    """Write what a box shows of the source into its place in the target."""
    height, width = source.shape[:2]
    inner = _inside(height, width, box)
    rows = slice(inner.top - box.top, inner.bottom - box.top)
    columns = slice(inner.left - box.left, inner.right - box.left)
    target[rows, columns] = source[inner.top : inner.bottom, inner.left : inner.right]


def padded_share(image_shape: tuple[int, ...], box: Box) -> float:
    """Return which part of a box lies outside the field, 0 to 1.

    Parameters
    ----------
    image_shape : tuple of int
        Shape of the field: height and width first.
    box : Box
        Half-open pixel box that touches the field.

    Raises
    ------
    InvalidBox
        If the box does not touch the field.

    Examples
    --------
    >>> padded_share((4, 4, 3), Box(left=3, top=0, right=5, bottom=2))
    0.5
    """
    return 1 - _inside(image_shape[0], image_shape[1], box).area / box.area


def _inside(height: int, width: int, box: Box) -> Box:
    """Return the part of a box that lies in a field of that size."""
    left, top = max(box.left, 0), max(box.top, 0)
    right, bottom = min(box.right, width), min(box.bottom, height)
    if left >= right or top >= bottom:
        raise InvalidBox(
            "box does not touch the field", expected=f"a box that meets {width} x {height}", found=str(box)
        )
    return Box(left=left, top=top, right=right, bottom=bottom)
