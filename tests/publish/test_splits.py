from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buffycoat.errors import InputError
from buffycoat.publish.splits import (
    RULES,
    SPLITS,
    SplitCell,
    film_split,
    left_out,
    random_split,
    released_split,
    split_named,
    split_of,
    splits_of,
    strict_film_split,
)


def cell(number, smear, *, subject=None, setup="A", label="monocyte", released=None):
    return SplitCell(cell_id=f"c{number}", smear_id=smear, subject=subject, setup=setup, label=label, released=released)


def films(counts, **facts):
    """Cells of films, from ``{film: {class: number}}``."""
    rows = [(film, label) for film, classes in counts.items() for label, n in classes.items() for _ in range(n)]
    return [cell(f"{number:04}", film, label=label, **facts) for number, (film, label) in enumerate(rows)]


CELLS = st.lists(
    st.builds(
        SplitCell,
        cell_id=st.uuids().map(str),
        smear_id=st.sampled_from([f"s{n}" for n in range(6)]),
        subject=st.none() | st.sampled_from(["p1", "p2", "s1", ""]),
        setup=st.sampled_from(["A", "A", "A", "B", "C"]),
        label=st.none() | st.sampled_from(["monocyte", "basophil"]),
        released=st.none() | st.sampled_from(["Train", "TestA", "test-B"]),
    ),
    min_size=1,
    max_size=25,
    unique_by=lambda each: each.cell_id,
)
GROUPS = st.lists(st.lists(st.integers(0, 24), min_size=1, max_size=4), max_size=6)


@given(CELLS, GROUPS, st.integers(0, 3), st.sampled_from(sorted(RULES)))
def test_every_rule_puts_each_cell_in_one_place_whatever_the_order(cells, groups, seed, rule):
    together = [[cells[n % len(cells)].cell_id for n in group] for group in groups]
    if rule == "released" and all(each.released is None for each in cells):
        with pytest.raises(InputError, match="no cell was published"):
            RULES[rule](cells)
        return
    plan = RULES[rule](cells, seed=seed, together=together)
    sides = {each.cell_id: split_of(plan, each.cell_id, each.smear_id) for each in cells}
    placed = {cell_id for cell_id, side in sides.items() if side in SPLITS}
    assert {side for side in sides.values() if side is not None} <= set(SPLITS)
    assert sorted([*placed, *plan.removed, *left_out(plan, cells)]) == sorted(sides)
    assert plan == RULES[rule](list(reversed(cells)), seed=seed, together=list(reversed(together)))
    assert list(plan.assignment) == sorted(plan.assignment)
    assert plan.rule.startswith(f"{rule};")


@given(CELLS, st.integers(0, 3))
def test_film_parts_no_smear_and_no_person(cells, seed):
    plan = film_split(cells, seed=seed)
    assert plan.unit == "smear"
    assert set(plan.assignment) == {each.smear_id for each in cells}
    for fact in ("smear_id", "subject"):
        sides = {}
        for each in cells:
            if getattr(each, fact):
                sides.setdefault(getattr(each, fact), set()).add(plan.assignment[each.smear_id])
        assert all(len(found) == 1 for found in sides.values())
    assert "train" in plan.assignment.values()


@given(CELLS, st.integers(0, 3))
def test_what_is_in_train_and_test_a_is_of_one_set_up_unless_nobody_has_one(cells, seed):
    plan = film_split(cells, seed=seed)
    if "test-B" in plan.assignment.values():
        assert len({each.setup for each in cells if plan.assignment[each.smear_id] != "test-B"}) == 1


@given(CELLS)
def test_released_keeps_what_was_given(cells):
    given_to = {each.cell_id: split_named(each.released) for each in cells if each.released}
    if given_to:
        plan = released_split(cells)
        assert plan.unit == "cell"
        assert dict(plan.assignment) == given_to
        assert set(left_out(plan, cells)) == {each.cell_id for each in cells} - set(given_to)


@pytest.mark.parametrize("word", ["test", "val", "", "train test"])
def test_a_word_that_is_no_split_is_refused(word):
    with pytest.raises(InputError, match="expected train, test-A, test-B") as refused:
        released_split([cell(1, "s1", released="train"), cell(2, "s1", released=word)])
    assert repr(word) in str(refused.value)


def test_a_cell_that_is_there_twice_is_refused():
    with pytest.raises(InputError, match="c1"):
        random_split([cell(1, "s1"), cell(1, "s2")])


