"""Learned detectors: trained from photographs with boxes, judged on others, kept as files that run without torch."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from buffycoat.clean.overlaps import find_overlaps
from buffycoat.detect import find_cells
from buffycoat.domain.geometry import Box
from buffycoat.domain.value import value
from buffycoat.errors import AlreadyExists, InputError, MissingExtra, TooFew
from buffycoat.formats.detector_file import DetectorFacts
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.field_description import describe_field
from buffycoat.imaging.scale import RED_CELL_MICROMETRES
from buffycoat.workflows.boxed import BoxedImage, check_listed, is_listed, read_photographs
from buffycoat.workflows.filters import median_red_cell
from buffycoat.workflows.runs import ShowProgress, no_progress

__all__ = ["DetectorJob", "Epoch", "TrainedDetector", "train_detector_file"]

_RATES = {"one-stage": 2e-3, "faster-rcnn": 1e-3}


@value
class Epoch:
    """Where a training stands: the mean loss, and AP50 on what is held back where it was looked at."""

    number: int
    of: int
    loss: float
    ap50: float | None


ShowEpoch = Callable[[Epoch], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorJob:
    """What to train, and on what.

    Parameters
    ----------
    path : Path
        Photographs with boxes, all of one set-up; see `boxed_photographs`.
    format_name, words
        See `boxed_photographs`.
    micrometres_per_pixel : float, optional
        Their scale; without it, that of the median red cell.
    held : frozenset of str
        Names of the photographs to hold back, on which epoch and threshold are chosen; without any, every sixth.
    by_filter : bool
        Whether the color filter draws the boxes to learn from, as in the paper; those of people then only judge.
    architecture, backbone : str
        See `buffycoat.nets.training_plan.TrainingPlan`.
    weights : str, optional
        Pretrained weights of the backbone: a file, or ``"download"``.
    weights_license : str
        Under which license they came; it is kept in the detector's file.
    epochs, seed, threads : int
        How long, from which seed, on how many cores.
    """

    path: Path
    format_name: str | None = None
    words: tuple[str, ...] = ()
    micrometres_per_pixel: float | None = None
    held: frozenset[str] = frozenset()
    by_filter: bool = False
    architecture: str = "one-stage"
    backbone: str = "shufflenet-v2"
    weights: str | None = None
    weights_license: str = ""
    epochs: int = 48
    seed: int = 0
    threads: int = 1


@value
class TrainedDetector:
    """A detector that was just trained: its file, what it says of itself, and how it does on what was held back."""

    file: str
    megabytes: float
    facts: DetectorFacts
    epoch: int
    trained_on: int
    held_back: int
    ap50: float | None
    ap50_95: float | None
    seconds: float


def _say_nothing(_epoch: Epoch) -> None:
    return


def train_detector_file(
    job: DetectorJob, out: Path, *, progress: ShowProgress = no_progress, epochs: ShowEpoch = _say_nothing
) -> TrainedDetector:
    """Train a detector of white cells and write it to one ONNX file.

    Photographs that show the same region of a smear as one that is held back are not learned from. The epoch and the
    score from which a box counts are chosen on the photographs held back (Kouzehkanan et al. 2022, Locating and
    cropping, train a Faster R-CNN on the boxes of their color filter).

    Raises
    ------
    MissingExtra
        torch is not installed.
    InputError
        The file's name does not end in ``.onnx``.
    AlreadyExists
        The file is there.
    TooFew
        Nothing is left to learn from, or nothing to choose on.
    NotFound
        A photograph to hold back is not in the set.
    """
    if out.suffix != ".onnx":
        raise InputError("a detector is an ONNX file", expected="a name that ends in .onnx", found=out.name)
    if out.exists():
        raise AlreadyExists(f"{out.name} is there already", hint="name another file, or move that one away")
    try:
        from buffycoat.nets.detector_making import make_detector  # noqa: PLC0415 (torch, only where it is trained)
        from buffycoat.nets.training_plan import TrainingField, TrainingPlan  # noqa: PLC0415 (it imports torch)
    except ImportError as error:
        hint = "pip install 'buffycoat[torch]'"
        raise MissingExtra("torch is not installed", expected="the extra torch", found=str(error), hint=hint) from error
    started = time.perf_counter()
    shown = read_photographs(job.path, format_name=job.format_name, words=job.words, progress=progress)
    training, held = _parted(shown, job.held)
    red_cell_px = median_red_cell([each.image for each in training], job.micrometres_per_pixel)
    boxed = training
    if job.by_filter:
        boxed = [replace(each, boxes=_by_filter(each.image, red_cell_px)) for each in training]
    cells = sum(len(each.boxes) for each in boxed)
    by_whom = "the color filter" if job.by_filter else "people"
    made = make_detector(
        *(
            [TrainingField(image=e.image, boxes=e.boxes, red_cell_px=red_cell_px) for e in part]
            for part in (boxed, held)
        ),
        plan=TrainingPlan(
            architecture=job.architecture,
            backbone=job.backbone,
            epochs=job.epochs,
            rate=_RATES.get(job.architecture, _RATES["one-stage"]),
            seed=job.seed,
            threads=job.threads,
        ),
        weights=job.weights,
        trained_on=f"{job.path.resolve().name}: {len(boxed)} photographs, {cells} boxes by {by_whom}",
        weights_license=job.weights_license or ("none: random weights" if job.weights is None else "not told"),
        progress=lambda step: epochs(Epoch(number=step.epoch, of=step.epochs, loss=step.loss, ap50=step.ap50)),
    )
    out.write_bytes(made.content)
    return TrainedDetector(
        file=str(out),
        megabytes=round(len(made.content) / 1e6, 2),
        facts=made.facts,
        epoch=made.step.epoch,
        trained_on=len(boxed),
        held_back=len(held),
        ap50=made.step.ap50,
        ap50_95=made.step.ap50_95,
        seconds=round(time.perf_counter() - started, 1),
    )


def _parted(shown: list[BoxedImage], held: frozenset[str]) -> tuple[list[BoxedImage], list[BoxedImage]]:
    """Return what to learn from and what to hold back; no region of a smear is on both sides."""
    check_listed(held, shown)
    chosen = held or frozenset(each.name for each in shown[3::6])
    back = [each for each in shown if is_listed(each, chosen)]
    overlaps = find_overlaps({each.name: describe_field(each.image) for each in shown})
    names = {each.name for each in back}
    same = {a if b in names else b for a, b in ((one.a, one.b) for one in overlaps) if (a in names) != (b in names)}
    training = [each for each in shown if each.name not in names | same]
    for what, part in (("to learn from", training), ("to choose the epoch on", back)):
        if not any(each.boxes for each in part):
            raise TooFew(f"no photograph with a white cell is left {what}", expected="at least 1", found="0")
    return training, back


def _by_filter(image: RgbImage, red_cell_px: float) -> tuple[Box, ...]:
    return tuple(cell.extent for cell in find_cells(image, micrometres_per_pixel=RED_CELL_MICROMETRES / red_cell_px))
