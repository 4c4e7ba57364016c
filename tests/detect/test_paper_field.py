from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from buffycoat.detect.paper_field import as_in_paper
from buffycoat.domain.cell import Detection, FoundBy
from buffycoat.domain.geometry import Box
from buffycoat.errors import InputError
from buffycoat.formats.raabin import read_raabin
from buffycoat.formats.source import open_source


def cell_at(x: int, y: int) -> Detection:
    extent = Box.around(x, y, 40)
    return Detection(extent=extent, box=Box.around(x, y, 100), score=0.9, found_by=FoundBy.COLOR_FILTER)


def photograph() -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (700, 900, 3), dtype=np.uint8)


@pytest.mark.parametrize("side", [575, 512])
def test_crops_are_the_boxes_of_the_label_file(tmp_path: Path, side: int):
    image = photograph()
    made = as_in_paper(image, [cell_at(450, 350), cell_at(20, 690)], photograph="66", film="95-8-27-1", side=side)
    (tmp_path / made.label_name).write_bytes(made.label_file)
    with open_source(tmp_path) as source:
        (field,) = read_raabin(source)
    assert field.smear == "95-8-27-1"
    assert field.objective == "100x"
    assert [cell.origin for cell in field.cells] == ["66_1.bmp", "66_2.bmp"]
    assert [name for name, _ in made.crops] == ["95-8-27-1_66_1.jpg", "95-8-27-1_66_2.jpg"]
    for cell, (_, crop) in zip(field.cells, made.crops, strict=True):
        box = cell.box
        assert cell.words == (None, None)
        assert box.width == box.height == side
        assert box.inside(900, 700)
        np.testing.assert_array_equal(crop, image[box.top : box.bottom, box.left : box.right])
    assert field.cells[0].box.center == pytest.approx((450, 350), abs=1)
    assert (field.cells[1].box.left, field.cells[1].box.bottom) == (0, 700)


def test_a_field_without_cells_has_a_label_file_without_cells():
    made = as_in_paper(photograph(), [], photograph="66", film="95-8-27-1")
    assert made.crops == ()
    assert b'"Cell Numbers": 0' in made.label_file


@pytest.mark.parametrize("asked", [{"side": 701}, {"side": 0}, {"film": ""}, {"photograph": "a/b"}, {"film": ".."}])
def test_what_cannot_be_laid_out_is_refused(asked: dict):
    with pytest.raises(InputError):
        as_in_paper(photograph(), [cell_at(450, 350)], **{"photograph": "66", "film": "95-8-27-1", **asked})
