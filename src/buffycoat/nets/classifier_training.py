"""From crops to a trained classifier: seeded, epoch by epoch, going on where a killed process stood."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.parallel import DistributedDataParallel
from torch.optim import SGD

from buffycoat.errors import InputError
from buffycoat.nets.checkpoints import read_checkpoint, write_checkpoint
from buffycoat.nets.classifier_plan import ClassifierPlan, ClassifierStep, LabeledCrops
from buffycoat.nets.classifier_weights import FoundWeights
from buffycoat.nets.classifiers import Classifier, build_classifier, fill
from buffycoat.nets.processes import Processes

__all__ = ["TrainedClassifier", "predict_probabilities", "train_classifier"]

_ALONE: Final = Processes()
_LOOKED_AT: Final = 50
"""Crops at once where nothing is learned."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrainedClassifier:
    """A classifier as it was after its last epoch, and one step an epoch; ``seconds`` are of all parts together."""

    network: Classifier
    plan: ClassifierPlan
    history: tuple[ClassifierStep, ...]
    seconds: float


def train_classifier(  # noqa: PLR0913 (what it learns from, and what is told of it)
    crops: LabeledCrops,
    *,
    plan: ClassifierPlan,
    weights: FoundWeights | None = None,
    validation: LabeledCrops | None = None,
    checkpoint: Path | None = None,
    processes: Processes = _ALONE,
    progress: Callable[[ClassifierStep], None] | None = None,
    enough: Callable[[ClassifierStep], bool] | None = None,
) -> TrainedClassifier:
    """Train a classifier by stochastic gradient descent and cross-entropy; all of its weights learn.

    Each epoch draws its order, and what dropout drops, from the seed and its own number alone. So a training that was
    killed and goes on from its last whole epoch ends, on a processor, in the same numbers as one without a break. The
    last batch joins the one before where it has fewer than two crops a process: a norm over one crop says nothing.

    Several processes share each batch: its gradient is that of the whole batch, but batch norms see their own part of
    it (on GPUs, where torch can join them, the whole).

    Parameters
    ----------
    crops : LabeledCrops
        All that an epoch shows, copies included.
    plan : ClassifierPlan
        How.
    weights : FoundWeights, optional
        What the network begins with; random numbers without it.
    validation : LabeledCrops, optional
        Looked at after each epoch for the curve; nothing is chosen by it.
    checkpoint : Path, optional
        Where each whole epoch is kept, written aside and then put in place. One that is there is gone on from.
    processes : Processes
        As `buffycoat.nets.processes.joined` gives them.
    progress : callable, optional
        Called after each epoch, those of earlier parts included.
    enough : callable, optional
        Asked after each epoch, and ends the training where it says so; all processes must be told the same.

    Raises
    ------
    TooFew
        If there are fewer than two crops a process.
    Conflict
        If the checkpoint is of another plan.
    UnreadableFormat
        If it is no checkpoint.
    """
    crops.at_least(2 * processes.world)
    with _seeded(plan):
        run = _Run(crops, validation, plan, weights, processes)
        if checkpoint is not None and processes.told(checkpoint.exists()):
            run.load(read_checkpoint(checkpoint, plan))
        if progress is not None:
            for step in run.history:
                progress(step)
        while run.epoch < plan.epochs:
            step = run.one_epoch()
            if checkpoint is not None and processes.rank == 0:
                write_checkpoint(checkpoint, plan, run.state())
            processes.wait()
            if progress is not None:
                progress(step)
            if enough is not None and enough(step):
                break
        return TrainedClassifier(network=run.network.eval(), plan=plan, history=tuple(run.history), seconds=run.seconds)


def predict_probabilities(
    network: Classifier, crops: LabeledCrops, *, processes: Processes = _ALONE
) -> NDArray[np.float64]:
    """Return what a classifier says of crops.

    Parameters
    ----------
    network : Classifier
        Trained; it is put into the mode of asking.
    crops : LabeledCrops
        Their labels are not looked at.
    processes : Processes
        Each looks at its part, and all get the whole.

    Returns
    -------
    ndarray
        float64 of shape (crops, classes); rows sum to 1.
    """
    return np.asarray(functional.softmax(_logits(network, crops, processes).double(), dim=1).numpy(), np.float64)


