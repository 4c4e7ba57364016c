from __future__ import annotations

import csv
import itertools
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from buffycoat.errors import WrongArray
from buffycoat.imaging.registration import (
    Picture,
    from_sides,
    in_sides,
    inverse,
    register,
    registered_correlation,
    seen_part,
    thumbnail,
)


def raabin(data: Path, name: str) -> np.ndarray:
    (file,) = (data / "raabin_crops/crops").glob(f"*/{name}")
    with Image.open(file) as picture:
        return np.asarray(picture)


def texture(seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).integers(0, 256, (160, 160), np.uint8)
    return cv2.normalize(cv2.GaussianBlur(noise, (0, 0), 3), None, 0, 255, cv2.NORM_MINMAX)


def test_a_thumbnail_pixel_is_the_mean_of_those_it_covers():
    crop = np.zeros((128, 128, 3), np.uint8)
    crop[0:2, 0:2] = np.array([[0, 10], [20, 30]], np.uint8)[:, :, None]
    assert thumbnail(crop).shape == (64, 64)
    assert thumbnail(crop)[0, :2].tolist() == [15, 0]


@pytest.mark.parametrize(("dx", "dy"), [(0, 0), (5, -3), (-12, 9)])
def test_a_shifted_picture_is_the_same(dx: int, dy: int):
    whole = texture(1)
    a, b = whole[40:104, 40:104], whole[40 + dy : 104 + dy, 40 + dx : 104 + dx]
    assert registered_correlation(a, b) > 0.99


def test_a_turned_picture_is_the_same_up_to_the_limit():
    whole = texture(2)

    def turned(degrees: float) -> np.ndarray:
        turn = cv2.getRotationMatrix2D((80, 80), degrees, 1)
        return cv2.warpAffine(whole, turn, (160, 160))[48:112, 48:112]

    assert registered_correlation(turned(0), turned(12)) > 0.97
    assert registered_correlation(turned(0), turned(16)) < 0.5


def test_it_is_symmetric_and_leaves_its_inputs():
    a, b = texture(3)[:64, :64].copy(), texture(3)[4:68, 2:66].copy()
    before = a.copy(), b.copy()
    assert registered_correlation(a, b) == registered_correlation(b, a)
    np.testing.assert_array_equal(a, before[0])
    np.testing.assert_array_equal(b, before[1])


def test_other_pictures_and_flat_ones_are_not_the_same():
    assert registered_correlation(texture(4)[:64, :64], texture(5)[:64, :64]) < 0.5
    flat = np.full((64, 64), 90, np.uint8)
    assert registered_correlation(flat, texture(4)[:64, :64]) == 0
    assert registered_correlation(flat, flat + 1) == 0


def test_what_is_no_thumbnail_is_refused():
    with pytest.raises(WrongArray):
        registered_correlation(np.zeros((32, 32), np.uint8), np.zeros((64, 64), np.uint8))


def test_every_known_repeat_of_raabin_stands_apart_from_every_neighbor_in_the_list(data: Path):
    with (data / "raabin_crops/duplicate_pairs.csv").open() as table:
        pairs = [(row["a"], row["b"]) for row in csv.DictReader(table)]
    seen = {name: thumbnail(raabin(data, name)) for pair in pairs for name in pair}
    same = [registered_correlation(seen[a], seen[b]) for a, b in pairs]
    other = [registered_correlation(seen[a], seen[b]) for (a, _), (_, b) in itertools.pairwise(pairs)]
    assert len(same) == 11
    assert min(same) > 0.94
    assert max(other) < 0.89


def test_white_padding_takes_no_part():
    whole = texture(6) // 2 + 40
    a = whole[40:104, 40:104].copy()
    b = whole[43:107, 36:100].copy()
    a[:, :20] = 255
    b[50:] = 255
    assert registered_correlation(a, b) > 0.97
    assert seen_part(a) == (slice(0, 64), slice(21, 64))
    assert seen_part(b) == (slice(0, 49), slice(0, 64))
    assert registered_correlation(np.full((64, 64), 255, np.uint8), a) == 0


def test_the_warp_says_where_one_picture_lies_in_the_other():
    whole = texture(7)
    a, b = Picture(whole[40:104, 40:104].copy()), Picture(whole[45:109, 32:96].copy())
    found = register(a, b)
    np.testing.assert_allclose(found.warp, [[1, 0, -8], [0, 1, 5]], atol=0.2)
    np.testing.assert_allclose(register(b, a).warp, inverse(found.warp), atol=1e-9)
    assert register(b, a).correlation == found.correlation
    np.testing.assert_allclose(in_sides(found.warp)[2::3], (-8 / 64, 5 / 64), atol=0.01)
    np.testing.assert_allclose(from_sides(in_sides(found.warp)), found.warp, atol=1e-3)
    np.testing.assert_allclose(from_sides(in_sides(found.warp), turned=True), inverse(found.warp), atol=1e-3)


def test_a_start_spares_the_search_and_changes_nothing():
    whole = texture(8)
    a, b = Picture(whole[40:104, 40:104].copy()), Picture(whole[50:114, 43:107].copy())
    near = np.array([[1, 0, 2.0], [0, 1, 11.0]])
    np.testing.assert_allclose(register(a, b, near).warp, register(a, b).warp, atol=0.1)
