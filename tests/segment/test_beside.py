from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from buffycoat.errors import InvalidMask
from buffycoat.segment.beside import cells_beside

GLASS, RED_CELL, CYTOPLASM, STAIN = (235, 228, 220), (200, 150, 145), (200, 170, 205), (110, 45, 150)


def disc(x: float, y: float, radius: float, side: int = 200) -> np.ndarray:
    ys, xs = np.mgrid[:side, :side]
    return (xs - x) ** 2 + (ys - y) ** 2 <= radius**2


def scene(*others: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    """A white cell in the middle, and red cells of radius 24."""
    image = np.full((200, 200, 3), GLASS, np.uint8)
    for x, y in others:
        image[disc(x, y, 24)] = RED_CELL
    cell = disc(100, 100, 40)
    image[cell] = CYTOPLASM
    image[disc(100, 100, 22)] = STAIN
    return image, cell


def test_a_red_cell_that_touches_is_another_one_and_glass_is_none():
    image, cell = scene((164, 100), (30, 40))
    found = cells_beside(image, cell)
    assert np.array_equal(found, (disc(164, 100, 24) | disc(30, 40, 24)) & ~cell)


def test_a_drawn_cell_that_is_a_little_too_small_leaves_its_own_rim_free():
    image, cell = scene((164, 100))
    found = cells_beside(image, disc(100, 100, 35))
    assert np.count_nonzero(found & cell) < 0.02 * np.count_nonzero(cell)
    assert np.count_nonzero(found & disc(164, 100, 24)) > 0.9 * np.count_nonzero(disc(164, 100, 24) & ~cell)


def test_a_ring_with_a_pale_middle_is_a_whole_cell():
    image, cell = scene((40, 160))
    image[disc(40, 160, 10)] = GLASS
    assert cells_beside(image, cell)[disc(40, 160, 24)].all()


def test_padding_is_no_cell_and_one_color_has_none():
    image, cell = scene((164, 100))
    wider, more = np.full((200, 260, 3), 255, np.uint8), np.zeros((200, 260), bool)
    wider[:, :200], more[:, :200] = image, cell
    found = cells_beside(wider, more)
    assert not found[:, 200:].any()
    assert np.array_equal(found[:, :200], cells_beside(image, cell))
    assert not cells_beside(np.full((50, 50, 3), 90, np.uint8), disc(25, 25, 10, 50)).any()


@given(st.integers(0, 2**32 - 1))
def test_it_is_never_inside_the_cell(seed):
    chance = np.random.default_rng(seed)
    image = cv2.resize(chance.integers(0, 256, (6, 6, 3), np.uint8), (48, 48))
    cell = disc(*chance.uniform(0, 48, 2), chance.uniform(3, 20), 48)
    assert not (cells_beside(image, cell) & cell).any()


@pytest.mark.parametrize("cell", [np.zeros((200, 200), bool), np.ones((9, 9), bool)])
def test_a_mask_that_is_none_of_the_crop_is_refused(cell):
    with pytest.raises(InvalidMask):
        cells_beside(scene()[0], cell)
