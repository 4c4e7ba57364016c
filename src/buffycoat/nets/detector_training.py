"""From fields with boxes to a trained detector: seeded, in slices, the epoch chosen on validation fields."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.optim import AdamW

from buffycoat.errors import Conflict, TooFew, UnreadableFormat
from buffycoat.metrics.average_precision import AveragePrecision, average_precision
from buffycoat.nets.augmentation import varied
from buffycoat.nets.detectors import Detector, build_detector, look
from buffycoat.nets.training_plan import PreparedField, TrainingField, TrainingPlan, TrainingStep, prepare

__all__ = ["Trained", "score_detector", "train_detector"]

_MEMORY: Final = 0.995
_WARM_UP: Final = 30
_BACKBONE_SHARE: Final = 0.2
_LEAST_CELLS: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trained:
    """A detector, and how it came to be.

    Parameters
    ----------
    detector : OneStage or TwoStage
        With the weights of the chosen epoch.
    plan : TrainingPlan
        What was asked.
    history : tuple of TrainingStep
        One an epoch.
    chosen : int
        The epoch, from 1, whose weights these are: the best on the validation fields, else the last.
    checkpoint : bytes
        Everything that is needed to go on; empty when all epochs are done.
    """

    detector: Detector
    plan: TrainingPlan
    history: tuple[TrainingStep, ...]
    chosen: int
    checkpoint: bytes


def train_detector(
    fields: Sequence[TrainingField],
    validation: Sequence[TrainingField] = (),
    *,
    plan: TrainingPlan | None = None,
    weights: Path | str | None = None,
    resume: bytes | None = None,
    epochs_now: int | None = None,
    progress: Callable[[TrainingStep], None] | None = None,
) -> Trained:
    """Train a detector of white cells.

    Parameters
    ----------
    fields : sequence of TrainingField
        With the boxes of all their cells, from people or from the color filter.
    validation : sequence of TrainingField
        Fields of other smears, on which the epoch is chosen: the largest sum of AP50 and AP50-95. Without them the last
        epoch is taken.
    plan : TrainingPlan, optional
        How.
    weights : Path or str, optional
        Pretrained weights of the backbone: a file, or ``"download"``; without it, random ones.
    resume : bytes, optional
        The checkpoint of an earlier call with the same plan and fields; the result is as if there had been no break.
    epochs_now : int, optional
        Stop after so many epochs, with a checkpoint.
    progress : callable, optional
        Called after each epoch.

    Raises
    ------
    TooFew
        If there is no cell to learn from.
    Conflict
        If the checkpoint is of another plan.
    UnreadableFormat
        If it is no checkpoint.
    InputError, UnreadableFile
        If the plan, a field or the file of weights is none.
    """
    plan = plan or TrainingPlan()
    prepared = [prepare(field, plan.red_cell_px) for field in fields]
    looked_at = [prepare(field, plan.red_cell_px) for field in validation]
    if sum(len(field.boxes) for field in prepared) < _LEAST_CELLS:
        raise TooFew("no cell to learn from", expected="at least 1 box", found=f"none in {len(fields)} fields")
    with _alone(plan):
        run = _Run(plan, prepared, weights)
        if resume is not None:
            run.load(resume)
        last = plan.epochs if epochs_now is None else min(plan.epochs, run.epoch + epochs_now)
        while run.epoch < last:
            step = run.one_epoch(looked_at)
            if progress is not None:
                progress(step)
        return run.result()


def score_detector(detector: Detector, fields: Sequence[TrainingField], *, red_cell_px: float) -> AveragePrecision:
    """Return the average precision on fields with boxes, at the working scale that the detector was trained at."""
    return _score(detector, [prepare(field, red_cell_px) for field in fields])


def _score(detector: Detector, fields: Sequence[PreparedField]) -> AveragePrecision:
    seen = [look(detector, field.image, least_score=0.01) for field in fields]
    return average_precision(
        [field.boxes for field in fields], [boxes for boxes, _ in seen], [sure for _, sure in seen]
    )


class _Run:
    """A training in progress."""

    def __init__(self, plan: TrainingPlan, fields: Sequence[PreparedField], weights: Path | str | None) -> None:
        self.plan = plan
        self.fields = fields
        self.epoch = 0
        self.history: list[TrainingStep] = []
        torch.manual_seed(plan.seed)
        self.detector = build_detector(
            plan.architecture, backbone=plan.backbone, weights=weights, channels=plan.channels
        )
        names = dict(self.detector.named_parameters())
        pretrained = [number for name, number in names.items() if ".stages." in name]
        fresh = [number for name, number in names.items() if ".stages." not in name]
        self.optimizer = AdamW(
            [{"params": fresh, "share": 1.0}, {"params": pretrained, "share": _BACKBONE_SHARE if weights else 1.0}],
            weight_decay=0.02,
        )
        self.steps = 0
        self.steps_an_epoch = math.ceil(len(fields) / plan.batch)
        # what is looked with: a running mean of the weights, which jumps less than they do
        self.mean = {name: tensor.clone() for name, tensor in self.detector.state_dict().items()}
        self.best: dict[str, Any] = {"merit": None, "epoch": 0, "weights": {}}

    def one_epoch(self, validation: Sequence[PreparedField]) -> TrainingStep:
        rng = np.random.default_rng((self.plan.seed, self.epoch))
        torch.manual_seed(int(rng.integers(2**31)))
        order = rng.permutation(len(self.fields))
        losses = []
        self.detector.train()
        for start in range(0, len(order), self.plan.batch):
            images, truth = self._batch(order[start : start + self.plan.batch], rng)
            self._set_rate()
            loss = self.detector.loss(images, truth)
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
            torch.nn.utils.clip_grad_norm_(self.detector.parameters(), 10.0)
            self.optimizer.step()
            self.steps += 1
            self._remember()
            losses.append(float(loss.detach()))
        self.epoch += 1
        step = TrainingStep(epoch=self.epoch, epochs=self.plan.epochs, loss=float(np.mean(losses)))
        if validation and (self.epoch % self.plan.look_every == 0 or self.epoch == self.plan.epochs):
            step = self._look(step, validation)
        self.history.append(step)
        return step

    def _batch(self, chosen: NDArray[np.int64], rng: np.random.Generator) -> tuple[Tensor, list[Tensor]]:
        shown = [
            varied(self.fields[place].image, self.fields[place].boxes, side=self.plan.window_px, rng=rng)
            for place in chosen
        ]
        pixels = np.stack([image.transpose(2, 0, 1) for image, _ in shown]).astype(np.float32)
        return torch.from_numpy(pixels), [torch.from_numpy(boxes) for _, boxes in shown]

    def _set_rate(self) -> None:
        done = self.steps / max(1, self.plan.epochs * self.steps_an_epoch)
        rate = (
            self.plan.rate * min(1.0, (self.steps + 1) / _WARM_UP) * (0.02 + 0.98 * (1 + math.cos(math.pi * done)) / 2)
        )
        for group in self.optimizer.param_groups:
            group["lr"] = rate * group["share"]

    def _remember(self) -> None:
        memory = min(_MEMORY, self.steps / (self.steps + 10))
        for name, tensor in self.detector.state_dict().items():
            self.mean[name].lerp_(tensor, 1 - memory)

    def _look(self, step: TrainingStep, validation: Sequence[PreparedField]) -> TrainingStep:
        with self._averaged():
            score = _score(self.detector, validation)
        if score.ap50 is not None and score.ap50_95 is not None:
            merit = score.ap50 + score.ap50_95
            if self.best["merit"] is None or merit > self.best["merit"]:
                weights = {name: tensor.clone() for name, tensor in self.mean.items()}
                self.best = {"merit": merit, "epoch": self.epoch, "weights": weights}
        return TrainingStep(
            epoch=step.epoch, epochs=step.epochs, loss=step.loss, ap50=score.ap50, ap50_95=score.ap50_95
        )

    @contextmanager
    def _averaged(self) -> Iterator[None]:
        now = {name: tensor.clone() for name, tensor in self.detector.state_dict().items()}
        self.detector.load_state_dict(self.mean)
        yield
        self.detector.load_state_dict(now)
        self.detector.train()

    def result(self) -> Trained:
        checkpoint = b"" if self.epoch >= self.plan.epochs else self._checkpoint()
        chosen, weights = self.epoch, self.mean
        if self.best["merit"] is not None:
            chosen, weights = self.best["epoch"], self.best["weights"]
        self.detector.load_state_dict(weights)
        self.detector.eval()
        return Trained(
            detector=self.detector, plan=self.plan, history=tuple(self.history), chosen=chosen, checkpoint=checkpoint
        )

    def _checkpoint(self) -> bytes:
        stream = io.BytesIO()
        torch.save(
            {
                "plan": asdict(self.plan),
                "fields": len(self.fields),
                "epoch": self.epoch,
                "steps": self.steps,
                "history": [asdict(step) for step in self.history],
                "weights": self.detector.state_dict(),
                "mean": self.mean,
                "best": self.best,
                "optimizer": self.optimizer.state_dict(),
            },
            stream,
        )
        return stream.getvalue()

    def load(self, checkpoint: bytes) -> None:
        try:
            kept = torch.load(io.BytesIO(checkpoint), weights_only=True)
            asked = {**asdict(self.plan), "fields": len(self.fields)}
            made = {**kept["plan"], "fields": kept["fields"]}
        except Exception as error:  # a foreign file breaks the reader in many ways, none of them documented
            raise UnreadableFormat(
                "this is no checkpoint of a training",
                expected="what an earlier training left",
                found=f"{len(checkpoint)} bytes of something else",
                hint="start the training anew, without it",
            ) from error
        if other := [name for name in asked if asked[name] != made.get(name)]:
            raise Conflict(
                f"the checkpoint is of another training: {other[0]}",
                expected=str(asked[other[0]]),
                found=str(made.get(other[0])),
                hint="go on with the plan and fields that it began with, or start anew",
            )
        self.detector.load_state_dict(kept["weights"])
        self.optimizer.load_state_dict(kept["optimizer"])
        self.epoch, self.steps, self.mean, self.best = kept["epoch"], kept["steps"], kept["mean"], kept["best"]
        self.history = [TrainingStep(**step) for step in kept["history"]]


@contextmanager
def _alone(plan: TrainingPlan) -> Iterator[None]:
    """Train with the threads of the plan, and leave torch's own random state and threads as they were."""
    threads = torch.get_num_threads()
    with torch.random.fork_rng(devices=()):
        torch.set_num_threads(plan.threads)
        try:
            yield
        finally:
            torch.set_num_threads(threads)
