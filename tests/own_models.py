"""A tiny classifier of whole crops as an ONNX file with its card: it answers by the mean color of a crop."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from buffycoat.learn.own_model import CARD_KIND

SIDE = 32


def network(weights: list[list[float]], *, side: int | str = SIDE) -> bytes:
    """Return a file whose answers are these sums of mean red, green and blue, one line an answer."""
    answers = len(weights)
    matrix = numpy_helper.from_array(np.array(weights, np.float32).T, "weights")
    nodes = [
        helper.make_node("GlobalAveragePool", ["crops"], ["mean"]),
        helper.make_node("Flatten", ["mean"], ["flat"]),
        helper.make_node("MatMul", ["flat", "weights"], ["said"]),
    ]
    taken = helper.make_tensor_value_info("crops", TensorProto.FLOAT, ["n", 3, side, side])
    given = helper.make_tensor_value_info("said", TensorProto.FLOAT, ["n", answers])
    graph = helper.make_graph(nodes, "mean color", [taken], [given], [matrix])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    content: bytes = model.SerializeToString()
    return content


def card(content: bytes, classes: list[str], **facts: Any) -> dict[str, Any]:
    """Return the card of a file."""
    plain = {"kind": CARD_KIND, "name": "by color", "sha256": hashlib.sha256(content).hexdigest(), "classes": classes}
    look = {"side_px": SIDE, "mean": [0, 0, 0], "deviation": [1, 1, 1], "gives": "logits", "least_sure": 0.6}
    return {**plain, **look, **facts}


def written(folder: Path, content: bytes, told: dict[str, Any] | None) -> Path:
    """Write both files, and return the path of the network."""
    path = folder / "mine.onnx"
    path.write_bytes(content)
    if told is not None:
        path.with_suffix(".json").write_text(json.dumps(told), encoding="utf-8")
    return path
