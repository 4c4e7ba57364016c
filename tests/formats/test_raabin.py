"""Raabin's label files: what is read, what is put right with a note, what is refused and how."""

from __future__ import annotations

import json
import os
import random
import re
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from buffycoat.domain.geometry import Box
from buffycoat.errors import InputError
from buffycoat.formats.annotated import AnnotatedCell, AnnotatedField, Refused
from buffycoat.formats.boxes import MOST_PIXELS
from buffycoat.formats.raabin import MAX_RAABIN_BYTES, _read_plain, raabin_schema, read_raabin, write_raabin
from buffycoat.formats.raabin_checked import Told, read_checked
from buffycoat.formats.source import open_source

FACTS = {
    "Zoom": "100x",
    "Stain Method": "Giemsa",
    "Film Label": "Normal",
    "Camera": "Samsung Galaxy S5",
    "Microscop": "Olympus CX18",
    "Film ID": "95-5-4-1",
}


def cell(**changes):
    made = {"Label1": "Band", "Label2": "Meta", "x1": "10", "x2": "585", "y1": "20", "y2": "595", "Cell_ID": "7_1.bmp"}
    made.update(changes)
    return {key: found for key, found in made.items() if found is not ...}


def record(*cells, **changes):
    made = {f"Cell_{index}": found for index, found in enumerate(cells)} | FACTS | {"Cell Numbers": len(cells)}
    made.update(changes)
    return {key: found for key, found in made.items() if found is not ...}


@pytest.fixture(scope="session")
def read(source_of):
    """Read one file after a good one of the same film and words, which the quick reader learns from."""

    def read_one(content):
        text = content if isinstance(content, (bytes, str)) else json.dumps(content)
        good, found = read_raabin(source_of({"a.json": json.dumps(record(cell())), "f.json": text}))
        assert good.cells[0].words == ("Band", "Meta")
        return found

    return read_one


BOX = Box(left=10, top=20, right=585, bottom=595)


def test_everything_that_a_file_says_is_read(read):
    assert read(record(cell(), cell(Label2=None, Cell_ID="7_2.bmp", x1="0"))) == AnnotatedField(
        name="f",
        cells=(
            AnnotatedCell(box=BOX, words=("Band", "Meta"), origin="7_1.bmp"),
            AnnotatedCell(box=Box(left=0, top=20, right=585, bottom=595), words=("Band", None), origin="7_2.bmp"),
        ),
        experts=("1", "2"),
        smear="95-5-4-1",
        stain="Giemsa",
        diagnosis="Normal",
        microscope="Olympus CX18",
        camera="Samsung Galaxy S5",
        objective="100x",
    )


def test_photograph_of_the_stem_is_found_anywhere_and_the_nearest_of_several(source_of):
    text = json.dumps(record(cell()))
    one = source_of({"jsons/a.json": text, "deep/images/a.JPG": "", "deep/images/b.jpg": ""})
    assert [field.picture for field in read_raabin(one)] == ["deep/images/a.JPG"]
    two = source_of({"one/jsons/a.json": text, "one/images/a.jpg": "", "two/images/a.jpg": ""})
    assert [(field.name, field.picture) for field in read_raabin(two)] == [("one/jsons/a", "one/images/a.jpg")]
    alike = source_of({"a.json": text, "one/a.jpg": "", "two/a.jpg": ""})
    (field,) = read_raabin(alike)
    assert field.picture is None
    assert field.notes == ("no picture taken: one/a.jpg and two/a.jpg are both of this name",)


def test_names_stay_unique_where_endings_differ_in_case(source_of):
    text = json.dumps(record())
    assert [field.name for field in read_raabin(source_of({"a.json": text, "a.JSON": text}))] == ["a.JSON", "a"]


