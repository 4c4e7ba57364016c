"""Sets of other laboratories: what comes in, what is refused and named, and that the second time adds nothing."""

from __future__ import annotations

import json
import shutil
import zipfile
from dataclasses import replace

import pytest

from buffycoat.domain.cell import Cell, FoundBy
from buffycoat.domain.label import Label, Role, Round, Standing
from buffycoat.domain.mask import Mask
from buffycoat.domain.query import NOT_RECOGNIZED, UNLABELED
from buffycoat.domain.smear import Capture, FieldOfView, Smear
from buffycoat.domain.taxonomy import RAABIN
from buffycoat.errors import NotFound, UnreadableFormat
from buffycoat.imaging.codecs import encode_png
from buffycoat.imaging.regions import decode_run_lengths
from buffycoat.store.queries import CellFilter, current_cells, masks_now
from buffycoat.workflows.consensus import consensus_by_cell
from buffycoat.workflows.importing.sets import import_set
from buffycoat.workflows.label import round_standing
from buffycoat.workflows.shown import cells_of
from buffycoat.workflows.statistics import count_database
from buffycoat.workflows.workspace import open_workspace


@pytest.fixture
def workspace(tmp_path):
    with open_workspace(tmp_path / "workspace", create=True) as opened:
        yield opened


def label_file(*cells, **changes):
    """A label file in Raabin's layout; each cell is (first label, second label)."""
    told = {
        f"Cell_{n}": {
            "Label1": one,
            "Label2": two,
            "x1": str(600 * n),
            "x2": str(600 * n + 575),
            "y1": "0",
            "y2": "575",
            "Cell_ID": f"7_{n}.bmp",
        }
        for n, (one, two) in enumerate(cells)
    }
    facts = {
        "Zoom": "100x",
        "Stain Method": "Giemsa",
        "Film Label": "Normal",
        "Camera": "Samsung Galaxy S5",
        "Microscop": "Olympus CX18",
        "Film ID": "95-1-1-1",
        "Cell Numbers": len(cells),
    }
    return json.dumps(told | facts | changes)


def test_all_of_raabins_first_microscope(raabin_labels, data):
    summary = raabin_labels.summary
    assert (summary.fields, summary.cells, summary.labels, summary.refused) == (17769, 36624, 51856, ())
    assert (summary.without_pixels, summary.rounds) == (17769, ("raabin",))
    found = count_database(raabin_labels)
    assert (found.smears, found.fields, found.cells) == (66, 17769, 36624)
    report = found.agreement
    assert (report.never_labeled, report.one_label, report.both_labeled, report.equal) == (9000, 3392, 24232, 23131)
    assert report.raw.value == pytest.approx(0.95456, abs=5e-6)
    assert report.kappa.value == pytest.approx(0.94154, abs=5e-6)
    assert report.not_recognized_by_both == 789
    assert dict(found.released) == {
        "neutrophil": 9754,
        "lymphocyte": 3857,
        "monocyte": 874,
        "eosinophil": 1466,
        "basophil": 0,
    }
    assert found.merged["lymphocyte"] == 4041
    assert found.double_boxed == 405
    assert "eosinophil: 1,069 of 1,466 cells (73 %) are from film 95-8-27-1" in found.confounded
    expected = json.loads((data / "raabin_json" / "stats.json").read_text())
    places = [None if word is None else RAABIN.read(word).key for word in expected["labels"]]
    rows = {row.key: n for n, row in enumerate(report.rows)}
    ours = [[report.matrix[rows[one]][rows[two]] for two in places] for one in places]
    assert ours == expected["agreement_rows_label1_cols_label2"]
    assert sum(map(sum, report.matrix)) == 36624


def test_saved_questions_of_raabin(raabin_labels):
    assert len(cells_of(raabin_labels, UNLABELED)) == 9000
    assert len(cells_of(raabin_labels, NOT_RECOGNIZED)) == 789
    both = replace(NOT_RECOGNIZED, id="x", terms=("lymphocyte",))
    assert len(cells_of(raabin_labels, both)) == 1795 + 2062
    with pytest.raises(NotFound, match="no closed round"):
        cells_of(raabin_labels, replace(both, round="another"))


