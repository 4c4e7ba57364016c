from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buffycoat.domain.geometry import Box
from buffycoat.domain.release import SplitPlan
from buffycoat.errors import SplitLeak
from buffycoat.publish.leaks import (
    FATAL,
    KINDS,
    LeakCell,
    leak_lines,
    leak_report,
    refuse_leaks,
    shown_together,
)
from buffycoat.publish.overlaps import overlapping_boxes
from buffycoat.publish.splits import RULES, SplitCell, film_split, split_of

NOON = datetime(2016, 7, 20, 12, tzinfo=UTC)


def cell(cell_id, smear="s1", *, subject=None, photograph=None, box=None, seconds=None, label="monocyte", setup="A"):
    return LeakCell(
        cell_id=cell_id,
        smear_id=smear,
        subject=subject,
        photograph=photograph,
        box=None if box is None else Box(left=box[0], top=box[1], right=box[0] + 10, bottom=box[1] + 10),
        taken_at=None if seconds is None else NOON + timedelta(seconds=seconds),
        label=label,
        setup=setup,
    )


def by_cell(**sides):
    return SplitPlan(assignment=sides, rule="by hand", seed=0, unit="cell")


CELLS = st.lists(
    st.builds(
        cell,
        st.uuids().map(str),
        st.sampled_from(["s1", "s2", "s3", "s4"]),
        subject=st.none() | st.sampled_from(["p1", "p2"]),
        photograph=st.none() | st.sampled_from(["f1", "f2", "f3"]),
        box=st.none() | st.tuples(st.integers(0, 12), st.integers(0, 12)),
        seconds=st.none() | st.sampled_from([0, 20, 40, 60, 61, 100, 120, 5000]),
        setup=st.sampled_from(["A", "A", "A", "B"]),
    ),
    min_size=1,
    max_size=24,
    unique_by=lambda each: each.cell_id,
)
PAIRS = st.lists(st.tuples(st.integers(0, 23), st.integers(0, 23)), max_size=8)


def pairs_of(cells, numbers):
    return [(cells[a % len(cells)].cell_id, cells[b % len(cells)].cell_id) for a, b in numbers]


def groups_on_two_sides(keys, sides):
    found = {}
    for key, side in zip(keys, sides, strict=True):
        if key is not None:
            found.setdefault(key, []).append(side)
    return [group for group in found.values() if len(set(group)) > 1]


@given(CELLS, st.data())
def test_counts_are_those_of_comparing_every_pair(cells, draw):
    sides = {each.cell_id: draw.draw(st.sampled_from(["train", "train", "test-A", "test-B"])) for each in cells}
    repeats = pairs_of(cells, draw.draw(PAIRS))
    found = {leak.kind: leak for leak in leak_report(by_cell(**sides), cells, repeats=repeats).leaks}
    assert tuple(found) == KINDS
    side = [sides[each.cell_id] for each in cells]

    for kind, fact in zip(KINDS, ("subject", "smear_id", "photograph"), strict=False):
        groups = groups_on_two_sides([getattr(each, fact) for each in cells], side)
        outside = sum(name != "train" for group in groups for name in group)
        assert (found[kind].count, found[kind].test_cells) == (len(groups), outside)

    across = [(a, b) for a, b in combinations(cells, 2) if sides[a.cell_id] != sides[b.cell_id]]

    def outside(pairs):
        return len({each.cell_id for pair in pairs for each in pair if sides[each.cell_id] != "train"})

    boxed = [(a, b) for a, b in across if a.photograph and a.photograph == b.photograph and a.box and b.box]
    for kind, iou in zip(KINDS[3:6], (0, 0.25, 0.5), strict=True):
        hits = [(a, b) for a, b in boxed if a.box.iou(b.box) > iou]
        assert (found[kind].count, found[kind].test_cells) == (len(hits), outside(hits))

    taken = {}
    for each in cells:
        if each.taken_at:
            key = (each.smear_id, each.photograph or f"of {each.cell_id}")
            taken[key] = min(taken.get(key, each.taken_at), each.taken_at)
    near, fields = [], set()
    for a, b in across:
        keys = [(each.smear_id, each.photograph or f"of {each.cell_id}") for each in (a, b)]
        timed = a.taken_at and b.taken_at and a.smear_id == b.smear_id and keys[0] != keys[1]
        if timed and abs((taken[keys[0]] - taken[keys[1]]).total_seconds()) <= 60:
            near.append((a, b))
            fields.add(frozenset(keys))
    assert (found[KINDS[6]].count, found[KINDS[6]].test_cells) == (len(fields), outside(near))

    same = {each.cell_id: {each.cell_id} for each in cells}
    for a, b in repeats:
        joined = same[a] | same[b]
        same.update(dict.fromkeys(joined, joined))
    hits = [(a, b) for a, b in across if b.cell_id in same[a.cell_id]]
    assert (found[KINDS[7]].count, found[KINDS[7]].test_cells) == (len(hits), outside(hits))


