"""Which drawn masks lie beside what they show, by the photograph alone: no method of ours has a say.

A drawn nucleus fits where the photograph grows darker across its outline. Moved by up to ``FARTHEST_PX``, it is
misplaced where the outline is ``LEAST_GAIN`` times as sharp at ``LEAST_PX`` or more from where it was drawn. The two
numbers were chosen by looking at offsets only, before any network was scored on these masks.
"""

from __future__ import annotations

from functools import cache
from itertools import product

import cv2
import numpy as np

from bench.mask_sets import MaskedCell

__all__ = ["misplaced"]

FARTHEST_PX = 10
LEAST_PX, LEAST_GAIN = 4.0, 1.1
SOFTNESS = 1.5


@cache
def misplaced(drawn: MaskedCell) -> bool:
    """Return whether the drawn nucleus would fit better some pixels away.

    Examples
    --------
    >>> crop, mask = np.full((90, 90, 3), 220, np.uint8), np.zeros((90, 90), bool)
    >>> _ = cv2.circle(crop, (45, 45), 20, (120, 40, 160), -1)
    >>> mask[(crop == 40).any(axis=2)] = True
    >>> [misplaced(MaskedCell("", "", "", crop, np.roll(mask, by, axis=1), mask)) for by in (0, 2, 6)]
    [False, False, True]
    """
    if drawn.nucleus is None:
        return False
    sharp = _sharpness(drawn)
    row, column = np.unravel_index(sharp.argmax(), sharp.shape)
    far = float(np.hypot(row - FARTHEST_PX, column - FARTHEST_PX))
    return far >= LEAST_PX and bool(sharp.max() >= LEAST_GAIN * sharp[FARTHEST_PX, FARTHEST_PX])


def _sharpness(drawn: MaskedCell) -> np.ndarray:
    """Return how fast green falls inward across the outline, with the mask moved by each number of rows and columns."""
    nucleus = np.array(drawn.nucleus, np.uint8)
    green = cv2.GaussianBlur(drawn.crop[..., 1], (0, 0), SOFTNESS).astype(np.float32)
    across, down = _slopes(green)
    inward_across, inward_down = _slopes(cv2.GaussianBlur(nucleus.astype(np.float32), (0, 0), 2.0))
    ys, xs = np.nonzero(nucleus > cv2.erode(nucleus, np.ones((3, 3), np.uint8)))
    ways = np.stack([inward_across[ys, xs], inward_down[ys, xs]])
    ways = ways / np.maximum(np.linalg.norm(ways, axis=0), 1e-6)
    height, width = nucleus.shape
    offsets = range(-FARTHEST_PX, FARTHEST_PX + 1)
    falls = []
    for y, x in product(offsets, offsets):
        place = np.clip(ys + y, 0, height - 1), np.clip(xs + x, 0, width - 1)
        falls.append(-float((across[place] * ways[0] + down[place] * ways[1]).mean()))
    return np.reshape(falls, (len(offsets), len(offsets)))


def _slopes(picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return cv2.Sobel(picture, cv2.CV_32F, 1, 0), cv2.Sobel(picture, cv2.CV_32F, 0, 1)
