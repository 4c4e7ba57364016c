"""Words in an address that no taxonomy has: nothing is there, as with an id that nobody has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from buffycoat.errors import NotFound, UnknownTerm

__all__ = ["addressed"]


@contextmanager
def addressed() -> Iterator[None]:
    """Turn a term or level that no taxonomy has into a 404: the request is well formed, but asks for nothing.

    Raises
    ------
    NotFound
        In the words of the ``UnknownTerm``.
    """
    try:
        yield
    except UnknownTerm as error:
        raise NotFound(str(error), hint="/api/taxonomy lists terms and levels") from error
