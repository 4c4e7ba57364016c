"""What a person asks of an experiment."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from buffycoat.domain.value import value

__all__ = ["EpochDone", "LearnJob", "ShowEpoch", "StandIn", "say_nothing", "typed_command"]


@value
class StandIn:
    """Another laboratory in place of test-B: its name, as headings will have it, and where its crops lie."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnJob:
    """What to train, and on what.

    Parameters
    ----------
    data : Path
        A folder or zip of crops: Raabin's released Train, TestA and TestB, a sealed release, or crops in folders of
        classes, which are then split here.
    out : Path
        Folder of the experiment. What is finished there is not done again.
    preset : str
        A recipe that comes along, or a TOML file.
    stand_in : StandIn, optional
        Another laboratory, where the data have no test-B.
    weights : tuple of str
        Where ImageNet weights are looked for, in order: folders, files, ``"download"``, ``"scratch"``.
    size, epochs, networks, most_cells
        Reductions of the recipe; see `buffycoat.learn.recipe.reduced_recipe`.
    seeds : tuple of int, optional
        One training each, in place of the recipe's.
    split_seed : int
        Of the split, where the data have none.
    threads : int
        Processor cores of a training.
    device : str
        ``"auto"``, ``"cpu"``, ``"cuda"``…
    keep_networks : bool
        Whether each trained network is kept as an ONNX file.
    command : str
        What was typed, for the report.
    """

    data: Path
    out: Path
    preset: str = "paper-2022"
    stand_in: StandIn | None = None
    weights: tuple[str, ...] = ("download",)
    size: int | None = None
    epochs: int | None = None
    networks: tuple[str, ...] | None = None
    most_cells: int | None = None
    seeds: tuple[int, ...] | None = None
    split_seed: int = 0
    threads: int = 1
    device: str = "auto"
    keep_networks: bool = True
    command: str = ""


@value
class EpochDone:
    """Where a training stands: which of how many, and the figures of its last epoch."""

    model: str
    seed: int
    epoch: int
    epochs: int
    loss: float
    accuracy: float
    validation_accuracy: float | None
    seconds: float


ShowEpoch = Callable[[EpochDone], None]


def say_nothing(_epoch: EpochDone) -> None:
    """Show nothing."""


def typed_command(words: Sequence[str]) -> str:
    """Return what was typed, for others to type: of files and folders only the last name, as the rest is one's own.

    Examples
    --------
    >>> typed_command(["learn", "--data", "mine/raabin", "--stand-in", "Barcelona=mine/pbc", "--size", "64"])
    'buffycoat learn --data raabin --stand-in Barcelona=pbc --size 64'
    """
    return " ".join(["buffycoat", *(shlex.quote(_last(word)) for word in words)])


def _last(word: str) -> str:
    name, sign, path = word.rpartition("=")
    return f"{name}{sign}{PurePath(path).name}" if "/" in path or "\\" in path else word
