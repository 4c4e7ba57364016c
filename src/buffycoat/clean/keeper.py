"""Which picture of a cell stays."""

from __future__ import annotations

from collections.abc import Iterable

from buffycoat.clean.candidate import Candidate

__all__ = ["sharpest"]


def sharpest(candidates: Iterable[Candidate]) -> Candidate:
    """Return the sharpest of several pictures of a cell (Kouzehkanan et al. 2022, Data cleaning).

    Of equally sharp ones the larger, then the one whose id comes first.
    """
    return min(candidates, key=lambda each: (-each.sharpness, -each.box.width * each.box.height, each.id))
