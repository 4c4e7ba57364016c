"""Who looks for cells: each finder in a run of its own, people's boxes left alone, earlier work kept."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from buffycoat.detect import DEFAULT_FILTER
from buffycoat.domain.cell import Cell, FoundBy
from buffycoat.domain.geometry import Box
from buffycoat.domain.run import Outcome, Run
from buffycoat.errors import InputError, UnreadableFile, UnreadableFormat
from buffycoat.formats.detector_file import DetectorFacts, metadata_of
from buffycoat.store.queries import CellFilter, current_cells
from buffycoat.workflows.clean import clean_cells
from buffycoat.workflows.detect import FUNCTION, detect_cells
from buffycoat.workflows.finders import load_finders
from buffycoat.workflows.ingest import Record, ingest_photographs
from buffycoat.workflows.runs import ALGORITHMS
from buffycoat.workflows.workspace import open_workspace

RED_CELL_PX = 93.75
SCALE = 7.5 / RED_CELL_PX
FIELDS = ("00010", "00031", "00044")


def copy_photographs(data: Path, folder: Path, *stems: str) -> Path:
    folder.mkdir(exist_ok=True)
    for stem in stems:
        shutil.copy(data / "bccd" / "fields" / "images" / f"BloodImage_{stem}.jpg", folder)
    return folder


@pytest.fixture(scope="module")
def taken_in(data, tmp_path_factory) -> Path:
    """Three fields of BCCD, two white cells each, not searched yet."""
    folder = tmp_path_factory.mktemp("finders")
    with open_workspace(folder / "w", create=True) as opened:
        source = copy_photographs(data, folder / "p", *FIELDS)
        ingest_photographs(opened, source, record=Record(smear="S", micrometres_per_pixel=SCALE))
    return folder / "w"


@pytest.fixture
def workspace(taken_in, tmp_path):
    shutil.copytree(taken_in, tmp_path / "w")
    with open_workspace(tmp_path / "w") as opened:
        yield opened


def cells_of(workspace) -> list[Cell]:
    with workspace.database.reading() as transaction:
        return current_cells(transaction, CellFilter())[1]


def ids(cells: list[Cell]) -> set[str]:
    return {cell.id for cell in cells}


def counts(tally) -> tuple[int, int, int]:
    assert tally.refused == []
    return tally.done, tally.before, tally.older


def count_runs(workspace) -> int:
    with workspace.database.reading() as transaction:
        return len(transaction.find(Run, room="detect"))


def detector(path: Path, *boxes: Box) -> Path:
    """Write a network that always gives these boxes of a field, whatever it is shown; it sees half the size."""
    shown = np.array([[each.left, each.top, each.right, each.bottom] for each in boxes], np.float32).reshape(-1, 4) / 2
    values = {"boxes": shown, "scores": np.full(len(boxes), 0.875, np.float32)}
    graph = helper.make_graph(
        [
            helper.make_node("Constant", [], [name], value=onnx.numpy_helper.from_array(value))
            for name, value in values.items()
        ],
        "hand made",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, None, None])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in values],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    facts = DetectorFacts(
        red_cell_px=RED_CELL_PX / 2,
        score_threshold=0.5,
        architecture="one-stage",
        backbone="shufflenet-v2",
        trained_on="nothing: it is made by hand",
        weights_license="none",
    )
    helper.set_model_props(model, dict(metadata_of(facts)))
    path.write_bytes(model.SerializeToString())
    return path


def draw(workspace, field_id: str, extent: Box) -> Cell:
    """Put a box into the workspace as a person draws one."""
    from buffycoat.domain.smear import FieldOfView
    from buffycoat.workflows.crops import describe_crop, field_pixels

    with workspace.database.reading() as transaction:
        field = transaction.get(FieldOfView, field_id)
        (run, *_) = transaction.find(Run)
    box = Box.around(*extent.center, 480)
    cell = Cell(
        id=f"drawn-{field_id[:8]}-{extent.left}-{extent.top}",
        field_id=field_id,
        extent=extent,
        box=box,
        score=None,
        found_by=FoundBy.EXPERT,
        run_id=run.id,
        **describe_crop(workspace, field_pixels(workspace, field), box),
    )
    with workspace.database.writing() as transaction:
        transaction.add([cell])
    return cell


# ------------------------------------------------------------------ filters


def test_a_filter_of_ones_own_has_a_run_of_its_own_and_one_may_come_back(workspace, tmp_path):
    assert counts(detect_cells(workspace)) == (3, 0, 0)
    usual = cells_of(workspace)
    assert len(usual) == 6
    assert {(cell.found_by, cell.agreed) for cell in usual} == {(FoundBy.COLOR_FILTER, ())}
    own = tmp_path / "own.json"
    own.write_text(replace(DEFAULT_FILTER, origin="ward 3").to_json(), encoding="utf-8")
    with_own = load_finders(filter_file=own)
    assert counts(detect_cells(workspace, finders=with_own)) == (3, 0, 0)
    mine = cells_of(workspace)
    assert ids(mine).isdisjoint(ids(usual))
    assert [(cell.extent, cell.box) for cell in mine] != []
    assert sorted(map(str, (cell.extent for cell in mine))) == sorted(map(str, (cell.extent for cell in usual)))
    with workspace.database.reading() as transaction:
        (run,) = {cell.run_id for cell in mine}
        assert transaction.get(Run, run).parameters["filter"] == with_own.files["filter"]
    # The same filter in another file is the same work.
    shutil.copy(own, tmp_path / "copy.json")
    again = load_finders(filter_file=tmp_path / "copy.json")
    assert counts(detect_cells(workspace, finders=again)) == (0, 3, 0)
    # Back to the default: nothing is searched, and its cells count again.
    assert counts(detect_cells(workspace)) == (0, 3, 0)
    assert ids(cells_of(workspace)) == ids(usual)


def test_the_numbers_of_the_file_are_those_that_look(workspace, tmp_path):
    """With next to no share of nuclei to assume, none is found."""
    blind = tmp_path / "blind.json"
    blind.write_text(replace(DEFAULT_FILTER, prior=1e-40).to_json(), encoding="utf-8")
    tally = detect_cells(workspace, finders=load_finders(filter_file=blind))
    assert (tally.done, tally.refused, cells_of(workspace)) == (3, [], [])


# ------------------------------------------------------------------ earlier versions


@pytest.fixture
def searched_before(workspace, monkeypatch):
    """The workspace, searched by version 1 of the finders."""
    with monkeypatch.context() as earlier:
        earlier.setitem(ALGORITHMS, FUNCTION, "1")
        assert counts(detect_cells(workspace)) == (3, 0, 0)
    with workspace.database.reading() as transaction:
        assert {run.version for run in transaction.find(Run, room="detect")} == {"1"}
    assert ALGORITHMS[FUNCTION] != "1"
    return workspace


def test_fields_that_an_earlier_version_searched_are_left_alone_and_counted(searched_before, data, tmp_path):
    workspace = searched_before
    before = cells_of(workspace)
    assert counts(detect_cells(workspace)) == (0, 3, 3)
    assert cells_of(workspace) == before
    # A field that came later is searched by today's version.
    later = copy_photographs(data, tmp_path / "later", "00065")
    ingest_photographs(workspace, later, record=Record(smear="S", micrometres_per_pixel=SCALE))
    assert counts(detect_cells(workspace)) == (1, 3, 3)
    after = cells_of(workspace)
    assert ids(before) < ids(after)
    with workspace.database.reading() as transaction:
        version = {run.id: run.version for run in transaction.find(Run, room="detect")}
    assert Counter(version[cell.run_id] for cell in after) == {"1": 6, ALGORITHMS[FUNCTION]: len(after) - 6}
    assert counts(detect_cells(workspace)) == (0, 4, 3)


def test_they_are_searched_anew_where_that_is_asked_for_and_never_twice(searched_before):
    workspace = searched_before
    before = cells_of(workspace)
    assert counts(detect_cells(workspace, again=True)) == (3, 0, 0)
    after = cells_of(workspace)
    assert ids(after).isdisjoint(ids(before))
    assert {cell.box.width for cell in after} == {cell.box.width for cell in before}, "the scale is settled"
    assert counts(detect_cells(workspace)) == (0, 3, 0)
    assert counts(detect_cells(workspace, again=True)) == (0, 3, 0)
    assert cells_of(workspace) == after


def test_another_question_is_no_older_work(searched_before):
    workspace = searched_before
    assert counts(detect_cells(workspace, side=150)) == (3, 0, 0)
    assert {cell.box.width for cell in cells_of(workspace)} == {150}
    # What was searched last was asked otherwise: today's version answers.
    assert counts(detect_cells(workspace)) == (3, 0, 0)


def test_a_refusal_of_an_earlier_version_is_no_search(workspace, monkeypatch):
    def broken(*_: object, **__: object) -> None:
        raise InputError("no red cells")

    with monkeypatch.context() as earlier:
        earlier.setitem(ALGORITHMS, FUNCTION, "1")
        earlier.setattr("buffycoat.workflows.finders.find_cells_in", broken)
        assert len(detect_cells(workspace).refused) == 3
    assert counts(detect_cells(workspace)) == (3, 0, 0)
    with workspace.database.reading() as transaction:
        refused = [outcome for outcome in transaction.find(Outcome, room="detect") if outcome.code]
    assert all("BloodImage" in outcome.message for outcome in refused), "people know the file"


# ------------------------------------------------------------------ people's boxes


def test_boxes_that_people_drew_stay_and_are_not_doubled(workspace):
    detect_cells(workspace)
    first = cells_of(workspace)
    found = next(cell for cell in first if cell.extent.left > 100 and cell.extent.top > 100)
    at_it = draw(workspace, found.field_id, Box.around(found.extent.center[0] + 4, found.extent.center[1] - 3, 130))
    corner = Box(left=5, top=5, right=65, bottom=65)
    apart = all(cell.extent.intersection(corner) == 0 for cell in first if cell.field_id == found.field_id)
    assert apart, "nothing was found in that corner"
    alone = draw(workspace, found.field_id, corner)
    assert counts(detect_cells(workspace, side=470)) == (3, 0, 0)
    after = cells_of(workspace)
    by = Counter(cell.found_by for cell in after)
    assert by == {FoundBy.EXPERT: 2, FoundBy.COLOR_FILTER: 5}
    assert [cell for cell in after if cell.found_by is FoundBy.EXPERT] in ([at_it, alone], [alone, at_it])
    here = [cell for cell in after if cell.field_id == found.field_id and cell.found_by is not FoundBy.EXPERT]
    assert all(cell.extent.intersection(at_it.extent) < 0.5 * cell.extent.area for cell in here)
    # Cleaning knows them as any others.
    assert clean_cells(workspace).refused == []
    assert {at_it.id, alone.id} <= ids(cells_of(workspace))


# ------------------------------------------------------------------ networks


@pytest.fixture
def with_network(workspace, tmp_path):
    """The workspace searched by the filter, one cell of it, and a network that sees that cell and nothing's corner."""
    detect_cells(workspace)
    usual = cells_of(workspace)
    seen = next(cell for cell in usual if cell.extent.left > 150 and cell.extent.top > 150)
    corner = Box(left=4, top=4, right=84, bottom=84)
    return workspace, usual, seen, corner, detector(tmp_path / "made.onnx", seen.extent, corner)


