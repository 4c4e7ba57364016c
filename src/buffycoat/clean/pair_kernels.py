"""The loops of the pair search that are compiled; loading this module loads numba, so it is loaded when needed."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from buffycoat.imaging.hashes import Hashes

__all__ = ["Indices", "near_in_order", "sort_by_chunk", "transform_in_place", "unite", "widest"]

Indices = NDArray[np.int32]

_AT_ONCE = 128

_Function = TypeVar("_Function", bound=Callable[..., Any])


def _compiled(function: _Function) -> _Function:
    """Compile a function of numbers and arrays, and keep the machine code beside it or in the user's cache."""
    njit = import_module("numba").njit
    try:
        return cast("_Function", njit(function, cache=True, nogil=True))
    except RuntimeError:  # no folder where machine code could be kept: compile anew in each process
        return cast("_Function", njit(function, nogil=True))


@_compiled
def _bits_set(x: np.uint64) -> np.uint64:
    # The compiler knows this formula and makes one instruction of it, or one for eight numbers at once.
    x -= (x >> np.uint64(1)) & np.uint64(0x5555555555555555)
    x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
    x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return (x * np.uint64(0x0101010101010101)) >> np.uint64(56)


@_compiled
def sort_by_chunk(hashes: Hashes, shift: int, mask: int) -> tuple[Indices, Indices]:
    """Return the order that sorts hashes by one chunk of their bits, and where each value of the chunk begins.

    Parameters
    ----------
    hashes : ndarray of uint64
        Shape (n,).
    shift, mask : int
        The chunk is ``(hash >> shift) & mask``; with a mask of 0 there is one value.

    Returns
    -------
    ndarray of int32
        Shape (n,).
    ndarray of int32
        Shape (mask + 2,).
    """
    starts = np.zeros(mask + 2, np.int32)
    low, bits = np.uint64(shift), np.uint64(mask)
    for i in range(len(hashes)):
        starts[np.int64((hashes[i] >> low) & bits) + 1] += 1
    for v in range(mask + 1):
        starts[v + 1] += starts[v]
    places = starts[:-1].copy()
    order = np.empty(len(hashes), np.int32)
    for i in range(len(hashes)):
        value = np.int64((hashes[i] >> low) & bits)
        order[places[value]] = i
        places[value] += 1
    return order, starts


@_compiled
def transform_in_place(values: NDArray[np.float64]) -> None:
    """Put the Walsh-Hadamard transform of values in their place; their number is a power of two.

    Parameters
    ----------
    values : ndarray of float64
        Shape (2**k,).
    """
    size = len(values)
    half = 1
    while half < size:
        for start in range(0, size, 2 * half):
            for i in range(start, start + half):
                a, b = values[i], values[i + half]
                values[i], values[i + half] = a + b, a - b
        half *= 2


