"""The figures of two hands: failures are worth nothing, and intervals draw whole smears."""

from __future__ import annotations

import numpy as np
import pytest

from buffycoat.errors import TooFew
from buffycoat.metrics.intervals import bootstrap_by_group
from buffycoat.metrics.mask_pairs import pair_figures, score_pair


def half(width: int) -> np.ndarray:
    mask = np.zeros((4, 10), bool)
    mask[:, :width] = True
    return mask


def test_what_one_hand_did_not_find_is_worth_nothing_and_has_no_distance():
    for pair in ((half(3), None), (None, half(3)), (half(3), half(0))):
        score = score_pair(*pair, group="s", scale=0.1)
        assert (score.dice, score.iou, score.failed, score.pixels, score.micrometers) == (0, 0, True, None, None)
    with pytest.raises(TooFew):
        score_pair(None, None, group="s")


def test_figures_are_those_of_the_pairs():
    scores = [
        score_pair(half(5), half(5), group="a", scale=0.5),
        score_pair(half(5), half(3), group="a"),
        score_pair(half(4), None, group="b", scale=0.5),
    ]
    figures = pair_figures(scores, seed=2)
    dices = [1.0, 24 / 32, 0.0]
    assert (figures.n, figures.failed) == (3, 1)
    assert figures.dice.mean == pytest.approx(np.mean(dices))
    assert figures.dice.median == 0.75
    assert figures.dice.tail == pytest.approx(np.percentile(dices, 5))
    expected = bootstrap_by_group(lambda drawn: float(np.array(dices)[drawn].mean()), ["a", "a", "b"], seed=2)
    assert figures.dice.interval == expected
    assert figures.hausdorff_px is not None
    assert figures.mean_um is not None
    assert (figures.hausdorff_px.n, figures.hausdorff_px.mean, figures.hausdorff_px.interval) == (2, 1.0, None)
    assert (figures.mean_um.n, figures.mean_um.mean) == (1, 0.0)


def test_without_distances_there_are_none():
    figures = pair_figures([score_pair(half(2), None, group="a")], seed=0)
    assert (figures.mean_px, figures.hausdorff_95_um, figures.dice.interval) == (None, None, None)
    with pytest.raises(TooFew):
        pair_figures([], seed=0)
