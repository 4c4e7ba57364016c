"""Public sets by name, archives inside a source, and which format a source is of."""

from __future__ import annotations

import io
import zipfile
from collections import Counter

import pytest

from buffycoat.errors import UnreadableFile, UnreadableFormat
from buffycoat.formats.annotated import AnnotatedField, MaskFile, Refused
from buffycoat.formats.bccd import read_bccd
from buffycoat.formats.known import read_lisc, read_pbc, read_zheng
from buffycoat.formats.nested import with_nested
from buffycoat.formats.registry import READERS, guess_format
from buffycoat.formats.source import open_source


def zipped(files):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return held.getvalue()


def classes(fields):
    return Counter(cell.filed for field in fields for cell in field.cells)


def test_lisc_is_read_from_its_archives(data):
    with open_source(data / "lisc") as source:
        fields = list(read_lisc(source))
        nested = with_nested(source)
        assert len(nested.read(fields[17].picture)) == 1_244_218
    assert len(fields) == 50
    assert classes(fields) == dict.fromkeys(("basophil", "eosinophil", "lymphocyte", "monocyte", "neutrophil"), 10)
    assert {(field.width_px, field.height_px, field.crop_only) for field in fields} == {(720, 576, True)}
    assert {field.split for field in fields} == {"train", "validate"}
    assert fields[0].name == "lisc_basophil/basophil/train_14"


def test_lisc_is_read_from_one_archive_and_from_folders(data, source_of, bmp):
    with open_source(data / "lisc" / "lisc_monocyte.zip") as source:
        assert classes(read_lisc(source)) == {"monocyte": 10}
    good, bad = read_lisc(source_of({"lymp/3.bmp": bmp(7, 5), "x.bmp": bmp(7, 5)}))
    assert (good.cells[0].filed, good.split) == ("lymp", None)
    assert bad.message == "x.bmp is no picture of LISC: expected <class>/<split>_<number>.bmp"


def test_bccd_takes_white_cells_their_masks_and_what_class_is_certain(data):
    with open_source(data / "bccd") as source:
        fields = list(read_bccd(source))
    assert all(isinstance(field, AnnotatedField) for field in fields)
    assert len(fields) == 257
    found = classes(fields)
    assert found.total() == 261
    assert found == {"NEUTROPHIL": 140, "EOSINOPHIL": 58, "LYMPHOCYTE": 23, "MONOCYTE": 14, "BASOPHIL": 2, None: 24}
    by_name = {field.name.rpartition("_")[2]: field for field in fields}
    assert by_name["00000"].mask == MaskFile(
        name="fields/masks_nucleus_cytoplasm/BloodImage_Mask_00000.png", nucleus_above=205, cell_above=80
    )
    assert sum(field.mask is not None for field in fields) == 257
    assert by_name["00000"].notes == ("19 boxes of RBC passed over",)
    assert [name for name, field in by_name.items() if "no VOC file: cells without boxes" in field.notes] == [
        "00096",
        "00280",
        "00329",
    ]
    passed = [note.split() for field in fields for note in field.notes if note.endswith("passed over")]
    assert sum(int(words[0]) for words in passed if words[3] == "RBC") == 2877
    assert sum(int(words[0]) for words in passed if words[3] == "Platelets") == 255


