"""Tables of data as CSV and Parquet: the same rows give the same bytes, and the same rows come back."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from buffycoat.domain.value import Scalar
from buffycoat.errors import UnreadableFormat
from buffycoat.formats.columns import (
    Column,
    Kind,
    Row,
    check_columns,
    find_columns,
    mark_text,
    read_rows,
    spell_columns,
    values_of,
)
from buffycoat.formats.delimited import quote, read_delimited

__all__ = ["Column", "Kind", "Row", "arrow_field", "read_csv", "read_parquet", "write_csv", "write_parquet"]

_LONGEST: Final = 131_072
"""Most characters that Python's own reader takes in a cell."""
_TYPES: Final[Mapping[Kind, pa.DataType]] = {
    Kind.TEXT: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.BOOLEAN: pa.bool_(),
}


def write_csv(rows: Sequence[Row], columns: Sequence[Column]) -> bytes:
    r"""Return a table as CSV: UTF-8, commas, a header, one ``\n`` a row.

    A missing value is an empty cell and empty text is ``'``; no cell begins like a formula, see ``spell_columns``.

    Parameters
    ----------
    rows : sequence of mapping
        A value or ``None`` for each column; other keys are not written.
    columns : sequence of Column
        In the order of the header.

    Returns
    -------
    bytes
        The file.

    Raises
    ------
    InputError
        A value that is not of its column's kind, with row and column; text of more than 131,072 characters.

    Examples
    --------
    >>> write_csv([{"name": "=A1"}, {"name": ""}], [Column(name="name")])
    b"name\n'=A1\n'\n"
    """
    spelled = spell_columns(rows, columns, longest=_LONGEST)
    header = [mark_text(column.name) for column in columns]
    quoted = [[quote(cell) for cell in (name, *cells)] for name, cells in zip(header, spelled, strict=True)]
    if len(quoted) == 1:  # a blank line would be no row
        quoted[0] = [cell or '""' for cell in quoted[0]]
    return "".join([",".join(row) + "\n" for row in zip(*quoted, strict=True)]).encode()


def read_csv(content: bytes, columns: Sequence[Column], *, name: str = "table.csv") -> tuple[dict[str, Scalar], ...]:
    r"""Return the rows of a CSV table: the inverse of :func:`write_csv`.

    Columns may stand in any order, and semicolons or tabs may separate them, as some spreadsheets write.

    Parameters
    ----------
    content : bytes
        The file, in UTF-8.
    columns : sequence of Column
        Which columns there must be.
    name : str
        What to call the table in an error.

    Returns
    -------
    tuple of dict
        Keys in the order of the file.

    Raises
    ------
    UnreadableFormat
        With line and column.

    Examples
    --------
    >>> read_csv(b"side;n\n'-1;2\n;\n", [Column(name="n", kind=Kind.INTEGER), Column(name="side")])
    ({'side': '-1', 'n': 2}, {'side': None, 'n': None})
    """
    return read_rows(read_delimited(content, name=name), columns, name=name)


def arrow_field(column: Column) -> pa.Field:
    """Return a column as Arrow has it, with description and unit as its metadata.

    Examples
    --------
    >>> arrow_field(Column(name="side", kind=Kind.NUMBER, unit="px")).metadata
    {b'unit': b'px'}
    """
    notes = {key: text for key, text in (("description", column.description), ("unit", column.unit)) if text}
    return pa.field(column.name, _TYPES[column.kind], metadata=notes or None)


def write_parquet(rows: Sequence[Row], columns: Sequence[Column]) -> bytes:
    """Return a table as Parquet; description and unit of a column are in its metadata.

    The file names the version of Arrow that wrote it: the same bytes come from the same version.

    Parameters
    ----------
    rows : sequence of mapping
        A value or ``None`` for each column; other keys are not written.
    columns : sequence of Column
        In order.

    Returns
    -------
    bytes
        The file.

    Raises
    ------
    InputError
        A value that is not of its column's kind, with row and column.

    Examples
    --------
    >>> write_parquet([{"n": 1}], [Column(name="n", kind=Kind.INTEGER, unit="px")])[:4]
    b'PAR1'
    """
    check_columns(columns)
    schema = pa.schema([arrow_field(column) for column in columns])
    arrays = [pa.array(values_of(rows, column), type=_TYPES[column.kind]) for column in columns]
    out = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), out)
    return out.getvalue()


def read_parquet(
    content: bytes, columns: Sequence[Column], *, name: str = "table.parquet"
) -> tuple[dict[str, Scalar], ...]:
    """Return the rows of a Parquet table: the inverse of :func:`write_parquet`.

    Parameters
    ----------
    content : bytes
        The file.
    columns : sequence of Column
        Which columns there must be, in any order. A narrower type of the same kind will do.
    name : str
        What to call the table in an error.

    Returns
    -------
    tuple of dict
        Keys in the order of the file.

    Raises
    ------
    UnreadableFormat
        No Parquet, other columns, or a column of another kind.

    Examples
    --------
    >>> n = Column(name="n", kind=Kind.INTEGER)
    >>> read_parquet(write_parquet([{"n": 1}, {"n": None}], [n]), [n])
    ({'n': 1}, {'n': None})
    """
    try:
        table = pq.read_table(io.BytesIO(content))
    except (pa.ArrowException, OSError, ValueError) as error:
        first = str(error).split("\n", 1)[0]
        raise UnreadableFormat(f"{name} cannot be read", expected="a Parquet table", found=first) from error
    ordered = find_columns(table.column_names, columns, where=name)
    lists = []
    for column in ordered:
        found = table.column(column.name)
        if not _fits(found.type, column.kind):
            raise UnreadableFormat(
                f"{name}: {column.name} is of another kind", expected=column.kind, found=str(found.type)
            )
        try:
            lists.append(found.cast(_TYPES[column.kind]).to_pylist())
        except pa.ArrowInvalid as error:
            raise UnreadableFormat(f"{name}: {column.name}", expected=column.kind, found=str(error)) from error
    names = [column.name for column in ordered]
    return tuple(dict(zip(names, cells, strict=True)) for cells in zip(*lists, strict=True))


def _fits(found: pa.DataType, kind: Kind) -> bool:
    """Say whether a type holds values of this kind; a column of nothing but nulls is of every kind."""
    if pa.types.is_dictionary(found):
        found = found.value_type
    if pa.types.is_null(found):
        return True
    if kind is Kind.TEXT:
        return bool(pa.types.is_string(found) or pa.types.is_large_string(found))
    if kind is Kind.INTEGER:
        return bool(pa.types.is_integer(found))
    if kind is Kind.NUMBER:
        return bool(pa.types.is_floating(found) or pa.types.is_integer(found))
    return bool(pa.types.is_boolean(found))
