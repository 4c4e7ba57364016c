"""The pictures of a source: which one a label file means, how large one is, and which split its folder names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from buffycoat.domain.geometry import Box
from buffycoat.formats.annotated import AnnotatedCell, AnnotatedField
from buffycoat.formats.source import Source, SourceFile
from buffycoat.formats.text import content_of
from buffycoat.imaging.headers import probe

__all__ = [
    "MAX_PICTURE_BYTES",
    "PICTURE_ENDINGS",
    "PictureFinder",
    "crop_field",
    "named_pictures",
    "pictures_of",
    "size_of",
    "split_of",
]

PICTURE_ENDINGS: Final = (".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".heic", ".heif")
MAX_PICTURE_BYTES: Final = 512 * 2**20
_SPLIT: Final = re.compile(r"(train(ing)?|test(ing)?[ _-]?[ab]?|val|valid(at(e|ion))?|dev)", re.IGNORECASE)


def pictures_of(source: Source) -> list[SourceFile]:
    """Return the pictures of a source by name, as far as their endings tell."""
    return source.by_ending(*PICTURE_ENDINGS)


def named_pictures(source: Source) -> Iterator[tuple[str, SourceFile]]:
    """Return the pictures with a name each: without the ending, or with it where two differ in nothing else."""
    found = pictures_of(source)
    stems = Counter(file.stem for file in found)
    for file in found:
        yield (file.name if stems[file.stem] > 1 else file.stem), file


class PictureFinder:
    """Find the picture that a label file means: of the same stem, anywhere in the source.

    Where several have the stem, that one is meant whose folders are most like those of the label file.
    """

    def __init__(self, source: Source) -> None:
        self._by_name: dict[str, list[str]] = {}
        self._by_stem: dict[str, list[str]] = {}
        for file in pictures_of(source):
            last = file.name.rpartition("/")[2]
            self._by_name.setdefault(last, []).append(file.name)
            self._by_stem.setdefault(last.rpartition(".")[0], []).append(file.name)

    def __bool__(self) -> bool:
        """Say whether there are pictures at all."""
        return bool(self._by_stem)

    def find(self, label: str) -> tuple[str | None, tuple[str, ...]]:
        """Return the picture of the stem of a label file, ``None`` without one, and a note where several are alike."""
        return _nearest(self._by_stem.get(label.rpartition("/")[2].rpartition(".")[0], []), label)

    def named(self, wanted: str, *, label: str) -> tuple[str | None, tuple[str, ...]]:
        """Return the picture that a label file names, with or without folders and ending; as ``find`` otherwise."""
        wanted = wanted.replace("\\", "/")
        last = wanted.rpartition("/")[2]
        stem, _, ending = last.rpartition(".")
        stem = stem if f".{ending}".casefold() in PICTURE_ENDINGS else last
        found = self._by_name.get(last) or self._by_stem.get(stem, [])
        return _nearest(found, wanted if "/" in wanted else label)


def _nearest(found: list[str], beside: str) -> tuple[str | None, tuple[str, ...]]:
    if len(found) < 2:
        return (found[0] if found else None), ()
    ranked = sorted(found, key=lambda name: _likeness(name, beside), reverse=True)
    if _likeness(ranked[0], beside) > _likeness(ranked[1], beside):
        return ranked[0], ()
    return None, (f"no picture taken: {ranked[0]} and {ranked[1]} are both of this name",)


def _likeness(picture: str, label: str) -> tuple[int, int]:
    """Return how many folders two names share, and how few they do not."""
    mine, theirs = set(PurePosixPath(picture).parts[:-1]), set(PurePosixPath(label).parts[:-1])
    return len(mine & theirs), -len(mine ^ theirs)


def size_of(file: SourceFile) -> tuple[int, int]:
    """Return width and height of a picture in pixels, from its header.

    Raises
    ------
    UnreadableFormat, UnreadableFile
        Its bytes cannot be had, or are too many.
    UnreadableImage, UnsupportedImage
        It is no picture, or one of a kind that is not kept.
    """
    seen = probe(content_of(file, most=MAX_PICTURE_BYTES), name=file.name)
    return seen.width, seen.height


def split_of(name: str) -> str | None:
    """Return the folder that names a split, as it is spelled.

    Examples
    --------
    >>> split_of("Raabin/Test-A/Monocyte/95-8-3-1_2_1.jpg"), split_of("crops/monocyte/1.jpg")
    ('Test-A', None)
    """
    for part in PurePosixPath(name).parts[:-1]:
        if _SPLIT.fullmatch(part):
            return part
    return None


def crop_field(
    file: SourceFile,
    *,
    name: str,
    filed: str | None,
    words: tuple[str | None, ...] = (),
    origin: str | None = None,
) -> AnnotatedField:
    """Return the field of a crop that came without its photograph: one cell, whose box is the whole picture.

    Raises
    ------
    UnreadableFormat, UnreadableFile, UnreadableImage, UnsupportedImage
        As ``size_of``.
    """
    width, height = size_of(file)
    box = Box(left=0, top=0, right=width, bottom=height)
    return AnnotatedField(
        name=name,
        cells=(AnnotatedCell(box=box, words=words, filed=filed, origin=origin),),
        picture=file.name,
        crop_only=True,
        width_px=width,
        height_px=height,
        split=split_of(file.name),
    )
