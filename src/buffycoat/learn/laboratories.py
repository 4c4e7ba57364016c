"""How a classifier does in a laboratory that it has never seen: each one left out once, and judged alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Final

from buffycoat.domain.value import value
from buffycoat.errors import InputError, TooFew
from buffycoat.learn.protocol import Evaluation, evaluate
from buffycoat.metrics.classification import balanced_accuracy, confusion_matrix, macro_f1

__all__ = ["FEWEST_CELLS", "Fold", "UnseenScore", "judge_unseen", "leave_one_out"]

FEWEST_CELLS: Final = 8
"""Of a class, for it to count in the balanced accuracy: with one cell it would be 0 or 1."""


@value
class Fold:
    """Cells by place: those of one laboratory are judged, all others may be learned from."""

    name: str
    train: tuple[int, ...]
    test: tuple[int, ...]


@value
class UnseenScore:
    """How it went in one laboratory.

    Parameters
    ----------
    laboratory : str
        Which was left out.
    cells, unanswered : int
        How many were judged, and how many of them had no answer: those are errors.
    balanced_accuracy : float
        Over the classes with at least ``FEWEST_CELLS`` cells.
    interval : tuple of float
        95 %, of that figure.
    judged : tuple of str
        The classes it is over.
    all_classes : float
        Balanced accuracy over all classes that are present.
    macro_f1 : float
        Over all classes that are present.
    confusion : tuple of tuple of int
        Rows are the truth, in the order of the terms; the last column holds what has no answer, where there is such.
    """

    laboratory: str
    cells: int
    unanswered: int
    balanced_accuracy: float
    interval: tuple[float, float] | None
    judged: tuple[str, ...]
    all_classes: float
    macro_f1: float
    confusion: tuple[tuple[int, ...], ...]


def leave_one_out(facet: Sequence[str | None]) -> tuple[Fold, ...]:
    """Return a fold for each laboratory, or whatever the facet tells apart: microscope, stain, camera.

    Parameters
    ----------
    facet : sequence of str or None
        Of each cell. Cells of which it is not known are refused: they could be of the laboratory that is left out.

    Raises
    ------
    InputError
        If it is not known of a cell.
    TooFew
        If there are not two.

    Examples
    --------
    >>> [(fold.name, fold.train, fold.test) for fold in leave_one_out(["a", "b", "a"])]
    [('a', (1,), (0, 2)), ('b', (0, 2), (1,))]
    """
    unknown = sum(each is None for each in facet)
    if unknown:
        raise InputError(
            "it is not known where every cell comes from",
            expected="a laboratory for each",
            found=f"none for {unknown} of {len(facet)}",
            hint="leave these cells out, or choose a facet that all have",
        )
    names = sorted({each for each in facet if each is not None})
    if len(names) < 2:
        raise TooFew("nothing is left to learn from", expected="at least two laboratories", found=", ".join(names))
    return tuple(
        Fold(
            name=name,
            train=tuple(place for place, each in enumerate(facet) if each != name),
            test=tuple(place for place, each in enumerate(facet) if each == name),
        )
        for name in names
    )


def judge_unseen(
    laboratory: str,
    truth: Sequence[str],
    prediction: Sequence[str | None],
    *,
    terms: Sequence[str],
    groups: Sequence[Hashable],
    fewest: int = FEWEST_CELLS,
    seed: int = 0,
) -> UnseenScore:
    """Judge the answers in a laboratory that was left out.

    Parameters
    ----------
    laboratory : str
        Its name.
    truth : sequence of str
        Of ``terms``.
    prediction : sequence of str or None
        One of the terms. Anything else, ``None`` and "not a white cell" included, is no answer and wrong.
    terms : sequence of str
        The classes.
    groups : sequence
        What the bootstrap draws: the smear of each cell where it is known, else its photograph.
    fewest : int
        Cells of a class, for it to count.
    seed : int
        Of the bootstrap.

    Raises
    ------
    TooFew
        If no class has so many cells.
    InputError
        If there is not one prediction and one group a cell.
    UnknownTerm
        If a true term is not among ``terms``.

    Examples
    --------
    >>> found = judge_unseen(
    ...     "b", ["x", "x", "y"], ["x", None, "y"], terms=["x", "y"], groups=[0, 1, 2], fewest=2
    ... )
    >>> found.balanced_accuracy, found.judged, found.all_classes, found.unanswered
    (0.5, ('x',), 0.75, 1)
    """
    answers = [said if said in terms else None for said in prediction]
    whole = confusion_matrix(truth, answers, terms=[*terms, None])
    counts = Counter(truth)
    judged = tuple(term for term in terms if counts[term] >= fewest)
    if not judged:
        raise TooFew(
            f"{laboratory}: too few cells to judge by", expected=f"{fewest} of a class", found=str(dict(counts))
        )
    kept = [place for place, true in enumerate(truth) if true in judged]
    found: Evaluation = evaluate(
        [truth[place] for place in kept],
        [answers[place] for place in kept],
        terms=terms,
        groups=[groups[place] for place in kept],
        baseline=counts.most_common(1)[0][0],
        seed=seed,
    )
    unanswered = sum(each is None for each in answers)
    return UnseenScore(
        laboratory=laboratory,
        cells=len(truth),
        unanswered=unanswered,
        balanced_accuracy=found.balanced_accuracy or 0.0,
        interval=found.interval,
        judged=judged,
        all_classes=balanced_accuracy(whole) or 0.0,
        macro_f1=macro_f1(whole) or 0.0,
        confusion=tuple(tuple(row) for row in whole[: len(terms), : len(terms) + bool(unanswered)].tolist()),
    )
