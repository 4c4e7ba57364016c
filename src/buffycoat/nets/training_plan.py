"""What a detector is trained with, and what is told of it while it learns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from buffycoat.domain.geometry import Box
from buffycoat.domain.value import value
from buffycoat.errors import InputError
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.network_input import at_factor
from buffycoat.metrics.average_precision import corners

__all__ = ["PreparedField", "TrainingField", "TrainingPlan", "TrainingStep", "prepare"]

SMALLEST_RED_CELL_PX: Final = 4.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrainingField:
    """A photograph with the boxes of all its white cells, drawn by people or found by the color filter.

    Parameters
    ----------
    image : ndarray
        uint8, shape (height, width, 3), RGB.
    boxes : tuple of Box
        Tight boxes. A field without a cell is welcome: it teaches what no cell is.
    red_cell_px : float
        Diameter of a red cell in it, in pixels; best that of the whole smear.
    """

    image: RgbImage
    boxes: tuple[Box, ...]
    red_cell_px: float


@value
class TrainingPlan:
    """How a detector is trained; the same plan on the same fields gives the same detector on one machine.

    Parameters
    ----------
    architecture : {"one-stage", "faster-rcnn"}
        Which detector.
    backbone : {"shufflenet-v2", "mobilenet-v2"}
        What it sees with.
    epochs : int
        How often each field is shown, in a varied form.
    red_cell_px : float
        Working scale: how wide a red cell is in what the network sees.
    window_px : int
        Side of the window of a field that is shown, a multiple of 32.
    batch : int
        Fields a step.
    rate : float
        Learning rate of the head; the pretrained backbone learns with a fifth of it.
    channels : int
        Width of the map that the head looks at, a multiple of 8.
    look_every : int
        Epochs between two looks at the validation fields.
    seed : int
        Of order, windows and variation.
    threads : int
        Processor cores to work with. Sums are taken in another order with another number.
    """

    architecture: str = "one-stage"
    backbone: str = "shufflenet-v2"
    epochs: int = 48
    red_cell_px: float = 32.0
    window_px: int = 160
    batch: int = 8
    rate: float = 2e-3
    channels: int = 64
    look_every: int = 3
    seed: int = 0
    threads: int = 1

    def __post_init__(self) -> None:
        """Refuse a plan that cannot be carried out."""
        for name in ("epochs", "batch", "look_every", "threads", "rate", "red_cell_px"):
            if not getattr(self, name) > 0:
                raise InputError(f"{name} of the plan", expected="above 0", found=str(getattr(self, name)))
        if self.window_px < 64 or self.window_px % 32:
            raise InputError("window_px of the plan", expected="a multiple of 32 from 64", found=str(self.window_px))
        if self.channels < 8 or self.channels % 8:
            raise InputError("channels of the plan", expected="a multiple of 8", found=str(self.channels))


@value
class TrainingStep:
    """Where a training stands after an epoch; figures of the validation fields are ``None`` where none were looked at.

    ``loss`` is the mean over the epoch.
    """

    epoch: int
    epochs: int
    loss: float
    ap50: float | None = None
    ap50_95: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PreparedField:
    """A field at working scale: uint8 (height, width, 3), and its boxes, float32 (cells, 4)."""

    image: RgbImage
    boxes: NDArray[np.float32]


def prepare(field: TrainingField, red_cell_px: float, /) -> PreparedField:
    """Return a field at working scale.

    Raises
    ------
    InputError
        If its red cells are less than 4 pixels wide, which no lens gives.
    WrongArray
        If its picture is no RGB image.
    """
    if not field.red_cell_px >= SMALLEST_RED_CELL_PX:
        raise InputError("red cells of a field", expected="at least 4 pixels wide", found=str(field.red_cell_px))
    image = at_factor(field.image, red_cell_px / field.red_cell_px)
    ratio = np.array([image.shape[1] / field.image.shape[1], image.shape[0] / field.image.shape[0]] * 2)
    return PreparedField(image=image, boxes=(corners(field.boxes) * ratio).astype(np.float32))
