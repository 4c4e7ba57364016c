from __future__ import annotations

from collections import Counter
from importlib import import_module

import cv2
import numpy as np
import pytest

from buffycoat.errors import InputError
from buffycoat.metrics.overlap import dice

bench = import_module("bench.drawn_masks")
tools = import_module("bench.drawing_tools")

SETS = ("raabin", "barcelona")
KINDS = ("basophil", "eosinophil", "lymphocyte", "monocyte", "neutrophil")


OUTLINE = "snap 0.1 500,325 620,375 670,500 620,630 500,690 370,625 320,500 380,380"
"""Within a tenth of the circle of radius 60."""


def disk(side: int, x: float, y: float, radius: float) -> np.ndarray:
    ys, xs = np.mgrid[:side, :side]
    return np.hypot(xs - x, ys - y) <= radius


@pytest.fixture
def cell() -> np.ndarray:
    """A pale cell of radius 60 around a nucleus of radius 35, a red cell beside it, and a second nucleus."""
    crop = np.full((320, 320, 3), (236, 228, 222), np.uint8)
    cv2.circle(crop, (160, 160), 60, (196, 170, 206), -1)
    cv2.circle(crop, (160, 160), 35, (112, 40, 150), -1)
    cv2.circle(crop, (250, 160), 28, (214, 150, 150), -1)
    cv2.circle(crop, (60, 60), 20, (112, 40, 150), -1)
    return crop


def test_every_crop_of_the_five_classes_has_one_row_and_refused_ones_say_why(data):
    rows = bench.drawn_rows()
    assert Counter((row.set, row.kind) for row in rows) == {(group, kind): 70 for group in SETS for kind in KINDS}
    assert len({(row.set, row.file) for row in rows}) == len(rows)
    assert all(row.path(data).is_file() for row in rows)
    assert {row.verdict for row in rows} == {"accepted", "refused"}
    assert all(row.note and not row.cell for row in rows if row.verdict == "refused")


def test_at_least_150_of_each_set_are_accepted_and_50_of_each_class():
    accepted = Counter((row.set, row.kind) for row in bench.drawn_rows() if row.verdict == "accepted")
    assert all(accepted[group, kind] >= 50 for group in SETS for kind in KINDS)


def test_only_basophils_have_no_nucleus():
    hidden = {(row.set, row.kind) for row in bench.drawn_rows() if row.nucleus == "none"}
    assert hidden == {(group, "basophil") for group in SETS}


def test_masks_come_out_as_they_were_drawn(data):
    accepted = [row for row in bench.drawn_rows() if row.verdict == "accepted"]
    some = accepted[::47]
    drawn = list(bench.drawn_masks(data, rows=some))
    assert [one.name for one in drawn] == [row.file for row in some]
    for one in drawn:
        assert one.cell.shape == one.crop.shape[:2]
        assert one.nucleus is None or not (one.nucleus & ~one.cell).any()
        assert cv2.connectedComponents(one.cell.astype(np.uint8))[0] == 2


def test_a_mask_that_comes_out_otherwise_is_an_error(data):
    row = next(row for row in bench.drawn_rows() if row.verdict == "accepted")
    with pytest.raises(InputError, match="the cell is not as it was drawn"):
        next(bench.drawn_masks(data, rows=[row._replace(cell_px=row.cell_px + 2000)]))


@pytest.mark.parametrize("recipe", ["easy-gt 0.25", "green", "red", "vote", "inside-green", "tavakoli"])
def test_each_start_finds_the_nucleus_in_the_middle(recipe, cell):
    assert dice(disk(320, 160, 160, 35), tools.draw_nucleus(cell, recipe)) > 0.95


@pytest.mark.parametrize("recipe", ["line", "grabcut"])
def test_each_start_finds_the_cell(recipe, cell):
    found = tools.draw_cell(cell, recipe, disk(320, 160, 160, 35))
    assert dice(disk(320, 160, 160, 60), found) > 0.96


def test_a_coarse_outline_moves_toward_the_edge(cell):
    truth, coarse = disk(320, 160, 160, 60), OUTLINE.replace("snap 0.1", "outline")
    assert dice(truth, tools.draw_cell(cell, OUTLINE, None)) > dice(truth, tools.draw_cell(cell, coarse, None)) > 0.9


def test_a_point_says_which_nucleus_is_meant(cell):
    other = tools.draw_nucleus(cell, "easy-gt 0.25; near 187,187")
    assert dice(disk(320, 60, 60, 20), other) > 0.95


def test_a_hand_takes_away_and_adds(cell):
    whole = tools.draw_nucleus(cell, "easy-gt 0.25")
    corner = "{} 400,400 500,400 500,500 400,500"
    less = tools.draw_nucleus(cell, "easy-gt 0.25; " + corner.format("without"))
    assert 0.6 < less.sum() / whole.sum() < 0.8
    again = tools.draw_nucleus(cell, f"easy-gt 0.25; {corner.format('without')}; {corner.format('with')}")
    assert not (whole & ~again).any()
    part = tools.draw_nucleus(cell, "easy-gt 0.25; " + corner.format("within"))
    assert abs(int(part.sum()) + int(less.sum()) - int(whole.sum())) < 10


@pytest.mark.parametrize(("step", "radius"), [("grow 5", 40), ("shrink 5", 30), ("open 5", 35), ("close 5", 35)])
def test_a_brush_moves_the_border_by_its_radius(step, radius, cell):
    assert dice(disk(320, 160, 160, radius), tools.draw_nucleus(cell, f"easy-gt 0.25; {step}")) > 0.97


def test_points_are_thousandths_so_that_a_larger_crop_gives_the_same_mask(cell):
    recipe = "outline 500,400 600,500 500,600 400,500"
    large = cv2.resize(cell, (640, 640), interpolation=cv2.INTER_NEAREST)
    small, twice = tools.draw_nucleus(cell, recipe), tools.draw_nucleus(large, recipe)
    assert dice(small, twice[::2, ::2]) > 0.97


@pytest.mark.parametrize("recipe", ["guess", "outline 100,100 200,200", "easy-gt 0.25; rub 3"])
def test_a_recipe_that_means_nothing_is_an_error(recipe, cell):
    with pytest.raises(InputError):
        tools.draw_nucleus(cell, recipe)


def test_a_cell_drawn_by_no_known_means_is_an_error(cell):
    with pytest.raises(InputError, match="no such way to draw a cell"):
        tools.draw_cell(cell, "guess", None)
