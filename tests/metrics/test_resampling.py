"""Draws of whole groups: the same as the plain bootstrap, and paired between models."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from buffycoat.errors import InputError, TooFew
from buffycoat.metrics.classification import (
    accuracy,
    balanced_accuracy,
    f1,
    macro_f1,
    precision,
    sensitivity,
    term_accuracy,
)
from buffycoat.metrics.intervals import bootstrap_by_group
from buffycoat.metrics.resampling import (
    accuracies,
    balanced_accuracies,
    confusions_by_group,
    draw_confusions,
    macro_f1s,
    percentiles,
    scores_by_class,
)

ANSWERS = st.lists(st.tuples(st.integers(0, 2), st.integers(-1, 2), st.integers(0, 3)), min_size=1, max_size=40)


@settings(deadline=None)
@given(ANSWERS)
def test_scores_of_many_matrices_are_those_of_each(cells):
    truth, said, group = (np.array([cell[place] for cell in cells]) for place in range(3))
    by_group = confusions_by_group(truth, said[None], group.tolist(), classes=3)
    assert by_group.shape == (len(set(group.tolist())), 1, 3, 4)
    whole = by_group.sum(axis=0)[0]
    square = np.vstack([whole, np.zeros((1, 4), np.int64)])
    assert accuracies(whole) == pytest.approx(accuracy(square))
    assert balanced_accuracies(whole) == pytest.approx(balanced_accuracy(square))
    assert macro_f1s(whole) == pytest.approx(macro_f1(square))
    for place, score in enumerate((precision, sensitivity, f1, term_accuracy)):
        known = [float("nan") if one is None else one for one in score(square)[:3]]
        assert scores_by_class(whole)[:, place] == pytest.approx(known, nan_ok=True)


def test_three_cells_without_an_answer_are_three_errors():
    truth, said = np.array([0, 0, 0, 1, 1, 1]), np.array([[0, 0, 0, -1, -1, -1]])
    whole = confusions_by_group(truth, said, range(6), classes=2).sum(axis=0)[0]
    assert whole.tolist() == [[3, 0, 0], [0, 0, 3]]
    assert (float(accuracies(whole)), float(balanced_accuracies(whole))) == (0.5, 0.5)


def test_the_interval_is_near_that_of_the_plain_bootstrap():
    random = np.random.default_rng(4)
    truth = random.integers(0, 3, 300)
    said = np.where(random.random(300) < 0.7, truth, random.integers(0, 3, 300))
    groups = (np.arange(300) // 12).tolist()

    def of(drawn):
        return balanced_accuracy(np.bincount(truth[drawn] * 3 + said[drawn], minlength=9).reshape(3, 3))

    plain = bootstrap_by_group(of, groups, seed=1, rounds=4000)
    drawn = draw_confusions(confusions_by_group(truth, said[None], groups, classes=3), seed=2, rounds=4000)
    assert percentiles(balanced_accuracies(drawn)[:, 0]) == pytest.approx(plain, abs=0.01)


def test_a_model_compared_with_itself_differs_by_nothing_in_every_draw():
    random = np.random.default_rng(0)
    truth, said = random.integers(0, 2, 50), random.integers(0, 2, 50)
    drawn = draw_confusions(confusions_by_group(truth, np.stack([said, said]), range(50), classes=2), seed=3)
    scores = balanced_accuracies(drawn)
    assert percentiles(scores[:, 0] - scores[:, 1]) == (0.0, 0.0)
    assert np.ptp(scores[:, 0]) > 0


def test_each_draw_has_as_many_groups_as_there_are_and_blocks_change_nothing(monkeypatch):
    by_group = confusions_by_group(np.zeros(7, int), np.zeros((1, 7), int), range(7), classes=1)
    assert (draw_confusions(by_group, seed=0, rounds=40).sum(axis=(1, 2, 3)) == 7).all()
    uneven = by_group * np.arange(1, 8)[:, None, None, None]
    whole = draw_confusions(uneven, seed=0, rounds=40)
    monkeypatch.setattr("buffycoat.metrics.resampling._BLOCK", 21)
    assert (draw_confusions(uneven, seed=0, rounds=40) == whole).all()


def test_a_class_that_a_draw_lacks_does_not_count_and_no_cell_is_undefined():
    assert np.isnan(balanced_accuracies(np.zeros((2, 3))))
    assert np.isnan(accuracies(np.zeros((2, 3))))
    assert percentiles(np.array([np.nan])) is None


def test_what_does_not_fit_is_refused():
    with pytest.raises(TooFew):
        draw_confusions(np.zeros((1, 1, 2, 3), np.int64), seed=0)
    with pytest.raises(InputError, match="same cells"):
        confusions_by_group(np.zeros(3, int), np.zeros((1, 2), int), "abc", classes=1)
    with pytest.raises(InputError, match="not among"):
        confusions_by_group(np.zeros(1, int), np.full((1, 1), 2), "a", classes=2)
