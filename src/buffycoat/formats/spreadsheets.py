"""Tables as spreadsheets: everything is text, so that nothing is computed, rounded or taken for a date."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any, Final, NoReturn

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter

from buffycoat.domain.value import Scalar
from buffycoat.errors import InputError, UnreadableFormat
from buffycoat.formats.columns import Column, Row, mark_text, read_rows, spell_columns
from buffycoat.formats.members import read_member
from buffycoat.imaging.headers import quiet

__all__ = ["read_sheet", "read_xlsx", "write_xlsx"]

_LONGEST: Final = 32_767
"""Most characters of a cell of a spreadsheet."""
_MOST_BYTES: Final = 256 * 2**20
_EXACT_DIGITS: Final = 15
"""A spreadsheet keeps no more digits of a number than this."""
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")
_STILL: Final = (1980, 1, 1, 0, 0, 0)
_PROPERTIES: Final = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n'
    b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
)
_HINT: Final = "format the column as Text, then type the cell again"


def write_xlsx(rows: Sequence[Row], columns: Sequence[Column], *, title: str = "table") -> bytes:
    r"""Return a table as a spreadsheet of text, spelled as in CSV, with the header held in sight.

    No cell is a formula, a number or a date, whatever it looks like. The file holds no date and no name.

    Parameters
    ----------
    rows : sequence of mapping
        A value or ``None`` for each column. A row must hold something.
    columns : sequence of Column
        In the order of the header.
    title : str
        Name of the sheet: up to 31 characters, none of ``[ ] : * ? / \``.

    Returns
    -------
    bytes
        The file, .xlsx.

    Raises
    ------
    InputError
        A value that is not of its column's kind, with row and column; text of more than 32,767 characters; a row of
        nothing; a title that no sheet may have.

    Examples
    --------
    >>> write_xlsx([{"a": "=1+1"}], [Column(name="a")])[:2]
    b'PK'
    """
    if not re.fullmatch(r"[^\[\]:*?/\\\x00-\x1f]{1,31}", title) or title.startswith("'") or title.endswith("'"):
        raise InputError(
            "no name for a sheet", expected="up to 31 characters, none of [ ] : * ? / \\", found=repr(title)
        )
    spelled = spell_columns(rows, columns, longest=_LONGEST)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number, column in enumerate(columns, start=1):
        longest = max(map(len, [column.name, *spelled[number - 1]]))
        sheet.column_dimensions[get_column_letter(number)].width = min(longest + 2, 60)
    lines = [[_cell(sheet, mark_text(column.name), f"header, {column.name}") for column in columns]]
    for number, row in enumerate(zip(*spelled, strict=True), start=1):
        if not any(row):
            raise InputError(f"row {number} holds nothing", expected="a value in one column at least", found="no value")
        wheres = (f"row {number}, {column.name}" for column in columns)
        lines.append([_cell(sheet, text, where) if text else None for text, where in zip(row, wheres, strict=True)])
    for line in lines:  # only now: an error in between would leave the sheet half written
        sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    return _still(out.getvalue())


def read_xlsx(content: bytes, columns: Sequence[Column], *, name: str = "table.xlsx") -> tuple[dict[str, Scalar], ...]:
    """Return the rows of a table in a spreadsheet: the inverse of :func:`write_xlsx`.

    Parameters
    ----------
    content : bytes
        The file, .xlsx.
    columns : sequence of Column
        Which columns there must be, in any order.
    name : str
        What to call the file in an error.

    Returns
    -------
    tuple of dict
        Keys in the order of the file. Rows of nothing are passed over.

    Raises
    ------
    UnreadableFormat
        As :func:`read_sheet`; other columns; a value that is not of its column's kind.

    Examples
    --------
    >>> read_xlsx(write_xlsx([{"a": "=1+1"}, {"a": ""}], [Column(name="a")]), [Column(name="a")])
    ({'a': '=1+1'}, {'a': ''})
    """
    return read_rows(read_sheet(content, name=name), columns, name=name)


def read_sheet(content: bytes, *, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of the only sheet of a spreadsheet as text; nothing is evaluated.

    Whole numbers that a person typed are taken as their digits, and truth as ``true`` or ``false``. What a spreadsheet
    may have changed is refused: a date may have been text such as ``5-4``, a fraction ``1.10``.

    Parameters
    ----------
    content : bytes
        The file, .xlsx.
    name : str
        What to call the file in an error.

    Yields
    ------
    tuple of int and list of str
        Number of the row, from 1, and a text for each column of the header; ``""`` for an empty cell.

    Raises
    ------
    UnreadableFormat
        No spreadsheet; several sheets that hold something; with the cell: a date, a formula, an error, a fraction, a
        whole number of more than 15 digits, or a value under no header.

    Examples
    --------
    >>> list(read_sheet(write_xlsx([{"a": "x"}], [Column(name="a")]), name="a.xlsx"))
    [(1, ['a']), (2, ['x'])]
    """
    rows = _rows(content, name)
    width = 0
    for number, row in enumerate(rows, start=1):
        texts = [_text(cell, f"{name}, cell {get_column_letter(at)}{number}") for at, cell in enumerate(row, start=1)]
        if not any(texts):
            continue
        if not width:
            width = max(at for at, text in enumerate(texts, start=1) if text)
        if any(texts[width:]):
            at = next(at for at, text in enumerate(texts, start=1) if text and at > width)
            raise UnreadableFormat(
                f"{name}, cell {get_column_letter(at)}{number} stands under no header",
                expected=f"{width} columns, as in the first row",
                found=repr(texts[at - 1])[:100],
            )
        yield number, [*texts, *[""] * (width - len(texts))][:width]


