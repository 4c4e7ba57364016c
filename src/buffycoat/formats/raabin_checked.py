"""The careful reader of Raabin's label files: slower, and it says what is wrong, in which file and under which key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from buffycoat.domain.geometry import Box
from buffycoat.errors import UnreadableFormat
from buffycoat.formats.annotated import AnnotatedCell, AnnotatedField
from buffycoat.formats.boxes import number_at, tidy_box
from buffycoat.formats.text import kind_of, parse_json, text_at

__all__ = ["FACTS", "NUMBER", "Told", "read_checked"]

FACTS: Final = ("Zoom", "Stain Method", "Film Label", "Camera", "Microscop", "Film ID")
"""What a file says of the smear and the set-up, in the order of the released files."""
NUMBER: Final = "Cell Numbers"
_SIDES: Final = ("x1", "y1", "x2", "y2")
_CELL: Final = ("Label1", "Label2", *_SIDES, "Cell_ID")
_KEY: Final = re.compile(r"Cell_(0|[1-9][0-9]{0,8})")
_WORDS: Final = ("Label1", "Label2")

Facts = tuple[str | None, ...]
Words = tuple[str | None, str | None]


class Told:
    """What the files of a source have told so far, each once: facts of smears, and pairs of words.

    Attributes
    ----------
    facts : dict
        Values of ``FACTS`` as a file holds them, to what is kept of them.
    words : dict
        Both labels as a file holds them, to the words, and to how many of the two labels are text in the file.
    """

    def __init__(self) -> None:
        self.facts: dict[Facts, Facts] = {}
        self.words: dict[Words, tuple[Words, int]] = {}


def read_checked(
    content: bytes, name: str, told: Told, *, stem: str, picture: str | None, notes: tuple[str, ...]
) -> AnnotatedField:
    """Read one label file, whatever it holds.

    Parameters
    ----------
    content : bytes
        The file.
    name, stem : str
        What to call it in an error, and its name as a field.
    told : Told
        What earlier files told; it is added to.
    picture : str or None
        The photograph.
    notes : tuple of str
        Notes of the caller, which come first.

    Raises
    ------
    UnreadableFormat
        With file, key, what was expected and what was found.
    """
    record = parse_json(content, name=name)
    if not isinstance(record, dict):
        raise UnreadableFormat(f"{name} is no label file", expected="an object", found=kind_of(record))
    if not any(key in record for key in (*FACTS, NUMBER)):
        raise UnreadableFormat(
            f"{name} is no Raabin label file",
            expected=f"the keys {', '.join(repr(key) for key in (*FACTS, NUMBER))}",
            found=", ".join(repr(key) for key in list(record)[:8]) or "an empty object",
        )
    facts = tuple(_filled(text_at(record, key, name)) for key in FACTS)
    if NUMBER not in record:
        raise UnreadableFormat(f"{name}: {NUMBER!r} is missing", expected="the number of cells", found="no such key")
    as_held = tuple(record[key] for key in FACTS)
    facts = told.facts.setdefault(as_held, facts)
    keys = sorted((key for key in record if _KEY.fullmatch(key)), key=lambda key: int(key[5:]))
    put_right = [*notes, *_odd_keys(record, keys)]
    if type(record[NUMBER]) is not int or record[NUMBER] != len(keys):
        put_right.append(f"{NUMBER!r} is {_shown(record[NUMBER])}, and there are {len(keys)} cells")
    cells: list[AnnotatedCell] = []
    seen: dict[str, tuple[str, set[Box]]] = {}
    for key in keys:
        cell = _read_cell(record[key], f"{name}, {key}", told, put_right)
        if cell is not None:
            _note_repeat(cell, key, seen, name=name, notes=put_right)
            cells.append(cell)
    return AnnotatedField(
        name=stem,
        cells=tuple(cells),
        experts=("1", "2"),
        picture=picture,
        smear=facts[5],
        stain=facts[1],
        diagnosis=facts[2],
        microscope=facts[4],
        camera=facts[3],
        objective=facts[0],
        notes=tuple(put_right),
    )


def _read_cell(record: Any, where: str, told: Told, notes: list[str]) -> AnnotatedCell | None:
    if not isinstance(record, dict):
        raise UnreadableFormat(f"{where} is no cell", expected="an object", found=kind_of(record))
    key = where.rpartition(", ")[2]
    held = text_at(record, "Label1", where), text_at(record, "Label2", where)
    origin = _filled(text_at(record, "Cell_ID", where))
    missing = [side for side in _SIDES if side not in record]
    if missing:
        raise UnreadableFormat(
            f"{where}: {', '.join(repr(side) for side in missing)} missing",
            expected="x1, y1, x2 and y2",
            found=", ".join(repr(name) for name in record),
        )
    x1, y1, x2, y2 = (int(number_at(record[side], f"{where}, {side!r}")) for side in _SIDES)
    notes.extend(f"{key}: {name!r} is no key of a cell, passed over" for name in record if name not in _CELL)
    notes.extend(f"{key}: {name!r} is empty text, taken as no word" for name in _WORDS if record[name] == "")
    box, odd = tidy_box((x1, y1, x2, y2), key)
    notes.extend(odd)
    first, second = (None if word == "null" else _filled(word) for word in held)
    said = sum(word is not None for word in held)
    words = ((first, second), said) if "" in held else told.words.setdefault(held, ((first, second), said))
    return None if box is None else AnnotatedCell(box=box, words=words[0], origin=origin)


def _note_repeat(
    cell: AnnotatedCell, key: str, seen: dict[str, tuple[str, set[Box]]], *, name: str, notes: list[str]
) -> None:
    """Note a ``Cell_ID`` that is there twice; refuse it with the same box: that is one cell, counted twice."""
    if cell.origin is None:
        return
    first, boxes = seen.setdefault(cell.origin, (key, set()))
    if cell.box in boxes:
        raise UnreadableFormat(
            f"{name}, {key}: the cell of {first} is there again",
            expected="every cell once",
            found=f"the same 'Cell_ID' {cell.origin!r} and the same box",
            hint="take one of the two out of the file: which words are right cannot be told from it",
        )
    if boxes:
        notes.append(f"{key}: 'Cell_ID' {cell.origin!r} is that of {first}, too; the boxes differ")
    boxes.add(cell.box)


def _odd_keys(record: Mapping[str, Any], cells: list[str]) -> list[str]:
    known = {*FACTS, NUMBER, *cells}
    odd = [f"{key!r} is no key of a label file, passed over" for key in record if key not in known]
    if cells and int(cells[-1][5:]) != len(cells) - 1:
        odd.append(f"cells are not numbered through: {len(cells)} of them, the last is {cells[-1]}")
    return odd


def _filled(word: str | None) -> str | None:
    return word or None


def _shown(found: Any) -> str:
    return str(found) if isinstance(found, (int, float)) and not isinstance(found, bool) else kind_of(found)
