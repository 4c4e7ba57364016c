"""Sources made of bytes, and fields made by hypothesis."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping

import pytest

from buffycoat.formats.source import Source, SourceFile

MakeSource = Callable[[Mapping[str, bytes | str]], Source]


@pytest.fixture(scope="session")
def source_of() -> MakeSource:
    """Make a source from contents by name."""

    def make(files: Mapping[str, bytes | str]) -> Source:
        contents = {name: found if isinstance(found, bytes) else found.encode() for name, found in files.items()}
        return Source("set", (SourceFile(name=n, size=len(c), read=lambda _, c=c: c) for n, c in contents.items()))

    return make


@pytest.fixture(scope="session")
def bmp() -> Callable[[int, int], bytes]:
    """Make the header of a BMP of a size, and nothing behind it: enough to tell the size."""

    def make(width: int, height: int) -> bytes:
        head = struct.pack("<2sIHHI", b"BM", 54 + width * height * 3, 0, 0, 54)
        return head + struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)

    return make
