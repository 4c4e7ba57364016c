"""Calibration and curves of models, and cells that most of them got wrong, counted by hand."""

from __future__ import annotations

import pytest

from buffycoat.domain.experiment import TEST_B, Predictions
from buffycoat.metrics.intervals import wilson
from buffycoat.report.experiment.rows import answers_to, models_of
from buffycoat.report.experiment.sureness import curves, trust
from buffycoat.report.experiment.worst import disagreements, worst_errors


def asked(hand, truth, runs, **more):
    experiment = hand.make([hand.make_set(TEST_B, truth, **more)], runs)
    return answers_to(experiment, experiment.sets[0], models_of(experiment))


def test_a_model_that_is_always_six_tenths_sure_and_always_right_is_four_tenths_off(hand):
    network, svm = trust(
        asked(
            hand,
            "nnll",
            [
                hand.make_run("vgg16", {TEST_B: "nnll"}),
                hand.make_run("features-svm", {TEST_B: "nnll"}, kind="features"),
                hand.make_run("constant", {TEST_B: "nnnn"}, kind="constant"),
            ],
        )
    )
    assert network.error.value == pytest.approx(0.4)
    assert network.error.interval == pytest.approx((0.4, 0.4))
    assert network.over == pytest.approx(-0.4)
    assert len(network.first.bins) == 4
    assert (svm.error.value, svm.why) == (None, "it gives no probabilities")


def test_a_cell_without_an_answer_is_not_sure_and_wrong(hand):
    (network,) = trust(asked(hand, "nn", [hand.make_run("vgg16", {TEST_B: "n-"})], per_group=1))
    assert [(each.confidence, each.right) for each in network.first.bins] == [(0.0, 0.0), (0.6, 1.0)]


def test_numbers_that_only_order_make_curves_but_no_calibration(hand):
    plain = hand.make_run("features-svm", {TEST_B: "nl"}, kind="features")
    said = Predictions(
        terms=("neutrophil", "lymphocyte"), scores=((0.0, 0.0, 1.0, 0.0, 5.0), (0.0, 0.0, 2.0, 0.0, -1.0))
    )
    found = asked(hand, "nl", [hand.with_said(plain, {TEST_B: said})])
    assert trust(found)[0].first is None
    (drawn,) = curves(found)
    assert [(term, each.roc_area) for term, each in drawn.by_class] == [("lymphocyte", 1.0), ("neutrophil", 1.0)]


def test_a_cell_without_an_answer_comes_last_in_every_curve(hand):
    (drawn,) = curves(asked(hand, "nnl", [hand.make_run("vgg16", {TEST_B: "-nl"})]))
    by_class = dict(drawn.by_class)
    # Of the two neutrophils one scores 0.6, the other nothing; the lymphocyte scores 0.1 as a neutrophil.
    assert by_class["neutrophil"].roc_area == 0.5


def test_the_cells_that_most_got_wrong_come_first_with_what_was_said(hand):
    runs = [
        hand.make_run("vgg16", {TEST_B: "nmel"}),
        hand.make_run("resnet18", {TEST_B: "nme-"}),
        hand.make_run("densenet121", {TEST_B: "nnml"}),
        hand.make_run("constant", {TEST_B: "nnnn"}, kind="constant"),
    ]
    words = (("neutrophil", "neutrophil"), ("neutrophil", "band"), ("lymphocyte",), ())
    found = worst_errors(asked(hand, "nnll", runs, experts=words), {(TEST_B, "test-B/2.jpg"): b"jpeg"})
    assert [(each.cell, each.wrong, each.runs) for each in found] == [
        ("test-B/2.jpg", 3, 3),
        ("test-B/1.jpg", 2, 3),
        ("test-B/3.jpg", 1, 3),
    ]
    assert found[0].said == (("eosinophil", 2), ("monocyte", 1))
    assert found[2].said == ((None, 1),)
    assert [each.differed for each in found] == [None, True, None]
    assert [each.jpeg for each in found] == [b"jpeg", None, None]
    assert len(worst_errors(asked(hand, "nnll", runs), {}, shown=2)) == 2


def test_of_cells_that_as_many_got_wrong_the_surest_error_comes_first(hand):
    plain = hand.make_run("vgg16", {TEST_B: "ll"})
    rows = ((0.0, 0.0, 0.5, 0.1, 0.4), (0.0, 0.0, 0.9, 0.0, 0.1))
    run = hand.with_said(plain, {TEST_B: Predictions(terms=("lymphocyte",) * 2, probabilities=rows)})
    assert [each.cell for each in worst_errors(asked(hand, "nn", [run]), {})] == ["test-B/1.jpg", "test-B/0.jpg"]


def test_errors_are_held_against_the_disagreement_of_experts(hand):
    # Wrong on cells 0, 1, 2: experts differed on 0 and 1. Right on 3 and 4: they differed on 4. Nobody read cell 5.
    words = (("a", "b"), ("a", "b"), ("a", "a"), ("a", "a"), ("a", "b"), ("a",))
    (found,) = disagreements(asked(hand, "nnnnnn", [hand.make_run("vgg16", {TEST_B: "lllnnl"})], experts=words))
    assert (found.wrong, found.right) == (3, 2)
    assert (found.wrong_differed.value, found.right_differed.value) == (2 / 3, 1 / 2)
    assert found.wrong_differed.interval == wilson(2, 3)
    assert disagreements(asked(hand, "nn", [hand.make_run("vgg16", {TEST_B: "nn"})])) == ()
