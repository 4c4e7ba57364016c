"""Varied fields keep their cells in their boxes."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from buffycoat.nets.augmentation import _developed, _turned, varied
from buffycoat.nets.training_plan import TrainingField, prepare


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([96, 128]))
def test_boxes_follow_their_cells(seed, side):
    image = np.full((100, 140, 3), 230, np.uint8)
    image[30:60, 70:90] = (20, 10, 60)
    boxes = np.array([[70, 30, 90, 60]], np.float32)
    window, moved = varied(image, boxes, side=side, rng=np.random.default_rng(seed))
    assert window.shape == (side, side, 3)
    assert window.dtype == np.uint8
    again, same = varied(image, boxes, side=side, rng=np.random.default_rng(seed))
    assert (window == again).all()
    assert (moved == same).all()
    light = window.astype(float).mean(axis=2)
    dark = light < (light.min() + light.max()) / 2
    for left, top, right, bottom in moved.round().astype(int).tolist():
        assert 0 <= left < right <= side
        assert 0 <= top < bottom <= side
        assert dark[top + 3 : bottom - 3, left + 3 : right - 3].mean() > 0.9
        dark[max(0, top - 4) : bottom + 4, max(0, left - 4) : right + 4] = False
    if len(moved) and moved.min() > 0 and moved.max() < side:  # a cell cut by the field's edge is continued beyond it
        assert dark.mean() < 0.01


def test_a_cell_of_which_little_is_left_has_no_box():
    image = np.full((64, 400, 3), 230, np.uint8)
    boxes = np.array([[0, 10, 20, 30], [380, 10, 400, 30]], np.float32)
    counts = {len(varied(image, boxes, side=96, rng=np.random.default_rng(seed))[1]) for seed in range(40)}
    assert counts == {0, 1}


def test_four_turns_and_two_mirrors_are_none():
    rng = np.random.default_rng(0)
    image = rng.integers(0, 256, (40, 40, 3), dtype=np.uint8)
    boxes = np.array([[3, 5, 11, 30]], np.float32)
    turned, moved = _turned(image, boxes, 1, mirrored=False)
    left, top, right, bottom = moved[0].astype(int)
    assert (turned[top:bottom, left:right] == np.rot90(image[5:30, 3:11])).all()
    turned, moved = _turned(image, boxes, 3, mirrored=True)
    left, top, right, bottom = moved[0].astype(int)
    assert (turned[top:bottom, left:right] == np.rot90(image[5:30, 3:11], 3)[:, ::-1]).all()


def test_light_and_stain_change_and_glass_stays_light():
    image = np.full((8, 8, 3), 230, np.uint8)
    image[2:5] = (110, 45, 150)
    pictures = [_developed(image, np.random.default_rng(seed)) for seed in range(30)]
    assert len({picture.tobytes() for picture in pictures}) == 30
    assert np.mean([picture[7].mean() > picture[3].mean() for picture in pictures]) == 1


def test_a_field_is_brought_to_working_scale_with_its_boxes(draw):
    field = draw(0)
    prepared = prepare(field, 36.0)
    assert prepared.image.shape == (128, 128, 3)
    box = field.boxes[0]
    assert prepared.boxes.tolist() == [[2 * box.left, 2 * box.top, 2 * box.right, 2 * box.bottom]]
    half = TrainingField(image=field.image, boxes=(), red_cell_px=36.0)
    assert prepare(half, 18.0).boxes.shape == (0, 4)
