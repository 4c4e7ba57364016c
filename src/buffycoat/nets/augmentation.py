"""Other pictures of the same cells: turned, mirrored, of another stain, light, sharpness and scale."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.imaging.arrays import RgbImage

__all__ = ["varied"]

_VISIBLE = 0.3


def varied(
    image: RgbImage, boxes: NDArray[np.float32], *, side: int, rng: np.random.Generator
) -> tuple[RgbImage, NDArray[np.float32]]:
    """Return a square window of a varied field, with the boxes in it.

    Right-angle turns and mirror images, scale 0.7 to 1.4, stain and camera (each channel's density and level), blur and
    noise. A cell of which less than 0.3 is in the window has no box.

    Parameters
    ----------
    image : ndarray
        A field at working scale: uint8, shape (height, width, 3), RGB.
    boxes : ndarray
        float32, shape (cells, 4): left, top, right, bottom.
    side : int
        Of the window in pixels. A smaller field is continued by its last rows and columns.
    rng : Generator
        The same state gives the same picture.

    Returns
    -------
    window : ndarray
        uint8, shape (side, side, 3).
    boxes : ndarray
        float32, shape (at most cells, 4).
    """
    factor = float(np.exp(rng.uniform(np.log(0.7), np.log(1.4))))
    size = (max(1, round(image.shape[1] * factor)), max(1, round(image.shape[0] * factor)))
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    scaled = cv2.resize(image, size, interpolation=method)
    moved = boxes * np.array([size[0] / image.shape[1], size[1] / image.shape[0]] * 2, np.float32)
    left, top = (_start(have, side, rng) for have in size)
    window = _window(np.asarray(scaled, np.uint8), left, top, side)
    moved = _seen(moved - np.array([left, top] * 2, np.float32), side)
    window, moved = _turned(window, moved, int(rng.integers(4)), mirrored=bool(rng.integers(2)))
    return _developed(window, rng), moved


def _start(have: int, side: int, rng: np.random.Generator) -> int:
    """Return where the window begins, negative where the field is smaller than the window."""
    low, high = min(0, have - side), max(0, have - side)
    return int(rng.integers(low, high + 1))


def _window(image: RgbImage, left: int, top: int, side: int) -> RgbImage:
    height, width = image.shape[:2]
    inner = image[max(0, top) : top + side, max(0, left) : left + side]
    above, before = max(0, -top), max(0, -left)
    below, behind = side - above - inner.shape[0], side - before - inner.shape[1]
    if (height, width) == (side, side) or not any((above, before, below, behind)):
        return np.ascontiguousarray(inner)
    return np.asarray(cv2.copyMakeBorder(inner, above, below, before, behind, cv2.BORDER_REPLICATE), np.uint8)


def _seen(boxes: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """Return what of the boxes lies in the window."""
    inside = boxes.clip(0, side)
    area = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    left = np.prod(inside[:, 2:] - inside[:, :2], axis=1)
    return np.asarray(inside[left >= _VISIBLE * area], np.float32)


def _turned(
    image: RgbImage, boxes: NDArray[np.float32], turns: int, *, mirrored: bool
) -> tuple[RgbImage, NDArray[np.float32]]:
    """Return a square picture and its boxes turned counterclockwise by quarters, then mirrored left to right."""
    side = image.shape[0]
    for _ in range(turns):
        left, top, right, bottom = boxes.T
        boxes = np.stack([top, side - right, bottom, side - left], axis=1)
    image = np.rot90(image, turns)
    if mirrored:
        left, top, right, bottom = boxes.T
        boxes, image = np.stack([side - right, top, side - left, bottom], axis=1), image[:, ::-1]
    return np.ascontiguousarray(image), np.asarray(boxes, np.float32)


def _developed(image: RgbImage, rng: np.random.Generator) -> RgbImage:
    """Return the picture as of another stain, lamp and camera: densities scaled and shifted, then blur and noise."""
    scale = np.exp(rng.normal(0, 0.2) + rng.normal(0, 0.15, 3))
    shift = rng.normal(0, 0.08) + rng.normal(0, 0.06, 3)
    levels = np.arange(256)[:, None] / 255
    table = 255 * np.clip(levels, 1 / 255, 1) ** scale * np.exp(-shift)
    seen = cv2.LUT(image, np.clip(table, 0, 255).round().astype(np.uint8)[None])
    if rng.random() < 0.25:  # saturation, towards gray or away from it
        gray = cv2.cvtColor(seen, cv2.COLOR_RGB2GRAY)[:, :, None].astype(np.float32)
        seen = np.clip(gray + rng.uniform(0.5, 1.4) * (seen - gray), 0, 255).astype(np.uint8)
    if rng.random() < 0.3:
        seen = cv2.GaussianBlur(seen, (0, 0), rng.uniform(0.3, 1.2))
    if rng.random() < 0.3:
        noise = rng.normal(0, rng.uniform(1, 6), seen.shape)
        seen = np.clip(seen + noise, 0, 255).astype(np.uint8)
    return np.asarray(seen, np.uint8)
