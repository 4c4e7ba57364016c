from __future__ import annotations

import cv2
import numpy as np
import pytest
from scipy.ndimage import find_objects, label

from buffycoat.detect.extents import windows_of
from buffycoat.detect.light import lit_area
from buffycoat.detect.pieces import in_place, pieces_of


@pytest.mark.parametrize("seed", range(4))
def test_pieces_are_those_of_scipy(seed: int):
    mask = (np.random.default_rng(seed).random((61, 83)) < 0.3).astype(np.uint8)
    pieces = pieces_of(mask)
    names, count = label(mask, np.ones((3, 3)))
    assert len(pieces.areas) == count + 1
    assert sorted(pieces.areas[1:]) == sorted(np.bincount(names.ravel())[1:])
    # One number here for each number there.
    assert len({*zip(pieces.names.ravel().tolist(), names.ravel().tolist(), strict=True)}) == count + 1
    np.testing.assert_array_equal(in_place(pieces.held, pieces.places, mask.shape), pieces.names)


def test_an_empty_mask_has_no_pieces():
    pieces = pieces_of(np.zeros((5, 7), np.uint8))
    assert pieces.areas.tolist() == [0]
    assert not len(pieces.places)


@pytest.mark.parametrize(
    "cells", [np.zeros((9, 9), np.int32), np.eye(9, dtype=np.int32) * np.arange(9, dtype=np.int32)]
)
def test_windows_are_those_of_scipy(cells: np.ndarray):
    assert windows_of(cells) == find_objects(cells)


@pytest.mark.parametrize("red_cell_px", [12.0, 15.6, 20.0, 31.0])
def test_the_rim_is_a_disk(red_cell_px: float):
    field = np.zeros((300, 400, 3), np.uint8)
    cv2.circle(field, (200, 150), 140, (230, 210, 200), -1)
    side = 2 * round(0.6 * red_cell_px) + 1
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    lit = lit_area(field, red_cell_px=red_cell_px)
    np.testing.assert_array_equal(~lit, cv2.dilate((field[:, :, 0] == 0).astype(np.uint8), disk) > 0)
