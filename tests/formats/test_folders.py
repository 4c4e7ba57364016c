"""Crops in folders of classes, or with a table beside: read, written, and refused with their line."""

from __future__ import annotations

import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from buffycoat.domain.geometry import Box
from buffycoat.errors import InputError
from buffycoat.formats.annotated import AnnotatedCell, AnnotatedField, Refused
from buffycoat.formats.folders import folder_path, read_folders, write_folders
from buffycoat.formats.source import Source, SourceFile, open_source
from buffycoat.imaging.codecs import encode_jpeg, encode_png

PNG = encode_png(np.zeros((2, 3, 3), np.uint8))


def source_of(files: dict[str, bytes | str]) -> Source:
    contents = {name: content if isinstance(content, bytes) else content.encode() for name, content in files.items()}
    return Source("set", (SourceFile(name=n, size=len(c), read=lambda _, c=c: c) for n, c in contents.items()))


def filed(source: Source) -> dict[str, tuple[str | None, str | None]]:
    found = list(read_folders(source))
    assert not [item for item in found if isinstance(item, Refused)]
    return {field.name: (field.split, field.cells[0].filed) for field in found}


def test_classes_and_splits_are_read_from_folders_as_they_are_spelled():
    names = ("train/Band/a.png", "TestB/Band/a.png", "Monocyte/val/x.y.png", "x/Test-A/لنفوسیت/۱.png", "Burst/b.png")
    assert filed(source_of(dict.fromkeys(names, PNG))) == {
        "Burst/b": (None, "Burst"),
        "Monocyte/val/x.y": ("val", "Monocyte"),
        "TestB/Band/a": ("TestB", "Band"),
        "train/Band/a": ("train", "Band"),
        "x/Test-A/لنفوسیت/۱": ("Test-A", "لنفوسیت"),
    }


def test_a_crop_is_one_cell_as_large_as_its_header_says():
    (field,) = read_folders(source_of({"Band/a.PNG": PNG}))
    cell = AnnotatedCell(box=Box(left=0, top=0, right=3, bottom=2), filed="Band", origin="a.PNG")
    assert field == AnnotatedField(
        name="Band/a", cells=(cell,), picture="Band/a.PNG", crop_only=True, width_px=3, height_px=2
    )


def test_pictures_that_differ_in_ending_only_keep_it():
    jpg = encode_jpeg(np.zeros((8, 8, 3), np.uint8))
    assert list(filed(source_of({"A/a.png": PNG, "A/a.jpg": jpg, "B/a.jpg": jpg}))) == ["A/a.jpg", "A/a.png", "B/a"]


TABLES = {
    "comma": "file,label\na.png,Band\nb.png,Burst\n",
    "semicolon and mark": "\ufeffimage;x;Type\r\na.png;1;Band\r\nb.png;;Burst\r\n",
    "tab": "Class\tImage Name\nBand\ta\nBurst\tb\n",
    "quotes": '"file_name","class"\n"./a.png","Band"\n"b.png", Burst \n\n',
}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
@pytest.mark.parametrize("folder", ["", "images/"])
def test_a_table_beside_one_folder_tells_the_classes(table, folder):
    source = source_of({f"{folder}a.png": PNG, f"{folder}b.png": PNG, "labels.csv": table})
    assert filed(source) == {f"{folder}a": (None, "Band"), f"{folder}b": (None, "Burst")}


def test_a_table_names_pictures_of_two_splits_by_folder():
    table = "image,label\ntrain/a.png,Band\ntest/a.png,Burst\n"
    source = source_of({"train/a.png": PNG, "test/a.png": PNG, "labels.tsv": table})
    assert filed(source) == {"train/a": ("train", "Band"), "test/a": ("test", "Burst")}


def test_tables_beside_folders_of_classes_are_passed_over():
    source = source_of({"A/a.png": PNG, "B/b.png": PNG, "pairs.csv": "a,b\n", "labels.csv": "file,label\na.png,C\n"})
    assert filed(source) == {"A/a": (None, "A"), "B/b": (None, "B")}
    assert filed(source_of({"A/a.png": PNG, "pairs.csv": "a,b\n"})) == {"A/a": (None, "A")}


