"""How a filter does where it was not fitted, beside the one that comes along."""

from __future__ import annotations

import math
from collections.abc import Sequence

from buffycoat.detect import DEFAULT_FILTER
from buffycoat.detect.photograph import look_at
from buffycoat.domain.filtering import (
    FieldScore,
    FilterJudgement,
    FilterVerdict,
    FilterWish,
    FinderScore,
)
from buffycoat.domain.geometry import Box
from buffycoat.errors import TooFew
from buffycoat.metrics.binomial import exact_binomial
from buffycoat.metrics.matching import Matching, match_boxes, match_centers
from buffycoat.workflows.filtering.looking import set_table
from buffycoat.workflows.workspace import Workspace

__all__ = ["judge_filter", "verdict_of"]

FEWEST_BOXES = 10
"""So few tell nothing, whatever they say."""
FEWEST_FIELDS = 2
SURE = 0.05
"""A difference that chance makes more often is none."""


def judge_filter(workspace: Workspace, wish: FilterWish) -> FilterJudgement:
    """Hold back each photograph with boxes in turn, fit on the others, and count what is found, missed and extra.

    A box is found where the middle of a found one lies in it. So a filter is never judged by a box that it has seen,
    and the one that comes along by the same boxes. Boxes must be of all white cells of their photographs, or what is
    left out counts as extra.

    Raises
    ------
    NotFound, InputError, Conflict, TooFew
        As ``set_table``; also where fewer than two photographs have boxes, or those of the others teach nothing.
    """
    table = set_table(workspace, wish)
    if len(table.boxed) < FEWEST_FIELDS:
        raise TooFew(
            "nothing is left to judge on", expected="boxes in at least 2 photographs", found=str(len(table.boxed))
        )
    scores, errors_own, errors_default = list[FieldScore](), 0, 0
    totals = {"own": [0, 0, 0], "default": [0, 0, 0]}
    for field_id, boxes in table.boxed:
        prepared = table.prepared(field_id)
        own, default = (
            [place for place, _ in look_at(prepared, each)[0]]
            for each in (table.fit(without=field_id, strictness=wish.strictness), DEFAULT_FILTER)
        )
        by_own, by_default = match_centers(boxes, own), match_centers(boxes, default)
        scores.append(
            FieldScore(
                field_id=field_id,
                boxes=len(boxes),
                own_missed=len(by_own.missed),
                own_extra=len(by_own.extra),
                default_missed=len(by_default.missed),
                default_extra=len(by_default.extra),
            )
        )
        for name, matched in (("own", by_own), ("default", by_default)):
            for place, many in enumerate((len(matched.pairs), len(matched.missed), len(matched.extra))):
                totals[name][place] += many
        alone = _alone(by_own, by_default, own, default)
        errors_own += alone[0]
        errors_default += alone[1]
    total = sum(len(boxes) for _, boxes in table.boxed)
    return FilterJudgement(
        verdict=verdict_of(total, errors_own, errors_default),
        own=_score(totals["own"]),
        default=_score(totals["default"]),
        fields=tuple(scores),
    )


def verdict_of(boxes: int, own: int, default: int) -> FilterVerdict:
    """Return what can be said of two filters, from the errors that either makes and the other does not.

    By the sign test, two-sided: were they alike, such an error would be of either as likely.

    Examples
    --------
    >>> verdict_of(40, own=1, default=9), verdict_of(40, own=3, default=6), verdict_of(9, own=0, default=9)
    (<FilterVerdict.BETTER: 'better'>, <FilterVerdict.ALIKE: 'alike'>, <FilterVerdict.TOO_FEW: 'too-few'>)
    """
    if boxes < FEWEST_BOXES:
        return FilterVerdict.TOO_FEW
    total = own + default
    chance = sum(math.comb(total, few) for few in range(min(own, default) + 1)) / 2**total * 2
    if own == default or chance > SURE:
        return FilterVerdict.ALIKE
    return FilterVerdict.BETTER if own < default else FilterVerdict.WORSE


def _alone(own: Matching, default: Matching, own_found: Sequence[Box], default_found: Sequence[Box]) -> tuple[int, int]:
    """Return how many errors each filter makes in a photograph that the other does not."""
    missed = set(own.missed), set(default.missed)
    extra = [own_found[each] for each in own.extra], [default_found[each] for each in default.extra]
    shared = len(match_boxes(*extra).pairs) if all(extra) else 0
    return (
        len(missed[0] - missed[1]) + len(extra[0]) - shared,
        len(missed[1] - missed[0]) + len(extra[1]) - shared,
    )


def _score(counts: Sequence[int]) -> FinderScore:
    found, missed, extra = counts
    low, high = exact_binomial(found, found + missed)
    return FinderScore(found=found, missed=missed, extra=extra, low=round(low, 4), high=round(high, 4))
