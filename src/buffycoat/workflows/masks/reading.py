"""What the files of a foreign set of masks say: which part of which cells, decoded when it is asked for."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Final

import numpy as np
import orjson

from buffycoat.domain.cell import Cell
from buffycoat.domain.mask import Part
from buffycoat.domain.smear import FieldOfView
from buffycoat.domain.value import value
from buffycoat.errors import BuffycoatError, InvalidMask, NotFound, NothingFound, UnreadableFormat
from buffycoat.formats.annotated import Refused
from buffycoat.formats.coco_masks import CocoMask, read_coco_masks
from buffycoat.formats.mask_lines import MaskLine, read_mask_lines
from buffycoat.formats.mask_pictures import CYTOPLASM_WORD, PARTS, Coding, read_parts
from buffycoat.formats.source import Source, SourceFile
from buffycoat.formats.text import content_of, refuse
from buffycoat.imaging.codecs import MAX_BYTES
from buffycoat.imaging.crops import crop_mask
from buffycoat.imaging.regions import BinaryMask, decode_run_lengths
from buffycoat.workflows.masks.keeping import Drawn
from buffycoat.workflows.masks.matching import KnownCells, Place, cut_cells

__all__ = ["Foreign", "read_foreign"]

_PICTURES: Final = (".png", ".bmp", ".tif", ".tiff")
_LOSSY: Final = (".jpg", ".jpeg", ".webp", ".gif")
_LINES: Final = (".jsonl", ".ndjson")
_OF_PHOTOGRAPHS: Final = frozenset({"crops", "images"})
"""Folders that hold what was photographed, beside the masks; their pictures are no masks."""
Masks = Mapping[str, BinaryMask]
"""Masks by part: nucleus, cell, cytoplasm."""
_Read = Callable[[], Masks | Mapping[str, str]]


@value
class Foreign:
    """What a set says: for each cell the work that yields its masks, what was refused, and the digest of all of it."""

    cells: Mapping[str, Callable[[], Drawn]]
    refused: tuple[Refused, ...]
    digest: str


class _Gathered:
    """What each cell, and each field, is told by which file."""

    def __init__(self, known: KnownCells) -> None:
        self.known = known
        self.of_cell: dict[str, list[tuple[str, _Read]]] = defaultdict(list)
        self.of_field: dict[str, list[tuple[str, _Read]]] = defaultdict(list)
        self.fields: dict[str, Place] = {}
        self.here: dict[str, Cell] = {}
        self.refused: list[Refused] = []
        self.digest = hashlib.sha256()

    def put(self, name: str, place: Place, read: _Read) -> None:
        """Remember that a mask of that name is of this place."""
        if place.field is None:
            self.here[place.cells[0].id] = place.cells[0]
            self.of_cell[place.cells[0].id].append((name, read))
            return
        self.fields[place.field.id] = place
        self.of_field[place.field.id].append((name, read))


def read_foreign(
    source: Source, known: KnownCells, *, coding: Coding | None = None, part: str | None = None
) -> Foreign:
    """Match every mask of a source to the cells that it shows; nothing is decoded yet but run lengths.

    Pictures, COCO files (``.json``) and run lengths (``.jsonl``) may lie beside each other; what lies in a folder
    ``crops`` or ``images`` is no mask. Elsewhere a JPEG beside masks is refused by name.

    Parameters
    ----------
    source : Source
        A folder, a zip or one file.
    known : KnownCells
        The cells of the workspace.
    coding : Coding, optional
        How pictures say which part a pixel is.
    part : str, optional
        What every picture shows that does not say it by its name.

    Returns
    -------
    Foreign
        A file or annotation that is of no cell, or cannot be read, is in ``refused`` with the reason.

    Raises
    ------
    NotFound
        There is no file of these kinds.
    """
    gathered = _Gathered(known)
    gathered.digest.update(orjson.dumps([part, coding.levels if coding else None, coding.colors if coding else None]))
    lossy: list[str] = []
    for file in source.files.values():
        ending = file.ending.casefold()
        photograph = PurePosixPath(file.name).parent.name.casefold() in _OF_PHOTOGRAPHS
        try:
            if ending in _LOSSY and not photograph:
                lossy.append(file.name)
            elif ending in _PICTURES and not photograph:
                _take_picture(file, gathered, coding, part)
            elif ending in _LINES:
                _take_lines(file, gathered)
            elif ending == ".json":
                _take_coco(file, gathered)
        except BuffycoatError as error:
            gathered.refused.append(refuse(file.name, error))
    cells: dict[str, Callable[[], Drawn]] = {}
    for key, place in gathered.fields.items():
        if place.field is not None:
            field = _Field(place.field, place.cells, gathered.of_field[key])
            cells |= {cell.id: _later(field, cell) for cell in place.cells if cell.id not in gathered.of_cell}
    for cell_id, said in gathered.of_cell.items():
        cells[cell_id] = _of_crop(gathered.here[cell_id], said)
    if not cells and not gathered.refused:
        raise NotFound(
            f"there are no masks in {source.name}",
            expected="PNG, BMP, TIFF, COCO as .json, or run lengths as .jsonl",
            found=_endings(source),
            hint="masks saved with loss, as JPEG, have grays that mean nothing: export them as PNG",
        )
    gathered.refused += [refuse(name, _saved_with_loss(name)) for name in lossy]
    return Foreign(cells=cells, refused=tuple(gathered.refused), digest=gathered.digest.hexdigest())


def _saved_with_loss(name: str) -> UnreadableFormat:
    return UnreadableFormat(
        f"{name} is no mask",
        expected="PNG, BMP or TIFF, or a folder crops or images for photographs",
        found="a picture saved with loss, whose grays mean nothing",
    )


def _endings(source: Source) -> str:
    counted = Counter(file.ending.casefold() or "without ending" for file in source.files.values())
    return ", ".join(f"{count} {ending}" for ending, count in sorted(counted.items())) or "no files"


def _take_picture(file: SourceFile, gathered: _Gathered, coding: Coding | None, part: str | None) -> None:
    place = gathered.known.find(file.name)
    content = content_of(file, most=MAX_BYTES)
    gathered.digest.update(f"{file.name} {hashlib.sha256(content).hexdigest()}".encode())
    shown = place.part or part
    # Read again when its turn comes: a set of masks as pixels may be larger than the memory.
    gathered.put(
        file.name,
        place,
        lambda: read_parts(content_of(file, most=MAX_BYTES), part=shown, coding=coding, name=file.name),
    )


def _take_lines(file: SourceFile, gathered: _Gathered) -> None:
    content = content_of(file)
    gathered.digest.update(content)
    for number, line in enumerate(read_mask_lines(content, name=file.name), start=1):
        where = f"{file.name}, mask {number}"
        if isinstance(line, Refused):
            gathered.refused.append(line)
            continue
        try:
            if line.part not in PARTS:
                raise UnreadableFormat(f"{where}: no such part", expected=" or ".join(PARTS), found=repr(line.part))
            gathered.put(where, gathered.known.find(line.cell), _line(line))
        except BuffycoatError as error:
            gathered.refused.append(refuse(where, error))


def _line(line: MaskLine) -> _Read:
    if line.failure:
        failure = line.failure
        return lambda: {line.part: failure}
    return lambda: {line.part: decode_run_lengths(line.run_lengths, line.height_px, line.width_px)}


def _take_coco(file: SourceFile, gathered: _Gathered) -> None:
    content = content_of(file)
    gathered.digest.update(content)
    for found in read_coco_masks(content, name=file.name):
        if isinstance(found, Refused):
            gathered.refused.append(found)
            continue
        try:
            gathered.put(found.where, gathered.known.find(found.picture), _annotation(found))
        except BuffycoatError as error:
            gathered.refused.append(refuse(found.where, error))


def _annotation(found: CocoMask) -> _Read:
    return lambda: {found.part: found.mask()}


def _merged(said: list[tuple[str, _Read]], *, several: bool) -> dict[str, BinaryMask | str]:
    """Return the parts that several files tell; one told twice is joined where there are ``several``, else refused."""
    parts: dict[str, BinaryMask | str] = {}
    names: dict[str, str] = {}
    for name, read in said:
        for part, mask in read().items():
            first = parts.get(part)
            if first is None:
                parts[part], names[part] = mask, name
            elif _equal(first, mask):
                continue  # as a picture, and as run lengths
            elif several and not isinstance(first, str) and not isinstance(mask, str) and first.shape == mask.shape:
                parts[part] = first | mask
            else:
                raise InvalidMask(
                    f"{name} and {names[part]} are both the {part}", expected="one mask of each part", found="two"
                )
    return parts


def _equal(one: BinaryMask | str, other: BinaryMask | str) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return isinstance(one, str) and isinstance(other, str) and one == other
    return np.array_equal(one, other)


def _drawn(parts: Mapping[str, BinaryMask | str], name: str) -> Drawn:
    """Return nucleus and cell, with cytoplasm reckoned in: the cell is all of it, and it fits where all are told."""
    masks = {part: mask for part, mask in parts.items() if not isinstance(mask, str)}
    drawn: dict[Part, BinaryMask | str] = {
        part: (mask if isinstance(mask, str) or mask.any() else NothingFound.code)
        for part in Part
        if (mask := parts.get(part.value)) is not None
    }
    cytoplasm = masks.get(CYTOPLASM_WORD)
    if cytoplasm is None:
        return drawn
    if "nucleus" not in masks:
        if "cell" not in masks:
            raise InvalidMask(
                f"{name} has cytoplasm alone", expected="cytoplasm with nucleus or with cell", found="cytoplasm"
            )
        drawn[Part.NUCLEUS] = masks["cell"] & ~cytoplasm
        return drawn
    whole = masks["nucleus"] | cytoplasm
    if (other := masks.get("cell")) is not None and (differ := int(np.count_nonzero(whole ^ other))):
        raise InvalidMask(
            f"the parts of {name} contradict each other",
            expected="cytoplasm that is cell minus nucleus",
            found=f"{differ} pixels that are not",
        )
    drawn[Part.CELL] = whole
    return drawn


def _of_crop(cell: Cell, said: list[tuple[str, _Read]]) -> Callable[[], Drawn]:
    def read() -> Drawn:
        parts = _merged(said, several=False)
        for mask in parts.values():
            _check_shape(mask, cell.box.height, cell.box.width, said[0][0])
        return _drawn(parts, said[0][0])

    return read


def _check_shape(mask: BinaryMask | str, height: int, width: int, name: str) -> None:
    if not isinstance(mask, str) and mask.shape != (height, width):
        raise InvalidMask(
            f"{name} is of another size than its picture",
            expected=f"{width} x {height}",
            found=f"{mask.shape[1]} x {mask.shape[0]}",
        )


class _Field:
    """The masks of one field, read once for all of its cells."""

    def __init__(self, field: FieldOfView, cells: tuple[Cell, ...], said: list[tuple[str, _Read]]) -> None:
        self.field, self.cells, self.said = field, cells, said

    def of(self, cell: Cell) -> Drawn:
        """Return the masks of one cell, cut to its crop."""
        parts, regions, name = _field_parts(self)
        region = regions[cell.id]
        if isinstance(region, InvalidMask):
            raise region
        masks: dict[str, BinaryMask | str] = {part: crop_mask(mask, cell.box) & region for part, mask in parts.items()}
        return _drawn(masks, name)

    def read(self) -> tuple[Masks, Mapping[str, BinaryMask | InvalidMask], str]:
        """Return the parts as the field shows them, and the region of each cell."""
        name = self.said[0][0]
        parts = {part: mask for part, mask in _merged(self.said, several=True).items() if not isinstance(mask, str)}
        if not parts or self.field.height_px is None or self.field.width_px is None:
            raise NotFound(f"{name} has no masks for a photograph", found=self.field.id)
        for mask in parts.values():
            _check_shape(mask, self.field.height_px, self.field.width_px, name)
        whole = np.logical_or.reduce(list(parts.values()))
        return parts, cut_cells(whole, self.cells, name=name, lobes=parts.keys() == {"nucleus"}), name


@lru_cache(maxsize=2)
def _field_parts(field: _Field) -> tuple[Masks, Mapping[str, BinaryMask | InvalidMask], str]:
    return field.read()


def _later(field: _Field, cell: Cell) -> Callable[[], Drawn]:
    return lambda: field.of(cell)
