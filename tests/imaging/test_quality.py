from __future__ import annotations

import dataclasses
from pathlib import Path

import cv2
import numpy as np
import pytest

from buffycoat.errors import WrongArray
from buffycoat.imaging.codecs import read_rgb
from buffycoat.imaging.quality import measure_quality

BACKGROUND = (204, 180, 90)


def field_of_discs() -> np.ndarray:
    """A field of 600 by 800 with dark discs on a yellow background."""
    image = np.full((600, 800, 3), BACKGROUND, np.uint8)
    for x in range(50, 800, 100):
        for y in range(50, 600, 100):
            cv2.circle(image, (x, y), 30, (120, 60, 80), -1, cv2.LINE_AA)
    return image


def test_known_values() -> None:
    image = field_of_discs()
    quality = measure_quality(image)
    gray = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    assert quality.brightness == pytest.approx(gray.mean() / 255, abs=1e-4)
    assert quality.focus == pytest.approx(cv2.Laplacian(gray, cv2.CV_64F).var() / gray.var(), rel=1e-4)
    assert quality.cast_red == pytest.approx(204 / 180, abs=1e-4)
    assert quality.cast_blue == pytest.approx(90 / 180, abs=1e-4)
    assert (quality.clipped_dark, quality.clipped_bright) == (0, 0)


def test_clipped_pixels_are_counted_once() -> None:
    image = field_of_discs()
    image[:60, :, 0] = 255
    image[:60, :40, 1] = 255
    image[-30:, :, 2] = 0
    quality = measure_quality(image)
    assert quality.clipped_bright == pytest.approx(0.1, abs=1e-6)
    assert quality.clipped_dark == pytest.approx(0.05, abs=1e-6)


def test_clipping_of_single_pixels_is_seen_in_large_photographs() -> None:
    image = np.full((1500, 3000, 3), 128, np.uint8)
    image[np.random.default_rng(0).random((1500, 3000)) < 0.25] = 255
    assert measure_quality(image).clipped_bright == pytest.approx(0.25, abs=0.01)


def test_focus_falls_with_blur_and_not_with_light() -> None:
    image = field_of_discs()
    sharp = measure_quality(image).focus
    blurred = [measure_quality(cv2.GaussianBlur(image, (0, 0), sigma)).focus for sigma in (1, 2, 4)]
    assert sharp > blurred[0] > blurred[1] > blurred[2]
    assert measure_quality(image // 2).focus == pytest.approx(sharp, rel=0.05)


def test_a_black_surround_changes_little() -> None:
    image = field_of_discs()
    framed = cv2.copyMakeBorder(image, 100, 100, 100, 100, cv2.BORDER_CONSTANT)
    plain, surrounded = measure_quality(image), measure_quality(framed)
    assert surrounded.brightness == pytest.approx(plain.brightness, abs=0.02)
    assert surrounded.focus == pytest.approx(plain.focus, rel=0.1)
    assert surrounded.clipped_dark < 0.01
    assert surrounded.cast_red == plain.cast_red


@pytest.mark.parametrize("level", [0, 1, 255])
def test_empty_pictures_give_numbers(level: int) -> None:
    for shape in ((1, 1, 3), (2, 700, 3), (50, 40, 3)):
        quality = measure_quality(np.full(shape, level, np.uint8))
        assert quality.focus == 0
        assert all(np.isfinite(number) for number in dataclasses.astuple(quality))


def test_bccd_against_itself_blurred(data: Path) -> None:
    for path in sorted((data / "bccd" / "fields" / "images").iterdir())[::32]:
        image = read_rgb(path)
        before = image.copy()
        quality = measure_quality(image)
        assert np.array_equal(image, before)
        blurred = measure_quality(cv2.GaussianBlur(image, (0, 0), 2))
        assert quality.focus > 1.5 * blurred.focus
        assert quality.brightness == pytest.approx(blurred.brightness, abs=0.002)
        # The background of these fields is gray.
        assert quality.cast_red == pytest.approx(1, abs=0.1)


def test_what_is_no_image_is_refused() -> None:
    with pytest.raises(WrongArray):
        measure_quality(np.zeros((5, 5), np.uint8))
