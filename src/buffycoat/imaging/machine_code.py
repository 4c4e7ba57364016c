"""Loops over pixels that are compiled to machine code, once there are pixels enough to make it worth the wait.

Loading the compiler takes about a second in each process. Whoever has such a loop also has another way, slower, with
the same answer to the last bit, and takes that until `worth_it`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from importlib import import_module
from typing import Any, Final, ParamSpec, TypeVar, cast

__all__ = ["compiled", "load_loops", "worth_it"]

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")
_ENOUGH: Final = 200_000_000
"""Pixels, some 300 crops hashed twice: by then the loops would have saved the time that they take to load."""


class _Work:
    """What this process has done without loops."""

    pixels = 0


def worth_it(pixels: int) -> bool:
    """Say whether compiled loops are to be used, for an image of so many pixels; each call counts them.

    Examples
    --------
    >>> load_loops()
    >>> worth_it(1)
    True
    """
    if _Work.pixels < _ENOUGH:
        _Work.pixels += pixels
        return False
    return True


def load_loops() -> None:
    """Use compiled loops from now on: for a program that knows it has many pictures before it."""
    _Work.pixels = _ENOUGH


def compiled(function: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
    """Compile a function of numbers and arrays when it is first called; it then runs without the interpreter's lock.

    The compiler, numba, is loaded with the first call and not before. Machine code is kept beside the file or in the
    user's cache, so that one installation compiles once.

    Parameters
    ----------
    function : callable
        Takes positional arguments only, and calls no other compiled function.

    Examples
    --------
    >>> @compiled
    ... def total(values):
    ...     result = 0
    ...     for value in values:
    ...         result += value
    ...     return result
    >>> import numpy as np
    >>> total(np.arange(5))
    10
    """

    @wraps(function)
    def call(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Result:
        return cast("_Result", _dispatcher(function)(*args, **kwargs))

    return call


@cache
def _dispatcher(function: Callable[..., Any]) -> Callable[..., Any]:
    njit = import_module("numba").njit
    try:
        return cast("Callable[..., Any]", njit(cache=True, nogil=True)(function))
    except RuntimeError:  # no folder where machine code could be kept: each process compiles for itself
        return cast("Callable[..., Any]", njit(nogil=True)(function))
