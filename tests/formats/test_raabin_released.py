"""The released label files of Raabin's first microscope: known counts, written again byte for byte, under the schema."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from jsonschema import Draft202012Validator

from buffycoat.domain.geometry import Box
from buffycoat.formats.annotated import AnnotatedField, Refused
from buffycoat.formats.raabin import raabin_schema, read_raabin, write_raabin
from buffycoat.formats.source import open_source


@pytest.fixture(scope="module")
def released(data):
    """Every field of the 17,769 released files, and the bytes of each."""
    with open_source(data / "raabin_json" / "first_microscope_jsons.zip") as source:
        fields = list(read_raabin(source))
        return fields, {field.name: source.read(f"{field.name}.json") for field in fields}


def test_released_files_give_the_known_counts(released, data):
    fields, _ = released
    expected = json.loads((data / "raabin_json" / "stats.json").read_text())
    assert all(isinstance(field, AnnotatedField) and field.notes == () for field in fields)
    cells = [made for field in fields for made in field.cells]
    assert (len(fields), len(cells), len({field.smear for field in fields})) == (17_769, 36_624, 66)
    assert (expected["files"], expected["cells"], expected["films"]) == (17_769, 36_624, 66)
    words = Counter(made.words for made in cells)
    rows = [[words[first, second] for second in expected["labels"]] for first in expected["labels"]]
    assert rows == expected["agreement_rows_label1_cols_label2"]
    assert words[None, None] == 9_000
    assert sum(count for pair, count in words.items() if pair.count(None) == 1) == 3_392
    assert sum(count for pair, count in words.items() if None not in pair) == 24_232
    assert {(made.box.width, made.box.height) for made in cells} == {(575, 575)}
    films = Counter({field.smear: field.diagnosis for field in fields}.values())
    assert films == expected["film_labels"]


def test_released_files_are_written_again_byte_for_byte(released):
    fields, contents = released
    assert [field.name for field in fields if write_raabin(field) != contents[field.name]] == []


def test_released_files_obey_the_schema(released, data):
    _, contents = released
    validator = Draft202012Validator(raabin_schema())
    examples = sorted((data / "raabin_json" / "examples").glob("*.json"))
    sample = [*list(contents.values())[::59], *(path.read_bytes() for path in examples)]
    assert len(sample) >= 320
    assert len(examples) == 20
    assert [found for found in sample if not validator.is_valid(json.loads(found))] == []


def test_a_folder_reads_like_its_archive(released, data, tmp_path):
    fields, contents = released
    for name in list(contents)[:40]:
        path = tmp_path / f"{name}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(contents[name])
    with open_source(tmp_path) as source:
        assert list(read_raabin(source)) == fields[:40]


def test_label_file_of_the_photograph_finds_it(data):
    with open_source(data / "raabin_samples") as source:
        (field,) = read_raabin(source)
    assert field.picture == "full_field/images/20160720_232423.jpg"
    assert field.cells[0].box == Box(left=2567, top=1171, right=3142, bottom=1746)


def test_other_json_files_of_the_folder_are_refused_by_name(data):
    with open_source(data / "raabin_json") as source:
        found = list(read_raabin(source))
    assert [item.name for item in found if isinstance(item, Refused)] == [
        "second_microscope_album4_coco.json",
        "stats.json",
    ]
    assert len(found) == 22
