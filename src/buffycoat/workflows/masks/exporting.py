"""Masks out of the workspace: pictures, run lengths, COCO. No name of a file, slide or person goes with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from buffycoat.domain.cell import Cell
from buffycoat.domain.mask import MaskSelection, Part
from buffycoat.domain.value import value
from buffycoat.errors import AlreadyExists, InputError, NotFound, UnwritableFile
from buffycoat.formats.coco import CocoAbout
from buffycoat.formats.coco_masks import PartMasks, write_coco_masks
from buffycoat.formats.mask_lines import MaskLine, write_mask_lines
from buffycoat.formats.masks import mask_png, three_levels_png
from buffycoat.store.mask_queries import Statement, statements
from buffycoat.store.queries import CellFilter, current_cells
from buffycoat.workflows.crops import crop_bytes
from buffycoat.workflows.masks.keeping import mask_pixels_of
from buffycoat.workflows.masks.selecting import find_selection
from buffycoat.workflows.workspace import Workspace

__all__ = ["KINDS", "ExportedMasks", "export_masks"]

KINDS: Final = ("png", "parts", "runs", "coco")
"""``png``: a picture a part, 255 in the mask. ``parts``: one picture a cell, 255 nucleus, 128 cytoplasm, 0 the rest.
``runs``: JSON Lines. ``coco``: one file with nucleus, cell and cytoplasm."""


@value
class ExportedMasks:
    """What was written: cells, masks by part, files, failures, and cells that have no mask to write."""

    cells: int
    nuclei: int
    whole: int
    failed: int
    without: tuple[str, ...]
    files: int


def export_masks(
    workspace: Workspace,
    folder: Path,
    *,
    kinds: Sequence[str] = KINDS,
    selection: str | None = None,
    hand: str | None = None,
    crops: bool = False,
) -> ExportedMasks:
    """Write masks into a new folder: those that count, or those of one hand.

    Parameters
    ----------
    workspace
        Where.
    folder : Path
        New, or empty.
    kinds : sequence of str
        Some of ``KINDS``.
    selection : str, optional
        Only cells of this selection; of a class that is drawn whole, no nucleus. Without it, all cells with masks.
    hand : str, optional
        Handle of an expert, or method of a program or set; without it, the masks that count.
    crops : bool
        Write the crops too, as ``crops/CELL.png``.

    Returns
    -------
    ExportedMasks
        Counts.

    Raises
    ------
    InputError
        No such kind.
    NotFound
        No such selection, or nobody of that name drew anything.
    AlreadyExists
        The folder holds something.
    UnwritableFile
        The folder cannot be written to.
    """
    if not kinds or (unknown := [kind for kind in kinds if kind not in KINDS]):
        raise InputError("no such kind of export", expected=", ".join(KINDS), found=", ".join(unknown if kinds else []))
    chosen = None if selection is None else find_selection(workspace, selection)
    said, cells = _chosen(workspace, chosen, hand)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise AlreadyExists(f"{folder.name} is not empty", expected="a new folder", found="files")
        files = 0
        for path, content in _files(workspace, said, cells, kinds, crops=crops):
            target = folder / path
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(content)
            files += 1
    except OSError as error:
        raise UnwritableFile(f"{folder.name} cannot be written to", found=(error.strerror or "").lower()) from error
    masks = [mask for it in said for mask in it.parts.values()]
    drawn = [mask for mask in masks if not mask.failure]
    there = {it.cell_id for it in said}
    return ExportedMasks(
        cells=len(said),
        nuclei=sum(mask.part is Part.NUCLEUS for mask in drawn),
        whole=sum(mask.part is Part.CELL for mask in drawn),
        failed=len(masks) - len(drawn),
        without=tuple(cell for cell in chosen.cells if cell not in there) if chosen else (),
        files=files,
    )


def _chosen(
    workspace: Workspace, selection: MaskSelection | None, hand: str | None
) -> tuple[list[Statement], dict[str, Cell]]:
    with workspace.database.reading() as transaction:
        found = statements(transaction, None if selection is None else selection.cells)
        _, cells = current_cells(transaction, CellFilter(among=[it.cell_id for it in found]))
    by_id = {cell.id: cell for cell in cells}
    if hand is not None and hand not in {it.hand for it in found}:
        known = ", ".join(sorted({it.hand for it in found})) or "nobody"
        raise NotFound("nobody of this name drew masks here", expected=known, found=hand)
    said = [it for it in found if it.cell_id in by_id and (it.current if hand is None else it.hand == hand)]
    if selection is None:
        return said, by_id
    wanted = {cell: selection.parts(term) for cell, term in zip(selection.cells, selection.terms, strict=True)}
    return [_only(it, wanted[it.cell_id]) for it in said], by_id


def _only(said: Statement, parts: tuple[Part, ...]) -> Statement:
    return replace(said, parts={part: mask for part, mask in said.parts.items() if part in parts})


def _files(
    workspace: Workspace, said: list[Statement], cells: dict[str, Cell], kinds: Sequence[str], *, crops: bool
) -> Iterator[tuple[str, bytes]]:
    for it in said:
        drawn = {part: mask for part, mask in it.parts.items() if not mask.failure}
        if "png" in kinds:
            for part, mask in drawn.items():
                content = mask_png(mask.run_lengths, mask.height_px, mask.width_px)
                yield f"masks/{it.cell_id}-{part}.png", content
        if "parts" in kinds and len(drawn) == len(Part):
            levels = three_levels_png(mask_pixels_of(drawn[Part.NUCLEUS]), mask_pixels_of(drawn[Part.CELL]))
            yield f"parts/{it.cell_id}-parts.png", levels
        if crops:
            yield f"crops/{it.cell_id}.png", crop_bytes(workspace, cells[it.cell_id])
    if "runs" in kinds:
        yield "masks.jsonl", write_mask_lines(_lines(said))
    if "coco" in kinds:
        about = CocoAbout(description="masks of nucleus and cell")
        yield "masks.json", write_coco_masks(filter(None, map(_part_masks, said)), about=about)


def _lines(said: list[Statement]) -> Iterator[MaskLine]:
    for it in said:
        for part in Part:
            if (mask := it.parts.get(part)) is not None:
                yield MaskLine(
                    cell=it.cell_id,
                    part=part.value,
                    height_px=mask.height_px,
                    width_px=mask.width_px,
                    run_lengths=mask.run_lengths,
                    method=mask.method,
                    failure=mask.failure,
                )


def _part_masks(said: Statement) -> PartMasks | None:
    drawn = {part: mask for part, mask in said.parts.items() if not mask.failure}
    if not drawn:
        return None
    shape = next(iter(drawn.values()))
    parts = {part.value: mask.run_lengths for part, mask in drawn.items()}
    return PartMasks(name=said.cell_id, height_px=shape.height_px, width_px=shape.width_px, parts=parts)
