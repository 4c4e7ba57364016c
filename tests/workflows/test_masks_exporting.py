"""Masks out of a workspace and back in: the same to the bit, in every form."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pycocotools.coco import COCO

from buffycoat.domain.cell import Cell
from buffycoat.domain.mask import Part
from buffycoat.errors import AlreadyExists, InputError, NotFound, UnwritableFile
from buffycoat.imaging.regions import decode_run_lengths
from buffycoat.store.mask_queries import statements
from buffycoat.workflows.masks.exporting import KINDS, export_masks
from buffycoat.workflows.masks.importing import import_masks
from buffycoat.workflows.masks.keeping import keep_masks
from buffycoat.workflows.masks.selecting import select_for_masks


def current(workspace) -> dict[str, dict[Part, tuple[int, ...]]]:
    """The masks that count, by cell and part; failures are left out."""
    with workspace.database.reading() as transaction:
        return {
            it.cell_id: {part: mask.run_lengths for part, mask in it.parts.items() if not mask.failure}
            for it in statements(transaction)
            if it.current
        }


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning")
def test_what_goes_out_comes_back_to_the_bit(demo, tmp_path, kind):
    before = current(demo)
    written = export_masks(demo, tmp_path / "out", kinds=(kind,))
    assert written.cells == len(before) > 200
    assert written.nuclei + written.whole == sum(map(len, before.values()))
    back, _ = import_masks(demo, tmp_path / "out", name="back", expert="edna")
    assert (back.refused, back.unmatched) == ((), ())
    # Run lengths tell failures too; one picture of all parts needs them all.
    least = {"runs": 0, "parts": 2}.get(kind, 1)
    both = {cell: parts for cell, parts in before.items() if len(parts) >= least}
    assert back.cells == len(both) > 200
    with demo.database.reading() as transaction:
        said = {it.cell_id: it for it in statements(transaction) if it.hand == "edna"}
    assert {
        cell: {part: m.run_lengths for part, m in it.parts.items() if not m.failure} for cell, it in said.items()
    } == both
    assert {mask.method for it in said.values() for mask in it.parts.values()} == {"import:back"}


def test_all_kinds_beside_each_other_say_the_same(demo, tmp_path):
    before = current(demo)
    written = export_masks(demo, tmp_path / "out", crops=True)
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["crops", "masks", "masks.json", "masks.jsonl", "parts"]
    assert written.files == sum(path.is_file() for path in (tmp_path / "out").rglob("*"))
    back, _ = import_masks(demo, tmp_path / "out", name="back")
    assert (back.cells, back.refused, back.unmatched) == (len(before), (), ())
    assert current(demo) == before


@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning")
def test_other_programs_read_pictures_and_coco(demo, tmp_path):
    before = current(demo)
    export_masks(demo, tmp_path / "out", kinds=("png", "parts", "coco"), crops=True)
    with contextlib.redirect_stdout(io.StringIO()):
        read = COCO(str(tmp_path / "out" / "masks.json"))
    names = {number: it["name"] for number, it in read.cats.items()}
    counted = dict.fromkeys(names.values(), 0)
    for image in list(read.imgs.values())[::20]:
        cell = image["file_name"].removeprefix("crops/").removesuffix(".png")
        assert pixels(tmp_path / "out" / image["file_name"]).shape == (image["height"], image["width"], 3)
        masks = {names[it["category_id"]]: read.annToMask(it).astype(bool) for it in read.imgToAnns[image["id"]]}
        for part, lengths in before[cell].items():
            mask = decode_run_lengths(lengths, image["height"], image["width"])
            assert (masks[part] == mask).all()
            assert (pixels(tmp_path / "out" / "masks" / f"{cell}-{part}.png") == mask * 255).all()
        if len(before[cell]) == 2:
            assert (masks["cytoplasm"] == masks["cell"] & ~masks["nucleus"]).all()
            levels = pixels(tmp_path / "out" / "parts" / f"{cell}-parts.png")
            assert ((levels == 255) == masks["nucleus"]).all()
            assert ((levels == 128) == masks["cytoplasm"]).all()
        for part in masks:
            counted[part] += 1
    assert min(counted.values()) > 5


def test_a_selection_goes_out_without_the_nuclei_of_whole_cells(demo, tmp_path):
    selection = select_for_masks(demo, "few", {"monocyte": 3, "basophil": 2}, whole_only=("basophil",))
    cell = selection.cells[0]
    written = export_masks(demo, tmp_path / "out", selection="few")
    lines = [json.loads(line) for line in (tmp_path / "out" / "masks.jsonl").read_text().splitlines()]
    assert {line["cell"] for line in lines} == set(selection.cells)
    basophils = set(selection.cells[3:])
    assert selection.terms[3:] == ("basophil", "basophil")
    assert {line["part"] for line in lines if line["cell"] in basophils} == {"cell"}
    assert written.nuclei == 3
    assert not (tmp_path / "out" / "parts" / f"{selection.cells[3]}-parts.png").exists()
    text = (tmp_path / "out" / "masks.jsonl").read_text() + (tmp_path / "out" / "masks.json").read_text()
    assert "DRAWN" not in text, "no code of a slide goes out"
    with demo.database.reading() as transaction:
        size = transaction.get(Cell, cell).box
    keep_masks(demo, cell, {Part.CELL: np.ones((size.height, size.width), bool)}, expert="edna", method="pen")
    export_masks(demo, tmp_path / "hers", selection="few", kinds=("runs",), hand="edna")
    assert (tmp_path / "hers" / "masks.jsonl").read_text().count("\n") == 1
    rest = export_masks(demo, tmp_path / "theirs", selection="few", kinds=("png",), hand="best")
    assert rest.cells == 5


def test_what_cannot_be_written_is_refused(demo, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a").write_text("")
    with pytest.raises(AlreadyExists):
        export_masks(demo, tmp_path / "full")
    with pytest.raises(UnwritableFile):
        export_masks(demo, tmp_path / "full" / "a")
    with pytest.raises(InputError, match="kind"):
        export_masks(demo, tmp_path / "out", kinds=("jpeg",))
    with pytest.raises(InputError, match="kind"):
        export_masks(demo, tmp_path / "out", kinds=())
    with pytest.raises(NotFound, match="nobody"):
        export_masks(demo, tmp_path / "out", hand="edna")
    with pytest.raises(NotFound, match="selection"):
        export_masks(demo, tmp_path / "out", selection="none")
    assert not (tmp_path / "out").exists()
