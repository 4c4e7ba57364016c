"""How often ``best`` refuses crops as several cells: crops of one cell, and crops made of two drawn cells.

A cell of the same set is put beside a drawn one, at a random angle, as far away as a gap says, in shares of a diameter;
around them the photograph goes on as its mirror image, red cells and all. Asked is the crop with the middle between
both, which is to be refused, and the crop with the first one in its middle, which is to be answered for that one. Only
pairs of like size count, the smaller diameter at least 0.7 of the larger one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.mask_methods import best
from bench.mask_sets import MaskedCell
from buffycoat.domain.geometry import Box
from buffycoat.errors import BuffycoatError, SeveralCells
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.crops import crop, crop_mask
from buffycoat.metrics.intervals import wilson
from buffycoat.metrics.overlap import dice

__all__ = ["Asked", "asked", "rival_rows"]

Mask = NDArray[np.bool_]

TIGHT, ASIDE, SHIFT = 1.25, 2.4, 0.15
"""Sides of the crops in sides of the cell's box, and how far the cell is from the middle, in sides of the crop."""
GAPS = (-0.03, 0.1, 0.4)
LIKE = 0.7
MARGIN, WIDE = 1.25, 2.2
WORKING_SIDE = 300
EDGE = 1.2
FOUND = 0.8
"""Dice from which on a cell counts as found."""


@dataclass(frozen=True, eq=False)
class Asked:
    """What was asked of one crop, and the answer: the name of the error, or nothing."""

    kind: str
    name: str
    failure: str
    found: bool


def asked(cells: Sequence[MaskedCell], *, pairs: int, seed: int = 5) -> list[Asked]:
    """Return what ``best`` says of crops of these cells, one by one and beside each other."""
    rng = np.random.default_rng(seed)
    results = [_answer(kind, each.name, *shown) for each in cells for kind, shown in _alone(each, rng)]
    small = [_small(each) for each in cells]
    for _ in range(pairs):
        one, other = (small[int(place)] for place in rng.choice(len(small), 2, replace=False))
        sizes = sorted(np.sqrt(np.count_nonzero(each.cell)) for each in (one, other))
        if sizes[0] >= LIKE * sizes[1]:
            results += [_answer(kind, f"{one.name} {other.name}", *shown) for kind, shown in _beside(one, other, rng)]
    return results


def rival_rows(where: str, results: Sequence[Asked]) -> list[dict[str, Any]]:
    """Return for each kind of crop how many were refused as several, refused otherwise, and found."""
    rows = []
    for kind in dict.fromkeys(each.kind for each in results):
        chosen = [each for each in results if each.kind == kind]
        several = sum(each.failure == SeveralCells.__name__ for each in chosen)
        other = sum(bool(each.failure) for each in chosen) - several
        low, high = wilson(several, len(chosen))
        rows.append(
            {
                "figure": f"{where}: {kind}, refused as several cells",
                "value": round(several / len(chosen), 4),
                "note": f"{several} of {len(chosen)}, 95 % {low:.4f} to {high:.4f}; {other} refused otherwise; "
                f"the cell found in {sum(each.found for each in chosen)}",
            }
        )
    return rows


def _answer(kind: str, name: str, image: RgbImage, cell: Mask) -> Asked:
    try:
        _, found = best(image)
    except BuffycoatError as error:
        return Asked(kind, name, type(error).__name__, found=False)
    return Asked(kind, name, "", found=found is not None and dice(cell, found) >= FOUND)


def _alone(each: MaskedCell, rng: np.random.Generator) -> Iterator[tuple[str, tuple[RgbImage, Mask]]]:
    x, y, side = _place(each.cell)
    yield "one cell, as cut", (each.crop, each.cell)
    yield "one cell, tight crop", _cut(each.crop, each.cell, x, y, TIGHT * side)
    angle, far = rng.uniform(0, 2 * np.pi), SHIFT * ASIDE * side
    shown = _cut(each.crop, each.cell, x + far * np.cos(angle), y + far * np.sin(angle), ASIDE * side)
    yield "one cell, not in the middle", shown


