"""Take everything out of a photograph that is not the picture.

A photograph from a phone says where and when it was taken, by which device, and may hold a second picture and a film.
None of it is needed to look at cells. What was removed is named, never quoted.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from buffycoat.domain.value import value
from buffycoat.imaging.codecs import MAX_MEGAPIXELS, decode_rgb, encode_png, probe
from buffycoat.imaging.formats import sniff
from buffycoat.imaging.segments import PNG_START, Segment, jpeg_segments, make_chunk, png_chunks
from buffycoat.imaging.tags import read_tags
from buffycoat.ingest.color_profile import code_points_name, jpeg_profile, png_profile, profile_chunk, profile_name
from buffycoat.ingest.exif import EXIF_HEADING, exif_block, heic_has_xmp, tag_names

__all__ = ["Stripped", "strip"]

# What a JPEG decoder needs: tables, frames, scans, restarts, line count.
_JPEG_PICTURE: Final = frozenset({f"{marker:02X}" for marker in (*range(0xC0, 0xD0), *range(0xDA, 0xE0))})
_PNG_PICTURE: Final = frozenset({"IHDR", "PLTE", "IDAT", "IEND"})
_PNG_COLOR: Final = frozenset({"tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "bKGD", "pHYs", "cICP"})
_PROFILE: Final = b"ICC_PROFILE\0"
_HEADINGS: Final = (
    ("E0", b"JFXX", "JFIF:thumbnail"),
    ("E1", b"http://ns.adobe.com/x", "XMP"),
    ("E2", b"MPF", "MPF"),
    ("ED", b"Photoshop", "IPTC"),
    ("FE", b"", "COM"),
)


@value
class Stripped:
    """A photograph without its metadata: the bytes to keep, and the names of what was removed.

    ``icc_profile`` is the name of the color profile, which is kept.
    """

    content: bytes
    media_type: str
    removed: tuple[str, ...]
    icc_profile: str | None


def strip(content: bytes, *, name: str, max_megapixels: float = MAX_MEGAPIXELS) -> Stripped:
    """Remove metadata from a photograph and leave its pixels as they are.

    JPEG and PNG are taken apart and put together without decoding. TIFF, BMP and HEIC, whose parts refer to each other
    by position, become PNG files of the same pixels. The color profile stays.

    Parameters
    ----------
    content : bytes
        The file.
    name : str
        What to call it in an error.
    max_megapixels : float
        Larger pictures are refused where they would have to be decoded.

    Returns
    -------
    Stripped
        Stripping its content again changes nothing.

    Raises
    ------
    UnreadableImage, UnsupportedImage, ImageTooLarge
        As ``imaging.codecs.read_rgb``.

    Examples
    --------
    >>> import numpy as np
    >>> from buffycoat.imaging.codecs import encode_jpeg
    >>> photograph = encode_jpeg(np.zeros((8, 8, 3), np.uint8))
    >>> strip(photograph + b"a film of the laboratory", name="a.jpg").removed
    ('24 bytes after the end',)
    """
    kind = sniff(content)
    if kind == "JPEG":
        return _strip_jpeg(content, name=name)
    if kind == "PNG":
        return _strip_png(content, name=name)
    return _encode_anew(content, name=name, max_megapixels=max_megapixels)


def _strip_jpeg(content: bytes, *, name: str) -> Stripped:
    segments, end = jpeg_segments(content, name=name)
    kept = [b"\xff\xd8"]
    removed: list[str] = []
    profiles: list[bytes] = []
    headed = False
    for part in segments:
        if part.kind in _JPEG_PICTURE:
            kept.append(content[part.start : part.stop])
        elif part.kind == "E0" and part.payload.startswith(b"JFIF\0") and len(part.payload) >= 14 and not headed:
            headed = True
            kept.append(b"\xff\xe0\x00\x10" + part.payload[:12] + b"\0\0")
            removed += ["JFIF:thumbnail"] if len(part.payload) > 14 else []
        elif part.kind == "E2" and part.payload.startswith(_PROFILE):
            profiles.append(part.payload)
            kept.append(content[part.start : part.stop])
        elif part.kind == "EE" and part.payload.startswith(b"Adobe") and len(part.payload) >= 12:
            kept.append(b"\xff\xee\x00\x0e" + part.payload[:12])
        else:
            removed += _jpeg_names(part)
    kept.append(b"\xff\xd9")
    between = end - 4 - sum(part.stop - part.start for part in segments)
    removed += _loose(between, "between segments") + _loose(len(content) - end, "after the end")
    icc = profile_name(jpeg_profile(profiles))
    return _stripped(b"".join(kept), "image/jpeg", removed, icc)


def _jpeg_names(part: Segment) -> tuple[str, ...]:
    if part.kind == "E1" and part.payload.startswith(EXIF_HEADING):
        return tag_names(read_tags(part.payload[6:])) or ("EXIF",)
    for kind, heading, label in _HEADINGS:
        if part.kind == kind and part.payload.startswith(heading):
            return (label,)
    return (f"APP{int(part.kind, 16) - 0xE0}" if part.kind[0] == "E" else f"JPEG:{part.kind}",)


def _strip_png(content: bytes, *, name: str) -> Stripped:
    chunks, end = png_chunks(content, name=name)
    kept = [PNG_START]
    removed: list[str] = []
    icc = None
    for chunk in chunks:
        if chunk.kind in _PNG_PICTURE | _PNG_COLOR:
            kept.append(content[chunk.start : chunk.stop])
            if chunk.kind == "iCCP":
                icc = profile_name(png_profile(chunk.payload))
            elif chunk.kind == "cICP" and len(chunk.payload) == 4:
                icc = icc or code_points_name(chunk.payload[0], chunk.payload[1])
        elif chunk.kind == "eXIf":
            removed += tag_names(read_tags(chunk.payload)) or ("EXIF",)
        else:
            removed.append("XMP" if chunk.payload.startswith(b"XML:com.adobe.xmp\0") else f"PNG:{chunk.kind}")
    removed += _loose(len(content) - end, "after the end")
    return _stripped(b"".join(kept), "image/png", removed, icc)


def _encode_anew(content: bytes, *, name: str, max_megapixels: float) -> Stripped:
    seen = probe(content, name=name)
    plain = encode_png(decode_rgb(content, name=name, max_megapixels=max_megapixels))
    chunks, _ = png_chunks(plain, name=name)
    kept = [PNG_START]
    for chunk in chunks:
        if chunk.kind in _PNG_PICTURE:
            kept.append(plain[chunk.start : chunk.stop])
        if chunk.kind == "IHDR" and seen.icc:
            kept.append(profile_chunk(seen.icc))
        elif chunk.kind == "IHDR" and seen.cicp:
            kept.append(make_chunk("cICP", bytes([*seen.cicp, 0, 1])))
    removed = list(tag_names(read_tags(exif_block(content)), picture=seen.format == "TIFF"))
    if seen.format == "HEIC" and heic_has_xmp(content):
        removed.append("XMP")
    icc = profile_name(seen.icc) or (code_points_name(*seen.cicp) if seen.cicp else None)
    return _stripped(b"".join(kept), "image/png", removed, icc)


def _loose(count: int, where: str) -> list[str]:
    return [f"{count:,} {'byte' if count == 1 else 'bytes'} {where}"] if count else []


def _stripped(content: bytes, media_type: str, removed: Iterable[str], icc: str | None) -> Stripped:
    return Stripped(content=content, media_type=media_type, removed=tuple(dict.fromkeys(removed)), icc_profile=icc)
