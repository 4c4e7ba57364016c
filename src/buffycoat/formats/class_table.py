"""The table that says of which class each picture of a folder is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Final

from buffycoat.domain.value import value
from buffycoat.errors import BuffycoatError, UnreadableFormat
from buffycoat.formats.annotated import Refused
from buffycoat.formats.delimited import read_delimited
from buffycoat.formats.source import Source, SourceFile
from buffycoat.formats.text import content_of, refuse

__all__ = ["ClassTable", "Told", "find_class_table", "match_pictures"]

_FILE_COLUMNS: Final = ("file", "filename", "image", "imagename", "picture", "crop", "cropname", "path", "name")
_CLASS_COLUMNS: Final = ("class", "classname", "label", "type", "celltype", "category", "term")
"""Names of columns, without blanks, dashes and underscores; the first that is there is read."""


@value
class ClassTable:
    """A table's name in its source, and of each row the line, the picture as it is named there, and the class."""

    name: str
    rows: tuple[tuple[int, str, str | None], ...]


@value
class Told:
    """What a table says of one picture: its class, and what is to be noted."""

    filed: str | None = None
    notes: tuple[str, ...] = ()


def find_class_table(source: Source) -> tuple[ClassTable | None, tuple[Refused, ...]]:
    r"""Return the one table of a source that has a column of files and one of classes.

    Parameters
    ----------
    source : Source
        Its files that end in .csv or .tsv are looked into.

    Returns
    -------
    tuple of ClassTable or None, and tuple of Refused
        The table; without it, what is wrong with each that is there.

    Examples
    --------
    >>> content = b"Image Name;Type\na.png;Band\n"
    >>> file = SourceFile(name="t.csv", size=len(content), read=lambda most: content)
    >>> find_class_table(Source("set", iter([file])))[0]
    ClassTable(name='t.csv', rows=((2, 'a.png', 'Band'),))
    """
    found: list[ClassTable] = []
    refused: list[Refused] = []
    for file in source.by_ending(".csv", ".tsv"):
        try:
            found.append(_read(file))
        except BuffycoatError as error:
            refused.append(refuse(file.name, error))
    if len(found) == 1:
        return found[0], ()
    names = ", ".join(table.name for table in found)
    for table in found:
        several = UnreadableFormat("several tables tell the classes", expected="one", found=names)
        refused.append(refuse(table.name, several))
    return None, tuple(refused)


def match_pictures(table: ClassTable, pictures: Iterable[str]) -> tuple[dict[str, Told], tuple[Refused, ...]]:
    """Return what a table says of each picture, and the rows that name no picture, or several, or one twice.

    Parameters
    ----------
    table : ClassTable
        It may name a picture from the source down, from its own folder down, or without folders; with ending or
        without.
    pictures : iterable of str
        Their names in the source.

    Returns
    -------
    tuple of dict and tuple of Refused
        By name of the picture. A picture that has two classes gets none.

    Examples
    --------
    >>> table = ClassTable(name="t.csv", rows=((2, "a.png", "Band"), (3, "b", "Burst")))
    >>> told, refused = match_pictures(table, ["crops/a.png"])
    >>> told["crops/a.png"].filed, refused[0].message
    ('Band', "t.csv, line 3: 'b': expected the name of one picture, found no such picture")
    """
    told: dict[str, Told] = {}
    lines: dict[str, int] = {}
    names: dict[str, list[str]] = {}
    for picture in pictures:
        told[picture] = Told(notes=(f"{table.name} does not name it",))
        path = PurePosixPath(picture)
        for key in {picture, path.name, str(path.with_suffix("")), path.stem}:
            names.setdefault(key, []).append(picture)
    folder = PurePosixPath(table.name).parent
    refused = []
    for line, wanted, filed in table.rows:
        found = names.get(str(folder / wanted)) or names.get(wanted) or names.get(PurePosixPath(wanted).name) or []
        if len(found) != 1:
            shown = ", ".join(found[:3]) or "no such picture"
            refused.append(_refused(table.name, line, repr(wanted), "the name of one picture", shown))
            continue
        (picture,) = found
        seen = told[picture]
        if picture in lines and seen.filed != filed:
            expected = f"{seen.filed or 'none'}, as on line {lines[picture]}"
            refused.append(_refused(table.name, line, f"{picture} has two classes", expected, filed or "none"))
            told[picture] = Told(notes=(f"{table.name} gives it two classes",))
            continue
        twice = (f"{table.name} names it twice",) if picture in lines else ()
        told[picture] = Told(filed=filed, notes=twice if filed else (*twice, f"{table.name} gives it no class"))
        lines[picture] = line
    return told, tuple(refused)


def _refused(table: str, line: int, what: str, expected: str, found: str) -> Refused:
    return refuse(table, UnreadableFormat(f"{table}, line {line}: {what}", expected=expected, found=found))


def _read(file: SourceFile) -> ClassTable:
    lines = read_delimited(content_of(file), name=file.name)
    line, header = next(lines, (1, []))
    names = [re.sub(r"[\s_-]", "", word).casefold() for word in header]
    places = []
    for wanted, columns in (("files", _FILE_COLUMNS), ("classes", _CLASS_COLUMNS)):
        column = next((column for column in columns if column in names), None)
        if column is None or names.count(column) > 1:
            raise UnreadableFormat(
                f"{file.name}, line {line}: {'no column' if column is None else 'two columns'} of {wanted}",
                expected=f"one of {', '.join(columns)}",
                found=", ".join(header) or "an empty table",
            )
        places.append(names.index(column))
    rows = []
    for line, row in lines:
        wanted, filed = (row[place].strip() for place in places)
        if wanted:
            rows.append((line, wanted.replace("\\", "/").removeprefix("./"), filed or None))
        elif any(cell.strip() for cell in row):
            raise UnreadableFormat(f"{file.name}, line {line} names no picture", expected="a name", found="nothing")
    return ClassTable(name=file.name, rows=tuple(rows))
