"""Which crops have near hashes: all pairs of the paper's rule, found without comparing all pairs."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from buffycoat.errors import InputError, WrongArray
from buffycoat.imaging.hashes import Hashes

__all__ = ["MOST_PAIRS", "HashPair", "Pairs", "pairs_added", "pairs_between", "pairs_by_hashes", "spanning_pairs"]

HashPair = tuple[Hashes, Hashes]
"""Average and perceptual hashes of the same crops, shape (n,) each."""

Pairs = NDArray[np.int64]
"""Shape (m, 2): two indices each, rows in increasing order."""

MOST_PAIRS = 1 << 24
"""A quarter of a gigabyte of pairs. A smear whose crops are all alike has n * (n - 1) / 2 of them."""

# Below so many comparisons numpy is done before numba is loaded, and before a loaded loop is called.
_FEW_COMPARISONS = 1 << 25
_FEW_ONCE_LOADED = 1 << 14
_LOOPS = "buffycoat.clean.pair_search"
_BLOCK = 1 << 20


_Radii = tuple[int, int]

_NO_PAIRS = np.empty((0, 2), np.int64)


def pairs_by_hashes(
    average: Hashes,
    perceptual: Hashes,
    *,
    average_bits: int = 6,
    perceptual_bits: int = 12,
    most_pairs: int = MOST_PAIRS,
) -> Pairs:
    """Return the pairs that the paper's rule calls the same cell: both hashes differ in fewer bits than that.

    Kouzehkanan et al. 2022, Data cleaning, who do not tell their thresholds. The answer is that of comparing all pairs;
    many crops are looked up by multi-index hashing (see `buffycoat.clean.pair_plan`) instead.

    Parameters
    ----------
    average, perceptual : ndarray of uint64
        Shape (n,), see `buffycoat.imaging.hashes`.
    average_bits, perceptual_bits : int
        0 to 65 bits; strict, so 11 finds hashes that differ in at most ten bits, and 65 all.
    most_pairs : int
        Where there are more pairs than that, the search stops: they would fill the memory.

    Returns
    -------
    ndarray of int64
        Shape (m, 2): indices ``i < j``, rows in increasing order.

    Raises
    ------
    WrongArray
        If the hashes are no uint64 of one shape (n,).
    InputError
        If a threshold is out of range, or there are more than ``most_pairs`` pairs.

    Examples
    --------
    >>> hashes = np.array([0, 1, 2**40 - 1], np.uint64)
    >>> pairs_by_hashes(hashes, hashes).tolist()
    [[0, 1]]
    """
    crops = _checked((average, perceptual), "the crops")
    radii = _radii(average_bits, perceptual_bits)
    return _collected(_blocks(crops, crops, radii, within=True), most_pairs)


def pairs_between(
    new: HashPair, old: HashPair, *, average_bits: int = 6, perceptual_bits: int = 12, most_pairs: int = MOST_PAIRS
) -> Pairs:
    """Return the pairs of a new and an old crop that the paper's rule calls the same cell.

    Parameters
    ----------
    new, old : tuple of ndarray
        Average and perceptual hashes, uint64, shapes (n,) and (m,).
    average_bits, perceptual_bits, most_pairs : int
        As in :func:`pairs_by_hashes`.

    Returns
    -------
    ndarray of int64
        Shape (k, 2): place in ``new``, place in ``old``; rows in increasing order.

    Raises
    ------
    WrongArray
        If hashes are no uint64 of one shape.
    InputError
        If a threshold is out of range, or there are more than ``most_pairs`` pairs.

    Examples
    --------
    >>> old = np.array([0, 2**40 - 1], np.uint64)
    >>> new = np.array([3], np.uint64)
    >>> pairs_between((new, new), (old, old)).tolist()
    [[0, 0]]
    """
    sides = _checked(new, "the new crops"), _checked(old, "the old crops")
    return _collected(_blocks(*sides, _radii(average_bits, perceptual_bits), within=False), most_pairs)


def pairs_added(
    new: HashPair, old: HashPair, *, average_bits: int = 6, perceptual_bits: int = 12, most_pairs: int = MOST_PAIRS
) -> Pairs:
    """Return the pairs that new crops bring: among themselves, and with old ones; old ones are not compared again.

    The pairs of the old crops and these are together the pairs of all crops, the old ones first.

    Parameters
    ----------
    new, old : tuple of ndarray
        Average and perceptual hashes, uint64, shapes (n,) and (m,).
    average_bits, perceptual_bits, most_pairs : int
        As in :func:`pairs_by_hashes`.

    Returns
    -------
    ndarray of int64
        Shape (k, 2): indices ``i < j`` into the old crops followed by the new ones; rows in increasing order.

    Raises
    ------
    WrongArray
        If hashes are no uint64 of one shape.
    InputError
        If a threshold is out of range, or there are more than ``most_pairs`` pairs.

    Examples
    --------
    >>> old = np.array([0, 1, 2**40 - 1], np.uint64)
    >>> new = np.array([2**40, 2**40 - 2], np.uint64)
    >>> pairs_added((new, new), (old, old)).tolist()
    [[0, 3], [1, 3], [2, 4]]
    """
    sides = _checked(new, "the new crops"), _checked(old, "the old crops")
    radii, count = _radii(average_bits, perceptual_bits), len(old[0])
    across = (block[:, ::-1] + np.array((0, count)) for block in _blocks(*sides, radii, within=False))
    inside = (block + np.int64(count) for block in _blocks(sides[0], sides[0], radii, within=True))
    return _collected(chain(across, inside), most_pairs)


def spanning_pairs(average: Hashes, perceptual: Hashes, *, average_bits: int = 6, perceptual_bits: int = 12) -> Pairs:
    """Return pairs enough to make the same groups as :func:`pairs_by_hashes`: at most one less than there are crops.

    Memory stays bounded whatever the crops show, and crops with equal hashes are compared once: of 43,000 black crops
    there are 924 million pairs, and 42,999 of these.

    Parameters
    ----------
    average, perceptual : ndarray of uint64
        Shape (n,), see `buffycoat.imaging.hashes`.
    average_bits, perceptual_bits : int
        As in :func:`pairs_by_hashes`.

    Returns
    -------
    ndarray of int64
        Shape (m, 2): indices ``i < j``, rows in increasing order; a forest.

    Raises
    ------
    WrongArray
        If the hashes are no uint64 of one shape (n,).
    InputError
        If a threshold is out of range.

    Examples
    --------
    >>> black = np.zeros(5, np.uint64)
    >>> spanning_pairs(black, black).tolist()
    [[0, 1], [0, 2], [0, 3], [0, 4]]
    """
    crops = _checked((average, perceptual), "the crops")
    radii = _radii(average_bits, perceptual_bits)
    if min(radii) < 0:
        return _NO_PAIRS
    firsts, names = _distinct(crops)
    later = np.setdiff1d(np.arange(len(names)), firsts)
    ties = np.stack([firsts[names[later]], later], axis=1)
    distinct = (crops[0][firsts], crops[1][firsts])
    if _are_few(len(firsts) ** 2):
        trees = _searched(distinct, radii)
    else:
        from buffycoat.clean.pair_search import joined_by_index  # noqa: PLC0415 (numba takes a second to load)

        trees = joined_by_index(distinct, radii)
    return _in_order(np.concatenate([ties, np.sort(firsts[trees], axis=1)]))


def _searched(crops: HashPair, radii: _Radii) -> Pairs:
    """Return the edges by which a breadth-first search comes to each crop; no list of all edges is made."""
    unseen = np.arange(len(crops[0]))
    edges = [_NO_PAIRS]
    waiting: deque[int] = deque()
    while unseen.size:
        if not waiting:
            waiting.append(int(unseen[0]))
            unseen = unseen[1:]
        here = waiting.popleft()
        near = np.ones(len(unseen), np.bool_)
        for side, radius in zip(crops, radii, strict=True):
            near &= np.bitwise_count(side[unseen] ^ side[here]) <= radius
        reached = unseen[near]
        if reached.size:
            edges.append(np.stack([np.full(len(reached), here), reached], axis=1))
            waiting.extend(reached.tolist())
            unseen = unseen[~near]
    return np.concatenate(edges)


def _distinct(crops: HashPair) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first crop with each pair of hashes, in increasing order, and for each crop which of these it is."""
    order = np.lexsort(crops)
    new = np.ones(len(order), np.bool_)
    new[1:] = np.logical_or(*(np.diff(side[order]) != 0 for side in crops))
    firsts = order[new]  # lexsort is stable: the first of equal ones comes first
    ranks = np.empty(len(firsts), np.int64)
    ranks[np.argsort(firsts)] = np.arange(len(firsts))
    names = np.empty(len(order), np.int64)
    names[order] = ranks[np.cumsum(new) - 1]
    return np.sort(firsts), names


