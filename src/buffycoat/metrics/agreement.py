"""Agreement of two experts on the same cells."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from buffycoat.errors import InputError, TooFew, UnknownTerm
from buffycoat.metrics.agreement_counts import (
    AgreementIntervals,
    ac1_of,
    agreement_intervals,
    kappa_of,
    kappas_by_class,
    raw_of,
    specific_agreement,
)

__all__ = [
    "AgreementIntervals",
    "ac1_of",
    "agreement_intervals",
    "agreement_matrix",
    "cohen_kappa",
    "gwet_ac1",
    "kappa_of",
    "kappas_by_class",
    "raw_agreement",
    "raw_of",
    "specific_agreement",
]


def agreement_matrix(
    first: Sequence[Hashable], second: Sequence[Hashable], *, terms: Sequence[Hashable]
) -> NDArray[np.int64]:
    """Count how often each pair of answers was given: Table 4 of Kouzehkanan et al. 2022.

    Parameters
    ----------
    first, second : sequence
        The answers of two experts to the same cells, in the same order.
    terms : sequence
        The rows and columns, in order; each once.

    Returns
    -------
    ndarray
        int64 of shape (terms, terms); rows are the first expert's answers, columns the second's.

    Raises
    ------
    InputError
        If the experts answered different numbers of cells.
    UnknownTerm
        If an answer is not among the terms.

    Examples
    --------
    >>> agreement_matrix(["band", "band"], ["band", "smudge"], terms=["band", "smudge"]).tolist()
    [[1, 1], [0, 0]]
    """
    _check_lengths(first, second)
    places = {term: place for place, term in enumerate(terms)}
    for answer in {*first, *second}:
        if answer not in places:
            raise UnknownTerm(
                "an answer is not among the terms", expected=", ".join(map(str, terms)), found=str(answer)
            )
    matrix = np.zeros((len(places), len(places)), dtype=np.int64)
    rows, columns = ([places[answer] for answer in answers] for answers in (first, second))
    np.add.at(matrix, (rows, columns), 1)
    return matrix


def raw_agreement(first: Sequence[Hashable], second: Sequence[Hashable]) -> float:
    """Return the share of cells to which two experts gave the same answer, 0 to 1.

    Raises
    ------
    InputError
        If the experts answered different numbers of cells.
    TooFew
        If there is no cell.

    Examples
    --------
    >>> raw_agreement(["band", "smudge"], ["band", "band"])
    0.5
    """
    _check_lengths(first, second)
    if len(first) == 0:
        raise TooFew("agreement needs cells that both experts answered", expected="at least 1", found="0")
    return sum(one == other for one, other in zip(first, second, strict=True)) / len(first)


def cohen_kappa(first: Sequence[Hashable], second: Sequence[Hashable]) -> float:
    """Return Cohen's kappa: the agreement of two experts beyond what chance gives, at most 1.

    ``(po - pe) / (1 - pe)``, with ``po`` the share of equal answers and ``pe`` the share expected of two experts who
    answer at random with the same frequencies (Cohen 1960). Unlabeled cells have no answer: leave them out first.

    Parameters
    ----------
    first, second : sequence
        The answers of two experts to the same cells, in the same order.

    Returns
    -------
    float
        1 for full agreement, 0 for that of chance, below 0 for less.

    Raises
    ------
    InputError
        If the experts answered different numbers of cells.
    TooFew
        If there is no cell, or both experts gave one and the same answer throughout: then ``1 - pe`` is 0.

    Examples
    --------
    >>> round(cohen_kappa(["band", "smudge", "band"], ["band", "smudge", "smudge"]), 2)
    0.4
    """
    _check_lengths(first, second)
    terms = list(dict.fromkeys([*first, *second]))
    if len(terms) < 2:
        raise TooFew("kappa is undefined", expected="at least 2 different answers", found=str(len(terms)))
    return kappa_of(agreement_matrix(first, second, terms=terms))


def gwet_ac1(first: Sequence[Hashable], second: Sequence[Hashable], *, terms: Sequence[Hashable]) -> float:
    """Return Gwet's AC1: agreement beyond chance that does not fall where nearly all cells are of one class.

    ``(po - pe) / (1 - pe)`` with ``pe = sum(p * (1 - p)) / (q - 1)`` over the ``q`` terms, ``p`` being the mean of both
    experts' shares of a term (Gwet 2008, British Journal of Mathematical and Statistical Psychology 61:29-48).

    Parameters
    ----------
    first, second : sequence
        The answers of two experts to the same cells, in the same order.
    terms : sequence
        All terms that the experts could choose from, given or not: their number is part of the formula.

    Returns
    -------
    float
        1 for full agreement, 0 for that of chance, below 0 for less.

    Raises
    ------
    InputError
        If the experts answered different numbers of cells.
    UnknownTerm
        If an answer is not among the terms.
    TooFew
        If there is no cell, or fewer than two terms.

    Examples
    --------
    >>> round(gwet_ac1(["band", "smudge", "band"], ["band", "smudge", "smudge"], terms=["band", "smudge"]), 2)
    0.33
    """
    return ac1_of(agreement_matrix(first, second, terms=terms))


def _check_lengths(first: Sequence[Hashable], second: Sequence[Hashable]) -> None:
    if len(first) != len(second):
        raise InputError(
            "the experts answered different numbers of cells", expected=str(len(first)), found=str(len(second))
        )
