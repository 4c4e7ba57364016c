from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from buffycoat.detect.color_filter import (
    DEFAULT_FILTER,
    WORKING_RED_CELL_PX,
    ColorFilter,
    at_working_scale,
    nucleus_scores,
)
from buffycoat.detect.fit_filter import fit
from buffycoat.domain.geometry import Box
from buffycoat.errors import InputError, TooFew, WrongArray

GLASS, RED, NUCLEUS = (235, 225, 220), (215, 150, 150), (110, 60, 140)
BOX = Box(left=66, top=56, right=114, bottom=104)


def field(nucleus: tuple[int, int, int] = NUCLEUS, red_cell: tuple[int, int, int] = RED) -> np.ndarray:
    image = np.full((160, 200, 3), GLASS, np.uint8)
    for x, y in [(25, 30), (60, 30), (150, 40), (170, 120), (40, 130), (110, 140)]:
        cv2.circle(image, (x, y), 10, red_cell, -1)
    cv2.circle(image, (90, 80), 14, nucleus, -1)
    noise = np.random.default_rng(0).normal(0, 4, image.shape)
    return np.clip(image + noise, 0, 255).astype(np.uint8)


def test_a_filter_fitted_on_one_boxed_cell_tells_its_nucleus_from_red_cells():
    fitted = fit([field()], [[BOX]], red_cell_px=[20])
    scores = nucleus_scores(field(), red_cell_px=20, color_filter=fitted)
    truth = np.zeros(scores.shape, np.uint8)
    cv2.circle(truth, (90, 80), 12, 1, -1)
    assert (scores[truth > 0] > 0).mean() > 0.98
    assert (scores[:, :60] > 0).mean() < 0.01


def test_a_laboratory_of_other_colors_fits_its_own():
    navy = field((60, 70, 110))
    fitted = fit([navy], [[BOX]], red_cell_px=[20])
    scores = nucleus_scores(navy, red_cell_px=20, color_filter=fitted)
    assert scores[80, 90] > 0 > scores[30, 25]


def test_a_fit_knows_no_chance():
    assert fit([field()], [[BOX]], red_cell_px=[20]) == fit([field()], [[BOX]], red_cell_px=[20])


def test_nothing_to_fit_on_is_refused():
    with pytest.raises(TooFew):
        fit([], [])
    with pytest.raises(TooFew):
        fit([field()], [[]], red_cell_px=[20])
    with pytest.raises(WrongArray):
        fit([field()[:, :, 0]], [[BOX]], red_cell_px=[20])


@pytest.mark.parametrize("prior", [0.0, 1.0, -1.0])
def test_a_prior_is_a_share(prior: float):
    with pytest.raises(InputError):
        ColorFilter(weights=(1.0, 1.0, 1.0), bias=0.0, prior=prior)


def test_a_higher_prior_raises_every_score_alike():
    cautious = ColorFilter(weights=DEFAULT_FILTER.weights, bias=DEFAULT_FILTER.bias, prior=0.1)
    easy, hard = (nucleus_scores(field(), red_cell_px=20, color_filter=f) for f in (DEFAULT_FILTER, cautious))
    np.testing.assert_allclose(easy - hard, np.log(9), atol=1e-3)


def test_colors_of_a_field_are_the_same_under_other_light_and_gamma():
    image = field()
    dim = (255 * (image / 255 * (0.7, 0.9, 0.6)) ** 1.4).round().astype(np.uint8)
    bright, dark = (nucleus_scores(each, red_cell_px=20, color_filter=DEFAULT_FILTER) for each in (image, dim))
    assert bright[80, 90] > 0 < dark[80, 90]
    assert ((bright > 0) == (dark > 0)).mean() > 0.99


@pytest.mark.parametrize(
    ("red_cell", "nucleus"),
    [((235, 110, 160), (50, 55, 110)), ((225, 170, 120), (80, 90, 170)), ((170, 165, 185), (150, 40, 130))],
)
def test_stains_that_nothing_was_fitted_on_are_told_by_the_field_itself(
    red_cell: tuple[int, int, int], nucleus: tuple[int, int, int]
):
    image = field(nucleus, red_cell)
    before = image.copy()
    scores = nucleus_scores(image, red_cell_px=20, color_filter=DEFAULT_FILTER)
    assert (scores[74:87, 84:97] > 0).mean() > 0.95
    assert (scores[:, :60] > 0).mean() < 0.01
    np.testing.assert_array_equal(image, before)


def test_where_nothing_is_nucleus_nothing_scores():
    image = field(RED)
    assert nucleus_scores(image, red_cell_px=20, color_filter=DEFAULT_FILTER).max() < 0


def test_gray_dust_is_no_nucleus():
    image = field()
    cv2.circle(image, (40, 80), 14, (76, 72, 62), -1)
    scores = nucleus_scores(image, red_cell_px=20, color_filter=DEFAULT_FILTER)
    assert (scores[70:90, 30:50] > 0).mean() < 0.05
    assert scores[80, 90] > 0


def test_a_fit_says_what_it_was_fitted_on():
    fitted = fit([field()], [[BOX]], red_cell_px=[20], origin="ward 3", fitted_at="2026-05-01")
    assert (fitted.origin, fitted.fitted_at) == ("ward 3", "2026-05-01")
    assert (fitted.images, fitted.boxes, fitted.sources) == (1, 1, 1)


@pytest.mark.parametrize(
    "asked", [{"red_cell_px": [20, 20]}, {"sources": []}, {"variants": -1}, {"boxes": [[BOX], [BOX]]}]
)
def test_lists_that_do_not_belong_together_are_refused(asked: dict):
    with pytest.raises(InputError):
        fit(**{"images": [field()], "boxes": [[BOX]], "red_cell_px": [20], **asked})


@pytest.mark.parametrize(("red_cell_px", "expected"), [(40, (80, 100, 3)), (20, (160, 200, 3)), (16, (200, 250, 3))])
def test_at_working_scale_a_red_cell_is_20_pixels_wide(red_cell_px: float, expected: tuple[int, int, int]):
    assert at_working_scale(field(), red_cell_px).shape == expected


def test_the_default_filter_knows_the_nuclei_that_experts_drew_on_bccd(data: Path):
    marked, drawn_share, other_share = [], [], []
    for file in sorted((data / "bccd/fields/masks_nucleus_cytoplasm").glob("*.png"))[1::16]:
        name = file.name.replace("Mask_", "").replace(".png", ".jpg")
        with Image.open(data / "bccd/fields/images" / name) as picture:
            small = at_working_scale(np.asarray(picture.convert("RGB")), 91)
        with Image.open(file) as picture:
            drawn = np.asarray(picture.convert("L").resize(small.shape[1::-1], Image.Resampling.BOX))
        marked = nucleus_scores(small, red_cell_px=WORKING_RED_CELL_PX, color_filter=DEFAULT_FILTER) > 0
        drawn_share.append((marked & (drawn > 215)).sum() / max((drawn > 215).sum(), 1))
        other_share.append(marked[drawn < 30].mean())
    assert np.mean(drawn_share) > 0.9
    assert np.mean(other_share) < 0.01