def _collected(blocks: Iterable[NDArray[np.integer]], most_pairs: int) -> Pairs:
    found: list[NDArray[np.integer]] = [_NO_PAIRS.astype(np.int32)]
    total = 0
    for block in blocks:
        total += len(block)
        if total > most_pairs:
            raise InputError(
                "too many crops are alike to list every pair of them",
                expected=f"at most {most_pairs:,} pairs",
                found=f"{total:,} and more",
                hint="lower the thresholds, or leave out crops without a cell: empty ones are all alike",
            )
        found.append(block.astype(np.int32))
    return _in_order(np.concatenate(found))


def _in_order(pairs: NDArray[np.integer]) -> Pairs:
    if not len(pairs):
        return _NO_PAIRS
    # One number for each pair sorts ten times faster than two, and in place.
    width = int(pairs.max()) + 1
    keys = pairs[:, 0] * np.int64(width) + pairs[:, 1]
    keys.sort()
    return np.stack(np.divmod(keys, width), axis=1)


def _blocks(first: HashPair, second: HashPair, radii: _Radii, *, within: bool) -> Iterator[NDArray[np.integer]]:
    """Yield the near pairs, a block at a time, each pair once; ``within``: both sides are the same crops."""
    if min(radii) < 0 or not len(first[0]) or not len(second[0]):
        return iter(())
    if _are_few(len(first[0]) * len(second[0])):
        return _by_numpy(first, second, radii, within=within)
    from buffycoat.clean.pair_search import blocks_by_index  # noqa: PLC0415 (numba takes a second to load)

    return blocks_by_index(first, second, radii, within=within)


