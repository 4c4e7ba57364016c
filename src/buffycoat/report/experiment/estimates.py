"""A score of each model with its interval: draws of smears, and of seeds where there are several."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from buffycoat.domain.value import value
from buffycoat.metrics.intervals import wilson
from buffycoat.metrics.resampling import (
    accuracies,
    balanced_accuracies,
    draw_confusions,
    macro_f1s,
    percentiles,
    scores_by_class,
)
from buffycoat.report.experiment.rows import CONSTANT, Answers

__all__ = [
    "ROUNDS",
    "Draws",
    "Estimate",
    "Overall",
    "Stat",
    "balanced_over",
    "by_class",
    "draw",
    "equivalent_cells",
    "estimate_difference",
    "estimates",
    "overall",
]

ROUNDS = 1000
Stat = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""From confusion matrices of shape (..., runs, classes, answers) to numbers of shape (..., runs)."""


@value
class Estimate:
    """A number with its 95 % interval; ``None`` where it is undefined, which is not zero.

    ``seeds`` is the range over seeds where there are several.
    """

    value: float | None
    interval: tuple[float, float] | None = None
    seeds: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Draws:
    """Confusion matrices of a test set: of all cells, and of drawn ones.

    ``whole`` has shape (runs, classes, answers), ``drawn`` (rounds, runs, classes, answers), or nothing where there are
    fewer than two units.
    """

    answers: Answers
    whole: NDArray[np.float64]
    drawn: NDArray[np.float64] | None
    seed: int

    def of_models(self, stat: Stat) -> NDArray[np.float64]:
        """Return a number for each model, the mean over its seeds: shape (models,)."""
        runs = stat(self.whole)
        places = range(len(self.answers.models))
        return np.array([_mean(runs[self.answers.owners == place]) for place in places], np.float64)

    def drawn_of_models(self, stat: Stat) -> NDArray[np.float64] | None:
        """Return a number for each model in each draw, shape (rounds, models).

        Where a model has several seeds, they are drawn as well: the same ones in the same round of every test set.
        """
        if self.drawn is None:
            return None
        runs = stat(self.drawn)
        columns = []
        for place in range(len(self.answers.models)):
            own = runs[:, np.flatnonzero(self.answers.owners == place)]
            seeds = own.shape[1]
            picks = np.random.default_rng([self.seed, place]).integers(seeds, size=(len(own), seeds))
            columns.append(_mean(np.take_along_axis(own, picks, axis=1)))
        return np.stack(columns, axis=1) if columns else np.empty((len(runs), 0))


def draw(answers: Answers, /, *, seed: int = 0, rounds: int = ROUNDS) -> Draws:
    """Draw whole units of a test set with replacement, the same ones for all models."""
    by_group = answers.by_group()
    return Draws(
        answers=answers,
        whole=answers.confusions().astype(np.float64),
        drawn=draw_confusions(by_group, seed=[seed, *answers.of.name.encode()], rounds=rounds)
        if len(by_group) > 1
        else None,
        seed=seed,
    )


def balanced_over(classes: tuple[int, ...], /) -> Stat:
    """Return the statistic: mean sensitivity over these classes, undefined in a draw that lacks one of them."""
    return lambda confusions: balanced_accuracies(confusions, classes)


def estimates(draws: Draws, stat: Stat, size: Stat | None = None, /) -> tuple[Estimate, ...]:
    """Return a score of each model with its 95 % interval and its range over seeds.

    A score that is the same in every draw, as where all cells are right, would have an interval of no width. It gets
    Wilson's instead, for a share of ``size`` cells: how many cells a share of the same variance is taken over. The
    constant baseline gets none then, since it cannot do otherwise.
    """
    values = draws.of_models(stat)
    drawn = draws.drawn_of_models(stat)
    runs = stat(draws.whole)
    sizes = None if size is None else draws.of_models(size)
    found = []
    for place, number in enumerate(values):
        if np.isnan(number):
            found.append(Estimate(value=None))
            continue
        interval = None if drawn is None else percentiles(drawn[:, place])
        flat = interval is None or interval[0] == interval[1]
        if flat and draws.answers.models[place].kind == CONSTANT:
            interval = None
        elif flat and sizes is not None and sizes[place] > 0:
            interval = wilson(min(1.0, max(0.0, float(number))) * sizes[place], float(sizes[place]))
        own = runs[draws.answers.owners == place]
        seeds = (float(np.nanmin(own)), float(np.nanmax(own))) if len(own) > 1 else None
        found.append(Estimate(value=float(number), interval=interval, seeds=seeds))
    return tuple(found)


