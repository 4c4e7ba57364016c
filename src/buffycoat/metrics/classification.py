"""How well predicted classes match the truth, from a confusion matrix: rows truth, columns prediction."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from buffycoat.errors import InputError, UnknownTerm

__all__ = [
    "accuracy",
    "balanced_accuracy",
    "confusion_matrix",
    "f1",
    "macro_f1",
    "precision",
    "sensitivity",
    "term_accuracy",
]

Confusion = NDArray[np.int64]


def confusion_matrix(
    truth: Sequence[Hashable], prediction: Sequence[Hashable], *, terms: Sequence[Hashable]
) -> Confusion:
    """Count how often each term was predicted for each true term.

    Parameters
    ----------
    truth, prediction : sequence
        Terms of the same cells, in the same order.
    terms : sequence
        The rows and columns, in order; each once.

    Returns
    -------
    ndarray
        int64 of shape (terms, terms); rows truth, columns prediction.

    Raises
    ------
    InputError
        If there are more or fewer predictions than truths.
    UnknownTerm
        If a truth or prediction is not among the terms.

    Examples
    --------
    >>> confusion_matrix(["a", "a", "b"], ["a", "b", "b"], terms=["a", "b"]).tolist()
    [[1, 1], [0, 1]]
    """
    if len(truth) != len(prediction):
        raise InputError("not one prediction a cell", expected=str(len(truth)), found=str(len(prediction)))
    places = {term: place for place, term in enumerate(terms)}
    for term in {*truth, *prediction}:
        if term not in places:
            raise UnknownTerm("a class is not among the terms", expected=", ".join(map(str, terms)), found=str(term))
    size = len(places)
    pairs = [places[true] * size + places[said] for true, said in zip(truth, prediction, strict=True)]
    counts = np.bincount(np.asarray(pairs, dtype=np.int64), minlength=size * size)
    return counts.reshape(size, size).astype(np.int64)


def accuracy(confusion: Confusion) -> float | None:
    """Return the share of cells that were predicted right, 0 to 1; ``None`` without any cell.

    Examples
    --------
    >>> accuracy(np.array([[3, 1], [0, 4]]))
    0.875
    """
    return _ratio(int(np.trace(confusion)), int(confusion.sum()))


def balanced_accuracy(confusion: Confusion) -> float | None:
    """Return the mean sensitivity over the classes that the truth has, 0 to 1; ``None`` without any cell.

    Examples
    --------
    >>> balanced_accuracy(np.array([[3, 1, 0], [0, 4, 0], [0, 0, 0]]))
    0.875
    """
    return _mean([share for share in sensitivity(confusion) if share is not None])


def precision(confusion: Confusion) -> tuple[float | None, ...]:
    """Return for each term ``TP / (TP + FP)``, 0 to 1; ``None`` for a term that was never predicted.

    Examples
    --------
    >>> precision(np.array([[3, 0], [1, 0]]))
    (0.75, None)
    """
    return tuple(_ratio(hit, all_) for hit, all_ in zip(*_right(confusion, axis=0), strict=True))


def sensitivity(confusion: Confusion) -> tuple[float | None, ...]:
    """Return for each term ``TP / (TP + FN)``, also called recall, 0 to 1; ``None`` for a term that the truth lacks.

    Examples
    --------
    >>> sensitivity(np.array([[3, 1], [0, 0]]))
    (0.75, None)
    """
    return tuple(_ratio(hit, all_) for hit, all_ in zip(*_right(confusion, axis=1), strict=True))


def f1(confusion: Confusion) -> tuple[float | None, ...]:
    """Return for each term ``2 TP / (2 TP + FP + FN)``, 0 to 1; ``None`` for a term neither true nor predicted.

    Where precision and sensitivity are defined it is their harmonic mean.

    Examples
    --------
    >>> f1(np.array([[3, 1, 0], [1, 0, 0], [0, 0, 0]]))
    (0.75, 0.0, None)
    """
    hits, true = _right(confusion, axis=1)
    _, said = _right(confusion, axis=0)
    return tuple(_ratio(2 * hit, one + other) for hit, one, other in zip(hits, true, said, strict=True))


def macro_f1(confusion: Confusion) -> float | None:
    """Return the mean F1 over the classes that the truth has, 0 to 1; ``None`` without any cell.

    Examples
    --------
    >>> macro_f1(np.array([[3, 1], [1, 3]]))
    0.75
    """
    present = confusion.sum(axis=1) > 0
    return _mean([score for score, there in zip(f1(confusion), present, strict=True) if there and score is not None])


def term_accuracy(confusion: Confusion) -> tuple[float | None, ...]:
    """Return for each term ``(TP + TN) / all``, 0 to 1; ``None`` without any cell.

    The paper prints it. It counts every cell of the other classes that was not called this one, so it is high for any
    rare class: read sensitivity and precision beside it.

    Examples
    --------
    >>> term_accuracy(np.array([[3, 1], [0, 4]]))
    (0.875, 0.875)
    """
    total = int(confusion.sum())
    hits, true = _right(confusion, axis=1)
    _, said = _right(confusion, axis=0)
    return tuple(_ratio(total - one - other + 2 * hit, total) for hit, one, other in zip(hits, true, said, strict=True))


def _right(confusion: Confusion, *, axis: int) -> tuple[list[int], list[int]]:
    """Return, for each term, how many were right, and how many there are along an axis."""
    return np.diag(confusion).tolist(), confusion.sum(axis=axis).tolist()


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _mean(shares: list[float]) -> float | None:
    return sum(shares) / len(shares) if shares else None
