"""How many crops a second the classifier that comes along answers, from pixels to probabilities."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from buffycoat.imaging.codecs import read_rgb
from buffycoat.learn.cell_file import CellClassifier
from buffycoat.workflows.classifying import classify

__all__ = ["speed"]

CROPS = 120
SETS = {"Raabin, 575 px": "raabin_crops/crops", "Barcelona, 360 px": "pbc_barcelona/crops", "BCCD, tight": "bccd/crops"}


def speed(data: Path) -> list[dict[str, Any]]:
    """Return crops a second with two threads and with one, best of three."""
    weights = Path(__file__).parent.parent / "src" / "buffycoat" / "learn" / "weights"
    classifier = CellClassifier((weights / "classifier.onnx").read_bytes())
    rows: list[dict[str, Any]] = []
    for name, folder in SETS.items():
        paths = sorted((data / folder).glob("*/*.jpg"))
        crops = [read_rgb(path) for path in paths[:: max(1, len(paths) // CROPS)][:CROPS]]
        classify(crops[:4], classifier)
        for threads in (2, 1):
            took = []
            for _ in range(3):
                started = time.perf_counter()
                classify(crops, classifier, threads=threads)
                took.append(time.perf_counter() - started)
            note = f"{len(crops)} crops, {threads} threads, best of 3"
            rows.append(
                {
                    "figure": f"{name}: crops",
                    "value": round(len(crops) / min(took), 1),
                    "unit": "a second",
                    "note": note,
                }
            )
    return rows
