"""Public sets of white blood cells side by side, as cited facts: what the paper's Table 6 compares."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from functools import cache
from importlib.resources import files
from typing import Any

from buffycoat.domain.value import value
from buffycoat.errors import UnreadableFormat

__all__ = ["ComparableSet", "comparable_sets", "read_comparable_sets"]

_TABLE = "comparable_sets.toml"


@value
class ComparableSet:
    """One set in the comparison; ``None`` and the empty text mean that the fact was not confirmed, printed as a dash.

    Attributes
    ----------
    name : str
        As its makers call it.
    cells : int, optional
        White cells, or crops or photographs where ``note`` says so.
    classes : int, optional
        Classes of its labels.
    experts : int, optional
        How many looked at each cell.
    labels : str
        Who gave the labels, in words.
    masks : str
        What of the cells is outlined, and in how many.
    cameras, microscopes : tuple of str
        By name.
    stain, magnification : str
        As stated.
    access : str
        License or terms.
    year : int, optional
        Of the publication.
    citation, doi : str
        What to cite.
    note : str
        What a reader of the row must know.
    checked : str
        Where these facts are from.
    """

    name: str
    cells: int | None = None
    classes: int | None = None
    experts: int | None = None
    labels: str = ""
    masks: str = ""
    cameras: tuple[str, ...] = ()
    microscopes: tuple[str, ...] = ()
    stain: str = ""
    magnification: str = ""
    access: str = ""
    year: int | None = None
    citation: str
    doi: str = ""
    note: str = ""
    checked: str

    def __post_init__(self) -> None:
        """Refuse a row without a source, and counts that are none."""
        for key in ("name", "citation", "checked"):
            if not str(getattr(self, key)).strip():
                raise _wrong(self.name, key, "a text", "nothing")
        for key in ("cells", "classes", "experts", "year"):
            number = getattr(self, key)
            if number is not None and (type(number) is not int or number <= 0):
                raise _wrong(self.name, key, "a positive whole number", repr(number))


def _wrong(where: str, key: str, expected: str, found: str) -> UnreadableFormat:
    return UnreadableFormat(f"table of comparable sets: {where}: {key} is not allowed", expected=expected, found=found)


def read_comparable_sets(text: str) -> tuple[ComparableSet, ...]:
    """Return the sets that a table in TOML describes, in its order.

    Parameters
    ----------
    text : str
        ``[[set]]`` tables with the fields of `ComparableSet`.

    Raises
    ------
    UnreadableFormat
        No TOML, a key that is not known, is missing or is not allowed, or a name used twice.
    """
    try:
        written = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UnreadableFormat(
            "table of comparable sets: it cannot be read", expected="TOML", found=str(error)
        ) from error
    sets = tuple(_set(entry) for entry in written.get("set", []))
    names = [each.name for each in sets]
    if len(set(names)) != len(names):
        raise UnreadableFormat(
            "table of comparable sets: a name is used twice", expected="unique", found=", ".join(names)
        )
    return sets


def _set(entry: dict[str, Any]) -> ComparableSet:
    where = str(entry.get("name", ""))
    known = {field.name for field in fields(ComparableSet)}
    for key in entry:
        if key not in known:
            raise _wrong(where, key, "a known key", key)
    for key in ("name", "citation", "checked"):
        if key not in entry:
            raise _wrong(where, key, "a text", "nothing")
    facts: dict[str, Any] = {key: tuple(told) if isinstance(told, list) else told for key, told in entry.items()}
    return ComparableSet(**facts)


@cache
def comparable_sets() -> tuple[ComparableSet, ...]:
    """Return the sets that come with buffycoat: ``comparable_sets.toml``.

    Examples
    --------
    >>> from buffycoat.publish.comparable_sets import comparable_sets
    >>> first = comparable_sets()[0]
    >>> first.name, first.cells, first.experts
    ('Double-labeled Raabin-WBC', 16633, 2)
    """
    return read_comparable_sets(files("buffycoat.publish").joinpath(_TABLE).read_text(encoding="utf-8"))
