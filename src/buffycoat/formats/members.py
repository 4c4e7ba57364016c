"""One file out of a zip archive, with no more memory than its list asks for: the list may lie, and so may a member."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from typing import Final

from buffycoat.errors import UnreadableFile

__all__ = ["BROKEN", "read_member"]

BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    OSError,
    EOFError,
    RuntimeError,
    ValueError,
    struct.error,
)
"""What Python's reader of archives raises on hostile bytes."""
_PLAIN: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, *, name: str, most: int) -> bytes:
    """Return the bytes of a member whose size, as listed, is known to be bearable; or its first ones.

    ``ZipFile.read`` would unpack all there is before it compares that with the list.

    Parameters
    ----------
    archive : ZipFile
        Opened.
    member : ZipInfo
        Of this archive.
    name : str
        What to call it in an error.
    most : int
        So many bytes are enough.

    Raises
    ------
    UnreadableFile
        It is damaged, is not what the list says, or is packed in a way that cannot be unpacked in pieces.
    """
    if member.compress_type not in _PLAIN:
        raise UnreadableFile(
            f"{name} cannot be read",
            expected="a plain zip archive (stored or deflated)",
            found=f"packing {member.compress_type}",
            hint="pack it again as a plain zip",
        )
    try:
        with archive.open(member) as file:
            # One more than listed, so that the reader comes to the end and compares the checksum.
            return file.read(min(most, member.file_size + 1))
    except BROKEN as error:
        raise UnreadableFile(f"{name} cannot be read", expected="a sound archive", found=str(error)) from error
