"""One picture to masks of one cell, as files, without a workspace."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from buffycoat.errors import UnwritableFile
from buffycoat.formats.masks import mask_png
from buffycoat.imaging.codecs import encode_png, read_rgb
from buffycoat.imaging.regions import BinaryMask, encode_run_lengths
from buffycoat.report.parts_overlay import parts_overlay
from buffycoat.segment import segment_parts

__all__ = ["PictureMasks", "segment_picture"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureMasks:
    """What was drawn: the files by what they show, and areas in pixels; no nucleus where it was not asked for."""

    files: dict[str, str]
    nucleus_px: int | None
    cell_px: int
    cytoplasm_px: int | None


def segment_picture(
    picture: Path,
    out: Path,
    *,
    at: tuple[float, float] | None = None,
    method: str = "best",
    whole_only: bool = False,
) -> PictureMasks:
    """Draw nucleus, cytoplasm and cell of a picture, as PNGs of its size, with an overlay to look at.

    Parameters
    ----------
    picture : Path
        A crop with a cell in its middle or, with a point, any photograph.
    out : Path
        Folder of the files, made where it is missing; files of the same names are replaced.
    at : tuple of float, optional
        x and y in pixels of the cell that is meant.
    method, whole_only
        As for :func:`~buffycoat.segment.parts.segment_parts`.

    Raises
    ------
    UnreadableImage, UnsupportedImage, ImageTooLarge
        If the file is no picture.
    UnwritableFile
        If the folder cannot be written to.
    NothingFound, SeveralCells, TouchesBorder, InputError
        As for :func:`~buffycoat.segment.parts.segment_parts`; nothing is written then.
    """
    pixels = read_rgb(picture)
    parts = segment_parts(pixels, at=at, method=method, whole_only=whole_only)
    masks = {"nucleus": parts.nucleus, "cytoplasm": parts.cytoplasm, "cell": parts.cell}
    content = {name: _png(mask) for name, mask in masks.items() if mask is not None}
    content["overlay"] = encode_png(parts_overlay(pixels, parts.nucleus, parts.cell))
    files = {name: out / f"{picture.stem}-{name}.png" for name in content}
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, path in files.items():
            path.write_bytes(content[name])
        for name in masks.keys() - content.keys():
            (out / f"{picture.stem}-{name}.png").unlink(missing_ok=True)  # of an earlier time, when it was asked for
    except OSError as error:
        raise UnwritableFile(f"{out.name} cannot be written to", found=(error.strerror or "").lower()) from error
    return PictureMasks(
        files={name: str(path) for name, path in files.items()},
        nucleus_px=_area(parts.nucleus),
        cell_px=int(np.count_nonzero(parts.cell)),
        cytoplasm_px=_area(parts.cytoplasm),
    )


def _png(mask: BinaryMask) -> bytes:
    return mask_png(encode_run_lengths(mask), *mask.shape)


def _area(mask: BinaryMask | None) -> int | None:
    return None if mask is None else int(np.count_nonzero(mask))
