"""How far apart the members of a group are: pairs join a group, and chains of pairs join strangers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from buffycoat.domain.value import value
from buffycoat.imaging.hashes import Hashes

__all__ = ["Chain", "measure_chains"]

_FEW = 4096
_ROWS = 256


@value
class Chain:
    """One group, and how far its hashes reach.

    Parameters
    ----------
    members : tuple of int
        Two or more crops.
    average_width, perceptual_width : int
        The highest distance between any two members, in bits of 64; not of the same two, perhaps.
    is_long : bool
        One of the two is more than twice its threshold: some members are joined by way of others only. Look at it.
    """

    members: tuple[int, ...]
    average_width: int
    perceptual_width: int
    is_long: bool


def measure_chains(
    groups: Iterable[Sequence[int]], average: Hashes, perceptual: Hashes, *, average_bits: int, perceptual_bits: int
) -> tuple[Chain, ...]:
    """Return how far apart the members of each group are, to warn of chains.

    One wrong pair joins two groups (single linkage). The paper does not say what it did about that.

    Parameters
    ----------
    groups : iterable of sequence of int
        Members of each group.
    average, perceptual : ndarray of uint64
        Shape (n,): hashes of all crops.
    average_bits, perceptual_bits : int
        The thresholds that made the groups.

    Examples
    --------
    >>> hashes = np.array([0, 0b1111, 0b11111111, 0b111111111111], np.uint64)
    >>> [chain] = measure_chains([(0, 1, 2, 3)], hashes, hashes, average_bits=5, perceptual_bits=6)
    >>> chain.average_width, chain.perceptual_width, chain.is_long
    (12, 12, True)
    """
    chains = []
    for group in groups:
        members = np.asarray(group, np.int64)
        across, through = _width(average[members]), _width(perceptual[members])
        chains.append(
            Chain(
                members=tuple(members.tolist()),
                average_width=across,
                perceptual_width=through,
                is_long=across > 2 * average_bits or through > 2 * perceptual_bits,
            )
        )
    return tuple(chains)


def _width(hashes: Hashes) -> int:
    """Return the highest distance between any two; equal ones are compared once."""
    distinct = np.unique(hashes)
    if len(distinct) > _FEW:
        from buffycoat.clean.pair_kernels import widest  # noqa: PLC0415 (numba takes a second to load)

        return int(widest(distinct))
    blocks = (distinct[start : start + _ROWS, None] ^ distinct for start in range(0, len(distinct), _ROWS))
    return max((int(np.bitwise_count(block).max()) for block in blocks), default=0)
