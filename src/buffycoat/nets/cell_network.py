"""The network of the default classifier: a small backbone that looks at nucleus and cytoplasm apart."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional

from buffycoat.nets.backbones import feature_map

__all__ = ["WIDTHS", "CellNetwork", "by_part"]

WIDTHS: Final = {"shufflenet-v2": (116, 232, 464), "mobilenet-v2": (32, 96, 320)}
_LITTLE = 0.5


class CellNetwork(nn.Module):
    """Aligned pictures of cells and their parts to one number a class, before the softmax.

    Two finer maps of the backbone are averaged over the nucleus and over the cytoplasm, the coarsest over the whole
    picture: so granules are told apart from chromatin, and what is outside the cell has little to say. There are no
    batch norms: they would learn the laboratories.

    Parameters
    ----------
    classes : int
        How many.
    backbone : {"shufflenet-v2", "mobilenet-v2"}
        Which.
    weights : Path or str, optional
        Its pretrained weights; without them, random ones.
    mixed : float
        Share of batches in training in which the pictures of a batch lend each other mean and spread of what the first
        layers see, as if one had the stain of another (MixStyle, Zhou et al., ICLR 2021).
    dropped : float
        Share of numbers that are dropped before the last layer in training.
    """

    mean: Tensor
    deviation: Tensor

    def __init__(
        self,
        *,
        classes: int,
        backbone: str = "shufflenet-v2",
        weights: Path | str | None = None,
        mixed: float = 0.0,
        dropped: float = 0.3,
    ) -> None:
        super().__init__()
        looking = feature_map(backbone, weights=weights, channels=8)
        self.stages = looking.stages
        self.register_buffer("mean", looking.mean)
        self.register_buffer("deviation", looking.deviation)
        first, second, third = WIDTHS[backbone]
        self.mixed = mixed
        self.norm = nn.LayerNorm(2 * first + 2 * second + third)
        self.drop = nn.Dropout(dropped)
        self.last = nn.Linear(2 * first + 2 * second + third, classes)

    def forward(self, pictures: Tensor, parts: Tensor) -> Tensor:
        """Return one number a class for each cell: pictures (n, 3, 112, 112), parts (n, 2, 112, 112)."""
        said: Tensor = self.last(self.drop(self.embed(pictures, parts)))
        return said

    @property
    def classes(self) -> int:
        """How many classes it tells apart."""
        return self.last.out_features

    def look(self, pictures: Tensor, parts: Tensor) -> tuple[Tensor, Tensor]:
        """Return what :meth:`forward` does, and what the last layer sees."""
        seen = self.embed(pictures, parts)
        return self.last(self.drop(seen)), seen

    def embed(self, pictures: Tensor, parts: Tensor) -> Tensor:
        """Return what the last layer sees of each cell; near cells look alike."""
        first = self._lent(self.stages[0]((pictures - self.mean) / self.deviation))
        second = self._lent(self.stages[1](first))
        seen = [self.stages[2](second).mean((2, 3)), by_part(first, parts), by_part(second, parts)]
        normed: Tensor = self.norm(torch.cat(seen, 1))
        return normed

    def _lent(self, seen: Tensor) -> Tensor:
        if not self.training or not self.mixed or float(torch.rand(())) > self.mixed:
            return seen
        mean = seen.mean((2, 3), keepdim=True).detach()
        spread = (seen.var((2, 3), keepdim=True) + 1e-5).sqrt().detach()
        other = torch.randperm(len(seen))
        own = torch.distributions.Beta(0.3, 0.3).sample((len(seen), 1, 1, 1)).to(seen.device)
        shape: Tensor = (seen - mean) / spread
        return shape * (own * spread + (1 - own) * spread[other]) + own * mean + (1 - own) * mean[other]


def by_part(seen: Tensor, parts: Tensor) -> Tensor:
    """Return the mean of a map over each part: (n, parts x channels)."""
    weights = functional.adaptive_avg_pool2d(parts, (seen.shape[2], seen.shape[3]))
    weights = weights / (weights.sum((2, 3), keepdim=True) + _LITTLE)
    return torch.einsum("nchw,nkhw->nkc", seen, weights).flatten(1)
