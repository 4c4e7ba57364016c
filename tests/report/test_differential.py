"""The differential count: what is in the denominator, figures by hand, flags, and several experts' counts."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buffycoat.domain.taxonomy import ICSH, RAABIN, Taxonomy, Term, TermKind
from buffycoat.errors import InputError, UnknownTerm
from buffycoat.report.differential import Counted, count_cells
from buffycoat.report.differential_compare import compare_counts
from buffycoat.report.differential_reference import ReferenceIntervals
from buffycoat.report.differential_terms import reason_of, shared_term
from buffycoat.report.differential_values import DifferentialRow, Flag, Limits, Reason

HUNDRED = {
    "neutrophil.segmented": 52,
    "neutrophil.band": 5,
    "neutrophil": 3,
    "lymphocyte.small": 20,
    "lymphocyte.large": 6,
    "lymphocyte": 4,
    "monocyte": 7,
    "eosinophil": 2,
    "basophil": 1,
}
BESIDE = {
    "erythroblast": 25,
    "smudge": 12,
    "artifact": 9,
    "not-recognized": 4,
    "not-centered": 2,
    "platelet": 3,
    "element": 1,
}


def row(found: Counted, key: str) -> DifferentialRow:
    return next(each for each in found.rows if each.key == key)


def test_only_leukocytes_are_the_whole():
    found = count_cells(HUNDRED | BESIDE, RAABIN)
    assert found.leukocytes == 100
    assert found.outside == {
        Reason.NUCLEATED_RED_CELL: 25,
        Reason.SMUDGE: 12,
        Reason.ARTIFACT: 9,
        Reason.NOT_RECOGNIZED: 4,
        Reason.DEFECT: 2,
        Reason.OTHER_CELL: 3,
        Reason.TYPE_UNTOLD: 1,
    }
    assert [(each.key, each.count) for each in found.rows if each.depth == 0] == [
        ("neutrophil", 60),
        ("lymphocyte", 30),
        ("monocyte", 7),
        ("eosinophil", 2),
        ("basophil", 1),
    ]


def test_bands_have_a_row_of_their_own_beside_segmented_neutrophils():
    for taxonomy in (RAABIN, ICSH):
        found = count_cells({"neutrophil.segmented": 60, "neutrophil.band": 10, "monocyte": 30}, taxonomy)
        assert [row(found, key).count for key in ("neutrophil", "neutrophil.segmented", "neutrophil.band")] == [
            70,
            60,
            10,
        ]
        assert row(found, "neutrophil.band").depth == row(found, "neutrophil.segmented").depth == 1
        assert row(count_cells({"monocyte": 1}, taxonomy), "neutrophil.band").usual


def test_what_stops_at_a_parent_counts_in_its_row():
    found = count_cells(HUNDRED, RAABIN)
    assert (row(found, "lymphocyte").count, row(found, "lymphocyte").unsure) == (30, 4)
    assert [row(found, key).count for key in ("lymphocyte.small", "lymphocyte.large")] == [20, 6]


def test_a_leukocyte_of_untold_type_is_in_the_whole_and_in_a_row_of_its_own():
    found = count_cells({"leukocyte": 2, "monocyte": 8}, RAABIN)
    assert found.leukocytes == 10
    assert [(found.rows[-1].key, found.rows[-1].count, found.rows[-1].unsure)] == [("leukocyte", 2, 2)]


def test_figures_by_hand():
    found = count_cells(HUNDRED | BESIDE, RAABIN, wbc=10.0)
    band = row(found, "neutrophil.band")
    # Rümke: 5 % of 100 cells are 1 to 12, of 200 cells 2 to 10, of 500 cells 3 to 8.
    assert (band.percent.value, round(band.percent.low, 2), round(band.percent.high, 2)) == (5.0, 1.64, 11.28)
    outward = [(each.cells, math.floor(each.low), math.ceil(each.high)) for each in band.planned]
    assert outward == [(100, 1, 12), (200, 2, 10), (500, 3, 8)]
    assert (found.nucleated_red_cells.count, found.nucleated_red_cells.figure.value) == (25, 25.0)
    assert (found.smudge_cells.count, found.smudge_cells.figure.value) == (12, 12.0)
    # 25 nucleated red cells for 100 leukocytes: 10 x 100 / 125 = 8; 5 % of 8 are 0.4.
    assert (found.wbc.entered, found.wbc.corrected, found.wbc.used) == (10.0, 8.0, 8.0)
    assert band.absolute.value == pytest.approx(0.4)
    assert band.absolute.high == pytest.approx(8 * 0.1128, abs=1e-3)


@pytest.mark.parametrize(
    ("red_cells", "left_out", "above", "corrected"),
    [
        (5, False, None, None),
        (6, False, None, 10.6 * 100 / 106),
        (6, True, None, None),
        (6, False, 10.0, None),
        (1, False, 0.0, 10.6 * 100 / 101),
    ],
)
def test_a_count_is_corrected_above_a_number_only(red_cells, left_out, above, corrected):
    ours = None if above is None else ReferenceIntervals(laboratory="ours", corrected_above=above)
    cells = {"monocyte": 100, "erythroblast": red_cells}
    found = count_cells(cells, RAABIN, wbc=10.6, red_cells_left_out=left_out, reference=ours)
    assert found.wbc.corrected == (None if corrected is None else pytest.approx(corrected))
    assert found.wbc.used == pytest.approx(corrected or 10.6)
    assert found.rows[-1].key == "basophil"
    assert row(found, "monocyte").absolute.value == found.wbc.used


def test_flags_and_what_chance_could_do():
    ours = ReferenceIntervals(
        laboratory="ours",
        percent={
            "neutrophil": Limits(low=60, high=70),
            "neutrophil.band": Limits(high=4),
            "lymphocyte": Limits(low=45),
            "basophil": Limits(),
            "plasma-cell": Limits(high=0),
        },
        absolute={"leukocyte": Limits(low=4, high=10), "monocyte": Limits(low=0.8)},
        per_100={"smudge-cells": Limits(high=3), "nucleated-red-cells": Limits(high=0)},
    )
    found = count_cells(HUNDRED | {"smudge": 12}, RAABIN, wbc=11, reference=ours)
    flags = {each.key: (each.percent.flag, each.percent.sure) for each in found.rows if each.percent.reference}
    assert flags == {
        "neutrophil": (Flag.WITHIN, False),  # just at the limit
        "neutrophil.band": (Flag.HIGH, False),  # 1.6 to 11.3
        "lymphocyte": (Flag.LOW, True),  # 21.2 to 40.0
        "basophil": (Flag.WITHIN, False),
    }
    assert (row(found, "monocyte").absolute.flag, row(found, "monocyte").absolute.sure) == (Flag.LOW, False)
    assert (found.smudge_cells.figure.flag, found.smudge_cells.figure.sure) == (Flag.HIGH, True)
    assert found.nucleated_red_cells.figure.flag is Flag.WITHIN
    assert (found.wbc.flag, found.wbc.reference) == (Flag.HIGH, Limits(low=4, high=10))
    assert found.reference.unused == ("percent: plasma-cell",)


def test_a_figure_is_compared_as_it_is_shown():
    ours = ReferenceIntervals(laboratory="ours", percent={"monocyte": Limits(high=33.3)})
    found = count_cells({"monocyte": 1, "basophil": 2}, RAABIN, reference=ours)
    assert row(found, "monocyte").percent.value > 33.3
    assert row(found, "monocyte").percent.flag is Flag.WITHIN


def test_of_nothing_no_figure_is_made_up():
    found = count_cells({"smudge": 3, "erythroblast": 2}, RAABIN, wbc=5)
    assert found.leukocytes == 0
    assert {(each.percent, each.absolute, each.planned) for each in found.rows} == {(None, None, ())}
    assert (found.smudge_cells.count, found.smudge_cells.figure, found.nucleated_red_cells.figure) == (3, None, None)
    assert found.wbc.corrected is None


@pytest.mark.parametrize("wbc", [0, -1, 1000.1, 6200, float("nan"), float("inf")])
def test_what_is_no_count_of_leukocytes(wbc: float):
    with pytest.raises(InputError, match="no count of leukocytes") as refused:
        count_cells(HUNDRED, RAABIN, wbc=wbc)
    assert "10⁹/L" in refused.value.expected
    assert "6.2, not 6200" in refused.value.hint


def test_a_term_that_no_taxonomy_has():
    with pytest.raises(UnknownTerm):
        count_cells({"neutrofil": 1}, RAABIN)


@given(st.dictionaries(st.sampled_from([term.key for term in ICSH.terms]), st.integers(0, 300)))
def test_all_cells_are_somewhere_and_rows_add_up(cells: dict[str, int]):
    found = count_cells(cells, ICSH, wbc=7.0)
    assert found.leukocytes + sum(found.outside.values()) == sum(cells.values())
    assert sum(each.count for each in found.rows if each.depth == 0) == found.leukocytes
    for each in found.rows:
        below = [ICSH.path(other.key) for other in found.rows if other.depth == each.depth + 1]
        parts = sum(row(found, path[-1]).count for path in below if path[-2] == each.key)
        assert each.key == "leukocyte" or not ICSH.children(each.key) or each.count == parts + each.unsure
        if each.percent is not None:
            assert 0 <= each.percent.low <= each.percent.value <= each.percent.high <= 100


def test_a_taxonomy_of_ones_own():
    terms = (
        Term(key="all", name="all", parent=None, kind=TermKind.ROOT),
        Term(key="poly", name="polymorph", parent="all", kind=TermKind.LEUKOCYTE),
        Term(key="mono", name="mononuclear", parent="all", kind=TermKind.LEUKOCYTE),
        Term(key="normoblast", name="normoblast", parent="all", kind=TermKind.OTHER_CELL, ontology="CL:0000765"),
        Term(key="late", name="late normoblast", parent="normoblast", kind=TermKind.OTHER_CELL),
    )
    flat = Taxonomy(name="flat", version=1, terms=terms)
    found = count_cells({"poly": 3, "mono": 1, "late": 2}, flat)
    assert [(each.key, each.count, each.usual) for each in found.rows] == [("poly", 3, True), ("mono", 1, True)]
    assert (found.nucleated_red_cells.figure.value, found.smudge_cells.known) == (50.0, False)
    assert reason_of(flat, "late") is Reason.NUCLEATED_RED_CELL


@pytest.mark.parametrize(
    ("answers", "shared"),
    [
        (["neutrophil.segmented", "neutrophil.band"], "neutrophil"),
        (["lymphocyte.small", "lymphocyte"], "lymphocyte"),
        (["lymphocyte.small", "monocyte"], None),
        (["leukocyte", "monocyte"], None),
        (["smudge", "artifact"], None),
        (["smudge", "lymphocyte.small"], None),
        ([], None),
    ],
)
def test_what_differing_answers_have_in_common(answers: list[str], shared: str | None):
    assert shared_term(RAABIN, answers) == shared


def test_two_experts_lie_within_the_limits_of_each_other_or_do_not():
    first = Counter({"neutrophil.segmented": 60, "neutrophil.band": 3, "monocyte": 37, "smudge": 9})
    second = Counter({"neutrophil.segmented": 50, "neutrophil.band": 13, "monocyte": 37})
    rows = {each.key: each for each in compare_counts([first, second], RAABIN)}
    # 3 of 100 are 0.6 to 8.5, and 13 of 100 are 7.1 to 21.2; 60 are 49.7 to 69.7, and 50 are 39.8 to 60.2.
    assert [(key, each.within) for key, each in rows.items()] == [
        ("neutrophil", True),
        ("neutrophil.segmented", True),
        ("neutrophil.band", False),
        ("monocyte", True),
    ]
    assert [share.count for share in rows["neutrophil"].shares] == [63, 63]
    third = compare_counts([first, first, second], RAABIN)
    assert [each.within for each in third if each.key == "neutrophil.band"] == [False]
