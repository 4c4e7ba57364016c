"""Pascal VOC: read, written, refused; XML that means harm."""

from __future__ import annotations

from collections import Counter

import pytest
import supervision
from hypothesis import given
from hypothesis import strategies as st

from buffycoat.domain.geometry import Box
from buffycoat.errors import InputError
from buffycoat.formats.annotated import AnnotatedCell, AnnotatedField, Refused
from buffycoat.formats.source import open_source
from buffycoat.formats.voc import read_voc, write_voc

SIZE = "<size><width>64</width><height>48</height><depth>3</depth></size>"


def thing(name="WBC", box="<xmin>1</xmin><ymin>2</ymin><xmax>64</xmax><ymax>48</ymax>"):
    return f"<object><name>{name}</name><bndbox>{box}</bndbox></object>"


def voc(*things, size=SIZE, filename="a.jpg"):
    return f"<annotation><filename>{filename}</filename>{size}{''.join(things)}</annotation>"


@pytest.fixture(scope="session")
def read(source_of):
    def read_one(text, **files):
        (found,) = read_voc(source_of({"f.xml": text} | files))
        return found

    return read_one


def test_boxes_count_from_one_and_hold_their_last_pixel(read):
    assert read(voc(thing(" WBC "))) == AnnotatedField(
        name="f",
        cells=(AnnotatedCell(box=Box(left=0, top=1, right=64, bottom=48), filed="WBC"),),
        width_px=64,
        height_px=48,
    )


def test_picture_is_that_of_the_name_in_the_file_or_of_the_stem(source_of):
    files = {"x/f.xml": voc(filename="g.jpg"), "y/f.jpg": "", "y/g.jpg": ""}
    assert next(read_voc(source_of(files))).picture == "y/g.jpg"
    assert next(read_voc(source_of({name: files[name] for name in ("x/f.xml", "y/f.jpg")}))).picture == "y/f.jpg"
    assert next(read_voc(source_of({"x/f.xml": voc(filename="g"), "y/g.jpg": ""}))).picture == "y/g.jpg"
    assert next(read_voc(source_of({"x/f.xml": voc()}))).picture is None


def test_parts_of_an_object_are_not_taken_for_it(read):
    part = "<part><name>lobe</name><bndbox><xmin>3</xmin><ymin>3</ymin><xmax>4</xmax><ymax>4</ymax></bndbox></part>"
    found = read(voc(thing().replace("<name>", f"{part}<name>")))
    assert [(cell.filed, cell.box.left) for cell in found.cells] == [("WBC", 0)]


def edges(xmin, ymin, xmax, ymax):
    return f"<xmin>{xmin}</xmin><ymin>{ymin}</ymin><xmax>{xmax}</xmax><ymax>{ymax}</ymax>"


@pytest.mark.parametrize(
    ("text", "boxes", "notes"),
    [
        (voc(thing(box=edges(1.4, 1.0, "9.6", 9))), [(0, 0, 10, 9)], ()),
        (voc(thing(box=edges(9, 1, 3, 9))), [(2, 0, 9, 9)], ("object 0: corners were the wrong way round",)),
        (
            voc(thing(), thing(box=edges(4, 4, 3, 9))),
            [(0, 1, 64, 48), (2, 3, 4, 9)],
            ("object 1: corners were the wrong way round",),
        ),
        (
            voc(thing(box=edges(-5, 1, 9, 9))),
            [(-6, 0, 9, 9)],
            ("object 0: the box leaves the frame of 64 x 48 (-6, 0, 9, 9)",),
        ),
        (
            voc(thing(box=edges(1, 1, 65, 9))),
            [(0, 0, 65, 9)],
            ("object 0: the box leaves the frame of 64 x 48 (0, 0, 65, 9)",),
        ),
        (voc(size=""), [], ("the file does not tell the size of the picture",)),
        (voc(size=SIZE.replace("64", "0")), [], ("the file tells no size of the picture: 0 x 48",)),
    ],
)
def test_what_is_odd_is_noted(read, text, boxes, notes):
    found = read(text)
    assert [(cell.box.left, cell.box.top, cell.box.right, cell.box.bottom) for cell in found.cells] == boxes
    assert found.notes == notes


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "f.xml is empty: expected XML, found 0 bytes"),
        ("hello", "f.xml is no XML: expected XML, found syntax error on line 1, column 1"),
        ("<annotation>", "f.xml is no XML: expected XML, found no element found on line 1"),
        ("<svg/>", "f.xml is no VOC file: expected <annotation>, found <svg>"),
        (
            "<!DOCTYPE annotation><annotation/>",
            "f.xml has a document type: expected plain XML, found <!DOCTYPE annotation>",
        ),
        (
            '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><annotation>&c;</annotation>',
            "f.xml has a document type",
        ),
        ('<!DOCTYPE a SYSTEM "file:///etc/passwd"><annotation/>', "f.xml has a document type"),
        ("<annotation>&x;</annotation>", "f.xml is no XML: expected XML, found undefined entity"),
        ("<annotation>" * 100_000, "f.xml is nested too deeply"),
        ('<?xml version="1.0" encoding="klingon"?><annotation/>', "f.xml is of an unknown encoding"),
        (voc(thing(name="")), "f.xml, object 0: no <name>"),
        (voc("<object><name>WBC</name></object>"), "f.xml, object 0: no <bndbox>"),
        (
            voc(thing(), thing(box=edges(1, 1, 2, 2).replace("ymax", "y"))),
            "f.xml, object 1: no <ymax>: expected a number",
        ),
        (
            voc(thing(box=edges("", 1, 2, 2))),
            "f.xml, object 0, xmin is no number of pixels: expected a number, found ''",
        ),
        (voc(thing(box=edges("nan", 1, 2, 2))), "f.xml, object 0, xmin is no number of pixels"),
        (voc(size="<size/>"), "f.xml, size, width is no number of pixels: expected a number, found null"),
    ],
)
def test_what_cannot_be_read_is_refused_with_file_and_element(read, text, message):
    found = read(text)
    assert isinstance(found, Refused)
    assert (found.name, found.code) == ("f.xml", "unreadable-format")
    assert found.message.startswith(message)


