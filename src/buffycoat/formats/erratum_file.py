"""Reports of wrong labels, as the public site of a release writes them: a saved file, a list, or a mail around one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import islice
from typing import Any, Final

from buffycoat.domain.erratum import ReportedErratum
from buffycoat.errors import BuffycoatError, UnreadableFormat
from buffycoat.formats.text import decode

__all__ = ["KIND", "LONGEST_WHY", "MOST_BYTES", "MOST_REPORTS", "read_errata"]

KIND: Final = "buffycoat erratum"
_FORMAT: Final = 1
MOST_BYTES: Final = 1024 * 1024
MOST_REPORTS: Final = 500
LONGEST_WHY: Final = 2000
_LONGEST_KEY: Final = 200
_LONGEST: Final = 32 * 1024
"""No report is longer than that, each letter spelled out."""
_MOST_TRIES: Final = 4 * MOST_REPORTS
_TEXTS: Final = ("release", "manifest", "cell_id", "proposed", "why", "name")
_MAIL: Final = re.compile(rb"\A(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*)+\r?\n")
# A mail program may break a line within a text.
_DECODER: Final = json.JSONDecoder(strict=False)


def read_errata(content: bytes, *, name: str) -> tuple[ReportedErratum | BuffycoatError, ...]:
    r"""Return the reports of a file in their order; in the place of one that cannot be read, the error that says why.

    Parameters
    ----------
    content : bytes
        One report as JSON, a list of them, or text or a mail (RFC 5322) that holds some.
    name : str
        For errors.

    Raises
    ------
    UnreadableFormat
        The file is too large, is no text, or holds no report, or too many.

    Examples
    --------
    >>> text = '{"kind": "buffycoat erratum", "format": 1, "release": "1", "manifest": "ab", "cell_id": "c1", '
    >>> text += '"label": "basophil", "term": "basophil", "proposed": "monocyte", "why": "folded", "name": ""}'
    >>> read_errata(f"Dear curator,\n\n{text}\n\nYours".encode(), name="mail.txt")[0].proposed
    'monocyte'
    """
    if len(content) > MOST_BYTES:
        raise UnreadableFormat(
            f"{name} is too large for reports", expected=f"{MOST_BYTES} bytes at most", found=f"{len(content)} bytes"
        )
    found = list(islice(_objects(_text(content, name)), MOST_REPORTS + 1))
    if not found:
        raise UnreadableFormat(
            f"{name} holds no report of a wrong label",
            expected=f'a JSON object with "kind": "{KIND}"',
            hint="the public site of a release saves such files, on the page of each cell",
        )
    if len(found) > MOST_REPORTS:
        raise UnreadableFormat(
            f"{name} holds too many reports",
            expected=f"{MOST_REPORTS} at most",
            found="more",
            hint="split the file; a report that comes twice is taken once",
        )
    return tuple(_report(each, f"{name}, report {place}") for place, each in enumerate(found, start=1))


def _text(content: bytes, name: str) -> str:
    if not _MAIL.match(content.replace(b"\r\n", b"\n")):
        return decode(content, name=name)
    message = message_from_bytes(content, policy=policy.default)
    body = message.get_body(("plain",)) if isinstance(message, EmailMessage) else None
    parts = [] if body is None else [body]
    if isinstance(message, EmailMessage):
        parts += [part for part in message.iter_attachments() if part.get_content_type() == "application/json"]
    texts = []
    for part in parts:
        held = part.get_content()
        texts.append(held.decode("utf-8", "replace") if isinstance(held, bytes) else str(held))
    return "\n".join(texts)


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """Yield the JSON objects of the kind, wherever they stand in a text; nothing within one is looked at again."""
    place, tries = text.find("{"), 0
    while place >= 0 and tries < _MOST_TRIES:
        try:
            held, length = _DECODER.raw_decode(text[place : place + _LONGEST])
        except (ValueError, RecursionError):
            held, length = None, 1
        if isinstance(held, dict) and held.get("kind") == KIND:
            yield held
        else:
            length, tries = 1, tries + 1
        place = text.find("{", place + length)


def _report(held: dict[str, Any], name: str) -> ReportedErratum | BuffycoatError:
    if held.get("format") != _FORMAT:
        return UnreadableFormat(
            f"{name} is of another format",
            expected=str(_FORMAT),
            found=repr(held.get("format"))[:40],
            hint="a newer buffycoat may know it",
        )
    for key in _TEXTS:
        if not isinstance(held.get(key), str):
            return UnreadableFormat(f"{name} has no text as {key!r}", found=type(held.get(key)).__name__)
    for key in ("label", "term"):
        if key not in held or not isinstance(held[key], str | None):
            return UnreadableFormat(f"{name} has neither text nor null as {key!r}", found=type(held.get(key)).__name__)
    for key in (*_TEXTS, "label", "term"):
        most = LONGEST_WHY if key == "why" else _LONGEST_KEY
        if len(held[key] or "") > most:
            found = str(len(held[key]))
            return UnreadableFormat(f"{name}: {key!r} is too long", expected=f"{most} letters at most", found=found)
    return ReportedErratum(**{key: held[key] for key in (*_TEXTS, "label", "term")})
