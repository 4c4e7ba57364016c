"""Size tells small cells from large ones, where it is known."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest

from buffycoat.errors import InputError, TooFew
from buffycoat.learn.cell_size import BETWEEN, SizePrior, fit_size_prior, red_cells_in, with_size


def test_each_laboratory_counts_as_much_as_any_other():
    sizes = [0.2, 0.4, 0.5, 0.9]  # of class 0: laboratory a has 0.2 and 0.4, b has 0.5; class 1: 0.9
    prior = fit_size_prior(sizes, [0, 0, 0, 1], ["a", "a", "b", "a"], classes=2)
    assert prior.mean == pytest.approx(((0.3 + 0.5) / 2, 0.9))
    assert prior.deviation == pytest.approx((math.hypot(math.sqrt((0.01 + 0) / 2), BETWEEN), BETWEEN))


def test_what_is_no_cell_may_have_any_size():
    prior = fit_size_prior([0.2, 0.6, None], [0, 1, 2], ["a"] * 3, classes=3, anything=2)
    assert prior.mean[2] == pytest.approx(0.4)
    assert prior.deviation[2] == 0.5


def test_a_class_of_unknown_size_is_told():
    with pytest.raises(TooFew, match="class 1"):
        fit_size_prior([0.2, None], [0, 1], ["a", "a"], classes=2)
    with pytest.raises(InputError):
        fit_size_prior([0.2], [0, 1], ["a", "a"], classes=2)


def test_a_size_between_two_classes_is_worth_nothing_and_one_at_a_mean_is_worth_much():
    prior = SizePrior(mean=(0.4, 0.8), deviation=(0.2, 0.2))
    given = np.array([[1, 2], [1, 2], [1, 2]], np.float32)
    found = with_size(given, [0.6, 0.4, None], prior, weight=0.5)
    assert np.diff(found, axis=1).ravel() == pytest.approx([1, 1 - 0.5 * 0.5 * 4, 1], abs=1e-5)
    assert given.tolist() == [[1, 2]] * 3


def test_red_cells_are_measured_in_pixels_of_the_crop():
    crop = np.full((300, 300, 3), 235, np.uint8)
    for x in (40, 110, 190, 260):
        for y in (40, 110, 190, 260):
            cv2.circle(crop, (x, y), 25, (205, 150, 150), -1)
    width = red_cells_in(crop)
    assert width is not None
    assert width == pytest.approx(51, rel=0.1)
    assert red_cells_in(crop[:20, :20]) is None
