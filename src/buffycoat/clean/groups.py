"""From pairs to groups."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

__all__ = ["connected", "connected_unless"]


def connected(count: int, edges: Iterable[tuple[int, int]]) -> tuple[tuple[int, ...], ...]:
    """Return the connected components of at least two members (Kouzehkanan et al. 2022, Data cleaning).

    Parameters
    ----------
    count : int
        How many things there are, numbered from 0.
    edges : iterable of (int, int)
        Pairs that are the same thing.

    Returns
    -------
    tuple of tuple of int
        Each group in increasing order, groups by their first member.

    Examples
    --------
    >>> connected(6, [(4, 2), (2, 0), (5, 3)])
    ((0, 2, 4), (3, 5))
    """
    pairs = np.array(list(edges), np.int64).reshape(-1, 2)
    if not len(pairs):
        return ()
    graph = coo_array((np.ones(len(pairs), np.int8), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    _, names = connected_components(graph, directed=False)
    members: dict[int, list[int]] = {}
    for thing in np.unique(pairs).tolist():
        members.setdefault(int(names[thing]), []).append(thing)
    return tuple(sorted(tuple(group) for group in members.values() if len(group) > 1))


def connected_unless(
    edges: Iterable[tuple[int, int]], forbidden: Callable[[int, int], bool]
) -> tuple[tuple[int, int], ...]:
    """Return the edges that hold when no group may have two members that cannot be the same thing.

    One wrong edge joins two groups. Edges are taken as they come, the strongest first; one that would bring two
    forbidden members together is left out. Where nothing is forbidden, all edges hold.

    Parameters
    ----------
    edges : iterable of (int, int)
        Strongest first.
    forbidden : callable
        Says of two things whether they cannot be the same.

    Examples
    --------
    >>> connected_unless([(0, 1), (1, 2)], lambda a, b: {a, b} == {0, 2})
    ((0, 1),)
    """
    members: dict[int, list[int]] = {}
    held = []
    for a, b in edges:
        left, right = members.get(a, [a]), members.get(b, [b])
        if left is not right:
            if any(forbidden(x, y) for x in left for y in right):
                continue
            joined = left + right
            members.update(dict.fromkeys(joined, joined))
        held.append((a, b))
    return tuple(held)
