"""What is lost from test-A to test-B, like for like, and the verdict on it."""

from __future__ import annotations

import pytest

from buffycoat.domain.experiment import TEST_A, TEST_B, TRAIN
from buffycoat.report.experiment.findings import find


def test_the_fall_is_over_the_classes_that_both_sets_have(hand):
    # At home: neutrophil 8/10, lymphocyte 10/10, monocyte 0/10. Away: neutrophil 5/10, lymphocyte 2/10.
    home, away = "n" * 10 + "l" * 10 + "m" * 10, "n" * 10 + "l" * 10
    said = {TEST_A: "nnnnnnnnll" + "l" * 10 + "n" * 10, TEST_B: "nnnnneeeee" + "llmmmmmmmm"}
    sets = [hand.make_set(TRAIN, "nnl"), hand.make_set(TEST_A, home), hand.make_set(TEST_B, away)]
    found = find(hand.make(sets, [hand.make_run("vgg16", said)]))
    assert found.shared == ("lymphocyte", "neutrophil")
    (fall,) = found.falls
    assert fall.home.value == pytest.approx((0.8 + 1) / 2)
    assert fall.away.value == pytest.approx((0.5 + 0.2) / 2)
    assert fall.fall.value == pytest.approx(0.9 - 0.35)
    assert fall.fall.interval[0] < 0.55 < fall.fall.interval[1]
    assert fall.home_all.value == pytest.approx((0.8 + 1 + 0) / 3)
    assert (fall.accuracy_home.value, fall.accuracy_away.value) == (pytest.approx(18 / 30), pytest.approx(7 / 20))
    assert fall.accuracy_fall.value == pytest.approx(18 / 30 - 7 / 20)
    # Of the rest all classes are alike, so the first one that is allowed is taken: lymphocyte.
    assert fall.restricted.value == pytest.approx((0.5 + 1) / 2)
    assert fall.restricted_fall.value == pytest.approx(0.9 - 0.75)


def test_the_interval_of_a_fall_is_that_of_two_independent_shares(hand):
    # 180 of 200 right at home, 120 of 200 away, each cell a smear: the normal interval is 0.3 ± 1.96 * 0.0406.
    said = {TEST_A: "n" * 180 + "l" * 20, TEST_B: "n" * 120 + "l" * 80}
    sets = [hand.make_set(name, "n" * 200, per_group=1) for name in said]
    (fall,) = find(hand.make(sets, [hand.make_run("vgg16", said)])).falls
    half = 1.96 * (0.9 * 0.1 / 200 + 0.6 * 0.4 / 200) ** 0.5
    assert fall.fall.interval == pytest.approx((0.3 - half, 0.3 + half), abs=0.012)


def test_sets_without_a_class_in_common_have_no_fall_and_the_verdict_says_so(hand):
    sets = [hand.make_set(TEST_A, "nnnn"), hand.make_set(TEST_B, "llll")]
    found = find(hand.make(sets, [hand.make_run("vgg16", {TEST_A: "nnnn", TEST_B: "llln"})]))
    assert (found.falls, found.claims) == ((), ())
    assert "no class in common" in found.verdict[1]


def test_without_a_test_set_away_the_verdict_says_that_nothing_is_known(hand):
    found = find(hand.make([hand.make_set(TEST_A, "nnll")], [hand.make_run("vgg16", {TEST_A: "nnll"})]))
    assert found.away is None
    assert found.verdict[0].startswith("Best on test-A: VGG16, balanced accuracy 100.0 %")
    assert (
        found.verdict[1]
        == "There is no test set of another laboratory: how the models do in the next one is not known."
    )


def test_the_verdict_names_the_best_the_least_and_the_most(hand):
    letters = {TEST_A: "n" * 20 + "l" * 20, TEST_B: "n" * 20 + "l" * 20}
    away = {"vgg16": "n" * 16 + "l" * 24, "resnet18": "l" * 40, "features-svm": "n" * 12 + "l" * 28}
    home = {"vgg16": letters[TEST_A], "resnet18": letters[TEST_A], "features-svm": "n" * 14 + "l" * 26}
    runs = [
        hand.make_run(name, {TEST_A: home[name], TEST_B: away[name]}, kind="features" if "svm" in name else "network")
        for name in away
    ]
    sets = [hand.make_set(TRAIN, "nnl"), *(hand.make_set(name, truth) for name, truth in letters.items())]
    first, second, third, fourth = find(hand.make(sets, runs)).verdict
    assert first.startswith("Best on test-B: VGG16, balanced accuracy 90.0 % (95 % interval ")
    assert "it loses 10.0 points from test-A (95 % interval " in first
    assert second.startswith("Of 3 models Feature-based SVM loses least (5.0 points, ")
    assert "ResNet18 most (50.0 points, 50.0 to 50.0)" in second
    assert third.startswith("The order of models at home and away has a rank correlation of ")
    assert fourth.startswith(
        "In accuracy, always answering the class that is commonest in training scores 50.0 % on test-B"
    )
    assert "2 of 3 models lie above it" in fourth


def test_the_verdict_calls_a_stand_in_by_its_name(hand):
    sets = [hand.make_set(TEST_A, "nnll"), hand.make_set(TEST_B, "nnll", stand_in="Barcelona")]
    found = find(hand.make(sets, [hand.make_run("vgg16", {TEST_A: "nnll", TEST_B: "nnnl"})]))
    assert found.verdict[0].startswith("Best on stand-in for test-B: Barcelona: VGG16")
    assert found.away.paper.title == "In the layout of the paper's Table 9: stand-in for test-B: Barcelona"
