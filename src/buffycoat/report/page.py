"""The look that all documents share: one file, no script, prints well."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from buffycoat.version import VERSION

__all__ = ["data_address", "render"]

_TEMPLATES = Environment(
    loader=PackageLoader("buffycoat.report"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.globals["version"] = VERSION
_TEMPLATES.filters["percent"] = lambda share: "–" if share is None else f"{100 * share:.1f} %"


def render(template: str, values: Mapping[str, Any], /) -> bytes:
    """Return a finished HTML page; a missing value is an error, never a blank."""
    return _TEMPLATES.get_template(template).render(values).encode()


def data_address(content: bytes, media_type: str, /) -> str:
    """Return bytes as an address that a page can carry in itself.

    Examples
    --------
    >>> data_address(b"a", "image/png")
    'data:image/png;base64,YQ=='
    """
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"
