"""Photographs that overlap, side by side: the paper's Figure 5."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PIL import ImageDraw

from buffycoat.domain.geometry import Box
from buffycoat.errors import InputError, TooFew
from buffycoat.imaging.arrays import RgbImage, check_rgb
from buffycoat.report.drawing import (
    BLUE,
    INK,
    ORANGE,
    PAPER,
    Color,
    FigureSheet,
    fitted,
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

__all__ = ["OverlapField", "OverlapPair", "overlap_sheet"]

_GAP = 36
_EDGE = 8
_SIZE = 28


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OverlapField:
    """A photograph with the boxes of its cells in its pixels."""

    field_id: str
    picture: RgbImage
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OverlapPair:
    """Two photographs of one region.

    Parameters
    ----------
    first, second : OverlapField
        Of any sizes.
    shared : tuple of (int, int)
        Which box of the first and which of the second show one cell, by their places in ``boxes``.
    removed : str, optional
        Id of the photograph that is left out because all of its cells live on in the other.
    shift : (float, float), optional
        What the first shows at (x, y) the second shows at (x + dx, y + dy); then the common region is drawn, and both
        are shown at one scale.
    """

    first: OverlapField
    second: OverlapField
    shared: tuple[tuple[int, int], ...]
    removed: str | None = None
    shift: tuple[float, float] | None = None


def overlap_sheet(pairs: Sequence[OverlapPair], /, *, panel: int = 900, banner: str = "") -> FigureSheet:
    """Show pairs of photographs that overlap, a pair a row, as Figure 5 of Kouzehkanan et al. 2022.

    Every cell is boxed in blue. A cell that both show is boxed in orange and bears the same number in both. The
    photograph that is left out has an orange edge and says so. Nothing rests on color alone.

    Parameters
    ----------
    pairs : sequence of OverlapPair
        At least one; photographs of any size are reduced to the panel first.
    panel : int
        Longer side of a photograph on the sheet, in pixels.
    banner : str
        Written over the sheet and its caption, such as that a release is simulated.

    Returns
    -------
    FigureSheet
        The JPEG, and a caption with what each letter stands for.

    Raises
    ------
    TooFew
        No pair.
    InputError
        A pair names a box or a removed photograph that it does not have, or the sheet would be too large.
    WrongArray
        A photograph is no RGB image.
    """
    if not pairs:
        raise TooFew("a sheet of overlaps needs a pair", expected="at least 1", found="0")
    rows, heights, height_of_sheet = [], [], _GAP
    for number, pair in enumerate(pairs):
        _check(pair)
        pictures = _reduced(pair, panel)
        words = [_words(pair, side, number, panel) for side in (0, 1)]
        rows.append((pair, pictures, words))
        heights.append(max(small.shape[0] for small, _ in pictures))
        height_of_sheet += heights[-1] + _below(words) + _GAP
    sheet, pen = new_sheet(2 * panel + 3 * _GAP, height_of_sheet)
    top = _GAP
    for (pair, pictures, words), height in zip(rows, heights, strict=True):
        for side, (field, (small, scale)) in enumerate(zip((pair.first, pair.second), pictures, strict=True)):
            left = _GAP + side * (panel + _GAP)
            paste(sheet, small, (left, top))
            frame = Box(left=left, top=top, right=left + small.shape[1], bottom=top + small.shape[0])
            _draw_region(pen, pair, side, frame, scale)
            _draw_cells(pen, field, [couple[side] for couple in pair.shared], frame, scale)
            color = ORANGE if pair.removed == field.field_id else BLUE
            outline(pen, frame, color=color, width=_EDGE, around=True)
            name, fate = words[side]
            end = write(pen, (left, top + height + 2 * _EDGE), name, size=_SIZE)
            write(pen, (left, end), fate, size=_SIZE, color=color)
        top += height + _below(words) + _GAP
    said = [
        f"({letter(2 * number + side)}) {field.field_id}, {_fate(pair, side, number)}"
        for number, pair in enumerate(pairs)
        for side, field in enumerate((pair.first, pair.second))
    ]
    return printed(
        sheet,
        title="Photographs that overlap",
        caption=" ".join([*_key(pairs), f"{'; '.join(said)}."]),
        banner=banner,
    )


def _key(pairs: Sequence[OverlapPair]) -> Iterator[str]:
    """Yield what the lines on the sheet mean, as sentences."""
    yield "Photographs that overlap, in pairs. Blue boxes: cells."
    if any(pair.shared for pair in pairs):
        yield "Orange boxes: cells that both show, with the same number in both."
    if any(pair.removed is not None for pair in pairs):
        yield "Orange edge: the photograph that is left out, because all of its cells lie in the other."
    if any(pair.shift is not None for pair in pairs):
        yield "Dashed: the region that both show."


def _reduced(pair: OverlapPair, panel: int) -> list[tuple[RgbImage, float]]:
    """Return both photographs as they fit the panel, with their scales."""
    pictures = (pair.first.picture, pair.second.picture)
    if pair.shift is None:
        return [fitted(picture, panel, panel) for picture in pictures]
    for picture in pictures:
        check_rgb(picture)
    longest = max(max(picture.shape[:2]) for picture in pictures)
    sides = [round(panel * max(picture.shape[:2]) / longest) for picture in pictures]
    return [fitted(picture, side, side) for picture, side in zip(pictures, sides, strict=True)]


def _check(pair: OverlapPair) -> None:
    fields = (pair.first, pair.second)
    ids = [field.field_id for field in fields]
    for couple in pair.shared:
        for field, place in zip(fields, couple, strict=True):
            if place not in range(len(field.boxes)):
                raise InputError(
                    f"a shared cell is no box of {field.field_id}",
                    expected=f"a place from 0 to {len(field.boxes) - 1}",
                    found=str(place),
                )
    if pair.removed is not None and pair.removed not in ids:
        raise InputError("the removed photograph is not of this pair", expected=" or ".join(ids), found=pair.removed)


def _fate(pair: OverlapPair, side: int, number: int) -> str:
    """Return what became of a photograph of a pair, and why."""
    if pair.removed is None:
        return "kept, as both are"
    if pair.removed != (pair.first, pair.second)[side].field_id:
        return "kept"
    return f"removed: all of its cells lie in ({letter(2 * number + 1 - side)})"


def _words(pair: OverlapPair, side: int, number: int, width: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the lines below a photograph: its letter and id, then how many cells it shows and what became of it."""
    field = (pair.first, pair.second)[side]
    count = len(field.boxes)
    cells = f"{count} {'cell' if count == 1 else 'cells'}, {len(pair.shared)} in both"
    return (
        lines_of(f"({letter(2 * number + side)}) {field.field_id}", _SIZE, width),
        lines_of(f"{cells}; {_fate(pair, side, number)}", _SIZE, width),
    )


