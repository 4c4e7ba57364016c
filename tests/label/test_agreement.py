from __future__ import annotations

import json
from collections import Counter

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given, settings
from hypothesis import strategies as st

from buffycoat.domain.taxonomy import FULL, RAABIN, Taxonomy, Term, TermKind
from buffycoat.errors import InputError, UnknownTerm
from buffycoat.label import agreement_lines, agreement_report, class_counts
from buffycoat.label.levels import classes_of, counted_as

FIVE = "five-class"
ANSWER = st.sampled_from(
    [
        None,
        "lymphocyte",
        "lymphocyte.small",
        "lymphocyte.large",
        "monocyte",
        "neutrophil.band",
        "neutrophil.segmented",
        "not-recognized",
        "smudge",
    ]
)
CELLS = st.lists(st.tuples(st.sampled_from(["s1", "s2", "s3"]), ANSWER, ANSWER), min_size=1, max_size=25)


@pytest.fixture(scope="module")
def report(raabin):
    return agreement_report(*raabin[1:], taxonomy=RAABIN, experts=("Label1", "Label2"))


@pytest.fixture(scope="module")
def five(raabin):
    return agreement_report(*raabin[1:], taxonomy=RAABIN, level=FIVE)


def test_the_matrix_of_raabin_is_that_of_the_stored_figures(report, data):
    stats = json.loads((data / "raabin_json" / "stats.json").read_text())
    keys = [None if word is None else RAABIN.read(word).key for word in stats["labels"]]
    rows = [row.key for row in report.rows]
    order = [rows.index(key) for key in keys]
    matrix = np.array(report.matrix)
    np.testing.assert_array_equal(matrix[np.ix_(order, order)], stats["agreement_rows_label1_cols_label2"])
    assert matrix.sum() == stats["cells"] == 36624
    assert rows[-2:] == ["not-recognized", None]
    assert [row.name for row in report.rows[-2:]] == ["not recognized", "no label"]
    assert not any(row.outside for row in report.rows)


def test_the_counts_of_raabin(report):
    assert (report.cells, report.never_labeled, report.one_label) == (36624, 9000, 3392)
    assert (report.both_labeled, report.equal, report.not_recognized_by_both) == (24232, 23131, 789)
    assert report.smears == 56  # of 66; ten hold no cell that both labeled
    assert report.differ_within == 0
    assert report.classes is None
    assert report.taxonomy == RAABIN.reference
    assert not report.simulated


def test_the_statistics_of_raabin(report, raabin):
    both = [(one, other) for one, other in zip(raabin.first, raabin.second, strict=True) if one and other]
    first, second = [one for one, _ in both], [other for _, other in both]
    assert round(report.raw.value, 5) == 0.95456
    assert round(report.kappa.value, 5) == 0.94154
    assert report.kappa.value == pytest.approx(sklearn.metrics.cohen_kappa_score(first, second))
    given = Counter(first) + Counter(second)
    assert report.offered == len(report.rows) - 1
    chance = sum(n / 48464 * (1 - n / 48464) for n in given.values()) / (report.offered - 1)
    assert report.ac1.value == pytest.approx((23131 / 24232 - chance) / (1 - chance))
    for estimate in (report.raw, report.kappa, report.ac1):
        low, high = estimate.interval
        assert 0.9 < low < estimate.value < high < 0.98


def test_what_the_experts_of_raabin_confused_most(report):
    lymphocytes, bands, elements = (
        report.confused[0],
        *(
            next(found for found in report.confused if set(found.pair) == pair)
            for pair in ({"neutrophil.segmented", "neutrophil.band"}, {"smudge", "artifact"})
        ),
    )
    assert set(lymphocytes.pair) == {"lymphocyte.small", "lymphocyte.large"}
    # 1,795 and 2,062 equal, 17 and 167 confused; 20 + 15 + … with other terms, from the matrix by hand
    small, large = 2204 - 370 + 2050 - 1795, 2411 - 162 + 2148 - 2062
    assert lymphocytes.cells == 184
    assert lymphocytes.share == pytest.approx(184 / (small + large - 184))
    assert (bands.cells, elements.cells) == (160, 43)
    assert [found.cells for found in report.confused] == sorted((p.cells for p in report.confused), reverse=True)
    assert sum(found.cells for found in report.confused) == 24232 - 23131


