"""Rows as they are written and read bare, without a value in between: the same from every database."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, Boolean, Connection, Float, Table
from sqlalchemy.engine import Dialect

from buffycoat.store.tables import UtcDateTime

__all__ = ["STREAMED", "bare_columns", "bare_rows", "casts", "insert_into", "mark_of"]

STREAMED: Mapping[str, Any] = {"stream_results": True, "max_row_buffer": 1000}
"""How rows are asked for that may be more than fit into memory."""


def mark_of(dialect: Dialect) -> str:
    """Return what stands for a bound value in a statement for the driver."""
    return "?" if dialect.paramstyle == "qmark" else "%s"


@lru_cache(maxsize=256)
def insert_into(table: Table, mark: str) -> tuple[str, str]:
    """Return a statement that adds rows, and the marks of one row, which may be said again for further rows.

    A row whose key is there already is left as it is.
    """
    names = ", ".join(f'"{column.name}"' for column in table.c)
    keys = ", ".join(f'"{column.name}"' for column in table.primary_key)
    one = f"({', '.join([mark] * len(table.c))})"
    return f'INSERT INTO "{table.name}" ({names}) VALUES {one} ON CONFLICT ({keys}) DO NOTHING', one  # noqa: S608 (names of our own tables)


def bare_columns(table: Table, dialect: Dialect, of: str = "") -> str:
    """Return the columns of a table as a statement names them, so that each is read as SQLite keeps it.

    JSON comes as the text that was written, a moment as text; whether something is so comes as ``casts`` makes it.

    Examples
    --------
    >>> from sqlalchemy import Column, MetaData
    >>> from sqlalchemy.dialects import postgresql, sqlite
    >>> table = Table("t", MetaData(), Column("box", JSON))
    >>> bare_columns(table, sqlite.dialect()), bare_columns(table, postgresql.dialect(), "t")
    ('"box"', 't."box"::text')
    """
    before = f"{of}." if of else ""
    return ", ".join(_bare(f'{before}"{column.name}"', column.type, dialect) for column in table.c)


def _bare(name: str, kind: Any, dialect: Dialect) -> str:
    if dialect.name != "postgresql":
        return name
    if isinstance(kind, JSON):
        return f"{name}::text"
    return f"to_char({name}, 'YYYY-MM-DD HH24:MI:SS.US')" if isinstance(kind, UtcDateTime) else name


def bare_rows(
    connection: Connection, table: Table, where: str = "", parameters: tuple[Any, ...] = (), *, order: str
) -> Generator[Sequence[Any]]:
    """Give the rows of a table as the database holds them; ``?`` stands for a value in ``where``."""
    dialect = connection.dialect
    where = where.replace("?", mark_of(dialect))
    statement = f'SELECT {bare_columns(table, dialect)} FROM "{table.name}" {where} ORDER BY {order}'  # noqa: S608 (names of our own tables)
    with connection.exec_driver_sql(statement, parameters, execution_options=STREAMED) as found:
        yield from found


@lru_cache(maxsize=128)
def casts(table: Table) -> tuple[tuple[int, Any], ...]:
    """Return the places of columns that databases and drivers hold in several ways, and what makes all of them one."""
    kinds = {Boolean: int, Float: float, UtcDateTime: _text_of}
    return tuple((place, kinds[type(each.type)]) for place, each in enumerate(table.c) if type(each.type) in kinds)


def _text_of(moment: str | datetime) -> str:
    return moment if isinstance(moment, str) else moment.isoformat(sep=" ", timespec="microseconds")
