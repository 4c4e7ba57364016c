"""Tables 7, 8 and 9 against figures counted by hand."""

from __future__ import annotations

import csv
import io

import pytest

from buffycoat.domain.experiment import TEST_A, TEST_B, TRAIN
from buffycoat.metrics.intervals import wilson
from buffycoat.report.experiment.estimates import by_class, draw, overall
from buffycoat.report.experiment.findings import find, table_files
from buffycoat.report.experiment.paper_tables import paper_table
from buffycoat.report.experiment.rows import answers_to, models_of

# Ten neutrophils of which eight are told, two called lymphocyte; five lymphocytes, four told, one not answered at all.
TRUTH = "nnnnnnnnnn" + "lllll"
SAID = "nnnnnnnnll" + "llll-"


@pytest.fixture
def experiment(hand):
    runs = [
        hand.make_run("vgg16", {TEST_A: SAID}),
        hand.make_run("constant", {TEST_A: "n" * 15}, kind="constant"),
    ]
    return hand.make([hand.make_set(TRAIN, "nnnll"), hand.make_set(TEST_A, TRUTH, per_group=3)], runs)


def drawn_of(experiment, name=TEST_A, seed=0):
    return draw(answers_to(experiment, experiment.set_named(name), models_of(experiment)), seed=seed)


def test_the_four_equations_by_hand(experiment, hand):
    terms = by_class(drawn_of(experiment))[0]
    numbers = {name: [each.value for each in terms[hand.CLASSES.index(name)]] for name in ("neutrophil", "lymphocyte")}
    # Neutrophil: TP 8, FP 0, FN 2, TN 5. Lymphocyte: TP 4, FP 2, FN 1, TN 8.
    assert numbers["neutrophil"] == pytest.approx([8 / 8, 8 / 10, 16 / 18, 13 / 15])
    assert numbers["lymphocyte"] == pytest.approx([4 / 6, 4 / 5, 8 / 11, 12 / 15])
    # Nobody is a basophil and nobody is called one: precision, sensitivity and F1 are 0/0.
    assert [each.value for each in terms[0]] == [None, None, None, 1.0]
    for each in terms[hand.CLASSES.index("lymphocyte")]:
        assert each.interval[0] <= each.value <= each.interval[1]


def test_scores_as_a_whole_by_hand(experiment):
    network, constant = overall(drawn_of(experiment))
    assert network.accuracy.value == pytest.approx(12 / 15)
    assert network.balanced.value == pytest.approx((8 / 10 + 4 / 5) / 2)
    assert network.macro_f1.value == pytest.approx((16 / 18 + 8 / 11) / 2)
    assert (network.unanswered, network.seeds, network.accuracy.seeds) == (1, 1, None)
    assert (constant.accuracy.value, constant.balanced.value) == (pytest.approx(10 / 15), 0.5)
    assert constant.balanced.interval is None


def test_what_is_always_right_has_the_interval_of_wilson(hand):
    experiment = hand.make([hand.make_set(TEST_A, "nnnnllll")], [hand.make_run("vgg16", {TEST_A: "nnnnllll"})])
    (row,) = overall(drawn_of(experiment))
    assert row.accuracy.value == 1.0
    assert row.accuracy.interval == pytest.approx(wilson(8, 8))
    assert row.balanced.interval == pytest.approx(wilson(8, 8))


def test_seeds_are_averaged_and_their_range_is_told(hand):
    runs = [hand.make_run("vgg16", {TEST_A: said}, seed=seed) for seed, said in enumerate(("nnnn", "nnll", "nlll"))]
    (row,) = overall(drawn_of(hand.make([hand.make_set(TEST_A, "nnnn")], runs)))
    assert row.accuracy.value == pytest.approx((1 + 0.5 + 0.25) / 3)
    assert row.accuracy.seeds == (0.25, 1.0)
    assert row.seeds == 3


def test_the_same_seed_gives_the_same_intervals_and_another_does_not(drawn):
    experiment = drawn()
    one, again, other = (overall(drawn_of(experiment, seed=seed)) for seed in (1, 1, 2))
    assert one == again
    assert one != other


