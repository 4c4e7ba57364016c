"""Masks of others into a workspace: matched by id, name and place, checked, and nothing lost without its reason."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from buffycoat.domain.cell import Cell
from buffycoat.domain.label import Expert
from buffycoat.domain.mask import Mask, Part
from buffycoat.domain.run import Outcome
from buffycoat.errors import Conflict, InputError, InvalidMask, NotFound
from buffycoat.formats.mask_lines import MaskLine, write_mask_lines
from buffycoat.formats.masks import mask_png, three_levels_png
from buffycoat.imaging.regions import decode_run_lengths, encode_run_lengths
from buffycoat.store import Transaction
from buffycoat.store.mask_queries import statements
from buffycoat.store.queries import CellFilter, current_cells, masks_now
from buffycoat.workflows.importing.sets import import_set
from buffycoat.workflows.masks.importing import import_masks
from buffycoat.workflows.masks.keeping import keep_masks, masks_for
from buffycoat.workflows.workspace import Workspace, open_workspace

FIELDS = ("00000", "00001", "00003", "00113", "00313")


def cells_of(workspace: Workspace) -> list[Cell]:
    with workspace.database.reading() as transaction:
        return current_cells(transaction, CellFilter(with_pixels=True))[1]


def now(workspace: Workspace) -> dict[str, dict[Part, Mask]]:
    with workspace.database.reading() as transaction:
        return {cell: {mask.part: mask for mask in masks} for cell, masks in masks_now(transaction).items()}


def discs(cell: Cell, *, moved: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """A nucleus in a cell, in the crop."""
    height, width = cell.box.height, cell.box.width
    rows, columns = np.indices((height, width))
    far = (rows - height / 2) ** 2 + (columns - width / 2 - moved) ** 2
    return far < (height / 6) ** 2, far < (height / 3) ** 2


def as_png(mask: np.ndarray) -> bytes:
    return mask_png(encode_run_lengths(mask), *mask.shape)


@pytest.fixture
def bccd(data: Path, tmp_path: Path) -> Callable[[str, bool], Workspace]:
    """Some fields of BCCD in a workspace, with the set's own masks or without."""
    source = data / "bccd" / "fields"
    opened = []

    def make(name: str, masks: bool) -> Workspace:
        folder = tmp_path / name
        folder.mkdir()
        for number in FIELDS:
            shutil.copy(source / "images" / f"BloodImage_{number}.jpg", folder)
            shutil.copy(source / "annotations_voc" / f"BloodImage_{number}.xml", folder)
            if masks:
                shutil.copy(source / "masks_nucleus_cytoplasm" / f"BloodImage_Mask_{number}.png", folder)
        opened.append(open_workspace(tmp_path / f"{name}-workspace", create=True))
        workspace = opened[-1].__enter__()
        import_set(workspace, folder, format_name="bccd", name="bccd")
        return workspace

    yield make
    for context in opened:
        context.__exit__(None, None, None)


def test_bccds_masks_of_whole_fields_come_to_the_cells_of_its_fields(bccd, data):
    """As where they come in with the set: a neighbor's mask is not taken into a cell's own."""
    alone, together = bccd("alone", masks=False), bccd("together", masks=True)
    assert now(alone) == {}
    summary, _ = import_masks(
        alone, data / "bccd" / "fields" / "masks_nucleus_cytoplasm", name="bccd", coding="bccd", expert="banik"
    )
    # 00113 has a box without a mask; in 00313 two cells are one region.
    assert sorted(it.message.split(" ")[0] for it in summary.refused) == [
        f"BloodImage_Mask_{n}.png" for n in ("00113", "00313", "00313")
    ]
    assert {it.code for it in summary.refused} == {"invalid-mask"}
    assert len(summary.unmatched) == 257 - len(FIELDS)
    assert {it.code for it in summary.unmatched} == {"not-found"}
    assert summary.cells == len(cells_of(alone)) - 3
    mine, theirs = now(alone), now(together)
    assert len(mine) == summary.cells == 4
    assert mine.keys() == theirs.keys()
    for cell, parts in mine.items():
        for part, mask in parts.items():
            assert mask.run_lengths == theirs[cell][part].run_lengths
            assert mask.method == "import:bccd"
    with alone.database.reading() as transaction:
        (person,) = transaction.find(Expert, handle="banik")
        assert {mask.expert_id for mask in transaction.find(Mask)} == {person.id}
        assert {it.cell_id for it in statements(transaction) if it.current and not it.by_program} == mine.keys()