class _Run:
    """A training in progress."""

    def __init__(
        self,
        crops: LabeledCrops,
        validation: LabeledCrops | None,
        plan: ClassifierPlan,
        weights: FoundWeights | None,
        processes: Processes,
    ) -> None:
        self.crops, self.validation, self.plan, self.processes = crops, validation, plan, processes
        self.epoch, self.seconds = 0, 0.0
        self.history: list[ClassifierStep] = []
        tensors = weights.tensors if weights is not None else None
        self.network = build_classifier(plan.network, classes=plan.classes, weights=tensors)
        if plan.norm_memory is not None:
            for layer in self.network.modules():
                if isinstance(layer, nn.BatchNorm2d):
                    layer.momentum = plan.norm_memory
        self.device = torch.device(processes.device)
        self.shared: nn.Module = self._shared()
        self.optimizer = SGD(
            self.network.parameters(), lr=plan.rate, momentum=plan.momentum, weight_decay=plan.weight_decay
        )

    def _shared(self) -> nn.Module:
        if self.device.type == "cuda" and self.processes.world > 1:
            joint = nn.SyncBatchNorm.convert_sync_batchnorm(self.network.network)  # type: ignore[no-untyped-call]  # torch
            self.network.network = joint
        self.network.to(self.device).to(memory_format=torch.channels_last)
        if self.processes.world == 1:
            return self.network
        return DistributedDataParallel(self.network)

    def one_epoch(self) -> ClassifierStep:
        started = time.perf_counter()
        plan, world = self.plan, self.processes.world
        rng = np.random.default_rng((plan.seed, self.epoch))
        torch.manual_seed(int(rng.integers(2**31)) + self.processes.rank)
        rate = plan.rate * plan.rate_factor ** (self.epoch // plan.rate_epochs)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.shared.train()
        loss_sum, right = 0.0, 0
        for batch in _batches(rng.permutation(len(self.crops)), plan.batch, fewest=2 * world):
            mine = batch[self.processes.rank :: world]
            pixels, truth = _shown(self.crops, mine, self.device)
            said = self.shared(pixels)
            loss = functional.cross_entropy(said, truth, reduction="sum")
            self.optimizer.zero_grad(set_to_none=True)
            # the launcher's processes average their gradients: this makes it the mean over the whole batch
            (loss * (world / len(batch))).backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
            self.optimizer.step()
            loss_sum += float(loss.detach())
            right += int((said.detach().argmax(dim=1) == truth).sum())
        told = self.processes.gathered((loss_sum, right))
        held = self._look()
        self.epoch += 1
        took = time.perf_counter() - started
        self.seconds += took
        step = ClassifierStep(
            epoch=self.epoch,
            epochs=plan.epochs,
            rate=rate,
            loss=sum(each[0] for each in told) / len(self.crops),
            accuracy=sum(each[1] for each in told) / len(self.crops),
            validation_loss=held[0],
            validation_accuracy=held[1],
            seconds=took,
        )
        self.history.append(step)
        return step

    def _look(self) -> tuple[float | None, float | None]:
        if self.validation is None or not len(self.validation):
            return None, None
        said = _logits(self.network, self.validation, self.processes)
        truth = torch.tensor(self.validation.labels)
        loss = float(functional.cross_entropy(said.double(), truth))
        return loss, float((said.argmax(dim=1) == truth).double().mean())

    def state(self) -> dict[str, Any]:
        """Return all that the next epoch depends on."""
        return {
            "epoch": self.epoch,
            "seconds": self.seconds,
            "history": [asdict(step) for step in self.history],
            "network": dict(self.network.state_dict()),
            "optimizer": self.optimizer.state_dict(),
        }

    def load(self, kept: dict[str, Any]) -> None:
        fill(self.network, kept["network"])
        self.optimizer.load_state_dict(kept["optimizer"])
        self.epoch, self.seconds = kept["epoch"], kept["seconds"]
        self.history = [ClassifierStep(**step) for step in kept["history"]]


def _batches(order: NDArray[np.int64], size: int, *, fewest: int) -> Iterator[NDArray[np.int64]]:
    """Yield places in batches; a last one of too few joins the one before."""
    ends = list(range(size, len(order), size))
    if ends and len(order) - ends[-1] < fewest:
        ends.pop()
    yield from np.split(order, ends)


def _shown(
    crops: LabeledCrops, places: Sequence[int] | NDArray[np.int64], device: torch.device
) -> tuple[Tensor, Tensor]:
    pictures = [crops.read(int(place)) for place in places]
    if len({picture.shape for picture in pictures}) > 1:
        found = " and ".join(sorted({str(picture.shape) for picture in pictures}))
        raise InputError("crops of a batch", expected="all of one size", found=found)
    pixels = torch.from_numpy(np.stack(pictures)).to(device).permute(0, 3, 1, 2)  # channels last as it lies
    return pixels.float(), torch.tensor([crops.labels[int(place)] for place in places], device=device)


def _logits(network: Classifier, crops: LabeledCrops, processes: Processes) -> Tensor:
    """Return one row a crop; each process looks at its own part, the same crops whatever their number."""
    network.eval()
    parts = [range(start, min(start + _LOOKED_AT, len(crops))) for start in range(0, len(crops), _LOOKED_AT)]
    device = torch.device(processes.device)
    with torch.inference_mode():
        mine = [network(_shown(crops, part, device)[0]).cpu() for part in parts[processes.rank :: processes.world]]
    told = processes.gathered(mine)
    rows = [told[place % processes.world][place // processes.world] for place in range(len(parts))]
    return torch.cat(rows) if rows else torch.empty(0, 2)


@contextmanager
def _seeded(plan: ClassifierPlan) -> Iterator[None]:
    """Train from the plan's seed with its threads, and leave torch's own random state and threads as they were."""
    threads = torch.get_num_threads()
    with torch.random.fork_rng():
        torch.manual_seed(plan.seed)
        torch.set_num_threads(plan.threads)
        try:
            yield
        finally:
            torch.set_num_threads(threads)
