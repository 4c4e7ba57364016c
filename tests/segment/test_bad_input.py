"""Pictures that are no cell: every method has a defined answer, or says what is wrong."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from buffycoat.errors import NothingFound, SeveralCells, TouchesBorder, WrongArray
from buffycoat.segment import (
    PART_METHODS,
    easy_gt,
    extract_features,
    features_of,
    segment_cell,
    segment_nucleus,
    segment_parts,
    tavakoli,
    tavakoli_parts,
)

METHODS = [easy_gt, tavakoli, tavakoli_parts, segment_nucleus, segment_cell, segment_parts, extract_features]
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


# ---------------------------------------------------------------- nucleus, cell and cytoplasm of one cell


@pytest.mark.parametrize("method", sorted(PART_METHODS))
@pytest.mark.parametrize(
    "crop",
    [
        pytest.param(np.zeros((80, 80, 3), np.uint8), id="black"),
        pytest.param(np.full((80, 80, 3), 255, np.uint8), id="white"),
        pytest.param(np.full((80, 80, 3), (120, 40, 160), np.uint8), id="uniform"),
        pytest.param(np.stack([RAMP] * 3, axis=2), id="gray as RGB"),
        pytest.param(np.zeros((8, 8, 3), np.uint8), id="8 x 8"),
        pytest.param(cells(8, (0.5, 0.5)), id="8 x 8 with a cell"),
        pytest.param(np.full((1, 5000, 3), 230, np.uint8), id="1 x 5000"),
        pytest.param(np.tile(RAMP[:20, :40, None], (1, 125, 3)), id="20 x 5000"),
    ],
)
def test_no_cell_is_told_by_every_method_also_for_a_click(crop, method):
    height, width = crop.shape[:2]
    for at in (None, (width // 2, height // 2), (0, 0)):
        with pytest.raises(NothingFound):
            segment_parts(crop, at=at, method=method)


def test_a_real_cell_in_gray_is_none(raabin):
    for crop in raabin.values():
        gray = cv2.cvtColor(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
        with pytest.raises(NothingFound):
            segment_parts(gray)


def test_real_crops_without_a_cell(without_cell):
    """Glass and red cells; of the windows that are left, one in twenty may hold a platelet as large as a nucleus."""
    found = 0
    for window in without_cell:
        try:
            segment_parts(window)
        except (NothingFound, SeveralCells, TouchesBorder):
            continue
        found += 1
    assert len(without_cell) > 30
    assert found <= len(without_cell) // 20


def test_a_picture_of_6000_pixels_is_worked_on_small():
    small, large = cells(600, (0.5, 0.5)), cells(6000, (0.5, 0.5))
    here, there = (segment_parts(crop, method="easy-gt") for crop in (small, large))
    assert there.cell.shape == (6000, 6000)
    assert there.nucleus.sum() == pytest.approx(100 * here.nucleus.sum(), rel=0.03)
    assert there.cell.sum() == pytest.approx(100 * here.cell.sum(), rel=0.03)
    field = np.full((6000, 6000, 3), (235, 228, 220), np.uint8)
    field[4000:4600, 1000:1600] = small
    clicked = segment_parts(field, at=(1320, 4280), method="easy-gt")
    assert clicked.cell[4000:4600, 1000:1600].sum() == clicked.cell.sum()
    assert clicked.cell.sum() == pytest.approx(here.cell.sum(), rel=0.05)


def test_parts_are_the_same_in_any_memory_layout(raabin):
    crop = np.ascontiguousarray(raabin["neutrophil"][::2, ::2])
    plain = segment_parts(crop)
    turned = np.asfortranarray(crop)
    turned.flags.writeable = False
    wide = np.repeat(crop, 2, axis=1)[:, ::2]
    for other in (turned, wide, crop[::-1, ::-1].copy()[::-1, ::-1]):
        parts = segment_parts(other)
        np.testing.assert_array_equal(parts.nucleus, plain.nucleus)
        np.testing.assert_array_equal(parts.cell, plain.cell)
        clicked = segment_parts(other, at=(crop.shape[1] // 2, crop.shape[0] // 2))
        assert clicked.cell.any()
