"""The lines of a metadata table, from CSV or from a spreadsheet, and the columns that its first line names."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator, Sequence

from buffycoat.errors import InvalidMetadata
from buffycoat.formats.spreadsheets import read_sheet
from buffycoat.ingest.columns import Column, find_column

__all__ = ["read_table", "same_name"]

_ZIP = b"PK\x03\x04"


def read_table(content: bytes, *, name: str) -> tuple[tuple[Column, ...], Iterator[tuple[int, list[str]]]]:
    r"""Read a table: CSV with commas, semicolons or tabs, or a spreadsheet (.xlsx) with one filled sheet.

    Parameters
    ----------
    content : bytes
        The file; which of the two it is shows in its first bytes.
    name : str
        What to call the table in an error.

    Returns
    -------
    columns : tuple of Column
        Those that the first line names, ``file`` among them.
    rows : iterator of tuple of int and list of str
        Number of the line and a cell for each column, without outer spaces, and without the apostrophe that marks text
        in a spreadsheet. Empty lines are passed over.

    Raises
    ------
    InvalidMetadata
        With the line: another encoding, an unknown column, a row of another length.
    UnreadableFormat
        With the cell: what a spreadsheet may have changed, such as a date or a fraction.

    Examples
    --------
    >>> columns, rows = read_table(b"photo;lab\na.jpg;Razi\n", name="a.csv")
    >>> [column.name for column in columns], list(rows)
    (['file', 'site'], [(2, ['a.jpg', 'Razi'])])
    """
    lines = _strip(read_sheet(content, name=name) if content.startswith(_ZIP) else _csv_lines(content, name))
    line, header = next(lines, (1, [""]))
    columns = _columns(header, where=f"{name}, line {line}")
    return columns, _of_length(lines, len(columns), name)


def same_name(name: str) -> str:
    """Return the form in which names of photographs are compared: composed letters, forward slashes."""
    return unicodedata.normalize("NFC", name).replace("\\", "/").removeprefix("./")


def _strip(lines: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    for line, row in lines:
        cells = [word.strip().removeprefix("'") for word in row]
        if any(cells):
            yield line, cells


def _csv_lines(content: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a CSV table, with the line on which each ends."""
    text = _decode(content, name)
    head = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count))
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        where = f"{name}, line {reader.line_num}"
        raise InvalidMetadata(f"{where} cannot be read", expected="a table", found=str(error)) from error


def _decode(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InvalidMetadata(
            f"{name}, line {line}: the table is not in UTF-8",
            expected="UTF-8, with or without byte order mark",
            found=f"byte {content[error.start]:02X}",
            hint="save it as `CSV UTF-8`; in a spreadsheet that is one of the choices of `Save as`",
        ) from None


def _columns(header: Sequence[str], *, where: str) -> tuple[Column, ...]:
    columns = tuple(find_column(word, where=where) for word in header)
    names = [column.name for column in columns]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise InvalidMetadata(f"{where}: a column stands twice", expected="each column once", found=", ".join(twice))
    if "file" not in names:
        found = ", ".join(header) or "an empty table"
        raise InvalidMetadata(f"{where}: no column file", expected="file, the name of the photograph", found=found)
    return columns


def _of_length(lines: Iterator[tuple[int, list[str]]], length: int, name: str) -> Iterator[tuple[int, list[str]]]:
    for line, row in lines:
        if len(row) != length:
            raise InvalidMetadata(
                f"{name}, line {line} is of another length", expected=f"{length} cells", found=str(len(row))
            )
        yield line, row
