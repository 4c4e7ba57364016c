"""The one door to build123d, which comes with the extra ``cad``: opened when the first solid is built, not before."""

from __future__ import annotations

from functools import cache
from typing import Any

from buffycoat.errors import MissingExtra

__all__ = ["bd", "load_cad"]


@cache
def load_cad() -> Any:
    """Return build123d; loading it takes some seconds.

    Raises
    ------
    MissingExtra
        If it is not installed.
    """
    try:
        import build123d  # noqa: PLC0415 (the extra; all else runs without it)
    except ImportError as error:
        raise MissingExtra(
            "build123d is not installed",
            expected="the extra cad",
            found=str(error),
            hint="pip install 'buffycoat[cad]'; parts for some phones lie ready in hardware/ of the source",
        ) from error
    return build123d


class _Cad:
    """Stands for the module until it is needed."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # those who look at modules ask for such; that alone must not load it
            raise AttributeError(name)
        return getattr(load_cad(), name)


bd: Any = _Cad()
