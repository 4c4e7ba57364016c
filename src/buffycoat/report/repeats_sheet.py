"""The repeats of one cell by sharpness: the paper's Figure 6."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from buffycoat.domain.geometry import Box
from buffycoat.errors import InputError, TooFew
from buffycoat.imaging.arrays import RgbImage
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

__all__ = ["RepeatGroup", "RepeatPicture", "by_sharpness", "repeats_sheet"]

_GAP = 28
_SIZE = 24
_SMALL = 20
_EDGE = 6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RepeatPicture:
    """One picture of a cell; ``sharpness`` as ``imaging.sharpness`` measures it, ``None`` where it was not measured."""

    cell_id: str
    crop: RgbImage
    sharpness: float | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RepeatGroup:
    """The pictures of one physical cell, in any order, and the id of the one that was kept."""

    pictures: tuple[RepeatPicture, ...]
    kept: str


def by_sharpness(group: RepeatGroup, /) -> tuple[RepeatPicture, ...]:
    """Return the pictures of a group: the kept one, then the others by falling sharpness, the unmeasured last.

    Raises
    ------
    InputError
        The kept one is not among them.
    """
    if group.kept not in {picture.cell_id for picture in group.pictures}:
        raise InputError(
            "the kept picture is not in its group",
            expected=", ".join(picture.cell_id for picture in group.pictures) or "a picture",
            found=group.kept,
        )
    return tuple(
        sorted(
            group.pictures,
            key=lambda one: (
                one.cell_id != group.kept,
                one.sharpness is None,
                -(one.sharpness or 0.0),
                one.cell_id,
            ),
        )
    )


def repeats_sheet(
    groups: Sequence[RepeatGroup], /, *, side: int = 240, columns: int = 6, banner: str = ""
) -> FigureSheet:
    """Show the pictures of one cell in a row by falling sharpness, several cells below each other.

    As Figure 6 of Kouzehkanan et al. 2022: the kept one comes first, in a blue edge; the others have a thin orange
    one. The words below say the same.

    Parameters
    ----------
    groups : sequence of RepeatGroup
        At least one.
    side : int
        Longer side of a picture on the sheet, in pixels.
    columns : int
        Pictures in a row; a longer group goes on in the next row.
    banner : str
        Written over the sheet and its caption, such as that a release is simulated.

    Returns
    -------
    FigureSheet
        The JPEG and its caption.

    Raises
    ------
    TooFew
        No group.
    InputError
        The kept picture of a group is not in it, or the sheet would be too large.
    WrongArray
        A crop is no RGB image.
    """
    if not groups:
        raise TooFew("a sheet of repeats needs a group", expected="at least 1", found="0")
    ordered = [by_sharpness(group) for group in groups]
    columns = min(columns, max(sum(len(pictures) for pictures in ordered), 2))
    width = columns * (side + _GAP) + _GAP + (columns - 1) // 2 * _GAP
    blocks = [_block(number, pictures, side, columns) for number, pictures in enumerate(ordered)]
    shelves = _shelves(blocks, width)
    heights = [max(block.height for block in shelf) for shelf in shelves]
    sheet, pen = new_sheet(width, sum(heights) + _GAP)
    top = _GAP
    for shelf, height in zip(shelves, heights, strict=True):
        left = _GAP
        for block in shelf:
            _draw(sheet, pen, block, (left, top))
            left += block.width + 2 * _GAP
        top += height
    said = [
        f"({letter(number)}) kept {pictures[0].cell_id}, "
        f"left out: {', '.join(picture.cell_id for picture in pictures[1:]) or 'none'}"
        for number, pictures in enumerate(ordered)
    ]
    return printed(
        sheet,
        title="Repeats of one cell by sharpness",
        caption="Pictures of one cell in a row, by falling sharpness (mean length of the gray gradient). The first, in "
        f"a blue edge, is kept; the others are repeats and are left out. {'; '.join(said)}.",
        banner=banner,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Block:
    """A group ready to be drawn: its heading, and rows of pictures, each with the lines below it."""

    heading: tuple[str, ...]
    rows: tuple[tuple[tuple[RepeatPicture, tuple[str, ...]], ...], ...]
    kept: str
    side: int

    @property
    def width(self) -> int:
        return max(len(row) for row in self.rows) * (self.side + _GAP) - _GAP

    @property
    def height(self) -> int:
        return _head(self) + sum(_row_height(row, self.side) for row in self.rows) + _GAP


def _block(number: int, pictures: tuple[RepeatPicture, ...], side: int, columns: int) -> _Block:
    count = f"{len(pictures)} {'picture' if len(pictures) == 1 else 'pictures'} of one cell"
    told = [(picture, _words(picture, kept=place == 0, side=side)) for place, picture in enumerate(pictures)]
    return _Block(
        heading=lines_of(f"({letter(number)}) {count}", _SIZE, min(len(pictures), columns) * (side + _GAP) - _GAP),
        rows=tuple(tuple(told[start : start + columns]) for start in range(0, len(told), columns)),
        kept=pictures[0].cell_id,
        side=side,
    )


def _shelves(blocks: Sequence[_Block], width: int) -> list[list[_Block]]:
    """Return the groups in rows of the sheet, in order, as many side by side as there is room for."""
    shelves: list[list[_Block]] = [[]]
    left = _GAP
    for block in blocks:
        if shelves[-1] and left + block.width + _GAP > width:
            shelves.append([])
            left = _GAP
        shelves[-1].append(block)
        left += block.width + 2 * _GAP
    return shelves


def _words(picture: RepeatPicture, *, kept: bool, side: int) -> tuple[str, ...]:
    """Return the lines below a picture: its fate, its sharpness, and its id on as many lines as it needs."""
    measured = "not measured" if picture.sharpness is None else f"sharpness {picture.sharpness:.2f}"
    return ("kept" if kept else "left out", measured, *lines_of(picture.cell_id, _SMALL, side))


def _head(block: _Block) -> int:
    return len(block.heading) * line_height(_SIZE) + 2 * _EDGE


def _row_height(row: Sequence[tuple[RepeatPicture, tuple[str, ...]]], side: int) -> int:
    most = max(len(lines) for _, lines in row) - 2
    return side + 2 * _EDGE + 2 * line_height(_SIZE) + most * line_height(_SMALL) + _GAP // 2


def _draw(sheet: Image.Image, pen: ImageDraw.ImageDraw, block: _Block, at: tuple[int, int]) -> None:
    write(pen, at, block.heading, size=_SIZE)
    top = at[1] + _head(block)
    for row in block.rows:
        for column, (picture, lines) in enumerate(row):
            left = at[0] + column * (block.side + _GAP)
            small, _ = fitted(picture.crop, block.side, block.side)
            x, y = left + (block.side - small.shape[1]) // 2, top + (block.side - small.shape[0]) // 2
            paste(sheet, small, (x, y))
            kept = picture.cell_id == block.kept
            color = BLUE if kept else ORANGE
            frame = Box(left=x, top=y, right=x + small.shape[1], bottom=y + small.shape[0])
            outline(pen, frame, color=color, width=_EDGE if kept else 2, around=True)
            below = write(pen, (left, top + block.side + 2 * _EDGE), lines[:1], size=_SIZE, color=color)
            below = write(pen, (left, below), lines[1:2], size=_SIZE)
            write(pen, (left, below), lines[2:], size=_SMALL, color=SOFT)
        top += _row_height(row, block.side)
