"""What people look at: read, never written."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace

import cv2
import numpy as np

from buffycoat.domain.capturing import CountingArea
from buffycoat.domain.cell import Cell, DuplicateGroup, FoundBy, Repeat
from buffycoat.domain.label import Expert, Round, Standing
from buffycoat.domain.mask import Mask
from buffycoat.domain.release import Release, Scorecard
from buffycoat.domain.run import COLOR_FILTER, FILTER_CHOICE, Document, Run
from buffycoat.domain.smear import Capture, FieldOfView, Smear
from buffycoat.domain.taxonomy import FULL, RAABIN, Taxonomy
from buffycoat.domain.view import (
    AgreementRound,
    Answered,
    CellPage,
    CellView,
    FieldPage,
    FieldView,
    Funnel,
    Overview,
    QueryView,
)
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.codecs import encode_jpeg
from buffycoat.label import AgreementReport
from buffycoat.store import Transaction
from buffycoat.store.answers import count_labels, open_rounds
from buffycoat.store.arrivals import counting_areas
from buffycoat.store.census import SmearCells, take_census
from buffycoat.store.queries import (
    CellFilter,
    cells_with_smears,
    count_in_fields,
    covered_fields,
    current_ids,
    fields_of_page,
    latest_taxonomy,
    repeats_among,
)
from buffycoat.store.setups import with_setups
from buffycoat.version import VERSION
from buffycoat.workflows.agreement import agree, list_agreements
from buffycoat.workflows.consensus import held_cells
from buffycoat.workflows.crops import cell_pixels, crop_bytes, field_pixels
from buffycoat.workflows.editions import taxonomy_of
from buffycoat.workflows.shown import consensus_on, count_queries, shown_cells
from buffycoat.workflows.workspace import Workspace

__all__ = [
    "AgreementReport",
    "agreement",
    "cell_picture",
    "field_picture",
    "get_cell",
    "get_document",
    "get_field",
    "list_agreement_rounds",
    "list_cells",
    "list_documents",
    "list_fields",
    "list_funnels",
    "list_queries",
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
    "masks": Mask,
    "releases": Release,
    "documents": Document,
}


_OF_ROUND = {"label.open_round": "name", "label.enter": "round"}
"""Under which parameter these functions have the name of their round."""


def overview(workspace: Workspace) -> Overview:
    """Return the workspace at a glance."""
    with workspace.database.reading() as transaction:
        counts = {name: transaction.count(cls) for name, cls in _COUNTED.items()}
        counts["labels"] = count_labels(transaction)
        census = take_census(transaction)
        counts["cells"], counts["kept"] = census.size, int(np.count_nonzero(census.kept))
        simulated = transaction.count(Smear, simulated=True) + transaction.count(Expert, simulated=True) > 0
    return Overview(name=workspace.name, version=VERSION, simulated=simulated, counts=counts)


def list_funnels(workspace: Workspace) -> tuple[Funnel, ...]:
    """Return what became of each smear."""
    with workspace.database.reading() as transaction:
        smears = transaction.find(Smear)
        census = take_census(transaction)
    return tuple(
        _funnel(smear, census.of(smear.id)) for smear in sorted(smears, key=lambda smear: (smear.site, smear.code))
    )


def _funnel(smear: Smear, cells: SmearCells) -> Funnel:
    return Funnel(
        smear=smear,
        photographs=cells.photographs,
        crop_only=cells.crop_only,
        elements=len(cells.ids),
        repeats=len(cells.repeats),
        covered=cells.covered,
        kept=len(cells.ids) - len(cells.repeats),
    )


def _field_views(transaction: Transaction, fields: list[FieldOfView]) -> tuple[FieldView, ...]:
    captures = {capture.id: capture for capture in transaction.find(Capture)}
    covered = covered_fields(transaction)
    counts = count_in_fields(transaction, [field.id for field in fields])
    areas = counting_areas(transaction, [field.id for field in fields])
    return tuple(
        FieldView(
            field=field,
            capture=captures[field.capture_id],
            cells=counts.get(field.id, 0),
            covered_by=covered.get(field.id),
            in_counting_area=areas.get(field.id, CountingArea.UNSAID),
        )
        for field in with_setups(transaction, fields)
    )


def list_fields(workspace: Workspace, *, smear_id: str, offset: int = 0, limit: int = 100) -> FieldPage:
    """Return a page of a smear's fields, by name of the file they came from."""
    with workspace.database.reading() as transaction:
        transaction.get(Smear, smear_id)
        total, fields = fields_of_page(transaction, smear_id, offset=offset, limit=limit)
        return FieldPage(total=total, items=_field_views(transaction, fields))


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
    query: str | None = None,
    answered: Answered | None = None,
    offset: int = 0,
    limit: int = 100,
) -> CellPage:
    """Return a page of the cells for which everything holds that is given.

    Parameters
    ----------
    workspace
        Where.
    smear_id, field_id : str, optional
        Where the cells lie.
    kept : bool, optional
        Repeats left out, or only repeats.
    term : str, optional
        Key of a class; those below it are meant too. Known of closed rounds only, as standing is.
    standing : Standing, optional
        Between the experts.
    query : str, optional
        Name of a saved query.
    answered : Answered, optional
        What the two experts of a closed round said.
    offset, limit : int
        The page.

    Raises
    ------
    NotFound
        No saved query has this name, or it asks about a round that is not closed; or ``answered`` asks about a round
        that is no closed one of two experts, or about a row that its matrix does not have.
    UnknownTerm
        No taxonomy has this class, or that of the round no such level.
    """
    with workspace.database.reading() as transaction:
        census = take_census(transaction)
        meant = shown_cells(workspace, transaction, query=query, term=term, standing=standing, answered=answered)
        if smear_id is not None:
            meant &= census.within([smear_id])
        if field_id is not None:
            meant &= census.among(current_ids(transaction, CellFilter(field_id=field_id)))
        if kept is not None:
            meant &= census.kept if kept else ~census.kept
        total, ids = census.page(meant, offset=offset, limit=limit)
        cells = cells_with_smears(transaction, ids)
        return CellPage(total=total, items=_cell_views(transaction, [cells[key] for key in ids]))


