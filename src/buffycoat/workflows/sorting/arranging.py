"""All cells that a question means, sorted into classes for one person."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from buffycoat.domain.account import Person
from buffycoat.domain.audit import Suggested, Suggestion
from buffycoat.domain.label import Standing
from buffycoat.domain.sorting import Arrangement, SortedClass, SortOrder, SuggestedGroup
from buffycoat.domain.view import Answered
from buffycoat.errors import NotAllowed
from buffycoat.store import Transaction
from buffycoat.store.sorting import gallery_rows
from buffycoat.workflows import browse
from buffycoat.workflows.audit import note_showings
from buffycoat.workflows.shown import shown_cells
from buffycoat.workflows.shown_labels import shown_labels
from buffycoat.workflows.suggesting import pre_sorted
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
    order: SortOrder = SortOrder.GALLERY,
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
    order : SortOrder
        How cells without a class stand. Who sees them as a program suggests is noted before the answer goes out.
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
    NotAllowed
        A guest asks for what a program suggests: who saw it could not be noted.
    """
    if order is SortOrder.SUGGESTED and person is None:
        raise NotAllowed("what a program suggests is shown to those who may label", hint="sign in as a reader")
    with workspace.database.reading() as transaction:
        labels = shown_labels(transaction)
        meant = shown_cells(workspace, transaction, query=query, term=term, standing=standing, answered=answered)
        mine = _own(transaction, person, but=labels.held)
    census = labels.census
    if smear_id is not None:
        meant &= census.within([smear_id])
    if kept is not None:
        meant &= census.kept if kept else ~census.kept
    places = np.flatnonzero(meant)[:most]
    said = np.where(labels.waiting[places], -1, labels.word[places]).tolist()
    plain = (_REPEAT * ~census.kept + _BARE * ~census.pictured + _HELD * (labels.waiting & (person is not None)))[
        places
    ]
    classes: dict[str | None, tuple[list[str], list[int]]] = {}
    for cell, word, mark in zip(census.ids[places].astype(str).tolist(), said, plain.tolist(), strict=True):
        shown = mine.get(cell, None if word < 0 else labels.words[word][0])
        cells, marks = classes.setdefault(shown, ([], []))
        cells.append(cell)
        marks.append(mark + _MINE * (cell in mine))
    groups, sources = (
        _suggest_first(workspace, person, classes, labels.held) if order is SortOrder.SUGGESTED else ((), ())
    )
    return Arrangement(
        taxonomy=browse.taxonomy(workspace).reference,
        total=int(np.count_nonzero(meant)),
        suggested=groups,
        suggested_by=sources,
        classes=tuple(
            SortedClass(term=shown, cells=tuple(cells), marks="".join(f"{mark:x}" for mark in marks))
            for shown, (cells, marks) in classes.items()
        ),
    )


def _suggest_first(
    workspace: Workspace,
    person: Person | None,
    classes: dict[str | None, tuple[list[str], list[int]]],
    held: Collection[str],
) -> tuple[tuple[SuggestedGroup, ...], tuple[str, ...]]:
    """Put cells without a class as a program suggests, note who is shown it, and return what stands where."""
    if person is None or None not in classes:
        return (), ()
    cells, marks = classes[None]
    with workspace.database.reading() as transaction:
        order, groups, sources = pre_sorted(transaction, cells, held=held)
    if not groups:
        return (), ()
    mark_of = dict(zip(cells, marks, strict=True))
    classes[None] = (order, [mark_of[cell] for cell in order])
    seen = tuple(order[: sum(group.cells for group in groups)])
    said = tuple(f"{group.term or 'not-recognized'} {group.cells}" for group in groups)
    note_showings(
        workspace,
        person.id,
        [Suggested(kind=Suggestion.TYPE, about="gallery", shown=(*said, *seen), source=", ".join(sources))],
    )
    return groups, sources


def _own(transaction: Transaction, person: Person | None, *, but: Collection[str]) -> dict[str, str]:
    if person is None:
        return {}
    return {row[0]: row[3] for row in gallery_rows(transaction, expert_id=person.id) if row[0] not in but}
