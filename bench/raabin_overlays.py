"""All crops of Raabin here with the outlines of what ``best`` finds, 24 a page, to be judged by eye.

``python -m bench.raabin_overlays DATA FOLDER [CLASS]`` writes the pages to a folder outside the project. What was seen
is in ``raabin_verdicts.csv``: per crop and part ``accept``, ``touch`` (needs a small correction) or ``wrong``.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path

import numpy as np

from bench.mask_methods import Mask, Masks, best, unchecked
from bench.mask_sheets import Color, overlay, square_around
from buffycoat.errors import BuffycoatError
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.codecs import encode_png, read_rgb
from buffycoat.report.contact_sheet import contact_sheet

__all__ = ["VERDICTS", "pages", "verdicts"]

VERDICTS = Path(__file__).parent / "raabin_verdicts.csv"
A_PAGE, COLUMNS, SIDE = 24, 6, 256
NUCLEUS, CELL = (255, 230, 0), (0, 230, 255)


def pages(data: Path, folder: Path, chosen: str = "") -> None:
    """Write the pages of one class or of all, by class and name, and the list of who is where."""
    for kind in sorted(path.name for path in (data / "raabin_crops" / "crops").iterdir() if chosen in path.name):
        paths = sorted((data / "raabin_crops" / "crops" / kind).glob("*.jpg"))
        for page, start in enumerate(range(0, len(paths), A_PAGE), start=1):
            shown = [_shown(number, path) for number, path in enumerate(paths[start : start + A_PAGE], start=start + 1)]
            (folder / f"raabin-{kind}-{page}.png").write_bytes(
                encode_png(contact_sheet(shown, side=SIDE, columns=COLUMNS))
            )


def _shown(number: int, path: Path) -> RgbImage:
    crop = read_rgb(path)
    try:
        masks, failure = best(crop), ""
    except BuffycoatError as error:
        masks, failure = _refused(crop), type(error).__name__
    middle = np.zeros(crop.shape[:2], np.bool_)
    middle[crop.shape[0] // 4 : -crop.shape[0] // 4, crop.shape[1] // 4 : -crop.shape[1] // 4] = True
    place = square_around(np.logical_or.reduce([middle, *(mask for mask in masks if mask is not None)]), margin=0.1)
    groups: list[tuple[list[Mask | None], Color]] = [
        ([None if mask is None else mask[place]], color) for mask, color in zip(masks, (NUCLEUS, CELL), strict=True)
    ]
    return overlay(np.ascontiguousarray(crop[place]), groups, f"{number} {failure}", side=SIDE)


def _refused(crop: RgbImage) -> Masks:
    """Return what would be drawn in a crop that is refused, if anything is, so that one sees why."""
    try:
        return unchecked(crop)
    except BuffycoatError:
        return None, None


def verdicts() -> dict[tuple[str, str], Counter[str]]:
    """Return how many crops were judged how, by class and part."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    with VERDICTS.open(newline="") as file:
        for row in csv.DictReader(file):
            for part in ("nucleus", "cell"):
                counts.setdefault((row["class"], part), Counter())[row[part]] += 1
    return counts


if __name__ == "__main__":
    pages(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