def test_bccd_takes_no_class_where_it_is_not_certain(source_of, bmp):
    edges = "<bndbox><xmin>1</xmin><ymin>1</ymin><xmax>3</xmax><ymax>3</ymax></bndbox>"
    size = "<size><width>9</width><height>9</height></size>"
    cell = f"<object><name>WBC</name>{edges}</object>"
    files = {
        "JPEGImages/BloodImage_00001.jpg": b"",
        "JPEGImages/BloodImage_00002.jpg": b"",
        "JPEGImages/BloodImage_00003.jpg": b"",
        "Annotations/BloodImage_00001.xml": f"<annotation>{size}{cell}{cell}</annotation>",
        "Annotations/BloodImage_00002.xml": f"<annotation>{size}{cell}</annotation>",
        "Annotations/BloodImage_00003.xml": "<annotation>",
        "Annotations/BloodImage_00004.xml": f"<annotation>{size}{cell}</annotation>",
        "field_categories.csv": 'Image,Category\n1,BASOPHIL\n2,"A, B"\n3,\n',
    }
    first, second, third, fourth = read_bccd(source_of(files))
    assert [cell.filed for cell in first.cells] == [None, None]
    assert first.notes == ("2 cells, and the table says BASOPHIL: no class taken",)
    assert [cell.filed for cell in second.cells] == [None]
    assert second.notes == ("1 cells, and the table says A, B: no class taken",)
    assert (third.name, fourth.name) == ("Annotations/BloodImage_00003.xml", "Annotations/BloodImage_00004.xml")
    assert fourth.message == "Annotations/BloodImage_00004.xml has no picture: expected one of the same number"


def test_pbc_tells_bands_from_segmented_neutrophils(data):
    with open_source(data / "pbc_barcelona" / "crops") as source:
        fields = list(read_pbc(source))
    assert all(isinstance(field, AnnotatedField) and field.crop_only and field.notes == () for field in fields)
    found = classes(fields)
    kinds = ("segmented neutrophil", "band neutrophil", "neutrophil")
    assert sum(found.pop(kind) for kind in kinds) == 70
    assert found == dict.fromkeys(("basophil", "eosinophil", "lymphocyte", "monocyte"), 70) | {
        "erythroblast": 21,
        "platelet": 21,
    }


def test_pbc_notes_a_name_against_its_folder_and_refuses_what_has_neither(source_of, bmp):
    files = {
        "monocyte/LY_1.jpg": bmp(5, 5),
        "neutrophil/7.jpg": bmp(5, 5),
        "x/7.jpg": bmp(5, 5),
        "MMY_4.jpg": bmp(5, 5),
    }
    loose, against, folder, refused = read_pbc(source_of(files))
    assert loose.cells[0].filed == "metamyelocyte"
    assert against.cells[0].filed == "lymphocyte"
    assert against.notes == ("the name says 'lymphocyte', the folder 'monocyte': the name is taken",)
    assert folder.cells[0].filed == "neutrophil"
    assert refused.name == "x/7.jpg"
    assert isinstance(refused, Refused)


def test_zheng_has_masks_and_classes(data):
    with open_source(data / "seg_zheng") as source:
        fields = list(read_zheng(source))
    assert all(isinstance(field, AnnotatedField) and field.notes == () for field in fields)
    assert len(fields) == 280
    first = [field for field in fields if field.name.startswith("dataset1/")]
    assert classes(first) == {"neutrophil": 123, "lymphocyte": 37, "monocyte": 34, "eosinophil": 15, "basophil": 1}
    assert classes(fields)["neutrophil"] == 146
    assert {field.camera for field in first} == {"Motic Moticam Pro 252A"}
    assert first[0].mask == MaskFile(name="dataset1/001.png", nucleus_above=191, cell_above=63)
    with open_source(data / "seg_zheng" / "dataset1") as source:
        alone = list(read_zheng(source))
    assert [field.cells for field in alone] == [field.cells for field in first]
    assert alone[0].camera == first[0].camera


def test_levels_of_masks_part_nucleus_cytoplasm_and_rest(data):
    """Half way between the gray levels that the masks hold."""
    import numpy as np
    from PIL import Image

    with Image.open(data / "seg_zheng" / "dataset1" / "001.png") as image:
        assert set(np.unique(np.asarray(image))) == {0, 128, 255}


