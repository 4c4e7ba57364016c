"""What the paper says of its Tables 8 and 9, held against these results: held, not held, or cannot tell."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from buffycoat.domain.value import value
from buffycoat.metrics.resampling import accuracies
from buffycoat.report.experiment.estimates import Draws, Estimate, balanced_over, estimate_difference
from buffycoat.report.experiment.falls import Pair, paired, shared_classes
from buffycoat.report.experiment.rows import CONSTANT, FEATURES

__all__ = ["ACCEPTABLE", "DRAMATIC", "Claim", "Finding", "Standing", "claims"]

ACCEPTABLE: Final = 0.90
"""From which score on test-A an outcome is acceptable. The paper names no number; its lowest row has 0.9465."""
DRAMATIC: Final = 0.10
"""From which loss a decrease is dramatic. The paper names no number."""


class Standing(StrEnum):
    """Whether a claim holds here."""

    HELD = "held"
    NOT_HELD = "not held"
    UNKNOWN = "cannot tell"


@value
class Finding:
    """A claim by one measure.

    ``margin`` is by how much it holds, in shares of 1: above 0 it holds in these cells. It is held where the whole
    interval lies above 0, and not held where the whole interval lies below.
    """

    standing: Standing
    margin: Estimate | None
    why: str


@value
class Claim:
    """One sentence of the paper, how it is put to the test, and what was found by two measures."""

    number: str
    text: str
    test: str
    balanced: Finding
    accuracy: Finding


Margin = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]]
"""From scores at home and away, shape (..., models), to a margin, shape (...)."""


def claims(home: Draws, away: Draws, /) -> tuple[Claim, ...]:
    """Return the paper's claims, put to the test on the models of an experiment; the constant baseline is no model.

    The score away, and the one at home that it is compared with, are over the classes that both sets have; the score at
    home by itself is over all of its classes. Accuracy is that over all cells of each set.
    """
    shared = balanced_over(shared_classes(home, away))
    by_balanced = paired(home, away, shared, shared)
    alone = paired(home, away, balanced_over(home.answers.present), shared)
    by_accuracy = paired(home, away, accuracies, accuracies)

    def both(number: str, text: str, test: str, what: str) -> Claim:
        return Claim(
            number=number,
            text=text,
            test=test,
            balanced=_finding(alone if what in _AT_HOME else by_balanced, what),
            accuracy=_finding(by_accuracy, what),
        )

    return (
        both(
            "1",
            "All methods have an acceptable outcome on test-A.",
            f"The lowest score on test-A, less {100 * ACCEPTABLE:.0f} %.",
            "acceptable",
        ),
        both(
            "2",
            "Most of the models decrease dramatically on test-B.",
            f"The median loss of all models, less {100 * DRAMATIC:.0f} points.",
            "most-fall",
        ),
        both(
            "3a",
            "The feature-based method has the lowest score on test-A.",
            "The lowest score of a network on test-A, less that of the feature-based method.",
            "lowest",
        ),
        both(
            "3b",
            "The feature-based method has the least reduction.",
            "The smallest loss of a network, less that of the feature-based method.",
            "falls-least",
        ),
        both(
            "4",
            "Among the networks, VGG16 has relatively more generalizability.",
            "The score of VGG16 on test-B, less the best of the other networks.",
            "vgg16-best",
        ),
    )


_AT_HOME = {"acceptable", "lowest"}


def _finding(pair: Pair, what: str) -> Finding:
    judged = np.array([model.kind != CONSTANT for model in pair.models], bool)
    feature = np.array([model.kind == FEATURES for model in pair.models], bool)
    network = judged & ~feature
    vgg16 = np.array([model.key == "vgg16" for model in pair.models], bool)
    lacking = {
        "acceptable": "" if judged.any() else "no model",
        "most-fall": "" if judged.sum() > 1 else "fewer than two models",
        "lowest": _lacks(feature, network),
        "falls-least": _lacks(feature, network),
        "vgg16-best": "" if vgg16.any() and (network & ~vgg16).any() else "no VGG16, or no other network",
    }[what]
    if lacking:
        return Finding(standing=Standing.UNKNOWN, margin=None, why=f"{lacking} in this experiment")
    margins: dict[str, Margin] = {
        "acceptable": lambda at_home, _: at_home[..., judged].min(axis=-1) - ACCEPTABLE,
        "most-fall": lambda at_home, away: np.median((at_home - away)[..., judged], axis=-1) - DRAMATIC,
        "lowest": lambda at_home, _: at_home[..., network].min(axis=-1) - at_home[..., feature].max(axis=-1),
        "falls-least": lambda at_home, away: (
            (at_home - away)[..., network].min(axis=-1) - (at_home - away)[..., feature].max(axis=-1)
        ),
        "vgg16-best": lambda _, away: away[..., vgg16].min(axis=-1) - away[..., network & ~vgg16].max(axis=-1),
    }
    drawn = None
    if pair.drawn_home is not None and pair.drawn_away is not None:
        drawn = margins[what](pair.drawn_home, pair.drawn_away)
    return _judged(estimate_difference(float(margins[what](pair.home, pair.away)), drawn))


def _lacks(feature: NDArray[np.bool_], network: NDArray[np.bool_]) -> str:
    missing = [name for name, there in (("feature-based method", feature), ("network", network)) if not there.any()]
    return f"no {' and no '.join(missing)}" if missing else ""


def _judged(margin: Estimate) -> Finding:
    if margin.value is None:
        return Finding(standing=Standing.UNKNOWN, margin=None, why="a score is undefined: a set has no cell")
    if margin.interval is None:
        return Finding(standing=Standing.UNKNOWN, margin=margin, why="too few cells for an interval")
    low, high = margin.interval
    if low > 0:
        return Finding(standing=Standing.HELD, margin=margin, why="")
    if high < 0:
        return Finding(standing=Standing.NOT_HELD, margin=margin, why="")
    return Finding(standing=Standing.UNKNOWN, margin=margin, why="the interval holds 0")
