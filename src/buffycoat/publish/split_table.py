"""Cells by class and split: the paper's Table 7."""

from __future__ import annotations

from collections import Counter

from buffycoat.domain.taxonomy import Taxonomy
from buffycoat.domain.value import Scalar
from buffycoat.formats.table import PrintedTable
from buffycoat.publish.counted import standing_notes
from buffycoat.publish.sealed import Contents, SealedCell
from buffycoat.publish.splits import SPLITS

__all__ = ["split_counts", "split_table"]


def split_counts(contents: Contents, /) -> dict[str, dict[str, int]]:
    """Return cells by split, then class, zeros included; splits other than train, test-A and test-B come after them."""
    found = Counter((cell.split, cell.label) for cell in contents.cells)
    others = sorted({cell.split for cell in contents.cells if cell.split is not None} - set(SPLITS))
    return {split: {name: found[split, name] for name in contents.classes} for split in (*SPLITS, *others)}


def split_table(contents: Contents, /, *, taxonomy: Taxonomy, title: str) -> PrintedTable:
    """Count cells by class and split: Table 7 of Kouzehkanan et al. 2022, and what the split rule took out.

    Parameters
    ----------
    contents : Contents
        The sealed list.
    taxonomy : Taxonomy
        That of the release: it says what a cell counts as that has no class because it was taken out.
    title : str
        Printed over the table.

    Returns
    -------
    PrintedTable
        A row a class and one of totals; a column a split. Of cells that were taken out and whose class the release
        does not hold there is a row of their own.
    """
    counts = split_counts(contents)
    cells = {cell.cell_id: cell for cell in contents.cells}
    removed = Counter(_class_of(cells.get(cell_id), contents, taxonomy) for cell_id in contents.plan.removed)
    rows: list[tuple[Scalar, ...]] = []
    for name in contents.classes:
        numbers = [counts[split][name] for split in counts]
        rows.append((name, *numbers, sum(numbers), removed[name]))
    if unknown := sum(removed.values()) - sum(removed[name] for name in contents.classes):
        rows.append(("class not in this release", *[0] * (len(counts) + 1), unknown))
    totals = [sum(classes.values()) for classes in counts.values()]
    rows.append(("all", *totals, sum(totals), sum(removed.values())))
    notes = [f"Split: {contents.plan.rule} (seed {contents.plan.seed})."]
    if removed:
        notes.append("Removed: cells that the split rule left out, because they would be on two sides.")
    if contents.repeats:
        notes.append(f"Repeats that were left out before, the sharpest picture being kept: {len(contents.repeats):,}.")
    return PrintedTable(
        title=title,
        columns=("class", *counts, "all", "removed by the split"),
        rows=tuple(rows),
        notes=(*notes, *standing_notes(contents)),
    )


def _class_of(cell: SealedCell | None, contents: Contents, taxonomy: Taxonomy) -> str | None:
    if cell is None or cell.label is not None or cell.term is None:
        return cell.label if cell else None
    return taxonomy.roll_up(cell.term, contents.level)