@given(CELLS, PAIRS, st.integers(0, 2))
def test_film_strict_leaks_nothing(cells, numbers, seed):
    repeats = pairs_of(cells, numbers)
    known = [
        SplitCell(cell_id=c.cell_id, smear_id=c.smear_id, subject=c.subject, setup=c.setup, label=c.label)
        for c in cells
    ]
    plan = RULES["film-strict"](known, seed=seed, together=shown_together(cells, repeats=repeats))
    report = leak_report(plan, cells, repeats=repeats)
    assert report.counts() == {}
    assert report.fatal == ()
    refuse_leaks(report)
    assert leak_lines(report)[0] == "no leak was found"
    # Nothing is removed that would not have leaked.
    film = film_split(known, seed=seed)
    leaks = leak_report(film, cells, repeats=repeats).counts()
    assert bool(plan.removed) == bool(leaks)
    assert set(plan.removed) <= {c.cell_id for c in cells if split_of(film, c.cell_id, c.smear_id) != "train"}


def test_a_leak_is_refused_with_counts_and_the_first_example():
    cells = [
        cell("c1", photograph="f1", box=(0, 0)),
        cell("c2", photograph="f1", box=(2, 0)),
        cell("c3", photograph="f2", box=(0, 0)),
    ]
    report = leak_report(by_cell(c1="train", c2="test-A", c3="train"), cells, repeats=[("c1", "c3"), ("c2", "c3")])
    assert report.counts() == {
        "shared-films": 1,
        "shared-fields": 1,
        "pairs-of-overlapping-boxes": 1,
        "pairs-of-boxes-with-IoU-above-0.25": 1,
        "pairs-of-boxes-with-IoU-above-0.5": 1,
        "pairs-of-repeated-cells": 2,
    }
    with pytest.raises(SplitLeak, match=r"1 shared films, 1 shared fields, .*2 pairs of repeated cells") as refused:
        refuse_leaks(report)
    assert refused.value.found == "film s1: 2 in train, 1 in test-A"
    assert "--allow-leaks" in refused.value.hint
    lines = leak_lines(report)
    assert lines[0] == "shared films: 1, which touches 1 cells outside train; such as film s1: 2 in train, 1 in test-A"
    assert "c1 in train and c2 in test-A: IoU 0.67" in lines[4]
    assert lines[5].endswith("such as c1 in train and c2 in test-A and c3 in train")


def test_a_shared_person_refuses_even_between_the_two_tests():
    cells = [cell("c1", "s1", subject="p1"), cell("c2", "s2", subject="p1"), cell("c3", "s3", subject="p2")]
    plan = SplitPlan(assignment={"s1": "test-A", "s2": "test-B", "s3": "train"}, rule="by hand", seed=0)
    with pytest.raises(SplitLeak, match="1 shared people"):
        refuse_leaks(leak_report(plan, cells, repeats=[]))


def test_every_kind_but_time_refuses():
    assert set(KINDS) - FATAL == {"pairs-of-fields-within-60-s"}


