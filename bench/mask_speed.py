"""Crops of 512 x 512 a second to nucleus and cell, in a process that has no torch, on one core and on all.

``python -m bench.mask_speed DATA`` prints the rows as JSON; the bench ``masks`` runs it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from bench.mask_methods import EASY_GT, UNTRAINED, Masks, Method, unchecked
from bench.timing import best_of_five
from buffycoat.errors import BuffycoatError
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.codecs import read_rgb
from buffycoat.imaging.machine_code import load_loops

__all__ = ["measure_speed"]

SIDE = 512
EVERY = 12


def measure_speed(data: Path) -> list[dict[str, Any]]:
    """Return crops a second of ``best`` and of Easy-GT with the closed line, one core and all; masks are equal."""
    paths = sorted((data / "raabin_crops" / "crops").rglob("*.jpg"))[::EVERY]
    crops = [
        np.asarray(cv2.resize(read_rgb(path), (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.uint8) for path in paths
    ]
    load_loops()
    ours, easy = _or_nothing(unchecked), _or_nothing(UNTRAINED[EASY_GT])
    rows = []
    cores = sorted(os.sched_getaffinity(0))
    for count in (1, len(cores)):
        os.sched_setaffinity(0, cores[:count])
        cv2.setNumThreads(count)
        with ThreadPoolExecutor(count) as threads:

            def side(method: Method, pool: ThreadPoolExecutor = threads) -> Callable[[], list[Masks]]:
                return lambda: list(pool.map(method, crops))

            for method in (ours, easy):
                _check_equal([method(crop) for crop in crops], side(method)())
            mine, peer = best_of_five(side(ours), side(easy))
        rows.append(
            {
                "figure": f"best, {SIDE} x {SIDE}, {count} core{'s' if count > 1 else ''}",
                "value": round(len(crops) / mine, 1),
                "unit": "crops/s",
                "peer": "Easy-GT and the closed line",
                "peer_value": round(len(crops) / peer, 1),
                "note": f"{len(crops)} Raabin crops, decoded; nucleus and cell; {count} threads; torch not importable; "
                "masks equal to those of one thread",
            }
        )
    os.sched_setaffinity(0, cores)
    return rows


def _or_nothing(method: Method) -> Method:
    def masks(crop: RgbImage) -> Masks:
        try:
            return method(crop)
        except BuffycoatError:
            return None, None

    return masks


def _check_equal(ours: Sequence[Masks], theirs: Sequence[Masks]) -> None:
    for one, other in zip(ours, theirs, strict=True):
        for mine, its in zip(one, other, strict=True):
            assert (mine is None and its is None) or np.array_equal(np.asarray(mine), np.asarray(its))


if __name__ == "__main__":
    assert "torch" not in sys.modules
    sys.modules["torch"] = None  # type: ignore[assignment]  # an import of torch fails from here on
    print(json.dumps(measure_speed(Path(sys.argv[1]))))
