"""Fit the color filter that ``find_cells`` uses, and say how it does on microscopes that it was not fitted on.

    python bench/fit_color_filter.py DATA

``DATA`` is the folder of real data sets: crops of Raabin-WBC and of Barcelona with the boxes of TXL-PBC, every second
field of BCCD with its boxes. The other fields of BCCD are for the report.
"""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median
from xml.etree import ElementTree as ET

import numpy as np
from PIL import Image

from buffycoat.detect.cells import find_cells
from buffycoat.detect.color_filter import ColorFilter, fit
from buffycoat.domain.geometry import Box
from buffycoat.errors import NothingFound
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.scale import RED_CELL_MICROMETRES, red_cell_diameter

Example = tuple[RgbImage, list[Box]]
WHITE_CELL = "0"


def read(file: Path) -> RgbImage:
    with Image.open(file) as picture:
        return np.asarray(picture.convert("RGB"))


def yolo_boxes(file: Path, height: int, width: int) -> list[Box]:
    boxes = []
    for line in file.read_text().splitlines():
        kind, *numbers = line.split()
        if kind == WHITE_CELL:
            x, y, w, h = (float(number) * size for number, size in zip(numbers, (width, height) * 2, strict=True))
            boxes.append(_box(x - w / 2, y - h / 2, x + w / 2, y + h / 2))
    return boxes


def voc_boxes(file: Path) -> list[Box]:
    names = ("xmin", "ymin", "xmax", "ymax")
    cells = [cell for cell in ET.parse(file).iter("object") if cell.findtext("name") == "WBC"]  # noqa: S314 - our own data
    return [_box(*(float(cell.findtext(f"bndbox/{name}") or 0) for name in names)) for cell in cells]


def _box(left: float, top: float, right: float, bottom: float) -> Box:
    return Box(left=round(left), top=round(top), right=round(right), bottom=round(bottom))


def crops(images: list[Path], labels: Path) -> list[Example]:
    found = []
    for file in images:
        image = read(file)
        if boxes := yolo_boxes(labels / f"{file.stem}.txt", *image.shape[:2]):
            found.append((image, boxes))
    return found


def fields(folder: Path) -> list[Example]:
    files = sorted((folder / "annotations_voc").glob("*.xml"))
    return [(read(folder / "images" / f"{file.stem}.jpg"), voc_boxes(file)) for file in files]


def scale(examples: list[Example]) -> float:
    """Return the diameter of red cells: the median of what can be measured, as all are from one microscope."""
    measured = []
    for image, _ in examples[::3]:
        try:
            measured.append(red_cell_diameter(image))
        except NothingFound:
            continue
    return median(measured)


def fit_on(sources: dict[str, list[Example]], scales: dict[str, float]) -> ColorFilter:
    rows = [(image, boxes, scales[name], name) for name, examples in sources.items() for image, boxes in examples]
    images, boxes, diameters, names = zip(*rows, strict=True)
    return fit(images, boxes, red_cell_px=diameters, sources=names)


def report(name: str, examples: list[Example], color_filter: ColorFilter, red_cell_px: float) -> None:
    """Print how many boxes are found at IoU 0.5, each by one detection, and how well they fit."""
    boxes, found, overlaps, centers = 0, 0, [], 0
    for image, true in examples:
        cells = find_cells(image, micrometres_per_pixel=RED_CELL_MICROMETRES / red_cell_px, color_filter=color_filter)
        boxes, found = boxes + len(true), found + len(cells)
        centers += sum(any(box.contains(*cell.extent.center) for cell in cells) for box in true)
        pairs = sorted(
            ((cell.extent.iou(box), i, j) for i, cell in enumerate(cells) for j, box in enumerate(true)), reverse=True
        )
        free_cells, free_boxes = set(range(len(cells))), set(range(len(true)))
        for overlap, i, j in pairs:
            if overlap >= 0.5 and i in free_cells and j in free_boxes:
                overlaps.append(overlap)
                free_cells.remove(i)
                free_boxes.remove(j)
    hits = len(overlaps)
    print(
        f"{name:32} {boxes:4} boxes: recall {hits / boxes:.3f}, precision {hits / max(found, 1):.3f}, "
        f"centers {centers / boxes:.3f}, mean IoU {np.mean(overlaps):.3f}"
    )


def main(data: Path) -> None:
    raabin, barcelona = data / "raabin_crops", data / "pbc_barcelona/boxes"
    bccd = fields(data / "bccd/fields")
    sources = {
        "raabin": crops(sorted(raabin.glob("crops/*/*.jpg")), raabin / "boxes_yolo"),
        "barcelona": crops(sorted(barcelona.glob("images/*.jpg")), barcelona / "labels_yolo"),
        "bccd": bccd[::2],
    }
    scales = {name: scale(examples) for name, examples in sources.items()}
    print("red cells in pixels:", {name: round(diameter, 1) for name, diameter in scales.items()})
    for left_out, examples in sources.items():
        others = {name: rest for name, rest in sources.items() if name != left_out}
        report(f"{left_out}, fitted on the others", examples, fit_on(others, scales), scales[left_out])
    final = fit_on(sources, scales)
    for name in ("raabin", "barcelona"):
        report(f"{name}, fitted on it too", sources[name], final, scales[name])
    report("bccd, the other half", bccd[1::2], final, scales["bccd"])
    print(final)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
