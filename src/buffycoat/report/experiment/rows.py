"""Who answered what: the models of an experiment, and their answers to one test set as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from buffycoat.domain.experiment import FROM_SCRATCH, Experiment, ExperimentRun, ExperimentSet, Predictions
from buffycoat.errors import InputError
from buffycoat.metrics.resampling import confusions_by_group

__all__ = ["CONSTANT", "FEATURES", "Answers", "Model", "answers_to", "models_of", "restricted_to"]

FEATURES, CONSTANT = "features", "constant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One row of a table: a model with the weights that it began with, trained once or with several seeds."""

    key: str
    title: str
    kind: str
    weights: str
    runs: tuple[ExperimentRun, ...]

    @property
    def label(self) -> str:
        """Name of its row; it says where no weights were taken over."""
        return f"{self.title} ({self.weights})" if self.weights == FROM_SCRATCH else self.title


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answers:
    """What all models said of one test set.

    Parameters
    ----------
    of : ExperimentSet
        The set.
    classes : tuple of str
        The terms, in the order of all numbers.
    models : tuple of Model
        Those that answered it, in the order of the rows.
    owners : ndarray
        Shape (runs,): place of each run's model.
    truth : ndarray
        Shape (n,): places of the terms.
    said : ndarray
        Shape (runs, n); ``-1`` where there is no answer, which is an error.
    scores : tuple
        For each run shape (n, classes), higher is likelier, not a number where there is no answer; ``None`` where the
        model gives no numbers.
    probable : tuple of bool
        For each run whether its numbers are probabilities.
    unit : str
        What is drawn for intervals: ``smear``, ``photograph`` or ``cell``.
    units : tuple of str
        The unit of each cell.
    """

    of: ExperimentSet
    classes: tuple[str, ...]
    models: tuple[Model, ...]
    owners: NDArray[np.int64]
    truth: NDArray[np.int64]
    said: NDArray[np.int64]
    scores: tuple[NDArray[np.float64] | None, ...]
    probable: tuple[bool, ...]
    unit: str
    units: tuple[str, ...]

    @property
    def present(self) -> tuple[int, ...]:
        """Places of the classes that the set has."""
        return tuple(sorted(set(self.truth.tolist())))

    @property
    def heading(self) -> str:
        """What a heading calls the set; a stand-in says so."""
        return self.of.heading

    def by_group(self) -> NDArray[np.int64]:
        """Return confusion matrices: shape (units, runs, classes, classes + 1)."""
        return confusions_by_group(self.truth, self.said, self.units, classes=len(self.classes))

    def confusions(self) -> NDArray[np.int64]:
        """Return the confusion matrix of each run: shape (runs, classes, classes + 1)."""
        return self.by_group().sum(axis=0) if len(self.truth) else self._empty()

    def taken(self, cells: NDArray[np.intp]) -> Answers:
        """Return the same for some of the cells; drawn by cell where they are all of one unit."""
        units = tuple(self.units[cell] for cell in cells)
        alone = len(set(units)) < 2
        return Answers(
            of=self.of,
            classes=self.classes,
            models=self.models,
            owners=self.owners,
            truth=self.truth[cells],
            said=self.said[:, cells],
            scores=tuple(None if each is None else each[cells] for each in self.scores),
            probable=self.probable,
            unit="cell" if alone else self.unit,
            units=tuple(self.of.cells[cell] for cell in cells) if alone else units,
        )

    def _empty(self) -> NDArray[np.int64]:
        return np.zeros((len(self.owners), len(self.classes), len(self.classes) + 1), np.int64)


def models_of(experiment: Experiment, /) -> tuple[Model, ...]:
    """Return the rows of all tables, in the order of the runs; seeds of one model with like weights are one row."""
    rows = groupby(experiment.runs, key=lambda run: (run.model, run.title, run.kind, run.weights))
    return tuple(
        Model(key=key, title=title, kind=kind, weights=weights, runs=tuple(runs))
        for (key, title, kind, weights), runs in rows
    )


def answers_to(experiment: Experiment, one: ExperimentSet, models: Sequence[Model], /) -> Answers:
    """Return what the models said of a set; a model that has not answered it with every seed is left out.

    Raises
    ------
    InputError
        If a true term is none of the experiment's classes.
    """
    places = {term: place for place, term in enumerate(experiment.classes)}
    if strange := set(one.truth) - set(places):
        raise InputError(
            f"{one.name}: a true class is none of the experiment's",
            expected=", ".join(experiment.classes),
            found=min(strange),
        )
    there = tuple(model for model in models if all(one.name in run.predictions for run in model.runs))
    given = [run.predictions[one.name] for model in there for run in model.runs]
    said = [[-1 if term is None else places[term] for term in each.terms] for each in given]
    by_cell = len(set(one.groups)) < 2
    return Answers(
        of=one,
        classes=experiment.classes,
        models=there,
        owners=np.array([place for place, model in enumerate(there) for _ in model.runs], np.int64),
        truth=np.array([places[term] for term in one.truth], np.int64),
        said=np.array(said, np.int64).reshape(len(given), len(one.cells)),
        scores=tuple(_scores(each, len(places)) for each in given),
        probable=tuple(bool(each.probabilities) for each in given),
        unit="cell" if by_cell else one.grouped_by,
        units=one.cells if by_cell else one.groups,
    )


def restricted_to(answers: Answers, classes: Sequence[int], /, *, commonest: Sequence[int]) -> Answers:
    """Return the answers of models that may only choose among some classes, as those that a test set has.

    It takes knowledge of the test set, so it is no result by itself: tell it beside the unrestricted one. Models that
    give no numbers for the classes cannot be asked so, and are left out. The constant baseline answers the commonest
    of these classes.

    Parameters
    ----------
    answers : Answers
        Unrestricted.
    classes : sequence of int
        Places of the classes that may be answered.
    commonest : sequence of int
        All classes by falling number of cells in training, for the constant baseline.
    """
    allowed = np.array(sorted(classes), np.int64)
    constant = next((place for place in commonest if place in set(allowed.tolist())), -1)
    rows: list[NDArray[np.int64] | None] = []
    for owner, scores, said in zip(answers.owners, answers.scores, answers.said, strict=True):
        if answers.models[owner].kind == CONSTANT:
            rows.append(np.full_like(said, constant))
        elif scores is None:
            rows.append(None)
        else:
            best = allowed[np.argmax(np.nan_to_num(scores, nan=-np.inf)[:, allowed], axis=1)]
            rows.append(np.where(said < 0, -1, best))
    whole = [
        all(rows[run] is not None for run in np.flatnonzero(answers.owners == place)) for place in _places(answers)
    ]
    kept = [run for run, owner in enumerate(answers.owners) if whole[owner]]
    moved = np.cumsum(whole) - 1
    return Answers(
        of=answers.of,
        classes=answers.classes,
        models=tuple(model for model, keep in zip(answers.models, whole, strict=True) if keep),
        owners=moved[answers.owners[kept]].astype(np.int64),
        truth=answers.truth,
        said=np.array([rows[run] for run in kept], np.int64).reshape(len(kept), len(answers.truth)),
        scores=tuple(answers.scores[run] for run in kept),
        probable=tuple(answers.probable[run] for run in kept),
        unit=answers.unit,
        units=answers.units,
    )


def _places(answers: Answers) -> range:
    return range(len(answers.models))


def _scores(given: Predictions, classes: int) -> NDArray[np.float64] | None:
    numbers = given.probabilities or given.scores
    if not numbers:
        return None
    nothing = (np.nan,) * classes
    return np.array([row or nothing for row in numbers], np.float64).reshape(len(numbers), classes)
