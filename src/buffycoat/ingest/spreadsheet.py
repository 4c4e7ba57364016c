"""Metadata out to a spreadsheet and back: one row a photograph, and what a person changed in it."""

from __future__ import annotations

import csv
import difflib
import io
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Final, Literal

from buffycoat.domain.smear import AgeBand, Capture, Diagnosis, FieldOfView, Sex, Smear, Stain
from buffycoat.domain.value import Scalar
from buffycoat.errors import InvalidMetadata
from buffycoat.formats.columns import Column as TextColumn
from buffycoat.formats.columns import mark_text
from buffycoat.formats.spreadsheets import write_xlsx
from buffycoat.ingest.columns import COLUMNS
from buffycoat.ingest.table_lines import read_table, same_name

__all__ = ["metadata_rows", "metadata_table", "smear_corrections", "table_corrections"]

Row = Mapping[str, str | None]

_COLUMNS: Final = {column.name: column for column in COLUMNS}
_NAME: Final = {"smear": "code", "site": "site"}
_FACTS: Final[Mapping[str, type[StrEnum] | None]] = {
    "stain": Stain,
    "diagnosis": Diagnosis,
    "subject": None,
    "sex": Sex,
    "age_band": AgeBand,
    "ethics": None,
}
_NOTHING: Final = "\0"
_SETUP: Final = ("microscope", "objective", "camera", "um_per_px", "turns")


def metadata_rows(
    fields: Sequence[FieldOfView], *, smears: Mapping[str, Smear], captures: Mapping[str, Capture]
) -> tuple[Row, ...]:
    """Return what is recorded of photographs, as it stands in a metadata table; unknown facts are empty.

    Parameters
    ----------
    fields : sequence of FieldOfView
        The photographs.
    smears, captures : mapping
        By id: those that the photographs name.

    Returns
    -------
    tuple of mapping of str to (str or None)
        A row a photograph. ``file`` is the name that it came with, or its id where two came with one name, or none.
    """
    names = Counter(field.origin for field in fields)
    rows = []
    for field in fields:
        told = {**_recorded(smears[field.smear_id]), **_recorded_setup(captures[field.capture_id])}
        told["file"] = field.origin if field.origin and names[field.origin] == 1 else field.id
        rows.append({name: _spell(told[name]) for name in _COLUMNS})
    return tuple(rows)


def metadata_table(rows: Sequence[Row], *, kind: Literal["csv", "xlsx"] = "xlsx") -> bytes:
    """Return a metadata table that ``read_metadata`` reads, and ``table_corrections`` after a person changed it.

    Parameters
    ----------
    rows : sequence of mapping
        From ``metadata_rows``.
    kind : {"csv", "xlsx"}
        CSV has a byte order mark, without which spreadsheets take UTF-8 for something else.

    Returns
    -------
    bytes
        The file; no cell of it is taken for a formula, a number or a date.

    Examples
    --------
    >>> row = dict.fromkeys(["stain", "site"], None)
    >>> metadata_table([{"file": "a.jpg", "smear": "-7", **row}], kind="csv").decode("utf-8-sig").splitlines()[1]
    "a.jpg,'-7,,,,,,,,,,,,"
    """
    told = [{name: row.get(name) for name in _COLUMNS} for row in rows]
    if kind == "xlsx":
        return write_xlsx(told, [TextColumn(name=name) for name in _COLUMNS], title="photographs")
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows([mark_text(cell) if cell else "" for cell in row.values()] for row in told)
    return text.getvalue().encode("utf-8-sig")


def smear_corrections(before: Smear, row: Row, *, capture: Capture, where: str = "row") -> Mapping[str, str | None]:
    """Return what a row of a table says otherwise of a smear than is recorded.

    Parameters
    ----------
    before : Smear
        As recorded.
    row : mapping of str to (str or None)
        By column. A column that is missing says nothing; an empty cell says that the fact is unknown, and nothing in a
        column of the set-up, the code or the site.
    capture : Capture
        The set-up that took the photograph.
    where : str
        Table and line, for an error.

    Returns
    -------
    mapping of str to (str or None)
        New values by fact: stain, diagnosis, subject, sex, age_band, ethics_reference. Empty where nothing changed.

    Raises
    ------
    InvalidMetadata
        A value outside its list; another code, site or set-up.

    Examples
    --------
    >>> smear_corrections(Smear(id="s1", code="7"), {"smear": "7", "stain": "Giemsa"}, capture=Capture(id="c1"))
    {'stain': 'giemsa'}
    """
    changed: dict[str, str | None] = {}
    now = {name: _read(name, word, where) for name, word in row.items() if name in _COLUMNS}
    _refuse_changed(now, _recorded(before), tuple(_NAME), where, of="smear")
    _refuse_changed(now, _recorded_setup(capture), _SETUP, where, of="set-up")
    recorded = _recorded(before)
    for name, kind in _FACTS.items():
        if name in now and now[name] != recorded[name]:
            fact = now[name]
            unknown = None if kind is None else str(kind("unknown"))
            changed[_COLUMNS[name].field] = unknown if fact is None else str(fact)
    return changed


