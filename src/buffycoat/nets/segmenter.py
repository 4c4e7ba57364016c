"""The network that draws nucleus and whole cell of a crop: small, and looking at colors in two ways."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional

__all__ = ["Segmenter", "parameter_count"]

WIDTHS: Final = (16, 32, 64, 96, 128)
_WHITE: Final = 254.5
_MEAN: Final = 160.0
_BRIGHTEST: Final = 400.0


class Segmenter(nn.Module):
    """A U-Net on the picture as it is and as gray-world balances it.

    It takes ``(n, 3, rows, columns)``, RGB 0 to 255, rows and columns multiples of 16, and gives
    ``(n, 2, rows, columns)``: logits of nucleus and of whole cell, of the cell in the middle only.

    Parameters
    ----------
    widths : tuple of int
        Channels at the full size, and at each half of the one before.

    Examples
    --------
    >>> tuple(Segmenter((4, 4, 4, 4, 4)).eval()(torch.zeros(1, 3, 32, 48)).shape)
    (1, 2, 32, 48)
    """

    def __init__(self, widths: tuple[int, ...] = WIDTHS) -> None:
        super().__init__()
        self.first = nn.Sequential(_conv(6, widths[0]), _conv(widths[0], widths[0]))
        self.down = nn.ModuleList(
            nn.Sequential(_conv(above, below, stride=2), _conv(below, below)) for above, below in pairwise(widths)
        )
        self.deepest = _conv(widths[-1], widths[-1])
        self.narrow = nn.ModuleList(nn.Conv2d(below, above, 1) for above, below in pairwise(widths))
        self.up = nn.ModuleList(_conv(width, width) for width in widths[:-1])
        self.last = nn.Conv2d(widths[0], 2, 1)

    def forward(self, pixels: Tensor) -> Tensor:
        """Return logits of nucleus and whole cell."""
        maps = [self.first(_two_views(pixels))]
        for step in self.down:
            maps.append(step(maps[-1]))
        found = self.deepest(maps.pop())
        for level in reversed(range(len(maps))):
            wide = functional.interpolate(self.narrow[level](found), scale_factor=2.0, mode="nearest")
            found = self.up[level](wide + maps[level])
        logits: Tensor = self.last(found)
        return logits


def parameter_count(network: nn.Module) -> int:
    """Return how many numbers a network learned."""
    return sum(each.numel() for each in network.parameters())


def _conv(taken: int, given: int, *, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(taken, given, 3, stride=stride, padding=1, bias=False), nn.BatchNorm2d(given), nn.ReLU(inplace=True)
    )


def _two_views(pixels: Tensor) -> Tensor:
    """Return the picture and the balanced picture, about -1 to 1; plain white is padding and has no say in balance."""
    seen = (pixels.amin(dim=1, keepdim=True) < _WHITE).to(pixels.dtype)
    count = seen.sum(dim=(2, 3), keepdim=True).clamp(min=1.0)
    means = (pixels * seen).sum(dim=(2, 3), keepdim=True) / count
    balanced = (pixels * (_MEAN / means.clamp(min=1.0)) * seen + 255.0 * (1 - seen)).clamp(max=_BRIGHTEST)
    return torch.cat((pixels / 127.5 - 1.0, balanced / 127.5 - 1.0), dim=1)
