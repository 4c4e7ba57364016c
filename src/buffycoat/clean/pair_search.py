"""Near hashes among many: one chunk of bits after the other, a block of pairs at a time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from buffycoat.clean.pair_kernels import Indices, near_in_order, sort_by_chunk, unite
from buffycoat.clean.pair_plan import Chunk, plan_search
from buffycoat.imaging.hashes import Hashes

__all__ = ["blocks_by_index", "joined_by_index"]

_BLOCK = 1 << 20
_DEAR = 0.2


def blocks_by_index(
    first: tuple[Hashes, Hashes], second: tuple[Hashes, Hashes], radii: tuple[int, int], *, within: bool
) -> Iterator[Indices]:
    """Yield the pairs, one of each side, that are near in both hashes; each pair once, in no useful order.

    Parameters
    ----------
    first, second : tuple of ndarray
        Average and perceptual hashes, uint64, shapes (n,) and (m,).
    radii : (int, int)
        Highest distances, 0 to 64 bits.
    within : bool
        Both sides are the same crops: pairs ``i < j``.

    Yields
    ------
    ndarray of int32
        Shape (k, 2), k at most the larger of a million and m; overwritten when the next one is asked for.
    """
    looked_up, plan = 1, plan_search(first[1], second[1], radii[1])
    # Average hashes of cells are much alike: with no smaller radius, and where the others serve, they are never better.
    if radii[0] < radii[1] or plan.cost > _DEAR * len(first[0]) * len(second[0]):
        other = plan_search(first[0], second[0], radii[0])
        looked_up, plan = (0, other) if other.cost < plan.cost else (1, plan)
    chunks = plan.chunks
    limits = (radii[looked_up], radii[1 - looked_up])
    out = np.empty((max(_BLOCK, len(second[0])), 2), np.int32)
    for number, chunk in enumerate(chunks):
        right, starts = _by_chunk(second, looked_up, chunk)
        left = right if within else _by_chunk(first, looked_up, chunk)[0]
        place, before = (number, chunk.shift, chunk.mask), np.array(chunks, np.int64)
        begin = 0
        while begin < len(left[0]):
            count, begin = near_in_order(left, right, starts, place, chunk.steps(), before, limits, within, begin, out)
            if count:
                yield out[:count]


def joined_by_index(crops: tuple[Hashes, Hashes], radii: tuple[int, int]) -> NDArray[np.int64]:
    """Return near pairs that make the same groups as all of them: a forest.

    Parameters
    ----------
    crops : tuple of ndarray
        Average and perceptual hashes, uint64, shape (n,).
    radii : (int, int)
        Highest distances, 0 to 64 bits.

    Returns
    -------
    ndarray of int64
        Shape (m, 2), m less than n.
    """
    parents = np.arange(len(crops[0]), dtype=np.int32)
    joined = np.empty((len(parents), 2), np.int32)
    count = 0
    for block in blocks_by_index(crops, crops, radii, within=True):
        count += unite(parents, block, joined[count:])
    return joined[:count].astype(np.int64)


def _by_chunk(
    side: tuple[Hashes, Hashes], looked_up: int, chunk: Chunk
) -> tuple[tuple[Hashes, Hashes, Indices], Indices]:
    """Return both hashes and their numbers in the order of the chunk, and where each of its values begins."""
    order, starts = sort_by_chunk(side[looked_up], chunk.shift, chunk.mask)
    return (side[looked_up][order], side[1 - looked_up][order], order), starts
