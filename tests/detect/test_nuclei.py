from __future__ import annotations

import cv2
import numpy as np
import pytest

from buffycoat.detect.extents import grow_to_cells
from buffycoat.detect.nuclei import find_nuclei

RED_CELL = 20.0


def disks(*places: tuple[int, int, int]) -> np.ndarray:
    mask = np.zeros((120, 160), np.uint8)
    for x, y, radius in places:
        cv2.circle(mask, (x, y), radius, 1, -1)
    return mask > 0


def test_one_disk_is_one_nucleus():
    mask = disks((50, 50, 10))
    np.testing.assert_array_equal(find_nuclei(mask, red_cell_px=RED_CELL) > 0, mask)


def test_lobes_are_joined_and_far_nuclei_are_not():
    nuclei = find_nuclei(disks((40, 40, 7), (58, 42, 7), (48, 58, 6), (120, 80, 12)), red_cell_px=RED_CELL)
    assert nuclei.max() == 2
    assert nuclei[40, 40] == nuclei[42, 58] == nuclei[58, 48] != nuclei[80, 120]


def test_two_whole_nuclei_side_by_side_are_two():
    nuclei = find_nuclei(disks((40, 50, 15), (74, 50, 15)), red_cell_px=RED_CELL)
    assert nuclei[50, 40] != nuclei[50, 74]


def test_two_nuclei_that_touch_are_parted_at_their_waist():
    nuclei = find_nuclei(disks((40, 50, 16), (70, 50, 16)), red_cell_px=RED_CELL)
    assert nuclei.max() == 2
    assert {int(nuclei[50, 40]), int(nuclei[50, 70])} == {1, 2}


def test_one_large_round_nucleus_is_not_parted():
    assert find_nuclei(disks((70, 60, 29)), red_cell_px=RED_CELL).max() == 1


@pytest.mark.parametrize("places", [(), ((50, 50, 3),), ((50, 50, 4), (90, 20, 4))])
def test_specks_and_platelets_are_no_nuclei(places: tuple[tuple[int, int, int], ...]):
    assert not find_nuclei(disks(*places), red_cell_px=RED_CELL).any()


def test_a_cell_is_the_nucleus_with_what_resembles_it_around():
    nuclei = np.where(disks((60, 60, 10)), 1, 0).astype(np.int32)
    scores = np.full(nuclei.shape, -14, np.float32)
    scores[disks((64, 60, 18))] = -4  # its cytoplasm, off to the right
    scores[disks((120, 60, 12))] = -4  # as purple, but of no nucleus
    scores[nuclei > 0] = 5
    cells = grow_to_cells(scores, nuclei, red_cell_px=RED_CELL)
    np.testing.assert_array_equal(cells == 1, disks((64, 60, 18)) | (nuclei > 0))


def test_cells_that_touch_share_no_pixel_and_reach_no_farther_than_cytoplasm_does():
    nuclei = np.where(disks((50, 60, 10)), 1, np.where(disks((80, 60, 10)), 2, 0)).astype(np.int32)
    scores = np.full(nuclei.shape, -14, np.float32)
    scores[40:80, :100] = -4
    cells = grow_to_cells(scores, nuclei, red_cell_px=RED_CELL)
    assert cells[60, 62] == 1
    assert cells[60, 68] == 2
    # Half of what is far scores as high as cytoplasm, so that nothing stands out.
    assert set(np.unique(cells)) == {0, 1, 2}
    assert cells[60, 10] == 0
