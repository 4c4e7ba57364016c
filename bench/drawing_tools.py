"""How masks are drawn from words: a threshold or a line to begin with, then what a hand corrects.

A recipe is a chain of steps, such as ``easy-gt 0.25; near 480,510; without 300,300 360,320 310,380``. The first step
makes a mask, each further one changes it. Points are ``x,y`` in thousandths of the crop's width and height, so that
they hold at any size; an outline of points is rounded to a smooth line. Nothing here follows the package's own
methods as they change: a mask that was drawn stays as it was drawn.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.drawing_regions import brushed, central_regions, filled, nearest_regions, one_region, smoothed
from bench.drawing_starts import CELLS, NUCLEI, easiest_nucleus, with_defaults
from buffycoat.errors import InputError
from buffycoat.imaging.arrays import RgbImage
from buffycoat.segment.contour import closed_line

__all__ = ["draw_cell", "draw_nucleus"]

Mask = NDArray[np.bool_]
Points = NDArray[np.float64]

WORKING_SIDE = 320
DIRECTIONS, PLACES = 128, 49


def _working_size(crop: RgbImage) -> tuple[int, int]:
    """Return the width and height at which a crop is drawn on."""
    scale = WORKING_SIDE / max(crop.shape[:2])
    return round(crop.shape[1] * scale), round(crop.shape[0] * scale)


def draw_nucleus(crop: RgbImage, recipe: str) -> Mask:
    """Return the nucleus that a recipe draws, as bool of the crop's height and width."""
    image = _small(crop)
    start, *steps = _steps(recipe)
    word, numbers, points = _parts(start)
    if word == "outline":
        mask = _polygon(points, image)
    elif word == "snap":
        mask = _snapped(points, with_defaults(numbers, 0.12)[0], image)
    elif word in NUCLEI:
        mask = NUCLEI[word](image, numbers)
        if not any(step.startswith(("near", "all")) for step in steps):
            mask = central_regions(mask)
    else:
        raise InputError("no such way to draw a nucleus", expected=" or ".join(NUCLEI), found=repr(word))
    return _full(_corrected(smoothed(mask), steps, image), crop)


def draw_cell(crop: RgbImage, recipe: str, nucleus: Mask | None) -> Mask:
    """Return the cell that a recipe draws, as bool of the crop's height and width; it holds the nucleus."""
    image = _small(crop)
    if nucleus is None:  # it is hidden: what is stained stands in for it
        inner = easiest_nucleus(image)
    else:
        inner = cv2.resize(nucleus.astype(np.float32), image.shape[1::-1], interpolation=cv2.INTER_AREA) > 0.5
    start, *steps = _steps(recipe)
    word, numbers, points = _parts(start)
    if word == "outline":
        mask = _polygon(points, image)
    elif word == "snap":
        mask = _snapped(points, with_defaults(numbers, 0.12)[0], image)
    elif word in CELLS:
        mask = one_region(smoothed(CELLS[word](image, inner, numbers)) | inner)
    else:
        raise InputError("no such way to draw a cell", expected=" or ".join(CELLS), found=repr(word))
    cell = _full(_corrected(mask, steps, image), crop)
    return cell if nucleus is None else cell | nucleus


def _steps(recipe: str) -> list[str]:
    return [step.strip() for step in recipe.split(";")]


def _parts(step: str) -> tuple[str, list[float], Points]:
    """Return the word of a step, its numbers, and its points."""
    word, *rest = step.split()
    numbers = [float(part) for part in rest if "," not in part]
    points = [[float(side) for side in part.split(",")] for part in rest if "," in part]
    return word, numbers, np.asarray(points, np.float64).reshape(-1, 2)


def _small(crop: RgbImage) -> RgbImage:
    size = _working_size(crop)
    way = cv2.INTER_AREA if size[0] < crop.shape[1] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(crop, size, interpolation=way), np.uint8)


def _full(mask: Mask, crop: RgbImage) -> Mask:
    return cv2.resize(mask.astype(np.float32), crop.shape[1::-1], interpolation=cv2.INTER_LINEAR) > 0.5


