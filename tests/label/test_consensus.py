from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buffycoat.domain.label import Label, Purpose, Standing
from buffycoat.label import SimulatedExpert, consensus_of, order_for, standings

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
        ([label("a", "monocyte")], Standing.SINGLE, "monocyte"),
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
        ([label("a", "monocyte"), label("a", "monocyte", purpose=Purpose.REPEAT)], Standing.SINGLE, "monocyte"),
        ([label("a", "monocyte"), label("a", "basophil", purpose=Purpose.REPEAT)], Standing.SINGLE, "monocyte"),
        ([label("b", "basophil", purpose=Purpose.REPEAT)], Standing.OPEN, None),
        ([label("a", "smudge"), label("b", "smudge"), label("c", "artifact")], Standing.DISPUTED, None),
        ([label("a", "smudge"), label("b", "artifact"), label("a", "smudge", minutes=1)], Standing.DISPUTED, None),
    ],
)
def test_standing_of_hand_made_cells(labels, standing, term):
    consensus = consensus_of("c1", labels)
    assert (consensus.standing, consensus.term) == (standing, term)


LABELS = st.lists(
    st.builds(
        label,
        st.sampled_from("abc"),
        st.sampled_from(["smudge", "monocyte", "basophil"]),
        cell=st.sampled_from(["c1", "c2", "c3"]),
        purpose=st.sampled_from(Purpose),
        minutes=st.integers(0, 3),
    ),
    max_size=12,
)


def plain_standing(labels):
    """The rule, spelled out for one cell."""
    decided = [(x.given_at, x.term) for x in labels if x.purpose is Purpose.ADJUDICATION]
    readings = [x for x in labels if x.purpose is Purpose.READING]
    experts, terms = {x.expert_id for x in readings}, {x.term for x in readings}
    one = next(iter(terms)) if len(terms) == 1 else None
    if decided:
        return Standing.ADJUDICATED, max(decided)[1]
    if not experts:
        return Standing.OPEN, None
    if len(experts) == 1:
        return Standing.SINGLE, one
    return (Standing.AGREED if one else Standing.DISPUTED), one


@given(LABELS, st.randoms(use_true_random=False))
def test_many_cells_at_once_stand_as_each_alone(labels, random):
    cells = ["c3", "c1", "c2"]
    answers = [(x.cell_id, x.expert_id, x.purpose, x.term, x.given_at) for x in labels]
    found = standings(cells, answers)
    assert list(found) == cells
    for cell in cells:
        of_cell = [x for x in labels if x.cell_id == cell]
        alone = consensus_of(cell, of_cell)
        assert (alone.standing, alone.term) == found[cell] == plain_standing(of_cell)
    random.shuffle(answers)
    assert standings(cells, answers) == found
    plain = [(cell, expert, str(purpose), term, at) for cell, expert, purpose, term, at in answers]
    assert standings(cells, plain) == found


def test_the_cells_of_raabin_stand_as_they_were_labeled(raabin):
    cells = [f"c{n}" for n in range(len(raabin.films))]
    answers = [
        (cell, expert, Purpose.READING, term, MOMENT)
        for expert, terms in (("a", raabin.first), ("b", raabin.second))
        for cell, term in zip(cells, terms, strict=True)
        if term is not None
    ]
    found = standings(cells, answers)
    counts = Counter(standing for standing, _ in found.values())
    assert counts == {Standing.OPEN: 9000, Standing.SINGLE: 3392, Standing.AGREED: 23131, Standing.DISPUTED: 1101}
    assert sum(known == (Standing.AGREED, "not-recognized") for known in found.values()) == 789


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
