"""Nucleus and whole cell as the network draws them: of drawn and real cells, by a point, and of nothing."""

from __future__ import annotations

import hashlib
import json
from importlib.resources import files

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from buffycoat.errors import WrongArray
from buffycoat.metrics.overlap import dice
from buffycoat.segment.best import best_masks
from buffycoat.segment.network import nucleus_and_cell

WEIGHTS = files("buffycoat.segment").joinpath("weights")


def test_drawn_cell_is_found_and_its_neighbors_are_not(drawn):
    nucleus, cell = best_masks(drawn.crop)
    assert dice(drawn.cell, cell) > 0.9
    assert dice(drawn.nucleus, nucleus) > 0.85


def test_real_cells(bccd):
    scores = []
    for each in bccd[::2]:
        nucleus, cell = best_masks(each.crop)
        scores.append((dice(each.nucleus, nucleus), dice(each.cell, cell)))
    assert (np.median(scores, axis=0) > (0.945, 0.95)).all()
    assert np.min(scores) > 0.75


def test_nucleus_lies_in_the_cell_which_is_one_region_without_holes(raabin):
    for crop in raabin.values():
        nucleus, cell = best_masks(crop)
        assert nucleus.any()
        assert not (nucleus & ~cell).any()
        assert cv2.connectedComponents(cell.astype(np.uint8), connectivity=8)[0] == 2
        outside = np.pad(~cell, 1, constant_values=True).astype(np.uint8)
        assert cv2.connectedComponents(outside, connectivity=4)[0] == 2


@pytest.mark.parametrize("side", [100, 300, 1024])
def test_size_of_the_crop_hardly_matters(bccd, side):
    for each in bccd[1::12]:
        before = best_masks(each.crop)
        after = best_masks(cv2.resize(each.crop, (side, side), interpolation=cv2.INTER_AREA))
        for one, other in zip(before, after, strict=True):
            there = cv2.resize(one.astype(np.uint8), (side, side), interpolation=cv2.INTER_NEAREST).astype(bool)
            assert dice(there, other) > 0.93


def test_point_names_the_cell(bccd):
    left, right = bccd[2], bccd[5]
    side = 300
    both = np.hstack([cv2.resize(each.crop, (side, side), interpolation=cv2.INTER_AREA) for each in (left, right)])
    for offset, each in ((0, left), (side, right)):
        truth = np.zeros(both.shape[:2], bool)
        truth[:, offset : offset + side] = cv2.resize(each.cell.astype(np.uint8), (side, side)) > 0
        ys, xs = np.nonzero(truth)
        assert dice(truth, best_masks(both, at=(float(xs.mean()), float(ys.mean())))[1]) > 0.9


@pytest.mark.parametrize("level", [0, 128, 255])
def test_uniform_crop_has_no_cell(level):
    nucleus, cell = best_masks(np.full((90, 120, 3), level, np.uint8))
    assert nucleus.shape == cell.shape == (90, 120)
    assert not cell.any()
    assert not nucleus.any()


@given(height=st.integers(1, 60), width=st.integers(1, 60), seed=st.integers(0, 99))
@settings(max_examples=25, deadline=None)
def test_any_picture_gets_masks_of_its_size(height, width, seed):
    crop = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    nucleus, cell = best_masks(crop)
    assert nucleus.shape == cell.shape == (height, width)
    assert not (nucleus & ~cell).any()


def test_same_crop_same_masks_in_any_layout(raabin):
    crop = raabin["neutrophil"]
    view = np.asfortranarray(crop)[:, :, :]
    view.flags.writeable = False
    for one, other in zip(best_masks(crop), best_masks(view), strict=True):
        assert np.array_equal(one, other)


def test_no_rgb_image_is_refused():
    with pytest.raises(WrongArray):
        nucleus_and_cell(np.zeros((20, 20), np.uint8))


def test_card_describes_the_file():
    content = WEIGHTS.joinpath("segmenter.onnx").read_bytes()
    card = json.loads(WEIGHTS.joinpath("segmenter.json").read_text(encoding="utf-8"))
    assert card["sha256"] == hashlib.sha256(content).hexdigest()
    assert card["bytes"] == len(content) < 5_000_000
