from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from buffycoat.errors import NothingFound, WrongArray
from buffycoat.imaging import machine_code
from buffycoat.imaging.sharpness import sharpness


def by_both_ways(crop: np.ndarray, inside: np.ndarray | None = None) -> list[float]:
    """Return the sharpness by OpenCV and by the compiled loop."""
    found = []
    with pytest.MonkeyPatch.context() as patch:
        for pixels in (-(10**15), machine_code._ENOUGH):
            patch.setattr(machine_code._Work, "pixels", pixels)
            found.append(sharpness(crop, inside=inside))
    return found


def in_64_bits(crop: np.ndarray) -> np.ndarray:
    gray = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)
    return np.hypot(cv2.Sobel(gray, cv2.CV_64F, 1, 0), cv2.Sobel(gray, cv2.CV_64F, 0, 1))


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


def test_both_ways_give_the_same_number_within_a_ten_millionth_of_the_formula(data: Path):
    for file in sorted((data / "raabin_crops/crops").glob("*/*.jpg"))[::25]:
        with Image.open(file) as picture:
            crop = np.asarray(picture)
        one, other = by_both_ways(crop)
        assert one == other == pytest.approx(in_64_bits(crop).mean(), rel=1e-7, abs=0)


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (2, 2), (7, 15), (8, 8), (33, 17), (200, 301)])
def test_both_ways_give_the_same_number_at_every_size(shape: tuple[int, int]):
    crop = np.random.default_rng(shape[1]).choice(np.array([0, 3, 255], np.uint8), (*shape, 3))
    one, other = by_both_ways(crop)
    assert one == other == pytest.approx(in_64_bits(crop).mean(), rel=1e-7, abs=0)


def test_both_ways_leave_the_same_padding_out():
    crop = np.random.default_rng(2).integers(0, 256, (40, 50, 3), np.uint8)
    inside = np.zeros((40, 50), np.bool_)
    inside[5:33, 10:] = True
    expected = in_64_bits(crop)[6:32, 11:].mean()
    one, other = by_both_ways(crop, inside)
    assert one == other == pytest.approx(expected, rel=1e-7, abs=0)
    assert expected != pytest.approx(in_64_bits(crop).mean(), rel=1e-3)
