from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from buffycoat.errors import WrongArray
from buffycoat.imaging import machine_code
from buffycoat.imaging.color import (
    apply_tables,
    balance_tables,
    balanced_magenta,
    balanced_stain,
    gray_world,
    magenta,
    saturation,
)
from buffycoat.imaging.threshold import histogram_of

IMAGES = arrays(np.uint8, st.tuples(st.integers(1, 6), st.integers(1, 6), st.just(3)))


@pytest.fixture(scope="module")
def crop(data: Path) -> np.ndarray:
    path = data / "raabin_crops" / "crops" / "monocyte" / "95-8-10-1_1205_1.jpg"
    return cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)


def test_gray_world_scales_each_channel_to_the_mean_luma():
    image = np.array([[[200, 100, 40], [100, 60, 0]]], np.uint8)
    # means 150, 80, 20; luma 0.299 * 150 + 0.587 * 80 + 0.114 * 20 = 94.09
    expected = [[[125, 117, 188], [62, 70, 0]]]
    assert gray_world(image).tolist() == expected


def test_gray_world_of_a_real_crop_is_gray_on_average(crop):
    before, after = crop.mean(axis=(0, 1)), gray_world(crop).mean(axis=(0, 1))
    assert np.ptp(before) > 20
    assert np.ptp(after) < 3  # what is cut at 255 and to whole numbers remains


@given(st.integers(0, 255), st.integers(1, 5))
def test_gray_world_leaves_a_gray_image_alone(level, side):
    image = np.full((side, side, 3), level, np.uint8)
    image[0, 0] = 255 - level
    np.testing.assert_array_equal(gray_world(image), image)


@given(IMAGES)
def test_gray_world_is_the_formula(image):
    means = image.reshape(-1, 3).mean(axis=0)
    luma = float(means @ [0.299, 0.587, 0.114])
    factor = np.divide(luma, means, out=np.zeros(3), where=means > 0)
    exact = np.minimum(image * factor, 255)
    off = exact - gray_world(image)
    assert off.min() > -1e-6
    assert off.max() < 1 + 1e-6


def test_a_channel_that_is_dark_everywhere_stays_dark():
    image = np.zeros((2, 2, 3), np.uint8)
    image[..., 0] = 90
    assert gray_world(image)[..., 1:].max() == 0
    assert gray_world(np.zeros((2, 2, 3), np.uint8)).max() == 0


@given(IMAGES)
def test_magenta_is_the_formula_and_symmetric_in_red_and_blue(image):
    whole = image.astype(int)
    high = whole.max(axis=-1)
    expected = np.where(high > 0, 255 * (high - whole[..., 1]) // np.maximum(high, 1), 0)
    np.testing.assert_array_equal(magenta(image), expected)
    np.testing.assert_array_equal(magenta(image[..., ::-1]), expected)


def test_magenta_does_not_depend_on_brightness_before_it_is_cut():
    image = np.array([[[100, 40, 60], [50, 20, 30]]], np.uint8)
    assert magenta(image).tolist() == [[153, 153]]


def test_saturation_is_that_of_opencv_within_one(crop):
    theirs = cv2.cvtColor(crop, cv2.COLOR_RGB2HLS)[..., 2].astype(int)
    off = np.abs(theirs - saturation(crop))
    assert off.max() <= 1
    assert (off > 0).mean() < 0.01


@given(IMAGES)
def test_saturation_is_the_formula(image):
    low, high = image.min(axis=-1).astype(int), image.max(axis=-1).astype(int)
    light = (high + low) / 510
    room = np.where(light < 0.5, high + low, 510 - high - low)
    expected = np.where(high == low, 0, 255 * (high - low) / np.maximum(room, 1))
    assert np.abs(saturation(image) - expected).max() <= 0.5


@settings(deadline=None)  # compiled on the first call
@given(IMAGES, st.booleans())
def test_all_at_once_is_step_by_step_whichever_way(image, compiled):
    balanced = gray_world(image)
    channel = magenta(balanced)
    whole = balanced.astype(int)
    high = whole.max(axis=-1)
    dark = np.maximum(255 - high - channel, 0)
    stain = np.maximum(np.minimum(channel, saturation(balanced)) - dark, 0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(machine_code._Work, "pixels", machine_code._ENOUGH if compiled else 0)
        for found, expected in zip(balanced_magenta(image), (balanced, channel, histogram_of(channel)), strict=True):
            np.testing.assert_array_equal(found, expected)
        for found, expected in zip(balanced_stain(image), (balanced, channel, stain), strict=True):
            np.testing.assert_array_equal(found, expected)
        flipped = np.asfortranarray(image)[::-1]
        np.testing.assert_array_equal(balanced_magenta(flipped)[1], channel[::-1])


def test_tables_balance_a_part_as_the_whole_is(crop):
    part = crop[100:200, 50:90]
    np.testing.assert_array_equal(apply_tables(part, balance_tables(crop)), gray_world(crop)[100:200, 50:90])


@pytest.mark.parametrize("function", [gray_world, magenta, saturation])
def test_the_input_is_left_alone_and_never_handed_back(function, crop):
    before = crop.copy()
    result = function(crop)
    np.testing.assert_array_equal(crop, before)
    assert result.dtype == np.uint8
    assert not np.shares_memory(result, crop)
    assert result.flags.writeable


@pytest.mark.parametrize("function", [gray_world, magenta, saturation])
def test_what_is_no_rgb_image_is_refused(function):
    for wrong in (np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3)), np.zeros((4, 4, 4), np.uint8)):
        with pytest.raises(WrongArray):
            function(wrong)
