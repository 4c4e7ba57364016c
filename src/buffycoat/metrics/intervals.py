"""How sure a share or a score is."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from buffycoat.errors import TooFew
from buffycoat.metrics.binomial import check_share

__all__ = ["bootstrap_by_group", "wilson"]


def wilson(successes: float, total: float, *, confidence: float = 0.95) -> tuple[float, float]:
    """Return the Wilson score interval of a share.

    It supposes that the cells are independent of each other. Cells of one smear are not: where smears are known, use
    :func:`bootstrap_by_group`.

    Parameters
    ----------
    successes, total : float
        ``0 <= successes <= total``: counts, or fractions where the share stands for a mean of shares.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    tuple of float
        Lower and upper bound, within 0 and 1.

    Raises
    ------
    TooFew
        If ``total`` is 0.
    InputError
        If the counts or the confidence are out of range.

    Examples
    --------
    >>> [round(bound, 4) for bound in wilson(140, 148)]
    [0.897, 0.9724]
    """
    check_share(successes, total, confidence)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = successes / total
    scale = 1 + z * z / total
    center = (share + z * z / (2 * total)) / scale
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / scale
    return max(0.0, center - half), min(1.0, center + half)


def bootstrap_by_group(
    statistic: Callable[[NDArray[np.intp]], float | None],
    groups: Sequence[Hashable],
    *,
    seed: int,
    rounds: int = 1000,
    confidence: float = 0.95,
) -> tuple[float, float]:
    """Return the percentile bootstrap interval of a statistic, drawing whole groups (smears) with replacement.

    Parameters
    ----------
    statistic : callable
        Takes the places of the drawn items, some of them more than once, and returns a number, or ``None`` where it
        is undefined; undefined draws are left out.
    groups : sequence
        The group of each item.
    seed : int
        Of the draws: the same seed gives the same interval.
    rounds : int
        How many times to draw.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    tuple of float
        Lower and upper bound.

    Raises
    ------
    TooFew
        If there are fewer than two groups, or the statistic is undefined in every draw.

    Examples
    --------
    >>> right = np.array([1, 1, 0, 1, 0, 0])
    >>> bootstrap_by_group(lambda drawn: float(right[drawn].mean()), ["a", "a", "b", "b", "c", "c"], seed=1)
    (0.0, 1.0)
    """
    names = list(dict.fromkeys(groups))
    if len(names) < 2:
        raise TooFew("an interval by group needs groups", expected="at least 2", found=str(len(names)))
    numbers = {name: number for number, name in enumerate(names)}
    places = np.array([numbers[group] for group in groups])
    members = [np.flatnonzero(places == number) for number in range(len(names))]
    draws = np.random.default_rng(seed).integers(len(names), size=(rounds, len(names)))
    results = (statistic(np.concatenate([members[number] for number in draw])) for draw in draws)
    defined = [result for result in results if result is not None]
    if not defined:
        raise TooFew("the statistic is undefined in every draw", expected="at least 1", found="0")
    low, high = np.quantile(defined, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)
