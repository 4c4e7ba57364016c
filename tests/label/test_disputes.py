"""Which cells are disputed, the rarest classes first, and orders that know of nobody."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buffycoat.domain.taxonomy import FULL, RAABIN
from buffycoat.errors import UnknownTerm
from buffycoat.label.disputes import by_chance, disputed_cells, disputes_at
from buffycoat.label.levels import counted_as

KEYS = [term.key for term in RAABIN.terms if term.parent is not None]
said_by_cell = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=3), st.lists(st.sampled_from(KEYS), max_size=4).map(tuple), max_size=12
)


def test_the_rarest_class_comes_first_and_like_disputes_stand_together():
    said = {f"same{n}": ("monocyte", "monocyte") for n in range(5)}
    said |= {f"often{n}": ("monocyte", "lymphocyte.small") for n in range(3)}
    said |= {"rare": ("basophil", "monocyte"), "rare too": ("monocyte", "basophil")}
    said |= {"unsure": ("not-recognized", "lymphocyte.small")}
    order = disputes_at(said, taxonomy=RAABIN)
    assert set(order[:2]) == {"rare", "rare too"}
    # Once is rarer than twice, but "not recognized" is no class: its lymphocyte counts, which was said four times.
    assert set(order[2:]) == {"unsure", "often0", "often1", "often2"}
    assert order.index("unsure") in {2, 5}


def test_two_terms_of_one_class_are_no_dispute_at_its_level():
    said = {"a": ("lymphocyte.small", "lymphocyte.large"), "b": ("neutrophil.segmented", "eosinophil")}
    assert disputed_cells(said) == ("a", "b")
    assert disputes_at(said, taxonomy=RAABIN, level="five-class") == ("b",)
    assert disputes_at(said, taxonomy=RAABIN, level="five-class", among=["eosinophil", "neutrophil"]) == ("b",)
    assert disputes_at(said, taxonomy=RAABIN, level="five-class", among=["basophil"]) == ()
    with pytest.raises(UnknownTerm):
        disputes_at(said, taxonomy=RAABIN, level="nine-class")


@given(said_by_cell, st.randoms(use_true_random=False), st.sampled_from(sorted(RAABIN.levels)))
def test_no_order_hangs_on_who_said_what(said, chance, level):
    shuffled = {cell: tuple(chance.sample(terms, len(terms))) for cell, terms in said.items()}
    cells = disputes_at(said, taxonomy=RAABIN, level=level, salt="s")
    assert cells == disputes_at(shuffled, taxonomy=RAABIN, level=level, salt="s")
    counted = counted_as(RAABIN, level)
    assert set(cells) == {cell for cell, terms in said.items() if len({counted[term] for term in terms}) > 1}
    if level == FULL:
        assert set(cells) == set(disputed_cells(said))
    for cell, terms in said.items():
        assert by_chance(terms, salt=cell) == by_chance(shuffled[cell], salt=cell)
        assert sorted(by_chance(terms, salt=cell)) == sorted(set(terms))


def test_left_and_right_are_even():
    left = Counter(by_chance(["monocyte", "basophil"], salt=f"round person c{n}")[0] for n in range(2000))
    assert 900 < left["monocyte"] < 1100
