"""Many small pictures on one."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from buffycoat.domain.geometry import Box
from buffycoat.errors import TooFew
from buffycoat.imaging.arrays import RgbImage, check_rgb

__all__ = ["contact_sheet", "mark_boxes"]

_GREY = 128
_GAP = 4


def contact_sheet(pictures: Sequence[RgbImage], /, *, side: int = 96, columns: int = 12) -> RgbImage:
    """Lay pictures on a neutral grey sheet, row by row, each fitted into a square; rows are as high as they need.

    Parameters
    ----------
    pictures : sequence of (h, w, 3) uint8
        At least one, of any sizes.
    side : int
        Side of a square in pixels.
    columns : int
        Squares in a row.

    Returns
    -------
    (H, W, 3) uint8

    Examples
    --------
    >>> contact_sheet([np.zeros((10, 20, 3), np.uint8)] * 3, side=40, columns=2).shape
    (52, 92, 3)
    """
    if not pictures:
        raise TooFew("a contact sheet needs a picture", expected="at least 1", found="0")
    columns = min(columns, len(pictures))
    small = [_fitted(picture, side) for picture in pictures]
    rows = [small[start : start + columns] for start in range(0, len(small), columns)]
    heights = [max(picture.shape[0] for picture in row) for row in rows]
    shape = (sum(heights) + _GAP * (len(rows) + 1), columns * (side + _GAP) + _GAP, 3)
    sheet = np.full(shape, _GREY, dtype=np.uint8)
    above = _GAP
    for row, height in zip(rows, heights, strict=True):
        for column, picture in enumerate(row):
            top = above + (height - picture.shape[0]) // 2
            left = _GAP + column * (side + _GAP) + (side - picture.shape[1]) // 2
            sheet[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
        above += height + _GAP
    return sheet


def _fitted(picture: RgbImage, side: int) -> RgbImage:
    check_rgb(picture)
    height, width = picture.shape[:2]
    scale = side / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, size, interpolation=way), dtype=np.uint8)


def mark_boxes(picture: RgbImage, /, *, kept: Sequence[Box], removed: Sequence[Box], longest: int = 480) -> RgbImage:
    """Return a small copy of a field with its boxes: kept in solid blue, removed in crossed orange.

    Class is never colour alone, so a removed box also carries its diagonals.

    Parameters
    ----------
    picture : (h, w, 3) uint8
        The field.
    kept, removed : sequences of Box
        In the field's pixels.
    longest : int
        Longer side of the copy in pixels.
    """
    check_rgb(picture)
    scale = min(1.0, longest / max(picture.shape[:2]))
    size = (round(picture.shape[1] * scale), round(picture.shape[0] * scale))
    small = np.array(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    for boxes, color, crossed in ((kept, (0, 90, 181), False), (removed, (213, 94, 0), True)):
        for box in boxes:
            corner = (round(box.left * scale), round(box.top * scale))
            opposite = (round(box.right * scale) - 1, round(box.bottom * scale) - 1)
            cv2.rectangle(small, corner, opposite, color, 2)
            if crossed:
                cv2.line(small, corner, opposite, color, 1, cv2.LINE_AA)
                cv2.line(small, (corner[0], opposite[1]), (opposite[0], corner[1]), color, 1, cv2.LINE_AA)
    return small
