"""Two looks at a cell whose answers are averaged: a trained network, and a backbone as it came with a linear rule."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from torch import Tensor, nn
from torch.nn import functional

from buffycoat.errors import InputError, TooFew
from buffycoat.imaging.cell_alignment import CellView, shown_picture
from buffycoat.nets.backbones import feature_map
from buffycoat.nets.cell_network import WIDTHS, CellNetwork, by_part
from buffycoat.nets.cell_variation import CellVariation, varied_cell

__all__ = ["CellPair", "FrozenCells", "FrozenPlan", "fit_frozen", "frozen_rows"]

Rows = NDArray[np.float32]

_SEEDS = 100
_LITTLE = 1e-6
_NEVER = -30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenPlan:
    """How the linear rule is fitted.

    Parameters
    ----------
    copies : int
        How often each cell is shown varied, besides as it is.
    shrink : float
        How far the covariance is drawn to that of a ball, 0 to 1.
    between : float
        How much the difference between laboratories within a class counts as spread: what tells laboratories apart
        has little say then.
    scale : float
        What the numbers are multiplied by; a linear rule in many dimensions is surer than it should be.
    rare : tuple
        Classes whose spread counts less, by this factor.
    """

    copies: int = 10
    shrink: float = 0.1
    between: float = 1.0
    scale: float = 0.3
    rare: tuple[tuple[int, float], ...] = ()
    variation: CellVariation = field(default_factory=CellVariation)
    seed: int = 0


class FrozenCells(nn.Module):
    """A backbone as it came, and a linear rule on what it sees of nucleus and cytoplasm.

    Its two finer maps are averaged over each part; the square root of these numbers is looked at.

    Parameters
    ----------
    classes : int
        How many.
    backbone : {"shufflenet-v2", "mobilenet-v2"}
        Which.
    weights : Path or str, optional
        Its pretrained weights; without them, random ones.
    """

    mean: Tensor
    deviation: Tensor

    def __init__(self, *, classes: int, backbone: str = "shufflenet-v2", weights: Path | str | None = None) -> None:
        super().__init__()
        looking = feature_map(backbone, weights=weights, channels=8)
        self.stages = looking.stages[:2]
        self.register_buffer("mean", looking.mean)
        self.register_buffer("deviation", looking.deviation)
        self.last = nn.Linear(2 * sum(WIDTHS[backbone][:2]), classes)
        self.requires_grad_(requires_grad=False)
        self.eval()

    def forward(self, pictures: Tensor, parts: Tensor) -> Tensor:
        """Return one number a class for each cell: pictures (n, 3, 112, 112), parts (n, 2, 112, 112)."""
        said: Tensor = self.last(self.embed(pictures, parts))
        return said

    def embed(self, pictures: Tensor, parts: Tensor) -> Tensor:
        """Return what the linear rule sees of each cell: (n, numbers)."""
        first = self.stages[0]((pictures - self.mean) / self.deviation)
        seen = torch.cat([by_part(first, parts), by_part(self.stages[1](first), parts)], 1)
        return torch.sign(seen) * torch.sqrt(torch.abs(seen))


class CellPair(nn.Module):
    """The mean of what a trained network and a frozen one say, as logarithms of probabilities.

    Parameters
    ----------
    trained, frozen : CellNetwork and FrozenCells
        Of the same classes.
    share : float
        Of the frozen one, 0 to 1.
    lift : sequence of float, optional
        What is added for each class.
    """

    lift: Tensor

    def __init__(
        self, trained: CellNetwork, frozen: FrozenCells, *, share: float = 0.5, lift: Sequence[float] | None = None
    ) -> None:
        super().__init__()
        self.trained = trained
        self.frozen = frozen
        self.share = share
        classes = trained.last.out_features
        self.register_buffer("lift", torch.zeros(classes) if lift is None else torch.tensor(list(lift)))

    @property
    def classes(self) -> int:
        """How many classes it tells apart."""
        return self.trained.classes

    def forward(self, pictures: Tensor, parts: Tensor) -> Tensor:
        """Return one number a class for each cell: pictures (n, 3, 112, 112), parts (n, 2, 112, 112)."""
        return self.look(pictures, parts)[0]

    def look(self, pictures: Tensor, parts: Tensor) -> tuple[Tensor, Tensor]:
        """Return these numbers, and what the trained network's last layer sees."""
        said, seen = self.trained.look(pictures, parts)
        other = functional.log_softmax(self.frozen(pictures, parts), 1)
        return (1 - self.share) * functional.log_softmax(said, 1) + self.share * other + self.lift, seen


