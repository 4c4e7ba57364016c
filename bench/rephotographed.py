"""A made-up set of overlapping photographs: windows cut from larger real fields, each photographed anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.domain.geometry import Box
from buffycoat.imaging.arrays import RgbImage

__all__ = ["Camera", "Photograph", "rephotographed", "windows"]

LEAST_SEEN = 0.25


@dataclass(frozen=True)
class Camera:
    """What is the same in every photograph of a camera: its shading, and the dust on it."""

    shading: float = 0.25
    dust: int = 12
    seed: int = 7

    def light(self, wide: int, high: int) -> NDArray[np.float64]:
        """Return what each pixel is multiplied by, (high, wide, 1)."""
        rng = np.random.default_rng(self.seed)
        y, x = np.mgrid[:high, :wide]
        light = 1 - self.shading * ((x / wide - 0.5) ** 2 + (y / high - 0.5) ** 2) * 2
        spots = np.zeros((high, wide))
        for _ in range(self.dust):
            place = int(rng.uniform(0, wide)), int(rng.uniform(0, high))
            cv2.circle(spots, place, int(rng.uniform(2, 7)), float(rng.uniform(0.2, 0.6)), -1)
        return np.asarray((light * (1 - cv2.GaussianBlur(spots, (0, 0), 1.5)))[..., None])


@dataclass(frozen=True)
class Photograph:
    """One photograph: pixels, the 2 x 3 map from its pixels to those of the source, and the cells it shows.

    ``cells`` are pairs of the number of a cell of the source and its extent here, cut at the edge; ``whole`` are the
    numbers of those that no edge cuts.
    """

    pixels: RgbImage
    warp: NDArray[np.float64]
    cells: tuple[tuple[int, Box], ...]
    whole: frozenset[int]


def windows(rng: np.random.Generator, wide: int, high: int, count: int) -> list[tuple[float, float, int, int]]:
    """Return windows of a field as (left, top, width, height), half to all of it wide; the second lies in the first."""
    chosen: list[tuple[float, float, int, int]] = []
    for number in range(count):
        part = rng.uniform(0.5, 0.95)
        w, h = int(part * wide), int(part * high)
        left, top = rng.uniform(0, wide - w), rng.uniform(0, high - h)
        if number == 1:
            x, y, outer_w, outer_h = chosen[0]
            w, h = int(0.8 * outer_w), int(0.8 * outer_h)
            left, top = x + rng.uniform(0.05, 0.15) * outer_w, y + rng.uniform(0.05, 0.15) * outer_h
        chosen.append((left, top, w, h))
    return chosen


def rephotographed(
    source: RgbImage,
    boxes: Sequence[Box],
    window: tuple[float, float, int, int],
    rng: np.random.Generator,
    *,
    camera: Camera | None = None,
    hardness: float = 1.0,
) -> Photograph:
    """Return a window of a field photographed anew: turned, zoomed, blurred, in other light, with noise and as JPEG.

    Parameters
    ----------
    source : ndarray
        uint8, shape (height, width, 3), RGB.
    boxes : sequence of Box
        Extents of its cells. One that is seen by less than a quarter is not in the photograph.
    window : tuple
        Left, top, width and height; what leaves the source is mirrored.
    rng : Generator
        Of everything that differs from one photograph to the next.
    camera : Camera, optional
        What does not.
    hardness : float
        0: nothing but the window; 1: up to 4 degrees, 3 %, blur of 1.5 pixels, light by 15 %, noise of 4 levels.
    """
    left, top, wide, high = window
    turn = np.radians(rng.uniform(-4, 4) * hardness)
    zoom = 1 + rng.uniform(-0.03, 0.03) * hardness
    turned = zoom * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    middle = np.array([wide / 2, high / 2])
    warp = np.column_stack([turned, np.array([left, top]) + middle - turned @ middle])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    shown = cv2.warpAffine(source, warp, (wide, high), flags=flags, borderMode=cv2.BORDER_REFLECT)
    picture = cv2.GaussianBlur(shown, (0, 0), 0.01 + rng.uniform(0, 1.5) * hardness).astype(np.float64)
    picture *= 1 + rng.uniform(-0.15, 0.15) * hardness
    picture *= 1 + rng.uniform(-0.05, 0.05, 3) * hardness
    if camera is not None:
        picture *= camera.light(wide, high)
    picture += rng.normal(0, 1, picture.shape) * rng.uniform(0, 4) * hardness
    pixels = np.clip(np.rint(picture), 0, 255).astype(np.uint8)
    if hardness:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(70, 96))]
        pixels = np.asarray(cv2.imdecode(cv2.imencode(".jpg", pixels, quality)[1], cv2.IMREAD_COLOR), np.uint8)
    back = np.asarray(cv2.invertAffineTransform(warp), np.float64)
    cells, whole = [], set()
    for number, box in enumerate(boxes):
        there = _moved(back, box)
        seen = _cut(there, wide, high)
        if seen is not None and seen.area >= LEAST_SEEN * there.area:
            cells.append((number, seen))
            if seen == there:
                whole.add(number)
    return Photograph(pixels=pixels, warp=warp, cells=tuple(cells), whole=frozenset(whole))


def _moved(warp: NDArray[np.float64], box: Box) -> Box:
    x, y = warp[:, :2] @ box.center + warp[:, 2]
    zoom = float(np.sqrt(np.linalg.det(warp[:, :2])))
    half_x, half_y = zoom * box.width / 2, zoom * box.height / 2
    return Box(left=round(x - half_x), top=round(y - half_y), right=round(x + half_x), bottom=round(y + half_y))


def _cut(box: Box, wide: int, high: int) -> Box | None:
    left, top, right, bottom = max(box.left, 0), max(box.top, 0), min(box.right, wide), min(box.bottom, high)
    return Box(left=left, top=top, right=right, bottom=bottom) if left < right and top < bottom else None
