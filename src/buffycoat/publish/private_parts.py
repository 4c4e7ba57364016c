"""What a file of a photograph holds beside the picture, looked at once more before it leaves.

Photographs are stripped when they come in. This look does not trust that: it has a list of what may stay, and names
everything else.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from PIL import ExifTags

from buffycoat.imaging.formats import sniff
from buffycoat.imaging.segments import jpeg_segments, png_chunks
from buffycoat.imaging.tags import read_tags

__all__ = ["POSITION", "private_parts"]

POSITION: Final = "a position (GPS)"

_GPS: Final = 0x8825
# How the picture is stored and was exposed: nobody is known by it.
_HARMLESS: Final = frozenset(
    {0x0100, 0x0101, 0x0102, 0x0103, 0x0106, 0x0112, 0x0115, 0x011A, 0x011B, 0x0128, 0x0213, 0x8769, 0xA005}
    | {0x829A, 0x829D, 0x8827, 0x9000, 0x9101, 0x9102, 0x9201, 0x9202, 0x9204, 0x9207, 0x9208, 0x9209, 0x920A}
    | {0xA000, 0xA001, 0xA002, 0xA003, 0xA402, 0xA403, 0xA405, 0xA406}
)
_JPEG_PICTURE: Final = frozenset(f"{marker:02X}" for marker in (*range(0xC0, 0xD0), *range(0xDA, 0xE0)))
_PNG_PICTURE: Final = frozenset(
    {"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "bKGD", "pHYs", "cICP"}
)
_EXIF: Final = b"Exif\0"
_XMP: Final = (b"http://ns.adobe.com/x", b"XML:com.adobe.xmp\0")
_NAMES: Final = {"E2": "a second picture (MPF)", "ED": "notes of an editor (IPTC)", "FE": "a comment"}


def private_parts(content: bytes, *, name: str) -> tuple[str, ...]:
    """Name what a photograph holds beside its picture and its colors; names only, never a value.

    Parameters
    ----------
    content : bytes
        The file: JPEG or PNG. Of another kind nothing is known, which is named too.
    name : str
        What to call it in an error.

    Returns
    -------
    tuple of str
        Such as ``"a position (GPS)"``, ``"tag BodySerialNumber"``, ``"24 bytes after the end"``.

    Raises
    ------
    UnreadableImage
        A JPEG or PNG that is damaged.

    Examples
    --------
    >>> private_parts(bytes.fromhex("ffd8 fffe0004 6869 ffd9") + b"a film", name="a.jpg")
    ('a comment', '6 bytes after the end')
    """
    kind = sniff(content)
    if kind == "JPEG":
        return tuple(dict.fromkeys(_in_jpeg(content, name)))
    if kind == "PNG":
        return tuple(dict.fromkeys(_in_png(content, name)))
    return (f"whatever {kind or 'an unknown kind of file'} holds beside a picture",)


def _in_jpeg(content: bytes, name: str) -> Iterator[str]:
    segments, end = jpeg_segments(content, name=name)
    for part in segments:
        kind, payload = part.kind, part.payload
        if kind in _JPEG_PICTURE or (kind == "E2" and payload.startswith(b"ICC_PROFILE\0")):
            continue
        if kind == "E0" and payload.startswith(b"JFIF\0"):
            yield from ["a small picture (thumbnail)"] if len(payload) > 14 else []
        elif kind == "EE" and payload.startswith(b"Adobe"):
            yield from [f"{len(payload) - 12} bytes in segment EE"] if len(payload) > 12 else []
        elif kind == "E1" and payload.startswith(_EXIF):
            yield from _in_exif(payload[6:])
        elif kind == "E0" and payload.startswith(b"JFXX"):
            yield "a small picture (thumbnail)"
        elif payload.startswith(_XMP):
            yield "notes of an editor (XMP)"
        else:
            yield _NAMES.get(kind, f"segment {kind}")
    between = end - 4 - sum(part.stop - part.start for part in segments)
    yield from _loose(between, "between segments")
    yield from _loose(len(content) - end, "after the end")


def _in_png(content: bytes, name: str) -> Iterator[str]:
    chunks, end = png_chunks(content, name=name)
    for chunk in chunks:
        if chunk.kind == "eXIf":
            yield from _in_exif(chunk.payload.removeprefix(_EXIF + b"\0"))
        elif chunk.payload.startswith(_XMP):
            yield "notes of an editor (XMP)"
        elif chunk.kind not in _PNG_PICTURE:
            yield {"tEXt": "text", "zTXt": "text", "iTXt": "text", "tIME": "a time"}.get(
                chunk.kind, f"chunk {chunk.kind}"
            )
    yield from _loose(len(content) - end, "after the end")


def _in_exif(block: bytes) -> Iterator[str]:
    tags = read_tags(block)
    if not tags:
        yield "tags that cannot be read (EXIF)"
    for tag in tags:
        if tag.directory == "GPS" or tag.id == _GPS:
            yield POSITION
        elif tag.directory.isdecimal() and tag.directory != "0":
            yield "a small picture (thumbnail)"
        elif tag.id not in _HARMLESS and tag.directory != "Interop":
            yield f"tag {ExifTags.TAGS.get(tag.id, f'0x{tag.id:04X}')}"


def _loose(count: int, where: str) -> list[str]:
    return [f"{count:,} {'byte' if count == 1 else 'bytes'} {where}"] if count else []
