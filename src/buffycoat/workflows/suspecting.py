"""Labels of a release that are probably wrong, as reports: what is accepted of them is read again blindly."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from buffycoat.domain.account import Person
from buffycoat.domain.cell import Cell
from buffycoat.domain.erratum import ErratumReceipt
from buffycoat.domain.release import Release
from buffycoat.domain.value import value
from buffycoat.errors import NotFound, TooFew
from buffycoat.formats.erratum_file import KIND
from buffycoat.learn.cell_file import CellClassifier
from buffycoat.learn.confident import FEWEST, out_of_fold, suspect_labels
from buffycoat.publish.sealed import Contents
from buffycoat.store.queries import cells_with_smears
from buffycoat.workflows.classifying import embeddings_of, shipped_classifier
from buffycoat.workflows.consensus import held_cells
from buffycoat.workflows.crops import cell_pixels
from buffycoat.workflows.errata import import_errata
from buffycoat.workflows.releasing.hidden_ids import inward_ids
from buffycoat.workflows.same_cells import with_repeats
from buffycoat.workflows.workspace import Workspace

__all__ = ["SuspectCell", "Suspects", "find_suspects", "report_suspects"]

_CONTENTS: Final = TypeAdapter(Contents)
_WHO: Final = "a program"


@value
class SuspectCell:
    """A label of a release that is probably wrong: the cell as it is called there, and how much likelier another is."""

    cell_id: str
    label: str
    term: str | None
    proposed: str
    margin: float


@value
class Suspects:
    """What was found among so many cells with a class, the surest first, and what became of each report."""

    cells: int
    labels: tuple[SuspectCell, ...]
    receipts: tuple[ErratumReceipt, ...] = ()


def find_suspects(workspace: Workspace, version: str, classifier: CellClassifier | None = None) -> Suspects:
    """Return labels of a release that are probably wrong.

    What the classifier sees of each cell is learned anew with the labels of the release, each cell by machines that had
    no cell of its photograph; a class with fewer than ten cells is left out. Cells that an open round holds, and their
    repeats, have no part in it.

    Parameters
    ----------
    workspace
        Where.
    version : str
        Of the release.
    classifier : CellClassifier, optional
        Another than the one that comes along, of its kind. If it was fitted on these very cells with these labels, it
        has seen their mistakes, and finds fewer of them.

    Raises
    ------
    NotFound
        There is no such release, or nothing is kept of what lies in it.
    TooFew
        Not enough cells or photographs to learn from.
    """
    labels, cells = _labeled(workspace, version)
    often = {label for label, count in Counter(labels.values()).items() if count >= FEWEST}
    told = [name for name in labels if labels[name] in often]
    crops = [cell_pixels(workspace, cells[name]) for name in told]
    if not crops:
        raise TooFew("no class to learn from", expected=f"at least 2 with {FEWEST} cells", found="0")
    embeddings, seen = embeddings_of(crops, classifier or shipped_classifier())
    kept = [told[place] for place in seen]
    classes = sorted(often)
    truth = [classes.index(labels[name]) for name in kept]
    fields = [cells[name].field_id for name in kept]
    chances = out_of_fold(embeddings, truth, fields, classes=len(classes))
    return Suspects(cells=len(kept), labels=_named(kept, truth, chances, classes))


def _named(
    names: Sequence[str], truth: Sequence[int], chances: NDArray[np.float64], classes: Sequence[str]
) -> tuple[SuspectCell, ...]:
    return tuple(
        SuspectCell(
            cell_id=names[each.place],
            label=classes[each.label],
            term=None,
            proposed=classes[each.proposed],
            margin=round(each.margin, 4),
        )
        for each in suspect_labels(truth, chances)
    )


def report_suspects(
    workspace: Workspace, version: str, person: Person, *, most: int = 100, keep: bool = True
) -> Suspects:
    """Find labels that are probably wrong and, with ``keep``, take them in as reports; each report counts once.

    Raises
    ------
    NotFound, TooFew
        As :func:`find_suspects`.
    """
    found = find_suspects(workspace, version)
    terms = _terms(workspace, version)
    labels = tuple(
        SuspectCell(
            cell_id=each.cell_id,
            label=each.label,
            term=terms[each.cell_id],
            proposed=each.proposed,
            margin=each.margin,
        )
        for each in found.labels[:most]
    )
    receipts: tuple[ErratumReceipt, ...] = ()
    if keep and labels:
        release = _release(workspace, version)
        reports = [
            {
                "kind": KIND,
                "format": 1,
                "release": release.version,
                "manifest": release.manifest,
                "cell_id": each.cell_id,
                "label": each.label,
                "term": each.term,
                "proposed": each.proposed,
                "why": f"Out of fold, the classifier takes it for {each.proposed}.",
                "name": _WHO,
            }
            for each in labels
        ]
        receipts = import_errata(workspace, [("suspects.json", json.dumps(reports).encode())], person)
    return Suspects(cells=found.cells, labels=labels, receipts=receipts)


def _release(workspace: Workspace, version: str) -> Release:
    with workspace.database.reading() as transaction:
        releases = {release.version: release for release in transaction.find(Release)}
    if version not in releases:
        raise NotFound(
            "this workspace has sealed no such release",
            expected=", ".join(sorted(releases)) or "a release",
            found=version,
        )
    return releases[version]


def _contents(workspace: Workspace, version: str) -> Contents:
    release = _release(workspace, version)
    if release.contents is None:
        raise NotFound(
            f"nothing is kept of what lies in release {version}",
            hint="it was sealed by an older version; publish it again",
        )
    return _CONTENTS.validate_json(workspace.objects.get(release.contents))


def _terms(workspace: Workspace, version: str) -> Mapping[str, str | None]:
    return {cell.cell_id: cell.term for cell in _contents(workspace, version).cells}


def _labeled(workspace: Workspace, version: str) -> tuple[dict[str, str], dict[str, Cell]]:
    """Return the label of each cell of a release that nobody reads now, and the cell itself, by its outward id."""
    told = {cell.cell_id: cell.label for cell in _contents(workspace, version).cells if cell.label is not None}
    with workspace.database.reading() as transaction:
        found = inward_ids(workspace, transaction.ids(Cell))
        inward = {name: found[name] for name in told if name in found}
        known = cells_with_smears(transaction, sorted(set(inward.values())))
        held = with_repeats(transaction, held_cells(transaction))
    cells = {
        name: known[key][0]
        for name, key in inward.items()
        if key in known and key not in held and known[key][0].crop is not None
    }
    return {name: told[name] for name in sorted(cells)}, cells
