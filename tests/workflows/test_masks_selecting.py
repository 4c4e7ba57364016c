"""Cells for masks in a workspace: only sure ones, no repeats, a list that stays, and how far the drawing is."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from buffycoat.domain.cell import CrossRepeat, DuplicateEdge
from buffycoat.domain.label import Standing
from buffycoat.domain.mask import Part
from buffycoat.domain.run import Run
from buffycoat.errors import AlreadyExists, InputError, NotFound, TooFew
from buffycoat.store.queries import CellFilter, current_cells, current_repeats, smear_by_cell
from buffycoat.workflows.consensus import consensus_by_cell
from buffycoat.workflows.masks.keeping import keep_masks
from buffycoat.workflows.masks.selecting import (
    find_selection,
    list_selections,
    preset_quotas,
    select_for_masks,
    sure_classes,
)
from buffycoat.workflows.workspace import open_workspace


def test_only_kept_cells_are_chosen_on_which_the_experts_agree(demo):
    selection = select_for_masks(demo, "first", {"monocyte": 12, "basophil": 12}, seed=4)
    assert Counter(selection.terms) == {"monocyte": 12, "basophil": 12}
    consensus = consensus_by_cell(demo)
    assert {consensus[cell].standing for cell in selection.cells} <= {Standing.AGREED, Standing.ADJUDICATED}
    for cell, term in zip(selection.cells, selection.terms, strict=True):
        assert (consensus[cell].term or "").partition(".")[0] == term
    with demo.database.reading() as transaction:
        removed = {repeat.cell_id for repeat in current_repeats(transaction)}
        smears = smear_by_cell(transaction)
    assert not removed & set(selection.cells)
    assert removed, "the demo has repeats, so that this says something"
    sure = sure_classes(demo, level="five-class")
    for term in ("monocyte", "basophil"):
        gave = Counter(smears[cell] for cell in selection.cells if sure[cell] == term)
        there = Counter(smears[cell] for cell in sure.keys() - removed if sure[cell] == term)
        assert [smear for smear, count in there.items() if gave[smear] < min(count, max(gave.values()) - 1)] == []


def test_the_list_is_sealed_and_the_same_question_gives_it_again(demo):
    first = select_for_masks(demo, "first", {"monocyte": 3}, seed=4)
    assert select_for_masks(demo, "first", {"monocyte": 3}, seed=4) == first
    assert find_selection(demo, "first") == first
    with pytest.raises(AlreadyExists):
        select_for_masks(demo, "first", {"monocyte": 4}, seed=4)
    other = select_for_masks(demo, "second", {"monocyte": 3}, seed=5)
    assert other.cells != first.cells
    assert [view.selection.name for view in list_selections(demo)] == ["first", "second"]
    with pytest.raises(NotFound, match="first, second"):
        find_selection(demo, "third")


def test_a_cell_that_shows_up_in_two_smears_is_chosen_once(demo):
    sure = sure_classes(demo, level="five-class")
    with demo.database.reading() as transaction:
        smears = smear_by_cell(transaction)
        run = transaction.find(Run)[0]
    everything = select_for_masks(demo, "all", {"eosinophil": 99}, fewer=True).cells
    one = everything[0]
    other = next(cell for cell in everything if smears[cell] != smears[one])
    edge = DuplicateEdge(a=one, b=other, average_hash_distance=0, perceptual_hash_distance=0, correlation=None)
    with demo.database.writing() as transaction:
        transaction.add([CrossRepeat(id="z1", cell_id=one, other_id=other, edge=edge, run_id=run.id)])
    again = select_for_masks(demo, "again", {"eosinophil": 99}, fewer=True).cells
    assert len(again) == len(everything) - 1
    assert len({one, other} & set(again)) == 1
    assert {sure[cell] for cell in again} == {"eosinophil"}


def test_the_papers_quotas_name_what_is_missing_or_take_what_there_is(demo):
    paper = preset_quotas("paper")
    with pytest.raises(TooFew) as refused:
        select_for_masks(demo, "paper", paper.counts, whole_only=paper.whole_only)
    assert refused.value.expected == "neutrophil 242, lymphocyte 242, monocyte 242, eosinophil 201, basophil 218"
    taken = select_for_masks(demo, "paper", paper.counts, whole_only=paper.whole_only, fewer=True)
    assert refused.value.found == ", ".join(f"{term} {count}" for term, count in Counter(taken.terms).items())
    assert taken.parts("basophil") == (Part.CELL,)
    assert taken.parts("monocyte") == (Part.NUCLEUS, Part.CELL)
    (view,) = list_selections(demo)
    assert [(line.term, line.asked) for line in view.classes] == list(taken.quotas.items())
    with pytest.raises(InputError, match="preset"):
        preset_quotas("nobody")


def test_progress_tells_what_is_drawn_drafted_failed_and_waiting(demo):
    selection = select_for_masks(demo, "first", {"monocyte": 4, "basophil": 2}, whole_only=("basophil",))

    def progress():
        (view,) = list_selections(demo)
        return {line.term: (line.drawn, line.drafted, line.failed, line.waiting) for line in view.classes}

    assert progress() == {"monocyte": (0, 4, 0, 0), "basophil": (0, 2, 0, 0)}  # the program's, which nobody has seen
    sizes = sizes_of(demo)
    monocytes, basophils = selection.cells[:4], selection.cells[4:]
    nucleus, cell = disc(sizes[monocytes[0]], 0.2), disc(sizes[monocytes[0]], 0.4)
    keep_masks(demo, monocytes[0], {Part.NUCLEUS: nucleus}, expert="edna", method="easy-gt")
    assert progress()["monocyte"] == (0, 3, 0, 1)
    keep_masks(demo, monocytes[0], {Part.CELL: cell}, expert="edna", method="pen")
    assert progress()["monocyte"] == (1, 3, 0, 0)
    keep_masks(demo, monocytes[1], {Part.NUCLEUS: "touches-border"}, expert="edna", method="easy-gt")
    assert progress()["monocyte"] == (1, 2, 1, 0)
    keep_masks(demo, basophils[0], {Part.CELL: disc(sizes[basophils[0]], 0.4)}, expert="edna", method="pen")
    assert progress()["basophil"] == (1, 1, 0, 0)
    assert find_selection(demo, "first") == selection


def test_wrong_questions_are_refused(demo):
    with pytest.raises(InputError, match="five-class"):
        select_for_masks(demo, "x", {"smudge": 3})
    with pytest.raises(InputError, match="name"):
        select_for_masks(demo, " ", {"monocyte": 3})
    with pytest.raises(InputError, match="whole cells"):
        select_for_masks(demo, "x", {"monocyte": 3}, whole_only=("basophil",))


def test_without_labels_nothing_can_be_chosen(tmp_path):
    with open_workspace(tmp_path / "empty", create=True) as opened, pytest.raises(TooFew, match="no cell has a label"):
        select_for_masks(opened, "x", {"monocyte": 3})


def sizes_of(workspace) -> dict[str, tuple[int, int]]:
    with workspace.database.reading() as transaction:
        return {it.id: (it.box.height, it.box.width) for it in current_cells(transaction, CellFilter())[1]}


def disc(size: tuple[int, int], radius: float) -> np.ndarray:
    """A disc in the middle, its radius in sides of the crop."""
    rows, columns = np.indices(size)
    return (rows - size[0] / 2) ** 2 + (columns - size[1] / 2) ** 2 < (radius * size[0]) ** 2
