"""A laboratory's reference intervals: a TOML file, read with precise refusals. None come with buffycoat."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import field
from functools import cache
from importlib.resources import files
from typing import Any, Never

from buffycoat.domain.value import value
from buffycoat.errors import UnreadableFormat
from buffycoat.report.differential_values import Limits

__all__ = [
    "CORRECTED_ABOVE",
    "FOR_HUNDRED",
    "MOST_BYTES",
    "ReferenceIntervals",
    "check_terms",
    "example_reference",
    "read_reference",
]

MOST_BYTES = 100_000
"""A larger file holds no reference intervals."""
CORRECTED_ABOVE = 5.0
"""Nucleated red cells for 100 leukocytes above which their count is corrected, where no laboratory says so."""
FOR_HUNDRED = ("nucleated-red-cells", "smudge-cells")
"""Keys of the table ``per_100``."""

_HINT = "docs/differential.md shows the format; `buffycoat differential --example` prints a file to begin with"
_TEXTS = ("laboratory", "population", "source")
_TABLES = ("percent", "absolute", "per_100")
_TOP = (*_TEXTS, "example", "corrected_above", *_TABLES)


@value
class ReferenceIntervals:
    """Reference intervals as a laboratory entered them.

    Parameters
    ----------
    laboratory : str
        Whose they are.
    population : str
        For whom they hold.
    source : str
        Where they are from.
    example : bool
        Whether they only show the format.
    corrected_above : float
        Nucleated red cells for 100 leukocytes above which a count of leukocytes is corrected.
    percent : mapping of str to Limits
        By key of a term, in percent of all leukocytes.
    absolute : mapping of str to Limits
        By key of a term, in 10⁹/L; that of all leukocytes too.
    per_100 : mapping of str to Limits
        Of nucleated red cells and smudge cells, for 100 leukocytes.
    """

    laboratory: str
    population: str = ""
    source: str = ""
    example: bool = False
    corrected_above: float = CORRECTED_ABOVE
    percent: Mapping[str, Limits] = field(default_factory=dict)
    absolute: Mapping[str, Limits] = field(default_factory=dict)
    per_100: Mapping[str, Limits] = field(default_factory=dict)


def read_reference(content: bytes, *, name: str) -> ReferenceIntervals:
    """Read reference intervals from the bytes of a TOML file.

    Parameters
    ----------
    content : bytes
        The file: UTF-8, at most 100 kB. docs/differential.md has its format.
    name : str
        Name of the file, for messages.

    Raises
    ------
    UnreadableFormat
        Not TOML (with the line), a key that is unknown, missing or of a wrong type, or an interval that is none: file
        and key are named.

    Examples
    --------
    >>> ours = read_reference(b'''
    ... laboratory = "Ours"
    ... [percent]
    ... monocyte = [2, 10]
    ... basophil = {high = 1}
    ... ''', name="ours.toml")
    >>> ours.percent["monocyte"].high, ours.percent["basophil"].low
    (10.0, None)
    """
    table = _parsed(content, name)
    _refuse_unknown(table, _TOP, name)
    texts = {key: _text(table, key, name) for key in _TEXTS}
    if not texts["laboratory"].strip():
        _wrong(f"{name}: laboratory", "whose intervals they are", table.get("laboratory"))
    example = table.get("example", False)
    if not isinstance(example, bool):
        _wrong(f"{name}: example", "true or false", example)
    above = _number(table.get("corrected_above", CORRECTED_ABOVE), f"{name}: corrected_above", 1000.0)
    found = {}
    for key, most in zip(_TABLES, (100.0, 1000.0, 100_000.0), strict=True):
        entries = table.get(key, {})
        if not isinstance(entries, dict):
            _wrong(f"{name}: [{key}]", "a table of intervals", entries)
        found[key] = {term: _limits(entry, f"{name}: [{key}] {term!r}", most) for term, entry in entries.items()}
    _refuse_unknown(found["per_100"], FOR_HUNDRED, f"{name}: [per_100]")
    return ReferenceIntervals(
        laboratory=texts["laboratory"],
        population=texts["population"],
        source=texts["source"],
        example=example,
        corrected_above=above,
        percent=found["percent"],
        absolute=found["absolute"],
        per_100=found["per_100"],
    )


def check_terms(reference: ReferenceIntervals, terms: Collection[str], *, name: str) -> None:
    """Refuse intervals of what is no term of any taxonomy at hand: a word that was mistyped would be lost in silence.

    Raises
    ------
    UnreadableFormat
        With the nearest terms.
    """
    for table in ("percent", "absolute"):
        for key in getattr(reference, table):
            if key not in terms:
                near = difflib.get_close_matches(key, list(terms), n=3)
                raise UnreadableFormat(
                    f"{name}: [{table}] names no term of any taxonomy",
                    expected=" or ".join(near) or "a term, as `buffycoat taxonomy` lists them",
                    found=repr(key),
                    hint='keys with a dot stand in quotes: "neutrophil.band" = [0, 5]',
                )


@cache
def example_reference() -> str:
    """Return the file that shows the format; its numbers are of no laboratory, and it says so.

    Examples
    --------
    >>> read_reference(example_reference().encode(), name="example").example
    True
    """
    return (files("buffycoat.report") / "templates" / "reference-example.toml").read_text(encoding="utf-8")


def _parsed(content: bytes, name: str) -> dict[str, Any]:
    if len(content) > MOST_BYTES:
        raise UnreadableFormat(
            f"{name} is too large for reference intervals",
            expected=f"at most {MOST_BYTES:,} bytes",
            found=f"{len(content):,} bytes",
            hint=_HINT,
        )
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UnreadableFormat(
            f"{name} is not UTF-8, at line {line}",
            expected="UTF-8",
            found=f"byte {content[error.start]:#04x}",
            hint=_HINT,
        ) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UnreadableFormat(f"{name} is not TOML", expected="TOML", found=str(error)[:200], hint=_HINT) from error


def _limits(entry: Any, where: str, most: float) -> Limits:
    if isinstance(entry, dict):
        if not entry:
            _wrong(where, "[low, high], {low = …} or {high = …}", entry)
        nested = [key for key in entry if key not in ("low", "high")]
        if nested:
            raise UnreadableFormat(
                f"{where} has an unknown field",
                expected="low or high",
                found=repr(nested[0]),
                hint='keys with a dot stand in quotes: "neutrophil.band" = [0, 5]',
            )
        ends = [entry.get("low"), entry.get("high")]
    elif isinstance(entry, list) and len(entry) == 2:
        ends = entry
    else:
        _wrong(where, "[low, high], {low = …} or {high = …}", entry)
    low, high = (None if end is None else _number(end, where, most) for end in ends)
    if low is not None and high is not None and low > high:
        _wrong(where, "low, then high", entry)
    return Limits(low=low, high=high)


def _number(found: Any, where: str, most: float) -> float:
    if isinstance(found, bool) or not isinstance(found, int | float):
        _wrong(where, "a number", found)
    if not 0 <= found <= most:  # what is no number at all is not between them either
        _wrong(where, f"0 to {most:g}", found)
    return float(found)


def _text(table: Mapping[str, Any], key: str, name: str) -> str:
    found = table.get(key, "")
    if not isinstance(found, str):
        _wrong(f"{name}: {key}", "text", found)
    return found


def _refuse_unknown(table: Mapping[str, Any], known: Collection[str], where: str) -> None:
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, list(known), n=1, cutoff=0.5)
            raise UnreadableFormat(
                f"{where} has an unknown key", expected=" or ".join(near or known), found=repr(key), hint=_HINT
            )


def _wrong(where: str, expected: str, found: Any) -> Never:
    said = "nothing" if found is None else repr(found)[:60]
    raise UnreadableFormat(f"{where} is not what it should be", expected=expected, found=said, hint=_HINT)
