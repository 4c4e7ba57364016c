"""Crops of the laboratories that the default classifier is fitted on, and, for testing only, of those that it is not.

Raabin, Barcelona and BCCD, with what is no white cell cut from the same pictures: red cells, platelets, background, and
Barcelona's erythroblasts. LISC and Zheng's sets are read by ``unseen_cells`` alone, which only ``labs --test`` calls.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np

from bench.detection_sets import lisc_fields
from buffycoat.detect import find_cells
from buffycoat.domain.geometry import Box
from buffycoat.errors import NothingFound
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.codecs import read_rgb
from buffycoat.imaging.crops import crop
from buffycoat.imaging.scale import cell_side, red_cell_diameter

__all__ = ["FITTED", "NOT", "TERMS", "LabCell", "fitted_cells", "unseen_cells"]

TERMS = ("basophil", "eosinophil", "lymphocyte", "monocyte", "neutrophil")
NOT = "not-leukocyte"
FITTED = ("raabin", "barcelona", "bccd")
ZHENG = {"1": "neutrophil", "2": "lymphocyte", "3": "monocyte", "4": "eosinophil", "5": "basophil"}

_Place = tuple[float, float, float, float]
_RED_CELL_PX = {"raabin": 125.0, "barcelona": 73.0, "bccd": 105.0}
_SIDES = (1.6, 2.4, 3.2)


@dataclass(frozen=True, eq=False)
class LabCell:
    """A crop with its class.

    ``kind`` says what it is where it is no white cell; ``group`` holds pictures of one cell or region together,
    ``film`` those of one smear where that is known; ``extra`` cells are learned from and never judged;
    ``red_cell_px`` is known where the field told it. There is no crop where no cell was found.
    """

    lab: str
    name: str
    label: str
    film: str
    group: str
    crop: RgbImage | None
    kind: str = ""
    extra: bool = False
    red_cell_px: float | None = None


def fitted_cells(data: Path) -> Iterator[LabCell]:
    """Yield the crops of the three laboratories, then what is no white cell."""
    yield from _raabin(data / "raabin_crops")
    yield from _barcelona(data / "pbc_barcelona")
    yield from _bccd(data / "bccd")
    yield from _others(data)


def unseen_cells(data: Path) -> Iterator[LabCell]:
    """Yield the cells of LISC, found in their fields, and of Zheng's sets; for testing only.

    Of a LISC field, which shows one cell, the surest of the largest detections counts; where there is none, there is no
    crop, and that is an error of whoever classifies.
    """
    same = _repeats(data / "lisc" / "overlap_pairs.csv", keep_folder=True)
    for field in lisc_fields(data):
        kind, stem = field.name.split("/")[0], field.name.removesuffix(".bmp")
        group = same.get(stem, stem)
        cut, red_cell_px = _of_field(field.image)
        yield LabCell("lisc", stem, kind, group, group, cut, red_cell_px=red_cell_px)
    for part in ("1", "2"):
        folder = data / "seg_zheng" / f"dataset{part}"
        with (folder / "class_labels.csv").open(newline="") as file:
            labels = {int(number): label for number, label in _numbered(csv.reader(file))}
        seen: dict[bytes, str] = {}
        for path in sorted(folder.glob("*.bmp")):
            group = seen.setdefault(path.read_bytes(), path.stem)  # two files are the same picture
            yield LabCell(f"zheng{part}", path.stem, ZHENG[labels[int(path.stem)]], group, group, read_rgb(path))


def _numbered(rows: Iterator[list[str]]) -> Iterator[tuple[str, str]]:
    for row in rows:
        if len(row) >= 2 and row[0].strip().isdigit():
            yield row[0].strip(), row[1].strip()


def _of_field(image: RgbImage) -> tuple[RgbImage | None, float | None]:
    try:
        red_cell_px = red_cell_diameter(image)
    except NothingFound:
        red_cell_px = None
    found = find_cells(image)
    if not found:
        return None, red_cell_px
    best = max(found, key=lambda each: (each.score or 0.0) * each.extent.area)
    side = best.box.width if red_cell_px is None else cell_side(red_cell_px=red_cell_px)
    return crop(image, Box.around(*best.extent.center, side)), red_cell_px


def _raabin(folder: Path) -> Iterator[LabCell]:
    same = _repeats(folder / "duplicate_pairs.csv")
    with (folder / "labels.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        stem = Path(row["file"]).stem
        film = "95-5-4-1" if row["film_id"] == "95-5-5-1" else row["film_id"]  # one region of one smear
        picture = read_rgb(folder / "crops" / row["label"] / row["file"])
        yield LabCell("raabin", stem, row["label"], film, same.get(stem, row["photo"]), picture)


def _barcelona(folder: Path) -> Iterator[LabCell]:
    had = set()
    with (folder / "labels.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        stem, known = Path(row["file"]).stem, row["label"] in TERMS
        had.add(row["file"])
        group = "NEUTROPHIL_501624" if stem == "NEUTROPHIL_971896" else stem
        picture = read_rgb(folder / "crops" / row["label"] / row["file"])
        label, kind = (row["label"], "") if known else (NOT, row["label"])
        yield LabCell("barcelona", stem, label, group, group, picture, kind=kind)
    with (folder / "boxes" / "labels.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["file"] not in had:
            stem = Path(row["file"]).stem
            picture = read_rgb(folder / "boxes" / "images" / row["file"])
            yield LabCell("barcelona", stem, row["label"], stem, stem, picture, extra=True)


def _bccd(folder: Path) -> Iterator[LabCell]:
    same = _repeats(folder / "fields" / "overlap_pairs.csv")
    for path in sorted((folder / "crops").glob("*/*.jpg")):
        field = path.stem.rpartition("_")[0]
        group = same.get(field, field)
        yield LabCell("bccd", path.stem, path.parent.name, group, group, read_rgb(path))


def _others(data: Path) -> Iterator[LabCell]:
    rng = random.Random(0)
    folder = data / "pbc_barcelona" / "boxes"
    for path in sorted((folder / "images").glob("*.jpg")):
        picture = read_rgb(path)
        places = _yolo(folder / "labels_yolo" / f"{path.stem}.txt", picture)
        yield from _empty("barcelona", path.stem, path.stem, picture, places, rng)
    folder = data / "raabin_crops"
    for path in sorted(folder.glob("crops/*/*.jpg"))[::4]:
        picture = read_rgb(path)
        places = _yolo(folder / "boxes_yolo" / f"{path.stem}.txt", picture)
        yield from _empty("raabin", path.stem, path.stem.rsplit("_", 2)[0], picture, places, rng)
    folder = data / "bccd" / "fields"
    same = _repeats(folder / "overlap_pairs.csv")
    for path in sorted((folder / "images").glob("*.jpg"))[::3]:
        boxes = folder / "annotations_voc" / f"{path.stem}.xml"
        if boxes.exists():
            yield from _empty("bccd", path.stem, same.get(path.stem, path.stem), read_rgb(path), _voc(boxes), rng)


def _empty(
    lab: str, name: str, group: str, picture: RgbImage, places: Sequence[list[_Place]], rng: random.Random
) -> Iterator[LabCell]:
    """Yield a red cell, a platelet and a piece of background, in crops of any width that show no white cell."""
    white, red, platelets = places
    red_px = _RED_CELL_PX[lab]
    height, width = picture.shape[:2]
    picks = [("erythrocyte", place) for place in rng.sample(red, min(len(red), 1))]
    picks += [("platelet", place) for place in rng.sample(platelets, min(len(platelets), 1))]
    picks.append(("background", (rng.uniform(0.2, 0.8) * width, rng.uniform(0.2, 0.8) * height, 0, 0)))
    for kind, (x, y, *_) in picks:
        side = red_px * rng.choice(_SIDES)
        for _ in range(3):
            side *= 0.8 if _meets(white, x, y, side) else 1
        if _meets(white, x, y, side) or side < 0.9 * red_px:
            continue
        if kind == "background" and any(abs(x - a) < 0.4 * red_px and abs(y - b) < 0.4 * red_px for a, b, *_ in red):
            continue
        left, top, size = round(x - side / 2), round(y - side / 2), round(side)
        cut = picture[max(0, top) : top + size, max(0, left) : left + size]
        if min(cut.shape[:2]) >= 16:
            yield LabCell(lab, f"{name}:{kind}", NOT, group, group, np.ascontiguousarray(cut), kind=kind)


def _meets(places: Sequence[_Place], x: float, y: float, side: float) -> bool:
    return any(abs(x - a) < side / 2 + 0.4 * w and abs(y - b) < side / 2 + 0.4 * h for a, b, w, h in places)


def _yolo(path: Path, picture: RgbImage) -> list[list[_Place]]:
    places: list[list[_Place]] = [[], [], []]
    height, width = picture.shape[:2]
    for line in path.read_text().splitlines():
        kind, x, y, w, h = line.split()
        places[int(kind)].append((float(x) * width, float(y) * height, float(w) * width, float(h) * height))
    return places


def _voc(path: Path) -> list[list[_Place]]:
    places: dict[str, list[_Place]] = {"WBC": [], "RBC": [], "Platelets": []}
    for one in ET.parse(path).iter("object"):  # noqa: S314 (our own copy of a public set)
        sides = [float(one.findtext(f"bndbox/{side}") or 0) for side in ("xmin", "ymin", "xmax", "ymax")]
        left, top, right, bottom = (int(side) for side in sides)
        name = one.findtext("name") or ""
        places[name].append(((left + right) / 2, (top + bottom) / 2, right - left, bottom - top))
    return list(places.values())


def _repeats(table: Path, *, keep_folder: bool = False) -> dict[str, str]:
    """Return the first of each group of pictures that show the same, by name."""
    first: dict[str, str] = {}
    with table.open(newline="") as file:
        for row in csv.DictReader(file):
            one, other = (row[side].rpartition(".")[0] if keep_folder else Path(row[side]).stem for side in "ab")
            known = first.get(one, first.get(other, one))
            first[one] = first[other] = known
    return first
