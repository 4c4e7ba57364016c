"""All pictures of one cell: what a rule says of one of them it says of all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from buffycoat.store import Transaction
from buffycoat.store.boxes import same_places
from buffycoat.store.census import take_census

__all__ = ["with_repeats"]


def with_repeats(transaction: Transaction, cells: Collection[str]) -> set[str]:
    """Return cells together with all pictures of each of them: repeats, and what it is since its box was moved."""
    found = set(cells)
    if not found:
        return found
    repeats = take_census(transaction).links
    moved: dict[str, list[str]] = defaultdict(list)
    for one, other in same_places(transaction):
        moved[one].append(other)
        moved[other].append(one)
    waiting = list(found)
    while waiting:
        cell = waiting.pop()
        for other in (*repeats.get(cell, ()), *moved.get(cell, ())):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found
