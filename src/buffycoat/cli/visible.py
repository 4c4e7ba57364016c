"""Text as a terminal may be given it."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["visible"]

_UNSEEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Commands to a terminal, but for tabs and ends of lines, and those that turn the direction of what follows."""


def visible(text: str) -> str:
    r"""Return text in which nothing commands a terminal or turns the order of what stands in it.

    Names of files are written by others: one may hold what clears a screen, or shows ``gpj.exe`` as ``exe.jpg``.

    Examples
    --------
    >>> print(visible("a\x1b[2J\u202eb.jpg"))
    a\x1b[2J\u202eb.jpg
    """
    return _UNSEEN.sub(
        lambda found: f"\\x{ord(found[0]):02x}" if ord(found[0]) < 256 else f"\\u{ord(found[0]):04x}", text
    )
