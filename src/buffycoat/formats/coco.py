"""COCO for detection: one JSON file for all pictures, with boxes, classes and, where there are any, outlines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import orjson

from buffycoat.domain.value import value
from buffycoat.errors import InputError
from buffycoat.formats.annotated import AnnotatedCell, AnnotatedField

__all__ = ["COCO_FACTS", "CocoAbout", "Outline", "write_coco"]

Outline = Sequence[Sequence[float]] | Mapping[str, Any]
"""Polygons as lists of x, y in turn, or run lengths as an object with ``size`` and ``counts``, as COCO has them."""
COCO_FACTS: Final = ("split", "smear", "stain", "diagnosis", "microscope", "camera", "objective")
"""Facts of a field that are written as keys of its picture, beside COCO's own; other programs pass them over."""


@value
class CocoAbout:
    """What the file says of itself: COCO's ``info`` and its one license. Nothing of the clock is written."""

    description: str = ""
    version: str = ""
    year: int | None = None
    contributor: str = ""
    url: str = ""
    license_name: str = ""
    license_url: str = ""


def write_coco(
    fields: Iterable[AnnotatedField],
    *,
    classes: Sequence[str],
    outlines: Mapping[tuple[str, int], Outline] | None = None,
    about: CocoAbout | None = None,
) -> bytes:
    """Return fields as one COCO file for detection.

    Beside COCO's own keys there are some that other programs pass over: ``name``, the facts of the smear and the set-up
    and ``experts`` at a picture, ``words`` and ``origin`` at an annotation. Masks are files of their own and are not
    in it.

    Parameters
    ----------
    fields : iterable of AnnotatedField
        With sizes, and with one of ``classes`` as ``filed`` at every cell.
    classes : sequence of str
        The categories, in the order of their ids from 1.
    outlines : mapping of (str, int) to Outline, optional
        Outlines by name of the field and index of the cell.
    about : CocoAbout, optional
        What the file says of itself.

    Returns
    -------
    bytes
        The same fields give the same bytes.

    Raises
    ------
    InputError
        The size of a picture is unknown, a cell has no class or one that is not in ``classes``, or a class is there
        twice.

    Examples
    --------
    >>> from buffycoat.domain.geometry import Box
    >>> cell = AnnotatedCell(box=Box(left=1, top=2, right=4, bottom=6), filed="Monocyte")
    >>> field = AnnotatedField(name="a", cells=(cell,), picture="a.jpg", width_px=9, height_px=9)
    >>> orjson.loads(write_coco([field], classes=["Monocyte"]))["annotations"][0]["bbox"]
    [1, 2, 3, 4]
    """
    numbers = {word: number for number, word in enumerate(classes, start=1)}
    if len(numbers) < len(classes):
        raise InputError("a class is there twice", expected="every class once", found=", ".join(classes))
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for number, field in enumerate(fields, start=1):
        images.append(_image(field, number))
        for index, cell in enumerate(field.cells):
            if cell.filed not in numbers:
                raise InputError(
                    f"{field.name}, cell {index} cannot be in a COCO file",
                    expected=f"one of {', '.join(classes)}",
                    found="no class" if cell.filed is None else repr(cell.filed),
                )
            outline = outlines.get((field.name, index)) if outlines else None
            held = {"id": len(annotations) + 1, "image_id": number, "category_id": numbers[cell.filed]}
            annotations.append(held | _annotation(cell, outline))
    about = about or CocoAbout()
    told = {key: getattr(about, key) for key in ("description", "version", "year", "contributor", "url")}
    record = {
        "info": {key: found for key, found in told.items() if found not in ("", None)},
        "licenses": [{"id": 1, "name": about.license_name, "url": about.license_url}] if about.license_name else [],
        "images": images,
        "annotations": annotations,
        "categories": [
            {"id": number, "name": word, "supercategory": "blood element"} for word, number in numbers.items()
        ],
    }
    return orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)


def _image(field: AnnotatedField, number: int) -> dict[str, Any]:
    if field.width_px is None or field.height_px is None:
        raise InputError(f"{field.name} cannot be in a COCO file", expected="the size of the picture", found="none")
    image: dict[str, Any] = {
        "id": number,
        "file_name": field.picture or field.name,
        "width": field.width_px,
        "height": field.height_px,
        "name": field.name,
    }
    image |= {fact: told for fact in COCO_FACTS if (told := getattr(field, fact)) is not None}
    if field.experts:
        image["experts"] = field.experts
    if field.crop_only:
        image["crop_only"] = True
    return image


def _annotation(cell: AnnotatedCell, outline: Outline | None) -> dict[str, Any]:
    box = cell.box
    held: dict[str, Any] = {
        "bbox": [box.left, box.top, box.width, box.height],
        "area": box.area if outline is None else _area(outline, box.area),
        "segmentation": [] if outline is None else outline,
        "iscrowd": 0,
        "origin": cell.origin,
    }
    return held | {"words": cell.words} if cell.words else held


def _area(outline: Outline, otherwise: int) -> float:
    """Return what an outline holds, in square pixels; that of the box where its run lengths are packed."""
    if isinstance(outline, Mapping):
        counts = outline.get("counts")
        return sum(counts[1::2]) if isinstance(counts, (list, tuple)) else otherwise
    return sum(_shoelace(polygon) for polygon in outline)


def _shoelace(polygon: Sequence[float]) -> float:
    x, y = polygon[0::2], polygon[1::2]
    return abs(sum(x[i - 1] * y[i] - x[i] * y[i - 1] for i in range(len(x)))) / 2
