"""Weights from a safetensors file: a length, a table in JSON, and the numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import torch
from torch import Tensor

from buffycoat.errors import UnreadableFile, UnreadableFormat

__all__ = ["read_tensors"]

_TYPES: Final = {"F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}


def read_tensors(path: Path) -> Mapping[str, Tensor]:
    """Read all tensors of a file.

    Parameters
    ----------
    path : Path
        A safetensors file of floating point numbers. The format holds no program, so a foreign file cannot run one.

    Raises
    ------
    UnreadableFile
        No such file, or no permission.
    UnreadableFormat
        No safetensors file, or a damaged one.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(
            f"{path.name} cannot be read", expected="a file of weights", found=(error.strerror or "an error").lower()
        ) from error
    try:
        length = int.from_bytes(content[:8], "little")
        table = json.loads(content[8 : 8 + length])
        tensors = {name: _tensor(entry, content, 8 + length) for name, entry in table.items() if name != "__metadata__"}
    except (ValueError, KeyError, TypeError, AttributeError, RuntimeError, RecursionError) as error:
        raise UnreadableFormat(
            f"{path.name} holds no weights",
            expected="a safetensors file",
            found=f"{len(content)} bytes of something else, or a damaged one",
            hint="copy it again from where it came from",
        ) from error
    return tensors


def _tensor(entry: Mapping[str, list[int]], content: bytes, start: int) -> Tensor:
    first, last = entry["data_offsets"]
    numbers = bytearray(content[start + first : start + last])
    if len(numbers) != last - first:
        raise ValueError("the file ends early")
    return torch.frombuffer(numbers, dtype=_TYPES[str(entry["dtype"])]).reshape(entry["shape"])
