"""What people said of cells in the gallery: the weaker kind, which stands where no round says anything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from buffycoat.domain.label import Role
from buffycoat.store import Transaction
from buffycoat.store.sorting import GalleryRow, gallery_rows
from buffycoat.workflows.same_cells import with_repeats

__all__ = ["SortedTerm", "sorted_terms"]

SortedTerm = tuple[str | None, str]
"""Key of the term that all who sorted a cell gave it, ``None`` where they differ; and the taxonomy."""


def sorted_terms(
    transaction: Transaction, *, waiting: Collection[str], cells: Collection[str] | None = None
) -> dict[str, SortedTerm]:
    """Return what the gallery says of cells: of all, or of a few.

    What trainees say counts for themselves alone. Nothing is told of the cells ``waiting``, which open rounds hold, nor
    of their repeats: those show the same cell.
    """
    rows = [row for row in gallery_rows(transaction, cells=cells) if row[2] != Role.TRAINEE]
    if not rows:
        return {}
    hidden = with_repeats(transaction, waiting)
    by_cell: dict[str, list[GalleryRow]] = defaultdict(list)
    for row in rows:
        if row[0] not in hidden:
            by_cell[row[0]].append(row)
    return {cell: _together(said) for cell, said in by_cell.items()}


def _together(said: list[GalleryRow]) -> SortedTerm:
    newest = max(said, key=lambda row: (row[5], row[1]))
    return (newest[3] if len({row[3] for row in said}) == 1 else None), newest[4]