def test_random_takes_the_share_and_the_seed_decides():
    cells = films({"s1": {"monocyte": 60}, "s2": {"basophil": 40}})
    assert Counter(random_split(cells).assignment.values()) == {"train": 80, "test-A": 20}
    assert random_split(cells, seed=1).assignment != random_split(cells, seed=2).assignment


def test_test_a_holds_about_the_share_of_each_class():
    """Ten films of neutrophils only and ten of monocytes only: a draw by cells alone would often take one class."""
    counts = {f"n{n}": {"neutrophil": 10} for n in range(10)} | {f"m{n}": {"monocyte": 10} for n in range(10)}
    for seed in range(5):
        plan = film_split(films(counts), seed=seed)
        taken = [smear for smear, split in plan.assignment.items() if split == "test-A"]
        assert Counter(smear[0] for smear in taken) == {"n": 3, "m": 3}
    assert len({str(film_split(films(counts), seed=seed).assignment) for seed in range(5)}) > 1


def test_train_is_never_empty_and_test_a_only_where_none_is_wanted():
    cells = films({"s1": {"monocyte": 5}, "s2": {"monocyte": 5}})
    assert Counter(film_split(cells, test_share=0.99).assignment.values()) == {"train": 1, "test-A": 1}
    assert Counter(film_split(cells, test_share=0.01).assignment.values()) == {"train": 1, "test-A": 1}
    assert Counter(film_split(cells, test_share=0).assignment.values()) == {"train": 2}


def test_a_class_of_one_film_stays_in_train_with_it():
    counts = {"rare": {"basophil": 5, "neutrophil": 10}} | {f"n{n}": {"neutrophil": 10} for n in range(9)}
    for seed in range(5):
        assert film_split(films(counts), seed=seed).assignment["rare"] == "train"


def test_the_share_is_weighed_by_class_not_by_cell():
    """Films b and c have about as many cells, but only c has the share of the rare class."""
    counts = {
        "a": {"neutrophil": 700, "eosinophil": 7},
        "b": {"neutrophil": 303},
        "c": {"neutrophil": 297, "eosinophil": 3},
    }
    assert [s for s, split in film_split(films(counts)).assignment.items() if split == "test-A"] == ["c"]


def test_a_person_on_two_set_ups_is_test_b_with_all_smears():
    cells = [
        cell(1, "s1", subject="p1"),
        cell(2, "s2", subject="p2"),
        cell(3, "s3", subject="p3"),
        cell(4, "s4", subject="p3", setup="B"),
    ]
    assignment = film_split(cells).assignment
    assert assignment["s3"] == assignment["s4"] == "test-B"
    assert sorted([assignment["s1"], assignment["s2"]]) == ["test-A", "train"]


def test_a_set_up_that_nobody_has_alone_is_not_home():
    """Set-up A is the commonest, but only smears on both have it: train would be empty."""
    cells = [cell(n, "s1", setup="A" if n < 8 else "B") for n in range(10)] + [cell(11, "s2", setup="B")]
    assert dict(film_split(cells).assignment) == {"s1": "test-B", "s2": "train"}
    assert set(film_split(cells[:10]).assignment.values()) == {"train"}


def test_strict_keeps_train_and_drops_the_test_side():
    cells = [cell(n, f"s{n}", setup="AAB"[n]) for n in range(3)]
    film = film_split(cells).assignment
    by_side = {side: next(each.cell_id for each in cells if film[each.smear_id] == side) for side in SPLITS}
    train, test_a, test_b = (by_side[side] for side in SPLITS)

    def removed(*groups):
        plan = strict_film_split(cells, together=groups)
        assert plan.assignment == film
        return plan.removed

    assert removed() == ()
    assert removed((train, test_a)) == (test_a,)
    assert removed((train, test_b), (train, "a cell of another release")) == (test_b,)
    assert removed((test_a, test_b)) == (test_b,)
    assert removed((train, test_a, test_b)) == tuple(sorted((test_a, test_b)))
    # What is removed for train cannot push out anything else.
    assert removed((test_a, test_b), (train, test_a)) == (test_a,)


def test_splits_of_many_cells_are_those_of_each():
    cells = [cell(n, f"s{n % 3}", released="TestA" if n % 2 else None) for n in range(12)]
    for rule in RULES.values():
        plan = rule(cells, together=[("c0", "c1", "c2")])
        of = splits_of(plan)
        assert [of(each.cell_id, each.smear_id) for each in cells] == [
            split_of(plan, each.cell_id, each.smear_id) for each in cells
        ]
