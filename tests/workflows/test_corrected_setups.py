"""A set-up that is said otherwise reaches what computes: scale and names as they are said now, places as recorded."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from buffycoat.domain.curating import FactWish, MetadataFact
from buffycoat.domain.filtering import FilterUse, FilterWish
from buffycoat.domain.smear import FieldOfView
from buffycoat.imaging.scale import RED_CELL_MICROMETRES, cell_side
from buffycoat.store.queries import CellFilter, current_cells
from buffycoat.workflows import curating, suggesting
from buffycoat.workflows.detect import detect_cells
from buffycoat.workflows.filtering import using
from buffycoat.workflows.filtering.looking import list_setups, set_table
from buffycoat.workflows.ingest import Record, ingest_photographs
from buffycoat.workflows.locating.looking import side_of_crops
from buffycoat.workflows.suggesting import suggest_types
from buffycoat.workflows.workspace import Workspace, open_workspace

SCALE, TRUE = 0.08, 0.1


@pytest.fixture
def taken(data: Path, tmp_path: Path):
    """Three photographs of one smear, of which a wrong scale was recorded."""
    source = tmp_path / "photographs"
    source.mkdir()
    for stem in ("00000", "00001", "00003"):
        name = f"BloodImage_{stem}.jpg"
        (source / name).write_bytes((data / "bccd" / "fields" / "images" / name).read_bytes())
    with open_workspace(tmp_path / "w", create=True) as workspace:
        ingest_photographs(workspace, source, record=Record(smear="S", micrometres_per_pixel=SCALE, camera="one"))
        yield workspace


def fields_of(workspace: Workspace) -> list[FieldOfView]:
    with workspace.database.reading() as transaction:
        return sorted(transaction.find(FieldOfView), key=lambda field: field.origin or "")


def say(workspace: Workspace, fact: MetadataFact, value: str | None, *fields: FieldOfView) -> tuple[str, ...]:
    chosen = tuple(field.id for field in fields)
    return curating.change_facts(workspace, FactWish(fact=fact, value=value, photographs=chosen, keep=True)).corrections


def cells_by_field(workspace: Workspace) -> dict[str, set[tuple[str, int]]]:
    with workspace.database.reading() as transaction:
        found: dict[str, set[tuple[str, int]]] = {}
        for cell in current_cells(transaction, CellFilter())[1]:
            found.setdefault(cell.field_id, set()).add((cell.id, cell.box.width))
        return found


def test_photographs_are_searched_with_the_scale_that_is_said_now_and_others_stay(taken):
    one, *others = fields_of(taken)
    detect_cells(taken)
    first = cells_by_field(taken)
    made = say(taken, MetadataFact.SCALE, str(TRUE), one)
    assert cells_by_field(taken) == first, "saying so moves no cell"
    tally = detect_cells(taken)
    assert (tally.done, tally.before) == (1, 2)
    now = cells_by_field(taken)
    assert {field.id: now[field.id] for field in others} == {field.id: first[field.id] for field in others}
    side = cell_side(red_cell_px=RED_CELL_MICROMETRES / TRUE)
    assert {width for _, width in now[one.id]} == {side}
    assert side < min(width for _, width in first[one.id])
    assert detect_cells(taken).done == 0
    curating.undo_corrections(taken, made)
    assert detect_cells(taken).done == 0
    assert cells_by_field(taken) == first, "the earlier search counts again"


def test_another_name_of_the_camera_is_no_reason_to_search(taken):
    detect_cells(taken)
    say(taken, MetadataFact.CAMERA, "another", fields_of(taken)[0])
    tally = detect_cells(taken)
    assert (tally.done, tally.before) == (0, 3)


def test_a_filter_is_trained_and_used_with_the_scale_that_is_said_now(taken, monkeypatch):
    fields = fields_of(taken)
    [before] = list_setups(taken)
    say(taken, MetadataFact.SCALE, str(TRUE), *fields[:2])
    say(taken, MetadataFact.CAMERA, "another", *fields)
    [now] = list_setups(taken)
    assert (now.capture.id, now.capture.camera) == (before.capture.id, "another")
    assert now.red_cell_px == pytest.approx(RED_CELL_MICROMETRES / TRUE)
    table = set_table(taken, FilterWish(smear_id=now.smear_id, capture_id=now.capture.id, fields=()))
    widths = [RED_CELL_MICROMETRES / scale for scale in (TRUE, TRUE, SCALE)]
    assert [table.width(field.id) for field in fields] == pytest.approx(widths)
    asked = []
    find = using.Finders.find

    def finding(self, photograph, side, *, micrometres_per_pixel, border):
        asked.append(micrometres_per_pixel)
        return find(self, photograph, side, micrometres_per_pixel=micrometres_per_pixel, border=border)

    monkeypatch.setattr(using.Finders, "find", finding)
    using.preview_use(taken, FilterUse(smear_id=now.smear_id, capture_id=now.capture.id, filter_id=None))
    assert sorted(asked) == [SCALE, TRUE, TRUE]


def test_a_box_that_is_drawn_first_has_the_size_of_the_scale_that_is_said_now(taken):
    one, other = fields_of(taken)[:2]
    say(taken, MetadataFact.SCALE, str(TRUE), one)
    with taken.database.reading() as transaction:
        assert side_of_crops(transaction, one) == cell_side(red_cell_px=RED_CELL_MICROMETRES / TRUE)
        assert side_of_crops(transaction, other) == cell_side(red_cell_px=RED_CELL_MICROMETRES / SCALE)


def test_a_program_is_asked_again_where_the_scale_was_corrected(taken, monkeypatch):
    class Asks:
        digest = "d" * 64
        facts = SimpleNamespace(name="asks", classes=("eosinophil", "lymphocyte"), least_sure=0.6)

    widths: list[float] = []

    def classify(crops, _classifier, *, red_cell_px, threads):
        widths.extend(red_cell_px)
        return np.full((len(crops), 2), (0.9, 0.1), np.float32)

    monkeypatch.setattr(suggesting, "classify", classify)
    with taken.database.writing() as transaction:
        transaction.connection.exec_driver_sql("UPDATE field_of_view SET red_cell_diameter_px = NULL")
    detect_cells(taken)
    there = cells_by_field(taken)
    total = sum(map(len, there.values()))
    assert suggest_types(taken, Asks()).done == total
    assert set(widths) == {RED_CELL_MICROMETRES / SCALE}
    one = fields_of(taken)[0]
    made = say(taken, MetadataFact.SCALE, str(TRUE), one)
    widths.clear()
    tally = suggest_types(taken, Asks())
    assert (tally.done, tally.before) == (len(there[one.id]), total - len(there[one.id]))
    assert RED_CELL_MICROMETRES / TRUE in widths
    assert suggest_types(taken, Asks()).done == 0
    curating.undo_corrections(taken, made)
    assert suggest_types(taken, Asks()).done == 0, "the first answer counts again"
