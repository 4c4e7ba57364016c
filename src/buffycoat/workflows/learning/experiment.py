"""The paper's experiment in one call: every network, then the features, each kept as soon as it is done."""

from __future__ import annotations

import json
import platform
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from buffycoat.domain.experiment import TEST_B, TRAIN, Experiment, ExperimentRun
from buffycoat.domain.value import digest_of
from buffycoat.errors import Conflict
from buffycoat.formats.experiment_folder import EXPERIMENT_FILE, read_experiment, write_experiment
from buffycoat.learn.balance import balanced_copies
from buffycoat.learn.recipe import Recipe, read_recipe, reduced_recipe
from buffycoat.workflows.learning.assembling import Found, assemble, pictures_of_errors
from buffycoat.workflows.learning.cells import LearnCell, opened_cells
from buffycoat.workflows.learning.job import LearnJob, ShowEpoch, say_nothing
from buffycoat.workflows.learning.machine import constant_run, features_run
from buffycoat.workflows.learning.networks import NetworkTask, check_networks, joined_processes, network_run
from buffycoat.workflows.learning.parting import Parted, experiment_set, part_cells
from buffycoat.workflows.learning.pictures import Looked, Pictures, look_at_cells
from buffycoat.workflows.runs import ShowProgress, no_progress

if TYPE_CHECKING:
    from buffycoat.nets.processes import Processes

__all__ = ["run_experiment"]

T = TypeVar("T")
_PLAN = "plan.json"
_DATA, _AWAY = "data", "stand-in"
_NOTHING = Looked(digests=(), repeats=())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Alone:
    """One process, where no network is trained and torch need not be there."""

    rank: int = 0
    world: int = 1

    def told(self, mine: T) -> T:
        """Return what it has itself."""
        return mine

    def wait(self) -> None:
        """Go on."""


def run_experiment(
    job: LearnJob, *, progress: ShowProgress = no_progress, epochs: ShowEpoch = say_nothing
) -> Experiment | None:
    """Train and judge every model of a recipe, and write what came of it into a folder.

    Each model is written when it is done and each epoch of a network when it ends, so an experiment that was killed
    goes on by the same call; on processors it ends in the same predictions. Started by torch's launcher, all its
    processes train each network together, and the first of them writes.

    Parameters
    ----------
    job : LearnJob
        What is asked.
    progress : callable
        Called while crops are read and measured.
    epochs : callable
        Called after each epoch.

    Returns
    -------
    Experiment or None
        Also in ``job.out``; ``None`` in any process but the first.

    Raises
    ------
    Conflict
        The folder holds another experiment, or the data have a test-B and a stand-in is asked for.
    MissingExtra
        torch is not installed, and networks are asked for.
    InputError, NotFound, TooFew, UnreadableFile, UnreadableFormat, DownloadFailed
        Recipe, weights or data are not what they should be.
    """
    recipe = reduced_recipe(
        read_recipe(job.preset),
        size=job.size,
        epochs=job.epochs,
        networks=job.networks,
        seeds=job.seeds,
        most_cells=job.most_cells,
    )
    with ExitStack() as stack:
        processes = stack.enter_context(_processes(job, recipe))
        if recipe.networks:
            check_networks(recipe, job.weights)
        data = stack.enter_context(opened_cells(job.data, recipe.classes))
        away = None if job.stand_in is None else stack.enter_context(opened_cells(job.stand_in.path, recipe.classes))
        sets = [(_DATA, data.cells), *([] if away is None else [(_AWAY, away.cells)])]
        path = job.out / "cache" / f"pictures-{recipe.size}.npy"
        mine = look_at_cells(sets, path, size=recipe.size, progress=progress) if processes.rank == 0 else _NOTHING
        looked = processes.told(mine)
        parted = part_cells(
            data, recipe, stand_in=away, repeats=looked.repeats, seed=job.split_seed, most=job.most_cells
        )
        digest = _digest(sets, looked, parted)
        if processes.rank == 0:
            _claim(job.out, recipe, digest)
        processes.wait()
        names = [(name, cell.id) for name, cells in sets for cell in cells]
        pictures = Pictures(path, {name: place for place, name in enumerate(names)}, away=_AWAY if away else _DATA)
        runs = _train(job, recipe, parted, pictures, digest, processes, (progress, epochs))
        if processes.rank != 0:
            return None
        found = Found(data=data, away=away, repeats=looked.repeats, parted=parted, digest=digest)
        experiment = assemble(job, recipe, found, runs)
        write_experiment(job.out, experiment, pictures=pictures_of_errors(experiment, parted))
        shutil.rmtree(path.parent, ignore_errors=True)
    return experiment


