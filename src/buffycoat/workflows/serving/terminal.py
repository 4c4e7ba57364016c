"""A QR symbol in a terminal, for a phone to open what stands in it."""

from __future__ import annotations

import io

import segno

__all__ = ["qr_lines"]


def qr_lines(text: str) -> str:
    """Return a symbol in half blocks, two modules a character.

    Examples
    --------
    >>> len(qr_lines("https://192.168.1.5:8000").splitlines()) > 10
    True
    """
    out = io.StringIO()
    segno.make_qr(text, error="l").terminal(out, compact=True, border=2)
    return out.getvalue().rstrip("\n")
