"""Crops to probabilities of classes: the segment room draws the cell, the learn room says what it is."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from statistics import median
from typing import Final

import numpy as np
from numpy.typing import NDArray

from buffycoat.domain.value import value
from buffycoat.errors import DigestMismatch, InputError, UnreadableFile, UnreadableFormat
from buffycoat.imaging.arrays import RgbImage, check_rgb
from buffycoat.imaging.cell_alignment import CellView, cell_view
from buffycoat.imaging.codecs import read_bytes, read_rgb
from buffycoat.learn.cell_file import CellClassifier, is_cell_file
from buffycoat.learn.cell_size import red_cells_in
from buffycoat.learn.own_model import CropClassifier, read_card
from buffycoat.segment.network import CELL_SHARE, nucleus_and_cell

__all__ = [
    "UNKNOWN",
    "ClassifiedPicture",
    "Classifier",
    "classes",
    "classify",
    "classify_pictures",
    "embeddings_of",
    "read_classifier",
    "red_cell_width",
    "said_of",
    "shipped_classifier",
]

Classifier = CellClassifier | CropClassifier
"""The one that comes along or another of its kind; or one of your own, which looks at whole crops."""

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


def read_classifier(path: Path) -> Classifier:
    """Read a classifier of your own: an ONNX file with its card beside it, of the same name and ending in ``.json``.

    A file of the kind that comes along needs no card: what it is stands in it. Where it has one, its ``sha256`` must be
    that of the file.

    Raises
    ------
    UnreadableFile
        The file or its card is not there, or cannot be read.
    UnreadableFormat
        No ONNX, no card, or a network that does not do what its card says.
    DigestMismatch
        The card is of another file.
    """
    content, beside = read_bytes(path, name=path.name), path.with_suffix(".json")
    if is_cell_file(content):
        found = CellClassifier(content)
        told = _told_digest(beside) if beside.exists() else None
        if told is not None and told != found.digest:
            raise DigestMismatch("the card is of another file", expected=told, found=found.digest)
        return found
    if not beside.exists():
        raise UnreadableFile(
            f"{path.name} has no card",
            expected=f"{beside.name} beside it",
            hint="the card says what the network takes and what it tells apart: see docs/classifier.md",
        )
    return CropClassifier(content, read_card(read_bytes(beside, name=beside.name), name=beside.name))


def _told_digest(card: Path) -> str | None:
    try:
        told = json.loads(read_bytes(card, name=card.name))
    except ValueError as error:
        raise UnreadableFormat(f"{card.name} is no card", expected="JSON", found=str(error)) from error
    return told.get("sha256") if isinstance(told, dict) else None


def classify(
    crops: Sequence[RgbImage],
    classifier: Classifier | None = None,
    *,
    red_cell_px: float | Sequence[float | None] | None = None,
    threads: int | None = None,
) -> NDArray[np.float32]:
    """Return how likely each crop shows a cell of each class.

    The cell in the middle is drawn by the segment room, brought to one size and one stain, and looked at twice, once
    in a mirror. Nothing is learned from the crops. How wide red cells are tells small cells from large ones: where it
    is not given, it is measured in up to nine crops of each size, since crops of one size are mostly of one scale. Of
    crops of many sizes nine are looked at first: where none of them shows red cells, they are cut too closely. A
    classifier of your own, which looks at whole crops, does without all that.

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
    at_once = threads or os.cpu_count() or 1
    with ThreadPoolExecutor(at_once) as pool:
        if isinstance(classifier, CropClassifier):
            size = max(1, math.ceil(len(crops) / at_once))
            cut = [crops[first : first + size] for first in range(0, max(1, len(crops)), size)]
            return np.concatenate(list(pool.map(classifier.of_crops, cut)))
        if red_cell_px is None:
            known = _measured(crops, pool)
        found = list(pool.map(partial(_seen, views=classifier.facts.mask_views), crops, known))
        parts = np.array_split(np.arange(len(found)), max(1, min(len(found), at_once)))
        said = pool.map(
            lambda places: classifier.probabilities([found[at][0] for at in places], [found[at][1] for at in places]),
            parts,
        )
        return np.concatenate(list(said))


