from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from buffycoat.domain.geometry import Box
from buffycoat.errors import InvalidBox, WrongArray
from buffycoat.imaging.crops import crop, padded_share

FIELD = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)


def test_inside_the_field_a_crop_is_a_copy_of_its_pixels():
    cut = crop(FIELD, Box(left=1, top=2, right=4, bottom=4))
    np.testing.assert_array_equal(cut, FIELD[2:4, 1:4])
    cut[:] = 0
    assert FIELD[2, 1, 0] == 39


@pytest.mark.parametrize(
    ("box", "rows", "columns"),
    [
        (Box(left=-2, top=1, right=2, bottom=3), slice(0, 2), slice(2, 4)),
        (Box(left=4, top=2, right=9, bottom=7), slice(0, 2), slice(0, 2)),
        (Box(left=-1, top=-1, right=7, bottom=5), slice(1, 5), slice(1, 7)),
    ],
)
def test_outside_the_field_a_crop_is_white(box: Box, rows: slice, columns: slice):
    expected = np.full((box.height, box.width, 3), 255, np.uint8)
    expected[rows, columns] = FIELD[max(box.top, 0) : box.bottom, max(box.left, 0) : box.right]
    np.testing.assert_array_equal(crop(FIELD, box), expected)
    assert padded_share(FIELD.shape, box) == pytest.approx(
        1 - (rows.stop - rows.start) * (columns.stop - columns.start) / box.area
    )


@pytest.mark.parametrize("box", [Box(left=6, top=0, right=8, bottom=2), Box(left=0, top=-3, right=2, bottom=0)])
def test_a_box_that_only_touches_the_edge_from_outside_is_refused(box: Box):
    with pytest.raises(InvalidBox):
        crop(FIELD, box)
    with pytest.raises(InvalidBox):
        padded_share(FIELD.shape, box)


def test_a_grey_field_is_refused():
    with pytest.raises(WrongArray):
        crop(FIELD[:, :, 0], Box(left=0, top=0, right=1, bottom=1))


@given(st.integers(-8, 5), st.integers(-8, 3), st.integers(1, 12), st.integers(1, 12))
def test_padded_share_counts_the_pixels_outside(left: int, top: int, width: int, height: int):
    box = Box(left=left, top=top, right=left + width, bottom=top + height)
    places = [(x, y) for x in range(box.left, box.right) for y in range(box.top, box.bottom)]
    outside = sum(not (0 <= x < 6 and 0 <= y < 4) for x, y in places)
    if outside == len(places):
        with pytest.raises(InvalidBox):
            crop(FIELD, box)
        return
    assert padded_share(FIELD.shape, box) == pytest.approx(outside / len(places))
    cut = crop(FIELD, box)
    assert cut.shape == (height, width, 3)
    for x, y in places:
        inside = 0 <= x < 6 and 0 <= y < 4
        assert cut[y - top, x - left, 0] == (FIELD[y, x, 0] if inside else 255)


def test_the_labeled_box_of_the_raabin_photograph_holds_a_dark_nucleus(data: Path):
    with Image.open(data / "raabin_samples/full_field/images/20160720_232423.jpg") as photograph:
        field = np.asarray(photograph)
    cut = crop(field, Box(left=2567, top=1171, right=3142, bottom=1746))
    assert cut.shape == (575, 575, 3)
    # The nucleus is the only thing here with so little green.
    assert 0.02 < (cut[:, :, 1] < 80).mean() < 0.4
