from __future__ import annotations

import cv2
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from buffycoat.segment.hull import fill_hull, find_outlines, hull_corners

MASKS = arrays(np.bool_, st.tuples(st.integers(1, 14), st.integers(1, 14))).filter(lambda mask: mask.any())


@given(MASKS)
def test_a_pixel_is_in_the_hull_if_its_center_is(mask):
    corners = cv2.convexHull(cv2.findNonZero(mask.astype(np.uint8)))
    hull = fill_hull(mask)
    expected = [
        [cv2.pointPolygonTest(corners, (x, y), measureDist=False) >= 0 for x in range(mask.shape[1])]
        for y in range(mask.shape[0])
    ]
    assert hull.tolist() == expected
    assert (hull >= mask).all()


@given(MASKS)
def test_known_corners_give_the_same_hull_and_the_hull_is_its_own(mask):
    hull = fill_hull(mask)
    np.testing.assert_array_equal(fill_hull(mask, hull_corners(find_outlines(mask))), hull)
    np.testing.assert_array_equal(fill_hull(hull), hull)


def test_a_slanting_line_has_the_pixels_it_passes_through():
    line = np.zeros((5, 9), bool)
    line[0, 0] = line[4, 8] = True
    assert np.argwhere(fill_hull(line)).tolist() == [[0, 0], [1, 2], [2, 4], [3, 6], [4, 8]]
