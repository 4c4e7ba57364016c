from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import scipy.ndimage
import skimage.morphology
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from buffycoat.errors import InvalidMask
from buffycoat.imaging.regions import (
    check_mask,
    convex_hull,
    decode_run_lengths,
    encode_run_lengths,
    fill_holes,
    find_regions,
    keep_regions,
)

MASKS = arrays(np.bool_, st.tuples(st.integers(1, 8), st.integers(1, 8)))


def drawn(*rows: str) -> np.ndarray:
    return np.array([[sign == "#" for sign in row] for row in rows])


@pytest.fixture(scope="module")
def nuclei(data: Path) -> np.ndarray:
    folder = data / "bccd" / "fields" / "masks_nucleus_cytoplasm"
    return cv2.imread(str(min(folder.glob("*.png"))), cv2.IMREAD_GRAYSCALE) > 205


def test_regions_are_listed_with_area_center_and_box():
    regions = find_regions(drawn("##..", "##.#", "....", "#..."))
    assert regions.areas.tolist() == [4, 1, 1]
    assert regions.centroids.tolist() == [[0.5, 0.5], [3.0, 1.0], [0.0, 3.0]]
    assert regions.boxes.tolist() == [[0, 0, 2, 2], [3, 1, 4, 2], [0, 3, 1, 4]]


def test_corners_connect():
    assert find_regions(drawn("#.", ".#")).areas.tolist() == [2]


def test_an_empty_mask_has_no_region():
    regions = find_regions(np.zeros((3, 3), bool))
    assert regions.areas.tolist() == []
    assert not keep_regions(regions, regions.areas > 0).any()


@given(MASKS)
def test_regions_are_those_of_scipy(mask):
    regions = find_regions(mask)
    labels, count = scipy.ndimage.label(mask, structure=np.ones((3, 3)))
    assert len(regions.areas) == count
    assert sorted(regions.areas) == sorted(np.bincount(labels.ravel())[1:])
    np.testing.assert_array_equal(keep_regions(regions, np.ones(count, bool)), mask)


def test_chosen_regions_are_kept():
    regions = find_regions(drawn("##.#"))
    assert keep_regions(regions, np.array([False, True])).tolist() == drawn("...#").tolist()


def test_holes_are_filled_up_to_a_size():
    mask = drawn("#####", "#.#.#", "###.#", "#####")
    assert fill_holes(mask).all()
    assert fill_holes(mask, largest=1).tolist() == drawn("#####", "###.#", "###.#", "#####").tolist()


def test_a_bay_is_no_hole():
    mask = drawn("###", "#..", "###")
    np.testing.assert_array_equal(fill_holes(mask), mask)


@given(MASKS)
def test_filled_holes_are_those_of_scipy(mask):
    np.testing.assert_array_equal(fill_holes(mask), scipy.ndimage.binary_fill_holes(mask))


def test_the_hull_of_an_angle_is_a_triangle():
    assert convex_hull(drawn("#..", "#..", "###")).tolist() == drawn("#..", "##.", "###").tolist()
    assert not convex_hull(np.zeros((2, 2), bool)).any()


def test_the_hull_of_a_real_nucleus_is_that_of_scikit_image_but_for_its_rim(nuclei):
    theirs = skimage.morphology.convex_hull_image(nuclei, offset_coordinates=False)
    ours = convex_hull(nuclei)
    off = scipy.ndimage.binary_erosion(ours != theirs, structure=np.ones((2, 2)))
    assert not off.any()
    assert (ours != theirs).sum() < 0.02 * ours.sum()


@given(MASKS)
def test_the_hull_holds_the_mask_and_is_its_own_hull_or_nearly(mask):
    hull = convex_hull(mask)
    assert (hull >= mask).all()
    assert hull.any() == mask.any()


@given(MASKS)
def test_run_lengths_come_back(mask):
    lengths = encode_run_lengths(mask)
    assert sum(lengths) == mask.size
    assert all(length > 0 for length in lengths[1:])
    np.testing.assert_array_equal(decode_run_lengths(lengths, *mask.shape), mask)


def test_run_lengths_of_a_real_mask_come_back(nuclei):
    np.testing.assert_array_equal(decode_run_lengths(encode_run_lengths(nuclei), *nuclei.shape), nuclei)


@pytest.mark.parametrize(("lengths", "height", "width"), [((1, 2), 2, 2), ((5, -1), 2, 2), ((), 1, 1), ((), 0, 4)])
def test_run_lengths_that_do_not_fit_are_refused(lengths, height, width):
    with pytest.raises(InvalidMask):
        decode_run_lengths(lengths, height, width)


@pytest.mark.parametrize("wrong", [np.zeros((2, 2), np.uint8), np.zeros(4, bool), np.zeros((0, 2), bool), [[True]]])
def test_what_is_no_mask_is_refused(wrong):
    with pytest.raises(InvalidMask):
        check_mask(wrong)
