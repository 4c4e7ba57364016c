"""Which cells a mask of another program shows: by the cell's id, by the name of a file, or by its place in a field."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from buffycoat.domain.cell import Cell
from buffycoat.domain.geometry import Box
from buffycoat.domain.smear import FieldOfView, Smear
from buffycoat.domain.value import value
from buffycoat.errors import Conflict, InvalidMask, NotFound
from buffycoat.formats.mask_pictures import PARTS
from buffycoat.imaging.crops import crop_mask
from buffycoat.imaging.regions import BinaryMask, Regions, find_regions, keep_regions
from buffycoat.store import Transaction
from buffycoat.store.queries import CellFilter, current_cells

__all__ = ["KnownCells", "Place", "cut_cells", "part_named"]

_MASK: Final = re.compile(r"(?i)(?:^|[_\-. ])(?:masks?|gt|ground[_\- ]?truth|seg|segmentation|labels?)(?=[_\-. ]|$)")
_ENDING: Final = re.compile(r"(?i)^(?P<stem>.+)[_\-. ](?P<part>nucleus|nuclei|cell|cytoplasm|parts)$")
_FOLDERS: Final = {"nucleus": "nucleus", "nuclei": "nucleus", "cell": "cell", "cells": "cell", "cytoplasm": "cytoplasm"}
MOSTLY: Final = 0.5
"""Of a region, the least part in the box of its cell. In BCCD 259 of 260 have 0.92 or more there, two cells that touch
0.31; in boxes that were found, not drawn, 0.66 or more."""
GRAZED: Final = 0.1
"""Of a region, less than this in the box of a cell is the edge of a neighbor's."""
LOBES_APART: Final = 0.4
"""In square roots of their common area. Lobes measured 0.38 at most in BCCD, Raabin and Barcelona."""


@value
class Place:
    """The cells that a mask is of: one whose crop it covers, or all cells of the field that it covers."""

    field: FieldOfView | None
    cells: tuple[Cell, ...]
    part: str | None = None


def part_named(name: str) -> tuple[str, str | None]:
    """Return the name of a mask without its part, and the part that its ending or its folder names.

    ``parts`` at the end, as in what is exported here, says that the mask shows both, and is taken off.

    Examples
    --------
    >>> part_named("a/c12-nucleus.png"), part_named("a/cells/c12.png"), part_named("c12-parts.png")
    (('c12', 'nucleus'), ('c12', 'cell'), ('c12', None))
    """
    path = _path(name)
    if found := _ENDING.fullmatch(path.stem):
        part = found["part"].lower()
        return found["stem"], "nucleus" if part == "nuclei" else part if part in PARTS else None
    return path.stem, _FOLDERS.get(path.parent.name.lower())


class KnownCells:
    """The cells of a workspace that have pixels, by everything that a mask may call them."""

    def __init__(self, transaction: Transaction) -> None:
        self._cells = {cell.id: cell for cell in current_cells(transaction, CellFilter(with_pixels=True))[1]}
        self._fields = {field.id: field for field in transaction.find(FieldOfView)}
        codes = {smear.id: smear.code for smear in transaction.find(Smear)}
        self._codes = {code.casefold() for code in codes.values()}
        self._in_field: dict[str, list[Cell]] = defaultdict(list)
        self._named: dict[str, set[str]] = defaultdict(set)
        for cell in self._cells.values():
            self._in_field[cell.field_id].append(cell)
            if cell.origin:
                stem = _stem(cell.origin)
                code = codes[self._fields[cell.field_id].smear_id]
                self._named[stem].add(cell.id)
                self._named[f"{code}_{stem}".casefold()].add(cell.id)  # Raabin numbers cells anew in every smear
        for key, field in self._fields.items():
            if field.origin:
                cells = self._in_field.get(key, [])
                target = cells[0].id if field.crop_only and cells else key
                self._named[_stem(field.origin)].add(target)
                self._named[f"{codes[field.smear_id]}_{_stem(field.origin)}".casefold()].add(target)

    def find(self, name: str) -> Place:
        """Return the cells that a mask of that name shows.

        It may be the id of a cell, the name of a cell in its set or of a crop, or the name of a photograph; with the
        code of the smear before it or as its folder, and with a word such as ``mask`` in it.

        Parameters
        ----------
        name : str
            Path of the mask in its source.

        Raises
        ------
        NotFound
            Nothing here is called so.
        Conflict
            Several things are.
        """
        stem, part = part_named(name)
        path = _path(name)
        folder = path.parent.name
        tries = [(f"{folder}_{stem}", part)] if folder else []
        if folder.casefold() not in self._codes:  # what lies in the folder of a smear is of no other smear
            tries += [(path.stem, _FOLDERS.get(folder.lower())), (stem, part)]
        for called, of in tries:
            for spelled in dict.fromkeys((called, _MASK.sub("", called).strip("_-. "))):
                found = ({spelled} if spelled in self._cells else None) or self._named.get(spelled.casefold(), set())
                if len(found) > 1:
                    raise Conflict(
                        f"{name}: {len(found)} cells or photographs are called {spelled}",
                        expected="a name that one has",
                        found=", ".join(sorted(found)[:3]),
                        hint="name the mask after the cell's id, or after smear and cell: SMEAR_NAME",
                    )
                if found:
                    return self._place(next(iter(found)), of, name)
        raise NotFound(
            f"{name} is of no cell here",
            expected="the id of a cell, or the name of a crop or photograph",
            found=stem,
            hint="the photograph may not have come in, or came under another name",
        )

    def _place(self, key: str, part: str | None, name: str) -> Place:
        if key in self._cells:
            return Place(field=None, cells=(self._cells[key],), part=part)
        cells = sorted(self._in_field.get(key, []), key=lambda cell: cell.id)
        if not cells:
            raise NotFound(
                f"{name} is of a picture without cells",
                expected="a picture with cells and pixels",
                found=key,
                hint="find or import its cells first",
            )
        return Place(field=self._fields[key], cells=tuple(cells), part=part)


