"""Cells with masks that people drew: BCCD's fields, crops drawn for this project, and Zheng's sets (for testing)."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bench.detection_sets import Example, bccd_fields, missing_boxes, red_cells_of
from bench.drawn_masks import drawn_masks
from buffycoat.domain.geometry import Box
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.codecs import read_rgb
from buffycoat.imaging.crops import crop, crop_mask
from buffycoat.imaging.scale import cell_side

__all__ = ["FOLDS", "SHARP_FROM", "MaskedCell", "bccd_folds", "bccd_masked", "drawn_masked", "zheng_masked"]

Mask = NDArray[np.bool_]

FOLDS = 5
NUCLEUS_LEVEL, CELL_LEVEL = 205, 80
"""BCCD's masks are smoothed: black, gray of about 160, white."""
SMALLEST_PX = 300
LEAST_OVERLAP = 0.5
"""IoU of the box of a cell with that of its mask, from which on they are of one cell."""
SHARP_FROM = 197
"""From this field on, BCCD's photographs are sharp, and its masks follow the edges of color to the pixel."""


@dataclass(frozen=True, eq=False)
class MaskedCell:
    """A crop with the masks that people drew; ``nucleus`` is None where it was not drawn.

    ``group`` holds crops of one cell or region together; ``cut`` is whether the field's border cuts the cell; ``kind``
    is its class where the set tells it, ``hard`` what made it hard to draw.
    """

    set: str
    name: str
    group: str
    crop: RgbImage
    nucleus: Mask | None
    cell: Mask
    cut: bool = False
    kind: str = ""
    hard: str = ""


def bccd_folds(data: Path) -> dict[str, int]:
    """Return the fold in which each group of fields is held back: every fifth of the sorted names, as in ``detect``."""
    groups = sorted({field.group for field in bccd_fields(data)})
    return {group: number % FOLDS for number, group in enumerate(groups)}


def bccd_masked(data: Path) -> tuple[list[MaskedCell], list[str]]:
    """Return white cells of BCCD that have a mask, cut as the detector cuts them, and what was left out, and why.

    The box is BCCD's, or one of ``bccd_missing_boxes.csv``; in the three fields without a VOC file, that of the mask.
    The crop is the square of 4.6 red cells around its center, white outside the field. A cell counts where the box of a
    drawn region fits its box and that region holds no other cell; the others are named.
    """
    fields, unmarked = bccd_fields(data), missing_boxes()
    side = cell_side(red_cell_px=red_cells_of(fields))
    cells, left_out = [], []
    for field in fields:
        name = f"{field.name.replace('_', '_Mask_')}.png"
        drawn = np.asarray(Image.open(data / "bccd" / "fields" / "masks_nucleus_cytoplasm" / name).convert("L"))
        boxes = field.boxes + unmarked.get(field.name, [])
        for number, box in enumerate(boxes):
            region = _region(drawn > CELL_LEVEL, box)
            if region is None or any(_holds_middle(region, other) for other in boxes if other is not box):
                left_out.append(f"{field.name[-5:]} at {box.left}, {box.top}")
            else:
                cells.append(_bccd_cell(field, drawn, region, box, side, number))
    return cells, left_out


def _holds_middle(region: Mask, box: Box) -> bool:
    x, y = box.center
    return bool(region[min(int(y), region.shape[0] - 1), min(int(x), region.shape[1] - 1)])


def _bccd_cell(field: Example, drawn: NDArray[np.uint8], region: Mask, box: Box, side: int, number: int) -> MaskedCell:
    around = Box.around(*box.center, side)
    border = np.ones(region.shape, np.bool_)
    border[1:-1, 1:-1] = False
    return MaskedCell(
        set="BCCD",
        name=f"{field.name[-5:]}{'abcdef'[number] if number else ''}",
        group=field.group,
        crop=crop(field.image, around),
        nucleus=crop_mask(region & (drawn > NUCLEUS_LEVEL), around),
        cell=crop_mask(region, around),
        cut=bool((region & border).any()),
    )


def _region(cell: Mask, box: Box) -> Mask | None:
    """Return the drawn region whose box fits that of the cell best, or None where none fits."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(cell.astype(np.uint8), connectivity=8)
    fits = [
        (box.iou(Box(left=left, top=top, right=left + width, bottom=top + height)), label)
        for label, (left, top, width, height, area) in enumerate(stats.tolist())
        if label and area >= SMALLEST_PX
    ]
    fit, label = max(fits, default=(0.0, 0))
    return np.asarray(labels) == label if fit >= LEAST_OVERLAP else None


def drawn_masked(data: Path) -> Iterator[MaskedCell]:
    """Yield the crops of Raabin and Barcelona whose masks were drawn for this project; repeats are one group."""
    first = _repeats(data / "raabin_crops" / "duplicate_pairs.csv")
    first["NEUTROPHIL_971896"] = "NEUTROPHIL_501624"
    for each in drawn_masks(data):
        stem = Path(each.name).stem
        yield MaskedCell(
            set=f"drawn, {each.set}",
            name=stem,
            group=first.get(stem, stem),
            crop=each.crop,
            nucleus=each.nucleus,
            cell=each.cell,
            kind=each.kind,
            hard=each.note,
        )


def _repeats(table: Path) -> dict[str, str]:
    """Return the first of each group of repeats, by name."""
    first: dict[str, str] = {}
    with table.open(newline="") as file:
        for row in csv.DictReader(file):
            one, other = (Path(row[side]).stem for side in "ab")
            known = first.get(one, first.get(other, one))
            first[one] = first[other] = known
    return first


def zheng_masked(data: Path, name: str) -> list[MaskedCell]:
    """Return crops and masks of one of Zheng's sets; for testing only. Stray levels are cut at 64 and 192."""
    cells = []
    for path in sorted((data / "seg_zheng" / name).glob("*.bmp")):
        drawn = np.asarray(Image.open(path.with_suffix(".png")).convert("L"))
        group = hashlib.sha256(path.read_bytes()).hexdigest()  # two files are the same picture
        cells.append(MaskedCell(f"Zheng {name}", path.stem, group, read_rgb(path), drawn > 192, drawn > 64))
    return cells
