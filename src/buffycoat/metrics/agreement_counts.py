"""Agreement of two experts from matrices of counts, of all cells or smear by smear."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from buffycoat.domain.value import value
from buffycoat.errors import InputError, TooFew

__all__ = [
    "AgreementIntervals",
    "ac1_of",
    "agreement_intervals",
    "kappa_of",
    "kappas_by_class",
    "raw_of",
    "specific_agreement",
]

# How many numbers a block of draws may hold: 32 MB.
_BLOCK = 4_000_000


@value
class AgreementIntervals:
    """Lower and upper bound of each statistic; ``None`` where it is undefined in every draw."""

    raw: tuple[float, float] | None
    kappa: tuple[float, float] | None
    ac1: tuple[float, float] | None


def raw_of(matrix: ArrayLike, /) -> float:
    """Return the share of cells on the diagonal of a matrix of counts, 0 to 1.

    Raises
    ------
    InputError
        If it is no square matrix of counts.
    TooFew
        If it counts no cell.

    Examples
    --------
    >>> raw_of([[20, 5], [10, 15]])
    0.7
    """
    counts = _counts(matrix)
    return _defined(_raw(counts), counts, "agreement", "at least 1 cell that both experts answered")


def kappa_of(matrix: ArrayLike, /) -> float:
    """Return Cohen's kappa from a matrix of counts; see :func:`buffycoat.metrics.agreement.cohen_kappa`.

    Raises
    ------
    InputError
        If it is no square matrix of counts.
    TooFew
        If it counts no cell, or all cells in one place of the diagonal.

    Examples
    --------
    >>> kappa_of([[20, 5], [10, 15]])
    0.4
    """
    counts = _counts(matrix)
    return _defined(_kappa(counts), counts, "kappa", "at least 2 different answers")


def ac1_of(matrix: ArrayLike, /) -> float:
    """Return Gwet's AC1 from a matrix of counts; see :func:`buffycoat.metrics.agreement.gwet_ac1`.

    Each term that was offered has its row and column, given or not.

    Raises
    ------
    InputError
        If it is no square matrix of counts.
    TooFew
        If it counts no cell, or has fewer than two rows.

    Examples
    --------
    Nearly all answers are the same: kappa falls below 0, although 118 of 125 are equal (Gwet 2002).

    >>> round(kappa_of([[118, 5], [2, 0]]), 3), round(ac1_of([[118, 5], [2, 0]]), 3)
    (-0.023, 0.941)
    """
    counts = _counts(matrix)
    return _defined(_ac1(counts), counts, "AC1", "at least 1 cell, and 2 terms to choose from")


def specific_agreement(matrix: ArrayLike, /) -> NDArray[np.float64]:
    """Return for each class the share of its answers that the other expert gave too.

    ``2 * both / (row + column)``: the proportion of specific agreement, of which positive and negative agreement are
    the case of two classes (Cicchetti and Feinstein 1990, Journal of Clinical Epidemiology 43:551-558).

    Parameters
    ----------
    matrix : array
        Counts of shape (classes, classes).

    Returns
    -------
    ndarray
        float64 of shape (classes,), 0 to 1; NaN for a class that nobody answered.

    Raises
    ------
    InputError
        If it is no square matrix of counts.

    Examples
    --------
    >>> specific_agreement([[20, 5], [10, 15]]).round(3).tolist()
    [0.727, 0.667]
    """
    counts = _counts(matrix)
    return _ratio(2 * np.diagonal(counts), counts.sum(axis=1) + counts.sum(axis=0))


def kappas_by_class(matrix: ArrayLike, /) -> NDArray[np.float64]:
    """Return for each class Cohen's kappa of that class against all others.

    Parameters
    ----------
    matrix : array
        Counts of shape (classes, classes).

    Returns
    -------
    ndarray
        float64 of shape (classes,), at most 1; NaN where nobody or everybody answered the class.

    Raises
    ------
    InputError
        If it is no square matrix of counts.

    Examples
    --------
    >>> kappas_by_class([[20, 5, 0], [10, 15, 0], [0, 0, 50]]).round(3).tolist()
    [0.625, 0.571, 1.0]
    """
    counts = _counts(matrix)
    both = np.diagonal(counts)
    only_first, only_second = counts.sum(axis=1) - both, counts.sum(axis=0) - both
    neither = counts.sum() - both - only_first - only_second
    pairs = np.stack([both, only_first, only_second, neither], axis=-1)
    return _kappa(pairs.reshape(-1, 2, 2))


def agreement_intervals(
    matrices: ArrayLike, *, seed: int, rounds: int = 1000, confidence: float = 0.95
) -> AgreementIntervals:
    """Return percentile bootstrap intervals of raw agreement, kappa and AC1, drawing whole smears with replacement.

    The same as :func:`buffycoat.metrics.intervals.bootstrap_by_group` of the same seed, without going through the cells
    again in each draw.

    Parameters
    ----------
    matrices : array
        Counts of shape (smears, terms, terms): the matrix of each smear.
    seed : int
        Of the draws: the same seed gives the same intervals.
    rounds : int
        How many times to draw.
    confidence : float
        Between 0 and 1.

    Raises
    ------
    TooFew
        If there are fewer than two smears.
    InputError
        If it is no stack of square matrices of counts, or the confidence or the rounds are out of range.

    Examples
    --------
    >>> agreement_intervals([[[9, 0], [0, 1]], [[4, 4], [1, 1]]], seed=1).raw
    (0.5, 1.0)
    """
    counts = _counts(matrices, smears=True)
    smears, terms, _ = counts.shape
    if not 0 < confidence < 1 or rounds < 1:
        raise InputError(
            "no such interval", expected="0 < confidence < 1, rounds >= 1", found=f"{confidence}, {rounds}"
        )
    if smears < 2:
        raise TooFew("an interval by smear needs smears", expected="at least 2", found=str(smears))
    flat, random = counts.reshape(smears, terms * terms), np.random.default_rng(seed)
    results: list[NDArray[np.float64]] = []
    step = max(1, _BLOCK // smears)
    for start in range(0, rounds, step):
        size = min(step, rounds - start)
        draws = random.integers(smears, size=(size, smears)) + np.arange(size)[:, None] * smears
        times = np.bincount(draws.ravel(), minlength=size * smears).reshape(size, smears)
        drawn = (times.astype(np.float64) @ flat).reshape(size, terms, terms)
        results.append(np.stack([_raw(drawn), _kappa(drawn), _ac1(drawn)]))
    tails = (1 - confidence) / 2, (1 + confidence) / 2
    raw, kappa, ac1 = (_bounds(row, tails) for row in np.concatenate(results, axis=1))
    return AgreementIntervals(raw=raw, kappa=kappa, ac1=ac1)


def _bounds(results: NDArray[np.float64], tails: tuple[float, float]) -> tuple[float, float] | None:
    defined = results[~np.isnan(results)]
    if not defined.size:
        return None
    low, high = np.quantile(defined, tails)
    return float(low), float(high)


# The statistics of many matrices at once, of shape (..., terms, terms). Counts are whole numbers held as float64, so
# that sums and products are exact up to 94 million cells, and kappa exactly symmetric. NaN where undefined.


def _raw(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    return _ratio(np.trace(counts, axis1=-2, axis2=-1), counts.sum(axis=(-2, -1)))


def _kappa(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    total = counts.sum(axis=(-2, -1))
    chance = (counts.sum(axis=-1) * counts.sum(axis=-2)).sum(axis=-1)
    return _ratio(total * np.trace(counts, axis1=-2, axis2=-1) - chance, total * total - chance)


def _ac1(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    terms = counts.shape[-1]
    total = counts.sum(axis=(-2, -1))
    if terms < 2:
        return np.full_like(total, np.nan)
    answers = counts.sum(axis=-1) + counts.sum(axis=-2)
    # pe, times 4 * total * total * (terms - 1): whole numbers until the last division
    chance = (answers * (2 * total[..., None] - answers)).sum(axis=-1)
    whole = 4 * (terms - 1) * total
    return _ratio(whole * np.trace(counts, axis1=-2, axis2=-1) - chance, whole * total - chance)


def _ratio(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    result: NDArray[np.float64] = np.full(np.shape(whole), np.nan)
    return np.divide(part, whole, out=result, where=np.asarray(whole) != 0)


def _defined(result: NDArray[np.float64], counts: NDArray[np.float64], name: str, expected: str) -> float:
    if np.isnan(result):
        given = int((counts.sum(axis=0) + counts.sum(axis=1) > 0).sum())
        found = f"{int(counts.sum())} cells, {given} of {len(counts)} terms given"
        raise TooFew(f"{name} is undefined", expected=expected, found=found)
    return float(result)


def _counts(matrix: ArrayLike, *, smears: bool = False) -> NDArray[np.float64]:
    """Return counts as whole float64 numbers, if that is what they are."""
    counts = np.asarray(matrix, dtype=np.float64)
    if counts.ndim != 2 + smears or counts.shape[-1] != counts.shape[-2]:
        raise InputError(
            "not a matrix of agreement",
            expected="shape (smears, terms, terms)" if smears else "shape (terms, terms)",
            found=f"shape {counts.shape}",
        )
    sound = (counts >= 0) & (counts == np.floor(counts)) & np.isfinite(counts)
    if not sound.all():
        raise InputError("not a matrix of counts", expected="whole numbers, 0 or more", found=str(counts[~sound][0]))
    return counts
