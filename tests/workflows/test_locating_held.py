"""Cells that people hold: nobody is told who else put a box on one that is being read, and no new search takes it away."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from buffycoat.domain.account import Person
from buffycoat.domain.cell import Cell, FoundBy
from buffycoat.domain.geometry import Box
from buffycoat.domain.label import Round
from buffycoat.domain.locating import BoxAct, BoxGiven, BoxState, LocatedBox
from buffycoat.domain.mask import Mask, Part
from buffycoat.domain.reading import Given
from buffycoat.domain.sorting import GalleryGiven
from buffycoat.label import items_of
from buffycoat.store.answers import open_rounds
from buffycoat.store.queries import CellFilter, current_cells
from buffycoat.workflows import browse, reading
from buffycoat.workflows.consensus import held_cells
from buffycoat.workflows.detect import detect_cells
from buffycoat.workflows.locating import boxes_of_field, take_boxes
from buffycoat.workflows.people import demo_people
from buffycoat.workflows.sorting import take_labels
from buffycoat.workflows.workspace import Workspace


@pytest.fixture
def people(demo: Workspace) -> dict[str, Person]:
    return {person.handle: person for person in demo_people(demo)}


@pytest.fixture
def campaign(demo: Workspace) -> Round:
    """The round that is open in the demo."""
    with demo.database.reading() as transaction:
        [found] = open_rounds(transaction)
    return found


def now() -> str:
    return datetime.now(UTC).isoformat()


def put(workspace: Workspace, field: str, person: Person, act: BoxAct, box: str, place: Box | None = None) -> None:
    corners = None if place is None else (place.left, place.top, place.right, place.bottom)
    given = BoxGiven(event=str(uuid4()), box=box, act=act, given_at=now(), place=corners)
    [receipt] = take_boxes(workspace, field, person, [given])
    assert receipt.state.value == "kept", receipt.detail


def seen(workspace: Workspace, field: str, person: Person | None) -> dict[str, LocatedBox]:
    return {each.box: each for each in boxes_of_field(workspace, field, person).boxes}


def whose(box: LocatedBox) -> tuple[str | None, bool, bool]:
    return box.by, box.given_at is not None, box.event is not None


def beside(box: Box) -> Box:
    return Box(left=box.left - 1, top=box.top, right=box.right - 1, bottom=box.bottom)


@pytest.mark.parametrize("act", [BoxAct.ACCEPT, BoxAct.MOVE, BoxAct.REMOVE, BoxAct.ADD])
def test_who_put_a_box_on_a_cell_that_is_being_read_is_told_to_nobody_else(
    demo: Workspace, people: dict[str, Person], campaign: Round, act: BoxAct
):
    """One who found its box to be wrong may have answered so, and who it was would tell whose answer that is."""
    with demo.database.reading() as transaction:
        cells = [transaction.get(Cell, key) for key in campaign.cells]
    held = next(cell for cell in cells if cell.extent.left > 1)
    place = beside(held.extent) if act in (BoxAct.MOVE, BoxAct.ADD) else None
    box = str(uuid4()) if act is BoxAct.ADD else held.id
    put(demo, held.field_id, people["edna"], act, box, place)
    assert whose(seen(demo, held.field_id, people["edna"])[box]) == ("edna", True, True)
    for other in (people["emil"], people["ada"], people["vera"], None):
        told = seen(demo, held.field_id, other)[box]
        assert whose(told) == (None, False, False)
        assert told.state is not BoxState.SUGGESTED, "that somebody put it is seen in any case"
    if place is not None:
        made = seen(demo, held.field_id, None)[box].cell or ""
        assert browse.get_cell(demo, made).cell.run_id == "", "the run under which it was drawn is that person's"
    reading.close_reading(demo, campaign.id, people["ada"])
    told = seen(demo, held.field_id, people["emil"])[box]
    assert whose(told) == ("edna", True, True)
    if place is not None:
        assert browse.get_cell(demo, told.cell or "").cell.run_id


def test_of_other_cells_it_is_told(demo: Workspace, people: dict[str, Person]):
    with demo.database.reading() as transaction:
        waiting = held_cells(transaction)
        free = next(cell for cell in current_cells(transaction, CellFilter())[1] if cell.id not in waiting)
    put(demo, free.field_id, people["edna"], BoxAct.ACCEPT, free.id)
    assert whose(seen(demo, free.field_id, people["emil"])[free.id]) == ("edna", True, True)


def drawn_mask(cell: Cell, person: Person | None) -> Mask:
    side = cell.box.width
    return Mask(
        id=f"mask of {cell.id}",
        cell_id=cell.id,
        part=Part.NUCLEUS,
        height_px=side,
        width_px=side,
        run_lengths=(0, side * side),
        method="by hand",
        failure=None,
        supersedes=None,
        run_id=cell.run_id,
        expert_id=person and person.id,
    )


def test_a_new_search_leaves_the_cells_that_people_hold_or_labeled(
    demo: Workspace, people: dict[str, Person], campaign: Round
):
    with demo.database.reading() as transaction:
        before = current_cells(transaction, CellFilter())[1]
        asked = {key for each in transaction.find(Round) for key in (*each.cells, *each.gold)}
        held = held_cells(transaction)
    free = [cell for cell in before if cell.id not in asked | held and cell.found_by is FoundBy.COLOR_FILTER]
    named, masked, untouched, by_program = free[0], free[1], free[2], free[3]
    given = GalleryGiven(event=str(uuid4()), cell=named.id, term="monocyte", taxonomy=campaign.taxonomy, given_at=now())
    [receipt] = take_labels(demo, people["edna"], [given])
    assert receipt.state.value == "kept", receipt.detail
    with demo.database.writing() as transaction:
        transaction.add([drawn_mask(masked, people["edna"]), drawn_mask(by_program, None)])
    side = boxes_of_field(demo, free[0].field_id, None).side
    assert detect_cells(demo, side=side + 2, again=True).done > 0
    with demo.database.reading() as transaction:
        after = current_cells(transaction, CellFilter())[1]
    there = {cell.id for cell in after}
    held = asked & {cell.id for cell in before}
    assert held > set(campaign.cells), "rounds that are closed, too"
    assert held | {named.id, masked.id} <= there
    assert not {untouched.id, by_program.id} & there, "what nobody has a hand in is found anew"
    by_field: dict[str, list[Box]] = {}
    for cell in after:
        by_field.setdefault(cell.field_id, []).append(cell.extent)
    pairs = [(one, other) for boxes in by_field.values() for at, one in enumerate(boxes) for other in boxes[:at]]
    assert not [pair for pair in pairs if pair[0].iou(pair[1]) > 0.5], "no cell is there twice"
    # The round is read on, to its end, over the very cells with which it was opened.
    for handle in ("edna", "emil"):
        planned = items_of(campaign, people[handle].id) if people[handle].id in campaign.experts else []
        answers = [Given(event=str(uuid4()), item=item.item, term="monocyte", given_at=now()) for item in planned]
        receipts = reading.take_answers(demo, campaign.id, people[handle], answers) if planned else ()
        assert {receipt.state.value for receipt in receipts} <= {"kept"}
    reading.close_reading(demo, campaign.id, people["ada"])
    told = {view.cell.id for view in browse.list_cells(demo, query=None, limit=10_000).items if view.consensus}
    assert set(campaign.cells) <= told


def test_a_cell_whose_box_was_moved_away_is_not_brought_back(demo: Workspace, people: dict[str, Person], campaign: Round):  # fmt: skip
    with demo.database.reading() as transaction:
        held = next(cell for cell in (transaction.get(Cell, key) for key in campaign.cells) if cell.extent.left > 1)
    put(demo, held.field_id, people["edna"], BoxAct.MOVE, held.id, beside(held.extent))
    made = seen(demo, held.field_id, None)[held.id].cell
    detect_cells(demo, side=boxes_of_field(demo, held.field_id, None).side + 2, again=True)
    with demo.database.reading() as transaction:
        found = {cell.id: cell for cell in current_cells(transaction, CellFilter(field_id=held.field_id))[1]}
    assert held.id not in found
    assert made in found
    near = [cell for cell in found.values() if cell.extent.iou(held.extent) > 0.5]
    assert [cell.id for cell in near] == [made]
