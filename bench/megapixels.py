"""From a JPEG of 12 megapixels to boxes: at the scale that the filter needs, against decoding it whole."""

from __future__ import annotations

from pathlib import Path
from statistics import mean, median
from typing import Any

import cv2
import numpy as np

from bench.detection_sets import white_cells
from bench.timing import best_of_five
from buffycoat.detect.cells import cells_of, find_cells
from buffycoat.detect.photograph import find_cells_in
from buffycoat.domain.cell import Detection
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.codecs import decode_rgb, encode_jpeg
from buffycoat.imaging.reduced import decode_reduced
from buffycoat.imaging.scale import RAABIN_MICROMETRES_PER_PIXEL, RED_CELL_MICROMETRES

__all__ = ["agreement", "measure", "photographs"]

_BCCD_RED_CELL_PX = 91.0
_TIMES = 4


def photographs(data: Path) -> dict[str, tuple[bytes, float]]:
    """Return JPEG files of one real photograph, and their scales in micrometers per pixel."""
    content = next((data / "raabin_samples" / "full_field" / "images").glob("*.jpg")).read_bytes()
    image = decode_rgb(content, name="the photograph")
    width = image.shape[1]
    cut = (width - 4016) // 2
    resized = cv2.resize(image, (4608, 2592), interpolation=cv2.INTER_AREA)
    return {
        "12 MP, cut from it": (
            encode_jpeg(np.ascontiguousarray(image[:, cut : cut + 4016])),
            RAABIN_MICROMETRES_PER_PIXEL,
        ),
        "12 MP, resized": (encode_jpeg(np.asarray(resized, np.uint8)), RAABIN_MICROMETRES_PER_PIXEL * width / 4608),
        "16 MP, as it came": (content, RAABIN_MICROMETRES_PER_PIXEL),
    }


def measure(data: Path) -> list[dict[str, Any]]:
    """Return times of one real photograph at three sizes, and how the boxes agree with those of whole decoding."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        rows = [row for name, (content, scale) in photographs(data).items() for row in _times(name, content, scale)]
        return rows + _boxes(data)
    finally:
        cv2.setNumThreads(threads)


def _times(name: str, content: bytes, scale: float) -> list[dict[str, Any]]:
    red_cell_px = RED_CELL_MICROMETRES / scale
    times = max(each for each in (1, 2, 4, 8) if red_cell_px / each >= 12)
    whole, filtered, reduced, unknown, unmeasured, decoded = best_of_five(
        lambda: _at_full_size(decode_rgb(content, name=name), red_cell_px),
        lambda: find_cells(decode_rgb(content, name=name), micrometres_per_pixel=scale),
        lambda: find_cells_in(content, micrometres_per_pixel=scale),
        lambda: find_cells_in(content),
        lambda: find_cells(decode_rgb(content, name=name)),
        lambda: decode_reduced(content, name=name, times=times),
    )
    note = f"{name}, {len(content) / 1e6:.1f} MB; one thread"
    rows = (
        ("decoding at the scale used", decoded, None, f"at 1/{times}; {note}"),
        ("JPEG to boxes, scale known", reduced, filtered, f"peer: decoded whole, find_cells; {note}"),
        ("JPEG to boxes, scale measured", unknown, unmeasured, f"peer: decoded whole, find_cells; {note}"),
        ("JPEG to boxes, full filter", reduced, whole, f"peer: decoded whole, filter on all pixels; {note}"),
    )
    shown: list[dict[str, Any]] = []
    for figure, seconds, peer, about in rows:
        row = {"figure": figure, "value": round(1000 * seconds, 1), "unit": "ms", "note": about}
        shown.append(row if peer is None else row | {"peer": "whole", "peer_value": round(1000 * peer, 1)})
    ratio = {"figure": "boxes / decoding alone", "value": round(reduced / decoded, 2), "unit": "x", "note": note}
    return [*shown, ratio]


def _at_full_size(image: RgbImage, red_cell_px: float) -> None:
    """Do what the filter does at working scale, on every pixel."""
    cells_of(image, red_cell_px)


def agreement(some: tuple[Detection, ...], others: tuple[Detection, ...]) -> tuple[list[float], list[float], int]:
    """Return overlap and distance of centers of cells found in both ways, and how many were found in one only."""
    overlaps, shifts, left = [], [], list(others)
    for cell in some:
        best = max(left, key=lambda other: other.extent.iou(cell.extent), default=None)
        if best is None or best.extent.iou(cell.extent) < 0.5:
            continue
        left.remove(best)
        overlaps.append(best.extent.iou(cell.extent))
        (x, y), (u, v) = cell.extent.center, best.extent.center
        shifts.append(float(np.hypot(x - u, y - v)))
    return overlaps, shifts, len(some) + len(others) - 2 * len(overlaps)


def _boxes(data: Path) -> list[dict[str, Any]]:
    """Compare both ways on all fields of BCCD, enlarged four times as from a camera of 4.9 megapixels."""
    red_cell_px = _BCCD_RED_CELL_PX * _TIMES
    overlaps, shifts, odd, hits, boxes, found = [], [], 0, [0, 0], 0, [0, 0]
    for annotation in sorted((data / "bccd" / "fields" / "annotations_voc").glob("*.xml")):
        path = data / "bccd" / "fields" / "images" / f"{annotation.stem}.jpg"
        image = decode_rgb(path.read_bytes(), name=path.name)
        large = cv2.resize(image, None, fx=_TIMES, fy=_TIMES, interpolation=cv2.INTER_CUBIC)
        content = encode_jpeg(np.asarray(large, np.uint8))
        ways = (
            find_cells(decode_rgb(content, name=path.name), micrometres_per_pixel=RED_CELL_MICROMETRES / red_cell_px),
            find_cells_in(content, micrometres_per_pixel=RED_CELL_MICROMETRES / red_cell_px),
        )
        overlap, shift, alone = agreement(*ways)
        overlaps += overlap
        shifts += [each / red_cell_px for each in shift]
        odd += alone
        centers = [(_TIMES * x, _TIMES * y) for x, y in (box.center for box in white_cells(annotation))]
        boxes += len(centers)
        for way, cells in enumerate(ways):
            found[way] += len(cells)
            hits[way] += sum(any(cell.extent.contains(*center) for cell in cells) for center in centers)
    note = f"BCCD, {boxes} boxes, fields enlarged {_TIMES} times; {found[1]} found, decoded whole {found[0]}"
    return [
        {"figure": "IoU with boxes of whole decoding, mean", "value": round(mean(overlaps), 4), "note": note},
        {"figure": "the same, least", "value": round(min(overlaps), 4), "note": note},
        {"figure": "shift of centers in red cells, median", "value": round(median(shifts), 4), "note": note},
        {"figure": "the same, largest", "value": round(max(shifts), 4), "note": note},
        {"figure": "cells found in one way only", "value": odd, "note": note},
        {
            "figure": "true centers inside a box",
            "value": hits[1],
            "peer": "decoded whole",
            "peer_value": hits[0],
            "note": note,
        },
    ]
