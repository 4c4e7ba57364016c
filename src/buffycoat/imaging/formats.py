"""What a file is, by its first bytes: names and extensions lie."""

from __future__ import annotations

from typing import Final

__all__ = ["PHOTOGRAPHS", "PICTURES_REFUSED", "sniff"]

PHOTOGRAPHS: Final = ("JPEG", "PNG", "TIFF", "BMP", "HEIC")
"""The formats that are read."""

PICTURES_REFUSED: Final = ("GIF", "WebP", "AVIF", "JPEG XL", "JPEG 2000", "Photoshop", "camera raw")
"""Pictures that are recognized, and refused by name."""

_MAGIC: Final = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"BM", "BMP"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"8BPS", "Photoshop"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\x00\x00\x00\x0cJXL ", "JPEG XL"),
    (b"\x00\x00\x00\x0cjP  ", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"%PDF", "PDF"),
    (b"PK\x03\x04", "ZIP"),
    (b"PK\x05\x06", "ZIP"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"\x1f\x8b", "gzip"),
    (b"SQLite format 3\x00", "SQLite"),
    (b"IIRO", "camera raw"),
    (b"IIU\x00", "camera raw"),
    (b"FUJIFILM", "camera raw"),
)
_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"})
_AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})


def sniff(content: bytes) -> str:
    r"""Return the format of a file from its first bytes, ``""`` where it is unknown.

    Parameters
    ----------
    content : bytes
        The file, or at least its first 64 bytes.

    Returns
    -------
    str
        One of ``PHOTOGRAPHS``, one of ``PICTURES_REFUSED``, another known format such as ``"PDF"``, ``"text"``, or
        ``""``.

    Examples
    --------
    >>> sniff(b"GIF89a"), sniff(b"dear diary"), sniff(b"\x00\x01")
    ('GIF', 'text', '')
    """
    head = content[:64]
    if head[:4] in (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"):
        return "camera raw" if head[8:10] == b"CR" else "TIFF"
    if head[:4] == b"RIFF":
        return "WebP" if head[8:12] == b"WEBP" else "RIFF audio or video"
    if head[4:8] == b"ftyp":
        return _iso_format(head)
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    return "text" if _is_text(head) else ""


def _iso_format(head: bytes) -> str:
    """Tell HEIC from AVIF and video, which share one container, by the brands of its first box."""
    size = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[start : start + 4] for start in (8, *range(16, size - 3, 4))}
    if head[8:12] == b"crx ":
        return "camera raw"
    if brands & _HEIC_BRANDS:
        return "HEIC"
    return "AVIF" if brands & _AVIF_BRANDS else "video"


def _is_text(head: bytes) -> bool:
    """Say whether bytes are readable text; a letter that the cut at 64 bytes halved is forgiven."""
    if not head or any(byte < 9 or 13 < byte < 32 for byte in head):
        return False
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 3 and len(head) == 64
    return True
