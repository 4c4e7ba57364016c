"""Missed cells are shown in their surroundings, with what was found."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from buffycoat.domain.geometry import Box
from buffycoat.errors import InputError, TooFew
from buffycoat.report.missed_sheet import MissedCell, missed_sheet

BLUE, ORANGE = (0, 90, 181), (213, 94, 0)


def shown(sheet) -> np.ndarray:
    pixels = np.asarray(Image.open(io.BytesIO(sheet.jpeg))).astype(int)
    assert pixels.shape == (sheet.height_px, sheet.width_px, 3)
    return pixels


def count(pixels: np.ndarray, color: tuple[int, int, int]) -> int:
    return int((np.abs(pixels - color).max(axis=2) < 40).sum())


def missed(**changes) -> MissedCell:
    picture = np.full((200, 300, 3), 210, np.uint8)
    usual = {"field_id": "f1", "picture": picture, "box": Box(left=100, top=80, right=140, bottom=130)}
    return MissedCell(**{**usual, **changes})


def test_the_true_box_is_blue_where_it_lies():
    pixels = shown(missed_sheet([missed()], side=200))
    assert count(pixels, ORANGE) == 0
    # the window is twice the longer side: 100 pixels at scale 2 from (24, 24); the box is 80 x 100 in its middle
    rows, columns = np.nonzero(np.abs(pixels[24:224, 24:224] - BLUE).max(axis=2) < 40)
    assert abs(rows.min() - 50) <= 2
    assert abs(rows.max() - 149) <= 2
    assert abs(columns.min() - 60) <= 2
    assert abs(columns.max() - 139) <= 2


def test_found_boxes_are_dashed_and_a_box_without_a_cell_is_orange():
    loose = missed(fate="loose", found=(Box(left=90, top=100, right=130, bottom=150),))
    extra = missed(fate="extra", score=0.731)
    assert count(shown(missed_sheet([loose])), ORANGE) > 100
    assert count(shown(missed_sheet([loose])), BLUE) > 100
    pixels = shown(missed_sheet([extra]))
    assert count(pixels, BLUE) == 0
    assert count(pixels, ORANGE) > 200


def test_the_caption_says_what_each_is():
    sheet = missed_sheet([missed(), missed(fate="loose", field_id="لام"), missed(fate="extra", score=0.7)], columns=2)
    assert "missed: 1; box does not fit: 1; no cell was marked: 1." in sheet.caption
    assert "(b) لام, box does not fit" in sheet.caption
    assert missed_sheet([missed()], banner="SIMULATED").caption.startswith("SIMULATED. ")


def test_cells_at_the_border_and_of_one_pixel_are_shown():
    corner = missed(box=Box(left=0, top=0, right=1, bottom=1), found=(Box(left=0, top=0, right=300, bottom=200),))
    assert shown(missed_sheet([corner])).any()


def test_nothing_and_unknown_fates_are_refused():
    with pytest.raises(TooFew):
        missed_sheet([])
    with pytest.raises(InputError, match="no such fate"):
        missed_sheet([missed(fate="lost")])
