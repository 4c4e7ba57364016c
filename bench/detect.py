"""Cells found on BCCD fields that the color filter was not fitted on, and on the Raabin photograph."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from bench.timing import best_of_five
from buffycoat.detect import find_cells
from buffycoat.domain.geometry import Box
from buffycoat.imaging.codecs import read_rgb
from buffycoat.metrics.matching import match_boxes, match_centers, score_matchings

__all__ = ["measure", "white_cells"]


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


def measure(data: Path) -> list[dict[str, Any]]:
    """Return recall, precision and overlap on the half of BCCD kept for the report, and the time of 16 MP."""
    annotations = sorted((data / "bccd" / "fields" / "annotations_voc").glob("*.xml"))[1::2]
    images = [read_rgb(data / "bccd" / "fields" / "images" / f"{path.stem}.jpg") for path in annotations]
    truth = [white_cells(path) for path in annotations]
    found = [[cell.extent for cell in find_cells(image)] for image in images]
    boxes = score_matchings(match_boxes(a, b) for a, b in zip(truth, found, strict=True))
    centers = score_matchings(match_centers(a, b) for a, b in zip(truth, found, strict=True))
    note = f"BCCD, every second field, not fitted on; {boxes.true_count} boxes, {boxes.found_count} found"
    photograph = read_rgb(next((data / "raabin_samples" / "full_field" / "images").glob("*.jpg")))
    seconds = best_of_five(lambda: find_cells(photograph))[0]
    return [
        {"figure": "recall at IoU 0.5", "value": round(boxes.recall or 0, 4), "note": note},
        {"figure": "precision at IoU 0.5", "value": round(boxes.precision or 0, 4), "note": note},
        {"figure": "mean IoU of hits", "value": round(boxes.mean_iou or 0, 4), "note": note},
        {"figure": "center hits", "value": round(centers.recall or 0, 4), "note": note},
        {
            "figure": "a photograph of 16 MP",
            "value": round(1000 * seconds, 1),
            "unit": "ms",
            "note": "pixels to boxes",
        },
    ]
