"""The boxes of a photograph for one person: what was suggested, what people made of it, and the person's own types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from statistics import median_low

from buffycoat.domain.account import Person
from buffycoat.domain.audit import Suggested, Suggestion
from buffycoat.domain.cell import Cell, FoundBy
from buffycoat.domain.label import Expert, Role
from buffycoat.domain.locating import BoxAct, BoxEvent, BoxState, FieldBoxes, LocatedBox
from buffycoat.domain.smear import FieldOfView
from buffycoat.imaging.scale import RAABIN_BOX_PX, RAABIN_RED_CELL_PX, RED_CELL_MICROMETRES, cell_side
from buffycoat.store import Transaction
from buffycoat.store.boxes import cells_of_field, events_of_field, newest_events
from buffycoat.store.queries import CellFilter, current_cells
from buffycoat.store.setups import captures_now
from buffycoat.store.sorting import gallery_rows
from buffycoat.workflows.audit import note_showings
from buffycoat.workflows.consensus import held_cells
from buffycoat.workflows.workspace import Workspace

__all__ = ["boxes_of_field", "may_draw", "side_of_crops"]

_NEIGHBORS = 200
_RAABIN_WIDTH_PX = 5312


def boxes_of_field(workspace: Workspace, field_id: str, person: Person | None) -> FieldBoxes:
    """Return the boxes of a photograph, and note for the audit which suggestions the person sees.

    Removed suggestions are there too, so that they can be brought back; boxes that a person drew and somebody removed
    are not. Of types only those that the asking person gave are told, and none of cells that an open round holds. Who
    put a box on such a cell, and when, is told to nobody else: an expert who finds a box not to be on its cell may
    have answered so in the round.

    Raises
    ------
    NotFound
        There is no such photograph.
    """
    with workspace.database.reading() as transaction:
        field = transaction.get(FieldOfView, field_id)
        cells = cells_of_field(transaction, field_id)
        held = newest_events(events_of_field(transaction, field_id))
        current = {cell.id for cell in current_cells(transaction, CellFilter(field_id=field_id))[1]}
        handles = {expert.id: expert.handle for expert in transaction.find(Expert)}
        waiting = held_cells(transaction)
        terms = _own_terms(transaction, current - waiting, person)
        side = side_of_crops(transaction, field)
    placed = [_hushed(_placed(cells, event, handles, terms), event, person, waiting) for event in held.values()]
    told = {each.cell for each in placed if each is not None}
    # What a newer search has replaced is no suggestion any more, even where somebody once took a word back.
    shown = [
        each for each in placed if each is not None and (each.state is not BoxState.SUGGESTED or each.cell in current)
    ]
    shown += [_untouched(cells[key], terms.get(key)) for key in sorted(current - told - set(held))]
    shown.sort(key=lambda each: (each.place.top, each.place.left, each.box))
    seen = [cells[each.box] for each in shown if each.box in cells and each.state is not BoxState.REMOVED]
    _note(workspace, field_id, person, seen)
    return FieldBoxes(field_id=field_id, side=side, may_draw=may_draw(field, person), boxes=tuple(shown))


def may_draw(field: FieldOfView, person: Person | None) -> bool:
    """Say whether a person can put boxes into a photograph: whoever may read can, where there are pixels around."""
    readable = field.digest is not None and not field.crop_only
    return readable and person is not None and person.role not in (Role.VIEWER, Role.SOURCE)


def side_of_crops(transaction: Transaction, field: FieldOfView) -> int:
    """Return the side of crops in a photograph, in pixels, as most of its own cells have it.

    Without cells of its own it is that of other cells of the smear on the same set-up, and of one scale as it is said
    now; without those it follows from that scale, and without a scale from the width of the photograph, as if it were
    one of Raabin's.
    """
    _, own = current_cells(transaction, CellFilter(field_id=field.id))
    found = [cell for cell in own if cell.found_by is not FoundBy.EXPERT]
    others = transaction.find(FieldOfView, smear_id=field.smear_id, capture_id=field.capture_id)
    captures = captures_now(transaction, others)
    scale = captures[field.id].micrometres_per_pixel
    if not found:
        wanted = [key for key, capture in captures.items() if capture.micrometres_per_pixel == scale]
        _, near = current_cells(transaction, CellFilter(fields=wanted), limit=_NEIGHBORS)
        found = [cell for cell in near if cell.found_by is not FoundBy.EXPERT] or own or near
    if found:
        return median_low(max(cell.box.width, cell.box.height) for cell in found)
    red_cell = field.red_cell_diameter_px if scale is None else RED_CELL_MICROMETRES / scale
    if red_cell is None:
        red_cell = RAABIN_RED_CELL_PX * (field.width_px or _RAABIN_WIDTH_PX) / _RAABIN_WIDTH_PX
    return cell_side(red_cell_px=red_cell) if red_cell > 0 else RAABIN_BOX_PX


def _own_terms(transaction: Transaction, cells: set[str], person: Person | None) -> dict[str, str]:
    # None of held cells, as in the gallery: nobody reads one under the influence of what is told of it elsewhere.
    if person is None:
        return {}
    return {row[0]: row[3] for row in gallery_rows(transaction, cells=cells, expert_id=person.id)}


def _hushed(
    box: LocatedBox | None, event: BoxEvent, person: Person | None, waiting: AbstractSet[str]
) -> LocatedBox | None:
    """Leave out of a box on a cell that an open round holds whose word it is, and since when; not for themselves."""
    own = person is not None and person.id == event.expert_id
    if box is None or own or waiting.isdisjoint({event.subject, event.cell_id}):
        return box
    return replace(box, by=None, given_at=None, event=None)


def _placed(
    cells: Mapping[str, Cell], event: BoxEvent, handles: Mapping[str, str], terms: Mapping[str, str]
) -> LocatedBox | None:
    """Return a box that a person had a hand in; ``None`` for one that was drawn and removed."""
    suggested = cells.get(event.subject)
    cell = None if event.cell_id is None else cells[event.cell_id]
    shown = cell or suggested
    if shown is None:
        return None
    if cell is None:
        state = BoxState.REMOVED
    elif suggested is None:
        state = BoxState.DRAWN
    elif cell.id != suggested.id:
        state = BoxState.MOVED
    else:
        state = BoxState.SUGGESTED if event.act is BoxAct.RESET else BoxState.ACCEPTED
    return LocatedBox(
        box=event.subject,
        cell=event.cell_id,
        place=shown.extent,
        suggested=None if suggested is None else suggested.extent,
        state=state,
        found_by=(suggested or shown).found_by,
        score=None if suggested is None else suggested.score,
        by=handles[event.expert_id],
        given_at=event.given_at,
        event=event.event,
        term=terms.get(event.cell_id or ""),
    )


def _untouched(cell: Cell, term: str | None) -> LocatedBox:
    drawn = cell.found_by is FoundBy.EXPERT
    return LocatedBox(
        box=cell.id,
        cell=cell.id,
        place=cell.extent,
        suggested=cell.extent,
        state=BoxState.DRAWN if drawn else BoxState.SUGGESTED,
        found_by=cell.found_by,
        score=cell.score,
        by=None,
        given_at=None,
        event=None,
        term=term,
    )


def _note(workspace: Workspace, field_id: str, person: Person | None, suggested: Sequence[Cell]) -> None:
    """Note who is about to see which suggestions, by the run that they come from."""
    if person is None:
        return
    by_run: dict[str, list[str]] = {}
    for cell in suggested:
        if cell.found_by in (FoundBy.COLOR_FILTER, FoundBy.NETWORK):
            by_run.setdefault(cell.run_id, []).append(cell.id)
    note_showings(
        workspace,
        person.id,
        [
            Suggested(kind=Suggestion.BOXES, about=field_id, shown=tuple(found), source=run)
            for run, found in by_run.items()
        ],
    )
