"""What must not be on two sides of a split."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from buffycoat.domain.release import SplitPlan
from buffycoat.errors import SplitLeak

__all__ = ["check_leaks"]


def check_leaks(
    plan: SplitPlan,
    /,
    *,
    subjects: Mapping[str, str | None],
    groups: Iterable[Iterable[str]],
    smear_of: Mapping[str, str],
) -> None:
    """Refuse a plan that puts one person, or the pictures of one cell, on two sides.

    Parameters
    ----------
    plan : SplitPlan
        Smear id to split.
    subjects : mapping
        Smear id to person, ``None`` where unknown.
    groups : iterable of iterables of str
        Cells that show the same physical cell.
    smear_of : mapping
        Cell id to smear id.

    Raises
    ------
    SplitLeak
        With what was found on which sides.
    """
    sides: dict[str, set[str]] = defaultdict(set)
    for smear_id, split in plan.assignment.items():
        if subjects.get(smear_id):
            sides[f"person {subjects[smear_id]}"].add(split)
    for group in groups:
        cells = sorted(group)
        sides[f"repeats of cell {cells[0]}"] |= {
            plan.assignment[smear_of[cell]] for cell in cells if smear_of[cell] in plan.assignment
        }
    leaks = {name: found for name, found in sides.items() if len(found) > 1}
    if leaks:
        name, found = next(iter(sorted(leaks.items())))
        raise SplitLeak(
            f"{len(leaks)} leaks, the first: {name}", expected="one side", found=" and ".join(sorted(found))
        )