def test_classes_of_raabin_one_against_all_others(report, raabin):
    both = [(one, other) for one, other in zip(raabin.first, raabin.second, strict=True) if one and other]
    by_key = {found.key: found for found in report.per_class}
    for key in ("neutrophil.band", "smudge", "monocyte"):
        first, second = (np.array([answers[side] == key for answers in both]) for side in (0, 1))
        assert by_key[key].first == first.sum()
        assert by_key[key].second == second.sum()
        assert by_key[key].both == (first & second).sum()
        assert by_key[key].agreement == pytest.approx(sklearn.metrics.f1_score(first, second))
        assert by_key[key].kappa == pytest.approx(sklearn.metrics.cohen_kappa_score(first, second))
    basophil = by_key["basophil"]
    assert (basophil.first, basophil.second, basophil.agreement) == (1, 0, 0.0)


def test_five_classes_by_the_released_rule_and_merged(raabin):
    released = class_counts(raabin.first, raabin.second, taxonomy=RAABIN, level=FIVE)
    assert released == {"neutrophil": 9754, "lymphocyte": 3857, "monocyte": 874, "eosinophil": 1466, "basophil": 0}
    merged = class_counts(raabin.first, raabin.second, taxonomy=RAABIN, level=FIVE, rule="merged")
    assert merged == released | {"lymphocyte": 4041}


def test_terms_outside_five_classes_are_kept_apart(five, report):
    inside = [row.key for row in five.rows if not row.outside and row.key]
    assert inside == ["neutrophil", "lymphocyte", "monocyte", "eosinophil", "basophil"]
    outside = [row.key for row in five.rows if row.outside]
    assert {"neutrophil.band", "neutrophil.metamyelocyte", "smudge", "artifact", "not-recognized"} <= set(outside)
    assert [row.key for row in five.rows][-2:] == ["not-recognized", None]
    by_key = {found.key: found.both for found in five.per_class}
    assert (by_key["neutrophil"], by_key["lymphocyte"], by_key["neutrophil.band"]) == (9754, 4041, 310)
    assert (five.cells, five.both_labeled, five.never_labeled, five.one_label) == (36624, 24232, 9000, 3392)
    assert (five.equal, five.differ_within) == (23131 + 184, 184)
    assert five.kappa.value > report.kappa.value


def test_within_five_classes_the_experts_of_raabin_hardly_differ(five):
    assert (five.classes.cells, five.classes.equal, five.classes.offered) == (16171, 16135, 5)
    assert round(100 * five.classes.raw.value, 2) == 99.78
    assert round(five.classes.kappa.value, 3) == 0.996
    assert five.classes.raw.interval[0] < five.classes.raw.value < five.classes.raw.interval[1]


def test_merged_after_comparing_only_equal_terms_agree(raabin, five, report):
    after = agreement_report(*raabin[1:], taxonomy=RAABIN, level=FIVE, merge="after")
    assert (after.rows, after.matrix, after.confused, after.per_class) == (
        five.rows,
        five.matrix,
        five.confused,
        five.per_class,
    )
    assert (after.raw, after.kappa, after.ac1, after.equal) == (report.raw, report.kappa, report.ac1, 23131)
    assert (after.classes.cells, after.classes.equal) == (16171, 9754 + 3857 + 874 + 1466)
    assert after.classes.offered == 6  # small and large lymphocytes apart


def test_intervals_come_from_the_seed(raabin, report):
    assert agreement_report(*raabin[1:], taxonomy=RAABIN, experts=("Label1", "Label2")) == report
    other = agreement_report(*raabin[1:], taxonomy=RAABIN, experts=("Label1", "Label2"), seed=1)
    assert other.kappa.value == report.kappa.value
    assert other.kappa.interval != report.kappa.interval


