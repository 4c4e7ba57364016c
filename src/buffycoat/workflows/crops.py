"""Pixels of fields and cells, out of the object store and into it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

import numpy as np

from buffycoat.domain.cell import Cell
from buffycoat.domain.geometry import Box
from buffycoat.domain.smear import FieldOfView
from buffycoat.errors import NotFound
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.codecs import decode_rgb, encode_png, turn
from buffycoat.imaging.crops import crop
from buffycoat.imaging.hashes import average_hash, perceptual_hash
from buffycoat.imaging.sharpness import sharpness
from buffycoat.workflows.workspace import Workspace

__all__ = [
    "CropFacts",
    "MeasuredCrop",
    "cell_pixels",
    "crop_bytes",
    "describe_crop",
    "field_pixels",
    "keep_crop",
    "measure_crop",
]


class CropFacts(TypedDict):
    """What is measured once on a crop and kept with its cell."""

    crop: str
    sharpness: float
    average_hash: str
    perceptual_hash: str


def field_pixels(workspace: Workspace, field: FieldOfView) -> RgbImage:
    """Return a field in its pixel frame, (height, width, 3) uint8.

    Raises
    ------
    NotFound
        Its photograph has not come.
    """
    if field.digest is None:
        raise _no_pixels("field", field.id)
    stored = decode_rgb(workspace.objects.get(field.digest), name=field.id, max_megapixels=float("inf"))
    return turn(stored, field.quarter_turns)


def cell_pixels(workspace: Workspace, cell: Cell) -> RgbImage:
    """Return the crop of a cell, (height, width, 3) uint8.

    Raises
    ------
    NotFound
        Its photograph has not come.
    """
    return decode_rgb(crop_bytes(workspace, cell), name=cell.id, max_megapixels=float("inf"))


def crop_bytes(workspace: Workspace, cell: Cell) -> bytes:
    """Return the crop of a cell as it is kept, a PNG.

    Raises
    ------
    NotFound
        Its photograph has not come.
    """
    if cell.crop is None:
        raise _no_pixels("cell", cell.id)
    return workspace.objects.get(cell.crop)


def _no_pixels(what: str, key: str) -> NotFound:
    return NotFound(
        f"this {what} came without its photograph",
        found=key,
        hint="import the set again together with its photographs, into a new workspace",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredCrop:
    """A crop that is not kept yet: its PNG, and what was measured on it."""

    content: bytes
    sharpness: float
    average_hash: str
    perceptual_hash: str


def measure_crop(image: RgbImage, box: Box | None) -> MeasuredCrop:
    """Cut a box (or take the whole picture), and measure what the next rooms need."""
    pixels = image if box is None else crop(image, box)
    inside = None
    if box is not None and not box.inside(image.shape[1], image.shape[0]):
        inside = np.zeros(pixels.shape[:2], dtype=bool)
        top, left = max(-box.top, 0), max(-box.left, 0)
        inside[top : image.shape[0] - box.top, left : image.shape[1] - box.left] = True
    return MeasuredCrop(
        content=encode_png(pixels),
        sharpness=round(sharpness(pixels, inside=inside), 6),
        average_hash=f"{int(average_hash([pixels])[0]):016x}",
        perceptual_hash=f"{int(perceptual_hash([pixels])[0]):016x}",
    )


def keep_crop(workspace: Workspace, measured: MeasuredCrop) -> CropFacts:
    """Keep a crop losslessly, and return what stands in its cell."""
    return CropFacts(
        crop=workspace.objects.put(measured.content),
        sharpness=measured.sharpness,
        average_hash=measured.average_hash,
        perceptual_hash=measured.perceptual_hash,
    )


def describe_crop(workspace: Workspace, image: RgbImage, box: Box | None) -> CropFacts:
    """Cut a box (or take the whole picture), keep it losslessly, and measure what the next rooms need."""
    return keep_crop(workspace, measure_crop(image, box))