def test_table_8_names_the_set_and_says_what_was_reduced(hand, experiment):
    table = paper_table(drawn_of(experiment), number="8", reduced=("64 pixels instead of 224",))
    assert table.title == "In the layout of the paper's Table 8: test-A"
    assert table.classes == ("neutrophil", "lymphocyte")
    assert table.notes[0] == "Reduced, so these are not the paper's figures: 64 pixels instead of 224."
    assert "no basophil and no eosinophil and no monocyte" in table.notes[1]


def test_the_table_as_csv_has_every_number_with_its_interval(experiment):
    table = paper_table(drawn_of(experiment), number="8", reduced=())
    header, first, last = csv.reader(io.StringIO(table.to_csv()))
    found, constant = dict(zip(header, first, strict=True)), dict(zip(header, last, strict=True))
    assert found["model"] == "VGG16"
    assert found["Neutrophil P"] == "100.00"
    assert (found["Lymphocyte S"], found["accuracy"], found["no answer"]) == ("80.00", "80.00", "1.0")
    assert float(found["accuracy low"]) < 80 < float(found["accuracy high"])
    assert constant["Lymphocyte P"] == "–"
    assert len(header) == 1 + 3 * (2 * 4 + 3) + 2


def test_the_table_as_latex_stands_under_its_classes(experiment):
    lines = paper_table(drawn_of(experiment), number="8", reduced=("5 % of the cells",)).to_latex().splitlines()
    assert r"\caption{In the layout of the paper's Table 8: test-A}" in lines
    assert r" & \multicolumn{4}{c}{Neutrophil} & \multicolumn{4}{c}{Lymphocyte} &  &  \\" in lines
    assert r"\cmidrule(lr){2-5} \cmidrule(lr){6-9}" in lines
    assert any(line.startswith("VGG16 & 100.0 & 80.0 & 88.9 & 86.7 & 66.7 & 80.0 & 72.7 & 80.0") for line in lines)
    assert any(line.startswith(r"Constant & 66.7 & 100.0 & 80.0 & 66.7 & 0$^\dagger$ & 0.0") for line in lines)
    assert any(r"5 \% of the cells" in line for line in lines)
    assert r"\par\smallskip $^\dagger$ 0/0: undefined, printed as 0." in lines
    widths = {line.count("&") for line in lines if line.endswith(r"\\") and "multicolumn" not in line}
    assert widths == {10}


def test_table_7_counts_the_cells_of_each_set_in_the_papers_order(experiment):
    table = find(experiment).counts
    assert table.columns == ("class", "train", "test-A")
    assert table.rows == (
        ("Neutrophil", 3, 10),
        ("Lymphocyte", 2, 5),
        ("Monocyte", None, None),
        ("Eosinophil", None, None),
        ("Basophil", None, None),
        ("all", 5, 15),
    )


def test_files_hold_table_9_restricted_and_not(drawn):
    files = table_files(find(drawn()))
    names = {"table-7", "table-8", "table-9", "table-9-restricted"}
    assert set(files) == {f"{name}.{end}" for name in names for end in ("csv", "tex")}
    assert b"answers restricted to its classes" in files["table-9-restricted.tex"]
    assert b"restricted" not in files["table-9.tex"]
    assert b"stand-in" not in files["table-9.tex"]


def test_what_the_constant_answer_scores_is_worked_out_from_training(hand):
    runs = [hand.make_run("vgg16", {TEST_A: "nnlm", TEST_B: "llll"})]
    sets = [hand.make_set(TRAIN, "nnl"), hand.make_set(TEST_A, "nnlm"), hand.make_set(TEST_B, "llml")]
    found = find(hand.make(sets, runs))
    assert (found.home.constant.term, found.home.constant.accuracy) == ("neutrophil", 0.5)
    assert found.home.constant.balanced == pytest.approx(1 / 3)
    assert (found.away.constant.accuracy, found.away.constant.balanced) == (0.0, 0.0)


def test_confusion_adds_up_seeds_and_has_a_column_for_no_answer(hand):
    runs = [hand.make_run("vgg16", {TEST_A: said}, seed=seed) for seed, said in enumerate(("nl-", "nll"))]
    (matrix,) = find(hand.make([hand.make_set(TEST_A, "nnl")], runs)).home.confusions
    assert matrix.terms == ("lymphocyte", "neutrophil")
    assert matrix.columns == (*hand.CLASSES, "none")
    assert matrix.rows == ((0, 0, 1, 0, 0, 1), (0, 0, 2, 0, 2, 0))
