"""By which bits of a hash near ones are looked up, so that the fewest others are met."""

from __future__ import annotations

from functools import cache
from math import comb
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from buffycoat.clean.pair_kernels import transform_in_place
from buffycoat.imaging.hashes import Hashes

__all__ = ["Chunk", "Plan", "plan_search"]

_WIDTH = 16
_VALUES = 1 << _WIDTH
_SHIFTS = tuple(range(0, 64, _WIDTH))
_DISTANCES = np.bitwise_count(np.arange(_VALUES, dtype=np.uint32))
# Costs are counted in comparisons of two hashes that lie side by side, 0.2 ns each. To look up one value of a chunk:
_LOOK = 16.0
# To lay a hash beside others:
_GATHER = 12.0
# With fewer comparisons than that nothing is worth a plan:
_PLANNED = 1 << 27


class Chunk(NamedTuple):
    """Some bits of a hash, ``(hash >> shift) & mask``, and in how many of them a pair may differ to be met."""

    shift: int
    mask: int
    radius: int

    def steps(self) -> NDArray[np.uint64]:
        """Return the values that the chunks of a pair may differ by."""
        return _steps(self.mask, self.radius)


class Plan(NamedTuple):
    """Chunks such that each near pair is met by one of them, and what the search costs, in comparisons."""

    chunks: tuple[Chunk, ...]
    cost: float


def plan_search(first: Hashes, second: Hashes, radius: int) -> Plan:
    """Return the cheapest way to meet every pair, one of each side, that differs in at most ``radius`` bits.

    Multi-index hashing (Norouzi, Punjani and Fleet 2012) with the general pigeonhole principle (Qin et al. 2019): a
    hash is cut into four chunks with radii of their own; where the radii, each plus one, add up to ``radius + 1``,
    a near pair is near in one chunk at least. Hashes of pictures are far from even, so it is counted how many pairs
    every radius of every chunk would meet, and the cheapest radii are taken. Where no chunk helps, all pairs are
    compared.

    Parameters
    ----------
    first, second : ndarray of uint64
        Shapes (n,) and (m,); may be the same array.
    radius : int
        0 to 64 bits.
    """
    all_pairs = Plan((Chunk(0, 0, 0),), (len(first) + _GATHER) * len(second))
    if radius >= 64 or len(first) * len(second) < _PLANNED:
        return all_pairs
    costs = [_costs(first, second, shift) for shift in _SHIFTS]
    # best[s]: the cheapest radii so far that add up to s, each plus one.
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for chunk_costs in costs:
        longer: dict[int, tuple[float, tuple[int, ...]]] = {}
        for total, (cost, radii) in best.items():
            for more, chunk_cost in enumerate(chunk_costs):
                option = (cost + chunk_cost, (*radii, more - 1))
                if total + more <= radius + 1 and option < longer.get(total + more, (np.inf, ())):
                    longer[total + more] = option
        best = longer
    cost, radii = best[radius + 1]
    chunks = (Chunk(shift, _VALUES - 1, each) for shift, each in zip(_SHIFTS, radii, strict=True) if each >= 0)
    return min(Plan(tuple(chunks), cost), all_pairs, key=lambda plan: plan.cost)


def _costs(first: Hashes, second: Hashes, shift: int) -> list[float]:
    """Return what a chunk costs for the radii -1 (never looked at) to 16."""
    one, other = (
        np.bincount(((side >> np.uint64(shift)) & np.uint64(_VALUES - 1)).astype(np.int64), minlength=_VALUES)
        for side in (first, second)
    )
    looked = (one > 0).astype(np.float64)
    looks = np.cumsum(np.bincount(_DISTANCES)) * looked.sum() * _LOOK
    met = np.cumsum(_pairs_at_distance(one + _GATHER * looked, other.astype(np.float64)))
    return [0.0, *(met + looks).tolist()]


def _pairs_at_distance(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how many pairs of values, one of each side, differ in 0, 1, ... 16 bits.

    ``one`` and ``other`` say how often each value occurs, and are overwritten. The sum over all pairs of values is a
    product once both are transformed (MacWilliams identity).
    """
    transform_in_place(one)
    transform_in_place(other)
    return _krawtchouk() @ np.bincount(_DISTANCES, one * other) / _VALUES


@cache
def _krawtchouk() -> NDArray[np.float64]:
    """Return the matrix of the MacWilliams identity: Krawtchouk polynomials, degrees as rows."""
    return np.array(
        [
            [sum((-1) ** j * comb(w, j) * comb(_WIDTH - w, d - j) for j in range(d + 1)) for w in range(_WIDTH + 1)]
            for d in range(_WIDTH + 1)
        ],
        np.float64,
    )


@cache
def _steps(mask: int, radius: int) -> NDArray[np.uint64]:
    values = np.arange(mask + 1, dtype=np.uint64)
    return values[np.bitwise_count(values) <= radius]
