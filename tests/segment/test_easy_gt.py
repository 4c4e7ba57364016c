from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from buffycoat.errors import InputError, NothingFound, WrongArray
from buffycoat.imaging.color import gray_world, magenta
from buffycoat.imaging.threshold import histogram_of, otsu, otsu_three
from buffycoat.metrics.overlap import dice
from buffycoat.segment.easy_gt import easy_gt


def test_every_step_is_the_method_of_the_paper(drawn):
    found = easy_gt(drawn.crop, weight=0.5)
    np.testing.assert_array_equal(found.balanced, gray_world(drawn.crop))
    np.testing.assert_array_equal(found.magenta, magenta(found.balanced))
    counts = histogram_of(found.magenta)
    assert found.t2 == otsu(counts)
    assert (found.t_low, found.t_up) == otsu_three(counts)
    assert found.threshold == (found.t2 + found.t_up) / 2
    np.testing.assert_array_equal(found.mask, found.magenta > found.threshold)


@settings(deadline=None)
@given(st.floats(0, 1))
def test_the_weight_goes_from_three_classes_to_two(drawn, weight):
    found = easy_gt(drawn.crop, weight=weight)
    assert found.threshold == pytest.approx(weight * found.t2 + (1 - weight) * found.t_up)
    assert easy_gt(drawn.crop, weight=0).threshold == found.t_up
    assert easy_gt(drawn.crop, weight=1).threshold == found.t2


def test_a_slider_moves_the_mask_and_nothing_else(drawn):
    found = easy_gt(drawn.crop, weight=1, post="clean")
    for threshold in (0, found.threshold, 99.5, 255):
        moved = found.moved(threshold)
        assert moved.threshold == threshold
        assert moved.balanced is found.balanced
        assert moved.mask.sum() <= (found.magenta > threshold).sum()
    np.testing.assert_array_equal(found.moved(found.threshold).mask, found.mask)
    for weight in (0, 0.3, 1):
        again, anew = found.weighted(weight), easy_gt(drawn.crop, weight=weight, post="clean")
        assert again.threshold == anew.threshold
        np.testing.assert_array_equal(again.mask, anew.mask)
    for wrong in (-1, 256, float("nan")):
        with pytest.raises(InputError):
            found.moved(wrong)
    with pytest.raises(InputError):
        found.weighted(1.01)


def test_where_both_thresholds_agree_any_weight_gives_that_level():
    crop = np.full((60, 60, 3), 230, np.uint8)
    crop[20:40, 20:40] = (120, 40, 160)
    assert {easy_gt(crop, weight=weight).threshold for weight in (0, 0.1, 0.3, 0.7, 1)} == {easy_gt(crop).t2}


def test_the_paper_keeps_the_neighbor_and_clean_does_not(drawn):
    assert easy_gt(drawn.crop).mask[5, 235]
    cleaned = easy_gt(drawn.crop, post="clean").mask
    assert not cleaned[5, 235]
    assert dice(drawn.nucleus, cleaned) > 0.95


def test_clean_drops_specks_and_fills_small_holes():
    crop = np.full((100, 100, 3), 230, np.uint8)
    crop[30:70, 30:70] = crop[20:24, 50:54] = (120, 40, 160)
    crop[45:48, 45:48] = 230
    crop[55:65, 55:65] = 230
    paper, clean = easy_gt(crop).mask, easy_gt(crop, post="clean").mask
    assert paper.sum() == 40 * 40 + 16 - 9 - 100
    assert clean.sum() == 40 * 40 - 100


def test_clean_may_leave_nothing(drawn):
    corner = drawn.crop[:80, 160:]
    rolled = np.full((200, 200, 3), 230, np.uint8)
    rolled[:80, 120:] = corner
    assert easy_gt(rolled).mask.any()
    assert not easy_gt(rolled, post="clean").mask.any()


def test_real_nuclei_are_as_people_drew_them(bccd):
    scores = [dice(truth.nucleus, easy_gt(truth.crop, post="clean").mask) for truth in bccd]
    assert len(scores) > 30
    assert np.mean(scores) > 0.91
    assert np.median(scores) > 0.92


def test_the_crop_is_left_alone(drawn):
    before = drawn.crop.copy()
    easy_gt(drawn.crop, post="clean")
    np.testing.assert_array_equal(drawn.crop, before)


def test_what_cannot_be_segmented_is_refused(drawn):
    with pytest.raises(NothingFound):
        easy_gt(np.full((50, 50, 3), 230, np.uint8))
    with pytest.raises(WrongArray):
        easy_gt(drawn.crop[..., 0])
    with pytest.raises(InputError, match="expected 0 to 1"):
        easy_gt(drawn.crop, weight=1.5)
    with pytest.raises(InputError, match="paper or clean"):
        easy_gt(drawn.crop, post="dirty")
