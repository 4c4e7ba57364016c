"""The detectors that can be trained, by name."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torchvision.ops import nms

from buffycoat.errors import InputError
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.network_input import network_input
from buffycoat.nets.backbones import feature_map
from buffycoat.nets.one_stage import OneStage
from buffycoat.nets.two_stage import TwoStage

__all__ = ["ARCHITECTURES", "Detector", "build_detector", "look"]

ARCHITECTURES: Final = ("one-stage", "faster-rcnn")

Detector = OneStage | TwoStage
"""Takes a picture, float (1, 3, rows, columns), 0 to 255; gives boxes (n, 4) and scores (n,), doubles among them."""

_CHANNELS: Final = 64


def build_detector(
    architecture: str, *, backbone: str, weights: Path | str | None = None, channels: int = _CHANNELS
) -> Detector:
    """Return an untrained detector on a pretrained backbone.

    Parameters
    ----------
    architecture : {"one-stage", "faster-rcnn"}
        An anchor-free detector, small and quick without a graphics card, or that of the paper.
    backbone : {"shufflenet-v2", "mobilenet-v2"}
        What it sees with.
    weights : Path or str, optional
        File of its pretrained weights (safetensors), or ``"download"``; without it, random ones.
    channels : int
        Width of the map that the head looks at, a multiple of 8.

    Raises
    ------
    InputError
        No such architecture or backbone, or weights of another one.
    UnreadableFile, UnreadableFormat
        The file of weights cannot be read.
    """
    if architecture not in ARCHITECTURES:
        raise InputError("no such detector", expected=" or ".join(ARCHITECTURES), found=repr(architecture))
    features = feature_map(backbone, weights=weights, channels=channels)
    return OneStage(features) if architecture == "one-stage" else TwoStage(features)


def look(
    detector: Detector, image: RgbImage, *, least_score: float = 0.05, most_overlap: float = 0.5
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the boxes and scores that a detector gives to a field at working scale, without doubles.

    Parameters
    ----------
    detector : OneStage or TwoStage
        As trained.
    image : ndarray
        uint8, shape (height, width, 3), RGB.
    least_score : float
        Boxes below are dropped.
    most_overlap : float
        Of two boxes that overlap by more, the better one stays.

    Returns
    -------
    boxes : ndarray
        float32, shape (n, 4): left, top, right, bottom, best first.
    scores : ndarray
        float32, shape (n,).
    """
    detector.eval()
    with torch.inference_mode():
        boxes, scores = detector(torch.from_numpy(network_input(image)))
        sure = scores >= least_score
        boxes, scores = boxes[sure], scores[sure]
        height, width = image.shape[:2]
        boxes = torch.minimum(boxes.clamp(min=0), torch.tensor([width, height] * 2, dtype=boxes.dtype))
        solid = ((boxes[:, 2:] - boxes[:, :2]) >= 1).all(dim=1)
        boxes, scores = boxes[solid], scores[solid]
        kept = nms(boxes, scores, most_overlap)
    return boxes[kept].numpy(), scores[kept].numpy()