@pytest.mark.parametrize(
    ("changes", "box"),
    [
        ({"x1": "10.9", "y1": "20.0"}, BOX),
        ({"x1": 10, "x2": 585.5}, BOX),
        ({"x1": " 10 "}, BOX),
        ({"x1": "۱۰"}, BOX),
        ({"x1": "1e1"}, BOX),
    ],
)
def test_coordinates_may_be_spelled_in_any_way_that_is_a_number(read, changes, box):
    found = read(record(cell(**changes)))
    assert [made.box for made in found.cells] == [box]
    assert found.notes == ()


@pytest.mark.parametrize(
    ("content", "cells", "note"),
    [
        (record(cell(x1="585", x2="10")), 1, "Cell_0: corners were the wrong way round"),
        (record(cell(x1="-5")), 1, "Cell_0: the box leaves the frame (-5, 20, 585, 595)"),
        (record(cell(x1="585")), 0, "Cell_0: dropped, its box has no area (585, 20, 585, 595)"),
        (record(cell(x1="0", x2="0", y1="0", y2="0")), 0, "Cell_0: dropped, its box has no area (0, 0, 0, 0)"),
        (record(cell(), **{"Cell Numbers": 3}), 1, "'Cell Numbers' is 3, and there are 1 cells"),
        (record(cell(), **{"Cell Numbers": None}), 1, "'Cell Numbers' is null, and there are 1 cells"),
        (record(cell(), **{"Cell Numbers": True}), 1, "'Cell Numbers' is true or false, and there are 1 cells"),
        (record(cell(), **{"Cell Numbers": "1"}), 1, "'Cell Numbers' is text, and there are 1 cells"),
        (record(cell(), Comment="x"), 1, "'Comment' is no key of a label file, passed over"),
        (record(cell(Score=1)), 1, "Cell_0: 'Score' is no key of a cell, passed over"),
        (record(cell(Label1="")), 1, "Cell_0: 'Label1' is empty text, taken as no word"),
        (
            record(cell(), Cell_2=cell(Cell_ID="7_3.bmp"), **{"Cell Numbers": 2}),
            2,
            "cells are not numbered through: 2 of them, the last is Cell_2",
        ),
        (record(cell(), cell(x1="11")), 2, "Cell_1: 'Cell_ID' '7_1.bmp' is that of Cell_0, too; the boxes differ"),
    ],
)
def test_what_is_put_right_is_noted(read, content, cells, note):
    found = read(content)
    assert len(found.cells) == cells
    assert found.notes == (note,)


def test_null_and_the_text_null_both_say_that_there_is_no_word(read):
    found = read(record(cell(Label1="null", Label2=None), cell(Label1=None, Label2="Nullipara", Cell_ID="2")))
    assert [made.words for made in found.cells] == [(None, None), (None, "Nullipara")]
    assert found.notes == ()


def test_a_cell_without_a_name_has_none(read):
    assert [read(record(cell(Cell_ID=empty))).cells[0].origin for empty in ("", None)] == [None, None]


def test_a_file_of_more_cells_than_the_quick_reader_knows_is_read(read):
    found = read(record(*(cell(x1=str(n), x2="9999", Cell_ID=str(n)) for n in range(600))))
    assert [made.box.left for made in found.cells] == list(range(600))


