"""The texts in the boxes of a HEIC file, looked at before a library is given the file.

The library that reads HEIC ends the whole process where a text is not UTF-8, so such a file is refused first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from buffycoat.errors import UnreadableImage

__all__ = ["check_boxes"]

# Where the children of a container start, after its own fields.
_CONTAINERS: Final = {b"meta": 4, b"iinf": 6, b"iprp": 0, b"ipco": 0}
_DEEPEST: Final = 4
_MOST: Final = 100_000


def check_boxes(content: bytes, *, name: str) -> None:
    r"""Refuse a HEIC file that names an item, a kind of content or an extra picture in no readable text.

    Parameters
    ----------
    content : bytes
        The file.
    name : str
        What to call it in an error.

    Raises
    ------
    UnreadableImage
        Where a text is not UTF-8.

    Examples
    --------
    >>> item = bytes([0, 0, 0, 21]) + b"infe" + bytes([2, 0, 0, 0, 0, 1, 0, 0]) + b"Ex\xc3f" + bytes(1)
    >>> listed = bytes([0, 0, 0, 35]) + b"iinf" + bytes([0, 0, 0, 0, 0, 1]) + item
    >>> check_boxes(bytes([0, 0, 0, 47]) + b"meta" + bytes(4) + listed, name="a.heic")
    Traceback (most recent call last):
    ...
    buffycoat.errors.UnreadableImage: a.heic is damaged: expected UTF-8 in its infe box, found other bytes
    """
    for kind, start, stop in _boxes(content, 0, len(content), 0):
        payload = content[start:stop]
        if kind == b"infe":
            text = payload[10 if payload[:1] == b"\3" else 8 :]
        elif kind == b"auxC":
            text = payload[4:].split(b"\0", 1)[0]
        else:
            continue
        try:
            text.decode()
        except UnicodeDecodeError:
            raise UnreadableImage(
                f"{name} is damaged", expected=f"UTF-8 in its {kind.decode()} box", found="other bytes"
            ) from None


def _boxes(content: bytes, at: int, end: int, depth: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield the kind of each box, at every depth, and where its payload starts and ends."""
    for _ in range(_MOST):
        if at + 8 > end:
            return
        size, kind, head = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8], 8
        if size == 1:
            size, head = int.from_bytes(content[at + 8 : at + 16], "big"), 16
        stop = min(at + size, end) if size else end
        yield kind, at + head, stop
        if kind in _CONTAINERS and depth < _DEEPEST:
            inner = at + head + _CONTAINERS[kind]
            if kind == b"iinf" and content[at + head : at + head + 1] != b"\0":
                inner += 2
            yield from _boxes(content, inner, stop, depth + 1)
        if size and size < head:
            return
        at = stop