def test_lines_of_raabin(report):
    lines = agreement_lines(report)
    for line in (
        "unlabeled: 9000",
        "one label: 3392",
        "both: 24232",
        "equal: 23131 (95.456 %)",
        "not recognized by both: 789",
        "most confused:",
    ):
        assert line in lines
    assert any(line.startswith("Cohen's kappa 0.94154 (95 % interval by smear 0.9") for line in lines)
    assert any(line.startswith("Gwet's AC1    0.9") and line.endswith("terms offered") for line in lines)
    table = lines[2 : lines.index("", 2)]
    rows = [line for line in table[2:] if not line.startswith("not shown")]
    assert len(rows) == 15
    assert {len(line) for line in (*rows, table[1])} == {len(table[1])}
    assert rows[0].split()[2:6] == ["9754", "134", "0", "1"]
    assert rows[-1].split()[-1] == "9000"
    assert max(map(len, lines)) <= 120


def test_lines_at_a_level_say_how_it_was_merged(five):
    lines = agreement_lines(five)
    assert "equal: 23315 (96.216 %, merged before comparing)" in lines
    assert "different terms of one class: 184" in lines
    assert "both in a class of the level: 16171, equal: 16135" in lines
    assert "* outside the classes of the level" in lines
    assert any(line.startswith("band neutrophil *") for line in lines)


def test_a_table_of_wide_and_of_silent_letters_is_aligned():
    words = {"root": "root", "a": "中性粒细胞", "b": "نوتروفیل", "c": "ne\u0301utrophile courbe", "d": "plain"}
    mine = Taxonomy(
        name="mine",
        version=1,
        terms=tuple(
            Term(
                key=key,
                name=name,
                parent=None if key == "root" else "root",
                kind=TermKind.ROOT if key == "root" else TermKind.LEUKOCYTE,
            )
            for key, name in words.items()
        ),
    )
    lines = agreement_lines(agreement_report(["s"] * 4, list("abcd"), list("abcd"), taxonomy=mine))
    columns = {sum(0 if c == "\u0301" else 2 if "\u4e00" <= c <= "\u9fff" else 1 for c in line) for line in lines[3:9]}
    assert len(columns) == 1


def test_simulated_experts_are_said_to_be():
    found = agreement_report(["s"], ["smudge"], ["smudge"], taxonomy=RAABIN, simulated=True)
    assert found.simulated
    assert any("SIMULATED" in line for line in agreement_lines(found))


def test_nothing_labeled_is_told_and_not_computed():
    found = agreement_report(["s1", "s2"], [None, None], [None, "smudge"], taxonomy=RAABIN, level=FIVE)
    assert (found.never_labeled, found.one_label, found.both_labeled, found.equal) == (1, 1, 0, 0)
    assert found.raw.value is found.kappa.value is found.ac1.value is found.raw.interval is None
    assert "equal: 0" in agreement_lines(found)
    assert "Cohen's kappa undefined" in agreement_lines(found)
    none = agreement_report([], [], [], taxonomy=RAABIN)
    assert (none.cells, none.smears, none.confused) == (0, 0, ())
    assert agreement_lines(none)


def test_one_smear_gives_no_interval():
    found = agreement_report(["s"] * 3, ["smudge", "monocyte", "smudge"], ["smudge"] * 3, taxonomy=RAABIN)
    assert found.raw.value == pytest.approx(2 / 3)
    assert found.kappa.value == 0
    assert found.raw.interval is found.kappa.interval is found.ac1.interval is None
    assert any(line.endswith("(no interval from fewer than 2 smears)") for line in agreement_lines(found))


def test_one_answer_throughout_has_no_kappa():
    found = agreement_report(["s1", "s2"], ["smudge"] * 2, ["smudge"] * 2, taxonomy=RAABIN)
    assert (found.raw.value, found.kappa.value, found.kappa.interval, found.ac1.value) == (1.0, None, None, 1.0)