def test_words_that_no_taxonomy_knows_are_kept(read):
    assert read(record(cell(Label1="Blast?", Label2="سلول"))).cells[0].words == ("Blast?", "سلول")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "f.json is empty: expected text, found 0 bytes"),
        (b"[1]", "f.json is no label file: expected an object, found a list"),
        (b"null", "f.json is no label file: expected an object, found null"),
        (b"{}", "f.json is no Raabin label file: expected the keys 'Zoom', "),
        (b'{"a": 1', "f.json is no JSON: expected JSON, found expecting ',' delimiter on line 1, column 8"),
        (b"[" * 100_000, "f.json is nested too deeply"),
        (b'{"a":' * 100_000, "f.json is nested too deeply"),
        (b'{"Zoom": ' + b"9" * 5000 + b"}", "f.json is no JSON that can be kept"),
        (json.dumps(record()).encode("utf-16"), "f.json is of the wrong encoding: expected UTF-8, found UTF-16"),
        (
            json.dumps(record(Camera="Caméra"), ensure_ascii=False).encode("latin-1"),
            "f.json is of the wrong encoding: expected UTF-8, found byte 0xe9 on line 1",
        ),
        (record(cell(), Zoom=...), "f.json: 'Zoom' is missing: expected the key 'Zoom', found 'Cell_0', "),
        (record(cell(), **{"Cell Numbers": ...}), "f.json: 'Cell Numbers' is missing"),
        (record(cell(), Camera=3), "f.json: 'Camera' is no text: expected text or null, found a number"),
        (record(cell(), Camera=float("nan")), "f.json: 'Camera' is no text: expected text or null, found nan"),
        (record([]), "f.json, Cell_0 is no cell: expected an object, found a list"),
        (record(cell(Label2=...)), "f.json, Cell_0: 'Label2' is missing: "),
        (record(cell(Cell_ID=...)), "f.json, Cell_0: 'Cell_ID' is missing: "),
        (record(cell(), cell(x1=..., y2=...)), "f.json, Cell_1: 'x1', 'y2' missing: expected x1, y1, x2 and y2, "),
        (record(cell(x1=None)), "f.json, Cell_0, 'x1' is no number of pixels: expected a number, found null"),
        (record(cell(x1=True)), "f.json, Cell_0, 'x1' is no number of pixels: expected a number, found True"),
        (record(cell(x1="abc")), "f.json, Cell_0, 'x1' is no number of pixels: expected a number, found 'abc'"),
        (record(cell(x1="")), "f.json, Cell_0, 'x1' is no number of pixels: expected a number, found ''"),
        (record(cell(y2=float("nan"))), "f.json, Cell_0, 'y2' is no number of pixels: expected a number, found nan"),
        (record(cell(y2="nan")), "f.json, Cell_0, 'y2' is no number of pixels: expected a number, found 'nan'"),
        (record(cell(y2=float("inf"))), "f.json, Cell_0, 'y2' is no number of pixels: expected a number, found inf"),
        (record(cell(y2="1e400")), "f.json, Cell_0, 'y2' is no number of pixels: expected a number, found '1e400'"),
        (record(cell(y2="9" * 8)), "f.json, Cell_0, 'y2' is no number of pixels: expected a number, found '99999999'"),
        (record(cell(x2="9" * 8)), "f.json, Cell_0, 'x2' is no number of pixels: expected a number, found '99999999'"),
        (record(cell(Cell_ID=7)), "f.json, Cell_0: 'Cell_ID' is no text: expected text or null, found a number"),
        (
            json.dumps(record(cell(Cell_ID=7))).replace('"Cell_0"', '"Cell_0": 1, "Cell_0"'),
            "f.json holds the key 'Cell_0' twice in one object",
        ),
        (record(cell(Label1=7)), "f.json, Cell_0: 'Label1' is no text: expected text or null, found a number"),
        (record(cell(Label2=["Band"])), "f.json, Cell_0: 'Label2' is no text: expected text or null, found a list"),
        (record(cell(Label1=float("nan"))), "f.json, Cell_0: 'Label1' is no text: expected text or null, found nan"),
        (record(cell(Label1="\ud800")), "f.json, Cell_0: 'Label1' holds half a character"),
        (record(cell(), cell(Label1="Meta")), "f.json, Cell_1: the cell of Cell_0 is there again: expected every cell"),
        (
            json.dumps(record(cell())).replace('"Zoom"', f'"Cell_0": {json.dumps(cell(x1="1"))}, "Zoom"'),
            "f.json holds the key 'Cell_0' twice in one object: expected every key once",
        ),
        (
            json.dumps(record(cell())).replace('"Cell_ID"', '"Label1": "Meta", "Cell_ID"'),
            "f.json holds the key 'Label1' twice in one object",
        ),
        (
            json.dumps(record(cell(x1=10))).replace('"Zoom"', '"Cell_0": 1, "Zoom"'),
            "f.json holds the key 'Cell_0' twice in one object",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_file_and_key(read, content, message):
    found = read(content)
    assert isinstance(found, Refused)
    assert (found.name, found.code) == ("f.json", "unreadable-format")
    assert found.message.startswith(message)


def test_quick_and_careful_reading_say_the_same(source_of):
    """A note-free change of spelling sends a file down the careful path; the answer must not differ."""
    plain = record(*(cell(x1=str(n), Cell_ID=f"7_{n}.bmp", Label2=None if n % 3 else "null") for n in range(12)))
    careful = json.dumps(plain).replace('"Giemsa"', '"\\u0047iemsa"').replace('"x1": "3"', '"x1": "3.2"')
    files = {"a.json": json.dumps(plain), "b.json": json.dumps(plain), "c.json": careful, "d.json": "\ufeff" + careful}
    first, *others = read_raabin(source_of(files))
    assert len(first.cells) == 12
    assert [(found.cells, found.smear, found.stain, found.notes) for found in others] == [
        (first.cells, first.smear, first.stain, ())
    ] * 3


@pytest.mark.parametrize("index", range(len(FACTS)))
def test_a_surprise_in_a_later_file_is_not_read_like_an_earlier_one(source_of, index):
    """Files of one film share what was checked for the first of them."""
    key = list(FACTS)[index]
    good, other = record(cell()), record(cell(), **{key: None})
    files = {"a.json": good, "b.json": good, "c.json": other, "d.json": record(cell(), **{key: []})}
    found = list(read_raabin(source_of({name: json.dumps(content) for name, content in files.items()})))
    assert [isinstance(item, Refused) for item in found] == [False, False, False, True]
    told = [
        [item.objective, item.stain, item.diagnosis, item.camera, item.microscope, item.smear] for item in found[:3]
    ]
    assert told[0] == told[1] == list(FACTS.values())
    assert told[2] == [None if place == index else word for place, word in enumerate(FACTS.values())]


def test_good_files_of_a_folder_are_read_beside_broken_ones(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps(record(cell())))
    (tmp_path / "b.json").write_bytes(b"\xff\xfe")
    (tmp_path / "c.json").symlink_to(tmp_path / "nowhere.json")
    (tmp_path / "d.json").write_text(json.dumps(record(cell())))
    with (tmp_path / "huge.json").open("wb") as file:
        os.truncate(file.fileno(), 2 * 2**30)
    with open_source(tmp_path) as source:
        found = {item.name: item for item in read_raabin(source)}
    assert [name for name, item in found.items() if isinstance(item, AnnotatedField)] == ["a", "d"]
    assert found["c.json"].code == "unreadable-file"
    assert found["huge.json"].message == (
        f"huge.json is too large for its format: expected at most {MAX_RAABIN_BYTES:,} bytes, found 2,147,483,648 bytes"
    )


def test_a_file_that_is_too_large_is_not_read_at_all(source_of):
    source = source_of({"a.json": b""})

    class Huge:
        name, size = "a.json", MAX_RAABIN_BYTES + 1

        def read(self, _most):
            pytest.fail("a byte was read")

    source.files["a.json"] = Huge()
    (found,) = read_raabin(source)
    assert found.code == "unreadable-format"


WORDS = st.none() | st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda word: word != "null")
SIDES = st.integers(-MOST_PIXELS, MOST_PIXELS)


