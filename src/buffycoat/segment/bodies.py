"""Nuclei to cells: which lobes are one cell's, and which cell is meant."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.errors import NothingFound, SeveralCells
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.color import balanced_magenta
from buffycoat.imaging.regions import BinaryMask, Regions, find_regions, keep_regions
from buffycoat.segment.frame import frame_of
from buffycoat.segment.nucleus import least_contrast
from buffycoat.segment.outline import cell_around

__all__ = ["Scene", "look_at"]

WORKING_SIDE = 192
SMALL = 0.1
"""Regions with less than this share of the largest one's pixels are specks, not lobes."""
MOST_LOBES = 12
FAR = 0.8
"""Nuclei farther apart than this, in square roots of their common area, are of two cells. Lobes measured 0.38 at most
in BCCD, Raabin and Barcelona."""
APART = 0.2
"""Two nuclei are of two cells where the cells drawn around each alone share less than this part of the smaller one. Of
105 nuclei in parts in the three sets, two cells had 0.10 at most, one cell 0.31 at least."""
NEARER = 0.5
COMPARABLE = 0.4

Point = tuple[float, float]
_Points = NDArray[np.float32]


class Scene(NamedTuple):
    """The nuclei of a picture, cell by cell, the largest first.

    ``nuclei`` are bool of the picture's height and width, disjoint. ``small`` are the same, and ``image`` is the
    picture, at the working size, which is ``scale`` times that of the picture.
    """

    image: RgbImage
    scale: float
    nuclei: list[BinaryMask]
    small: list[BinaryMask]

    def meant(self, point: Point, *, least: float = 0, strict: bool = True) -> BinaryMask:
        """Return the nucleus of the cell that is meant: the one at a point, or clearly nearest to it.

        A neighbor is no matter: the only cell that covers the point is meant, else the one whose nucleus is less than
        half as far from it as the next. Specks beside a cell, such as platelets, do not compete.

        Parameters
        ----------
        point : tuple of float
            x and y in pixels of the picture.
        least : float
            Smallest area of a nucleus whose cell does not cover the point, in pixels of the picture.
        strict : bool
            Without it, the nearest is returned where two have equal right.

        Returns
        -------
        ndarray
            One of ``nuclei``.

        Raises
        ------
        NothingFound
            If no cell covers the point, and all nuclei are small.
        SeveralCells
            If two cells or more have equal right.
        """
        if len(self.nuclei) == 1:
            return self.nuclei[0]
        places = range(len(self.nuclei))
        x, y = (int(part * self.scale) for part in point)
        over = [place for place in places if self._cell(place)[y, x]]
        if len(over) == 1:
            return self.nuclei[over[0]]
        areas = [np.count_nonzero(nucleus) for nucleus in self.small]
        enough = 0.0 if over else least * self.scale**2
        rivals = [place for place in over or places if areas[place] >= max(COMPARABLE * max(areas), enough)]
        if not rivals:
            raise NothingFound("no nucleus in the middle of this crop, and none but small ones elsewhere")
        distances = sorted((_from_center(self.nuclei[place], point), place) for place in rivals)
        if strict and len(rivals) > 1 and distances[0][0] > NEARER * distances[1][0]:
            raise SeveralCells(
                "several cells, and none clearly in the middle", expected="one cell", found=f"{len(rivals)} cells"
            )
        return self.nuclei[distances[0][1]]

    def under(self, point: Point) -> BinaryMask:
        """Return the nucleus whose cell is nearest to a point, or holds it; of two such, the nearer nucleus."""
        if len(self.nuclei) == 1:
            return self.nuclei[0]
        x, y = (int(part * self.scale) for part in point)
        distances = [
            (_from_mask(self._cell(place), x, y), _from_mask(self.small[place], x, y), place)
            for place in range(len(self.nuclei))
        ]
        return self.nuclei[min(distances)[2]]

    def joined(self) -> Scene:
        """Return the same picture with all of its nuclei as one: for lobes that are known to be of one cell."""
        one, small = (np.asarray(np.bitwise_or.reduce(parts), np.bool_) for parts in (self.nuclei, self.small))
        return self._replace(nuclei=[one], small=[small])

    def _cell(self, place: int) -> BinaryMask:
        return cell_around(self.image, nucleus=self.small[place])


def look_at(picture: RgbImage, nuclei: BinaryMask) -> Scene:
    """Return the nuclei of a picture cell by cell.

    Regions that are no specks are joined by their smallest gaps. The largest gap is looked at first: a whole cell is
    drawn around the regions on either side of it alone. Lobes of one cell get cells that overlap, two cells do not.
    What is not clearly more magenta than the rest of the picture, as red cells are, is left out.

    Parameters
    ----------
    picture : ndarray
        uint8 RGB of shape (height, width, 3).
    nuclei : ndarray
        bool of shape (height, width).

    Returns
    -------
    Scene
        With at least one nucleus.

    Raises
    ------
    NothingFound
        If there is no nucleus.

    Examples
    --------
    >>> picture = np.full((100, 160, 3), 230, np.uint8)
    >>> nuclei = np.zeros((100, 160), bool)
    >>> nuclei[40:60, 20:40] = nuclei[40:60, 48:60] = nuclei[30:50, 120:140] = True
    >>> cells = cv2.dilate(nuclei.astype(np.uint8), np.ones((21, 21)))
    >>> picture[cells > 0], picture[nuclei] = (190, 150, 200), (120, 40, 160)
    >>> [int(nucleus.sum()) for nucleus in look_at(picture, nuclei).nuclei]
    [640, 400]
    """
    scale = min(1.0, WORKING_SIDE / max(nuclei.shape))
    size = max(1, round(nuclei.shape[1] * scale)), max(1, round(nuclei.shape[0] * scale))
    image = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    mask = cv2.resize(nuclei.astype(np.uint8) * 255, size, interpolation=cv2.INTER_AREA) > 127
    regions = find_regions(np.asarray(mask))
    if not len(regions.areas):
        raise NothingFound("no nucleus in this crop")
    largest = np.argsort(regions.areas)[::-1][:MOST_LOBES]
    lobes = [int(lobe) for lobe in largest if regions.areas[lobe] >= SMALL * regions.areas.max()]
    bodies = [_mask(regions, body) for body in _split(image, regions, lobes, _gaps(regions, lobes))]
    bodies = _stained(image, sorted(bodies, key=np.count_nonzero, reverse=True))
    return Scene(image, scale, _enlarged(nuclei, bodies), bodies)


