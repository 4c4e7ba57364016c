"""All runs of an experiment in one value, with what a reader must be told beside them."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version

from buffycoat.domain.experiment import TEST_A, TEST_B, TRAIN, VALIDATION, Experiment, ExperimentRun
from buffycoat.learn.recipe import Recipe
from buffycoat.workflows.learning.cells import LearnCells
from buffycoat.workflows.learning.job import LearnJob
from buffycoat.workflows.learning.parting import Pairs, Parted, experiment_set, leaks_of
from buffycoat.workflows.learning.pictures import small_jpeg
from buffycoat.workflows.runs import now

__all__ = ["Found", "assemble", "pictures_of_errors", "software"]

_MOST_PICTURES = 300
_PACKAGES = ("buffycoat", "torch", "torchvision", "numpy", "scikit-learn", "opencv-python-headless")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an experiment learned from: data, stand-in, which cells are one cell, sides, and the digest of all."""

    data: LearnCells
    away: LearnCells | None
    repeats: Pairs
    parted: Parted
    digest: str


def assemble(job: LearnJob, recipe: Recipe, found: Found, runs: Sequence[ExperimentRun]) -> Experiment:
    """Return the experiment as it is reported."""
    stand_in = job.stand_in.name if job.stand_in is not None else None
    leaks, unchecked = leaks_of(found.parted, found.repeats)
    said = found.data.released_leaks
    kinds = {*leaks, *(said or {})}
    notes = [*found.parted.notes, *(f"not looked for: {each}" for each in unchecked)]
    notes += [_left_out(cells) for cells in (found.data, found.away) if cells is not None and cells.left_out]
    sets = []
    for name in (TRAIN, VALIDATION, TEST_A, TEST_B):
        if name in found.parted.sides:
            away = stand_in if name == TEST_B else None
            source = found.away if away is not None and found.away is not None else found.data
            origin = source.name if name != VALIDATION else f"{source.name}: of train, held back for the curves"
            sets.append(experiment_set(name, found.parted.sides[name], origin=origin, stand_in=away))
    return Experiment(
        name=recipe.name,
        title=recipe.title,
        classes=recipe.classes,
        sets=tuple(sets),
        runs=tuple(
            replace(run, file=f"runs/{run.model}-seed{run.seed}/{run.file}" if run.file else "") for run in runs
        ),
        reduced=recipe.reduced,
        split=found.parted.rule,
        simulated=found.data.simulated,
        leaks={kind: max(leaks.get(kind, 0), (said or {}).get(kind, 0)) for kind in sorted(kinds)},
        leak_notes=tuple(notes),
        recipe_text=recipe.text,
        recipe=recipe.digest,
        data=found.digest,
        command=job.command,
        software=software(),
        made_at=now().isoformat(timespec="seconds"),
    )


def _left_out(cells: LearnCells) -> str:
    told = ", ".join(f"{count} {word}" for word, count in cells.left_out.items())
    return f"{cells.name}: left out, as they are of none of the classes: {told}"


def software() -> Mapping[str, str]:
    """Return versions of what computed."""
    found = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def pictures_of_errors(experiment: Experiment, parted: Parted) -> Mapping[tuple[str, str], bytes]:
    """Return small pictures of the cells of the test sets that some model got wrong: those that most did first."""
    pictures = {}
    for name in (TEST_A, TEST_B):
        cells = parted.sides.get(name, ())
        wrong: Counter[int] = Counter()
        for run in experiment.runs:
            if run.kind != "constant":
                said = run.predictions[name].terms if name in run.predictions else ()
                wrong.update(place for place, term in enumerate(said) if term != cells[place].label)
        for place, _ in wrong.most_common(_MOST_PICTURES):
            pictures[name, cells[place].id] = small_jpeg(cells[place])
    return pictures