def _polygon(points: Points, image: RgbImage) -> Mask:
    """Return the inside of a closed curve through points (Catmull and Rom's, centripetal enough at even steps)."""
    if len(points) < 3:
        raise InputError("an outline has too few points", expected="at least 3", found=str(len(points)))
    before, after, beyond = (np.roll(points, shift, axis=0) for shift in (1, -1, -2))
    bends = after - before, 2 * before - 5 * points + 4 * after - beyond, 3 * points - before - 3 * after + beyond
    steps = np.arange(12) / 12
    curve = [points + 0.5 * (bends[0] * t + bends[1] * t**2 + bends[2] * t**3) for t in steps]
    line = np.stack(curve, axis=1).reshape(-1, 2) / 1000 * image.shape[1::-1]
    drawn = np.zeros(image.shape[:2], np.uint8)
    cv2.fillPoly(drawn, [np.round(line * 16).astype(np.int32)], 1, shift=4)
    return drawn.astype(np.bool_)


def _snapped(points: Points, share: float, image: RgbImage) -> Mask:
    """Return what a closed line encloses that follows the strongest edges of color within a share of a coarse outline.

    Directions are seen from the middle of the outline, and radii are shares of its own in each direction.
    """
    coarse = _polygon(points, image)
    ys, xs = np.nonzero(coarse)
    center_x, center_y = float(xs.mean()), float(ys.mean())
    colors = cv2.cvtColor(cv2.GaussianBlur(image, (5, 5), 0).astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    angles = 2 * np.pi * np.arange(DIRECTIONS) / DIRECTIONS
    steps = np.arange(0, 2 * max(image.shape[:2]), 0.5)
    ray_x = (center_x + np.outer(np.cos(angles), steps)).astype(np.float32)
    ray_y = (center_y + np.outer(np.sin(angles), steps)).astype(np.float32)
    inside = cv2.remap(coarse.astype(np.float32), ray_x, ray_y, cv2.INTER_LINEAR) > 0.5
    own = np.maximum((inside * steps).max(axis=1, keepdims=True), 2)
    places = np.linspace(1 - share, 1 + share, PLACES)
    rolled = cv2.remap(
        colors,
        (center_x + np.cos(angles)[:, None] * own * places).astype(np.float32),
        (center_y + np.sin(angles)[:, None] * own * places).astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    gap = 5
    sums = np.cumsum(np.pad(rolled, ((0, 0), (1, 0), (0, 0))), axis=1, dtype=np.float64)
    steep = np.zeros(rolled.shape[:2])
    steep[:, gap:-gap] = np.linalg.norm(
        (2 * sums[:, gap:-gap] - sums[:, : -2 * gap] - sums[:, 2 * gap :])[:, :-1], axis=2
    )
    cost = -np.minimum(steep / gap, 25) / 25 + 0.6 * np.abs(places - 1) / share
    cost[:, :gap] = cost[:, -gap:] = 1
    line = closed_line(cost.astype(np.float32), stiffness=0.15, step=1)
    radii = own[:, 0] * places[line]
    points = np.stack([center_x + np.cos(angles) * radii, center_y + np.sin(angles) * radii], axis=1)
    drawn = np.zeros(image.shape[:2], np.uint8)
    cv2.fillPoly(drawn, [np.round(points * 16).astype(np.int32)], 1, shift=4)
    return smoothed(drawn.astype(np.bool_))


def _corrected(mask: Mask, steps: Sequence[str], image: RgbImage) -> Mask:
    for step in steps:
        word, numbers, points = _parts(step)
        if word == "within":
            mask = mask & _polygon(points, image)
        elif word == "without":
            mask = mask & ~_polygon(points, image)
        elif word == "with":
            mask = mask | _polygon(points, image)
        elif word == "near":
            mask = nearest_regions(mask, points / 1000 * image.shape[1::-1])
        elif word == "fill":
            mask = filled(mask, 1.0)
        elif word in {"open", "close", "grow", "shrink"}:
            mask = brushed(mask, word, numbers[0])
        elif word != "all":
            raise InputError("no such correction", expected="within, without, with, near, fill, ...", found=repr(step))
    return mask
