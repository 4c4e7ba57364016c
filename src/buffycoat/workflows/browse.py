"""What people look at: read, never written."""

from __future__ import annotations

import math
from collections import defaultdict

import cv2
import numpy as np

from buffycoat.domain.cell import Cell, DuplicateGroup, Repeat
from buffycoat.domain.label import Consensus, Expert, Label, Round, Standing
from buffycoat.domain.mask import Mask
from buffycoat.domain.release import Release, Scorecard
from buffycoat.domain.run import Document, Run
from buffycoat.domain.smear import Capture, FieldOfView, Smear
from buffycoat.domain.taxonomy import RAABIN, Taxonomy
from buffycoat.domain.view import CellPage, CellView, FieldPage, FieldView, Funnel, Overview
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.codecs import encode_jpeg
from buffycoat.store import Transaction
from buffycoat.store.queries import (
    CellFilter,
    count_by_field,
    covered_fields,
    current_cells,
    current_repeats,
    funnel_counts,
)
from buffycoat.version import VERSION
from buffycoat.workflows.consensus import consensus_by_cell
from buffycoat.workflows.crops import cell_pixels, crop_bytes, field_pixels
from buffycoat.workflows.workspace import Workspace

__all__ = [
    "cell_picture",
    "field_picture",
    "get_cell",
    "get_document",
    "get_field",
    "list_cells",
    "list_documents",
    "list_fields",
    "list_funnels",
    "list_releases",
    "list_runs",
    "list_scorecards",
    "overview",
    "taxonomy",
]

_COUNTED: dict[str, type] = {
    "smears": Smear,
    "fields": FieldOfView,
    "rounds": Round,
    "labels": Label,
    "masks": Mask,
    "releases": Release,
    "documents": Document,
}


def overview(workspace: Workspace) -> Overview:
    """Return the workspace at a glance."""
    with workspace.database.reading() as transaction:
        counts = {name: transaction.count(cls) for name, cls in _COUNTED.items()}
        counts["cells"] = current_cells(transaction, CellFilter(), limit=0)[0]
        counts["kept"] = current_cells(transaction, CellFilter(kept=True), limit=0)[0]
        simulated = transaction.count(Smear, simulated=True) + transaction.count(Expert, simulated=True) > 0
    return Overview(name=workspace.name, version=VERSION, simulated=simulated, counts=counts)


def list_funnels(workspace: Workspace) -> tuple[Funnel, ...]:
    """Return what became of each smear."""
    with workspace.database.reading() as transaction:
        smears = transaction.find(Smear)
        counts = funnel_counts(transaction)
    funnels = []
    for smear in sorted(smears, key=lambda smear: (smear.site, smear.code)):
        found = counts.get(smear.id, {})
        numbers = {name: found.get(name, 0) for name in ("photographs", "crop_only", "elements", "repeats", "covered")}
        funnels.append(Funnel(smear=smear, **numbers, kept=numbers["elements"] - numbers["repeats"]))
    return tuple(funnels)


def _field_views(transaction: Transaction, fields: list[FieldOfView]) -> tuple[FieldView, ...]:
    captures = {capture.id: capture for capture in transaction.find(Capture)}
    covered = covered_fields(transaction)
    counts = count_by_field(transaction)
    return tuple(
        FieldView(
            field=field,
            capture=captures[field.capture_id],
            cells=counts.get(field.id, 0),
            covered_by=covered.get(field.id),
        )
        for field in fields
    )


def list_fields(workspace: Workspace, *, smear_id: str, offset: int = 0, limit: int = 100) -> FieldPage:
    """Return a page of a smear's fields, by name of the file they came from."""
    with workspace.database.reading() as transaction:
        transaction.get(Smear, smear_id)
        fields = transaction.find(FieldOfView, smear_id=smear_id)
        fields.sort(key=lambda field: (field.origin or "", field.id))
        return FieldPage(total=len(fields), items=_field_views(transaction, fields[offset : offset + limit]))


def get_field(workspace: Workspace, field_id: str) -> FieldView:
    """Return one field."""
    with workspace.database.reading() as transaction:
        return _field_views(transaction, [transaction.get(FieldOfView, field_id)])[0]


