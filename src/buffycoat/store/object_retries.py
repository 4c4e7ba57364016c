"""Trying again what a network or a server did not do, with pauses that grow, and an end."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from buffycoat.errors import BuffycoatError, StoreUnreachable

__all__ = ["PAUSES", "tried"]

T = TypeVar("T")

PAUSES: Sequence[float] = (0.2, 0.6, 1.8, 5.4)
"""Seconds between one try and the next: five tries in all."""
_NETWORK = frozenset({"aiobotocore", "aiohttp", "botocore", "requests", "urllib3"})
_NEVER = frozenset({"NoCredentialsError", "PartialCredentialsError", "ProfileNotFound", "ParamValidationError"})
_HINT = "nothing was lost: when the place answers again, the same command or request goes on"


def tried(do: Callable[[], T], *, what: str, where: str, pauses: Sequence[float] = PAUSES) -> T:
    """Do something that may fail for a while.

    ``FileNotFoundError`` is an answer, and passed on, but for a bucket that is not there.

    Parameters
    ----------
    do : callable
        What is done; done again, it must do no harm.
    what : str
        What could not be done, for the error.
    where : str
        The address, for the error; without secrets.
    pauses : sequence of float
        Seconds before each further try; a little of chance is added, so that many do not come back at once.

    Raises
    ------
    StoreUnreachable
        The last try failed too, or the place refuses.
    """
    left = list(pauses)
    while True:
        try:
            return do()
        except BuffycoatError:
            raise
        except FileNotFoundError as error:
            if _code(error) == "NoSuchBucket":
                raise StoreUnreachable(
                    what, expected="a bucket of this name", found=where, hint="make the bucket, or check its name"
                ) from error
            raise
        except Exception as error:
            if _refused(error):
                raise StoreUnreachable(
                    what,
                    expected=f"that this account may, at {where}",
                    found=_said(error),
                    hint="check AWS_ACCESS_KEY_ID or the file of keys, and what the account may do there",
                ) from error
            if not _passes(error):
                raise
            if not left:
                raise StoreUnreachable(
                    what, expected=f"an answer of {where}", found=f"{_said(error)}, {len(pauses) + 1} times", hint=_HINT
                ) from error
            time.sleep(left.pop(0) * random.uniform(0.8, 1.2))


def _module(error: BaseException) -> str:
    return type(error).__module__.partition(".")[0]


def _refused(error: Exception) -> bool:
    return isinstance(error, PermissionError) or type(error).__name__ in _NEVER


def _passes(error: Exception) -> bool:
    """Say whether it is one of the faults that may be over in a moment."""
    return isinstance(error, OSError) or _module(error) in _NETWORK


def _code(error: BaseException) -> str:
    said = getattr(error.__cause__, "response", None) or getattr(error, "response", None)
    return str(said["Error"].get("Code", "")) if isinstance(said, dict) and "Error" in said else ""


def _said(error: Exception) -> str:
    """Return what happened in a word: messages of servers quote requests, and are for nobody's log."""
    return _code(error) or type(error).__name__
