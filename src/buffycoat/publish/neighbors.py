"""Photographs of one film that were taken one soon after the other: they show places that lie close together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from buffycoat.domain.value import value

__all__ = ["NearInTime", "find_near_in_time"]

MIXED = -1


@value
class NearInTime:
    """What lies on two sides of a split though it was taken within some seconds on one film.

    ``pairs`` counts pairs of photographs. ``touched`` is bool of shape (photographs, sides): whether a cell of that
    side in that photograph has a neighbor on another side. ``examples`` are some of the pairs, by index.
    """

    pairs: int
    touched: NDArray[np.bool_]
    examples: tuple[tuple[int, int], ...]


def find_near_in_time(
    films: NDArray[np.int64], times: NDArray[np.int64], sides: NDArray[np.bool_], *, within: int, examples: int = 3
) -> NearInTime:
    """Count pairs of photographs of one film, taken within some time, with cells on two sides of a split.

    The photographs lie sorted by film and time, so that those near in time are one stretch, whose ends are found by
    bisection and whose members by side from running sums. No pair is looked at, but for the examples.

    Parameters
    ----------
    films : ndarray of int64
        Shape (n,): number of the film of each photograph, from 0.
    times : ndarray of int64
        Shape (n,): when it was taken, in milliseconds.
    sides : ndarray of bool
        Shape (n, splits): whether the photograph has a cell in that split; each has one at least.
    within : int
        Milliseconds, inclusive.
    examples : int
        How many pairs to name at most.

    Returns
    -------
    NearInTime
        Indices are those of the arguments.

    Examples
    --------
    >>> films, times = np.array([0, 0, 0, 1]), np.array([0, 50_000, 200_000, 0])
    >>> sides = np.array([[True, False], [False, True], [True, False], [False, True]])
    >>> find_near_in_time(films, times, sides, within=60_000).examples
    ((0, 1),)
    """
    count = len(films)
    if not count:
        return NearInTime(pairs=0, touched=sides.copy(), examples=())
    passed = times - times.min()
    # Films follow one another in time, so far apart that no photograph is near one of another film.
    line = films * (int(passed.max()) + within + 1) + passed
    order = np.argsort(line, kind="stable")
    line, of_side = line[order], sides[order]
    mixed = of_side.sum(axis=1) > 1
    pure = of_side & ~mixed[:, None]
    running = np.concatenate([np.zeros((1, sides.shape[1]), np.int64), pure.cumsum(axis=0, dtype=np.int64)])
    first = np.searchsorted(line, line - within, side="left")
    end = np.searchsorted(line, line + within, side="right")
    # A neighbor is on no other side only where all its cells are on the cell's own side; a photograph is not its own.
    others = (end - first - mixed)[:, None] - (running[end] - running[first])
    side = np.where(mixed, MIXED, of_side.argmax(axis=1))
    places = np.arange(count)
    alike = np.where(mixed, 0, running[end, side] - running[places + 1, side])
    ahead = end - places - 1 - alike
    touched = np.zeros_like(sides)
    touched[order] = of_side & (others > 0)
    named = []
    for place in np.flatnonzero(ahead)[:examples].tolist():
        after = np.arange(place + 1, end[place])
        other = after[mixed[after] | mixed[place] | (side[after] != side[place])][0]
        named.append((int(order[place]), int(order[other])))
    return NearInTime(pairs=int(ahead.sum()), touched=touched, examples=tuple(named))
