"""COCO: read, written, refused picture by picture, and opened by its own program."""

from __future__ import annotations

import json
from collections import Counter

import pytest
import supervision
from hypothesis import given
from hypothesis import strategies as st
from pycocotools.coco import COCO

from buffycoat.domain.geometry import Box
from buffycoat.errors import InputError
from buffycoat.formats.annotated import AnnotatedCell, AnnotatedField, Refused
from buffycoat.formats.coco import CocoAbout, write_coco
from buffycoat.formats.coco_reader import read_coco
from buffycoat.formats.source import open_source

CLASSES = ("Monocyte", "Band", "لنفوسیت")


def image(number=1, **changes):
    return {"id": number, "file_name": f"{number}.jpg", "width": 64, "height": 48} | changes


def annotation(number=1, **changes):
    return {"id": number, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4], "iscrowd": 0} | changes


def coco(images=None, annotations=None, categories=None):
    return {
        "images": [image()] if images is None else images,
        "annotations": [annotation()] if annotations is None else annotations,
        "categories": [{"id": 1, "name": "Monocyte"}] if categories is None else categories,
    }


@pytest.fixture(scope="session")
def read(source_of):
    def read_all(content, **files):
        text = content if isinstance(content, (bytes, str)) else json.dumps(content)
        return list(read_coco(source_of({"f.json": text} | files)))

    return read_all


def test_everything_that_a_file_says_is_read(read):
    assert read(coco(images=[image(), image(2)])) == [
        AnnotatedField(
            name="1",
            cells=(AnnotatedCell(box=Box(left=1, top=2, right=4, bottom=6), filed="Monocyte", origin="1"),),
            width_px=64,
            height_px=48,
        ),
        AnnotatedField(name="2", cells=(), width_px=64, height_px=48),
    ]


def test_pictures_are_found_beside_and_in_folders(source_of):
    text = json.dumps(coco(images=[image(file_name="1.jpg"), image(2, file_name="b/2.jpg")], annotations=[]))
    files = {"train/f.json": text, "train/1.jpg": "", "valid/1.jpg": "", "a/2.jpg": "", "b/2.jpg": ""}
    found = list(read_coco(source_of(files)))
    assert [(field.name, field.picture, field.split) for field in found] == [
        ("train/1", "train/1.jpg", "train"),
        ("b/2", "b/2.jpg", "train"),
    ]