def test_a_parent_that_an_expert_names_has_its_row():
    words = ["lymphocyte", "lymphocyte.small"]
    found = agreement_report(["s", "s"], words, ["lymphocyte.small"] * 2, taxonomy=RAABIN)
    assert "lymphocyte" in [row.key for row in found.rows]
    assert found.equal == 1
    rolled = agreement_report(["s", "s"], words, ["lymphocyte.small"] * 2, taxonomy=RAABIN, level=FIVE)
    assert rolled.equal == 2
    assert "neutrophil" not in [row.key for row in found.rows]


@settings(max_examples=40, deadline=None)  # many reports an example
@given(CELLS)
def test_a_report_adds_up_and_turns_with_the_experts(cells):
    smears, first, second = (list(column) for column in zip(*cells, strict=True))
    for level in (FULL, FIVE):
        found = agreement_report(smears, first, second, taxonomy=RAABIN, level=level)
        turned = agreement_report(smears, second, first, taxonomy=RAABIN, level=level)
        matrix = np.array(found.matrix)
        assert matrix.sum() == found.cells == found.never_labeled + found.one_label + found.both_labeled
        np.testing.assert_array_equal(np.array(turned.matrix), matrix.T)
        assert (turned.raw, turned.kappa, turned.ac1) == (found.raw, found.kappa, found.ac1)
        assert sum(row.both for row in found.per_class) == found.equal
        assert sum(pair.cells for pair in found.confused) == found.both_labeled - found.equal
        assert all(0 < pair.share <= 1 for pair in found.confused)
        assert found.equal >= agreement_report(smears, first, second, taxonomy=RAABIN).equal
        after = agreement_report(smears, first, second, taxonomy=RAABIN, level=level, merge="after")
        assert found.equal == after.equal + found.differ_within
        assert agreement_lines(found)


@given(CELLS, st.sampled_from(["released", "merged"]))
def test_class_counts_are_those_of_a_plain_loop(cells, rule):
    _, first, second = zip(*cells, strict=True)
    expected = dict.fromkeys(RAABIN.classes(FIVE), 0)
    for one, other in zip(first, second, strict=True):
        if one and other:
            classes = RAABIN.roll_up(one, FIVE), RAABIN.roll_up(other, FIVE)
            if classes[0] and (one == other if rule == "released" else classes[0] == classes[1]):
                expected[classes[0]] += 1
    assert class_counts(first, second, taxonomy=RAABIN, level=FIVE, rule=rule) == expected


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(InputError, match="expected 1, found 2"):
        agreement_report(["s"], ["smudge"], ["smudge", "band"], taxonomy=RAABIN)
    with pytest.raises(InputError, match="not one smear a cell"):
        agreement_report(["s", "t"], ["smudge"], ["smudge"], taxonomy=RAABIN)
    with pytest.raises(UnknownTerm, match="smudge"):
        agreement_report(["s"], ["smudg"], ["smudge"], taxonomy=RAABIN)
    with pytest.raises(UnknownTerm, match="five-class"):
        agreement_report(["s"], ["smudge"], ["smudge"], taxonomy=RAABIN, level="six-class")
    with pytest.raises(InputError, match="'after' or 'before'"):
        agreement_report(["s"], ["smudge"], ["smudge"], taxonomy=RAABIN, merge="during")
    with pytest.raises(InputError, match="'released' or 'merged'"):
        class_counts(["smudge"], ["smudge"], taxonomy=RAABIN, level=FIVE, rule="other")


def test_answers_may_be_arrays():
    first, second = np.array(["smudge", "monocyte"]), np.array(["smudge", "smudge"])
    assert agreement_report(np.array([1, 2]), first, second, taxonomy=RAABIN).equal == 1


def test_what_terms_count_as():
    assert classes_of(RAABIN, FULL) == ()
    assert counted_as(RAABIN, FULL)["lymphocyte.small"] == "lymphocyte.small"
    five = counted_as(RAABIN, FIVE)
    assert five["neutrophil.segmented"] == five["neutrophil"] == "neutrophil"
    assert five["smudge"] == "smudge"
    with pytest.raises(UnknownTerm):
        counted_as(RAABIN, "six-class")
