"""Ink and letters of figure sheets: what can be written, how wide it is, and pictures fitted into their places."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from buffycoat.domain.geometry import Box
from buffycoat.domain.value import value
from buffycoat.errors import InputError
from buffycoat.imaging.arrays import RgbImage, check_rgb
from buffycoat.imaging.codecs import encode_jpeg

__all__ = [
    "BLUE",
    "INK",
    "ORANGE",
    "PAPER",
    "SOFT",
    "Color",
    "FigureSheet",
    "fitted",
    "is_writable",
    "letter",
    "line_height",
    "lines_of",
    "new_sheet",
    "outline",
    "paste",
    "printed",
    "text_width",
    "write",
]

Color = tuple[int, int, int]
BLUE: Final[Color] = (0, 90, 181)
ORANGE: Final[Color] = (213, 94, 0)
INK: Final[Color] = (28, 35, 40)
SOFT: Final[Color] = (86, 97, 107)
PAPER: Final[Color] = (255, 255, 255)
_LARGEST_SIDE = 20_000
_BANNER = 30


@value
class FigureSheet:
    """A figure for people: the picture as JPEG, and the caption that is set below it.

    Letters in the picture are ASCII: the typeface that travels with Pillow has no others, and drawn Persian would be
    boxes. So the picture bears ids and letters such as (a); the caption, which is text, says everything in any script.
    """

    title: str
    caption: str
    jpeg: bytes
    width_px: int
    height_px: int


def is_writable(text: str, /) -> bool:
    """Say whether a picture can bear this text: printable ASCII.

    Examples
    --------
    >>> is_writable("95-8-3-1_137_1"), is_writable("نوتروفیل")
    (True, False)
    """
    return text.isascii() and text.isprintable()


def letter(number: int, /) -> str:
    """Return the letter of a panel: a, b, ... z, then aa, ab, ...

    Examples
    --------
    >>> letter(0), letter(25), letter(26)
    ('a', 'z', 'aa')
    """
    last = chr(ord("a") + number % 26)
    return letter(number // 26 - 1) + last if number >= 26 else last


@cache
def _typeface(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def text_width(text: str, size: int, /) -> int:
    """Return how wide a line of text is, in pixels, at a size of type in pixels."""
    return int(np.ceil(_typeface(size).getlength(text)))


def line_height(size: int, /) -> int:
    """Return the distance of lines in pixels."""
    return round(1.3 * size)


def lines_of(text: str, size: int, width: int, /) -> tuple[str, ...]:
    """Break a text into lines that are at most so wide, at spaces, and inside a word that is too long by itself.

    Parameters
    ----------
    text : str
        Printable ASCII; anything else becomes ``?``, so that no box is drawn in its place.
    size : int
        Of the type in pixels.
    width : int
        In pixels; at least one letter goes on a line.

    Examples
    --------
    >>> lines_of("sharpness 23.4", 20, 110)
    ('sharpness', '23.4')
    """
    plain = "".join(letter if is_writable(letter) else "?" for letter in text)
    lines: list[str] = []
    line = ""
    for word in _short_words(plain, size, width):
        if line and text_width(f"{line} {word}", size) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return (*lines, line) if line else tuple(lines)


def _short_words(text: str, size: int, width: int) -> Iterator[str]:
    for word in text.split():
        rest = word
        while text_width(rest, size) > width and len(rest) > 1:
            end = max(1, next(n for n in range(len(rest) - 1, -1, -1) if text_width(rest[:n], size) <= width))
            yield rest[:end]
            rest = rest[end:]
        yield rest


def new_sheet(width: int, height: int, /) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """Return a white sheet and the pen for it.

    Raises
    ------
    InputError
        A side is longer than 20,000 pixels: too much for one figure.
    """
    if max(width, height) > _LARGEST_SIDE:
        raise InputError(
            "the figure is too large for one sheet",
            expected=f"at most {_LARGEST_SIDE:,} pixels a side",
            found=f"{width:,} x {height:,}",
            hint="show fewer examples",
        )
    sheet = Image.new("RGB", (width, height), PAPER)
    return sheet, ImageDraw.Draw(sheet)


def write(
    pen: ImageDraw.ImageDraw, at: tuple[int, int], lines: tuple[str, ...], /, *, size: int, color: Color = INK
) -> int:
    """Write lines from a top left corner down, and return where the next line would begin, in pixels from the top."""
    left, top = at
    for line in lines:
        pen.text((left, top), line, fill=color, font=_typeface(size))
        top += line_height(size)
    return top


def paste(sheet: Image.Image, picture: RgbImage, at: tuple[int, int], /) -> None:
    """Lay a picture on a sheet, its top left corner at a place."""
    sheet.paste(Image.fromarray(picture), at)


def fitted(picture: RgbImage, width: int, height: int, /) -> tuple[RgbImage, float]:
    """Return a picture at the size at which it just fits, proportions kept, and the scale.

    Raises
    ------
    WrongArray
        If the picture is no RGB image.

    Examples
    --------
    >>> small, scale = fitted(np.zeros((3000, 5000, 3), np.uint8), 500, 500)
    >>> small.shape, scale
    ((300, 500, 3), 0.1)
    """
    check_rgb(picture)
    scale = min(width / picture.shape[1], height / picture.shape[0])
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, size, interpolation=way), np.uint8), scale


def outline(
    pen: ImageDraw.ImageDraw, box: Box, /, *, color: Color, width: int, dashed: bool = False, around: bool = False
) -> None:
    """Draw the edge of a box: inside it, or around it; dashes are half ink, half white, to be seen on any ground."""
    grow = width if around else 0
    left, top, right, bottom = box.left - grow, box.top - grow, box.right - 1 + grow, box.bottom - 1 + grow
    if not dashed:
        pen.rectangle((left, top, right, bottom), outline=color, width=width)
        return
    step = 6 * width
    for start, stop, upright in ((left, right, False), (top, bottom, True)):
        for place in range(start, stop + 1, step):
            ink = color if (place - start) // step % 2 == 0 else PAPER
            last = min(place + step - 1, stop)
            for edge in (top, bottom - width + 1) if not upright else (left, right - width + 1):
                across = (edge, edge + width - 1)
                pen.rectangle(
                    (across[0], place, across[1], last) if upright else (place, across[0], last, across[1]), fill=ink
                )


def printed(sheet: Image.Image, /, *, title: str, caption: str, banner: str) -> FigureSheet:
    """Return a finished sheet as JPEG with its caption; a banner, such as that all is drawn, goes over both."""
    if banner:
        lines = lines_of(banner, _BANNER, sheet.width - 2 * _BANNER)
        strip = len(lines) * line_height(_BANNER) + _BANNER
        below = sheet
        sheet, pen = new_sheet(below.width, below.height + strip)
        sheet.paste(below, (0, strip))
        write(pen, (_BANNER, _BANNER // 2), lines, size=_BANNER, color=ORANGE)
        caption = f"{banner.rstrip('.')}. {caption}"
    pixels: NDArray[np.uint8] = np.asarray(sheet)
    return FigureSheet(
        title=title,
        caption=caption,
        jpeg=encode_jpeg(pixels, quality=95),
        width_px=sheet.width,
        height_px=sheet.height,
    )
