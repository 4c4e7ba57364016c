"""Crops of a release as torch takes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch.utils.data import Dataset

from buffycoat.imaging.arrays import RgbImage

__all__ = ["CropDataset"]


class CropDataset(Dataset[tuple[Any, int]]):
    """One split of a release: item ``i`` is a crop and the number of its class.

    Parameters
    ----------
    read : callable
        From a number to the crop: uint8, shape (height, width, 3), RGB. Crops are read when they are asked for.
    labels : sequence of int
        Number of the class of each crop.
    classes : sequence of str
        Their names.
    transform : callable, optional
        From a uint8 tensor of shape (3, height, width) to whatever the network takes; without it, that tensor.
    """

    def __init__(
        self,
        read: Callable[[int], RgbImage],
        labels: Sequence[int],
        classes: Sequence[str],
        transform: Callable[[torch.Tensor], Any] | None = None,
    ) -> None:
        self.classes = tuple(classes)
        self.targets = tuple(labels)
        self._read = read
        self._transform = transform

    def __len__(self) -> int:
        """Return the number of crops."""
        return len(self.targets)

    def __getitem__(self, place: int) -> tuple[Any, int]:
        """Return a crop and the number of its class."""
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        place %= len(self)
        pixels = torch.from_numpy(np.ascontiguousarray(self._read(place))).permute(2, 0, 1)
        return (pixels if self._transform is None else self._transform(pixels)), self.targets[place]
