"""Whether a classifier is right as often as it says: reliability in bins of equal count."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from buffycoat.domain.value import value
from buffycoat.errors import InputError, TooFew

__all__ = ["Reliability", "ReliabilityBin", "reliability"]


@value
class ReliabilityBin:
    """Cells of like confidence: how sure the classifier was on average, and how often it was right, both 0 to 1."""

    cells: int
    confidence: float
    right: float


@value
class Reliability:
    """How far confidence and truth lie apart.

    Parameters
    ----------
    bins : tuple of ReliabilityBin
        From the least sure to the surest; sizes differ by one cell at most.
    expected_error : float
        Mean of ``|confidence - right|`` over the bins, weighted by cells: the expected calibration error, 0 to 1.
    over : float
        Mean confidence less the share that was right: above 0, the classifier is too sure of itself.
    """

    bins: tuple[ReliabilityBin, ...]
    expected_error: float
    over: float


def reliability(confidence: NDArray[np.floating], right: NDArray[np.bool_], *, bins: int = 10) -> Reliability:
    """Return how far a classifier's confidence can be trusted.

    Bins hold equal numbers of cells (Nguyen and O'Connor 2015, EMNLP), since most cells of a good classifier lie in the
    highest of bins of equal width, and its error is then that of one bin. Fewer cells than bins make a bin each.

    Parameters
    ----------
    confidence : ndarray
        Shape (n,), 0 to 1: the probability of the class that was answered.
    right : ndarray
        Shape (n,): whether that answer was right. A cell without an answer has confidence 0 and is wrong.
    bins : int
        How many.

    Raises
    ------
    TooFew
        If there is no cell.
    InputError
        If the two are not of the same cells, a confidence lies outside 0 to 1, or there is no bin.

    Examples
    --------
    >>> found = reliability(np.array([0.5, 0.9, 0.7, 0.7]), np.array([False, True, True, True]), bins=2)
    >>> [(each.cells, round(each.confidence, 2), each.right) for each in found.bins]
    [(2, 0.6, 0.5), (2, 0.8, 1.0)]
    >>> round(found.expected_error, 3), round(found.over, 3)
    (0.15, -0.05)
    """
    if confidence.shape != right.shape or confidence.ndim != 1 or bins < 1:
        raise InputError(
            "not one confidence a cell, or no bin",
            expected="two arrays of one length, and a bin at least",
            found=f"{confidence.shape}, {right.shape}, {bins} bins",
        )
    if len(confidence) == 0:
        raise TooFew("no confidence to judge", expected="at least 1 cell", found="0")
    if not ((confidence >= 0) & (confidence <= 1)).all():
        raise InputError(
            "a probability lies outside 0 to 1",
            expected="0 to 1",
            found=f"{float(np.nanmin(confidence)):g} to {float(np.nanmax(confidence)):g}",
        )
    order = np.lexsort((right, confidence))
    parts = [part for part in np.array_split(order, bins) if len(part)]
    found = tuple(
        ReliabilityBin(cells=len(part), confidence=float(confidence[part].mean()), right=float(right[part].mean()))
        for part in parts
    )
    return Reliability(
        bins=found,
        expected_error=sum(each.cells * abs(each.confidence - each.right) for each in found) / len(order),
        over=float(confidence.mean() - right.mean()),
    )
