"""The parts that a JPEG and a PNG file are made of, without decoding a pixel.

A file that was cut short, if only by its last bytes, ends here: decoders paint the missing part gray and say nothing.
"""

from __future__ import annotations

import re
import zlib
from typing import Final

from buffycoat.domain.value import value
from buffycoat.errors import UnreadableImage

__all__ = ["PNG_START", "Segment", "jpeg_segments", "make_chunk", "png_chunks"]

PNG_START: Final = b"\x89PNG\r\n\x1a\n"
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_STANDALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
# In a scan, FF 00 is a byte and FF D0 to FF D7 are restarts; FF and anything else ends it.
_SCAN_END: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_SHORT: Final = "copy it from the camera again: a part is missing"


@value
class Segment:
    """One part of a file: its kind, the bytes it takes, and where its payload starts and ends.

    ``kind`` is the marker of a JPEG segment as two hexadecimal digits, or the four letters of a PNG chunk. A JPEG scan
    (``"DA"``) reaches to the marker after its pixel data.
    """

    kind: str
    start: int
    stop: int
    payload: bytes


def jpeg_segments(content: bytes, *, name: str) -> tuple[tuple[Segment, ...], int]:
    """Return the segments of a JPEG file, and where it ends.

    Parameters
    ----------
    content : bytes
        The file.
    name : str
        What to call it in an error.

    Returns
    -------
    segments : tuple of Segment
        Between the start and the end marker; padding, and bytes between segments, belong to none.
    end : int
        Just after the end marker. Whatever follows, a film or a second picture, is no part of the image.

    Raises
    ------
    UnreadableImage
        Where a segment, a scan or the end marker is missing.

    Examples
    --------
    >>> parts, end = jpeg_segments(bytes.fromhex("ffd8 fffe0004 6869 ffd9 00"), name="a.jpg")
    >>> [(part.kind, part.payload) for part in parts], end
    ([('FE', b'hi')], 10)
    """
    segments: list[Segment] = []
    at = 2
    while True:
        at = content.find(b"\xff", at)
        while at >= 0 and content[at + 1 : at + 2] == b"\xff":
            at += 1
        if at < 0 or at + 1 >= len(content):
            raise UnreadableImage(
                f"{name} is cut short",
                expected="an end marker",
                found=f"{len(content):,} bytes without one",
                hint=_SHORT,
            )
        marker = content[at + 1]
        if marker == _EOI:
            return tuple(segments), at + 2
        if marker == 0 or marker in _STANDALONE:
            at += 2
            continue
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        stop = at + 2 + length
        if stop > len(content):
            raise UnreadableImage(
                f"{name} is cut short", expected="an end marker", found=f"half a segment {marker:02X}", hint=_SHORT
            )
        if marker == _SOI or length < 2:
            raise UnreadableImage(
                f"{name} is damaged at byte {at:,}", expected="a JPEG segment", found=f"marker {marker:02X}"
            )
        payload = content[at + 4 : stop]
        if marker == _SOS:
            end = _SCAN_END.search(content, stop)
            if end is None:
                raise UnreadableImage(
                    f"{name} is cut short", expected="an end marker", found="a scan that does not end", hint=_SHORT
                )
            stop = end.start()
        segments.append(Segment(kind=f"{marker:02X}", start=at, stop=stop, payload=payload))
        at = stop


def png_chunks(content: bytes, *, name: str) -> tuple[tuple[Segment, ...], int]:
    """Return the chunks of a PNG file with their checksums verified, and where it ends.

    Parameters
    ----------
    content : bytes
        The file.
    name : str
        What to call it in an error.

    Returns
    -------
    chunks : tuple of Segment
        ``IHDR`` to ``IEND``.
    end : int
        Just after ``IEND``.

    Raises
    ------
    UnreadableImage
        Where a chunk is damaged, or ``IEND`` is missing.

    Examples
    --------
    >>> parts, end = png_chunks(PNG_START + make_chunk("IHDR", bytes(13)) + make_chunk("IEND", b""), name="a.png")
    >>> [part.kind for part in parts], end
    (['IHDR', 'IEND'], 45)
    """
    chunks: list[Segment] = []
    at = len(PNG_START)
    while True:
        length = int.from_bytes(content[at : at + 4], "big")
        stop = at + 12 + length
        if at + 12 > len(content) or stop > len(content):
            raise UnreadableImage(
                f"{name} is cut short",
                expected="an IEND chunk",
                found=f"{len(content):,} bytes without one",
                hint=_SHORT,
            )
        kind = content[at + 4 : at + 8]
        if zlib.crc32(memoryview(content)[at + 4 : stop - 4]) != int.from_bytes(content[stop - 4 : stop], "big"):
            raise UnreadableImage(f"{name} is damaged at byte {at:,}", expected="a sound checksum", found="another one")
        if not kind.isalpha() or (not chunks and kind != b"IHDR"):
            raise UnreadableImage(f"{name} is damaged at byte {at:,}", expected="a PNG chunk", found=kind.hex(" "))
        payload = content[at + 8 : stop - 4]
        chunks.append(Segment(kind=kind.decode("ascii", "replace"), start=at, stop=stop, payload=payload))
        if kind == b"IEND":
            return tuple(chunks), stop
        at = stop


def make_chunk(kind: str, payload: bytes) -> bytes:
    """Return a PNG chunk: length, kind, payload, checksum.

    Examples
    --------
    >>> make_chunk("IEND", b"").hex(" ", 4)
    '00000000 49454e44 ae426082'
    """
    body = kind.encode("ascii") + payload
    return len(payload).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")
