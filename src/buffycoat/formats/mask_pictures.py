"""Masks of other programs as pictures: one part in two levels, both in grays, or every part in a color of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from buffycoat.domain.value import value
from buffycoat.errors import InputError, InvalidMask
from buffycoat.formats.masks import CYTOPLASM, NUCLEUS, mask_pixels, read_gray
from buffycoat.imaging.regions import BinaryMask

__all__ = ["CODINGS", "CYTOPLASM_WORD", "PARTS", "Coding", "parse_coding", "read_parts"]

CYTOPLASM_WORD: Final = "cytoplasm"
PARTS: Final = ("nucleus", "cell", CYTOPLASM_WORD)
"""What a picture may show. Nucleus and cell are kept; cytoplasm is the rest of the cell."""
_COLOR: Final = re.compile(r"#?(?P<hex>[0-9a-fA-F]{6})=(?P<part>\w+)")
_LEVELS: Final = re.compile(r"(?P<nucleus>\d{1,3}),(?P<cell>\d{1,3})")


@value
class Coding:
    """How a picture says which part a pixel is.

    ``levels``: brighter than the first is nucleus, than the second is cell. ``colors``: the part of each color, as six
    hexadecimal digits; black is outside unless it is named. One of the two is given.
    """

    levels: tuple[int, int] | None = None
    colors: Mapping[str, str] | None = None


CODINGS: Final[Mapping[str, Coding]] = {"zheng": Coding(levels=(191, 63)), "bccd": Coding(levels=(205, 80))}
"""``zheng``: 255 nucleus, 128 cytoplasm. ``bccd``: the smoothed grays of Banik et al., about 160 for cytoplasm."""


def parse_coding(text: str) -> Coding:
    """Return the coding that a person wrote: a name, two levels, or colors.

    Parameters
    ----------
    text : str
        ``"zheng"``, ``"205,80"`` (nucleus above, cell above) or ``"ff0000=nucleus,00ff00=cytoplasm"``.

    Raises
    ------
    InputError
        It is none of these.

    Examples
    --------
    >>> parse_coding("205,80") == CODINGS["bccd"], parse_coding("ff0000=nucleus,00FF00=cytoplasm").colors
    (True, {'ff0000': 'nucleus', '00ff00': 'cytoplasm'})
    """
    if text in CODINGS:
        return CODINGS[text]
    if levels := _LEVELS.fullmatch(text.replace(" ", "")):
        nucleus, cell = int(levels["nucleus"]), int(levels["cell"])
        if cell <= nucleus < 255:
            return Coding(levels=(nucleus, cell))
    colors = {}
    for said in text.replace(" ", "").split(","):
        if (found := _COLOR.fullmatch(said)) is None or found["part"] not in PARTS:
            raise InputError(
                "this does not say how masks are coded",
                expected=f"{', '.join(CODINGS)}, NUCLEUS,CELL as two grays, or COLOR=PART with {', '.join(PARTS)}",
                found=repr(text),
            )
        colors[found["hex"].lower()] = found["part"]
    return Coding(colors=colors)


def read_parts(
    content: bytes, *, part: str | None = None, coding: Coding | None = None, name: str = "mask.png"
) -> Mapping[str, BinaryMask]:
    """Return the parts that a picture shows.

    Without a coding nothing is guessed: a picture of two levels is the part that is named, one of exactly 0, 128 and
    255 is cytoplasm and nucleus.

    Parameters
    ----------
    content : bytes
        A PNG, BMP or TIFF of 8 bits.
    part : str, optional
        One of ``PARTS``, where the picture shows it alone: any pixel that is not black, or with levels, any brighter
        than the lower one.
    coding : Coding, optional
        How parts are told apart.
    name : str
        What to call the picture in an error.

    Returns
    -------
    mapping of str to ndarray
        bool of shape (height, width) for each part that the picture speaks of; a part may be empty.

    Raises
    ------
    InvalidMask
        Grays or colors that the coding does not explain.
    UnreadableImage, UnsupportedImage, ImageTooLarge
        As ``formats.masks.mask_pixels``.

    Examples
    --------
    >>> from buffycoat.formats.masks import mask_png
    >>> read_parts(mask_png((1, 2), 1, 3), part="cell")["cell"].tolist()
    [[False, True, True]]
    """
    if coding is not None and coding.colors is not None:
        return _colored(mask_pixels(content, name=name), coding.colors, name)
    gray = read_gray(content, name=name)
    if part is not None:
        return {part: gray > coding.levels[1] if coding is not None and coding.levels else _two_levels(gray, name)}
    if coding is not None and coding.levels is not None:
        nucleus_above, cell_above = coding.levels
        return {"nucleus": gray > nucleus_above, "cell": gray > cell_above}
    if other := sorted(set(_grays(gray)) - {0, CYTOPLASM, NUCLEUS}):
        raise InvalidMask(
            f"{name} does not say which gray is which part",
            expected=f"0, {CYTOPLASM} for cytoplasm and {NUCLEUS} for nucleus",
            found=f"{other[0]}" if len(other) == 1 else f"{len(other)} others, such as {other[0]} and {other[-1]}",
            hint="say it: `--coding bccd`, `--coding 205,80`, or with `--part` that there is one part alone",
        )
    if not (gray == CYTOPLASM).any():
        raise InvalidMask(
            f"{name} has one part, and it is not said which",
            expected="a name that ends in -nucleus, -cell or -cytoplasm",
            found="0 and 255",
            hint="say it with `--part`, or `--coding zheng` where white is nucleus",
        )
    return {"nucleus": gray == NUCLEUS, "cell": gray >= CYTOPLASM}


def _two_levels(gray: NDArray[np.uint8], name: str) -> BinaryMask:
    grays = _grays(gray)
    if len(grays) > 2 or (len(grays) == 2 and grays[0] != 0):
        found = ", ".join(map(str, grays[:8]))
        raise InvalidMask(
            f"{name} is no mask of two levels",
            expected="0 and one other gray",
            found=found,
            hint="where the edges were smoothed, say above which gray the part begins: `--coding 127,127`",
        )
    return np.asarray(gray != 0, dtype=np.bool_)


def _grays(gray: NDArray[np.uint8]) -> list[int]:
    return np.flatnonzero(np.bincount(gray.ravel(), minlength=256)).tolist()


def _colored(pixels: NDArray[np.uint8], colors: Mapping[str, str], name: str) -> dict[str, BinaryMask]:
    codes = pixels.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], dtype=np.uint32)
    known = {int(color, 16): part for color, part in colors.items()}
    there = np.unique(codes)
    if other := [code for code in there.tolist() if code not in known and code != 0]:
        raise InvalidMask(
            f"{name} has colors that mean nothing",
            expected=f"{', '.join(colors)} and black",
            found=", ".join(f"{code:06x}" for code in other[:8]),
            hint="a mask saved with loss has in-between colors: export it as PNG",
        )
    return {
        part: np.isin(codes, [code for code, meant in known.items() if meant == part])
        for part in dict.fromkeys(colors.values())
    }
