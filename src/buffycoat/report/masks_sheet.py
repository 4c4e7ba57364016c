"""Crops over their masks, a column a class: the paper's Figure 9."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from buffycoat.domain.geometry import Box
from buffycoat.errors import TooFew, WrongArray
from buffycoat.imaging.arrays import RgbImage, check_rgb
from buffycoat.report.drawing import (
    BLUE,
    INK,
    SOFT,
    Color,
    FigureSheet,
    fitted,
    is_writable,
    letter,
    line_height,
    lines_of,
    new_sheet,
    outline,
    paste,
    printed,
    text_width,
    write,
)

__all__ = ["MaskColumn", "MaskSample", "masks_sheet"]

_GAP = 28
_SIZE = 28
_NUCLEUS: Final[Color] = BLUE
_CYTOPLASM: Final[Color] = (240, 150, 40)
_STRIPES: Final[tuple[Color, Color]] = ((70, 78, 84), (176, 182, 187))
_GROUND: Final[Color] = (240, 242, 243)
_STRIPE_PX = 8
_COLOR_WORDS = {1: "blue", 2: "orange", 3: "striped"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MaskSample:
    """A crop with its ground truth: bool arrays of the crop's height and width, ``None`` where a part has no mask."""

    crop: RgbImage
    nucleus: NDArray[np.bool_] | None
    cell: NDArray[np.bool_] | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MaskColumn:
    """A class with examples of it."""

    title: str
    samples: tuple[MaskSample, ...]


