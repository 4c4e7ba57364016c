from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from buffycoat.segment.contour import closed_line


def test_the_line_follows_the_valley():
    cost = np.ones((12, 9), np.float32)
    valley = [4, 4, 5, 6, 6, 5, 4, 3, 3, 4, 4, 4]
    cost[np.arange(12), valley] = 0
    assert closed_line(cost, step=1).tolist() == valley


def test_a_step_limits_how_far_it_moves():
    cost = np.ones((10, 9), np.float32)
    cost[:, 1] = 0
    cost[5, 1], cost[5, 8] = 1, -1
    assert closed_line(cost, step=7)[5] == 8
    assert closed_line(cost, step=2)[5] <= 3


def test_stiffness_keeps_it_straight():
    cost = np.ones((10, 5), np.float32)
    cost[:, 2] = 0
    cost[4] = [1, 1, 1, 0.5, -0.5]
    cost[4, 2] = 0.2
    assert closed_line(cost).tolist() == [2, 2, 2, 2, 4, 2, 2, 2, 2, 2]
    assert closed_line(cost, stiffness=1.0).tolist() == [2] * 10


@given(arrays(np.int64, (6, 4), elements=st.integers(0, 9)))
def test_the_line_is_the_middle_of_the_cheapest_one_that_goes_around_twice(cost):
    line = closed_line(cost.astype(np.float32), step=1)
    assert np.abs(np.diff(line)).max() <= 1
    unrolled = np.concatenate([cost[3:], cost, cost[:3]])
    forward, backward = cheapest_to(unrolled), cheapest_to(unrolled[::-1])[::-1]
    through = forward + backward - unrolled  # of the cheapest line through each place
    assert (through[np.arange(3, 9), line] == through.min()).all()


def cheapest_to(cost):
    spent = [cost[0]]
    for row in cost[1:]:
        last = np.pad(spent[-1], 1, constant_values=10**6)
        spent.append(row + np.minimum(np.minimum(last[:-2], last[1:-1]), last[2:]))
    return np.array(spent)
