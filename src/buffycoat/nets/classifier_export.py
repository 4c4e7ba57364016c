"""A trained classifier as one ONNX file, which runs without torch."""

from __future__ import annotations

from collections.abc import Mapping

import onnx
import torch
from torch import Tensor, nn
from torch.export import Dim

from buffycoat.nets.classifiers import Classifier
from buffycoat.nets.onnx_model import to_onnx

__all__ = ["export_classifier"]

_MOST = 1024


class _Answers(nn.Module):
    """A classifier that gives probabilities beside its numbers."""

    def __init__(self, network: Classifier) -> None:
        super().__init__()
        self.network = network

    def forward(self, crops: Tensor) -> tuple[Tensor, Tensor]:
        """Return probabilities, and the numbers that they are made from."""
        said = self.network(crops)
        return said.softmax(dim=1), said


def export_classifier(network: Classifier, facts: Mapping[str, str], *, size: int) -> bytes:
    """Return a classifier as an ONNX file with its facts inside.

    The network takes ``crops``, float32 (n, 3, size, size), RGB 0 to 255, and gives ``probabilities`` and ``logits``,
    float32 (n, classes).

    Parameters
    ----------
    network : Classifier
        As trained.
    facts : mapping of str to str
        Its classes and where it comes from.
    size : int
        Side of the crops in pixels.
    """
    network.to("cpu").to(memory_format=torch.contiguous_format)
    model = to_onnx(
        _Answers(network),
        torch.zeros(2, 3, size, size),
        inputs=["crops"],
        outputs=["probabilities", "logits"],
        shapes={"crops": {0: Dim("crops", min=1, max=_MOST)}},
    )
    onnx.helper.set_model_props(model, dict(facts))
    model.doc_string = "Classifier of white blood cells; see its metadata."
    content: bytes = model.SerializeToString()
    return content
