"""How masks of nucleus and whole cell are made, by name, and how they are scored: nothing found is 0."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.easy_gt import WEIGHT
from bench.mask_sets import MaskedCell
from buffycoat.errors import BuffycoatError
from buffycoat.imaging.arrays import RgbImage
from buffycoat.metrics.intervals import bootstrap_by_group
from buffycoat.metrics.overlap import dice
from buffycoat.segment import easy_gt, network, segment_cell, segment_parts, tavakoli
from buffycoat.segment.vote import vote

__all__ = [
    "LOW",
    "UNTRAINED",
    "Mask",
    "Masks",
    "Method",
    "Scored",
    "another_network",
    "best",
    "rows_of",
    "scored",
    "unchecked",
]

Mask = NDArray[np.bool_]
Masks = tuple[Mask | None, Mask | None]
"""Nucleus and whole cell."""
Method = Callable[[RgbImage], Masks]

LOW = 0.8
EASY_GT = f"easy-gt, clean, weight {WEIGHT:g}"


def _around(nucleus_of: Callable[[RgbImage], Mask]) -> Method:
    """Return a method whose cell is the closed line around that nucleus."""

    def masks(crop: RgbImage) -> Masks:
        nucleus = nucleus_of(crop)
        return nucleus, segment_cell(crop, nucleus=nucleus)

    return masks


UNTRAINED: Mapping[str, Method] = {
    "easy-gt, paper, weight 0.5": _around(lambda crop: easy_gt(crop).mask),
    EASY_GT: _around(lambda crop: easy_gt(crop, weight=WEIGHT, post="clean").mask),
    "tavakoli": _around(tavakoli),
    "vote": _around(vote),
}
"""Nuclei by thresholds; the cell is the closed line around each."""


def best(crop: RgbImage) -> Masks:
    """Return what the product gives: masks, or an error with its reason."""
    parts = segment_parts(crop, method="best")
    return parts.nucleus, parts.cell


def unchecked(crop: RgbImage) -> Masks:
    """Return the masks of ``best`` where the product would refuse the crop, too."""
    parts = segment_parts(crop, method="best", check=False)
    return parts.nucleus, parts.cell


@contextmanager
def another_network(file: Path) -> Iterator[None]:
    """Let ``best`` look with another network than the one that comes along, such as one that did not see a fold."""
    shipped, other = network.shipped_network, network.SegmenterNetwork(file.read_bytes())
    network.shipped_network = lambda: other  # type: ignore[assignment]  # a stand-in for as long as the block lasts
    try:
        yield
    finally:
        network.shipped_network = shipped


@dataclass(frozen=True, eq=False)
class Scored:
    """A cell, what a method made of it, and the Dice of both parts; ``failure`` names the error where there was one."""

    drawn: MaskedCell
    masks: Masks
    nucleus: float | None
    cell: float
    failure: str = ""

    def part(self, name: str) -> float | None:
        """Return the Dice of one part, or None where that part was not drawn."""
        return self.nucleus if name == "nucleus" else self.cell

    @property
    def least(self) -> tuple[float, str]:
        """The worse part's Dice, and its name."""
        return min((self.cell, "cell"), (1.0 if self.nucleus is None else self.nucleus, "nucleus"))


def scored(cells: Iterable[MaskedCell], method: Method) -> list[Scored]:
    """Return what a method makes of each cell; an error is 0 for both parts, an empty mask for its own."""
    results = []
    for each in cells:
        failure = ""
        try:
            nucleus, cell = method(each.crop)
        except BuffycoatError as error:
            nucleus, cell, failure = None, None, type(error).__name__
        results.append(
            Scored(
                each,
                (nucleus, cell),
                None if each.nucleus is None else _dice(each.nucleus, nucleus),
                _dice(each.cell, cell),
                failure,
            )
        )
    return results


def _dice(truth: Mask, found: Mask | None) -> float:
    return 0.0 if found is None or not found.any() else dice(truth, found)


def rows_of(where: str, method: str, results: Sequence[Scored]) -> list[dict[str, Any]]:
    """Return mean Dice of nucleus and cell with median, 5th percentile, share under 0.8, interval and failures."""
    rows = []
    for part in ("nucleus", "cell"):
        told = [(score, each) for each in results if (score := each.part(part)) is not None]
        if not told:  # nobody drew the nuclei of basophils
            continue
        scores = np.array([score for score, _ in told])
        groups = [each.drawn.group for _, each in told]
        failures = Counter(each.failure for _, each in told if each.failure)
        failed = ", ".join(f"{count} {name}" for name, count in sorted(failures.items())) or "none"
        low, high = bootstrap_by_group(_mean_of(scores), groups, seed=0)
        rows.append(
            {
                "figure": f"{where}: {method}, {part}, mean Dice",
                "value": round(mean(scores.tolist()), 4),
                "note": f"{len(scores)} cells of {len(set(groups))} groups; 95 % {low:.4f} to {high:.4f}; median "
                f"{median(scores.tolist()):.4f}; 5th percentile {np.quantile(scores, 0.05):.4f}; "
                f"under {LOW:g} {np.mean(scores < LOW):.1%}; failures (0): {failed}",
            }
        )
    return rows


def _mean_of(scores: NDArray[np.float64]) -> Callable[[NDArray[np.intp]], float]:
    return lambda drawn: float(scores[drawn].mean())
