"""What an expert is asked in a round: everything once, some of it twice, and nothing told by an id."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from buffycoat.domain.label import Purpose, Round
from buffycoat.label import count_items, items_of, order_for
from buffycoat.label.items import APART, count_repeats

ONE, OTHER = "one", "other"
ROUND = Round(
    id="r1",
    name="spring",
    taxonomy="raabin@1",
    cells=tuple(f"c{number:04}" for number in range(300)),
    experts=("e1", "e2"),
    opened_at=datetime(2026, 1, 2, tzinfo=UTC),
    run_id="u1",
    secret=ONE,
)


def rounds(cells: int, share: float, gold: int = 0, secret: str = ONE) -> Round:
    return replace(
        ROUND,
        cells=tuple(f"c{number:04}" for number in range(cells)),
        gold=tuple(f"g{number:04}" for number in range(gold)),
        repeat_share=share,
        secret=secret,
    )


@given(
    cells=st.integers(1, 120),
    share=st.floats(0, 0.5),
    gold=st.integers(0, 12),
    secret=st.text(max_size=4),
    expert=st.sampled_from(["e1", "e2"]),
)
@settings(deadline=None)
def test_every_cell_once_repeats_as_many_as_wished_and_far_apart(cells, share, gold, secret, expert):
    campaign = rounds(cells, share, gold, secret)
    items = items_of(campaign, expert)
    assert items == items_of(campaign, expert)
    assert [item.place for item in items] == list(range(count_items(campaign)))
    assert len({item.item for item in items}) == len(items)
    asked = {purpose: [item for item in items if item.purpose is purpose] for purpose in Purpose}
    assert sorted(item.cell_id for item in asked[Purpose.READING]) == list(campaign.cells)
    assert sorted(item.cell_id for item in asked[Purpose.GOLD]) == list(campaign.gold)
    first = {item.cell_id: item.place for item in asked[Purpose.READING]}
    again = asked[Purpose.REPEAT]
    assert len(again) == len({item.cell_id for item in again}) == round(share * cells)
    lies = {item.cell_id: item.turned for item in asked[Purpose.READING]}
    assert all(item.turned != lies[item.cell_id] for item in again)
    assert {item.turned for item in items} <= ({0, 1, 2, 3} if again else {0})
    room = cells + gold - APART + 1
    for item in again:
        apart = item.place - first[item.cell_id]
        assert apart >= min(APART, 1)
        # Among the first looks, as hidden repeats in between only widen the gap.
        before = sum(other.purpose is not Purpose.REPEAT for other in items[: first[item.cell_id]])
        assert apart >= APART or before >= room, "too near, though the round was long enough for this cell"


def test_repeats_take_cells_that_are_early_enough_before_any_other():
    campaign = rounds(60, 0.5)
    items = items_of(campaign, "e1")
    first = {item.cell_id: item.place for item in items if item.purpose is Purpose.READING}
    gaps = [item.place - first[item.cell_id] for item in items if item.purpose is Purpose.REPEAT]
    assert len(gaps) == 30
    assert min(gaps) >= APART


def test_how_a_picture_is_turned_does_not_tell_which_are_seen_again():
    """A photograph is wider than high: were only repeats turned, each that stands upright would be one."""
    items = items_of(rounds(4000, 0.1, 400), "e1")
    for purpose in (Purpose.READING, Purpose.REPEAT, Purpose.GOLD):
        counts = Counter(item.turned for item in items if item.purpose is purpose)
        assert min(counts[turned] for turned in range(4)) > 0.17 * counts.total(), purpose


def test_the_last_item_is_no_repeat_where_there_is_another_way():
    ends = [items_of(rounds(24, 1 / 12, secret=f"s{number}"), "e1")[-1].purpose for number in range(50)]
    assert set(ends) == {Purpose.READING}


def test_a_round_of_a_few_cells_repeats_them_at_the_end():
    items = items_of(rounds(10, 0.2), "e1")
    assert [item.purpose for item in items] == [Purpose.READING] * 10 + [Purpose.REPEAT] * 2
    assert [item.cell_id for item in items[:2]] == [item.cell_id for item in items[10:]]


def test_without_extras_the_order_is_that_of_before():
    plain = replace(ROUND, secret="")
    assert tuple(item.cell_id for item in items_of(plain, "e1")) == order_for(plain.cells, "e1", plain.id)


def test_experts_and_secrets_have_orders_of_their_own():
    orders = {
        tuple(item.cell_id for item in items_of(campaign, expert))
        for campaign in (ROUND, replace(ROUND, secret=OTHER))
        for expert in ROUND.experts
    }
    assert len(orders) == 4
    named = [{item.item for item in items_of(ROUND, expert)} for expert in ROUND.experts]
    assert named[0].isdisjoint(named[1])


def test_an_id_says_nothing_of_the_cell():
    """Other cells in the same places have the same ids: nothing of a cell goes into one."""
    others = replace(ROUND, cells=tuple(f"x{number:04}" for number in range(300)), repeat_share=0.1)
    campaign = replace(ROUND, repeat_share=0.1)
    assert [item.item for item in items_of(others, "e1")] == [item.item for item in items_of(campaign, "e1")]
    guessed = {item.item for item in items_of(replace(campaign, secret=""), "e1")}
    assert guessed.isdisjoint(item.item for item in items_of(campaign, "e1"))


def test_repeats_lie_all_over_the_round_and_turned_every_way():
    items = items_of(rounds(4000, 0.25, 50), "e1")
    again = [item for item in items if item.purpose is Purpose.REPEAT]
    assert len(again) == 1000
    counts = Counter(item.turned for item in again)
    assert min(counts[turned] for turned in range(4)) > 210
    first = {item.cell_id: item.turned for item in items if item.purpose is Purpose.READING}
    further = Counter((item.turned - first[item.cell_id]) % 4 for item in again)
    assert min(further[quarters] for quarters in (1, 2, 3)) > 280
    quarters = Counter(4 * item.place // len(items) for item in again)
    assert min(quarters[quarter] for quarter in range(1, 4)) > 220


@pytest.mark.parametrize(("cells", "share", "expected"), [(10, 0.03, 0), (17, 0.03, 1), (1000, 0.03, 30), (1, 0.5, 0)])
def test_number_of_repeats_is_the_share_of_the_cells(cells, share, expected):
    assert count_repeats(rounds(cells, share)) == expected
