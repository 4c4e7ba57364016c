"""Whether the models' probabilities can be trusted, and what their scores are worth at every threshold."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from buffycoat.domain.value import value
from buffycoat.metrics.calibration import Reliability, reliability
from buffycoat.metrics.operating_curves import OperatingCurves, operating_curves
from buffycoat.metrics.resampling import percentiles
from buffycoat.report.experiment.estimates import Estimate
from buffycoat.report.experiment.rows import CONSTANT, Answers

__all__ = ["Curves", "Trust", "curves", "trust"]

_ROUNDS = 200
_BINS = 10


@value
class Trust:
    """How far a model's confidence and the truth lie apart.

    ``error`` is the expected calibration error, mean over seeds, with its interval over drawn units; ``first`` is the
    reliability of the first seed, for the picture. ``why`` says why there is none.
    """

    label: str
    error: Estimate
    over: float | None
    first: Reliability | None
    why: str = ""


@value
class Curves:
    """ROC and precision over recall of a model's first seed, one a class that the set has, by its term."""

    label: str
    by_class: tuple[tuple[str, OperatingCurves], ...]


def trust(answers: Answers, /, *, seed: int = 0) -> tuple[Trust, ...]:
    """Return for each model how far its probabilities can be trusted, in ten bins of equal count.

    A cell without an answer has confidence 0 and is wrong. A model without probabilities is told as such.
    """
    found = []
    for place, model in enumerate(answers.models):
        if model.kind == CONSTANT:
            continue
        runs = [run for run in np.flatnonzero(answers.owners == place).tolist() if answers.probable[run]]
        pairs = [_confidence(answers, run) for run in runs]
        if not pairs or not len(answers.truth):
            why = "it gives no probabilities" if len(answers.truth) else "the set has no cell"
            found.append(Trust(label=model.label, error=Estimate(value=None), over=None, first=None, why=why))
            continue
        each = [reliability(sure, right, bins=_BINS) for sure, right in pairs]
        found.append(
            Trust(
                label=model.label,
                error=Estimate(
                    value=float(np.mean([one.expected_error for one in each])), interval=_interval(answers, pairs, seed)
                ),
                over=float(np.mean([one.over for one in each])),
                first=each[0],
            )
        )
    return tuple(found)


def curves(answers: Answers, /) -> tuple[Curves, ...]:
    """Return the curves of each model that gives numbers for the classes; a cell without an answer comes last."""
    found = []
    for place, model in enumerate(answers.models):
        run = int(np.flatnonzero(answers.owners == place)[0])
        scores = answers.scores[run]
        if scores is None or model.kind == CONSTANT or not len(answers.truth):
            continue
        lowest = np.nanmin(scores) - 1 if not np.isnan(scores).all() else 0.0
        known = np.nan_to_num(scores, nan=lowest)
        by_class = [
            (answers.classes[term], operating_curves(known[:, term], answers.truth == term)) for term in answers.present
        ]
        drawn = tuple((term, each) for term, each in by_class if each is not None)
        if drawn:
            found.append(Curves(label=model.label, by_class=drawn))
    return tuple(found)


def _confidence(answers: Answers, run: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    scores = answers.scores[run]
    said = answers.said[run]
    if scores is None:
        return np.zeros(len(said)), said == answers.truth
    sure = np.nan_to_num(np.take_along_axis(scores, np.maximum(said, 0)[:, None], axis=1)[:, 0])
    return np.clip(np.where(said < 0, 0.0, sure), 0.0, 1.0), said == answers.truth


def _interval(
    answers: Answers, pairs: list[tuple[NDArray[np.float64], NDArray[np.bool_]]], seed: int
) -> tuple[float, float] | None:
    names = list(dict.fromkeys(answers.units))
    if len(names) < 2:
        return None
    numbers = {name: number for number, name in enumerate(names)}
    places = np.array([numbers[unit] for unit in answers.units])
    order = np.argsort(places, kind="stable")
    members = np.split(order, np.cumsum(np.bincount(places))[:-1])
    draws = np.random.default_rng([seed, *answers.of.name.encode()]).integers(len(names), size=(_ROUNDS, len(names)))
    errors = []
    for number, units in enumerate(draws):
        cells = np.concatenate([members[unit] for unit in units])
        sure, right = pairs[number % len(pairs)]
        errors.append(reliability(sure[cells], right[cells], bins=_BINS).expected_error)
    return percentiles(np.array(errors))
