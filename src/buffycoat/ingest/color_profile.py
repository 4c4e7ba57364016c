"""The color profile of a picture: its name, and how a PNG carries it."""

from __future__ import annotations

import struct
import zlib

from buffycoat.imaging.segments import make_chunk

__all__ = ["code_points_name", "jpeg_profile", "png_profile", "profile_chunk", "profile_name"]

_HEADER = 128


def profile_name(icc: bytes | None) -> str | None:
    """Return the description of an ICC profile, such as ``"Display P3"``.

    Parameters
    ----------
    icc : bytes or None
        The profile.

    Returns
    -------
    str or None
        ``None`` without a profile, ``"unnamed profile"`` where it has no description that can be read.

    Examples
    --------
    >>> profile_name(None), profile_name(bytes(200))
    (None, 'unnamed profile')
    """
    if not icc:
        return None
    try:
        text = _description(icc)
    except (struct.error, UnicodeDecodeError):
        text = ""
    printable = "".join(letter for letter in text if letter.isprintable()).strip()
    return printable[:128] or "unnamed profile"


def code_points_name(primaries: int, transfer: int) -> str:
    """Name a color space that is given by code points (ITU-T H.273) and not by a profile.

    Examples
    --------
    >>> code_points_name(12, 13)
    'code points 12/13'
    """
    return f"code points {primaries}/{transfer}"


def _description(icc: bytes) -> str:
    (count,) = struct.unpack_from(">I", icc, _HEADER)
    for entry in range(min(count, 256)):
        signature, offset, size = struct.unpack_from(">4sII", icc, _HEADER + 4 + 12 * entry)
        if signature != b"desc":
            continue
        tag = icc[offset : offset + size]
        if tag[:4] == b"mluc":
            length, start = struct.unpack_from(">II", tag, 20)
            return tag[start : start + length].decode("utf-16-be")
        (length,) = struct.unpack_from(">I", tag, 8)
        return tag[12 : 12 + length].split(b"\0", 1)[0].decode("ascii", "replace")
    return ""


def jpeg_profile(payloads: list[bytes]) -> bytes | None:
    """Join the profile that a JPEG keeps in pieces, from the payloads of its ``APP2 ICC_PROFILE`` segments.

    Examples
    --------
    >>> jpeg_profile([b"ICC_PROFILE" + bytes([0, 2, 2]) + b"def", b"ICC_PROFILE" + bytes([0, 1, 2]) + b"abc"])
    b'abcdef'
    """
    pieces = sorted((payload[12], payload[14:]) for payload in payloads if len(payload) > 14)
    return b"".join(piece for _, piece in pieces) or None


def png_profile(payload: bytes) -> bytes | None:
    """Unpack the profile of a PNG's ``iCCP`` chunk; ``None`` where it is damaged, or larger than 16 MiB.

    Examples
    --------
    >>> png_profile(profile_chunk(b"abc")[8:-4])
    b'abc'
    """
    packed = payload.partition(b"\0")[2][1:]
    try:
        return zlib.decompressobj().decompress(packed, 1 << 24) or None
    except zlib.error:
        return None


def profile_chunk(icc: bytes) -> bytes:
    """Return the ``iCCP`` chunk that carries a profile in a PNG."""
    return make_chunk("iCCP", b"ICC profile\0\0" + zlib.compress(icc, 9))
