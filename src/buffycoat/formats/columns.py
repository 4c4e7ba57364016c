"""Columns of a table of data: their kinds, and how a value of each is spelled as text and read again."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Final

from buffycoat.domain.value import Scalar, value
from buffycoat.errors import InputError, UnreadableFormat

__all__ = [
    "Column",
    "Kind",
    "Row",
    "check_columns",
    "find_columns",
    "mark_text",
    "read_cell",
    "read_rows",
    "spell_columns",
    "values_of",
]

Row = Mapping[str, Scalar]
"""One row of a table: a value, or ``None``, for each column."""

_RISKY: Final = frozenset("=+-@\t\r'＝＋－＠")
"""What makes a spreadsheet take text for a formula, at the start of a cell; and the mark that we put before it."""
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,19}")
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")


class Kind(StrEnum):
    """What stands in a column; any value may also be missing."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"


@value
class Column:
    """A column of a table: its name in the header, its kind, what it means, and its unit, such as ``"px"``."""

    name: str
    kind: Kind = Kind.TEXT
    description: str = ""
    unit: str = ""

    def __post_init__(self) -> None:
        """Refuse a name that a header could not hold in every format."""
        if (
            not self.name
            or not self.name.isprintable()
            or self.name != self.name.strip()
            or set(self.name) & set(',;"')
        ):
            raise InputError(
                "a column has a bad name",
                expected="one line of text without comma, semicolon, quotation mark or outer spaces",
                found=repr(self.name),
            )


def check_columns(columns: Sequence[Column]) -> None:
    """Refuse no columns at all, and a name that stands twice.

    Raises
    ------
    InputError
        With the names.

    Examples
    --------
    >>> check_columns([Column(name="a"), Column(name="b")])
    """
    names = [column.name for column in columns]
    if not names or len(set(names)) != len(names):
        raise InputError("a table needs columns", expected="each name once", found=", ".join(names) or "no column")


def values_of(rows: Sequence[Row], column: Column) -> list[Scalar]:
    """Return the values of a column, from top to bottom, each checked against the column's kind.

    Parameters
    ----------
    rows : sequence of mapping
        Each must have the column.
    column : Column
        Whose values are asked for.

    Returns
    -------
    list of (str or int or float or bool or None)
        Numbers are floats, whatever they were.

    Raises
    ------
    InputError
        With row (from 1), column, and what stands there: a value of another kind, a number that is not finite, an
        integer beyond 64 bits, text that UTF-8 cannot hold, or none at all.

    Examples
    --------
    >>> values_of([{"x": 1}, {"x": None}], Column(name="x", kind=Kind.NUMBER))
    [1.0, None]
    """
    check, name = _CHECKS[column.kind], column.name
    found: list[Scalar] = []
    for number, row in enumerate(rows, start=1):
        if name not in row:
            raise InputError(f"row {number} lacks {name}", expected="a value or None for every column", found="nothing")
        try:
            found.append(check(row[name]))
        except (TypeError, ValueError, OverflowError) as error:
            raise InputError(
                f"row {number}, {name}: no {column.kind}", expected=str(error), found=repr(row[name])[:100]
            ) from error
    return found


def spell_columns(rows: Sequence[Row], columns: Sequence[Column], *, longest: int) -> list[list[str]]:
    r"""Return the columns as text that a spreadsheet cannot take for a formula, and that can be read again.

    ``None`` is an empty cell. Text that is empty, or that begins with ``= + - @``, a tab, a carriage return, an
    apostrophe or a full-width ``＝＋－＠``, gets an apostrophe in front: ``""`` becomes ``'``, ``=1+1`` becomes
    ``'=1+1``. Numbers are spelled so that the same number comes back; truth is ``true`` or ``false``.

    Parameters
    ----------
    rows : sequence of mapping
        The table.
    columns : sequence of Column
        Which columns, in order.
    longest : int
        Most characters of a cell.

    Returns
    -------
    list of list of str
        A list for each column, from top to bottom.

    Raises
    ------
    InputError
        As :func:`values_of`; a cell that is too long.

    Examples
    --------
    >>> rows = [{"a": "=1+1", "b": -1}, {"a": "", "b": None}, {"a": None, "b": 2}]
    >>> spell_columns(rows, [Column(name="a"), Column(name="b", kind=Kind.INTEGER)], longest=100)
    [["'=1+1", "'", ''], ['-1', '', '2']]
    """
    check_columns(columns)
    spelled = []
    for column in columns:
        spell = _SPELLINGS[column.kind]
        cells = ["" if cell is None else spell(cell) for cell in values_of(rows, column)]
        for number, cell in enumerate(cells, start=1):
            if len(cell) > longest:
                raise InputError(
                    f"row {number}, {column.name}: the text is too long for a cell",
                    expected=f"at most {longest:,} characters",
                    found=f"{len(cell):,}",
                    hint="Parquet tables hold longer text",
                )
        spelled.append(cells)
    return spelled


