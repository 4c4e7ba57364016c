"""Confusion matrices of drawn groups: many models on the same draws, so that their differences are paired."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from buffycoat.errors import InputError, TooFew

__all__ = [
    "accuracies",
    "balanced_accuracies",
    "confusions_by_group",
    "draw_confusions",
    "macro_f1s",
    "percentiles",
    "scores_by_class",
]

# How many numbers a block of draws may hold: 32 MB.
_BLOCK = 4_000_000


def confusions_by_group(
    truth: NDArray[np.integer], answers: NDArray[np.integer], groups: Sequence[Hashable], *, classes: int
) -> NDArray[np.int64]:
    """Count answers by group, model, true class and answer.

    Parameters
    ----------
    truth : ndarray
        Shape (n,): the true class of each cell, 0 to ``classes - 1``.
    answers : ndarray
        Shape (models, n): what each model said; ``-1`` where it said nothing, which is an error of its own column.
    groups : sequence
        Of length n: the smear, photograph or cell.
    classes : int
        How many.

    Returns
    -------
    ndarray
        int64 of shape (groups, models, classes, classes + 1); groups in the order in which they first come.

    Raises
    ------
    InputError
        If the shapes do not fit, or a class is none of those.

    Examples
    --------
    >>> counted = confusions_by_group(np.array([0, 0, 1]), np.array([[0, -1, 0]]), ["a", "b", "b"], classes=2)
    >>> counted[:, 0].tolist()
    [[[1, 0, 0], [0, 0, 0]], [[0, 0, 1], [1, 0, 0]]]
    """
    if answers.ndim != 2 or answers.shape[1:] != truth.shape or len(groups) != len(truth):
        raise InputError(
            "truth, answers and groups are not of the same cells",
            expected=f"{len(truth)} of each",
            found=f"answers {answers.shape}, {len(groups)} groups",
        )
    strange = any(
        each.size and (each.min() < low or each.max() >= classes) for each, low in ((truth, 0), (answers, -1))
    )
    if strange:
        raise InputError("a class is not among the terms", expected=f"0 to {classes - 1}", found="another number")
    numbers = {name: number for number, name in enumerate(dict.fromkeys(groups))}
    group = np.array([numbers[name] for name in groups], np.int64)
    models = len(answers)
    said = np.where(answers < 0, classes, answers)
    places = ((group * models + np.arange(models)[:, None]) * classes + truth) * (classes + 1) + said
    size = len(numbers) * models * classes * (classes + 1)
    counts = np.bincount(places.ravel(), minlength=size)
    return counts.reshape(len(numbers), models, classes, classes + 1).astype(np.int64)


def draw_confusions(
    by_group: NDArray[np.int64], *, seed: int | Sequence[int], rounds: int = 1000
) -> NDArray[np.float64]:
    """Draw groups with replacement, as many as there are, and add up their confusion matrices.

    Every model sees the same draws: the difference of two models' scores, round by round, is a paired bootstrap.

    Parameters
    ----------
    by_group : ndarray
        Shape (groups, models, classes, answers).
    seed : int or sequence of int
        Of the draws.
    rounds : int
        How many.

    Returns
    -------
    ndarray
        float64 of shape (rounds, models, classes, answers): whole numbers.

    Raises
    ------
    TooFew
        If there are fewer than two groups.

    Examples
    --------
    >>> by_group = np.array([[[[2, 0]]], [[[0, 1]]]])
    >>> sorted({tuple(each) for each in draw_confusions(by_group, seed=0, rounds=50)[:, 0, 0].tolist()})
    [(0.0, 2.0), (2.0, 1.0), (4.0, 0.0)]
    """
    groups = len(by_group)
    if groups < 2:
        raise TooFew("an interval by group needs groups", expected="at least 2", found=str(groups))
    chances = np.full(groups, 1 / groups)
    flat = by_group.reshape(groups, -1).astype(np.float64)
    random = np.random.default_rng(seed)
    block = max(1, _BLOCK // max(groups, flat.shape[1]))
    parts = [
        random.multinomial(groups, chances, size=min(block, rounds - start)) @ flat for start in range(0, rounds, block)
    ]
    return np.concatenate(parts).reshape(rounds, *by_group.shape[1:])


def accuracies(confusions: NDArray[np.number]) -> NDArray[np.float64]:
    """Return the share of right answers of each matrix, 0 to 1; not a number where a matrix counts nothing.

    Parameters
    ----------
    confusions : ndarray
        Shape (..., classes, answers): rows truth; the first ``classes`` columns are the classes.

    Examples
    --------
    >>> accuracies(np.array([[[3, 1, 0], [0, 3, 1]]])).tolist()
    [0.75]
    """
    right = np.trace(confusions, axis1=-2, axis2=-1)
    return _share(right, confusions.sum(axis=(-2, -1)))


def balanced_accuracies(confusions: NDArray[np.number], classes: Sequence[int] | None = None) -> NDArray[np.float64]:
    """Return the mean sensitivity of each matrix, 0 to 1; not a number where it is undefined.

    Parameters
    ----------
    confusions : ndarray
        Shape (..., classes, answers).
    classes : sequence of int, optional
        Over which; a matrix that lacks one of them has no such mean, so that all draws speak of the same. Without them
        it is over the classes that each matrix has.

    Examples
    --------
    >>> matrices = np.array([[[3, 1, 0], [0, 3, 3]], [[0, 0, 0], [0, 3, 1]]])
    >>> balanced_accuracies(matrices).tolist(), balanced_accuracies(matrices, [0, 1]).tolist()
    ([0.625, 0.75], [0.625, nan])
    """
    cells = confusions.sum(axis=-1)
    right = np.diagonal(confusions, axis1=-2, axis2=-1)
    return _mean_over(right / np.maximum(cells, 1), cells > 0, classes)


def scores_by_class(confusions: NDArray[np.number]) -> NDArray[np.float64]:
    """Return precision, sensitivity, F1 and accuracy of each class against the rest, 0 to 1.

    Equations 1 to 4 of Kouzehkanan et al. 2022: ``TP / (TP + FP)``, ``TP / (TP + FN)``, ``2 P S / (P + S)`` and
    ``(TP + TN) / all``. Not a number where the denominator is 0: for precision a class that was never answered.

    Parameters
    ----------
    confusions : ndarray
        Shape (..., classes, answers).

    Returns
    -------
    ndarray
        float64 of shape (..., classes, 4), in that order.

    Examples
    --------
    >>> scores_by_class(np.array([[3, 1, 0], [0, 3, 1]]))[1].tolist()
    [0.75, 0.75, 0.75, 0.75]
    """
    classes = confusions.shape[-2]
    hits = np.diagonal(confusions, axis1=-2, axis2=-1)
    true = confusions.sum(axis=-1)
    said = confusions.sum(axis=-2)[..., :classes]
    every = np.broadcast_to(true.sum(axis=-1, keepdims=True), true.shape)
    parts = (
        _share(hits, said),
        _share(hits, true),
        _share(2 * hits, true + said),
        _share(every - true - said + 2 * hits, every),
    )
    return np.stack(parts, axis=-1)


def macro_f1s(confusions: NDArray[np.number], classes: Sequence[int] | None = None) -> NDArray[np.float64]:
    """Return the mean F1 of each matrix, 0 to 1; ``classes`` as for ``balanced_accuracies``.

    Examples
    --------
    >>> macro_f1s(np.array([[3, 1, 0], [0, 3, 1]])).tolist()
    0.8035714285714286
    """
    return _mean_over(scores_by_class(confusions)[..., 2], confusions.sum(axis=-1) > 0, classes)


def percentiles(drawn: NDArray[np.float64], *, confidence: float = 0.95) -> tuple[float, float] | None:
    """Return the percentile interval of a statistic over draws; undefined draws are left out, ``None`` if all are.

    Examples
    --------
    >>> percentiles(np.array([0.0, 0.25, 0.5, 0.75, 1.0, np.nan]), confidence=0.5)
    (0.25, 0.75)
    """
    defined = drawn[~np.isnan(drawn)]
    if len(defined) == 0:
        return None
    low, high = np.quantile(defined, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)


def _share(part: NDArray[np.number], whole: NDArray[np.number]) -> NDArray[np.float64]:
    return np.where(whole > 0, part / np.maximum(whole, 1), np.nan)


def _mean_over(
    scores: NDArray[np.float64], there: NDArray[np.bool_], classes: Sequence[int] | None
) -> NDArray[np.float64]:
    if classes is None:
        return _share(np.where(there, scores, 0.0).sum(axis=-1), there.sum(axis=-1))
    chosen = list(classes)
    whole = there[..., chosen].all(axis=-1) & bool(chosen)
    return _share(np.where(there, scores, 0.0)[..., chosen].sum(axis=-1), np.where(whole, len(chosen), 0))
