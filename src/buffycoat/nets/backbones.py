"""Small pretrained networks that see, and the neck that joins what they see at three sizes into one map."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional
from torchvision.models import MobileNet_V2_Weights, ShuffleNetV2, mobilenet_v2
from torchvision.ops.misc import FrozenBatchNorm2d

from buffycoat.errors import InputError
from buffycoat.nets.tensor_file import read_tensors

__all__ = ["BACKBONES", "DOWNLOAD", "MAP_STRIDE", "FeatureMap", "feature_map"]

BACKBONES: Final = ("shufflenet-v2", "mobilenet-v2")
DOWNLOAD: Final = "download"
"""Named in place of a file of weights: torchvision fetches its own (MobileNetV2 only)."""
MAP_STRIDE: Final = 8
"""Pixels of the picture per cell of the map."""

_LEAK: Final = 0.1
_Light = Mapping[str, tuple[float, float, float]]
_IMAGENET: Final[_Light] = {"mean": (123.675, 116.28, 103.53), "deviation": (58.395, 57.12, 57.375)}


class FeatureMap(nn.Module):
    """A picture, float 0 to 255, to one map of an eighth of its size.

    Three maps of the backbone (1/8, 1/16, 1/32) are brought to one width and added, the coarse ones enlarged: cells at
    working scale differ too little in size to need more than one map.
    """

    mean: Tensor
    deviation: Tensor

    def __init__(self, stages: nn.ModuleList, widths: tuple[int, int, int], channels: int, light: _Light) -> None:
        super().__init__()
        self.stages = stages
        self.laterals = nn.ModuleList(nn.Conv2d(width, channels, 1) for width in widths)
        self.smooth = nn.Sequential(separable(channels), separable(channels))
        self.register_buffer("mean", torch.tensor(light["mean"]).reshape(1, 3, 1, 1))
        self.register_buffer("deviation", torch.tensor(light["deviation"]).reshape(1, 3, 1, 1))
        self.out_channels = channels

    def forward(self, images: Tensor) -> Tensor:
        """Return the map: (n, channels, height / 8, width / 8)."""
        seen = (images - self.mean) / self.deviation
        maps = []
        for stage, lateral in zip(self.stages, self.laterals, strict=True):
            seen = stage(seen)
            maps.append(lateral(seen))
        whole = maps[2]
        for finer in (maps[1], maps[0]):
            whole = finer + functional.interpolate(whole, scale_factor=2.0, mode="nearest")
        joined: Tensor = self.smooth(whole)
        return joined


def separable(channels: int) -> nn.Module:
    """Return a 5 x 5 convolution of each channel, then one across channels, each with its norm."""
    return nn.Sequential(
        nn.Conv2d(channels, channels, 5, padding=2, groups=channels, bias=False),
        nn.GroupNorm(8, channels),
        nn.LeakyReLU(_LEAK, inplace=True),
        nn.Conv2d(channels, channels, 1, bias=False),
        nn.GroupNorm(8, channels),
        nn.LeakyReLU(_LEAK, inplace=True),
    )


def feature_map(backbone: str, *, weights: Path | str | None, channels: int) -> FeatureMap:
    """Return a backbone with its neck.

    Parameters
    ----------
    backbone : {"shufflenet-v2", "mobilenet-v2"}
        ShuffleNetV2 1.0x with folded norms and leaky steps, as NanoDet trains it, or MobileNetV2 1.0.
    weights : Path or str, optional
        File of pretrained weights (safetensors), or ``"download"``; without it, random ones.
    channels : int
        Width of the map, a multiple of 8.

    Raises
    ------
    InputError
        No such backbone, or weights of another one.
    UnreadableFile, UnreadableFormat
        The file of weights cannot be read.
    """
    if backbone == "shufflenet-v2":
        return _shufflenet(weights, channels)
    if backbone == "mobilenet-v2":
        return _mobilenet(weights, channels)
    raise InputError("no such backbone", expected=" or ".join(BACKBONES), found=repr(backbone))


def _shufflenet(weights: Path | str | None, channels: int) -> FeatureMap:
    if weights == DOWNLOAD:
        raise InputError(
            "torchvision has no ShuffleNetV2 of this kind",
            expected="a file of weights",
            found=DOWNLOAD,
            hint="name the file, or take the backbone mobilenet-v2",
        )
    network = ShuffleNetV2([4, 8, 4], [24, 116, 232, 464, 1024])
    del network.conv5, network.fc
    _fold(network)
    if weights is None:
        for layer in network.modules():
            if isinstance(layer, nn.Conv2d):  # without norms, what goes through must keep its size by itself
                nn.init.kaiming_normal_(layer.weight, a=_LEAK, nonlinearity="leaky_relu")
    else:
        _load(network, read_tensors(Path(weights)), str(weights))
        with torch.no_grad():  # the file was trained on BGR
            first = network.conv1[0].weight
            first.copy_(first.flip(1))
    stages = nn.ModuleList(
        [nn.Sequential(network.conv1, network.maxpool, network.stage2), network.stage3, network.stage4]
    )
    return FeatureMap(stages, (116, 232, 464), channels, _IMAGENET)


def _mobilenet(weights: Path | str | None, channels: int) -> FeatureMap:
    chosen = MobileNet_V2_Weights.IMAGENET1K_V1 if weights == DOWNLOAD else None
    features = mobilenet_v2(weights=chosen, norm_layer=FrozenBatchNorm2d).features
    if weights is not None and chosen is None:
        holder = nn.Module()
        holder.features = features
        _load(holder, read_tensors(Path(weights)), str(weights))
    stages = nn.ModuleList([features[:7], features[7:14], features[14:18]])
    return FeatureMap(stages, (32, 96, 320), channels, _IMAGENET)


def _fold(network: nn.Module) -> None:
    """Take the norms out, give convolutions their bias, and let steps leak."""
    for name, child in list(network.named_children()):
        if isinstance(child, nn.BatchNorm2d):
            setattr(network, name, nn.Identity())
        elif isinstance(child, nn.ReLU):
            setattr(network, name, nn.LeakyReLU(_LEAK, inplace=True))
        elif isinstance(child, nn.Conv2d):
            if child.bias is None:
                child.bias = nn.Parameter(torch.zeros(child.out_channels))
        else:
            _fold(child)


def _load(network: nn.Module, tensors: Mapping[str, Tensor], name: str) -> None:
    """Fill every parameter of the network; tensors of parts that it does not have are left."""
    own = network.state_dict()
    wanted = {key for key in own if not key.endswith("num_batches_tracked")}
    if lacking := sorted(key for key in wanted if key not in tensors or tensors[key].shape != own[key].shape):
        raise InputError(
            f"{name}: weights of another network",
            expected=f"{lacking[0]} of shape {tuple(own[lacking[0]].shape)}",
            found=str(tuple(tensors[lacking[0]].shape)) if lacking[0] in tensors else "none",
            hint="the file must belong to the backbone that was chosen",
        )
    network.load_state_dict({key: tensors[key].to(torch.float32) for key in wanted}, strict=False)