def _beside(
    one: MaskedCell, other: MaskedCell, rng: np.random.Generator
) -> Iterator[tuple[str, tuple[RgbImage, Mask]]]:
    diameters = [2 * np.sqrt(np.count_nonzero(each.cell) / np.pi) for each in (one, other)]
    mean = sum(diameters) / 2
    ground, cell = _on_a_larger_ground(one, round(8 * max(diameters)))
    (x, y, _), (other_x, other_y, _) = _place(cell), _place(other.cell)
    angle = rng.uniform(0, 2 * np.pi)

    def moved(far: float) -> tuple[float, float]:
        return round(x + far * np.cos(angle) - other_x), round(y + far * np.sin(angle) - other_y)

    touching = next(
        far
        for far in np.arange(0.5, 2.0, 0.02) * mean
        if not (_shifted(other.cell, cell.shape, *moved(far)) & cell).any()
    )
    for gap in GAPS:
        far = touching + gap * mean
        shown, theirs = _pasted(ground, other, *moved(far))
        ours = cell & ~theirs
        between = _cut(
            shown,
            ours,
            x + far * np.cos(angle) / 2,
            y + far * np.sin(angle) / 2,
            MARGIN * (far + max(diameters)),
        )
        yield f"two cells {gap:g} apart, the middle between them", between
        yield f"two cells {gap:g} apart, one in the middle", _cut(shown, ours, x, y, WIDE * (far + max(diameters) / 2))


def _place(cell: Mask) -> tuple[float, float, int]:
    """Return middle and longer side of a mask's box."""
    left, top, width, height = cv2.boundingRect(cell.astype(np.uint8))
    return left + width / 2, top + height / 2, max(width, height)


def _cut(image: RgbImage, cell: Mask, x: float, y: float, side: float) -> tuple[RgbImage, Mask]:
    around = Box.around(x, y, int(side))
    return crop(image, around), crop_mask(cell, around)


def _small(each: MaskedCell) -> MaskedCell:
    factor = min(1.0, WORKING_SIDE / max(each.crop.shape[:2]))
    size = round(each.crop.shape[1] * factor), round(each.crop.shape[0] * factor)
    cell = cv2.resize(each.cell.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
    image = np.asarray(cv2.resize(each.crop, size, interpolation=cv2.INTER_AREA), np.uint8)
    return MaskedCell(each.set, each.name, each.group, image, None, np.asarray(cell, np.bool_))


def _on_a_larger_ground(each: MaskedCell, side: int) -> tuple[RgbImage, Mask]:
    """Return the crop with its mirror image around it, and the mask of its cell there."""
    more = max(0, (side - min(each.crop.shape[:2])) // 2 + 1)
    ground = cv2.copyMakeBorder(each.crop, more, more, more, more, cv2.BORDER_REFLECT_101)
    return np.asarray(ground, np.uint8), np.pad(each.cell, more)


def _shifted(mask: Mask, shape: tuple[int, ...], x: float, y: float) -> Mask:
    matrix = np.array([[1, 0, x], [0, 1, y]], np.float64)
    return np.asarray(cv2.warpAffine(mask.astype(np.uint8), matrix, shape[1::-1]) > 0, np.bool_)


def _pasted(ground: RgbImage, other: MaskedCell, x: float, y: float) -> tuple[RgbImage, Mask]:
    matrix, size = np.array([[1, 0, x], [0, 1, y]], np.float64), ground.shape[1::-1]
    soft = cv2.warpAffine(cv2.GaussianBlur(other.cell.astype(np.float32), (0, 0), EDGE), matrix, size)[..., None]
    shown = ground * (1 - soft) + cv2.warpAffine(other.crop, matrix, size) * soft
    return np.asarray(shown.round(), np.uint8), _shifted(other.cell, ground.shape, x, y)
