from __future__ import annotations

import shutil
from collections import Counter

import pytest

from buffycoat.domain.label import Standing
from buffycoat.domain.mask import Mask, Part
from buffycoat.domain.run import Outcome
from buffycoat.errors import InputError, UnknownTerm
from buffycoat.imaging.regions import decode_run_lengths
from buffycoat.segment import PART_METHODS
from buffycoat.store.queries import masks_now
from buffycoat.workflows import segment as workflow
from buffycoat.workflows.consensus import consensus_by_cell
from buffycoat.workflows.runs import ALGORITHMS, now, start_run
from buffycoat.workflows.segment import DRAWN, segment_cells
from buffycoat.workflows.workspace import open_workspace

KIND = ("basophil",)


@pytest.fixture
def workspace(demo_workspace, tmp_path):
    shutil.copytree(demo_workspace, tmp_path / "w")
    with open_workspace(tmp_path / "w") as opened:
        yield opened


def agreed(workspace, term: str) -> set[str]:
    return {
        cell_id
        for cell_id, consensus in consensus_by_cell(workspace).items()
        if consensus.term == term and consensus.standing in (Standing.AGREED, Standing.ADJUDICATED)
    }


def all_masks(workspace) -> list[Mask]:
    with workspace.database.reading() as transaction:
        return transaction.find(Mask)


def test_agreed_basophils_have_no_nucleus_and_the_mask_says_why(workspace):
    basophils = agreed(workspace, "basophil")
    masks = all_masks(workspace)
    assert len(basophils) > 10
    by_part = {part: [mask for mask in masks if mask.part is part] for part in Part}
    assert {mask.cell_id for mask in by_part[Part.NUCLEUS] if mask.failure == "whole-only"} == basophils
    assert not [mask for mask in by_part[Part.CELL] if mask.failure == "whole-only"]
    assert {mask.failure for mask in masks} <= {None, "whole-only", "touches-border", "several-cells", "nothing-found"}
    with workspace.database.reading() as transaction:
        shown = masks_now(transaction)
    assert {mask.part for cell_id in basophils for mask in shown.get(cell_id, [])} == {Part.CELL}


def test_no_mask_is_empty_and_no_nucleus_leaves_its_cell(workspace):
    by_cell: dict[str, dict[Part, Mask]] = {}
    for mask in all_masks(workspace):
        by_cell.setdefault(mask.cell_id, {})[mask.part] = mask
    both = 0
    for masks in list(by_cell.values())[::4]:
        assert set(masks) == set(Part)
        drawn = {
            part: decode_run_lengths(mask.run_lengths, mask.height_px, mask.width_px)
            for part, mask in masks.items()
            if mask.failure is None
        }
        assert all(each.any() for each in drawn.values())
        if len(drawn) == 2:
            assert not (drawn[Part.NUCLEUS] & ~drawn[Part.CELL]).any()
            both += 1
    assert both > 20


def test_what_is_done_stays_and_the_counts_are_told_all_the_same(workspace):
    before = Counter((mask.part, mask.failure or DRAWN) for mask in all_masks(workspace))
    again = segment_cells(workspace)
    assert again.tally.done == 0
    assert again.tally.before == sum(again.parts[Part.CELL].values()) == sum(again.parts[Part.NUCLEUS].values())
    assert {(part, code): n for part, counts in again.parts.items() for code, n in counts.items()} == before


def test_a_newer_version_draws_anew_and_an_interruption_loses_nothing(workspace, monkeypatch):
    class StopHere(Exception): ...

    def stop(step):
        if step.done == 5:
            raise StopHere

    basophils = agreed(workspace, "basophil")
    monkeypatch.setitem(ALGORITHMS, workflow.FUNCTION, "next")
    with pytest.raises(StopHere):
        segment_cells(workspace, terms=KIND, progress=stop)
    on = segment_cells(workspace, terms=KIND)
    assert (on.tally.before, on.tally.done) == (5, len(basophils) - 5)
    assert on.parts[Part.NUCLEUS] == {"whole-only": len(basophils)}
    with workspace.database.reading() as transaction:
        newest = {mask.run_id for cell_id in basophils for mask in masks_now(transaction).get(cell_id, [])}
    assert newest == {on.tally.run_id}


def test_masks_that_people_brought_stay(workspace):
    cell_id = min(agreed(workspace, "basophil"))
    run = start_run(workspace, room="segment", function="segment.import_masks", parameters={"import": "x"})
    brought = Mask(
        id="m1",
        cell_id=cell_id,
        part=Part.CELL,
        height_px=2,
        width_px=2,
        run_lengths=(1, 3),
        method="import:x",
        failure=None,
        supersedes=None,
        run_id=run.id,
    )
    outcome = Outcome(
        id="o1",
        run_id=run.id,
        room="segment",
        subject=cell_id,
        produced=None,
        code=None,
        message="",
        finished_at=now(),
    )
    with workspace.database.writing() as transaction:
        transaction.add([brought, outcome])
    done = segment_cells(workspace, method="tavakoli", terms=KIND)
    assert done.by_people == 1
    assert done.tally.done == len(agreed(workspace, "basophil")) - 1
    with workspace.database.reading() as transaction:
        assert masks_now(transaction)[cell_id] == [brought]


def test_a_method_that_there_is_not_is_refused(workspace):
    with pytest.raises(InputError, match=" or ".join(PART_METHODS)):
        segment_cells(workspace, method="magic")


def test_a_term_means_all_that_lies_below_it(workspace):
    below = {*agreed(workspace, "neutrophil.segmented"), *agreed(workspace, "neutrophil.band")}
    assert below
    done = segment_cells(workspace, terms=("neutrophil",))
    assert sum(done.parts[Part.CELL].values()) >= len(below)
    with pytest.raises(UnknownTerm):
        segment_cells(workspace, terms=("neutrophyl",))