def test_second_import_adds_nothing_also_from_a_folder(raabin_labels, data, tmp_path):
    shutil.copytree(raabin_labels.folder, tmp_path / "copy")
    with zipfile.ZipFile(data / "raabin_json" / "first_microscope_jsons.zip") as archive:
        names = [name for name in archive.namelist() if name.endswith(".json")][:500]
        archive.extractall(tmp_path / "files", names)
    with open_workspace(tmp_path / "copy") as opened:
        again = import_set(opened, tmp_path / "files", name="raabin")
        assert (again.fields, again.cells, again.labels, again.before, again.rounds) == (0, 0, 0, 500, ())


def test_bad_files_are_named_and_the_others_read(workspace, tmp_path):
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / "good.json").write_text(label_file(("Neutrophil", "Band"), ("null", None)))
    (folder / "word.json").write_text(label_file(("Neutrofil", "Band"), **{"Film ID": "95-1-1-2"}))
    (folder / "nested.json").write_text("[" * 100_000)
    (folder / "latin.json").write_bytes(label_file(("Neutrophil", None)).replace("Normal", "Normál").encode("latin-1"))
    (folder / "nan.json").write_text(label_file(("Neutrophil", None)).replace('"575"', "NaN", 1))
    with (folder / "huge.json").open("wb") as file:
        file.truncate(2 * 2**30)
    summary = import_set(workspace, folder, format_name="raabin", name="mine")
    assert (summary.fields, summary.cells, summary.labels) == (1, 2, 2)
    told = {refused.name: (refused.code, refused.message) for refused in summary.refused}
    assert len(told) == 5
    [(code, message)] = [value for name, value in told.items() if "word" in name]
    assert code == "unknown-term"
    assert "Neutrofil" in message
    assert "Neutrophil" in message or "neutrophil" in message
    assert "7_0.bmp" in message
    again = import_set(workspace, folder, format_name="raabin", name="mine")
    assert (again.before, again.fields, len(again.refused)) == (1, 0, 5)


def test_changed_word_supersedes_and_new_cells_make_a_round_of_their_own(workspace, tmp_path):
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / "20160720_232423.json").write_text(label_file(("Neutrophil", "Band")))
    import_set(workspace, folder, name="mine")
    (folder / "20160720_232423.json").write_text(label_file(("Neutrophil", "Neutrophil")))
    (folder / "20160720_232500.json").write_text(label_file(("Monocyte", "Monocyte")))
    second = import_set(workspace, folder, name="mine")
    assert (second.labels, second.rounds, second.before) == (3, ("mine 2",), 1)
    with workspace.database.reading() as transaction:
        assert sorted(campaign.name for campaign in transaction.find(Round)) == ["mine", "mine 2"]
        assert sum(label.supersedes is not None for label in transaction.find(Label)) == 1
    assert {known.standing for known in consensus_by_cell(workspace).values()} == {Standing.AGREED}
    assert round_standing(workspace, "mine").closed


def test_words_of_another_laboratorys_taxonomy(workspace, tmp_path):
    from buffycoat.domain.release import Release

    own = tmp_path / "ours.toml"
    own.write_text(
        'name = "ours"\nversion = 3\n'
        '[[terms]]\nkey = "cell"\nname = "cell"\nkind = "root"\n'
        '[[terms]]\nkey = "seg"\nname = "seg"\nparent = "cell"\nkind = "leukocyte"\naliases = ["Segmentkernige"]\n'
    )
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / "a.json").write_text(label_file(("Segmentkernige", "Segmentkernige")))
    assert import_set(workspace, folder, name="mine", taxonomy=str(own)).labels == 2
    own.unlink()
    assert count_database(workspace, level="full").released == {"seg": 1}
    with workspace.database.reading() as transaction:
        assert transaction.find(Release) == []


