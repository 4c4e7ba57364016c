"""The paper's claims: each can be held, not held, or untold, and the margin is counted by hand."""

from __future__ import annotations

import pytest

from buffycoat.domain.experiment import TEST_A, TEST_B
from buffycoat.report.experiment.claims import Standing, claims
from buffycoat.report.experiment.estimates import draw
from buffycoat.report.experiment.rows import answers_to, models_of

CELLS = 200


def letters(right: float) -> str:
    """Return answers to as many neutrophils as lymphocytes, this share of each right, spread over the smears."""
    wrong = round((1 - right) * CELLS / 2)
    step = (CELLS // 2) / wrong if wrong else CELLS
    bad = {int(step * place) for place in range(wrong)}
    half = ["x" if place in bad else "ok" for place in range(CELLS // 2)]
    return "".join("e" if each == "x" else "n" for each in half) + "".join("e" if each == "x" else "l" for each in half)


def claimed(hand, scores, cells=CELLS):
    """Return the claims by number for models with these shares right at home and away."""
    truth = "n" * (CELLS // 2) + "l" * (CELLS // 2)
    step = CELLS // cells
    runs = [
        hand.make_run(
            name,
            {TEST_A: letters(home)[::step], TEST_B: letters(away)[::step]},
            kind="features" if name == "features-svm" else "constant" if name == "constant" else "network",
        )
        for name, (home, away) in scores.items()
    ]
    sets = [hand.make_set(name, truth[::step], per_group=1) for name in (TEST_A, TEST_B)]
    return {each.number: each for each in claims_of(hand.make(sets, runs))}


def claims_of(experiment):
    home, away = (
        draw(answers_to(experiment, experiment.set_named(name), models_of(experiment))) for name in (TEST_A, TEST_B)
    )
    return claims(home, away)


PAPER = {"vgg16": (0.99, 0.7), "resnet18": (0.98, 0.3), "densenet121": (0.99, 0.4), "features-svm": (0.94, 0.88)}


def test_what_the_paper_found_is_held_with_margins_counted_by_hand(hand):
    found = claimed(hand, PAPER)
    assert list(found) == ["1", "2", "3a", "3b", "4"]
    assert {each.balanced.standing for each in found.values()} == {Standing.HELD}
    assert {number: each.balanced.margin.value for number, each in found.items()} == pytest.approx(
        {
            "1": 0.94 - 0.90,  # the feature-based method is the lowest
            "2": (0.29 + 0.59) / 2 - 0.10,  # losses 0.06, 0.29, 0.59, 0.68
            "3a": 0.98 - 0.94,
            "3b": 0.29 - 0.06,
            "4": 0.7 - 0.4,
        }
    )


HELD, NOT_HELD, UNKNOWN = Standing.HELD, Standing.NOT_HELD, Standing.UNKNOWN
CASES = [
    ("1", {"vgg16": (0.99, 0.9), "resnet18": (0.98, 0.9)}, HELD),
    ("1", {"vgg16": (0.99, 0.9), "resnet18": (0.7, 0.5)}, NOT_HELD),
    ("1", {"vgg16": (0.99, 0.9), "resnet18": (0.9, 0.9)}, UNKNOWN),
    ("2", {"vgg16": (0.99, 0.5), "resnet18": (0.98, 0.4)}, HELD),
    ("2", {"vgg16": (0.99, 0.97), "resnet18": (0.98, 0.97)}, NOT_HELD),
    ("2", {"vgg16": (0.99, 0.89), "resnet18": (0.98, 0.88)}, UNKNOWN),
    ("2", {"vgg16": (0.99, 0.5)}, UNKNOWN),
    ("3a", {"vgg16": (0.99, 0.5), "features-svm": (0.8, 0.7)}, HELD),
    ("3a", {"vgg16": (0.8, 0.5), "features-svm": (0.99, 0.7)}, NOT_HELD),
    ("3a", {"vgg16": (0.95, 0.5), "features-svm": (0.95, 0.7)}, UNKNOWN),
    ("3a", {"vgg16": (0.95, 0.5)}, UNKNOWN),
    ("3b", {"vgg16": (0.99, 0.4), "features-svm": (0.9, 0.85)}, HELD),
    ("3b", {"vgg16": (0.99, 0.95), "features-svm": (0.9, 0.4)}, NOT_HELD),
    ("3b", {"vgg16": (0.9, 0.8), "features-svm": (0.9, 0.8)}, UNKNOWN),
    ("4", {"vgg16": (0.99, 0.9), "resnet18": (0.98, 0.4)}, HELD),
    ("4", {"vgg16": (0.99, 0.4), "resnet18": (0.98, 0.9)}, NOT_HELD),
    ("4", {"vgg16": (0.99, 0.7), "resnet18": (0.98, 0.7)}, UNKNOWN),
    ("4", {"resnet18": (0.99, 0.7), "densenet121": (0.98, 0.7)}, UNKNOWN),
]


@pytest.mark.parametrize(("number", "scores", "standing"), CASES)
def test_each_claim_has_three_answers(hand, number, scores, standing):
    found = claimed(hand, scores)[number]
    assert found.balanced.standing is standing
    assert found.accuracy.standing is standing


def test_a_claim_about_what_is_not_there_says_what_is_missing(hand):
    found = claimed(hand, {"resnet18": (0.9, 0.5)})
    assert found["2"].balanced.why == "fewer than two models in this experiment"
    assert found["3a"].balanced.why == "no feature-based method in this experiment"
    assert found["4"].balanced.why == "no VGG16, or no other network in this experiment"
    assert found["4"].balanced.margin is None
    alone = claimed(hand, {"features-svm": (0.9, 0.5)})
    assert alone["3b"].balanced.why == "no network in this experiment"


def test_the_constant_baseline_is_no_model(hand):
    with_it = claimed(hand, {"vgg16": (0.99, 0.6), "resnet18": (0.98, 0.5), "constant": (0.5, 0.5)})
    without = claimed(hand, {"vgg16": (0.99, 0.6), "resnet18": (0.98, 0.5)})
    assert {number: each.balanced for number, each in with_it.items()} == {
        number: each.balanced for number, each in without.items()
    }


def test_few_cells_tell_less(hand):
    assert claimed(hand, {"vgg16": (0.99, 0.8), "resnet18": (0.98, 0.6)}, cells=200)["4"].balanced.standing is HELD
    assert claimed(hand, {"vgg16": (0.99, 0.8), "resnet18": (0.98, 0.6)}, cells=10)["4"].balanced.standing is UNKNOWN


def test_by_accuracy_a_claim_may_hold_that_does_not_by_balanced_accuracy(hand):
    # 190 neutrophils, 10 lymphocytes away: VGG16 knows no lymphocyte, ResNet18 all of them but fewer neutrophils.
    truth = "n" * 190 + "l" * 10
    runs = [
        hand.make_run("vgg16", {TEST_A: truth, TEST_B: "n" * 200}),
        hand.make_run("resnet18", {TEST_A: truth, TEST_B: "n" * 150 + "e" * 40 + "l" * 10}),
    ]
    sets = [hand.make_set(name, truth, per_group=1) for name in (TEST_A, TEST_B)]
    claim = claims_of(hand.make(sets, runs))[-1]
    assert (claim.balanced.standing, claim.accuracy.standing) == (NOT_HELD, HELD)
