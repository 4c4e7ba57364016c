"""ROC and precision over recall: a peer on any scores, and the edges."""

from __future__ import annotations

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given, settings
from hypothesis import strategies as st

from buffycoat.errors import InputError
from buffycoat.metrics.operating_curves import operating_curves

# Few different scores, so that equals are common.
SCORED = st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=2, max_size=40)


@settings(deadline=None)
@given(SCORED.filter(lambda cells: len({cell[1] for cell in cells}) == 2))
def test_scikit_learn_finds_the_same(cells):
    score, is_class = np.array([cell[0] / 6 for cell in cells]), np.array([cell[1] for cell in cells])
    found = operating_curves(score, is_class)
    assert found.roc_area == pytest.approx(sklearn.metrics.roc_auc_score(is_class, score))
    assert found.average_precision == pytest.approx(sklearn.metrics.average_precision_score(is_class, score))
    false, true, _ = sklearn.metrics.roc_curve(is_class, score, drop_intermediate=False)
    assert found.false_positive_rate == pytest.approx(false.tolist())
    assert found.recall == pytest.approx(true.tolist())
    assert len(found.precision) == len(found.recall) - 1


def test_a_class_that_is_not_there_has_no_curve():
    assert operating_curves(np.array([0.1, 0.2]), np.array([False, False])) is None
    assert operating_curves(np.array([0.1, 0.2]), np.array([True, True])) is None


def test_scores_that_are_no_numbers_are_refused():
    with pytest.raises(InputError):
        operating_curves(np.array([0.1, np.nan]), np.array([True, False]))
    with pytest.raises(InputError):
        operating_curves(np.array([0.1]), np.array([True, False]))
