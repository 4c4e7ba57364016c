"""The crops of an experiment at the size that networks see, in one file; and which of them show the same cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.clean import Candidate, find_repeats
from buffycoat.domain.experiment import TEST_B
from buffycoat.domain.geometry import Box
from buffycoat.domain.value import digest_of
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.codecs import decode_rgb, encode_jpeg
from buffycoat.imaging.registration import thumbnail
from buffycoat.workflows.learning.cells import LearnCell
from buffycoat.workflows.runs import Progress, ShowProgress

__all__ = ["Looked", "Pictures", "look_at_cells", "read_crop", "small_jpeg"]

DATA = "data"
_SHOWN_PX = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What looking at all crops once told: the digest of each, and pairs that show the same cell."""

    digests: tuple[str, ...]
    repeats: tuple[tuple[str, str], ...]


class Pictures:
    """Crops of one size in a file, by set and id: nothing but those in use is in memory."""

    def __init__(self, path: Path, places: Mapping[tuple[str, str], int], *, away: str) -> None:
        self._pixels: NDArray[np.uint8] = np.load(path, mmap_mode="r")
        self._places = places
        self._homes = {TEST_B: away}

    def reader(self, side: str, cells: Sequence[LearnCell]) -> Callable[[int], RgbImage]:
        """Return a function from the place of a cell on its side to its crop: uint8, shape (size, size, 3)."""
        places = [self._places[self._homes.get(side, DATA), cell.id] for cell in cells]
        return lambda place: np.array(self._pixels[places[place]])


def look_at_cells(
    sets: Sequence[tuple[str, Sequence[LearnCell]]], path: Path, *, size: int, progress: ShowProgress
) -> Looked:
    """Read every crop once: write it at the networks' size, and look for cells that are there twice in the first set.

    The whole crop is brought to the size, whatever its shape.

    Parameters
    ----------
    sets : sequence of (str, sequence of LearnCell)
        The data, and the stand-in where there is one; the file has them one after the other.
    path : Path
        The file to write (NumPy), uint8, shape (cells, size, size, 3).
    size : int
        In pixels.

    Raises
    ------
    UnreadableImage, UnsupportedImage, ImageTooLarge
        A crop is none.
    """
    total = sum(len(cells) for _, cells in sets)
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = np.lib.format.open_memmap(path, mode="w+", dtype=np.uint8, shape=(total, size, size, 3))
    digests, candidates = [], []
    for position, (name, cell) in enumerate((name, cell) for name, cells in sets for cell in cells):
        content = cell.content()
        crop = decode_rgb(content, name=cell.id)
        digests.append(digest_of(content))
        kept[position] = _resized(crop, size)
        if name == sets[0][0]:
            candidates.append(_candidate(cell.id, crop))
        progress(Progress(room="read", done=position + 1, total=total))
    kept.flush()
    groups = find_repeats(candidates).groups
    repeats = tuple(pair for group in groups for pair in pairwise(group))
    return Looked(digests=tuple(digests), repeats=repeats)


def _candidate(name: str, crop: RgbImage) -> Candidate:
    height, width = crop.shape[:2]
    return Candidate(
        id=name,
        field_id=name,
        box=Box(left=0, top=0, right=width, bottom=height),
        sharpness=1.0,
        average_hash=0,
        perceptual_hash=0,
        thumbnail=thumbnail(crop),
    )


def _resized(crop: RgbImage, size: int) -> RgbImage:
    method = cv2.INTER_AREA if min(crop.shape[:2]) > size else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(crop, (size, size), interpolation=method), np.uint8)


def read_crop(cell: LearnCell) -> RgbImage:
    """Return a crop as it is: uint8, shape (height, width, 3)."""
    return decode_rgb(cell.content(), name=cell.id)


def small_jpeg(cell: LearnCell) -> bytes:
    """Return a small picture of a cell for the report."""
    return encode_jpeg(_resized(read_crop(cell), _SHOWN_PX))
