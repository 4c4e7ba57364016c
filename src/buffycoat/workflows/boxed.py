"""Photographs with boxes out of any set that can be read: what a filter or a network is trained and judged on."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from buffycoat.domain.geometry import Box
from buffycoat.domain.taxonomy import RAABIN
from buffycoat.domain.value import value
from buffycoat.errors import InputError, TooFew, UnknownTerm
from buffycoat.formats.annotated import AnnotatedField, Refused
from buffycoat.formats.nested import with_nested
from buffycoat.formats.registry import READERS, guess_format
from buffycoat.formats.source import Source, open_source
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.codecs import MAX_MEGAPIXELS, decode_rgb

__all__ = ["Boxed", "boxed_photographs", "listed_names"]

_WHOLE = {"lisc", "pbc", "zheng", "raabin-crops", "folders"}
"""Formats whose one box is the whole picture: nothing around the cell could be learned from them."""


@value
class Boxed:
    """A photograph and the boxes of its white cells; ``read`` decodes it, (height, width, 3) uint8."""

    name: str
    boxes: tuple[Box, ...]
    content: bytes

    def read(self) -> RgbImage:
        """Return the pixels as stored.

        Raises
        ------
        UnreadableFile
            They cannot be decoded.
        """
        return decode_rgb(self.content, name=self.name, max_megapixels=MAX_MEGAPIXELS)


@contextmanager
def boxed_photographs(
    path: Path, *, format_name: str | None = None, words: Collection[str] = ()
) -> Iterator[Iterator[Boxed]]:
    """Open a set for its photographs with the boxes of white cells, in the order of its files.

    A box counts where it is called nothing, or a leukocyte of any kind; red cells and platelets do not. A photograph
    without a white cell comes with no boxes: it teaches what is none.

    Parameters
    ----------
    path : Path
        A folder, a zip or a file of a format that ``buffycoat import`` reads.
    format_name : str, optional
        One of ``formats.registry.READERS``; guessed where it is not given.
    words : collection of str
        What the set calls white cells, such as ``0`` in a YOLO set without names; without it, the words are looked up.

    Raises
    ------
    UnreadableFormat
        No reader knows what lies there.
    InputError
        There is no such format, or its boxes are whole pictures.
    """
    with open_source(path) as source:
        if format_name is not None and format_name not in READERS:
            raise InputError("no such format", expected=" or ".join(READERS), found=format_name)
        reader = READERS[format_name or guess_format(source)]
        if reader.name in _WHOLE:
            raise InputError(
                f"{path.name} holds crops of single cells",
                expected="photographs with boxes",
                found=reader.title,
                hint="give a set of whole photographs: VOC, COCO, YOLO, BCCD, or Raabin's label files with them",
            )
        held = with_nested(source) if reader.nested else source
        yield _photographs(held, reader.read(held), frozenset(words))


def _photographs(source: Source, fields: Iterator[AnnotatedField | Refused], words: frozenset[str]) -> Iterator[Boxed]:
    for field in fields:
        if isinstance(field, Refused):
            raise InputError(
                f"{field.name}: {field.message}", hint="mend or remove the file: what is trained on is whole"
            )
        if field.picture is not None and not field.crop_only:
            boxes = tuple(cell.box for cell in field.cells if _is_white([*cell.words, cell.filed], words))
            yield Boxed(name=field.name, boxes=boxes, content=source.read(field.picture, most=_MOST_BYTES))


_MOST_BYTES = 512 * 2**20


def _is_white(said: list[str | None], words: frozenset[str]) -> bool:
    given = [word for word in said if word]
    if words:
        return bool(words.intersection(given))
    try:
        return not given or any(RAABIN.read(word).key in RAABIN.below("leukocyte") for word in given)
    except UnknownTerm as error:
        error.hint = "say what this set calls white cells: `--white WORD`"
        raise


def listed_names(path: Path) -> frozenset[str]:
    """Return the names that a text file lists, one a line, as the test lists of VOC do.

    Raises
    ------
    TooFew
        It lists none.
    """
    names = frozenset(line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    if not names:
        raise TooFew(f"{path.name} lists no photograph", expected="a name a line")
    return names
