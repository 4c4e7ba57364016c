"""Groups of repeats as people review them: all pictures of a cell, why they are one, and what gives way first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from buffycoat.domain.cell import Cell, DuplicateEdge, Evidence
from buffycoat.domain.repeating import (
    GroupOrder,
    RepeatGroup,
    RepeatLink,
    RepeatMember,
    RepeatPage,
    RepeatTotals,
    RepeatWord,
)
from buffycoat.domain.ruling import RepeatRuling, Ruled
from buffycoat.store.census import take_census
from buffycoat.store.queries import cells_with_smears
from buffycoat.workflows.consensus import being_read
from buffycoat.workflows.repeating.previewing import smears_meant
from buffycoat.workflows.repeats import RepeatGroupView, list_repeats, list_rulings
from buffycoat.workflows.workspace import Workspace

__all__ = ["group_page"]

_BITS = 128
"""Of both hashes together."""


def group_page(
    workspace: Workspace,
    *,
    smear_id: str | None = None,
    order: GroupOrder = GroupOrder.SIZE,
    offset: int = 0,
    limit: int = 20,
) -> RepeatPage:
    """Return some of the groups that stand now, with their pictures and links, and figures of all.

    Labels are those of closed rounds; of cells that an open round holds none is told, here as everywhere.

    Raises
    ------
    NotFound
        There is no such smear.
    """
    with workspace.database.reading() as transaction:
        codes = smears_meant(transaction, smear_id)
        smears = [cells for each, cells in take_census(transaction).smears.items() if each in codes]
        reading = being_read(transaction)
    views = list_repeats(workspace, smear=None if smear_id is None else codes[smear_id])
    ordered = sorted(views, key=lambda view: _before(view, order))
    page = ordered[offset : offset + limit]
    with workspace.database.reading() as transaction:
        cells = cells_with_smears(transaction, [name for view in page for name in view.cells])
    told = {ruling.id for view in views for ruling in view.rulings}
    left_out = sum(len(cells.repeats) for cells in smears)
    kept = sum(len(cells.ids) for cells in smears) - left_out
    covered = sum(cells.covered for cells in smears)
    return RepeatPage(
        total=len(views),
        totals=RepeatTotals(groups=len(views), left_out=left_out, kept=kept, covered=covered),
        items=tuple(_group(view, {name: cells[name][0] for name in view.cells}, reading) for view in page),
        apart=tuple(
            _word(ruling)
            for ruling in list_rulings(workspace)
            if ruling.id not in told and ruling.ruled is Ruled.APART and ruling.smear_id in codes
        ),
    )


def strength(edge: DuplicateEdge) -> float:
    """Return how sure a link is: a person's word before a place, a place before pixels, pixels before hashes.

    Examples
    --------
    >>> known = {"a": "c1", "b": "c2", "average_hash_distance": 3, "perceptual_hash_distance": 5}
    >>> strength(DuplicateEdge(**known, correlation=0.95, evidence=Evidence.REGISTRATION))
    0.95
    """
    if edge.evidence is None:
        return 4.0
    if edge.evidence is Evidence.OVERLAP:
        return 2 + (edge.correlation or 0)
    if edge.correlation is not None:
        return edge.correlation
    return -(edge.average_hash_distance + edge.perceptual_hash_distance) / _BITS


def _before(view: RepeatGroupView, order: GroupOrder) -> tuple[float | bool | str, ...]:
    weakest = min((strength(edge) for edge in view.edges), default=4.0)
    if order is GroupOrder.WEAKEST:
        return weakest, view.smear, view.cells[0]
    if order is GroupOrder.DIFFER:
        return not view.differ, -len(view.cells), weakest, view.smear, view.cells[0]
    return -len(view.cells), weakest, view.smear, view.cells[0]


def _group(view: RepeatGroupView, cells: Mapping[str, Cell], reading: set[str]) -> RepeatGroup:
    return RepeatGroup(
        smear=view.smear,
        members=tuple(
            RepeatMember(
                cell_id=name,
                field_id=cells[name].field_id,
                sharpness=cells[name].sharpness or 0.0,
                side_px=round(cells[name].box.width),
                kept=place == 0,
                term=term,
            )
            for place, (name, term) in enumerate(zip(view.cells, view.terms, strict=True))
        ),
        links=_links(view.edges),
        words=tuple(_word(ruling) for ruling in view.rulings),
        differ=view.differ,
        read=not reading.isdisjoint(view.cells),
    )


def _links(edges: Sequence[DuplicateEdge]) -> tuple[RepeatLink, ...]:
    weakest = min(edges, key=lambda edge: (strength(edge), edge.a, edge.b), default=None)
    return tuple(
        RepeatLink(
            a=edge.a,
            b=edge.b,
            correlation=edge.correlation,
            average_bits=edge.average_hash_distance,
            perceptual_bits=edge.perceptual_hash_distance,
            evidence=edge.evidence,
            warp=edge.warp,
            weakest=edge is weakest,
        )
        for edge in edges
    )


def _word(ruling: RepeatRuling) -> RepeatWord:
    return RepeatWord(
        cell_id=ruling.cell_id,
        other_id=ruling.other_id,
        ruled=ruling.ruled,
        by=ruling.by,
        reason=ruling.reason,
    )
