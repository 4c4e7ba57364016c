"""Color filters of a laboratory's own: trained from boxed cells, kept as small files."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import TypeVar

from buffycoat.detect import ColorFilter
from buffycoat.detect.fit_filter import fit
from buffycoat.domain.value import value
from buffycoat.errors import AlreadyExists, NothingFound, TooFew, UnwritableFile
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.codecs import read_bytes
from buffycoat.imaging.scale import RED_CELL_MICROMETRES, red_cell_diameter
from buffycoat.workflows.boxed import boxed_photographs
from buffycoat.workflows.runs import Progress, ShowProgress, no_progress, now

__all__ = ["TrainedFilter", "load_filter", "median_red_cell", "spread_out", "train_filter"]

_MOST = 400

T = TypeVar("T")


@value
class TrainedFilter:
    """A filter that was just trained: where it lies, how wide red cells were taken to be, and how long that took."""

    file: str
    color_filter: ColorFilter
    red_cell_px: float
    seconds: float


def train_filter(
    path: Path,
    out: Path,
    *,
    format_name: str | None = None,
    words: tuple[str, ...] = (),
    micrometres_per_pixel: float | None = None,
    most: int = _MOST,
    progress: ShowProgress = no_progress,
) -> TrainedFilter:
    """Train a color filter from a set of photographs with boxes, and write it to a file.

    Parameters
    ----------
    path : Path
        The set, all of one set-up: a folder, a zip or a file of a format that ``buffycoat import`` reads.
    out : Path
        The file to write; it must not be there yet.
    format_name, words
        See `boxed_photographs`.
    micrometres_per_pixel : float, optional
        The scale; without it, that of the median red cell.
    most : int
        At most so many photographs with a white cell, spread evenly over the set.
    progress : callable
        Called after each photograph.

    Raises
    ------
    AlreadyExists
        The file is there.
    UnwritableFile
        It cannot be written.
    TooFew
        No photograph has a box around a white cell, or red cells can be measured in none.
    """
    started = time.perf_counter()
    if out.exists():
        raise AlreadyExists(f"{out.name} is there already", hint="name another file, or move that one away")
    if not out.parent.is_dir():  # found out before the work, not after it
        raise UnwritableFile(f"{out.name} cannot be written", expected="a folder that is there", found=str(out.parent))
    with boxed_photographs(path, format_name=format_name, words=words) as photographs:
        boxed = spread_out([photograph for photograph in photographs if photograph.boxes], most)
    if not boxed:
        raise TooFew(f"{path.name} has no photograph with a box around a white cell", expected="at least 1", found="0")
    images = []
    for position, photograph in enumerate(boxed, start=1):
        images.append(photograph.read())
        progress(Progress(room="filter", done=position, total=len(boxed)))
    red_cell_px = median_red_cell(images, micrometres_per_pixel)
    trained = fit(
        images,
        [photograph.boxes for photograph in boxed],
        red_cell_px=[red_cell_px] * len(images),
        origin=path.resolve().name,
        fitted_at=f"{now():%Y-%m-%d}",
    )
    try:
        out.write_text(trained.to_json(), encoding="utf-8")
    except OSError as error:
        raise UnwritableFile(f"{out.name} cannot be written", found=error.strerror or "") from error
    return TrainedFilter(
        file=str(out),
        color_filter=trained,
        red_cell_px=round(red_cell_px, 1),
        seconds=round(time.perf_counter() - started, 1),
    )


def load_filter(path: Path) -> ColorFilter:
    """Read a filter from its file.

    Raises
    ------
    UnreadableFile
        There is no such file.
    UnreadableFormat
        It is no color filter.
    """
    return ColorFilter.from_json(read_bytes(path, name=path.name), name=path.name)


def median_red_cell(images: Sequence[RgbImage], micrometres_per_pixel: float | None) -> float:
    """Return how wide red cells are in photographs of one set-up, in pixels: one crowded field measures badly.

    Raises
    ------
    TooFew
        They can be measured in none.
    """
    if micrometres_per_pixel is not None:
        return RED_CELL_MICROMETRES / micrometres_per_pixel
    measured = []
    for image in images:
        with contextlib.suppress(NothingFound):
            measured.append(red_cell_diameter(image))
    if not measured:
        raise TooFew(
            "red cells can be measured in none of the photographs",
            expected="at least 1",
            found="0",
            hint="tell the scale: `--micrometers-per-pixel`",
        )
    return median(measured)


def spread_out(things: Sequence[T], most: int) -> list[T]:
    """Return at most so many things, spread evenly over all."""
    if len(things) <= most:
        return list(things)
    return [things[round(place * (len(things) - 1) / max(1, most - 1))] for place in range(most)]