@st.composite
def boxes(draw):
    left, right = sorted(draw(st.lists(SIDES, min_size=2, max_size=2, unique=True)))
    top, bottom = sorted(draw(st.lists(SIDES, min_size=2, max_size=2, unique=True)))
    return Box(left=left, top=top, right=right, bottom=bottom)


FACT = st.none() | st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
CELLS = st.lists(
    st.builds(AnnotatedCell, box=boxes(), words=st.tuples(WORDS, WORDS), origin=FACT),
    max_size=6,
    unique_by=lambda made: made.origin or object(),
)
FIELDS = st.builds(
    AnnotatedField,
    name=st.just("f"),
    cells=CELLS.map(tuple),
    experts=st.just(("1", "2")),
    smear=FACT,
    stain=FACT,
    diagnosis=FACT,
    microscope=FACT,
    camera=FACT,
    objective=FACT,
)


@given(field=FIELDS)
def test_what_is_written_is_read_again_and_obeys_the_schema(read, field):
    written = write_raabin(field)
    found = read(written)
    assert all("leaves the frame" in note for note in found.notes)
    assert found == AnnotatedField(**{name: getattr(field, name) for name in field.__slots__} | {"notes": found.notes})
    Draft202012Validator(raabin_schema()).validate(json.loads(written))


