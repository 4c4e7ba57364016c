"""Which cells are chosen for masks: as many of each class as asked, no cell twice, no smear more than it must."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from buffycoat.errors import Conflict, InputError, TooFew
from buffycoat.segment.selection import PRESETS, Candidate, choose_cells


def cells(term: str, smears: dict[str, int]) -> list[Candidate]:
    return [
        Candidate(cell_id=f"{term}-{smear}-{n}", term=term, smear_id=smear, group=f"{term}-{smear}-{n}")
        for smear, count in smears.items()
        for n in range(count)
    ]


def test_the_papers_quotas_are_those_of_its_own_sentence():
    paper = PRESETS["paper"]
    assert paper.counts == {
        "lymphocyte": 242,
        "monocyte": 242,
        "neutrophil": 242,
        "eosinophil": 201,
        "basophil": 218,
    }
    assert sum(paper.counts.values()) == 1145
    assert paper.whole_only == ("basophil",)


def test_every_class_has_what_was_asked_and_nothing_else_is_chosen():
    there = cells("monocyte", {"a": 9, "b": 9}) + cells("basophil", {"a": 5}) + cells("smudge", {"a": 3})
    chosen = choose_cells(there, {"basophil": 2, "monocyte": 7}, seed=3)
    assert [cell.term for cell in chosen] == ["basophil"] * 2 + ["monocyte"] * 7
    assert len({cell.cell_id for cell in chosen}) == 9


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 12), min_size=1), st.data())
def test_smears_share_as_evenly_as_they_can_and_the_order_of_input_is_nothing(smears, data):
    there = cells("monocyte", smears)
    wanted = data.draw(st.integers(0, len(there)))
    chosen = choose_cells(there, {"monocyte": wanted}, seed=5)
    shuffled = there[:]
    random.Random(wanted).shuffle(shuffled)
    assert choose_cells(shuffled, {"monocyte": wanted}, seed=5) == chosen
    given_by = Counter(cell.smear_id for cell in chosen)
    assert given_by.total() == wanted
    most = max(given_by.values(), default=0)
    # Nobody who has more to give is two behind the one who gave most.
    assert [smear for smear, has in smears.items() if given_by[smear] < min(has, most - 1)] == []
    fewest = next(k for k in range(max(smears.values()) + 1) if sum(min(k, has) for has in smears.values()) >= wanted)
    assert most == fewest


def test_a_smear_dominates_only_where_it_must():
    there = cells("eosinophil", {"large": 500, "small": 3, "one": 1})
    chosen = Counter(cell.smear_id for cell in choose_cells(there, {"eosinophil": 10}, seed=0))
    assert chosen == {"large": 6, "small": 3, "one": 1}


def test_another_seed_draws_other_cells_and_each_is_drawn_alike():
    there = cells("monocyte", {"a": 10, "b": 10})
    counted = Counter(cell.cell_id for seed in range(400) for cell in choose_cells(there, {"monocyte": 4}, seed=seed))
    assert len(counted) == 20
    assert min(counted.values()) > 50  # 80 each to expect, with a spread of 8
    assert max(counted.values()) < 110


def test_of_pictures_of_one_cell_one_is_chosen_also_across_smears():
    there = [
        Candidate(cell_id="c1", term="monocyte", smear_id="a", group="g"),
        Candidate(cell_id="c2", term="monocyte", smear_id="b", group="g"),
        Candidate(cell_id="c3", term="monocyte", smear_id="b", group="c3"),
    ]
    chosen = {cell.cell_id for cell in choose_cells(there, {"monocyte": 2}, seed=1)}
    assert len(chosen & {"c1", "c2"}) == 1
    assert "c3" in chosen
    with pytest.raises(TooFew, match="monocyte 2"):
        choose_cells(there, {"monocyte": 3}, seed=1)


def test_a_repeat_is_never_chosen_and_a_cell_of_two_classes_is_not_sure():
    there = [
        Candidate(cell_id="c1", term="monocyte", smear_id="a", group="g"),
        Candidate(cell_id="c2", term="monocyte", smear_id="a", group="g", kept=False),
        Candidate(cell_id="c3", term="monocyte", smear_id="a", group="h"),
        Candidate(cell_id="c4", term="lymphocyte", smear_id="a", group="h", kept=False),
    ]
    assert [cell.cell_id for cell in choose_cells(there, {"monocyte": 1}, seed=1)] == ["c1"]
    with pytest.raises(TooFew):
        choose_cells(there, {"monocyte": 2}, seed=1)


def test_too_few_names_every_class_that_is_short_with_asked_and_there():
    there = cells("monocyte", {"a": 5}) + cells("basophil", {"a": 1}) + cells("eosinophil", {"a": 2})
    asked = {"monocyte": 5, "basophil": 218, "eosinophil": 201, "neutrophil": 242}
    with pytest.raises(TooFew) as refused:
        choose_cells(there, asked, seed=0)
    assert refused.value.expected == "basophil 218, eosinophil 201, neutrophil 242"
    assert refused.value.found == "basophil 1, eosinophil 2, neutrophil 0"
    taken = choose_cells(there, asked, seed=0, fewer=True)
    assert Counter(cell.term for cell in taken) == {"monocyte": 5, "basophil": 1, "eosinophil": 2}


def test_quotas_that_are_none_are_refused():
    with pytest.raises(InputError):
        choose_cells([], {}, seed=0)
    with pytest.raises(InputError, match="-1"):
        choose_cells([], {"monocyte": -1}, seed=0)
    one = cells("monocyte", {"a": 1})
    with pytest.raises(Conflict):
        choose_cells(one + one, {"monocyte": 1}, seed=0)
