"""YOLO: labels and names of classes read, written, refused with their line."""

from __future__ import annotations

from collections import Counter

import pytest
import supervision
import yaml
from hypothesis import given
from hypothesis import strategies as st

from buffycoat.domain.geometry import Box
from buffycoat.errors import InputError
from buffycoat.formats.annotated import AnnotatedCell, AnnotatedField, Refused
from buffycoat.formats.source import open_source
from buffycoat.formats.yolo import read_yolo, write_yolo
from buffycoat.formats.yolo_names import read_yolo_names, write_yolo_names

CLASSES = ("Monocyte", "Small Lymph", "لنفوسیت", "x: 'y', \"z\" # [a]")


@pytest.fixture(scope="session")
def read(source_of, bmp):
    def read_one(text, **files):
        made = {"labels/a.txt": text, "images/a.bmp": bmp(100, 80), "classes.txt": "RBC\nWBC\n"} | files
        return next(iter(read_yolo(source_of(made))))

    return read_one


def test_shares_become_pixels_of_the_picture(read):
    assert read("1 0.25 0.125 0.5 0.25\n\n0 0.5 0.5 1 1\r\n") == AnnotatedField(
        name="labels/a",
        cells=(
            AnnotatedCell(box=Box(left=0, top=0, right=50, bottom=20), filed="WBC"),
            AnnotatedCell(box=Box(left=0, top=0, right=100, bottom=80), filed="RBC"),
        ),
        picture="images/a.bmp",
        width_px=100,
        height_px=80,
    )


def test_an_empty_file_is_a_picture_without_cells(read):
    assert (read("").cells, read("").notes) == ((), ())


def test_a_picture_without_a_file_is_one_without_cells_and_a_note(source_of, bmp):
    files = {"train/labels/a.txt": "0 0.5 0.5 1 1", "train/images/a.bmp": bmp(9, 9), "train/images/b.bmp": bmp(9, 9)}
    first, second = read_yolo(source_of(files))
    assert (first.split, first.cells[0].filed) == ("train", "0")
    assert first.notes == ("no data.yaml, classes.txt or obj.names: classes are numbers",)
    assert (second.name, second.cells, second.split) == ("train/images/b", (), "train")
    assert second.notes == ("no label file: taken as a picture without cells",)


@pytest.mark.parametrize(
    ("line", "corners", "notes"),
    [
        ("1 0.5 0.5 0 0.5", None, ("line 1: dropped, its box has no area (50, 20, 50, 60)",)),
        ("1 0.1 0.5 0.4 0.5", (-10, 20, 30, 60), ("line 1: the box leaves the frame of 100 x 80 (-10, 20, 30, 60)",)),
    ],
)
def test_what_is_odd_is_noted(read, line, corners, notes):
    found = read(line)
    assert [(c.box.left, c.box.top, c.box.right, c.box.bottom) for c in found.cells] == ([corners] if corners else [])
    assert found.notes == notes


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "1 0.5 0.5 1 1\n1 0.5 0.5 1\n",
            "labels/a.txt, line 2: not one box: expected 5 numbers: class, x, y, width, height, found 4 words",
        ),
        (
            "1 0 0 1 0 1 1 0 1\n",
            "labels/a.txt, line 1: not one box: expected 5 numbers: class, x, y, width, height, found 9 words, as for an outline",
        ),
        (
            "WBC 0.5 0.5 1 1",
            "labels/a.txt, line 1: no numbers of a box: expected a class from 0 and four shares, found 'WBC 0.5 0.5 1 1'",
        ),
        ("-1 0.5 0.5 1 1", "labels/a.txt, line 1: no numbers of a box"),
        ("1 nan 0.5 1 1", "labels/a.txt, line 1: no numbers of a box"),
        ("1 inf 0.5 1 1", "labels/a.txt, line 1: no numbers of a box"),
        ("2 0.5 0.5 1 1", "labels/a.txt, line 1: no such class: expected 0, 1, found 2"),
        ("1 0.5 0.5 1 1".encode("utf-16"), "labels/a.txt is of the wrong encoding: expected UTF-8, found UTF-16"),
        (b"1 0.5 0.5 1 1\n\xe9", "labels/a.txt is of the wrong encoding: expected UTF-8, found byte 0xe9 on line 2"),
    ],
)
def test_what_cannot_be_read_is_refused_with_file_and_line(read, text, message):
    found = read(text)
    assert isinstance(found, Refused)
    assert (found.name, found.code) == ("labels/a.txt", "unreadable-format")
    assert found.message.startswith(message)


