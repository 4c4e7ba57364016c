"""COCO for parts of cells: nucleus, cell and cytoplasm as run lengths; read also where they are polygons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final, TypeVar

import numpy as np
import orjson

from buffycoat.domain.value import value
from buffycoat.errors import BuffycoatError, InvalidMask, UnreadableFormat
from buffycoat.formats.annotated import Refused
from buffycoat.formats.boxes import number_at
from buffycoat.formats.coco import CocoAbout
from buffycoat.formats.mask_pictures import CYTOPLASM_WORD, PARTS
from buffycoat.formats.masks import coco_rle, read_coco_rle
from buffycoat.formats.text import kind_of, parse_json, refuse, text_at
from buffycoat.imaging.codecs import MAX_MEGAPIXELS
from buffycoat.imaging.polygons import fill_polygon
from buffycoat.imaging.regions import BinaryMask, decode_run_lengths, encode_run_lengths

__all__ = ["CocoMask", "PartMasks", "read_coco_masks", "write_coco_masks"]

_Item = TypeVar("_Item")
_WORDS: Final[Mapping[str, str]] = {
    "nucleus": "nucleus",
    "nuclei": "nucleus",
    "cell": "cell",
    "whole cell": "cell",
    "wbc": "cell",
    "white blood cell": "cell",
    "leukocyte": "cell",
    "cytoplasm": CYTOPLASM_WORD,
    "cytoplasma": CYTOPLASM_WORD,
}


@value
class PartMasks:
    """The masks of one crop, by part: run lengths in row order, background first. Cytoplasm is computed."""

    name: str
    height_px: int
    width_px: int
    parts: Mapping[str, tuple[int, ...]]


@value
class CocoMask:
    """One annotation of a COCO file: a part in a picture of the file, which is decoded when it is asked for.

    ``picture`` is the name of the picture as the file has it. ``segmentation`` is as in the file.
    """

    where: str
    picture: str
    height_px: int
    width_px: int
    part: str
    segmentation: Any

    def mask(self) -> BinaryMask:
        """Return the mask: bool, (height_px, width_px).

        Raises
        ------
        UnreadableFormat, InvalidMask
            What stands in the file is no outline, or of another size than the picture.
        """
        found = self.segmentation
        if isinstance(found, Mapping):
            lengths, height, width = read_coco_rle(found, where=f"{self.where}.segmentation")
            if (height, width) != (self.height_px, self.width_px):
                raise UnreadableFormat(
                    f"{self.where}: the mask is of another size than its picture",
                    expected=f"{self.width_px} x {self.height_px}",
                    found=f"{width} x {height}",
                )
            return decode_run_lengths(lengths, height, width)
        if not isinstance(found, list) or not found or not all(isinstance(each, list) for each in found):
            raise UnreadableFormat(
                f"{self.where}: 'segmentation' is no outline", expected="run lengths or polygons", found=kind_of(found)
            )
        drawn = np.zeros((self.height_px, self.width_px), dtype=np.bool_)
        for points in found:
            numbers = [number_at(point, f"{self.where}, 'segmentation'") for point in points]
            try:
                drawn |= fill_polygon(numbers, self.height_px, self.width_px)
            except InvalidMask as error:
                raise UnreadableFormat(
                    f"{self.where}: 'segmentation' is no outline", expected=error.expected, found=error.found
                ) from error
        return drawn


def write_coco_masks(crops: Iterable[PartMasks], *, about: CocoAbout | None = None, folder: str = "crops") -> bytes:
    """Return masks of crops as one COCO file with the categories nucleus, cell and cytoplasm.

    A picture a crop, ``FOLDER/NAME.png``, and an annotation a part: run lengths that are not packed, ``iscrowd`` 0, the
    box and area of the part itself. Cytoplasm is there where both others are, and has pixels.

    Parameters
    ----------
    crops : iterable of PartMasks
        In the order in which they are written.
    about : CocoAbout, optional
        What the file says of itself.
    folder : str
        Where the pictures lie beside the file.

    Returns
    -------
    bytes
        The same masks give the same bytes.

    Raises
    ------
    InvalidMask
        Run lengths that do not fill the crop.

    Examples
    --------
    >>> crop = PartMasks(name="c1", height_px=1, width_px=3, parts={"nucleus": (1, 1, 1), "cell": (0, 2, 1)})
    >>> content = write_coco_masks([crop])
    >>> [(found.part, found.mask().tolist()) for found in read_coco_masks(content, name="masks.json")]
    [('nucleus', [[False, True, False]]), ('cell', [[True, True, False]]), ('cytoplasm', [[True, False, False]])]
    """
    about = about or CocoAbout()
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for number, crop in enumerate(crops, start=1):
        size = crop.height_px, crop.width_px
        images.append({"id": number, "file_name": f"{folder}/{crop.name}.png", "width": size[1], "height": size[0]})
        masks = {part: decode_run_lengths(crop.parts[part], *size) for part in PARTS if part in crop.parts}
        if {"nucleus", "cell"} <= set(masks) and (rest := masks["cell"] & ~masks["nucleus"]).any():
            masks[CYTOPLASM_WORD] = rest
        for part, mask in masks.items():
            held = {"id": len(annotations) + 1, "image_id": number, "category_id": PARTS.index(part) + 1}
            annotations.append(held | _annotation(mask))
    told = {key: getattr(about, key) for key in ("description", "version", "year", "contributor", "url")}
    record = {
        "info": {key: found for key, found in told.items() if found not in ("", None)},
        "licenses": [{"id": 1, "name": about.license_name, "url": about.license_url}] if about.license_name else [],
        "images": images,
        "annotations": annotations,
        "categories": [{"id": n, "name": part, "supercategory": "part"} for n, part in enumerate(PARTS, start=1)],
    }
    return orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)


def _annotation(mask: BinaryMask) -> dict[str, Any]:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    box = [0, 0, 0, 0]
    if rows.size:
        left, top = int(columns[0]), int(rows[0])
        box = [left, top, int(columns[-1]) + 1 - left, int(rows[-1]) + 1 - top]
    return {
        "bbox": box,
        "area": int(np.count_nonzero(mask)),
        "segmentation": coco_rle(encode_run_lengths(mask), *mask.shape),
        "iscrowd": 0,
    }


def read_coco_masks(content: bytes, *, name: str) -> Iterator[CocoMask | Refused]:
    """Yield the annotations of a COCO file that show parts of cells; one that cannot be used is refused with its place.

    Parameters
    ----------
    content : bytes
        The file.
    name : str
        What to call it in an error.

    Raises
    ------
    UnreadableFormat
        The file is no COCO file, or two pictures or categories have one id.
    """
    record = parse_json(content, name=name)
    if not isinstance(record, dict) or any(
        not isinstance(record.get(part), list) for part in ("images", "annotations", "categories")
    ):
        raise UnreadableFormat(
            f"{name} is no COCO file",
            expected="the lists 'images', 'annotations' and 'categories'",
            found=kind_of(record),
        )
    images = _by_id(map(partial(_image, name), range(len(record["images"])), record["images"]), f"{name}, images")
    words = _by_id(
        (
            (item.get("id"), text_at(item, "name", f"{name}, categories[{index}]") or "")
            for index, item in enumerate(record["categories"])
            if isinstance(item, dict)
        ),
        f"{name}, categories",
    )
    for index, item in enumerate(record["annotations"]):
        where = f"{name}, annotations[{index}]"
        try:
            yield _read(item, where, images, words)
        except BuffycoatError as error:
            yield refuse(where, error)


def _by_id(items: Iterable[tuple[Any, _Item]], where: str) -> dict[Any, _Item]:
    """Return items by their ids; an id that two have would give masks to the wrong one."""
    found: dict[Any, _Item] = {}
    for key, item in items:
        if not isinstance(key, (int, str)) or key in found:
            raise UnreadableFormat(
                f"{where}: an id is missing or there twice", expected="ids, each once", found=repr(key)
            )
        found[key] = item
    return found


def _image(name: str, index: int, item: Any) -> tuple[Any, tuple[str, int, int]]:
    where = f"{name}, images[{index}]"
    if not isinstance(item, dict) or not isinstance(item.get("id"), (int, str)):
        raise UnreadableFormat(f"{where} has no id", expected="an object with 'id'", found=kind_of(item))
    height, width = (int(number_at(item.get(side), f"{where}, {side!r}")) for side in ("height", "width"))
    if min(height, width) < 1 or height * width > MAX_MEGAPIXELS * 1e6:
        raise UnreadableFormat(
            f"{where} is of no such size", expected=f"1 to {MAX_MEGAPIXELS:g} megapixels", found=f"{width} x {height}"
        )
    return item["id"], (text_at(item, "file_name", where) or "", height, width)


def _read(item: Any, where: str, images: Mapping[Any, tuple[str, int, int]], words: Mapping[Any, str]) -> CocoMask:
    if not isinstance(item, dict):
        raise UnreadableFormat(f"{where} is no annotation", expected="an object", found=kind_of(item))
    for key, known in (("image_id", images), ("category_id", words)):
        wanted = item.get(key)
        if not isinstance(wanted, (int, str)) or wanted not in known:
            raise UnreadableFormat(
                f"{where}: no such {key!r}", expected="an id that is in the file", found=repr(wanted)
            )
    word = words[item["category_id"]]
    if word.strip().casefold() not in _WORDS:
        raise UnreadableFormat(f"{where} shows no part of a cell", expected=" or ".join(PARTS), found=repr(word))
    picture, height, width = images[item["image_id"]]
    return CocoMask(
        where=where,
        picture=picture,
        height_px=height,
        width_px=width,
        part=_WORDS[word.strip().casefold()],
        segmentation=item.get("segmentation"),
    )
