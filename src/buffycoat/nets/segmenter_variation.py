"""Other pictures of one cell with its masks: framed, turned, stained, lit and photographed in other ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.imaging.arrays import RgbImage

__all__ = ["DrawnCell", "Palette", "varied_cell"]

FloatImage = NDArray[np.float32]

_DARKEST: Final = 2.0
_WHITE: Final = 255.0
_AS_IT_IS: Final = 0.35
"""How many crops are only framed: where an edge was put in, the network must not learn to look for just that."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DrawnCell:
    """A picture with one cell, whose nucleus and whole outline somebody drew; both empty where there is no cell.

    Parameters
    ----------
    image : ndarray
        uint8, shape (height, width, 3), RGB: the cell and, best, much of what lies around it.
    nucleus, cell : ndarray
        uint8, shape (height, width), 0 or 255: the nucleus lies within the cell.
    glass : tuple of float
        RGB of the empty glass in it, 0 to 255.
    nucleus_known : bool
        Whether the nucleus was drawn; where granules hide it, it was not.
    """

    image: RgbImage
    nucleus: NDArray[np.uint8]
    cell: NDArray[np.uint8]
    glass: tuple[float, float, float]
    nucleus_known: bool = True

    def place(self) -> tuple[float, float, float]:
        """Return x and y of the middle of the cell's box and its longer side; of no cell, the middle and a third."""
        left, top, width, height = cv2.boundingRect(self.cell)
        if not width:
            rows, columns = self.cell.shape
            return columns / 2, rows / 2, max(rows, columns) / 3
        return left + width / 2, top + height / 2, float(max(width, height))


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Mean and spread of the colors of a picture without masks, in CIE L*a*b* of OpenCV's floats."""

    mean: tuple[float, float, float]
    spread: tuple[float, float, float]

    @classmethod
    def of(cls, image: RgbImage) -> Palette:
        """Measure a picture."""
        colors = cv2.cvtColor(image.astype(np.float32) / 255, cv2.COLOR_RGB2LAB).reshape(-1, 3)
        mean, spread = colors.mean(axis=0), colors.std(axis=0)
        return cls(mean=tuple(map(float, mean)), spread=tuple(map(float, spread)))  # type: ignore[arg-type]  # three numbers, which mypy cannot count


def varied_cell(
    cell: DrawnCell,
    *,
    side: int,
    rng: np.random.Generator,
    neighbors: Sequence[DrawnCell] = (),
    backdrops: Sequence[DrawnCell] = (),
    palettes: Sequence[Palette] = (),
) -> tuple[RgbImage, FloatImage]:
    """Return a square crop around the cell, varied, with its masks.

    The cell takes 0.25 to 0.95 of the crop's side. It is turned, mirrored, stretched a little and shifted; part of the
    crop may be padding. A third of the crops stay so. In the others, another cell may lie beside it, or other red cells
    around it; the densities of nucleus, cytoplasm and all else are changed each by itself, then the glass, the light,
    the sharpness and the noise of the camera.

    Parameters
    ----------
    cell : DrawnCell
        What is shown.
    side : int
        Of the crop in pixels.
    rng : Generator
        The same state gives the same crop.
    neighbors : sequence of DrawnCell
        One of them is put beside the cell now and then; best of the same stain.
    backdrops : sequence of DrawnCell
        Without a cell: the cell is put on one of them now and then, so that red cells touch it anywhere.
    palettes : sequence of Palette
        The colors of one of them are taken over now and then.

    Returns
    -------
    crop : ndarray
        uint8, shape (side, side, 3).
    masks : ndarray
        float32, shape (2, side, side), 0 to 1: nucleus, whole cell. The nucleus is -1 where nobody drew it.
    """
    picture, masks = _framed(cell, side, rng)
    if rng.random() >= _AS_IT_IS:
        if neighbors and rng.random() < 0.3:
            picture, masks = _beside(picture, masks, neighbors[int(rng.integers(len(neighbors)))], side, rng)
        if backdrops and rng.random() < 0.25:
            picture = _put_on(picture, masks, backdrops[int(rng.integers(len(backdrops)))], side, rng)
        picture = _stained(picture, masks, cell.glass, rng)
        if palettes and rng.random() < 0.25:
            picture = _in_colors(picture, palettes[int(rng.integers(len(palettes)))], rng)
        picture = _photographed(picture, rng)
    shown = picture.clip(0, 255).astype(np.uint8)
    if rng.random() < 0.35:
        quality = int(rng.integers(35, 96))
        _, packed = cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, quality])
        shown = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
    shown, masks = _padded(shown, masks, rng)
    if not cell.nucleus_known:
        masks[0] = -1
    return shown, masks


# ---------------------------------------------------------------- framing


