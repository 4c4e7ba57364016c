from __future__ import annotations

import cv2
import numpy as np
import pytest

from buffycoat.clean.evidence import registered_pair
from buffycoat.errors import InputError, WrongArray

WHOLE = cv2.GaussianBlur(np.random.default_rng(2).integers(0, 256, (200, 200, 3), np.uint8), (0, 0), 4)
WHOLE = cv2.normalize(WHOLE, None, 0, 255, cv2.NORM_MINMAX)
ONE = WHOLE[40:140, 40:140]
OTHER = WHOLE[45:145, 60:160]
WARP = (1.0, 0.0, 0.2, 0.0, 1.0, 0.05)


def parts(picture: np.ndarray, side: int) -> list[np.ndarray]:
    places = range(0, picture.shape[1], side + 4)
    return [picture[top : top + side, left : left + side] for top in places for left in places if top < len(picture)]


def test_one_cell_is_laid_upon_itself():
    left, right, tiles, colors = parts(registered_pair(ONE, OTHER, WARP, side=100), 100)
    np.testing.assert_array_equal(left, ONE)
    np.testing.assert_array_equal(right[6:, 21:], ONE[6:, 21:])
    assert (right[:5] == 255).all()
    assert np.abs(tiles.astype(int) - ONE).max() <= 2
    assert np.ptp(colors.astype(int), axis=-1).max() <= 2
    assert (colors[:5] == 255).all()


def test_light_is_evened_out_and_another_cell_is_in_color():
    dim = (OTHER * 0.6).astype(np.uint8)
    assert np.ptp(parts(registered_pair(ONE, dim, WARP, side=100), 100)[3].astype(int), axis=-1).max() <= 4
    wrong = parts(registered_pair(ONE, WHOLE[100:200, :100], WARP, side=100), 100)[3]
    assert np.ptp(wrong.astype(int), axis=-1).max() > 30


def test_a_larger_crop_and_one_without_a_warp_are_shown():
    larger = cv2.resize(OTHER, (300, 300), interpolation=cv2.INTER_LINEAR)
    picture = registered_pair(ONE, larger, WARP, side=100)
    assert np.ptp(parts(picture, 100)[3][10:, 30:].astype(int), axis=-1).mean() < 2
    assert registered_pair(ONE, larger, None, side=50).shape == (50, 104, 3)
    assert registered_pair(ONE[:1, :1], larger, WARP, side=16).shape == (36, 36, 3)


def test_crops_that_share_nothing_leave_the_right_picture_white():
    colors = parts(registered_pair(ONE, OTHER, (1, 0, 3, 0, 1, 0), side=50), 50)[3]
    assert (colors == 255).all()


def test_wrong_input_is_refused():
    with pytest.raises(WrongArray):
        registered_pair(ONE, OTHER[..., 0], None)
    with pytest.raises(InputError, match="no map"):
        registered_pair(ONE, OTHER, (0, 0, 0, 0, 0, 0))
    with pytest.raises(InputError, match="too small"):
        registered_pair(ONE, OTHER, WARP, side=8)
