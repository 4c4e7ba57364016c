"""Which cell of a crop is meant: the one in the middle, or none where two have equal right."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from buffycoat.domain.geometry import Box
from buffycoat.errors import SeveralCells
from buffycoat.imaging.codecs import read_rgb
from buffycoat.imaging.crops import crop, crop_mask
from buffycoat.metrics.overlap import dice
from buffycoat.segment import segment_parts
from buffycoat.segment.meant import is_convex

SIDE = 240


@pytest.fixture(scope="module")
def beside(bccd):
    """Return a picture of real cells side by side, each in a square of its own, and where each cell is."""

    def picture(*numbers: int) -> tuple[np.ndarray, list[np.ndarray]]:
        chosen = [bccd[number] for number in numbers]
        shown = np.hstack([cv2.resize(each.crop, (SIDE, SIDE), interpolation=cv2.INTER_AREA) for each in chosen])
        cells = []
        for place, each in enumerate(chosen):
            there = np.zeros(shown.shape[:2], np.uint8)
            there[:, place * SIDE : (place + 1) * SIDE] = cv2.resize(each.cell.astype(np.uint8), (SIDE, SIDE))
            cells.append(there > 0)
        return shown, cells

    return picture


@pytest.mark.parametrize("numbers", [(2, 5), (8, 3), (10, 12), (7, 14)])
def test_two_whole_cells_with_nothing_in_the_middle_are_refused(beside, numbers):
    shown, cells = beside(*numbers)
    for turned in (shown, shown[:, ::-1], shown.transpose(1, 0, 2)):
        with pytest.raises(SeveralCells, match="none clearly in the middle"):
            segment_parts(turned)
    nearest = segment_parts(shown, check=False)
    assert max(dice(cell, nearest.cell) for cell in cells) > 0.9


@pytest.mark.parametrize("numbers", [(2, 5, 8), (3, 10, 12), (14, 7, 2)])
def test_the_cell_in_the_middle_is_meant_whatever_lies_beside_it(beside, numbers):
    shown, (_, middle, _) = beside(*numbers)
    assert dice(middle, segment_parts(shown).cell) > 0.9
    cut = slice(SIDE // 2, 3 * SIDE - SIDE // 2)  # the neighbors touch the border
    assert dice(middle[:, cut], segment_parts(shown[:, cut]).cell) > 0.9


def test_one_cell_away_from_the_middle_is_meant_where_it_is_alone(bccd):
    for each in bccd[1:9]:
        side = each.crop.shape[0]
        around = Box.around(0.4 * side, 0.5 * side, round(0.8 * side))
        assert dice(crop_mask(each.cell, around), segment_parts(crop(each.crop, around)).cell) > 0.85


@pytest.mark.parametrize("name", ["95-5-10-1_611_1", "95-8-17-3_349_1", "95-8-22-4_63_1", "95-5-10-1_879_1"])
def test_lobes_far_apart_in_a_tight_crop_are_of_one_cell(data, name):
    (path,) = (data / "raabin_crops" / "crops").rglob(f"{name}.jpg")
    wide = read_rgb(path)
    known = segment_parts(wide)
    left, top, width, height = cv2.boundingRect(known.cell.view(np.uint8))
    around = Box.around(left + width / 2, top + height / 2, round(1.25 * max(width, height)))
    found = segment_parts(crop(wide, around))
    assert dice(crop_mask(known.cell, around), found.cell) > 0.9
    assert dice(crop_mask(known.nucleus, around), found.nucleus) > 0.9


def test_two_cells_that_touch_are_no_convex_outline():
    ys, xs = np.mgrid[:200, :300]
    for gap in (75, 85, 95):
        discs = [np.hypot(xs - 100 - place * gap, ys - 100) < 50 for place in (0, 1)]
        assert is_convex(discs[0])
        assert not is_convex(discs[0] | discs[1])
    assert is_convex(((xs - 150) / 90) ** 2 + ((ys - 100) / 50) ** 2 < 1)
