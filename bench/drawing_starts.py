"""Masks to begin a drawing with: thresholds and clusters for the nucleus, a line or GrabCut for the cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from bench.drawing_regions import brushed, central_regions, filled, hull_of, smoothed
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.color import gray_world, magenta, saturation
from buffycoat.imaging.threshold import histogram_of, otsu, split_levels
from buffycoat.segment.contour import closed_line

__all__ = ["CELLS", "NUCLEI", "easiest_nucleus", "with_defaults"]

Mask = NDArray[np.bool_]
Start = Callable[[RgbImage, Sequence[float]], Mask]
CellStart = Callable[[RgbImage, Mask, Sequence[float]], Mask]

DIRECTIONS, RADII = 128, 96
LINE = (6.0, 0.75, 8.0, 2.2)
"""Spread of the colors around, stiffness, worth of an edge, farthest radius in those of the nucleus."""


def with_defaults(numbers: Sequence[float], *defaults: float) -> tuple[float, ...]:
    """Return the numbers of a step, and for those that it leaves out what they are then."""
    return (*numbers, *defaults[len(numbers) :])


def easiest_nucleus(image: RgbImage) -> Mask:
    """Return what Easy-GT finds in the middle, at the weight of 0.25."""
    return central_regions(smoothed(_easy_gt(image, [])))


def _easy_gt(image: RgbImage, numbers: Sequence[float]) -> Mask:
    """Easy-GT at a weight, moved by some levels of magenta."""
    weight, moved = with_defaults(numbers, 0.25, 0.0)
    channel = cv2.GaussianBlur(magenta(gray_world(image)), (0, 0), 1.2)
    t2, _, t_up = split_levels(histogram_of(np.asarray(channel, np.uint8)))
    return np.asarray(channel > weight * t2 + (1 - weight) * t_up + moved)


def _green(image: RgbImage, numbers: Sequence[float]) -> Mask:
    """Take the darkest of three classes of green, moved by some levels."""
    channel = np.asarray(cv2.GaussianBlur(gray_world(image)[..., 1], (3, 3), 0), np.uint8)
    return np.asarray(channel <= split_levels(histogram_of(channel)).t_low + with_defaults(numbers, 0.0)[0])


def _red(image: RgbImage, numbers: Sequence[float]) -> Mask:
    """Take the darkest of three classes of red, moved by some levels: granules of eosinophils stay bright in red."""
    channel = np.asarray(cv2.GaussianBlur(gray_world(image)[..., 0], (3, 3), 0), np.uint8)
    return np.asarray(channel <= split_levels(histogram_of(channel)).t_low + with_defaults(numbers, 0.0)[0])


def _tavakoli(image: RgbImage, numbers: Sequence[float]) -> Mask:
    balanced = gray_world(image)
    stain = magenta(balanced)
    dark = cv2.subtract(np.asarray(255 - balanced.max(axis=2), np.uint8), stain)
    channel = cv2.GaussianBlur(cv2.subtract(cv2.min(stain, saturation(balanced)), dark), (5, 5), 0)
    return np.asarray(channel >= otsu(histogram_of(np.asarray(channel, np.uint8))) + with_defaults(numbers, 0.0)[0])


def _kmeans(image: RgbImage, numbers: Sequence[float]) -> Mask:
    """Take the most magenta of some clusters of color, or so many of them."""
    count, taken = with_defaults(numbers, 4.0, 1.0)
    labels = _clusters(image, int(count))
    channel = magenta(gray_world(image))
    means = np.bincount(labels.ravel(), channel.ravel()) / np.maximum(np.bincount(labels.ravel()), 1)
    return np.isin(labels, np.argsort(means)[::-1][: int(taken)])


def _clusters(image: RgbImage, count: int) -> NDArray[np.int32]:
    """Return clusters of color in CIE L*a*b*, begun at equal shares of green, so that chance has no part."""
    colors = cv2.cvtColor(cv2.GaussianBlur(image, (5, 5), 0).astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    order = np.argsort(image[..., 1].ravel(), kind="stable")
    start = np.empty(order.size, np.int32)
    start[order] = np.arange(order.size) * count // order.size
    rules = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 40, 0.2)
    _, labels, _ = cv2.kmeans(colors.reshape(-1, 3), count, start, rules, 1, cv2.KMEANS_USE_INITIAL_LABELS)
    return np.asarray(labels, np.int32).reshape(image.shape[:2])


def _vote(image: RgbImage, _: Sequence[float]) -> Mask:
    return (_easy_gt(image, [0.25]).astype(int) + _green(image, []) + _kmeans(image, [])) >= 2


def _inside(channel: int) -> Start:
    """Split a channel by Otsu's threshold, moved by some levels, among what an easy threshold calls stained."""

    def found(image: RgbImage, numbers: Sequence[float]) -> Mask:
        levels = np.asarray(cv2.GaussianBlur(gray_world(image)[..., channel], (0, 0), 1.5), np.uint8)
        stained = brushed(central_regions(smoothed(_easy_gt(image, [1.0]) | _green(image, []))), "close", 6)
        counts = np.bincount(levels[stained], minlength=256)
        return np.asarray(stained & (levels <= otsu(counts) + with_defaults(numbers, 0.0)[0]))

    return found


