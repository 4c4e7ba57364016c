"""Cells that a detector missed, each in its surroundings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from buffycoat.domain.cell import Detection
from buffycoat.domain.geometry import Box
from buffycoat.errors import InputError, TooFew
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.crops import crop
from buffycoat.metrics.detection import DetectorReport
from buffycoat.report.drawing import (
    BLUE,
    ORANGE,
    SOFT,
    FigureSheet,
    fitted,
    letter,
    line_height,
    lines_of,
    new_sheet,
    outline,
    paste,
    printed,
    write,
)

__all__ = ["MissedCell", "missed_sheet", "misses_of"]

_GAP = 24
_SIZE = 24
_SMALL = 20
_AROUND = 2.0
_FATES = {"missed": "missed", "loose": "box does not fit", "extra": "no cell was marked"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MissedCell:
    """A cell that was not found or not well, or a box where no cell was marked.

    Parameters
    ----------
    field_id : str
        The photograph.
    picture : ndarray
        It: uint8, shape (height, width, 3), RGB.
    box : Box
        The true box, or for ``"extra"`` the found one.
    fate : {"missed", "loose", "extra"}
        Not found; found, but the box overlaps by less than 0.5; found where no one marked a cell.
    found : tuple of Box
        What was found in the photograph.
    score : float, optional
        How sure the detector was, for ``"extra"``.
    """

    field_id: str
    picture: RgbImage
    box: Box
    fate: str = "missed"
    found: tuple[Box, ...] = ()
    score: float | None = None


def misses_of(
    fields: Sequence[tuple[str, RgbImage, Sequence[Box]]], found: Sequence[Sequence[Detection]], report: DetectorReport
) -> tuple[MissedCell, ...]:
    """Return what a report calls missed, ill fitting or marked by nobody, ready to be shown.

    Parameters
    ----------
    fields : sequence of (str, ndarray, sequence of Box)
        Name, picture and true boxes of each photograph.
    found : sequence of sequence of Detection
        What was found in each, as it was given to the report.
    report : DetectorReport
        Of these photographs.
    """
    sure = [tuple(one.extent for one in row if one.score is None or one.score >= report.least_score) for row in found]
    missed = [
        MissedCell(
            field_id=fields[miss.field][0],
            picture=fields[miss.field][1],
            box=fields[miss.field][2][miss.cell],
            fate="loose" if miss.center_found else "missed",
            found=sure[miss.field],
        )
        for miss in report.missed
    ]
    extra = [
        MissedCell(
            field_id=fields[field][0],
            picture=fields[field][1],
            box=found[field][place].extent,
            fate="extra",
            found=sure[field],
            score=found[field][place].score,
        )
        for field, place in report.extra
    ]
    return (*missed, *extra)


def missed_sheet(cells: Sequence[MissedCell], /, *, side: int = 240, columns: int = 6, banner: str = "") -> FigureSheet:
    """Show each missed cell in its surroundings, to be judged by eye.

    The true box is drawn in blue, found boxes dashed in orange; for a box where no cell was marked, that box is orange
    and solid. The words below say the same.

    Parameters
    ----------
    cells : sequence of MissedCell
        At least one.
    side : int
        Side of a picture on the sheet, in pixels.
    columns : int
        Pictures in a row.
    banner : str
        Written over the sheet and its caption, such as that a release is simulated.

    Returns
    -------
    FigureSheet
        The JPEG and its caption.

    Raises
    ------
    TooFew
        No cell.
    InputError
        There is no such fate, or the sheet would be too large.
    WrongArray
        A picture is no RGB image.
    """
    if not cells:
        raise TooFew("a sheet of missed cells needs a cell", expected="at least 1", found="0")
    for cell in cells:
        if cell.fate not in _FATES:
            raise InputError("no such fate of a cell", expected=" or ".join(_FATES), found=repr(cell.fate))
    told = [_words(number, cell, side) for number, cell in enumerate(cells)]
    columns = min(columns, len(cells))
    rows = [range(start, min(start + columns, len(cells))) for start in range(0, len(cells), columns)]
    depths = [max(len(told[number][1]) for number in row) for row in rows]
    heights = [side + _GAP + line_height(_SIZE) + depth * line_height(_SMALL) + _GAP // 2 for depth in depths]
    sheet, pen = new_sheet(max(columns, 2) * (side + _GAP) + _GAP, sum(heights) + _GAP)
    top = _GAP
    for row, height in zip(rows, heights, strict=True):
        for column, number in enumerate(row):
            left = _GAP + column * (side + _GAP)
            shown, window, scale = _surroundings(cells[number], side)
            paste(sheet, shown, (left, top))
            frame = Box(left=left, top=top, right=left + shown.shape[1], bottom=top + shown.shape[0])
            extra = cells[number].fate == "extra"
            others = [box for box in cells[number].found if box != cells[number].box]
            for box in others:
                if box.intersection(window):
                    outline(pen, _on_sheet(box, window, scale, frame), color=ORANGE, width=2, dashed=True)
            color = ORANGE if extra else BLUE
            outline(pen, _on_sheet(cells[number].box, window, scale, frame), color=color, width=3)
            outline(pen, frame, color=SOFT, width=1, around=True)
            name, words = told[number]
            below = write(pen, (left, top + side + 6), name, size=_SIZE, color=color)
            write(pen, (left, below), words, size=_SMALL, color=SOFT)
        top += height
    counts = [f"{words}: {sum(cell.fate == fate for cell in cells)}" for fate, words in _FATES.items()]
    said = [f"({letter(number)}) {cell.field_id}, {_FATES[cell.fate]}" for number, cell in enumerate(cells)]
    return printed(
        sheet,
        title="Cells that the detector missed",
        caption="Solid blue: the true box. Dashed orange: boxes found. Solid orange: a box where no cell was marked. "
        f"{'; '.join(counts)}. {'; '.join(said)}.",
        banner=banner,
    )


def _words(number: int, cell: MissedCell, side: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the lines below a picture: its letter and fate, then where it is and how sure the detector was."""
    sure = "" if cell.score is None else f", score {cell.score:.2f}"
    place = f"{cell.field_id} at {cell.box.left}, {cell.box.top}{sure}"
    return (f"({letter(number)}) {_FATES[cell.fate]}",), lines_of(place, _SMALL, side)


def _surroundings(cell: MissedCell, side: int) -> tuple[RgbImage, Box, float]:
    """Return the square around a cell at the size of the sheet, that square in the photograph, and the scale."""
    window = Box.around(*cell.box.center, max(8, round(_AROUND * max(cell.box.width, cell.box.height))))
    shown, scale = fitted(crop(cell.picture, window), side, side)
    return np.ascontiguousarray(shown), window, scale


def _on_sheet(box: Box, window: Box, scale: float, frame: Box) -> Box:
    """Return the part of a box that the window shows, in pixels of the sheet, at least 8 pixels wide."""
    left = frame.left + round((max(box.left, window.left) - window.left) * scale)
    top = frame.top + round((max(box.top, window.top) - window.top) * scale)
    right = frame.left + round((min(box.right, window.right) - window.left) * scale)
    bottom = frame.top + round((min(box.bottom, window.bottom) - window.top) * scale)
    return Box(left=left, top=top, right=max(left + 8, right), bottom=max(top + 8, bottom))
