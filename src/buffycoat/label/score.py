"""How a person does against a panel: what learners are scored by."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from buffycoat.domain.taxonomy import Taxonomy
from buffycoat.domain.teaching import ClassScore, Score, Share
from buffycoat.errors import InputError, TooFew
from buffycoat.label.levels import counted_as
from buffycoat.metrics.agreement import agreement_intervals, agreement_matrix, kappa_of
from buffycoat.metrics.intervals import wilson

__all__ = ["score_against"]

_NOTHING = Share(value=None, interval=None)
_ROUNDS = 1000


def score_against(
    smears: Sequence[Hashable],
    panel: Sequence[str],
    said: Sequence[str | None],
    *,
    taxonomy: Taxonomy,
    level: str,
    blank_counts: bool = True,
    seed: int = 0,
) -> Score:
    """Score a person's answers against those of a panel.

    Balanced accuracy is the mean over the panel's classes of the share that was found, so that the commonest class does
    not make the score. Kappa (Cohen 1960) takes off what chance gives; it is of the cells with an answer. Intervals of
    the whole draw smears, as cells of one smear are alike; those of a class are Wilson's.

    Parameters
    ----------
    smears : sequence
        The smear of each cell.
    panel : sequence of str
        The panel's term of each cell.
    said : sequence of str or None
        The person's; ``None`` where there is no answer.
    taxonomy : Taxonomy
        Whose terms they are.
    level : str
        At which answers are compared.
    blank_counts : bool
        Whether a cell without an answer counts as not found: whoever leaves out what is hard would do well otherwise.
    seed : int
        Of the intervals.

    Raises
    ------
    InputError
        Not one smear, panel's term and answer a cell.
    UnknownTerm
        The taxonomy has no such level or term.

    Examples
    --------
    >>> from buffycoat.domain.taxonomy import RAABIN
    >>> panel = ["lymphocyte.small", "lymphocyte.large", "monocyte", "monocyte"]
    >>> said = ["lymphocyte.large", "lymphocyte.large", "monocyte", None]
    >>> found = score_against(["s", "s", "t", "t"], panel, said, taxonomy=RAABIN, level="five-class")
    >>> found.accuracy.value, found.balanced.value, found.kappa.value
    (0.75, 0.75, 1.0)
    """
    if not len(smears) == len(panel) == len(said):
        raise InputError(
            "not one smear and answer a cell", expected=str(len(panel)), found=f"{len(smears)}, {len(said)}"
        )
    counted = counted_as(taxonomy, level)
    for term in {*panel, *(one for one in said if one is not None)} - counted.keys():
        taxonomy.term(term)  # raises, with the nearest
    blank = sum(one is None for one in said)
    places = [place for place, one in enumerate(said) if blank_counts or one is not None]
    truth = [counted[panel[place]] for place in places]
    given = [None if (one := said[place]) is None else counted[one] for place in places]
    groups = [smears[place] for place in places]
    smear_count = len(set(groups))
    if not places:
        return Score(
            level=level,
            cells=0,
            blank=blank,
            smears=0,
            accuracy=_NOTHING,
            balanced=_NOTHING,
            kappa=_NOTHING,
            classes=(),
        )
    names = sorted(set(truth), key=lambda key: (-truth.count(key), key))
    shape = smear_count, len(names)
    numbers = {group: number for number, group in enumerate(dict.fromkeys(groups))}
    codes = [numbers[group] * len(names) + names.index(key) for group, key in zip(groups, truth, strict=True)]
    equal = [one == other for one, other in zip(truth, given, strict=True)]
    cells = np.bincount(codes, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)
    found = np.bincount(codes, weights=equal, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)
    accuracy, balanced = _whole(cells, found, seed)
    return Score(
        level=level,
        cells=len(places),
        blank=blank,
        smears=smear_count,
        accuracy=accuracy,
        balanced=balanced,
        kappa=_kappa(groups, truth, given, seed),
        classes=tuple(_class(key, truth, given) for key in names),
    )


def _whole(cells: NDArray[np.float64], found: NDArray[np.float64], seed: int) -> tuple[Share, Share]:
    """Return accuracy and balanced accuracy; from how many cells there are, and are found, by smear and class.

    The intervals are those of :func:`buffycoat.metrics.intervals.bootstrap_by_group` with the same seed.
    """

    def shares(times: NDArray[np.float64]) -> NDArray[np.float64]:
        there, right = times @ cells, times @ found
        by_class = np.divide(right, there, out=np.zeros_like(right), where=there > 0)
        return np.stack([right.sum(axis=1) / there.sum(axis=1), by_class.sum(axis=1) / (there > 0).sum(axis=1)], axis=1)

    smears = len(cells)
    values = shares(np.ones((1, smears)))[0]
    if smears < 2:
        return Share(value=float(values[0]), interval=None), Share(value=float(values[1]), interval=None)
    draws = np.random.default_rng(seed).integers(smears, size=(_ROUNDS, smears)) + np.arange(_ROUNDS)[:, None] * smears
    times = np.bincount(draws.ravel(), minlength=_ROUNDS * smears).reshape(_ROUNDS, smears).astype(np.float64)
    low, high = np.quantile(shares(times), (0.025, 0.975), axis=0)
    made = [
        Share(value=float(value), interval=(float(a), float(b))) for value, a, b in zip(values, low, high, strict=True)
    ]
    return made[0], made[1]


def _class(key: str, truth: Sequence[str], given: Sequence[str | None]) -> ClassScore:
    cells, called = truth.count(key), sum(one == key for one in given)
    equal = sum(one == other == key for one, other in zip(truth, given, strict=True))
    return ClassScore(
        key=key, cells=cells, equal=equal, called=called, found=_share(equal, cells), right=_share(equal, called)
    )


def _share(part: int, whole: int) -> Share:
    return Share(value=part / whole, interval=wilson(part, whole)) if whole else _NOTHING


def _kappa(groups: Sequence[Hashable], truth: Sequence[str], given: Sequence[str | None], seed: int) -> Share:
    answered = [place for place, one in enumerate(given) if one is not None]
    first = [truth[place] for place in answered]
    second = [one for one in given if one is not None]
    terms = list(dict.fromkeys([*first, *second]))
    try:
        value = kappa_of(agreement_matrix(first, second, terms=terms))
    except TooFew:  # no cell, or one class only: undefined, not zero
        return _NOTHING
    smears = list(dict.fromkeys(groups[place] for place in answered))
    if len(smears) < 2:
        return Share(value=value, interval=None)
    matrices = np.stack(
        [
            agreement_matrix(
                [truth[place] for place in answered if groups[place] == smear],
                [one for place in answered if groups[place] == smear and (one := given[place]) is not None],
                terms=terms,
            )
            for smear in smears
        ]
    )
    return Share(value=value, interval=agreement_intervals(matrices, seed=seed).kappa)
