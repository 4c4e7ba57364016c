"""Scores by smear, class and any other fact of the cells, counted by hand."""

from __future__ import annotations

import pytest

from buffycoat.domain.experiment import TEST_B
from buffycoat.report.experiment.rows import answers_to, models_of
from buffycoat.report.experiment.slices import slices


def sliced(hand, truth, said, **more):
    runs = [
        hand.make_run("vgg16", {TEST_B: said}),
        hand.make_run("constant", {TEST_B: "n" * len(said)}, kind="constant"),
    ]
    experiment = hand.make([hand.make_set(TEST_B, truth, **more)], runs)
    tables = slices(answers_to(experiment, experiment.sets[0], models_of(experiment)))
    return {table.facet: table for table in tables}


def test_slices_by_class_smear_and_camera(hand):
    # Two smears of four cells; the first camera took the first three cells of each.
    found = sliced(hand, "nnllnnll", "nnllnell", per_group=4, facets={"camera": tuple("aaabaaab"), "stain": ("G",) * 8})
    assert list(found) == ["class", "smear", "camera", "stain"]
    assert all(table.models == ("VGG16",) for table in found.values())
    by_class = {row.name: row for row in found["class"].rows}
    assert by_class["lymphocyte"].scores[0].value == 1.0
    assert by_class["neutrophil"].scores[0].value == 3 / 4
    assert (by_class["neutrophil"].cells, by_class["neutrophil"].units, by_class["neutrophil"].unit) == (4, 2, "smear")
    first, second = found["smear"].rows
    assert (first.scores[0].value, second.scores[0].value) == (1.0, (1 / 2 + 1) / 2)
    assert (second.cells, second.units, second.unit, second.classes, second.constant) == (4, 4, "cell", 2, 0.5)
    cameras = {row.name: row for row in found["camera"].rows}
    assert cameras["a"].scores[0].value == pytest.approx((3 / 4 + 1) / 2)
    assert (cameras["b"].scores[0].value, cameras["b"].classes) == (1.0, 1)
    assert (found["stain"].alone, found["stain"].rows) == ("G", ())


def test_few_cells_are_marked(hand):
    found = sliced(hand, "n" * 25 + "l" * 5, "n" * 30, per_group=5)
    assert {row.name: row.few for row in found["class"].rows} == {"lymphocyte": True, "neutrophil": False}


def test_numbers_are_cut_into_quarters_and_unknown_ones_stand_apart(hand):
    sharp = (*(str(place) for place in range(1, 13)), "")
    found = sliced(hand, "n" * 13, "n" * 13, facets={"sharpness": sharp})
    rows = found["sharpness"].rows
    assert [(row.name, row.cells) for row in rows] == [
        ("1 to 3.75", 3),
        ("3.75 to 6.5", 3),
        ("6.5 to 9.25", 3),
        ("9.25 to 12", 3),
        ("not known", 1),
    ]


def test_few_different_numbers_stay_as_they_are_and_stand_in_order(hand):
    found = sliced(hand, "nnnn", "nnnn", facets={"objective": ("100", "40", "100", "40")})
    assert [row.name for row in found["objective"].rows] == ["40", "100"]


def test_of_many_smears_the_worst_are_told_and_the_others_counted(hand):
    truth = "n" * 66
    found = sliced(hand, truth, "n" * 60 + "e" * 6, per_group=2)["smear"]
    assert (len(found.rows), found.left_out) == (30, 3)
    assert [row.scores[0].value for row in found.rows[:4]] == [0.0, 0.0, 0.0, 1.0]


def test_where_no_smear_is_known_there_is_no_table_of_them(hand):
    found = sliced(hand, "nnll", "nnll", per_group=1, grouped_by="cell")
    assert "smear" not in found
    assert "cell" not in found
