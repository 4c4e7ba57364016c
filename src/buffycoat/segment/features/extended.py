"""Numbers of a cell that bear a change of laboratory: shape, granules, and color against the field's own red cells."""

from __future__ import annotations

import math
from collections.abc import Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.errors import InvalidMask, NothingFound
from buffycoat.imaging.arrays import RgbImage, check_rgb
from buffycoat.imaging.regions import check_mask
from buffycoat.segment.features.lobes import count_lobes
from buffycoat.segment.features.surroundings import Surroundings, optical_density
from buffycoat.segment.hull import find_outlines

__all__ = ["EXTENDED_NAMES", "extended_features_of"]

Mask = NDArray[np.bool_]

EXTENDED_NAMES: tuple[str, ...] = (
    "lobes",
    "nc_ratio",
    "nucleus.elongation",
    "nucleus.offset",
    "cell.circularity",
    "cell.size",
    "nucleus.density",
    "cytoplasm.density",
    "nucleus.hue",
    "cytoplasm.hue",
    "nucleus.purity",
    "cytoplasm.purity",
    "nucleus.granularity",
    "cytoplasm.granularity",
    "cytoplasm.reddish",
    "cytoplasm.dark",
)
"""The extended features in order; :data:`~buffycoat.segment.features.table.FEATURES` has formulas and units."""

FINE, COARSE = 0.01, 0.04
"""Widths of the two Gaussians between which granules lie, in diameters of the cell."""
REDDISH_DEG = 30.0
LARGEST = 100.0
"""What a ratio is cut at."""


def extended_features_of(
    crop: RgbImage, nucleus: Mask, cell: Mask, *, surroundings: Surroundings
) -> NDArray[np.float64]:
    """Measure a cell whose masks are known, against the glass and the red cells of its field.

    Colors are optical densities ``D = log10((glass + 1) / (level + 1))`` by channel: of light that a stain takes away,
    twice the stain takes twice as much. Their hue is an angle in the plane across the gray axis, counted from that of
    the red cells, so that neither the lamp nor the camera's balance nor a stain that is redder on all cells moves it
    much.

    Parameters
    ----------
    crop : ndarray
        uint8 RGB of shape (height, width, 3).
    nucleus, cell : ndarray
        bool of shape (height, width); the cytoplasm is cell without nucleus.
    surroundings : Surroundings
        Of the field, or of the crop.

    Returns
    -------
    ndarray
        float64 of shape (16,), all finite, in the order of ``EXTENDED_NAMES``; those of the cytoplasm are 0 where there
        is none.

    Raises
    ------
    WrongArray
        If ``crop`` is no RGB image.
    InvalidMask
        If a mask is none of the crop, or the nucleus is not in the cell.
    NothingFound
        If the nucleus is empty.

    Examples
    --------
    >>> crop = np.full((60, 60, 3), 230, np.uint8)
    >>> crop[15:45, 15:45], crop[20:40, 20:40] = (190, 150, 200), (120, 40, 160)
    >>> nucleus, cell = crop[..., 1] == 40, crop[..., 1] < 200
    >>> field = Surroundings(glass=(230, 230, 230), red_cells=(200, 150, 145), red_cell_px=20)
    >>> found = dict(zip(EXTENDED_NAMES, extended_features_of(crop, nucleus, cell, surroundings=field), strict=True))
    >>> int(found["lobes"]), found["nc_ratio"].round(3).item(), found["cell.size"].round(2).item()
    (1, 0.444, 1.69)
    """
    _check(crop, nucleus, cell)
    left, top, width, height = cv2.boundingRect(cell.view(np.uint8))
    window = slice(top, top + height), slice(left, left + width)
    crop, nucleus, cell = crop[window], nucleus[window], cell[window]
    cytoplasm = cell & ~nucleus
    numbers = _shape(nucleus, cell, surroundings.red_cell_px)
    glass = np.array(surroundings.glass)
    red = optical_density(np.array(surroundings.red_cells), glass)
    table = np.stack([optical_density(np.arange(256.0), level) for level in glass], axis=-1).astype(np.float32)
    density = np.asarray(cv2.LUT(crop, table[None]))
    gray = density.mean(axis=2)
    diameter = 2 * math.sqrt(np.count_nonzero(cell) / math.pi)
    for name, part in (("nucleus", nucleus), ("cytoplasm", cytoplasm)):
        numbers.update(_color(name, density[part].astype(np.float64), red))
        numbers[f"{name}.granularity"] = _ratio(_granularity(gray, part, diameter), abs(float(red.mean())))
    inside = density[cytoplasm].astype(np.float64)
    hues = np.abs(_turned(_hue(inside), _hue(red)))
    dark = inside.mean(axis=1) >= gray[nucleus].mean(dtype=np.float64) if len(inside) else np.zeros(0)
    numbers["cytoplasm.reddish"] = float((hues <= REDDISH_DEG).mean()) if len(inside) else 0.0
    numbers["cytoplasm.dark"] = float(dark.mean()) if len(inside) else 0.0
    return np.array([numbers[name] for name in EXTENDED_NAMES])


