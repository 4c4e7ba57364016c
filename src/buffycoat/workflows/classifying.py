"""Crops to probabilities of classes: the segment room draws the cell, the learn room says what it is."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.resources import files
from statistics import median
from typing import Final

import numpy as np
from numpy.typing import NDArray

from buffycoat.errors import InputError
from buffycoat.imaging.arrays import RgbImage, check_rgb
from buffycoat.imaging.cell_alignment import CellView, cell_view
from buffycoat.learn.cell_file import CellClassifier
from buffycoat.learn.cell_size import red_cells_in
from buffycoat.segment.network import CELL_SHARE, nucleus_and_cell

__all__ = ["UNKNOWN", "classes", "classify", "said_of", "shipped_classifier"]

UNKNOWN: Final = "not-recognized"
"""What :func:`said_of` answers where the classifier is not sure."""

classes: Final = ("basophil", "eosinophil", "lymphocyte", "monocyte", "neutrophil", "not-leukocyte")
"""What the classifier that comes along tells apart, in the order of its answers."""

_MEASURED: Final = 9
_ENOUGH: Final = 3


@cache
def shipped_classifier() -> CellClassifier:
    """Return the classifier that comes along; it is read once. Its card stands beside it."""
    return CellClassifier(files("buffycoat.learn").joinpath("weights", "classifier.onnx").read_bytes())


def classify(
    crops: Sequence[RgbImage],
    classifier: CellClassifier | None = None,
    *,
    red_cell_px: float | Sequence[float | None] | None = None,
    threads: int | None = None,
) -> NDArray[np.float32]:
    """Return how likely each crop shows a cell of each class.

    The cell in the middle is drawn by the segment room, brought to one size and one stain, and looked at twice, once
    in a mirror. Nothing is learned from the crops. How wide red cells are tells small cells from large ones: where it
    is not given, it is measured in up to nine crops of each size, since crops of one size are mostly of one scale.

    Parameters
    ----------
    crops : sequence of ndarray
        uint8, shape (height, width, 3), RGB, each with one cell in the middle.
    classifier : CellClassifier, optional
        Another than the one that comes along.
    red_cell_px : float or sequence of float or None, optional
        How wide red cells are in the crops, in pixels, where the field told it: one for all, or one a crop, ``None``
        where it is not known. Without any it is measured in the crops.
    threads : int, optional
        Processor cores to work with; all without it.

    Returns
    -------
    ndarray
        float32, shape (n, classes), in the order of ``buffycoat.classes``, or of ``classifier.facts.classes`` where one
        is given; rows sum to 1.

    Raises
    ------
    WrongArray
        If a crop is no RGB image.
    InputError
        Not one width of red cells a crop, or one that is not above 0.

    Examples
    --------
    >>> glass = np.full((90, 90, 3), 230, np.uint8)
    >>> chances = classify([glass])
    >>> chances.shape, classes[int(chances[0].argmax())]
    ((1, 6), 'not-leukocyte')
    """
    classifier = classifier or shipped_classifier()
    for crop in crops:
        check_rgb(crop)
    known = _widths(crops, red_cell_px)
    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        if red_cell_px is None:
            known = _measured(crops, pool)
        found = list(pool.map(_seen, crops, known))
        parts = np.array_split(np.arange(len(found)), max(1, min(len(found), threads or os.cpu_count() or 1)))
        said = pool.map(
            lambda places: classifier.probabilities([found[at][0] for at in places], [found[at][1] for at in places]),
            parts,
        )
        return np.concatenate(list(said))


def said_of(probabilities: NDArray[np.float32], classifier: CellClassifier | None = None) -> tuple[str, ...]:
    """Return the answer for each cell: the likeliest class, or ``UNKNOWN`` where the classifier is not sure enough."""
    facts = (classifier or shipped_classifier()).facts
    return tuple(
        facts.classes[int(row.argmax())] if row.max() >= facts.least_sure else UNKNOWN for row in probabilities
    )


def _widths(crops: Sequence[RgbImage], given: float | Sequence[float | None] | None) -> list[float | None]:
    # Not asked the other way: an array is no Sequence.
    each = [given] * len(crops) if given is None or isinstance(given, int | float) else given
    widths = [None if width is None else float(width) for width in each]
    if len(widths) != len(crops):
        raise InputError("not one width of red cells a crop", expected=str(len(crops)), found=str(len(widths)))
    if strange := [width for width in widths if width is not None and not 0 < width < math.inf]:
        raise InputError("not a width of red cells", expected="above 0 pixels", found=str(strange[0]))
    return widths


def _measured(crops: Sequence[RgbImage], pool: ThreadPoolExecutor) -> list[float | None]:
    """Return the width of red cells for each crop: the median of what is found in some crops of its size."""
    by_size: dict[tuple[int, ...], list[int]] = {}
    for place, crop in enumerate(crops):
        by_size.setdefault(crop.shape, []).append(place)
    widths: list[float | None] = [None] * len(crops)
    for places in by_size.values():
        chosen = [places[at] for at in np.linspace(0, len(places) - 1, min(_MEASURED, len(places))).astype(int)]
        found = list(pool.map(red_cells_in, [crops[place] for place in chosen]))
        seen = [width for width in found if width is not None]
        own = dict(zip(chosen, found, strict=True))
        for place in places:
            widths[place] = median(seen) if len(seen) >= _ENOUGH else own.get(place)
    return widths


def _seen(crop: RgbImage, red_cell_px: float | None) -> tuple[CellView | None, float | None]:
    drawn = nucleus_and_cell(crop)
    if drawn is None:
        return None, None
    view = cell_view(crop, drawn.nucleus, drawn.cell, left=drawn.left, top=drawn.top, side=drawn.side)
    return view, None if red_cell_px is None else math.log(CELL_SHARE * drawn.side / red_cell_px)
