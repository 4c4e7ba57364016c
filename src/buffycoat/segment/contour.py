"""The cheapest closed line around a point."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["closed_line"]


def closed_line(cost: NDArray[np.float32], *, step: int = 2, stiffness: float = 0.0) -> NDArray[np.intp]:
    """Return for each direction the radius of the cheapest line around a point.

    Dynamic programming over directions; it goes around once more, half before and half after, so that the line meets
    itself.

    Parameters
    ----------
    cost : ndarray
        Shape (directions, radii): what the line pays for passing there.
    step : int
        How many radii it may move from one direction to the next.
    stiffness : float
        What it pays for each radius that it moves.

    Returns
    -------
    ndarray
        intp of shape (directions,): places along the second axis of ``cost``.

    Examples
    --------
    >>> cost = np.ones((8, 5), np.float32)
    >>> cost[:, 3] = 0
    >>> closed_line(cost).tolist()
    [3, 3, 3, 3, 3, 3, 3, 3]
    """
    directions, radii = cost.shape
    before = directions // 2
    around = np.concatenate([cost[directions - before :], cost, cost[:before]])
    moves = np.arange(-step, step + 1)
    # rows: moves, columns: the radius that the move comes from
    source = np.arange(radii) + moves[:, None]
    outside = (source < 0) | (source >= radii)
    toll = np.where(outside, np.inf, stiffness * np.abs(moves)[:, None]).astype(np.float32)
    source = source.clip(0, radii - 1)
    columns = np.arange(radii)
    came_from = np.empty((len(around), radii), dtype=np.intp)
    spent = around[0].astype(np.float32)
    for place in range(1, len(around)):
        ways = spent[source] + toll
        best = ways.argmin(axis=0)
        came_from[place] = source[best, columns]
        spent = ways[best, columns] + around[place]
    line = np.empty(len(around), dtype=np.intp)
    line[-1] = spent.argmin()
    for place in range(len(around) - 1, 0, -1):
        line[place - 1] = came_from[place, line[place]]
    return line[before : before + directions]