@torch.no_grad()
def frozen_rows(network: FrozenCells, views: Sequence[CellView], plan: FrozenPlan, *, batch: int = 32) -> Rows:
    """Return what a frozen network sees of cells as they are, then of their varied copies.

    Returns
    -------
    ndarray
        float32, shape (1 + copies, n, numbers).
    """
    found = []
    for copy in range(-1, plan.copies):
        rng = np.random.default_rng(_SEEDS + 1000 * plan.seed + copy)
        rows = [np.zeros((0, network.last.in_features), np.float32)]
        for first in range(0, len(views), batch):
            shown = [
                shown_picture(view) if copy < 0 else varied_cell(view, plan.variation, rng=rng)
                for view in views[first : first + batch]
            ]
            pictures, parts = (torch.from_numpy(np.stack(each)) for each in zip(*shown, strict=True))
            rows.append(network.embed(pictures, parts).numpy())
        found.append(np.concatenate(rows))
    return np.stack(found)


def fit_frozen(
    network: FrozenCells, rows: Rows, labels: Sequence[int], laboratories: Sequence[Hashable], plan: FrozenPlan
) -> FrozenCells:
    """Fit the linear rule of a frozen network, and return the network.

    A linear discriminant with one covariance (Fisher 1936), drawn to a ball (Friedman 1989). Every class of every
    laboratory counts as much as any other; a class without cells is never said.

    Parameters
    ----------
    network : FrozenCells
        Whose last layer is filled.
    rows : ndarray
        float32, shape (copies, n, numbers), as `frozen_rows` returns them.
    labels : sequence of int
        Class of each cell, from 0.
    laboratories : sequence
        Of each cell.
    plan : FrozenPlan
        How.

    Raises
    ------
    InputError
        Not one label and laboratory a cell.
    TooFew
        Nothing to learn from.
    """
    if not rows.shape[1] == len(labels) == len(laboratories):
        raise InputError(
            "not one label and laboratory a cell",
            expected=str(rows.shape[1]),
            found=f"{len(labels)}, {len(laboratories)}",
        )
    if not labels:
        raise TooFew("no cell to learn from", expected="at least 1", found="0")
    classes, width = network.last.out_features, rows.shape[2]
    every = rows.reshape(-1, width)
    center, spread = every.mean(axis=0), every.std(axis=0) + _LITTLE
    less = dict(plan.rare)
    truth = np.array(labels, np.int64)
    places = np.array([sorted(set(map(str, laboratories))).index(str(each)) for each in laboratories], np.int64)
    middles = np.zeros((classes, width))
    covariance, weight = np.zeros((width, width)), 0.0
    for label in range(classes):
        strata = [np.flatnonzero((truth == label) & (places == place)) for place in sorted(set(places[truth == label]))]
        if not strata:
            continue
        shown = [((rows[:, some] - center) / spread).reshape(-1, width) for some in strata]
        means = [some.mean(axis=0) for some in shown]
        middles[label] = np.mean(means, axis=0)
        for some, mean in zip(shown, means, strict=True):
            beside = mean - middles[label]
            one = (some - mean).T @ (some - mean) / len(some) + plan.between * np.outer(beside, beside)
            covariance += less.get(label, 1.0) * one
            weight += less.get(label, 1.0)
    covariance /= weight
    ball = np.eye(width) * np.trace(covariance) / width
    solved = cho_solve(cho_factor((1 - plan.shrink) * covariance + plan.shrink * ball), middles.T)
    bias = -0.5 * np.einsum("cd,dc->c", middles, solved)
    matrix = plan.scale * solved.T / spread
    bias = plan.scale * bias - matrix @ center
    bias[sorted(set(range(classes)) - set(labels))] = _NEVER
    with torch.no_grad():
        network.last.weight.copy_(torch.from_numpy(matrix.astype(np.float32)))
        network.last.bias.copy_(torch.from_numpy(bias.astype(np.float32)))
    return network
