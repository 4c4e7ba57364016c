from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from buffycoat.errors import NothingFound, WrongArray
from buffycoat.imaging.sharpness import sharpness


def test_a_slope_has_the_gradient_of_the_sobel_kernel():
    slope = np.repeat(np.arange(0, 40, 2, dtype=np.uint8)[None, :, None], 20, axis=0).repeat(3, axis=2)
    inside = np.zeros((20, 20), np.bool_)
    inside[4:16, 4:16] = True
    # Two levels a pixel, over two pixels, by the kernel's weights 1 + 2 + 1.
    assert sharpness(slope, inside=inside) == pytest.approx(16)


def test_a_flat_crop_has_none():
    assert sharpness(np.full((9, 9, 3), 130, np.uint8)) == 0


def test_it_is_the_formula_by_hand():
    crop = np.random.default_rng(1).integers(0, 256, (12, 10, 3), np.uint8)
    grey = np.pad(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY).astype(float), 1, mode="reflect")
    across = (
        (grey[:, 2:] - grey[:, :-2])[:-2] + 2 * (grey[:, 2:] - grey[:, :-2])[1:-1] + (grey[:, 2:] - grey[:, :-2])[2:]
    )
    down = grey[2:] - grey[:-2]
    down = down[:, :-2] + 2 * down[:, 1:-1] + down[:, 2:]
    assert sharpness(crop) == pytest.approx(np.sqrt(across**2 + down**2).mean(), rel=1e-5)


def test_padding_does_not_count():
    crop = np.full((20, 20, 3), 100, np.uint8)
    crop[:, :6] = 255
    inside = np.ones((20, 20), np.bool_)
    inside[:, :6] = False
    assert sharpness(crop) > 0
    assert sharpness(crop, inside=inside) == 0


@pytest.mark.parametrize("mask", [np.ones((4, 4), np.bool_), np.ones((9, 9), np.uint8)])
def test_a_mask_that_does_not_fit_is_refused(mask: np.ndarray):
    with pytest.raises(WrongArray):
        sharpness(np.zeros((9, 9, 3), np.uint8), inside=mask)


def test_a_mask_without_inner_pixels_is_refused():
    mask = np.zeros((9, 9), np.bool_)
    mask[4, 4] = True
    with pytest.raises(NothingFound):
        sharpness(np.zeros((9, 9, 3), np.uint8), inside=mask)


def test_blur_makes_every_real_crop_less_sharp(data: Path):
    for file in sorted((data / "raabin_crops/crops").glob("*/*.jpg"))[::35]:
        with Image.open(file) as picture:
            crop = np.asarray(picture)
        levels = [sharpness(cv2.GaussianBlur(crop, (0, 0), sigma)) for sigma in (1, 2, 4)]
        assert sharpness(crop) > levels[0] > levels[1] > levels[2]
