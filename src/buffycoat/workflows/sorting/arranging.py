"""All cells that a question means, sorted into classes for one person."""

from __future__ import annotations

from collections.abc import Collection

from buffycoat.domain.account import Person
from buffycoat.domain.label import Standing
from buffycoat.domain.sorting import Arrangement, SortedClass
from buffycoat.domain.view import Answered
from buffycoat.store import Transaction
from buffycoat.store.queries import CellFilter, kept_by_repeat
from buffycoat.store.sorting import gallery_rows, ordered_ids
from buffycoat.workflows import browse
from buffycoat.workflows.consensus import consensus_by_cell, held_cells
from buffycoat.workflows.same_cells import with_repeats
from buffycoat.workflows.shown import shown_cells
from buffycoat.workflows.workspace import Workspace

__all__ = ["MOST_CELLS", "arrange_cells"]

MOST_CELLS = 50_000
"""As many are sorted at once; of more, only the first. Their ids are sent together, some 30 bytes each."""
_REPEAT, _BARE, _MINE, _HELD = 1, 2, 4, 8


def arrange_cells(  # noqa: PLR0913 (every filter of the gallery)
    workspace: Workspace,
    person: Person | None,
    *,
    smear_id: str | None = None,
    kept: bool | None = None,
    term: str | None = None,
    standing: Standing | None = None,
    query: str | None = None,
    answered: Answered | None = None,
    most: int = MOST_CELLS,
) -> Arrangement:
    """Return the cells for which everything holds that is given, by the class that each is shown under.

    Of a cell that an open round holds, and of its repeats, no label is told, not even the person's own: nobody reads
    under its influence.

    Parameters
    ----------
    workspace
        Where.
    person : Person, optional
        Whose labels come first, and who is told which cells cannot be labeled now; ``None`` for a guest.
    smear_id, kept, term, standing, query, answered
        As in :func:`buffycoat.workflows.browse.list_cells`.
    most : int
        As many cells at most.

    Returns
    -------
    Arrangement
        Classes in the order in which they were met; cells without one are a class of their own.

    Raises
    ------
    NotFound
        As in :func:`buffycoat.workflows.browse.list_cells`.
    UnknownTerm
        As there.
    """
    known = consensus_by_cell(workspace, shown=True)
    with workspace.database.reading() as transaction:
        among = shown_cells(workspace, transaction, query=query, term=term, standing=standing, answered=answered)
        total, rows = ordered_ids(transaction, CellFilter(smear_id=smear_id, kept=kept, among=among), limit=most)
        removed = kept_by_repeat(transaction)
        held = with_repeats(transaction, held_cells(transaction))
        mine = _own(transaction, person, but=held)
    classes: dict[str | None, tuple[list[str], list[int]]] = {}
    for cell, bare in rows:
        said = known.get(cell)
        shown = mine.get(cell, said.term if said is not None and cell not in held else None)
        mark = _REPEAT * (cell in removed) + _BARE * bare + _MINE * (cell in mine)
        mark += _HELD * (person is not None and cell in held)
        cells, marks = classes.setdefault(shown, ([], []))
        cells.append(cell)
        marks.append(mark)
    return Arrangement(
        taxonomy=browse.taxonomy(workspace).reference,
        total=total,
        classes=tuple(
            SortedClass(term=shown, cells=tuple(cells), marks="".join(f"{mark:x}" for mark in marks))
            for shown, (cells, marks) in classes.items()
        ),
    )


def _own(transaction: Transaction, person: Person | None, *, but: Collection[str]) -> dict[str, str]:
    if person is None:
        return {}
    return {row[0]: row[3] for row in gallery_rows(transaction, expert_id=person.id) if row[0] not in but}
