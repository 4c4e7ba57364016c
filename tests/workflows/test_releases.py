"""A release of real fields and crops: opened by foreign tools, made again, and a changed byte caught."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from dataclasses import replace

import jsonschema
import pytest

import buffycoat as bc
from buffycoat.domain.label import Standing
from buffycoat.domain.query import DOUBLE_LABELED, Query
from buffycoat.domain.release import ReleaseAbout
from buffycoat.errors import DigestMismatch, InputError, PrivacyBreach, ReleaseIncomplete, SplitLeak
from buffycoat.workflows.agreement import list_contradictions
from buffycoat.workflows.clean import clean_cells
from buffycoat.workflows.consensus import consensus_by_cell
from buffycoat.workflows.importing.sets import import_set
from buffycoat.workflows.publish import (
    FORMAT_NAMES,
    ReleaseWish,
    diff_releases,
    find_leaks,
    publish_release,
    release_folder,
    reproduce_release,
    verify_release,
)
from buffycoat.workflows.workspace import open_workspace

ABOUT = ReleaseAbout(
    title="Fields and crops of two public sets",
    terms_of_use="for tests only",
    ethics="public sets, see their papers",
    contributors=("Raabin-WBC", "BCCD Dataset"),
    citation="Kouzehkanan et al. 2022; BCCD Dataset",
    published="2026-11-22",
)
CLASSED = Query(id="classed", standing=(Standing.AGREED, Standing.SINGLE), kept=True)
WISH = ReleaseWish(about=ABOUT, query=CLASSED, rule="film-strict", withhold=("site",))


@pytest.fixture(scope="session")
def two_sets(data, tmp_path_factory):
    """A workspace with the Raabin crops and the BCCD fields, cleaned."""
    with open_workspace(tmp_path_factory.mktemp("sets") / "workspace", create=True) as workspace:
        import_set(workspace, data / "raabin_crops", name="raabin-crops")
        import_set(workspace, data / "bccd", name="bccd")
        clean_cells(workspace)
        yield workspace


@pytest.fixture(scope="session")
def release(two_sets):
    """The folder of its release, with every format."""
    publish_release(two_sets, version="1", wish=WISH)
    return release_folder(two_sets, "1")


def test_the_crop_is_found_whose_folder_both_experts_contradict(two_sets):
    """Of the two that are known, one is in this copy of the set."""
    [found] = list_contradictions(two_sets)
    assert "95-8-10-1_1205_1" in found.origin
    assert (found.kind, found.filed, set(found.answers)) == ("all-contradict", "monocyte", {"lymphocyte.large"})


def test_random_split_leaks_film_split_shows_what_crosses_and_strict_has_none(two_sets):
    random, lines = find_leaks(two_sets, rule="random")
    assert {"shared-films", "shared-fields", "pairs-of-repeated-cells"} <= set(random.leaks.counts())
    assert any("95-8-3-1" in line for line in lines), "films are named as the laboratory knows them"
    film, _ = find_leaks(two_sets, rule="film")
    assert set(film.leaks.counts()) == {"pairs-of-repeated-cells"}
    strict, _ = find_leaks(two_sets, rule="film-strict")
    assert strict.leaks.counts() == {}
    assert len(strict.contents.plan.removed) == film.leaks.counts()["pairs-of-repeated-cells"]
    assert any("neutrophil: all cells" in line for line in strict.warnings)


def test_leaking_split_is_refused_unless_told_otherwise_and_then_says_so_everywhere(two_sets):
    leaking = replace(WISH, rule="random", formats=("crops",), query=DOUBLE_LABELED)
    with pytest.raises(SplitLeak, match="shared films"):
        publish_release(two_sets, version="leaky", wish=leaking)
    sealed = publish_release(two_sets, version="leaky", wish=replace(leaking, allow_leaks=True))
    assert sealed.leaks["shared-films"] > 0
    folder = release_folder(two_sets, "leaky")
    for name in ("README.md", "tables/table-3.md", "tables/table-7.html", "tables/table-7.tex"):
        assert "leak" in (folder / name).read_text(), name
    opened = bc.open_release(folder)
    with pytest.raises(SplitLeak, match="leaks"):
        opened.torch_dataset("train")
    assert len(opened.torch_dataset("train", allow_leaks=True)) == len(opened.split("train"))


@pytest.mark.parametrize("missing", ["ethics", "citation", "terms_of_use", "contributors"])
def test_release_that_does_not_say_enough_is_refused(two_sets, missing):
    nothing = () if missing == "contributors" else ""
    with pytest.raises(ReleaseIncomplete, match=missing):
        publish_release(two_sets, version="x", wish=replace(WISH, about=replace(ABOUT, **{missing: nothing})))


def test_small_group_is_refused_and_named(two_sets):
    with pytest.raises(PrivacyBreach, match="site bccd") as caught:
        publish_release(two_sets, version="x", wish=replace(WISH, withhold=()))
    assert "--withhold site" in caught.value.hint
    with pytest.raises(InputError, match="no such format"):
        publish_release(two_sets, version="x", wish=replace(WISH, formats=("papyrus",)))


def test_release_holds_what_it_says(release, two_sets):
    opened = bc.open_release(release)
    counts = Counter((cell.split, cell.label) for cell in opened)
    manifest = json.loads((release / "manifest.json").read_text())
    assert {(s, c): n for s, by in manifest["counts"].items() for c, n in by.items() if n} == dict(counts)
    assert opened.classes == ("basophil", "eosinophil", "lymphocyte", "monocyte", "neutrophil")
    assert {cell.facts["site"] for cell in opened} == {"unknown"}
    first = opened.split("train")[0]
    assert first.read().shape == (575, 575, 3)
    text = "".join(path.read_text() for path in (release / "README.md", release / "labels.csv", release / "fields.csv"))
    for private in ("95-8-3-1", "95-8-10-1", "BloodImage"):
        assert private not in text
    assert {path.name for path in (release / "figures").iterdir()} == {
        "README.md",
        "masks.jpg",
        "overlaps.jpg",
        "repeats.jpg",
    }
    assert {path.suffix for path in (release / "tables").iterdir()} == {".md", ".csv", ".tex", ".html"}


@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning")
def test_boxes_and_masks_open_elsewhere(release, capsys):
    import supervision
    from pycocotools.coco import COCO

    opened = bc.open_release(release)
    boxes = COCO(str(release / "annotations" / "boxes-test-B.json"))
    assert len(boxes.imgs) == len(list((release / "images" / "test-B").iterdir()))
    masks = COCO(str(release / "annotations" / "masks.json"))
    for annotation in list(masks.anns.values())[:20]:
        assert masks.annToMask(annotation).sum() == annotation["area"] > 0
    folder = release / "images" / "test-B"
    yolo = supervision.DetectionDataset.from_yolo(
        str(folder), str(release / "labels" / "test-B"), str(release / "data.yaml")
    )
    voc = supervision.DetectionDataset.from_pascal_voc(str(folder), str(release / "voc" / "test-B"))
    assert len(yolo) == len(voc) == len(boxes.imgs)
    assert yolo.classes == [*opened.classes, "other"]


def test_labels_obey_the_published_schema_and_read_back(release):
    from buffycoat.formats.raabin import read_raabin
    from buffycoat.formats.source import open_source

    schema = json.loads((release / "schemas" / "raabin.schema.json").read_text())
    files = sorted((release / "raabin").glob("f*.json"))
    for path in files:
        jsonschema.validate(json.loads(path.read_text()), schema)
    with open_source(release / "raabin") as source:
        names = [field.name for field in read_raabin(source) if hasattr(field, "cells")]
    assert names == [path.stem for path in files]


@pytest.mark.parametrize("format_name", ["raabin", "coco", "yolo", "voc", "folders"])
def test_release_comes_back_in(release, tmp_path, format_name):
    """What we publish, we read: no file is refused, and every cell with a class has it again."""
    below = {"raabin": "raabin", "coco": "", "yolo": "", "voc": "", "folders": "crops"}[format_name]
    folder = tmp_path / "set"
    names = {
        "coco": ("annotations/boxes-test-B.json", "images"),
        "yolo": ("labels", "images", "data.yaml"),
        "voc": ("voc", "images"),
    }.get(format_name, (below,))
    for name in names:
        source = release / name
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy)(source, target)
    with open_workspace(tmp_path / "workspace", create=True) as workspace:
        summary = import_set(workspace, folder, format_name=format_name, name="again")
        assert summary.refused == ()
        found = {known.term for known in consensus_by_cell(workspace).values()}
    opened = bc.open_release(release)
    photographs = [cell for cell in opened if cell.split == "test-B"]
    if format_name == "folders":
        assert summary.cells + len(summary.repeats) == len(opened)
    else:
        assert summary.cells == len(photographs)
    if format_name != "raabin":
        assert {cell.label for cell in photographs} <= found


def test_tables_shards_and_hub_files_open_elsewhere(release, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    import datasets
    import pyarrow.parquet

    opened = bc.open_release(release)
    hub = datasets.load_dataset(str(release), cache_dir=str(tmp_path / "cache"))
    assert {split: rows.num_rows for split, rows in hub.items()} == {
        "train": len(opened.split("train")),
        "test_a": len(opened.split("test-A")),
        "test_b": len(opened.split("test-B")),
    }
    assert hub["train"].features["label"].names == list(opened.classes)
    assert hub["train"][0]["image"].size == (575, 575)
    assert pyarrow.parquet.read_table(release / "parquet" / "labels.parquet").num_rows == len(opened)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning")
def test_croissant_is_valid_and_has_every_cell(release):
    import mlcroissant

    described = mlcroissant.Dataset(jsonld=str(release / "croissant.json"))
    assert described.metadata.issues.errors == set()
    assert described.metadata.issues.warnings == set()
    assert sum(1 for _ in described.records("labels")) == len(bc.open_release(release))


def test_torch_takes_a_split(release):
    import torch

    dataset = bc.open_release(release).torch_dataset("train", transform=lambda pixels: pixels[:, ::5, ::5] / 255)
    pixels, label = dataset[-1]
    assert pixels.shape == (3, 115, 115)
    assert dataset.classes[label] == bc.open_release(release).split("train")[-1].label
    batch, labels = next(iter(torch.utils.data.DataLoader(dataset, batch_size=4)))
    assert batch.shape == (4, 3, 115, 115)
    assert labels.tolist() == list(dataset.targets[:4])
    with pytest.raises(IndexError):
        dataset[len(dataset)]


def test_release_is_made_again_byte_for_byte_and_a_flipped_byte_is_caught(release, two_sets):
    files = verify_release(two_sets.folder, "1")
    assert reproduce_release(two_sets, "1") == files == verify_release(two_sets.folder, str(release))
    victim = sorted((release / "crops").rglob("*.png"))[7]
    whole = victim.read_bytes()
    victim.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
    try:
        with pytest.raises(DigestMismatch, match=victim.name):
            verify_release(two_sets.folder, "1")
    finally:
        victim.write_bytes(whole)
    assert verify_release(two_sets.folder, "1") == files


def test_difference_of_two_releases(two_sets, release):
    publish_release(two_sets, version="2", wish=replace(WISH, query=DOUBLE_LABELED, formats=("crops",)))
    found, lines = diff_releases(two_sets, "1", "2")
    older, newer = bc.open_release(release), bc.open_release(release_folder(two_sets, "2"))
    assert set(found.removed) == {cell.cell_id for cell in older} - {cell.cell_id for cell in newer}
    assert set(found.added) == {cell.cell_id for cell in newer} - {cell.cell_id for cell in older}
    assert len(found.removed) > 200
    assert found.relabeled == {}
    assert "formats" in found.said
    assert str(len(found.removed)) in lines[0]


def test_every_format_is_asked_for(release):
    assert set(json.loads((release / "manifest.json").read_text())["formats"]) == set(FORMAT_NAMES)


def test_turned_photographs_go_out_turned(tmp_path):
    """Raabin's second microscope: boxes speak of the picture turned clockwise, and so does what we publish."""
    import numpy as np

    from buffycoat.imaging.codecs import encode_png, read_rgb
    from buffycoat.ingest import Record

    stored = np.random.default_rng(3).integers(0, 256, (90, 120, 3), np.uint8)
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / "20190526_170428.png").write_bytes(encode_png(stored))
    cell = {"Label1": "Monocyte", "Label2": "Monocyte", "x1": "10", "x2": "50", "y1": "60", "y2": "110", "Cell_ID": "1"}
    facts = {"Zoom": "100x", "Stain Method": "Giemsa", "Film Label": "Normal", "Camera": "LG G3", "Microscop": "Zeiss"}
    (folder / "20190526_170428.json").write_text(
        json.dumps({"Cell_0": cell, **facts, "Film ID": "7", "Cell Numbers": 1})
    )
    with open_workspace(tmp_path / "workspace", create=True) as workspace:
        summary = import_set(workspace, folder, format_name="raabin", name="second", record=Record(quarter_turns=1))
        assert (summary.cells, summary.refused) == (1, ())
        wish = ReleaseWish(about=ABOUT, formats=("crops", "coco", "voc"), minimum_group=1)
        publish_release(workspace, version="1", wish=wish)
        released = release_folder(workspace, "1")
        assert reproduce_release(workspace, "1") == verify_release(workspace.folder, "1")
    [picture] = (released / "images" / "train").iterdir()
    turned = np.rot90(stored, -1)
    assert np.array_equal(read_rgb(picture), turned)
    [image] = json.loads((released / "annotations" / "boxes-train.json").read_text())["images"]
    assert (image["width"], image["height"], image["file_name"]) == (90, 120, f"images/train/{picture.name}")
    [crop] = (released / "crops" / "train" / "monocyte").iterdir()
    assert np.array_equal(read_rgb(crop), turned[60:110, 10:50])


def test_ids_that_go_out_cannot_be_tried_from_codes(release, two_sets):
    """Whoever guesses site and code of a slide finds no id in the release that belongs to them."""
    from buffycoat.domain.smear import FieldOfView, Smear

    with two_sets.database.reading() as transaction:
        ids = {*transaction.ids(Smear), *transaction.ids(FieldOfView)}
    text = "".join((release / name).read_text() for name in ("labels.csv", "splits.json", "README.md", "manifest.json"))
    assert [key for key in ids if key in text] == []
    assert (two_sets.folder / "release.secret").stat().st_mode & 0o077 == 0
