"""One network of an experiment, trained once and asked of every side: the only door from here to torch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from buffycoat.domain.experiment import TRAIN, VALIDATION, CurvePoint, ExperimentRun, Predictions
from buffycoat.errors import InputError, MissingExtra
from buffycoat.imaging.arrays import RgbImage
from buffycoat.learn.balance import Copy, varied_crop
from buffycoat.learn.recipe import Recipe
from buffycoat.workflows.learning.cells import LearnCell
from buffycoat.workflows.learning.job import EpochDone, LearnJob, ShowEpoch
from buffycoat.workflows.learning.pictures import Pictures

if TYPE_CHECKING:
    from buffycoat.nets.classifier_plan import ClassifierStep
    from buffycoat.nets.classifiers import Classifier
    from buffycoat.nets.processes import Processes

__all__ = ["NetworkTask", "check_networks", "joined_processes", "network_run"]

_SETTLED = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkTask:
    """What all networks of an experiment share."""

    job: LearnJob
    recipe: Recipe
    sides: Mapping[str, Sequence[LearnCell]]
    pictures: Pictures
    copies: Sequence[Copy]
    data: str


@contextmanager
def joined_processes(device: str) -> Iterator[Processes]:
    """Join the processes that torch's launcher started; alone without it.

    Raises
    ------
    MissingExtra
        torch is not installed.
    """
    try:
        from buffycoat.nets.processes import joined  # noqa: PLC0415 (torch, only where it trains)
    except ImportError as error:
        raise _no_torch(error) from error
    with joined(device) as processes:
        yield processes


def _no_torch(error: ImportError) -> MissingExtra:
    hint = "pip install 'buffycoat[torch]', or train the features alone with --networks none"
    return MissingExtra("torch is not installed", expected="the extra torch", found=str(error), hint=hint)


def check_networks(recipe: Recipe, weights: Sequence[str]) -> None:
    """Refuse a network that is none, or whose weights are nowhere, before any is trained.

    Raises
    ------
    InputError, NotFound, DownloadFailed, UnreadableFile, UnreadableFormat
        See `buffycoat.nets.classifier_weights.find_weights`.
    """
    from buffycoat.nets.classifier_weights import find_weights  # noqa: PLC0415 (as above)
    from buffycoat.nets.classifiers import NETWORKS  # noqa: PLC0415 (as above)

    if strange := sorted(set(recipe.networks) - set(NETWORKS)):
        raise InputError(f"{recipe.name}: no such network", expected=", ".join(NETWORKS), found=strange[0])
    for name in recipe.networks:
        find_weights(name, sources_of(recipe, weights))


def sources_of(recipe: Recipe, weights: Sequence[str]) -> Sequence[str]:
    """Return where weights are looked for: a recipe that begins from random numbers looks nowhere."""
    return weights if recipe.weights == "imagenet" else ("scratch",)


def network_run(
    name: str, seed: int, task: NetworkTask, *, folder: Path, processes: Processes, epochs: ShowEpoch
) -> ExperimentRun:
    """Train a network by the recipe, and ask it of every side but train.

    Parameters
    ----------
    name, seed
        Which.
    task : NetworkTask
        What all share.
    folder : Path
        Of this run; it holds the checkpoint while the training lasts, and the ONNX file after it.
    processes : Processes
        The first of them writes.
    epochs : callable
        Called after each epoch.
    """
    from buffycoat.nets.classifier_plan import ClassifierPlan, LabeledCrops  # noqa: PLC0415 (as above)
    from buffycoat.nets.classifier_training import predict_probabilities, train_classifier  # noqa: PLC0415 (as above)
    from buffycoat.nets.classifier_weights import find_weights  # noqa: PLC0415 (as above)
    from buffycoat.nets.classifiers import NETWORKS  # noqa: PLC0415 (as above)
    from buffycoat.nets.processes import hardware_of  # noqa: PLC0415 (as above)

    recipe, job = task.recipe, task.job
    numbers = {term: number for number, term in enumerate(recipe.classes)}
    asked = {
        side: LabeledCrops(read=task.pictures.reader(side, cells), labels=tuple(numbers[cell.label] for cell in cells))
        for side, cells in task.sides.items()
    }
    weights = find_weights(name, sources_of(recipe, job.weights))
    plan = ClassifierPlan(
        network=name,
        classes=len(recipe.classes),
        epochs=recipe.epochs,
        batch=recipe.batch,
        rate=recipe.rate,
        rate_factor=recipe.rate_factor,
        rate_epochs=recipe.rate_epochs,
        momentum=recipe.momentum,
        weight_decay=recipe.weight_decay,
        seed=seed,
        threads=job.threads,
        data=f"{task.data} {recipe.digest} {weights.origin or weights.weights}",
    )

    def told(step: ClassifierStep) -> None:
        done = EpochDone(
            model=name,
            seed=seed,
            epoch=step.epoch,
            epochs=step.epochs,
            loss=step.loss,
            accuracy=step.accuracy,
            validation_accuracy=step.validation_accuracy,
            seconds=step.seconds,
        )
        if processes.rank == 0:
            epochs(done)

    labels = tuple(asked[TRAIN].labels[copy.place] for copy in task.copies)
    trained = train_classifier(
        LabeledCrops(read=_varied(asked[TRAIN].read, task.copies), labels=labels),
        plan=plan,
        weights=weights,
        validation=asked.get(VALIDATION),
        checkpoint=folder / "checkpoint.pt",
        processes=processes,
        progress=told,
    )
    predictions = {
        side: _predictions(predict_probabilities(trained.network, shown, processes=processes), recipe.classes)
        for side, shown in asked.items()
        if side != TRAIN
    }
    file = ""
    if job.keep_networks and processes.rank == 0:
        file = _kept(trained.network, name, seed, recipe, folder)
    steps = recipe.epochs * max(1, len(task.copies) // recipe.batch)
    notes = []
    if (1 - NETWORKS[name].norm_memory) ** steps > _SETTLED:
        notes.append(
            f"its batch norms take over {100 * NETWORKS[name].norm_memory:.2g} % of a batch, and {steps} batches are "
            "too few for them to settle: it answers worse than it learned"
        )
    if processes.world > 1:
        notes.append(f"{processes.world} processes shared each batch")
    return ExperimentRun(
        model=name,
        title=NETWORKS[name].title,
        kind="network",
        weights=weights.weights,
        weights_origin=weights.origin,
        seed=seed,
        recipe=recipe.digest,
        parameters=sum(tensor.numel() for tensor in trained.network.parameters()),
        predictions=predictions,
        curve=tuple(
            CurvePoint(
                epoch=step.epoch,
                rate=step.rate,
                train_loss=step.loss,
                train_accuracy=step.accuracy,
                validation_loss=step.validation_loss,
                validation_accuracy=step.validation_accuracy,
                seconds=step.seconds,
            )
            for step in trained.history
        ),
        trained_on=len(task.sides[TRAIN]),
        shown=len(task.copies),
        seconds=trained.seconds,
        hardware=hardware_of(processes, job.threads),
        file=file,
        notes=tuple(notes),
    )


def _varied(read: Callable[[int], RgbImage], copies: Sequence[Copy]) -> Callable[[int], RgbImage]:
    def varied(place: int) -> RgbImage:
        return varied_crop(read(copies[place].place), copies[place].variation)

    return varied


def _predictions(probabilities: NDArray[np.float64], classes: Sequence[str]) -> Predictions:
    return Predictions(
        terms=tuple(classes[place] for place in probabilities.argmax(axis=1).tolist()),
        probabilities=tuple(tuple(row) for row in probabilities.tolist()),
    )


def _kept(network: Classifier, name: str, seed: int, recipe: Recipe, folder: Path) -> str:
    from buffycoat.nets.classifier_export import export_classifier  # noqa: PLC0415 (as above)

    facts = {
        "network": name,
        "classes": ",".join(recipe.classes),
        "size": str(recipe.size),
        "recipe": recipe.name,
        "recipe_digest": recipe.digest,
        "seed": str(seed),
        "reduced": "; ".join(recipe.reduced),
    }
    path = folder / f"{name}.onnx"
    path.write_bytes(export_classifier(network, facts, size=recipe.size))
    return path.name