def table_corrections(
    content: bytes,
    *,
    name: str,
    fields: Sequence[FieldOfView],
    smears: Mapping[str, Smear],
    captures: Mapping[str, Capture],
    superseded: Mapping[tuple[str, str], Collection[str | None]] | None = None,
) -> Mapping[str, Mapping[str, str | None]]:
    """Return what a table that came back says otherwise of smears than is recorded.

    A cell that was changed in one row of a smear holds for the smear. Rows may have been left out, columns too.

    Parameters
    ----------
    content : bytes
        The table: .xlsx, or CSV.
    name : str
        What to call it in an error.
    fields : sequence of FieldOfView
        The photographs that it may name: those from which it was made.
    smears, captures : mapping
        By id, as recorded.
    superseded : mapping of (str, str) to collection of (str or None), optional
        What was recorded earlier, by smear and fact. Where one row says the present value and others an earlier one,
        the table is older than the correction, or comes in a second time, and nothing is changed.

    Returns
    -------
    mapping of str to mapping
        Changed facts by the id of the smear, as ``smear_corrections`` gives them; smears that stay are not named.

    Raises
    ------
    InvalidMetadata
        As ``smear_corrections``; a photograph that is not there or stands twice; two rows that change a fact of one
        smear to different values.
    UnreadableFormat
        As ``read_metadata``.
    """
    files = [str(row["file"]) for row in metadata_rows(fields, smears=smears, captures=captures)]
    known = dict(zip(map(same_name, files), fields, strict=True))
    columns, rows = read_table(content, name=name)
    lines: dict[str, int] = {}
    corrections: dict[str, dict[str, str | None]] = {}
    said: dict[tuple[str, str], int] = {}
    present: set[tuple[str, str]] = set()
    for line, cells in rows:
        where = f"{name}, line {line}"
        row = {column.name: cell or None for column, cell in zip(columns, cells, strict=True)}
        field = _find(row["file"] or "", known, where)
        if lines.setdefault(field.id, line) != line:
            found = f"{row['file']}, which stands in line {lines[field.id]} too"
            raise InvalidMetadata(f"{where}, column file: a file stands twice", expected="each file once", found=found)
        smear = smears[field.smear_id]
        changed = smear_corrections(smear, row, capture=captures[field.capture_id], where=where)
        present |= {(smear.id, _COLUMNS[fact].field) for fact in _FACTS if _COLUMNS[fact].field not in changed}
        for fact, now in changed.items():
            of_smear = corrections.setdefault(smear.id, {})
            first = said.setdefault((smear.id, fact), line)
            if of_smear.setdefault(fact, now) != now:
                raise InvalidMetadata(
                    f"{where}: {fact} of smear {smear.code} is changed to two values",
                    expected=f"{of_smear[fact] or 'nothing'}, as in line {first}",
                    found=now or "nothing",
                )
    for smear_id, fact in present & set(superseded or {}):
        if superseded and corrections.get(smear_id, {}).get(fact, _NOTHING) in superseded[smear_id, fact]:
            del corrections[smear_id][fact]
    return {smear_id: facts for smear_id, facts in corrections.items() if facts}


def _recorded(smear: Smear) -> dict[str, Scalar]:
    """Return what is recorded of a smear by column, unknown facts as ``None``."""
    names = {**_NAME, **{name: _COLUMNS[name].field for name in _FACTS}}
    return {name: _known(getattr(smear, field)) for name, field in names.items()}


def _recorded_setup(capture: Capture) -> dict[str, Scalar]:
    return {name: _known(getattr(capture, _COLUMNS[name].field)) for name in _SETUP}


def _known(fact: Scalar) -> Scalar:
    """Return a fact as it is compared: text without outer spaces, ``None`` where it is unknown."""
    if not isinstance(fact, str):
        return fact
    word = str(fact).strip()
    return None if word in ("", "unknown") else word


def _spell(fact: Scalar) -> str | None:
    if isinstance(fact, float) and fact.is_integer():
        return str(int(fact))
    return None if fact is None else str(fact)


def _read(name: str, word: str | None, where: str) -> Scalar:
    column = _COLUMNS[name]
    return _known(column.read(word, f"{where}, column {name}")) if word else None


def _refuse_changed(
    now: Mapping[str, Scalar], recorded: Mapping[str, Scalar], names: Sequence[str], where: str, *, of: str
) -> None:
    """Refuse another name of a smear, or another set-up; an empty cell says nothing of them."""
    for name in names:
        if now.get(name) not in (None, recorded[name]):
            raise InvalidMetadata(
                f"{where}, column {name}: a table cannot change it",
                expected=_spell(recorded[name]) or "an empty cell, as it is unknown",
                found=_spell(now[name]) or "",
                hint=_WHY[of],
            )


_WHY: Final = {
    "smear": "code and site are the name of a smear, and stay: to record it under another name, take its photographs "
    "into a new workspace",
    "set-up": "a table corrects smears: microscope, objective, camera and scale are corrected in the studio, on the "
    "page of photographs' facts; turns stay, as boxes rest on them",
}


def _find(word: str, known: Mapping[str, FieldOfView], where: str) -> FieldOfView:
    field = known.get(same_name(word))
    if field is None:
        near = difflib.get_close_matches(same_name(word), list(known), n=1, cutoff=0.5)
        expected = f"{near[0]!r}?" if near else "the name of a photograph, as it stood in the table"
        raise InvalidMetadata(f"{where}, column file: no such photograph", expected=expected, found=repr(word))
    return field
