"""What stands on the label of a slide for a camera to read: the smear's code as a QR symbol, nothing of a person."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qs, quote, unquote, urlsplit

from buffycoat.domain.capturing import checked_code
from buffycoat.errors import InvalidMetadata

__all__ = ["SCHEME", "code_of", "text_of"]

SCHEME: Final = "buffycoat"
_KIND: Final = "smear/"


def text_of(code: str, site: str = "unknown") -> str:
    """Return the text of the symbol.

    Examples
    --------
    >>> text_of("S-26/17", "lab a")
    'buffycoat:smear/S-26%2F17?site=lab%20a'
    """
    text = f"{SCHEME}:{_KIND}{quote(checked_code(code), safe='')}"
    return text if site == "unknown" else f"{text}?site={quote(site, safe='')}"


def code_of(text: str) -> tuple[str, str]:
    """Return code and site from the text of a symbol.

    Raises
    ------
    InvalidMetadata
        It is no label of a slide.

    Examples
    --------
    >>> code_of("buffycoat:smear/S-26%2F17?site=lab%20a")
    ('S-26/17', 'lab a')
    """
    parts = urlsplit(text)
    if parts.scheme != SCHEME or not parts.path.startswith(_KIND):
        raise InvalidMetadata("this is no label of a slide", expected=f"{SCHEME}:{_KIND}CODE", found=repr(text[:80]))
    return checked_code(unquote(parts.path.removeprefix(_KIND))), parse_qs(parts.query).get("site", ["unknown"])[0]