def list_cells(  # noqa: PLR0913 (every filter of the gallery)
    workspace: Workspace,
    *,
    smear_id: str | None = None,
    field_id: str | None = None,
    kept: bool | None = None,
    term: str | None = None,
    standing: Standing | None = None,
    offset: int = 0,
    limit: int = 100,
) -> CellPage:
    """Return a page of cells. Class and standing are known of closed rounds only."""
    consensus = consensus_by_cell(workspace, shown=True)
    among = None
    if term is not None or standing is not None:
        among = [
            cell_id
            for cell_id, known in consensus.items()
            if term in (None, known.term) and standing in (None, known.standing)
        ]
    with workspace.database.reading() as transaction:
        wanted = CellFilter(smear_id=smear_id, field_id=field_id, kept=kept, among=among)
        total, cells = current_cells(transaction, wanted, offset=offset, limit=limit)
        return CellPage(total=total, items=_cell_views(transaction, cells, consensus))


def get_cell(workspace: Workspace, cell_id: str) -> CellView:
    """Return one cell, also one that a newer run has replaced."""
    with workspace.database.reading() as transaction:
        cell = transaction.get(Cell, cell_id)
        return _cell_views(transaction, [cell], consensus_by_cell(workspace, shown=True))[0]


def _cell_views(transaction: Transaction, cells: list[Cell], consensus: dict[str, Consensus]) -> tuple[CellView, ...]:
    fields = {field.id: field.smear_id for field in transaction.find(FieldOfView)}
    groups = _groups(current_repeats(transaction))
    return tuple(
        CellView(
            cell=cell,
            smear_id=fields[cell.field_id],
            kept=cell.id not in groups or groups[cell.id].kept == cell.id,
            group=groups.get(cell.id),
            consensus=consensus.get(cell.id),
        )
        for cell in cells
    )


def _groups(repeats: list[Repeat]) -> dict[str, DuplicateGroup]:
    by_kept: dict[str, list[Repeat]] = defaultdict(list)
    for repeat in repeats:
        by_kept[repeat.kept_id].append(repeat)
    groups: dict[str, DuplicateGroup] = {}
    for kept, members in by_kept.items():
        group = DuplicateGroup(
            cells=tuple(sorted([kept, *(member.cell_id for member in members)])),
            kept=kept,
            edges=tuple(edge for member in members for edge in member.edges),
        )
        groups |= dict.fromkeys(group.cells, group)
    return groups


def _shrunk(image: RgbImage, width: int) -> RgbImage:
    if width >= image.shape[1]:
        return image
    height = max(1, math.floor(image.shape[0] * width / image.shape[1]))
    return np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def field_picture(workspace: Workspace, field_id: str, *, width: int) -> bytes:
    """Return a JPEG of a field in its pixel frame, at most ``width`` pixels wide."""
    with workspace.database.reading() as transaction:
        field = transaction.get(FieldOfView, field_id)
    return encode_jpeg(_shrunk(field_pixels(workspace, field), width))


def cell_picture(workspace: Workspace, cell_id: str, *, side: int | None) -> bytes:
    """Return the crop of a cell: the kept PNG, or a JPEG of that side in pixels."""
    with workspace.database.reading() as transaction:
        cell = transaction.get(Cell, cell_id)
    if side is None:
        return crop_bytes(workspace, cell)
    return encode_jpeg(_shrunk(cell_pixels(workspace, cell), side))


def list_documents(workspace: Workspace) -> tuple[Document, ...]:
    """Return the finished pages, newest first."""
    with workspace.database.reading() as transaction:
        return tuple(sorted(transaction.find(Document), key=lambda document: document.made_at, reverse=True))


def get_document(workspace: Workspace, document_id: str) -> tuple[Document, bytes]:
    """Return one page with its bytes."""
    with workspace.database.reading() as transaction:
        document = transaction.get(Document, document_id)
    return document, workspace.objects.get(document.digest)


def list_releases(workspace: Workspace) -> tuple[Release, ...]:
    """Return the sealed releases."""
    with workspace.database.reading() as transaction:
        return tuple(transaction.find(Release))


def list_scorecards(workspace: Workspace) -> tuple[Scorecard, ...]:
    """Return how the classifiers did, by recipe and split."""
    with workspace.database.reading() as transaction:
        return tuple(sorted(transaction.find(Scorecard), key=lambda card: (card.release_id, card.recipe, card.split)))


def list_runs(workspace: Workspace, *, offset: int = 0, limit: int = 100) -> tuple[Run, ...]:
    """Return what was run, newest first."""
    with workspace.database.reading() as transaction:
        runs = sorted(transaction.find(Run), key=lambda run: run.started_at, reverse=True)
    return tuple(runs[offset : offset + limit])


def taxonomy(workspace: Workspace) -> Taxonomy:  # noqa: ARG001 (each workspace will bring its own)
    """Return the taxonomy in use."""
    return RAABIN
