"""Bytes of a label file or table into text, JSON values and rows; what cannot be read is refused with its place."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from buffycoat.errors import BuffycoatError, UnreadableFormat
from buffycoat.formats.annotated import Refused
from buffycoat.formats.delimited import read_delimited
from buffycoat.formats.source import MAX_TEXT_BYTES, SourceFile

__all__ = ["content_of", "decode", "kind_of", "parse_json", "refuse", "rows_of", "split_lines", "text_at"]

_WIDE: Final = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))
_KINDS: Final = (
    (type(None), "null"),
    (bool, "true or false"),
    (str, "text"),
    (dict, "an object"),
    (list, "a list"),
    (int, "a number"),
    (float, "a number"),
)


def refuse(name: str, error: BuffycoatError) -> Refused:
    """Return what a reader yields in place of a file that it cannot read."""
    return Refused(name=name, code=error.code, message=str(error))


def content_of(file: SourceFile, *, most: int = MAX_TEXT_BYTES) -> bytes:
    """Return the bytes of a file; one that is too large is refused before a byte of it is read.

    Raises
    ------
    UnreadableFormat
        The file is larger than ``most``.
    UnreadableFile
        Its bytes cannot be had.
    """
    if file.size > most:
        raise UnreadableFormat(
            f"{file.name} is too large for its format", expected=f"at most {most:,} bytes", found=f"{file.size:,} bytes"
        )
    return file.read(most)


def decode(content: bytes, *, name: str) -> str:
    r"""Return UTF-8 bytes as text, without the byte order mark.

    Raises
    ------
    UnreadableFormat
        The bytes are of another encoding, or there are none.

    Examples
    --------
    >>> decode(b"\xef\xbb\xbfa", name="a.csv")
    'a'
    """
    if not content:
        raise UnreadableFormat(f"{name} is empty", expected="text", found="0 bytes")
    for mark, encoding in _WIDE:
        if content.startswith(mark):
            raise UnreadableFormat(f"{name} is of the wrong encoding", expected="UTF-8", found=encoding)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{content[error.start]:02x} on line {line}"
        raise UnreadableFormat(f"{name} is of the wrong encoding", expected="UTF-8", found=found) from error


def split_lines(text: str) -> Iterator[tuple[int, str]]:
    r"""Return the lines that hold something, without outer spaces, with their numbers from 1.

    Examples
    --------
    >>> list(split_lines("a\n\n b\n"))
    [(1, 'a'), (3, 'b')]
    """
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, line.strip()


def parse_json(content: bytes, *, name: str) -> Any:
    """Return the value of a JSON file, read with care: a key that an object holds twice is refused.

    ``NaN`` and ``Infinity``, which are no JSON, come as numbers, so that the caller can name the key that holds them.

    Raises
    ------
    UnreadableFormat
        Wrong encoding, no JSON, nested too deeply, or a key twice in one object.

    Examples
    --------
    >>> parse_json(b'{"a": 1, "a": 2}', name="a.json")
    Traceback (most recent call last):
    buffycoat.errors.UnreadableFormat: a.json holds the key 'a' twice in one object: expected every key once
    """

    def check(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        record = dict(pairs)
        if len(record) < len(pairs):
            ((twice, _),) = Counter(key for key, _ in pairs).most_common(1)
            raise UnreadableFormat(f"{name} holds the key {twice!r} twice in one object", expected="every key once")
        return record

    text = decode(content, name=name)
    try:
        return json.loads(text, object_pairs_hook=check)
    except json.JSONDecodeError as error:
        where = f"{error.msg[:1].lower()}{error.msg[1:]} on line {error.lineno}, column {error.colno}"
        raise UnreadableFormat(f"{name} is no JSON", expected="JSON", found=where) from error
    except RecursionError as error:
        raise UnreadableFormat(f"{name} is nested too deeply", expected="lists and objects a few deep") from error
    except UnreadableFormat:
        raise
    except ValueError as error:
        raise UnreadableFormat(f"{name} is no JSON that can be kept", found=str(error).split(";", 1)[0]) from error


def kind_of(found: Any) -> str:
    """Return what a JSON value is, for people.

    Examples
    --------
    >>> kind_of(None), kind_of([1]), kind_of(float("nan"))
    ('null', 'a list', 'nan')
    """
    if isinstance(found, float) and not abs(found) < float("inf"):
        return str(found)
    return next(word for kind, word in _KINDS if isinstance(found, kind))


def text_at(record: Mapping[str, Any], key: str, where: str) -> str | None:
    """Return the text that an object holds under a key, ``None`` for null.

    Raises
    ------
    UnreadableFormat
        The key is missing, or holds something else, or half a character.
    """
    if key not in record:
        raise UnreadableFormat(f"{where}: {key!r} is missing", expected=f"the key {key!r}", found=_keys(record))
    found = record[key]
    if found is not None and not isinstance(found, str):
        raise UnreadableFormat(f"{where}: {key!r} is no text", expected="text or null", found=kind_of(found))
    if found is not None and any("\ud800" <= letter <= "\udfff" for letter in found):
        raise UnreadableFormat(f"{where}: {key!r} holds half a character", expected="text", found=ascii(found))
    return found


def _keys(record: Mapping[str, Any]) -> str:
    shown = ", ".join(repr(key) for key in list(record)[:8])
    return f"{shown}, …" if len(record) > 8 else shown or "an empty object"


def rows_of(content: bytes, *, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    r"""Return the rows of a table as line number and cells by column; separated by comma, semicolon or tab.

    Names of columns come in lower case; they and the cells come without outer spaces. Empty rows are passed over.

    Raises
    ------
    UnreadableFormat
        Wrong encoding, no header, a column twice, or a row of another length.

    Examples
    --------
    >>> list(rows_of(b"File;label\na.jpg; Band\n", name="a.csv"))
    [(2, {'file': 'a.jpg', 'label': 'Band'})]
    """
    rows = read_delimited(content, name=name)
    _, first = next(rows, (1, []))
    header = [column.strip().casefold() for column in first]
    if not any(header) or len(set(header)) < len(header):
        raise UnreadableFormat(
            f"{name}, line 1: no header", expected="names of columns, each once", found=", ".join(first) or "nothing"
        )
    for line, cells in rows:
        stripped = [cell.strip() for cell in cells]
        if any(stripped):
            yield line, dict(zip(header, stripped, strict=True))
