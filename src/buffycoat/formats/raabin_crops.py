"""Raabin's folders of crops: one picture a cell, filed under its class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Final

from buffycoat.domain.value import value
from buffycoat.errors import BuffycoatError, UnreadableFormat
from buffycoat.formats.annotated import AnnotatedField, Refused
from buffycoat.formats.pictures import crop_field, named_pictures
from buffycoat.formats.raabin_names import CropName, parse_crop_name
from buffycoat.formats.source import Source, SourceFile
from buffycoat.formats.text import content_of, refuse, rows_of

__all__ = ["LABELS_TABLE", "read_raabin_crops"]

LABELS_TABLE: Final = "labels.csv"
_FILE_COLUMNS: Final = ("file", "name", "filename")
_FILM_COLUMNS: Final = ("film_id", "film", "film id")
_NOT_CLASSES: Final = frozenset({"images", "image", "crops", "cells"})


@value
class _Row:
    """What a table of labels says of a crop."""

    words: tuple[str | None, str | None] | None
    film: str | None


def read_raabin_crops(source: Source) -> Iterator[AnnotatedField | Refused]:
    """Read a folder of Raabin's crops: pictures under folders of classes, at any depth.

    A folder such as ``Train``, ``TestA`` or ``Test-B`` above the classes is taken as the split. Where a ``labels.csv``
    lies in the source, with the columns ``file`` (or ``name``), ``label1`` and ``label2``, the words of the two experts
    are taken from it.

    The film is read from the name ``<Film ID>_<photograph>_<cell>``. A name that begins with the date is of the
    basophil series: all of it is one smear of one person, over several days, so its year names it (or the table's
    ``film_id``) and not its day, which would put one smear on both sides of a split by film.

    Parameters
    ----------
    source : Source
        From ``open_source``.

    Yields
    ------
    AnnotatedField or Refused
        By name of the picture. One cell each, whose box is the whole crop; ``filed`` is the class folder, ``origin`` is
        the ``Cell_ID`` that the label files have for the cell, or else the name of the crop.
    """
    tables, refused = _tables(source)
    yield from refused
    for name, file in named_pictures(source):
        try:
            yield _read_crop(name, file, tables)
        except BuffycoatError as error:
            yield refuse(file.name, error)


def _read_crop(name: str, file: SourceFile, tables: Mapping[str, Mapping[str, _Row]]) -> AnnotatedField:
    path = PurePosixPath(file.name)
    table = next((tables[above] for above in map(str, path.parents) if above in tables), None)
    row = None if table is None else table.get(path.name)
    parsed = parse_crop_name(path.name)
    folder = path.parent.name
    notes = []
    if table is not None and row is None:
        notes.append(f"{LABELS_TABLE} has no row for it")
    if parsed is None:
        notes.append("the name tells neither film nor photograph")
    if row is not None and row.film and parsed is not None and parsed.film not in (None, row.film):
        notes.append(f"{LABELS_TABLE} says film {row.film!r}, the name says {parsed.film!r}: the name is taken")
    words = row.words if row is not None and row.words is not None else None
    field = crop_field(
        file,
        name=name,
        filed=folder if folder and folder.casefold() not in _NOT_CLASSES else None,
        words=words or (),
        origin=(parsed.cell_id if parsed is not None else None) or path.name,
    )
    if field.split == folder:
        field = replace(field, cells=(replace(field.cells[0], filed=None),))
    return replace(field, experts=("1", "2") if words is not None else (), smear=_film(parsed, row), notes=tuple(notes))


def _film(parsed: CropName | None, row: _Row | None) -> str | None:
    if parsed is not None and parsed.film is not None:
        return parsed.film
    if row is not None and row.film:
        return row.film
    return None if parsed is None else f"series {parsed.photograph[:4]}"


def _tables(source: Source) -> tuple[dict[str, dict[str, _Row]], list[Refused]]:
    """Return the tables of labels by the folder that they lie in; those that cannot be read are refused whole."""
    tables: dict[str, dict[str, _Row]] = {}
    refused = []
    for file in source.by_ending(LABELS_TABLE):
        path = PurePosixPath(file.name)
        if path.name.casefold() == LABELS_TABLE:
            try:
                tables[str(path.parent)] = _read_table(file)
            except BuffycoatError as error:
                refused.append(refuse(file.name, error))
    return tables, refused


def _read_table(file: SourceFile) -> dict[str, _Row]:
    rows: dict[str, _Row] = {}
    for line, cells in rows_of(content_of(file), name=file.name):
        column = next((name for name in _FILE_COLUMNS if name in cells), None)
        if column is None:
            raise UnreadableFormat(
                f"{file.name}, line 1: no column names the crop", expected="file", found=", ".join(cells)
            )
        crop = PurePosixPath(cells[column]).name
        if crop in rows:
            raise UnreadableFormat(f"{file.name}, line {line}: {crop} is there twice", expected="one row a crop")
        both = "label1" in cells and "label2" in cells
        words = (_word(cells["label1"]), _word(cells["label2"])) if both else None
        film = next((cells[name] for name in _FILM_COLUMNS if cells.get(name)), None)
        rows[crop] = _Row(words=words, film=film)
    return rows


def _word(cell: str) -> str | None:
    return None if cell in ("", "null") else cell