def _rows(content: bytes, name: str) -> list[tuple[Any, ...]]:
    """Return the cells of the sheet that holds any, as openpyxl reads them; formulas as they stand."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(member.file_size for member in archive.infolist())
            if size > _MOST_BYTES:
                _refuse_size(name, size)
            sound = _unpacked(archive, name)
        with quiet():
            book = load_workbook(sound, read_only=True, data_only=False, keep_links=False)
            sheets = {sheet.title: list(sheet.iter_rows()) for sheet in book.worksheets}
            book.close()
    except UnreadableFormat:
        raise
    except Exception as error:  # readers of XML raise anything on hostile bytes
        first = (str(error) or type(error).__name__).split("\n", 1)[0]
        raise UnreadableFormat(f"{name} cannot be read", expected="a spreadsheet (.xlsx)", found=first) from error
    filled = [title for title, rows in sheets.items() if any(cell.value is not None for row in rows for cell in row)]
    if len(filled) > 1:
        raise UnreadableFormat(
            f"{name} has several sheets", expected="one that holds something", found=", ".join(filled)
        )
    return sheets[filled[0]] if filled else []


def _unpacked(archive: zipfile.ZipFile, name: str) -> io.BytesIO:
    """Return the same archive unpacked: its reader would believe the sizes that the list tells."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as plain:
        for member in {each.filename: each for each in archive.infolist()}.values():
            plain.writestr(member.filename, read_member(archive, member, name=name, most=_MOST_BYTES))
    return out


def _refuse_size(name: str, size: int) -> NoReturn:
    raise UnreadableFormat(f"{name} is too large", expected=f"at most {_MOST_BYTES:,} bytes", found=f"{size:,}")


def _text(cell: Any, where: str) -> str:
    """Return what stands in a cell, or refuse it where a spreadsheet may have changed it."""
    found = cell.value
    if found is None:
        return ""
    if cell.data_type == "f" or not isinstance(found, str | int | float | dt.date | dt.time | dt.timedelta):
        formula = found if isinstance(found, str) else "a formula"
        raise UnreadableFormat(f"{where} holds a formula", expected="text", found=formula[:100], hint=_HINT)
    if cell.data_type == "e":
        raise UnreadableFormat(f"{where} holds an error", expected="text", found=str(found), hint=_HINT)
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, str):
        return _ESCAPED.sub(lambda seen: chr(int(seen[1], 16)), found)
    if isinstance(found, int | float):
        if found != int(found) or abs(found) >= 10**_EXACT_DIGITS:
            expected = f"text, or a whole number of up to {_EXACT_DIGITS} digits"
            raise UnreadableFormat(f"{where} holds a number", expected=expected, found=repr(found), hint=_HINT)
        return str(int(found))
    raise UnreadableFormat(
        f"{where} holds a date, which a spreadsheet may have made of text",
        expected="text",
        found=str(found),
        hint=_HINT,
    )


def _cell(sheet: Any, text: str, where: str) -> Any:
    """Return a cell of text: of type, format and look."""
    escaped = _FORBIDDEN.sub(lambda seen: f"_x{ord(seen[0]):04X}_", text)
    if len(escaped) > _LONGEST:
        raise InputError(
            f"{where}: the text is too long for a cell",
            expected=f"at most {_LONGEST:,} characters",
            found=f"{len(escaped):,}",
        )
    cell = WriteOnlyCell(sheet, value=escaped)
    cell.data_type = "s"  # openpyxl takes "=…" for a formula and "#N/A" for an error
    cell.number_format = "@"
    return cell


def _still(content: bytes) -> bytes:
    """Return the archive without the times and versions that openpyxl writes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as made, zipfile.ZipFile(out, "w") as kept:
        for name in sorted(made.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            part = _PROPERTIES if name == "docProps/core.xml" else made.read(name)
            member = zipfile.ZipInfo(name, date_time=_STILL)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            kept.writestr(member, part)
    return out.getvalue()
