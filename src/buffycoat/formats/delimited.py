"""Text tables: their rows, with the line each ends on, whatever separates the columns; and a cell as CSV has it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Final

from buffycoat.errors import UnreadableFormat

__all__ = ["quote", "read_delimited"]

_SPECIAL: Final = re.compile(r'[",\r\n]')


def read_delimited(content: bytes, *, name: str) -> Iterator[tuple[int, list[str]]]:
    r"""Yield the rows of a table whose columns are separated by comma, semicolon or tab.

    The separator is the one that the first line holds most of. Blank lines are passed over; a row of empty cells is a
    row. Every row must be as long as the first.

    Parameters
    ----------
    content : bytes
        UTF-8, with or without byte order mark.
    name : str
        What to call the table in an error.

    Yields
    ------
    tuple of int and list of str
        The line on which the row ends, from 1, and its cells as they stand there.

    Raises
    ------
    UnreadableFormat
        With table and line: another encoding, a quotation mark that is never closed, a row of another length.

    Examples
    --------
    >>> list(read_delimited("\ufefffile;class\na.png;\"x;y\"\n".encode(), name="a.csv"))
    [(1, ['file', 'class']), (2, ['a.png', 'x;y'])]
    """
    text = _decode(content, name)
    head = text.lstrip("\r\n").split("\n", 1)[0]
    # Strict: a quotation mark that is never closed would swallow the rows after it.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    length = 0
    try:
        for row in reader:
            if not row:
                continue
            length = length or len(row)
            if len(row) != length:
                raise UnreadableFormat(
                    f"{name}, line {reader.line_num} is of another length",
                    expected=f"{length} columns, as in the first line",
                    found=str(len(row)),
                )
            yield reader.line_num, row
    except csv.Error as error:
        raise UnreadableFormat(
            f"{name}, line {reader.line_num} cannot be read", expected="a table", found=str(error)
        ) from error


def quote(cell: str) -> str:
    r"""Return a cell as it stands in CSV; a lone ``\r`` too is quoted, which Python's writer would leave bare.

    Examples
    --------
    >>> quote('6" x 4'), quote("a")
    ('"6"" x 4"', 'a')
    """
    return '"' + cell.replace('"', '""') + '"' if _SPECIAL.search(cell) else cell


def _decode(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UnreadableFormat(
            f"{name}, line {line}: the table is not in UTF-8",
            expected="UTF-8, with or without byte order mark",
            found=f"byte {content[error.start]:02X}",
            hint="save it as `CSV UTF-8`",
        ) from None
