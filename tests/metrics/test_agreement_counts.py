from __future__ import annotations

import itertools

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from buffycoat.errors import InputError, TooFew, UnknownTerm
from buffycoat.metrics.agreement import (
    ac1_of,
    agreement_intervals,
    cohen_kappa,
    gwet_ac1,
    kappa_of,
    kappas_by_class,
    raw_of,
    specific_agreement,
)
from buffycoat.metrics.intervals import bootstrap_by_group

MATRICES = hnp.arrays(np.int64, (4, 4), elements=st.integers(0, 30)).filter(lambda matrix: matrix.sum() > 0)
VARIED = MATRICES.filter(lambda matrix: ((matrix.sum(axis=0) + matrix.sum(axis=1)) > 0).sum() > 1)
STACKS = hnp.arrays(np.int64, (5, 3, 3), elements=st.integers(0, 6))

# Two abstractors read 100 records: ectopic, abnormal and normal intrauterine pregnancy. Table `cont3x3abstractors` of
# Gwet's R package irrCAC; its overview prints kappa 0.7964094 and AC1 0.8493305.
ABSTRACTORS = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]


def answers_of(matrix):
    """The answers of two experts that a matrix counts."""
    pairs = [(one, other) for (one, other), count in np.ndenumerate(matrix) for _ in range(count)]
    return [one for one, _ in pairs], [other for _, other in pairs]


def test_the_abstractors_of_gwet():
    assert raw_of(ABSTRACTORS) == 0.89
    assert round(kappa_of(ABSTRACTORS), 7) == 0.7964094
    assert round(ac1_of(ABSTRACTORS), 7) == 0.8493305


def test_the_paradox_of_gwet():
    # Gwet 2002, "Kappa statistic is not satisfactory": 118 of 125 equal as yes, none as no. By hand: the mean share of
    # yes is 243/250 and pe = 2 * 243/250 * 7/250 = 0.054432, so AC1 = (0.944 - 0.054432) / 0.945568.
    matrix = [[118, 5], [2, 0]]
    assert round(kappa_of(matrix), 4) == -0.0234
    assert ac1_of(matrix) == pytest.approx((0.944 - 0.054432) / 0.945568)
    assert round(ac1_of(matrix), 4) == 0.9408


def test_ac1_depends_on_the_terms_that_were_offered():
    first, second = answers_of(np.array([[20, 5], [10, 15]]))
    # by hand: p = 0.55 and 0.45; pe = 0.495 of two terms, 0.2475 of three
    assert gwet_ac1(first, second, terms=[0, 1]) == pytest.approx((0.7 - 0.495) / 0.505)
    assert gwet_ac1(first, second, terms=[0, 1, 2]) == pytest.approx((0.7 - 0.2475) / 0.7525)


@given(VARIED)
def test_kappa_of_counts_is_that_of_the_answers_and_of_scikit_learn(matrix):
    first, second = answers_of(matrix)
    assert kappa_of(matrix) == cohen_kappa(first, second)
    assert kappa_of(matrix) == pytest.approx(sklearn.metrics.cohen_kappa_score(first, second), abs=1e-12)
    assert raw_of(matrix) == sklearn.metrics.accuracy_score(first, second)


@given(MATRICES)
def test_ac1_is_its_formula(matrix):
    shares = (matrix.sum(axis=0) + matrix.sum(axis=1)) / (2 * matrix.sum())
    chance = (shares * (1 - shares)).sum() / (len(matrix) - 1)
    assert ac1_of(matrix) == pytest.approx((raw_of(matrix) - chance) / (1 - chance), abs=1e-12)


@given(VARIED, st.permutations(range(4)))
def test_statistics_know_neither_who_was_first_nor_the_order_of_terms(matrix, order):
    for statistic in (raw_of, kappa_of, ac1_of):
        assert statistic(matrix.T) == statistic(matrix)
        assert statistic(matrix[np.ix_(order, order)]) == pytest.approx(statistic(matrix), abs=1e-12)
    for by_class in (specific_agreement, kappas_by_class):
        np.testing.assert_allclose(by_class(matrix.T), by_class(matrix), atol=1e-12)
        np.testing.assert_allclose(by_class(matrix[np.ix_(order, order)]), by_class(matrix)[list(order)], atol=1e-12)


@given(VARIED)
def test_statistics_are_at_most_one_and_only_of_full_agreement(matrix):
    full = np.trace(matrix) == matrix.sum()
    for statistic in (raw_of, kappa_of, ac1_of):
        assert statistic(matrix) <= 1
        assert (statistic(matrix) == 1) == full
    assert raw_of(matrix) >= 0
    assert kappa_of(matrix) >= -1
    # pe is at most 1/q, so AC1 is at least -1/(q - 1), and never above raw agreement
    assert -1 / 3 - 1e-12 <= ac1_of(matrix) <= raw_of(matrix) + 1e-12


@given(VARIED)
def test_ac1_is_above_kappa_where_kappa_expects_more_by_chance(matrix):
    rows, columns, total = matrix.sum(axis=1), matrix.sum(axis=0), matrix.sum()
    shares = (rows + columns) / (2 * total)
    if (rows * columns).sum() / total**2 >= (shares * (1 - shares)).sum() / (len(matrix) - 1):
        assert ac1_of(matrix) >= kappa_of(matrix) - 1e-12
    else:
        assert ac1_of(matrix) <= kappa_of(matrix) + 1e-12


