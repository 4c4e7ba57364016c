"""Reading COCO for detection: pictures with their boxes; what is wrong is refused picture by picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, Final

import orjson

from buffycoat.errors import BuffycoatError, UnreadableFormat
from buffycoat.formats.annotated import AnnotatedCell, AnnotatedField, Refused
from buffycoat.formats.boxes import number_at, tidy_box
from buffycoat.formats.coco import COCO_FACTS
from buffycoat.formats.pictures import PictureFinder, split_of
from buffycoat.formats.source import Source, SourceFile
from buffycoat.formats.text import content_of, kind_of, parse_json, refuse, text_at

__all__ = ["read_coco"]

_PARTS: Final = ("images", "annotations", "categories")
Record = Mapping[str, Any]


def read_coco(source: Source) -> Iterator[AnnotatedField | Refused]:
    """Read COCO files for detection: every JSON file of the source, each picture of each as a field.

    Edges of boxes are rounded to whole pixels, left and right on their own, so that boxes that touch still touch.
    Outlines are passed over with a note. A picture with an annotation that cannot be read is refused as a whole, since
    a field that lacks a cell would be wrong in silence; the other pictures of the file are read.

    Parameters
    ----------
    source : Source
        From ``open_source``.

    Yields
    ------
    AnnotatedField or Refused
        By file, in the order of its ``images``. ``filed`` is the name of the category, ``origin`` the id of the
        annotation where it has no ``origin``; ``name`` is the path of the picture, as far as it is
        known, without its ending.

    References
    ----------
    Lin et al., Microsoft COCO: common objects in context, ECCV 2014.
    """
    finder = PictureFinder(source)
    taken: set[str] = set()
    for file in source.by_ending(".json"):
        try:
            yield from _read_file(file, finder, taken)
        except BuffycoatError as error:
            yield refuse(file.name, error)


def _read_file(file: SourceFile, finder: PictureFinder, taken: set[str]) -> Iterator[AnnotatedField | Refused]:
    name = file.name
    content = content_of(file)
    try:
        # The quick parser keeps the last of two lists of one name in silence; the careful one refuses them.
        once = all(content.count(b'"%s"' % part.encode()) == 1 for part in _PARTS)
        record = orjson.loads(content) if once else parse_json(content, name=name)
    except ValueError:
        record = parse_json(content, name=name)
    if not isinstance(record, dict) or any(not isinstance(record.get(part), list) for part in _PARTS):
        held = ", ".join(repr(key) for key in list(record)[:8]) if isinstance(record, dict) else kind_of(record)
        raise UnreadableFormat(
            f"{name} is no COCO file", expected="the lists 'images', 'annotations' and 'categories'", found=held
        )
    categories = {
        key: text_at(item, "name", f"{name}, categories[{index}]") or ""
        for index, (key, item) in enumerate(_by_id(record["categories"], f"{name}, categories").items())
    }
    images = _by_id(record["images"], f"{name}, images")
    found: dict[Any, list[tuple[int, Record]]] = {key: [] for key in images}
    for index, item in enumerate(record["annotations"]):
        where = f"{name}, annotations[{index}]"
        try:
            found[_id(item, "image_id", where, images)].append((index, item))
        except UnreadableFormat as error:
            yield refuse(where, error)
    for index, (key, image) in enumerate(images.items()):
        where = f"{name}, images[{index}]"
        try:
            field = _read_image(image, where, file, finder, categories, found[key])
            if field.name in taken:
                raise UnreadableFormat(f"{where}: {field.name} is there twice", expected="every picture once")
            taken.add(field.name)
            yield field
        except BuffycoatError as error:
            yield refuse(where, error)


def _by_id(items: list[Any], where: str) -> dict[Any, Record]:
    by_id: dict[Any, Record] = {}
    for index, item in enumerate(items):
        if not isinstance(item, dict) or not isinstance(item.get("id"), (int, str)):
            found = kind_of(item) if not isinstance(item, dict) else kind_of(item.get("id"))
            raise UnreadableFormat(f"{where}[{index}] has no id", expected="an object with 'id'", found=found)
        if item["id"] in by_id:
            raise UnreadableFormat(f"{where}[{index}]: id {item['id']!r} is there twice", expected="every id once")
        by_id[item["id"]] = item
    return by_id


def _id(item: Any, key: str, where: str, known: Mapping[Any, Any]) -> Any:
    if not isinstance(item, dict):
        raise UnreadableFormat(f"{where} is no annotation", expected="an object", found=kind_of(item))
    wanted = item.get(key)
    if not isinstance(wanted, (int, str)) or wanted not in known:
        shown = repr(wanted) if isinstance(wanted, (int, str)) else kind_of(wanted)
        raise UnreadableFormat(f"{where}: no such {key!r}", expected="an id that is in the file", found=shown)
    return wanted


def _read_image(
    image: Record,
    where: str,
    file: SourceFile,
    finder: PictureFinder,
    categories: Mapping[Any, str],
    found: list[tuple[int, Record]],
) -> AnnotatedField:
    wanted = text_at(image, "file_name", where)
    if not wanted:
        raise UnreadableFormat(f"{where}: 'file_name' is empty", expected="the name of a picture", found="nothing")
    sides = [int(number_at(image[side], f"{where}, {side!r}")) for side in ("width", "height") if image.get(side)]
    size = (sides[0], sides[1]) if len(sides) == 2 and min(sides) > 0 else None
    picture, unsure = finder.named(wanted, label=file.name)
    notes = [*unsure] if size else [*unsure, "the file does not tell the size of the picture"]
    outlined = sum(bool(item.get("segmentation")) for _, item in found)
    if outlined:
        notes.append(f"outlines of {outlined} cells passed over")
    experts = _texts(image.get("experts", ()), f"{where}, 'experts'")
    cells = []
    for index, item in found:
        cell = _read_annotation(item, f"annotations[{index}]", file.name, categories, len(experts), size, notes)
        if cell is not None:
            cells.append(cell)
    facts: dict[str, Any] = {"split": split_of(wanted) or split_of(file.name)}
    facts |= {fact: text_at(image, fact, where) for fact in COCO_FACTS if fact in image}
    above = file.name.rpartition("/")[0]
    path = PurePosixPath(picture or (f"{above}/{wanted}" if above else wanted)).with_suffix("").as_posix()
    return AnnotatedField(
        name=(text_at(image, "name", where) if "name" in image else None) or path,
        cells=tuple(cells),
        experts=tuple(word or "" for word in experts),
        picture=picture,
        crop_only=image.get("crop_only") is True,
        width_px=size[0] if size else None,
        height_px=size[1] if size else None,
        notes=tuple(notes),
        **facts,
    )


def _read_annotation(
    item: Record,
    key: str,
    name: str,
    categories: Mapping[Any, str],
    experts: int,
    size: tuple[int, int] | None,
    notes: list[str],
) -> AnnotatedCell | None:
    where = f"{name}, {key}"
    filed = categories[_id(item, "category_id", where, categories)]
    edges = item.get("bbox")
    if not isinstance(edges, list) or len(edges) != 4:
        found = f"{len(edges)} of them" if isinstance(edges, list) else kind_of(edges)
        raise UnreadableFormat(f"{where}: 'bbox' is no box", expected="x, y, width and height", found=found)
    x, y, width, height = (number_at(edge, f"{where}, 'bbox'") for edge in edges)
    if item.get("iscrowd"):
        notes.append(f"{key}: a crowd of cells in one box, taken as one")
    box, odd = tidy_box((round(x), round(y), round(x + width), round(y + height)), key, size=size)
    notes.extend(odd)
    words = _texts(item.get("words", ()), f"{where}, 'words'")
    if len(words) != experts:
        raise UnreadableFormat(f"{where}: not one word an expert", expected=str(experts), found=str(len(words)))
    origin = text_at(item, "origin", where) if "origin" in item else str(item.get("id", ""))
    return None if box is None else AnnotatedCell(box=box, words=words, filed=filed or None, origin=origin or None)


def _texts(found: Any, where: str) -> tuple[str | None, ...]:
    if not isinstance(found, (list, tuple)) or not all(word is None or isinstance(word, str) for word in found):
        raise UnreadableFormat(f"{where} are no words", expected="a list of text and null", found=kind_of(found))
    return tuple(found)