def embeddings_of(crops: Sequence[RgbImage], classifier: CellClassifier) -> tuple[NDArray[np.float32], tuple[int, ...]]:
    """Return what a classifier sees of each cell: vectors whose products are large where cells look alike.

    Parameters
    ----------
    crops : sequence of ndarray
        uint8, shape (height, width, 3), RGB, each with one cell in the middle.
    classifier : CellClassifier
        Which.

    Returns
    -------
    embeddings : ndarray
        float32, shape (seen, numbers).
    seen : tuple of int
        Places of the crops in which a cell is seen.
    """
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        found = list(pool.map(partial(_seen, red_cell_px=None, views=classifier.facts.mask_views), crops))
    seen = tuple(place for place, (view, _) in enumerate(found) if view is not None)
    return classifier.look([view for view, _ in found if view is not None])[1], seen


@value
class ClassifiedPicture:
    """What a picture is taken for: a term, or ``not-recognized``, and how likely each is, the likeliest first."""

    file: str
    said: str
    chances: dict[str, float]


def classify_pictures(paths: Sequence[Path], classifier: Classifier | None = None) -> tuple[ClassifiedPicture, ...]:
    """Classify files of the disk, each a crop with one cell in its middle.

    Raises
    ------
    UnreadableFile, UnreadableImage
        One of them cannot be read.
    """
    asked = classifier or shipped_classifier()
    chances = classify([read_rgb(path) for path in paths], asked)
    return tuple(
        ClassifiedPicture(
            file=path.name,
            said=said,
            chances={asked.facts.classes[place]: round(float(row[place]), 4) for place in np.argsort(-row).tolist()},
        )
        for path, said, row in zip(paths, said_of(chances, asked), chances, strict=True)
    )


def said_of(probabilities: NDArray[np.float32], classifier: Classifier | None = None) -> tuple[str, ...]:
    """Return the answer for each cell: the likeliest class, or ``UNKNOWN`` where the classifier is not sure enough."""
    facts = (classifier or shipped_classifier()).facts
    return tuple(
        facts.classes[int(row.argmax())] if row.max() >= facts.least_sure else UNKNOWN for row in probabilities
    )


def red_cell_width(crops: Sequence[RgbImage]) -> float | None:
    """Return how wide red cells are in some crops of one scale, in pixels: the median; none where too few show them."""
    seen = [width for width in map(red_cells_in, crops) if width is not None]
    return median(seen) if len(seen) >= min(_ENOUGH, len(crops)) and seen else None


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
    if len(by_size) > _MEASURED:
        some = [crops[place] for place in np.linspace(0, len(crops) - 1, _MEASURED).astype(int)]
        if not any(pool.map(red_cells_in, some)):
            return widths
    for places in by_size.values():
        chosen = [places[at] for at in np.linspace(0, len(places) - 1, min(_MEASURED, len(places))).astype(int)]
        found = list(pool.map(red_cells_in, [crops[place] for place in chosen]))
        seen = [width for width in found if width is not None]
        own = dict(zip(chosen, found, strict=True))
        for place in places:
            widths[place] = median(seen) if len(seen) >= _ENOUGH else own.get(place)
    return widths


def _seen(crop: RgbImage, red_cell_px: float | None, *, views: int) -> tuple[CellView | None, float | None]:
    drawn = nucleus_and_cell(crop, views=views)
    if drawn is None:
        return None, None
    view = cell_view(crop, drawn.nucleus, drawn.cell, left=drawn.left, top=drawn.top, side=drawn.side)
    return view, None if red_cell_px is None else math.log(CELL_SHARE * drawn.side / red_cell_px)
