"""All pictures of one cell: what a rule says of one of them it says of all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from buffycoat.store import Transaction
from buffycoat.store.boxes import same_places
from buffycoat.store.queries import kept_by_repeat

__all__ = ["with_repeats"]


def with_repeats(transaction: Transaction, cells: Collection[str]) -> set[str]:
    """Return cells together with all pictures of each of them: repeats, and what it is since its box was moved."""
    found = set(cells)
    if not found:
        return found
    links: dict[str, list[str]] = defaultdict(list)
    for one, other in (*kept_by_repeat(transaction).items(), *same_places(transaction)):
        links[one].append(other)
        links[other].append(one)
    waiting = list(found)
    while waiting:
        for other in links.get(waiting.pop(), ()):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found
