"""The color filter: how much each pixel looks like a stained nucleus."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.detect.light import even_light
from buffycoat.domain.geometry import Box
from buffycoat.domain.value import value
from buffycoat.errors import InputError, TooFew
from buffycoat.imaging.arrays import RgbImage, check_rgb
from buffycoat.imaging.color import gray_world, magenta, saturation
from buffycoat.imaging.scale import red_cell_diameter
from buffycoat.imaging.threshold import histogram_of, otsu

__all__ = [
    "DEFAULT_FILTER",
    "WORKING_RED_CELL_PX",
    "ColorFilter",
    "at_working_scale",
    "features",
    "fit",
    "nucleus_scores",
]

WORKING_RED_CELL_PX = 20.0
"""Fields are brought to the scale at which a red cell is that wide. A fixed factor would fit one microscope only."""

_NUCLEUS_PIXELS = 60
_OTHER_PIXELS = 150


@value
class ColorFilter:
    """A linear classifier of pixels.

    ``weights`` belong to the features in their order, ``bias`` is that of classes of equal size, ``prior`` is the share
    of nucleus pixels to assume: the one knob. ``origin`` tells what it was fitted on.
    """

    weights: tuple[float, float, float]
    bias: float
    prior: float = 0.5
    origin: str = ""

    def __post_init__(self) -> None:
        """Refuse a prior that is no share."""
        if not 0 < self.prior < 1:
            raise InputError("the prior is no share", expected="above 0 and below 1", found=str(self.prior))


def features(image: RgbImage, *, red_cell_px: float) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return what the filter sees of each pixel: magenta, saturation and brightness, 0 to 1, under even light.

    Chromaticities are left out. They are almost a function of these three, so that a fit gives them huge weights of
    opposite sign, and such weights did worse on microscopes that they were not fitted on.

    Parameters
    ----------
    image : ndarray
        A field at working scale: uint8, shape (height, width, 3), RGB.
    red_cell_px : float
        Diameter of a red cell in it, in pixels.

    Returns
    -------
    features : ndarray
        float32, shape (height, width, 3).
    lit : ndarray
        bool, shape (height, width): where light came through.
    """
    even, lit = even_light(image, red_cell_px=red_cell_px)
    balanced = gray_world(even)
    brightness = cv2.transform(balanced, np.full((1, 3), 1 / 3))
    seen = np.stack([magenta(balanced), saturation(balanced), brightness.reshape(lit.shape)], axis=2)
    return seen.astype(np.float32) / np.float32(255), lit


def nucleus_scores(image: RgbImage, *, red_cell_px: float, color_filter: ColorFilter) -> NDArray[np.float32]:
    """Return the log odds that a pixel is nucleus.

    Parameters
    ----------
    image : ndarray
        A field at working scale: uint8, shape (height, width, 3), RGB.
    red_cell_px : float
        Diameter of a red cell in it, in pixels.
    color_filter : ColorFilter
        The classifier.

    Returns
    -------
    ndarray
        float32, shape (height, width); minus infinity where no light came through.
    """
    seen, lit = features(image, red_cell_px=red_cell_px)
    bias = color_filter.bias + np.log(color_filter.prior / (1 - color_filter.prior))
    scores = seen @ np.array(color_filter.weights, np.float32) + np.float32(bias)
    scores[~lit] = -np.inf
    return np.asarray(scores, np.float32)


def at_working_scale(image: RgbImage, red_cell_px: float) -> RgbImage:
    """Return the field with red cells of 20 pixels, each pixel the mean of those that it covers."""
    factor = WORKING_RED_CELL_PX / red_cell_px
    size = (max(1, round(image.shape[1] * factor)), max(1, round(image.shape[0] * factor)))
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, size, interpolation=method), np.uint8)


