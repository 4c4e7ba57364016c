"""Which cells a mask is of: its region in a field, its name in a set, and what is not clear is refused."""

from __future__ import annotations

import shutil
from collections import Counter

import numpy as np
import pytest

from buffycoat.domain.cell import Cell, FoundBy
from buffycoat.domain.geometry import Box
from buffycoat.errors import Conflict, InvalidMask, NotFound
from buffycoat.formats.masks import three_levels_png
from buffycoat.store.queries import CellFilter, current_cells
from buffycoat.workflows.importing.sets import import_set
from buffycoat.workflows.masks.importing import import_masks
from buffycoat.workflows.masks.matching import KnownCells, cut_cells, part_named
from buffycoat.workflows.workspace import open_workspace


def cell(key: str, left: int, top: int, side: int = 10) -> Cell:
    extent = Box(left=left, top=top, right=left + side, bottom=top + side)
    box = Box(left=left - 5, top=top - 5, right=left + side + 5, bottom=top + side + 5)
    return Cell(
        id=key,
        field_id="f",
        extent=extent,
        box=box,
        score=None,
        found_by=FoundBy.SOURCE,
        crop="d",
        sharpness=1.0,
        average_hash="",
        perceptual_hash="",
        run_id="r",
    )


def test_a_cell_has_the_region_that_lies_most_in_its_box_and_nothing_of_its_neighbor():
    shown = np.zeros((40, 60), bool)
    shown[8:20, 8:20] = True  # around (10, 10)
    shown[8:20, 21:32] = True  # its neighbor, which its crop shows too
    found = cut_cells(shown, [cell("a", 10, 10), cell("b", 22, 10)])
    first, second = found["a"], found["b"]
    assert first.shape == second.shape == (20, 20)
    assert first.sum() == 144
    assert second.sum() == 120 + 12
    assert first[3:15, 3:15].all()


def test_two_cells_in_one_region_and_a_box_without_pixels_are_refused():
    shown = np.zeros((40, 60), bool)
    shown[8:20, 8:32] = True
    cells = [cell("a", 10, 10), cell("b", 22, 10), cell("c", 45, 25), cell("out", 58, 38)]
    found = cut_cells(shown, cells)
    assert all(isinstance(it, InvalidMask) for it in found.values())
    assert "neighbor" in str(found["a"])
    assert "empty at c" in str(found["c"])
    assert "empty at out" in str(found["out"])


def test_a_neighbor_that_reaches_into_a_box_is_not_the_mask_of_a_cell_that_has_none():
    shown = np.zeros((40, 60), bool)
    shown[8:20, 8:23] = True  # around "a", and one column of it in the box of "b"
    found = cut_cells(shown, [cell("a", 10, 10, side=12), cell("b", 22, 10)])
    assert not isinstance(found["a"], InvalidMask)
    assert found["a"].sum() == 12 * 15
    assert "mostly outside its box" in str(found["b"])
    alone = cut_cells(shown, [cell("b", 22, 10)])
    assert "mostly outside its box" in str(alone["b"]), "also where nobody knows the neighbor"


def test_all_lobes_of_a_nucleus_come_where_nuclei_alone_are_shown():
    shown = np.zeros((40, 90), bool)
    for left in (10, 15, 20):
        shown[12:20, left : left + 4] = True
    shown[12:20, 40:49] = True  # another cell's
    shown[2:4, 21:23] = True  # a speck
    cells = [cell("a", 8, 8, side=18), cell("b", 36, 8, side=18)]
    found = cut_cells(shown, cells, lobes=True)
    assert [found[key].sum() for key in "ab"] == [3 * 32, 72]
    assert cut_cells(shown, cells)["a"].sum() == 32, "whole cells are of one region"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("c1-nucleus.png", ("c1", "nucleus")),
        ("x/c1_Cell.PNG", ("c1", "cell")),
        ("c1 cytoplasm.tif", ("c1", "cytoplasm")),
        ("nuclei/c1.png", ("c1", "nucleus")),
        ("c1-parts.png", ("c1", None)),
        ("a.b.png", ("a.b", None)),
    ],
)
def test_the_part_is_in_the_name_or_the_folder(name, expected):
    assert part_named(name) == expected


def test_cells_that_are_numbered_anew_in_every_smear_are_told_apart_by_it(data, tmp_path):
    folder = tmp_path / "crops"
    paths = sorted((data / "raabin_crops" / "crops").glob("*/*_101_1.jpg"))
    assert len(paths) > 1
    for path in paths:
        (folder / path.parent.name).mkdir(parents=True, exist_ok=True)
        shutil.copy(path, folder / path.parent.name)
    with open_workspace(tmp_path / "workspace", create=True) as workspace:
        import_set(workspace, folder, format_name="raabin-crops", name="raabin")
        with workspace.database.reading() as transaction:
            known = KnownCells(transaction)
            cells = current_cells(transaction, CellFilter())[1]
        assert len(cells) == len(paths)
        smear = paths[0].name.removesuffix("_101_1.jpg")
        names = (
            f"{paths[0].stem}.png",
            f"{smear}/101_1.png",
            f"masks/{paths[0].stem}_mask.bmp",
            f"{smear}/101_1-nucleus.png",
        )
        places = [known.find(name) for name in names]
        assert len({place.cells for place in places}) == 1
        assert [place.part for place in places] == [None, None, None, "nucleus"]
        with pytest.raises(Conflict, match=f"{len(paths)} cells or photographs are called 101_1"):
            known.find("101_1.png")
        with pytest.raises(NotFound, match="of no cell here"):
            known.find("102_1.png")
        windows = f"masks\\{smear}\\101_1.png"
        assert known.find(windows) == places[0]
        masks = tmp_path / "masks"
        masks.mkdir()
        nucleus = np.zeros((575, 575), bool)
        nucleus[200:300, 200:300] = True
        whole = np.zeros((575, 575), bool)
        whole[150:350, 150:350] = True
        for path in paths:
            (masks / f"{path.stem}.png").write_bytes(three_levels_png(nucleus, whole))
        (masks / "101_1.png").write_bytes(three_levels_png(nucleus, whole))
        summary, _ = import_masks(workspace, masks)
        assert summary.cells == len(paths)
        assert [(it.name, it.code) for it in summary.unmatched] == [("101_1.png", "conflict")]


def test_a_mask_in_the_folder_of_a_smear_is_of_no_cell_of_another_smear(data, tmp_path):
    paths = sorted((data / "raabin_crops" / "crops").glob("*/*_1.jpg"))
    told = [(path, *path.stem.split("_", 1)) for path in paths if not path.name.startswith("2019")]
    numbers = Counter(number for _, _, number in told)
    here, smear, number = next(it for it in told if numbers[it[2]] == 1)
    other, other_smear, _ = next(it for it in told if it[1] != smear)
    folder = tmp_path / "crops"
    for path in (here, other):
        (folder / path.parent.name).mkdir(parents=True, exist_ok=True)
        shutil.copy(path, folder / path.parent.name)
    with open_workspace(tmp_path / "workspace", create=True) as workspace:
        import_set(workspace, folder, format_name="raabin-crops", name="raabin")
        with workspace.database.reading() as transaction:
            known = KnownCells(transaction)
        assert known.find(f"{number}.png") == known.find(f"{smear}/{number}.png")
        with pytest.raises(NotFound, match="of no cell here"):
            known.find(f"{other_smear}/{number}.png")