@contextmanager
def _processes(job: LearnJob, recipe: Recipe) -> Iterator[Processes | _Alone]:
    if recipe.networks:
        with joined_processes(job.device) as processes:
            yield processes
    else:
        yield _Alone()


def _digest(sets: Sequence[tuple[str, Sequence[LearnCell]]], looked: Looked, parted: Parted) -> str:
    """Return the digest of all that is learned from and judged on: bytes, classes and sides."""
    names = [(name, cell.id) for name, cells in sets for cell in cells]
    content = dict(zip(names, looked.digests, strict=True))
    lines = [
        f"{side} {cell.id} {cell.label} {content[_home(side, sets), cell.id]}"
        for side, cells in parted.sides.items()
        for cell in cells
    ]
    return digest_of("\n".join(lines).encode())


def _home(side: str, sets: Sequence[tuple[str, Sequence[LearnCell]]]) -> str:
    return _AWAY if side == TEST_B and len(sets) > 1 else _DATA


def _claim(out: Path, recipe: Recipe, digest: str) -> None:
    """Write down whose folder this is, or refuse where it is another's."""
    path = out / _PLAN
    asked = {"recipe": recipe.digest, "reduced": list(recipe.reduced), "seeds": list(recipe.seeds), "data": digest}
    if path.is_file():
        kept = json.loads(path.read_text(encoding="utf-8"))
        for name, value in asked.items():
            if kept.get(name) != value:
                raise Conflict(
                    f"{out.name} holds another experiment: its {name} differs",
                    expected=str(value),
                    found=str(kept.get(name)),
                    hint="take another folder by --out, or remove this one",
                )
    else:
        out.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asked, indent=1), encoding="utf-8")


def _train(
    job: LearnJob,
    recipe: Recipe,
    parted: Parted,
    pictures: Pictures,
    digest: str,
    processes: Processes | _Alone,
    show: tuple[ShowProgress, ShowEpoch],
) -> list[ExperimentRun]:
    """Return a run for each model and seed, in the order of the paper's rows; what is done is read."""
    labels = [cell.label for cell in parted.sides[TRAIN]]
    copies = {
        seed: balanced_copies(
            labels,
            kinds=recipe.copies,
            most=recipe.copies_most,
            scale=(recipe.scale_low, recipe.scale_high),
            seed=seed,
        )
        for seed in recipe.seeds
    }

    def once(folder: Path, do: Callable[[], ExperimentRun]) -> ExperimentRun:
        if processes.told((folder / EXPERIMENT_FILE).is_file()):
            return read_experiment(folder).runs[0]
        run = do()
        if processes.rank == 0:
            _keep(run, folder, recipe, parted)
        processes.wait()
        return run

    runs = []
    for name in recipe.networks:
        for seed in recipe.seeds:
            folder = job.out / "runs" / f"{name}-seed{seed}"
            task = NetworkTask(
                job=job, recipe=recipe, sides=parted.sides, pictures=pictures, copies=copies[seed], data=digest
            )
            runs.append(once(folder, partial(_network, name, seed, task, folder, processes, show[1])))
    if processes.rank == 0:
        hardware = platform.machine()
        if recipe.features:
            first = copies[recipe.seeds[0]]
            folder = job.out / "runs" / "features-svm"
            if (folder / EXPERIMENT_FILE).is_file():
                runs += read_experiment(folder).runs
            else:
                run = features_run(parted.sides, first, recipe, progress=show[0], hardware=hardware)
                _keep(run, folder, recipe, parted)
                runs.append(run)
        runs.append(constant_run(parted.sides, recipe, hardware=hardware))
    return runs


def _network(
    name: str, seed: int, task: NetworkTask, folder: Path, processes: Processes | _Alone, epochs: ShowEpoch
) -> ExperimentRun:
    return network_run(name, seed, task, folder=folder, processes=cast("Processes", processes), epochs=epochs)


def _keep(run: ExperimentRun, folder: Path, recipe: Recipe, parted: Parted) -> None:
    """Write one run as an experiment of its own, and take its checkpoint away."""
    sets = tuple(experiment_set(name, cells, origin="") for name, cells in parted.sides.items())
    write_experiment(
        folder, Experiment(name=recipe.name, title=recipe.title, classes=recipe.classes, sets=sets, runs=(run,))
    )
    (folder / "checkpoint.pt").unlink(missing_ok=True)
