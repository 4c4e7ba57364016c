"""The nine networks of the paper's Tables 8 and 9, as torchvision builds them, with a last layer for our classes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import Tensor, nn
from torchvision import models

from buffycoat.errors import InputError

__all__ = ["NETWORKS", "Architecture", "Classifier", "build_classifier", "fill"]

_MEAN: Final = (123.675, 116.28, 103.53)
_DEVIATION: Final = (58.395, 57.12, 57.375)


@dataclass(frozen=True, slots=True, kw_only=True)
class Architecture:
    """A network of torchvision.

    Parameters
    ----------
    title : str
        As the paper's tables have it.
    build : callable
        Of torchvision, with 1000 outputs.
    weights : Any
        torchvision's first ImageNet weights of it, those of 2020 and before; what the paper downloaded.
    last : str
        The last linear layer, which is taken away.
    file : str
        How the name of its file of weights begins, in torchvision's own naming.
    norm_memory : float
        Share of a batch that its batch norms take over, in torchvision's own building; 1 where it has none.
    """

    title: str
    build: Callable[..., nn.Module]
    weights: Any
    last: str
    file: str
    norm_memory: float = 0.1


NETWORKS: Final[Mapping[str, Architecture]] = {
    "vgg16": Architecture(
        title="VGG16",
        build=models.vgg16,
        weights=models.VGG16_Weights.IMAGENET1K_V1,
        last="classifier.6",
        file="vgg16-",
        norm_memory=1.0,
    ),
    "resnet18": Architecture(
        title="ResNet18",
        build=models.resnet18,
        weights=models.ResNet18_Weights.IMAGENET1K_V1,
        last="fc",
        file="resnet18-",
    ),
    "resnet34": Architecture(
        title="ResNet34",
        build=models.resnet34,
        weights=models.ResNet34_Weights.IMAGENET1K_V1,
        last="fc",
        file="resnet34-",
    ),
    "resnet50": Architecture(
        title="ResNet50",
        build=models.resnet50,
        weights=models.ResNet50_Weights.IMAGENET1K_V1,
        last="fc",
        file="resnet50-",
    ),
    "resnext50": Architecture(
        title="ResNeXt50",
        build=models.resnext50_32x4d,
        weights=models.ResNeXt50_32X4D_Weights.IMAGENET1K_V1,
        last="fc",
        file="resnext50_32x4d-",
    ),
    "densenet121": Architecture(
        title="DenseNet121",
        build=models.densenet121,
        weights=models.DenseNet121_Weights.IMAGENET1K_V1,
        last="classifier",
        file="densenet121-",
    ),
    "mobilenet-v2": Architecture(
        title="MobileNet-V2",
        build=models.mobilenet_v2,
        weights=models.MobileNet_V2_Weights.IMAGENET1K_V1,
        last="classifier.1",
        file="mobilenet_v2",
    ),
    "mnasnet1": Architecture(
        title="MnasNet1",
        build=models.mnasnet1_0,
        weights=models.MNASNet1_0_Weights.IMAGENET1K_V1,
        last="classifier.1",
        file="mnasnet1.0",
        norm_memory=1 - 0.9997,
    ),
    "shufflenet-v2": Architecture(
        title="ShuffleNet-V2",
        build=models.shufflenet_v2_x1_0,
        weights=models.ShuffleNet_V2_X1_0_Weights.IMAGENET1K_V1,
        last="fc",
        file="shufflenetv2_x1",
    ),
}
"""By the name that people choose them by, in the order of the paper's rows."""


class Classifier(nn.Module):
    """Crops, float 0 to 255, RGB, (n, 3, side, side), to one number a class: (n, classes), before the softmax.

    Levels are brought to the mean and deviation of ImageNet inside, whatever the weights, so that whoever runs the
    network need not know of them.
    """

    mean: Tensor
    deviation: Tensor

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network
        self.register_buffer("mean", torch.tensor(_MEAN).reshape(1, 3, 1, 1))
        self.register_buffer("deviation", torch.tensor(_DEVIATION).reshape(1, 3, 1, 1))

    def forward(self, crops: Tensor) -> Tensor:
        """Return one number a class for each crop."""
        said: Tensor = self.network((crops - self.mean) / self.deviation)
        return said


def build_classifier(name: str, *, classes: int, weights: Mapping[str, Tensor] | None = None) -> Classifier:
    """Return a network whose last linear layer of 1000 outputs is replaced by one of as many as there are classes.

    Parameters
    ----------
    name : str
        One of ``NETWORKS``.
    classes : int
        At least 2.
    weights : mapping of str to Tensor, optional
        Of all other layers, as `buffycoat.nets.classifier_weights.find_weights` gives them; without it, random ones.

    Raises
    ------
    InputError
        No such network, or not two classes.
    """
    if name not in NETWORKS:
        raise InputError("no such network", expected=", ".join(NETWORKS), found=repr(name))
    if classes < 2:
        raise InputError("a classifier needs classes to tell apart", expected="at least 2", found=str(classes))
    architecture = NETWORKS[name]
    network = architecture.build(weights=None, **({"init_weights": weights is None} if name == "vgg16" else {}))
    if weights is not None:
        fill(network, weights)
    holder, _, attribute = architecture.last.rpartition(".")
    before = network.get_submodule(architecture.last)
    if not isinstance(before, nn.Linear):
        raise InputError("not a linear layer", expected=f"{architecture.last} of {name}", found=type(before).__name__)
    setattr(network.get_submodule(holder), attribute, nn.Linear(before.in_features, classes))
    return Classifier(network)


def fill(network: nn.Module, tensors: Mapping[str, Tensor]) -> None:
    """Write numbers into a network, by name; those that are not given stay.

    Not ``load_state_dict``: MnasNet refuses numbers that come without torch's own note of their version.
    """
    with torch.no_grad():
        for name, own in network.state_dict().items():
            if name in tensors:
                own.copy_(tensors[name])
