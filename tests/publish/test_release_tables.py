from __future__ import annotations

import json
from dataclasses import replace

import pytest

from buffycoat.domain.taxonomy import ICSH, RAABIN
from buffycoat.errors import InputError, UnknownTerm
from buffycoat.formats.table import PrintedTable
from buffycoat.publish.comparable_sets import comparable_sets
from buffycoat.publish.label_table import label_table
from buffycoat.publish.tables import release_tables

NAMES = [f"table-{number}" for number in (3, 4, 5, 6, 7)]


@pytest.fixture
def tables_of(make_contents):
    def count(**changes) -> dict[str, PrintedTable]:
        return dict(release_tables(make_contents(**changes), taxonomy=RAABIN, comparable=comparable_sets()))

    return count


def rows(table: PrintedTable) -> dict[str, tuple]:
    """Return the rows of a table by their first cell, which must be different ones."""
    found = {row[0]: row[1:] for row in table.rows}
    assert len(found) == len(table.rows)
    return found


def test_general_table_counts_all_and_each_set_up(tables_of):
    table = tables_of()["table-3"]
    assert table.columns == ("what", "all", "Olympus CX18 / Samsung Galaxy S5", "Zeiss / LG G3")
    assert rows(table) == {
        "smears": (3, 2, 1),
        "people, where known": (1, 1, None),
        "photographs": (4, 3, 1),
        "crops that came without a photograph": (1, 0, 1),
        "cells": (11, 8, 3),
        "cells labeled by two experts": (9, 6, 3),
        "cells given the same label by both": (7, 4, 3),
        "cells not recognized by both": (1, 1, 0),
        "cells decided by an adjudicator": (1, 1, 0),
        "cells with one label": (1, 1, 0),
        "cells without a label": (1, 1, 0),
        "cells of class basophil": (1, 0, 1),
        "cells of class eosinophil": (0, 0, 0),
        "cells of class lymphocyte": (2, 2, 0),
        "cells of class monocyte": (0, 0, 0),
        "cells of class neutrophil": (3, 1, 2),
        "cells outside the classes": (5, 5, 0),
        "cells with masks": (2, 1, 1),
        "cells of class basophil, with masks": (1, 0, 1),
        "cells of class eosinophil, with masks": (0, 0, 0),
        "cells of class lymphocyte, with masks": (0, 0, 0),
        "cells of class monocyte, with masks": (0, 0, 0),
        "cells of class neutrophil, with masks": (1, 1, 0),
        "repeats left out": (2, 1, 0),
    }
    notes = " ".join(table.notes)
    assert "not known for 1 of 3 smears" in notes
    assert "without its nucleus, are among: cells of class basophil." in notes
    assert "photographs that are not in this release count under all only: 1." in notes


def test_general_table_refuses_a_cell_without_its_photograph(make_contents, tables_of):
    contents = make_contents()
    with pytest.raises(InputError, match="cell c03 lies in a photograph") as caught:
        tables_of(fields=tuple(field for field in contents.fields if field.field_id != "f2"))
    assert caught.value.found == "f2"


def test_expert_table_holds_every_pair_and_every_cell(tables_of):
    table = tables_of()["table-4"]
    names = [row[0] for row in table.rows]
    assert names[-3:] == ["not recognized", "no label", "all"]
    assert list(table.columns[1:]) == names
    leaves = {term.name for term in RAABIN.terms} - {
        RAABIN.term(term.parent).name for term in RAABIN.terms if term.parent
    }
    assert set(names) == {*leaves, "no label", "all"}
    cells = {
        (row[0], name): count
        for row in table.rows[:-1]
        for name, count in zip(names[:-1], row[1:-1], strict=True)
        if count
    }
    assert cells == {
        ("segmented neutrophil", "segmented neutrophil"): 3,
        ("segmented neutrophil", "band neutrophil"): 1,
        ("small lymphocyte", "small lymphocyte"): 1,
        ("large lymphocyte", "small lymphocyte"): 1,
        ("monocyte", "monocyte"): 1,
        ("basophil", "basophil"): 1,
        ("not recognized", "not recognized"): 1,
        ("eosinophil", "no label"): 1,
        ("no label", "no label"): 1,
    }
    assert rows(table)["segmented neutrophil"][-1] == 4
    assert rows(table)["all"][names.index("small lymphocyte")] == 2
    assert rows(table)["all"][-1] == 11
    assert "Rows: expert 1. Columns: expert 2." in table.notes
    assert "Labeled by both: 9; the same label: 7 (77.78 %)." in table.notes
    assert "Without any label: 1. Not recognized by both: 1." in table.notes


