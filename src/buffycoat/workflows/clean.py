"""Cells once: repeats found by smear, the sharpest kept, covered photographs named."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from functools import partial

from buffycoat.clean import Candidate, CleanParameters, Method, covered_fields, find_repeats
from buffycoat.domain.cell import Cell, CoveredField, DuplicateEdge, Repeat
from buffycoat.domain.smear import Smear
from buffycoat.domain.value import derive_id, digest_of
from buffycoat.imaging.registration import thumbnail
from buffycoat.store.queries import CellFilter, current_cells, detected_at
from buffycoat.workflows.crops import cell_pixels
from buffycoat.workflows.runs import Made, Progress, ShowProgress, Tally, no_progress, start_run, work
from buffycoat.workflows.workspace import Workspace

__all__ = ["candidate_of", "clean_cells"]


def clean_cells(workspace: Workspace, *, method: str = "registered", progress: ShowProgress = no_progress) -> Tally:
    """Mark the repeats of every smear whose cells this method has not compared yet.

    Repeats are looked for within a smear ("N is the number of cropped cell images from the film", Kouzehkanan et al.
    2022, Data cleaning).

    Parameters
    ----------
    workspace
        Where.
    method : {"registered", "paper"}
        How two crops are compared.
    progress : callable
        Called after each smear.
    """
    parameters = CleanParameters(method=Method(method))
    whole = Tally(room="clean", run_id="")
    with workspace.database.reading() as transaction:
        smears = transaction.find(Smear)
        found_at = detected_at(transaction)
        cells = {
            smear.id: current_cells(transaction, CellFilter(smear_id=smear.id, with_pixels=True))[1] for smear in smears
        }
    for position, smear in enumerate(smears, start=1):
        inputs = digest_of("\n".join(sorted(cell.id for cell in cells[smear.id])).encode())
        run = start_run(
            workspace,
            room="clean",
            function="clean.find_repeats",
            parameters=asdict(parameters),
            inputs=inputs,
        )
        subject = (smear.id, partial(_clean, workspace, smear, cells[smear.id], parameters, run.id))
        tally = work(workspace, run, [subject], total=1, since=found_at.get(smear.id))
        whole.done += tally.done
        whole.before += tally.before
        whole.seconds += tally.seconds
        whole.refused += tally.refused
        progress(_at(position, len(smears)))
    return whole


def _at(done: int, total: int) -> Progress:
    return Progress(room="clean", done=done, total=total)


def _clean(workspace: Workspace, smear: Smear, cells: list[Cell], parameters: CleanParameters, run_id: str) -> Made:
    candidates = [candidate_of(workspace, cell) for cell in cells]
    repeats = find_repeats(candidates, parameters=parameters)
    kept_of = {
        cell_id: kept
        for group, kept in zip(repeats.groups, repeats.kept, strict=True)
        for cell_id in group
        if cell_id != kept
    }
    evidence: dict[str, list[DuplicateEdge]] = {cell_id: [] for cell_id in kept_of}
    for edge in repeats.edges:
        evidence[edge.a if edge.a in evidence else edge.b].append(edge)
    verdicts = [
        Repeat(
            id=derive_id("repeat", {"cell": cell_id, "run": run_id}),
            smear_id=smear.id,
            cell_id=cell_id,
            kept_id=kept,
            edges=tuple(evidence[cell_id]),
            run_id=run_id,
        )
        for cell_id, kept in kept_of.items()
    ]
    covered = [
        CoveredField(
            id=derive_id("covered", {"field": field_id, "run": run_id}),
            smear_id=smear.id,
            field_id=field_id,
            covered_by=survivor,
            run_id=run_id,
        )
        for field_id, survivor in _covered(cells, kept_of).items()
    ]
    return Made(values=[*verdicts, *covered], message=f"{len(verdicts)} repeats, {len(covered)} photographs covered")


def candidate_of(workspace: Workspace, cell: Cell) -> Candidate:
    """Return a cell as the room compares it; it must have pixels."""
    return Candidate(
        id=cell.id,
        field_id=cell.field_id,
        box=cell.box,
        sharpness=cell.sharpness or 0.0,
        average_hash=int(cell.average_hash or "0", 16),
        perceptual_hash=int(cell.perceptual_hash or "0", 16),
        thumbnail=thumbnail(cell_pixels(workspace, cell)),
    )


def _covered(cells: list[Cell], kept_of: dict[str, str]) -> dict[str, str]:
    shown: dict[str, set[str]] = defaultdict(set)
    sharpness: dict[str, list[float]] = defaultdict(list)
    for cell in cells:
        shown[cell.field_id].add(kept_of.get(cell.id, cell.id))
        sharpness[cell.field_id].append(cell.sharpness or 0.0)
    return covered_fields(
        {field_id: frozenset(components) for field_id, components in shown.items()},
        {field_id: sum(values) / len(values) for field_id, values in sharpness.items()},
    )
