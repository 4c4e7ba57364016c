"""Reliability in bins of equal count: known answers, and what must hold always."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from buffycoat.errors import InputError, TooFew
from buffycoat.metrics.calibration import reliability

CELLS = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60)


def test_ten_cells_in_two_bins_by_hand():
    # Least sure five: mean 0.3, one of five right. Surest five: mean 0.8, four of five right.
    sure = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
    right = np.array([0, 0, 0, 0, 1, 1, 0, 1, 1, 1], bool)
    found = reliability(sure, right, bins=2)
    assert [(each.cells, each.right) for each in found.bins] == [(5, 0.2), (5, 0.8)]
    assert [each.confidence for each in found.bins] == pytest.approx([0.3, 0.8])
    assert found.expected_error == pytest.approx((5 * 0.1 + 5 * 0.0) / 10)
    assert found.over == pytest.approx(0.55 - 0.5)


def test_one_who_is_always_sure_and_half_the_time_wrong_is_off_by_a_half():
    found = reliability(np.ones(40), np.arange(40) % 2 == 0, bins=1)
    assert (found.expected_error, found.over) == (0.5, 0.5)


def test_equal_confidences_do_not_depend_on_the_order_of_cells():
    right = np.random.default_rng(0).random(37) < 0.6
    sure = np.full(37, 0.5)
    turned = np.random.default_rng(1).permutation(37)
    assert reliability(sure, right) == reliability(sure, right[turned])


@settings(deadline=None)
@given(CELLS, st.integers(1, 12))
def test_bins_hold_all_cells_in_parts_of_equal_size(cells, bins):
    sure, right = np.array([cell[0] for cell in cells]), np.array([cell[1] for cell in cells])
    found = reliability(sure, right, bins=bins)
    sizes = [each.cells for each in found.bins]
    assert sum(sizes) == len(cells)
    assert max(sizes) - min(sizes) <= 1
    assert len(sizes) == min(bins, len(cells))
    assert abs(found.over) <= found.expected_error + 1e-12
    assert found.expected_error <= 1


def test_bad_confidences_are_refused():
    with pytest.raises(InputError, match="outside 0 to 1"):
        reliability(np.array([1.2]), np.array([True]))
    with pytest.raises(InputError, match="outside 0 to 1"):
        reliability(np.array([np.nan, 0.5]), np.array([True, True]))
    with pytest.raises(InputError, match="not one confidence"):
        reliability(np.array([0.2]), np.array([True, False]))
    with pytest.raises(TooFew):
        reliability(np.empty(0), np.empty(0, bool))
