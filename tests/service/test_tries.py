"""How tries are counted."""

from __future__ import annotations

import pytest

from buffycoat.errors import TooManyTries
from buffycoat.service.tries import Bound, Tries


def still() -> float:
    return 0.0


def test_what_a_hundred_try_at_once_is_counted_before_it_is_looked_at():
    tries = Tries({"handle": Bound(most=5), "address": Bound(most=5)}, clock=still)
    for _ in range(5):
        tries.begin(["handle edna"])
    with pytest.raises(TooManyTries) as refused:
        tries.begin(["handle edna", "address 192.0.2.1"])
    assert refused.value.retry_after == 60
    tries.begin(["address 192.0.2.1"])


def test_names_that_were_tried_fill_no_memory():
    tries = Tries(names=10, clock=still)
    for number in range(1000):
        tries.begin([f"handle {number}"])
    assert len(tries._tries) == 10