def _framed(cell: DrawnCell, side: int, rng: np.random.Generator) -> tuple[FloatImage, FloatImage]:
    x, y, length = cell.place()
    if rng.random() < 0.75:
        share = float(np.clip(rng.normal(0.6, 0.1), 0.3, 0.95))
    else:
        share = float(np.exp(rng.uniform(np.log(0.25), np.log(0.95))))
    shift = rng.normal(0, 0.04, 2) * side if share > 0.35 else rng.normal(0, 0.025, 2) * side
    border = (cv2.BORDER_REPLICATE, cv2.BORDER_CONSTANT, cv2.BORDER_CONSTANT)[rng.integers(3)]
    paint = cell.glass if rng.random() < 0.3 else (_WHITE,) * 3
    matrix = _warp((x, y), side * share / length, side, shift, rng)
    return _cut(cell, matrix, side, border, paint)


def _warp(
    center: tuple[float, float], factor: float, side: int, shift: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return the affine map that brings a point to the middle of the crop, at a scale, turned by chance."""
    angle = rng.uniform(0, 2 * np.pi) if rng.random() < 0.6 else rng.integers(4) * np.pi / 2
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    stretch = np.diag(np.exp(rng.normal(0, 0.05, 2)) * (1, rng.choice([-1, 1])))
    linear = factor * turn @ stretch
    offset = np.array([side / 2, side / 2]) + shift - linear @ np.array(center)
    return np.column_stack([linear, offset])


def _cut(
    cell: DrawnCell, matrix: NDArray[np.float64], side: int, border: int, paint: tuple[float, ...]
) -> tuple[FloatImage, FloatImage]:
    factor = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
    image, nucleus, whole = cell.image, cell.nucleus, cell.cell
    if factor < 0.6:  # else pixels in between would be skipped
        size = (max(8, round(image.shape[1] * factor * 1.2)), max(8, round(image.shape[0] * factor * 1.2)))
        back = np.diag([image.shape[1] / size[0], image.shape[0] / size[1]])
        matrix = np.column_stack([matrix[:, :2] @ back, matrix[:, 2]])
        parts = (cv2.resize(each, size, interpolation=cv2.INTER_AREA) for each in (image, nucleus, whole))
        image, nucleus, whole = (np.asarray(each, np.uint8) for each in parts)
    size = (side, side)
    picture = cv2.warpAffine(image, matrix, size, flags=cv2.INTER_LINEAR, borderMode=border, borderValue=paint)
    masks = [cv2.warpAffine(each, matrix, size, flags=cv2.INTER_LINEAR) for each in (nucleus, whole)]
    return np.asarray(picture, np.float32), np.asarray(np.stack(masks) / 255, np.float32)


def _beside(
    picture: FloatImage, masks: FloatImage, other: DrawnCell, side: int, rng: np.random.Generator
) -> tuple[FloatImage, FloatImage]:
    """Put another cell beside ours, under it where they meet."""
    x, y, length = other.place()
    mine = cv2.boundingRect((masks[1] > 0.5).astype(np.uint8))
    size = max(mine[2], mine[3], side // 4) * rng.uniform(0.8, 1.2)
    way = rng.uniform(0, 2 * np.pi)
    far = (max(mine[2], mine[3]) + size) / 2 * rng.uniform(0.92, 1.3)
    shift = np.array([np.cos(way), np.sin(way)]) * far
    theirs, drawn = _cut(other, _warp((x, y), size / length, side, shift, rng), side, cv2.BORDER_REPLICATE, (0.0,))
    alpha = cv2.GaussianBlur(drawn[1], (3, 3), 0) * (1 - masks[1])
    return np.asarray(picture * (1 - alpha[..., None]) + theirs * alpha[..., None], np.float32), masks


def _put_on(
    picture: FloatImage, masks: FloatImage, backdrop: DrawnCell, side: int, rng: np.random.Generator
) -> FloatImage:
    """Put the cell on other red cells."""
    x, y, length = backdrop.place()
    shift = rng.normal(0, 0.1, 2) * side
    factor = side / length / 3 * rng.uniform(1.0, 1.6)
    ground, _ = _cut(backdrop, _warp((x, y), factor, side, shift, rng), side, cv2.BORDER_REFLECT_101, (0.0,))
    alpha = cv2.GaussianBlur(masks[1], (0, 0), side / 128)[..., None]
    return np.asarray(picture * alpha + ground * (1 - alpha), np.float32)


def _padded(picture: RgbImage, masks: FloatImage, rng: np.random.Generator) -> tuple[RgbImage, FloatImage]:
    """Make part of the crop padding: where the field ended, or all around a small picture."""
    side = len(picture)
    if rng.random() > 0.3:
        return picture, masks
    left = top = 0
    right = bottom = side
    if rng.random() < 0.4:  # a field that ends: one side, the cell may be cut
        depth = int(side * rng.uniform(0.05, 0.5))
        which = rng.integers(4)
        left, top = (depth if which == 0 else 0), (depth if which == 1 else 0)
        right, bottom = side - (depth if which == 2 else 0), side - (depth if which == 3 else 0)
    else:  # a tight crop inside a wider frame
        box = cv2.boundingRect((masks[1] > 0.5).astype(np.uint8))
        box = box if box[2] else (side // 4, side // 4, side // 2, side // 2)
        left, top = (int(rng.uniform(0, box[0] + 1)), int(rng.uniform(0, box[1] + 1)))
        right = side - int(rng.uniform(0, side - box[0] - box[2] + 1))
        bottom = side - int(rng.uniform(0, side - box[1] - box[3] + 1))
    inside = np.zeros((side, side), np.bool_)
    inside[top:bottom, left:right] = True
    return np.where(inside[..., None], picture, np.uint8(255)), masks * inside


# ------------------------------------------------------- stain and camera


def _stained(
    picture: FloatImage, masks: FloatImage, glass: tuple[float, float, float], rng: np.random.Generator
) -> FloatImage:
    """Change the densities of nucleus, cytoplasm and all else, and the color of the glass."""
    clear = np.array(glass, np.float32)
    density = -np.log(np.maximum(picture, _DARKEST) / clear)
    if rng.random() < 0.65:
        nucleus, cytoplasm = masks[0][..., None], (masks[1] - masks[0]).clip(0, 1)[..., None]
        gains = [_gain(rng, 0.22, 0.12), _gain(rng, 0.35, 0.18), _gain(rng, 0.45, 0.3)]
        gains[1] = np.minimum(gains[1], gains[0] * 1.4)  # cytoplasm stays paler than the nucleus
        whole = nucleus * gains[0] + cytoplasm * gains[1] + (1 - nucleus - cytoplasm) * gains[2]
        softness = len(picture) * float(rng.uniform(0.005, 0.025))  # a seam would give the outline away
        density = density * cv2.GaussianBlur(whole, (0, 0), softness)
    if rng.random() < 0.6:
        mixing = np.eye(3) + rng.normal(0, 0.08, (3, 3))
        density = density @ mixing.T.astype(np.float32)
    density = density * _gain(rng, 0.15, 0.08)
    if rng.random() < 0.65:
        tint = np.exp(rng.normal(0, 0.07, 3))
        if rng.random() < 0.35:
            tint[2] *= rng.uniform(0.6, 1.0)  # yellow
        clear = (tint / tint.max() * rng.uniform(130, 255)).astype(np.float32)
    return np.asarray(clear * np.exp(-density), np.float32)


def _gain(rng: np.random.Generator, together: float, apart: float) -> FloatImage:
    return np.exp(rng.normal(0, together) + rng.normal(0, apart, 3)).astype(np.float32)


def _in_colors(picture: FloatImage, palette: Palette, rng: np.random.Generator) -> FloatImage:
    """Give the picture, in part, the mean color and spread of another (Reinhard et al. 2001, in CIE L*a*b*)."""
    colors = cv2.cvtColor(picture.clip(0, 255) / 255, cv2.COLOR_RGB2LAB)
    flat = colors.reshape(-1, 3)
    mean, spread = flat.mean(axis=0), flat.std(axis=0) + 1.0
    factor = (np.array(palette.spread) / spread).clip(0.5, 2.0)
    moved = (colors - mean) * factor + np.array(palette.mean)
    part = rng.uniform(0.5, 1.0)
    mixed = (part * moved + (1 - part) * colors).astype(np.float32)
    return np.asarray(cv2.cvtColor(mixed, cv2.COLOR_LAB2RGB) * 255, np.float32)


def _photographed(picture: FloatImage, rng: np.random.Generator) -> FloatImage:
    side = len(picture)
    if rng.random() < 0.5:
        power = np.exp(rng.normal(0, 0.2))
        picture = np.asarray(255 * (picture.clip(0, 255) / 255) ** power, np.float32)
    if rng.random() < 0.5:
        slope = np.exp(rng.normal(0, 0.12))
        picture = (picture - 128) * np.float32(slope) + 128 + np.float32(rng.normal(0, 10))
    if rng.random() < 0.25:  # light that falls off to one side
        ramp = np.linspace(-1, 1, side, dtype=np.float32)
        fall = 1 + rng.normal(0, 0.06) * ramp[None, :, None] + rng.normal(0, 0.06) * ramp[:, None, None]
        picture = picture * fall.astype(np.float32)
    kind = rng.random()
    if kind < 0.3:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), float(rng.uniform(0.3, 1.6))), np.float32)
    elif kind < 0.5:
        size = int(side * rng.uniform(0.35, 0.9))
        small: Any = cv2.resize(picture, (size, size), interpolation=cv2.INTER_AREA)
        picture = np.asarray(cv2.resize(small, (side, side), interpolation=cv2.INTER_LINEAR), np.float32)
    elif kind < 0.65:
        picture = picture + np.float32(rng.uniform(0.3, 1.2)) * (picture - cv2.GaussianBlur(picture, (0, 0), 1.2))
    if rng.random() < 0.35:
        picture = picture + rng.normal(0, rng.uniform(1, 8), picture.shape).astype(np.float32)
    return np.asarray(picture, np.float32)
