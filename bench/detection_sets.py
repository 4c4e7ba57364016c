"""Real fields and crops with the boxes of their white cells, for the color filter."""

from __future__ import annotations

import csv
import io
import math
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from xml.etree import ElementTree as ET

import cv2
import numpy as np
from PIL import Image

from buffycoat.domain.geometry import Box
from buffycoat.errors import NothingFound
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.scale import red_cell_diameter

__all__ = [
    "Example",
    "barcelona_crops",
    "bccd_fields",
    "draaslan_fields",
    "lisc_fields",
    "missing_boxes",
    "raabin_crops",
    "red_cells_of",
    "white_cells",
]

_WHITE_CELL = "0"
_SMALLEST_CELL_PX = 3000
_CELL_LEVEL = 80


@dataclass(frozen=True)
class Example:
    """A picture and the boxes of its white cells; ``group`` holds pictures of one smear region together."""

    name: str
    image: RgbImage
    boxes: list[Box]
    group: str = ""


def read(file: Path | io.BytesIO) -> RgbImage:
    """Return a picture as RGB; transparency is dropped."""
    with Image.open(file) as picture:
        return np.asarray(picture.convert("RGB"))


def white_cells(annotation: Path) -> list[Box]:
    """Return the boxes of white cells in a VOC file of BCCD."""
    boxes = []
    for cell in ET.parse(annotation).iter("object"):  # noqa: S314 (our own copy of a public set)
        if cell.findtext("name") == "WBC":
            left, top, right, bottom = (
                int(float(cell.findtext(f"bndbox/{side}") or 0)) for side in ("xmin", "ymin", "xmax", "ymax")
            )
            boxes.append(Box(left=left, top=top, right=right, bottom=bottom))
    return boxes


def bccd_fields(data: Path) -> list[Example]:
    """Return all 257 fields; where there is no VOC file (three fields), the boxes are those of the drawn cells."""
    folder = data / "bccd" / "fields"
    first: dict[str, str] = {}
    with (folder / "overlap_pairs.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            one, other = (Path(row[side]).stem for side in "ab")
            known = first.get(one, first.get(other, one))
            first[one] = first[other] = known
    fields = []
    for picture in sorted((folder / "images").glob("*.jpg")):
        name, annotation = picture.stem, folder / "annotations_voc" / f"{picture.stem}.xml"
        drawn = folder / "masks_nucleus_cytoplasm" / f"{name.replace('_', '_Mask_')}.png"
        boxes = white_cells(annotation) if annotation.exists() else _drawn_cells(drawn)
        fields.append(Example(name, read(picture), boxes, first.get(name, name)))
    return fields


def _drawn_cells(mask: Path) -> list[Box]:
    cell = (read(mask)[:, :, 0] > _CELL_LEVEL).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(cell)
    return [
        Box(left=left, top=top, right=left + width, bottom=top + height)
        for left, top, width, height, area in stats[1:].tolist()
        if area >= _SMALLEST_CELL_PX
    ]


def missing_boxes() -> dict[str, list[Box]]:
    """Return white cells of BCCD that we saw and that have no box there, by field."""
    boxes: dict[str, list[Box]] = {}
    with (Path(__file__).parent / "bccd_missing_boxes.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            left, top, right, bottom = (int(row[side]) for side in ("left", "top", "right", "bottom"))
            boxes.setdefault(row["field"], []).append(Box(left=left, top=top, right=right, bottom=bottom))
    return boxes


def raabin_crops(data: Path) -> list[Example]:
    """Return Raabin's crops with the boxes of TXL-PBC."""
    folder = data / "raabin_crops"
    return _crops(sorted(folder.glob("crops/*/*.jpg")), folder / "boxes_yolo")


def barcelona_crops(data: Path) -> list[Example]:
    """Return those crops of Barcelona that have boxes of TXL-PBC."""
    folder = data / "pbc_barcelona" / "boxes"
    return _crops(sorted(folder.glob("images/*.jpg")), folder / "labels_yolo")


def _crops(pictures: list[Path], labels: Path) -> list[Example]:
    found = []
    for picture in pictures:
        image = read(picture)
        height, width = image.shape[:2]
        boxes = []
        for line in (labels / f"{picture.stem}.txt").read_text().splitlines():
            kind, *numbers = line.split()
            if kind == _WHITE_CELL:
                x, y, w, h = (float(number) * size for number, size in zip(numbers, (width, height) * 2, strict=True))
                boxes.append(_box(x - w / 2, y - h / 2, x + w / 2, y + h / 2))
        if boxes:
            found.append(Example(picture.stem, image, boxes))
    return found


def draaslan_fields(data: Path) -> list[Example]:
    """Return the 70 fields of draaslan, for testing only."""
    folder = data / "draaslan_fields"
    boxes: dict[str, list[Box]] = {}
    images = {picture.name: read(picture) for picture in sorted((folder / "images").glob("*.png"))}
    with (folder / "annotations.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            if row["label"] == "wbc":
                height, width = images[row["image"]].shape[:2]
                sides = ((row["xmin"], width), (row["ymin"], height), (row["xmax"], width), (row["ymax"], height))
                boxes.setdefault(row["image"], []).append(_box(*(float(share) * size for share, size in sides)))
    return [Example(name, image, boxes.get(name, [])) for name, image in images.items()]


def lisc_fields(data: Path) -> Iterator[Example]:
    """Yield the 50 fields of LISC, for testing only; they have no boxes."""
    for archive in sorted((data / "lisc").glob("*.zip")):
        with zipfile.ZipFile(archive) as packed:
            for name in sorted(each for each in packed.namelist() if each.endswith(".bmp")):
                yield Example(name, read(io.BytesIO(packed.read(name))), [])


def red_cells_of(examples: list[Example]) -> float:
    """Return the diameter of red cells of one set-up in pixels: the median of what can be measured."""
    measured = []
    for example in examples:
        try:
            measured.append(red_cell_diameter(example.image))
        except NothingFound:
            continue
    return median(measured) if measured else math.nan


def _box(left: float, top: float, right: float, bottom: float) -> Box:
    return Box(left=round(left), top=round(top), right=round(right), bottom=round(bottom))
