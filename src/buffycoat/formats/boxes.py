"""Boxes as files spell them, in words or numbers, into half-open pixel boxes with notes on what was put right."""

from __future__ import annotations

import math
from typing import Any, Final

from buffycoat.domain.geometry import Box
from buffycoat.errors import UnreadableFormat
from buffycoat.formats.text import kind_of

__all__ = ["MOST_PIXELS", "number_at", "tidy_box"]

MOST_PIXELS: Final = 10_000_000
"""No photograph is wider: a coordinate beyond it is a mistake, and no database could keep one far beyond."""


def number_at(found: Any, where: str) -> float:
    """Return a number that a file holds as a number or as text.

    Raises
    ------
    UnreadableFormat
        It is null, text of another kind, not finite, or larger than any picture.

    Examples
    --------
    >>> number_at("575.0", "a.json, Cell_0, 'x1'")
    575.0
    """
    try:
        number = float(found) if isinstance(found, (int, float, str)) and not isinstance(found, bool) else math.nan
    except (ValueError, OverflowError):
        number = math.nan
    if not -MOST_PIXELS <= number <= MOST_PIXELS:
        shown = found if isinstance(found, str) else str(found) if isinstance(found, (int, float)) else kind_of(found)
        shown = f"{shown[:40]!r}" if isinstance(found, str) else shown[:40]
        raise UnreadableFormat(f"{where} is no number of pixels", expected="a number", found=shown)
    return number


def tidy_box(
    corners: tuple[int, int, int, int], where: str, *, size: tuple[int, int] | None = None
) -> tuple[Box | None, list[str]]:
    """Return a box from two corners in any order, with notes on what is odd about it.

    A box without area is dropped with a note; one that leaves the frame is kept with a note.

    Parameters
    ----------
    corners : tuple of four int
        One corner and the opposite one: x1, y1, x2, y2 in pixels.
    where : str
        What to call the box in a note.
    size : tuple of two int, optional
        Width and height of the field in pixels, where known.

    Examples
    --------
    >>> tidy_box((5, 1, 3, 4), "Cell_0")
    (Box(left=3, top=1, right=5, bottom=4), ['Cell_0: corners were the wrong way round'])
    >>> tidy_box((5, 1, 5, 4), "Cell_0")
    (None, ['Cell_0: dropped, its box has no area (5, 1, 5, 4)'])
    """
    x1, y1, x2, y2 = corners
    left, right, top, bottom = min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2)
    if left == right or top == bottom:
        return None, [f"{where}: dropped, its box has no area ({x1}, {y1}, {x2}, {y2})"]
    box = Box(left=left, top=top, right=right, bottom=bottom)
    notes = [] if (left, top) == (x1, y1) else [f"{where}: corners were the wrong way round"]
    outside = not box.inside(*size) if size is not None else left < 0 or top < 0
    if outside:
        frame = f"frame of {size[0]} x {size[1]}" if size is not None else "frame"
        notes.append(f"{where}: the box leaves the {frame} ({left}, {top}, {right}, {bottom})")
    return box, notes