def test_a_network_looks_instead_of_the_filter(with_network):
    workspace, usual, seen, corner, file = with_network
    finders = load_finders(detector_file=file)
    assert (finders.color_filter, set(finders.files)) == (None, {"detector"})
    assert counts(detect_cells(workspace, finders=finders)) == (3, 0, 0)
    found = cells_of(workspace)
    assert ids(found).isdisjoint(ids(usual))
    assert {(cell.found_by, cell.agreed, cell.score) for cell in found} == {(FoundBy.NETWORK, (), 0.875)}
    assert Counter(cell.field_id for cell in found) == {cell.field_id: 2 for cell in usual}
    at_it = next(cell for cell in found if cell.field_id == seen.field_id and cell.extent.left > 84)
    assert at_it.extent.iou(seen.extent) > 0.9
    assert {cell.box.width for cell in found} == {cell.box.width for cell in usual}, "crops of one size"
    assert corner in {cell.extent for cell in found}


def test_both_are_joined_and_the_filter_is_noted_where_it_agrees(with_network):
    workspace, usual, seen, corner, file = with_network
    finders = load_finders(detector_file=file, both=True)
    assert finders.color_filter is DEFAULT_FILTER
    assert counts(detect_cells(workspace, finders=finders)) == (3, 0, 0)
    found = [cell for cell in cells_of(workspace) if cell.field_id == seen.field_id]
    agreed = {cell.extent: (cell.found_by, cell.agreed) for cell in found}
    other = next(cell for cell in usual if cell.field_id == seen.field_id and cell.id != seen.id)
    at_it = next(extent for extent in agreed if extent.iou(seen.extent) > 0.9)
    assert agreed == {
        at_it: (FoundBy.NETWORK, (FoundBy.COLOR_FILTER,)),
        other.extent: (FoundBy.COLOR_FILTER, ()),
        corner: (FoundBy.NETWORK, ()),
    }
    # Alone and beside the filter are different work.
    runs = count_runs(workspace)
    detect_cells(workspace, finders=load_finders(detector_file=file))
    assert count_runs(workspace) == runs + 1