def masks_sheet(columns: Sequence[MaskColumn], /, *, side: int = 300, banner: str = "") -> FigureSheet:
    """Show crops over their masks, a column a class, as Figure 9 of Kouzehkanan et al. 2022.

    The nucleus is blue and the cytoplasm (cell minus nucleus) orange. Where only the whole cell was traced, as in
    basophils, whose granules hide the nucleus, it is striped, so that nobody takes it for cytoplasm.

    Parameters
    ----------
    columns : sequence of MaskColumn
        At least one, with at least one sample among them. The first sample of each class is in the first row, ...
    side : int
        Longer side of a picture on the sheet, in pixels.
    banner : str
        Written over the sheet and its caption, such as that a release is simulated.

    Returns
    -------
    FigureSheet
        The JPEG, and a caption with the class of each letter. A title that is not ASCII stands in the caption only.

    Raises
    ------
    TooFew
        Nothing to show.
    WrongArray
        A crop is no RGB image, or a mask is no boolean array of its size.
    InputError
        The sheet would be too large.
    """
    depth = max((len(column.samples) for column in columns), default=0)
    if depth == 0:
        raise TooFew("a sheet of masks needs a crop", expected="at least 1", found="0")
    titles = [_title(number, column.title, side) for number, column in enumerate(columns)]
    head = max(len(lines) for lines in titles) * line_height(_SIZE) + 10
    legend = _legend(columns)
    width = len(columns) * (side + _GAP) + _GAP
    rows = _legend_rows(legend, width)
    row_height = 2 * side + 8 + _GAP
    height = _GAP + head + depth * row_height + len(rows) * (line_height(_SIZE) + 12) + _GAP // 2
    sheet, pen = new_sheet(width, height)
    for number, (column, lines) in enumerate(zip(columns, titles, strict=True)):
        left = _GAP + number * (side + _GAP)
        write(pen, (left, _GAP), lines, size=_SIZE)
        for place in range(depth):
            top = _GAP + head + place * row_height
            if place >= len(column.samples):
                write(pen, (left, top), ("no more examples",) if place else ("no example",), size=_SIZE - 4, color=SOFT)
                continue
            sample = column.samples[place]
            _check(sample, column.title)
            for below, picture in enumerate((fitted(sample.crop, side, side)[0], _mask_picture(sample, side))):
                at = (left + (side - picture.shape[1]) // 2, top + below * (side + 8) + (side - picture.shape[0]) // 2)
                paste(sheet, picture, at)
                frame = Box(left=at[0], top=at[1], right=at[0] + picture.shape[1], bottom=at[1] + picture.shape[0])
                outline(pen, frame, color=SOFT, width=1, around=True)
    top = height - _GAP // 2 - len(rows) * (line_height(_SIZE) + 12)
    for row in rows:
        _draw_legend(sheet, pen, row, top)
        top += line_height(_SIZE) + 12
    colors = "; ".join(f"{_COLOR_WORDS[part]}: {words}" for words, part in legend)
    said = ", ".join(f"({letter(number)}) {column.title}" for number, column in enumerate(columns))
    return printed(
        sheet,
        title="Crops and their masks by class",
        caption=f"Cells over their ground truth, a column a class; {colors}. Columns: {said}.",
        banner=banner,
    )


def _title(number: int, title: str, side: int) -> tuple[str, ...]:
    name = f"({letter(number)})"
    return lines_of(f"{name} {title}", _SIZE, side) if is_writable(title) else (name,)


def _check(sample: MaskSample, title: str) -> None:
    check_rgb(sample.crop)
    for mask in (sample.nucleus, sample.cell):
        if mask is not None and (mask.dtype != np.bool_ or mask.shape != sample.crop.shape[:2]):
            raise WrongArray(
                f"a mask of class {title} does not fit its crop",
                expected=f"bool {sample.crop.shape[:2]}",
                found=f"{mask.dtype} {mask.shape}",
                hint="masks are boolean arrays of the crop's height and width",
            )


def _mask_picture(sample: MaskSample, side: int) -> RgbImage:
    """Return the parts in their colors; labels, not colors, are brought to size, so that no mixed color appears."""
    parts = np.zeros(sample.crop.shape[:2], np.uint8)
    if sample.cell is not None:
        parts[sample.cell] = 3 if sample.nucleus is None else 2
    if sample.nucleus is not None:
        parts[sample.nucleus] = 1
    tall, wide = sample.crop.shape[:2]
    scale = side / max(tall, wide)
    height, width = max(1, round(tall * scale)), max(1, round(wide * scale))
    rows = np.minimum(((np.arange(height) + 0.5) / scale).astype(int), tall - 1)
    across = np.minimum(((np.arange(width) + 0.5) / scale).astype(int), wide - 1)
    return _colored(parts[np.ix_(rows, across)])


def _colored(parts: NDArray[np.uint8]) -> RgbImage:
    """Return the color of each part: 0 ground, 1 nucleus, 2 cytoplasm, 3 whole cell, in stripes."""
    height, width = parts.shape
    stripes = (np.add.outer(np.arange(height), np.arange(width)) // _STRIPE_PX) % 2
    shown = np.where((parts == 3) & (stripes == 1), 4, parts)
    colors = np.asarray([_GROUND, _NUCLEUS, _CYTOPLASM, *_STRIPES], np.uint8)
    return np.asarray(colors[shown], np.uint8)


def _legend(columns: Sequence[MaskColumn]) -> list[tuple[str, int]]:
    """Return what the sheet holds, as words and part: 1 nucleus, 2 cytoplasm, 3 whole cell."""
    samples = [sample for column in columns for sample in column.samples]
    entries = []
    if any(sample.nucleus is not None for sample in samples):
        entries.append(("nucleus", 1))
    if any(sample.nucleus is not None and sample.cell is not None for sample in samples):
        entries.append(("cytoplasm", 2))
    if any(sample.nucleus is None and sample.cell is not None for sample in samples):
        entries.append(("whole cell, nucleus not traced", 3))
    return entries


def _legend_rows(entries: list[tuple[str, int]], width: int) -> list[list[tuple[str, int]]]:
    """Return the entries in as many rows as the width of the sheet asks for."""
    rows: list[list[tuple[str, int]]] = [[]]
    used = _GAP
    for words, part in entries:
        needed = _SIZE + 12 + text_width(words, _SIZE) + _GAP
        if rows[-1] and used + needed > width:
            rows.append([])
            used = _GAP
        rows[-1].append((words, part))
        used += needed
    return rows


def _draw_legend(sheet: Image.Image, pen: ImageDraw.ImageDraw, entries: list[tuple[str, int]], top: int) -> None:
    left = _GAP
    for words, part in entries:
        square = Box(left=left, top=top + 4, right=left + _SIZE, bottom=top + 4 + _SIZE)
        paste(sheet, _colored(np.full((_SIZE, _SIZE), part, np.uint8)), (square.left, square.top))
        outline(pen, square, color=INK, width=1, around=True)
        write(pen, (square.right + 12, top), (words,), size=_SIZE)
        left = square.right + 12 + text_width(words, _SIZE) + _GAP
