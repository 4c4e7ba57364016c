"""What was learned from a release of a workspace, kept as an experiment for its report."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from buffycoat.domain.experiment import TEST_A, TEST_B, TRAIN, Experiment, ExperimentRun, Predictions
from buffycoat.domain.value import digest_of
from buffycoat.errors import NothingFound
from buffycoat.formats.experiment_folder import write_experiment
from buffycoat.learn import SvmClassifier
from buffycoat.workflows.learning.assembling import pictures_of_errors, software
from buffycoat.workflows.learning.cells import opened_cells
from buffycoat.workflows.learning.parting import Parted, experiment_set
from buffycoat.workflows.runs import now

__all__ = ["Answer", "keep_release_experiment", "scores_by_class"]

Answer = tuple[str, tuple[float, ...]]


def keep_release_experiment(  # noqa: PLR0913 (all that the report tells)
    folder: Path,
    release: Path,
    *,
    recipe: str,
    answers: Mapping[str, Answer | None],
    constant: str,
    classes: Sequence[str],
    split: str,
    seed: int,
) -> None:
    """Write an experiment of the feature-based classifier alone.

    Parameters
    ----------
    folder : Path
        Where.
    release : Path
        The sealed release that was learned from.
    recipe : str
        Its name.
    answers : mapping of str to (str, tuple of float) or None
        By path of a crop in the release: term and scores of the classes, ``None`` where no nucleus was found.
    constant : str
        What the baseline answers.
    classes : sequence of str
        In the order of the scores.
    split : str
        The rule, for people.
    seed : int
        As it was asked for.
    """
    with opened_cells(release, classes) as found:
        sides = {
            name: cells
            for name in (TRAIN, TEST_A, TEST_B)
            if (cells := tuple(cell for cell in found.cells if cell.split == name))
        }
        tests = {name: cells for name, cells in sides.items() if name != TRAIN}
        said = {name: [answers[cell.id] for cell in cells] for name, cells in tests.items()}
        shared: dict[str, Any] = {
            "seed": seed,
            "recipe": digest_of(recipe.encode()),
            "weights": "",
            "trained_on": len(sides.get(TRAIN, ())),
            "shown": len(sides.get(TRAIN, ())),
            "seconds": 0.0,
            "hardware": platform.machine(),
        }
        runs = (
            ExperimentRun(
                model=recipe,
                title="Features and SVM",
                kind="features",
                predictions={
                    name: Predictions(
                        terms=tuple(None if answer is None else answer[0] for answer in said[name]),
                        scores=tuple(() if answer is None else answer[1] for answer in said[name]),
                        failures={
                            cell.id: NothingFound.code
                            for cell, answer in zip(cells, said[name], strict=True)
                            if answer is None
                        },
                    )
                    for name, cells in tests.items()
                },
                **shared,
            ),
            ExperimentRun(
                model="constant",
                title=f"always {constant}",
                kind="constant",
                predictions={name: Predictions(terms=(constant,) * len(cells)) for name, cells in tests.items()},
                **shared,
            ),
        )
        experiment = Experiment(
            name=found.name,
            title=f"Feature-based classifier on {found.name}",
            classes=tuple(classes),
            sets=tuple(experiment_set(name, cells, origin=found.name) for name, cells in sides.items()),
            runs=runs,
            split=split,
            simulated=found.simulated,
            leaks=found.released_leaks,
            recipe=shared["recipe"],
            data=digest_of("\n".join(cell.id for cell in found.cells).encode()),
            command=f"buffycoat learn --version {found.name.removeprefix('release ')} --seed {seed}",
            software=software(),
            made_at=now().isoformat(timespec="seconds"),
        )
        parted = Parted(sides=sides, rule=split, notes=())
        write_experiment(folder, experiment, pictures=pictures_of_errors(experiment, parted))


def scores_by_class(
    machine: SvmClassifier, table: NDArray[np.float64], classes: Sequence[str]
) -> tuple[tuple[float, ...], ...]:
    """Return the machine's scores in the order of some classes; one that was not learned comes behind all others."""
    scores = machine.scores(table)
    least = float(scores.min()) - 1.0 if scores.size else 0.0
    columns = {term: scores[:, place].tolist() for place, term in enumerate(machine.terms)}
    return tuple(
        tuple(columns[term][row] if term in columns else least for term in classes) for row in range(len(scores))
    )
