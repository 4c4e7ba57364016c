from __future__ import annotations

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from buffycoat.errors import InputError, TooFew
from buffycoat.metrics.intervals import bootstrap_by_group, wilson

COUNTS = st.integers(1, 200).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))


@given(COUNTS, st.sampled_from([0.9, 0.95, 0.99]))
def test_the_wilson_interval_is_that_of_scipy(counts, confidence):
    theirs = scipy.stats.binomtest(*counts).proportion_ci(confidence_level=confidence, method="wilson")
    assert wilson(*counts, confidence=confidence) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_no_interval_of_nothing():
    with pytest.raises(TooFew):
        wilson(0, 0)
    with pytest.raises(InputError):
        wilson(3, 2)


def mean_of(numbers):
    return lambda drawn: float(numbers[drawn].mean())


def test_the_bootstrap_of_single_items_is_near_the_normal_interval():
    numbers = np.random.default_rng(3).normal(size=400)
    low, high = bootstrap_by_group(mean_of(numbers), range(400), seed=1)
    half = 1.96 * numbers.std() / 20
    assert (low, high) == pytest.approx((numbers.mean() - half, numbers.mean() + half), abs=0.02)


def test_cells_of_one_smear_tell_less_than_cells_of_many():
    right = np.repeat([1.0, 0.0, 1.0, 1.0, 0.0, 1.0], 50)
    by_smear = bootstrap_by_group(mean_of(right), np.repeat(range(6), 50).tolist(), seed=1)
    by_cell = bootstrap_by_group(mean_of(right), range(300), seed=1)
    assert np.ptp(by_smear) > 3 * np.ptp(by_cell)


def test_the_same_seed_gives_the_same_interval():
    numbers = np.random.default_rng(3).normal(size=40)
    groups = np.arange(40) // 4
    intervals = [bootstrap_by_group(mean_of(numbers), groups.tolist(), seed=seed) for seed in (5, 5, 6)]
    assert intervals[0] == intervals[1]
    assert intervals[0] != intervals[2]


def test_whole_groups_are_drawn():
    seen = []

    def remember(drawn):
        seen.append(sorted(drawn.tolist()))
        return 0.0

    bootstrap_by_group(remember, ["a", "b", "a"], seed=1, rounds=30)
    assert {tuple(drawn) for drawn in seen} == {(0, 1, 2), (0, 0, 2, 2), (1, 1)}


def test_undefined_draws_are_left_out():
    assert bootstrap_by_group(lambda drawn: 1.0 if 0 in drawn else None, "abc", seed=1) == (1.0, 1.0)
    with pytest.raises(TooFew):
        bootstrap_by_group(lambda _: None, "abc", seed=1)


def test_one_group_has_no_interval():
    with pytest.raises(TooFew):
        bootstrap_by_group(lambda _: 1.0, ["a", "a"], seed=1)
