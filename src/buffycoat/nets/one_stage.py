"""An anchor-free detector in one stage: at each place of a map, how likely a cell is there, and where its edges are."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional
from torchvision.ops import box_iou, generalized_box_iou_loss

from buffycoat.nets.backbones import MAP_STRIDE, FeatureMap, separable

__all__ = ["OneStage", "assign"]

_LIKELIEST = 10
_SHARPNESS = 4.0
_RARE = 0.01
_USUAL_REACH = 4.0


class OneStage(nn.Module):
    """FCOS-like: each place gives a score and the distances to the four edges (Tian et al. 2019, FCOS).

    The score is trained towards the overlap of the place's box with the true one, so that it ranks boxes by how well
    they fit (Li et al. 2020, Generalized focal loss); which places answer for a cell follows from score and overlap
    together (Feng et al. 2021, TOOD).
    """

    def __init__(self, features: FeatureMap) -> None:
        super().__init__()
        channels = features.out_channels
        self.features = features
        self.tower = separable(channels)
        self.scores = nn.Conv2d(channels, 1, 1)
        self.reaches = nn.Conv2d(channels, 4, 1)
        for layer, value in ((self.scores, math.log(_RARE / (1 - _RARE))), (self.reaches, math.log(_USUAL_REACH))):
            layer.bias = nn.Parameter(torch.full((layer.out_channels,), value))
        nn.init.normal_(self.reaches.weight, std=0.01)

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Return boxes (places, 4) as left, top, right, bottom in pixels, and scores (places,), of one picture."""
        boxes, logits, _ = self.raw(images)
        return boxes[0], logits[0].sigmoid()

    def raw(self, images: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return boxes (n, places, 4), logits (n, places) and the places (places, 2) as (x, y) in pixels."""
        seen = self.tower(self.features(images))
        rows, columns = seen.shape[2], seen.shape[3]
        across = (torch.arange(columns, dtype=seen.dtype) + 0.5) * MAP_STRIDE
        down = (torch.arange(rows, dtype=seen.dtype) + 0.5) * MAP_STRIDE
        x = across[None, :].expand(rows, columns).reshape(-1)
        y = down[:, None].expand(rows, columns).reshape(-1)
        reach = self.reaches(seen).flatten(2).transpose(1, 2).clamp(max=5.0).exp() * MAP_STRIDE
        left, top, right, bottom = reach.unbind(2)
        boxes = torch.stack([x - left, y - top, x + right, y + bottom], dim=2)
        return boxes, self.scores(seen).flatten(1), torch.stack([x, y], dim=1)

    def loss(self, images: Tensor, truth: Sequence[Tensor]) -> Tensor:
        """Return the loss of a batch; ``truth`` holds the boxes (cells, 4) of each picture."""
        boxes, logits, places = self.raw(images)
        targets = torch.zeros_like(logits)
        overlap_loss = boxes.sum() * 0.0
        for number, true in enumerate(truth):
            if len(true) == 0:
                continue
            owner, target = assign(boxes[number].detach(), logits[number].detach().sigmoid(), places, true)
            chosen = owner >= 0
            targets[number] = target
            gaps = generalized_box_iou_loss(boxes[number][chosen], true[owner[chosen]])
            overlap_loss = overlap_loss + (gaps * target[chosen]).sum()
        weight = (targets - logits.detach().sigmoid()).abs() ** 2
        score_loss = (functional.binary_cross_entropy_with_logits(logits, targets, reduction="none") * weight).sum()
        return (score_loss + 2.0 * overlap_loss) / targets.sum().clamp(min=1.0)


def assign(boxes: Tensor, scores: Tensor, places: Tensor, true: Tensor) -> tuple[Tensor, Tensor]:
    """Say which cell each place answers for, and which score it should have.

    Parameters
    ----------
    boxes : Tensor
        (places, 4): what each place says now.
    scores : Tensor
        (places,): 0 to 1.
    places : Tensor
        (places, 2) as (x, y) in pixels.
    true : Tensor
        (cells, 4), at least one.

    Returns
    -------
    owner : Tensor
        (places,): number of the cell, -1 where there is none.
    target : Tensor
        (places,): 0 where there is none; the best place of a cell has the overlap that it reaches.
    """
    overlaps = box_iou(true, boxes)
    x, y = places[:, 0], places[:, 1]
    within = (x > true[:, 0:1]) & (x < true[:, 2:3]) & (y > true[:, 1:2]) & (y < true[:, 3:4])
    fit = torch.where(within, scores.sqrt() * overlaps**_SHARPNESS + 1e-9, torch.zeros_like(overlaps))
    best = fit.topk(min(_LIKELIEST, fit.shape[1]), dim=1)
    chosen = torch.zeros_like(fit).scatter_(1, best.indices, 1.0).bool() & within
    held = torch.where(chosen, overlaps + 1e-9, torch.full_like(overlaps, -1.0))
    most, owner = held.max(dim=0)
    owner = torch.where(most > 0, owner, torch.full_like(owner, -1))
    mine = torch.nn.functional.one_hot(owner.clamp(min=0), len(true)).T.bool() & (owner >= 0)
    fit = torch.where(mine, fit, torch.zeros_like(fit))
    reached = torch.where(mine, overlaps, torch.zeros_like(overlaps)).max(dim=1, keepdim=True).values
    target = (fit / fit.max(dim=1, keepdim=True).values.clamp(min=1e-9) * reached).sum(dim=0)
    return owner, target