def test_the_second_time_nothing_is_added(bccd, data):
    workspace = bccd("alone", masks=False)
    folder = data / "bccd" / "fields" / "masks_nucleus_cytoplasm"
    first, _ = import_masks(workspace, folder, name="bccd", coding="bccd")
    before = now(workspace)
    again, _ = import_masks(workspace, folder, name="bccd", coding="bccd")
    assert (again.cells, again.before) == (0, first.cells)
    assert now(workspace) == before


def test_crops_are_found_by_id_by_name_and_in_folders_of_parts(demo, tmp_path):
    one, two, three, four = cells_of(demo)[:4]
    folder = tmp_path / "masks"
    for part in ("nucleus", "cell"):
        (folder / part).mkdir(parents=True)
    (folder / f"{one.id}-nucleus.png").write_bytes(as_png(discs(one)[0]))
    (folder / f"{one.id}-cell.png").write_bytes(as_png(discs(one)[1]))
    (folder / f"{two.id}.png").write_bytes(three_levels_png(*discs(two)))
    cv2.imwrite(str(folder / "nucleus" / f"{three.id}.bmp"), discs(three)[0].astype(np.uint8))
    cv2.imwrite(str(folder / "cell" / f"{three.id}_mask.tif"), discs(three)[1].astype(np.uint8) * 255)
    colored = np.zeros((*discs(four)[0].shape, 3), np.uint8)
    colored[discs(four)[1]] = (0, 255, 0)
    colored[discs(four)[0]] = (0, 0, 255)  # BGR
    other = tmp_path / "colored"
    other.mkdir()
    cv2.imwrite(str(other / f"{four.id}.png"), colored)
    summary, _ = import_masks(demo, folder)
    assert (summary.cells, summary.refused, summary.unmatched) == (3, (), ())
    import_masks(demo, other, coding="ff0000=nucleus,00ff00=cytoplasm")
    found = now(demo)
    for cell in (one, two, three, four):
        assert {mask.method for mask in found[cell.id].values()} == {f"import:{'colored' if cell is four else 'masks'}"}
        for part, mask in zip((Part.NUCLEUS, Part.CELL), discs(cell), strict=True):
            assert found[cell.id][part].run_lengths == encode_run_lengths(mask)


def test_coco_of_crops_and_run_lengths_come_in(demo, tmp_path):
    one, two = cells_of(demo)[:2]
    cell = discs(one)[1]
    height, width = cell.shape
    square = [10, 10, 30, 10, 30, 30, 10, 30]
    record = {
        "images": [{"id": 1, "file_name": f"x/{one.id}.png", "width": width, "height": height}],
        "categories": [{"id": 1, "name": "cell"}, {"id": 2, "name": "nucleus"}],
        "annotations": [
            {"id": 1, "image_id": 1, "category_id": 1, "segmentation": [[0, 0, 40, 0, 40, 40, 0, 40]]},
            {"id": 2, "image_id": 1, "category_id": 2, "segmentation": [square]},
        ],
    }
    lines = [
        MaskLine(
            cell=two.id,
            part="nucleus",
            height_px=two.box.height,
            width_px=two.box.width,
            run_lengths=(),
            failure="nothing-found",
        ),
        MaskLine(
            cell=two.id,
            part="cell",
            height_px=two.box.height,
            width_px=two.box.width,
            run_lengths=encode_run_lengths(discs(two)[1]),
        ),
        MaskLine(cell="nobody", part="cell", height_px=1, width_px=1, run_lengths=(1,)),
    ]
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / "a.json").write_text(json.dumps(record))
    (folder / "b.jsonl").write_bytes(write_mask_lines(lines))
    summary, _ = import_masks(demo, folder, name="theirs")
    assert (summary.cells, len(summary.unmatched), summary.unmatched[0].name) == (2, 1, "b.jsonl, mask 3")
    found = now(demo)
    drawn = decode_run_lengths(found[one.id][Part.NUCLEUS].run_lengths, height, width)
    assert drawn[10:30, 10:30].all()
    assert drawn.sum() == 400
    assert set(found[two.id]) == {Part.CELL}
    with demo.database.reading() as transaction:
        (said,) = [it for it in statements(transaction, [two.id]) if it.current]
    assert said.parts[Part.NUCLEUS].failure == "nothing-found"


