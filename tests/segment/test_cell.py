from __future__ import annotations

import numpy as np
import pytest

from buffycoat.errors import InvalidMask, NothingFound, WrongArray
from buffycoat.imaging.regions import fill_holes, find_regions
from buffycoat.metrics.overlap import dice
from buffycoat.segment.cell import segment_cell
from buffycoat.segment.nucleus import segment_nucleus
from buffycoat.segment.outline import cell_around


def test_the_drawn_cell_without_the_red_cell_that_touches_it(drawn):
    mask = segment_cell(drawn.crop)
    assert (mask.dtype, mask.shape) == (np.bool_, drawn.cell.shape)
    assert dice(drawn.cell, mask) > 0.96
    assert not mask[120, 192:].any()


def test_real_cells_are_as_people_drew_them(bccd):
    scores = [dice(truth.cell, segment_cell(truth.crop)) for truth in bccd]
    assert len(scores) > 30
    assert np.mean(scores) > 0.93
    assert np.quantile(scores, 0.05) > 0.8


@pytest.mark.parametrize("name", ["basophil", "eosinophil", "lymphocyte", "monocyte", "neutrophil"])
def test_the_nucleus_lies_in_the_cell_and_the_cell_is_one_piece(name, raabin):
    nucleus, cell = segment_nucleus(raabin[name]), segment_cell(raabin[name])
    assert not (nucleus & ~cell).any()
    assert 1 <= cell.sum() / nucleus.sum() < 8
    assert len(find_regions(cell).areas) == 1
    np.testing.assert_array_equal(fill_holes(cell), cell)


def test_padding_is_never_part_of_the_cell(drawn):
    padded = drawn.crop.copy()
    padded[:, :90] = 255
    cell = segment_cell(padded)
    assert not cell[:, :90].any()
    assert dice(drawn.cell[:, 90:], cell[:, 90:]) > 0.9


def test_a_crop_need_not_be_square_and_may_be_small(drawn):
    cut = drawn.crop[20:220, 40:190]
    assert dice(drawn.cell[20:220, 40:190], segment_cell(cut)) > 0.93
    tiny = drawn.crop[::4, ::4]
    assert dice(drawn.cell[::4, ::4], segment_cell(tiny)) > 0.9


def test_a_given_nucleus_is_used(drawn):
    nucleus = np.zeros_like(drawn.nucleus)
    nucleus[95:115, 90:110] = True
    cell = segment_cell(drawn.crop, nucleus=nucleus)
    assert (cell >= nucleus).all()
    assert cell.sum() > nucleus.sum()


def test_a_nucleus_of_few_pixels_is_no_accident(drawn):
    for size in (1, 2, 4, 8):
        nucleus = np.zeros_like(drawn.nucleus)
        nucleus[100 : 100 + size, 100 : 100 + size] = True
        assert (segment_cell(drawn.crop, nucleus=nucleus) >= nucleus).all()


def test_a_nucleus_that_fills_the_crop_is_the_cell(drawn):
    everything = np.ones_like(drawn.nucleus)
    assert segment_cell(drawn.crop, nucleus=everything).all()


def test_the_same_crop_gives_the_same_cell_and_is_left_alone(drawn):
    before = drawn.crop.copy()
    np.testing.assert_array_equal(segment_cell(drawn.crop), segment_cell(drawn.crop))
    np.testing.assert_array_equal(drawn.crop, before)


def test_what_has_no_cell_is_refused(drawn):
    with pytest.raises(NothingFound):
        segment_cell(np.full((80, 80, 3), 230, np.uint8))
    with pytest.raises(NothingFound):
        segment_cell(drawn.crop, nucleus=np.zeros_like(drawn.nucleus))
    with pytest.raises(InvalidMask):
        segment_cell(drawn.crop, nucleus=np.ones((3, 3), bool))
    with pytest.raises(WrongArray):
        segment_cell(drawn.crop[..., 0])


def test_what_else_is_known_of_the_cell_moves_the_line():
    crop = np.full((160, 160, 3), (235, 228, 220), np.uint8)
    ys, xs = np.ogrid[:160, :160]
    nucleus, cell = (np.hypot(xs - 80, ys - 80) < radius for radius in (20, 38))
    crop[cell], crop[nucleus] = (228, 218, 220), (110, 45, 150)  # a cytoplasm hardly darker than glass
    alone = cell_around(crop, nucleus=nucleus)
    told = cell_around(crop, nucleus=nucleus, chances=cell.astype(np.float32))
    assert dice(cell, alone) < 0.6
    assert dice(cell, told) > 0.95
    with pytest.raises(InvalidMask, match="chances"):
        cell_around(crop, nucleus=nucleus, chances=np.ones((9, 9), np.float32))
