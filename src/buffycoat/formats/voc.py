"""Pascal VOC: one XML file a picture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from buffycoat.errors import BuffycoatError, InputError, UnreadableFormat
from buffycoat.formats.annotated import AnnotatedCell, AnnotatedField, Refused
from buffycoat.formats.boxes import number_at, tidy_box
from buffycoat.formats.pictures import PictureFinder, split_of
from buffycoat.formats.source import Source, SourceFile
from buffycoat.formats.text import content_of, refuse
from buffycoat.formats.xml import Element, escape_xml, parse_xml

__all__ = ["MAX_VOC_BYTES", "read_voc", "read_voc_file", "write_voc"]

MAX_VOC_BYTES: Final = 64 * 2**20
_SIDES: Final = ("xmin", "ymin", "xmax", "ymax")
_UNWRITABLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def read_voc(source: Source) -> Iterator[AnnotatedField | Refused]:
    """Read Pascal VOC: every XML file of the source, each with the picture that it names, or that of its own stem.

    Coordinates count pixels from 1 and ``xmax`` and ``ymax`` are of the last pixel inside, as the VOC development kit
    defines them, so a box over a whole picture of 640 x 480 is 1, 1, 640, 480. A box without area is dropped and a box
    that leaves the frame is kept, both with a note. A file with a document type is refused: entities can make a small
    file fill the memory, and no VOC file has use for them.

    Parameters
    ----------
    source : Source
        From ``open_source``.

    Yields
    ------
    AnnotatedField or Refused
        By name of the file; ``filed`` is the name of the object.

    References
    ----------
    Everingham et al., International Journal of Computer Vision 88 (2010) 303-338; development kit, section 2.
    """
    finder = PictureFinder(source)
    for file in source.by_ending(".xml"):
        try:
            yield read_voc_file(file, finder)
        except BuffycoatError as error:
            yield refuse(file.name, error)


def read_voc_file(file: SourceFile, finder: PictureFinder) -> AnnotatedField:
    """Read one file of Pascal VOC.

    Raises
    ------
    UnreadableFormat, UnreadableFile
        With file, element, what was expected and what was found.
    """
    root = parse_xml(content_of(file, most=MAX_VOC_BYTES), name=file.name)
    if root.tag != "annotation":
        raise UnreadableFormat(f"{file.name} is no VOC file", expected="<annotation>", found=f"<{root.tag}>")
    notes: list[str] = []
    size = _size(root, file.name, notes)
    cells = []
    for index, item in enumerate(root.every("object")):
        cell = _read_object(item, f"object {index}", file.name, size, notes)
        if cell is not None:
            cells.append(cell)
    picture, unsure = finder.named(root.text_of("filename") or "", label=file.name)
    if picture is None and not unsure:
        picture, unsure = finder.find(file.name)
    return AnnotatedField(
        name=file.stem,
        cells=tuple(cells),
        picture=picture,
        width_px=size[0] if size else None,
        height_px=size[1] if size else None,
        split=split_of(file.name),
        notes=(*unsure, *notes),
    )


def _size(root: Element, name: str, notes: list[str]) -> tuple[int, int] | None:
    size = root.first("size")
    if size is None:
        notes.append("the file does not tell the size of the picture")
        return None
    width, height = (int(number_at(size.text_of(side), f"{name}, size, {side}")) for side in ("width", "height"))
    if width <= 0 or height <= 0:
        notes.append(f"the file tells no size of the picture: {width} x {height}")
        return None
    return width, height


def _read_object(
    item: Element, where: str, name: str, size: tuple[int, int] | None, notes: list[str]
) -> AnnotatedCell | None:
    filed, edges = item.text_of("name"), item.first("bndbox")
    if not filed:
        raise UnreadableFormat(f"{name}, {where}: no <name>", expected="the class of the object", found="nothing")
    if edges is None:
        raise UnreadableFormat(f"{name}, {where}: no <bndbox>", expected="xmin, ymin, xmax and ymax", found="nothing")
    numbers = []
    for side in _SIDES:
        found = edges.text_of(side)
        if found is None:
            raise UnreadableFormat(f"{name}, {where}: no <{side}>", expected="a number", found="nothing")
        numbers.append(round(number_at(found, f"{name}, {where}, {side}")))
    x1, x2 = sorted((numbers[0], numbers[2]))
    y1, y2 = sorted((numbers[1], numbers[3]))
    if [x1, y1, x2, y2] != numbers:
        notes.append(f"{where}: corners were the wrong way round")
    box, odd = tidy_box((x1 - 1, y1 - 1, x2, y2), where, size=size)
    notes.extend(odd)
    return None if box is None else AnnotatedCell(box=box, filed=filed)


def write_voc(field: AnnotatedField) -> bytes:
    r"""Return a field as a file of Pascal VOC, which has room for one class a cell, and for no words of experts.

    Raises
    ------
    InputError
        The size of the picture is unknown, or a cell has no class, or one that XML cannot hold.

    Examples
    --------
    >>> from buffycoat.domain.geometry import Box
    >>> cell = AnnotatedCell(box=Box(left=0, top=0, right=640, bottom=480), filed="WBC")
    >>> text = write_voc(AnnotatedField(name="a", cells=(cell,), width_px=640, height_px=480)).decode()
    >>> [line.strip() for line in text.splitlines() if "xm" in line]
    ['<xmin>1</xmin>', '<xmax>640</xmax>']
    """
    if field.width_px is None or field.height_px is None:
        raise InputError(f"{field.name} cannot be a VOC file", expected="the size of the picture", found="none")
    shown = (field.picture or field.name).rpartition("/")[2]
    size = (
        f"\t<size>\n\t\t<width>{field.width_px}</width>\n\t\t<height>{field.height_px}</height>\n\t\t<depth>3</depth>"
    )
    lines = ["<annotation>", f"\t<filename>{_text(shown, field.name)}</filename>", f"{size}\n\t</size>"]
    lines.append("\t<segmented>0</segmented>")
    for index, cell in enumerate(field.cells):
        if cell.filed is None:
            raise InputError(f"{field.name}, cell {index} cannot be in a VOC file", expected="a class", found="none")
        box = cell.box
        cut = not box.inside(field.width_px, field.height_px)
        sides = zip(_SIDES, (box.left + 1, box.top + 1, box.right, box.bottom), strict=True)
        lines += [
            "\t<object>",
            f"\t\t<name>{_text(cell.filed, f'{field.name}, cell {index}')}</name>",
            "\t\t<pose>Unspecified</pose>",
            f"\t\t<truncated>{cut:d}</truncated>",
            "\t\t<difficult>0</difficult>",
            "\t\t<bndbox>",
            *(f"\t\t\t<{side}>{number}</{side}>" for side, number in sides),
            "\t\t</bndbox>",
            "\t</object>",
        ]
    return "\n".join([*lines, "</annotation>", ""]).encode()


def _text(word: str, where: str) -> str:
    if not word or word != word.strip() or _UNWRITABLE.search(word):
        raise InputError(
            f"{where}: XML cannot hold this text", expected="letters without outer spaces", found=ascii(word)
        )
    return escape_xml(word)
