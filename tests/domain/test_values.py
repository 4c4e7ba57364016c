from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buffycoat.domain.cell import Repeat
from buffycoat.domain.geometry import Box
from buffycoat.domain.mask import Mask, Part
from buffycoat.domain.smear import Capture, Smear
from buffycoat.domain.value import derive_id
from buffycoat.errors import Conflict, InvalidBox, InvalidMask, InvalidMetadata

BOXES = st.builds(
    lambda left, top, width, height: Box(left=left, top=top, right=left + width, bottom=top + height),
    st.integers(-50, 50),
    st.integers(-50, 50),
    st.integers(1, 40),
    st.integers(1, 40),
)


@given(BOXES, BOXES)
def test_iou_is_symmetric_and_one_only_for_equal_boxes(a, b):
    assert a.iou(b) == b.iou(a)
    assert 0 <= a.iou(b) <= 1
    assert (a.iou(b) == 1) == (a == b)


@given(BOXES)
def test_box_shifted_inside_keeps_its_size(box):
    moved = box.shifted_inside(60, 60)
    assert (moved.width, moved.height) == (box.width, box.height)
    assert moved.inside(60, 60)
    assert moved == moved.shifted_inside(60, 60)


@given(st.floats(-100, 100), st.floats(-100, 100), st.integers(1, 99))
def test_box_around_has_the_side_and_the_center(x, y, side):
    box = Box.around(x, y, side)
    assert (box.width, box.height) == (side, side)
    assert abs(box.center[0] - x) <= 0.5 + 1e-9


def test_empty_box_is_refused():
    with pytest.raises(InvalidBox, match="left=3"):
        Box(left=3, top=0, right=3, bottom=1)


def test_values_cannot_be_changed():
    box = Box(left=0, top=0, right=1, bottom=1)
    with pytest.raises(FrozenInstanceError):
        box.left = 5


@pytest.mark.parametrize("number", [0, -0.1, float("nan"), float("inf")])
def test_impossible_scale_is_refused(number):
    with pytest.raises(InvalidMetadata, match="micrometres_per_pixel"):
        Capture(id="k", micrometres_per_pixel=number)


def test_other_impossible_values_are_refused():
    with pytest.raises(InvalidMetadata):
        Capture(id="k", quarter_turns=4)
    with pytest.raises(InvalidMetadata):
        Smear(id="s", code=" ")
    with pytest.raises(Conflict):
        Repeat(id="p", smear_id="s", cell_id="c", kept_id="c", edges=(), run_id="r")
    plain = {"id": "m", "cell_id": "c", "part": Part.CELL, "method": "x", "supersedes": None, "run_id": "r"}
    with pytest.raises(InvalidMask):
        Mask(**plain, height_px=2, width_px=2, run_lengths=(1, 2), failure=None)
    with pytest.raises(InvalidMask):
        Mask(**plain, height_px=2, width_px=2, run_lengths=(4,), failure="nothing-found")


def test_derived_id_depends_on_what_and_not_on_order():
    assert derive_id("cell", {"a": 1, "b": None}) == derive_id("cell", {"b": None, "a": 1})
    assert derive_id("cell", {"a": 1}) != derive_id("cell", {"a": "1"})
    assert derive_id("cell", {"a": 1}) != derive_id("capture", {"a": 1})
