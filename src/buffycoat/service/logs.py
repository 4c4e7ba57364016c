"""Logs as lines of JSON: what was asked and how it ended, and nothing of whom.

A line names the pattern of a route, never an address: an address holds ids, questions and, of an invitation, the secret
itself. Errors are told by their class and the places in the program that they passed, not by their words, which may
quote what was sent.
"""

from __future__ import annotations

import logging
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import orjson

__all__ = ["OURS", "REQUEST_ID", "JsonLines", "log_as_json"]

REQUEST_ID: ContextVar[str | None] = ContextVar("REQUEST_ID", default=None)
"""Of the request that is being answered; the same stands in its answer as ``X-Request-ID``."""
OURS = "buffycoat"
"""Loggers whose words are ours, and may be written as they are."""


class JsonLines(logging.Formatter):
    """A record as one line of JSON.

    Examples
    --------
    >>> record = logging.LogRecord("other", logging.WARNING, "", 0, "signed in: %s", ("edna",), None)
    >>> orjson.loads(JsonLines().format(record))["message"]
    'signed in: %s'
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        ours = record.name == OURS or record.name.startswith(f"{OURS}.")
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        request = getattr(record, "request", None)
        if request is None:
            # Of others only the pattern of the sentence: what is put into it is not ours to judge.
            line["message"] = record.getMessage() if ours else str(record.msg)
            line["request_id"] = REQUEST_ID.get()
        else:
            line |= request
        if record.exc_info and record.exc_info[1] is not None:
            line |= _error(record.exc_info[1])
        return orjson.dumps({name: said for name, said in line.items() if said is not None}).decode()


def _error(error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)
    return {
        "error": type(error).__name__,
        "passed": [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames],
    }


def _short(path: str) -> str:
    """Return where a file is in its package: where that lies on the machine is nobody's business."""
    return "/".join(path.replace("\\", "/").rsplit("/", 3)[-3:])


def log_as_json() -> None:
    """Write all that is logged to standard error, as lines of JSON; of others, warnings and worse."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(OURS).setLevel(logging.INFO)
