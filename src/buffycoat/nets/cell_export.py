"""The trained default classifier as one ONNX file, which runs without torch."""

from __future__ import annotations

from collections.abc import Mapping

import onnx
import torch
from torch import Tensor, nn
from torch.export import Dim

from buffycoat.imaging.cell_alignment import LOOK_PX
from buffycoat.nets.cell_network import CellNetwork
from buffycoat.nets.cell_pair import CellPair
from buffycoat.nets.onnx_model import to_onnx

__all__ = ["export_cells"]

_MOST = 1024


class _Said(nn.Module):
    """A network that also says what its last layer sees, as a vector of length 1."""

    def __init__(self, network: CellNetwork | CellPair) -> None:
        super().__init__()
        self.network = network

    def forward(self, pictures: Tensor, parts: Tensor) -> tuple[Tensor, Tensor]:
        """Return numbers before the softmax, and an embedding."""
        said, seen = self.network.look(pictures, parts)
        return said, nn.functional.normalize(seen)


def export_cells(network: CellNetwork | CellPair, facts: Mapping[str, str]) -> bytes:
    """Return a classifier as an ONNX file with its facts inside.

    It takes ``pictures``, float32 (n, 3, 112, 112), RGB 0 to 255, aligned by `buffycoat.imaging.cell_alignment`,
    and ``parts``, float32 (n, 2, 112, 112), 0 to 1: nucleus and cytoplasm. It gives ``logits``, float32 (n, classes),
    and ``embedding``, float32 (n, 1160) of length 1, for which near cells look alike.

    Parameters
    ----------
    network : CellNetwork or CellPair
        As trained.
    facts : mapping of str to str
        How it is to be used, and where it comes from.
    """
    cells = Dim("cells", min=1, max=_MOST)
    shown = torch.zeros(2, 3, LOOK_PX, LOOK_PX), torch.zeros(2, 2, LOOK_PX, LOOK_PX)
    model = to_onnx(
        _Said(network),
        shown,
        inputs=["pictures", "parts"],
        outputs=["logits", "embedding"],
        shapes={"pictures": {0: cells}, "parts": {0: cells}},
    )
    onnx.helper.set_model_props(model, dict(facts))
    model.doc_string = "Class of a white blood cell; see its metadata."
    content: bytes = model.SerializeToString()
    return content
