"""All formats by name, and which of them a source is of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Final

from buffycoat.domain.value import value
from buffycoat.errors import BuffycoatError, UnreadableFormat
from buffycoat.formats.annotated import AnnotatedField, Refused
from buffycoat.formats.bccd import BCCD_PICTURE, read_bccd
from buffycoat.formats.coco_reader import read_coco
from buffycoat.formats.folders import read_folders
from buffycoat.formats.known import LISC_PICTURE, PBC_PICTURE, ZHENG_TABLE, read_lisc, read_pbc, read_zheng
from buffycoat.formats.pictures import pictures_of
from buffycoat.formats.raabin import read_raabin
from buffycoat.formats.raabin_crops import read_raabin_crops
from buffycoat.formats.raabin_names import parse_crop_name
from buffycoat.formats.source import Source, SourceFile
from buffycoat.formats.text import content_of
from buffycoat.formats.voc import read_voc
from buffycoat.formats.yolo import read_yolo

__all__ = ["READERS", "Reader", "guess_format"]

_LOOKED_AT: Final = 20


@value
class Reader:
    """A format that can be read.

    Parameters
    ----------
    name : str
        As it is named on the command line.
    title : str
        For people.
    read : callable
        From a source to fields, and to what is refused, file by file.
    hint : str
        By what a source of this format is known.
    nested : bool
        Archives inside the source are part of it: give ``with_nested(source)`` to whatever looks for its pictures.
    """

    name: str
    title: str
    read: Callable[[Source], Iterator[AnnotatedField | Refused]]
    hint: str
    nested: bool = False


def _named(*readers: Reader) -> Mapping[str, Reader]:
    return {reader.name: reader for reader in readers}


READERS: Final[Mapping[str, Reader]] = _named(
    Reader(
        name="raabin",
        title="Raabin-WBC, label files",
        read=read_raabin,
        hint="a JSON file a photograph, with 'Film ID' and 'Cell Numbers'; the photographs may be there",
    ),
    Reader(
        name="raabin-crops",
        title="Raabin-WBC, crops",
        read=read_raabin_crops,
        hint="crops named <Film ID>_<photograph>_<cell> or <date>_<time>_<cell>, in folders of classes",
    ),
    Reader(
        name="lisc",
        title="LISC",
        read=read_lisc,
        hint="lisc_<class>.zip, or <class>/<train or validate>_<number>.bmp",
        nested=True,
    ),
    Reader(
        name="bccd",
        title="BCCD",
        read=read_bccd,
        hint="BloodImage_<number>.jpg with VOC files, masks, or both",
    ),
    Reader(
        name="pbc",
        title="Barcelona PBC",
        read=read_pbc,
        hint="crops whose names begin with BA_, EO_, LY_, MO_, SNE_, BNE_, NEUTROPHIL_, ERB_, PLATELET_…",
    ),
    Reader(
        name="zheng",
        title="Zheng et al., crops with masks",
        read=read_zheng,
        hint=f"<number>.bmp with <number>.png beside, and {ZHENG_TABLE}",
    ),
    Reader(
        name="coco",
        title="COCO for detection",
        read=read_coco,
        hint="a JSON file with 'images', 'annotations' and 'categories'",
    ),
    Reader(name="voc", title="Pascal VOC", read=read_voc, hint="an XML file a picture, with <annotation>"),
    Reader(
        name="yolo",
        title="YOLO",
        read=read_yolo,
        hint="a text file a picture, with class, x, y, width and height on each line; data.yaml or classes.txt",
    ),
    Reader(
        name="folders",
        title="Folders of crops",
        read=read_folders,
        hint="pictures in folders of classes, or in one folder with a table of classes",
    ),
)
"""By name; first those that are known by the most particular signs."""


def guess_format(source: Source) -> str:
    """Return the name of the format that a source is of, from names of files and the first bytes of a few.

    Nothing is certain but what the reader then reads: name the format where you know it.

    Raises
    ------
    UnreadableFormat
        Nothing of any format is there; the message lists them.

    Examples
    --------
    >>> from buffycoat.formats.source import SourceFile
    >>> content = b'{"Cell Numbers": 0, "Film ID": "95-5-4-1"}'
    >>> guess_format(Source("set", iter([SourceFile(name="a.json", size=42, read=lambda most: content)])))
    'raabin'
    """
    pictures = [file.name for file in pictures_of(source)]
    for name, holds in _SIGNS.items():
        if holds(source, pictures):
            return name
    listed = "; ".join(f"{reader.name} ({reader.hint})" for reader in READERS.values())
    raise UnreadableFormat(
        f"{source.name} is of no format that can be read",
        expected=listed,
        found=", ".join(list(source.files)[:5]) or "no files",
        hint="where it is one of these all the same, name it: `buffycoat import SOURCE --format NAME`",
    )


def _first(files: list[SourceFile]) -> Iterator[bytes]:
    """Return the contents of a few files from all over a list, as far as they can be read."""
    for file in files[:: max(1, len(files) // _LOOKED_AT)][:_LOOKED_AT]:
        try:
            yield content_of(file)
        except BuffycoatError:
            continue  # the reader says what is wrong with it


def _most(pictures: list[str], of_format: Callable[[str], object]) -> bool:
    return bool(pictures) and 2 * sum(of_format(name) is not None for name in pictures) > len(pictures)


def _is_raabin(source: Source, _pictures: list[str]) -> bool:
    return any(b'"Cell Numbers"' in content for content in _first(source.by_ending(".json")))


def _is_coco(source: Source, _pictures: list[str]) -> bool:
    keys = (b'"images"', b'"annotations"', b'"categories"')
    return any(all(key in content for key in keys) for content in _first(source.by_ending(".json")))


def _is_bccd(_source: Source, pictures: list[str]) -> bool:
    return any(BCCD_PICTURE.fullmatch(name) for name in pictures)


def _is_lisc(source: Source, pictures: list[str]) -> bool:
    if any(PurePosixPath(file.name).name.casefold().startswith("lisc_") for file in source.by_ending(".zip")):
        return True
    return any((found := LISC_PICTURE.fullmatch(name)) and found["split"] for name in pictures)


def _is_zheng(source: Source, pictures: list[str]) -> bool:
    return bool(source.by_ending(ZHENG_TABLE)) and any(
        name.endswith(".bmp") and f"{name[:-4]}.png" in source.files for name in pictures
    )


def _is_pbc(_source: Source, pictures: list[str]) -> bool:
    return _most(pictures, lambda name: PBC_PICTURE.fullmatch(PurePosixPath(name).name))


def _is_raabin_crops(_source: Source, pictures: list[str]) -> bool:
    return _most(pictures, parse_crop_name)


def _is_voc(source: Source, _pictures: list[str]) -> bool:
    return any(b"<annotation" in content for content in _first(source.by_ending(".xml")))


def _is_yolo(source: Source, pictures: list[str]) -> bool:
    if not pictures:
        return False
    for content in _first(source.by_ending(".txt")):
        words = content.split(b"\n", 1)[0].split()
        try:
            if len(words) == 5 and words[0].isdigit() and all(abs(float(word)) < 2 for word in words[1:]):
                return True
        except ValueError:
            continue
    return False


def _is_folders(source: Source, pictures: list[str]) -> bool:
    return any("/" in name for name in pictures) or bool(pictures and source.by_ending(".csv"))


_SIGNS: Final[Mapping[str, Callable[[Source, list[str]], bool]]] = {
    "bccd": _is_bccd,
    "lisc": _is_lisc,
    "zheng": _is_zheng,
    "pbc": _is_pbc,
    "raabin": _is_raabin,
    "raabin-crops": _is_raabin_crops,
    "coco": _is_coco,
    "voc": _is_voc,
    "yolo": _is_yolo,
    "folders": _is_folders,
}
