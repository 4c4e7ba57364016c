"""Which cell an expert sees next."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from buffycoat.domain.value import digest_of

__all__ = ["order_for"]


def order_for(cells: Sequence[str], expert_id: str, round_id: str, /) -> tuple[str, ...]:
    """Return the cells of a round in the order of one expert.

    Shuffled across smears, differently for each expert and always the same for one, so that neither the order nor a
    neighbour says what a cell might be.

    Parameters
    ----------
    cells : sequence of str
        Ids of the round's cells.
    expert_id, round_id : str
        Whose order, in which round.

    Examples
    --------
    >>> sorted(order_for(["c1", "c2", "c3"], "e1", "r1"))
    ['c1', 'c2', 'c3']
    """
    seed = int(digest_of(f"{expert_id} {round_id}".encode())[:16], 16)
    order = np.random.default_rng(seed).permutation(len(cells))
    ordered = sorted(cells)
    return tuple(ordered[index] for index in order)
