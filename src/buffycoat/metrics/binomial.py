"""Exact intervals of counts: a share of the cells counted, and so many of one kind for a hundred of another."""

from __future__ import annotations

import math

from scipy.special import betaincinv

from buffycoat.errors import InputError, TooFew

__all__ = ["check_share", "exact_binomial", "exact_ratio"]


def check_share(count: float, total: float, confidence: float) -> None:
    """Refuse what is no share of something, or no confidence: the one check of all intervals of shares.

    Raises
    ------
    TooFew
        If nothing was counted.
    InputError
        If the counts or the confidence are out of range, or no numbers.

    Examples
    --------
    >>> check_share(3, 4, 0.95)
    """
    if total == 0:
        raise TooFew("a share of nothing has no interval", expected="at least 1", found="0")
    if not (math.isfinite(total) and 0 <= count <= total and 0 < confidence < 1):
        raise InputError(
            "no such share",
            expected="0 <= count <= total, 0 < confidence < 1",
            found=f"{count:g} of {total:g}, confidence {confidence:g}",
        )


def exact_binomial(count: float, total: float, *, confidence: float = 0.95) -> tuple[float, float]:
    """Return the exact interval of a share, after Clopper and Pearson (Biometrika 1934;26:404-413).

    The lower bound is the share at which so many cells, or more, come in ``(1 - confidence) / 2`` of all counts; the
    upper bound the same for so many or fewer. For 95 % it is what the table of Rümke (Triangle 1960;4:154-158) gives
    for differential counts, there rounded outward to whole percents.

    Parameters
    ----------
    count, total : float
        ``0 <= count <= total``. Fractions of a cell are allowed, to ask what a share would be worth in a count of
        another size.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    tuple of float
        Lower and upper bound, within 0 and 1.

    Raises
    ------
    TooFew
        If nothing was counted.
    InputError
        If the counts or the confidence are out of range.

    Examples
    --------
    Five bands among a hundred leukocytes; Rümke's table has 1 to 12.

    >>> [round(100 * bound, 2) for bound in exact_binomial(5, 100)]
    [1.64, 11.28]
    """
    check_share(count, total, confidence)
    tail = (1 - confidence) / 2
    low = 0.0 if count <= 0 else float(betaincinv(count, total - count + 1, tail))
    high = 1.0 if count >= total else float(betaincinv(count + 1, total - count, 1 - tail))
    return low, high


def exact_ratio(count: int, other: int, *, confidence: float = 0.95) -> tuple[float, float]:
    """Return the exact interval of a ratio of two counts, such as nucleated red cells for each leukocyte.

    Both are counted on the same fields. Of all cells of the two kinds, the share of the first has its exact interval,
    and the ratio is ``share / (1 - share)`` (Przyborowski and Wilenski, Biometrika 1940;31:313-323).

    Parameters
    ----------
    count, other : int
        At least 0; the second more than 0.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    tuple of float
        Lower and upper bound, at least 0.

    Raises
    ------
    TooFew
        If there is none of the other.
    InputError
        If a count or the confidence is out of range.

    Examples
    --------
    Three for a hundred:

    >>> [round(100 * bound, 1) for bound in exact_ratio(3, 100)]
    [0.6, 9.0]
    """
    if other == 0:
        raise TooFew("a ratio to nothing has no interval", expected="at least 1", found="0")
    low, high = exact_binomial(count, count + other, confidence=confidence)
    return low / (1 - low), high / (1 - high)
