"""How far outlines lie apart: known answers, a search over all pairs of pixels, SciPy and scikit-image."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra.numpy import arrays
from scipy.spatial.distance import cdist, directed_hausdorff
from skimage.metrics import hausdorff_distance

from buffycoat.errors import InvalidMask
from buffycoat.metrics.boundaries import boundary_distances

MASKS = arrays(np.bool_, (6, 7))


def square(top: int, left: int, side: int, size: int = 20) -> np.ndarray:
    mask = np.zeros((size, size), bool)
    mask[top : top + side, left : left + side] = True
    return mask


def outline(mask: np.ndarray) -> np.ndarray:
    """Pixels of a mask with a neighbor outside, one by one."""
    height, width = mask.shape
    return np.array(
        [
            (y, x)
            for y in range(height)
            for x in range(width)
            if mask[y, x]
            and not all(
                0 <= y + dy < height and 0 <= x + dx < width and mask[y + dy, x + dx]
                for dy, dx in ((0, 1), (1, 0), (0, -1), (-1, 0))
            )
        ],
        dtype=float,
    ).reshape(-1, 2)


def test_two_squares_in_one_another():
    apart = boundary_distances(square(4, 4, 10), square(6, 6, 6))
    # The outer outline: 4 corners 2 * sqrt(2) away, 8 pixels beside them sqrt(5), 24 straight 2; the inner: 20 times 2.
    there = [math.sqrt(8)] * 4 + [math.sqrt(5)] * 8 + [2.0] * 24
    assert apart.mean == pytest.approx((sum(there) + 20 * 2) / 56)
    assert apart.hausdorff == pytest.approx(math.sqrt(8))
    assert apart.hausdorff_95 == pytest.approx(np.percentile(there, 95))


def test_a_moved_square_is_as_far_as_it_was_moved():
    apart = boundary_distances(square(5, 5, 5), square(5, 9, 5), scale=0.1)
    assert apart.hausdorff == pytest.approx(0.4)


def test_empty_masks():
    nothing, something = np.zeros((20, 20), bool), square(1, 1, 3)
    assert boundary_distances(nothing, nothing).hausdorff == 0
    for one, other in ((nothing, something), (something, nothing)):
        apart = boundary_distances(one, other)
        assert (apart.mean, apart.hausdorff_95, apart.hausdorff) == (math.inf, math.inf, math.inf)


@settings(max_examples=150, deadline=None)
@given(MASKS, MASKS)
def test_as_a_search_over_all_pixels_finds_them(one, other):
    apart = boundary_distances(one, other)
    assert boundary_distances(other, one) == apart
    if one.any() and other.any():
        distances = cdist(outline(one), outline(other))
        there, back = distances.min(axis=1), distances.min(axis=0)
        assert apart.mean == pytest.approx(np.concatenate([there, back]).mean())
        assert apart.hausdorff_95 == pytest.approx(max(np.percentile(there, 95), np.percentile(back, 95)))
        assert apart.hausdorff == pytest.approx(max(there.max(), back.max()))


def test_real_masks_as_scipy_and_scikit_image_find_them(data):
    folder = data / "bccd" / "fields" / "masks_nucleus_cytoplasm"
    gray = cv2.imread(str(min(folder.glob("*.png"))), cv2.IMREAD_GRAYSCALE)
    nucleus, cell = gray > 205, gray > 80
    a, b = outline(nucleus), outline(cell)
    apart = boundary_distances(nucleus, cell)
    assert apart.hausdorff == pytest.approx(max(directed_hausdorff(a, b)[0], directed_hausdorff(b, a)[0]))
    edges = [np.zeros(gray.shape, bool), np.zeros(gray.shape, bool)]
    for edge, places in zip(edges, (a, b), strict=True):
        edge[tuple(places.astype(int).T)] = True
    assert apart.hausdorff == pytest.approx(hausdorff_distance(*edges))
    assert boundary_distances(nucleus, cell, scale=0.25).mean == pytest.approx(apart.mean / 4)


@pytest.mark.parametrize("wrong", [np.zeros((2, 3), bool), np.zeros((2, 2), np.uint8)])
def test_masks_that_do_not_fit_are_refused(wrong):
    with pytest.raises(InvalidMask):
        boundary_distances(np.zeros((2, 2), bool), wrong)
    with pytest.raises(InvalidMask, match="scale"):
        boundary_distances(np.ones((2, 2), bool), np.ones((2, 2), bool), scale=0)
