"""Which cell of a crop is meant where a method draws outlines: the one in the middle, or none where two are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from buffycoat.errors import NothingFound, SeveralCells
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.regions import BinaryMask
from buffycoat.segment.bodies import look_at
from buffycoat.segment.cell_parts import MOST_ON_BORDER
from buffycoat.segment.frame import frame_of, share_on_border
from buffycoat.segment.part_methods import PART_METHODS, Point

__all__ = ["is_convex", "meant_in_crop"]

ASIDE: Final = 0.5
"""How far the center of an outline is from the middle, in its radii, when others are looked for."""
COMPARABLE: Final = 0.4
"""Of the area of a cell or of its nucleus: what is smaller is no cell of like size."""
SHARED: Final = 0.3
"""Two outlines that share more of the smaller one are of one cell."""
NEARER: Final = 0.5
"""A cell is clearly in the middle where it is not half as far from there as the next."""
CONVEX: Final = 0.96
"""Of the area of the convex hull. Of outlines with a nucleus in parts, those of one cell had 0.97 at least, of two
cells 0.96 at most, but for one in fifteen."""
MOST_ASKED: Final = 4

Outlined = tuple[BinaryMask, BinaryMask]
"""Nucleus and whole cell."""


def meant_in_crop(image: RgbImage, outlined: Outlined, method: str, *, least: float, strict: bool) -> Outlined:
    """Return nucleus and outline of the cell in the middle.

    Where the first outline is in the middle, it is meant, whatever lies beside it. Else a threshold says where other
    nuclei of like size are, and the method is asked at each. What the border cuts is no rival.

    Parameters
    ----------
    image : ndarray
        uint8 RGB of shape (height, width, 3).
    outlined : tuple of ndarray
        Nucleus and cell that the method drew without a point; both may be empty.
    method : str
        One that draws outlines.
    least : float
        Smallest area of the largest nucleus in pixels, where the first outline is empty or not in the middle.
    strict : bool
        Without it, the nearest is returned where two have equal right.

    Raises
    ------
    NothingFound
        If there is no nucleus.
    SeveralCells
        If two cells or more have equal right to be meant.
    """
    middle = (image.shape[1] - 1) / 2, (image.shape[0] - 1) / 2
    found = [outlined] if outlined[0].any() and outlined[1].any() else []
    if found and _from(outlined[1], middle) <= ASIDE * np.sqrt(np.count_nonzero(outlined[1]) / np.pi):
        return outlined
    found += _others(image, found, method, middle, least=least)
    if not found:
        raise NothingFound("no nucleus in the middle of this crop, and none but small ones elsewhere")
    frame = frame_of(image)
    first, *rest = sorted(found, key=lambda each: _from(each[1], middle))
    rivals = [
        cell
        for _, cell in rest
        if share_on_border(cell, frame) < MOST_ON_BORDER
        and np.count_nonzero(cell) >= COMPARABLE * np.count_nonzero(first[1])
    ]
    if strict and rivals and _from(first[1], middle) > NEARER * _from(rivals[0], middle):
        raise SeveralCells(
            "several cells, and none clearly in the middle", expected="one cell", found=f"{1 + len(rivals)} cells"
        )
    return first


def is_convex(cell: BinaryMask) -> bool:
    """Say whether an outline is about as convex as that of one cell; two that touch leave a notch on either side.

    Examples
    --------
    >>> ys, xs = np.mgrid[:80, :120]
    >>> one, other = (np.hypot(xs - x, ys - 40) < 28 for x in (40, 80))
    >>> is_convex(one), is_convex(one | other)
    (True, False)
    """
    outlines, _ = cv2.findContours(cell.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outline = max(outlines, key=cv2.contourArea)
    return bool(cv2.contourArea(outline) >= CONVEX * cv2.contourArea(cv2.convexHull(outline)))


def _others(image: RgbImage, found: Sequence[Outlined], method: str, middle: Point, *, least: float) -> list[Outlined]:
    """Return the cells that the method draws around nuclei which a threshold finds outside of what was found."""
    nuclei = PART_METHODS["easy-gt"](image, middle)[0]
    known = np.zeros(image.shape[:2], np.bool_)
    if found:
        nuclei, known, least = nuclei | found[0][0], found[0][1], COMPARABLE * np.count_nonzero(found[0][0])
    try:
        bodies = look_at(image, nuclei).nuclei
    except NothingFound:
        return []
    areas = [np.count_nonzero(body) for body in bodies]
    if max(areas) < least:
        return []
    enough = least if found else COMPARABLE * max(areas)
    new = [
        body
        for body, area in zip(bodies, areas, strict=True)
        if area >= enough and 2 * np.count_nonzero(body & known) < area
    ]
    others: list[Outlined] = []
    for body in sorted(new, key=lambda body: _from(body, middle))[:MOST_ASKED]:
        drawn = PART_METHODS[method](image, _center(body))
        if drawn[1] is not None and drawn[0].any() and all(_apart(drawn[1], cell) for _, cell in [*found, *others]):
            others.append((drawn[0], drawn[1]))
    return others


def _center(mask: BinaryMask) -> Point:
    """Return a pixel of a mask that is near its center, as x and y."""
    ys, xs = np.nonzero(mask)
    place = int(np.argmin((xs - xs.mean()) ** 2 + (ys - ys.mean()) ** 2))
    return float(xs[place]), float(ys[place])


def _apart(one: BinaryMask, other: BinaryMask) -> bool:
    shared = np.count_nonzero(one & other)
    return bool(shared < SHARED * min(np.count_nonzero(one), np.count_nonzero(other)))


def _from(mask: BinaryMask, point: Point) -> float:
    """Return how far the center of a mask is from a point, in pixels."""
    moments = cv2.moments(mask.astype(np.uint8), binaryImage=True)
    return float(np.hypot(moments["m10"] / moments["m00"] - point[0], moments["m01"] / moments["m00"] - point[1]))
