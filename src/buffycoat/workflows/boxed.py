"""Photographs with boxes out of any set that can be read: what a filter or a network is trained and judged on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from buffycoat.domain.geometry import Box
from buffycoat.domain.taxonomy import RAABIN
from buffycoat.domain.value import value
from buffycoat.errors import InputError, NotFound, TooFew, UnknownTerm, UnreadableFormat
from buffycoat.formats.annotated import AnnotatedField, Refused
from buffycoat.formats.nested import with_nested
from buffycoat.formats.registry import READERS, guess_format
from buffycoat.formats.source import Source, open_source
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.codecs import MAX_MEGAPIXELS, decode_rgb, read_bytes
from buffycoat.workflows.runs import Progress, ShowProgress, no_progress

__all__ = [
    "Boxed",
    "BoxedImage",
    "boxed_photographs",
    "check_listed",
    "is_listed",
    "listed_names",
    "read_photographs",
]

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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BoxedImage:
    """A photograph that is decoded, uint8 (height, width, 3), with the boxes of its white cells."""

    name: str
    image: RgbImage
    boxes: tuple[Box, ...]

    @property
    def short(self) -> str:
        """The name without its folders."""
        return self.name.rpartition("/")[2]


def read_photographs(
    path: Path, *, format_name: str | None = None, words: Collection[str] = (), progress: ShowProgress = no_progress
) -> list[BoxedImage]:
    """Return all photographs of a set with their boxes, decoded; see `boxed_photographs`.

    Raises
    ------
    UnreadableFormat, UnreadableFile, InputError
        As there, and where a photograph cannot be decoded.
    """
    with boxed_photographs(path, format_name=format_name, words=words) as photographs:
        boxed = list(photographs)
    shown = []
    for position, each in enumerate(boxed, start=1):
        shown.append(BoxedImage(name=each.name, image=each.read(), boxes=each.boxes))
        progress(Progress(room="read", done=position, total=len(boxed)))
    return shown


def is_listed(photograph: BoxedImage, names: Collection[str]) -> bool:
    """Say whether a list names a photograph, with its folders or without."""
    return photograph.name in names or photograph.short in names


def check_listed(names: Collection[str], shown: Sequence[BoxedImage]) -> None:
    """Refuse a list with a photograph that is not there.

    Raises
    ------
    NotFound
        One is not there.
    """
    there = {name for each in shown for name in (each.name, each.short)}
    if absent := sorted(set(names) - there):
        found = ", ".join(absent[:5])
        raise NotFound(
            f"{len(absent)} listed photographs are not in the set", expected="their names in it", found=found
        )


def listed_names(path: Path) -> frozenset[str]:
    """Return the names that a text file lists, one a line, as the test lists of VOC do.

    Raises
    ------
    UnreadableFile
        There is no such file.
    UnreadableFormat
        It is no text.
    TooFew
        It lists none.
    """
    content = read_bytes(path, name=str(path))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFormat(
            f"{path.name} is no list of photographs", expected="a name a line, in UTF-8", found=str(error)
        ) from error
    names = frozenset(line.strip() for line in text.splitlines() if line.strip())
    if not names:
        raise TooFew(f"{path.name} lists no photograph", expected="a name a line")
    return names
