"""The table that says which photograph shows which smear, and what took it.

Everything is checked before anything is taken in: a value outside its list is refused with the line and the list, and
so is a column that would name a person.
"""

from __future__ import annotations

import csv
import difflib
import io
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from buffycoat.domain.smear import AgeBand, Diagnosis, Sex, Stain
from buffycoat.domain.value import value
from buffycoat.errors import InvalidMetadata
from buffycoat.ingest.columns import Column, find_column

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
    r"""Read a table of metadata: one row for each photograph, columns separated by comma, semicolon or tab.

    Parameters
    ----------
    content : bytes
        The table in UTF-8. Its first line names the columns: ``file``, and any of ``smear``, ``stain``, ``diagnosis``,
        ``site``, ``subject``, ``sex``, ``age_band``, ``ethics``, ``microscope``, ``objective``, ``camera``,
        ``um_per_px``, ``turns``.
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

    Examples
    --------
    >>> table = "file,smear,stain,objective\na.jpg,95-8-27-1,Giemsa,100x\n".encode()
    >>> record = read_metadata(table, name="smears.csv", files=["a.jpg"])["a.jpg"]
    >>> record.smear, record.stain.value, record.objective_magnification
    ('95-8-27-1', 'giemsa', 100.0)
    """
    rows = _rows(_decode(content, name), name)
    line, header = next(rows, (1, [""]))
    columns = _columns(header, where=f"{name}, line {line}")
    known = {_same(file): file for file in files}
    records: dict[str, Record] = {}
    lines: dict[str, int] = {}
    smears: dict[str, tuple[Record, int]] = {}
    for line, row in rows:
        where = f"{name}, line {line}"
        if len(row) != len(columns):
            raise InvalidMetadata(
                f"{where} is of another length", expected=f"{len(columns)} cells", found=str(len(row))
            )
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


def _rows(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that hold anything, with the line on which each ends; cells stripped of spaces."""
    head = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count))
    try:
        for row in reader:
            cells = [word.strip() for word in row]
            if any(cells):
                yield reader.line_num, cells
    except csv.Error as error:
        where = f"{name}, line {reader.line_num}"
        raise InvalidMetadata(f"{where} cannot be read", expected="a table", found=str(error)) from error


def _columns(header: Sequence[str], *, where: str) -> list[Column]:
    columns = [find_column(word, where=where) for word in header]
    names = [column.name for column in columns]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise InvalidMetadata(f"{where}: a column stands twice", expected="each column once", found=", ".join(twice))
    if "file" not in names:
        found = ", ".join(header) or "an empty table"
        raise InvalidMetadata(f"{where}: no column file", expected="file, the name of the photograph", found=found)
    return columns


def _same(name: str) -> str:
    """Return the form in which names are compared: composed letters, forward slashes."""
    return unicodedata.normalize("NFC", name).replace("\\", "/").removeprefix("./")


def _file(word: str, known: Mapping[str, str], *, where: str) -> str:
    file = known.get(_same(word))
    if file is None:
        near = difflib.get_close_matches(_same(word), list(known), n=1, cutoff=0.5)
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
