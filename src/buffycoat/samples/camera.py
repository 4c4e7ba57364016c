"""Microscope and camera: light, focus, color response and noise turn a stretch of smear into a photograph."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.samples.ink import Palette

__all__ = ["Camera", "Shot", "photograph"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """One set-up. Gray levels are 0 to 255; lengths are pixels unless said otherwise.

    ``white``: empty background. ``vignette``: light lost in the corners. ``cast``: color drift from one side to the
    other. ``softness`` and ``focus_spread``: blur, at best and how much it varies. ``sharpening``: strength of the
    camera's own. ``fringe``: by how much red is magnified over blue at the corners. ``dust``: spots on the sensor.
    """

    microscope: str
    camera: str
    width: int
    height: int
    micrometres_per_pixel: float
    palette: Palette
    white: tuple[float, float, float]
    vignette: float
    cast: tuple[float, float, float]
    softness: float
    focus_spread: float
    sharpening: float
    noise: float
    fringe: float
    dust: int

    @property
    def scale(self) -> float:
        """Pixels a micrometre."""
        return 1 / self.micrometres_per_pixel


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """What differs from one photograph to the next: exposure, warmth, blur in pixels and the sub-pixel place."""

    exposure: float
    warmth: float
    blur: float
    shift: tuple[float, float]

    @classmethod
    def draw(cls, rng: np.random.Generator, camera: Camera) -> Shot:
        """Draw one photograph's luck."""
        return cls(
            exposure=float(np.exp(rng.normal(0, 0.025))),
            warmth=float(rng.normal(0, 0.015)),
            blur=float(camera.softness + camera.focus_spread * rng.beta(1.3, 3)),
            shift=(float(rng.uniform(-0.4, 0.4)), float(rng.uniform(-0.4, 0.4))),
        )


def photograph(
    absorbance: NDArray[np.float32], camera: Camera, shot: Shot, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Return the photograph of a window of a smear.

    Light passes (Beer and Lambert: the inks' absorbances add), the lens blurs, the sensor adds shot and read noise,
    the camera sharpens.

    Parameters
    ----------
    absorbance : ndarray of float32, shape (height, width, 3)
        Natural logarithm, in the camera's red, green and blue; of the camera's frame.
    camera : Camera
        The set-up.
    shot : Shot
        This photograph's exposure and focus.
    rng : numpy.random.Generator
        Draws the noise.

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)
    """
    light = np.exp(-absorbance)
    light *= _illumination(camera, shot)
    dx, dy = shot.shift
    if camera.fringe:
        light = _fringed(light, 1 + camera.fringe, dx, dy)
    else:
        move = np.array([[1, 0, dx], [0, 1, dy]], dtype=np.float64)
        light = cv2.warpAffine(light, move, (camera.width, camera.height), borderMode=cv2.BORDER_REPLICATE)
    light = cv2.GaussianBlur(light, (0, 0), shot.blur)
    light = light + _noise(rng, camera) * np.sqrt(np.maximum(light, 1) / 180)
    if camera.sharpening:
        light += np.float32(camera.sharpening) * (light - cv2.GaussianBlur(light, (0, 0), 2.0))
    return np.asarray(np.clip(np.rint(light), 0, 255), dtype=np.uint8)


def _illumination(camera: Camera, shot: Shot) -> NDArray[np.float32]:
    """Return the picture of an empty field; it is smooth, so a quarter of the resolution does."""
    width, height = camera.width // 4, camera.height // 4
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    falloff = 1 - np.float32(camera.vignette / 2) * (x * x + y * y)
    fixed = np.random.default_rng(camera.width)  # dust stays where it is, in every photograph of the set-up
    for _ in range(camera.dust):
        away = np.hypot(x - np.float32(fixed.uniform(-0.9, 0.9)), y - np.float32(fixed.uniform(-0.9, 0.9)))
        falloff *= 1 - np.float32(0.13) * np.exp(-((away / np.float32(fixed.uniform(0.007, 0.012))) ** 2))
    level = np.array(camera.white) * shot.exposure * [1 + shot.warmth, 1, 1 - shot.warmth]
    drift = (np.float32(0.8) * x + np.float32(0.4) * y)[..., None] * np.array(camera.cast, dtype=np.float32)
    empty = falloff[..., None] * (1 + drift) * level.astype(np.float32)
    full = cv2.resize(empty, (camera.width, camera.height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(full, dtype=np.float32)


def _fringed(light: NDArray[np.float32], grow: float, dx: float, dy: float) -> NDArray[np.float32]:
    """Return the picture with red a little larger and blue a little smaller than green."""
    height, width = light.shape[:2]
    channels = []
    for channel, zoom in zip(cv2.split(light), (grow, 1.0, 1 / grow), strict=True):
        move = np.array(
            [[zoom, 0, (1 - zoom) * width / 2 + dx], [0, zoom, (1 - zoom) * height / 2 + dy]], dtype=np.float64
        )
        channels.append(cv2.warpAffine(channel, move, (width, height), borderMode=cv2.BORDER_REPLICATE))
    return np.asarray(cv2.merge(channels), dtype=np.float32)


def _noise(rng: np.random.Generator, camera: Camera) -> NDArray[np.float32]:
    """Return noise as a color sensor leaves it: fine in brightness, blotchy in color."""
    height, width = camera.height, camera.width
    fine = cv2.GaussianBlur(rng.standard_normal((height, width), dtype=np.float32), (3, 3), 0.5)
    blotchy = rng.standard_normal((height // 2, width // 2, 3), dtype=np.float32)
    color = cv2.resize(blotchy, (width, height), interpolation=cv2.INTER_LINEAR)
    both = fine[..., None] * np.float32(1.5) + color * np.float32(0.8)
    return np.asarray(both * np.float32(camera.noise), dtype=np.float32)