def estimate_difference(number: float, drawn: NDArray[np.float64] | None, /) -> Estimate:
    """Return a difference with the interval of its draws."""
    if np.isnan(number):
        return Estimate(value=None)
    return Estimate(value=float(number), interval=None if drawn is None else percentiles(drawn))


def cells_of(confusions: NDArray[np.float64], /) -> NDArray[np.float64]:
    """Return how many cells each matrix has."""
    return np.asarray(confusions.sum(axis=(-2, -1)))


def equivalent_cells(confusions: NDArray[np.float64], /) -> NDArray[np.float64]:
    """Return over how many cells a single share would vary as the mean of the sensitivities does, were all alike."""
    cells = confusions.sum(axis=-1)
    there = cells > 0
    spread = np.where(there, 1 / np.maximum(cells, 1), 0.0).sum(axis=-1)
    return np.asarray(there.sum(axis=-1) ** 2 / np.maximum(spread, 1e-12))


def _mean(runs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean over the last axis of what is defined; not a number where nothing is."""
    there = ~np.isnan(runs)
    count = there.sum(axis=-1)
    return np.where(count > 0, np.where(there, runs, 0.0).sum(axis=-1) / np.maximum(count, 1), np.nan)


@value
class Overall:
    """A model's scores on a test set, all with intervals; ``unanswered`` counts cells without an answer, by run."""

    label: str
    kind: str
    accuracy: Estimate
    balanced: Estimate
    macro_f1: Estimate
    unanswered: float
    seeds: int


def overall(draws: Draws, /) -> tuple[Overall, ...]:
    """Return a row of the overall table for each model."""
    present = draws.answers.present
    rows = zip(
        draws.answers.models,
        estimates(draws, accuracies, cells_of),
        estimates(draws, balanced_over(present), equivalent_cells),
        estimates(draws, lambda confusions: macro_f1s(confusions, present), equivalent_cells),
        draws.of_models(lambda confusions: confusions[..., -1].sum(axis=-1)),
        strict=True,
    )
    return tuple(
        Overall(
            label=model.label,
            kind=model.kind,
            accuracy=accuracy,
            balanced=balanced,
            macro_f1=macro,
            unanswered=float(unanswered),
            seeds=len(model.runs),
        )
        for model, accuracy, balanced, macro, unanswered in rows
    )


def by_class(draws: Draws, /) -> tuple[tuple[tuple[Estimate, ...], ...], ...]:
    """Return for each model and class precision, sensitivity, F1 and accuracy (equations 1 to 4)."""
    classes = range(len(draws.answers.classes))
    columns = [
        [estimates(draws, _one_of(place, measure), _size_of(place, measure)) for measure in range(4)]
        for place in classes
    ]
    models = range(len(draws.answers.models))
    return tuple(
        tuple(tuple(columns[place][measure][model] for measure in range(4)) for place in classes) for model in models
    )


def _one_of(place: int, measure: int) -> Stat:
    return lambda confusions: scores_by_class(confusions)[..., place, measure]


def _size_of(place: int, measure: int) -> Stat:
    def size(confusions: NDArray[np.float64]) -> NDArray[np.float64]:
        true, said = confusions[..., place, :].sum(axis=-1), confusions[..., :, place].sum(axis=-1)
        sizes = (said, true, true + said - confusions[..., place, place], cells_of(confusions))
        return np.asarray(sizes[measure])

    return size