def test_zheng_without_a_mask_or_with_a_broken_table(source_of, bmp):
    refused, field = read_zheng(source_of({"class_labels.csv": "id,label\n1,9\n", "001.bmp": bmp(5, 5)}))
    assert refused.message == (
        "class_labels.csv, line 2: no class of a picture: expected id, each once, and label from 1 to 5, found 1, 9"
    )
    assert field.notes == ("class_labels.csv has no class for it", "there is no mask of it")
    assert field.mask is None


def test_archives_inside_a_source_stand_as_folders(source_of):
    inner = zipped({"d/deep.zip": b"x"})
    files = {
        "a.zip": zipped({"b/c.txt": b"1", "__MACOSX/b/c.txt": b"", "../up": b""}),
        "a/b/c.txt": b"2",
        "z.zip": inner,
    }
    source = with_nested(source_of(files))
    assert list(source.files) == ["a/b/c.txt", "z/d/deep.zip"]
    assert source.read("a/b/c.txt") == b"2"
    plain = source_of({"a.txt": b""})
    assert with_nested(plain) is plain
    archives = with_nested(source_of({"x.zip": zipped({"1": b"a"}), "y.zip": zipped({"1": b"b"})}))
    assert [archives.read(name) for name in ("y/1", "x/1", "y/1", "x/1")] == [b"b", b"a", b"b", b"a"]
    with pytest.raises(UnreadableFile, match="x/1 is too large"):
        archives.read("x/1", most=0)


def test_a_broken_archive_inside_a_source_is_refused_and_the_others_are_read(source_of, bmp):
    files = {"lisc_a.zip": b"PK", "lisc_b.zip": zipped({"basophil/train_1.bmp": bmp(5, 5)}), "x/val.bmp": bmp(5, 5)}
    refused, good, other = read_lisc(source_of(files))
    assert refused.message == "lisc_a.zip cannot be opened: expected a zip archive of at most 1,073,741,824 bytes"
    assert (good.name, other.name) == ("lisc_b/basophil/train_1", "x/val.bmp")


@pytest.mark.parametrize(
    ("name", "guessed"),
    [
        ("raabin_json", "raabin"),
        ("raabin_json/first_microscope_jsons.zip", "raabin"),
        ("raabin_json/second_microscope_album4_coco.json", "coco"),
        ("raabin_samples", "raabin"),
        ("raabin_crops", "raabin-crops"),
        ("lisc", "lisc"),
        ("lisc/lisc_basophil.zip", "lisc"),
        ("bccd", "bccd"),
        ("bccd/fields/annotations_voc", "voc"),
        ("bccd/crops", "folders"),
        ("pbc_barcelona", "pbc"),
        ("seg_zheng", "zheng"),
        ("seg_zheng/dataset2", "zheng"),
    ],
)
def test_the_format_of_real_data_is_known(data, name, guessed):
    with open_source(data / name) as source:
        assert guess_format(source) == guessed
        found = next(READERS[guessed].read(source))
    assert isinstance(found, (AnnotatedField, Refused))


def test_yolo_is_known_by_its_lines(source_of, bmp):
    assert guess_format(source_of({"labels/a.txt": "0 0.5 0.5 1 1\n", "images/a.bmp": bmp(5, 5)})) == "yolo"
    assert guess_format(source_of({"read.txt": "a b c d e\n", "Band/a.bmp": bmp(5, 5)})) == "folders"


def test_a_source_of_no_format_lists_the_formats(source_of):
    with pytest.raises(UnreadableFormat, match="set is of no format that can be read") as caught:
        guess_format(source_of({"a.pdf": b"", "b.json": b"{}"}))
    assert [name for name in READERS if name not in caught.value.expected] == []
    assert caught.value.found == "a.pdf, b.json"


def test_readers_are_listed_by_their_names():
    assert list(READERS) == [reader.name for reader in READERS.values()]
    assert [reader.name for reader in READERS.values() if not reader.title or not reader.hint] == []
    assert [reader.name for reader in READERS.values() if reader.nested] == ["lisc"]
