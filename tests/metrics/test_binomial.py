"""Exact intervals: Rümke's table, another program, and what must hold for all counts."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from buffycoat.errors import InputError, TooFew
from buffycoat.metrics.binomial import exact_binomial, exact_ratio

# Rümke 1960, as laboratories' handbooks print it: limits of 95 % in whole percents, for 100, 200, 500 and 1,000 cells.
RUMKE = {
    0: ("0-4", "0-2", "0-1", "0-1"),
    1: ("0-6", "0-4", "0-3", "0-2"),
    2: ("0-8", "0-6", "0-4", "1-4"),
    3: ("0-9", "1-7", "1-5", "2-5"),
    4: ("1-10", "1-8", "2-7", "2-6"),
    5: ("1-12", "2-10", "3-8", "3-7"),
    6: ("2-13", "3-11", "4-9", "4-8"),
    7: ("2-14", "3-12", "4-10", "5-9"),
    8: ("3-16", "4-13", "5-11", "6-10"),
    9: ("4-17", "5-14", "6-12", "7-11"),
    10: ("4-18", "6-16", "7-13", "8-13"),
    15: ("8-24", "10-21", "11-19", "12-18"),
    20: ("12-30", "14-27", "16-24", "17-23"),
    25: ("16-35", "19-32", "21-30", "22-28"),
    30: ("21-40", "23-37", "26-35", "27-33"),
    35: ("25-46", "28-43", "30-40", "32-39"),
    40: ("30-51", "33-48", "35-45", "36-44"),
    45: ("35-56", "37-53", "40-50", "41-49"),
    50: ("39-61", "42-58", "45-55", "46-54"),
}


@pytest.mark.parametrize("percent", RUMKE)
def test_rumkes_table_is_the_exact_interval_rounded_outward(percent: int):
    for total, printed in zip((100, 200, 500, 1000), RUMKE[percent], strict=True):
        low, high = exact_binomial(percent * total / 100, total)
        assert f"{math.floor(100 * low + 1e-9)}-{math.ceil(100 * high - 1e-9)}" == printed, (percent, total)


@settings(deadline=None)
@given(st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.sampled_from((0.8, 0.95)))
def test_scipy_finds_the_same_by_another_way(counts: tuple[int, int], confidence: float):
    count, total = counts
    peer = binomtest(count, total).proportion_ci(confidence_level=confidence, method="exact")
    assert exact_binomial(count, total, confidence=confidence) == pytest.approx((peer.low, peer.high), abs=1e-8)


@settings(deadline=None)
@given(st.integers(2, 400).flatmap(lambda n: st.tuples(st.integers(1, n - 1), st.just(n))))
def test_at_the_bounds_so_many_cells_come_by_chance_once_in_forty(counts: tuple[int, int]):
    count, total = counts
    low, high = exact_binomial(count, total)
    assert binom.sf(count - 1, total, low) == pytest.approx(0.025)
    assert binom.cdf(count, total, high) == pytest.approx(0.025)


@settings(deadline=None)
@given(st.integers(0, 100_000), st.integers(1, 100_000))
def test_a_ratio_lies_within_its_interval(count: int, other: int):
    low, high = exact_ratio(count, other)
    assert 0 <= low <= count / other < high < math.inf


def test_no_red_cell_among_a_hundred_leukocytes():
    # The upper bound of 0 of 100 is 1 - 0.025 ** (1 / 100); as a ratio that is 0.025 ** (-1 / 100) - 1.
    assert exact_ratio(0, 100) == (0.0, pytest.approx(0.025 ** (-1 / 100) - 1))


@pytest.mark.parametrize(
    ("count", "total", "confidence"),
    [(-1, 10, 0.95), (11, 10, 0.95), (1, 10, 1.0), (float("nan"), 10, 0.95), (1, float("inf"), 0.95)],
)
def test_no_such_count(count: float, total: float, confidence: float):
    with pytest.raises(InputError):
        exact_binomial(count, total, confidence=confidence)


def test_of_nothing_there_is_no_share():
    with pytest.raises(TooFew):
        exact_binomial(0, 0)
    with pytest.raises(TooFew):
        exact_ratio(3, 0)
