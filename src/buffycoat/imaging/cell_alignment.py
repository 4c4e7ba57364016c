"""One cell as if all laboratories had one stain and camera: scale from its outline, colors from glass and nucleus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.errors import InvalidMask
from buffycoat.imaging.arrays import RgbImage, check_rgb

__all__ = ["CLOSER", "LOOK_PX", "NUCLEUS", "CellView", "aligned", "alignment_of", "cell_view", "faded", "shown_picture"]

FloatImage = NDArray[np.float32]
Vector = NDArray[np.float32]

LOOK_PX: Final = 112
"""Side of what is looked at in pixels."""
CLOSER: Final = 112 / 88
"""What is shown of the window around a cell: its inner 88 of 112 pixels, so that the cell fills most of it."""
NUCLEUS: Final = (0.645, 0.814, 0.369)
"""Share of the light that nuclei take away after alignment, in red, green and blue: as in most laboratories, optical
densities of 0.45, 0.73 and 0.20."""
GLASS_LEVEL: Final = 245.0

_SURE_NUCLEUS: Final = 0.7
_NOT_CELL: Final = 0.2
_FEWEST: Final = 30
_FEWEST_AROUND: Final = 100
_BRIGHTEST: Final = 85
_FAINTEST: Final = 0.05
_LEAST_FACTOR, _MOST_FACTOR = 0.4, 3.0
_FLOOR: Final = 0.08
BY_CHANNEL: Final = 0.35
"""How far each channel is aligned by itself, 0 to 1; the rest is one strength for all of them."""
_FAINT: Final = -0.05
_DARKEST: Final = 1.3
_LEAST_STAIN: Final = 0.08
_REACH_PX: Final = 3
_SOFT_PX: Final = 1.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CellView:
    """A cell in a window that is always as many times as wide as the cell.

    Parameters
    ----------
    taken : ndarray
        float32, shape (112, 112, 3): share of the glass's light that is taken away, ``1 - (level + 1) / (glass + 1)``,
        in the camera's own colors; 0 outside the crop.
    nucleus, cell : ndarray
        float32, shape (112, 112): how sure it is that a pixel is of them, 0 to 1.
    stain : ndarray
        float32, shape (3,): what the nucleus takes away on average.
    """

    taken: FloatImage
    nucleus: FloatImage
    cell: FloatImage
    stain: Vector


def cell_view(
    crop: RgbImage, nucleus: FloatImage, cell: FloatImage, *, left: float, top: float, side: float
) -> CellView:
    """Return a cell in its window, its light compared with that of the glass beside it.

    Glass is the median of the brightest pixels around the cell. Light, not its logarithm: a camera with stray light, or
    one that lifts what is dark, halves the density of nuclei and not that of cytoplasm; two points, glass and nucleus,
    undo that as long as one counts light.

    Parameters
    ----------
    crop : ndarray
        uint8, shape (height, width, 3), RGB.
    nucleus, cell : ndarray
        float32, shape (112, 112), 0 to 1: as the segment room draws them in that window.
    left, top, side : float
        The window, in pixels of the crop; it may leave it.

    Raises
    ------
    WrongArray
        If ``crop`` is no RGB image.
    InvalidMask
        If a mask is not of the window's size.

    Examples
    --------
    >>> crop = np.full((112, 112, 3), 239, np.uint8)
    >>> crop[40:70, 40:70] = (119, 59, 149)
    >>> mask = np.zeros((112, 112), np.float32)
    >>> mask[40:70, 40:70] = 1
    >>> cell_view(crop, mask, mask, left=0, top=0, side=112).stain.astype(float).round(3).tolist()
    [0.5, 0.75, 0.375]
    """
    check_rgb(crop)
    for mask in (nucleus, cell):
        if mask.shape != (LOOK_PX, LOOK_PX):
            raise InvalidMask("not a mask of the window", expected=str((LOOK_PX, LOOK_PX)), found=str(mask.shape))
    window, shown = _window(crop, left, top, side)
    around = window[shown & (cell < _NOT_CELL)]
    if len(around) < _FEWEST_AROUND:
        around = window[shown]
    glass = _glass(around) if len(around) else np.full(3, 255, np.float32)
    taken = np.asarray(1 - (window.astype(np.float32) + 1) / (glass + 1), np.float32)
    stained = taken[_first_large(shown & (nucleus > _SURE_NUCLEUS), shown & (cell > 0.5), shown)]
    taken[~shown] = 0
    stain = stained.mean(axis=0) if len(stained) else np.zeros(3, np.float32)
    return CellView(taken=taken, nucleus=nucleus, cell=cell, stain=np.asarray(stain, np.float32))


def alignment_of(stain: Vector, *, by_channel: float = BY_CHANNEL) -> Vector:
    """Return the factor of each channel that brings the light of a laboratory to that of the others.

    Two alignments are possible: each channel by itself, which gives all nuclei one color and amplifies what a camera
    hardly sees; and one strength for all, which leaves their hue. The factor lies between them.

    Parameters
    ----------
    stain : ndarray
        float32, shape (3,): what the nucleus takes away.
    by_channel : float
        0 for one strength, 1 for each channel by itself.

    Returns
    -------
    ndarray
        float32, shape (3,): ``aligned = taken * factors``.

    Examples
    --------
    >>> [round(float(factor), 2) for factor in alignment_of(np.array(NUCLEUS) / 2, by_channel=0)]
    [2.0, 2.0, 2.0]
    """
    wanted = np.array(NUCLEUS)
    strength = np.clip(wanted.mean() / max(float(stain.mean()), _FAINTEST), _LEAST_FACTOR, _MOST_FACTOR)
    each = np.clip((wanted + _FLOOR) / (np.maximum(stain, 0) + _FLOOR), _LEAST_FACTOR, _MOST_FACTOR)
    return np.asarray(each**by_channel * strength ** (1 - by_channel), np.float32)


def aligned(taken: FloatImage, stain: Vector) -> FloatImage:
    """Return the light of a laboratory brought to that of the others, faint things less than the nucleus.

    A camera with stray light, or one that lifts what is dark, loses most where most light is taken away. So the factor
    grows evenly from 1 where nothing is taken to that of :func:`alignment_of` where as much is as by the nucleus.

    Parameters
    ----------
    taken : ndarray
        float32, shape (height, width, 3).
    stain : ndarray
        float32, shape (3,): what the nucleus takes away.

    Examples
    --------
    >>> half = np.array(NUCLEUS, np.float32) / 2
    >>> nucleus, faint = aligned(np.stack([half, half / 2])[None], half)[0] / np.stack([half, half / 2])
    >>> nucleus.astype(float).round(2).tolist(), bool((faint < nucleus).all())
    ([1.93, 1.94, 1.89], True)
    """
    light = np.maximum(taken, _FAINT)
    depth = np.clip(light / np.maximum(stain, _LEAST_STAIN), 0, _DARKEST)
    return np.asarray(light * (1 + (alignment_of(stain) - 1) * depth), np.float32)


def faded(taken: FloatImage, cell: FloatImage, *, reach: int = _REACH_PX) -> FloatImage:
    """Return the light with everything but the cell and a rim of so many pixels around it made glass."""
    wide = cv2.dilate(cell, np.ones((2 * reach + 1,) * 2, np.uint8))
    soft = np.clip(cv2.GaussianBlur(wide, (0, 0), _SOFT_PX), 0, 1)
    return np.asarray(taken * soft[..., None], np.float32)


def shown_picture(view: CellView, *, mirrored: bool = False) -> tuple[FloatImage, FloatImage]:
    """Return what the classifier sees: the aligned cell alone, and where its nucleus and cytoplasm are.

    Parameters
    ----------
    view : CellView
        The cell.
    mirrored : bool
        Left and right exchanged.

    Returns
    -------
    picture : ndarray
        float32, shape (3, 112, 112), RGB, 0 to 255.
    parts : ndarray
        float32, shape (2, 112, 112), 0 to 1: nucleus, cytoplasm.

    Examples
    --------
    >>> empty = np.zeros((112, 112), np.float32)
    >>> glass = CellView(taken=np.zeros((112, 112, 3), np.float32), nucleus=empty, cell=empty, stain=np.zeros(3))
    >>> picture, parts = shown_picture(glass)
    >>> picture.shape, parts.shape, float(picture.min())
    ((3, 112, 112), (2, 112, 112), 245.0)
    """
    stained = faded(aligned(view.taken, view.stain), view.cell)
    middle = (LOOK_PX - 1) / 2
    matrix = np.array([[CLOSER, 0, middle - CLOSER * middle], [0, CLOSER, middle - CLOSER * middle]])
    drawn = np.dstack([view.nucleus, np.clip(view.cell - view.nucleus, 0, 1)])
    closer, parts = (np.asarray(cv2.warpAffine(each, matrix, (LOOK_PX, LOOK_PX))) for each in (stained, drawn))
    picture = np.clip(GLASS_LEVEL * (1 - closer), 0, 255)
    step = -1 if mirrored else 1
    return (
        np.ascontiguousarray(picture[:, ::step].transpose(2, 0, 1), np.float32),
        np.ascontiguousarray(parts[:, ::step].transpose(2, 0, 1), np.float32),
    )


def _first_large(*masks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return next((mask for mask in masks if np.count_nonzero(mask) >= _FEWEST), masks[-1])


def _glass(pixels: NDArray[np.uint8]) -> Vector:
    green = pixels[:, 1]
    bright = pixels[green >= np.percentile(green, _BRIGHTEST)]
    return np.asarray(np.median(bright, axis=0), np.float32)


def _window(crop: RgbImage, left: float, top: float, side: float) -> tuple[RgbImage, NDArray[np.bool_]]:
    """Return the window at 112 pixels, and which of them the crop has."""
    factor = LOOK_PX / side
    height, width = crop.shape[:2]
    across = down = 1.0
    if factor < 0.5:  # first the mean of whole pixels, so that none is skipped
        size = (max(1, round(width * factor)), max(1, round(height * factor)))
        across, down = size[0] / width, size[1] / height
        crop = np.asarray(cv2.resize(crop, size, interpolation=cv2.INTER_AREA), np.uint8)
    matrix = np.array(
        [
            [factor / across, 0, factor * (0.5 / across - left) - 0.5],
            [0, factor / down, factor * (0.5 / down - top) - 0.5],
        ]
    )
    window = cv2.warpAffine(crop, matrix, (LOOK_PX, LOOK_PX), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    places = (np.arange(LOOK_PX) + 0.5) / factor
    inside = [(start + places >= 0) & (start + places <= size) for start, size in ((top, height), (left, width))]
    return np.asarray(window, np.uint8), np.asarray(inside[0][:, None] & inside[1][None, :])
