"""The closed line around a nucleus where its cell ends."""

from __future__ import annotations

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from buffycoat.errors import InvalidMask, NothingFound, TooFew
from buffycoat.imaging.arrays import RgbImage, check_rgb
from buffycoat.imaging.color import gray_world
from buffycoat.imaging.regions import check_mask, convex_hull
from buffycoat.imaging.threshold import otsu
from buffycoat.segment.contour import closed_line
from buffycoat.segment.frame import frame_of

__all__ = ["cell_around"]

FloatImage = NDArray[np.float32]

WORKING_SIDE = 160
DIRECTIONS, RADII = 128, 96
FARTHEST = 2.2
"""Largest radius of a cell, in radii of the hull of its nucleus."""
SURROUNDINGS = 0.3, 0.8
"""How far from the center of the hull, in sides of the crop, and from the hull, in its radii, no cell is expected."""
FEWEST_AROUND = 50
SPREAD = 6.0
"""Least standard deviation of the colors of glass and red cells, in CIE L*a*b* units."""
MOST = 0.9
"""Share of the pixels of glass, and of red cells, that their colors are measured on: the rest are neighbors' nuclei."""
EDGE_WIDTH = 2.0
STRONG_EDGE = 40.0
EDGE_WEIGHT = 8.0
"""What a strong edge is worth: so many pixels, at the working side, of looking like the surroundings or not."""
STIFFNESS = 0.75
CHANCES_SAY = 0.5
"""Of what is known of the cell by other means, beside its colors; chosen on BCCD, by a network that had not seen it."""


def cell_around(crop: RgbImage, *, nucleus: NDArray[np.bool_], chances: FloatImage | None = None) -> NDArray[np.bool_]:
    """Return the mask of the whole cell, nucleus and cytoplasm, around a nucleus.

    Away from the nucleus, the crop shows glass and red cells: their two colors are measured there. From the nucleus
    outward, the cell goes on while pixels look like neither. Its outline is the closed line that best parts such pixels
    from the others and follows edges of color; it bends little, so it cuts off what touches the cell. The method is
    ours; the paper had cells drawn by hand.

    Parameters
    ----------
    crop : ndarray
        uint8 RGB of shape (height, width, 3), with the cell in its middle and about half as wide as the crop. Rows and
        columns of plain white at its border are padding, and never part of the cell.
    nucleus : ndarray
        bool of shape (height, width).
    chances : ndarray, optional
        float32 of shape (height, width), 0 to 1: how likely each pixel is of the cell by what else is known, such as a
        network. It has as much say as the colors.

    Returns
    -------
    ndarray
        bool of shape (height, width). It holds every pixel of the nucleus.

    Raises
    ------
    WrongArray
        If ``crop`` is no RGB image.
    InvalidMask
        If ``nucleus`` is no mask of the crop, or ``chances`` are not of its pixels.
    NothingFound
        If the nucleus is empty.

    Examples
    --------
    >>> crop = np.full((120, 120, 3), 230, np.uint8)
    >>> _ = cv2.circle(crop, (60, 60), 30, (190, 150, 200), -1)
    >>> _ = cv2.circle(crop, (60, 60), 18, (120, 40, 160), -1)
    >>> cell = cell_around(crop, nucleus=crop[..., 1] == 40)
    >>> bool(abs(cell.sum() / (np.pi * 30**2) - 1) < 0.05)
    True
    """
    check_rgb(crop)
    check_mask(nucleus)
    for what, given in (("nucleus is no mask", nucleus), ("chances are not of the pixels", chances)):
        if given is not None and given.shape != crop.shape[:2]:
            raise InvalidMask(f"the {what} of the crop", expected=str(crop.shape[:2]), found=str(given.shape))
    if not nucleus.any():
        raise NothingFound("no nucleus to draw a cell around")
    rows, columns = frame_of(crop).slices
    picture, inner = gray_world(crop)[rows, columns], nucleus[rows, columns]
    scale = WORKING_SIDE / max(crop.shape[:2])
    size = max(8, round(picture.shape[1] * scale)), max(8, round(picture.shape[0] * scale))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(picture, size, interpolation=way)
    hull = convex_hull(cv2.resize(inner.astype(np.float32), size, interpolation=way) > 0.5)
    cell = nucleus.copy()
    if hull.any():
        sure = (
            None
            if chances is None
            else cv2.resize(np.ascontiguousarray(chances[rows, columns]), size, interpolation=way)
        )
        drawn = _draw(small, hull, sure).astype(np.float32)
        cell[rows, columns] |= cv2.resize(drawn, picture.shape[1::-1], interpolation=cv2.INTER_LINEAR) > 0.5
    return cell