def get_cell(workspace: Workspace, cell_id: str) -> CellView:
    """Return one cell, also one that a newer run has replaced."""
    with workspace.database.reading() as transaction:
        found = cells_with_smears(transaction, [transaction.get(Cell, cell_id).id])
        return _cell_views(transaction, [found[cell_id]])[0]


def list_queries(workspace: Workspace) -> tuple[QueryView, ...]:
    """Return the saved queries, and how many cells each means now."""
    return count_queries(workspace)


def _cell_views(transaction: Transaction, cells: list[tuple[Cell, str]]) -> tuple[CellView, ...]:
    ids = [cell.id for cell, _ in cells]
    consensus = consensus_on(transaction, ids)
    groups = _groups(repeats_among(transaction, ids))
    # The run of a box that a person drew says who did: of a cell that is being read, nobody is told.
    drawn = {cell.id for cell, _ in cells if cell.found_by is FoundBy.EXPERT}
    hushed = drawn & held_cells(transaction) if drawn else drawn
    return tuple(
        CellView(
            cell=replace(cell, run_id="") if cell.id in hushed else cell,
            smear_id=smear_id,
            kept=cell.id not in groups or groups[cell.id].kept == cell.id,
            group=groups.get(cell.id),
            consensus=consensus.get(cell.id),
        )
        for cell, smear_id in cells
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
    """Return the finished pages, newest first; color filters are none."""
    with workspace.database.reading() as transaction:
        found = [each for each in transaction.find(Document) if each.kind not in (COLOR_FILTER, FILTER_CHOICE)]
    return tuple(sorted(found, key=lambda document: document.made_at, reverse=True))


def get_document(workspace: Workspace, document_id: str) -> tuple[Document, bytes]:
    """Return one page with its bytes."""
    with workspace.database.reading() as transaction:
        document = transaction.get(Document, document_id)
    return document, workspace.objects.get(document.digest)


def agreement(workspace: Workspace, *, round_name: str | None = None, level: str = FULL) -> AgreementReport:
    """Return how far the two experts of a closed round agree; nothing is told of open rounds."""
    return agree(workspace, round_name=round_name, level=level, shown=True)


def list_agreement_rounds(workspace: Workspace) -> tuple[AgreementRound, ...]:
    """Return the closed rounds of two experts, the latest first."""
    return list_agreements(workspace)


def list_releases(workspace: Workspace) -> tuple[Release, ...]:
    """Return the sealed releases."""
    with workspace.database.reading() as transaction:
        return tuple(transaction.find(Release))


def list_scorecards(workspace: Workspace) -> tuple[Scorecard, ...]:
    """Return how the classifiers did, by recipe and split."""
    with workspace.database.reading() as transaction:
        return tuple(sorted(transaction.find(Scorecard), key=lambda card: (card.release_id, card.recipe, card.split)))


def list_runs(workspace: Workspace, *, offset: int = 0, limit: int = 100) -> tuple[Run, ...]:
    """Return what was run, newest first; not what an open round is and who reads in it."""
    with workspace.database.reading() as transaction:
        waiting = {campaign.name for campaign in open_rounds(transaction)}
        runs = sorted(transaction.find(Run), key=lambda run: run.started_at, reverse=True)
    told = [run for run in runs if run.parameters.get(_OF_ROUND.get(run.function, "")) not in waiting]
    return tuple(told[offset : offset + limit])


def taxonomy(workspace: Workspace) -> Taxonomy:
    """Return the taxonomy in use: that of the latest round, or Raabin's where there is none yet."""
    with workspace.database.reading() as transaction:
        reference = latest_taxonomy(transaction)
    return RAABIN if reference is None else taxonomy_of(workspace, reference)