def find_columns(header: Sequence[str], columns: Sequence[Column], *, where: str) -> list[Column]:
    """Return the columns in the order in which a header names them.

    Raises
    ------
    UnreadableFormat
        With what is missing, unknown, or stands twice.

    Examples
    --------
    >>> [column.name for column in find_columns(["b", "a"], [Column(name="a"), Column(name="b")], where="line 1")]
    ['b', 'a']
    """
    check_columns(columns)
    by_name = {column.name: column for column in columns}
    listed = ", ".join(by_name)
    if unknown := [name for name in header if name not in by_name]:
        raise UnreadableFormat(f"{where}: there is no column {unknown[0]!r}", expected=listed, found=", ".join(header))
    if len(set(header)) != len(header) or len(header) != len(by_name):
        found = ", ".join(header) or "an empty table"
        raise UnreadableFormat(f"{where}: the columns are not as they should be", expected=listed, found=found)
    return [by_name[name] for name in header]


def read_cell(text: str, column: Column, *, where: str) -> Scalar:
    """Return the value that a spelled cell holds: the inverse of :func:`spell_columns`.

    Text without the mark is taken as it stands, so that people may type into the table.

    Parameters
    ----------
    text : str
        As it stands in the table.
    column : Column
        Which column it stands in.
    where : str
        Table and line, for an error.

    Returns
    -------
    str or int or float or bool or None
        By the column's kind; ``None`` for an empty cell.

    Raises
    ------
    UnreadableFormat
        It is none of the column's kind.

    Examples
    --------
    >>> read_cell("'=1+1", Column(name="a"), where="t.csv, line 2"), read_cell("", Column(name="a"), where="")
    ('=1+1', None)
    """
    if not text:
        return None
    if column.kind is Kind.TEXT:
        return text[1:] if text[0] == "'" else text
    plain = text.strip()
    if column.kind is Kind.INTEGER and _INTEGER.fullmatch(plain) and -(2**63) <= int(plain) < 2**63:
        return int(plain)
    if column.kind is Kind.NUMBER and _NUMBER.fullmatch(plain) and math.isfinite(float(plain)):
        return float(plain)
    if column.kind is Kind.BOOLEAN and plain.casefold() in ("true", "false"):
        return plain.casefold() == "true"
    expected = {"integer": "whole number", "number": "number with a point", "boolean": "true or false"}[column.kind]
    raise UnreadableFormat(f"{where}, {column.name}: no {column.kind}", expected=expected, found=repr(text)[:100])


def read_rows(
    lines: Iterable[tuple[int, Sequence[str]]], columns: Sequence[Column], *, name: str
) -> tuple[dict[str, Scalar], ...]:
    """Return the rows of a spelled table, the first of which is the header.

    Parameters
    ----------
    lines : iterable of tuple of int and sequence of str
        Number of the line and its cells, all of one length.
    columns : sequence of Column
        Which columns there must be, in any order.
    name : str
        What to call the table in an error.

    Returns
    -------
    tuple of dict
        Keys in the order of the header.

    Raises
    ------
    UnreadableFormat
        With line and column.

    Examples
    --------
    >>> read_rows([(1, ["n"]), (2, ["5"])], [Column(name="n", kind=Kind.INTEGER)], name="t.csv")
    ({'n': 5},)
    """
    rows = iter(lines)
    line, header = next(rows, (1, []))
    ordered = find_columns([_unmarked(word) for word in header], columns, where=f"{name}, line {line}")
    return tuple(
        {
            column.name: read_cell(text, column, where=f"{name}, line {line}")
            for column, text in zip(ordered, row, strict=True)
        }
        for line, row in rows
    )


def _unmarked(text: str) -> str:
    return text[1:] if text[:1] == "'" else text


def _text(cell: Scalar) -> Scalar:
    if cell is None:
        return None
    if not isinstance(cell, str):
        raise TypeError("text")
    cell.encode()
    return str(cell)


def _integer(cell: Scalar) -> Scalar:
    if cell is None:
        return None
    if not isinstance(cell, int) or isinstance(cell, bool) or not -(2**63) <= cell < 2**63:
        raise TypeError("a whole number of 64 bits")
    return int(cell)


def _number(cell: Scalar) -> Scalar:
    if cell is None:
        return None
    if not isinstance(cell, int | float) or isinstance(cell, bool):
        raise TypeError("a number")
    number = float(cell)
    if not math.isfinite(number) or number != cell:
        raise ValueError("a finite number of 64 bits")
    return number


def _boolean(cell: Scalar) -> Scalar:
    if cell is not None and not isinstance(cell, bool):
        raise TypeError("true or false")
    return cell


def mark_text(cell: Scalar) -> str:
    """Return text with an apostrophe before it where a spreadsheet could take it for a formula, or for nothing.

    Examples
    --------
    >>> mark_text("@SUM(A1)"), mark_text("plain"), mark_text("")
    ("'@SUM(A1)", 'plain', "'")
    """
    text = str(cell)
    return f"'{text}" if not text or text[0] in _RISKY else text


_CHECKS: Final[Mapping[Kind, Callable[[Scalar], Scalar]]] = {
    Kind.TEXT: _text,
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.BOOLEAN: _boolean,
}
_SPELLINGS: Final[Mapping[Kind, Callable[[Scalar], str]]] = {
    Kind.TEXT: mark_text,
    Kind.INTEGER: str,
    Kind.NUMBER: repr,
    Kind.BOOLEAN: lambda cell: "true" if cell else "false",
}
