"""Places keep their promises for any seed."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from buffycoat.domain.geometry import Box
from buffycoat.errors import TooFew
from buffycoat.samples.cast import CAST, reach_of
from buffycoat.samples.layout import lay_out, overlapping_site, single_site

TERMS = ["monocyte", "basophil", "neutrophil.segmented", "lymphocyte.small", "eosinophil", "lymphocyte.large"]


def _whole(place, window: Box) -> bool:
    return (
        min(place.x - window.left, window.right - place.x, place.y - window.top, window.bottom - place.y) > place.reach
    )


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 2**32 - 1), covered=st.booleans())
def test_overlapping_photographs_share_cells(seed, covered):
    rng = np.random.default_rng(seed)
    site = overlapping_site(rng, 1024, 768, shared=0.62 if covered else 0.45, covered=covered)
    assert all(window.inside(site.width, site.height) for window in site.windows)
    places = lay_out(rng, site, TERMS, [], 8.0)
    assert [place.term for place in places] == TERMS
    assert all(_whole(place, window) for place in places[: site.repeats] for window in site.windows)
    assert all(any(_whole(place, window) for window in site.windows) for place in places)
    if covered:
        assert all(_whole(place, site.windows[0]) for place in places)


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 2**32 - 1))
def test_cells_keep_apart_and_the_edge_cuts_what_it_should(seed):
    rng = np.random.default_rng(seed)
    site = single_site(1024, 768)
    places = lay_out(rng, site, TERMS, ["monocyte"], 8.0)
    assert not _whole(places[-1], site.windows[0])
    for i, a in enumerate(places):
        for b in places[i + 1 :]:
            assert math.hypot(a.x - b.x, a.y - b.y) >= 0.5 * max(160, a.reach + b.reach)


def test_no_room_is_said():
    with pytest.raises(TooFew, match="0 cells placed"):
        lay_out(np.random.default_rng(0), single_site(120, 120), ["megakaryocyte"], [], 8.0)


@pytest.mark.parametrize("term", sorted(CAST))
@settings(deadline=None, max_examples=12)
@given(seed=st.integers(0, 2**32 - 1), scale=st.sampled_from([6.9, 8.0]))
def test_a_drawn_element_is_whole_on_its_sprite(term, seed, scale):
    sprite = CAST[term](np.random.default_rng(seed), scale)
    edge = np.concatenate([sprite.cell[0], sprite.cell[-1], sprite.cell[:, 0], sprite.cell[:, -1]])
    assert edge.max() < 0.1
    rows, columns = np.nonzero(sprite.cell >= 0.5)
    middle = (sprite.side - 1) / 2
    assert max(abs(rows - middle).max(), abs(columns - middle).max()) <= 1.1 * reach_of(term) * scale
    assert (sprite.nucleus is None) == (term == "artifact")
    if sprite.nucleus is not None:
        assert ((sprite.nucleus >= 0.5) & (sprite.cell < 0.4)).sum() == 0
    for amount in sprite.inks.values():
        assert (amount.dtype, amount.shape) == (np.float32, sprite.cell.shape)
        assert amount.min() >= 0
        assert np.isfinite(amount).all()
