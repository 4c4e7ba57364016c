"""What a window shows, and how light passes: tiny cases with known answers."""

from __future__ import annotations

import dataclasses

import numpy as np

from buffycoat.domain.geometry import Box
from buffycoat.samples.camera import Shot, photograph
from buffycoat.samples.film import Drawn, Place, View, _lay, look_at
from buffycoat.samples.patch import new_patch, tube
from buffycoat.samples.setups import SETUP_A
from buffycoat.samples.sprite import Sprite

PLAIN = dataclasses.replace(
    SETUP_A, width=64, height=48, white=(200, 180, 160), vignette=0, cast=(0, 0, 0), noise=0, sharpening=0
)
STILL = Shot(exposure=1, warmth=0, blur=0.5, shift=(0, 0))


def _square():
    """A cell of 8 by 8 pixels with a nucleus of 4 by 4, on a sprite of 10, its top left at (15, 25)."""
    cell, nucleus = np.zeros((10, 10), dtype=np.float32), np.zeros((10, 10), dtype=np.float32)
    cell[1:9, 1:9], nucleus[3:7, 3:7] = 1, 1
    place = Place(term="monocyte", x=20, y=30, reach=5)
    return Drawn(place=place, sprite=Sprite(inks={}, cell=cell, nucleus=nucleus))


def test_a_window_that_shows_it_all():
    view = look_at(_square(), Box(left=10, top=10, right=50, bottom=50))
    assert view == View(
        extent=Box(left=6, top=16, right=14, bottom=24), nucleus=Box(left=8, top=18, right=12, bottom=22), cut=False
    )


def test_an_edge_through_the_cytoplasm_does_not_cut():
    view = look_at(_square(), Box(left=17, top=0, right=57, bottom=60))
    assert view == View(
        extent=Box(left=0, top=26, right=7, bottom=34), nucleus=Box(left=1, top=28, right=5, bottom=32), cut=False
    )


def test_an_edge_through_the_nucleus_cuts():
    view = look_at(_square(), Box(left=20, top=0, right=60, bottom=60))
    assert view is not None
    assert (view.cut, view.nucleus) == (True, Box(left=0, top=28, right=2, bottom=32))


def test_a_sliver_is_not_seen_and_what_is_elsewhere_neither():
    assert look_at(_square(), Box(left=22, top=32, right=60, bottom=60)) is None
    assert look_at(_square(), Box(left=100, top=100, right=160, bottom=160)) is None


def test_absorbances_are_those_of_beer_and_lambert():
    absorbance = np.zeros((48, 64, 3), dtype=np.float32)
    absorbance[:, 32:] = np.log(2)
    image = photograph(absorbance, PLAIN, STILL, np.random.default_rng(0))
    assert image[10, 10].tolist() == [200, 180, 160]
    assert image[10, 50].tolist() == [100, 90, 80]


def test_photographing_leaves_the_smear_as_it_is():
    absorbance = np.full((48, 64, 3), 0.3, dtype=np.float32)
    before = absorbance.copy()
    photograph(absorbance, PLAIN, STILL, np.random.default_rng(0))
    np.testing.assert_array_equal(absorbance, before)


def test_red_cells_on_each_other_are_darker_than_one_and_paler_than_two():
    film = np.zeros((20, 20), dtype=np.float32)
    disc = np.ones((10, 10), dtype=np.float32)
    _lay(film, disc, 8, 10)
    _lay(film, disc, 12, 10)
    assert film[10, 4] == film[10, 15] == 1
    assert 1 < film[10, 10] < 2


def test_a_string_of_one_disc_is_a_disc():
    patch = new_patch(4, 8)
    distance = tube(patch, np.array([[1.0, 0.0]]), np.array([2.0]))
    np.testing.assert_allclose(distance, np.hypot(patch.x - 1, patch.y) - 2, atol=0.1)