def _are_few(comparisons: int) -> bool:
    """Say whether so many comparisons are faster done without compiled loops; the answers are the same."""
    return comparisons <= (_FEW_ONCE_LOADED if _LOOPS in sys.modules else _FEW_COMPARISONS)


def _by_numpy(first: HashPair, second: HashPair, radii: _Radii, *, within: bool) -> Iterator[Pairs]:
    rows = max(1, _BLOCK // len(second[0]))
    for start in range(0, len(first[0]), rows):
        block = slice(start, start + rows)
        left = start if within else 0
        near = np.ones((1, 1), np.bool_)
        for one, other, radius in zip(first, second, radii, strict=True):
            near = near & (np.bitwise_count(one[block, None] ^ other[None, left:]) <= radius)
        rows_and_columns = np.argwhere(np.triu(near, 1) if within else near)
        yield rows_and_columns + np.array((start, left))


def _checked(crops: HashPair, name: str) -> HashPair:
    shapes = [each.shape for each in crops]
    if any(each.dtype != np.uint64 or each.ndim != 1 for each in crops) or shapes[0] != shapes[1]:
        found = " and ".join(f"{each.dtype} {each.shape}" for each in crops)
        raise WrongArray(
            f"no hashes of {name}",
            expected="an average and a perceptual hash of each: uint64 (n,) and uint64 (n,)",
            found=found,
            hint="make them with average_hash and perceptual_hash of the same crops",
        )
    return np.ascontiguousarray(crops[0]), np.ascontiguousarray(crops[1])


def _radii(average_bits: int, perceptual_bits: int) -> _Radii:
    if not (0 <= average_bits <= 65 and 0 <= perceptual_bits <= 65):
        raise InputError(
            "no such thresholds of the hashes", expected="0 to 65 bits", found=f"{average_bits} and {perceptual_bits}"
        )
    return average_bits - 1, perceptual_bits - 1
