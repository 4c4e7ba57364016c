from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buffycoat.domain.label import Label, Purpose, Round, Standing
from buffycoat.label import SimulatedExpert, consensus_of, is_closed, order_for

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


def label(expert: str, term: str, *, cell: str = "c1", purpose: Purpose = Purpose.READING, minutes: int = 0) -> Label:
    return Label(
        id=f"{cell}{expert}{purpose}{minutes}",
        cell_id=cell,
        expert_id=expert,
        round_id="o1",
        purpose=purpose,
        term=term,
        given_at=MOMENT + timedelta(minutes=minutes),
        seconds=None,
        comment="",
        supersedes=None,
        run_id="r1",
    )


@pytest.mark.parametrize(
    ("labels", "standing", "term"),
    [
        ([], Standing.OPEN, None),
        ([label("a", "monocyte")], Standing.SINGLE, None),
        ([label("a", "monocyte"), label("b", "monocyte")], Standing.AGREED, "monocyte"),
        ([label("a", "monocyte"), label("b", "lymphocyte.large")], Standing.DISPUTED, None),
        ([label("a", "not-recognized"), label("b", "not-recognized")], Standing.AGREED, "not-recognized"),
        (
            [label("a", "monocyte"), label("b", "basophil"), label("c", "basophil", purpose=Purpose.ADJUDICATION)],
            Standing.ADJUDICATED,
            "basophil",
        ),
        (
            [
                label("c", "basophil", purpose=Purpose.ADJUDICATION, minutes=5),
                label("d", "smudge", purpose=Purpose.ADJUDICATION, minutes=3),
            ],
            Standing.ADJUDICATED,
            "basophil",
        ),
        ([label("a", "monocyte"), label("a", "monocyte", purpose=Purpose.REPEAT)], Standing.SINGLE, None),
    ],
)
def test_standing_of_hand_made_cells(labels, standing, term):
    consensus = consensus_of("c1", labels)
    assert (consensus.standing, consensus.term) == (standing, term)


def test_round_is_closed_only_when_every_expert_has_read_every_cell():
    campaign = Round(
        id="o1", name="n", taxonomy="raabin@1", cells=("c1", "c2"), experts=("a", "b"), opened_at=MOMENT, run_id="r"
    )
    labels = [label(expert, "monocyte", cell=cell) for expert in "ab" for cell in ("c1", "c2")]
    assert is_closed(campaign, labels)
    for missing in range(4):
        assert not is_closed(campaign, labels[:missing] + labels[missing + 1 :])


@given(st.sets(st.text("abc123", min_size=1), min_size=1, max_size=30))
def test_order_holds_every_cell_once_and_is_the_same_each_time(cells):
    listed = sorted(cells)
    order = order_for(listed, "e1", "r1")
    assert sorted(order) == listed
    assert order == order_for(list(reversed(listed)), "e1", "r1")


def test_two_experts_see_different_orders():
    cells = [f"c{n}" for n in range(50)]
    assert order_for(cells, "e1", "r1") != order_for(cells, "e2", "r1")
    assert order_for(cells, "e1", "r1") != order_for(cells, "e1", "r2")


def test_simulated_experts_err_as_often_as_they_should_and_not_together():
    cells = [f"c{n}" for n in range(4000)]
    first = [SimulatedExpert(seed=1).answer(cell, "neutrophil.band")[0] for cell in cells]
    second = [SimulatedExpert(seed=2).answer(cell, "neutrophil.band")[0] for cell in cells]
    wrong = sum(term != "neutrophil.band" for term in first) / len(cells)
    both = sum(a != "neutrophil.band" and b != "neutrophil.band" for a, b in zip(first, second, strict=True)) / len(
        cells
    )
    assert 0.11 < wrong < 0.15
    assert both < 0.03
    assert first == [SimulatedExpert(seed=1).answer(cell, "neutrophil.band")[0] for cell in cells]