def test_a_minute_is_inclusive_and_time_zones_are_kept(monkeypatch):
    monkeypatch.setenv("TZ", "Pacific/Auckland")  # that of the machine makes no difference
    time.tzset()
    here = {"photograph": None, "label": None, "box": None, "subject": None, "setup": "A", "smear_id": "s1"}
    tehran = timezone(timedelta(hours=3, minutes=30))
    cells = [
        LeakCell(cell_id="c1", taken_at=datetime(2016, 7, 20, 12, 0, 0), **here),  # noqa: DTZ001 (as a camera writes it)
        LeakCell(cell_id="c2", taken_at=datetime(2016, 7, 20, 15, 31, 0, tzinfo=tehran), **here),
        LeakCell(cell_id="c3", taken_at=datetime(2016, 7, 20, 12, 2, 0, 1000, tzinfo=UTC), **here),
    ]
    leak = leak_report(by_cell(c1="train", c2="test-A", c3="train"), cells, repeats=None).leaks[6]
    assert (leak.count, leak.test_cells) == (1, 1)
    assert leak.examples == ("c1 and c2 of film s1: 60 s apart",)
    monkeypatch.undo()
    time.tzset()


def test_a_cell_of_unknown_photograph_is_of_none_that_has_its_name():
    cells = [cell("c1", photograph="c2", seconds=0), cell("c2", seconds=30)]
    report = leak_report(by_cell(c1="train", c2="test-A"), cells, repeats=[])
    assert report.counts() == {"shared-films": 1, "pairs-of-fields-within-60-s": 1}


def test_cells_in_no_split_are_passed_over_but_join_repeats():
    cells = [cell("c1", "s1"), cell("c2", "s2"), cell("c3", "s3")]
    plan = SplitPlan(assignment={"s1": "train", "s3": "test-A"}, rule="by hand", seed=0)
    assert leak_report(plan, cells, repeats=[("c1", "c2")]).counts() == {}
    joined = leak_report(plan, cells, repeats=[("c1", "c2"), ("c2", "c3")])
    assert joined.counts() == {"pairs-of-repeated-cells": 1}
    removed = SplitPlan(assignment=plan.assignment, rule="by hand", seed=0, removed=("c3",))
    assert leak_report(removed, cells, repeats=[("c1", "c2"), ("c2", "c3")]).counts() == {}


def test_what_could_not_be_looked_for_is_said():
    cells = [cell("c1", "s1", photograph="f1"), cell("c2", "s2", subject="p1", seconds=0)]
    plan = SplitPlan(assignment={"s1": "train", "s2": "test-A"}, rule="by hand", seed=0)
    assert leak_lines(leak_report(plan, cells, repeats=None)) == [
        "no leak was found",
        "not checked: 1 of 2 films name no person, who may be on two sides",
        "not checked: 1 of 2 cells name no photograph",
        "not checked: 1 of 2 cells have no box in their photograph",
        "not checked: 1 of 2 cells have no time",
        "not checked: whether a cell was photographed twice",
    ]
    assert leak_report(plan, [], repeats=[]).unchecked == ()


def test_a_photograph_under_two_films_is_shown_together():
    cells = [cell("c1", "s1", photograph="f1"), cell("c2", "s2", photograph="f1"), cell("c3", "s1", photograph="f2")]
    assert shown_together(cells, repeats=[("c3", "c9")]) == (("c3", "c9"), ("c1", "c2"))


@given(
    st.lists(st.lists(st.tuples(st.integers(-5, 15), st.integers(-5, 15), st.integers(1, 9)), max_size=6), max_size=5),
    st.sampled_from([0, 0.1, 0.25, 0.5, 1]),
)
def test_overlapping_boxes_are_those_of_comparing_every_pair(fields, iou):
    boxed = [[Box(left=x, top=y, right=x + side, bottom=y + side) for x, y, side in boxes] for boxes in fields]
    expected = sum(a.iou(b) > iou for boxes in boxed for a, b in combinations(boxes, 2))
    assert overlapping_boxes(boxed, iou=iou) == expected
