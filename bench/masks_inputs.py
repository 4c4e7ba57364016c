"""How many inputs a mask takes on the masks screen: from the suggestion of ``best``, and from plain Easy-GT.

A script sits where the person does, and knows the mask that an expert drew of the cell. It does what the screen
allows, in the way that takes the fewest inputs, until nucleus and cell have a Dice of 0.97 or more, and then presses
Enter. Each key, each step of the threshold and each stroke is one input; a stroke repairs one connected region that is
missing or too much, the largest first, and an outline gives the cell as the expert drew it. Every cell begins with the
brush and the nucleus, as on the screen, so another tool or part costs a key.

Cells are 40 of Zheng's two sets, on which nothing was fitted, and 40 of BCCD, whole in their fields, drawn by networks
that had not seen the field nor one that overlaps it: ``BUFFYCOAT_FOLDS`` names their folder, as for ``masks``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.mask_methods import another_network
from bench.mask_sets import FOLDS, MaskedCell, bccd_folds, bccd_masked, zheng_masked
from buffycoat.errors import BuffycoatError
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.regions import BinaryMask, find_regions
from buffycoat.metrics.overlap import dice
from buffycoat.segment import easy_gt, find_parts

__all__ = ["measure"]

CELLS, SEED = 40, 7
GOOD = 0.97
STEPS = (-20, -10, -5, -1, 1, 5, 10, 20)
MOST = 60
ENTER, OUTLINE = 1, 3
"""An outline of the cell: the keys for the cell and for the outline, and the stroke."""
AIM = 0.5
Start = tuple[MaskedCell, BinaryMask | None, BinaryMask | None]
"""A cell with its expert's masks, and the nucleus and cell that the program suggests."""


def measure(data: Path, **_: bool) -> list[dict[str, Any]]:
    """Return inputs per accepted mask, from both starts, and their ratio."""
    zheng = [each for name in ("dataset1", "dataset2") for each in zheng_masked(data, name)]
    rows = _rows("Zheng, test only", [(each, *_suggested(each.crop)) for each in _some(zheng)])
    folder = os.environ.get("BUFFYCOAT_FOLDS")
    if not folder:
        return [*rows, {"figure": "BCCD, out-of-fold", "note": "not measured: BUFFYCOAT_FOLDS names no networks"}]
    folds = bccd_folds(data)
    cells = _some([each for each in bccd_masked(data)[0] if not each.cut and each.nucleus is not None])
    starts: list[Start] = []
    for fold in range(FOLDS):
        with another_network(Path(folder) / f"fold-{fold}.onnx"):
            starts += [(each, *_suggested(each.crop)) for each in cells if folds[each.group] == fold]
    return [*rows, *_rows("BCCD, out-of-fold", starts)]


def _some(cells: Sequence[MaskedCell]) -> list[MaskedCell]:
    chosen = np.random.default_rng(SEED).permutation(len(cells))[:CELLS]
    return [cells[at] for at in sorted(chosen)]


def _rows(name_of_set: str, starts: Sequence[Start]) -> list[dict[str, Any]]:
    plain = [_inputs(each, None, None) for each, _, _ in starts]
    ours = [_inputs(*start) for start in starts]
    rows = []
    for name, of in (("nucleus and cell", sum), ("nucleus alone", lambda pair: pair[0])):
        total: Callable[[tuple[int, int]], int] = of
        one, other = (np.array([ENTER + total(pair) for pair in found]) for found in (ours, plain))
        ratio = one.mean() / other.mean()
        rows += [
            {
                "figure": f"{name_of_set}: inputs per mask, {name}",
                "value": round(float(one.mean()), 2),
                "unit": "inputs",
                "peer": "plain Easy-GT",
                "peer_value": round(float(other.mean()), 2),
                "note": f"{len(one)} cells; accepted at Dice {GOOD}; ratio {ratio:.2f}, aim {AIM}",
            },
            {
                "figure": f"{name_of_set}: masks of one key, {name}",
                "value": round(float((one == ENTER).mean()), 3),
                "unit": "share",
                "peer": "plain Easy-GT",
                "peer_value": round(float((other == ENTER).mean()), 3),
                "note": f"median inputs {np.median(one):g} and {np.median(other):g}",
            },
        ]
    return rows


def _suggested(crop: RgbImage) -> tuple[BinaryMask | None, BinaryMask | None]:
    try:
        found = find_parts(crop, strict=False)
    except BuffycoatError:
        return None, None
    return found.nucleus, found.cell


def _inputs(each: MaskedCell, nucleus: BinaryMask | None, cell: BinaryMask | None) -> tuple[int, int]:
    """Return the inputs that nucleus and cell take, without the last key."""
    truth = each.nucleus
    if truth is None:
        raise ValueError(each.name)
    ways = [_by_threshold(each.crop, truth)]
    if nucleus is not None:
        ways.append(_strokes(nucleus, truth))
    outline = OUTLINE
    if cell is not None:
        first = 0 if dice(each.cell, cell) >= GOOD else 1  # the key for the cell
        outline = min(outline, first + _strokes(cell, each.cell))
    return min(ways), outline


def _by_threshold(crop: RgbImage, truth: BinaryMask) -> int:
    """Return the fewest inputs: steps of the threshold for as long as each makes the mask better, then strokes."""
    found = easy_gt(crop, weight=0.25, post="clean")
    level, taken = int(found.threshold), 0
    mask = found.mask
    fewest = _strokes(mask, truth)
    while dice(truth, mask) < GOOD:
        places = [min(255, max(0, level + by)) for by in STEPS]
        masks = [found.moved(place).mask for place in places]
        best = int(np.argmax([dice(truth, each) for each in masks]))
        if dice(truth, masks[best]) <= dice(truth, mask):
            break
        level, mask, taken = places[best], masks[best], taken + 1
        fewest = min(fewest, taken + _strokes(mask, truth))
    return fewest


def _strokes(mask: BinaryMask, truth: BinaryMask) -> int:
    """Strokes until the mask is good, the largest fault first, and a key each time brush and eraser are changed."""
    mask, inputs, adding = mask.copy(), 0, True
    faults = []
    for kind, wrong in ((True, truth & ~mask), (False, mask & ~truth)):
        regions = find_regions(wrong)
        faults += [(int(area), kind, regions.labels == number + 1) for number, area in enumerate(regions.areas)]
    for _, kind, where in sorted(faults, key=lambda fault: -fault[0])[:MOST]:
        if dice(truth, mask) >= GOOD:
            return inputs
        inputs += 1 + (kind is not adding)
        adding = kind
        mask[where] = kind
    return inputs