def fit(
    images: Sequence[RgbImage],
    boxes: Sequence[Sequence[Box]],
    *,
    red_cell_px: Sequence[float] | None = None,
    sources: Sequence[str] | None = None,
) -> ColorFilter:
    """Return the filter that tells nucleus pixels from those outside all boxes.

    Linear discriminant analysis: two classes with one covariance. In the ellipse that fills a box, nucleus is what is
    darker in green light than Otsu's threshold. Each image gives at most 60 pixels of nucleus and 150 of others, and
    each source counts the same, so that no microscope drowns the others. (Kouzehkanan et al. 2022, Locating and
    cropping, give the idea of a color filter that is trained on cells boxed by hand, and no more.)

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

    Raises
    ------
    TooFew
        If a class has fewer than two pixels in some source.
    WrongArray
        If one is no RGB image.
    NothingFound
        If red cells are to be measured and there are none.
    """
    pixels: dict[str, tuple[list[NDArray[np.float32]], list[NDArray[np.float32]]]] = {}
    for number, image in enumerate(images):
        check_rgb(image)
        diameter = red_cell_diameter(image) if red_cell_px is None else red_cell_px[number]
        nucleus, other = _samples(image, boxes[number], diameter)
        kept = pixels.setdefault("" if sources is None else sources[number], ([], []))
        kept[0].append(nucleus)
        kept[1].append(other)
    classes = [[np.concatenate(parts[label]).astype(np.float64) for parts in pixels.values()] for label in (0, 1)]
    if not pixels or min(len(source) for label in classes for source in label) < 2:
        raise TooFew("no filter can be fitted", expected="pixels of nuclei and of others", found="too few of them")
    means = [np.mean([source.mean(axis=0) for source in label], axis=0) for label in classes]
    spreads = [
        np.mean([_spread(source, mean) for source in label], axis=0) for label, mean in zip(classes, means, strict=True)
    ]
    weights = np.linalg.solve(np.mean(spreads, axis=0), means[0] - means[1])
    magenta_weight, saturation_weight, brightness_weight = (float(weight) for weight in weights)
    return ColorFilter(
        weights=(magenta_weight, saturation_weight, brightness_weight),
        bias=-float(weights @ (means[0] + means[1])) / 2,
        origin=f"fitted on {len(images)} images from {len(pixels)} sources",
    )


def _samples(
    image: RgbImage, boxes: Sequence[Box], red_cell_px: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return features of nucleus pixels and of pixels outside all boxes, evenly spread over the image."""
    small = at_working_scale(image, red_cell_px)
    seen, lit = features(small, red_cell_px=WORKING_RED_CELL_PX)
    boxed, nucleus = np.zeros(lit.shape, np.uint8), np.zeros(lit.shape, np.uint8)
    across, down = small.shape[1] / image.shape[1], small.shape[0] / image.shape[0]
    for box in boxes:
        rows = slice(max(0, int(box.top * down)), math.ceil(box.bottom * down))
        columns = slice(max(0, int(box.left * across)), math.ceil(box.right * across))
        boxed[rows, columns] = 1
        nucleus[rows, columns] |= _darkest(small[rows, columns, 1])
    # Without its edge, where nucleus and surroundings mix.
    inner = cv2.erode(nucleus, np.ones((3, 3), np.uint8)) > 0
    return _spread_out(seen[inner & lit], _NUCLEUS_PIXELS), _spread_out(seen[(boxed == 0) & lit], _OTHER_PIXELS)


def _darkest(green: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the nucleus in a box: of the ellipse that fills the box, what lets the least green light through."""
    ellipse = np.zeros(green.shape, np.uint8)
    height, width = green.shape
    cv2.ellipse(ellipse, ((width / 2, height / 2), (width, height), 0), 1, -1)
    inside = green[ellipse > 0]
    if inside.size == 0 or inside.min() == inside.max():
        return np.zeros(green.shape, np.uint8)
    return np.asarray((ellipse > 0) & (green <= otsu(histogram_of(inside[None]))), np.uint8)


def _spread_out(pixels: NDArray[np.float32], most: int) -> NDArray[np.float32]:
    places = np.linspace(0, len(pixels) - 1, min(most, len(pixels))).round().astype(int)
    return np.asarray(pixels[places], np.float32)


def _spread(pixels: NDArray[np.float64], mean: NDArray[np.float64]) -> NDArray[np.float64]:
    around = pixels - mean
    return np.asarray(around.T @ around / len(pixels))


DEFAULT_FILTER = ColorFilter(
    weights=(91.565, -33.093, 51.605),
    bias=-47.039,
    origin="350 crops of Raabin-WBC, 85 of Barcelona, 127 fields of BCCD; bench/fit_color_filter.py",
)
"""Fitted on three microscopes and three stains."""
