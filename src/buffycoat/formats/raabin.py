"""Raabin's label files: one JSON file a photograph, with two experts' words for every box."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any, Final

import orjson

from buffycoat.domain.geometry import Box
from buffycoat.errors import BuffycoatError, InputError
from buffycoat.formats.annotated import AnnotatedCell, AnnotatedField, Refused
from buffycoat.formats.boxes import MOST_PIXELS
from buffycoat.formats.pictures import PictureFinder
from buffycoat.formats.raabin_checked import FACTS, NUMBER, Told, read_checked
from buffycoat.formats.slots import slots_of
from buffycoat.formats.source import Source
from buffycoat.formats.text import content_of, refuse

__all__ = ["MAX_RAABIN_BYTES", "raabin_schema", "read_raabin", "write_raabin"]

MAX_RAABIN_BYTES: Final = 16 * 2**20
"""Largest label file of one photograph that is read; the largest of the 17,769 released ones has 16 kB."""
_EXPERTS: Final = ("1", "2")
_KEYS: Final = tuple(f"Cell_{index}" for index in range(512))
# A file as Raabin writes it has so many quotation marks, and so many more for each cell and each word: one more, and a
# key is there twice, or is unknown, or is escaped.
_QUOTES, _QUOTES_A_CELL, _QUOTES_A_WORD = 26, 26, 2
# Values are frozen by a __setattr__ that their own __init__ must go round, one slow call a column. Writing the slots is
# three times as fast, which counts over tens of thousands of cells; what __post_init__ would check is checked here.
_LEFT, _TOP, _RIGHT, _BOTTOM = slots_of(Box)
_BOX, _WORDS, _FILED, _ORIGIN = slots_of(AnnotatedCell)
_FIELD: Final = slots_of(AnnotatedField)


def read_raabin(source: Source) -> Iterator[AnnotatedField | Refused]:
    """Read Raabin's label files: every JSON file of the source, each with the photograph of its stem if that is there.

    Coordinates are cut to whole pixels and sorted in pairs; a box without area is dropped and a box that leaves the
    frame is kept, both with a note. ``Cell_i`` keys are trusted, and a ``Cell Numbers`` that differs is noted. ``null``
    and ``"null"`` both say that an expert gave no word. Words are kept as they are spelled.

    A file is refused where it cannot be said what it means: no UTF-8 or JSON, a key missing or there twice, a
    coordinate that is no number, a word that is no text, or two cells of the same ``Cell_ID`` and the same box, since
    to keep both would count one cell twice, and to drop one would choose between the experts' words.

    Parameters
    ----------
    source : Source
        From ``open_source``.

    Yields
    ------
    AnnotatedField or Refused
        By name of the file. ``name`` is its path without ending, ``experts`` are ``("1", "2")``, ``smear`` is the
        ``Film ID``, ``diagnosis`` the ``Film Label``, ``objective`` the ``Zoom``, ``origin`` the ``Cell_ID``.

    References
    ----------
    Kouzehkanan et al., Scientific Reports 12:1123 (2022), "Data Records".
    """
    finder = PictureFinder(source)
    told = Told()
    for file in source.by_ending(".json"):
        name = file.name
        stem = name[:-5] if name.endswith(".json") or f"{name[:-5]}.json" not in source.files else name
        try:
            content = content_of(file, most=MAX_RAABIN_BYTES)
            picture, notes = finder.find(name) if finder else (None, ())
            yield _read_plain(content, stem, picture, notes, told) or read_checked(
                content, name, told, stem=stem, picture=picture, notes=notes
            )
        except BuffycoatError as error:
            yield refuse(name, error)


def _read_plain(
    content: bytes, name: str, picture: str | None, notes: tuple[str, ...], told: Told
) -> AnnotatedField | None:
    """Return the field of a file that is wholly as Raabin writes it, ``None`` at the least surprise.

    Words and facts are looked up among those that the careful reader has let pass; so they are checked once each, and
    kept once in memory.
    """
    new = object.__new__
    try:
        record = orjson.loads(content)
        facts = told.facts[tuple([record[key] for key in FACTS])]
        count = record[NUMBER]
        if type(count) is not int:
            return None
        quotes = _QUOTES + count * _QUOTES_A_CELL
        cells = []
        origins = set()
        for key in _KEYS[:count]:
            cell = record[key]
            x1, x2, y1, y2, origin = cell["x1"], cell["x2"], cell["y1"], cell["y2"], cell["Cell_ID"]
            words, said = told.words[cell["Label1"], cell["Label2"]]
            if type(origin) is not str or not origin or not (x1 + x2 + y1 + y2).isdecimal():
                return None
            left, right, top, bottom = int(x1), int(x2), int(y1), int(y2)
            if left >= right or top >= bottom or right > MOST_PIXELS or bottom > MOST_PIXELS:
                return None
            box = new(Box)
            _LEFT(box, left)
            _TOP(box, top)
            _RIGHT(box, right)
            _BOTTOM(box, bottom)
            made = new(AnnotatedCell)
            _BOX(made, box)
            _WORDS(made, words)
            _FILED(made, None)
            _ORIGIN(made, origin)
            cells.append(made)
            origins.add(origin)
            quotes += _QUOTES_A_WORD * said
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
    if len(origins) != count or content.count(b'"') != quotes:
        return None
    objective, stain, diagnosis, camera, microscope, smear = facts
    field = new(AnnotatedField)
    so_far = (name, tuple(cells), _EXPERTS, picture, False, None, None, None)
    rest = (smear, stain, diagnosis, microscope, camera, objective, None, notes)
    for put, held in zip(_FIELD, so_far + rest, strict=True):
        put(field, held)
    return field


def write_raabin(field: AnnotatedField) -> bytes:
    r"""Return a field as a label file in Raabin's own layout, byte for byte as the released ones are laid out.

    Coordinates are text and ``Microscop`` is spelled as there, so that programs written for Raabin read it. The layout
    has room for two experts, and for no class under which a set files a cell.

    Raises
    ------
    InputError
        More than two experts, a cell that has only a class, or a word that the layout cannot hold.

    Examples
    --------
    >>> cell = AnnotatedCell(box=Box(left=1, top=2, right=3, bottom=4), words=("Band", None), origin="7_1.bmp")
    >>> write_raabin(AnnotatedField(name="a", cells=(cell,), experts=("1", "2"), smear="95-5-4-1"))[:72]
    b'{"Cell_0": {"Label1": "Band", "Label2": null, "x1": "1", "x2": "3", "y1"'
    """
    if len(field.experts) > 2:
        raise InputError(f"{field.name} cannot be a Raabin file", expected="two experts", found=str(len(field.experts)))
    record: dict[str, Any] = {}
    for index, cell in enumerate(field.cells):
        if cell.filed is not None:
            raise InputError(
                f"{field.name}, cell {index} cannot be in a Raabin file",
                expected="words of experts",
                found=f"the class {cell.filed!r}, which no expert gave",
                hint="give the class as the word of an expert, or publish these cells in another format",
            )
        if any(word in ("", "null") for word in cell.words):
            raise InputError(
                f"{field.name}, cell {index} cannot be in a Raabin file", expected="words", found=repr(cell.words)
            )
        first, second = (*cell.words, None, None)[:2]
        box = cell.box
        sides = {"x1": str(box.left), "x2": str(box.right), "y1": str(box.top), "y2": str(box.bottom)}
        record[f"Cell_{index}"] = {"Label1": first, "Label2": second, **sides, "Cell_ID": cell.origin}
    told = (field.objective, field.stain, field.diagnosis, field.camera, field.microscope, field.smear)
    record.update(zip(FACTS, told, strict=True))
    record[NUMBER] = len(field.cells)
    return json.dumps(record).encode()


@cache
def _schema() -> bytes:
    return resources.files("buffycoat.formats").joinpath("raabin.schema.json").read_bytes()


def raabin_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of Raabin's label files, which all 17,769 released ones obey.

    Examples
    --------
    >>> raabin_schema()["required"][4]
    'Microscop'
    """
    schema: dict[str, Any] = orjson.loads(_schema())
    return schema
