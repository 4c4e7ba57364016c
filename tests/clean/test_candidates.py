from __future__ import annotations

import itertools

import cv2
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from buffycoat.clean import candidates
from buffycoat.clean.candidates import pairs_by_hashes, pairs_by_sight

HASHES = st.lists(st.integers(0, 2**64 - 1).map(lambda bits: bits & 0x1F1F), min_size=0, max_size=30)


@given(HASHES)
def test_pairs_by_hashes_are_those_of_two_loops(bits: list[int]):
    hashes = np.array(bits, np.uint64)
    turned = hashes[::-1]
    expected = [
        [i, j]
        for i, j in itertools.combinations(range(len(bits)), 2)
        if (bits[i] ^ bits[j]).bit_count() < 3 and (bits[::-1][i] ^ bits[::-1][j]).bit_count() < 4
    ]
    assert pairs_by_hashes(hashes, turned, average_bits=3, perceptual_bits=4).tolist() == expected


def test_the_thresholds_are_strict():
    hashes = np.array([0, 0b111111], np.uint64)
    none = np.zeros(2, np.uint64)
    assert pairs_by_hashes(hashes, none, average_bits=6, perceptual_bits=1).tolist() == []
    assert pairs_by_hashes(hashes, none, average_bits=7, perceptual_bits=1).tolist() == [[0, 1]]


def test_blocks_of_rows_change_nothing(monkeypatch):
    rng = np.random.default_rng(3)
    hashes = rng.integers(0, 64, 50).astype(np.uint64)
    whole = cv2.GaussianBlur(rng.integers(0, 256, (400, 400), np.uint8), (0, 0), 4)
    pictures = [whole[y : y + 64, x : x + 64] for y, x in rng.integers(0, 60, (50, 2))]
    pairs = pairs_by_hashes(hashes, hashes, average_bits=2), pairs_by_sight(pictures)
    assert 0 < len(pairs[1]) < 50 * 49 // 2
    monkeypatch.setattr(candidates, "_ROWS", 7)
    np.testing.assert_array_equal(pairs_by_hashes(hashes, hashes, average_bits=2), pairs[0])
    np.testing.assert_array_equal(pairs_by_sight(pictures), pairs[1])


def test_a_shift_of_a_quarter_is_seen_and_another_picture_is_not():
    whole = cv2.GaussianBlur(np.random.default_rng(4).integers(0, 256, (200, 200), np.uint8), (0, 0), 5)
    pictures = [whole[50:114, 50:114], whole[62:126, 36:100], whole[130:194, 130:194], np.full((64, 64), 200, np.uint8)]
    assert pairs_by_sight(pictures).tolist() == [[0, 1]]


def test_no_pictures_make_no_pairs():
    assert pairs_by_sight([]).shape == pairs_by_hashes(np.empty(0, np.uint64), np.empty(0, np.uint64)).shape == (0, 2)
