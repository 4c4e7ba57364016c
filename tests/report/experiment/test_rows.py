"""Who answered what: rows, answers that are not there, and answers restricted to the classes of a set."""

from __future__ import annotations

import pytest

from buffycoat.domain.experiment import TEST_A, TEST_B, Predictions
from buffycoat.errors import InputError
from buffycoat.report.experiment.estimates import draw, overall
from buffycoat.report.experiment.rows import answers_to, models_of, restricted_to


def answers(experiment, name=TEST_A):
    return answers_to(experiment, experiment.set_named(name), models_of(experiment))


def test_seeds_of_a_model_are_one_row_and_other_weights_another(hand):
    said = {TEST_A: "nn"}
    runs = [
        hand.make_run("vgg16", said, seed=0),
        hand.make_run("vgg16", said, seed=1),
        hand.make_run("vgg16", said, weights="from scratch"),
    ]
    rows = models_of(hand.make([hand.make_set(TEST_A, "nn")], runs))
    assert [(row.label, len(row.runs)) for row in rows] == [("VGG16", 2), ("VGG16 (from scratch)", 1)]


def test_three_cells_in_which_no_nucleus_was_found_are_three_errors(hand):
    run = hand.make_run("features-svm", {TEST_A: "nnnnn---ll"}, kind="features")
    found = answers(hand.make([hand.make_set(TEST_A, "nnnnnnnnll")], [run]))
    matrix = found.confusions()[0]
    assert matrix[hand.CLASSES.index("neutrophil")].tolist() == [0, 0, 0, 0, 5, 3]
    (row,) = overall(draw(found))
    assert row.unanswered == 3
    assert row.accuracy.value == 7 / 10
    assert row.balanced.value == (5 / 8 + 1) / 2


def test_one_smear_is_drawn_by_cell_and_many_are_drawn_whole(hand):
    run = hand.make_run("vgg16", {TEST_A: "nnll"})
    assert answers(hand.make([hand.make_set(TEST_A, "nnll", per_group=4)], [run])).unit == "cell"
    assert (
        answers(hand.make([hand.make_set(TEST_A, "nnll", per_group=2, grouped_by="photograph")], [run])).unit
        == "photograph"
    )


def test_a_model_that_has_not_answered_a_set_with_every_seed_is_left_out_of_it(hand):
    runs = [hand.make_run("vgg16", {TEST_A: "nn", TEST_B: "nn"}), hand.make_run("vgg16", {TEST_A: "nn"}, seed=1)]
    experiment = hand.make([hand.make_set(TEST_A, "nn"), hand.make_set(TEST_B, "nn")], runs)
    assert [len(answers(experiment, name).models) for name in (TEST_A, TEST_B)] == [1, 0]
    assert overall(draw(answers(experiment, TEST_B))) == ()


def test_restricted_answers_are_the_best_of_the_classes_that_the_set_has(hand):
    # Answers of monocyte: the first is next a lymphocyte, the second next a neutrophil.
    rows = ((0.0, 0.0, 0.3, 0.5, 0.2), (0.0, 0.0, 0.1, 0.5, 0.4), (), (0.1, 0.0, 0.6, 0.1, 0.2))
    told = Predictions(terms=("monocyte", "monocyte", None, "lymphocyte"), probabilities=rows)
    plain = hand.make_run("vgg16", {TEST_B: "mm-l"})
    network = hand.with_said(plain, {TEST_B: told})
    runs = [
        network,
        hand.make_run("features-svm", {TEST_B: "nnnn"}, kind="features"),
        hand.make_run("constant", {TEST_B: "eeee"}, kind="constant"),
    ]
    found = answers(hand.make([hand.make_set(TEST_B, "lnnl")], runs), TEST_B)
    narrow = restricted_to(found, found.present, commonest=[1, 4, 2, 0, 3])
    assert [model.key for model in narrow.models] == ["vgg16", "constant"]
    lymphocyte, neutrophil = hand.CLASSES.index("lymphocyte"), hand.CLASSES.index("neutrophil")
    assert narrow.said.tolist() == [[lymphocyte, neutrophil, -1, lymphocyte], [neutrophil] * 4]


def test_numbers_that_only_order_can_be_restricted_too(hand):
    plain = hand.make_run("features-svm", {TEST_B: "me"}, kind="features")
    told = Predictions(
        terms=("monocyte", "eosinophil"), scores=((-1.0, 3.0, 2.5, 4.0, 2.0), (0.0, 9.0, -3.0, 0.0, -2.0))
    )
    run = hand.with_said(plain, {TEST_B: told})
    found = answers(hand.make([hand.make_set(TEST_B, "ln")], [run]), TEST_B)
    assert restricted_to(found, found.present, commonest=range(5)).said.tolist() == [[2, 4]]
    assert found.probable == (False,)


def test_a_true_class_that_is_none_of_the_experiments_is_refused(hand):
    experiment = hand.make([hand.make_set(TEST_A, "nn")], [hand.make_run("vgg16", {TEST_A: "nn"})])
    strange = type(experiment.sets[0])(name=TEST_B, cells=("a",), truth=("band",), groups=("s",))
    with pytest.raises(InputError, match="test-B: a true class"):
        answers_to(experiment, strange, models_of(experiment))
