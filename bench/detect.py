"""The color filter against the boxes of BCCD, draaslan and LISC, with Otsu's threshold on magenta beside it.

With ``BUFFYCOAT_SHEETS`` set to a folder, pictures of what was missed, of what has no box, and of all fields of LISC
are put there.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from scipy.ndimage import find_objects

from bench.bccd_lists import TEST
from bench.detection_sets import (
    Example,
    barcelona_crops,
    bccd_fields,
    draaslan_fields,
    lisc_fields,
    missing_boxes,
    raabin_crops,
    red_cells_of,
)
from bench.timing import best_of_five
from buffycoat.detect import DEFAULT_FILTER, ColorFilter, find_cells, fit
from buffycoat.detect.color_filter import WORKING_RED_CELL_PX, at_working_scale
from buffycoat.detect.nuclei import find_nuclei
from buffycoat.domain.geometry import Box
from buffycoat.errors import TooFew
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.codecs import encode_png, read_rgb
from buffycoat.imaging.color import gray_world, magenta
from buffycoat.imaging.scale import RED_CELL_MICROMETRES
from buffycoat.imaging.threshold import histogram_of, otsu
from buffycoat.metrics.matching import DetectionScore, match_boxes, match_centers, score_matchings
from buffycoat.report.contact_sheet import contact_sheet, mark_boxes

__all__ = ["measure"]

FOLDS = 5
Found = Mapping[str, list[Box]]


def by_filter(examples: Iterable[Example], red_cell_px: float, color_filter: ColorFilter = DEFAULT_FILTER) -> Found:
    scale = RED_CELL_MICROMETRES / red_cell_px
    return {
        each.name: [
            cell.extent for cell in find_cells(each.image, micrometres_per_pixel=scale, color_filter=color_filter)
        ]
        for each in examples
    }


def by_otsu(examples: Iterable[Example], red_cell_px: float) -> Found:
    """Return what the magenta channel and a threshold find in each field; lobes are joined and specks dropped alike."""
    found = {}
    for each in examples:
        small = at_working_scale(each.image, red_cell_px)
        channel = magenta(gray_world(small))
        try:
            nucleus = channel > otsu(histogram_of(channel))
        except TooFew:
            nucleus = channel > 255
        down, across = each.image.shape[0] / small.shape[0], each.image.shape[1] / small.shape[1]
        found[each.name] = [
            Box(
                left=round(columns.start * across),
                top=round(rows.start * down),
                right=round(columns.stop * across),
                bottom=round(rows.stop * down),
            )
            for rows, columns in find_objects(find_nuclei(nucleus, red_cell_px=WORKING_RED_CELL_PX))
        ]
    return found


def folded(fields: Sequence[Example], others: Sequence[tuple[str, Example, float]], red_cell_px: float) -> Found:
    """Return what filters find on fields that neither they nor fields of the same region were fitted on."""
    groups = sorted({field.group for field in fields})
    found: dict[str, list[Box]] = {}
    for fold in range(FOLDS):
        held = set(groups[fold::FOLDS])
        rest = [("bccd", field, red_cell_px) for field in fields if field.group not in held]
        found |= by_filter((field for field in fields if field.group in held), red_cell_px, fitted([*others, *rest]))
    return found


def fitted(rows: Sequence[tuple[str, Example, float]]) -> ColorFilter:
    sources, examples, diameters = zip(*rows, strict=True)
    return fit(
        [each.image for each in examples], [each.boxes for each in examples], red_cell_px=diameters, sources=sources
    )


def scored(examples: Sequence[Example], found: Found, extra: Found) -> tuple[DetectionScore, DetectionScore]:
    """Return scores at IoU 0.5 and by centers; ``extra`` are true boxes that the set lacks."""
    truth = {each.name: each.boxes + list(extra.get(each.name, [])) for each in examples}
    return (
        score_matchings(match_boxes(truth[name], found[name]) for name in truth),
        score_matchings(match_centers(truth[name], found[name]) for name in truth),
    )


def rows_of(title: str, examples: Sequence[Example], ours: Found, peer: Found, extra: Found) -> list[dict[str, Any]]:
    (boxes, centers), (peer_boxes, peer_centers) = (scored(examples, found, extra) for found in (ours, peer))
    note = (
        f"{title}; {len(examples)} fields, {boxes.true_count} boxes, {boxes.found_count} found: "
        f"{boxes.true_count - boxes.hit_count} missed and {boxes.found_count - boxes.hit_count} more at IoU 0.5, "
        f"{centers.true_count - centers.hit_count} missed and {centers.found_count - centers.hit_count} more by center"
    )
    figures = (
        ("recall at IoU 0.5", boxes.recall, peer_boxes.recall),
        ("precision at IoU 0.5", boxes.precision, peer_boxes.precision),
        ("mean IoU of hits", boxes.mean_iou, peer_boxes.mean_iou),
        ("center hits", centers.recall, peer_centers.recall),
        ("precision by center", centers.precision, peer_centers.precision),
    )
    return [
        {
            "figure": figure,
            "value": round(value or 0, 4),
            "peer": "Otsu on magenta",
            "peer_value": round(other or 0, 4),
            "note": note,
        }
        for figure, value, other in figures
    ]


def sheet_of_errors(name: str, examples: Sequence[Example], found: Found, extra: Found) -> None:
    """Put a picture of each field with a miss or a box more: blue what was found, crossed what the set says."""
    pictures = []
    for each in examples:
        truth = each.boxes + list(extra.get(each.name, []))
        if match_boxes(truth, found[each.name]).missed or match_boxes(truth, found[each.name]).extra:
            pictures.append(mark_boxes(each.image, kept=found[each.name], removed=truth, longest=320))
    _put(name, pictures, columns=5)


def _put(name: str, pictures: list[RgbImage], *, columns: int) -> None:
    folder = os.environ.get("BUFFYCOAT_SHEETS")
    if folder and pictures:
        sheet = contact_sheet(pictures, side=320, columns=columns)
        (Path(folder) / f"{name}.png").write_bytes(encode_png(sheet))


def measure(data: Path) -> list[dict[str, Any]]:
    """Return recall, precision and overlap of the color filter, and the time of 16 MP."""
    return [*_bccd(data), *_draaslan(data), *_lisc(data), *_speed(data)]


def _bccd(data: Path) -> list[dict[str, Any]]:
    fields = bccd_fields(data)
    red_cell_px = red_cells_of(fields)
    sources: tuple[tuple[str, Callable[[Path], list[Example]]], ...] = (
        ("raabin", raabin_crops),
        ("barcelona", barcelona_crops),
    )
    others = []
    for source, crops in sources:
        examples = crops(data)
        diameter = red_cells_of(examples[::3])
        others += [(source, each, diameter) for each in examples]
    ours, peer, listed = folded(fields, others, red_cell_px), by_otsu(fields, red_cell_px), missing_boxes()
    sheet_of_errors("bccd", fields, ours, listed)
    sheet_of_errors("bccd-without-a-box", [each for each in fields if each.name in listed], ours, {})
    test = [each for each in fields if int(each.name[-5:]) in TEST]
    named = {each.group for each in test}
    training = [("bccd", each, red_cell_px) for each in fields if each.group not in named]
    on_test, peer_test = by_filter(test, red_cell_px, fitted([*others, *training])), by_otsu(test, red_cell_px)
    rows = []
    for count, extra in (("as annotated", {}), ("with the boxes of bench/bccd_missing_boxes.csv", listed)):
        rows += rows_of(f"BCCD, five-fold, repeats together, {count}", fields, ours, peer, extra)
        rows += rows_of(f"BCCD, its test list, {count}", test, on_test, peer_test, extra)
    return rows


def _draaslan(data: Path) -> list[dict[str, Any]]:
    fields = draaslan_fields(data)
    red_cell_px = red_cells_of(fields)
    ours = by_filter(fields, red_cell_px)
    sheet_of_errors("draaslan", fields, ours, {})
    title = f"draaslan, default filter, nothing fitted there, red cells {red_cell_px:.1f} px"
    return rows_of(title, fields, ours, by_otsu(fields, red_cell_px), {})


def _lisc(data: Path) -> list[dict[str, Any]]:
    fields = list(lisc_fields(data))
    red_cell_px = red_cells_of(fields)
    ours, peer = by_filter(fields, red_cell_px), by_otsu(fields, red_cell_px)
    _put("lisc", [mark_boxes(each.image, kept=ours[each.name], removed=[], longest=320) for each in fields], columns=10)
    odd = ", ".join(f"{name} {len(boxes)}" for name, boxes in ours.items() if len(boxes) != 1)
    return [
        {
            "figure": "fields with exactly one cell found",
            "value": sum(len(boxes) == 1 for boxes in ours.values()),
            "peer": "Otsu on magenta",
            "peer_value": sum(len(boxes) == 1 for boxes in peer.values()),
            "note": f"LISC, {len(fields)} fields, red cells {red_cell_px:.1f} px; others: {odd or 'none'}",
        }
    ]


def _speed(data: Path) -> list[dict[str, Any]]:
    photograph = read_rgb(next((data / "raabin_samples" / "full_field" / "images").glob("*.jpg")))
    seconds = best_of_five(lambda: find_cells(photograph, 575))[0]
    note = "pixels to boxes, scale measured"
    return [{"figure": "a photograph of 16 MP", "value": round(1000 * seconds, 1), "unit": "ms", "note": note}]
