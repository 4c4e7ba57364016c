"""TIFF directories: how a TIFF file and an EXIF block keep their tags.

Read here and not by a library, because the tags of a photograph from anywhere may be nonsense, and because what is
needed is little: which tags there are, and a few numbers. Nothing raises: what cannot be read is left out.
"""

from __future__ import annotations

import struct
from typing import Final

from buffycoat.domain.value import value

__all__ = ["Tag", "Tags", "read_tags"]

# Size and struct letter of each type; ASCII, UNDEFINED and the like are bytes.
_TYPES: Final = {
    1: (1, "B"),
    2: (1, ""),
    3: (2, "H"),
    4: (4, "I"),
    5: (8, "I"),
    6: (1, "b"),
    7: (1, ""),
    8: (2, "h"),
    9: (4, "i"),
    10: (8, "i"),
    11: (4, "f"),
    12: (8, "d"),
    13: (4, "I"),
    16: (8, "Q"),
    17: (8, "q"),
    18: (8, "Q"),
}
_RATIONAL: Final = (5, 10)
_POINTERS: Final = {0x8769: "Exif", 0x8825: "GPS", 0xA005: "Interop", 0x014A: "Sub"}
_MOST_DIRECTORIES: Final = 64
_MOST_TAGS: Final = 4096
_MOST_BYTES: Final = 1 << 16


@value
class Tag:
    """One tag: the directory it stands in (``"0"``, ``"1"``, … in a row, ``"Exif"``, ``"GPS"``, …), and its value.

    ``at`` is where the value starts in the file; ``raw`` is at most 64 KiB of it, and empty where it would lie outside.
    """

    directory: str
    id: int
    type: int
    count: int
    at: int
    raw: bytes
    order: str

    @property
    def numbers(self) -> tuple[float, ...]:
        """The values as numbers; a fraction with denominator zero is left out."""
        size, letter = _TYPES.get(self.type, (1, ""))
        if not letter:
            return ()
        width = struct.calcsize(letter)
        whole = self.raw[: len(self.raw) // size * size]
        flat = struct.unpack(f"{self.order}{len(whole) // width}{letter}", whole)
        if self.type in _RATIONAL:
            return tuple(top / bottom for top, bottom in zip(flat[::2], flat[1::2], strict=True) if bottom)
        return flat

    @property
    def text(self) -> str:
        """The value as text up to the first NUL, printable characters only, at most 64."""
        letters = self.raw.split(b"\0", 1)[0].decode("utf-8", "ignore")
        return " ".join("".join(letter if letter.isprintable() else " " for letter in letters).split())[:64]


Tags = tuple[Tag, ...]


def read_tags(content: bytes) -> Tags:
    """Read the tags of a TIFF file, or of an EXIF block without its ``Exif`` heading.

    Parameters
    ----------
    content : bytes
        Starts with ``II`` or ``MM``; classic or big.

    Returns
    -------
    tuple of Tag
        In the order of the file; empty where it is no TIFF.

    Examples
    --------
    >>> block = b"II*" + bytes([0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0])
    >>> [(tag.directory, tag.id, tag.numbers) for tag in read_tags(block)]
    [('0', 274, (6,))]
    """
    order = {b"II": "<", b"MM": ">"}.get(content[:2])
    if order is None or len(content) < 8:
        return ()
    version = struct.unpack_from(f"{order}H", content, 2)[0]
    if version not in (42, 43):
        return ()
    big = version == 43
    start = _number(content, order, 8 if big else 4, big=big)
    found: list[Tag] = []
    waiting = [("0", start)]
    seen: set[int] = set()
    while waiting and len(seen) < _MOST_DIRECTORIES:
        directory, offset = waiting.pop(0)
        if offset in seen or offset < 8:
            continue
        seen.add(offset)
        tags, after = _read_directory(content, order, directory, offset, big=big)
        found += tags
        for tag in tags:
            if tag.id in _POINTERS:
                waiting += [(_POINTERS[tag.id], int(number)) for number in tag.numbers]
        if directory.isdecimal():
            waiting.append((str(int(directory) + 1), after))
    return tuple(found)


def _number(content: bytes, order: str, at: int, *, big: bool) -> int:
    """Read an offset; 0, which points nowhere, where the file ends before it."""
    try:
        return int(struct.unpack_from(f"{order}{'Q' if big else 'I'}", content, at)[0])
    except struct.error:
        return 0


def _read_directory(content: bytes, order: str, directory: str, offset: int, *, big: bool) -> tuple[list[Tag], int]:
    """Read one directory, and where the next in the row starts."""
    head, step, inline = ("Q", 20, 8) if big else ("H", 12, 4)
    entry = f"{order}HH{'Q' if big else 'I'}"
    try:
        (count,) = struct.unpack_from(f"{order}{head}", content, offset)
    except struct.error:
        return [], 0
    at = offset + struct.calcsize(head)
    tags: list[Tag] = []
    for _ in range(min(count, _MOST_TAGS)):
        if at + step > len(content):
            return tags, 0
        number, kind, items = struct.unpack_from(entry, content, at)
        size = _TYPES.get(kind, (1, ""))[0] * items
        place = at + step - inline
        start = place if size <= inline else _number(content, order, place, big=big)
        raw = content[start : start + min(size, _MOST_BYTES)] if start + size <= len(content) else b""
        tags.append(Tag(directory=directory, id=number, type=kind, count=items, at=start, raw=raw, order=order))
        at += step
    return tags, _number(content, order, at, big=big) if count <= _MOST_TAGS else 0