@pytest.mark.parametrize(
    ("field", "message"),
    [
        (AnnotatedField(name="f", cells=(), experts=("1", "2", "3")), "expected two experts, found 3"),
        (AnnotatedField(name="f", cells=(AnnotatedCell(box=BOX, filed="Band"),)), "the class 'Band'"),
        (
            AnnotatedField(name="f", cells=(AnnotatedCell(box=BOX, words=("null", "Band")),), experts=("1", "2")),
            "expected words",
        ),
    ],
)
def test_what_the_layout_cannot_hold_is_not_written(field, message):
    with pytest.raises(InputError, match=r"f.* cannot be (in )?a Raabin file") as caught:
        write_raabin(field)
    assert message in str(caught.value)


def test_schema_is_sound_and_refuses_what_the_layout_forbids():
    Draft202012Validator.check_schema(raabin_schema())
    validator = Draft202012Validator(raabin_schema())
    assert validator.is_valid(record(cell()))
    bad = (record(cell(x1=10)), record(cell(Label1=7)), record(cell(), Microscope="x"), record(cell(), Zoom=...))
    assert [validator.is_valid(content) for content in bad] == [False] * 4


def test_a_damaged_archive_is_refused_file_by_file(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.json", json.dumps(record(cell())))
        archive.writestr("b.json", json.dumps(record(cell())))
    content = path.read_bytes()
    path.write_bytes(content.replace(b'"Zoom"', b'"ZOOM"', 1))
    with open_source(path) as source:
        found = list(read_raabin(source))
    assert [(item.name, isinstance(item, Refused)) for item in found] == [("a.json", True), ("b", False)]
    assert found[0].code == "unreadable-file"


def test_a_file_of_many_repeats_is_read_in_time_that_grows_with_its_size(read):
    """Looking for each repeat among all cells so far would take minutes here."""
    found = read(record(*(cell(x1=str(n), x2="99999", Cell_ID="a") for n in range(20_000))))
    assert len(found.cells) == 20_000
    assert len(found.notes) == 19_999
    repeated = "{" + ", ".join(f'"{n % 50_000}": 0' for n in range(50_001)) + "}"
    assert read(repeated).message == "f.json holds the key '0' twice in one object: expected every key once"


def test_what_the_quick_reader_lets_pass_the_careful_one_reads_the_same():
    """Files with words swapped, doubled, lost and put elsewhere: the quick reader may give up, but never differ."""
    rng = random.Random(3)
    plain = json.dumps(record(cell(Label1="Meta"), cell(Label2=None, Cell_ID="7_2.bmp")))
    words = re.findall(r'"[^"]*"|[{}:,]|[0-9]+|null', plain)
    told, passed = Told(), 0
    read_checked(plain.encode(), "f", told, stem="f", picture=None, notes=())
    for _ in range(8000):
        made = list(words)
        for _ in range(rng.randint(1, 2)):
            here, there = rng.randrange(len(made)), rng.randrange(len(made))
            made[here : here + rng.randint(0, 2)] = made[there : there + rng.randint(0, 3)]
        content = " ".join(made).encode()
        quick = _read_plain(content, "f", None, (), told)
        if quick is not None:
            passed += 1
            assert quick == read_checked(content, "f", Told(), stem="f", picture=None, notes=())
    assert passed > 100