def _draw(image: MatLike, hull: NDArray[np.bool_], chances: MatLike | None) -> NDArray[np.bool_]:
    """Return the cell around the hull of a nucleus, at the working size."""
    radius = float(np.sqrt(np.count_nonzero(hull) / np.pi))
    colors = cv2.cvtColor(cv2.GaussianBlur(image, (3, 3), 0).astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    ys, xs = np.nonzero(hull)
    center = float(xs.mean()), float(ys.mean())
    reach = FARTHEST * radius
    likeness = _likeness(image, colors, around=_surroundings(hull, center, radius))
    if chances is not None:
        likeness = (1 - CHANCES_SAY) * likeness + np.float32(CHANCES_SAY) * (1 - np.asarray(chances, np.float32))
    outside = _unroll(likeness, center, reach)
    inside_hull = _unroll(hull.astype(np.float32), center, reach) > 0.5
    known = _unroll(np.ones(hull.shape, dtype=np.float32), center, reach) > 0.5
    length = reach / RADII
    places = np.arange(RADII)
    hull_end = np.where(inside_hull, places + 1, 0).max(axis=1, keepdims=True)
    known_end = np.where(known, places + 1, 0).max(axis=1, keepdims=True)
    gap = min(max(1, round(EDGE_WIDTH / length)), RADII // 4)
    edges = np.minimum(_edges(_unroll(colors, center, reach), gap) / STRONG_EDGE, 1)
    edges[(places < hull_end + gap) | (places >= known_end - gap)] = 0  # those of the nucleus, and of the picture
    region = np.cumsum(np.where(inside_hull, 0, outside - 0.5), axis=1) * length
    region = np.where(places < known_end, region, np.take_along_axis(region, np.maximum(known_end - 1, 0), axis=1))
    cost = np.where(places < np.minimum(hull_end, RADII - 1), 1e4, region - EDGE_WEIGHT * edges)
    line = closed_line(cost.astype(np.float32), stiffness=STIFFNESS)
    angles = 2 * np.pi * np.arange(DIRECTIONS) / DIRECTIONS
    points = np.stack([np.cos(angles), np.sin(angles)], axis=1) * (line * length)[:, None] + center
    drawn = hull.astype(np.uint8)
    cv2.fillPoly(drawn, [np.round(points * 16).astype(np.int32)], 1, shift=4)
    return drawn.astype(np.bool_)


def _surroundings(hull: NDArray[np.bool_], center: tuple[float, float], radius: float) -> NDArray[np.bool_]:
    """Return the pixels too far from the nucleus to be of its cell; in a tight crop, all outside its hull."""
    ys, xs = np.ogrid[: hull.shape[0], : hull.shape[1]]
    from_hull = cv2.distanceTransform((~hull).astype(np.uint8), cv2.DIST_L2, 5)
    far = np.hypot(xs - center[0], ys - center[1]) > SURROUNDINGS[0] * WORKING_SIDE
    far &= from_hull > SURROUNDINGS[1] * radius
    return far if np.count_nonzero(far) >= FEWEST_AROUND else ~hull


def _likeness(image: MatLike, colors: MatLike, *, around: NDArray[np.bool_]) -> FloatImage:
    """Return, from 0 to 1, how much each pixel looks like glass or red cells, as they are around the cell."""
    green, samples = image[..., 1][around], colors[around]
    try:
        glass = green > otsu(np.bincount(green, minlength=256))
    except TooFew:
        glass = np.ones(len(green), dtype=np.bool_)
    likeness = np.zeros(around.shape, dtype=np.float32)
    for group in (samples[glass], samples[~glass]):
        if len(group):
            likeness = np.maximum(likeness, _normal(colors, group))
    return likeness.astype(np.float32)


def _normal(colors: MatLike, group: MatLike) -> FloatImage:
    """Return, from 0 to 1, how likely each color is by the normal distribution of most of a group of colors."""
    from_median = np.linalg.norm(group - np.median(group, axis=0), axis=1)
    most = group[from_median <= np.quantile(from_median, MOST)]
    center = most.mean(axis=0)
    variances, axes = np.linalg.eigh(np.cov(most.T, bias=True) if len(most) > 1 else np.eye(3))
    along = (colors - center) @ axes.astype(np.float32)
    likeness = np.exp(-(along**2 / (2 * np.maximum(variances, SPREAD**2))).sum(axis=2))
    return np.asarray(likeness, dtype=np.float32)


def _unroll(image: MatLike, center: tuple[float, float], reach: float) -> FloatImage:
    """Return an image in polar coordinates: directions are rows, radii columns, 0 outside the picture."""
    flags = cv2.INTER_LINEAR | cv2.WARP_FILL_OUTLIERS
    return np.asarray(cv2.warpPolar(image, (RADII, DIRECTIONS), center, reach, flags), dtype=np.float32)


def _edges(colors: FloatImage, gap: int) -> FloatImage:
    """Return how far the mean colors just inside and just outside of each radius are apart."""
    sums = np.cumsum(np.pad(colors, ((0, 0), (1, 0), (0, 0))), axis=1, dtype=np.float64)
    edges = np.zeros(colors.shape[:2], dtype=np.float32)
    middle = sums[:, gap : RADII - gap]
    inward, outward = sums[:, : RADII - 2 * gap], sums[:, 2 * gap : RADII]
    edges[:, gap : RADII - gap] = np.linalg.norm((2 * middle - inward - outward) / gap, axis=2)
    return edges
