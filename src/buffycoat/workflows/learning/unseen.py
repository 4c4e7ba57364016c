"""How classifiers do in laboratories that they have never seen: each left out once, four ways of learning compared."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from buffycoat.domain.value import value
from buffycoat.errors import InputError, MissingExtra
from buffycoat.imaging.arrays import RgbImage
from buffycoat.learn.laboratories import Fold, UnseenScore, judge_unseen, leave_one_out
from buffycoat.learn.recipe import Recipe, read_recipe, reduced_recipe
from buffycoat.learn.robust import ROBUST, RobustRecipe, read_robust
from buffycoat.workflows.learning.cells import LearnCell, opened_cells
from buffycoat.workflows.learning.pictures import read_crop
from buffycoat.workflows.learning.unseen_methods import MethodTask, answered

__all__ = ["METHODS", "PROTOCOLS", "UnseenJob", "UnseenRow", "means", "run_unseen"]

METHODS: Final = ("features-svm", "plain", "paper", "robust")
"""Features and a machine; a network fine-tuned on crops as they are; with the paper's copies; and our robust recipe."""
PROTOCOLS: Final = ("leave-one-lab-out",)
_TABLE: Final = "unseen.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnseenJob:
    """What to compare, and in which laboratories.

    Parameters
    ----------
    out : Path
        Folder for the table.
    laboratories : mapping of str to Path
        By name: crops in folders of classes, or whatever ``buffycoat import`` reads as crops.
    data, facet : Path and str, optional
        In place of ``laboratories``: one set, and which of its facts tells laboratories apart, such as ``microscope``.
    methods : tuple of str
        Of ``METHODS``.
    robust : str or Path
        The robust recipe.
    preset : str or Path
        The recipe of ``plain`` and ``paper``.
    network : str
        The one network of ``plain`` and ``paper``.
    weights : tuple of str
        Where ImageNet weights are looked for: folders, ``"download"``, ``"scratch"``.
    size, epochs, steps : int, optional
        Less than the recipes say.
    seeds : tuple of int
        One training each.
    threads : int
        Processor cores of a training.
    """

    out: Path
    laboratories: Mapping[str, Path] = field(default_factory=dict)
    data: Path | None = None
    facet: str = "microscope"
    methods: tuple[str, ...] = METHODS
    robust: str | Path = ROBUST
    preset: str | Path = "paper-2022"
    network: str = "mobilenet-v2"
    weights: tuple[str, ...] = ("download",)
    size: int | None = None
    epochs: int | None = None
    steps: int | None = None
    seeds: tuple[int, ...] = (0,)
    threads: int = 1


@value
class UnseenRow:
    """A line of the table: what was learned how, and how it did in the laboratory that was left out."""

    method: str
    seed: int
    reduced: str
    score: UnseenScore


def run_unseen(job: UnseenJob, *, told: Callable[[str], None] = lambda _line: None) -> tuple[UnseenRow, ...]:
    """Leave each laboratory out, learn from the others in each way, and judge.

    Parameters
    ----------
    job : UnseenJob
        What is asked.
    told : callable
        Called with a line after each of them.

    Returns
    -------
    tuple of UnseenRow
        Also in ``unseen.csv`` of ``job.out``, which is written anew after each row.

    Raises
    ------
    InputError
        Neither laboratories nor data, both, an unknown method, or a cell of which the facet is not known.
    TooFew
        Fewer than two laboratories, or too few cells in one.
    MissingExtra
        torch is not installed, and networks are asked for.
    NotFound, UnreadableFile, UnreadableFormat, DownloadFailed
        Recipes, weights or data are not what they should be.
    """
    if strange := sorted(set(job.methods) - set(METHODS)):
        raise InputError("no such method", expected=", ".join(METHODS), found=strange[0])
    if bool(job.laboratories) == (job.data is not None):
        raise InputError(
            "it is not clear which laboratories are meant",
            expected="--lab NAME=FOLDER for each of them, or --data with --facet",
            found="both" if job.laboratories else "neither",
        )
    robust = read_robust(job.robust)
    recipe = reduced_recipe(read_recipe(job.preset), size=job.size, epochs=job.epochs, networks=(job.network,))
    rows: list[UnseenRow] = []
    with ExitStack() as stack:
        cells, places = _cells(job, recipe, stack)
        folds = leave_one_out(places)
        crops = [read_crop(cell) for cell in cells]
        for method in job.methods:
            for seed in job.seeds if method != METHODS[0] else job.seeds[:1]:
                for fold in folds:
                    row = _row(job, (recipe, robust), (method, seed), fold, cells, places, crops)
                    rows.append(row)
                    _write(job.out, rows)
                    told(_line(row))
    return tuple(rows)


