"""Boxes that people put: which cells hold, what comes of events in any order, and what a search leaves alone."""

from __future__ import annotations

import itertools
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest

from buffycoat.domain.account import Person
from buffycoat.domain.audit import Showing
from buffycoat.domain.cell import Cell, FoundBy
from buffycoat.domain.geometry import Box
from buffycoat.domain.label import Closing, Purpose, Standing
from buffycoat.domain.locating import BoxAct, BoxEvent, BoxGiven, BoxState, FieldBoxes, LocatedBox
from buffycoat.domain.reading import Given, RoundWish
from buffycoat.domain.run import Run
from buffycoat.domain.smear import FieldOfView
from buffycoat.errors import Conflict, NotFound
from buffycoat.label import items_of
from buffycoat.store.answers import rounds_of
from buffycoat.workflows import browse, reading
from buffycoat.workflows.consensus import held_cells
from buffycoat.workflows.crops import cell_pixels, field_pixels
from buffycoat.workflows.detect import detect_cells
from buffycoat.workflows.locating import boxes_of_field, list_misplaced, take_boxes
from buffycoat.workflows.people import demo_people
from buffycoat.workflows.same_cells import with_repeats
from buffycoat.workflows.workspace import Workspace, open_workspace

START = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def demo(demo_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """One copy for all tests here: each has a photograph of its own."""

    def copy(source: str, target: str) -> None:
        (os.link if "objects" in Path(source).parts else shutil.copy2)(source, target)

    folder = tmp_path_factory.mktemp("locating") / "demo-copy"
    shutil.copytree(demo_workspace, folder, copy_function=copy)
    with open_workspace(folder) as opened:
        yield opened


@pytest.fixture(scope="module")
def people(demo: Workspace) -> dict[str, Person]:
    return {person.handle: person for person in demo_people(demo)}


@pytest.fixture
def edna(people: dict[str, Person]) -> Person:
    return people["edna"]


@pytest.fixture(scope="module")
def fields(demo: Workspace) -> Iterator[str]:
    """Photographs with at least three cells, each once; none with a cell that the open round holds."""
    with demo.database.reading() as transaction:
        waiting = {transaction.get(Cell, key).field_id for key in held_cells(transaction)}
    counted = Counter(view.cell.field_id for view in cells(demo))
    found = (key for key, count in counted.items() if count >= 3 and key not in waiting)
    return iter(sorted(found, key=lambda key: (-counted[key], key)))


@pytest.fixture
def field(fields: Iterator[str]) -> str:
    return next(fields)


def cells(workspace: Workspace, **wanted: str) -> list:
    return list(browse.list_cells(workspace, limit=10_000, **wanted).items)


def ids(workspace: Workspace, field: str) -> set[str]:
    return {view.cell.id for view in cells(workspace, field_id=field)}


def uuid() -> str:
    return str(UUID(int=next(_numbers)))


def do(act: BoxAct, box: str, place: Box | None = None, *, at: float = 0, event: str = "", term: str | None = None) -> BoxGiven:  # fmt: skip
    corners = None if place is None else (place.left, place.top, place.right, place.bottom)
    moment = (START + timedelta(seconds=at)).isoformat()
    return BoxGiven(event=event or uuid(), box=box, act=act, given_at=moment, place=corners, term=term)


def put(workspace: Workspace, field: str, person: Person, *given: BoxGiven) -> list[str]:
    receipts = take_boxes(workspace, field, person, given)
    assert [receipt.event for receipt in receipts] == [each.event for each in given]
    return [receipt.code or receipt.state.value for receipt in receipts]


def seen(workspace: Workspace, field: str, person: Person | None) -> dict[str, LocatedBox]:
    return {each.box: each for each in boxes_of_field(workspace, field, person).boxes}


def shifted(box: Box, dx: int, dy: int = 0) -> Box:
    return Box(left=box.left + dx, top=box.top + dy, right=box.right + dx, bottom=box.bottom + dy)


def inner(workspace: Workspace, field: str) -> LocatedBox:
    """A suggestion that may be moved a little without leaving its photograph."""
    view = browse.get_field(workspace, field).field
    assert view.width_px
    assert view.height_px
    return next(
        each
        for each in boxes_of_field(workspace, field, None).boxes
        if shifted(each.place, 9, 9).inside(view.width_px, view.height_px) and min(each.place.left, each.place.top) > 9
    )


def test_what_was_found_is_suggested_and_nobody_has_a_hand_in_it(demo: Workspace, field: str):
    found: FieldBoxes = boxes_of_field(demo, field, None)
    assert {each.cell for each in found.boxes} == ids(demo, field)
    assert {(each.state, each.by, each.term) for each in found.boxes} == {(BoxState.SUGGESTED, None, None)}
    sides = {view.cell.box.width for view in cells(demo, field_id=field)}
    assert found.side in sides
    assert not found.may_draw


def test_a_drawn_box_is_a_cell_like_any_other(demo: Workspace, edna: Person, field: str):
    before, side = ids(demo, field), boxes_of_field(demo, field, edna).side
    place = Box(left=30, top=40, right=30 + side, bottom=40 + side)
    box = uuid()
    assert put(demo, field, edna, do(BoxAct.ADD, box, place)) == ["kept"]
    (new,) = ids(demo, field) - before
    cell = browse.get_cell(demo, new).cell
    assert (cell.extent, cell.box, cell.found_by, cell.score) == (place, place, FoundBy.EXPERT, None)
    with demo.database.reading() as transaction:
        view = transaction.get(FieldOfView, field)
        run = transaction.get(Run, cell.run_id)
    assert (run.function, run.parameters) == ("detect.draw_boxes", {"expert": edna.id})
    shown = field_pixels(demo, view)[place.top : place.bottom, place.left : place.right]
    np.testing.assert_array_equal(cell_pixels(demo, cell), shown)
    told = seen(demo, field, edna)[box]
    assert (told.state, told.cell, told.by, told.place) == (BoxState.DRAWN, new, "edna", place)


def test_a_tight_box_has_the_usual_crop_around_it_and_a_large_one_a_larger(demo: Workspace, edna: Person, field: str):
    side = boxes_of_field(demo, field, edna).side
    tight, large = Box(left=60, top=80, right=90, bottom=100), Box(left=0, top=0, right=side + 40, bottom=side)
    put(demo, field, edna, do(BoxAct.ADD, uuid(), tight), do(BoxAct.ADD, uuid(), large))
    by_extent = {view.cell.extent: view.cell.box for view in cells(demo, field_id=field)}
    assert by_extent[tight] == Box.around(75, 90, side)
    assert (by_extent[large].width, by_extent[large].height) == (side + 40, side + 40)


def test_a_moved_suggestion_is_another_cell_and_the_old_one_keeps_its_row(demo: Workspace, edna: Person, field: str):
    before, suggested = ids(demo, field), inner(demo, field)
    place = shifted(suggested.place, 7, 5)
    assert put(demo, field, edna, do(BoxAct.MOVE, suggested.box, place)) == ["kept"]
    after = ids(demo, field)
    assert before - after == {suggested.box}
    (new,) = after - before
    told = seen(demo, field, edna)[suggested.box]
    assert (told.state, told.cell, told.place) == (BoxState.MOVED, new, place)
    assert browse.get_cell(demo, suggested.box).cell.id == suggested.box, "who labels it goes on"
    assert put(demo, field, edna, do(BoxAct.MOVE, suggested.box, suggested.place, at=1)) == ["kept"]
    assert ids(demo, field) == before
    assert seen(demo, field, edna)[suggested.box].state is BoxState.ACCEPTED


def test_removing_accepting_and_taking_back(demo: Workspace, edna: Person, field: str):
    before, box = ids(demo, field), inner(demo, field).box
    for at, (act, state, there) in enumerate(
        [
            (BoxAct.ACCEPT, BoxState.ACCEPTED, True),
            (BoxAct.REMOVE, BoxState.REMOVED, False),
            (BoxAct.RESET, BoxState.SUGGESTED, True),
        ]
    ):
        assert put(demo, field, edna, do(act, box, at=at)) == ["kept"]
        told = seen(demo, field, edna)[box]
        assert (told.state, told.by) == (state, "edna")
        assert ids(demo, field) == (before if there else before - {box})


def test_the_same_event_again_is_known_and_another_under_its_id_is_refused(demo: Workspace, edna: Person, field: str):
    given = do(BoxAct.ADD, uuid(), Box(left=10, top=10, right=60, bottom=60))
    assert put(demo, field, edna, given, given) == ["kept", "known"]
    assert put(demo, field, edna, given) == ["known"]
    other = do(BoxAct.ADD, given.box, Box(left=11, top=10, right=61, bottom=60), event=given.event)
    assert put(demo, field, edna, other) == ["already-exists"]
    with demo.database.reading() as transaction:
        assert transaction.count(BoxEvent, field_id=field) == 1


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_whatever_comes_first_the_newest_holds(demo: Workspace, people: dict[str, Person], field: str, order: tuple[int, ...]):  # fmt: skip
    suggested = inner(demo, field)
    steps = [
        (people["edna"], do(BoxAct.MOVE, suggested.box, shifted(suggested.place, 3), at=1)),
        (people["emil"], do(BoxAct.REMOVE, suggested.box, at=2)),
        (people["edna"], do(BoxAct.MOVE, suggested.box, shifted(suggested.place, 6), at=3)),
    ]
    for number in order:
        person, given = steps[number]
        assert put(demo, field, person, given) == ["kept"]
    told = seen(demo, field, None)[suggested.box]
    assert (told.state, told.place, told.by) == (BoxState.MOVED, shifted(suggested.place, 6), "edna")
    extents = [view.cell.extent for view in cells(demo, field_id=field)]
    assert told.place in extents
    assert suggested.place not in extents
    assert shifted(suggested.place, 3) not in extents


def test_what_cannot_be_kept_is_refused_by_itself(demo: Workspace, edna: Person, field: str):
    view = browse.get_field(demo, field).field
    assert view.width_px
    good = Box(left=10, top=10, right=60, bottom=60)
    beyond = Box(left=view.width_px - 20, top=10, right=view.width_px + 1, bottom=60)
    suggested = inner(demo, field).box
    given = [
        do(BoxAct.ADD, uuid(), good),
        do(BoxAct.ADD, uuid(), beyond),
        do(BoxAct.ADD, uuid(), Box(left=10, top=10, right=17, bottom=60)),
        do(BoxAct.ADD, uuid()),
        do(BoxAct.ADD, "no-uuid", good),
        do(BoxAct.MOVE, "nothing", good),
        do(BoxAct.ACCEPT, uuid()),
        do(BoxAct.ADD, uuid(), good, event="x\ud800"),
        do(BoxAct.TYPE, suggested, term="unicorn"),
        do(BoxAct.TYPE, "nothing", term="monocyte"),
        BoxGiven(event=uuid(), box=suggested, act=BoxAct.REMOVE, given_at="yesterday"),
        BoxGiven(event=uuid(), box=uuid(), act=BoxAct.ADD, given_at=START.isoformat(), place=(9, 9, 9, 30)),
    ]
    said = [receipt.code or receipt.state.value for receipt in take_boxes(demo, field, edna, given)]
    assert said[0] == "kept"
    assert said[1:5] == ["input"] * 4
    assert said[5:7] == ["not-found"] * 2
    assert said[7:9] == ["input"] * 2
    assert said[9:] == ["not-found", "input", "invalid-box"]
    with demo.database.reading() as transaction:
        assert transaction.count(BoxEvent, field_id=field) == 1


def test_a_box_of_another_photograph_is_none_of_this_one(demo: Workspace, edna: Person, field: str):
    other = next(view.cell.field_id for view in cells(demo) if view.cell.field_id != field)
    box, place = uuid(), Box(left=10, top=10, right=60, bottom=60)
    assert put(demo, field, edna, do(BoxAct.ADD, box, place)) == ["kept"]
    assert put(demo, other, edna, do(BoxAct.ADD, box, place)) == ["already-exists"]
    assert put(demo, other, edna, do(BoxAct.MOVE, box, place)) == ["not-found"]
    with pytest.raises(NotFound):
        take_boxes(demo, "f0", edna, [])


def test_a_viewer_puts_no_boxes(demo: Workspace, people: dict[str, Person], field: str):
    assert not boxes_of_field(demo, field, people["vera"]).may_draw
    assert boxes_of_field(demo, field, people["theo"]).may_draw
    with pytest.raises(Conflict):
        take_boxes(demo, field, people["vera"], [])


def test_a_clock_that_runs_ahead_is_cut(demo: Workspace, edna: Person, field: str):
    box = inner(demo, field).box
    ahead = BoxGiven(event=uuid(), box=box, act=BoxAct.REMOVE, given_at="2999-01-01T00:00:00Z")
    later = BoxGiven(event=uuid(), box=box, act=BoxAct.ACCEPT, given_at="2999-01-01T00:00:00Z")
    assert put(demo, field, edna, ahead, later) == ["kept", "kept"]
    told = seen(demo, field, edna)[box]
    assert told.state is BoxState.ACCEPTED
    assert told.given_at
    assert told.given_at < datetime.now(UTC) + timedelta(minutes=2)


def test_a_type_is_ones_own_and_of_the_weaker_kind(demo: Workspace, people: dict[str, Person], field: str):
    free = {view.cell.id for view in cells(demo, field_id=field) if view.consensus is None}
    new, place = uuid(), Box(left=10, top=10, right=60, bottom=60)
    said = put(demo, field, people["edna"], do(BoxAct.ADD, new, place), do(BoxAct.TYPE, new, term="monocyte", at=1))
    assert said == ["kept", "kept"]
    told = seen(demo, field, people["edna"])[new]
    assert told.term == "monocyte"
    assert seen(demo, field, people["emil"])[new].term is None
    assert seen(demo, field, None)[new].term is None
    consensus = browse.get_cell(demo, told.cell or "").consensus
    assert consensus
    assert (consensus.standing, consensus.term) == (Standing.SORTED, "monocyte")
    assert put(demo, field, people["edna"], do(BoxAct.TYPE, new, term=None, at=2)) == ["kept"]
    assert seen(demo, field, people["edna"])[new].term is None
    assert {view.cell.id for view in cells(demo, field_id=field) if view.consensus is None} >= free


def test_of_a_cell_that_an_open_round_holds_no_box_tells_a_type(demo: Workspace, people: dict[str, Person]):
    """Moved or drawn anew it is another cell, and still the one that somebody reads."""
    [view] = [view for view in reading.list_rounds(demo, people["ada"]) if not view.closed]
    with demo.database.reading() as transaction:
        [campaign] = rounds_of(transaction, {view.id})
        free = sorted(transaction.ids(Cell) - with_repeats(transaction, [*campaign.cells, *campaign.gold]))
        held = transaction.get(Cell, max(campaign.cells))
        other = transaction.get(Cell, next(key for key in free if transaction.get(Cell, key).field_id != held.field_id))
    edna, field = people["edna"], held.field_id
    moved = put(demo, field, edna, do(BoxAct.MOVE, held.id, shifted(held.extent, -1)))
    assert [*moved, *put(demo, field, edna, do(BoxAct.TYPE, held.id, term="monocyte", at=1))] == ["kept", "conflict"]
    new = uuid()
    drawn = (do(BoxAct.REMOVE, held.id, at=2), do(BoxAct.ADD, new, shifted(held.extent, 2), at=3))
    assert put(demo, field, edna, *drawn, do(BoxAct.TYPE, new, term="monocyte", at=4)) == ["kept", "kept", "conflict"]
    assert put(demo, other.field_id, edna, do(BoxAct.TYPE, other.id, term="monocyte")) == ["kept"]
    assert seen(demo, other.field_id, edna)[other.id].term == "monocyte"
    again = {"id": "o-again", "name": "again", "cells": (other.id,), "gold": (), "closed_at": None}
    with demo.database.writing() as transaction:
        transaction.add([replace(campaign, **again)])
    assert seen(demo, other.field_id, edna)[other.id].term is None, "it is read now"
    with demo.database.writing() as transaction:
        transaction.add([Closing(id="c-again", round_id="o-again", by=None, closed_at=datetime.now(UTC))])
    assert seen(demo, other.field_id, edna)[other.id].term == "monocyte"


def test_of_two_people_s_events_with_one_id_and_moment_one_holds(demo: Workspace, people: dict[str, Person], field: str):  # fmt: skip
    box, event = inner(demo, field), uuid()
    for name, dx in (("edna", 1), ("emil", -1)):
        assert put(demo, field, people[name], do(BoxAct.MOVE, box.box, shifted(box.place, dx), event=event)) == ["kept"]
    with demo.database.reading() as transaction:
        made = {each.cell_id for each in transaction.find(BoxEvent, subject=box.box)}
    assert ids(demo, field) & made == {seen(demo, field, None)[box.box].cell}


def test_a_new_search_leaves_alone_what_people_said(demo: Workspace, edna: Person, field: str):
    first, second, third, *_ = (each for each in boxes_of_field(demo, field, None).boxes)
    moved = inner(demo, field)
    accepted = next(each for each in (first, second, third) if each.box != moved.box)
    removed = next(each for each in (third, second, first) if each.box not in (moved.box, accepted.box))
    place = shifted(moved.place, 2, 2)
    put(
        demo,
        field,
        edna,
        do(BoxAct.MOVE, moved.box, place),
        do(BoxAct.ACCEPT, accepted.box),
        do(BoxAct.REMOVE, removed.box),
    )
    said = ids(demo, field)
    detect_cells(demo, side=boxes_of_field(demo, field, None).side + 2, again=True)
    told = seen(demo, field, None)
    assert told[moved.box].place == place
    assert told[accepted.box].state is BoxState.ACCEPTED
    assert accepted.box in ids(demo, field)
    extents = [view.cell.extent for view in cells(demo, field_id=field)]
    assert len(extents) == len(set(extents)) == len(said), "nothing twice, and nothing that was removed"
    assert removed.place not in extents
    assert not any(each.iou(removed.place) > 0.5 for each in extents)


def test_who_was_shown_suggestions_is_noted(demo: Workspace, edna: Person, field: str):
    shown = boxes_of_field(demo, field, edna)
    boxes_of_field(demo, field, None)
    with demo.database.reading() as transaction:
        [noted] = transaction.find(Showing, about=field)
        assert {cell.found_by for cell in transaction.find(Cell, field_id=field)} == {FoundBy.COLOR_FILTER}
    assert (noted.expert_id, noted.kind.value, noted.count) == (edna.id, "boxes", len(shown.boxes))


def test_not_centered_is_to_be_located_once_its_round_is_closed(demo: Workspace, people: dict[str, Person], field: str):  # fmt: skip
    [known] = [view for view in reading.list_rounds(demo, people["ada"]) if not view.closed]
    reading.close_reading(demo, known.id, people["ada"])
    wish = RoundWish(name="boxes", experts=(people["edna"].id, people["emil"].id))
    view = reading.open_reading(demo, wish, people["carla"])
    with demo.database.reading() as transaction:
        [campaign] = rounds_of(transaction, {view.id})
    before = list_misplaced(demo)
    untouched = ids(demo, field)
    asked = items_of(campaign, people["edna"].id)
    item = next(each for each in asked if each.purpose is Purpose.READING and each.cell_id in untouched)
    given = Given(event=uuid(), item=item.item, term="not-centered", given_at=datetime.now(UTC).isoformat())
    assert reading.take_answers(demo, campaign.id, people["edna"], [given])[0].state.value == "kept"
    assert list_misplaced(demo) == (), "an open round tells nothing, not even of what was said before"
    reading.close_reading(demo, campaign.id, people["carla"])
    [found] = [each for each in list_misplaced(demo) if each not in before]
    assert found.cell_id == item.cell_id
    moved = browse.get_cell(demo, found.cell_id).cell
    later = (datetime.now(UTC) + timedelta(seconds=5)).isoformat()
    said = BoxGiven(event=uuid(), box=moved.id, act=BoxAct.ACCEPT, given_at=later)
    assert put(demo, found.field_id, people["carla"], said) == ["kept"]
    assert found.cell_id not in {each.cell_id for each in list_misplaced(demo)}
