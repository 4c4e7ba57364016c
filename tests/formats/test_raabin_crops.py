"""Raabin's folders of crops, and what the names of its files tell."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buffycoat.domain.geometry import Box
from buffycoat.formats.annotated import AnnotatedCell, AnnotatedField, Refused
from buffycoat.formats.raabin_crops import read_raabin_crops
from buffycoat.formats.raabin_names import CropName, parse_crop_name, photograph_of, taken_at
from buffycoat.formats.source import open_source


@pytest.mark.parametrize(
    ("name", "film", "photograph", "cell"),
    [
        ("95-8-17-3_328_1", "95-8-17-3", "328", 1),
        ("Train/Monocyte/95-8-10-1_1205_12.jpg", "95-8-10-1", "1205", 12),
        ("20190526_170428_0", None, "20190526_170428", 0),
        ("20190604_110533_1.JPG", None, "20190604_110533", 1),
    ],
)
def test_names_of_crops_are_taken_apart(name, film, photograph, cell):
    assert parse_crop_name(name) == CropName(film=film, photograph=photograph, cell=cell)


@pytest.mark.parametrize(
    "name",
    [
        "1149",
        "LY_125_1",
        "EO_95-8-27-1_207_6",
        "BloodImage_00000_1",
        "95-8-17-3_328",
        "20160720_232423",
        "20161399_000000_1",
        "",
    ],
)
def test_names_of_other_files_are_not(name):
    assert parse_crop_name(name) is None


@given(st.text())
def test_no_name_breaks_the_parsers(name):
    parse_crop_name(name)
    photograph_of(name)
    taken_at(name)


def test_crops_of_one_photograph_say_so():
    assert photograph_of("a/95-8-17-3_328_1.jpg") == photograph_of("b/95-8-17-3_328_2.jpg") == "95-8-17-3_328"
    assert photograph_of("20190526_170428_0.jpg") == photograph_of("20190526_170428.jpg") == "20190526_170428"
    assert photograph_of("20181219_102325_HDR.jpg") == "20181219_102325_HDR"
    assert photograph_of("1149.jpg") is None


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("20160720_232423", datetime.fromisoformat("2016-07-20T23:24:23")),
        ("jsons/20161022_154119(0).json", datetime.fromisoformat("2016-10-22T15:41:19")),
        ("20190526_170428_0.jpg", datetime.fromisoformat("2019-05-26T17:04:28")),
        ("20160720_2324231", None),
        ("20160720_252423", None),
        ("20160230_232423", None),
        ("x20160720_232423", None),
    ],
)
def test_the_second_is_read_from_the_name(name, taken):
    assert taken_at(name) == taken


def test_class_split_film_and_origin_are_read_from_path_and_name(source_of, bmp):
    source = source_of({"Raabin/Test-A/Monocyte/95-8-10-1_742_1.bmp": bmp(575, 570)})
    assert list(read_raabin_crops(source)) == [
        AnnotatedField(
            name="Raabin/Test-A/Monocyte/95-8-10-1_742_1",
            cells=(AnnotatedCell(box=Box(left=0, top=0, right=575, bottom=570), filed="Monocyte", origin="742_1.bmp"),),
            picture="Raabin/Test-A/Monocyte/95-8-10-1_742_1.bmp",
            crop_only=True,
            width_px=575,
            height_px=570,
            split="Test-A",
            smear="95-8-10-1",
        )
    ]


@pytest.mark.parametrize(
    ("name", "split", "filed", "smear"),
    [
        ("Train/Basophil/20190526_170428_0.bmp", "Train", "Basophil", "series 2019"),
        ("TestB/1/1149.bmp", "TestB", "1", None),
        ("95-8-17-3_328_1.bmp", None, None, "95-8-17-3"),
        ("Train/95-8-17-3_328_1.bmp", "Train", None, "95-8-17-3"),
        ("crops/95-8-17-3_328_1.bmp", None, None, "95-8-17-3"),
    ],
)
def test_places_that_name_no_class_or_film(source_of, bmp, name, split, filed, smear):
    (field,) = read_raabin_crops(source_of({name: bmp(5, 5)}))
    assert (field.split, field.cells[0].filed, field.smear) == (split, filed, smear)


def test_basophils_of_two_days_are_one_smear(source_of, bmp):
    names = ("Basophil/20190526_170428_0.bmp", "Basophil/20190604_110533_1.bmp")
    assert len({field.smear for field in read_raabin_crops(source_of(dict.fromkeys(names, bmp(5, 5))))}) == 1


def test_words_of_both_experts_come_from_the_table(source_of, bmp):
    table = "name;label1;label2;film\n95-8-10-1_742_1.bmp;Large Lymph;null\nx.bmp;Band;;\n".replace("null\n", "null;\n")
    files = {"labels.csv": table, "crops/Monocyte/95-8-10-1_742_1.bmp": bmp(5, 5), "crops/Band/y.bmp": bmp(5, 5)}
    lost, found = read_raabin_crops(source_of(files))
    assert (found.experts, found.cells[0].words, found.cells[0].filed) == (
        ("1", "2"),
        ("Large Lymph", None),
        "Monocyte",
    )
    assert found.notes == ()
    assert (lost.experts, lost.cells[0].words) == ((), ())
    assert lost.notes == ("labels.csv has no row for it", "the name tells neither film nor photograph")


def test_a_film_that_the_table_contradicts_is_noted(source_of, bmp):
    files = {"labels.csv": "file,film_id\n95-8-10-1_742_1.bmp,95-1-1-1\n", "M/95-8-10-1_742_1.bmp": bmp(5, 5)}
    (field,) = read_raabin_crops(source_of(files))
    assert field.smear == "95-8-10-1"
    assert field.notes == ("labels.csv says film '95-1-1-1', the name says '95-8-10-1': the name is taken",)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (
            "picture,label1\na.bmp,x\n",
            "labels.csv, line 1: no column names the crop: expected file, found picture, label1",
        ),
        ("file,label1\na.bmp,x\na.bmp,y\n", "labels.csv, line 3: a.bmp is there twice: expected one row a crop"),
        (
            "file,label1\na.bmp\n",
            "labels.csv, line 2 is of another length: expected 2 columns, as in the first line, found 1",
        ),
        (
            "file,file\na.bmp,b\n",
            "labels.csv, line 1: no header: expected names of columns, each once, found file, file",
        ),
    ],
)
def test_a_broken_table_is_refused_and_the_crops_are_read(source_of, bmp, table, message):
    refused, field = read_raabin_crops(source_of({"labels.csv": table, "M/95-8-10-1_742_1.bmp": bmp(5, 5)}))
    assert (refused.name, refused.message) == ("labels.csv", message)
    assert field.smear == "95-8-10-1"


def test_a_broken_picture_is_refused_and_the_others_are_read(source_of, bmp):
    files = {"M/95-8-10-1_1_1.bmp": bmp(5, 5), "M/95-8-10-1_1_2.bmp": b"", "M/95-8-10-1_1_3.jpg": b"text"}
    found = list(read_raabin_crops(source_of(files)))
    assert [item.code for item in found if isinstance(item, Refused)] == ["unreadable-image"] * 2
    assert [item.name for item in found] == ["M/95-8-10-1_1_1", "M/95-8-10-1_1_2.bmp", "M/95-8-10-1_1_3.jpg"]


def test_pictures_that_differ_only_in_ending_keep_names_of_their_own(source_of, bmp):
    files = {"M/a.bmp": bmp(5, 5), "M/a.jpg": bmp(5, 5), "M/b.bmp": bmp(5, 5)}
    assert [field.name for field in read_raabin_crops(source_of(files))] == ["M/a.bmp", "M/a.jpg", "M/b"]


def test_real_crops(data):
    with open_source(data / "raabin_crops") as source:
        fields = list(read_raabin_crops(source))
    assert all(isinstance(field, AnnotatedField) and field.notes == () for field in fields)
    assert Counter(field.cells[0].filed for field in fields) == dict.fromkeys(
        ("basophil", "eosinophil", "lymphocyte", "monocyte", "neutrophil"), 70
    )
    assert {(field.width_px, field.height_px, field.crop_only) for field in fields} == {(575, 575, True)}
    assert {field.smear for field in fields if field.cells[0].filed == "basophil"} == {"CML basophil series"}
    assert {field.smear for field in fields if field.cells[0].filed == "neutrophil"} == {"95-8-3-1"}
    against = [
        field.name.rpartition("/")[2]
        for field in fields
        if field.cells[0].filed == "monocyte" and field.cells[0].words == ("Large Lymph", "Large Lymph")
    ]
    assert against == ["95-8-10-1_1205_1"]


def test_real_crops_carry_the_key_into_the_label_files(data):
    from buffycoat.formats.raabin import read_raabin

    with open_source(data / "raabin_json" / "first_microscope_jsons.zip") as source:
        told = {(field.smear, cell.origin): cell.words for field in read_raabin(source) for cell in field.cells}
    with open_source(data / "raabin_crops") as source:
        crops = {(field.smear, field.cells[0].origin): field.cells[0].words for field in read_raabin_crops(source)}
    both = told.keys() & crops.keys()
    assert len(both) > 200
    assert [key for key in both if crops[key] != told[key]] == []
