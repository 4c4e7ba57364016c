"""All crops of Raabin here with the outlines of what ``best`` finds, 24 a page, to be judged by eye.

``python -m bench.raabin_overlays DATA FOLDER [CLASS]`` writes the pages to a folder outside the project. What was seen
is in ``raabin_verdicts.csv``: of each crop ``good`` (acceptable as it is), ``nucleus wrong``, ``cell wrong`` or ``both
wrong``, and why. Without arguments it prints the table by class. The one who looked is no hematologist.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np

from bench.mask_methods import Mask, Masks, best, unchecked
from bench.mask_sheets import Color, overlay, square_around
from buffycoat.errors import BuffycoatError
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.codecs import encode_png, read_rgb
from buffycoat.metrics.intervals import wilson
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


def verdicts() -> list[dict[str, str | float]]:
    """Return, by class and of all, how many crops were judged good, in each part and whole, with 95 % intervals.

    Of basophils only the cell is told, so their nuclei do not count.
    """
    with VERDICTS.open(newline="") as file:
        judged = [(row["class"], row["verdict"]) for row in csv.DictReader(file)]
    rows: list[dict[str, str | float]] = []
    for kind in [*sorted({kind for kind, _ in judged}), "all"]:
        for part in ("nucleus", "cell", "both"):
            wrong = {"both wrong", f"{part} wrong"} if part != "both" else {"both wrong", "nucleus wrong", "cell wrong"}
            said = [verdict for of, verdict in judged if kind in (of, "all") and (of, part) != ("basophil", "nucleus")]
            if said:
                good = sum(verdict not in wrong for verdict in said)
                low, high = (round(share, 3) for share in wilson(good, len(said)))
                rows.append({"class": kind, "part": part, "good": good, "of": len(said), "low": low, "high": high})
    return rows


if __name__ == "__main__":
    if len(sys.argv) > 1:
        pages(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
    else:
        for row in verdicts():
            print(*row.values(), sep="\t")
