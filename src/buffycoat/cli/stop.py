"""Ctrl-C."""

from __future__ import annotations

__all__ = ["INTERRUPTED", "Stopped"]

INTERRUPTED = 130


class Stopped(BaseException):
    """The person at the keyboard has stopped the command.

    No ``Exception``, so that nobody takes it for a broken file; no ``KeyboardInterrupt``, so that Typer leaves words
    and exit status to us.
    """
