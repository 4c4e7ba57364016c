"""From drawn cells to a network that draws them: seeded, small pictures first."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from torch.optim import AdamW

from buffycoat.domain.value import value
from buffycoat.errors import InputError, TooFew
from buffycoat.nets.segmenter import WIDTHS, Segmenter
from buffycoat.nets.segmenter_variation import DrawnCell, Palette, varied_cell

__all__ = ["SegmenterPlan", "train_segmenter"]

_MEMORY: Final = 0.998
_WARM_UP: Final = 100
_SOFT: Final = 20.0


@value
class SegmenterPlan:
    """How a segmenter is trained; the same plan on the same cells gives the same network on one machine.

    Parameters
    ----------
    steps : int
        Batches in all.
    batch : int
        Crops a step.
    sides : tuple of int
        Sides of the crops in pixels, one after the other, each for an equal part of the steps; multiples of 16.
    rate : float
        Greatest learning rate.
    widths : tuple of int
        Channels of the network.
    seed : int
        Of weights, order and variation.
    """

    steps: int = 10_000
    batch: int = 8
    sides: tuple[int, ...] = (64, 96, 96, 112)
    rate: float = 2e-3
    widths: tuple[int, ...] = WIDTHS
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse what no training can be."""
        if min(self.steps, self.batch, len(self.sides)) < 1:
            raise InputError("nothing to train", expected="steps, batch and sides from 1", found=str(self))
        if any(side < 16 or side % 16 for side in self.sides):
            raise InputError("the sides of the crops", expected="multiples of 16", found=str(self.sides))


def train_segmenter(
    cells: Sequence[Sequence[DrawnCell]],
    *,
    plan: SegmenterPlan,
    shares: Sequence[float] | None = None,
    start: Segmenter | None = None,
    palettes: Sequence[Palette] = (),
    progress: Callable[[int, float], None] | None = None,
) -> Segmenter:
    """Train a segmenter.

    Parameters
    ----------
    cells : sequence of sequence of DrawnCell
        One sequence for each stain: neighbors are only put beside cells of their own.
    plan : SegmenterPlan
        How.
    shares : sequence of float, optional
        Which part of the crops comes from each stain; without it, as many as there are cells.
    start : Segmenter, optional
        A trained one of the same widths to go on from, as if it were new; it is left as it is.
    palettes : sequence of Palette
        Colors of other pictures, to be taken over now and then.
    progress : callable, optional
        Called now and then with the number of steps done and the mean loss since the last call.

    Raises
    ------
    TooFew
        If a stain has no cell.
    """
    if not cells or not all(cells):
        raise TooFew(
            "no cell to learn from", expected="at least 1 of each stain", found=str([len(one) for one in cells])
        )
    weights = np.array(shares if shares is not None else [len(one) for one in cells], np.float64)
    with torch.random.fork_rng(devices=()):
        torch.manual_seed(plan.seed)
        network = Segmenter(plan.widths)
        if start is not None:
            network.load_state_dict(start.state_dict())
        network = network.to(memory_format=torch.channels_last)
        return _trained(network, cells, weights / weights.sum(), palettes, plan, progress)


def _trained(
    network: Segmenter,
    cells: Sequence[Sequence[DrawnCell]],
    shares: np.ndarray,
    palettes: Sequence[Palette],
    plan: SegmenterPlan,
    progress: Callable[[int, float], None] | None,
) -> Segmenter:
    rng = np.random.default_rng(plan.seed)
    optimizer = AdamW(network.parameters(), lr=plan.rate, weight_decay=0.02)
    mean = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    backdrops = [[each for each in stain if not each.cell.any()] for stain in cells]
    network.train()
    losses: list[float] = []

    def batch(step: int) -> tuple[Tensor, Tensor]:
        side = plan.sides[step * len(plan.sides) // plan.steps]
        return _batch(cells, backdrops, shares, palettes, side, plan.batch, rng)

    with ThreadPoolExecutor(max_workers=1) as beside:  # one thread, so that chance has one order
        ahead = beside.submit(batch, 0)
        for step in range(plan.steps):
            pixels, masks = ahead.result()
            if step + 1 < plan.steps:
                ahead = beside.submit(batch, step + 1)
            done = step / plan.steps
            for group in optimizer.param_groups:
                group["lr"] = (
                    plan.rate * min(1, (step + 1) / _WARM_UP) * (0.01 + 0.99 * (1 + math.cos(math.pi * done)) / 2)
                )
            with torch.autocast("cpu", torch.bfloat16):
                logits = network(pixels)
            loss = _loss(logits.float(), masks)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
            torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimizer.step()
            memory = min(_MEMORY, step / (step + 10))
            for name, tensor in network.state_dict().items():
                if tensor.is_floating_point():
                    mean[name].lerp_(tensor, 1 - memory)
                else:
                    mean[name].copy_(tensor)
            losses.append(float(loss.detach()))
            if progress is not None and (len(losses) == 100 or step + 1 == plan.steps):
                progress(step + 1, float(np.mean(losses)))
                losses = []
    network.load_state_dict(mean)
    return network.eval()


def _batch(
    cells: Sequence[Sequence[DrawnCell]],
    backdrops: Sequence[Sequence[DrawnCell]],
    shares: np.ndarray,
    palettes: Sequence[Palette],
    side: int,
    count: int,
    rng: np.random.Generator,
) -> tuple[Tensor, Tensor]:
    crops, masks = [], []
    for _ in range(count):
        which = rng.choice(len(cells), p=shares)
        stain, empty = cells[which], backdrops[which]
        crop, drawn = varied_cell(
            stain[int(rng.integers(len(stain)))],
            side=side,
            rng=rng,
            neighbors=stain,
            backdrops=empty,
            palettes=palettes,
        )
        crops.append(crop)
        masks.append(drawn)
    pixels = torch.from_numpy(np.stack(crops)).permute(0, 3, 1, 2).float()
    return pixels.contiguous(memory_format=torch.channels_last), torch.from_numpy(np.stack(masks))


def _loss(logits: Tensor, masks: Tensor) -> Tensor:
    """Return cross entropy plus what Dice lacks to 1; an empty mask has cross entropy only, nearly."""
    known = (masks.amin(dim=(2, 3)) >= 0).to(logits.dtype)
    masks = masks.clamp(min=0)
    entropy = functional.binary_cross_entropy_with_logits(logits, masks, reduction="none").mean(dim=(2, 3))
    found = logits.sigmoid()
    shared = (found * masks).sum(dim=(2, 3))
    total = (found + masks).sum(dim=(2, 3))
    lacking = 1 - (2 * shared + _SOFT) / (total + _SOFT)
    return ((entropy + lacking) * known).sum() / known.sum()