def test_labels_without_their_picture_are_refused(source_of, bmp):
    (found,) = read_yolo(source_of({"a.txt": "0 0.5 0.5 1 1"}))
    assert found.message == "a.txt has no picture: expected a picture of the same stem, found none"
    two = list(read_yolo(source_of({"a.txt": "0 0.5 0.5 1 1", "b/a.bmp": bmp(9, 9), "c/a.bmp": bmp(9, 9)})))
    assert two[0].message.endswith("found no picture taken: b/a.bmp and c/a.bmp are both of this name")
    (broken,) = read_yolo(source_of({"a.txt": "0 0.5 0.5 1 1", "a.bmp": b"no picture"}))
    assert (broken.name, broken.code) == ("a.txt", "unreadable-image")


@pytest.mark.parametrize(
    "text",
    [
        "nc: 3\nnames: [Band, 'Small Lymph', \"it's\"]\n",
        'names: [ Band ,\n  Small Lymph,\n  "it\'s" ]  # the classes\nnc: 3\n',
        "train: x\nnames:\n- Band\n- Small Lymph  # small\n- 'it''s'\nval: y\n",
        'names:\n  - Band\n\n  - "Small Lymph"\n  - it\'s\n',
        "names:\n  0: Band\n  1: 'Small Lymph'\n  2: \"it's\"\nroboflow:\n  x: y\n",
        'names: {0: Band, 1: Small Lymph, 2: "it\'s"}\n',
    ],
)
def test_names_are_read_as_yaml_would(source_of, text):
    (found,) = read_yolo_names(source_of({"data.yaml": text})).values()
    known = yaml.safe_load(text)["names"]
    assert found == (known if isinstance(known, dict) else dict(enumerate(known)))
    assert list(found.values()) == ["Band", "Small Lymph", "it's"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nc: 3\n", "data.yaml: 'names' is missing"),
        ("names: [a, b\n", "data.yaml, line 1: 'names' is not closed"),
        ("nc: 1\nnames:\n", "data.yaml, line 2: 'names' is no list: expected a list or a mapping, found nothing"),
        ("names: many\n", "data.yaml, line 1: 'names' is no list: expected a list or a mapping, found many"),
        (
            "names:\n  0: a\n  0: b\n",
            "data.yaml, line 1: 'names' cannot be read: expected number: name, each once, found 0: b",
        ),
        ("names: [a, [b]]\n", "data.yaml, line 1: 'names' cannot be read"),
    ],
)
def test_names_that_cannot_be_read_refuse_the_labels_below(source_of, bmp, text, message):
    source = source_of({"data.yaml": text, "a.txt": "0 0.5 0.5 1 1", "a.bmp": bmp(9, 9)})
    (found,) = read_yolo(source)
    assert found.name == "a.txt"
    assert message in found.message


def test_the_nearest_names_hold(source_of, bmp):
    files = {"classes.txt": "far", "x/data.yaml": "names: [near]", "x/l/a.txt": "0 .5 .5 1 1", "b.txt": "0 .5 .5 1 1"}
    found = list(read_yolo(source_of(files | {"a.bmp": bmp(9, 9), "b.bmp": bmp(9, 9)})))
    assert [(field.name, field.cells[0].filed) for field in found] == [("b", "far"), ("x/l/a", "near")]


SIDES = st.integers(-1000, 9000)


