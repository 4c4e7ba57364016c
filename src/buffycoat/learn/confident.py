"""Labels that are probably wrong, from what a classifier says of cells that it has not learned from."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from buffycoat.domain.value import value
from buffycoat.errors import InputError, TooFew

__all__ = ["SuspectLabel", "confident_counts", "out_of_fold", "suspect_labels"]

FEWEST: int = 10
"""Of a class, for it to be learned and judged: with fewer, a fold may have none."""
FOLDS: int = 5
_COST = 30.0


@value
class SuspectLabel:
    """A label that is probably wrong.

    Parameters
    ----------
    place : int
        Of the cell.
    label, proposed : int
        What it is called, and what it more likely is.
    margin : float
        How much likelier, -1 to 1: the larger, the surer.
    """

    place: int
    label: int
    proposed: int
    margin: float


def confident_counts(labels: Sequence[int], chances: NDArray[np.floating]) -> NDArray[np.int64]:
    """Count cells by what they are called and what they surely are: the confident joint.

    A cell is surely of a class where that class has at least the probability that cells called so have on average. Of
    several such classes it is of the likeliest. Northcutt, Jiang and Chuang, J. Artif. Intell. Res. 70 (2021), 3.1.

    Parameters
    ----------
    labels : sequence of int
        Of each cell, from 0.
    chances : ndarray
        float, shape (n, classes): by a classifier that has not learned from the cell.

    Returns
    -------
    ndarray
        int64, shape (classes, classes): rows are labels.

    Raises
    ------
    InputError
        Not one label a cell, or one that is no class.

    Examples
    --------
    >>> chances = np.array([[0.9, 0.1], [0.8, 0.2], [0.1, 0.9], [0.2, 0.8], [0.1, 0.9]])
    >>> confident_counts([0, 0, 0, 1, 1], chances).tolist()
    [[2, 1], [0, 1]]
    """
    return _joint(_checked(labels, chances), chances)[0]


def _checked(labels: Sequence[int], chances: NDArray[np.floating]) -> NDArray[np.int64]:
    truth = np.array(labels, np.int64)
    if chances.ndim != 2 or len(truth) != len(chances):
        raise InputError("not one label a cell", expected=str(len(chances)), found=str(len(truth)))
    if len(truth) and not 0 <= truth.min() <= truth.max() < chances.shape[1]:
        raise InputError("a label is no class", expected=f"0 to {chances.shape[1] - 1}", found=str(truth.max()))
    return truth


def _joint(
    truth: NDArray[np.int64], chances: NDArray[np.floating]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Return the counts, which class each cell surely is of, and of which cells that is known at all."""
    classes = chances.shape[1]
    usual = np.array(
        [chances[truth == each, each].mean() if (truth == each).any() else np.inf for each in range(classes)]
    )
    enough = chances >= usual
    surely = np.where(enough, chances, -1.0).argmax(axis=1)
    known = enough.any(axis=1)
    counts = np.zeros((classes, classes), np.int64)
    np.add.at(counts, (truth[known], surely[known]), 1)
    return counts, np.asarray(surely, np.int64), np.asarray(known, np.bool_)


def suspect_labels(labels: Sequence[int], chances: NDArray[np.floating]) -> tuple[SuspectLabel, ...]:
    """Return labels that are probably wrong, the surest first.

    Of each pair of classes as many as the confident joint, scaled to the counts of the labels, holds beside its
    diagonal: those whose margin is largest (pruning by noise rate, section 3.2 of the same paper), and of these only
    such as are surely of another class.

    Parameters
    ----------
    labels, chances
        As for :func:`confident_counts`.

    Examples
    --------
    >>> chances = np.array([[0.9, 0.1], [0.8, 0.2], [0.1, 0.9], [0.2, 0.8], [0.1, 0.9]])
    >>> [(each.place, each.proposed) for each in suspect_labels([0, 0, 0, 1, 1], chances)]
    [(2, 1)]
    """
    truth = _checked(labels, chances)
    counts, surely, known = _joint(truth, chances)
    found = []
    for label in range(chances.shape[1]):
        cells = np.flatnonzero(truth == label)
        total = counts[label].sum()
        if not len(cells) or not total:
            continue
        for other in np.flatnonzero(counts[label]).tolist():
            if other == label:
                continue
            wanted = round(len(cells) * counts[label, other] / total)
            margins = chances[cells, other] - chances[cells, label]
            for place in cells[np.argsort(-margins, kind="stable")[:wanted]].tolist():
                if known[place] and surely[place] == other:
                    margin = float(chances[place, other] - chances[place, label])
                    found.append(SuspectLabel(place=place, label=label, proposed=other, margin=margin))
    return tuple(sorted(found, key=lambda each: (-each.margin, each.place)))


def out_of_fold(
    embeddings: NDArray[np.floating], labels: Sequence[int], groups: Sequence[Hashable], *, classes: int, seed: int = 0
) -> NDArray[np.float64]:
    """Return the probability of each class by linear machines that have not learned from the cell or its group.

    Parameters
    ----------
    embeddings : ndarray
        float, shape (n, numbers).
    labels : sequence of int
        Of each cell, from 0.
    groups : sequence
        Of each cell: what must not be parted, such as the cells of one photograph.
    classes : int
        How many there are.
    seed : int
        Which groups go together.

    Returns
    -------
    ndarray
        float64, shape (n, classes); a class that a fold has no cell of has probability 0 there.

    Raises
    ------
    InputError
        Not one label and group a cell.
    TooFew
        Fewer than five groups, or fewer than two classes with ten cells.
    """
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 (slow to import)
    from sklearn.model_selection import StratifiedGroupKFold  # noqa: PLC0415 (as above)

    if not len(embeddings) == len(labels) == len(groups):
        raise InputError(
            "not one label and group a cell", expected=str(len(embeddings)), found=f"{len(labels)}, {len(groups)}"
        )
    truth = np.array(labels, np.int64)
    if (count := len(set(groups))) < FOLDS:
        raise TooFew("too few photographs to learn from the others", expected=f"at least {FOLDS}", found=str(count))
    if (often := int((np.bincount(truth, minlength=classes) >= FEWEST).sum())) < 2:
        raise TooFew(f"too few classes with {FEWEST} cells", expected="at least 2", found=str(often))
    names = {group: number for number, group in enumerate(dict.fromkeys(groups))}
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    found = np.zeros((len(truth), classes))
    for train, test in folds.split(embeddings, truth, [names[group] for group in groups]):
        if len(set(truth[train].tolist())) < 2:
            found[test, truth[train][0]] = 1
            continue
        machine = LogisticRegression(C=_COST, max_iter=400).fit(embeddings[train], truth[train])
        found[np.ix_(test, machine.classes_)] = machine.predict_proba(embeddings[test])
    return found