def test_a_filter_that_is_named_looks_beside_the_network(with_network, tmp_path):
    _, _, _, _, file = with_network
    own = tmp_path / "own.json"
    own.write_text(replace(DEFAULT_FILTER, prior=0.25).to_json(), encoding="utf-8")
    finders = load_finders(filter_file=own, detector_file=file)
    assert finders.color_filter == replace(DEFAULT_FILTER, prior=0.25)
    assert finders.network is not None
    assert set(finders.files) == {"filter", "detector", "both"}


# ------------------------------------------------------------------ files that are none


def test_files_that_are_none_are_refused(tmp_path):
    with pytest.raises(InputError, match="need a network"):
        load_finders(both=True)
    for given in ({"filter_file": tmp_path / "none"}, {"detector_file": tmp_path / "none"}):
        with pytest.raises(UnreadableFile, match="none"):
            load_finders(**given)
    broken = tmp_path / "broken"
    broken.write_bytes(b"\xff\xfe no filter, no network")
    with pytest.raises(UnreadableFormat, match="broken"):
        load_finders(filter_file=broken)
    with pytest.raises(UnreadableFormat, match="no detector file"):
        load_finders(detector_file=broken)
    swapped = tmp_path / "swapped.json"
    swapped.write_text('{"format": "something else"}', encoding="utf-8")
    with pytest.raises(UnreadableFormat, match=r"swapped\.json is no color filter"):
        load_finders(filter_file=swapped)
    assert load_finders().color_filter is DEFAULT_FILTER
    assert load_finders().files == {}
