"""What a class's score is worth at every threshold: ROC and precision over recall, with their areas."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from buffycoat.domain.value import value
from buffycoat.errors import InputError

__all__ = ["OperatingCurves", "operating_curves"]


@value
class OperatingCurves:
    """Both curves of one class against the rest, each a point for each distinct score, from the surest on.

    Parameters
    ----------
    cells, others : int
        Of the class, and of all other classes.
    false_positive_rate, recall : tuple of float
        The ROC, beginning at (0, 0).
    precision : tuple of float
        At each recall after the first; one shorter than ``recall``.
    roc_area : float
        Chance that a cell of the class scores higher than another; equals count half.
    average_precision : float
        Sum of precision over the steps of recall, without interpolation.
    """

    cells: int
    others: int
    false_positive_rate: tuple[float, ...]
    recall: tuple[float, ...]
    precision: tuple[float, ...]
    roc_area: float
    average_precision: float


def operating_curves(score: NDArray[np.floating], is_class: NDArray[np.bool_]) -> OperatingCurves | None:
    """Return the curves of one class against the rest; ``None`` where the class or the rest has no cell.

    Parameters
    ----------
    score : ndarray
        Shape (n,): how much each cell looks like the class; only the order counts.
    is_class : ndarray
        Shape (n,).

    Raises
    ------
    InputError
        If the two are not of the same cells, or a score is no number.

    Examples
    --------
    >>> found = operating_curves(np.array([0.9, 0.8, 0.7, 0.1]), np.array([True, False, True, False]))
    >>> found.recall, found.false_positive_rate
    ((0.0, 0.5, 0.5, 1.0, 1.0), (0.0, 0.0, 0.5, 0.5, 1.0))
    >>> found.roc_area, round(found.average_precision, 4)
    (0.75, 0.8333)
    """
    if score.shape != is_class.shape or score.ndim != 1 or np.isnan(score).any():
        raise InputError(
            "not one score a cell", expected="two arrays of one length, numbers only", found=f"{score.shape}"
        )
    cells = int(is_class.sum())
    others = len(score) - cells
    if cells == 0 or others == 0:
        return None
    order = np.argsort(-score, kind="stable")
    ranked = score[order]
    last = np.append(np.flatnonzero(ranked[1:] != ranked[:-1]), len(ranked) - 1)
    hits = np.cumsum(is_class[order])[last]
    precision = hits / (last + 1)
    recall = np.concatenate([[0.0], hits / cells])
    false = np.concatenate([[0.0], (last + 1 - hits) / others])
    return OperatingCurves(
        cells=cells,
        others=others,
        false_positive_rate=tuple(false.tolist()),
        recall=tuple(recall.tolist()),
        precision=tuple(precision.tolist()),
        roc_area=float(np.trapezoid(recall, false)),
        average_precision=float((np.diff(recall) * precision).sum()),
    )
