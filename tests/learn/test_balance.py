from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from buffycoat.errors import InputError
from buffycoat.learn.balance import AS_IS, Variation, balanced_copies, varied_crop


def test_classes_of_table_7_grow_to_the_commonest_or_eightfold():
    table = {"neutrophil": 6231, "lymphocyte": 2427, "monocyte": 561, "eosinophil": 744, "basophil": 212}
    labels = [term for term, count in table.items() for _ in range(count)]
    copies = balanced_copies(labels)
    grown = Counter(labels[copy.place] for copy in copies)
    assert grown == {
        "neutrophil": 6231,
        "lymphocyte": 6231,
        "monocyte": 8 * 561,
        "eosinophil": 8 * 744,
        "basophil": 8 * 212,
    }
    assert [copy.place for copy in copies[: len(labels)]] == list(range(len(labels)))
    ways = Counter(
        (copy.variation.mirrored, copy.variation.flipped, copy.variation.scale != 1)
        for copy in copies
        if labels[copy.place] == "basophil"
    )
    assert set(ways.values()) == {212}
    assert len(ways) == 8


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=40), st.integers(1, 8), st.integers(0, 5))
def test_no_copy_is_there_twice_and_none_beyond_what_was_asked(labels, most, seed):
    copies = balanced_copies(labels, most=most, seed=seed)
    assert copies == balanced_copies(labels, most=most, seed=seed)
    assert all(copy.variation == AS_IS for copy in copies[: len(labels)])
    made = [(copy.place, copy.variation.mirrored, copy.variation.flipped, copy.variation.scale == 1) for copy in copies]
    assert len(set(made)) == len(made)
    assert all(0.8 <= copy.variation.scale <= 1.2 for copy in copies)
    own, grown = Counter(labels), Counter(labels[copy.place] for copy in copies)
    largest = max(own.values())
    assert grown == {term: min(largest, most * count) for term, count in own.items()}


def test_a_class_cannot_shrink():
    with pytest.raises(InputError):
        balanced_copies(["a"], most=0)


def test_a_crop_is_mirrored_flipped_and_scaled_about_its_middle():
    crop = np.random.default_rng(0).integers(0, 256, (9, 9, 3), np.uint8)
    assert np.array_equal(varied_crop(crop, AS_IS), crop)
    assert np.array_equal(varied_crop(crop, Variation(mirrored=True)), crop[:, ::-1])
    assert np.array_equal(varied_crop(crop, Variation(flipped=True)), crop[::-1])
    assert np.array_equal(varied_crop(crop, Variation(flipped=True, mirrored=True)), crop[::-1, ::-1])
    disc = np.zeros((101, 101, 3), np.uint8)
    ys, xs = np.mgrid[:101, :101] - 50
    disc[xs**2 + ys**2 <= 20**2] = 200
    for scale in (0.8, 1.2):
        grown = varied_crop(disc, Variation(scale=scale))
        assert grown.shape == disc.shape
        assert np.array_equal(grown, grown[:, ::-1])
        assert grown.astype(float).sum() / disc.astype(float).sum() == pytest.approx(scale**2, rel=0.03)
    edge = np.full((20, 20, 3), 90, np.uint8)
    assert (varied_crop(edge, Variation(scale=0.8)) == 90).all()
