"""The table that says which photograph shows which smear, and what took it.

Everything is checked before anything is taken in: a value outside its list is refused with the line and the list, and
so is a column that would name a person.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from buffycoat.domain.smear import AgeBand, Diagnosis, Sex, Stain
from buffycoat.domain.value import value
from buffycoat.errors import InvalidMetadata
from buffycoat.ingest.columns import Column
from buffycoat.ingest.table_lines import read_table, same_name

__all__ = ["Record", "read_metadata"]

_OF_THE_SMEAR: Final = ("stain", "diagnosis", "site", "subject", "sex", "age_band", "ethics_reference")


@value
class Record:
    """What is known about one photograph: its smear, and the set-up that took it.

    ``smear`` is the code on the slide, ``None`` where neither the table nor the command line says it; ``camera`` is
    ``None`` where it is to be taken from EXIF.
    """

    smear: str | None = None
    stain: Stain = Stain.UNKNOWN
    diagnosis: Diagnosis = Diagnosis.UNKNOWN
    site: str = "unknown"
    subject: str | None = None
    sex: Sex = Sex.UNKNOWN
    age_band: AgeBand = AgeBand.UNKNOWN
    ethics_reference: str | None = None
    microscope: str = "unknown"
    objective_magnification: float | None = None
    camera: str | None = None
    micrometres_per_pixel: float | None = None
    quarter_turns: int = 0


def read_metadata(
    content: bytes, *, name: str, files: Collection[str], default: Record | None = None
) -> Mapping[str, Record]:
    r"""Read a table of metadata, a spreadsheet or CSV: one row for each photograph.

    Parameters
    ----------
    content : bytes
        The table: .xlsx, or UTF-8 with cells separated by comma, semicolon or tab. Its first line names the columns:
        ``file``, and any of ``smear``, ``stain``, ``diagnosis``, ``site``, ``subject``, ``sex``, ``age_band``,
        ``ethics``, ``microscope``, ``objective``, ``camera``, ``um_per_px``, ``turns``.
    name : str
        What to call the table in an error.
    files : collection of str
        The names of the photographs, from the listing.
    default : Record, optional
        What holds where a column is missing or a cell is empty.

    Returns
    -------
    mapping of str to Record
        By the name of the file, in the order of ``files``.

    Raises
    ------
    InvalidMetadata
        With line, column, what was expected and what was found.
    UnreadableFormat
        No spreadsheet, or a cell that a spreadsheet may have changed, such as a date.

    Examples
    --------
    >>> table = "file,smear,stain,objective\na.jpg,95-8-27-1,Giemsa,100x\n".encode()
    >>> record = read_metadata(table, name="smears.csv", files=["a.jpg"])["a.jpg"]
    >>> record.smear, record.stain.value, record.objective_magnification
    ('95-8-27-1', 'giemsa', 100.0)
    """
    columns, rows = read_table(content, name=name)
    known = {same_name(file): file for file in files}
    records: dict[str, Record] = {}
    lines: dict[str, int] = {}
    smears: dict[str, tuple[Record, int]] = {}
    for line, row in rows:
        where = f"{name}, line {line}"
        cells = {column.field: (column, word) for column, word in zip(columns, row, strict=True)}
        file = _file(cells.pop("file")[1], known, where=f"{where}, column file")
        if file in records:
            found = f"{file}, which stands in line {lines[file]} too"
            raise InvalidMetadata(f"{where}, column file: a file stands twice", expected="each file once", found=found)
        record = _record(cells, default or Record(), where)
        if record.smear is not None:
            _check_smear(record, *smears.setdefault(record.smear, (record, line)), where)
        records[file], lines[file] = record, line
    if missing := [file for file in files if file not in records]:
        raise InvalidMetadata(
            f"{name} does not describe every photograph",
            expected=f"{len(files)} rows, one for each photograph",
            found=f"no row for {_some(missing)}",
        )
    return {file: records[file] for file in files}


def _file(word: str, known: Mapping[str, str], *, where: str) -> str:
    file = known.get(same_name(word))
    if file is None:
        near = difflib.get_close_matches(same_name(word), list(known), n=1, cutoff=0.5)
        expected = f"{known[near[0]]!r}?" if near else "the name of a photograph"
        raise InvalidMetadata(f"{where}: no such photograph", expected=expected, found=repr(word))
    return file


def _record(cells: Mapping[str, tuple[Column, str]], default: Record, where: str) -> Record:
    """Read the cells that are not empty into a copy of the default."""
    known: dict[str, Any] = {
        field: column.read(word, f"{where}, column {column.name}") for field, (column, word) in cells.items() if word
    }
    return replace(default, **known)


def _check_smear(record: Record, first: Record, line: int, where: str) -> None:
    """Refuse two stains, diagnoses or persons for one smear."""
    for field in _OF_THE_SMEAR:
        before, now = getattr(first, field), getattr(record, field)
        if before != now:
            raise InvalidMetadata(
                f"{where}: smear {record.smear} has two values of {field}",
                expected=f"{before}, as in line {line}",
                found=str(now),
            )


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + f" and {len(names) - 3} more" * (len(names) > 3)
