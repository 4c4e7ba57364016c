from __future__ import annotations

import warnings

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given
from hypothesis import strategies as st

from buffycoat.errors import InputError, UnknownTerm
from buffycoat.metrics.classification import (
    accuracy,
    balanced_accuracy,
    confusion_matrix,
    f1,
    macro_f1,
    precision,
    sensitivity,
    term_accuracy,
)

TERMS = ["basophil", "eosinophil", "lymphocyte"]
READINGS = st.lists(st.tuples(st.sampled_from(TERMS), st.sampled_from(TERMS)), min_size=1, max_size=30)

# rows truth: 5 basophils, 4 eosinophils, no lymphocyte; one eosinophil was called a lymphocyte
BY_HAND = np.array([[4, 1, 0], [1, 2, 1], [0, 0, 0]])


def test_a_case_worked_by_hand():
    assert accuracy(BY_HAND) == 6 / 9
    assert sensitivity(BY_HAND) == (4 / 5, 2 / 4, None)
    assert precision(BY_HAND) == (4 / 5, 2 / 3, 0.0)
    assert f1(BY_HAND) == (8 / 10, 4 / 7, 0.0)
    assert balanced_accuracy(BY_HAND) == (4 / 5 + 2 / 4) / 2
    assert macro_f1(BY_HAND) == (8 / 10 + 4 / 7) / 2
    assert term_accuracy(BY_HAND) == (7 / 9, 6 / 9, 8 / 9)


def test_undefined_is_none_and_not_zero():
    nothing = np.zeros((2, 2), np.int64)
    assert (accuracy(nothing), balanced_accuracy(nothing), macro_f1(nothing)) == (None, None, None)
    for function in (precision, sensitivity, f1, term_accuracy):
        assert function(nothing) == (None, None)


@given(READINGS)
def test_figures_are_those_of_scikit_learn(pairs):
    truth, prediction = [true for true, _ in pairs], [said for _, said in pairs]
    confusion = confusion_matrix(truth, prediction, terms=TERMS)
    np.testing.assert_array_equal(confusion, sklearn.metrics.confusion_matrix(truth, prediction, labels=TERMS))
    assert accuracy(confusion) == pytest.approx(sklearn.metrics.accuracy_score(truth, prediction))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of predicted classes that the truth lacks
        assert balanced_accuracy(confusion) == pytest.approx(sklearn.metrics.balanced_accuracy_score(truth, prediction))
    theirs = sklearn.metrics.precision_recall_fscore_support(truth, prediction, labels=TERMS, zero_division=np.nan)
    for ours, other in zip((precision(confusion), sensitivity(confusion), f1(confusion)), theirs[:3], strict=True):
        assert [np.nan if share is None else share for share in ours] == pytest.approx(list(other), nan_ok=True)
    present = sorted(set(truth))
    expected = sklearn.metrics.f1_score(truth, prediction, labels=present, average="macro", zero_division=0)
    assert macro_f1(confusion) == pytest.approx(expected)


def test_what_cannot_be_counted_is_refused():
    with pytest.raises(InputError):
        confusion_matrix(["basophil"], [], terms=TERMS)
    with pytest.raises(UnknownTerm, match="found band"):
        confusion_matrix(["basophil"], ["band"], terms=TERMS)