def test_what_is_wrong_with_rows_is_told_by_line_and_the_rest_is_read():
    table = "file,label\na.png,Band\nzz.png,Band\nb.png,\nc.png,Band\nc.png,Burst\na.png,Band\nd.png,Band\n"
    files = dict.fromkeys(["a.png", "b.png", "c.png", "train/d.png", "test/d.png", "e.png"], PNG)
    found = list(read_folders(source_of({**files, "t.csv": table})))
    refused = [item for item in found if isinstance(item, Refused)]
    assert {(item.name, item.code) for item in refused} == {("t.csv", "unreadable-format")}
    assert [item.message for item in refused] == [
        "t.csv, line 3: 'zz.png': expected the name of one picture, found no such picture",
        "t.csv, line 6: c.png has two classes: expected Band, as on line 5, found Burst",
        "t.csv, line 8: 'd.png': expected the name of one picture, found test/d.png, train/d.png",
    ]
    assert {field.name: (field.cells[0].filed, field.notes) for field in found[3:]} == {
        "a": ("Band", ("t.csv names it twice",)),
        "b": (None, ("t.csv gives it no class",)),
        "c": (None, ("t.csv gives it two classes",)),
        "e": (None, ("t.csv does not name it",)),
        "test/d": (None, ("t.csv does not name it",)),
        "train/d": (None, ("t.csv does not name it",)),
    }


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("file,x\na.png,1\n", "t.csv, line 1: no column of classes: expected one of class, classname, label"),
        ("x,label\n", "t.csv, line 1: no column of files"),
        ("file,label,Label\n", "t.csv, line 1: two columns of classes"),
        ("file,label\na.png,b,c\n", "t.csv, line 2 is of another length: expected 2 columns"),
        ('file,label\n"a.png,b\n', "t.csv, line 2 cannot be read"),
        ("file,label\n,b\n", "t.csv, line 2 names no picture"),
        (b"file,label\na.png,\xff\n", "t.csv, line 2: the table is not in UTF-8"),
        ("", "found an empty table"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_with_its_line(table, said):
    first, second = read_folders(source_of({"a.png": PNG, "t.csv": table}))
    assert isinstance(first, Refused)
    assert (first.name, first.code) == ("t.csv", "unreadable-format")
    assert said in first.message
    assert isinstance(second, Refused)
    assert second.message.startswith("a.png lies in no folder of a class: expected <class>/<picture>, or a table")


def test_two_tables_of_classes_are_refused():
    table = "file,label\na.png,Band\n"
    found = list(read_folders(source_of({"a.png": PNG, "t.csv": table, "u.csv": table})))
    assert [(item.name, item.message) for item in found[:2]] == [
        (name, "several tables tell the classes: expected one, found t.csv, u.csv") for name in ("t.csv", "u.csv")
    ]
    assert len(found) == 3


def test_broken_pictures_are_refused_and_good_ones_read(bad_files, expected_codes):
    with open_source(bad_files) as source:
        moved = Source(
            "set", (SourceFile(name=f"Band/{f.name}", size=f.size, read=f.read) for f in source.files.values())
        )
        found = list(read_folders(moved))
    codes = {item.name.removeprefix("Band/"): item.code for item in found if isinstance(item, Refused)}
    good = {Path(item.picture).name for item in found if isinstance(item, AnnotatedField)}
    assert codes["text.jpg"] == codes["empty.jpg"] == "unreadable-image"
    assert codes["cmyk.jpg"] == codes["sixteen-bit.tiff"] == "unsupported-image"
    assert good >= {name for name, code in expected_codes.items() if code is None}


def test_real_crops_are_read_from_a_folder_and_from_a_zip(data, tmp_path):
    with open_source(data / "raabin_crops" / "crops") as source:
        found = list(read_folders(source))
    names = ("basophil", "eosinophil", "lymphocyte", "monocyte", "neutrophil")
    assert Counter(field.cells[0].filed for field in found) == dict.fromkeys(names, 70)
    assert {(field.width_px, field.height_px) for field in found} == {(575, 575)}
    with zipfile.ZipFile(tmp_path / "crops.zip", "w") as archive:
        for picture in sorted((data / "bccd" / "crops").rglob("*.*")):
            archive.write(picture, picture.relative_to(data / "bccd" / "crops"))
    with open_source(tmp_path / "crops.zip") as source, open_source(data / "bccd" / "crops") as folder:
        zipped = [field for field in read_folders(source) if isinstance(field, AnnotatedField)]
        assert zipped == [field for field in read_folders(folder) if isinstance(field, AnnotatedField)]
    assert Counter(field.cells[0].filed for field in zipped)["neutrophil"] > 50


def test_flat_crops_with_their_real_table_get_the_class_of_the_folder(data):
    crops = data / "raabin_crops"
    pictures = sorted((crops / "crops").rglob("*.jpg"))[::10]
    files = {picture.name: picture.read_bytes() for picture in pictures}
    found = list(read_folders(source_of({**files, "labels.csv": (crops / "labels.csv").read_bytes()})))
    fields = [item for item in found if isinstance(item, AnnotatedField)]
    assert {field.picture: field.cells[0].filed for field in fields} == {p.name: p.parent.name for p in pictures}
    assert len(found) - len(fields) == 350 - len(pictures)


NAMES = st.text(st.sampled_from("abcXY زب۱-_. "), min_size=1, max_size=6).filter(lambda name: name == name.strip(" ."))
CROPS = st.lists(
    st.tuples(
        st.sampled_from([None, "train", "val", "test-A", "Test_B"]), NAMES, NAMES, st.sampled_from(["png", "jpg"])
    ),
    max_size=5,
    unique_by=lambda crop: tuple(str(part).casefold() for part in crop[:3]),
)


@settings(max_examples=150, deadline=None)
@given(CROPS)
def test_what_is_written_is_read_again(crops):
    def crop(path, split, label):
        box = Box(left=0, top=0, right=3, bottom=2)
        cell = AnnotatedCell(box=box, filed=label, origin=path.rpartition("/")[2])
        stem = path.rpartition(".")[0]
        return AnnotatedField(
            name=stem, cells=(cell,), picture=path, crop_only=True, width_px=3, height_px=2, split=split
        )

    fields = [crop(folder_path(split, label, name, ending), split, label) for split, label, name, ending in crops]
    files = dict(write_folders(fields, lambda _: PNG))
    assert list(files) == [field.picture for field in fields]
    assert sorted(read_folders(source_of(files)), key=lambda f: f.name) == sorted(fields, key=lambda f: f.name)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (("train", "a/b", "c", "png"), "found 'a/b'"),
        (("train", "..", "c", "png"), "found '..'"),
        ((None, "A", ".c", "png"), "found '.c.png'"),
        ((None, "A", "c\n", "png"), r"found 'c\n.png'"),
        ((None, "A", "c" * 300, "png"), "up to 200 bytes"),
        ((None, "A", "c", "exe"), "no ending of a picture"),
        (("holdout", "A", "c", "png"), "split and class cannot be told apart again"),
        ((None, "Test", "c", "png"), "split and class cannot be told apart again"),
        (("train", "val", "c", "png"), "split and class cannot be told apart again"),
    ],
)
def test_names_that_would_not_come_back_are_refused(parts, said):
    with pytest.raises(InputError) as caught:
        folder_path(*parts)
    assert said in str(caught.value)


def test_what_has_no_place_in_folders_is_refused():
    (crop,) = read_folders(source_of({"Band/a.png": PNG}))
    photograph = AnnotatedField(name="p", cells=crop.cells, picture="p.png")
    with pytest.raises(InputError, match="expected a crop of one cell with a class, found the photograph p"):
        list(write_folders([photograph], lambda _: PNG))
    with pytest.raises(InputError, match=r"two crops of one name: expected each once, found Band/a.png and Band/a.png"):
        list(write_folders([crop, crop], lambda _: PNG))
