"""Covered photographs: which one goes, in which one its cells live on, and how the one lies upon the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from buffycoat.domain.cell import Cell, DuplicateEdge, Repeat
from buffycoat.domain.geometry import Box
from buffycoat.domain.repeating import Affine, CoveredCell, CoveredPair, CoveredSide
from buffycoat.domain.smear import FieldOfView
from buffycoat.store.queries import CellFilter, covered_fields, current_cells, current_repeats
from buffycoat.workflows.repeating.previewing import smears_meant
from buffycoat.workflows.workspace import Workspace

__all__ = ["covered_pairs", "onto_field"]

MOST = 200


def covered_pairs(workspace: Workspace, *, smear_id: str | None = None) -> tuple[CoveredPair, ...]:
    """Return the photographs that go, each with the one that covers it, by smear and place; 200 at most.

    Raises
    ------
    NotFound
        There is no such smear.
    """
    with workspace.database.reading() as transaction:
        codes = smears_meant(transaction, smear_id)
        fields: dict[str, FieldOfView] = {}
        places: dict[str, int] = {}
        for each in codes:
            own = sorted(transaction.find(FieldOfView, smear_id=each), key=lambda field: (field.origin or "", field.id))
            fields |= {field.id: field for field in own}
            places |= {field.id: place for place, field in enumerate(own, start=1)}
        covers = {gone: by for gone, by in covered_fields(transaction).items() if gone in fields}
        shown = sorted(covers, key=lambda gone: (codes[fields[gone].smear_id], places[gone]))[:MOST]
        wanted = CellFilter(fields=sorted({*shown, *(covers[gone] for gone in shown)}), with_pixels=True)
        by_field: dict[str, list[Cell]] = defaultdict(list)
        for cell in current_cells(transaction, wanted)[1]:
            by_field[cell.field_id].append(cell)
        repeats = current_repeats(transaction, smear_id)
    return tuple(
        _pair_of(
            codes[fields[gone].smear_id],
            (fields[gone], places[gone], by_field[gone]),
            (fields[covers[gone]], places[covers[gone]], by_field[covers[gone]]),
            repeats,
        )
        for gone in shown
    )


_Side = tuple[FieldOfView, int, list[Cell]]


def _pair_of(smear: str, gone: _Side, stays: _Side, repeats: Sequence[Repeat]) -> CoveredPair:
    kept_of = {each.cell_id: each.kept_id for each in repeats}
    here, there = ({kept_of.get(cell.id, cell.id) for cell in side[2]} for side in (gone, stays))
    numbers = {name: number for number, name in enumerate(sorted(here & there), start=1)}
    cells = {cell.id: cell for side in (gone, stays) for cell in side[2]}
    edges = [edge for each in repeats for edge in each.edges if edge.a in cells and edge.b in cells]
    between = [edge for edge in edges if cells[edge.a].field_id != cells[edge.b].field_id and edge.warp is not None]
    surest = max(between, key=lambda edge: (edge.correlation or 0, edge.a, edge.b), default=None)
    return CoveredPair(
        smear=smear,
        gone=_side(gone, kept_of, numbers),
        stays=_side(stays, kept_of, numbers),
        onto=None if surest is None else _onto(surest, cells, gone[0].id),
    )


def _side(side: _Side, kept_of: Mapping[str, str], numbers: Mapping[str, int]) -> CoveredSide:
    field, place, cells = side
    return CoveredSide(
        field_id=field.id,
        place=place,
        width_px=field.width_px or 0,
        height_px=field.height_px or 0,
        cells=tuple(
            CoveredCell(cell_id=cell.id, extent=cell.extent, number=numbers.get(kept_of.get(cell.id, cell.id), 0))
            for cell in cells
        ),
    )


def _onto(edge: DuplicateEdge, cells: Mapping[str, Cell], gone: str) -> Affine | None:
    assert edge.warp is not None  # noqa: S101 (chosen so)
    return onto_field(edge.warp, cells[edge.a].box, cells[edge.b].box, turned=cells[edge.a].field_id == gone)


def onto_field(warp: Affine, a: Box, b: Box, *, turned: bool = False) -> Affine | None:
    """Return the map from the photograph of crop b to that of crop a, in pixels, from the map of the crops.

    Parameters
    ----------
    warp : tuple of float
        See `buffycoat.domain.cell.DuplicateEdge`: places in crop b to places in crop a, in sides of the crops.
    a, b : Box
        Where the crops lie in their photographs.
    turned : bool
        The other way round: from the photograph of a to that of b.

    Examples
    --------
    >>> box = lambda left: Box(left=left, top=0, right=left + 100, bottom=100)
    >>> onto_field((1, 0, 0, 0, 1, 0), box(0), box(40))
    (1.0, 0.0, -40.0, 0.0, 1.0, 0.0)
    >>> onto_field((1, 0, 0, 0, 1, 0), box(0), box(40), turned=True)
    (1.0, 0.0, 40.0, 0.0, 1.0, 0.0)
    """
    into = np.array([[1 / b.width, 0, -b.left / b.width], [0, 1 / b.height, -b.top / b.height], [0, 0, 1]])
    across = np.vstack([np.reshape(np.array(warp, float), (2, 3)), [0, 0, 1]])
    out = np.array([[a.width, 0, a.left], [0, a.height, a.top], [0, 0, 1]])
    whole = out @ across @ into
    if turned:
        if not np.linalg.det(whole[:2, :2]):
            return None
        whole = np.linalg.inv(whole)
    p, q, x, r, s, y = np.round(whole[:2].ravel(), 6).tolist()
    return (p, q, x, r, s, y)