def test_expert_table_needs_words_of_the_taxonomy(make_contents, tables_of):
    first, *others = make_contents().cells
    with pytest.raises(UnknownTerm, match="neutrofil"):
        tables_of(cells=(replace(first, words=("neutrofil", None)), *others))


def test_expert_table_shows_the_two_of_three_with_most_in_common(make_contents, tables_of):
    cells = [replace(cell, words=(None, *reversed(cell.words))) for cell in make_contents().cells]
    cells[0] = replace(cells[0], words=("monocyte", "monocyte", None))
    table = tables_of(cells=tuple(cells), experts=("A", "B", "C"))["table-4"]
    assert "Rows: B. Columns: C." in table.notes
    assert "The two experts with the most cells in common; not shown: A." in table.notes
    assert rows(table)["all"][-1] == 11


def test_expert_table_of_a_single_expert_has_an_empty_second(make_contents, tables_of):
    cells = tuple(replace(cell, words=cell.words[:1]) for cell in make_contents().cells)
    table = tables_of(cells=cells, experts=("A",))["table-4"]
    assert "Rows: A. Columns: nobody." in table.notes
    assert "Labeled by both: 0; the same label: 0." in table.notes
    assert rows(table)["segmented neutrophil"][-2:] == (4, 4)


def test_expert_table_of_a_wide_taxonomy_leaves_unused_terms_out_and_names_them(make_contents):
    words = {"neutrophil.segmented", "neutrophil.band", "eosinophil", "basophil", "monocyte", "not-recognized"}
    cells = tuple(cell for cell in make_contents().cells if set(cell.words) <= words)
    contents = make_contents(taxonomy=ICSH.reference, cells=cells)
    table = release_tables(contents, taxonomy=ICSH, comparable=())["table-4"]
    names = [row[0] for row in table.rows]
    assert len(names) == 5 + 2
    unused = next(note for note in table.notes if note.startswith("Terms that neither used:"))
    assert ICSH.term("blast").name in unused
    assert ", monocyte," not in unused


def test_camera_table_has_a_row_for_each_camera_and_no_frame_for_crops(tables_of):
    table = tables_of()["table-5"]
    assert table.rows == (
        (
            "Samsung Galaxy S5",
            "SM-G900H",
            "5312 × 2988",
            5312 * 2988 / 1e6,
            "f/2.2",
            "Olympus CX18",
            "100x",
            3,
            0,
        ),
        ("LG G3", None, "4160 × 3120", 4160 * 3120 / 1e6, None, "Zeiss", "100x", 1, 0),
        ("LG G3", None, None, None, None, "Zeiss", "100x", 0, 1),
    )
    assert "| 15.9 |" in table.to_markdown()


def test_split_table_adds_up_and_says_what_was_removed(tables_of):
    table = tables_of()["table-7"]
    assert table.columns == ("class", "train", "test-A", "test-B", "all", "removed by the split")
    assert rows(table) == {
        "basophil": (0, 0, 1, 1, 0),
        "eosinophil": (0, 0, 0, 0, 0),
        "lymphocyte": (2, 0, 0, 2, 0),
        "monocyte": (0, 0, 0, 0, 1),
        "neutrophil": (1, 0, 2, 3, 0),
        "class not in this release": (0, 0, 0, 0, 1),
        "all": (3, 0, 3, 6, 2),
    }
    assert table.notes[0] == "Split: by hand (seed 7)."
    assert "the sharpest picture being kept: 2." in table.notes[2]
    assert not any("leak" in note or "imulated" in note for note in table.notes)