@given(VARIED)
def test_classes_are_compared_as_scikit_learn_does(matrix):
    first, second = (np.array(answers) for answers in answers_of(matrix))
    for term, (share, kappa) in enumerate(zip(specific_agreement(matrix), kappas_by_class(matrix), strict=True)):
        one, other = first == term, second == term
        if not (one | other).any():
            assert np.isnan(share)
            assert np.isnan(kappa)
        else:
            # the harmonic mean of both directions is the F1 score
            assert share == pytest.approx(sklearn.metrics.f1_score(one, other))
            if not (one & other).all():
                assert kappa == pytest.approx(sklearn.metrics.cohen_kappa_score(one, other), abs=1e-12)


def test_positive_and_negative_agreement_by_hand():
    np.testing.assert_allclose(specific_agreement([[20, 5], [10, 15]]), [40 / 55, 30 / 45])
    assert kappas_by_class([[20, 5], [10, 15]]).tolist() == [0.4, 0.4]
    assert np.isnan(specific_agreement([[3, 0], [0, 0]])[1])


@given(STACKS, st.integers(0, 2**32))
def test_intervals_are_those_of_drawing_the_cells_of_whole_smears(stack, seed):
    cells = [(s, a, b) for (s, a, b), count in np.ndenumerate(stack) for _ in range(count)]
    if len({smear for smear, _, _ in cells}) < len(stack):
        return
    fast = agreement_intervals(stack, seed=seed, rounds=25, confidence=0.8)
    smears, first, second = (np.array(column) for column in zip(*cells, strict=True))

    def drawn(statistic):
        def of(places):
            try:
                return statistic(first[places].tolist(), second[places].tolist())
            except TooFew:
                return None

        try:
            return bootstrap_by_group(of, smears.tolist(), seed=seed, rounds=25, confidence=0.8)
        except TooFew:
            return None

    slow = drawn(cohen_kappa)
    assert (fast.kappa is None) == (slow is None)
    if slow is not None:
        assert fast.kappa == pytest.approx(slow)
    assert fast.raw == pytest.approx(drawn(lambda one, other: float(np.mean(np.equal(one, other)))))
    assert fast.ac1 == pytest.approx(drawn(lambda one, other: gwet_ac1(one, other, terms=[0, 1, 2])))


def test_intervals_are_the_same_for_a_seed_and_hold_the_statistic():
    stack = np.random.default_rng(4).multinomial(200, [0.3, 0.05, 0.05, 0.6], size=12).reshape(12, 2, 2)
    found = agreement_intervals(stack, seed=7)
    assert found == agreement_intervals(stack.tolist(), seed=7)
    assert found != agreement_intervals(stack, seed=8)
    whole = stack.sum(axis=0)
    for (low, high), statistic in zip((found.raw, found.kappa, found.ac1), (raw_of, kappa_of, ac1_of), strict=True):
        assert low < statistic(whole) < high
    wider = agreement_intervals(stack, seed=7, confidence=0.99)
    assert wider.raw[0] <= found.raw[0] < found.raw[1] <= wider.raw[1]


def test_intervals_of_many_smears_are_drawn_block_by_block(monkeypatch):
    stack = np.random.default_rng(1).integers(0, 9, (30, 3, 3))
    at_once = agreement_intervals(stack, seed=3, rounds=50)
    monkeypatch.setattr("buffycoat.metrics.agreement_counts._BLOCK", 30 * 7)
    assert agreement_intervals(stack, seed=3, rounds=50) == at_once


def test_smears_that_are_alike_leave_no_doubt():
    found = agreement_intervals([ABSTRACTORS] * 4, seed=1)
    assert found.raw == (0.89, 0.89)
    assert found.kappa == pytest.approx((0.7964094, 0.7964094), abs=1e-7)


def test_a_statistic_that_is_never_defined_has_no_interval():
    found = agreement_intervals([[[3, 0], [0, 0]], [[5, 0], [0, 0]]], seed=1)
    assert found.raw == found.ac1 == (1.0, 1.0)
    assert found.kappa is None


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        ([[1, 2]], r"found shape \(1, 2\)"),
        ([1, 2], r"found shape \(2,\)"),
        ([[1, -2], [0, 1]], "found -2"),
        ([[0.5, 0], [0, 1]], r"found 0\.5"),
        ([[np.nan, 0], [0, 1]], "found nan"),
    ],
)
def test_what_is_no_matrix_of_counts_is_refused(matrix, message):
    for function in (raw_of, kappa_of, ac1_of, specific_agreement, kappas_by_class):
        with pytest.raises(InputError, match=message):
            function(matrix)


def test_what_is_undefined_is_refused_and_says_why():
    for statistic, matrix in itertools.product((raw_of, kappa_of, ac1_of), ([[0, 0], [0, 0]],)):
        with pytest.raises(TooFew, match="found 0 cells, 0 of 2 terms given"):
            statistic(matrix)
    with pytest.raises(TooFew, match="found 9 cells, 1 of 2 terms given"):
        kappa_of([[9, 0], [0, 0]])
    assert ac1_of([[9, 0], [0, 0]]) == 1
    with pytest.raises(TooFew, match="2 terms to choose from"):
        ac1_of([[9]])
    with pytest.raises(TooFew, match="at least 2, found 1"):
        agreement_intervals([ABSTRACTORS], seed=1)
    with pytest.raises(InputError, match="expected shape"):
        agreement_intervals(ABSTRACTORS, seed=1)
    for wrong in ({"confidence": 1.0}, {"rounds": 0}):
        with pytest.raises(InputError, match="no such interval"):
            agreement_intervals([ABSTRACTORS] * 2, seed=1, **wrong)
    with pytest.raises(UnknownTerm):
        gwet_ac1(["a"], ["c"], terms=["a", "b"])
