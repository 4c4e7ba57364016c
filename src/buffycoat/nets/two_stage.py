"""Faster R-CNN, the detector of the paper: regions that may hold a cell, then what they hold and their edges."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional
from torchvision.models.detection import FasterRCNN
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.faster_rcnn import FastRCNNPredictor, TwoMLPHead
from torchvision.models.detection.image_list import ImageList
from torchvision.ops import MultiScaleRoIAlign, roi_align

from buffycoat.nets.backbones import MAP_STRIDE, FeatureMap

__all__ = ["ANCHORS_PX", "TwoStage"]

ANCHORS_PX = (40, 64, 96)
"""Sides of the squares that regions start from, at working scale: white cells are 35 to 110 pixels wide there."""

_REGIONS = 256
_POOLED = 7
_HIDDEN = 256
_NOTHING = -1e9
_LARGEST_STEP = 4.135166556742356  # log(1000 / 16), as torchvision limits growth


class TwoStage(nn.Module):
    """torchvision's Faster R-CNN of one class (Ren et al. 2015), on one map.

    Trained by torchvision's own losses. Where it looks, the best 256 regions go on as they are: doubles among them are
    left to the suppression that ends every detector here, so that the exported network needs none inside.
    """

    def __init__(self, features: FeatureMap) -> None:
        super().__init__()
        channels = features.out_channels
        self.network = FasterRCNN(
            features,
            rpn_anchor_generator=AnchorGenerator((ANCHORS_PX,), ((1.0,),)),
            rpn_pre_nms_top_n_train=600,
            rpn_post_nms_top_n_train=200,
            rpn_batch_size_per_image=64,
            box_roi_pool=MultiScaleRoIAlign(["0"], _POOLED, 2),
            box_head=TwoMLPHead(channels * _POOLED**2, _HIDDEN),
            box_predictor=FastRCNNPredictor(_HIDDEN, 2),
            box_batch_size_per_image=64,
        )

    def loss(self, images: Tensor, truth: Sequence[Tensor]) -> Tensor:
        """Return the sum of the four losses of a batch; ``truth`` holds the boxes (cells, 4) of each picture."""
        sizes = [(images.shape[2], images.shape[3])] * len(images)
        targets = [{"boxes": boxes, "labels": torch.ones(len(boxes), dtype=torch.int64)} for boxes in truth]
        maps = {"0": self.network.backbone(images)}
        regions, first = self.network.rpn(ImageList(images, sizes), maps, targets)
        _, second = self.network.roi_heads(maps, regions, sizes, targets)
        return torch.stack([*first.values(), *second.values()]).sum()

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Return boxes (256, 4) as left, top, right, bottom in pixels, and scores (256,), of one picture."""
        seen = self.network.backbone(images)
        (objectness,), (steps,) = self.network.rpn.head([seen])
        anchors = self._anchors(seen)
        # a small field has fewer places than regions go on: the rest are filled up, with a score of 0 in the end
        likely = functional.pad(objectness[0].permute(1, 2, 0).reshape(-1), (0, _REGIONS), value=_NOTHING)
        anchors = functional.pad(anchors, (0, 0, 0, _REGIONS), value=1.0)
        steps = steps[0].reshape(len(ANCHORS_PX), 4, -1).permute(2, 0, 1).reshape(-1, 4)
        steps = functional.pad(steps, (0, 0, 0, _REGIONS))
        likely, kept = likely.topk(_REGIONS)
        regions = _moved(anchors[kept], steps[kept])
        limit = torch.tensor([images.shape[3], images.shape[2]] * 2, dtype=seen.dtype)
        regions = torch.minimum(regions.clamp(min=0.0), limit)
        heads = self.network.roi_heads
        numbered = torch.cat([torch.zeros_like(regions[:, :1]), regions], dim=1)
        pooled = roi_align(seen, numbered, (_POOLED, _POOLED), 1 / MAP_STRIDE, 2)
        logits, steps = heads.box_predictor(heads.box_head(pooled))
        x, y, w, h = heads.box_coder.weights
        scores = logits.softmax(dim=1)[:, 1] * (likely > _NOTHING / 2)
        return _moved(regions, steps[:, 4:8] / torch.tensor([x, y, w, h])), scores

    def _anchors(self, seen: Tensor) -> Tensor:
        """Return the squares of all places (places x sizes, 4), as torchvision lays them."""
        squares: Tensor = self.network.rpn.anchor_generator.cell_anchors[0]
        rows, columns = seen.shape[2], seen.shape[3]
        x = (torch.arange(columns, dtype=seen.dtype) * MAP_STRIDE)[None, :].expand(rows, columns).reshape(-1)
        y = (torch.arange(rows, dtype=seen.dtype) * MAP_STRIDE)[:, None].expand(rows, columns).reshape(-1)
        return (torch.stack([x, y, x, y], dim=1)[:, None] + squares[None]).reshape(-1, 4)


def _moved(boxes: Tensor, steps: Tensor) -> Tensor:
    """Return boxes moved by steps relative to their size (Girshick et al. 2014, R-CNN, appendix C)."""
    width, height = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    x = boxes[:, 0] + 0.5 * width + steps[:, 0] * width
    y = boxes[:, 1] + 0.5 * height + steps[:, 1] * height
    half_width = 0.5 * width * steps[:, 2].clamp(max=_LARGEST_STEP).exp()
    half_height = 0.5 * height * steps[:, 3].clamp(max=_LARGEST_STEP).exp()
    return torch.stack([x - half_width, y - half_height, x + half_width, y + half_height], dim=1)
