"""Whole films, and people, drawn for a test."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

import numpy as np

from buffycoat.domain.value import value
from buffycoat.publish.connected import connected

__all__ = ["FilmGroup", "group_films", "home_setup", "nearest_shares"]

T = TypeVar("T")
_DRAWS = 1000
_Row = tuple[str, str | None, str, str | None, int]


@value
class FilmGroup:
    """Smears that stay together: those of one person, or one smear of a person unknown.

    ``setups`` and ``classes`` count cells; a cell without a class counts under ``None``.
    """

    smears: tuple[str, ...]
    setups: Mapping[str, int]
    classes: Mapping[str | None, int]


def group_films(rows: Iterable[_Row]) -> tuple[FilmGroup, ...]:
    """Return what must stay together, in an order that does not depend on that of the rows.

    Parameters
    ----------
    rows : iterable of (str, str or None, str, str or None, int)
        Smear, person, set-up, class, number of cells.

    Examples
    --------
    >>> rows = [("s2", "p1", "A", None, 3), ("s1", "p1", "B", None, 1), ("s3", None, "A", None, 2)]
    >>> [group.smears for group in group_films(rows)]
    [('s1', 's2'), ('s3',)]
    """
    setups: dict[str, Counter[str]] = {}
    classes: dict[str, Counter[str | None]] = {}
    links: set[tuple[str, str]] = set()
    for smear, subject, setup, label, cells in rows:
        setups.setdefault(smear, Counter())[setup] += cells
        classes.setdefault(smear, Counter())[label] += cells
        # The letter keeps a person apart from a smear of the same name.
        links.add((f"s{smear}", f"p{subject}" if subject else f"s{smear}"))
    return tuple(
        FilmGroup(
            smears=smears,
            setups=_added(setups[smear] for smear in smears),
            classes=_added(classes[smear] for smear in smears),
        )
        for members in connected(links)
        if (smears := tuple(member[1:] for member in members if member[0] == "s"))
    )


def home_setup(groups: Sequence[FilmGroup]) -> str | None:
    """Return the set-up that train and test-A are of: the commonest, as long as somebody was seen on it alone.

    Else it is the commonest of which that is true, and ``None`` where everybody was seen on several: then no set-up
    can be kept for test-B.

    Examples
    --------
    >>> home_setup([FilmGroup(smears=("s1",), setups={"A": 2, "B": 9}, classes={}),
    ...             FilmGroup(smears=("s2",), setups={"A": 1}, classes={})])
    'A'
    """
    cells: Counter[str] = Counter()
    for group in groups:
        cells.update(group.setups)
    alone = {next(iter(group.setups)) for group in groups if len(group.setups) == 1}
    return max(sorted(alone), key=lambda setup: cells[setup], default=None)


def nearest_shares(classes: Sequence[Mapping[str | None, int]], *, seed: int, share: float) -> frozenset[int]:
    """Return which groups to take so that of all cells, and of each class, about a share is taken.

    The groups are put in 1,000 random orders, and each beginning of each order is judged: by the squared distance
    from ``share``, averaged over the classes and the whole. Every class weighs the same, however rare. The first of
    equals is taken. At least one group is taken and one left, where there are two.

    Parameters
    ----------
    classes : sequence of mapping
        Cells by class, for each group.
    seed : int
        Of the orders.
    share : float
        0 to 1; at 0 none is taken.

    Examples
    --------
    >>> sorted(nearest_shares([{"a": 6}, {"a": 3, "b": 3}, {"b": 6}, {"a": 1, "b": 1}], seed=0, share=0.4))
    [1, 3]
    """
    if len(classes) < 2 or share <= 0:
        return frozenset()
    names = sorted({name for group in classes for name in group if name is not None})
    counts = np.array([[sum(group.values()), *(group.get(name, 0) for name in names)] for group in classes], np.float64)
    counts = counts[:, counts.sum(axis=0) > 0]
    rng = np.random.default_rng(seed)
    best, taken = np.inf, np.empty(0, np.int64)
    for _ in range(_DRAWS):
        order = rng.permutation(len(classes))
        reached = counts[order].cumsum(axis=0)
        costs = ((reached[:-1] / reached[-1] - share) ** 2).mean(axis=1)
        at = int(costs.argmin())
        if costs[at] < best:
            best, taken = float(costs[at]), order[: at + 1]
    return frozenset(taken.tolist())


def _added(counts: Iterable[Counter[T]]) -> Counter[T]:
    """Return the sum of counts, with the zeros that adding counters would drop."""
    total: Counter[T] = Counter()
    for count in counts:
        total.update(count)
    return total
