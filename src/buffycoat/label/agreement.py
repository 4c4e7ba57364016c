"""How far two experts agree on the same cells, at any level of the taxonomy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from buffycoat.domain.taxonomy import FULL, Taxonomy, TermKind
from buffycoat.domain.value import value
from buffycoat.errors import InputError
from buffycoat.label.coded_answers import AgreementRow, Codes, encode_answers, number_groups, rows_at
from buffycoat.label.levels import classes_of
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
    "AgreementReport",
    "AgreementRow",
    "AgreementStatistics",
    "ClassAgreement",
    "ConfusedPair",
    "Estimate",
    "agreement_report",
    "class_counts",
]


@value
class Estimate:
    """A number and its interval by smear; ``None`` where undefined, an interval also where there is one smear only."""

    value: float | None
    interval: tuple[float, float] | None


@value
class AgreementStatistics:
    """Agreement on the cells that both experts labeled. ``offered``: of how many terms the experts chose, for AC1."""

    offered: int
    cells: int
    equal: int
    raw: Estimate
    kappa: Estimate
    ac1: Estimate


@value
class ClassAgreement:
    """Agreement on one class: how often each expert and both gave it, specific agreement, kappa against all others."""

    key: str
    first: int
    second: int
    both: int
    agreement: float | None
    kappa: float | None


@value
class ConfusedPair:
    """Two rows that the experts confused. ``share``: of the both-labeled cells that either expert put in either row."""

    pair: tuple[str, str]
    cells: int
    share: float


@value
class AgreementReport:
    """Two experts on the same cells, at a level; at ``full`` terms are compared as they are.

    Parameters
    ----------
    experts : tuple of str
        Rows of the matrix, then columns.
    taxonomy : str
        Name and version.
    rows : tuple of AgreementRow
        Classes, then terms outside the level, then "not recognized", then no label.
    matrix : tuple of tuple of int
        All cells, those without a label too.
    smears : int
        That hold cells labeled by both: what the intervals draw from.
    both_labeled, offered, equal, raw, kappa, ac1
        On the cells that both labeled, compared as ``merge`` says; see :class:`AgreementStatistics`.
    differ_within : int
        Cells that both put in one class, with different terms.
    classes : AgreementStatistics, optional
        The same on the cells that both put in a class of the level; ``None`` at the level ``full``.
    """

    experts: tuple[str, str]
    taxonomy: str
    level: str
    merge: Literal["after", "before"]
    rows: tuple[AgreementRow, ...]
    matrix: tuple[tuple[int, ...], ...]
    smears: int
    cells: int
    never_labeled: int
    one_label: int
    both_labeled: int
    offered: int
    equal: int
    raw: Estimate
    kappa: Estimate
    ac1: Estimate
    differ_within: int
    classes: AgreementStatistics | None
    per_class: tuple[ClassAgreement, ...]
    confused: tuple[ConfusedPair, ...]
    not_recognized_by_both: int
    simulated: bool


def agreement_report(  # noqa: PLR0913 (who, what, and how to compare)
    smears: Sequence[Hashable],
    first: Sequence[str | None],
    second: Sequence[str | None],
    *,
    taxonomy: Taxonomy,
    level: str = FULL,
    merge: Literal["after", "before"] = "before",
    seed: int = 0,
    experts: tuple[str, str] = ("first expert", "second expert"),
    simulated: bool = False,
) -> AgreementReport:
    """Compare two experts: Table 4 of Kouzehkanan et al. 2022, with statistics and intervals by smear.

    Parameters
    ----------
    smears : sequence
        The smear of each cell.
    first, second : sequence of str or None
        Each expert's term of each cell by its key; ``None`` where it gave none.
    taxonomy : Taxonomy
        Whose terms they are.
    level : str
        At which to compare; ``full`` for terms as they are.
    merge : {"after", "before"}
        Merge terms into classes before comparing, or after: then only equal terms agree, whatever their class, and the
        statistics are those of the terms. The matrix and the classes are merged either way.
    seed : int
        Of the intervals.
    experts : tuple of str
        What to call them.
    simulated : bool
        Whether one of them is simulated.

    Raises
    ------
    InputError
        If the sequences are of different lengths, or ``merge`` is another word.
    UnknownTerm
        If an answer is no term of the taxonomy, or there is no such level.

    Examples
    --------
    >>> from buffycoat.domain.taxonomy import RAABIN
    >>> first, second = ["lymphocyte.small", "monocyte", None], ["lymphocyte.large", "monocyte", None]
    >>> found = agreement_report(["s1", "s1", "s2"], first, second, taxonomy=RAABIN, level="five-class")
    >>> found.equal, found.differ_within, found.never_labeled, found.kappa.value, found.kappa.interval
    (2, 1, 1, 1.0, None)
    """
    if merge not in ("after", "before"):
        raise InputError("no such way to merge", expected="'after' or 'before'", found=repr(merge))
    if len(smears) != len(first):
        raise InputError("not one smear a cell", expected=str(len(first)), found=str(len(smears)))
    said = encode_answers(first, second, taxonomy)
    rows, places = rows_at(taxonomy, level, said)
    none = len(rows) - 1
    matrix = _count(places[said], len(rows))
    labeled = (said >= 0).sum(axis=0)
    both = labeled == 2
    groups, terms = number_groups(smear for smear, here in zip(smears, both, strict=True) if here), said[:, both]
    classes = places[terms]
    leaves = rows_at(taxonomy, FULL, said) if merge == "after" else (rows, places)
    compared = leaves[1][terms]
    found = _statistics(compared, groups, len(leaves[0]) - 1, seed)
    inner = None
    if level != FULL:
        # What was offered inside the level: its classes, or the terms that lie in them.
        names = len(classes_of(taxonomy, level))
        inside = (classes < names).all(axis=0)
        offered = np.unique(leaves[1][:-1][places[:-1] < names])
        offered = offered[offered < len(leaves[0]) - 1]
        inner = _statistics(np.searchsorted(offered, compared[:, inside]), groups[inside], len(offered), seed)
    undecided = {term.key for term in taxonomy.terms if term.kind is TermKind.UNDECIDED}
    answered = matrix[:none, :none]
    return AgreementReport(
        experts=experts,
        taxonomy=taxonomy.reference,
        level=level,
        merge=merge,
        rows=rows,
        matrix=tuple(tuple(row) for row in matrix.tolist()),
        smears=len(np.unique(groups)),
        cells=len(first),
        never_labeled=int((labeled == 0).sum()),
        one_label=int((labeled == 1).sum()),
        both_labeled=found.cells,
        offered=found.offered,
        equal=found.equal,
        raw=found.raw,
        kappa=found.kappa,
        ac1=found.ac1,
        differ_within=int(((classes[0] == classes[1]) & (terms[0] != terms[1])).sum()),
        classes=inner,
        per_class=_per_class(answered, rows),
        confused=_confused(answered, rows),
        not_recognized_by_both=sum(int(matrix[at, at]) for at, row in enumerate(rows) if row.key in undecided),
        simulated=simulated,
    )


def class_counts(
    first: Sequence[str | None],
    second: Sequence[str | None],
    *,
    taxonomy: Taxonomy,
    level: str,
    rule: Literal["released", "merged"] = "released",
) -> Mapping[str, int]:
    """Count the cells on which two experts agree, by class of a level.

    Parameters
    ----------
    first, second : sequence of str or None
        Each expert's term of each cell by its key; ``None`` where it gave none.
    taxonomy : Taxonomy
        Whose terms they are.
    level : str
        Whose classes to count.
    rule : {"released", "merged"}
        As in the released crops, the terms must be equal, and are merged into classes then; or they are merged first,
        so that a small and a large lymphocyte agree.

    Returns
    -------
    mapping
        Classes in the order of the level, also those without a cell.

    Raises
    ------
    InputError
        If the experts answered different numbers of cells, or ``rule`` is another word.
    UnknownTerm
        If an answer is no term of the taxonomy, or there is no such level.

    Examples
    --------
    >>> from buffycoat.domain.taxonomy import RAABIN
    >>> first, second = ["lymphocyte.small", "lymphocyte.small"], ["lymphocyte.small", "lymphocyte.large"]
    >>> class_counts(first, second, taxonomy=RAABIN, level="five-class")["lymphocyte"]
    1
    """
    if rule not in ("released", "merged"):
        raise InputError("no such rule", expected="'released' or 'merged'", found=repr(rule))
    said = encode_answers(first, second, taxonomy)
    if level == FULL:
        both = Counter(one for one, other in zip(first, second, strict=True) if one is not None and one == other)
        return {key: both[key] for key in dict.fromkeys([*taxonomy.levels[FULL], *both])}
    names = classes_of(taxonomy, level)
    _, places = rows_at(taxonomy, level, said)
    compared = said if rule == "released" else places[said]
    equal = (compared[0] == compared[1]) & (said >= 0).all(axis=0)
    counts = np.bincount(places[said[0][equal]], minlength=len(names))
    return {name: int(counts[at]) for at, name in enumerate(names)}


def _count(codes: Codes, size: int) -> NDArray[np.int64]:
    counts = np.bincount(codes[0] * size + codes[1], minlength=size * size)
    return counts.reshape(size, size).astype(np.int64)


def _statistics(codes: Codes, groups: Codes, size: int, seed: int) -> AgreementStatistics:
    """Return the statistics of cells that both labeled, each code one of ``size`` terms offered."""
    smears, groups = np.unique(groups, return_inverse=True)
    cells = (groups * size + codes[0]) * size + codes[1]
    matrices = np.bincount(cells, minlength=len(smears) * size * size).reshape(len(smears), size, size)
    matrix = matrices.sum(axis=0)
    count, equal = int(matrix.sum()), int(np.trace(matrix))
    none = AgreementIntervals(raw=None, kappa=None, ac1=None)
    bounds = agreement_intervals(matrices, seed=seed) if len(smears) > 1 else none
    varied = ((matrix.sum(axis=0) + matrix.sum(axis=1)) > 0).sum() > 1
    return AgreementStatistics(
        offered=size,
        cells=count,
        equal=equal,
        raw=Estimate(value=raw_of(matrix) if count else None, interval=bounds.raw),
        kappa=Estimate(value=kappa_of(matrix) if varied else None, interval=bounds.kappa if varied else None),
        ac1=Estimate(value=ac1_of(matrix) if count and size > 1 else None, interval=bounds.ac1),
    )


def _per_class(matrix: NDArray[np.int64], rows: Sequence[AgreementRow]) -> tuple[ClassAgreement, ...]:
    shares, kappas = (
        [None if np.isnan(number) else float(number) for number in numbers]
        for numbers in (specific_agreement(matrix), kappas_by_class(matrix))
    )
    return tuple(
        ClassAgreement(
            key=row.key,
            first=int(matrix[at].sum()),
            second=int(matrix[:, at].sum()),
            both=int(matrix[at, at]),
            agreement=shares[at],
            kappa=kappas[at],
        )
        for at, row in enumerate(rows)
        if row.key is not None
    )


def _confused(matrix: NDArray[np.int64], rows: Sequence[AgreementRow]) -> tuple[ConfusedPair, ...]:
    """Return the pairs of rows that were confused, the most confused first."""
    answers = (matrix.sum(axis=0) + matrix.sum(axis=1) - np.diagonal(matrix)).tolist()
    keys = [row.key for row in rows if row.key is not None]
    pairs = []
    for one, other in combinations(range(len(keys)), 2):
        cells = int(matrix[one, other] + matrix[other, one])
        if cells:
            # cells of either row, those that are in both counted once
            share = cells / (answers[one] + answers[other] - cells)
            pairs.append(ConfusedPair(pair=(keys[one], keys[other]), cells=cells, share=share))
    return tuple(sorted(pairs, key=lambda pair: -pair.cells))
