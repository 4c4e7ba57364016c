"""What an expert is asked in a round, in order: every cell once, some of them twice, and some whose answer is known."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from buffycoat.domain.label import Purpose, Round
from buffycoat.domain.value import Scalar, derive_id, digest_of, value
from buffycoat.label.queue import order_for

__all__ = ["APART", "ReadingItem", "count_items", "count_repeats", "items_of"]

APART = 20
"""Places between the first look at a cell and the second, at least, where the round is long enough."""


@value
class ReadingItem:
    """One question of one expert in one round.

    ``item`` is all that leaves the server: neither the cell nor whether it is shown for the second time can be told
    from it. ``turned``: by how many quarter turns, clockwise, the picture is shown.
    """

    item: str
    place: int
    cell_id: str
    purpose: Purpose
    turned: int


def count_repeats(campaign: Round, /) -> int:
    """Return how many cells of a round each expert sees twice.

    Examples
    --------
    >>> from datetime import datetime
    >>> moment = datetime(2026, 1, 1)
    >>> cells = tuple(f"c{number}" for number in range(200))
    >>> campaign = Round(
    ...     id="r", name="r", taxonomy="raabin@1", cells=cells, experts=("e",), opened_at=moment, run_id="u",
    ...     repeat_share=0.03,
    ... )
    >>> count_repeats(campaign), count_items(campaign)
    (6, 206)
    """
    return min(len(campaign.cells), round(campaign.repeat_share * len(campaign.cells)))


def count_items(campaign: Round, /) -> int:
    """Return how many items each expert of a round answers."""
    return len(campaign.cells) + len(campaign.gold) + count_repeats(campaign)


def items_of(campaign: Round, expert_id: str, /) -> tuple[ReadingItem, ...]:
    """Return what an expert is asked, in order.

    Cells come as :func:`order_for` has them, those with a known answer among them. Each hidden repeat is drawn from the
    expert's own order and put at least :data:`APART` places after the first look, turned by one to three quarters so
    that it is not known again by the way it lies. Where there are repeats, all that comes once is turned by chance,
    too: a photograph that stands upright, or words in it upside down, would tell which are seen again. In a round that
    is too short, repeats are of the first cells and come at the end, as far from the first look as can be. The same
    round gives the same items, always.

    Parameters
    ----------
    campaign : Round
        The round.
    expert_id : str
        Whose items.

    Examples
    --------
    >>> from datetime import datetime
    >>> moment = datetime(2026, 1, 1)
    >>> campaign = Round(
    ...     id="r", name="r", taxonomy="raabin@1", cells=("c1", "c2"), experts=("e",), opened_at=moment, run_id="u",
    ...     repeat_share=0.5, gold=("c3",),
    ... )
    >>> found = items_of(campaign, "e")
    >>> sorted(each.cell_id for each in found if each.purpose is not Purpose.REPEAT), len(found)
    (['c1', 'c2', 'c3'], 4)
    """
    key = f"{campaign.id} {campaign.secret}".rstrip()
    first = order_for((*campaign.cells, *campaign.gold), expert_id, key)
    gold = frozenset(campaign.gold)
    again = _repeats(campaign, [place for place, cell in enumerate(first) if cell not in gold], expert_id, key)
    items: list[ReadingItem] = []

    def put(cell: str, purpose: Purpose, turned: int) -> None:
        place = len(items)
        parts: dict[str, Scalar | list[str]] = {
            "round": campaign.id,
            "expert": expert_id,
            "place": place,
            "secret": campaign.secret,
        }
        items.append(
            ReadingItem(item=derive_id("item", parts), place=place, cell_id=cell, purpose=purpose, turned=turned)
        )

    turns = _turns(campaign, len(first), expert_id, key)
    for place, cell in enumerate(first):
        put(cell, Purpose.GOLD if cell in gold else Purpose.READING, turns[place])
        for earlier, further in again.get(place, ()):
            put(first[earlier], Purpose.REPEAT, (turns[earlier] + further) % 4)
    return tuple(items)


def _turns(campaign: Round, count: int, expert_id: str, key: str) -> list[int]:
    """Return the quarter turns of each first look."""
    if not count_repeats(campaign):
        return [0] * count
    rng = np.random.default_rng(int(digest_of(f"turns {expert_id} {key}".encode())[:16], 16))
    return [int(turn) for turn in rng.integers(0, 4, size=count)]


def _repeats(campaign: Round, places: list[int], expert_id: str, key: str) -> dict[int, list[tuple[int, int]]]:
    """Return, by the place after which they come: place of the first look, and quarter turns from that."""
    count = count_repeats(campaign)
    if not count:
        return {}
    rng = np.random.default_rng(int(digest_of(f"repeats {expert_id} {key}".encode())[:16], 16))
    last = len(campaign.cells) + len(campaign.gold) - 1
    early = [place for place in places if place + APART <= last]
    drawn = sorted(int(early[n]) for n in rng.choice(len(early), size=min(count, len(early)), replace=False))
    drawn += places[len(early) :][: count - len(drawn)]
    turns = rng.integers(1, 4, size=count).tolist()
    again: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for place, turned in zip(drawn, turns, strict=True):
        soonest = min(place + APART - 1, last)
        # Not anywhere up to the end: most repeats would come in its last quarter. Nor as the last item of all, where
        # there is another way: in a short round it would be one nearly always.
        latest = max(soonest, last - 1)
        after = int(rng.integers(soonest, min(soonest + max(APART, last // 4), latest) + 1))
        again[after].append((place, turned))
    return again
