"""Repeats among real Raabin crops: registration beside the paper's two hashes."""

from __future__ import annotations

import csv
from functools import partial
from pathlib import Path
from typing import Any

from bench.timing import best_of_five
from buffycoat.clean import group_duplicates
from buffycoat.imaging.codecs import read_rgb

__all__ = ["measure"]


def measure(data: Path) -> list[dict[str, Any]]:
    """Return recall and pairs that are not on the list, for both methods; thresholds were fitted on this set."""
    paths = sorted((data / "raabin_crops" / "crops").rglob("*.jpg"))
    crops = [read_rgb(path) for path in paths]
    position = {path.stem: index for index, path in enumerate(paths)}
    with (data / "raabin_crops" / "duplicate_pairs.csv").open() as file:
        rows = list(csv.DictReader(file))
    names = [tuple(value.removesuffix(".jpg") for value in list(row.values())[:2]) for row in rows]
    known = {tuple(sorted((position[a], position[b]))) for a, b in names}
    figures: list[dict[str, Any]] = []
    for method in ("registered", "paper"):
        groups = group_duplicates(crops, method)
        found = {(a, b) for group in groups for a in group for b in group if a < b}
        seconds = best_of_five(partial(group_duplicates, crops, method))[0]
        figures.append(
            {
                "figure": f"{method}: known repeats found",
                "value": len(found & known),
                "unit": f"of {len(known)}",
                "note": f"{len(found - known)} more pairs, {len(crops)} crops in {seconds:.2f} s; fitted here",
            }
        )
    return figures
