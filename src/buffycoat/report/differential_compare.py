"""The differential counts of several experts on one smear, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations

from buffycoat.domain.taxonomy import Taxonomy
from buffycoat.metrics.binomial import exact_binomial
from buffycoat.report.differential_terms import leukocyte_tree, reason_of
from buffycoat.report.differential_values import ComparedRow, ComparedShare

__all__ = ["compare_counts"]


def compare_counts(counts: Sequence[Mapping[str, int]], taxonomy: Taxonomy) -> tuple[ComparedRow, ...]:
    """Return the rows of several experts' counts of one smear, side by side, but for those that nobody used.

    Two counts lie within Rümke's limits of each other where the percent of each lies within the exact 95 % interval of
    the other. The limits are those of two counts of other cells of the same blood: where the experts read the very
    same cells chance has less room, and what lies within the limits may still be a difference between them.

    Parameters
    ----------
    counts : sequence of mapping
        By expert: cells by term. Nobody's is without leukocytes.

    Examples
    --------
    >>> from buffycoat.domain.taxonomy import RAABIN
    >>> rows = compare_counts([{"monocyte": 4, "basophil": 96}, {"monocyte": 14, "basophil": 86}], RAABIN)
    >>> [(row.key, row.within) for row in rows]
    [('monocyte', False), ('basophil', False)]
    """
    sides = []
    for count in counts:
        own = {key: cells for key, cells in count.items() if reason_of(taxonomy, key) is None}
        sides.append((own, sum(own.values())))
    rows = []
    for term, depth, below in leukocyte_tree(taxonomy):
        shares = []
        for own, total in sides:
            cells = sum(own.get(key, 0) for key in below)
            low, high = exact_binomial(cells, total)
            shares.append(
                ComparedShare(count=cells, percent=100 * cells / total, low=100 * low, high=100 * high),
            )
        if any(share.count for share in shares):
            within = all(one.low <= other.percent <= one.high for one, other in permutations(shares, 2))
            rows.append(
                ComparedRow(key=term.key, name=term.name, depth=depth, shares=tuple(shares), within=within),
            )
    return tuple(rows)
