from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given
from hypothesis.extra.numpy import arrays

from buffycoat.errors import InvalidMask
from buffycoat.metrics.overlap import dice, mask_iou

MASKS = arrays(np.bool_, (3, 4))


def test_known_overlaps():
    one, other = np.array([[True, True, True, False]]), np.array([[False, True, True, True]])
    assert dice(one, other) == 4 / 6
    assert mask_iou(one, other) == 2 / 4


def test_empty_masks_agree_and_an_empty_answer_is_worth_nothing():
    nothing, all_of_it = np.zeros((2, 2), bool), np.ones((2, 2), bool)
    assert (dice(nothing, nothing), mask_iou(nothing, nothing)) == (1.0, 1.0)
    assert (dice(all_of_it, nothing), mask_iou(all_of_it, nothing)) == (0.0, 0.0)


@given(MASKS, MASKS)
def test_overlaps_are_symmetric_and_tied_to_each_other(one, other):
    assert dice(one, other) == dice(other, one)
    iou = mask_iou(one, other)
    assert dice(one, other) == pytest.approx(2 * iou / (1 + iou))
    assert (dice(one, other) == 1) == np.array_equal(one, other)


def test_a_real_mask_against_its_moved_self_as_scikit_learn_counts_it(data: Path):
    folder = data / "bccd" / "fields" / "masks_nucleus_cytoplasm"
    mask = cv2.imread(str(min(folder.glob("*.png"))), cv2.IMREAD_GRAYSCALE) > 205
    moved = np.roll(mask, 5, axis=1)
    assert dice(mask, moved) == pytest.approx(sklearn.metrics.f1_score(mask.ravel(), moved.ravel()))
    assert mask_iou(mask, moved) == pytest.approx(sklearn.metrics.jaccard_score(mask.ravel(), moved.ravel()))


@pytest.mark.parametrize("wrong", [np.zeros((2, 3), bool), np.zeros((2, 2), np.uint8)])
def test_masks_that_do_not_fit_are_refused(wrong):
    for function in (dice, mask_iou):
        with pytest.raises(InvalidMask):
            function(np.zeros((2, 2), bool), wrong)
