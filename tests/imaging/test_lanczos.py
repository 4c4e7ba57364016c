from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from buffycoat.imaging import machine_code
from buffycoat.imaging.lanczos import gray, shrunk


@pytest.fixture(autouse=True, params=["loops", "pillow"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch):
    """Both ways to the same pixels."""
    monkeypatch.setattr(machine_code._Work, "pixels", machine_code._ENOUGH if request.param == "loops" else -(10**15))


def by_pillow(image: np.ndarray, side: int) -> np.ndarray:
    return np.asarray(Image.fromarray(image).resize((side, side), Image.Resampling.LANCZOS))


@pytest.mark.parametrize("blue_first", [False, True])
def test_every_color_has_the_gray_level_of_pillow(blue_first: bool):
    # All levels of each channel with 33 of the others, 280,000 colors; some sums lie on the edge between two levels.
    levels, some = np.arange(256), np.append(np.arange(0, 256, 8), 255)
    a, b, c = (each.ravel() for each in np.meshgrid(levels, some, some, indexing="ij"))
    colors = np.concatenate([np.stack(three, axis=1) for three in ((a, b, c), (b, a, c), (b, c, a))])
    image = colors.astype(np.uint8).reshape(-1, 33, 3)
    shown = np.ascontiguousarray(image[:, :, ::-1]) if blue_first else image
    np.testing.assert_array_equal(gray(shown, blue_first=blue_first), np.asarray(Image.fromarray(image).convert("L")))


def test_an_image_of_many_strips_is_gray_in_each():
    image = np.random.default_rng(3).integers(0, 256, (700, 900, 3), np.uint8)
    np.testing.assert_array_equal(gray(image[10:, ::-1]), np.asarray(Image.fromarray(image[10:, ::-1]).convert("L")))


@pytest.mark.parametrize("side", [8, 32])
@pytest.mark.parametrize("step", [1, 7, 61])
def test_every_shape_is_shrunk_as_pillow_does(side: int, step: int):
    rng = np.random.default_rng(step)
    sizes = range(1, 9 * step, step)
    for height in sizes:
        for width in sizes:
            image = rng.integers(0, 256, (height, width), np.uint8)
            np.testing.assert_array_equal(shrunk(image, side), by_pillow(image, side), str(image.shape))


@pytest.mark.parametrize("side", [8, 32])
@pytest.mark.parametrize("shape", [(575, 575), (512, 511), (300, 1200), (1200, 300), (271, 512), (2000, 64)])
def test_black_and_white_noise_shows_the_overshoot_of_the_filter(side: int, shape: tuple[int, int]):
    image = np.random.default_rng(0).choice(np.array([0, 255], np.uint8), shape)
    image[: shape[0] // 2] = 255
    np.testing.assert_array_equal(shrunk(image, side), by_pillow(image, side))


@settings(deadline=None)  # the compiled loops may be loaded in the middle
@given(arrays(np.uint8, st.tuples(st.integers(1, 90), st.integers(1, 90))), st.sampled_from([8, 32]))
def test_any_image_too(image: np.ndarray, side: int):
    np.testing.assert_array_equal(shrunk(image, side), by_pillow(image, side))


@pytest.mark.parametrize("side", [8, 32])
def test_a_part_is_shrunk_as_pillow_shrinks_a_box(side: int):
    image = np.random.default_rng(1).integers(0, 256, (72, 90), np.uint8)
    box = (0, 0, 89.25, 71.875)
    expected = Image.fromarray(image).resize((side, side), Image.Resampling.LANCZOS, box=box)
    np.testing.assert_array_equal(shrunk(image, side, seen=(71.875, 89.25)), np.asarray(expected))
    assert not np.array_equal(np.asarray(expected), by_pillow(image, side))
