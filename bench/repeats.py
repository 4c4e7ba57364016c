"""Repeats: planted ones, the real ones of Raabin-WBC, and look-alikes; registration beside the paper's two hashes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from bench.planted import Crop, known_pairs, plant, real_crops
from bench.timing import best_of_five
from buffycoat.clean import Candidate, CleanParameters, find_repeats, group_duplicates
from buffycoat.clean.calibration import calibrate_on_crops
from buffycoat.domain.geometry import Box
from buffycoat.imaging.codecs import read_rgb
from buffycoat.imaging.registration import thumbnail

__all__ = ["measure"]

SEEDS = (101, 102, 103)
MANY = 2800

Groups = Sequence[Sequence[int]]


def measure(data: Path) -> list[dict[str, Any]]:
    """Return the figures. Thresholds were chosen on Barcelona and BCCD; Raabin and Zheng are reported."""
    fitted, reported = real_crops(data, "barcelona", "bccd"), real_crops(data, "raabin")
    crops, known = [*reported, *fitted], known_pairs(data)
    chosen = calibrate_on_crops(
        [crop.pixels for crop in fitted], [crop.source for crop in fitted], np.random.default_rng(0)
    ).chosen
    bits = (chosen.average_bits, chosen.perceptual_bits) if chosen else (6, 12)
    modes = {
        "registered": CleanParameters(),
        f"paper, calibrated ({bits[0]}/{bits[1]})": CleanParameters(average_bits=bits[0], perceptual_bits=bits[1]),
        "paper, at most 10/10": CleanParameters(average_bits=11, perceptual_bits=11),
    }
    rows = [row for name, parameters in modes.items() for row in _real(data, reported, name, parameters)]
    views = []
    for seed in SEEDS:
        plain, planted = plant(crops, seed)
        views = [*plain, *planted]
        for name, parameters in modes.items():
            groups = group_duplicates(views, name.partition(",")[0], parameters=parameters)
            rows += _planted(groups, crops, known, f"{name}, seed {seed}")
    more = plant(crops, SEEDS[0] + 1000)[1]
    return [*rows, _speed([*views, *more][:MANY])]


def _planted(groups: Groups, crops: Sequence[Crop], known: set[frozenset[str]], name: str) -> list[dict[str, Any]]:
    """Return recall and precision on Raabin, beside those on the sets that thresholds were chosen on."""
    count = len(crops)
    pairs = {pair for group in groups for pair in combinations(sorted(group), 2)}
    rows = []
    for sources, use in ((("raabin",), "report"), (("barcelona", "bccd"), "fit")):
        inside = [number for number, crop in enumerate(crops) if crop.source in sources]
        found = sum((number, number + count) in pairs for number in inside)
        false, elsewhere = [], 0
        for one, other in pairs:
            a, b = crops[one % count], crops[other % count]
            if a.name == b.name or frozenset({a.name, b.name}) in known or not {a.source, b.source} & {*sources}:
                continue
            if (a.source, a.film) == (b.source, b.film):
                false.append((a.name, b.name))
            else:
                elsewhere += 1
        note = f"{len(false)} false within one film, {elsewhere} across; {' '.join(map(str, false[:3]))}"
        precision = found / max(found + len(false), 1)
        where = f"{use} on {' and '.join(sources)}, {name}"
        rows += [
            {
                "figure": f"planted: recall, {where}",
                "value": round(found / len(inside), 4),
                "unit": f"of {len(inside)}",
            },
            {"figure": f"planted: precision, {where}", "value": round(precision, 4), "unit": "1", "note": note},
        ]
    return rows


def _real(data: Path, raabin: Sequence[Crop], name: str, parameters: CleanParameters) -> list[dict[str, Any]]:
    method = name.partition(",")[0]
    names = {crop.name for crop in raabin}
    listed = {tuple(sorted(pair)) for pair in known_pairs(data) if pair <= names}
    groups = group_duplicates([crop.pixels for crop in raabin], method, parameters=parameters)
    found = {tuple(sorted((raabin[a].name, raabin[b].name))) for group in groups for a, b in combinations(group, 2)}
    more = sorted(found - listed)
    cells = [read_rgb(path) for path in sorted((data / "seg_zheng" / "dataset1").glob("*.bmp"))]
    stems = [path.stem for path in sorted((data / "seg_zheng" / "dataset1").glob("*.bmp"))]
    alike = group_duplicates(cells, method, parameters=parameters)
    merged = [tuple(stems[member] for member in group[:6]) for group in alike]
    return [
        {
            "figure": f"real repeats of Raabin found, {name}",
            "value": len(found & listed),
            "unit": f"of {len(listed)}",
            "note": f"{len(more)} unlisted: {' '.join(map(str, more[:4]))}",
        },
        {
            "figure": f"Zheng dataset 1: pairs merged, {name}",
            "value": sum(len(group) * (len(group) - 1) // 2 for group in alike),
            "unit": f"of {len(stems)} cells",
            "note": f"only 112 = 139 are one cell; groups {merged[:3]}",
        },
    ]


def _speed(views: Sequence[Any]) -> dict[str, Any]:
    candidates = [
        Candidate(
            id=f"{number:05}",
            field_id=f"{number:05}",
            box=Box(left=0, top=0, right=64, bottom=64),
            sharpness=1.0,
            average_hash=0,
            perceptual_hash=0,
            thumbnail=thumbnail(view),
        )
        for number, view in enumerate(views)
    ]
    (seconds,) = best_of_five(partial(find_repeats, candidates))
    return {
        "figure": f"repeats among {len(views)} crops, thumbnails made before",
        "value": round(seconds, 2),
        "unit": "s",
        "note": f"{len(find_repeats(candidates).groups)} groups; all pairs compared",
    }
