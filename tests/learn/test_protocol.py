from __future__ import annotations

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given, settings
from hypothesis import strategies as st

from buffycoat.errors import InputError, UnknownTerm
from buffycoat.learn import evaluate
from buffycoat.metrics.intervals import wilson

TERMS = ("basophil", "lymphocyte", "monocyte")
CELLS = st.lists(
    st.tuples(st.sampled_from(TERMS), st.sampled_from([*TERMS, None]), st.integers(0, 3)), min_size=1, max_size=30
)


def judged(cells: list[tuple[str, str | None, int]], **changes):
    truth, prediction, groups = ([cell[place] for cell in cells] for place in range(3))
    return evaluate(
        truth, prediction, **{"terms": TERMS, "groups": groups, "baseline": "monocyte", "seed": 0, **changes}
    )


BY_HAND = [
    ("lymphocyte", "lymphocyte", 1),
    ("lymphocyte", "monocyte", 1),
    ("lymphocyte", None, 2),
    ("monocyte", "monocyte", 2),
    ("monocyte", "monocyte", 3),
]


def test_a_case_worked_by_hand():
    found = judged(BY_HAND)
    assert found.terms == TERMS
    assert found.confusion == ((0, 0, 0, 0), (0, 1, 1, 1), (0, 0, 2, 0))
    assert found.accuracy == 3 / 5
    assert found.balanced_accuracy == (1 / 3 + 1) / 2
    assert found.baseline == 2 / 5
    assert found.per_term["basophil"] == {"precision": None, "sensitivity": None, "f1": None, "accuracy": 1.0}
    assert found.per_term["lymphocyte"] == {"precision": 1.0, "sensitivity": 1 / 3, "f1": 0.5, "accuracy": 3 / 5}
    assert found.per_term["monocyte"] == {"precision": 2 / 3, "sensitivity": 1.0, "f1": 0.8, "accuracy": 4 / 5}


def test_where_every_cell_has_a_prediction_the_matrix_is_square():
    assert judged([cell for cell in BY_HAND if cell[1]]).confusion == ((0, 0, 0), (0, 1, 1), (0, 0, 2))


def test_an_empty_split_is_undefined():
    found = judged([])
    assert (found.accuracy, found.balanced_accuracy, found.interval, found.baseline) == (None, None, None, None)
    assert found.per_term["monocyte"]["accuracy"] is None
    assert found.confusion == ((0, 0, 0),) * 3


def test_one_smear_has_the_interval_of_wilson():
    even = [(term, said, 1) for term in TERMS[:2] for said in (term, term, term, "monocyte")]
    assert judged(even).interval == pytest.approx(wilson(6, 8))
    right = [("lymphocyte", "lymphocyte", 1)] * 20
    assert judged(right).interval == pytest.approx(wilson(20, 20))


def test_smears_widen_the_interval_and_the_seed_sets_it():
    cells = [("lymphocyte", "lymphocyte" if smear % 2 else "monocyte", smear) for smear in range(6) for _ in range(20)]
    first = judged(cells, seed=1)
    assert first.interval == judged(cells, seed=1).interval
    one_smear = judged(cells, groups=[0] * len(cells))
    assert np.ptp(first.interval) > 2 * np.ptp(one_smear.interval)


@settings(max_examples=40, deadline=None)
@given(CELLS)
def test_accuracies_are_those_of_scikit_learn(cells):
    found = judged(cells)
    truth, said = [cell[0] for cell in cells], [cell[1] or "none" for cell in cells]
    assert found.accuracy == pytest.approx(sklearn.metrics.accuracy_score(truth, said))
    recalls = sklearn.metrics.recall_score(truth, said, labels=sorted(set(truth)), average=None)
    assert found.balanced_accuracy == pytest.approx(recalls.mean())
    low, high = found.interval
    assert 0 <= low <= high <= 1
    assert sum(map(sum, found.confusion)) == len(cells)


def test_what_cannot_be_judged_is_refused():
    with pytest.raises(InputError):
        judged(BY_HAND, groups=[1])
    with pytest.raises(InputError):
        evaluate(["monocyte"], [], terms=TERMS, groups=[1], baseline="monocyte", seed=0)
    with pytest.raises(UnknownTerm):
        judged([("band", "monocyte", 1)])