def test_split_table_keeps_splits_of_other_names(make_contents, tables_of):
    first, *others = make_contents().cells
    table = tables_of(cells=(replace(first, split="validation"), *others))["table-7"]
    assert table.columns[1:6] == ("train", "test-A", "test-B", "validation", "all")
    assert rows(table)["all"] == (2, 0, 3, 1, 6, 2)


def test_every_table_says_that_it_is_simulated_and_that_it_leaks(tables_of):
    tables = tables_of(simulated=True, leaks={"shared-films": 2, "pairs-of-repeated-cells": 1, "shared-people": 0})
    assert list(tables) == NAMES
    for table in tables.values():
        assert "Simulated: drawn smears and simulated experts. Not for research on blood." in table.notes
        assert "This split leaks: pairs of repeated cells: 1; shared films: 2." in table.notes
        for page in (table.to_markdown(), table.to_latex(), table.to_html()):
            assert "Simulated" in page
            assert "leaks" in page


def test_tables_are_printed_in_every_form(tables_of):
    for table in tables_of().values():
        wide = len(table.columns)
        assert len(table.to_csv().splitlines()) == len(table.rows) + 1
        assert table.to_html().count("<td") == len(table.rows) * (wide - 1)
        assert table.to_latex().count(" & ") == (len(table.rows) + 1) * (wide - 1)
        assert sum(line.startswith("| ") for line in table.to_markdown().splitlines()) == len(table.rows) + 1


def test_tables_refuse_another_taxonomy(make_contents):
    with pytest.raises(InputError, match="taxonomy is not that of the release"):
        release_tables(make_contents(), taxonomy=ICSH, comparable=())


def test_comparison_ends_with_the_row_of_this_release_and_cites_every_other(tables_of):
    table = tables_of()["table-6"]
    others = comparable_sets()
    assert [row[0] for row in table.rows[:-1]] == [other.name for other in others]
    for number, other in enumerate(others, start=1):
        assert table.rows[number - 1][-1] == f"[{number}]"
        assert any(note.startswith(f"[{number}] {other.name}: {other.citation[:20]}") for note in table.notes)
    assert dict(zip(table.columns, table.rows[-1], strict=True)) == {
        "set": "Small set 1.0 (this release)",
        "cells": 6,
        "classes": 3,
        "experts": 2,
        "labels": "agreed or adjudicated",
        "masks": "nucleus and cell, 1 cell; cell alone, 1 cell",
        "cameras": "LG G3, Samsung Galaxy S5",
        "microscopes": "Olympus CX18, Zeiss",
        "stain": "giemsa",
        "magnification": "100x",
        "access": "CC-BY-4.0",
        "source": None,
    }


def test_expert_table_gives_the_matrix_of_the_released_label_files(data, make_contents):
    stats = json.loads((data / "raabin_json" / "stats.json").read_text())
    keys = [RAABIN.read(word).key if word else None for word in stats["labels"]]
    first = make_contents().cells[0]
    one_of_each = {
        (row, column): replace(first, words=(keys[row], keys[column]))
        for row in range(len(keys))
        for column in range(len(keys))
    }
    counts = stats["agreement_rows_label1_cols_label2"]
    cells = tuple(cell for (row, column), cell in one_of_each.items() for _ in range(counts[row][column]))
    table = label_table(make_contents(cells=cells), taxonomy=RAABIN, title="labels")
    names = [RAABIN.term(key).name if key else "no label" for key in keys]
    places = [table.columns.index(name) for name in names]
    assert [[rows(table)[name][place - 1] for place in places] for name in names] == counts
    assert rows(table)["all"][-1] == 36_624
    assert "Labeled by both: 24,232; the same label: 23,131 (95.46 %)." in table.notes
    assert "Without any label: 9,000. Not recognized by both: 789." in table.notes