def test_encodings_that_xml_declares_are_read(read):
    text = '<?xml version="1.0" encoding="iso-8859-1"?>' + voc(thing("é"))
    assert read(text.encode("latin-1")).cells[0].filed == "é"
    assert read(("\ufeff" + voc(thing("é"))).encode("utf-16-le")).cells[0].filed == "é"


SIDES = st.integers(-1000, 9000)
WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"], exclude_characters="\ufffe\uffff"), min_size=1
)


@st.composite
def boxes(draw):
    left, right = sorted(draw(st.lists(SIDES, min_size=2, max_size=2, unique=True)))
    top, bottom = sorted(draw(st.lists(SIDES, min_size=2, max_size=2, unique=True)))
    return Box(left=left, top=top, right=right, bottom=bottom)


FIELDS = st.builds(
    AnnotatedField,
    name=st.just("f"),
    cells=st.lists(st.builds(AnnotatedCell, box=boxes(), filed=WORDS), max_size=5).map(tuple),
    picture=st.sampled_from([None, "f.jpg"]),
    width_px=st.integers(1, 9000),
    height_px=st.integers(1, 9000),
)


@given(field=FIELDS)
def test_what_is_written_is_read_again(read, field):
    found = read(write_voc(field), **({field.picture: ""} if field.picture else {}))
    assert all("leaves the frame" in note for note in found.notes)
    assert found == AnnotatedField(**{name: getattr(field, name) for name in field.__slots__} | {"notes": found.notes})


CELL = AnnotatedCell(box=Box(left=0, top=0, right=2, bottom=3), filed="WBC")


@pytest.mark.parametrize(
    ("field", "message"),
    [
        (AnnotatedField(name="f", cells=()), "f cannot be a VOC file: expected the size of the picture, found none"),
        (
            AnnotatedField(name="f", cells=(AnnotatedCell(box=CELL.box),), width_px=1, height_px=1),
            "f, cell 0 cannot be in a VOC file: expected a class, found none",
        ),
        (
            AnnotatedField(name="f", cells=(AnnotatedCell(box=CELL.box, filed="a\x00"),), width_px=1, height_px=1),
            "f, cell 0: XML cannot hold this text: expected letters without outer spaces, found 'a\\x00'",
        ),
    ],
)
def test_what_cannot_be_held_is_not_written(field, message):
    with pytest.raises(InputError) as caught:
        write_voc(field)
    assert str(caught.value) == message


def test_another_program_reads_the_same_boxes(tmp_path):
    from PIL import Image

    Image.new("RGB", (64, 48)).save(tmp_path / "f.png")
    cells = (
        AnnotatedCell(box=Box(left=0, top=0, right=64, bottom=48), filed="a & b"),
        AnnotatedCell(box=Box(left=3, top=4, right=10, bottom=20), filed="WBC"),
    )
    field = AnnotatedField(name="f", cells=cells, picture="f.png", width_px=64, height_px=48)
    (tmp_path / "f.xml").write_bytes(write_voc(field))
    read = supervision.DetectionDataset.from_pascal_voc(str(tmp_path), str(tmp_path))
    ((_, _, found),) = list(read)
    assert found.xyxy.tolist() == [[0, 0, 64, 48], [3, 4, 10, 20]]
    assert [read.classes[index] for index in found.class_id] == ["a & b", "WBC"]


def test_real_files(data):
    with open_source(data / "bccd" / "fields") as source:
        fields = list(read_voc(source))
    assert all(isinstance(field, AnnotatedField) for field in fields)
    assert Counter(cell.filed for field in fields for cell in field.cells) == {
        "RBC": 2877,
        "WBC": 261,
        "Platelets": 255,
    }
    assert {(field.width_px, field.height_px, field.notes) for field in fields} == {(640, 480, ())}
    assert [field.name for field in fields if field.picture != f"images/{field.name.rpartition('/')[2]}.jpg"] == []
    assert all(cell.box.inside(640, 480) for field in fields for cell in field.cells)
