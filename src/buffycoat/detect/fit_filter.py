"""Train a color filter from boxed cells: seconds for a few boxes, and the same filter every time."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.detect.color_filter import WORKING_RED_CELL_PX, at_working_scale
from buffycoat.detect.field_colors import SOFTENING, FieldColors, field_colors, log_density
from buffycoat.detect.filter_file import ColorFilter
from buffycoat.domain.geometry import Box
from buffycoat.domain.value import value
from buffycoat.errors import InputError, TooFew
from buffycoat.imaging.arrays import RgbImage, check_rgb
from buffycoat.imaging.scale import red_cell_diameter
from buffycoat.imaging.threshold import histogram_of, otsu

__all__ = ["WorkingField", "fit", "fit_working", "working_field"]

_NUCLEUS_PIXELS = 60
_OTHER_PIXELS = 150
_FEWEST_PIXELS = 5

# How far stains differ between laboratories: optical densities in red, green and blue light, of red cells and of
# nuclei; a nucleus is denser than red cells in green light by a fifth at least.
RED_CELL_STAINS: Final = ((0.01, 0.25), (0.2, 0.9), (0.1, 0.6))
NUCLEUS_STAINS: Final = ((0.4, 1.2), (0.6, 1.5), (0.0, 0.6))
DENSER: Final = 1.2
KEPT_REST: Final = 0.6

Densities = NDArray[np.float64]


@value
class WorkingField:
    """A photograph as the fit looks at it: at working scale and under even light; all that costs time is done.

    ``green`` is uint8 (height, width), the photograph's own green light there; ``width`` and ``height`` are those of
    the whole photograph, in whose pixels boxes are.
    """

    green: NDArray[np.uint8]
    colors: FieldColors
    width: int
    height: int


def working_field(image: RgbImage, red_cell_px: float) -> WorkingField:
    """Return a photograph as the fit looks at it.

    Parameters
    ----------
    image : ndarray
        uint8, shape (height, width, 3), RGB.
    red_cell_px : float
        Diameter of a red cell in it, in pixels.

    Raises
    ------
    WrongArray
        If it is no RGB image.

    Examples
    --------
    >>> working_field(np.full((480, 640, 3), 220, np.uint8), 40.0).green.shape
    (240, 320)
    """
    check_rgb(image)
    small = at_working_scale(image, red_cell_px)
    return WorkingField(
        green=np.ascontiguousarray(small[..., 1]),
        colors=field_colors(small, red_cell_px=WORKING_RED_CELL_PX),
        width=image.shape[1],
        height=image.shape[0],
    )


def fit(
    images: Sequence[RgbImage],
    boxes: Sequence[Sequence[Box]],
    *,
    red_cell_px: Sequence[float] | None = None,
    sources: Sequence[str] | None = None,
    variants: int = 1,
    origin: str = "",
    fitted_at: str = "",
) -> ColorFilter:
    """Return the filter that tells nucleus pixels from those outside all boxes.

    Linear discriminant analysis: two classes with one covariance. In the ellipse that fills a box, nucleus is what is
    darker in green light than Otsu's threshold. Each image gives at most 60 pixels of nucleus and 150 of others, and
    each source counts the same, so that no microscope drowns the others. (Kouzehkanan et al. 2022, Locating and
    cropping, give the idea of a color filter that is trained on cells boxed by hand, and no more.)

    Each image counts again with the colors that other stains would give it: its pixels are taken apart into what red
    cells and what nuclei are stained with, and put together with the densities of made-up stains. So the filter learns
    what holds for all of them; what holds for one field only, the field itself tells later.

    Parameters
    ----------
    images : sequence of ndarray
        Fields or crops: each uint8, shape (height, width, 3), RGB.
    boxes : sequence of sequence of Box
        For each image the boxes of all its white cells.
    red_cell_px : sequence of float, optional
        For each image the diameter of a red cell in pixels; measured where it is not given.
    sources : sequence of str, optional
        For each image where it is from; without it all are from one.
    variants : int
        How often each image counts again in made-up stains.
    origin, fitted_at : str
        What it is fitted on, and when, for people to read.

    Raises
    ------
    InputError
        If there are not as many lists of boxes, diameters or sources as images, or ``variants`` is negative.
    TooFew
        If a class has fewer than two pixels in some source.
    WrongArray
        If one is no RGB image.
    NothingFound
        If red cells are to be measured and there are none.
    """
    _same_length(images, boxes=boxes, red_cell_px=red_cell_px, sources=sources)
    fields = (  # one at a time: many photographs may be large
        working_field(image, red_cell_diameter(image) if red_cell_px is None else red_cell_px[number])
        for number, image in enumerate(images)
    )
    return fit_working(fields, boxes, sources=sources, variants=variants, origin=origin, fitted_at=fitted_at)


def fit_working(
    fields: Iterable[WorkingField],
    boxes: Sequence[Sequence[Box]],
    *,
    sources: Sequence[str] | None = None,
    variants: int = 1,
    origin: str = "",
    fitted_at: str = "",
) -> ColorFilter:
    """Return what `fit` returns, of photographs that are at working scale already: thousandths of a second each.

    Parameters
    ----------
    fields : iterable of WorkingField
        From ``working_field``, one for each list of boxes.
    boxes, sources, variants, origin, fitted_at
        As of ``fit``; boxes are in pixels of the whole photographs.

    Raises
    ------
    InputError
        If there are not as many sources as lists of boxes, or ``variants`` is negative.
    TooFew
        If a class has fewer than two pixels in some source.
    """
    _same_length(boxes, sources=sources)
    if variants < 0:
        raise InputError("variants cannot be made", expected="0 or more", found=str(variants))
    pixels: dict[str, tuple[list[Densities], list[Densities]]] = {}
    for number, (field, boxed) in enumerate(zip(fields, boxes, strict=True)):
        nucleus, other, red_cell = _samples(field, boxed)
        kept = pixels.setdefault("" if sources is None else sources[number], ([], []))
        kept[0].append(_relative(nucleus, red_cell))
        kept[1].append(_relative(other, red_cell))
        if len(nucleus) <= _FEWEST_PIXELS:
            continue
        chance = np.random.default_rng(number)
        for _ in range(variants):
            stains = _made_up_stains(chance)
            known = np.stack([red_cell, np.median(nucleus, axis=0)])
            kept[0].append(_relative(_restained(nucleus, known, stains), stains[0]))
            kept[1].append(_relative(_restained(other, known, stains), stains[0]))
    classes = [[np.concatenate(parts[label]) for parts in pixels.values()] for label in (0, 1)]
    if not pixels or min(len(source) for label in classes for source in label) < 2:
        raise TooFew("no filter can be fitted", expected="pixels of nuclei and of others", found="too few of them")
    weights, bias = _discriminant(classes)
    red, green, blue = (round(float(weight), 6) for weight in weights)
    return ColorFilter(
        weights=(red, green, blue),
        bias=round(bias, 6),
        origin=origin,
        fitted_at=fitted_at,
        images=len(boxes),
        boxes=sum(len(each) for each in boxes),
        sources=len(pixels),
    )


def _same_length(images: Sequence[object], **lists: Sequence[object] | None) -> None:
    for what, given in lists.items():
        if given is not None and len(given) != len(images):
            raise InputError(f"{what} do not belong to the images", expected=str(len(images)), found=str(len(given)))


def _discriminant(classes: Sequence[Sequence[Densities]]) -> tuple[NDArray[np.float64], float]:
    means = [np.mean([source.mean(axis=0) for source in label], axis=0) for label in classes]
    spreads = [
        np.mean([(source - mean).T @ (source - mean) / len(source) for source in label], axis=0)
        for label, mean in zip(classes, means, strict=True)
    ]
    pooled = np.mean(spreads, axis=0) + 1e-6 * np.eye(3)
    weights = np.linalg.solve(pooled, means[0] - means[1])
    return weights, -float(weights @ (means[0] + means[1])) / 2


def _samples(field: WorkingField, boxes: Sequence[Box]) -> tuple[Densities, Densities, Densities]:
    """Return densities of nucleus pixels and of pixels outside all boxes, evenly spread, and of a red cell."""
    colors, green = field.colors, field.green
    boxed, nucleus = np.zeros(green.shape, np.uint8), np.zeros(green.shape, np.uint8)
    across, down = green.shape[1] / field.width, green.shape[0] / field.height
    for box in boxes:
        rows = slice(max(0, int(box.top * down)), max(0, math.ceil(box.bottom * down)))
        columns = slice(max(0, int(box.left * across)), max(0, math.ceil(box.right * across)))
        boxed[rows, columns] = 1
        nucleus[rows, columns] |= _darkest(green[rows, columns])
    # Without its edge, where nucleus and surroundings mix.
    inner = cv2.erode(nucleus, np.ones((3, 3), np.uint8)) > 0
    chosen = (
        _spread_out(colors.even[inner & colors.lit], _NUCLEUS_PIXELS),
        _spread_out(colors.even[(boxed == 0) & colors.lit], _OTHER_PIXELS),
    )
    inside, outside = (np.exp(log_density(pixels).astype(np.float64)) - SOFTENING for pixels in chosen)
    return inside, outside, np.exp(np.array(colors.red_cell)) - SOFTENING


def _darkest(green: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the nucleus in a box: of the ellipse that fills the box, what lets the least green light through."""
    ellipse = np.zeros(green.shape, np.uint8)
    height, width = green.shape
    if green.size:
        cv2.ellipse(ellipse, ((width / 2, height / 2), (width, height), 0), 1, -1)
    inside = green[ellipse > 0]
    if inside.size == 0 or inside.min() == inside.max():
        return np.zeros(green.shape, np.uint8)
    return np.asarray((ellipse > 0) & (green <= otsu(histogram_of(inside[None]))), np.uint8)


def _spread_out(pixels: NDArray[np.uint8], most: int) -> NDArray[np.uint8]:
    places = np.linspace(0, len(pixels) - 1, min(most, len(pixels))).round().astype(int)
    return np.asarray(pixels[places], np.uint8)


def _relative(densities: Densities, red_cell: Densities) -> Densities:
    return np.asarray(np.log(np.maximum(densities, 0) + SOFTENING) - np.log(np.maximum(red_cell, 0) + SOFTENING))


def _made_up_stains(chance: np.random.Generator) -> Densities:
    """Return densities of a red cell and of a nucleus, shape (2, 3)."""
    red_cell, nucleus = (
        np.array([chance.uniform(*light) for light in each]) for each in (RED_CELL_STAINS, NUCLEUS_STAINS)
    )
    nucleus[1] = max(nucleus[1], DENSER * red_cell[1])
    return np.stack([red_cell, nucleus])


def _restained(densities: Densities, known: Densities, stains: Densities) -> Densities:
    """Return densities with the amounts of two known stains in them given by other stains."""
    amounts = densities @ np.linalg.pinv(known)
    rest = densities - amounts @ known
    return np.asarray(np.clip(amounts, -0.3, 4) @ stains + KEPT_REST * rest)
