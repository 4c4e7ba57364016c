"""Pictures that are no cell: every method has a defined answer, or says what is wrong."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from buffycoat.errors import NothingFound, WrongArray
from buffycoat.segment import (
    easy_gt,
    extract_features,
    features_of,
    segment_cell,
    segment_nucleus,
    tavakoli,
    tavakoli_parts,
)

METHODS = [easy_gt, tavakoli, tavakoli_parts, segment_nucleus, segment_cell, extract_features]
RAMP = np.tile(np.arange(80, 240, 2, dtype=np.uint8), (80, 1))


def cells(side: int, *places: tuple[float, float]) -> np.ndarray:
    crop = np.full((side, side, 3), (235, 228, 220), np.uint8)
    for x, y in places:
        center = round(x * side), round(y * side)
        cv2.circle(crop, center, round(0.13 * side), (200, 170, 205), -1)
        cv2.circle(crop, center, round(0.08 * side), (110, 45, 150), -1)
    return crop


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "crop",
    [
        pytest.param(np.zeros((80, 80, 3), np.uint8), id="black"),
        pytest.param(np.full((80, 80, 3), 255, np.uint8), id="white"),
        pytest.param(np.full((80, 80, 3), (120, 40, 160), np.uint8), id="uniform"),
        pytest.param(np.stack([RAMP] * 3, axis=2), id="gray as RGB"),
        pytest.param(np.zeros((8, 8, 3), np.uint8), id="8 x 8"),
        pytest.param(np.zeros((1, 3000, 3), np.uint8), id="1 x 3000"),
    ],
)
def test_one_color_and_gray_have_no_nucleus(method, crop):
    with pytest.raises(NothingFound):
        method(crop)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "wrong",
    [
        np.zeros((0, 8, 3), np.uint8),
        np.zeros((8, 8), np.uint8),
        np.zeros((8, 8, 4), np.uint8),
        np.zeros((8, 8, 3)),
        [[[1, 2, 3]]],
    ],
    ids=["empty", "gray", "with alpha", "floats", "a list"],
)
def test_what_is_no_picture_is_refused(method, wrong):
    with pytest.raises(WrongArray):
        method(wrong)


def test_a_cell_of_8_pixels_is_measured_where_a_threshold_is_enough():
    crop = cells(8, (0.5, 0.5))
    found = easy_gt(crop, post="clean")
    assert 0 < found.mask.sum() < 16
    assert np.isfinite(features_of(crop, found.mask)).all()
    with pytest.raises(NothingFound, match="more than 100 px"):
        tavakoli(crop)


def test_a_crop_of_6000_pixels_is_only_larger():
    small, large = cells(600, (0.5, 0.5)), cells(6000, (0.5, 0.5))
    nucleus = easy_gt(large, post="clean").mask
    assert nucleus.sum() == pytest.approx(np.pi * 480**2, rel=0.01)
    assert tavakoli(large).sum() == pytest.approx(np.pi * 480**2, rel=0.01)
    there, here = features_of(large, nucleus), features_of(small, easy_gt(small, post="clean").mask)
    np.testing.assert_allclose(there[-3:], here[-3:], rtol=0.02)
    assert np.isfinite(there).all()


def test_of_three_cells_the_one_in_the_middle_is_taken():
    crop = cells(300, (0.5, 0.5), (0.12, 0.12), (0.88, 0.14))
    clean = easy_gt(crop, post="clean").mask
    assert clean.sum() == easy_gt(crop).mask.sum() / 3
    assert clean[150, 150]
    assert tavakoli(crop)[[150, 36, 42], [150, 36, 264]].all()  # the published method keeps all


def test_any_memory_layout_is_read_and_nothing_is_written(raabin):
    crop = np.ascontiguousarray(raabin["monocyte"][:300:2, ::2])
    plain, nucleus = tavakoli_parts(crop), easy_gt(crop, post="clean").mask
    turned = np.asfortranarray(crop)
    turned.flags.writeable = False
    flipped = crop[::-1, ::-1][::-1, ::-1]
    for other in (turned, flipped):
        np.testing.assert_array_equal(tavakoli_parts(other).rest, plain.rest)
        np.testing.assert_array_equal(easy_gt(other, post="clean").mask, nucleus)
        np.testing.assert_array_equal(features_of(other, np.asfortranarray(nucleus)), features_of(crop, nucleus))
    mirrored = features_of(crop[:, ::-1], nucleus[:, ::-1])
    np.testing.assert_allclose(mirrored, features_of(crop, nucleus), atol=1e-9)
