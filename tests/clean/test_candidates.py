from __future__ import annotations

import cv2
import numpy as np

from buffycoat.clean import candidates
from buffycoat.clean.candidates import pairs_by_sight, sighted
from buffycoat.imaging.descriptors import look_at

WHOLE = cv2.GaussianBlur(np.random.default_rng(3).integers(0, 256, (400, 400), np.uint8), (0, 0), 4)


def turned(degrees: float, dx: float, dy: float) -> np.ndarray:
    warp = cv2.getRotationMatrix2D((200, 200), degrees, 1)
    warp[:, 2] += (dx, dy)
    return cv2.warpAffine(WHOLE, warp, (400, 400))[168:232, 168:232].copy()


def test_blocks_of_rows_change_nothing(monkeypatch):
    pictures = [WHOLE[y : y + 64, x : x + 64] for y, x in np.random.default_rng(4).integers(0, 40, (50, 2))]
    pictures = [picture.copy() for picture in pictures]
    for picture in pictures[::7]:
        picture[:, :12] = 255
    pairs = pairs_by_sight(pictures)
    assert 0 < len(pairs) < 50 * 49 // 2
    for name in ("_ROWS", "_COLUMNS", "_HITS"):
        monkeypatch.setattr(candidates, name, 7)
    np.testing.assert_array_equal(pairs_by_sight(pictures), pairs)


def test_a_shifted_and_turned_picture_is_seen_where_it_lies_and_another_is_not():
    other, flat = WHOLE[20:84, 300:364], np.full((64, 64), 200, np.uint8)
    found = sighted(look_at([turned(0, 0, 0), other, turned(9, 2, -3), flat, turned(0, -6, 6), flat]))
    assert [0, 2] in found.pairs.tolist()
    assert [0, 4] in found.pairs.tolist()
    assert not {1, 3, 5}.intersection(found.pairs.ravel().tolist())
    # The content at the middle of the first lies two to the right and three higher in the third.
    (warp,) = (warp for pair, warp in zip(found.pairs.tolist(), found.warps, strict=True) if pair == [0, 2])
    np.testing.assert_allclose(warp @ (31.5 + 2, 31.5 - 3, 1), (31.5, 31.5), atol=2)
    assert abs(abs(np.degrees(np.arctan2(warp[1, 0], warp[0, 0]))) - 9) < 3


def test_only_pairs_with_a_new_picture_are_searched():
    pictures = [turned(0, 0, 0), turned(0, 2, 1), turned(4, 0, 0), turned(0, 1, 3)]
    assert pairs_by_sight(pictures).tolist() == [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]]
    new = sighted(look_at(pictures), compared=[0, 2, 3]).pairs
    assert new.tolist() == [[0, 1], [1, 2], [1, 3]]
    assert len(sighted(look_at(pictures), compared=range(4)).pairs) == 0


def test_a_cell_that_the_edge_of_its_photograph_cuts_is_seen():
    whole = np.full((200, 200), 220, np.uint8)
    cv2.circle(whole, (100, 100), 16, 90, -1)
    cell = cv2.GaussianBlur(whole, (0, 0), 1.5).astype(int) + WHOLE[:200, :200] // 4 - 32
    cell = np.clip(cell, 0, 254).astype(np.uint8)
    # The photograph ends two pixels right of the middle of the cell, so its box lies seven to the left.
    cut = cell[68:132, 61:125].copy()
    cut[:, 102 - 61 :] = 255
    assert pairs_by_sight([cell[68:132, 68:132].copy(), cut]).tolist() == [[0, 1]]


def test_no_pictures_make_no_pairs():
    assert pairs_by_sight([]).shape == (0, 2)
    assert pairs_by_sight([WHOLE[:64, :64]]).shape == (0, 2)
