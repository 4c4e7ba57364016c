"""Everything that can be said about one photograph from its bytes."""

from __future__ import annotations

import numpy as np

from buffycoat.domain.smear import Exif, Quality
from buffycoat.domain.value import Digest, digest_of, value
from buffycoat.errors import DigestMismatch, NothingFound
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.codecs import MAX_MEGAPIXELS, decode_rgb, pixel_digest, turn
from buffycoat.imaging.quality import measure_quality
from buffycoat.imaging.scale import red_cell_diameter
from buffycoat.ingest.camera import read_exif
from buffycoat.ingest.privacy import strip

__all__ = ["TakenIn", "take_in"]


@value
class TakenIn:
    """A photograph that was taken in: what to keep of it, and what was measured.

    ``received`` is the digest of the bytes as they came, ``digest`` that of ``content``, the bytes to keep, ``pixels``
    that of the stored grid. ``image``, ``width_px`` and ``height_px`` are those of the pixel frame, after the turns.
    """

    received: Digest
    digest: Digest
    pixels: Digest
    content: bytes
    media_type: str
    quarter_turns: int
    width_px: int
    height_px: int
    red_cell_diameter_px: float | None
    quality: Quality
    exif: Exif
    icc_profile: str | None
    stripped: tuple[str, ...]
    image: RgbImage


def take_in(content: bytes, *, name: str, quarter_turns: int = 0, max_megapixels: float = MAX_MEGAPIXELS) -> TakenIn:
    """Read, strip and measure one photograph.

    Parameters
    ----------
    content : bytes
        The file as it came.
    name : str
        What to call it in an error.
    quarter_turns : int
        How the stored grid is turned clockwise into the pixel frame: a property of the source, never read from EXIF.
    max_megapixels : float
        Larger pictures are refused.

    Returns
    -------
    TakenIn
        The same bytes always make the same value.

    Raises
    ------
    UnreadableImage, UnsupportedImage, ImageTooLarge
        As ``imaging.codecs.read_rgb``.
    DigestMismatch
        Where the pixels without metadata are not those that came; nothing is kept then.

    Examples
    --------
    >>> from buffycoat.imaging.codecs import encode_png
    >>> taken = take_in(encode_png(np.full((20, 30, 3), 200, np.uint8)), name="a.png", quarter_turns=1)
    >>> taken.width_px, taken.height_px, taken.red_cell_diameter_px, taken.stripped
    (20, 30, None, ())
    """
    stored = decode_rgb(content, name=name, max_megapixels=max_megapixels)
    kept = strip(content, name=name, max_megapixels=max_megapixels)
    if not np.array_equal(decode_rgb(kept.content, name=name, max_megapixels=max_megapixels), stored):
        raise DigestMismatch(
            f"{name} has other pixels without its metadata",
            hint="please report this file's camera; it was not taken in",
        )
    image = turn(stored, quarter_turns)
    height, width, _ = image.shape
    return TakenIn(
        received=digest_of(content),
        digest=digest_of(kept.content),
        pixels=pixel_digest(stored),
        content=kept.content,
        media_type=kept.media_type,
        quarter_turns=quarter_turns % 4,
        width_px=width,
        height_px=height,
        red_cell_diameter_px=_red_cells(image),
        quality=measure_quality(image),
        exif=read_exif(content),
        icc_profile=kept.icc_profile,
        stripped=kept.removed,
        image=image,
    )


def _red_cells(image: RgbImage) -> float | None:
    try:
        return round(red_cell_diameter(image), 2)
    except NothingFound:
        return None