def _below(words: Sequence[tuple[tuple[str, ...], tuple[str, ...]]]) -> int:
    """Return the height of the lines below a pair in pixels."""
    return 2 * _EDGE + max(len(name) + len(fate) for name, fate in words) * line_height(_SIZE)


def _draw_region(pen: ImageDraw.ImageDraw, pair: OverlapPair, side: int, frame: Box, scale: float) -> None:
    """Draw the dashed edge of what the other photograph shows too."""
    if pair.shift is None:
        return
    other = (pair.second, pair.first)[side].picture
    own = (pair.first, pair.second)[side].picture
    sign = -1 if side == 0 else 1
    dx, dy = sign * pair.shift[0], sign * pair.shift[1]
    left, top = max(dx, 0), max(dy, 0)
    right, bottom = min(other.shape[1] + dx, own.shape[1]), min(other.shape[0] + dy, own.shape[0])
    if right - left >= 1 / scale and bottom - top >= 1 / scale:
        region = _on_sheet(left, top, right, bottom, frame, scale)
        outline(pen, region, color=INK, width=3, dashed=True)


def _draw_cells(pen: ImageDraw.ImageDraw, field: OverlapField, shared: list[int], frame: Box, scale: float) -> None:
    numbers = {place: number for number, place in enumerate(shared, start=1)}
    for place, box in enumerate(field.boxes):
        on_sheet = _on_sheet(box.left, box.top, box.right, box.bottom, frame, scale)
        color: Color = ORANGE if place in numbers else BLUE
        outline(pen, on_sheet, color=PAPER, width=2, around=True)
        outline(pen, on_sheet, color=color, width=6 if place in numbers else 4)
    for place, number in numbers.items():
        box = field.boxes[place]
        _draw_number(pen, number, _on_sheet(box.left, box.top, box.right, box.bottom, frame, scale), frame)


def _on_sheet(left: float, top: float, right: float, bottom: float, frame: Box, scale: float) -> Box:
    """Return a box of the photograph in pixels of the sheet, cut at the edge of the photograph."""
    x = [min(max(round(edge * scale) + frame.left, frame.left), frame.right) for edge in (left, right)]
    y = [min(max(round(edge * scale) + frame.top, frame.top), frame.bottom) for edge in (top, bottom)]
    return Box(left=x[0], top=y[0], right=max(x[1], x[0] + 1), bottom=max(y[1], y[0] + 1))


def _draw_number(pen: ImageDraw.ImageDraw, number: int, box: Box, frame: Box) -> None:
    """Write a number on a dark tag: above the top left corner of a box, or below it where there is no room above."""
    text, pad = str(number), 8
    width, height = text_width(text, _SIZE) + 2 * pad, line_height(_SIZE) + 2
    left = min(box.left, frame.right - width)
    top = box.top - height if box.top - height >= frame.top else min(box.bottom, frame.bottom - height)
    pen.rectangle((left, top, left + width - 1, top + height - 1), fill=INK)
    write(pen, (left + pad, top), (text,), size=_SIZE, color=PAPER)