def cut_cells(
    shown: BinaryMask, cells: Sequence[Cell], *, name: str = "mask", lobes: bool = False
) -> dict[str, BinaryMask | InvalidMask]:
    """Return, for each cell of a field, the region of a mask that is its own, as its crop shows it.

    A cell's own region is the one of which most pixels lie in the tight box of the cell. What else the crop shows is a
    neighbor's, and is left out. Where two cells have one region, the mask does not tell them apart, and both are
    refused; so is a cell in whose box there is nothing, or only what lies mostly outside of it.

    Parameters
    ----------
    shown : ndarray
        Mask of the field: bool, (height, width). Of the whole cells, where nucleus and cell are both known.
    cells : sequence of Cell
        All cells of the field.
    name : str
        What to call the mask in an error.
    lobes : bool
        The mask shows nuclei alone: what else lies in the box of a cell, near to its own region, is a lobe of it.

    Returns
    -------
    dict
        By id of the cell: the region, bool of the size of its box, or the error.
    """
    regions = find_regions(shown)
    counted = {cell.id: _counted(regions, cell) for cell in cells}
    own = {key: int(np.argmax(inside)) for key, inside in counted.items() if inside.any()}
    shares = {key: counted[key][region] / regions.areas[region] for key, region in own.items()}
    claimed = Counter(region for key, region in own.items() if shares[key] >= GRAZED)
    made: dict[str, BinaryMask | InvalidMask] = {}
    for cell in cells:
        region, share = own.get(cell.id), shares.get(cell.id, 0.0)
        if region is None:
            made[cell.id] = InvalidMask(
                f"{name} is empty at {cell.id}",
                expected="pixels in its box",
                found="none",
                hint="the set has no mask of it, or another box",
            )
        elif share >= GRAZED and claimed[region] > 1:
            sharing = [other for other, found in own.items() if found == region and other != cell.id]
            made[cell.id] = InvalidMask(
                f"{name} does not tell {cell.id} from its neighbor",
                expected="a region of its own",
                found=f"one region with {', '.join(sharing)}",
                hint="separate them in the mask",
            )
        elif share < MOSTLY:
            made[cell.id] = InvalidMask(
                f"{name} shows at {cell.id} what lies mostly outside its box",
                expected=f"a region with {MOSTLY:.0%} of it in its box",
                found=f"{share:.0%}",
                hint="the set has no mask of it, or one region for several cells",
            )
        else:
            held = np.arange(len(regions.areas)) == region
            if lobes:
                held[_lobes(regions, counted[cell.id], region, set(own.values()))] = True
            made[cell.id] = crop_mask(keep_regions(regions, held), cell.box)
    return made


def _counted(regions: Regions, cell: Cell) -> NDArray[np.int64]:
    """Return how many pixels of each region lie in the tight box of a cell."""
    inside = regions.labels[_inside(cell.extent, *regions.labels.shape)]
    return np.bincount(inside.ravel(), minlength=len(regions.areas) + 1)[1:]


def _lobes(regions: Regions, inside: NDArray[np.int64], own: int, taken: set[int]) -> list[int]:
    """Return the regions mostly in a cell's box that are near to its own, or to one that is, and are nobody's own."""
    left = [int(lobe) for lobe in np.flatnonzero(inside >= np.maximum(MOSTLY * regions.areas, 1)) if lobe not in taken]
    held, waiting = [], [own]
    while waiting:
        last = waiting.pop()
        near = [lobe for lobe in left if _gap(regions, last, lobe) <= LOBES_APART * _root(regions, last, lobe)]
        left = [lobe for lobe in left if lobe not in near]
        held += near
        waiting += near
    return held


def _root(regions: Regions, *chosen: int) -> float:
    return float(np.sqrt(regions.areas[list(chosen)].sum()))


def _gap(regions: Regions, one: int, other: int) -> float:
    """Return how far two regions are apart, in pixels."""
    boxes = regions.boxes[[one, other]]
    (left, top), (right, bottom) = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    window = regions.labels[top:bottom, left:right]
    away = cv2.distanceTransform((window != one + 1).astype(np.uint8), cv2.DIST_L2, 5)
    return float(away[window == other + 1].min())


def _inside(box: Box, height: int, width: int) -> tuple[slice, slice]:
    return (
        slice(max(box.top, 0), max(min(box.bottom, height), 0)),
        slice(max(box.left, 0), max(min(box.right, width), 0)),
    )


def _stem(origin: str) -> str:
    """Return the name of a file without folders and ending, in one case."""
    return _path(origin).stem.casefold()


def _path(name: str) -> PurePosixPath:
    """Return a name as a path, also where a program on Windows wrote it."""
    return PurePosixPath(name.replace("\\", "/"))
