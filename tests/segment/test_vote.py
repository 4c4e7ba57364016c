from __future__ import annotations

import cv2
import numpy as np
import pytest

from buffycoat.errors import NothingFound, WrongArray
from buffycoat.metrics.overlap import dice
from buffycoat.segment.cleaning import clean_nucleus
from buffycoat.segment.easy_gt import easy_gt
from buffycoat.segment.vote import vote, votes


def test_the_nucleus_of_a_drawn_cell_without_its_neighbor(drawn):
    mask = vote(drawn.crop)
    assert (mask.dtype, mask.shape) == (np.bool_, drawn.nucleus.shape)
    assert not mask[:45, 200:].any()
    assert dice(drawn.nucleus, mask) > 0.95


def test_what_two_of_three_say_is_taken(drawn):
    three = votes(drawn.crop)
    counted = np.sum(three, axis=0) >= 2
    assert np.array_equal(vote(drawn.crop), clean_nucleus(counted))


def test_real_nuclei_are_as_people_drew_them(bccd):
    scores = [dice(truth.nucleus, vote(truth.crop)) for truth in bccd]
    assert np.mean(scores) > 0.93


def test_it_is_not_worse_than_the_threshold_that_it_begins_with(bccd):
    ours = np.mean([dice(truth.nucleus, vote(truth.crop)) for truth in bccd])
    easy = np.mean([dice(truth.nucleus, easy_gt(truth.crop, weight=0.25, post="clean").mask) for truth in bccd])
    assert ours > easy - 0.005


def test_red_granules_are_no_nucleus():
    ys, xs = np.mgrid[:200, :200]
    cell, nucleus = np.hypot(xs - 100, ys - 100) < 50, np.hypot(xs - 80, ys - 95) < 22
    crop = np.full((200, 200, 3), (235, 228, 220), np.uint8)
    crop[cell] = (205, 160, 180)
    spots = np.random.default_rng(3).random((200, 200)) < 0.3
    crop[cell & spots] = (210, 90, 120)
    crop[nucleus] = (90, 40, 140)
    assert dice(nucleus, vote(crop)) > 0.95


def test_the_size_of_the_crop_does_not_matter(bccd):
    crop = bccd[0].crop
    small = vote(crop)
    large = vote(cv2.resize(crop, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC))
    assert dice(small, cv2.resize(large.astype(np.uint8), small.shape[::-1]).astype(bool)) > 0.97


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_turned_crop_gives_the_turned_mask(turns, bccd):
    crop = bccd[3].crop
    assert dice(np.rot90(vote(crop), turns), vote(np.ascontiguousarray(np.rot90(crop, turns)))) > 0.98


def test_the_same_crop_always_gives_the_same_mask(bccd):
    crop = bccd[1].crop
    first = vote(crop)
    cv2.setRNGSeed(7)
    cv2.kmeans(np.random.default_rng(0).random((50, 2), np.float32), 3, None, (3, 5, 0.1), 2, cv2.KMEANS_PP_CENTERS)
    assert np.array_equal(first, vote(crop))


def test_read_only_crops_and_views_are_taken(drawn):
    crop = drawn.crop.copy()
    crop.flags.writeable = False
    assert np.array_equal(vote(crop), vote(drawn.crop))
    assert np.array_equal(vote(crop[:, ::-1]), vote(np.ascontiguousarray(crop[:, ::-1])))


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_crop_of_one_color_has_no_nucleus(level):
    with pytest.raises(NothingFound):
        vote(np.full((50, 50, 3), level, np.uint8))


def test_gray_has_no_nucleus(drawn):
    gray = cv2.cvtColor(drawn.crop, cv2.COLOR_RGB2GRAY)
    with pytest.raises(NothingFound):
        vote(np.dstack([gray] * 3))


@pytest.mark.parametrize("shape", [(8, 8), (1, 5000), (5000, 1), (2, 2), (3, 700)])
def test_odd_shapes_have_an_answer(shape):
    crop = np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype=np.uint8)
    assert vote(crop).shape == shape


@pytest.mark.parametrize("crop", [np.zeros((9, 9)), np.zeros((9, 9, 3)), np.zeros((9, 9, 4), np.uint8)])
def test_what_is_no_rgb_image_is_refused(crop):
    with pytest.raises(WrongArray):
        vote(crop)
