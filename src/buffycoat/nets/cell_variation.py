"""The same cell as another laboratory might show it: turned, larger, of another stain, light, sharpness and camera."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.imaging.cell_alignment import CLOSER, LOOK_PX, CellView, alignment_of, faded

__all__ = ["CellVariation", "varied_cell"]

FloatImage = NDArray[np.float32]

_JPEG: Final = (25, 90)
_MIDDLE: Final = (LOOK_PX - 1) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class CellVariation:
    """How far cells are varied.

    Parameters
    ----------
    channel, strength : float
        Standard deviation of the logarithm of what each channel takes away, and of all of them together.
    crossed : float
        Of what channels take from each other, in half of the pictures.
    bend : tuple of float
        Least and greatest exponent of what is taken away, in half of the pictures: each camera bends light.
    cytoplasm : float
        Standard deviation of the logarithm of what the cytoplasm takes away more than before, in 0.7 of the
        pictures; of each channel 0.6 times as much.
    gray : float
        Share of pictures that lose colors.
    blur : float
        Largest standard deviation of a blur in pixels.
    """

    channel: float = 0.2
    strength: float = 0.15
    crossed: float = 0.07
    bend: tuple[float, float] = (0.6, 1.35)
    cytoplasm: float = 0.2
    gray: float = 0.0
    blur: float = 2.6


def varied_cell(view: CellView, variation: CellVariation, *, rng: np.random.Generator) -> tuple[FloatImage, FloatImage]:
    """Return a cell varied, as the network takes it.

    Parameters
    ----------
    view : CellView
        The cell.
    variation : CellVariation
        How far.
    rng : Generator
        The same state gives the same picture.

    Returns
    -------
    picture : ndarray
        float32, shape (3, 112, 112), RGB, 0 to 255.
    parts : ndarray
        float32, shape (2, 112, 112), 0 to 1: nucleus, cytoplasm.
    """
    light = _stained(view, variation, rng)
    if rng.random() < 0.8:
        light = faded(light, view.cell, reach=int(rng.integers(1, 7)))
    matrix = _placed(rng)
    drawn = np.dstack([view.nucleus, np.clip(view.cell - view.nucleus, 0, 1)])
    light, parts = (np.asarray(cv2.warpAffine(each, matrix, (LOOK_PX, LOOK_PX)), np.float32) for each in (light, drawn))
    if rng.random() < 0.12:  # a border that cuts the cell
        cut, turns = int(rng.integers(8, 30)), int(rng.integers(4))
        for each in (light, parts):
            np.rot90(each, turns)[:cut] = 0
    if rng.random() < 0.3:
        change = cv2.dilate if rng.random() < 0.5 else cv2.erode
        parts = np.asarray(change(parts, np.ones((3, 3), np.uint8), iterations=int(rng.integers(1, 3))), np.float32)
    glass = rng.uniform(225, 255) + rng.normal(0, 4, 3)
    picture = _photographed(np.clip(glass * (1 - light), 0, 255).astype(np.float32), variation, rng)
    return (
        np.ascontiguousarray(picture.transpose(2, 0, 1), np.float32),
        np.ascontiguousarray(parts.transpose(2, 0, 1), np.float32),
    )


def _stained(view: CellView, variation: CellVariation, rng: np.random.Generator) -> FloatImage:
    factors = alignment_of(view.stain, by_channel=float(rng.uniform()))
    factors = factors * np.exp(rng.normal(0, variation.channel, 3) + rng.normal(0, variation.strength))
    light = np.maximum(view.taken, -0.05) * factors.astype(np.float32)
    if rng.random() < 0.5:
        light = light @ (np.eye(3) + rng.normal(0, variation.crossed, (3, 3))).astype(np.float32)
    if rng.random() < 0.5:
        power = rng.uniform(*variation.bend)
        light = np.sign(light) * np.abs(light) ** power * 0.8 ** (1 - power)
    if rng.random() < 0.7 and variation.cytoplasm:
        inside = np.clip(view.nucleus, 0, 1)[..., None]
        change = rng.normal(0, variation.cytoplasm) + rng.normal(0, 0.6 * variation.cytoplasm, 3)
        light = light * (inside + (1 - inside) * np.exp(change))
    if rng.random() < variation.gray:
        share = rng.uniform(0.5, 1)
        one = light @ rng.dirichlet(np.ones(3))[:, None] * rng.uniform(0.4, 1.6, 3)
        light = share * one + (1 - share) * light
    return np.asarray(light, np.float32)


def _placed(rng: np.random.Generator) -> NDArray[np.float64]:
    """Return where the pixels go: any turn, a mirror image, a little larger or smaller, wider and aside."""
    scale = CLOSER * float(np.exp(rng.uniform(np.log(0.78), np.log(1.15))))
    matrix = np.asarray(cv2.getRotationMatrix2D((_MIDDLE, _MIDDLE), float(rng.uniform(0, 360)), scale), np.float64)
    wide = float(np.exp(rng.normal(0, 0.05))) * (1 if rng.random() < 0.5 else -1)
    matrix[0] *= wide
    matrix[0, 2] += (1 - wide) * _MIDDLE
    matrix[:, 2] += rng.normal(0, 2.5, 2)
    return matrix


def _photographed(picture: FloatImage, variation: CellVariation, rng: np.random.Generator) -> FloatImage:
    kind = rng.random()
    if kind < 0.45:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.4, variation.blur)), np.float32)
    elif kind < 0.6:
        soft = cv2.GaussianBlur(picture, (0, 0), 1.2)
        picture = picture + np.float32(rng.uniform(0.3, 1.2)) * (picture - soft)
    if rng.random() < 0.4:
        picture = picture + rng.normal(0, rng.uniform(1, 7), picture.shape).astype(np.float32)
    picture = np.clip(picture, 0, 255)
    if rng.random() < 0.25:
        quality = int(rng.integers(*_JPEG))
        content = cv2.imencode(".jpg", picture.astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        picture = np.asarray(cv2.imdecode(content, cv2.IMREAD_COLOR), np.float32)
    return np.asarray(picture, np.float32)