def _check(crop: RgbImage, nucleus: Mask, cell: Mask) -> None:
    check_rgb(crop)
    for name, mask in (("nucleus", nucleus), ("cell", cell)):
        check_mask(mask)
        if mask.shape != crop.shape[:2]:
            raise InvalidMask(f"the {name} is no mask of the crop", expected=str(crop.shape[:2]), found=str(mask.shape))
    if not nucleus.any():
        raise NothingFound("the mask of the nucleus is empty")
    if (nucleus & ~cell).any():
        outside = np.count_nonzero(nucleus & ~cell)
        raise InvalidMask("the nucleus is not in the cell", expected="0 pixels outside", found=f"{outside} pixels")


def _shape(nucleus: Mask, cell: Mask, red_cell_px: float) -> dict[str, float]:
    (ys, xs), (cell_ys, cell_xs) = np.nonzero(nucleus), np.nonzero(cell)
    area = len(cell_ys)
    perimeter = sum(cv2.arcLength(outline, closed=True) for outline in find_outlines(cell))
    # A pixel is a square, not a point: with its own 1/12 a row of pixels has a width.
    spread = np.cov(np.stack([xs, ys]), bias=True) + np.eye(2) / 12
    short, long = np.linalg.eigvalsh(spread).tolist()
    apart = math.hypot(xs.mean() - cell_xs.mean(), ys.mean() - cell_ys.mean())
    return {
        "lobes": float(count_lobes(nucleus)),
        "nc_ratio": len(ys) / area,
        "nucleus.elongation": math.sqrt(max(0.0, 1 - short / long)),
        "nucleus.offset": apart / math.sqrt(area / math.pi),
        "cell.circularity": perimeter**2 / (4 * math.pi * area),
        "cell.size": 2 * math.sqrt(area / math.pi) / red_cell_px,
    }


def _color(name: str, densities: NDArray[np.float64], red: NDArray[np.float64]) -> Mapping[str, float]:
    if not len(densities):
        return {f"{name}.{number}": 0.0 for number in ("density", "hue", "purity")}
    mean = densities.mean(axis=0)
    return {
        f"{name}.density": _ratio(float(mean.mean()), abs(float(red.mean()))),
        f"{name}.hue": float(_turned(_hue(mean), _hue(red))),
        f"{name}.purity": _ratio(float(np.linalg.norm(mean - mean.mean())), float(np.linalg.norm(mean))),
    }


def _hue(density: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the angle of densities around the gray axis, in degrees; red is at 0, green at 120."""
    red, green, blue = np.moveaxis(density, -1, 0)
    return np.asarray(np.degrees(np.arctan2(math.sqrt(3) * (green - blue), 2 * red - green - blue)))


def _turned(hue: NDArray[np.float64], origin: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the hue counted from another one, -180 to 180 degrees."""
    return (hue - origin + 180) % 360 - 180


def _granularity(gray: NDArray[np.float32], part: Mask, diameter: float) -> float:
    """Return the standard deviation, in a part, of what is finer than one Gaussian and coarser than another."""
    if not part.any():
        return 0.0
    inside = part.astype(np.float32)
    fine, coarse = (_blurred(gray, inside, width * diameter) for width in (FINE, COARSE))
    return float((fine - coarse)[part].std(dtype=np.float64))


def _blurred(gray: NDArray[np.float32], inside: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    """Return the mean around each pixel of those that lie inside, weighted by a Gaussian."""
    total = cv2.GaussianBlur(gray * inside, (0, 0), max(sigma, 0.3), borderType=cv2.BORDER_CONSTANT)
    weight = cv2.GaussianBlur(inside, (0, 0), max(sigma, 0.3), borderType=cv2.BORDER_CONSTANT)
    return np.asarray(total / np.maximum(weight, 1e-6), np.float32)


def _ratio(above: float, below: float) -> float:
    return max(-LARGEST, min(LARGEST, above / below)) if below > 0 else 0.0
