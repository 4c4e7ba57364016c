"""Cells by type to a differential count: only leukocytes are the whole, and each figure has its exact interval."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from buffycoat.domain.taxonomy import Taxonomy
from buffycoat.domain.value import value
from buffycoat.errors import InputError
from buffycoat.metrics.binomial import exact_binomial, exact_ratio
from buffycoat.report.differential_reference import CORRECTED_ABOVE, ReferenceIntervals
from buffycoat.report.differential_terms import leukocyte_tree, reason_of, usual_terms, wholes
from buffycoat.report.differential_values import (
    MOST_WBC,
    PLANNED,
    DifferentialRow,
    Figure,
    Flag,
    ForHundred,
    LeukocyteCount,
    Limits,
    PlannedInterval,
    Reason,
    ReferenceFacts,
)

__all__ = ["Counted", "check_wbc", "count_cells"]


@value
class Counted:
    """The figures of a differential count: see ``Differential``, which has them too."""

    leukocytes: int
    rows: tuple[DifferentialRow, ...]
    nucleated_red_cells: ForHundred
    smudge_cells: ForHundred
    wbc: LeukocyteCount | None
    outside: Mapping[Reason, int]
    reference: ReferenceFacts | None


def check_wbc(wbc: float | None) -> None:
    """Refuse what can be no count of leukocytes in 10⁹/L.

    Raises
    ------
    InputError
        It is not above 0, or so high that it was counted for each µl.
    """
    if wbc is not None and not 0 < wbc <= MOST_WBC:
        raise InputError(
            "this is no count of leukocytes",
            expected=f"more than 0 and at most {MOST_WBC:g}, in 10⁹/L",
            found=f"{wbc:g}",
            hint="10⁹/L are thousands for each µl: 6.2, not 6200",
        )


def count_cells(
    cells: Mapping[str, int],
    taxonomy: Taxonomy,
    *,
    wbc: float | None = None,
    red_cells_left_out: bool = False,
    reference: ReferenceIntervals | None = None,
) -> Counted:
    """Count the cells of a smear.

    Parameters
    ----------
    cells : mapping of str to int
        How many cells there are of each term. A term that has others below it is an answer that stops there.
    taxonomy : Taxonomy
        Whose terms these are.
    wbc : float, optional
        Count of leukocytes of the same blood, 10⁹/L.
    red_cells_left_out : bool
        Whether its counter told nucleated red cells from leukocytes, so that nothing is to be corrected.
    reference : ReferenceIntervals, optional
        The laboratory's.

    Raises
    ------
    InputError
        The count of leukocytes can be none.
    UnknownTerm
        The taxonomy has no such term.

    Examples
    --------
    >>> from buffycoat.domain.taxonomy import RAABIN
    >>> found = count_cells({"neutrophil.segmented": 57, "neutrophil.band": 3, "lymphocyte.small": 40, "smudge": 7,
    ...                      "erythroblast": 8}, RAABIN, wbc=10.8)
    >>> found.leukocytes, [(row.key, row.count) for row in found.rows if row.count and row.depth == 0]
    (100, [('neutrophil', 60), ('lymphocyte', 40)])
    >>> found.smudge_cells.figure.value, found.nucleated_red_cells.figure.value, round(found.wbc.corrected, 9)
    (7.0, 8.0, 10.0)
    """
    check_wbc(wbc)
    ours = reference or ReferenceIntervals(laboratory="none")
    own: Counter[str] = Counter()
    outside: Counter[Reason] = Counter()
    for key, count in cells.items():
        reason = reason_of(taxonomy, key)
        if reason is None:
            own[key] += count
        else:
            outside[reason] += count
    total = own.total()
    red_cells = _for_hundred(taxonomy, Reason.NUCLEATED_RED_CELL, outside, total, ours, "nucleated-red-cells")
    above = ours.corrected_above if reference else CORRECTED_ABOVE
    entered = None if wbc is None else _leukocyte_count(wbc, red_cells, above, left_out=red_cells_left_out)
    if entered is not None:
        entered = _beside(entered, next((ours.absolute[key] for key in wholes(taxonomy) if key in ours.absolute), None))
    rows = _rows(taxonomy, own, total, None if entered is None else entered.used, ours)
    return Counted(
        leukocytes=total,
        rows=rows,
        nucleated_red_cells=red_cells,
        smudge_cells=_for_hundred(taxonomy, Reason.SMUDGE, outside, total, ours, "smudge-cells"),
        wbc=entered,
        outside=outside,
        reference=None if reference is None else _facts(taxonomy, reference, rows),
    )


def _rows(
    taxonomy: Taxonomy, own: Mapping[str, int], total: int, wbc: float | None, ours: ReferenceIntervals
) -> tuple[DifferentialRow, ...]:
    usual = usual_terms(taxonomy)
    whole = wholes(taxonomy)
    rows = []
    for term, depth, below in leukocyte_tree(taxonomy):
        cells = sum(own.get(key, 0) for key in below)
        if term.key in whole and not cells:
            continue  # nobody stopped there
        percent, absolute = (
            None if term.key in whole else limits.get(term.key) for limits in (ours.percent, ours.absolute)
        )
        rows.append(
            DifferentialRow(
                key=term.key,
                name=term.name,
                depth=depth,
                count=cells,
                unsure=own.get(term.key, 0) if taxonomy.children(term.key) else 0,
                usual=term.key in usual or percent is not None or absolute is not None,
                planned=_planned(cells, total),
                percent=_share(cells, total, 100.0, percent, 1),
                absolute=None if wbc is None else _share(cells, total, wbc, absolute, 2),
            )
        )
    return tuple(rows)


def _share(cells: int, total: int, times: float, limits: Limits | None, digits: int) -> Figure | None:
    if total == 0:
        return None
    low, high = exact_binomial(cells, total)
    return _figure(times * cells / total, times * low, times * high, limits, digits)


def _planned(cells: int, total: int) -> tuple[PlannedInterval, ...]:
    if total == 0:
        return ()
    bounds = ((planned, exact_binomial(cells / total * planned, planned)) for planned in PLANNED)
    return tuple(PlannedInterval(cells=planned, low=100 * low, high=100 * high) for planned, (low, high) in bounds)


def _for_hundred(
    taxonomy: Taxonomy, reason: Reason, outside: Mapping[Reason, int], total: int, ours: ReferenceIntervals, key: str
) -> ForHundred:
    count = outside.get(reason, 0)
    known = any(reason_of(taxonomy, term.key) is reason for term in taxonomy.terms)
    if total == 0:
        return ForHundred(count=count, known=known, figure=None)
    low, high = exact_ratio(count, total)
    figure = _figure(100 * count / total, 100 * low, 100 * high, ours.per_100.get(key), 1)
    return ForHundred(count=count, known=known, figure=figure if known else None)


# ------------------------------------------------------- beside the limits


def _flag(shown: float, limits: Limits | None) -> Flag | None:
    if limits is None:
        return None
    if limits.low is not None and shown < limits.low:
        return Flag.LOW
    return Flag.HIGH if limits.high is not None and shown > limits.high else Flag.WITHIN


def _figure(number: float, low: float, high: float, limits: Limits | None, digits: int) -> Figure:
    """Return a figure; it is compared as it is shown, so that nothing is called high that reads like the limit."""
    flag = _flag(round(number, digits), limits)
    ends = {Flag.LOW: high, Flag.HIGH: low}
    sure = flag in ends and _flag(round(ends[flag], digits), limits) is flag
    return Figure(value=number, low=low, high=high, reference=limits, flag=flag, sure=sure)


def _leukocyte_count(wbc: float, red_cells: ForHundred, above: float, *, left_out: bool) -> LeukocyteCount:
    for_hundred = red_cells.figure.value if red_cells.figure else 0.0
    corrected = wbc * 100 / (100 + for_hundred) if for_hundred > above and not left_out else None
    used = wbc if corrected is None else corrected
    return LeukocyteCount(entered=wbc, red_cells_left_out=left_out, corrected=corrected, above=above, used=used)


def _beside(count: LeukocyteCount, limits: Limits | None) -> LeukocyteCount:
    return LeukocyteCount(
        entered=count.entered,
        red_cells_left_out=count.red_cells_left_out,
        corrected=count.corrected,
        above=count.above,
        used=count.used,
        reference=limits,
        flag=_flag(round(count.used, 2), limits),
    )


def _facts(taxonomy: Taxonomy, reference: ReferenceIntervals, rows: Sequence[DifferentialRow]) -> ReferenceFacts:
    keys = {row.key for row in rows if row.key not in wholes(taxonomy)}
    unused = [f"percent: {key}" for key in reference.percent if key not in keys]
    unused += [f"absolute: {key}" for key in reference.absolute if key not in {*keys, *wholes(taxonomy)}]
    return ReferenceFacts(
        laboratory=reference.laboratory,
        population=reference.population,
        source=reference.source,
        example=reference.example,
        unused=tuple(unused),
    )
