"""Polygons into masks: known shapes, and pycocotools within a pixel of the outline."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycocotools import mask as coco

from buffycoat.errors import InvalidMask
from buffycoat.imaging.polygons import fill_polygon


def test_whole_pixels_are_filled_exactly_and_what_lies_outside_is_cut():
    assert fill_polygon([1, 1, 4, 1, 4, 3, 1, 3], 4, 5).nonzero()[1].tolist() == [1, 2, 3, 1, 2, 3]
    assert fill_polygon([-9, -9, 99, -9, 99, 99, -9, 99], 3, 4).all()
    assert not fill_polygon([-9, -9, -5, -9, -5, -5], 3, 4).any()


def test_where_it_crosses_itself_inside_is_odd():
    star = [0, 0, 6, 0, 6, 6, 0, 6, 0, 0, 2, 2, 4, 2, 4, 4, 2, 4, 2, 2]  # a frame, drawn in one line
    filled = fill_polygon(star, 6, 6)
    assert not filled[2:4, 2:4].any()
    assert filled.sum() == 36 - 4


@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning")
@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(3, 28), min_size=6, max_size=12))
def test_within_a_pixel_of_what_pycocotools_fills(radii):
    angles = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    points = np.stack([32 + np.cos(angles) * radii, 32 + np.sin(angles) * radii], axis=1)
    ours = fill_polygon(points.ravel().tolist(), 64, 64)
    theirs = coco.decode(coco.merge(coco.frPyObjects([points.ravel().tolist()], 64, 64))).astype(bool)
    grown, shrunk = (
        change(theirs.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool) for change in (cv2.dilate, cv2.erode)
    )
    assert not (ours & ~grown).any()
    assert not (shrunk & ~ours).any()


@pytest.mark.parametrize("wrong", [[0, 0, 1, 1], [0, 0, 1, 1, 2], [0, 0, 1, 1, 2, float("nan")]])
def test_no_polygon_is_refused(wrong):
    with pytest.raises(InvalidMask):
        fill_polygon(wrong, 3, 3)
