"""Where a file keeps its EXIF block, and the names of the tags in it."""

from __future__ import annotations

from typing import Final

import pi_heif
from PIL import ExifTags

from buffycoat.errors import UnreadableImage
from buffycoat.imaging.formats import sniff
from buffycoat.imaging.heic_boxes import check_boxes
from buffycoat.imaging.segments import jpeg_segments, png_chunks
from buffycoat.imaging.tags import Tags

__all__ = ["EXIF_HEADING", "exif_block", "heic_has_xmp", "tag_names"]

EXIF_HEADING: Final = b"Exif\0"
_NAMES: Final = {**ExifTags.TAGS, 0x9290: "SubSecTime", 0x9291: "SubSecTimeOriginal", 0x9292: "SubSecTimeDigitized"}
_POINTERS: Final = frozenset({0x8769, 0xA005, 0x014A})
_GPS: Final = 0x8825
# What makes a TIFF a picture; the profile is kept in another place.
_PICTURE: Final = frozenset(
    {0x00FE, *range(0x0100, 0x0104), 0x0106, 0x010A, 0x0111, *range(0x0115, 0x011B), 0x011C, 0x0128, 0x013D, 0x0140}
    | {*range(0x0142, 0x0146), 0x0152, 0x0153, 0x015B, *range(0x0200, 0x0215), 0x8773}
)


def exif_block(content: bytes) -> bytes:
    """Return the EXIF block of a JPEG, PNG, HEIC or TIFF file, as ``imaging.tags`` reads it.

    Parameters
    ----------
    content : bytes
        The file; it may be anything.

    Returns
    -------
    bytes
        Starting with ``II`` or ``MM``; empty where there is none, or the file is broken.

    Examples
    --------
    >>> exif_block(b"dear diary")
    b''
    """
    kind = sniff(content)
    try:
        if kind == "JPEG":
            blocks = [part.payload for part in jpeg_segments(content, name="")[0] if part.kind == "E1"]
            return next((block[6:] for block in blocks if block.startswith(EXIF_HEADING)), b"")
        if kind == "PNG":
            chunks = png_chunks(content, name="")[0]
            return next((_bare(chunk.payload) for chunk in chunks if chunk.kind == "eXIf"), b"")
    except UnreadableImage:
        return b""
    if kind == "HEIC":
        return _bare(_heic_info(content).get("exif") or b"")
    return content if kind == "TIFF" else b""


def _bare(block: bytes) -> bytes:
    return block[6:] if block.startswith(EXIF_HEADING) else block


def _heic_info(content: bytes) -> dict[str, bytes | None]:
    try:
        check_boxes(content, name="")
        return dict(pi_heif.open_heif(content).info)
    except (ValueError, EOFError, SyntaxError, RuntimeError, OSError, IndexError):
        return {}


def heic_has_xmp(content: bytes) -> bool:
    """Say whether a HEIC file carries an XMP packet."""
    return bool(_heic_info(content).get("xmp"))


def tag_names(tags: Tags, *, picture: bool = False) -> tuple[str, ...]:
    """Name the tags of an EXIF block: names only, never a value.

    Parameters
    ----------
    tags : tuple of Tag
        From ``imaging.tags.read_tags``.
    picture : bool
        The tags are those of a TIFF file: leave out the ones that say how its pixels are stored.

    Returns
    -------
    tuple of str
        In the order of the file: ``EXIF:Make``, one ``EXIF:GPSInfo`` for the position, one ``EXIF:thumbnail``.

    Examples
    --------
    >>> from buffycoat.imaging.tags import Tag
    >>> tag_names((Tag(directory="GPS", id=2, type=5, count=3, at=0, raw=b"", order="<"),))
    ('EXIF:GPSInfo',)
    """
    names = []
    for tag in tags:
        if tag.directory == "GPS" or tag.id == _GPS:
            names.append("EXIF:GPSInfo")
        elif tag.directory == "Interop" or tag.id in _POINTERS:
            continue
        elif tag.directory.isdecimal() and tag.directory != "0":
            names.append("EXIF:thumbnail")
        elif not (picture and tag.id in _PICTURE):
            names.append(f"EXIF:{_NAMES.get(tag.id, f'0x{tag.id:04X}')}")
    return tuple(dict.fromkeys(names))
