from __future__ import annotations

import cv2
import numpy as np

from buffycoat.detect.light import even_light, lit_area

RED_CELL = 20.0


def through_an_ocular() -> np.ndarray:
    field = np.zeros((300, 400, 3), np.uint8)
    cv2.circle(field, (200, 150), 140, (230, 210, 200), -1)
    return field


def test_the_surround_of_an_ocular_and_its_rim_are_dark():
    lit = lit_area(through_an_ocular(), red_cell_px=RED_CELL)
    y, x = np.mgrid[:300, :400]
    radius = np.hypot(x - 200, y - 150)
    assert lit[radius < 120].all()
    assert not lit[radius > 141].any()
    assert not lit[(radius > 132) & (radius < 138)].any()


def test_a_dark_nucleus_at_the_border_is_no_surround():
    field = np.full((300, 400, 3), 220, np.uint8)
    cv2.circle(field, (0, 150), 20, (20, 10, 30), -1)
    assert lit_area(field, red_cell_px=RED_CELL).all()


def test_shading_is_taken_out_and_the_surround_becomes_empty_background():
    shading = np.linspace(0.6, 1, 400)[None, :, None]
    field = (np.full((300, 400, 3), (240, 220, 200)) * shading).astype(np.uint8)
    cv2.circle(field, (50, 50), 10, (90, 40, 90), -1)
    even, lit = even_light(field, red_cell_px=RED_CELL)
    assert lit.all()
    empty = np.ones((300, 400), np.bool_)
    empty[30:70, 30:70] = False
    assert np.ptp(even[empty].astype(int), axis=0).max() <= 8
    assert even[50, 50, 1] < 80

    surrounded, lit = even_light(through_an_ocular(), red_cell_px=RED_CELL)
    assert np.ptp(surrounded[~lit]) == 0
    assert abs(int(surrounded[0, 0, 1]) - int(surrounded[150, 200, 1])) <= 5
