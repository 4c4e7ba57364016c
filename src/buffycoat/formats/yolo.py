"""YOLO: one text file a picture, a line a box, in shares of the picture's size."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final

from buffycoat.errors import BuffycoatError, InputError, UnreadableFormat
from buffycoat.formats.annotated import AnnotatedCell, AnnotatedField, Refused
from buffycoat.formats.boxes import tidy_box
from buffycoat.formats.pictures import PictureFinder, named_pictures, size_of, split_of
from buffycoat.formats.source import Source, SourceFile
from buffycoat.formats.text import content_of, decode, refuse, split_lines
from buffycoat.formats.yolo_names import NAMES_FILES, read_yolo_names

__all__ = ["read_yolo", "write_yolo"]

_NO_LABELS: Final = frozenset({*NAMES_FILES, "requirements.txt", "readme.txt", "license.txt"})
_LIST_OF_PICTURES: Final = re.compile(r"(train|val|valid|test)\.txt", re.IGNORECASE)
_MOST: Final = 1000.0


def read_yolo(source: Source) -> Iterator[AnnotatedField | Refused]:
    """Read YOLO labels: every text file with the picture of its stem, from whose header the size is taken.

    The names of classes come from the nearest ``data.yaml``, ``classes.txt`` or ``obj.names`` above the label file, or
    from the only one of the source; where there is none, ``filed`` is the number as it stands, with a note. A picture
    without a label file is a field without cells, as the format has it, with a note.

    Parameters
    ----------
    source : Source
        From ``open_source``.

    Yields
    ------
    AnnotatedField or Refused
        Label files by name, and then pictures without any. A label file whose picture is not there, or cannot be read,
        is refused: without a size there are no pixels.
    """
    finder = PictureFinder(source)
    names = read_yolo_names(source)
    used: set[str | None] = set()
    for file in source.by_ending(".txt"):
        last = PurePosixPath(file.name).name
        if last.casefold() in _NO_LABELS or _LIST_OF_PICTURES.fullmatch(last):
            continue
        try:
            picture, unsure = finder.find(file.name)
            used.add(picture)
            yield _read_file(file, source, picture, unsure, names)
        except BuffycoatError as error:
            yield refuse(file.name, error)
    for name, file in named_pictures(source):
        if file.name in used:
            continue
        try:
            width, height = size_of(file)
        except BuffycoatError as error:
            yield refuse(file.name, error)
        else:
            yield AnnotatedField(
                name=name,
                cells=(),
                picture=file.name,
                width_px=width,
                height_px=height,
                split=split_of(file.name),
                notes=("no label file: taken as a picture without cells",),
            )


def _read_file(
    file: SourceFile,
    source: Source,
    picture: str | None,
    unsure: tuple[str, ...],
    names: Mapping[str, Mapping[int, str] | Refused],
) -> AnnotatedField:
    if picture is None:
        raise UnreadableFormat(
            f"{file.name} has no picture",
            expected="a picture of the same stem",
            found=unsure[0] if unsure else "none",
            hint="boxes are shares of the picture's size: add the pictures",
        )
    size = size_of(source.files[picture])
    above = [str(folder) for folder in PurePosixPath(file.name).parents]
    classes = next((names[folder] for folder in above if folder in names), None)
    if classes is None and len(names) == 1:
        classes = next(iter(names.values()))
    if isinstance(classes, Refused):
        raise UnreadableFormat(f"{file.name} has no names of classes", expected="a list", found=classes.message)
    notes = [*unsure]
    cells = []
    content = content_of(file)
    lines = list(split_lines(decode(content, name=file.name))) if content else []
    for number, line in lines:
        cell = _read_line(line, f"line {number}", file.name, classes, size, notes)
        if cell is not None:
            cells.append(cell)
    if classes is None and cells:
        notes.append("no data.yaml, classes.txt or obj.names: classes are numbers")
    return AnnotatedField(
        name=file.stem,
        cells=tuple(cells),
        picture=picture,
        width_px=size[0],
        height_px=size[1],
        split=split_of(file.name),
        notes=tuple(notes),
    )


def _read_line(
    line: str, key: str, name: str, classes: Mapping[int, str] | None, size: tuple[int, int], notes: list[str]
) -> AnnotatedCell | None:
    where = f"{name}, {key}"
    words = line.split()
    if len(words) != 5:
        outline = len(words) > 6 and len(words) % 2 and words[0].isdecimal()
        raise UnreadableFormat(
            f"{where}: not one box",
            expected="5 numbers: class, x, y, width, height",
            found=f"{len(words)} words" + (", as for an outline" if outline else ""),
        )
    try:
        index = int(words[0])
        shares = [float(word) for word in words[1:]]
    except ValueError:
        index, shares = -1, []
    if index < 0 or not all(-_MOST <= share <= _MOST for share in shares):
        raise UnreadableFormat(
            f"{where}: no numbers of a box", expected="a class from 0 and four shares", found=repr(line[:60])
        )
    if classes is not None and index not in classes:
        raise UnreadableFormat(
            f"{where}: no such class", expected=", ".join(str(known) for known in classes), found=str(index)
        )
    x, y, width, height = shares[0] * size[0], shares[1] * size[1], shares[2] * size[0], shares[3] * size[1]
    corners = round(x - width / 2), round(y - height / 2), round(x + width / 2), round(y + height / 2)
    box, odd = tidy_box(corners, key, size=size)
    notes.extend(odd)
    filed = str(index) if classes is None else classes[index]
    return None if box is None else AnnotatedCell(box=box, filed=filed)


def write_yolo(field: AnnotatedField, *, classes: Sequence[str]) -> bytes:
    r"""Return a field as a YOLO label file, which has room for one class a cell and for nothing else.

    Parameters
    ----------
    field : AnnotatedField
        With the size of its picture, and one of ``classes`` as ``filed`` at every cell.
    classes : sequence of str
        In the order of their numbers from 0; ``write_yolo_names`` writes the file that names them.

    Raises
    ------
    InputError
        The size is unknown, or a cell has no class or one that is not in ``classes``.

    Examples
    --------
    >>> from buffycoat.domain.geometry import Box
    >>> cell = AnnotatedCell(box=Box(left=0, top=0, right=50, bottom=20), filed="Monocyte")
    >>> write_yolo(AnnotatedField(name="a", cells=(cell,), width_px=100, height_px=80), classes=["Monocyte"])
    b'0 0.25000000 0.12500000 0.50000000 0.25000000\n'
    """
    if field.width_px is None or field.height_px is None:
        raise InputError(f"{field.name} cannot be a YOLO file", expected="the size of the picture", found="none")
    numbers = {word: number for number, word in enumerate(classes)}
    lines = []
    for index, cell in enumerate(field.cells):
        if cell.filed not in numbers:
            raise InputError(
                f"{field.name}, cell {index} cannot be in a YOLO file",
                expected=f"one of {', '.join(classes)}",
                found="no class" if cell.filed is None else repr(cell.filed),
            )
        x, y = cell.box.center
        shares = x / field.width_px, y / field.height_px, cell.box.width / field.width_px
        numbered = (*shares, cell.box.height / field.height_px)
        lines.append(" ".join([str(numbers[cell.filed]), *(f"{share:.8f}" for share in numbered)]) + "\n")
    return "".join(lines).encode()
