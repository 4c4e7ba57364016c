"""A small trained network that draws nucleus and whole cell of a crop; torch is not needed."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray
from scipy import ndimage

from buffycoat.errors import InputError
from buffycoat.imaging.arrays import RgbImage, check_rgb

__all__ = ["CELL_SHARE", "LOOK_PX", "Drawn", "SegmenterNetwork", "middle_region", "nucleus_and_cell", "shipped_network"]

FloatImage = NDArray[np.float32]

GLANCE_PX: Final = 96
LOOK_PX: Final = 112
"""Sides of the two inputs: where the cell is, and what it is like. The network was trained at both."""
CELL_SHARE: Final = 0.64
"""How much of the second input's side the cell takes; near what the network was trained with most."""
STEP: Final = 1.6
"""How much closer each next glance is."""
SMALLEST_SHARE: Final = 0.24
"""A cell that takes less of a glance's side is looked at more closely before it is believed."""
SURE: Final = 0.8
SMALLEST_WINDOW: Final = 24.0
"""Of the glances around a point; around the middle of a crop the second closer glance is the last."""
LEAST_PX: Final = 24
MIRRORED: Final = (1, 2, 4)

_GLASS: Final = (255.0, 255.0, 255.0)
_QUIET: Final = 3


class Drawn(NamedTuple):
    """What the network draws in a window of the crop: probabilities, float32 of shape (LOOK_PX, LOOK_PX), 0 to 1.

    The window has its left upper corner at ``left``, ``top`` and is ``side`` pixels of the crop wide; it may leave it.
    """

    nucleus: FloatImage
    cell: FloatImage
    left: float
    top: float
    side: float


class SegmenterNetwork:
    """A network that was trained and exported; it may be asked from several threads.

    Parameters
    ----------
    content : bytes
        Of its ONNX file.
    """

    __slots__ = ("_session",)

    def __init__(self, content: bytes) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = _QUIET
        self._session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])

    def draw(self, window: RgbImage) -> tuple[FloatImage, FloatImage]:
        """Return probabilities of nucleus and whole cell, of the cell in the middle of a window.

        Parameters
        ----------
        window : ndarray
            uint8, shape (height, width, 3), RGB; height and width multiples of 16.

        Returns
        -------
        nucleus, cell : ndarray
            float32, shape (height, width), 0 to 1.
        """
        pixels = np.ascontiguousarray(window.transpose(2, 0, 1)[None], np.float32)
        (found,) = self._session.run(["masks"], {"crop": pixels})
        return np.asarray(found[0, 0], np.float32), np.asarray(found[0, 1], np.float32)


@cache
def shipped_network() -> SegmenterNetwork:
    """Return the network of this package; it is read once."""
    return SegmenterNetwork(files("buffycoat.segment").joinpath("weights", "segmenter.onnx").read_bytes())


def nucleus_and_cell(
    crop: RgbImage,
    *,
    at: tuple[float, float] | None = None,
    network: SegmenterNetwork | None = None,
    views: int = 4,
) -> Drawn | None:
    """Return probabilities of nucleus and whole cell, of the cell in the middle or under a point.

    The network looks twice: at the whole crop, small, to see where the cell is; then at the cell, always about as
    large, and mirrored in three ways where nobody wants it quicker. Where it sees no cell, or only a very small one, it
    looks closer before it gives up.

    Parameters
    ----------
    crop : ndarray
        uint8, shape (height, width, 3), RGB.
    at : tuple of float, optional
        x and y in pixels of a point on the cell; without it, the middle.
    network : SegmenterNetwork, optional
        Another network than that of this package.
    views : {4, 2, 1}
        In how many mirror images the cell is drawn, the one as it is among them; their mean is returned.

    Returns
    -------
    Drawn or None
        None where no cell is seen.

    Raises
    ------
    WrongArray
        If ``crop`` is no RGB image.
    InputError
        Another number of views.

    Examples
    --------
    >>> nucleus_and_cell(np.full((60, 60, 3), 230, np.uint8)) is None
    True
    """
    check_rgb(crop)
    if views not in MIRRORED:
        raise InputError("in how many mirror images a cell is drawn", expected="1, 2 or 4", found=str(views))
    if (crop == crop[0, 0]).all():  # of one color: the network was never shown such
        return None
    network = network or shipped_network()
    height, width = crop.shape[:2]
    if at is None:
        found = _glance(network, crop, width / 2, height / 2, max(height, width) / STEP**2.5)
    else:
        found = _glance(network, crop, *at, SMALLEST_WINDOW)
    if found is None:
        return None
    center_x, center_y, length = found
    side = length / CELL_SHARE
    left, top = center_x - side / 2, center_y - side / 2
    nucleus, cell = _mean_of_views(network, _window(crop, left, top, side, LOOK_PX), views)
    return Drawn(nucleus, cell, left, top, side)


