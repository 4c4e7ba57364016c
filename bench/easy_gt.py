"""Easy-GT beside a program of scikit-image and floats that shares nothing with it: speed, masks, and the weight."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from statistics import mean, median
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bench.float_nuclei import best_pair, float_easy_gt, float_tavakoli
from bench.segment import bccd_cells
from bench.timing import best_of_five
from bench.worst import Judged, put_worst
from buffycoat.errors import NothingFound
from buffycoat.imaging.codecs import read_rgb
from buffycoat.imaging.color import gray_world, magenta
from buffycoat.imaging.machine_code import load_loops
from buffycoat.imaging.threshold import histogram_of, split_levels
from buffycoat.metrics.overlap import dice
from buffycoat.segment import easy_gt, tavakoli

__all__ = ["WEIGHT", "measure", "zheng_cells"]

Mask = NDArray[np.bool_]
Pixels = NDArray[np.uint8]

WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)
WEIGHT = 0.25
"""Of WEIGHTS the best on the first half of BCCD, see ``_weights``; Zheng's sets had no say."""
FILTERS = import_module("skimage.filters")
SIDES = (120, 300, 512)


def measure(data: Path) -> list[dict[str, Any]]:
    """Return speeds on Raabin crops, Dice by weight on BCCD, and Dice on both sets of Zheng, for testing only."""
    crops = [read_rgb(path) for path in sorted((data / "raabin_crops" / "crops").rglob("*.jpg"))]
    before = [*_thresholds(crops[::10], (300,)), *_whole(crops[::30]), *_tavakoli(crops[::30])]
    load_loops()
    for method in (easy_gt, tavakoli):
        method(crops[0])  # compiles, or loads what was compiled
    after = [*_thresholds(crops[::10], SIDES), *_whole(crops[::30]), *_tavakoli(crops[::30])]
    timed = [
        {**row, "figure": f"{row['figure']}, {way}"}
        for way, rows in (("numpy and OpenCV", before), ("compiled loops", after))
        for row in rows
    ]
    return [*timed, _optimum(crops), *_weights(data), *_zheng(data)]


# ---------------------------------------------------------------- speed


def _optimum(crops: Sequence[Pixels]) -> dict[str, Any]:
    histograms = [histogram_of(magenta(gray_world(crop))) for crop in crops]
    equal = sum(split_levels(counts)[1:] == best_pair(counts) for counts in histograms)
    return {
        "figure": "three-class Otsu, share of images with the exact optimum",
        "value": equal / len(crops),
        "note": f"{len(crops)} Raabin crops at their own size; all pairs compared as fractions",
    }


def _resized(crop: Pixels, side: int) -> Pixels:
    return np.asarray(cv2.resize(crop, (side, side), interpolation=cv2.INTER_AREA), np.uint8)


def _thresholds(crops: Sequence[Pixels], sides: Sequence[int]) -> list[dict[str, Any]]:
    rows = []
    for side in sides:
        channels = [magenta(gray_world(_resized(crop, side))) for crop in crops]

        def ours(channels: list[Pixels] = channels) -> list[tuple[int, tuple[int, int]]]:
            splits = (split_levels(histogram_of(channel)) for channel in channels)
            return [(t2, (low, up)) for t2, low, up in splits]

        def peer(channels: list[Pixels] = channels) -> list[tuple[int, tuple[int, int]]]:
            return [
                (
                    int(FILTERS.threshold_otsu(channel)),
                    _pair(FILTERS.threshold_multiotsu(channel, classes=3)),
                )
                for channel in channels
            ]

        found, theirs = ours(), peer()
        exact = [best_pair(histogram_of(channel)) for channel in channels]
        assert [three for _, three in found] == exact
        assert [two for two, _ in found] == [two for two, _ in theirs]
        off = sum(one[1] != other for one, other in zip(theirs, exact, strict=True))
        mine, others = best_of_five(ours, peer)
        rows.append(
            {
                "figure": f"two- and three-class Otsu, {side} x {side}, ms a crop",
                "value": round(1000 * mine / len(channels), 4),
                "unit": "ms",
                "peer": "scikit-image",
                "peer_value": round(1000 * others / len(channels), 4),
                "note": f"{others / mine:.1f} x; exact optimum on all {len(channels)}, scikit-image off in {off}",
            }
        )
    return rows


def _pair(levels: NDArray[Any]) -> tuple[int, int]:
    low, up = levels
    return int(low), int(up)


def _tavakoli(crops: Sequence[Pixels]) -> list[dict[str, Any]]:
    sized = [_resized(crop, 512) for crop in crops]
    same = [dice(tavakoli(crop), float_tavakoli(crop)) for crop in sized]
    assert mean(same) > 0.99
    mine, theirs = best_of_five(
        lambda: [tavakoli(crop) for crop in sized], lambda: [float_tavakoli(crop) for crop in sized]
    )
    return [
        {
            "figure": "Tavakoli nucleus, 512 x 512, ms a crop",
            "value": round(1000 * mine / len(sized), 3),
            "unit": "ms",
            "peer": "scikit-image, floats",
            "peer_value": round(1000 * theirs / len(sized), 3),
            "note": f"{theirs / mine:.1f} x; Dice of both masks {mean(same):.4f}, least {min(same):.4f}",
        }
    ]