def test_photographs_beside_their_labels_are_cut(workspace, tmp_path, photograph, data):
    folder = tmp_path / "set"
    folder.mkdir()
    shutil.copy(photograph, folder)
    label = data / "raabin_samples" / "full_field" / "jsons" / "20160720_232423.json"
    shutil.copy(label, folder)
    summary = import_set(workspace, folder, name="raabin")
    assert (summary.fields, summary.cells, summary.without_pixels, summary.refused) == (1, 1, 0, ())
    with workspace.database.reading() as transaction:
        [field] = transaction.find(FieldOfView)
        [cell] = transaction.find(Cell)
        [smear] = transaction.find(Smear)
        [capture] = transaction.find(Capture)
    assert (field.width_px, field.height_px) == (5312, 2988)
    assert (cell.box.left, cell.box.top, cell.box.width, cell.found_by) == (2567, 1171, 575, FoundBy.SOURCE)
    assert cell.crop is not None
    assert (smear.stain, capture.microscope, capture.objective_magnification) == ("giemsa", "Olympus CX18", 100)
    assert import_set(workspace, folder, name="raabin").before == 1


def test_folders_are_no_experts(workspace, tmp_path):
    """A folder's word is kept as a source of its own, which an expert's word outweighs."""
    import numpy as np

    rng = np.random.default_rng(1)
    for name in ("neutrophil/a.png", "neutrophil/b.png", "monocyte/c.png"):
        path = tmp_path / "set" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encode_png(rng.integers(0, 256, (40, 40, 3), np.uint8)))
    summary = import_set(workspace, tmp_path / "set", name="crops")
    assert (summary.cells, summary.labels, summary.rounds) == (3, 3, ("crops (filed)",))
    with workspace.database.reading() as transaction:
        from buffycoat.domain.label import Expert

        assert [expert.role for expert in transaction.find(Expert)] == [Role.SOURCE]
    known = consensus_by_cell(workspace)
    assert sorted(value.term for value in known.values()) == ["monocyte", "neutrophil", "neutrophil"]
    assert {value.standing for value in known.values()} == {Standing.SINGLE}


def test_what_is_no_set_is_refused(workspace, tmp_path):
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "notes.txt").write_text("dear diary")
    with pytest.raises(UnreadableFormat):
        import_set(workspace, tmp_path / "set")


def test_masks_of_zheng_come_with_their_cells(workspace, data, tmp_path):
    source = data / "seg_zheng"
    folder = tmp_path / "zheng"
    (folder / "dataset1").mkdir(parents=True)
    (folder / "dataset2").mkdir()
    for name in (
        "dataset1/class_labels.csv",
        *sorted(p.relative_to(source).as_posix() for p in source.glob("dataset?/*"))[:8],
    ):
        shutil.copy(source / name, folder / name)
    for path in (*sorted((source / "dataset2").iterdir())[:4], source / "dataset2" / "class_labels.csv"):
        shutil.copy(path, folder / "dataset2")
    summary = import_set(workspace, folder, format_name="zheng", name="zheng")
    assert summary.refused == ()
    assert summary.fields == summary.cells == 6
    with workspace.database.reading() as transaction:
        masks = masks_now(transaction)
        cells = {cell.id: cell for cell in current_cells(transaction, CellFilter())[1]}
        assert len(transaction.find(Mask)) == summary.masks == 12
        assert len(transaction.find(Smear)) == 2
    for cell_id, (nucleus, cell) in (
        (key, sorted(found, key=lambda m: m.part != "nucleus")) for key, found in masks.items()
    ):
        inner, outer = (decode_run_lengths(m.run_lengths, m.height_px, m.width_px) for m in (nucleus, cell))
        assert inner.shape == (cells[cell_id].box.height, cells[cell_id].box.width)
        assert inner.any()
        assert not (inner & ~outer).any()


