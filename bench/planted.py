"""Made-up repeats: two views of one real crop, the second shifted, turned, blurred, lit otherwise and recompressed."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.imaging.codecs import read_rgb

__all__ = ["Crop", "known_pairs", "plant", "real_crops"]

# A view is cut so far inside its crop that neither a shift nor a turn brings the edge of the crop into it: no padding
# and no mirrored border tells.
_VIEW = 0.75
_SHIFT = 0.06
_TURN = 10.0

_Pixels = NDArray[np.uint8]


class Crop(NamedTuple):
    """One real crop; ``film`` is what its precision is counted within."""

    source: str
    film: str
    name: str
    pixels: _Pixels


def real_crops(data: Path, *sources: str) -> list[Crop]:
    """Return all crops of some of the sources ``raabin``, ``barcelona`` and ``bccd``."""
    with (data / "raabin_crops" / "labels.csv").open() as file:
        films = {row["file"]: row["film_id"] for row in csv.DictReader(file)}
    folders = {"raabin": "raabin_crops", "barcelona": "pbc_barcelona", "bccd": "bccd"}
    return [
        Crop(source, films.get(path.name, source), path.name, read_rgb(path))
        for source in sources
        for path in sorted((data / folders[source] / "crops").rglob("*.jpg"))
    ]


def known_pairs(data: Path) -> set[frozenset[str]]:
    """Return the real repeats among the crops, by name: they are neither planted nor false."""
    pairs = {frozenset({"NEUTROPHIL_501624.jpg", "NEUTROPHIL_971896.jpg"})}
    with (data / "raabin_crops" / "duplicate_pairs.csv").open() as file:
        pairs |= {frozenset({row["a"], row["b"]}) for row in csv.DictReader(file)}
    with (data / "bccd" / "fields" / "overlap_pairs.csv").open() as file:
        fields = {frozenset({row["a"][11:16], row["b"][11:16]}) for row in csv.DictReader(file)}
    # Not among the overlapping fields: the shift is too small to be told from camera dust. Judged by eye.
    fields |= {frozenset(pair) for pair in (("00037", "00038"), ("00224", "00264"), ("00365", "00408"))}
    fields |= {frozenset({"00377", "00400"})}
    crops = [path.name for path in (data / "bccd" / "crops").rglob("*.jpg")]
    by_field = {field: [name for name in crops if name[11:16] == field] for pair in fields for field in pair}
    for pair in fields:
        a, b = sorted(pair)
        pairs |= {frozenset({one, other}) for one in by_field[a] for other in by_field[b]}
    return pairs


def plant(crops: Sequence[Crop], seed: int) -> tuple[list[_Pixels], list[_Pixels]]:
    """Return a plain view of each crop and a planted repeat of it."""
    rng = np.random.default_rng(seed)
    plain, planted = [], []
    for crop in crops:
        side = int(_VIEW * min(crop.pixels.shape[:2]))
        plain.append(_view(crop.pixels, side, 0, 0, 0))
        dx, dy = rng.uniform(-_SHIFT, _SHIFT, 2)
        planted.append(_retaken(_view(crop.pixels, side, dx, dy, rng.uniform(-_TURN, _TURN)), rng))
    return plain, planted


def _view(pixels: _Pixels, side: int, dx: float, dy: float, degrees: float) -> _Pixels:
    height, width = pixels.shape[:2]
    turn = np.asarray(cv2.getRotationMatrix2D((0, 0), degrees, 1))[:, :2]
    middle = np.array([width / 2 + dx * side, height / 2 + dy * side])
    warp = np.column_stack([turn, middle - turn @ np.array([side / 2, side / 2])])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(pixels, warp, (side, side), flags=flags), np.uint8)


def _retaken(view: _Pixels, rng: np.random.Generator) -> _Pixels:
    """Return a view less sharp (up to 2 pixels of 431), in other light, with noise, as a JPEG of quality 60 to 95."""
    blurred = cv2.GaussianBlur(view, (0, 0), max(0.05, rng.uniform(0, 2) * len(view) / 431))
    lit = blurred * (rng.uniform(0.85, 1.15) * rng.uniform(0.96, 1.04, 3)) + rng.normal(
        0, rng.uniform(0, 6), view.shape
    )
    pixels = np.clip(lit, 0, 255).astype(np.uint8)
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(60, 96))]
    _, content = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), quality)
    again = np.asarray(cv2.imdecode(content, cv2.IMREAD_COLOR), np.uint8)
    return np.asarray(cv2.cvtColor(again, cv2.COLOR_BGR2RGB), np.uint8)
