"""BCCD: whole fields with VOC boxes, masks of white cells, and one table of classes by field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any, Final

from buffycoat.errors import BuffycoatError, UnreadableFormat
from buffycoat.formats.annotated import AnnotatedCell, AnnotatedField, MaskFile, Refused
from buffycoat.formats.pictures import PictureFinder, size_of, split_of
from buffycoat.formats.source import Source, SourceFile
from buffycoat.formats.text import content_of, refuse, rows_of
from buffycoat.formats.voc import read_voc_file

__all__ = ["BCCD_PICTURE", "read_bccd"]

BCCD_PICTURE: Final = re.compile(r"(?:.*/)?BloodImage_(?P<number>[0-9]{5})\.jpe?g")
_LABELS: Final = re.compile(r"(?:.*/)?BloodImage_(?P<number>[0-9]{5})\.xml")
_MASK: Final = re.compile(r"(?:.*/)?BloodImage_Mask_(?P<number>[0-9]{5})\.png")
_TABLE: Final = "field_categories.csv"
_CELL: Final = "WBC"
_FACTS: Final[Mapping[str, Any]] = {"stain": "Gismo-right", "objective": "100x", "camera": "CCD color camera"}


def read_bccd(source: Source) -> Iterator[AnnotatedField | Refused]:
    """Read BCCD: the boxes of white cells in whole fields, with their masks and, where it is certain, their class.

    Boxes of red cells and platelets are passed over, with a note of how many; they are not complete in the set. The
    box says ``WBC`` and no more; the table of classes is by field. So a cell has a class (``filed``) only where its
    field has one word in the table and one such box; elsewhere a note has the words.

    Parameters
    ----------
    source : Source
        Pictures ``BloodImage_<number>.jpg`` and, of the same number in any folder, VOC files and
        ``BloodImage_Mask_<number>.png``; ``field_categories.csv`` with ``Image`` and ``Category``.

    Yields
    ------
    AnnotatedField or Refused
        By name of the picture, which the field is named after.

    References
    ----------
    Masks: Banik, Saha, Kim, Expert Systems with Applications 149 (2020) 113211. Their edges are smoothed, so the
    levels lie between black, gray (about 160) and white.
    """
    finder = PictureFinder(source)
    labels, masks = _by_number(source, _LABELS), _by_number(source, _MASK)
    words: Mapping[int, tuple[str, ...]] = {}
    for file in source.by_ending(_TABLE):
        try:
            words = _read_table(file)
        except BuffycoatError as error:
            yield refuse(file.name, error)
    for number, file in sorted(_by_number(source, BCCD_PICTURE).items()):
        try:
            told = labels.pop(number, None)
            yield _read_field(file, told, masks.get(number), words.get(number, ()), finder)
        except BuffycoatError as error:
            yield refuse(told.name if told is not None else file.name, error)
    for file in labels.values():
        yield refuse(file.name, UnreadableFormat(f"{file.name} has no picture", expected="one of the same number"))


def _by_number(source: Source, pattern: re.Pattern[str]) -> dict[int, SourceFile]:
    found = ((pattern.fullmatch(name), file) for name, file in source.files.items())
    return {int(match["number"]): file for match, file in found if match is not None}


def _read_field(
    picture: SourceFile,
    labels: SourceFile | None,
    mask: SourceFile | None,
    words: tuple[str, ...],
    finder: PictureFinder,
) -> AnnotatedField:
    notes: list[str] = []
    cells: tuple[AnnotatedCell, ...] = ()
    if labels is None:
        width, height = size_of(picture)
        field = AnnotatedField(name=picture.stem, cells=(), width_px=width, height_px=height)
        notes.append("no VOC file: cells without boxes")
    else:
        field = read_voc_file(labels, finder)
        cells = tuple(cell for cell in field.cells if cell.filed == _CELL)
        others = [cell.filed or "" for cell in field.cells if cell.filed != _CELL]
        notes += [f"{others.count(word)} boxes of {word} passed over" for word in sorted(set(others))]
        notes += field.notes
        if not cells:
            notes.append(f"no box of a {_CELL}")
    certain = len(words) == 1 and len(cells) == 1
    if words and not certain and cells:
        notes.append(f"{len(cells)} cells, and the table says {', '.join(words)}: no class taken")
    return replace(
        field,
        name=picture.stem,
        cells=tuple(replace(cell, filed=words[0] if certain else None) for cell in cells),
        picture=picture.name,
        split=split_of(picture.name),
        mask=None if mask is None else MaskFile(name=mask.name, nucleus_above=205, cell_above=80),
        notes=tuple(notes),
        **_FACTS,
    )


def _read_table(file: SourceFile) -> dict[int, tuple[str, ...]]:
    table: dict[int, tuple[str, ...]] = {}
    for line, row in rows_of(content_of(file), name=file.name):
        number, words = row.get("image", ""), row.get("category")
        if not number.isdecimal() or words is None or int(number) in table:
            raise UnreadableFormat(
                f"{PurePosixPath(file.name).name}, line {line}: no words of a field",
                expected="Image, a number that is there once, and Category",
                found=", ".join(row.values()),
            )
        table[int(number)] = tuple(word.strip() for word in words.split(",") if word.strip())
    return table
