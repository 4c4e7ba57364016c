"""Two who drew the same cells: figures with known answers, failures worth nothing, a scale where there is one."""

from __future__ import annotations

import numpy as np
import pytest

from buffycoat.domain.mask import Part
from buffycoat.errors import InputError, NotFound, TooFew
from buffycoat.metrics.boundaries import boundary_distances
from buffycoat.metrics.overlap import dice
from buffycoat.store.mask_queries import scales_of, statements
from buffycoat.store.queries import CellFilter, current_cells
from buffycoat.workflows.masks.comparing import compare_masks, comparison_text
from buffycoat.workflows.masks.keeping import keep_masks, mask_pixels_of
from buffycoat.workflows.masks.selecting import find_selection, select_for_masks


@pytest.fixture
def drawn(demo):
    """Two experts on six monocytes and two eosinophils: the second shifts every mask, and fails once."""
    selection = select_for_masks(demo, "pairs", {"monocyte": 6, "eosinophil": 2})
    with demo.database.reading() as transaction:
        sizes = {it.id: (it.box.height, it.box.width) for it in current_cells(transaction, CellFilter())[1]}
    for place, cell in enumerate(selection.cells):
        nucleus, whole = np.zeros((2, *sizes[cell]), bool)
        nucleus[30:50, 30:50] = True
        whole[20:60, 20:60] = True
        keep_masks(demo, cell, {Part.NUCLEUS: nucleus, Part.CELL: whole}, expert="edna", method="pen")
        moved = np.roll(nucleus, place, axis=1)
        second = {Part.NUCLEUS: "nothing-found" if place == 5 else moved, Part.CELL: whole}
        keep_masks(demo, cell, second, expert="emil", method="pen")
    return demo


def line_of(found, term, part):
    return next(line for line in found.lines if (line.term, line.part) == (term, part))


def test_figures_by_class_and_part(drawn):
    found = compare_masks(drawn)
    assert (found.one, found.other, found.cells, found.only_one, found.only_other) == ("edna", "emil", 8, 0, 0)
    assert {line.term for line in found.lines} == {"all", "monocyte", "eosinophil"}
    nuclei = line_of(found, "monocyte", "nucleus")
    dices = [1 - place / 20 for place in range(5)] + [0.0]
    assert (nuclei.figures.n, nuclei.figures.failed, nuclei.both_failed) == (6, 1, 0)
    assert nuclei.figures.dice.mean == pytest.approx(np.mean(dices))
    assert nuclei.figures.dice.median == pytest.approx(np.median(dices))
    assert nuclei.figures.dice.tail == pytest.approx(np.percentile(dices, 5))
    assert nuclei.figures.dice.interval is not None
    low, high = nuclei.figures.dice.interval
    assert low < nuclei.figures.dice.mean < high
    assert nuclei.figures.hausdorff_px is not None
    assert nuclei.figures.hausdorff_px.n == 5
    assert nuclei.figures.hausdorff_px.mean == pytest.approx(np.mean(range(5)))
    cells = line_of(found, "all", "cell")
    assert (cells.figures.n, cells.figures.dice.mean, cells.figures.iou.tail) == (8, 1.0, 1.0)
    cytoplasm = line_of(found, "all", "cytoplasm")
    assert (cytoplasm.figures.n, cytoplasm.figures.failed) == (8, 1)


def test_micrometers_are_told_where_the_scale_is_known(drawn):
    found = compare_masks(drawn, selection="pairs")
    cells = find_selection(drawn, "pairs").cells
    with drawn.database.reading() as transaction:
        scales = scales_of(transaction, cells)
    assert set(scales.values()) <= {0.125, 0.145}, "as the demo's set-ups have it"
    apart = [place * scales[cell] for place, cell in enumerate(cells) if place != 5]
    figures = line_of(found, "all", "nucleus").figures
    assert figures.hausdorff_um is not None
    assert figures.hausdorff_um.mean == pytest.approx(np.mean(apart))
    assert figures.hausdorff_um.tail == pytest.approx(np.percentile(apart, 95))


def test_a_person_may_be_compared_with_a_program(drawn):
    found = compare_masks(drawn, "edna", "best")
    with drawn.database.reading() as transaction:
        said = {(it.cell_id, it.hand): it for it in statements(transaction)}
    pairs = []
    for cell, hand in said:
        if hand == "edna" and (cell, "best") in said:
            masks = [said[cell, who].parts[Part.CELL] for who in ("edna", "best")]
            if not masks[1].failure:
                pairs.append([mask_pixels_of(mask) for mask in masks])
    line = line_of(found, "all", "cell")
    assert line.figures.n >= len(pairs) > 3
    assert line.figures.dice.mean == pytest.approx(sum(dice(*pair) for pair in pairs) / line.figures.n)
    assert line.figures.mean_px is not None
    assert line.figures.mean_px.mean == pytest.approx(np.mean([boundary_distances(*pair).mean for pair in pairs]))
    assert found.only_other > 100


def test_a_nucleus_that_was_not_asked_for_is_no_failure(demo):
    """Of a basophil the program draws the whole cell alone; an expert who draws a nucleus is not compared with that."""
    (cell,) = select_for_masks(demo, "one", {"basophil": 1}).cells
    with demo.database.reading() as transaction:
        (said,) = statements(transaction, [cell])
    assert said.parts[Part.NUCLEUS].failure == "whole-only"
    whole = mask_pixels_of(said.parts[Part.CELL])
    keep_masks(demo, cell, {Part.NUCLEUS: whole, Part.CELL: whole}, expert="edna", method="pen")
    found = compare_masks(demo, "edna", "best")
    assert {(line.term, line.part) for line in found.lines} == {("basophil", "cell"), ("all", "cell")}
    assert line_of(found, "basophil", "cell").figures.dice.mean == 1


def test_both_failures_are_no_pair(drawn):
    with drawn.database.reading() as transaction:
        cell = next(
            it.cell_id for it in statements(transaction) if it.hand == "emil" and it.parts[Part.NUCLEUS].failure
        )
    keep_masks(drawn, cell, {Part.NUCLEUS: "nothing-found"}, expert="edna", method="pen")
    found = compare_masks(drawn)
    line = line_of(found, "monocyte", "nucleus")
    assert (line.figures.n, line.figures.failed, line.both_failed) == (5, 0, 1)
    assert comparison_text(found).endswith("no pairs: 1 of nucleus, 1 of cytoplasm")


def test_the_table_for_people(drawn):
    text = comparison_text(compare_masks(drawn)).splitlines()
    assert text[0] == "edna and emil: 8 cells by both, 0 by edna alone, 0 by emil alone"
    assert len(text) == 2 + 9
    assert text[2].split()[:4] == ["nucleus", "eosinophil", "2", "0"]
    assert max(map(len, text)) <= 120


def test_it_must_be_clear_who_is_meant(demo):
    with pytest.raises(InputError, match="whom"):
        compare_masks(demo)
    with pytest.raises(NotFound, match="best"):
        compare_masks(demo, "edna", "best")
    with pytest.raises(InputError, match="whom"):
        compare_masks(demo, "best", "best")
    with demo.database.reading() as transaction:
        there = {it.cell_id for it in statements(transaction)}
        other = next(
            it for it in current_cells(transaction, CellFilter(kept=False, with_pixels=True))[1] if it.id not in there
        )
    whole = np.ones((other.box.height, other.box.width), bool)
    keep_masks(demo, other.id, {Part.CELL: whole}, expert="edna", method="pen")
    with pytest.raises(TooFew, match="in common"):
        compare_masks(demo, "edna", "best")