@pytest.mark.parametrize(
    ("box", "corners", "notes"),
    [
        ([1.4, 1.6, 3.2, 3.0], (1, 2, 5, 5), ()),
        ([-3, 2, 5, 4], (-3, 2, 2, 6), ("annotations[0]: the box leaves the frame of 64 x 48 (-3, 2, 2, 6)",)),
        ([5, 5, -2, 2], (3, 5, 5, 7), ("annotations[0]: corners were the wrong way round",)),
        ([1, 1, 0, 5], None, ("annotations[0]: dropped, its box has no area (1, 1, 1, 6)",)),
    ],
)
def test_boxes_are_rounded_edge_by_edge(read, box, corners, notes):
    (found,) = read(coco(annotations=[annotation(bbox=box)]))
    made = [(cell.box.left, cell.box.top, cell.box.right, cell.box.bottom) for cell in found.cells]
    assert made == ([corners] if corners else [])
    assert found.notes == notes


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "f.json", "f.json is empty"),
        (
            b"[]",
            "f.json",
            "f.json is no COCO file: expected the lists 'images', 'annotations' and 'categories', found a list",
        ),
        ({"images": []}, "f.json", "f.json is no COCO file"),
        (b"[" * 100_000, "f.json", "f.json is nested too deeply"),
        (json.dumps(coco()).encode("utf-16"), "f.json", "f.json is of the wrong encoding"),
        (coco(images=[image(), image()]), "f.json", "f.json, images[1]: id 1 is there twice: expected every id once"),
        (
            json.dumps(coco()).replace('"categories"', '"annotations": [], "categories"'),
            "f.json",
            "f.json holds the key 'annotations' twice in one object",
        ),
        (coco(images=[7]), "f.json", "f.json, images[0] has no id: expected an object with 'id', found a number"),
        (coco(categories=[{"id": 1}]), "f.json", "f.json, categories[0]: 'name' is missing"),
        (coco(categories=[{"id": 1, "name": 3}]), "f.json", "f.json, categories[0]: 'name' is no text"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(read, content, name, message):
    (found,) = read(content)
    assert isinstance(found, Refused)
    assert found.name == name
    assert found.message.startswith(message)


@pytest.mark.parametrize(
    ("bad", "name", "message"),
    [
        (
            annotation(bbox=None),
            "f.json, images[0]",
            "f.json, annotations[1]: 'bbox' is no box: expected x, y, width and height, found null",
        ),
        (
            annotation(bbox=[1, 2, 3]),
            "f.json, images[0]",
            "f.json, annotations[1]: 'bbox' is no box: expected x, y, width and height, found 3 of them",
        ),
        (
            annotation(bbox=[1, None, 3, 4]),
            "f.json, images[0]",
            "f.json, annotations[1], 'bbox' is no number of pixels: expected a number, found null",
        ),
        (
            annotation(bbox=[1, float("nan"), 3, 4]),
            "f.json, images[0]",
            "f.json, annotations[1], 'bbox' is no number of pixels: expected a number, found nan",
        ),
        (
            annotation(category_id=9),
            "f.json, images[0]",
            "f.json, annotations[1]: no such 'category_id': expected an id that is in the file, found 9",
        ),
        (
            annotation(image_id=9),
            "f.json, annotations[1]",
            "f.json, annotations[1]: no such 'image_id': expected an id that is in the file, found 9",
        ),
        (7, "f.json, annotations[1]", "f.json, annotations[1] is no annotation: expected an object, found a number"),
    ],
)
def test_a_broken_annotation_takes_its_picture_with_it_and_no_other(read, bad, name, message):
    good = annotation(2, image_id=2)
    found = read(coco(images=[image(), image(2)], annotations=[good, bad]))
    (refused,) = [item for item in found if isinstance(item, Refused)]
    assert (refused.name, refused.message) == (name, message)
    assert [len(item.cells) for item in found if isinstance(item, AnnotatedField) and item.name == "2"] == [1]


@pytest.mark.parametrize("change", [{"file_name": None}, {"file_name": ""}, {"file_name": 3}, {"width": "x"}])
def test_a_broken_picture_is_refused_alone(read, change):
    found = read(coco(images=[image(), image(2, **change)]))
    assert [isinstance(item, Refused) for item in found] == [False, True]
    assert found[1].message.startswith("f.json, images[1]")


def test_the_same_picture_in_two_files_is_refused_the_second_time(source_of):
    text = json.dumps(coco(annotations=[]))
    first, second = read_coco(source_of({"a.json": text, "b.json": text, "1.jpg": ""}))
    assert first.name == "1"
    assert second.message == "b.json, images[0]: 1 is there twice: expected every picture once"


def test_outlines_and_crowds_are_noted(read):
    (found,) = read(coco(annotations=[annotation(segmentation=[[1, 1, 2, 1, 2, 2]]), annotation(2, iscrowd=1)]))
    assert found.notes == (
        "outlines of 1 cells passed over",
        "annotations[1]: a crowd of cells in one box, taken as one",
    )
    assert len(found.cells) == 2


SIDES = st.integers(-1000, 9000)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@st.composite
def boxes(draw):
    left, right = sorted(draw(st.lists(SIDES, min_size=2, max_size=2, unique=True)))
    top, bottom = sorted(draw(st.lists(SIDES, min_size=2, max_size=2, unique=True)))
    return Box(left=left, top=top, right=right, bottom=bottom)


@st.composite
def fields(draw):
    made = []
    for index in range(draw(st.integers(0, 3))):
        experts = tuple(draw(st.lists(TEXT, max_size=3)))
        words = st.tuples(*[st.none() | TEXT for _ in experts])
        cell = st.builds(
            AnnotatedCell, box=boxes(), words=words, filed=st.sampled_from(CLASSES), origin=st.none() | TEXT
        )
        facts = {
            name: draw(st.none() | TEXT)
            for name in ("split", "smear", "stain", "diagnosis", "microscope", "camera", "objective")
        }
        made.append(
            AnnotatedField(
                name=f"{index}/{draw(TEXT)}",
                cells=tuple(draw(st.lists(cell, max_size=4))),
                experts=experts,
                picture=f"pictures/{index}.jpg",
                crop_only=draw(st.booleans()),
                width_px=draw(st.integers(1, 9000)),
                height_px=draw(st.integers(1, 9000)),
                **facts,
            )
        )
    return made


@given(made=fields())
def test_what_is_written_is_read_again(read, made):
    found = read(write_coco(made, classes=CLASSES), **{field.picture: "" for field in made})
    assert all("leaves the frame" in note for field in found for note in field.notes)
    wanted = [{name: getattr(field, name) for name in field.__slots__} for field in made]
    assert found == [
        AnnotatedField(**facts | {"notes": field.notes}) for facts, field in zip(wanted, found, strict=True)
    ]


@pytest.fixture
def two_fields():
    cells = (
        AnnotatedCell(box=Box(left=1, top=2, right=31, bottom=22), filed="Band"),
        AnnotatedCell(box=Box(left=0, top=0, right=64, bottom=48), filed="Monocyte"),
    )
    return [
        AnnotatedField(name="a", cells=cells, picture="a.png", width_px=64, height_px=48, smear="95-5-4-1"),
        AnnotatedField(name="b", cells=cells[:1], picture="b.png", width_px=64, height_px=48),
    ]


# pycocotools 2.0 has arrays of its own that do not know NumPy 2's way to copy.
@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning")
def test_its_own_program_opens_it(two_fields, tmp_path, capsys):
    outlines = {
        ("a", 0): [[1, 2, 31, 2, 31, 22, 1, 22]],
        ("a", 1): {"size": [48, 64], "counts": [0, 48, 48 * 63]},
    }
    path = tmp_path / "instances.json"
    path.write_bytes(write_coco(two_fields, classes=CLASSES, outlines=outlines, about=CocoAbout(description="x")))
    opened = COCO(str(path))
    capsys.readouterr()
    assert [item["name"] for item in opened.loadCats(opened.getCatIds())] == list(CLASSES)
    assert sorted(opened.getImgIds()) == [1, 2]
    loaded = opened.loadAnns(opened.getAnnIds(imgIds=[1]))
    assert [item["bbox"] for item in loaded] == [[1, 2, 30, 20], [0, 0, 64, 48]]
    assert [int(opened.annToMask(item).sum()) for item in loaded] == [item["area"] for item in loaded] == [600, 48]
    assert opened.loadImgs([1])[0]["smear"] == "95-5-4-1"


def test_another_program_reads_the_same_boxes(two_fields, tmp_path):
    from PIL import Image

    for name in ("a.png", "b.png"):
        Image.new("RGB", (64, 48)).save(tmp_path / name)
    (tmp_path / "i.json").write_bytes(write_coco(two_fields, classes=CLASSES))
    opened = supervision.DetectionDataset.from_coco(str(tmp_path), str(tmp_path / "i.json"))
    found = {path.rpartition("/")[2]: detections for path, _, detections in opened}
    assert found["a.png"].xyxy.tolist() == [[1, 2, 31, 22], [0, 0, 64, 48]]
    assert [opened.classes[index] for index in found["a.png"].class_id] == ["Band", "Monocyte"]


@pytest.mark.parametrize(
    ("changes", "classes", "message"),
    [
        ({"width_px": None}, CLASSES, "a cannot be in a COCO file: expected the size of the picture, found none"),
        ({}, ("Band",), "a, cell 1 cannot be in a COCO file: expected one of Band, found 'Monocyte'"),
        ({}, ("Band", "Band"), "a class is there twice: expected every class once, found Band, Band"),
    ],
)
def test_what_cannot_be_held_is_not_written(two_fields, changes, classes, message):
    from dataclasses import replace

    with pytest.raises(InputError) as caught:
        write_coco([replace(two_fields[0], **changes)], classes=classes)
    assert str(caught.value) == message


def test_real_file(data):
    with open_source(data / "raabin_json" / "second_microscope_album4_coco.json") as source:
        fields = list(read_coco(source))
    assert all(isinstance(field, AnnotatedField) for field in fields)
    assert len(fields) == 594
    words = Counter(cell.filed for field in fields for cell in field.cells)
    assert words == {"Neutrophil": 503, "Lymphocyte": 239, "Monocyte": 48, "unknow": 22}
    assert {(field.width_px, field.height_px) for field in fields} == {(3120, 4160)}
