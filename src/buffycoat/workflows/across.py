"""Cells that show up in two smears: looked for, and listed; nothing is removed for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from buffycoat.clean import find_repeats
from buffycoat.domain.cell import Cell, CrossRepeat, DuplicateEdge
from buffycoat.domain.run import Outcome
from buffycoat.domain.smear import Smear
from buffycoat.domain.value import derive_id, digest_of
from buffycoat.store.queries import CellFilter, current_cells, smear_by_cell
from buffycoat.workflows.clean import candidate_of
from buffycoat.workflows.runs import Made, Progress, ShowProgress, Tally, no_progress, now, start_run, work
from buffycoat.workflows.workspace import Workspace

__all__ = ["find_across", "list_across"]

_ROOM = "audit"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """Kept cells, the smear of each, those compared with each other before, what was found then, digests by smear."""

    cells: list[Cell]
    home: Mapping[str, str]
    compared: frozenset[str]
    edges: list[DuplicateEdge]
    digests: Mapping[str, str]


def find_across(workspace: Workspace, *, progress: ShowProgress = no_progress) -> Tally:
    """Look for cells of one smear that show up in another: an alarm for smears photographed twice, or mixed up.

    Nothing is removed for it. Smears whose kept cells are those of an earlier search are compared with the others only,
    not with each other again.

    Parameters
    ----------
    workspace
        Where.
    progress : callable
        Called while crops are read.
    """
    with workspace.database.reading() as transaction:
        cells = current_cells(transaction, CellFilter(kept=True, with_pixels=True))[1]
        home = smear_by_cell(transaction)
        before = transaction.find(Outcome, room=_ROOM)
        known = transaction.find(CrossRepeat)
    names: dict[str, list[str]] = defaultdict(list)
    for cell in cells:
        names[home[cell.id]].append(cell.id)
    digests = {smear: digest_of("\n".join(sorted(ids)).encode()) for smear, ids in names.items()}
    searched = {outcome.subject: outcome.produced for outcome in sorted(before, key=lambda each: each.finished_at)}
    compared = frozenset(cell.id for cell in cells if searched.get(home[cell.id]) == digests[home[cell.id]])
    run = start_run(
        workspace,
        room=_ROOM,
        function="clean.find_across",
        parameters={},
        inputs=digest_of("\n".join(sorted(digests.values())).encode()),
    )
    there = {cell.id for cell in cells}
    everything = _Known(
        cells=cells,
        home=home,
        compared=compared,
        edges=[each.edge for each in known if {each.cell_id, each.other_id} <= there],
        digests=digests,
    )
    return work(workspace, run, [("all smears", partial(_across, workspace, everything, run.id, progress))], total=1)


def _across(workspace: Workspace, known: _Known, run_id: str, progress: ShowProgress) -> Made:
    candidates = []
    for position, cell in enumerate(known.cells, start=1):
        candidates.append(candidate_of(workspace, cell))
        progress(Progress(room=_ROOM, done=position, total=len(known.cells)))
    there = {(edge.a, edge.b) for edge in known.edges}
    found = [
        CrossRepeat(
            id=derive_id("cross-repeat", {"a": edge.a, "b": edge.b, "run": run_id}),
            cell_id=edge.a,
            other_id=edge.b,
            edge=edge,
            run_id=run_id,
        )
        for edge in find_repeats(candidates, compared=known.compared, known=known.edges).edges
        if known.home[edge.a] != known.home[edge.b] and (edge.a, edge.b) not in there
    ]
    done = [
        Outcome(
            id=derive_id("outcome", {"run": run_id, "subject": smear, "produced": digest}),
            run_id=run_id,
            room=_ROOM,
            subject=smear,
            produced=digest,
            code=None,
            message="",
            finished_at=now(),
        )
        for smear, digest in known.digests.items()
    ]
    return Made(values=[*found, *done], message=f"{len(found)} new pairs across smears")


def list_across(workspace: Workspace) -> tuple[tuple[str, str, DuplicateEdge], ...]:
    """Return the pairs across smears among the cells that are kept now: the code of each smear, and the evidence."""
    with workspace.database.reading() as transaction:
        codes = {each.id: each.code for each in transaction.find(Smear)}
        home = smear_by_cell(transaction)
        there = {cell.id for cell in current_cells(transaction, CellFilter(kept=True, with_pixels=True))[1]}
        found = transaction.find(CrossRepeat)
    pairs = {(each.cell_id, each.other_id): each.edge for each in found if {each.cell_id, each.other_id} <= there}
    return tuple((codes[home[a]], codes[home[b]], edge) for (a, b), edge in sorted(pairs.items()))