def coco(folder, boxes, *, size=(100, 80), names=("a.png",)):
    """A COCO set of pictures that differ by a pixel, with the boxes of each."""
    import numpy as np

    (folder / "images").mkdir(parents=True, exist_ok=True)
    images, annotations = [], []
    for number, name in enumerate(names, start=1):
        pixels = np.full((80, 100, 3), 200, np.uint8)
        pixels[0, number] = 0
        (folder / "images" / name).write_bytes(encode_png(pixels))
        images.append({"id": number, "file_name": name, "width": size[0], "height": size[1]})
        for box in boxes:
            annotations.append(
                {"id": len(annotations) + 1, "image_id": number, "category_id": 1, "bbox": box, "area": 1}
            )
    text = {"images": images, "annotations": annotations, "categories": [{"id": 1, "name": "monocyte"}]}
    (folder / "labels.json").write_text(json.dumps(text))
    return folder


def test_one_refused_picture_does_not_cost_the_others_their_labels(workspace, tmp_path):
    folder = coco(tmp_path / "set", [[10, 10, 20, 20]], names=("a.png", "b.png"))
    told = json.loads((folder / "labels.json").read_text())
    told["annotations"][0]["bbox"] = [500, 500, 20, 20]
    (folder / "labels.json").write_text(json.dumps(told))
    summary = import_set(workspace, folder, format_name="coco", name="set")
    assert (summary.fields, summary.cells, summary.labels, len(summary.refused)) == (1, 1, 1, 1)


def test_moved_box_is_told_and_what_came_first_stays(workspace, tmp_path):
    folder = coco(tmp_path / "set", [[10, 10, 20, 20], [40, 40, 20, 20]])
    import_set(workspace, folder, format_name="coco", name="set")
    coco(folder, [[10, 10, 20, 20], [43, 40, 20, 20]])
    again = import_set(workspace, folder, format_name="coco", name="set")
    assert (again.cells, again.labels, [refused.code for refused in again.refused]) == (0, 0, ["conflict"])
    assert "1 boxes" in again.refused[0].message


def test_another_sets_boxes_join_the_photograph_that_is_here(workspace, tmp_path):
    one = coco(tmp_path / "one", [[10, 10, 20, 20]])
    two = coco(tmp_path / "two", [[40, 40, 20, 20]])
    import_set(workspace, one, format_name="coco", name="one")
    second = import_set(workspace, two, format_name="coco", name="two")
    assert (second.fields, second.cells, second.labels, second.refused, second.repeats) == (0, 1, 1, (), ())
    with workspace.database.reading() as transaction:
        assert transaction.count(FieldOfView) == 1
        assert transaction.count(Cell) == 2


def test_two_boxes_in_one_place_are_two_cells(workspace, tmp_path):
    folder = coco(tmp_path / "set", [[10, 10, 20, 20], [10, 10, 20, 20]])
    summary = import_set(workspace, folder, format_name="coco", name="set")
    assert (summary.cells, summary.labels) == (2, 2)
    assert import_set(workspace, folder, format_name="coco", name="set").before == 1


def test_boxes_drawn_on_a_picture_of_another_size_are_refused(workspace, tmp_path):
    folder = coco(tmp_path / "set", [[10, 10, 20, 20]], size=(200, 160))
    summary = import_set(workspace, folder, format_name="coco", name="set")
    assert [refused.code for refused in summary.refused] == ["unreadable-format"]
    assert "200 x 160" in summary.refused[0].message


def test_photographs_after_their_labels_are_refused_with_a_way_out(workspace, tmp_path):
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / "20160720_232423.json").write_text(label_file(("Monocyte", "Monocyte")))
    import_set(workspace, folder, name="mine")
    import numpy as np

    (folder / "20160720_232423.png").write_bytes(encode_png(np.full((600, 700, 3), 200, np.uint8)))
    summary = import_set(workspace, folder, name="mine")
    assert [refused.code for refused in summary.refused] == ["conflict"]
    assert "new workspace" in summary.refused[0].message
    with workspace.database.reading() as transaction:
        assert transaction.count(Cell) == 1


def test_the_folder_names_the_set_dots_and_all(workspace, tmp_path, monkeypatch):
    folder = coco(tmp_path / "set.1", [[10, 10, 20, 20]])
    monkeypatch.chdir(folder)
    from pathlib import Path

    assert import_set(workspace, Path(), format_name="coco").name == "set.1"
