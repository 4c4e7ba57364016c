"""Which cells have their masks drawn, kept as a sealed list, and how far the drawing is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from buffycoat.domain.cell import CrossRepeat
from buffycoat.domain.label import Standing
from buffycoat.domain.mask import MaskSelection
from buffycoat.domain.value import Scalar, derive_id, value
from buffycoat.errors import AlreadyExists, InputError, NotFound, TooFew
from buffycoat.segment.selection import PRESETS, Candidate, Quotas, choose_cells
from buffycoat.store import Transaction
from buffycoat.store.mask_queries import Statement, statements
from buffycoat.store.queries import CellFilter, current_ids, current_repeats, latest_taxonomy, smear_by_cell
from buffycoat.workflows.consensus import closed_answers, deciding
from buffycoat.workflows.editions import taxonomy_of
from buffycoat.workflows.runs import now, start_run
from buffycoat.workflows.workspace import Workspace

__all__ = [
    "ClassProgress",
    "SelectionView",
    "find_selection",
    "list_selections",
    "preset_quotas",
    "select_for_masks",
    "state_of",
    "sure_classes",
]

_SURE = (Standing.AGREED, Standing.ADJUDICATED)


@value
class ClassProgress:
    """How far the drawing of one class is; ``drawn + drafted + failed + waiting`` is ``chosen``.

    ``drawn``: a person or a foreign set stands for all parts that are wanted. ``drafted``: only a program drew them.
    ``failed``: of one part it is said that there is none to draw. ``waiting``: a part has no mask yet.
    """

    term: str
    asked: int
    chosen: int
    drawn: int
    drafted: int
    failed: int
    waiting: int


@value
class SelectionView:
    """A selection of cells, and where its masks are."""

    selection: MaskSelection
    classes: tuple[ClassProgress, ...]


def preset_quotas(name: str) -> Quotas:
    """Return the quotas of a preset.

    Raises
    ------
    InputError
        There is none of this name.
    """
    if name not in PRESETS:
        raise InputError("no such preset of quotas", expected=" or ".join(PRESETS), found=repr(name))
    return PRESETS[name]


def sure_classes(workspace: Workspace, *, level: str) -> dict[str, str]:
    """Return the class of every cell on which the experts agree or that was adjudicated, by cell.

    Cells that an open round holds are left out, and so are those whose term is outside the level.
    """
    with workspace.database.reading() as transaction:
        closed, waiting = closed_answers(transaction)
    classes: dict[str, str] = {}
    for cell, answers in deciding(closed).items():
        standing, term = answers.standings[cell]
        if standing not in _SURE or term is None or cell in waiting:
            continue
        taxonomy = taxonomy_of(workspace, answers.round.taxonomy)
        if level not in taxonomy.levels:
            continue
        counted = taxonomy.roll_up(term, level)
        if counted is not None:
            classes[cell] = counted
    return classes


def select_for_masks(
    workspace: Workspace,
    name: str,
    counts: Mapping[str, int],
    *,
    whole_only: tuple[str, ...] = (),
    level: str = "five-class",
    seed: int = 0,
    fewer: bool = False,
) -> MaskSelection:
    """Choose cells for masks and keep the list under a name; what it holds is never changed.

    Only kept cells with pixels on whose class the experts agree, or that were adjudicated, are chosen, and never two
    pictures of one cell, also not from two smears. How smears share a class is told in
    ``segment.selection.choose_cells``.

    Parameters
    ----------
    workspace
        Where.
    name : str
        Of the selection.
    counts : mapping of str to int
        How many cells of each class of the level.
    whole_only : tuple of str
        Classes of which the whole cell is drawn, and no nucleus.
    level : str
        Of the taxonomy.
    seed : int
        Another seed draws other cells.
    fewer : bool
        Take what there is of a class that has too few.

    Raises
    ------
    InputError
        The name is empty, or a class is not of the level.
    AlreadyExists
        The name means another selection.
    TooFew
        With every class that has too few cells; or no round is closed.
    """
    if not name.strip():
        raise InputError("a selection has a name", expected="a name", found=repr(name))
    with workspace.database.reading() as transaction:
        reference = latest_taxonomy(transaction)
        before = transaction.find(MaskSelection, name=name.strip())
    if reference is None:
        raise TooFew("no cell has a label", expected="a closed round of two experts", found="no round")
    known = taxonomy_of(workspace, reference).classes(level)
    if unknown := [term for term in (*counts, *whole_only) if term not in known]:
        raise InputError(f"no such class at level {level}", expected=", ".join(known), found=", ".join(unknown))
    if left := [term for term in whole_only if term not in counts]:
        raise InputError(
            "whole cells of a class that is not asked for", expected=", ".join(counts), found=", ".join(left)
        )
    wanted = {term: counts[term] for term in known if term in counts}
    parameters: dict[str, Scalar] = {
        "name": name.strip(),
        "quotas": ", ".join(f"{term} {count}" for term, count in wanted.items()),
        "whole_only": ", ".join(whole_only),
        "level": level,
        "fewer": fewer,
    }
    if before:
        asked = before[0].quotas, before[0].whole_only, before[0].level, before[0].seed
        if asked != (wanted, tuple(whole_only), level, seed):
            raise AlreadyExists(f"the selection {name.strip()!r} is another one already")
        return before[0]
    chosen = choose_cells(_candidates(workspace, level), wanted, seed=seed, fewer=fewer)
    run = start_run(workspace, room="segment", function="segment.select_cells", parameters=parameters, seed=seed)
    selection = MaskSelection(
        id=derive_id("selection", {"name": name.strip(), "cells": [cell.cell_id for cell in chosen]}),
        name=name.strip(),
        taxonomy=reference,
        level=level,
        quotas=wanted,
        whole_only=tuple(whole_only),
        seed=seed,
        cells=tuple(cell.cell_id for cell in chosen),
        terms=tuple(cell.term for cell in chosen),
        made_at=now(),
        run_id=run.id,
    )
    with workspace.database.writing() as transaction:
        transaction.add([selection])
    return selection


def _candidates(workspace: Workspace, level: str) -> list[Candidate]:
    classes = sure_classes(workspace, level=level)
    with workspace.database.reading() as transaction:
        kept = set(current_ids(transaction, CellFilter(kept=True, with_pixels=True)))
        smears = smear_by_cell(transaction)
        group_of = _groups(transaction)
    return [
        Candidate(cell_id=cell, term=term, smear_id=smears[cell], group=group_of.get(cell, cell), kept=cell in kept)
        for cell, term in classes.items()
        if cell in smears
    ]


def _groups(transaction: Transaction) -> dict[str, str]:
    """Return one name for all pictures of one cell, in one smear or across two."""
    above: dict[str, str] = {}

    def top(cell: str) -> str:
        while above.get(cell, cell) != cell:
            cell = above[cell]
        return cell

    pairs = [(repeat.cell_id, repeat.kept_id) for repeat in current_repeats(transaction)]
    pairs += [(across.cell_id, across.other_id) for across in transaction.find(CrossRepeat)]
    for one, other in pairs:
        first, last = sorted((top(one), top(other)))
        above[last] = first
        above.setdefault(first, first)
    return {cell: top(cell) for cell in above}


def find_selection(workspace: Workspace, name: str) -> MaskSelection:
    """Return the selection of that name.

    Raises
    ------
    NotFound
        With the names that there are.
    """
    with workspace.database.reading() as transaction:
        known = {selection.name: selection for selection in transaction.find(MaskSelection)}
    if name not in known:
        found = ", ".join(sorted(known)) or "no selection"
        raise NotFound("no selection of cells has this name", expected=found, found=name)
    return known[name]


def list_selections(workspace: Workspace, name: str | None = None) -> tuple[SelectionView, ...]:
    """Return the selections with their progress, the oldest first; only one where a name is given.

    Raises
    ------
    NotFound
        There is none of that name.
    """
    with workspace.database.reading() as transaction:
        selections = sorted(transaction.find(MaskSelection), key=lambda it: (it.made_at, it.id))
    if name is not None:
        selections = [find_selection(workspace, name)]
    views = []
    for selection in selections:
        with workspace.database.reading() as transaction:
            said = {it.cell_id: it for it in statements(transaction, selection.cells) if it.current}
        views.append(SelectionView(selection=selection, classes=_progress(selection, said)))
    return tuple(views)


def _progress(selection: MaskSelection, said: Mapping[str, Statement]) -> tuple[ClassProgress, ...]:
    counted: dict[str, Counter[str]] = {term: Counter() for term in selection.quotas}
    for cell, term in zip(selection.cells, selection.terms, strict=True):
        counted[term][state_of(selection, term, said.get(cell))] += 1
    return tuple(
        ClassProgress(
            term=term,
            asked=selection.quotas[term],
            chosen=found.total(),
            drawn=found["drawn"],
            drafted=found["drafted"],
            failed=found["failed"],
            waiting=found["waiting"],
        )
        for term, found in counted.items()
    )


def state_of(selection: MaskSelection, term: str, said: Statement | None) -> str:
    """Return how far the masks of a cell are, in the words of :class:`ClassProgress`, by the statement that counts."""
    if said is None:
        return "waiting"
    parts = [said.parts.get(part) for part in selection.parts(term)]
    if any(mask is not None and mask.failure for mask in parts):
        return "failed"
    if any(mask is None for mask in parts):
        return "waiting"
    return "drafted" if said.by_program else "drawn"
