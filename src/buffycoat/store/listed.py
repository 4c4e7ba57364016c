"""Lists of keys as a table: one bound value however many there are."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import TableValuedAlias

__all__ = ["listed", "listed_in"]


class _Each(FunctionElement[str]):
    """The texts of a JSON list, a row each, as each database says it."""

    name = "json_each"
    inherit_cache = True


@compiles(_Each)
def _each(element: _Each, compiler: SQLCompiler, **more: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **more)})"


@compiles(_Each, "postgresql")
def _each_of_postgresql(element: _Each, compiler: SQLCompiler, **more: Any) -> str:
    return f"json_array_elements_text(CAST({compiler.process(element.clauses, **more)} AS JSON))"


def listed(keys: Collection[str]) -> Select[tuple[str]]:
    """Return keys as a table of one column, ``value``: SQLite allows some 32,000 parameters, and this is one.

    Examples
    --------
    >>> str(listed(["c1", "c2"])).splitlines()[1]
    'FROM json_each(:json_each_1) AS anon_1'
    """
    return select(_Each(json.dumps(list(keys))).table_valued("value").c.value)


def listed_in(column: ColumnElement[Any]) -> TableValuedAlias:
    """Return what a column of JSON lists holds, for a lateral join: a row with ``value`` for each text in each list."""
    return _Each(column).table_valued("value")