def _stained(image: RgbImage, bodies: Sequence[BinaryMask]) -> list[BinaryMask]:
    """Return the bodies that are more magenta than what is none of them."""
    rows, columns = frame_of(image).slices
    levels = balanced_magenta(np.ascontiguousarray(image[rows, columns]))[1]
    inner = [np.ascontiguousarray(body[rows, columns]).view(np.uint8) for body in bodies]
    outside = cv2.mean(levels, 1 - np.bitwise_or.reduce(inner))[0]
    contrasts = [cv2.mean(levels, body)[0] - outside for body in inner]
    least = least_contrast(max(float(body.mean()) for body in inner))
    if max(contrasts) < least:
        raise NothingFound(
            "no nucleus in this crop",
            expected=f"{least} levels of magenta above the rest",
            found=f"{max(contrasts):.0f}",
        )
    return [body for body, contrast in zip(bodies, contrasts, strict=True) if contrast >= least]


def _enlarged(nuclei: BinaryMask, bodies: Sequence[BinaryMask]) -> list[BinaryMask]:
    """Return, at full size, the pixels of the nuclei that are nearest to each body."""
    if len(bodies) == 1:
        return [nuclei]
    distances = [cv2.distanceTransform((~body).astype(np.uint8), cv2.DIST_L2, 5) for body in bodies]
    nearest = np.argmin(distances, axis=0).astype(np.uint8)
    owner = cv2.resize(nearest, nuclei.shape[::-1], interpolation=cv2.INTER_NEAREST)
    return [np.asarray(nuclei & (owner == place), dtype=np.bool_) for place in range(len(bodies))]


def _split(
    image: RgbImage, regions: Regions, lobes: Sequence[int], gaps: dict[tuple[int, int], float]
) -> list[Sequence[int]]:
    """Split lobes at their largest gap, again and again, where two cells meet there."""
    if len(lobes) == 1:
        return [lobes]
    ones, others, gap = _widest(lobes, gaps)
    far = gap > FAR * float(np.sqrt(regions.areas[list(lobes)].sum()))
    if not far:
        cells = [cell_around(image, nucleus=_mask(regions, side)) for side in (ones, others)]
        shared = np.count_nonzero(cells[0] & cells[1])
        if shared >= APART * min(np.count_nonzero(cell) for cell in cells):
            return [lobes]
    return [*_split(image, regions, ones, gaps), *_split(image, regions, others, gaps)]


def _widest(lobes: Sequence[int], gaps: dict[tuple[int, int], float]) -> tuple[list[int], list[int], float]:
    """Return the two sides of the largest gap of the shortest tree that joins the lobes, and that gap."""
    group = {lobe: {lobe} for lobe in lobes}
    widest: tuple[list[int], list[int], float] = ([], [], 0.0)
    for pair in sorted(combinations(sorted(lobes), 2), key=lambda pair: gaps[pair]):
        one, other = group[pair[0]], group[pair[1]]
        if one is other:
            continue
        widest = sorted(one), sorted(other), gaps[pair]  # the last to be joined is the largest gap
        joined = one | other
        group |= dict.fromkeys(joined, joined)
    return widest


def _gaps(regions: Regions, lobes: Sequence[int]) -> dict[tuple[int, int], float]:
    """Return the distance between the outlines of each two regions, in pixels."""
    outlines = {lobe: _outline(regions, lobe) for lobe in lobes}
    return {
        (one, other): float(np.sqrt(((outlines[one][:, None] - outlines[other]) ** 2).sum(axis=2).min()))
        for one, other in combinations(sorted(lobes), 2)
    }


def _outline(regions: Regions, lobe: int) -> _Points:
    """Return at most about 300 points of the outline of a region."""
    left, top, right, bottom = (int(side) for side in regions.boxes[lobe])
    part = (regions.labels[top:bottom, left:right] == lobe + 1).astype(np.uint8)
    outlines, _ = cv2.findContours(part, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE, offset=(left, top))
    points = np.asarray(max(outlines, key=len), dtype=np.float32).reshape(-1, 2)
    return points[:: max(1, len(points) // 300)]


def _mask(regions: Regions, lobes: Sequence[int]) -> BinaryMask:
    chosen = np.zeros(len(regions.areas), dtype=np.bool_)
    chosen[list(lobes)] = True
    return keep_regions(regions, chosen)


def _from_center(body: BinaryMask, point: Point) -> float:
    """Return how far the center of a nucleus is from a point, in pixels."""
    moments = cv2.moments(body.astype(np.uint8), binaryImage=True)
    return float(np.hypot(moments["m10"] / moments["m00"] - point[0], moments["m01"] / moments["m00"] - point[1]))


def _from_mask(mask: BinaryMask, x: int, y: int) -> float:
    """Return how far a pixel is from a mask, in pixels; 0 in it."""
    return float(cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, 5)[y, x])