def _cells(job: UnseenJob, recipe: Recipe, stack: ExitStack) -> tuple[list[LearnCell], list[str | None]]:
    if job.data is not None:
        found = stack.enter_context(opened_cells(job.data, recipe.classes)).cells
        return list(found), [dict(cell.facets).get(job.facet) for cell in found]
    cells: list[LearnCell] = []
    places: list[str | None] = []
    for name, path in job.laboratories.items():
        mine = stack.enter_context(opened_cells(path, recipe.classes)).cells
        cells += mine
        places += [name] * len(mine)
    return cells, places


def _row(
    job: UnseenJob,
    recipes: tuple[Recipe, RobustRecipe],
    chosen: tuple[str, int],
    fold: Fold,
    cells: Sequence[LearnCell],
    places: Sequence[str | None],
    crops: Sequence[RgbImage],
) -> UnseenRow:
    (recipe, robust), (method, seed) = recipes, chosen
    task = MethodTask(
        method=method,
        seed=seed,
        recipe=recipe,
        robust=robust,
        network=job.network,
        weights=job.weights,
        steps=job.steps,
        threads=job.threads,
        crops=[crops[place] for place in fold.train],
        labels=[cells[place].label for place in fold.train],
        laboratories=[str(places[place]) for place in fold.train],
        asked=[crops[place] for place in fold.test],
    )
    try:
        said = answered(task)
    except ImportError as error:
        hint = "pip install 'buffycoat[torch]', or compare the features alone with --methods features-svm"
        raise MissingExtra("torch is not installed", expected="the extra torch", found=str(error), hint=hint) from error
    score = judge_unseen(
        fold.name,
        [cells[place].label for place in fold.test],
        said,
        terms=recipe.classes,
        groups=[_group(cells[place]) for place in fold.test],
        seed=seed,
    )
    less = list(recipe.reduced) if method in METHODS[1:3] else []
    if method == METHODS[3] and job.steps is not None and job.steps != robust.steps:
        less.append(f"{job.steps} steps instead of {robust.steps}")
    return UnseenRow(method=method, seed=seed, reduced="; ".join(less), score=score)


def _group(cell: LearnCell) -> str:
    return cell.film or cell.photograph or cell.id


def _write(out: Path, rows: Sequence[UnseenRow]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    with (out / _TABLE).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        columns = ("cells", "unanswered", "balanced_accuracy", "low", "high", "judged", "all_classes", "macro_f1")
        writer.writerow(["method", "seed", "left_out", *columns, "confusion", "reduced"])
        for row in rows:
            score = asdict(row.score)
            low, high = row.score.interval or (float("nan"), float("nan"))
            score |= {"low": low, "high": high, "judged": " ".join(row.score.judged)}
            confusion = " / ".join(" ".join(map(str, line)) for line in row.score.confusion)
            writer.writerow(
                [row.method, row.seed, row.score.laboratory, *(score[name] for name in columns), confusion, row.reduced]
            )


def _line(row: UnseenRow) -> str:
    low, high = row.score.interval or (float("nan"), float("nan"))
    return (
        f"{row.method:13} seed {row.seed}  without {row.score.laboratory:12} balanced accuracy "
        f"{row.score.balanced_accuracy:.3f} ({low:.3f} to {high:.3f}), macro-F1 {row.score.macro_f1:.3f}"
    )


def means(rows: Sequence[UnseenRow]) -> Mapping[str, float]:
    """Return the mean balanced accuracy of each method over laboratories and seeds."""
    methods = dict.fromkeys(row.method for row in rows)
    return {
        name: float(np.mean([row.score.balanced_accuracy for row in rows if row.method == name])) for name in methods
    }
