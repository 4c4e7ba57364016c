"""A trained segmenter as one ONNX file, which runs without torch."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn
from torch.export import Dim

from buffycoat.nets.onnx_model import to_onnx
from buffycoat.nets.segmenter import Segmenter

__all__ = ["export_segmenter"]

_STRIDE = 16
_MOST_STRIDES = 64
_SMALL = 64


class _Probabilities(nn.Module):
    """A segmenter that says how sure it is, 0 to 1."""

    def __init__(self, network: Segmenter) -> None:
        super().__init__()
        self.network = network

    def forward(self, crop: Tensor) -> Tensor:
        """Return probabilities of nucleus and whole cell."""
        found: Tensor = self.network(crop)
        return found.sigmoid()


def export_segmenter(network: Segmenter, facts: Mapping[str, str]) -> bytes:
    """Return a segmenter as an ONNX file with its facts inside.

    The network takes ``crop``, float32 (1, 3, rows, columns), RGB 0 to 255, rows and columns multiples of 16, and gives
    ``masks``, float32 (1, 2, rows, columns): probabilities of nucleus and whole cell. Its weights are kept in 16 bits,
    which halves the file; they are widened when it is loaded.

    Parameters
    ----------
    network : Segmenter
        As trained.
    facts : mapping of str to str
        Where it comes from.
    """
    rows, columns = (Dim(name, min=1, max=_MOST_STRIDES) for name in ("rows", "columns"))
    model = to_onnx(
        _Probabilities(network),
        torch.zeros(1, 3, 3 * _STRIDE, 4 * _STRIDE),
        inputs=["crop"],
        outputs=["masks"],
        shapes={"crop": {2: _STRIDE * rows, 3: _STRIDE * columns}},
    )
    _halve(model)
    onnx.helper.set_model_props(model, dict(facts))
    model.doc_string = "Nucleus and whole cell of a crop; see its metadata."
    content: bytes = model.SerializeToString()
    return content


def _halve(model: onnx.ModelProto) -> None:
    """Keep the large weights in 16 bits, each widened by a node of its own."""
    widened = []
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.size < _SMALL:
            continue
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}.half"))
        widened.append(
            onnx.helper.make_node("Cast", [f"{name}.half"], [name], name=f"{name}.widen", to=onnx.TensorProto.FLOAT)
        )
    nodes = [*widened, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    del model.graph.value_info[:]
