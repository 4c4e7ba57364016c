"""Text that people typed, brought into Markdown so that it cannot change the page around it."""

from __future__ import annotations

import html
import re
from typing import Final

__all__ = ["line", "paragraphs"]

_MARKS: Final = re.compile(r"[\\`*\[\]]")
_BLOCK: Final = re.compile(r"^(?:[#+=>~|-]|[0-9]+(?=[.)]))")
_UNSEEN: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff]")


def line(text: str, /) -> str:
    r"""Return text as one line in which no link, code, emphasis or tag is read. Addresses stay whole.

    Examples
    --------
    >>> line("a <b>bold</b>\n*claim*")
    'a &lt;b&gt;bold&lt;/b&gt; \\*claim\\*'
    """
    plain = html.escape(" ".join(_UNSEEN.sub("", text).split()), quote=False)
    return _MARKS.sub(lambda mark: f"\\{mark[0]}", plain)


def paragraphs(text: str, /) -> list[str]:
    r"""Return the paragraphs of a text, each as one line that is no heading, list, quotation or table.

    Examples
    --------
    >>> paragraphs("# Not a heading\n\n1. not a list")
    ['\\# Not a heading', '1\\. not a list']
    """
    found = [line(part) for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n"))]
    return [_BLOCK.sub(_held, part) for part in found if part]


def _held(mark: re.Match[str]) -> str:
    return f"{mark[0]}\\" if mark[0].isdigit() else f"\\{mark[0]}"