def _whole(crops: Sequence[Pixels]) -> list[dict[str, Any]]:
    rows = []
    sized = [_resized(crop, 512) for crop in crops]
    for post in ("paper", "clean"):

        def ours(post: str = post) -> list[Mask]:
            return [easy_gt(crop, weight=WEIGHT, post=post).mask for crop in sized]

        def peer(post: str = post) -> list[Mask]:
            return [float_easy_gt(crop, weight=WEIGHT, clean=post == "clean") for crop in sized]

        same = [dice(one, other) for one, other in zip(ours(), peer(), strict=True)]
        assert mean(same) > 0.99
        mine, theirs = best_of_five(ours, peer)
        rows.append(
            {
                "figure": f"Easy-GT whole, {post}, 512 x 512, ms a crop",
                "value": round(1000 * mine / len(sized), 3),
                "unit": "ms",
                "peer": "scikit-image, floats",
                "peer_value": round(1000 * theirs / len(sized), 3),
                "note": f"{theirs / mine:.1f} x; Dice of both masks {mean(same):.4f}, least {min(same):.4f}",
            }
        )
    return rows


# ---------------------------------------------------------------- masks


def _weights(data: Path) -> list[dict[str, Any]]:
    """Return Dice by weight on both halves of BCCD; the first one chooses."""
    cells = list(bccd_cells(data))
    half = len(cells) // 2
    rows, by_weight = [], {}
    for weight in WEIGHTS:
        steps = [_dice(crop, truth["nucleus"], _easy(weight)) for crop, truth in cells]
        by_weight[weight] = mean(steps[:half])
        for name, scores in (("first half, chooses the weight", steps[:half]), ("second half", steps[half:])):
            rows.append(_row(f"Easy-GT nucleus, clean, weight {weight:g}", scores, f"BCCD, {name}"))
    assert max(by_weight, key=lambda weight: by_weight[weight]) == WEIGHT
    put_worst("easy-gt-bccd", _judged([(crop, truth["nucleus"]) for crop, truth in cells]))
    scores = [_dice(crop, truth["nucleus"], tavakoli) for crop, truth in cells]
    return [*rows, _row("Tavakoli nucleus", scores, "BCCD, all; nothing is fitted")]


def zheng_cells(data: Path, name: str) -> list[tuple[Pixels, dict[str, Mask]]]:
    """Return crops and masks of one of Zheng's sets; for testing only. Stray levels are cut at 64 and 192."""
    cells = []
    for path in sorted((data / "seg_zheng" / name).glob("*.bmp")):
        drawn = np.asarray(Image.open(path.with_suffix(".png")).convert("L"))
        cells.append((read_rgb(path), {"nucleus": drawn > 192, "cell": drawn > 64}))
    return cells


def _zheng(data: Path) -> list[dict[str, Any]]:
    rows = []
    for name in ("dataset1", "dataset2"):
        cells = [(crop, truth["nucleus"]) for crop, truth in zheng_cells(data, name)]
        ours = [_dice(crop, truth, _easy(WEIGHT)) for crop, truth in cells]
        peer = [
            _dice(crop, truth, lambda pixels: float_easy_gt(pixels, weight=WEIGHT, clean=True)) for crop, truth in cells
        ]
        row = _row(f"Easy-GT nucleus, clean, weight {WEIGHT:g}", ours, f"Zheng {name}, for testing only")
        rows.append({**row, "peer": "independent, floats", "peer_value": round(mean(peer), 4)})
        put_worst(f"easy-gt-zheng-{name}", _judged(cells))
        rows.append(_row("Tavakoli nucleus", [_dice(*cell, tavakoli) for cell in cells], f"Zheng {name}, test only"))
    return rows


def _judged(cells: Sequence[tuple[Pixels, Mask]]) -> list[Judged]:
    """Return what Easy-GT makes of the cells, named by their place in the set."""
    judged = []
    for number, (crop, drawn) in enumerate(cells):
        try:
            found = _easy(WEIGHT)(crop)
        except NothingFound:
            found = None
        judged.append(Judged(crop, drawn, found, str(number)))
    return judged


def _easy(weight: float) -> Callable[[Pixels], Mask]:
    return lambda crop: easy_gt(crop, weight=weight, post="clean").mask


def _dice(crop: Pixels, truth: Mask, segment: Callable[[Pixels], Mask]) -> float:
    """Return the Dice of a mask; where nothing is found it is 0."""
    try:
        return dice(truth, segment(crop))
    except NothingFound:
        return 0.0


def _row(figure: str, scores: Sequence[float], where: str) -> dict[str, Any]:
    low = sum(score < 0.8 for score in scores) / len(scores)
    return {
        "figure": f"{figure}, mean Dice",
        "value": round(mean(scores), 4),
        "note": f"{where}, {len(scores)} cells; median {median(scores):.4f}, 5th percentile "
        f"{np.quantile(scores, 0.05):.4f}, under 0.8 {low:.1%}",
    }
