"""A filter of one's own: trained on a few boxed photographs, used on others, refused where there is nothing to learn."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from buffycoat.detect import DEFAULT_FILTER
from buffycoat.domain.geometry import Box
from buffycoat.domain.smear import FieldOfView
from buffycoat.errors import (
    AlreadyExists,
    InputError,
    NothingFound,
    TooFew,
    UnknownTerm,
    UnreadableFile,
    UnreadableFormat,
    UnwritableFile,
)
from buffycoat.imaging.codecs import read_rgb
from buffycoat.store.queries import CellFilter, current_cells
from buffycoat.workflows.detect import detect_cells
from buffycoat.workflows.filters import load_filter, median_red_cell, spread_out, train_filter
from buffycoat.workflows.finders import load_finders
from buffycoat.workflows.ingest import Record, ingest_photographs
from buffycoat.workflows.runs import Progress
from buffycoat.workflows.workspace import open_workspace

TRAINED = ("00000", "00001", "00003", "00004", "00006", "00008", "00012", "00013", "00015", "00016", "00018", "00020")
OTHERS = ("00031", "00043", "00044", "00065", "00070")
SCALE = 0.08


def photograph(data: Path, stem: str) -> Path:
    return data / "bccd" / "fields" / "images" / f"BloodImage_{stem}.jpg"


def white_cells(data: Path, stem: str) -> list[Box]:
    path = data / "bccd" / "fields" / "annotations_voc" / f"BloodImage_{stem}.xml"
    return [
        Box(
            left=int(cell.findtext("bndbox/xmin") or 0),
            top=int(cell.findtext("bndbox/ymin") or 0),
            right=int(cell.findtext("bndbox/xmax") or 0),
            bottom=int(cell.findtext("bndbox/ymax") or 0),
        )
        for cell in ET.parse(path).iter("object")
        if cell.findtext("name") == "WBC"
    ]


@pytest.fixture(scope="module")
def boxed(data, tmp_path_factory) -> Path:
    """Twelve photographs of BCCD with their boxes."""
    folder = tmp_path_factory.mktemp("set") / "ward-3"
    folder.mkdir()
    for stem in TRAINED:
        shutil.copy(photograph(data, stem), folder)
        shutil.copy(data / "bccd" / "fields" / "annotations_voc" / f"BloodImage_{stem}.xml", folder)
    return folder


@pytest.fixture(scope="module")
def trained(boxed, tmp_path_factory):
    out = tmp_path_factory.mktemp("trained") / "own.json"
    steps: list[Progress] = []
    return train_filter(boxed, out, most=8, progress=steps.append), steps


@pytest.fixture(scope="module")
def yolo(data, tmp_path_factory) -> Path:
    """Two photographs with their boxes in YOLO, without names of classes: 0 is white, 1 is what the corner holds."""
    folder = tmp_path_factory.mktemp("yolo") / "set"
    for name in ("images", "labels"):
        (folder / name).mkdir(parents=True)
    for stem in OTHERS[:2]:
        shutil.copy(photograph(data, stem), folder / "images" / f"{stem}.jpg")
        lines = ["1 0.02 0.02 0.04 0.04"]
        for box in white_cells(data, stem):
            x, y = box.center
            lines.append(f"0 {x / 640} {y / 480} {box.width / 640} {box.height / 480}")
        (folder / "labels" / f"{stem}.txt").write_text("\n".join(lines))
    return folder


def test_a_filter_is_trained_on_photographs_spread_over_the_set_and_says_what_it_was_trained_on(data, boxed, trained):
    made, steps = trained
    chosen = [TRAINED[place] for place in (0, 2, 3, 5, 6, 8, 9, 11)]
    assert (made.color_filter.images, made.color_filter.origin) == (8, "ward-3")
    assert made.color_filter.boxes == sum(len(white_cells(data, stem)) for stem in chosen)
    assert made.color_filter.fitted_at > "2026"
    assert [(step.done, step.total) for step in steps] == [(number, 8) for number in range(1, 9)]
    assert load_filter(Path(made.file)) == made.color_filter
    assert made.color_filter.weights != DEFAULT_FILTER.weights
    assert 80 < made.red_cell_px < 130


def test_the_same_photographs_give_the_same_filter(boxed, trained, tmp_path):
    again = train_filter(boxed, tmp_path / "again.json", most=8)
    assert again.color_filter.weights == trained[0].color_filter.weights
    assert again.color_filter.bias == trained[0].color_filter.bias
    other = train_filter(boxed, tmp_path / "other.json", most=2)
    assert other.color_filter.weights != trained[0].color_filter.weights
    assert other.color_filter.images == 2


def test_a_trained_filter_finds_the_cells_of_other_photographs(data, trained, tmp_path):
    source = tmp_path / "p"
    source.mkdir()
    for stem in OTHERS:
        shutil.copy(photograph(data, stem), source)
    with open_workspace(tmp_path / "w", create=True) as workspace:
        ingest_photographs(workspace, source, record=Record(smear="S", micrometres_per_pixel=SCALE))
        assert detect_cells(workspace, finders=load_finders(filter_file=Path(trained[0].file))).refused == []
        with workspace.database.reading() as transaction:
            stems = {field.id: Path(field.origin or "").stem[-5:] for field in transaction.find(FieldOfView)}
            cells = current_cells(transaction, CellFilter())[1]
    found = {stem: [cell.extent for cell in cells if stems[cell.field_id] == stem] for stem in OTHERS}
    for stem, extents in found.items():
        known = white_cells(data, stem)
        assert len(known) == 2, "the photographs were chosen for it"
        assert len(extents) == 2, stem
        assert all(any(each.iou(box) > 0.5 for each in extents) for box in known), stem


def test_the_scale_may_be_told_where_no_red_cell_can_be_measured(data, boxed, tmp_path):
    made = train_filter(boxed, tmp_path / "told.json", most=2, micrometres_per_pixel=0.075)
    assert made.red_cell_px == 100.0
    images = [read_rgb(photograph(data, stem)) for stem in OTHERS[:3]]
    assert 80 < median_red_cell(images, None) < 130
    blank = images[0] * 0 + 220
    with pytest.raises(TooFew, match="red cells") as none:
        median_red_cell([blank, blank], None)
    assert "--micrometers-per-pixel" in none.value.hint
    assert median_red_cell([blank, *images], None) == median_red_cell(images, None), "one that tells nothing is no harm"
    with pytest.raises(NothingFound):
        from buffycoat.imaging.scale import red_cell_diameter

        red_cell_diameter(blank)


def test_a_file_that_is_there_is_never_written_over(boxed, tmp_path):
    out = tmp_path / "own.json"
    out.write_text("mine")
    with pytest.raises(AlreadyExists, match=r"own\.json"):
        train_filter(boxed, out, most=1)
    assert out.read_text() == "mine"


def test_a_file_that_cannot_be_written_is_told_before_the_work(boxed, tmp_path):
    steps: list[Progress] = []
    with pytest.raises(UnwritableFile, match=r"own\.json"):
        train_filter(boxed, tmp_path / "none" / "own.json", most=1, progress=steps.append)
    assert steps == []


def test_a_disk_that_is_full_is_told(boxed, tmp_path, monkeypatch):
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(UnwritableFile, match=r"own\.json cannot be written: found No space left"):
        train_filter(boxed, tmp_path / "own.json", most=2)


def test_crops_of_single_cells_teach_nothing_of_what_is_none(data, tmp_path):
    crops = tmp_path / "crops" / "basophil"
    crops.mkdir(parents=True)
    for path in sorted((data / "raabin_samples" / "leukopy_crops" / "basophil").iterdir())[:2]:
        shutil.copy(path, crops / f"{len(list(crops.iterdir()))}{path.suffix}")
    with pytest.raises(InputError, match="crops of single cells") as crops_only:
        train_filter(crops.parent, tmp_path / "own.json")
    assert "photographs" in (crops_only.value.expected or "")
    assert not (tmp_path / "own.json").exists()


def test_a_set_without_a_white_cell_is_too_few(data, tmp_path):
    source = tmp_path / "set"
    source.mkdir()
    shutil.copy(photograph(data, OTHERS[0]), source)
    with pytest.raises(TooFew, match="no photograph with a box"):
        train_filter(source, tmp_path / "own.json", format_name="bccd")
    with pytest.raises(InputError, match="no such format"):
        train_filter(source, tmp_path / "own.json", format_name="bcd")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UnreadableFormat, match="no format"):
        train_filter(tmp_path / "empty", tmp_path / "own.json")


def test_a_broken_label_is_named_and_nothing_is_trained_on_the_rest(boxed, tmp_path):
    source = shutil.copytree(boxed, tmp_path / "set")
    broken = source / f"BloodImage_{TRAINED[3]}.xml"
    broken.write_bytes(broken.read_bytes()[:200])
    with pytest.raises(InputError, match=TRAINED[3]):
        train_filter(source, tmp_path / "own.json", most=2)


def test_classes_without_names_are_asked_for(yolo, data, tmp_path):
    with pytest.raises(UnknownTerm) as unknown:
        train_filter(yolo, tmp_path / "own.json")
    assert "--white" in unknown.value.hint
    made = train_filter(yolo, tmp_path / "own.json", words=("0",))
    assert (made.color_filter.images, made.color_filter.boxes) == (
        2,
        sum(len(white_cells(data, stem)) for stem in OTHERS[:2]),
    )
    with pytest.raises(TooFew, match="no photograph with a box"):
        train_filter(yolo, tmp_path / "other.json", words=("wbc",))


def test_files_that_are_no_filter_are_refused(boxed, tmp_path):
    with pytest.raises(UnreadableFile, match="none"):
        load_filter(tmp_path / "none")
    with pytest.raises(UnreadableFormat, match=TRAINED[0]):
        load_filter(boxed / f"BloodImage_{TRAINED[0]}.jpg")


def test_things_are_spread_over_all():
    assert spread_out(range(12), 8) == [0, 2, 3, 5, 6, 8, 9, 11]
    assert spread_out(range(3), 8) == [0, 1, 2]
    assert spread_out(range(9), 1) == [0]
    assert spread_out([], 4) == []
