"""Which picture of a cell stays."""

from __future__ import annotations

from collections.abc import Iterable

from buffycoat.clean.candidate import Candidate

__all__ = ["keep_order", "sharpest"]


def sharpest(candidates: Iterable[Candidate]) -> Candidate:
    """Return the sharpest of several pictures of a cell (Kouzehkanan et al. 2022, Data cleaning).

    Of equally sharp ones the larger, then the one whose id comes first.
    """
    return min(candidates, key=lambda each: keep_order(each.sharpness, each.box.width * each.box.height, each.id))


def keep_order(sharpness: float, area: float, name: str) -> tuple[float, float, str]:
    """Return what pictures of a cell are sorted by; the first one stays.

    Examples
    --------
    >>> min([("a", 1.0, 9), ("b", 2.0, 4), ("c", 2.0, 9)], key=lambda each: keep_order(each[1], each[2], each[0]))
    ('c', 2.0, 9)
    """
    return (-sharpness, -area, name)