def test_what_does_not_fit_is_refused_and_the_rest_comes_in(demo, tmp_path):
    cells = cells_of(demo)[:6]
    folder = tmp_path / "masks"
    folder.mkdir()
    whole = discs(cells[0])[1]
    (folder / f"{cells[0].id}-cell.png").write_bytes(as_png(whole[1:]))
    (folder / f"{cells[1].id}-cell.png").write_bytes(as_png(discs(cells[1])[0]))
    (folder / f"{cells[1].id}-nucleus.png").write_bytes(as_png(discs(cells[1])[1]))
    (folder / f"{cells[2].id}.png").write_bytes(as_png(discs(cells[2])[1]))
    (folder / f"{cells[3].id}-cytoplasm.png").write_bytes(as_png(discs(cells[3])[1]))
    (folder / f"{cells[4].id}-cell.png").write_bytes(b"no picture")
    (folder / f"{cells[5].id}-cell.png").write_bytes(as_png(discs(cells[5])[1]))
    (folder / "nobody-cell.png").write_bytes(as_png(whole))
    photograph = cv2.imencode(".jpg", np.full((40, 40, 3), 200, np.uint8))[1].tobytes()
    (folder / "crops").mkdir()
    for place in ("", "crops/"):
        (folder / f"{place}{cells[5].id}-nucleus.jpg").write_bytes(photograph)
    summary, tally = import_masks(demo, folder)
    assert summary.cells == 1
    codes = {it.name: it.code for it in summary.refused}
    assert codes == {cell.id: "invalid-mask" for cell in cells[:4]} | {cells[4].id: "unreadable-image"}
    told = {it.name: it.message for it in summary.refused}
    assert "another size" in told[cells[0].id]
    assert "leaves its cell" in told[cells[1].id]
    assert "not said which" in told[cells[2].id]
    assert "cytoplasm alone" in told[cells[3].id]
    photograph_told = f"{cells[5].id}-nucleus.jpg"
    assert [it.name for it in summary.unmatched] == ["nobody-cell.png", photograph_told]
    assert "saved with loss" in summary.unmatched[1].message
    assert len(tally.refused) == 5
    trimmed, _ = import_masks(demo, folder, trim=True)
    assert trimmed.cells == 1
    found = now(demo)[cells[1].id]
    assert found[Part.NUCLEUS].run_lengths == found[Part.CELL].run_lengths == encode_run_lengths(discs(cells[1])[0])