NUCLEI: Mapping[str, Start] = MappingProxyType(
    {
        "easy-gt": _easy_gt,
        "green": _green,
        "red": _red,
        "kmeans": _kmeans,
        "tavakoli": _tavakoli,
        "vote": _vote,
        "inside-red": _inside(0),
        "inside-green": _inside(1),
    }
)


def _line(image: RgbImage, nucleus: Mask, numbers: Sequence[float]) -> Mask:
    """Draw the closed line around the nucleus, out to where pixels look like glass or red cells."""
    spread, stiffness, worth, farthest = with_defaults(numbers, *LINE)
    hull = hull_of(nucleus)
    if not hull.any():
        return nucleus
    balanced = cv2.GaussianBlur(gray_world(image), (5, 5), 0)
    colors = cv2.cvtColor(balanced.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    radius = float(np.sqrt(np.count_nonzero(hull) / np.pi))
    ys, xs = np.nonzero(hull)
    center = float(xs.mean()), float(ys.mean())
    reach = farthest * radius
    around = _around(hull, center, radius)
    alike = _alike(balanced[..., 1], colors, around, spread)
    flags = cv2.INTER_LINEAR | cv2.WARP_FILL_OUTLIERS
    outside, inner, known, rolled = (
        cv2.warpPolar(one, (RADII, DIRECTIONS), center, reach, flags)
        for one in (alike, hull.astype(np.float32), np.ones(hull.shape, np.float32), colors)
    )
    places = np.arange(RADII)
    length = reach / RADII
    hull_end = np.where(inner > 0.5, places + 1, 0).max(axis=1, keepdims=True)
    known_end = np.where(known > 0.5, places + 1, 0).max(axis=1, keepdims=True)
    gap = min(max(1, round(4 / length)), RADII // 4)
    sums = np.cumsum(np.pad(rolled, ((0, 0), (1, 0), (0, 0))), axis=1, dtype=np.float64)
    edges = np.zeros((DIRECTIONS, RADII))
    steep = 2 * sums[:, gap : RADII - gap] - sums[:, : RADII - 2 * gap] - sums[:, 2 * gap : RADII]
    edges[:, gap : RADII - gap] = np.minimum(np.linalg.norm(steep / gap, axis=2) / 40, 1)
    edges[(places < hull_end + gap) | (places >= known_end - gap)] = 0
    region = np.cumsum(np.where(inner > 0.5, 0, outside - 0.5), axis=1) * length / 2
    region = np.where(places < known_end, region, np.take_along_axis(region, np.maximum(known_end - 1, 0), axis=1))
    cost = np.where(places < np.minimum(hull_end, RADII - 1), 1e4, region - worth * edges)
    line = closed_line(cost.astype(np.float32), stiffness=stiffness)
    angles = 2 * np.pi * np.arange(DIRECTIONS) / DIRECTIONS
    points = np.stack([np.cos(angles), np.sin(angles)], axis=1) * (line * length)[:, None] + center
    drawn = hull.astype(np.uint8)
    cv2.fillPoly(drawn, [np.round(points * 16).astype(np.int32)], 1, shift=4)
    return drawn.astype(np.bool_)


def _around(hull: Mask, center: tuple[float, float], radius: float) -> Mask:
    ys, xs = np.ogrid[: hull.shape[0], : hull.shape[1]]
    from_hull = cv2.distanceTransform((~hull).astype(np.uint8), cv2.DIST_L2, 5)
    far = (np.hypot(xs - center[0], ys - center[1]) > 0.3 * max(hull.shape)) & (from_hull > 0.8 * radius)
    return far if np.count_nonzero(far) >= 200 else ~hull


def _alike(green: MatLike, colors: MatLike, around: Mask, spread: float) -> NDArray[np.float32]:
    """Return, from 0 to 1, how much pixels look like glass or red cells as they are around the cell."""
    levels, samples = np.asarray(green[around], np.uint8), colors[around]
    glass = levels > otsu(np.bincount(levels, minlength=256))
    alike = np.zeros(around.shape, np.float32)
    for group in (samples[glass], samples[~glass]):
        if len(group) < 2:
            continue
        away = np.linalg.norm(group - np.median(group, axis=0), axis=1)
        most = group[away <= np.quantile(away, 0.9)]
        variances, axes = np.linalg.eigh(np.cov(most.T, bias=True))
        along = (colors - most.mean(axis=0)) @ axes.astype(np.float32)
        alike = np.maximum(alike, np.exp(-(along**2 / (2 * np.maximum(variances, spread**2))).sum(axis=2)))
    return alike.astype(np.float32)


def _grabcut(image: RgbImage, nucleus: Mask, numbers: Sequence[float]) -> Mask:
    """Cut the cell out by GrabCut (Rother et al. 2004), begun at the line: within some pixels of it all is open."""
    band = with_defaults(numbers, 22.0)[0]
    first = _line(image, nucleus, numbers[1:])
    inner, outer = brushed(first, "shrink", band), brushed(first, "grow", band)
    guess = np.full(first.shape, cv2.GC_BGD, np.uint8)
    guess[outer], guess[first], guess[inner | nucleus] = cv2.GC_PR_BGD, cv2.GC_PR_FGD, cv2.GC_FGD
    cv2.setRNGSeed(0)
    smooth = np.asarray(cv2.GaussianBlur(image, (5, 5), 0), np.uint8)
    cv2.grabCut(smooth, guess, (0, 0, 1, 1), np.zeros((1, 65)), np.zeros((1, 65)), 4, cv2.GC_INIT_WITH_MASK)
    found = brushed((guess == cv2.GC_FGD) | (guess == cv2.GC_PR_FGD), "close", 5)
    found = filled(found, 1.0)
    return np.asarray(cv2.GaussianBlur(brushed(found, "open", 9).astype(np.float32), (0, 0), 4) > 0.5)


def _cluster_cell(image: RgbImage, nucleus: Mask, numbers: Sequence[float]) -> Mask:
    """Take the clusters of color that are more at home near the nucleus than at the border of the crop."""
    labels = _clusters(image, int(with_defaults(numbers, 5.0)[0]))
    hull = hull_of(nucleus)
    ring = brushed(hull, "grow", 12)
    far = ~brushed(hull, "grow", 0.12 * max(image.shape[:2]))
    near, away = (np.bincount(labels[where], minlength=16) for where in (ring, far))
    at_home = near * max(int(far.sum()), 1) > away * max(int(ring.sum()), 1)
    return brushed(np.isin(labels, np.flatnonzero(at_home)), "open", 6)


CELLS: Mapping[str, CellStart] = MappingProxyType({"line": _line, "grabcut": _grabcut, "kmeans": _cluster_cell})