def _mean_of_views(network: SegmenterNetwork, window: RgbImage, count: int) -> tuple[FloatImage, FloatImage]:
    """Return the mean of what the network draws in a window and in its mirror images."""
    views = [(slice(None, None, down), slice(None, None, across)) for down in (1, -1) for across in (1, -1)]
    drawn = [[part[view] for part in network.draw(window[view])] for view in views[:count]]
    nucleus, cell = (np.asarray(np.mean(part, axis=0), np.float32) for part in zip(*drawn, strict=True))
    return nucleus, cell


def middle_region(mask: NDArray[np.bool_], x: float, y: float) -> NDArray[np.bool_]:
    """Return the region under a point; where there is none, a large one near it.

    Parameters
    ----------
    mask : ndarray
        bool, shape (height, width).
    x, y : float
        The point, in pixels.

    Returns
    -------
    ndarray
        bool, of the same shape; empty where the mask is.

    Examples
    --------
    >>> mask = np.array([[True, False, True], [False, False, True]])
    >>> middle_region(mask, 2, 0).tolist()
    [[False, False, True], [False, False, True]]
    """
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    if count < 2:
        return np.zeros(mask.shape, np.bool_)
    labels = np.asarray(labels, np.int32)
    row, column = (int(np.clip(place, 0, size - 1)) for place, size in zip((y, x), mask.shape, strict=True))
    mine = int(labels[row, column])
    if not mine:
        rows, columns = np.ogrid[: mask.shape[0], : mask.shape[1]]
        distance = ndimage.minimum(np.hypot(rows - y, columns - x), labels, np.arange(1, count))
        merit = np.sqrt(stats[1:, cv2.CC_STAT_AREA]) / (max(mask.shape) / 16 + distance)
        mine = 1 + int(merit.argmax())
    return np.asarray(labels == mine)


def _glance(
    network: SegmenterNetwork, crop: RgbImage, x: float, y: float, smallest: float
) -> tuple[float, float, float] | None:
    """Return middle and longer side of the cell's box, in pixels of the crop."""
    side = float(max(crop.shape[:2]))
    best: tuple[float, float, float] | None = None
    surest = 0.0
    while True:
        left, top = x - side / 2, y - side / 2
        _, cell = network.draw(_window(crop, left, top, side, GLANCE_PX))
        mask = middle_region(cell > 0.5, GLANCE_PX / 2, GLANCE_PX / 2)
        if np.count_nonzero(mask) >= LEAST_PX:
            first, second, wide, high = cv2.boundingRect(mask.astype(np.uint8))
            sure = float(cell[mask].mean())
            scale = side / GLANCE_PX
            place = (left + (first + wide / 2) * scale, top + (second + high / 2) * scale, max(wide, high) * scale)
            if max(wide, high) >= SMALLEST_SHARE * GLANCE_PX and sure >= SURE:
                return place
            if sure > surest:
                best, surest = place, sure
        side /= STEP
        if side < smallest:
            return best


def _window(crop: RgbImage, left: float, top: float, side: float, pixels: int) -> RgbImage:
    """Return a square window of the crop at another size; outside of the crop is glass."""
    factor = pixels / side
    across = down = 1.0
    if factor < 0.5:  # first the mean of whole pixels, so that none is skipped
        size = (max(1, round(crop.shape[1] * factor)), max(1, round(crop.shape[0] * factor)))
        across, down = size[0] / crop.shape[1], size[1] / crop.shape[0]
        crop = np.asarray(cv2.resize(crop, size, interpolation=cv2.INTER_AREA), np.uint8)
    matrix = np.array(
        [
            [factor / across, 0, factor * (0.5 / across - left) - 0.5],
            [0, factor / down, factor * (0.5 / down - top) - 0.5],
        ]
    )
    window = cv2.warpAffine(crop, matrix, (pixels, pixels), flags=cv2.INTER_LINEAR, borderValue=_GLASS)
    return np.asarray(window, np.uint8)