def test_a_part_that_comes_later_joins_the_one_that_is_there_and_must_hold_it(demo, tmp_path):
    cell = cells_of(demo)[0]
    nucleus, whole = discs(cell)
    for name, mask in (("one", nucleus), ("two", whole), ("three", discs(cell, moved=cell.box.height // 3)[1])):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{cell.id}.png").write_bytes(as_png(mask))
    import_masks(demo, tmp_path / "one", name="s", part="nucleus", expert="edna")
    assert set(now(demo)[cell.id]) == {Part.NUCLEUS}
    import_masks(demo, tmp_path / "two", name="s", part="cell", expert="edna")
    found = now(demo)[cell.id]
    assert found[Part.NUCLEUS].run_lengths == encode_run_lengths(nucleus)
    assert found[Part.CELL].run_lengths == encode_run_lengths(whole)
    refused, _ = import_masks(demo, tmp_path / "three", name="s", part="cell", expert="edna")
    assert "leaves its cell" in refused.refused[0].message
    # Back and forth between two states: each is the newest in its turn.
    (tmp_path / "four").mkdir()
    (tmp_path / "four" / f"{cell.id}.png").write_bytes(as_png(whole | discs(cell, moved=5)[1]))
    import_masks(demo, tmp_path / "four", name="s", part="cell", expert="edna")
    larger = now(demo)[cell.id][Part.CELL].run_lengths
    import_masks(demo, tmp_path / "two", name="s", part="cell", expert="edna")
    assert now(demo)[cell.id][Part.CELL].run_lengths == encode_run_lengths(whole) != larger
    import_masks(demo, tmp_path / "four", name="s", part="cell", expert="edna")
    assert now(demo)[cell.id][Part.CELL].run_lengths == larger


def test_a_second_expert_draws_beside_the_first_and_neither_sees_the_other(demo, tmp_path):
    cell = cells_of(demo)[0]
    draft = masks_for(demo, cell.id, expert="edna")
    assert draft is not None
    assert (draft.by_program, draft.current) == (True, True)
    nucleus, whole = discs(cell)
    first = keep_masks(demo, cell.id, {Part.NUCLEUS: nucleus, Part.CELL: whole}, expert="edna", method="pen")
    assert (first.second, first.current) == (False, True)
    released = now(demo)[cell.id]
    assert masks_for(demo, cell.id, expert="emil") == draft, "nothing tells the second that there is a first"
    other_nucleus, other_whole = discs(cell, moved=3)
    drawn = {Part.NUCLEUS: other_nucleus, Part.CELL: other_whole}
    second = keep_masks(demo, cell.id, drawn, expert="emil", method="pen")
    assert (second.second, second.current) == (True, False)
    assert now(demo)[cell.id] == released, "what counts is the first's"
    for handle, mask in (("edna", whole), ("emil", other_whole)):
        seen = masks_for(demo, cell.id, expert=handle)
        assert seen is not None
        assert seen.parts[Part.CELL].run_lengths == encode_run_lengths(mask)
    # A correction of the second stays with the second.
    keep_masks(demo, cell.id, {Part.CELL: other_whole | other_nucleus}, expert="emil", method="pen")
    keep_masks(demo, cell.id, {Part.NUCLEUS: "nothing-found", Part.CELL: other_whole}, expert="emil", method="pen")
    assert now(demo)[cell.id] == released
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / f"{cell.id}-cell.png").write_bytes(as_png(whole))
    refused, _ = import_masks(demo, tmp_path / "x", expert="third")
    assert refused.refused[0].code == Conflict.code
    assert "--second" in refused.refused[0].message or "masks by edna" in refused.refused[0].message
    taken, _ = import_masks(demo, tmp_path / "x", expert="third", second=True)
    assert taken.cells == 1
    assert now(demo)[cell.id] == released


def test_a_second_drawing_needs_a_first_and_somebody(demo, tmp_path):
    cell = cells_of(demo)[0]
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / f"{cell.id}-cell.png").write_bytes(as_png(discs(cell)[1]))
    with pytest.raises(InputError, match="somebody"):
        import_masks(demo, tmp_path / "x", second=True)
    refused, _ = import_masks(demo, tmp_path / "x", expert="edna", second=True)
    assert refused.refused[0].code == Conflict.code
    with pytest.raises(InputError, match="part"):
        import_masks(demo, tmp_path / "x", part="blood")
    with pytest.raises(InputError, match="handle"):
        keep_masks(demo, cell.id, {Part.CELL: discs(cell)[1]}, expert=" ", method="pen")
    with pytest.raises(InputError, match="not a method"):
        keep_masks(demo, cell.id, {Part.CELL: discs(cell)[1]}, expert="best", method="pen")
    with pytest.raises(NotFound):
        keep_masks(demo, "nobody", {}, expert="edna", method="pen")
    with pytest.raises(InvalidMask, match="empty"):
        keep_masks(demo, cell.id, {Part.CELL: np.zeros(discs(cell)[1].shape, bool)}, expert="edna", method="pen")
    with pytest.raises(NotFound):
        masks_for(demo, "nobody", expert="edna")


def test_a_nucleus_that_lies_beside_its_cell_is_not_cut_to_nothing(demo, tmp_path):
    cell = cells_of(demo)[0]
    nucleus, _ = discs(cell)
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / f"{cell.id}-nucleus.png").write_bytes(as_png(nucleus))
    (tmp_path / "x" / f"{cell.id}-cell.png").write_bytes(as_png(~nucleus))
    before = now(demo)[cell.id]
    refused, _ = import_masks(demo, tmp_path / "x", trim=True)
    assert (refused.cells, refused.refused[0].code) == (0, "invalid-mask")
    assert "beside its cell" in refused.refused[0].message
    assert now(demo)[cell.id] == before


def test_a_folder_without_masks_is_no_success(demo, tmp_path):
    (tmp_path / "x").mkdir()
    cv2.imwrite(str(tmp_path / "x" / f"{cells_of(demo)[0].id}-cell.jpg"), np.zeros((9, 9), np.uint8))
    with pytest.raises(NotFound, match=r"no masks in x.*found 1 \.jpg"):
        import_masks(demo, tmp_path / "x")


def test_a_mask_that_is_drawn_does_not_read_what_came_of_all_others(demo, monkeypatch):
    cell = cells_of(demo)[0]
    read = []
    find = Transaction.find

    def counting(self, cls, **equal):
        found = find(self, cls, **equal)
        read.extend(found if cls is Outcome else ())
        return found

    monkeypatch.setattr(Transaction, "find", counting)
    keep_masks(demo, cell.id, {Part.CELL: discs(cell)[1]}, expert="edna", method="pen")
    assert {outcome.subject for outcome in read} == {cell.id}
