from __future__ import annotations

import cv2
import numpy as np
import pytest

from buffycoat.errors import InputError, NothingFound, WrongArray
from buffycoat.metrics.overlap import dice
from buffycoat.segment.nucleus import segment_nucleus
from buffycoat.segment.part_methods import PART_METHODS
from buffycoat.segment.tavakoli import tavakoli


@pytest.mark.parametrize("method", PART_METHODS)
def test_the_nucleus_of_a_drawn_cell_and_not_its_neighbor(method, drawn):
    mask = segment_nucleus(drawn.crop, method=method)
    assert (mask.dtype, mask.shape) == (np.bool_, drawn.nucleus.shape)
    assert not mask[5, 235]
    assert dice(drawn.nucleus, mask) > 0.94


@pytest.mark.parametrize(("method", "least"), [("best", 0.92), ("easy-gt", 0.90), ("tavakoli", 0.91)])
def test_real_nuclei_are_as_people_drew_them(method, least, bccd):
    scores = [dice(truth.nucleus, segment_nucleus(truth.crop, method=method)) for truth in bccd]
    assert np.mean(scores) > least


@pytest.mark.parametrize("name", ["basophil", "eosinophil", "lymphocyte", "monocyte", "neutrophil"])
def test_every_class_of_raabin_has_a_nucleus_in_the_middle(name, raabin):
    mask = segment_nucleus(raabin[name])
    assert 0.03 < mask.mean() < 0.2
    ys, xs = np.nonzero(mask)
    assert np.hypot(xs.mean() - 287, ys.mean() - 287) < 100


def only_red_cells(side: int = 200) -> np.ndarray:
    crop = np.full((side, side, 3), (235, 228, 220), np.uint8)
    for x, y in ((50, 60), (120, 100), (60, 150), (160, 40)):
        cv2.circle(crop, (x, y), 30, (200, 150, 145), -1)
    return crop


def specks(side: int = 200) -> np.ndarray:
    crop = np.full((side, side, 3), 230, np.uint8)
    crop[90:98, 90:98] = crop[110:116, 104:110] = (110, 45, 150)
    return crop


@pytest.mark.parametrize("method", PART_METHODS)
@pytest.mark.parametrize(
    "crop",
    [
        pytest.param(np.full((80, 80, 3), 255, np.uint8), id="white"),
        pytest.param(np.zeros((80, 80, 3), np.uint8), id="black"),
        pytest.param(np.full((80, 80, 3), (200, 150, 190), np.uint8), id="one color"),
        pytest.param(np.full((1, 1, 3), 90, np.uint8), id="one pixel"),
        pytest.param(only_red_cells(), id="red cells"),
        pytest.param(specks(), id="specks"),
        pytest.param(np.random.default_rng(0).normal(215, 6, (90, 90, 3)).clip(0, 255).astype(np.uint8), id="grain"),
    ],
)
def test_where_there_is_no_nucleus_it_says_so(method, crop):
    with pytest.raises(NothingFound):
        segment_nucleus(crop, method=method)


def test_real_windows_without_a_white_cell_have_no_nucleus_but_where_a_platelet_is(without_cell):
    found = 0
    for window in without_cell:
        try:
            segment_nucleus(window)
        except NothingFound:
            continue
        found += 1
    assert len(without_cell) > 30
    assert found / len(without_cell) < 0.06


def test_a_nucleus_in_the_corner_is_a_neighbor():
    crop = np.full((200, 200, 3), 230, np.uint8)
    crop[:60, :60] = (110, 45, 150)
    with pytest.raises(NothingFound):
        segment_nucleus(crop)


def test_tavakoli_drops_small_outlines_and_keeps_holes():
    crop = np.full((120, 120, 3), 230, np.uint8)
    crop[30:90, 30:90] = crop[5:12, 5:12] = (110, 45, 150)
    crop[55:65, 55:65] = 230
    mask = tavakoli(crop)
    assert not mask[8, 8]
    assert not mask[60, 60]
    assert mask[35, 35]


def test_a_method_that_is_none_is_refused(drawn):
    with pytest.raises(InputError, match="best or easy-gt-clean or easy-gt or tavakoli or vote"):
        segment_nucleus(drawn.crop, method="guess")
    with pytest.raises(WrongArray):
        segment_nucleus(drawn.crop.astype(float))
