from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given
from hypothesis import strategies as st

from buffycoat.errors import InputError, TooFew, UnknownTerm
from buffycoat.metrics.agreement import agreement_matrix, cohen_kappa, raw_agreement

ANSWERS = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")), min_size=1, max_size=40)


@pytest.fixture(scope="module")
def raabin(data: Path) -> tuple[list[str], list[str]]:
    """Both experts' labels of every cell of the first microscope that both labeled."""
    pairs = []
    with zipfile.ZipFile(data / "raabin_json" / "first_microscope_jsons.zip") as archive:
        for name in archive.namelist():
            if name.endswith(".json"):
                cells = json.loads(archive.read(name))
                pairs += [(c["Label1"], c["Label2"]) for key, c in cells.items() if key.startswith("Cell_")]
    both = [pair for pair in pairs if None not in pair]
    return [one for one, _ in both], [other for _, other in both]


def test_the_experts_of_raabin(raabin):
    first, second = raabin
    assert len(first) == 24232
    assert round(raw_agreement(first, second), 5) == 0.95456
    assert round(cohen_kappa(first, second), 5) == 0.94154


def test_the_matrix_of_raabin_is_that_of_the_stored_figures(raabin, data):
    stats = json.loads((data / "raabin_json" / "stats.json").read_text())
    terms = [label for label in stats["labels"] if label is not None]
    expected = np.array(stats["agreement_rows_label1_cols_label2"])[: len(terms), : len(terms)]
    np.testing.assert_array_equal(agreement_matrix(*raabin, terms=terms), expected)


def test_a_case_worked_by_hand():
    first = ["x"] * 25 + ["y"] * 25
    second = ["x"] * 20 + ["y"] * 5 + ["x"] * 10 + ["y"] * 15
    assert agreement_matrix(first, second, terms=["x", "y"]).tolist() == [[20, 5], [10, 15]]
    # equal by chance: 0.5 of 0.6, and 0.5 of 0.4
    assert raw_agreement(first, second) == 0.7
    assert cohen_kappa(first, second) == 0.4


@given(ANSWERS)
def test_kappa_is_symmetric_at_most_one_and_that_of_scikit_learn(pairs):
    first, second = [one for one, _ in pairs], [other for _, other in pairs]
    if len({*first, *second}) == 1:
        with pytest.raises(TooFew):
            cohen_kappa(first, second)
        return
    kappa = cohen_kappa(first, second)
    assert kappa == cohen_kappa(second, first)
    assert -1 <= kappa <= 1
    assert (kappa == 1) == (first == second)
    assert kappa == pytest.approx(sklearn.metrics.cohen_kappa_score(first, second), abs=1e-12)


@given(ANSWERS)
def test_the_matrix_is_that_of_scikit_learn_and_turns_with_the_experts(pairs):
    first, second = [one for one, _ in pairs], [other for _, other in pairs]
    matrix = agreement_matrix(first, second, terms=list("abcd"))
    np.testing.assert_array_equal(matrix, sklearn.metrics.confusion_matrix(first, second, labels=list("abcd")))
    np.testing.assert_array_equal(matrix.T, agreement_matrix(second, first, terms=list("abcd")))
    assert np.trace(matrix) / matrix.sum() == raw_agreement(first, second)


def test_answers_may_be_an_array():
    first, second = np.array(["a", "b", "b"]), np.array(["a", "b", "a"])
    assert cohen_kappa(first, second) == cohen_kappa(list("abb"), list("aba"))


@pytest.mark.parametrize("function", [cohen_kappa, raw_agreement])
def test_what_cannot_be_compared_is_refused(function):
    with pytest.raises(InputError, match="expected 1, found 2"):
        function(["a"], ["a", "b"])
    with pytest.raises(TooFew):
        function([], [])


def test_an_answer_outside_the_terms_is_refused():
    with pytest.raises(UnknownTerm, match="found c"):
        agreement_matrix(["a"], ["c"], terms=["a", "b"])
