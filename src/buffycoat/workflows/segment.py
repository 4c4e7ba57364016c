"""Cells to masks of nucleus and whole cell."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from buffycoat.domain.cell import Cell
from buffycoat.domain.label import Standing
from buffycoat.domain.mask import Mask, Part
from buffycoat.domain.taxonomy import RAABIN
from buffycoat.domain.value import derive_id
from buffycoat.errors import InputError, NothingFound
from buffycoat.imaging.regions import encode_run_lengths
from buffycoat.segment import METHODS, segment_cell, segment_nucleus
from buffycoat.store.queries import CellFilter, current_cells
from buffycoat.workflows.consensus import consensus_by_cell
from buffycoat.workflows.crops import cell_pixels
from buffycoat.workflows.runs import Made, ShowProgress, Tally, no_progress, start_run, work
from buffycoat.workflows.workspace import Workspace

__all__ = ["segment_cells"]


def segment_cells(
    workspace: Workspace, *, method: str = "best", terms: Sequence[str] = (), progress: ShowProgress = no_progress
) -> Tally:
    """Draw nucleus and cell of the kept cells; where nothing is found, the mask says so with its reason.

    Parameters
    ----------
    workspace
        Where.
    method : str
        Of the nucleus: ``"best"``, ``"easy-gt"``, …
    terms : sequence of str
        Only cells on which a closed round agreed for one of these; none means all kept cells.
    progress : callable
        Called after each cell.
    """
    if method not in METHODS:
        raise InputError("no such method of segmentation", expected=" or ".join(METHODS), found=repr(method))
    for term in terms:
        RAABIN.term(term)
    run = start_run(workspace, room="segment", function="segment.segment_nucleus", parameters={"method": method})
    with workspace.database.reading() as transaction:
        _, cells = current_cells(transaction, CellFilter(kept=True, with_pixels=True))
    if terms:
        agreed = {
            cell_id
            for cell_id, consensus in consensus_by_cell(workspace).items()
            if consensus.term in terms and consensus.standing in (Standing.AGREED, Standing.ADJUDICATED)
        }
        cells = [cell for cell in cells if cell.id in agreed]
    subjects = [(cell.id, partial(_segment, workspace, cell, method=method, run_id=run.id)) for cell in cells]
    return work(workspace, run, subjects, total=len(subjects), progress=progress)


def _segment(workspace: Workspace, cell: Cell, *, method: str, run_id: str) -> Made:
    pixels = cell_pixels(workspace, cell)
    masks = []
    nucleus = None
    for part in (Part.NUCLEUS, Part.CELL):
        failure = None
        lengths: tuple[int, ...] = ()
        try:
            if part is Part.NUCLEUS:
                drawn = nucleus = segment_nucleus(pixels, method=method)
            else:
                drawn = segment_cell(pixels, nucleus=nucleus)
            lengths = encode_run_lengths(drawn)
        except NothingFound as error:
            failure = error.code
        masks.append(
            Mask(
                id=derive_id("mask", {"cell": cell.id, "part": part, "run": run_id}),
                cell_id=cell.id,
                part=part,
                height_px=pixels.shape[0],
                width_px=pixels.shape[1],
                run_lengths=lengths,
                method=method if part is Part.NUCLEUS else "cell",
                failure=failure,
                supersedes=None,
                run_id=run_id,
            )
        )
    return Made(values=masks, message=", ".join(f"{mask.part}: {mask.failure}" for mask in masks if mask.failure))