@_compiled
def near_in_order(  # noqa: PLR0913, PLR0915, PLR0917 (one loop over two sides, a chunk, radii and a place)
    first: tuple[Hashes, Hashes, Indices],
    second: tuple[Hashes, Hashes, Indices],
    starts: Indices,
    chunk: tuple[int, int, int],
    steps: Hashes,
    before: NDArray[np.int64],
    radii: tuple[int, int],
    within: bool,  # noqa: FBT001 (compiled functions know no keywords)
    begin: int,
    out: Indices,
) -> tuple[int, int]:
    """Write the near pairs whose chunks differ by one of ``steps``, until ``out`` is full.

    Hashes of one value of the chunk meet the same others, so these are gathered once, side by side: then eight or
    more are compared at a time.

    Parameters
    ----------
    first, second : tuple of ndarray
        Hashes that are looked up, hashes that are only compared, and their numbers; shape (n,) each, sorted by chunk.
        ``within``: both sides are the same, and each pair is told once.
    starts : ndarray of int32
        Where each value of the chunk begins in the second side.
    chunk : (int, int, int)
        Number of the chunk, its shift and its mask.
    steps : ndarray of uint64
        Values that the chunks of a pair may differ by (exclusive or), in increasing order; the first is 0.
    before : ndarray of int64
        Shape (k, 3): shift, mask and radius of every chunk; a pair that an earlier one tells is not told again.
    radii : (int, int)
        Highest distance of the hash that is looked up and of the other one, in bits.
    begin : int
        Where to go on in the first side.
    out : ndarray of int32
        Shape (m, 2), m at least the length of the second side.

    Returns
    -------
    int
        How many pairs were written.
    int
        Where to go on; the length of the first side at the end.
    """
    hashes, others, numbers = first
    hashes_2, others_2, numbers_2 = second
    number, shift, mask = chunk
    radius, other_radius = np.uint64(radii[0]), np.uint64(radii[1])
    met = np.empty(len(hashes_2) + 1, np.uint64)
    places = np.empty(len(hashes_2) + 1, np.int32)
    # turns[b + 1]: the first step whose highest bit is b.
    turns = np.searchsorted(steps, np.array([0] + [1 << bit for bit in range(17)], np.uint64))
    found = 0
    end = begin
    while end < len(hashes):
        here = end
        value = (hashes[here] >> np.uint64(shift)) & np.uint64(mask)
        while end < len(hashes) and (hashes[end] >> np.uint64(shift)) & np.uint64(mask) == value:
            end += 1
        count = 0
        for bit in range(-1, 16):
            # Steps of one highest bit lead all up or all down; of both sides' pairs only one is needed.
            if within and bit >= 0 and (value >> np.uint64(bit)) & np.uint64(1):
                continue
            for place in range(turns[bit + 1], turns[bit + 2]):
                there = value ^ steps[place]
                j, last = starts[there], starts[there + np.uint64(1)]
                # Most values have one hash or none: to write it in any case, and count it, is faster than to ask.
                met[count] = hashes_2[min(j, len(hashes_2) - 1)]
                places[count] = j
                count += last > j
                for k in range(j + 1, last):
                    met[count] = hashes_2[k]
                    places[count] = k
                    count += 1
        for i in range(here, end):
            told = found
            mine = hashes[i]
            low = i + 1 - int(starts[value]) if within else 0
            while low < count:
                high = min(low + _AT_ONCE, count)
                hits = np.int64(0)
                block = met[low:high]
                for k in range(len(block)):  # from 0: then the compiler reads eight numbers side by side
                    hits += _bits_set(mine ^ block[k]) <= radius
                if hits:
                    for k in range(low, high):
                        apart = mine ^ met[k]
                        if _bits_set(apart) > radius:
                            continue
                        j = places[k]
                        if _bits_set(others[i] ^ others_2[j]) > other_radius:
                            continue
                        known = False
                        for c in range(number):
                            part = (apart >> np.uint64(before[c, 0])) & np.uint64(before[c, 1])
                            known |= np.int64(_bits_set(part)) <= before[c, 2]
                        if known:
                            continue
                        if found == len(out):
                            return told, i
                        a, b = numbers[i], numbers_2[j]
                        out[found, 0] = min(a, b) if within else a
                        out[found, 1] = max(a, b) if within else b
                        found += 1
                low = high
    return found, len(hashes)


@_compiled
def unite(parents: Indices, pairs: Indices, joined: Indices) -> int:
    """Join the trees of each pair, and write the pairs that joined two; return how many these are.

    Parameters
    ----------
    parents : ndarray of int32
        Shape (n,): of each thing another one of its tree, of a root itself. Changed.
    pairs : ndarray of int32
        Shape (m, 2).
    joined : ndarray of int32
        Shape (at least min(n, m), 2).
    """
    count = 0
    for k in range(len(pairs)):
        a, b = pairs[k, 0], pairs[k, 1]
        while parents[a] != a:
            parents[a] = parents[parents[a]]
            a = parents[a]
        while parents[b] != b:
            parents[b] = parents[parents[b]]
            b = parents[b]
        if a != b:
            parents[max(a, b)] = min(a, b)
            joined[count] = pairs[k]
            count += 1
    return count


@_compiled
def widest(hashes: Hashes) -> int:
    """Return the highest distance between any two of the hashes, in bits."""
    most = np.uint64(0)
    for i in range(len(hashes)):
        for j in range(i + 1, len(hashes)):
            most = max(most, _bits_set(hashes[i] ^ hashes[j]))
    return int(most)
