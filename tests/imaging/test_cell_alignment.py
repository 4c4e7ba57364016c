"""Laboratories that differ in light, stain and scale show the same cell alike."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from buffycoat.errors import InvalidMask
from buffycoat.imaging.cell_alignment import (
    LOOK_PX,
    NUCLEUS,
    aligned,
    alignment_of,
    cell_view,
    faded,
    shown_picture,
)


def drawn(side: int, *, glass=(240, 238, 235), nucleus=(0.55, 0.85, 0.3), cytoplasm=(0.1, 0.2, 0.05)):
    """A cell of 0.64 of the side with given optical densities, and its masks at 112 pixels."""
    ys, xs = np.mgrid[:side, :side] - (side - 1) / 2
    radius = np.hypot(xs, ys)
    density = np.zeros((side, side, 3))
    density[radius < 0.32 * side] = cytoplasm
    density[radius < 0.18 * side] = nucleus
    crop = ((np.array(glass) + 1) * 10**-density - 1).round().astype(np.uint8)
    masks = [
        cv2.resize((radius < share * side).astype(np.float32), (LOOK_PX, LOOK_PX), interpolation=cv2.INTER_AREA)
        for share in (0.18, 0.32)
    ]
    return crop, *masks


def viewed(side: int, **changes):
    crop, nucleus, cell = drawn(side, **changes)
    return cell_view(crop, nucleus, cell, left=0, top=0, side=side)


def test_what_is_taken_away_is_that_of_the_stain_whatever_the_lamp():
    for glass in ((240, 238, 235), (200, 180, 220)):
        view = viewed(224, glass=glass)
        assert view.stain == pytest.approx([1 - 10**-each for each in (0.55, 0.85, 0.3)], abs=0.02)
        assert view.taken[56, 82] == pytest.approx([1 - 10**-each for each in (0.1, 0.2, 0.05)], abs=0.01)
        assert view.taken[2, 2] == pytest.approx((0, 0, 0), abs=0.01)


def test_a_crop_of_twice_the_size_looks_the_same():
    small, large = (shown_picture(viewed(side))[0] for side in (112, 448))
    assert np.abs(small - large).mean() < 2


def test_stray_light_changes_nothing():
    crop, nucleus, cell = drawn(224)
    veiled = (0.6 * crop + 0.4 * 239).round().astype(np.uint8)
    usual, other = (
        shown_picture(cell_view(each, nucleus, cell, left=0, top=0, side=224))[0] for each in (crop, veiled)
    )
    assert np.abs(crop.astype(float) - veiled).max() > 50
    assert np.abs(usual - other).mean() < 6
    assert np.median(np.abs(usual - other)) < 3


def test_aligned_by_channel_every_nucleus_has_one_color():
    stain = np.array([0.3, 0.6, 0.2], np.float32)
    floor = 0.08
    wanted = [(to + floor) / (have + floor) for to, have in zip(NUCLEUS, stain, strict=True)]
    assert alignment_of(stain, by_channel=1) == pytest.approx(wanted)
    assert alignment_of(stain, by_channel=0) == pytest.approx([sum(NUCLEUS) / 1.1] * 3)


@given(st.tuples(*[st.floats(-0.1, 2)] * 3), st.floats(0, 1))
@settings(max_examples=60)
def test_no_stain_is_amplified_without_end(stain, by_channel):
    factors = alignment_of(np.array(stain, np.float32), by_channel=by_channel)
    assert np.all((factors >= 0.4 - 1e-6) & (factors <= 3 + 1e-5))


def test_what_surrounds_the_cell_is_made_glass():
    density = np.ones((LOOK_PX, LOOK_PX, 3), np.float32)
    cell = np.zeros((LOOK_PX, LOOK_PX), np.float32)
    cell[40:70, 40:70] = 1
    found = faded(density, cell)
    assert found[55, 55] == pytest.approx((1, 1, 1))
    assert found[20, 20] == pytest.approx((0, 0, 0))


def test_outside_of_the_crop_is_glass_and_the_mirror_image_is_one():
    crop, nucleus, cell = drawn(112)
    cut = cell_view(crop[:, :70], nucleus, cell, left=0, top=0, side=112)
    assert not cut.taken[:, 71:].any()
    picture, parts = shown_picture(cut)
    other, others = shown_picture(cut, mirrored=True)
    assert np.array_equal(picture[:, :, ::-1], other)
    assert np.array_equal(parts[:, :, ::-1], others)
    assert parts.sum(axis=0).max() <= 1 + 1e-5


def test_masks_of_another_size_are_refused():
    crop, nucleus, cell = drawn(112)
    with pytest.raises(InvalidMask):
        cell_view(crop, nucleus[:50], cell, left=0, top=0, side=112)


def test_what_is_faint_is_changed_less_than_the_nucleus_and_glass_not_at_all():
    stain = np.array(NUCLEUS, np.float32) / 2
    taken = np.stack([np.zeros(3), stain / 4, stain]).astype(np.float32)[None]
    glass, faint, nucleus = aligned(taken, stain)[0]
    assert glass.tolist() == [0, 0, 0]
    assert nucleus == pytest.approx(stain * alignment_of(stain), rel=1e-5)
    assert (faint / (stain / 4) - 1) == pytest.approx((alignment_of(stain) - 1) / 4, rel=1e-4)
