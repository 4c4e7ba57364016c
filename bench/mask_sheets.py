"""The worst masks of a set: over their photographs for whoever has the set, and as areas without a pixel of it."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bench.mask_methods import Scored
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.codecs import encode_png
from buffycoat.report.contact_sheet import contact_sheet

__all__ = ["areas_sheet", "overlay", "photographs_sheet", "put_sheets", "square_around", "worst"]

Mask = NDArray[np.bool_]
Color = tuple[int, int, int]

COUNT, COLUMNS = 20, 5
SIDE, LARGE = 200, 300
GROUND, BOTH, MISSED, BESIDE = (255, 255, 255), (205, 209, 213), (0, 90, 181), (230, 140, 20)
INK, SOFT = (20, 24, 28), (120, 126, 132)
YELLOW, BLUE = (255, 220, 0), (0, 60, 255)
STRIPE = 5


def worst(results: Sequence[Scored], count: int = COUNT) -> list[Scored]:
    """Return the cells whose worse part is least like what people drew, the least alike first."""
    return sorted(results, key=lambda each: (each.least[0], each.drawn.name))[:count]


def put_sheets(name: str, results: Sequence[Scored]) -> None:
    """Write both sheets to the folder that BUFFYCOAT_SHEETS names, if it names one, and print the list of them."""
    folder = os.environ.get("BUFFYCOAT_SHEETS")
    if not folder:
        return
    chosen = worst(results)
    (Path(folder) / f"{name}-photographs.png").write_bytes(encode_png(photographs_sheet(chosen)))
    (Path(folder) / f"worst-{name}.png").write_bytes(areas_sheet(chosen))
    lines = [
        f"| {number} | {each.drawn.name} | {each.least[1]} | "
        f"{'' if each.nucleus is None else f'{each.nucleus:.2f}'} | {each.cell:.2f} | {each.failure} |"
        for number, each in enumerate(chosen, start=1)
    ]
    (Path(folder) / f"worst-{name}.md").write_text("\n".join(lines) + "\n")


# ---------------------------------------------------------------- areas


def areas_sheet(results: Sequence[Scored]) -> bytes:
    """Return a PNG of the worse part of each cell: what both call it, what was missed, and what is beside it, striped.

    Only areas and lines are drawn: nothing of the photograph. The thin line is the drawn outline of the other part.
    """
    sheet = contact_sheet(
        [_areas(number, each) for number, each in enumerate(results, start=1)], side=SIDE, columns=COLUMNS
    )
    colors = Image.fromarray(sheet).quantize(16, dither=Image.Dither.NONE)
    buffer = io.BytesIO()
    colors.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _areas(number: int, each: Scored) -> RgbImage:
    score, part = each.least
    true, found = (each.drawn.nucleus, each.masks[0]) if part == "nucleus" else (each.drawn.cell, each.masks[1])
    other = each.drawn.cell if part == "nucleus" else each.drawn.nucleus
    assert true is not None
    shown = [np.zeros(true.shape, np.bool_) if one is None else one for one in (true, found, other)]
    place = square_around(shown[0] | shown[1] | each.drawn.cell)
    true, found, line = (_sized(one[place]) for one in shown)
    picture = np.full((*true.shape, 3), GROUND, np.uint8)
    picture[true & found], picture[true & ~found], picture[~true & found] = BOTH, MISSED, BESIDE
    stripes = np.add.outer(np.arange(true.shape[0]), np.arange(true.shape[1])) // STRIPE % 2 == 1
    picture[~true & found & stripes] = GROUND
    _outline(picture, line, SOFT)
    _outline(picture, true, INK)
    said = f"{number}  {part} {score:.2f}" if not each.failure else f"{number}  {each.failure}"
    return _written(picture, said, INK, GROUND)


def square_around(mask: Mask, margin: float = 0.12, least: float = 0.0) -> tuple[slice, slice]:
    """Return rows and columns of the square that shows a mask, with a margin in its widths; all where it is empty.

    The square is at least ``least`` of the picture's sides wide, and smaller where it meets the border.
    """
    height, width = mask.shape
    ys, xs = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(ys):
        return slice(0, height), slice(0, width)
    half = max((0.5 + margin) * (max(np.ptp(ys), np.ptp(xs)) + 1), least * max(height, width) / 2)
    y, x = (ys[0] + ys[-1] + 1) / 2, (xs[0] + xs[-1] + 1) / 2
    return (
        slice(max(0, round(y - half)), min(height, round(y + half))),
        slice(max(0, round(x - half)), min(width, round(x + half))),
    )


def _sized(mask: Mask) -> Mask:
    scale = SIDE / max(mask.shape)
    size = round(mask.shape[1] * scale), round(mask.shape[0] * scale)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(mask.astype(np.float32), size, interpolation=way) > 0.5)


# ---------------------------------------------------------------- photographs


def photographs_sheet(results: Sequence[Scored]) -> RgbImage:
    """Return the crops with the outlines of both parts: yellow as people drew them, blue as they were found."""
    pictures = []
    for number, each in enumerate(results, start=1):
        score, part = each.least
        said = f"{number} {each.drawn.name} {part} {score:.2f} {each.failure}"
        seen = [mask for mask in (each.drawn.cell, *each.masks) if mask is not None]
        place = square_around(np.logical_or.reduce(seen), margin=0.25)
        groups = [
            ([None if mask is None else mask[place] for mask in masks], color)
            for masks, color in (((each.drawn.nucleus, each.drawn.cell), YELLOW), (each.masks, BLUE))
        ]
        pictures.append(overlay(np.ascontiguousarray(each.drawn.crop[place]), groups, said))
    return contact_sheet(pictures, side=LARGE, columns=COLUMNS)


def overlay(
    crop: RgbImage, masks: Sequence[tuple[Sequence[Mask | None], Color]], said: str, *, side: int = LARGE
) -> RgbImage:
    """Return a crop at that side with the outlines of groups of masks, each group in its color, and words above."""
    scale = side / max(crop.shape[:2])
    size = round(crop.shape[1] * scale), round(crop.shape[0] * scale)
    picture = np.array(cv2.resize(crop, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC), np.uint8)
    for group, color in masks:
        for mask in group:
            if mask is not None:
                large = cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_LINEAR) > 0.5
                _outline(picture, large, color)
    return _written(picture, said, (255, 255, 255), (0, 0, 0))


def _outline(picture: RgbImage, mask: Mask, color: Color) -> None:
    outlines, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(picture, outlines, -1, color, 1)


def _written(picture: RgbImage, said: str, color: Color, around: Color) -> RgbImage:
    for shade, width in ((around, 3), (color, 1)):
        cv2.putText(picture, said, (4, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.42, shade, width)
    return picture
