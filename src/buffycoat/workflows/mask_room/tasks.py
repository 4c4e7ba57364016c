"""Which cells a person may draw masks of, and how far the drawing is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from buffycoat.domain.account import Person
from buffycoat.domain.label import Standing
from buffycoat.domain.mask import MaskSelection, Part
from buffycoat.domain.masking import MaskClass, MaskSet, MaskSheet, MaskTask, TaskState
from buffycoat.store.mask_queries import Statement, statements
from buffycoat.workflows.consensus import consensus_by_cell, held_cells
from buffycoat.workflows.masks.selecting import state_of
from buffycoat.workflows.workspace import Workspace

__all__ = ["class_of", "list_sets", "sheet_of"]

_WHOLE_ONLY = "basophil"
"""Of cells that no selection names: granules hide the nucleus of a basophil."""


def list_sets(workspace: Workspace, person: Person) -> tuple[MaskSet, ...]:
    """Return the selections with their progress, the newest first; of cells that an open round holds only how many."""
    with workspace.database.reading() as transaction:
        selections = sorted(transaction.find(MaskSelection), key=lambda it: (it.made_at, it.id), reverse=True)
        held = held_cells(transaction)
        wanted = {cell for selection in selections for cell in selection.cells}
        said = _by_cell(statements(transaction, sorted(wanted - held)))
    return tuple(_set_of(selection, said, held, person) for selection in selections)


def sheet_of(workspace: Workspace, selection_id: str, person: Person) -> MaskSheet:
    """Return the cells of a selection, but for those that an open round holds: their class is not told.

    Classes come in turns, so that whoever draws only some has drawn of each.

    Raises
    ------
    NotFound
        There is no such selection.
    """
    with workspace.database.reading() as transaction:
        selection = transaction.get(MaskSelection, selection_id)
        held = held_cells(transaction)
        said = _by_cell(statements(transaction, [cell for cell in selection.cells if cell not in held]))
    tasks = [
        _task(selection, cell, term, said.get(cell, []), person)
        for cell, term in zip(selection.cells, selection.terms, strict=True)
        if cell not in held
    ]
    turns: Counter[str] = Counter()
    places = []
    for task in tasks:
        places.append((turns[task.term], list(selection.quotas).index(task.term)))
        turns[task.term] += 1
    ordered = [task for _, task in sorted(zip(places, tasks, strict=True), key=lambda pair: pair[0])]
    return MaskSheet(selection=_set_of(selection, said, held, person), tasks=tuple(ordered))


def class_of(workspace: Workspace, cell_id: str) -> tuple[str | None, tuple[Part, ...]]:
    """Return the class of a cell where it is sure, and what is drawn of it; ask for none that an open round holds."""
    with workspace.database.reading() as transaction:
        selections = sorted(transaction.find(MaskSelection), key=lambda it: (it.made_at, it.id), reverse=True)
    for selection in selections:
        if cell_id in selection.cells:
            term = selection.terms[selection.cells.index(cell_id)]
            return term, selection.parts(term)
    found = consensus_by_cell(workspace).get(cell_id)
    if found is None or found.term is None or found.standing not in (Standing.AGREED, Standing.ADJUDICATED):
        return None, tuple(Part)
    whole_only = found.term.partition(".")[0] == _WHOLE_ONLY
    return found.term, (Part.CELL,) if whole_only else tuple(Part)


def _by_cell(said: list[Statement]) -> Mapping[str, list[Statement]]:
    found: dict[str, list[Statement]] = {}
    for each in said:
        found.setdefault(each.cell_id, []).append(each)
    return found


def _task(selection: MaskSelection, cell: str, term: str, said: list[Statement], person: Person) -> MaskTask:
    mine = [it for it in said if it.expert_id == person.id]
    others = [it for it in said if it.expert_id != person.id and not it.by_program]
    parts = selection.parts(term)
    state = TaskState.WAITING
    if mine:
        failed = any((mask := mine[-1].parts.get(part)) is not None and mask.failure for part in parts)
        state = TaskState.FAILED if failed else TaskState.DRAWN
    return MaskTask(cell_id=cell, term=term, parts=parts, mine=state, comparable=bool(mine and others))


def _set_of(
    selection: MaskSelection, said: Mapping[str, list[Statement]], held: Collection[str], person: Person
) -> MaskSet:
    counted: dict[str, Counter[str]] = {term: Counter() for term in selection.quotas}
    mine: Counter[str] = Counter()
    open_cells = 0
    for cell, term in zip(selection.cells, selection.terms, strict=True):
        if cell in held:
            open_cells += 1
            continue
        of_cell = said.get(cell, [])
        counted[term][state_of(selection, term, next((it for it in of_cell if it.current), None))] += 1
        mine[term] += any(it.expert_id == person.id for it in of_cell)
    classes = tuple(
        MaskClass(
            term=term,
            asked=None if open_cells else selection.quotas[term],
            chosen=found.total(),
            drawn=found["drawn"],
            drafted=found["drafted"],
            failed=found["failed"],
            waiting=found["waiting"],
            mine=mine[term],
        )
        for term, found in counted.items()
    )
    return MaskSet(id=selection.id, name=selection.name, classes=classes, held=open_cells)
