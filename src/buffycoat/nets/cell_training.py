"""Training of the default classifier: laboratories and classes drawn evenly, every cell varied, weights averaged."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from buffycoat.errors import InputError, TooFew
from buffycoat.imaging.cell_alignment import CellView, shown_picture
from buffycoat.nets.cell_network import CellNetwork
from buffycoat.nets.cell_pair import CellPair
from buffycoat.nets.cell_variation import CellVariation, varied_cell

__all__ = ["CellPlan", "cell_logits", "train_cells"]

_WARM = 30
_KEPT_FROM = 1 / 3
_KEEP = 0.02
_LONGEST = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CellPlan:
    """How the network is trained.

    Parameters
    ----------
    steps, batch : int
        How many batches, and of how many cells.
    rate, last_rate, weight_decay : float
        Of AdamW; the last layer learns faster than the backbone.
    smoothing : float
        What of the truth is spread over all classes.
    balance : float
        1 draws every stratum as often as any other, 0 every cell.
    rare : mapping of int to float
        Classes whose cells are drawn less often, by this factor.
    mixed : float
        As the network takes it.
    """

    steps: int = 400
    batch: int = 32
    rate: float = 4e-4
    last_rate: float = 2e-3
    weight_decay: float = 0.02
    smoothing: float = 0.1
    balance: float = 0.7
    rare: tuple[tuple[int, float], ...] = ()
    mixed: float = 0.3
    backbone: str = "shufflenet-v2"
    variation: CellVariation = field(default_factory=CellVariation)
    seed: int = 0


def train_cells(
    views: Sequence[CellView],
    labels: Sequence[int],
    strata: Sequence[Hashable],
    *,
    classes: int,
    plan: CellPlan,
    weights: Path | str | None = None,
    progress: Callable[[int, float], None] | None = None,
) -> CellNetwork:
    """Train a network; the same cells, plan and threads give the same one.

    What is returned is a running mean of the weights over the last two thirds of the steps: it lies in flatter ground
    than the last step does (Izmailov et al., UAI 2018; Cha et al., NeurIPS 2021, for other laboratories).

    Parameters
    ----------
    views : sequence of CellView
        What to learn from.
    labels : sequence of int
        Class of each, from 0.
    strata : sequence
        What is drawn evenly, such as laboratory and class of each.
    classes : int
        How many there are.
    plan : CellPlan
        How.
    weights : Path or str, optional
        Pretrained ones of the backbone.
    progress : callable, optional
        Is told the step, and the mean loss of the last 50.

    Raises
    ------
    TooFew
        Nothing to learn from.
    InputError
        Not one label and stratum a cell.
    """
    if not len(views) == len(labels) == len(strata):
        raise InputError(
            "not one label and stratum a cell", expected=str(len(views)), found=f"{len(labels)}, {len(strata)}"
        )
    if not views:
        raise TooFew("no cell to learn from", expected="at least 1", found="0")
    torch.manual_seed(plan.seed)
    rng = np.random.default_rng(plan.seed)
    network = CellNetwork(classes=classes, backbone=plan.backbone, weights=weights, mixed=plan.mixed)
    groups = [
        {"params": list(network.stages.parameters()), "lr": plan.rate},
        {"params": [*network.norm.parameters(), *network.last.parameters()], "lr": plan.last_rate},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=plan.weight_decay)
    rates = [group["lr"] for group in optimizer.param_groups]
    chances = _chances(labels, strata, plan)
    truth = torch.tensor(list(labels))
    kept: dict[str, Tensor] | None = None
    lost = 0.0
    network.train()
    for step in range(plan.steps):
        factor = min(1.0, (step + 1) / _WARM) * 0.5 * (1 + math.cos(math.pi * step / plan.steps))
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * factor
        places = rng.choice(len(views), plan.batch, p=chances)
        shown = [varied_cell(views[place], plan.variation, rng=rng) for place in places.tolist()]
        pictures, parts = (torch.from_numpy(np.stack(each)) for each in zip(*shown, strict=True))
        loss = functional.cross_entropy(network(pictures, parts), truth[places], label_smoothing=plan.smoothing)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch does not say
        nn.utils.clip_grad_norm_(network.parameters(), _LONGEST)
        optimizer.step()
        lost += float(loss.detach())
        if step >= plan.steps * _KEPT_FROM:
            kept = _averaged(kept, network)
        if progress is not None and step % 50 == 49:
            progress(step + 1, lost / 50)
            lost = 0.0
    if kept is not None:
        network.load_state_dict(kept)
    return network.eval()


@torch.no_grad()
def cell_logits(network: CellNetwork | CellPair, views: Sequence[CellView], *, batch: int = 32) -> NDArray[np.float32]:
    """Return one number a class for each cell before the softmax, float32 (n, classes): of it and its mirror image."""
    network.eval()
    found = [np.zeros((0, network.classes), np.float32)]
    for first in range(0, len(views), batch):
        sides = []
        for mirrored in (False, True):
            shown = [shown_picture(view, mirrored=mirrored) for view in views[first : first + batch]]
            pictures, parts = (torch.from_numpy(np.stack(each)) for each in zip(*shown, strict=True))
            sides.append(network(pictures, parts).numpy())
        found.append(np.asarray(np.mean(sides, axis=0), np.float32))
    return np.concatenate(found)


def _chances(labels: Sequence[int], strata: Sequence[Hashable], plan: CellPlan) -> NDArray[np.float64]:
    counts = Counter(strata)
    less = dict(plan.rare)
    chances = np.array(
        [counts[each] ** -plan.balance * less.get(label, 1.0) for each, label in zip(strata, labels, strict=True)]
    )
    return np.asarray(chances / chances.sum(), np.float64)


def _averaged(kept: dict[str, Tensor] | None, network: CellNetwork) -> dict[str, Tensor]:
    now = network.state_dict()
    if kept is None:
        return {name: tensor.clone() for name, tensor in now.items()}
    for name, tensor in kept.items():
        if tensor.is_floating_point():
            tensor.lerp_(now[name], _KEEP)
    return kept
