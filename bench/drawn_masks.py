"""Masks that we drew on two more stains: Raabin and Barcelona crops, each looked at, corrected by hand or refused.

``drawn_masks.csv`` holds a row for every crop of the five classes: how nucleus and cell are drawn (the recipes of
``drawing_tools``), how many pixels come of it, and what made a crop hard or was wrong with it. The one who drew is no
hematologist; nothing here was seen by a second person.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from statistics import mean
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench.drawing_tools import draw_cell, draw_nucleus
from buffycoat.errors import InputError, NothingFound
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.codecs import read_rgb
from buffycoat.metrics.overlap import dice
from buffycoat.segment import easy_gt, segment_cell, tavakoli
from buffycoat.segment.vote import vote

__all__ = ["FOLDERS", "TABLE", "DrawnMask", "DrawnRow", "drawn_masks", "drawn_rows", "measure"]

Mask = NDArray[np.bool_]

TABLE = Path(__file__).with_suffix(".csv")
FOLDERS = {"raabin": "raabin_crops", "barcelona": "pbc_barcelona"}
ALLOWED = 0.005
"""Share of its pixels by which a mask may differ from the table: another processor may round differently."""


class DrawnRow(NamedTuple):
    """A row of the table; ``nucleus`` is ``"none"`` where granules hide it, both recipes are empty where refused."""

    set: str
    file: str
    kind: str
    verdict: str
    nucleus: str
    cell: str
    nucleus_px: int
    cell_px: int
    note: str

    def path(self, data: Path) -> Path:
        """Return where the crop is."""
        return data / FOLDERS[self.set] / "crops" / self.kind / self.file


class DrawnMask(NamedTuple):
    """A crop and the masks of its height and width; no nucleus where granules hide it; ``note`` if it was hard."""

    set: str
    name: str
    kind: str
    crop: RgbImage
    nucleus: Mask | None
    cell: Mask
    note: str


def drawn_rows(table: Path = TABLE) -> list[DrawnRow]:
    """Return the rows of the table, refused ones too."""
    with table.open(newline="") as file:
        return [
            DrawnRow(group, name, kind, verdict, nucleus, cell, int(nucleus_px), int(cell_px), note)
            for group, name, kind, verdict, nucleus, cell, nucleus_px, cell_px, note in list(csv.reader(file))[1:]
        ]


def drawn_masks(data: Path, *, rows: list[DrawnRow] | None = None) -> Iterator[DrawnMask]:
    """Yield the crops that were accepted, with their masks, drawn anew.

    Raises
    ------
    InputError
        If a mask comes out with another area than the table says: crop or recipe changed.
    """
    for row in drawn_rows() if rows is None else rows:
        if row.verdict != "accepted":
            continue
        crop = read_rgb(row.path(data))
        nucleus = None if row.nucleus == "none" else draw_nucleus(crop, row.nucleus)
        cell = draw_cell(crop, row.cell, nucleus)
        for part, mask, expected in (("nucleus", nucleus, row.nucleus_px), ("cell", cell, row.cell_px)):
            area = 0 if mask is None else int(np.count_nonzero(mask))
            if abs(area - expected) > ALLOWED * expected:
                where = f"{row.set}/{row.file}: the {part} is not as it was drawn"
                raise InputError(where, expected=f"{expected} px", found=f"{area} px")
        yield DrawnMask(row.set, row.file, row.kind, crop, nucleus, cell, row.note)


METHODS: Mapping[str, Callable[[RgbImage], Mask]] = {
    "easy-gt 0, clean": lambda crop: easy_gt(crop, weight=0, post="clean").mask,
    "easy-gt 0.25, clean": lambda crop: easy_gt(crop, weight=0.25, post="clean").mask,
    "easy-gt 0.5, clean": lambda crop: easy_gt(crop, weight=0.5, post="clean").mask,
    "easy-gt 1, clean": lambda crop: easy_gt(crop, weight=1, post="clean").mask,
    "tavakoli": tavakoli,
    "vote": vote,
}
"""Thresholds without training, beside which the drawn nuclei are put."""


def measure(data: Path) -> list[dict[str, Any]]:
    """Return the mean Dice of thresholds, and of the line around the drawn nucleus, by set; nothing found scores 0.

    Most nuclei were begun with Easy-GT at 0.25, which favors it; those that were begun otherwise are told apart.
    """
    scores: dict[tuple[str, str], list[float]] = {}
    accepted = [row for row in drawn_rows() if row.verdict == "accepted" and row.nucleus != "none"]
    for row, one in zip(accepted, drawn_masks(data, rows=accepted), strict=True):
        if one.nucleus is None:
            continue
        groups = [one.set] if row.nucleus.startswith("easy-gt") else [one.set, f"{one.set}, not begun with Easy-GT"]
        found = {name: _score(method, one.crop, one.nucleus) for name, method in METHODS.items()}
        found["the cell by the line around the drawn nucleus"] = dice(
            one.cell, segment_cell(one.crop, nucleus=one.nucleus)
        )
        for group in groups:
            for name, score in found.items():
                scores.setdefault((name, group), []).append(score)
    return [
        {"figure": f"{name}, mean Dice", "value": round(mean(each), 4), "note": f"{group}, {len(each)} cells"}
        for (name, group), each in sorted(scores.items())
    ]


def _score(method: Callable[[RgbImage], Mask], crop: RgbImage, truth: Mask) -> float:
    try:
        return dice(truth, method(crop))
    except NothingFound:
        return 0.0
