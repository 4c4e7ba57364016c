"""How a classifier is judged on one split: every cell counts, and what is undefined stays so."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from buffycoat.domain.value import value
from buffycoat.errors import InputError
from buffycoat.metrics.classification import (
    accuracy,
    balanced_accuracy,
    confusion_matrix,
    f1,
    precision,
    sensitivity,
    term_accuracy,
)
from buffycoat.metrics.intervals import bootstrap_by_group, wilson

__all__ = ["Evaluation", "evaluate"]


@value
class Evaluation:
    """The numbers of a scorecard; ``None`` means undefined, which is not zero. See ``domain.release.Scorecard``."""

    terms: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]
    accuracy: float | None
    balanced_accuracy: float | None
    interval: tuple[float, float] | None
    baseline: float | None
    per_term: Mapping[str, Mapping[str, float | None]]


def evaluate(
    truth: Sequence[str],
    prediction: Sequence[str | None],
    *,
    terms: Sequence[str],
    groups: Sequence[Hashable],
    baseline: str,
    seed: int,
) -> Evaluation:
    """Judge the predictions of one split.

    A cell without a prediction counts as wrong. The interval of the balanced accuracy is a bootstrap over groups
    (smears), 95 %; with one group only, it is Wilson's for a share of the same variance, which takes the cells for
    independent and is therefore too narrow.

    Parameters
    ----------
    truth : sequence of str
        The true term of each cell.
    prediction : sequence of str or None
        The predicted one; ``None`` where there is none, as where no nucleus was found.
    terms : sequence of str
        All terms, in the order of the rows and columns.
    groups : sequence
        The smear of each cell.
    baseline : str
        The term that the constant baseline answers.
    seed : int
        Of the bootstrap.

    Returns
    -------
    Evaluation
        ``confusion`` has a last column for cells without a prediction, where there are any.

    Raises
    ------
    InputError
        If there is not one prediction and one group a cell.
    UnknownTerm
        If a term is not among ``terms``.

    Examples
    --------
    >>> evaluation = evaluate(
    ...     ["a", "a", "b"], ["a", None, "b"], terms=["a", "b"], groups=[1, 2, 2], baseline="a", seed=0
    ... )
    >>> evaluation.confusion, evaluation.balanced_accuracy
    (((1, 0, 1), (0, 1, 0)), 0.75)
    """
    if len(groups) != len(truth):
        raise InputError("not one group a cell", expected=str(len(truth)), found=str(len(groups)))
    answers = [*terms, None]
    places = {term: place for place, term in enumerate(answers)}
    square = confusion_matrix(truth, prediction, terms=answers)
    known = square[: len(terms), : len(terms) + bool(square[:, -1].any())]
    columns = {"precision": precision, "sensitivity": sensitivity, "f1": f1, "accuracy": term_accuracy}
    scores = {name: score(square) for name, score in columns.items()}
    pairs = np.array([[places[true], places[said]] for true, said in zip(truth, prediction, strict=True)])
    drawn = partial(_balanced_accuracy_of, pairs.reshape(-1, 2), len(answers))
    return Evaluation(
        terms=tuple(terms),
        confusion=tuple(tuple(row) for row in known.tolist()),
        accuracy=accuracy(square),
        balanced_accuracy=balanced_accuracy(square),
        interval=bootstrap_by_group(drawn, groups, seed=seed) if len(set(groups)) > 1 else _of_one_group(square),
        baseline=sum(true == baseline for true in truth) / len(truth) if truth else None,
        per_term={term: {name: scores[name][places[term]] for name in columns} for term in terms},
    )


def _balanced_accuracy_of(pairs: NDArray[np.int64], size: int, drawn: NDArray[np.intp]) -> float | None:
    true, said = pairs[drawn].T
    counts = np.bincount(true * size + said, minlength=size * size).reshape(size, size)
    return balanced_accuracy(counts)


def _of_one_group(confusion: NDArray[np.int64]) -> tuple[float, float] | None:
    """Return Wilson's interval of a mean of shares, as of one share with the same variance if all shares are alike."""
    score = balanced_accuracy(confusion)
    if score is None:
        return None
    cells = confusion.sum(axis=1)
    cells = cells[cells > 0]
    equivalent = len(cells) ** 2 / float((1 / cells).sum())
    return wilson(score * equivalent, equivalent)
