"""A training's state in a file that is whole at any moment."""

from __future__ import annotations

import io
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from buffycoat.errors import Conflict, UnreadableFormat, UnwritableFile
from buffycoat.nets.classifier_plan import ClassifierPlan

__all__ = ["read_checkpoint", "write_checkpoint"]

_PARTS = ("epoch", "seconds", "history", "network", "optimizer")


def write_checkpoint(path: Path, plan: ClassifierPlan, state: dict[str, Any]) -> None:
    """Write a state beside its place and then put it there: a kill at any moment leaves the old or the new one.

    Raises
    ------
    UnwritableFile
        There is no room for it, or no permission.
    """
    aside = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with aside.open("wb") as file:
            torch.save({"plan": asdict(plan), **state}, file)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except (OSError, RuntimeError) as error:
        aside.unlink(missing_ok=True)
        raise UnwritableFile(
            f"{path.name} cannot be written", expected="room for a network and its momentum", found=str(error)
        ) from error


def read_checkpoint(path: Path, plan: ClassifierPlan) -> dict[str, Any]:
    """Return a state that was written for the same plan.

    Raises
    ------
    UnreadableFormat
        It is no checkpoint, or a damaged one.
    Conflict
        It is of another plan.
    """
    try:
        kept: dict[str, Any] = torch.load(io.BytesIO(path.read_bytes()), map_location="cpu", weights_only=True)
        made = kept["plan"]
        state = {name: kept[name] for name in _PARTS}
    except Exception as error:  # a foreign file breaks the reader in many ways, none of them documented
        raise UnreadableFormat(
            f"{path.name} is no checkpoint",
            expected="what a training left",
            found=type(error).__name__,
            hint="remove it to train from the beginning",
        ) from error
    asked = asdict(plan)
    if other := [name for name in asked if asked[name] != made.get(name)]:
        raise Conflict(
            f"{path.name} is of another training: {other[0]}",
            expected=str(asked[other[0]]),
            found=str(made.get(other[0])),
            hint="go on with the plan and crops that it began with, or take another folder",
        )
    return state
