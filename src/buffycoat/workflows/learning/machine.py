"""The last row of the paper's tables: features of the nucleus and a support vector machine."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from buffycoat.domain.experiment import TRAIN, ExperimentRun, Predictions
from buffycoat.errors import NothingFound, TooFew
from buffycoat.imaging.arrays import RgbImage
from buffycoat.learn import fit_constant, fit_svm
from buffycoat.learn.balance import AS_IS, Copy, varied_crop
from buffycoat.learn.recipe import Recipe
from buffycoat.segment import FEATURE_NAMES, extract_features
from buffycoat.workflows.learning.cells import LearnCell
from buffycoat.workflows.learning.of_release import scores_by_class
from buffycoat.workflows.learning.pictures import read_crop
from buffycoat.workflows.runs import Progress, ShowProgress

__all__ = ["constant_run", "features_run"]

FEATURES_MODEL = "features-svm"
CONSTANT_MODEL = "constant"
_Features = NDArray[np.float64]


def features_run(
    sides: Mapping[str, Sequence[LearnCell]],
    copies: Sequence[Copy],
    recipe: Recipe,
    *,
    progress: ShowProgress,
    hardware: str,
) -> ExperimentRun:
    """Fit the machine on the training cells, and ask it of all other sides.

    A cell in which no nucleus is found has no answer, and so is wrong, on every side but train (the authors' program
    leaves such cells out). Nothing is drawn at random but the copies.

    Parameters
    ----------
    sides : mapping of str to sequence of LearnCell
        By name.
    copies : sequence of Copy
        Of the training cells, by their place.
    recipe : Recipe
        The machine's three numbers, and whether copies are learned from.

    Raises
    ------
    TooFew
        Nuclei were found in cells of fewer than two classes.
    """
    started = time.perf_counter()
    shown = (
        list(copies)
        if recipe.svm_copies
        else [Copy(place=place, variation=AS_IS) for place in range(len(sides[TRAIN]))]
    )
    total = len(shown) + sum(len(cells) for name, cells in sides.items() if name != TRAIN)
    done = 0

    def measured(crop: RgbImage) -> _Features | None:
        nonlocal done
        done += 1
        progress(Progress(room="features", done=done, total=total))
        try:
            return extract_features(crop)
        except NothingFound:
            return None

    rows: list[_Features] = []
    labels: list[str] = []
    ways: dict[int, list[Copy]] = defaultdict(list)
    for copy in shown:
        ways[copy.place].append(copy)
    for place, cell in enumerate(sides[TRAIN]):
        crop = read_crop(cell)  # decoded once for all of its copies
        for copy in ways[place]:
            row = measured(varied_crop(crop, copy.variation))
            if row is not None:
                rows.append(row)
                labels.append(cell.label)
    if len(set(labels)) < 2:
        raise TooFew(
            "a nucleus is found in cells of too few classes", expected="2 or more", found=", ".join(sorted(set(labels)))
        )
    machine = fit_svm(
        np.stack(rows),
        labels,
        cost=recipe.svm_cost,
        degree=recipe.svm_degree,
        favor=recipe.svm_neutrophil_weight,
    )
    predictions = {}
    for name, cells in sides.items():
        if name == TRAIN:
            continue
        found = [measured(read_crop(cell)) for cell in cells]
        seen = [row for row in found if row is not None]
        table = np.stack(seen) if seen else np.empty((0, len(FEATURE_NAMES)))
        terms = iter(machine.predict(table))
        scores = iter(scores_by_class(machine, table, recipe.classes))
        predictions[name] = Predictions(
            terms=tuple(None if row is None else next(terms) for row in found),
            scores=tuple(() if row is None else next(scores) for row in found),
            failures={cell.id: NothingFound.code for cell, row in zip(cells, found, strict=True) if row is None},
        )
    without = len(shown) - len(rows)
    return ExperimentRun(
        model=FEATURES_MODEL,
        title="Tavakoli et al. (features and SVM)",
        kind="features",
        weights="",
        seed=recipe.seeds[0],
        recipe=recipe.digest,
        parameters=0,
        predictions=predictions,
        trained_on=len(sides[TRAIN]),
        shown=len(shown),
        seconds=time.perf_counter() - started,
        hardware=hardware,
        notes=(f"{without} of {len(shown)} training pictures have no nucleus and were not learned from",)
        if without
        else (),
    )


def constant_run(sides: Mapping[str, Sequence[LearnCell]], recipe: Recipe, *, hardware: str) -> ExperimentRun:
    """Return the baseline: the commonest class of train, whatever the cell."""
    constant = fit_constant([cell.label for cell in sides[TRAIN]])
    return ExperimentRun(
        model=CONSTANT_MODEL,
        title=f"always {constant.term}",
        kind="constant",
        weights="",
        seed=recipe.seeds[0],
        recipe=recipe.digest,
        predictions={
            name: Predictions(terms=constant.predict([cell.id for cell in cells]))
            for name, cells in sides.items()
            if name != TRAIN
        },
        trained_on=len(sides[TRAIN]),
        shown=len(sides[TRAIN]),
        seconds=0.0,
        hardware=hardware,
    )