@st.composite
def boxes(draw):
    left, right = sorted(draw(st.lists(SIDES, min_size=2, max_size=2, unique=True)))
    top, bottom = sorted(draw(st.lists(SIDES, min_size=2, max_size=2, unique=True)))
    return Box(left=left, top=top, right=right, bottom=bottom)


FIELDS = st.builds(
    AnnotatedField,
    name=st.just("labels/a"),
    cells=st.lists(st.builds(AnnotatedCell, box=boxes(), filed=st.sampled_from(CLASSES)), max_size=5).map(tuple),
    picture=st.just("images/a.bmp"),
    width_px=st.integers(100, 9000),
    height_px=st.integers(100, 9000),
)


@given(field=FIELDS)
def test_what_is_written_is_read_again(source_of, bmp, field):
    files = {
        "labels/a.txt": write_yolo(field, classes=CLASSES),
        "data.yaml": write_yolo_names(CLASSES),
        "images/a.bmp": bmp(field.width_px, field.height_px),
    }
    (found,) = read_yolo(source_of(files))
    assert all("leaves the frame" in note for note in found.notes)
    assert found == AnnotatedField(**{name: getattr(field, name) for name in field.__slots__} | {"notes": found.notes})


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1, unique=True))
def test_names_that_are_written_are_read_again_here_and_by_yaml(source_of, classes):
    written = write_yolo_names(classes, splits={"train": "images/train", "val": "images/a: b"})
    (found,) = read_yolo_names(source_of({"data.yaml": written})).values()
    assert list(found.values()) == classes
    assert yaml.safe_load(written)["names"] == found


def test_another_program_reads_the_same_boxes(tmp_path):
    from PIL import Image

    Image.new("RGB", (100, 80)).save(tmp_path / "a.png")
    cells = (
        AnnotatedCell(box=Box(left=0, top=0, right=50, bottom=20), filed="Small Lymph"),
        AnnotatedCell(box=Box(left=33, top=7, right=100, bottom=80), filed="Monocyte"),
    )
    field = AnnotatedField(name="a", cells=cells, picture="a.png", width_px=100, height_px=80)
    (tmp_path / "a.txt").write_bytes(write_yolo(field, classes=CLASSES))
    (tmp_path / "data.yaml").write_bytes(write_yolo_names(CLASSES))
    opened = supervision.DetectionDataset.from_yolo(str(tmp_path), str(tmp_path), str(tmp_path / "data.yaml"))
    ((_, _, found),) = list(opened)
    assert found.xyxy.round(3).tolist() == [[0, 0, 50, 20], [33, 7, 100, 80]]
    assert [opened.classes[index] for index in found.class_id] == ["Small Lymph", "Monocyte"]


@pytest.mark.parametrize(
    ("field", "message"),
    [
        (AnnotatedField(name="f", cells=()), "f cannot be a YOLO file: expected the size of the picture, found none"),
        (
            AnnotatedField(
                name="f", cells=(AnnotatedCell(box=Box(left=0, top=0, right=1, bottom=1)),), width_px=9, height_px=9
            ),
            "f, cell 0 cannot be in a YOLO file: expected one of Band, found no class",
        ),
    ],
)
def test_what_cannot_be_held_is_not_written(field, message):
    with pytest.raises(InputError) as caught:
        write_yolo(field, classes=["Band"])
    assert str(caught.value) == message
    with pytest.raises(InputError):
        write_yolo_names(["a", "a"])


def test_real_labels(data):
    with open_source(data / "pbc_barcelona" / "boxes") as source:
        fields = list(read_yolo(source))
    assert all(isinstance(field, AnnotatedField) for field in fields)
    assert len(fields) == 85
    assert Counter(cell.filed for field in fields for cell in field.cells)["0"] == 88
    with open_source(data / "draaslan_fields" / "labels_yolo") as source:
        assert {item.code for item in read_yolo(source)} == {"unreadable-format"}
