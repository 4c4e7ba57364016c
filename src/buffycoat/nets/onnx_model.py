"""A network of torch as a model of ONNX, bare of where the program stood that made it."""

from __future__ import annotations

import logging
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import onnx
import torch
from torch import Tensor, nn

__all__ = ["to_onnx"]

_OPSET = 18


def to_onnx(
    network: nn.Module,
    shown: Tensor | tuple[Tensor, ...],
    *,
    inputs: Sequence[str],
    outputs: Sequence[str],
    shapes: Mapping[str, Mapping[int, Any]],
) -> onnx.ModelProto:
    """Return a network as a model of ONNX.

    Parameters
    ----------
    network : torch.nn.Module
        As trained; it is put into the mode of asking, not of training.
    shown : Tensor or tuple of Tensor
        What the network takes, of any size that fits.
    inputs, outputs : sequence of str
        What the model calls its arrays.
    shapes : mapping
        By name of the network's own argument: which axes may have which sizes.
    """
    with warnings.catch_warnings(), tempfile.TemporaryDirectory() as folder:
        warnings.simplefilter("ignore")  # of torch about its own parts
        level = logging.getLogger("torch.onnx").level
        logging.getLogger("torch.onnx").setLevel(logging.ERROR)
        path = Path(folder) / "network.onnx"
        try:
            torch.onnx.export(
                network.eval(),
                shown if isinstance(shown, tuple) else (shown,),
                path,
                dynamo=True,
                input_names=list(inputs),
                output_names=list(outputs),
                dynamic_shapes={name: dict(axes) for name, axes in shapes.items()},
                external_data=False,
                opset_version=_OPSET,
                verbose=False,
            )
        finally:
            logging.getLogger("torch.onnx").setLevel(level)
        model = onnx.load(path)
    for node in model.graph.node:  # where the program stood when it was exported is nobody's business
        del node.metadata_props[:]
        node.doc_string = ""
    return model
